"""Zones: tints, names and areas, placed where they cover no furniture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.model.catalogue import zone_types
from hallplan.model.layout import PlacedZone
from hallplan.model.programme import Programme
from hallplan.scene.labels import Canvas
from hallplan.scene.measure import text_width
from hallplan.scene.primitives import XY, Disc, Fill, Shape, Stroke, Words
from hallplan.scene.style import drawing_data, text_mm
from hallplan.terms import text

_LINE_GAP = 1.3
_LONG_NAME = 14
_OPENS, _CLOSES = "（(“", "、/，·” -"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a label with its height in metres."""

    words: str
    height: float
    style: str


def zone_family(zone: PlacedZone) -> str:
    """Returns the legend group of a zone."""
    kind = zone_types().get(zone.type)
    return kind.family if kind else "public"


def zone_fills(zones: tuple[PlacedZone, ...], mode: str) -> Iterator[Shape]:
    """Yields the zones as tints, or as outlines when `mode` is "line"."""
    for zone in zones:
        if mode == "line":
            for ring in (zone.area.exterior, *zone.area.interiors):
                yield Stroke("aisle_edge", tuple((float(x), float(y)) for x, y, *_ in ring.coords))
        else:
            yield Fill(f"zone_{zone_family(zone)}", zone.area)


def zone_name(zone: PlacedZone, programme: Programme) -> str:
    """Returns what a zone is called: its programme name, else its type's."""
    named = next((entry.name for entry in programme.zones if entry.id == zone.zone), "")
    kind = zone_types().get(zone.type)
    return named or (kind.name if kind else zone.zone)


def area_text(area_m2: float) -> str:
    """Returns an area as a label shows it."""
    return text("scene.area", area=f"{area_m2:,.1f}" if area_m2 < 10 else f"{area_m2:,.0f}")


def zone_labels(
    zones: tuple[PlacedZone, ...], programme: Programme, canvas: Canvas, outside: BaseGeometry, mm: float
) -> list[Shape]:
    """Returns the labels of all zones, large zones last so that tight ones choose first.

    canvas: what is taken; labels are added to it.  outside: where a label with a leader may stand.  mm: metres per mm.
    """
    ranked = sorted(zones, key=lambda z: (round(z.area_m2, 3), z.zone))
    named = [(zone.zone, zone.area, zone_name(zone, programme), area_text(zone.area_m2)) for zone in ranked]
    return area_labels(named, canvas, outside, mm)


def area_labels(
    named: Iterable[tuple[str, Polygon, str, str]], canvas: Canvas, outside: BaseGeometry, mm: float
) -> list[Shape]:
    """Returns the labels of areas given as (owner, area, name, size), those first that come first; the rest as for zones."""
    return [
        shape for owner, area, name, size in named for shape in _label(owner, area, name, size, canvas, outside, mm)
    ]


def room_label(area: Polygon, name: str, canvas: Canvas, mm: float) -> list[Shape]:
    """Returns the label of a fixed room, which may cover what it must; none when the room is too small to name."""
    if area.area < 2.0:
        return []
    return _label("", area, name, area_text(area.area), canvas, Polygon(), mm)


def _label(
    owner: str, area: Polygon, name: str, size: str, canvas: Canvas, outside: BaseGeometry, mm: float
) -> list[Shape]:
    centre = area.centroid if area.contains(area.centroid) else area.representative_point()
    near = (centre.x, centre.y)
    shrink, cost = drawing_data()["label"]["shrink"], drawing_data()["label"]["route_cost"]
    pad = drawing_data()["label"]["pad_mm"] * mm
    inner = area.buffer(-pad)
    for factor in shrink:
        for lines in _variants(name, size, mm * factor):
            spot = canvas.best_spot(inner, _box(lines, pad), near, soft_cost=cost)
            if spot:
                return _set(owner, lines, spot.at, 0.0, canvas, pad)
    for factor in shrink:
        over, lines, *_ = _variants(_brief(name), size, mm * factor)
        spot = canvas.best_spot(inner, _box(over, pad), near, soft_cost=cost)
        if spot:
            return _set(owner, over, spot.at, 0.0, canvas, pad)
        width, height = _box(lines, pad)
        spot = canvas.best_spot(inner, (height, width), near, soft_cost=cost)
        if spot:
            return _set(owner, lines, spot.at, 90.0, canvas, pad)
    return _with_leader(owner, area, near, _variants(name, size, mm * shrink[-1]), canvas, outside, mm)


def _with_leader(
    owner: str,
    area: Polygon,
    near: XY,
    variants: list[tuple[Line, ...]],
    canvas: Canvas,
    outside: BaseGeometry,
    mm: float,
) -> list[Shape]:
    pad = drawing_data()["label"]["pad_mm"] * mm
    reach = area.buffer(drawing_data()["label"]["leader_m"]).intersection(outside)
    for lines in variants[:2]:
        spot = canvas.best_spot(reach, _box(lines, pad), near, soft_cost=0.0)
        if spot:
            foot = (
                area.buffer(-0.3).exterior
                if area.buffer(-0.3).area > 0 and area.buffer(-0.3).geom_type == "Polygon"
                else area.exterior
            )
            to = foot.interpolate(foot.project(Point(spot.at)))
            width, height = _box(lines, 0.0)
            start = (
                min(max(to.x, spot.at[0] - width / 2), spot.at[0] + width / 2),
                min(max(to.y, spot.at[1] - height / 2), spot.at[1] + height / 2),
            )
            line = (Stroke("leader", (start, (to.x, to.y))), Disc("leader_dot", (to.x, to.y), 0.35 * mm))
            return [*line, *_set(owner, lines, spot.at, 0.0, canvas, pad)]
    best = canvas.best_spot(area, _box(variants[-1], 0.0), near, soft_cost=0.0, may_cover=True)
    return _set(owner, variants[-1], best.at if best else near, 0.0, canvas, 0.0)


def _variants(name: str, size: str, mm: float) -> list[tuple[Line, ...]]:
    """Ways to write a label: name over area, both in one line, name in two lines over area; the area alone without a name."""
    big, small = text_mm("zone") * mm, text_mm("area") * mm
    if not name:
        return [(Line(size, small, "text_halo"),)] * 2
    over = (Line(name, big, "text_halo"), Line(size, small, "text_halo"))
    variants = [over, (Line(f"{name}  {size}", big, "text_halo"),)]
    first, second = _broken(name)
    if second:
        variants.append((Line(first, big, "text_halo"), Line(second, big, "text_halo"), Line(size, small, "text_halo")))
    return variants


def _brief(name: str) -> str:
    """The name without what its brackets list, where that would make a long upright line; counters tell their numbers."""
    head = name.partition("（")[0].strip()
    return head if head and len(name) > _LONG_NAME else name


def _broken(name: str) -> tuple[str, str]:
    """Splits a long name near its middle, after a mark if there is one, and never within a word of Latin letters or a number."""
    if len(name) < 5:
        return name, ""
    middle = len(name) / 2
    places = [n for n in range(2, len(name) - 1) if not _is_within_word(name, n)]
    marked = [n for n in places if name[n] in _OPENS or (name[n - 1] in _CLOSES and n > 2)]
    cut = min(marked or places, key=lambda n: abs(n - middle), default=len(name))
    return name[:cut].strip(), name[cut:].strip()


def _is_within_word(name: str, n: int) -> bool:
    return all(character.isascii() and character.isalnum() for character in name[n - 1 : n + 1])


def _box(lines: tuple[Line, ...], pad: float) -> XY:
    width = max(text_width(line.words, line.height) for line in lines)
    return width + 2 * pad, sum(line.height for line in lines) * _LINE_GAP + pad


def _set(owner: str, lines: tuple[Line, ...], at: XY, angle: float, canvas: Canvas, pad: float) -> list[Shape]:
    """Writes the lines around `at` and takes the place on the canvas."""
    width, height = _box(lines, pad)
    half = (height / 2, width / 2) if angle else (width / 2, height / 2)
    canvas.block(Polygon.from_bounds(at[0] - half[0], at[1] - half[1], at[0] + half[0], at[1] + half[1]))
    total = sum(line.height for line in lines) * _LINE_GAP
    shapes: list[Shape] = []
    down = 0.0
    for line in lines:
        offset = total / 2 - down - line.height * _LINE_GAP / 2
        place = (at[0] - offset, at[1]) if angle else (at[0], at[1] + offset)
        shapes.append(Words(line.style, place, line.words, line.height, angle_deg=angle, owner=owner))
        down += line.height * _LINE_GAP
    return shapes
