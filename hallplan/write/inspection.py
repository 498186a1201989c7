"""A picture of what was recognised in a drawing: SVG text, and the same as PNG."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

import shapely
from shapely.geometry import MultiLineString, Point
from shapely.geometry.base import BaseGeometry

from hallplan.model.site import Backdrop, Floor, Gap, Obstacle, ObstacleKind, Opening, OpeningRole, Room, Site
from hallplan.scene.labels import Canvas
from hallplan.scene.style import drawing_data
from hallplan.scene.zones import area_labels, area_text
from hallplan.terms import text, word
from hallplan.units import METRES_PER
from hallplan.write.fonts import FAMILY
from hallplan.write.png import png_bytes
from hallplan.write.svg import loose_svg

WIDTH_PX = 1800.0
_MARGIN_M = 3.0
_ROLE_COLOURS = {
    OpeningRole.MAIN: "#c8102e", OpeningRole.SECOND: "#e8590c", OpeningRole.STAFF: "#1864ab", OpeningRole.H24: "#862e9c",
    OpeningRole.FIRE: "#2b8a3e", OpeningRole.GOODS: "#5f3dc4", OpeningRole.ROOM: "#868e96",
}  # fmt: skip
_FILLS = {
    ObstacleKind.COLUMN: "#343a40", ObstacleKind.SHAFT: "#adb5bd", ObstacleKind.STAIR: "#ffe066", ObstacleKind.LIFT: "#ffc078",
    ObstacleKind.TOILET: "#99e9f2", ObstacleKind.VOID: "#ffffff", ObstacleKind.PLANT: "#d0bfff",
    ObstacleKind.ESCALATOR: "#ffe066",
}  # fmt: skip
_UNTOLD = (ObstacleKind.VOID, ObstacleKind.ESCALATOR)
"""Kinds that the legend leaves out: what is white, and what is coloured as stairs are."""
_WALLS = {True: "#495057", False: "#f08c00"}
_READ, _LEFT_OUT = "#212529", "#e8a5c8"
_LOCKED = 'fill="#a5d8ff" fill-opacity="0.6" stroke="#1864ab" stroke-width="1.2"'
_BIG_ROOM_M2 = 9.0
_ROW_PX = 24.0
_MM_PX = 4.0
"""Pixels that stand for a millimetre of paper where words are set as in drawings of plans."""
_DOOR_LABEL_M, _OUTLINE_M = 0.6, 0.1


def inspection_svg(site: Site, backdrops: Sequence[Backdrop] = ()) -> str:
    """Returns the picture of a site as SVG: its floors below one another, a legend and the gaps that were closed.

    backdrops: the lines of the drawing, to be drawn under it; those left out in a colour of their own.
    """
    under = {backdrop.floor_id: backdrop for backdrop in backdrops}
    blocks = [_floor_block(floor, site.gaps_closed, under.get(floor.id)) for floor in site.floors]
    height = sum(tall for _, tall in blocks) + 60.0 + _ROW_PX
    body, y = [], 0.0
    for block, tall in blocks:
        body.append(f'<g transform="translate(0 {y:.1f})">{block}</g>')
        y += tall
    body.append(_legend(y + 34.0))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH_PX:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {WIDTH_PX:.0f} {height:.0f}" font-family="{FAMILY}, sans-serif">'
        '<defs><pattern id="void" width="8" height="8" patternUnits="userSpaceOnUse">'
        '<path d="M0 8L8 0" stroke="#868e96" stroke-width="1"/></pattern></defs>'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{"".join(body)}</svg>'
    )


def inspection_png(site: Site, backdrops: Sequence[Backdrop] = ()) -> bytes:
    """Returns the same picture as PNG, with the font that the package brings."""
    return png_bytes(inspection_svg(site, backdrops), width=round(WIDTH_PX))


def open_outline_svg(lines: MultiLineString, gaps: Sequence[Gap]) -> str:
    """Returns the picture of an outer wall that does not close as SVG: its lines, and the gaps ringed and numbered.

    lines, gaps: in metres in the drawing's axes; the gaps numbered in their order.
    """
    places = [Point(gap.at).buffer(gap.width_m / 2 + 1.0) for gap in gaps]
    sheet = _Sheet(shapely.union_all([shapely.box(*shape.bounds) for shape in (lines, *places) if not shape.is_empty]))
    head = 60.0 + 22.0 * len(gaps)
    title = text("read_drawing.picture_open", count=len(gaps))
    listed = [
        text("read_drawing.picture_gap", n=n, x=f"{gap.at[0]:.2f}", y=f"{gap.at[1]:.2f}", width=f"{gap.width_m:.2f}")
        for n, gap in enumerate(gaps, 1)
    ]
    rows = [
        f'<text x="24" y="{62 + 22 * n}" font-size="15" fill="#c92a2a">{escape(row)}</text>'
        for n, row in enumerate(listed)
    ]
    drawn = "".join(sheet.ring(line.coords, close=False) for line in lines.geoms)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH_PX:.0f}" height="{head + sheet.height:.0f}" '
        f'viewBox="0 0 {WIDTH_PX:.0f} {head + sheet.height:.0f}" font-family="{FAMILY}, sans-serif">'
        f'<rect width="100%" height="100%" fill="#ffffff"/>'
        f'<text x="24" y="34" font-size="22" font-weight="bold" fill="#212529">{escape(title)}</text>{"".join(rows)}'
        f'<g transform="translate(0 {head:.0f})"><path d="{drawn}" fill="none" stroke="#495057" stroke-width="1.2"/>'
        f"{''.join(_numbered(sheet, n, gap) for n, gap in enumerate(gaps, 1))}</g></svg>"
    )


def open_outline_png(lines: MultiLineString, gaps: Sequence[Gap]) -> bytes:
    """Returns the same picture as PNG."""
    return png_bytes(open_outline_svg(lines, gaps), width=round(WIDTH_PX))


def _numbered(sheet: _Sheet, n: int, gap: Gap) -> str:
    x, y = sheet.at(*gap.at)
    radius = max(14.0, gap.width_m / 2 * sheet.scale + 6.0)
    side = min(x + radius + 16.0, WIDTH_PX - 16.0)
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#ff8787" fill-opacity="0.15" stroke="#e03131" stroke-width="3"/>'
        f'<circle cx="{side:.1f}" cy="{y - radius:.1f}" r="13" fill="#e03131"/>'
        f'<text x="{side:.1f}" y="{y - radius + 5.5:.1f}" font-size="16" font-weight="bold" text-anchor="middle" fill="#ffffff">{n}</text>'
    )


class _Sheet:
    """Metres to pixels, y downwards: a shape with a margin around it."""

    def __init__(self, shape: BaseGeometry) -> None:
        x0, y0, x1, y1 = shape.bounds
        self.x0, self.y1 = x0 - _MARGIN_M, y1 + _MARGIN_M
        self.scale = min(WIDTH_PX / (x1 - x0 + 2 * _MARGIN_M), 1400.0 / (y1 - y0 + 2 * _MARGIN_M))
        self.height = (y1 - y0 + 2 * _MARGIN_M) * self.scale
        self.bounds = self.x0, y0 - _MARGIN_M, x1 + _MARGIN_M, self.y1

    def at(self, x: float, y: float) -> tuple[float, float]:
        return (x - self.x0) * self.scale, (self.y1 - y) * self.scale

    def ring(self, coordinates: Iterable[Sequence[float]], close: bool = True) -> str:
        points = " ".join("{:.1f},{:.1f}".format(*self.at(p[0], p[1])) for p in coordinates)
        return f"M{points}{'Z' if close else ''}"

    def path(self, shape: BaseGeometry, style: str) -> str:
        parts = getattr(shape, "geoms", [shape])
        rings = [ring for part in parts if not part.is_empty for ring in (part.exterior, *part.interiors)]
        return f'<path d="{"".join(self.ring(r.coords) for r in rings)}" fill-rule="evenodd" {style}/>' if rings else ""


def _lines(view: _Sheet, lines: MultiLineString, style: str) -> str:
    drawn = "".join(view.ring(line.coords, close=False) for line in lines.geoms)
    return f'<path d="{drawn}" fill="none" {style}/>' if drawn else ""


def _floor_block(floor: Floor, gaps: Sequence[Gap], backdrop: Backdrop | None) -> tuple[str, float]:
    view = _Sheet(floor.outline)
    head = 54.0
    title = text(
        "read_drawing.picture_title",
        id=floor.id, name=floor.name, outline=f"{floor.outline.area:.1f}", free=f"{floor.free_area_m2:.1f}",
        columns=len(floor.of_kind(ObstacleKind.COLUMN)), doors=len(floor.openings),
    )  # fmt: skip
    parts = [
        view.path(floor.outline, 'fill="#dee2e6" stroke="none"'),
        view.path(floor.usable, 'fill="#e6fcf5" stroke="#20c997" stroke-width="0.8"'),
        *([_lines(view, backdrop.left_out, f'stroke="{_LEFT_OUT}" stroke-width="0.7"')] if backdrop else []),
        *(_obstacle(view, obstacle) for obstacle in floor.obstacles),
        *([_lines(view, backdrop.read, f'stroke="{_READ}" stroke-width="0.4"')] if backdrop else []),
        *(view.path(area, 'fill="#ff8787" fill-opacity="0.35" stroke="#c92a2a"') for area in floor.keep_clear),
        *(view.path(room.area, 'fill="#4dabf7" fill-opacity="0.3" stroke="#1864ab"') for room in floor.locked),
        *(
            f'<path d="{view.ring(line.coords, close=False)}" fill="none" stroke="#22b8cf" stroke-width="4"/>'
            for line in floor.glazing
        ),
        view.path(floor.outline, 'fill="none" stroke="#212529" stroke-width="1.6"'),
        *(_opening(view, opening) for opening in floor.openings),
        *(_gap(view, floor, gap) for gap in gaps),
        *(view.path(room.area, _LOCKED) for room in floor.locked),
        _room_labels(view, floor),
        *_role_labels(view, floor.openings),
    ]
    header = f'<text x="24" y="34" font-size="22" font-weight="bold" fill="#212529">{escape(title)}</text>'
    return f'{header}<g transform="translate(0 {head:.0f})">{"".join(parts)}</g>', view.height + head


def _plain_rooms(floor: Floor) -> list[Room]:
    """Returns the rooms worth a label: large enough, and not labelled as what stands in the way."""
    taken = [o.area for o in floor.obstacles if o.kind not in (ObstacleKind.WALL, ObstacleKind.COLUMN)]
    rooms = [room for room in floor.rooms if room.area.area > _BIG_ROOM_M2]
    free = [r for r in rooms if all(r.area.intersection(area).area < 0.5 * r.area.area for area in taken)]
    return [*free, *floor.locked]


def _obstacle(view: _Sheet, obstacle: Obstacle) -> str:
    if obstacle.kind == ObstacleKind.WALL:
        return view.path(obstacle.area, f'fill="{_WALLS[obstacle.is_fixed]}"')
    shape = view.path(obstacle.area, f'fill="{_FILLS[obstacle.kind]}" stroke="#495057" stroke-width="0.7"')
    if obstacle.kind == ObstacleKind.VOID:
        shape += view.path(obstacle.area, 'fill="url(#void)"')
    if obstacle.kind == ObstacleKind.COLUMN:
        return shape
    x, y = view.at(obstacle.area.representative_point().x, obstacle.area.representative_point().y)
    label = word("obstacle", obstacle.kind)
    return (
        shape
        + f'<text x="{x:.1f}" y="{y:.1f}" font-size="11" text-anchor="middle" fill="#495057">{escape(label)}</text>'
    )


def _opening(view: _Sheet, opening: Opening) -> str:
    colour = _ROLE_COLOURS[opening.role]
    width = 6 if opening.is_exterior else 3
    return f'<path d="{view.ring(opening.line.coords, close=False)}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


def _side_by_side(openings: Sequence[Opening]) -> list[list[Opening]]:
    """Returns doors with a role, those of one role side by side together, so that one label stands for them."""
    groups: list[list[Opening]] = []
    for opening in sorted((o for o in openings if o.role != OpeningRole.ROOM), key=lambda o: (o.role, o.at)):
        if groups and groups[-1][0].role == opening.role and groups[-1][-1].line.distance(opening.line) < 2.0:
            groups[-1].append(opening)
        else:
            groups.append([opening])
    return groups


def _role_labels(view: _Sheet, openings: Sequence[Opening]) -> list[str]:
    """Returns the labels of doors, each moved away from the wall until it lies on no other."""
    taken: list[tuple[float, float, float]] = []
    out = []
    for group in _side_by_side(openings):
        first = group[0]
        label = f"{word('role', first.role)} {sum(o.width_m for o in group):.1f} m"
        x, y = view.at(*(sum(o.at[axis] for o in group) / len(group) for axis in (0, 1)))
        half = 7.0 * sum(1.0 if ord(char) > 255 else 0.55 for char in label)
        step = 16.0 if first.inward_deg < 180.0 else -16.0
        x, y = min(max(x, half + 4.0), WIDTH_PX - half - 4.0), y + (20.0 if step > 0 else -10.0)
        while any(abs(x - other) < half + wide and abs(y - row) < 15.0 for other, row, wide in taken):
            y += step
        taken.append((x, y, half))
        out.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="13" font-weight="bold" text-anchor="middle" paint-order="stroke" '
            f'stroke="#ffffff" stroke-width="3" fill="{_ROLE_COLOURS[first.role]}">{escape(label)}</text>'
        )
    return out


def _gap(view: _Sheet, floor: Floor, gap: Gap) -> str:
    k = METRES_PER[floor.frame.unit]
    at = floor.frame.to_plan(Point(gap.at[0] / k, gap.at[1] / k))
    if floor.outline.distance(at) > 1.0:
        return ""
    x, y = view.at(at.x, at.y)
    radius = max(8.0, gap.width_m / 2 * view.scale)
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="none" stroke="#e03131" stroke-width="2" stroke-dasharray="5 3"/>'
        f'<text x="{x:.1f}" y="{y - radius - 4:.1f}" font-size="12" text-anchor="middle" fill="#e03131">{gap.width_m:.2f} m</text>'
    )


def _room_labels(view: _Sheet, floor: Floor) -> str:
    """The names and areas of rooms where they cover nothing, as in drawings of plans: in lines, smaller, upright, or led outside."""
    rooms = sorted(_plain_rooms(floor), key=lambda room: (round(room.area.area, 3), room.id))
    mm = _MM_PX / view.scale
    canvas = Canvas(view.bounds, drawing_data()["label"]["cell_m"])
    for shape in _not_to_cover(floor):
        canvas.block(shape)
    outside = shapely.box(*view.bounds).difference(shapely.union_all([room.area for room in rooms]))
    named = [(room.id, room.area, room.name, area_text(room.area.area)) for room in rooms]
    drawn = loose_svg(area_labels(named, canvas, outside, mm), (view.x0, view.y1), mm)
    return f'<g transform="scale({_MM_PX:g})">{drawn}</g>'


def _not_to_cover(floor: Floor) -> Iterator[BaseGeometry]:
    """What labels of rooms keep off: what is built, what has a label of its own, and the doors with theirs."""
    yield from (obstacle.area for obstacle in floor.obstacles)
    yield from (opening.line.buffer(_DOOR_LABEL_M) for opening in floor.openings if opening.role != OpeningRole.ROOM)
    yield floor.outline.exterior.buffer(_OUTLINE_M)


def _legend(y: float) -> str:
    entries = [(_ROLE_COLOURS[role], word("role", role)) for role in OpeningRole]
    entries += [(colour, word("obstacle", kind)) for kind, colour in _FILLS.items() if kind not in _UNTOLD]
    entries += [
        (_WALLS[True], text("read_drawing.legend_fixed")), (_WALLS[False], text("read_drawing.legend_light")),
        ("#e6fcf5", text("read_drawing.legend_usable")), ("#22b8cf", text("read_drawing.legend_glazing")),
        (_LEFT_OUT, text("read_drawing.legend_left_out")),
    ]  # fmt: skip
    out, x = [], 24.0
    for colour, label in entries:
        wide = 34.0 + 13.5 * sum(1.0 if ord(char) > 255 else 0.55 for char in label)
        if x + wide > WIDTH_PX:
            x, y = 24.0, y + _ROW_PX
        out.append(
            f'<rect x="{x:.0f}" y="{y - 11:.0f}" width="14" height="14" fill="{colour}" stroke="#495057" stroke-width="0.5"/>'
        )
        out.append(f'<text x="{x + 19:.0f}" y="{y:.0f}" font-size="13" fill="#212529">{escape(label)}</text>')
        x += wide
    return "".join(out)
