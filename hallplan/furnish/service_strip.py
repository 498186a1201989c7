"""The room behind the machines of a 24-hour area: staff service them from there, shut off from those who use them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import shapely
from shapely.geometry import LineString, Point, Polygon

from hallplan.furnish.behind import staff_walk
from hallplan.furnish.bench import Bench, limit
from hallplan.furnish.doors import door_into
from hallplan.furnish.edges import Edge, bare, building_walls, edges_of
from hallplan.furnish.packing import Kit, Spacing, in_line
from hallplan.furnish.walls import Enclosure
from hallplan.model.layout import NewDoor, Partition
from hallplan.units import round_m

_NEAR_M = 0.1
_FAR_M = 5.0


@dataclass(frozen=True, slots=True)
class _Place:
    """An edge with the strip along it, the wall between strip and machines, and the door into the strip."""

    edge: Edge
    strip: Polygon
    wall: LineString
    door: NewDoor
    opening: LineString


def place_before_strip(bench: Bench, walls: Enclosure, kits: list[Kit], spacing: Spacing) -> bool:
    """Places all machines of a zone in one row before a service strip with a staff door; returns whether it could.

    The strip lies along the edge whose door is best: into staff rooms or ways, else from the hall.  Where none holds all
    machines nothing is built.
    """
    start = bench.mark()
    for place in sorted(_places(bench, walls), key=lambda found: (found[0], found[1].edge.a)):
        found = place[1]
        front = math.degrees(math.atan2(-found.edge.out[1], -found.edge.out[0]))
        view = bench.view(front - bench.front_deg)
        bench.ground.take(found.strip)
        thick, depth = limit("partition.wall_m"), limit("night.strip_m")
        y = view.depth - depth - thick / 2 - limit("general.column_m") - max(kit.depth for kit in kits)
        if not in_line(bench, view, kits, y, spacing):
            _build(bench, walls, found)
            return True
        bench.undo(start)
    return False


def _places(bench: Bench, walls: Enclosure) -> Iterator[tuple[float, _Place]]:
    depth = limit("night.strip_m")
    used = [door.at for door in walls.doors if door.zone == bench.placed.zone]
    used += [o.at for o in bench.floor.openings if bench.placed.area.distance(o.line) < limit("door.reach_m")]
    for edge in edges_of(bench.placed.area):
        whole = edge.strip(0.0, edge.length, -depth, 0.0)
        is_whole = whole.intersection(bench.placed.area).area >= 0.98 * edge.length * depth
        # the floor beyond the line of the wall, with what a niche in a side adds
        beyond = edge.strip(-_FAR_M, edge.length + _FAR_M, -depth, _FAR_M).intersection(bench.placed.area)
        strip = max(shapely.get_parts(beyond), key=lambda part: part.intersection(whole).area)
        is_taken = any(strip.distance(Point(at)) < limit("door.approach_m") for at in used)
        if edge.length < limit("night.shortest_m") or not is_whole or is_taken or not isinstance(strip, Polygon):
            continue
        door = _door(bench, strip)
        if door is not None:
            cost, made, opening = door
            yield cost, _Place(edge, strip, _wall(bench, edge, depth), made, opening)


def _wall(bench: Bench, edge: Edge, depth: float) -> LineString:
    """The line before the strip from side to side of the zone."""
    line = LineString([edge.at(-_FAR_M, -depth), edge.at(edge.length + _FAR_M, -depth)])
    middle = Point(edge.at(edge.length / 2, -depth))
    parts = shapely.get_parts(line.intersection(bench.placed.area))
    return min((part for part in parts if isinstance(part, LineString)), key=lambda part: part.distance(middle))


def _door(bench: Bench, strip: Polygon) -> tuple[float, NewDoor, LineString] | None:
    """The best staff door on the outer sides of a strip that are no building wall, to which staff come; none where there is no such side."""
    building, walk = building_walls(bench.floor), staff_walk(bench.hall, bench.floor)
    width, jamb = limit("door.strip_m"), limit("night.jamb_m")
    boundary = bench.placed.area.boundary
    best = None
    for edge in edges_of(strip):
        middle = Point(edge.at(edge.length / 2))
        if boundary.distance(middle) > _NEAR_M:
            continue
        for part in bare(edge, building.along(edge, limit("partition.along_m")), width + 2 * jamb):
            found = door_into(bench.hall, bench.floor, bench.zone, bench.placed, part, width)
            if found is not None and (best is None or found[0] < best[0]) and walk.leads_out(found[1]):
                best = found
    return best


def _build(bench: Bench, walls: Enclosure, place: _Place) -> None:
    """Adds the wall between strip and machines and the door, which opens the walls that it stands in."""
    thick = limit("partition.wall_m")
    gap = place.opening.buffer(thick, cap_style="flat")
    opened = []
    for wall in walls.partitions:
        parts = [p for p in shapely.get_parts(wall.line.difference(gap)) if p.length > 0.02]
        is_met = wall.line.distance(place.opening) < thick and wall.line.intersection(gap).length > 0.1
        if not is_met:
            opened.append(wall)
            continue
        opened += [replace(wall, id=wall.id if n == 0 else f"{wall.id}{'abc'[n - 1]}", line=_rounded(p)) for n, p in enumerate(parts)]  # fmt: skip
    line = _rounded(place.wall)
    number = len(walls.partitions) + 1
    opened.append(Partition(f"{bench.floor.id}-S{number:02d}", bench.floor.id, line, "wall", thick, bench.placed.zone))
    walls.partitions[:] = opened
    walls.doors.append(place.door)


def _rounded(line: LineString) -> LineString:
    return LineString([(round_m(x), round_m(y)) for x, y in line.coords])
