"""Partitions around enclosed zones where the building has no wall, their doors, and what is taken down."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.furnish.bench import EMPTY, Hall, limit, listed
from hallplan.furnish.doors import Door, DoorWays, choose_doors
from hallplan.furnish.edges import Edge, Walls, bare, building_walls, edges_of
from hallplan.furnish.through import through_doors
from hallplan.kept import kept
from hallplan.model.layout import NewDoor, Partition, PlacedZone
from hallplan.model.programme import Zone
from hallplan.model.site import Floor, Obstacle, ObstacleKind
from hallplan.model.space import partitions_left, standing_doors
from hallplan.units import round_m

LAYOUTS = 8
"""For how many floors of layouts that are furnished their rooms are kept."""
KEPT = 4096
"""For how many walls the middle lines are kept: every layout of a floor asks for them again."""
STRAIGHT = 0.9
"""A wall is straight when it fills so much of the rectangle around it."""
ON_WAY_SHARE = 0.1
"""A wall stands on a way when at least this share of its length does."""


@dataclass(slots=True)
class Enclosure:
    """What one floor's rooms need: new partitions, doors, lines to take down, and floor that must stay free.

    joins: whether some doors are there only to join parts of the staff's ground.
    """

    partitions: list[Partition] = field(default_factory=list)
    doors: list[NewDoor] = field(default_factory=list)
    demolished: list[LineString] = field(default_factory=list)
    kept: list[Polygon] = field(default_factory=list)
    clear: list[Polygon] = field(default_factory=list)
    joins: bool = False


def enclose(hall: Hall, floor: Floor, ways: DoorWays) -> Enclosure:
    """Returns the partitions and doors of a floor's enclosed zones and the removable walls that must go."""
    rooms, building = _rooms(hall, floor), building_walls(floor)
    loose = [o for o in floor.of_kind(ObstacleKind.WALL) if not o.is_fixed]
    result = Enclosure()
    wanted = _wanted(rooms, building)
    stays = Walls([_centre_line(wall.area) for wall in loose])
    doors = [door for zone, placed in rooms for door in choose_doors(hall, floor, zone, placed, building, ways)]
    edges = [edge for _, edge in wanted]
    drawn = standing_doors(floor, _gone(hall, floor, loose, edges, doors))
    needed, joining = through_doors(hall, floor, rooms, building, (drawn, doors), ways)
    doors += needed + joining
    result.joins = bool(needed or joining)
    aisles = shapely.union_all([*hall.public_ways(floor.id), *hall.staff_ways(floor.id)])
    _raise_walls(result, floor, wanted, stays, doors, aisles)
    _take_down(hall, floor, result, loose, edges, doors)
    for door in doors:
        result.doors.append(door.door)
        result.clear += door.clear
    return result


@kept(LAYOUTS)
def _rooms(hall: Hall, floor: Floor) -> Sequence[tuple[Zone, PlacedZone]]:
    """The enclosed zones of a floor that get walls and doors."""
    here = [(hall.programme.zone(placed.zone), placed) for placed in hall.layout.zones if placed.floor == floor.id]
    return [(zone, placed) for zone, placed in here if zone.is_enclosed and not is_given(placed)]


def is_given(placed: PlacedZone) -> bool:
    """Whether the building already has this zone with its walls and fittings (toilets, plant rooms in the drawing)."""
    return placed.is_fixed and placed.type in ("toilet", "equipment_rooms")


def _wanted(rooms: Sequence[tuple[Zone, PlacedZone]], building: Walls) -> list[tuple[str, Edge]]:
    """Edges of rooms without a building wall, shared ones once, stretched to the walls they end at."""
    tol, shortest = limit("partition.along_m"), limit("partition.shortest_m")
    wanted: list[tuple[str, Edge]] = []
    for zone, placed in rooms:
        done = Walls([edge.line() for _, edge in wanted])
        for edge in edges_of(placed.area):
            covered = [*building.along(edge, tol), *done.along(edge, tol)]
            wanted += [(zone.id, _stretch(part, building, done, tol)) for part in bare(edge, covered, shortest)]
    return wanted


def _stretch(edge: Edge, building: Walls, done: Walls, tol: float) -> Edge:
    ends = []
    for spot, sign in ((edge.a, -1.0), (edge.b, 1.0)):
        way = edge.way[0] * sign, edge.way[1] * sign
        hits = [far for walls in (building, done) if (far := walls.hit(spot, way, tol)) is not None]
        far = min(hits, default=0.0)
        ends.append((spot[0] + way[0] * far, spot[1] + way[1] * far))
    return Edge(ends[0], ends[1])


def _raise_walls(
    result: Enclosure, floor: Floor, wanted: list[tuple[str, Edge]], stays: Walls, doors: list[Door], ways: BaseGeometry
) -> None:
    """Adds the wanted partitions, less those where a wall stands already, opened at doors, closed by shutters."""
    thickness, shortest = limit("partition.wall_m"), limit("partition.shortest_m")
    near, opened, number = limit("partition.along_m") / 2, _opened_by(doors), 0
    for zone_id, edge in wanted:
        covered = [*stays.along(edge, near), *opened.along(edge, 2 * near)]
        kind: Literal["wall", "glass"] = "glass" if zone_id.rsplit("-", 1)[0] in listed("partition.glass") else "wall"
        for part in bare(edge, covered, shortest / 3):
            number += 1
            line = _rounded(_off_the_ways(part, ways, thickness / 2).line())
            result.partitions.append(Partition(f"{floor.id}-P{number:02d}", floor.id, line, kind, thickness, zone_id))
    for door in doors:
        if door.is_shutter:
            number += 1
            line = _rounded(door.line)
            result.partitions.append(
                Partition(f"{floor.id}-P{number:02d}", floor.id, line, "shutter", thickness, door.door.zone)
            )


def _off_the_ways(edge: Edge, ways: BaseGeometry, half: float) -> Edge:
    """The edge, or where a main way runs along it the line half a wall inside, so that the wall does not narrow it."""
    if edge.strip(0.0, edge.length, 0.0, half).intersection(ways).area < ON_WAY_SHARE * edge.length * half:
        return edge
    return Edge(edge.at(0.0, -half), edge.at(edge.length, -half))


def _opened_by(doors: Sequence[Door]) -> Walls:
    """The lines of doors: what runs along an edge opens it there."""
    return Walls([door.line for door in doors])


def _take_down(
    hall: Hall, floor: Floor, result: Enclosure, loose: list[Obstacle], wanted: list[Edge], doors: list[Door]
) -> None:
    """Removable walls in zones and main ways go, but for the stretches that stand where a partition is wanted; doors open these."""
    if hall.settings.drawing.keep_partitions:
        result.kept += [wall.area for wall in loose]
        return
    zones = [p.area for p in hall.layout.zones if p.floor == floor.id and not is_given(p)]
    half = limit("partition.wall_m") / 2
    in_use = shapely.union_all([*zones, *hall.public_ways(floor.id), *hall.staff_ways(floor.id)]).buffer(half)
    shapely.prepare(in_use)
    rooms, opened, along = Walls([edge.line() for edge in wanted]), _opened_by(doors), limit("partition.along_m")
    for edge in _runs(loose):
        same, openings = rooms.along(edge, along / 2), opened.along(edge, along)
        for stands in (edge.part(start, end) for start, end in same):
            parts = bare(stands, opened.along(stands, along), 0.05)
            result.kept += [part.strip(0.0, part.length, -half, half) for part in parts]
        result.demolished += [_rounded(edge.part(a, b).line()) for a, b in openings if b - a > 0.05]
        for part in bare(edge, [*same, *openings], 0.05):
            gone = _within(part.line(), in_use)
            result.demolished += [_rounded(piece) for piece in _lines(gone) if piece.length > 0.05]
    given = [p.area for p in hall.layout.zones if p.floor == floor.id and is_given(p)]
    used = [*result.kept, *(edge.line() for edge in wanted), *given, *floor.keep_clear]
    result.demolished += [_rounded(stub) for stub in _stubs(floor, result.demolished, loose, used)]


def _stubs(
    floor: Floor, gone: Sequence[LineString], loose: Sequence[Obstacle], used: Sequence[BaseGeometry]
) -> Iterator[LineString]:
    """Yields what would be left standing of walls that come down and is shorter than a metre: their ends, and piers beside them that nothing
    holds any more.

    gone: what comes down.  used: walls of rooms and rooms that are there; what stands at one of these stays, as does what carries a door
    whose other jamb stands.
    """
    if not gone:
        return
    near, shortest = limit("partition.along_m"), limit("partition.stub_m")
    left = partitions_left(floor, gone)
    axes = [_axis_of(part) for part in left]
    short = [n for n, axis in enumerate(axes) if axis.length < shortest and _is_straight(left[n])]
    if not short:
        return
    is_short = set(short)
    long = [part for n, part in enumerate(left) if n not in is_short]
    built = [floor.outline.difference(floor.usable), *(o.area for o in floor.obstacles if o.is_fixed), *long]
    holds, taken = shapely.union_all(built), shapely.union_all(list(gone))
    doors = [door.line for door in floor.openings if door.line.distance(holds) < near]
    stays, own = shapely.union_all([*used, *doors]), {wall.area.normalize().wkb for wall in loose}
    for n in short:
        is_whole = left[n].normalize().wkb in own
        if is_whole and (left[n].distance(taken) >= shortest or left[n].distance(holds) < near):
            continue
        reach = shapely.buffer(axes[n], near, cap_style="flat")
        if left[n].distance(stays) >= near and not any(part.intersects(reach) for part in long):
            yield axes[n]


def _is_straight(wall: Polygon) -> bool:
    """Whether a piece of wall is about as large as the rectangle around it."""
    return bool(wall.area >= STRAIGHT * wall.minimum_rotated_rectangle.area)


def _axis_of(wall: Polygon) -> LineString:
    """The middle line of a straight piece of wall."""
    frame = wall.minimum_rotated_rectangle
    return _axis(frame) if isinstance(frame, Polygon) else LineString(wall.exterior.coords[:2])


def _within(line: LineString, floor: BaseGeometry) -> BaseGeometry:
    """The part of a line on a floor that was prepared: most lie wholly on it or off it, which is told much sooner."""
    if floor.covers(line):
        return line
    return line.intersection(floor) if floor.intersects(line) else EMPTY


def _gone(hall: Hall, floor: Floor, loose: list[Obstacle], wanted: list[Edge], doors: list[Door]) -> list[LineString]:
    """The lines along which removable walls go, as far as the doors that rooms have so far tell."""
    so_far = Enclosure()
    _take_down(hall, floor, so_far, loose, wanted, doors)
    return so_far.demolished


def _runs(walls: Sequence[Obstacle]) -> Iterator[Edge]:
    """The straight stretches of the middle lines of walls."""
    for wall in walls:
        for line in _lines(_centre_line(wall.area)):
            for p, q in pairwise(line.coords):
                yield Edge((p[0], p[1]), (q[0], q[1]))


def _lines(shape: BaseGeometry) -> list[LineString]:
    return [part for part in shapely.get_parts(shape) if isinstance(part, LineString) and part.length > 1e-6]


@kept(KEPT)
def _centre_line(wall: Polygon) -> BaseGeometry:
    """The middle line of a wall: exact for a straight one, by straight pieces where it bends."""
    frame = wall.minimum_rotated_rectangle
    if not isinstance(frame, Polygon) or _is_straight(wall):
        return _axis_of(wall)
    thickness = 2.0 * wall.area / max(wall.length, 1e-6)
    lines: list[LineString] = []
    for edge in edges_of(wall):
        # Each long side makes one middle line; the side opposite it makes the same one, so every other is taken.
        middle = LineString([edge.at(0.0, -thickness / 2), edge.at(edge.length, -thickness / 2)])
        inside = middle.intersection(wall)
        if edge.length > 2 * thickness and not any(inside.hausdorff_distance(line) < 2 * thickness for line in lines):
            lines += [part for part in _lines(inside) if part.length > thickness]
    for ring in wall.interiors:
        _add_within(lines, wall, Polygon(ring), thickness)
    return shapely.MultiLineString(lines) if lines else _axis(frame)


def _add_within(lines: list[LineString], wall: Polygon, room: Polygon, thickness: float) -> None:
    """Adds the middle lines of walls around a room that a wall encloses, on over where they cross, where none runs yet."""
    for edge in edges_of(room):
        middle = LineString([edge.at(-thickness, thickness / 2), edge.at(edge.length + thickness, thickness / 2)])
        known = shapely.union_all(shapely.buffer(lines, thickness, cap_style="flat"))
        rest = middle.intersection(wall).difference(known)
        lines += [part for part in _lines(rest) if part.length > thickness]


def _axis(frame: Polygon) -> LineString:
    p = [(x, y) for x, y in frame.exterior.coords[:4]]
    if math.dist(p[0], p[1]) > math.dist(p[1], p[2]):
        p = [*p[1:], p[0]]
    return LineString([_middle(p[0], p[1]), _middle(p[2], p[3])])


def _middle(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2


def _rounded(line: LineString) -> LineString:
    return LineString([(round_m(x), round_m(y)) for x, y in line.coords])
