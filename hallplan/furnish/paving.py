"""Tactile paving from the main entrance to the information desk: strips to follow, blocks where one stops or turns."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from hallplan.errors import InputError
from hallplan.furnish.bench import Hall, footprint, limit, listed
from hallplan.geometry import shortest_path
from hallplan.model.layout import Furniture, Layout
from hallplan.model.shapes import Point
from hallplan.model.site import Floor, Opening, OpeningRole
from hallplan.model.space import ground
from hallplan.terms import read_data
from hallplan.units import round_m

STRIP, STOP = "tactile", "tactile_stop"
_SHARES = (0.5, 0.25, 0.75, 0.1, 0.9)
"""Where a way with two bends turns, as shares of its length along one axis."""
_ASIDE_M = (1.0, -1.0, 2.0, -2.0, 3.0, -3.0, 5.0, -5.0)
"""How far aside a way goes round what stands in the straight one."""


def place_paving(hall: Hall, walled: Layout) -> None:
    """Lays tactile paving on each floor that has a main entrance and an information desk; notes a desk it cannot reach.

    walled: the layout with its partitions and doors.  Strips run along the building's axes where that stays clear of
    furniture and walls, else the shortest way.  Source: GB 55019-2021 2.11 (strip 0.30 m wide, stops at ends and bends).
    """
    layout = replace(walled, furniture=tuple(hall.furniture))
    for floor in hall.site.floors:
        doors = floor.with_role(OpeningRole.MAIN)
        desks = _aims(hall, floor.id)
        if not doors or not desks:
            continue
        pairs = itertools.product(doors, desks)
        door, desk = min(pairs, key=lambda pair: (math.dist(pair[0].at, pair[1].at), pair[0].id))
        gates = [piece.at for piece in hall.furniture if piece.kind == "gate" and piece.floor == floor.id]
        # counters may stand before the middle of the desk
        ends = [_ends(door, desk, through) for through in (desk.at, *gates, door.at)]
        way = _way(_bare(floor, layout), ends)
        if len(way) < 2:
            hall.lacks(desk.zone, STRIP, 1, 0)
        hall.furniture += _pieces(hall, desk, way)


def _bare(floor: Floor, layout: Layout) -> BaseGeometry:
    """Ground on which nothing stands: narrower than where one walks, as some things narrow no way but may not stand on paving."""
    over = {*read_data("space.toml")["walked_over"], STRIP, STOP}
    stands = [footprint(piece) for piece in layout.furniture if piece.floor == floor.id and piece.kind not in over]
    return ground(floor, layout).difference(shapely.union_all(stands))


def _aims(hall: Hall, floor: str) -> list[Furniture]:
    """Information desks, else the first kind of data/furnish.toml that stands on the floor."""
    for kind in listed("tactile.aims"):
        found = [piece for piece in hall.furniture if piece.kind == kind and piece.floor == floor]
        if found:
            return found
    return []


def _ahead(at: Point, deg: float, away: float) -> Point:
    turn = math.radians(deg)
    return round_m(at[0] + math.cos(turn) * away), round_m(at[1] + math.sin(turn) * away)


def _ends(door: Opening, desk: Furniture, through: Point) -> tuple[Point, Point]:
    """Where the way begins inside the door and ends before the desk, both as straight before `through` as they can be."""
    half = desk.size_m[0] / 2
    side = math.radians(desk.facing_deg + 90.0)
    across = math.cos(side) * half, math.sin(side) * half
    edge = LineString(
        [(desk.at[0] - across[0], desk.at[1] - across[1]), (desk.at[0] + across[0], desk.at[1] + across[1])]
    )
    end = _ahead(_along(edge, through), desk.facing_deg, desk.size_m[1] / 2 + limit("tactile.from_desk_m"))
    return _ahead(_along(door.line, through), door.inward_deg, limit("tactile.from_door_m")), end


def _along(line: LineString, to: Point) -> Point:
    """The place on a line nearest to `to`, a block's width off its ends."""
    least = min(limit("tactile.stop_m"), line.length / 2)
    at = line.interpolate(min(max(line.project(shapely.Point(to)), least), line.length - least))
    return at.x, at.y


def _way(free: BaseGeometry, ends: Sequence[tuple[Point, Point]]) -> list[Point]:
    """Corners of the first way along the axes that is clear, else of the shortest way; none where there is no way."""
    clear = limit("tactile.width_m") / 2 + limit("tactile.clear_m")
    safe = shapely.buffer(free, -clear, join_style="mitre")
    shapely.prepare(safe)
    for way in (way for start, end in ends for way in _square_ways(start, end)):
        if shapely.covers(safe, LineString(way)):
            return way
    return next((way for start, end in ends if (way := _shortest(free, start, end))), [])


def _shortest(free: BaseGeometry, start: Point, end: Point) -> list[Point]:
    """Corners of the shortest way on which a block may lie turned; none where there is none."""
    try:
        found = shortest_path(free, start, end, limit("tactile.stop_m") * math.sqrt(0.5) + limit("tactile.clear_m"))
    except InputError:
        return []
    line = LineString(found.points).simplify(limit("tactile.clear_m") / 2)
    return [(round_m(x), round_m(y)) for x, y in line.coords]


def _square_ways(start: Point, end: Point) -> Iterator[list[Point]]:
    (x0, y0), (x1, y1) = start, end
    if min(abs(x1 - x0), abs(y1 - y0)) < 0.05:
        yield [start, end]
    yield [start, (x1, y0), end]
    yield [start, (x0, y1), end]
    for share in _SHARES:
        x, y = round_m(x0 + share * (x1 - x0)), round_m(y0 + share * (y1 - y0))
        yield [start, (x, y0), (x, y1), end]
        yield [start, (x0, y), (x1, y), end]
    for aside in _ASIDE_M:
        yield [start, (x0 + aside, y0), (x0 + aside, y1), end]
        yield [start, (x0, y0 + aside), (x1, y0 + aside), end]


def _pieces(hall: Hall, desk: Furniture, way: Sequence[Point]) -> list[Furniture]:
    """A block at each corner that is not too near to the one before, a strip between blocks."""
    size, width = limit("tactile.stop_m"), limit("tactile.width_m")
    made: list[Furniture] = []
    for i, (a, b) in enumerate(itertools.pairwise(way)):
        turn = math.degrees(math.atan2(b[1] - a[1], b[0] - a[0]))
        for at in (a, b) if i == 0 else (b,):
            block = _piece(hall, desk, STOP, at, (size, size), turn)
            if not any(footprint(block).intersects(footprint(other)) for other in made if other.kind == STOP):
                made.append(block)
        run = math.dist(a, b) - size
        if run > 0.05:
            middle = round_m((a[0] + b[0]) / 2), round_m((a[1] + b[1]) / 2)
            made.append(_piece(hall, desk, STRIP, middle, (round_m(run), width), turn))
    return made


def _piece(hall: Hall, desk: Furniture, kind: str, at: Point, size: tuple[float, float], turn: float) -> Furniture:
    facing = round((turn + 90.0) % 360.0, 3)
    return Furniture("", kind, desk.floor, desk.zone, at, size, facing, hall.kinds[kind].height_m)
