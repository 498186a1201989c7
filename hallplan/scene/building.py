"""The architect's building from the Site model: walls, columns, glazing, doors, fixed rooms."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from hallplan.kept import kept
from hallplan.model.layout import NewDoor
from hallplan.model.site import Floor, Obstacle, ObstacleKind, Opening, OpeningRole
from hallplan.model.space import partitions_left, standing_doors
from hallplan.scene.primitives import XY, Arc, Fill, Shape, Stroke

KEPT = 24
"""Floors, each with what one alternative takes out, whose shapes are kept."""
_THICKEST_WALL_M = 0.9
_GLAZING_REACH_M = 0.6
_DOUBLE_LEAF_M = 1.5
_STAIR_TREAD_M = 0.28
_OUTWARD = (OpeningRole.MAIN, OpeningRole.SECOND, OpeningRole.FIRE, OpeningRole.H24)
_ROOMS = (
    ObstacleKind.TOILET,
    ObstacleKind.SHAFT,
    ObstacleKind.STAIR,
    ObstacleKind.ESCALATOR,
    ObstacleKind.LIFT,
    ObstacleKind.VOID,
    ObstacleKind.PLANT,
)


def polygons(shape: BaseGeometry) -> list[Polygon]:
    """Returns the polygons of a shape, largest first, slivers left out."""
    parts = getattr(shape, "geoms", [shape])
    areas = [part for part in parts if isinstance(part, Polygon) and part.area > 1e-4]
    return sorted(areas, key=lambda part: (-round(part.area, 4), part.bounds))


@kept(KEPT)
def wall_areas(floor: Floor) -> tuple[BaseGeometry, BaseGeometry]:
    """Returns the walls as drawn solid, and what is neither wall nor usable (closed-off parts)."""
    rooms = unary_union([o.area for o in floor.obstacles if o.kind in _ROOMS])
    columns = unary_union([o.area for o in floor.of_kind(ObstacleKind.COLUMN)])
    rest = floor.outline.difference(floor.usable).difference(rooms)
    thick = (
        rest.buffer(-_THICKEST_WALL_M / 2).buffer(_THICKEST_WALL_M / 2 + 0.02, join_style="mitre").intersection(rest)
    )
    fixed = [o.area for o in floor.of_kind(ObstacleKind.WALL) if o.is_fixed]
    walls = unary_union([rest.difference(thick), *fixed])
    gaps = unary_union([opening_gap(opening) for opening in floor.openings])
    return walls.difference(gaps), thick.difference(columns)


def opening_gap(opening: Opening) -> Polygon:
    """Returns the hole that an opening leaves in its wall."""
    return _band(opening.line, _GLAZING_REACH_M)


def _band(line: LineString, half_width: float) -> Polygon:
    return line.buffer(half_width, cap_style="flat", join_style="mitre")


@kept(KEPT)
def building_shapes(floor: Floor) -> tuple[tuple[str, Shape], ...]:
    """Returns (layer, shape) of the building: ground, fixed rooms, walls, glazing, columns."""
    return tuple(_building_shapes(floor))


def _building_shapes(floor: Floor) -> Iterator[tuple[str, Shape]]:
    yield "ground", Fill("floor", floor.outline)
    walls, solid = wall_areas(floor)
    glass = _glass(floor, walls)
    for obstacle in floor.obstacles:
        for shape in _fixed_room(obstacle):
            yield "fixed", shape
    yield from (("walls", Fill("solid", part)) for part in polygons(solid))
    yield from (("walls", Fill("wall", part)) for part in polygons(walls.difference(glass)))
    yield from (("walls", Fill("glazing", part)) for part in polygons(glass))
    for line in floor.glazing:
        yield from (("walls", shape) for shape in _glazing_lines(line, glass))
    for obstacle in floor.of_kind(ObstacleKind.COLUMN):
        yield "columns", Fill("column", obstacle.area)


@kept(KEPT)
def standing_partitions(floor: Floor, demolished: tuple[LineString, ...]) -> tuple[Shape, ...]:
    """Returns the removable walls of the drawing that the plan leaves standing."""
    return tuple(_standing_partitions(floor, demolished))


def _standing_partitions(floor: Floor, demolished: Sequence[LineString]) -> Iterator[Shape]:
    for left in partitions_left(floor, demolished):
        yield from (Fill("partition_old", part) for part in polygons(left))


@kept(KEPT)
def shown_doors(floor: Floor, demolished: tuple[LineString, ...]) -> tuple[Opening, ...]:
    """Returns the doors of the drawing whose wall still stands."""
    return standing_doors(floor, demolished)


def _glass(floor: Floor, walls: BaseGeometry) -> BaseGeometry:
    bands = [_band(line, _GLAZING_REACH_M) for line in floor.glazing if line.length > 0.2]
    return unary_union(bands).intersection(walls) if bands else MultiPolygon()


def _glazing_lines(line: LineString, glass: BaseGeometry) -> Iterator[Shape]:
    near = glass.intersection(_band(line, _GLAZING_REACH_M))
    for part in polygons(near):
        x0, y0, x1, y1 = part.bounds
        middle = (
            ((x0, (y0 + y1) / 2), (x1, (y0 + y1) / 2))
            if x1 - x0 > y1 - y0
            else (((x0 + x1) / 2, y0), ((x0 + x1) / 2, y1))
        )
        is_straight = part.area > 0.9 * (x1 - x0) * (y1 - y0)
        if is_straight:
            yield Stroke("glazing_line", middle)


def _fixed_room(obstacle: Obstacle) -> Iterator[Shape]:
    if obstacle.kind == ObstacleKind.VOID:
        yield Fill("void", obstacle.area)
        yield from _cross(obstacle.area, "stair_line")
    elif obstacle.kind in (ObstacleKind.STAIR, ObstacleKind.ESCALATOR):
        yield Fill("stair", obstacle.area)
        yield from _treads(obstacle.area)
    elif obstacle.kind in (ObstacleKind.LIFT, ObstacleKind.SHAFT):
        yield Fill("fixed", obstacle.area)
        yield from _cross(obstacle.area, "stair_line")
    elif obstacle.kind in (ObstacleKind.TOILET, ObstacleKind.PLANT):
        yield Fill("fixed", obstacle.area)


def _cross(area: Polygon, style: str) -> Iterator[Shape]:
    x0, y0, x1, y1 = area.bounds
    for line in (LineString([(x0, y0), (x1, y1)]), LineString([(x0, y1), (x1, y0)])):
        yield from (Stroke(style, part) for part in _pieces(line.intersection(area)))


def _treads(area: Polygon) -> Iterator[Shape]:
    """Treads across the longer side, on the middle part of the flight."""
    x0, y0, x1, y1 = area.bounds
    is_wide = x1 - x0 > y1 - y0
    low, high = (x0, x1) if is_wide else (y0, y1)
    landing = min(1.5, (high - low) / 4)
    for n in range(int((high - low - 2 * landing) / _STAIR_TREAD_M) + 1):
        at = low + landing + n * _STAIR_TREAD_M
        line = LineString([(at, y0), (at, y1)] if is_wide else [(x0, at), (x1, at)])
        yield from (Stroke("stair_line", part) for part in _pieces(line.intersection(area)))


def _pieces(shape: BaseGeometry) -> list[tuple[XY, ...]]:
    lines = [part for part in getattr(shape, "geoms", [shape]) if isinstance(part, LineString) and part.length > 0.05]
    return [tuple((float(x), float(y)) for x, y, *_ in line.coords) for line in lines]


def door_shapes(opening: Opening) -> list[Shape]:
    """Returns the leaves and swings of a door of the drawing; public and escape doors open outwards."""
    facing = opening.inward_deg + 180.0 if opening.role in _OUTWARD else opening.inward_deg
    return leaves(opening.at, opening.width_m, facing)


def new_door_shapes(door: NewDoor) -> list[Shape]:
    """Returns the gap, leaves and swings of a door in a new partition; it opens into its room."""
    along = math.radians(door.facing_deg + 90.0)
    half = (math.cos(along) * door.width_m / 2, math.sin(along) * door.width_m / 2)
    gap = LineString([(door.at[0] - half[0], door.at[1] - half[1]), (door.at[0] + half[0], door.at[1] + half[1])])
    return [Fill("door_gap", _band(gap, 0.09)), *leaves(door.at, door.width_m, door.facing_deg + 180.0)]


def leaves(at: XY, width_m: float, facing_deg: float) -> list[Shape]:
    """Returns one or two door leaves that open towards `facing_deg`, with their swings."""
    along = facing_deg - 90.0
    ux, uy = math.cos(math.radians(along)), math.sin(math.radians(along))
    half = width_m / 2
    left, right = (at[0] - ux * half, at[1] - uy * half), (at[0] + ux * half, at[1] + uy * half)
    if width_m < _DOUBLE_LEAF_M:
        return _leaf(left, width_m, facing_deg, along, facing_deg)
    if width_m > 2.4 * _DOUBLE_LEAF_M:
        return _sliding(left, right)
    return [
        *_leaf(left, half, facing_deg, along, facing_deg),
        *_leaf(right, half, facing_deg, facing_deg, along + 180.0),
    ]


def _sliding(left: XY, right: XY) -> list[Shape]:
    """Four leaves of a wide automatic door, drawn shut and offset."""
    (x0, y0), (x1, y1) = left, right
    length = math.hypot(x1 - x0, y1 - y0)
    nx, ny = -(y1 - y0) / length * 0.05, (x1 - x0) / length * 0.05

    def point(share: float, side: int) -> XY:
        return x0 + (x1 - x0) * share + nx * side, y0 + (y1 - y0) * share + ny * side

    spans = ((0.0, 0.27, 1), (0.25, 0.5, -1), (0.5, 0.75, -1), (0.73, 1.0, 1))
    return [Stroke("door", (point(a, side), point(b, side))) for a, b, side in spans]


def _leaf(hinge: XY, width: float, facing: float, start: float, end: float) -> list[Shape]:
    tip = (hinge[0] + math.cos(math.radians(facing)) * width, hinge[1] + math.sin(math.radians(facing)) * width)
    return [
        Stroke("door", (hinge, tip)),
        Arc("door", hinge, width, start % 360.0, start % 360.0 + (end - start) % 360.0),
    ]
