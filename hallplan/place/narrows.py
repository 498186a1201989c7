"""Doors and necks of the building that ways lead through though they are narrower: where, how wide, how wide they should be."""

from __future__ import annotations

import math
from collections.abc import Sequence

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from hallplan.model.layout import Narrow, Network
from hallplan.model.site import Floor, ObstacleKind, Opening
from hallplan.place.anchors import Way
from hallplan.place.necks import passage
from hallplan.place.state import State
from hallplan.place.ways import Anchor, trace_ways
from hallplan.units import round_m

AROUND_M = (1.5, 6.0)
"""A neck is looked at with so much floor around its ends; with more where no way leads from one to the other there."""
DOOR_M = 0.8
"""A door this near to the narrowest place is that place."""
STEPS = 9
"""The width that still passes is looked for between nothing and the way's by so many halvings."""
TOL_M, SAME_M = 0.02, 0.8
MITRE = 1.5


def narrows(state: State) -> tuple[Narrow, ...]:
    """Returns the doors and necks on the ways of a sound layout that are narrower than these, each once, the narrowest for its way
    first."""
    found: list[Narrow] = []
    for floor, width, is_staff, a, b in sorted(set(trace_ways(state).necks)):
        grid = state.task.grids[floor]
        narrow = _measured(grid.floor, grid.ways[width], (a, b), is_staff)
        if narrow is not None:
            found.append(narrow)
    found.sort(key=lambda one: (one.width_m - one.wanted_m, one.floor, one.at))
    return tuple(one for n, one in enumerate(found) if not any(_is_same(one, other) for other in found[:n]))


def _is_same(one: Narrow, other: Narrow) -> bool:
    is_door = one.door == other.door and bool(one.door)
    return one.floor == other.floor and (is_door or math.dist(one.at, other.at) < SAME_M)


def _measured(floor: Floor, way: Way, ends: tuple[Anchor, Anchor], is_staff: bool) -> Narrow | None:
    """The narrowest place between two windows of a way on the empty floor; None where the way fits through after all, or nothing
    leads from one to the other that could be measured."""
    hull = passage(way, (*ends[0], *ends[1]), with_ends=True)
    doors = [door for door in floor.openings if not door.is_exterior]
    points = [Point(float(way.at_x[i]), float(way.at_y[j])) for i, j in ends]
    for around in AROUND_M:
        free = _bare(floor, doors, hull.buffer(around, join_style="mitre"))
        low, high = _passing(free, points, way.width_m)
        if low > 0.0:
            break
    at = _cut(_parts(free, low), _parts(free, high), points) or hull.centroid
    door = min(
        (door for door in doors if door.width_m <= way.width_m - TOL_M and at.distance(door.line) < DOOR_M),
        key=lambda one: at.distance(one.line), default=None,
    )  # fmt: skip
    width = low if door is None else door.width_m
    if width > way.width_m - TOL_M or width == 0.0:
        return None
    place = (at.x, at.y) if door is None else door.at
    network: Network = "staff" if is_staff else "public"
    return Narrow(
        floor.id, (round_m(place[0]), round_m(place[1])), round(width, 2), way.width_m, network, door.id if door else ""
    )


def _bare(floor: Floor, doors: Sequence[Opening], near: BaseGeometry) -> BaseGeometry:
    """The empty floor in a place, with its inner doors open."""
    columns = [column.area for column in floor.of_kind(ObstacleKind.COLUMN)]
    free = shapely.union_all([floor.usable.intersection(near), *(_doorway(door).intersection(near) for door in doors)])
    return free.difference(shapely.union_all(columns)).simplify(1e-3)


def _passing(free: BaseGeometry, points: list[Point], most: float) -> tuple[float, float]:
    """The greatest width that passes from one point to the other, 0 where none does, and the least found that does not."""
    low, high = 0.0, most
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _is_joined(_parts(free, middle), points) else (low, middle)
    return low, high


def _doorway(door: Opening) -> BaseGeometry:
    return door.line.buffer(DOOR_M / 2, cap_style="flat")


def _parts(free: BaseGeometry, width: float) -> list[BaseGeometry]:
    """Where the middle of a way of a width can be."""
    middles = free.buffer(-width / 2, join_style="mitre", mitre_limit=MITRE)
    return [part for part in shapely.get_parts(middles) if not part.is_empty]


def _is_joined(parts: list[BaseGeometry], points: list[Point]) -> bool:
    """Whether one part lies nearest to all of some points."""
    return len({min(range(len(parts)), key=lambda n: parts[n].distance(point)) for point in points if parts}) == 1


def _cut(joined: list[BaseGeometry], cut: list[BaseGeometry], points: list[Point]) -> Point | None:
    """The middle of what joins two parts at one width and is missing at the next; None when there is no such place."""
    if not joined or len(cut) < 2:
        return None
    whole = min(joined, key=points[0].distance)
    ends = [min(cut, key=point.distance) for point in points]
    between = shapely.get_parts(whole.difference(shapely.union_all(cut).buffer(2 * TOL_M)))
    near = [part for part in between if not part.is_empty]
    if not near:
        return None
    return min(near, key=lambda part: max(part.distance(end) for end in ends)).representative_point()
