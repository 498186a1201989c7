"""Plain pictures of layouts, and sheets of them: zones in the colours of our drawings, short names, fronts as thick lines."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from hallplan.model.catalogue import zone_types
from hallplan.model.layout import Layout, PlacedZone
from hallplan.model.site import Floor, ObstacleKind, OpeningRole
from hallplan.terms import text

FONT = Path(__file__).parents[1] / "hallplan/data/fonts/HallplanSansSC.ttf"
FILLS = {
    "guide": "#cfe8cf", "public": "#e6d9f2", "self": "#d3e5ef", "special": "#f6d5c4", "staff": "#e4ddcb", "wait": "#fbeeb8",
    "window": "#bcd3f0", "fixed": "#d9e0e0",
}  # fmt: skip
GROUND, SOLID, WAY, STAFF_WAY, EDGE = "#ffffff", "#8a8f94", "#f6f3ee", "#eef4ec", "#3a4650"
DOORS = {
    OpeningRole.MAIN: "#c8102e",
    OpeningRole.STAFF: "#1864ab",
    OpeningRole.H24: "#862e9c",
    OpeningRole.FIRE: "#2b8a3e",
}
SCALE, MARGIN, TITLE, LEAST_PT, MOST_PT, CORNER_M = 2, 10, 30, 9, 15, 1.2
"""Pictures are drawn twice as large and made smaller: edges are smooth. Pixels and points are of the picture as it is shown."""


@cache
def _font(size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), round(size * SCALE))


def picture(floor: Floor, layout: Layout, width: int, title: str = "") -> Image.Image:
    """Returns a picture of one floor of a layout, so many pixels wide."""
    drawn = _Drawn(floor, width, title)
    for part in _polygons(floor.usable):
        drawn.fill(part.exterior.coords, GROUND)
        for hole in part.interiors:
            drawn.fill(hole.coords, SOLID)
    for aisle in layout.aisles:
        for part in _polygons(aisle.area) if aisle.floor == floor.id else ():
            drawn.fill(part.exterior.coords, WAY if aisle.network == "public" else STAFF_WAY)
    here = [zone for zone in layout.zones if zone.floor == floor.id]
    for zone in here:
        drawn.zone(zone)
    for column in floor.of_kind(ObstacleKind.COLUMN):
        for part in _polygons(column.area):
            drawn.fill(part.exterior.coords, EDGE)
    for door in floor.openings:
        if door.is_exterior:
            drawn.door(door.at, DOORS.get(door.role, "#868e96"))
    for zone in here:
        drawn.name(zone)
    return drawn.image.resize((drawn.image.width // SCALE, drawn.image.height // SCALE), Image.Resampling.LANCZOS)


def sheet(pictures: Sequence[Image.Image], columns: int, path: Path) -> None:
    """Writes pictures of one width in columns, each below the shortest so far, with the key of colours at the foot."""
    width = pictures[0].width
    tops = [0] * columns
    places = []
    for one in pictures:
        column = tops.index(min(tops))
        places.append((column * width, tops[column]))
        tops[column] += one.height
    page = Image.new("RGB", (columns * width, max(tops) + 2 * TITLE), "white")
    for one, place in zip(pictures, places, strict=True):
        page.paste(one, place)
    _key(page, max(tops) + TITLE // 2)
    path.parent.mkdir(parents=True, exist_ok=True)
    page.save(path)


def _key(page: Image.Image, top: int) -> None:
    pen, x, font = ImageDraw.Draw(page), MARGIN, ImageFont.truetype(str(FONT), MOST_PT)
    for family, fill in FILLS.items():
        name = text(f"scene.family_{family}")
        pen.rectangle((x, top + 2, x + 22, top + 16), fill=fill, outline=EDGE)
        pen.text((x + 28, top + 9), name, fill="#222", font=font, anchor="lm")
        x += 28 + round(pen.textlength(name, font=font)) + 22


class _Drawn:
    """A picture that is being drawn, in the metres of a floor."""

    def __init__(self, floor: Floor, width: int, title: str) -> None:
        self.x0, y0, x1, self.y1 = floor.outline.bounds  # walls are drawn too
        self.unit = SCALE * (width - 2 * MARGIN) / (x1 - self.x0)
        self.top = (TITLE if title else MARGIN) * SCALE
        height = round((self.y1 - y0) * self.unit) + self.top + MARGIN * SCALE
        self.image = Image.new("RGB", (width * SCALE, height), "white")
        self.pen = ImageDraw.Draw(self.image)
        outline = floor.outline.intersection(floor.usable.envelope.buffer(0.3))
        for part in _polygons(outline):
            self.fill(part.exterior.coords, SOLID)
        self.pen.text((MARGIN * SCALE, self.top / 2), title, fill="#222", font=_font(MOST_PT), anchor="lm")

    def at(self, point: Sequence[float]) -> tuple[float, float]:
        return MARGIN * SCALE + (point[0] - self.x0) * self.unit, self.top + (self.y1 - point[1]) * self.unit

    def fill(self, points: Sequence[Sequence[float]], colour: str) -> None:
        self.pen.polygon([self.at(point) for point in points], fill=colour)

    def zone(self, placed: PlacedZone) -> None:
        kind = zone_types().get(placed.type)
        ring = [self.at(point) for point in placed.area.exterior.coords]
        self.pen.polygon(ring, fill=FILLS.get(kind.family if kind else "public", FILLS["public"]))
        self.pen.line(ring, fill=EDGE, width=SCALE)
        if placed.front_deg is not None and placed.form:
            self.pen.line([self.at(point) for point in _front(placed)], fill="#1c5bb0", width=4 * SCALE)

    def door(self, at: Sequence[float], colour: str) -> None:
        x, y = self.at(at)
        r = 5 * SCALE
        self.pen.ellipse((x - r, y - r, x + r, y + r), fill=colour, outline="white", width=SCALE)

    def name(self, placed: PlacedZone) -> None:
        """The zone's name as large as it fits, in two lines or upright where it must be; none where it does not fit."""
        kind = zone_types().get(placed.type)
        name = (kind.zh if kind else placed.type).split("（")[0].split("、")[0]
        name = name if name.endswith("专区") else name.removesuffix("区")
        core = _core(placed)
        x0, y0, x1, y1 = core.bounds
        wide, high = (x1 - x0) * self.unit - 6 * SCALE, (y1 - y0) * self.unit - 4 * SCALE
        middle = core.centroid if core.contains(core.centroid) else core.representative_point()
        for size in range(MOST_PT, LEAST_PT - 1, -1):
            for words in _broken(name):
                box = self.pen.multiline_textbbox((0, 0), words, font=_font(size), spacing=0, align="center")
                if box[2] - box[0] <= wide and box[3] - box[1] <= high:
                    x, y = self.at(_point(middle))
                    self.pen.multiline_text(
                        (x, y), words, fill="#111", font=_font(size), spacing=0, align="center", anchor="mm"
                    )
                    return


def _core(placed: PlacedZone) -> BaseGeometry:
    """A zone's area without the corners that were given to it."""
    opened = placed.area.buffer(-CORNER_M / 2, join_style="mitre").buffer(CORNER_M / 2, join_style="mitre")
    return max(_polygons(opened), key=lambda part: part.area, default=placed.area)


def _broken(name: str) -> Iterator[str]:
    """A name in one line, in two, and one sign a line."""
    half = math.ceil(len(name) / 2)
    yield name
    yield f"{name[:half]}\n{name[half:]}"
    yield "\n".join(name)


def _front(placed: PlacedZone) -> list[tuple[float, float]]:
    x0, y0, x1, y1 = _core(placed).bounds
    sides = {0: ((x1, y0), (x1, y1)), 1: ((x0, y1), (x1, y1)), 2: ((x0, y0), (x0, y1)), 3: ((x0, y0), (x1, y0))}
    return list(sides[round((placed.front_deg or 0.0) / 90.0) % 4])


def _point(point: Point) -> tuple[float, float]:
    return point.x, point.y


def _polygons(shape: BaseGeometry) -> Iterator[BaseGeometry]:
    yield from (part for part in getattr(shape, "geoms", [shape]) if part.geom_type == "Polygon" and not part.is_empty)
