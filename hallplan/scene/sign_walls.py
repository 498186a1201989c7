"""Walls seen from the front with the signs that go on them: how high, how far from the corner."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import shapely
from shapely.geometry import LineString, Point, box
from shapely.geometry.base import BaseGeometry

from hallplan.geometry.polygons import polygons_of
from hallplan.model.layout import Layout, NewDoor
from hallplan.model.plan import Plan
from hallplan.model.signs import Sign, sign_numbers
from hallplan.model.site import Floor, ObstacleKind
from hallplan.model.space import standing_walls
from hallplan.scene.primitives import Fill, Shape, Stroke, Words
from hallplan.scene.sign_faces import MM, Cell, Panel, Paper, draw_panel, face_panels, flowed, moved_shape, size_line
from hallplan.scene.style import drawing_data
from hallplan.terms import text

MOUNTS = ("wall", "door")
OVER_M = 0.3
"""A sign this near to the middle of a door hangs over it."""
IN_WALL_M = 0.2


@dataclass(frozen=True, slots=True)
class Hung:
    """A sign on a wall: how far its middle is from the left end of the wall as one looks at it, m."""

    sign: Sign
    along_m: float


@dataclass(frozen=True, slots=True)
class WallView:
    """A straight piece of wall, and its signs from left to right."""

    floor: str
    start: tuple[float, float]
    end: tuple[float, float]
    signs: tuple[Hung, ...]
    openings: tuple[tuple[float, float], ...] = ()
    """Doors in it, from and to, m from its left end."""

    @property
    def length_m(self) -> float:
        """How long it is."""
        return math.dist(self.start, self.end)


def wall_views(plan: Plan, number: int) -> list[WallView]:
    """Returns the walls with new signs on them, in the order of their first sign."""
    found: dict[tuple[str, tuple[float, float], tuple[float, float]], list[Hung]] = {}
    chosen = plan.alternative(number)
    edges = {floor.id: _edges(floor, chosen.layout) for floor in plan.site.floors}
    for sign in chosen.signs.signs:
        if sign.mount in MOUNTS and not sign.is_existing and sign.kind not in ("plate", "access"):
            door = next(
                (d for d in chosen.layout.doors if d.floor == sign.floor and math.dist(d.at, sign.at) < OVER_M), None
            )
            line = _edge_of(sign, edges[sign.floor]) if door is None else _about(door, edges[sign.floor])
            start, end = _seen(line, sign)
            along = float(LineString([start, end]).project(Point(sign.at)))
            found.setdefault((sign.floor, start, end), []).append(Hung(sign, along))
    return [
        WallView(
            floor,
            start,
            end,
            tuple(sorted(hung, key=lambda h: (h.along_m, h.sign.id))),
            _openings(start, end, chosen.layout),
        )
        for (floor, start, end), hung in found.items()
    ]


def _about(door: NewDoor, edges: Sequence[LineString]) -> LineString:
    """The wall that a door stands in, from the end on its one side to that on its other."""
    turn = math.radians(door.facing_deg)
    right, out = (-math.sin(turn), math.cos(turn)), (math.cos(turn), math.sin(turn))
    pieces = []
    for edge in edges:
        away = [(x - door.at[0], y - door.at[1]) for x, y in edge.coords]
        if max(abs(dx * out[0] + dy * out[1]) for dx, dy in away) <= IN_WALL_M:
            pieces.append(sorted(dx * right[0] + dy * right[1] for dx, dy in away))
    low, high = -door.width_m / 2, door.width_m / 2
    for a, b in sorted(pieces):
        if a <= high + IN_WALL_M and b >= high:
            high = b
    for a, b in sorted(pieces, key=lambda piece: -piece[1]):
        if b >= low - IN_WALL_M and a <= low:
            low = a
    return LineString([(door.at[0] + right[0] * t, door.at[1] + right[1] * t) for t in (low, high)])


def _openings(
    start: tuple[float, float], end: tuple[float, float], layout: Layout
) -> tuple[tuple[float, float], ...]:  # fmt: skip
    """Where doors stand in a wall, m from its left end."""
    wall = LineString([start, end])
    found = []
    for door in layout.doors:
        along = wall.project(Point(door.at))
        if wall.distance(Point(door.at)) <= IN_WALL_M and 0.0 < along < wall.length:
            found.append((max(0.0, along - door.width_m / 2), min(wall.length, along + door.width_m / 2)))
    return tuple(sorted(found))


def _edges(floor: Floor, layout: Layout) -> list[LineString]:
    """The straight pieces of all walls, columns and partitions."""
    columns = [column.area for column in floor.of_kind(ObstacleKind.COLUMN)]
    rings: list[BaseGeometry] = []
    for area in (*polygons_of(floor.usable), *columns, *polygons_of(standing_walls(floor, layout))):
        rings += [area.exterior, *area.interiors]
    straight = [shapely.simplify(ring, 0.01) for ring in rings]
    return [LineString(pair) for ring in straight for pair in pairwise(shapely.get_coordinates(ring).tolist())]


def _edge_of(sign: Sign, edges: Sequence[LineString]) -> LineString:
    """The nearest edge that lies across the way the sign looks, else the nearest."""
    at = Point(sign.at)

    def rank(edge: LineString) -> tuple[bool, float, float]:
        (ax, ay), (bx, by) = edge.coords
        turn = math.degrees(math.atan2(by - ay, bx - ax)) - sign.facing_deg
        return abs((turn % 180.0) - 90.0) > 20.0, round(edge.distance(at), 1), -round(edge.length, 3)

    return min(edges, key=rank)


def _seen(edge: LineString, sign: Sign) -> tuple[tuple[float, float], tuple[float, float]]:
    """The ends of an edge from left to right for one who looks at the sign."""
    (ax, ay), (bx, by) = ((round(x, 3), round(y, 3)) for x, y in edge.coords)
    turn = math.radians(sign.facing_deg)
    # one who looks against the facing has this direction to the right
    right = (-math.sin(turn), math.cos(turn))
    is_right = (bx - ax) * right[0] + (by - ay) * right[1] >= 0
    return ((ax, ay), (bx, by)) if is_right else ((bx, by), (ax, ay))


def wall_pages(plan: Plan, number: int) -> list[Paper]:
    """Returns pages with the front view of each wall that has signs, with heights and distances."""
    data = drawing_data()["face"]
    numbers = sign_numbers(plan.alternative(number).signs)
    panels = {panel.sign.id: panel for panel in face_panels(plan, number) if not panel.is_back}
    views = wall_views(plan, number)
    longest = max((view.length_m for view in views), default=0.0) * MM
    room = data["page_mm"][0] - 2 * data["page_edge_mm"] - data["side_mm"]
    scale = next((s for s in data["wall_scales"] if longest / s <= room), data["wall_scales"][-1])
    cells = [_cell(n, view, panels, numbers, scale) for n, view in enumerate(views, 1)]
    return list(flowed(cells, text("scene.walls_title", project=plan.title), scale))


def _cell(n: int, view: WallView, panels: dict[str, Panel], numbers: dict[str, str], scale: int) -> Cell:
    data = drawing_data()["face"]
    k = MM / scale
    base, high, wide = data["caption_mm"], data["wall_m"] * k, view.length_m * k
    shapes: list[Shape] = [
        Fill("panel_wall", box(0.0, base, wide, base + high)),
        *(Fill("door_gap", box(a * k, base, b * k, base + data["door_m"] * k)) for a, b in view.openings),
        Stroke("frame", ((-4.0, base), (wide + 4.0, base))),
    ]
    stops = [0.0]
    for hung in view.signs:
        panel = panels[hung.sign.id]
        left, low = hung.along_m * MM - panel.width_mm / 2, hung.sign.height_m * MM - panel.height_mm / 2
        shapes += draw_panel(panel, (left / scale, base + low / scale), scale)
        shapes.append(
            Words("text", (hung.along_m * k, base + (low + panel.height_mm) / scale + 3.0), numbers[hung.sign.id], 3.0)
        )
        shapes += size_line((hung.along_m * k, base), (hung.along_m * k, base + low / scale), f"{low:.0f}")
        stops.append(hung.along_m)
    for a, b in pairwise([*stops, view.length_m]):
        if b - a > 0.05:
            shapes += size_line((a * k, base - 4.0), (b * k, base - 4.0), f"{(b - a) * MM:.0f}")
    ends = [f"({x:.2f}, {y:.2f})" for x, y in (view.start, view.end)]
    words = text("scene.wall_name", n=n, floor=view.floor, start=ends[0], end=ends[1])
    shapes.append(Words("text", (0.0, base - 12.0), words, 3.0, "start"))
    # a panel may stand out beside its column
    out = max([0.0, *(panels[h.sign.id].width_mm / scale / 2 - h.along_m * k for h in view.signs)])
    width = max(wide + 2 * out, data["least_cell_mm"]) + data["side_mm"]
    return Cell(width, base + high + 6.0, tuple(moved_shape(shape, out, 0.0) for shape in shapes))
