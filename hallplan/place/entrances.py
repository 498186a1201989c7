"""Where the ways of a floor begin and what they must come to: entrances, stairs and lifts, exits, the doors of rooms."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from hallplan.model.shapes import Point
from hallplan.model.site import Floor, ObstacleKind, Opening, OpeningRole
from hallplan.place import kernels as k
from hallplan.place.anchors import SEED_M, Way, seeds_of
from hallplan.place.kernels import Bools
from hallplan.place.weights import WEIGHTS

BESIDE_M, SAME_WALL_M, SAME_TURN_DEG = 2.4, 0.5, 2.0
"""Doors in one wall lie beside one another with less than the first between them; walls are one that lie no farther apart than the second
and are turned by no more than the third."""


def sources(floor: Floor) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Points just inside the public entrances, the staff entrances and the other doors to the outside."""

    def points(roles: Iterable[OpeningRole]) -> tuple[tuple[float, float], ...]:
        doors = sorted(
            floor.with_role(*roles), key=lambda door: (door.role != OpeningRole.MAIN, -door.width_m, door.id)
        )
        return tuple(_inner_point(door) for door in doors)

    # what only a stair leads to is out of reach for wheelchairs
    ranked = sorted(floor.links, key=lambda link: link.id)
    links = tuple(link.at for link in [one for one in ranked if one.kind is ObstacleKind.LIFT] or ranked)
    public = points([OpeningRole.MAIN]) or points([OpeningRole.SECOND]) or links
    if not public:
        public = points(role for role in OpeningRole if role not in (OpeningRole.ROOM, OpeningRole.STAFF))
    staff = points([OpeningRole.STAFF]) or points([OpeningRole.GOODS]) or points([OpeningRole.SECOND])
    if not staff and public == links:
        staff = tuple(floor.landing(stair) for stair in sorted(floor.staff_stairs, key=lambda link: link.id))
    exits = points([OpeningRole.FIRE, OpeningRole.SECOND])
    return public, staff, exits


def second_entrances(floor: Floor) -> tuple[tuple[float, float], ...]:
    """Returns the points just inside the entrances by which visitors come in besides the main ones."""
    return tuple(_inner_point(door) for door in floor.second_entrances)


def abreast(floors: Iterable[Floor]) -> tuple[str, ...]:
    """Returns the ids of the main doors of a floor that lie beside one another in one wall, along it, the most there are; none where no two
    do."""
    rows = [row for floor in floors for row in _rows(floor.with_role(OpeningRole.MAIN))]
    most = max(rows, key=lambda row: (len(row), sum(door.width_m for door in row)), default=[])
    if len(most) < 2:
        return ()
    return tuple(door.id for door in sorted(most, key=lambda door: (_along_wall(door, door.at), door.id)))


def _rows(doors: Iterable[Opening]) -> list[list[Opening]]:
    """Doors in groups, each beside another of its group."""
    rows: list[list[Opening]] = []
    for door in sorted(doors, key=lambda door: door.id):
        beside = [row for row in rows if any(_are_beside(door, one) for one in row)]
        rows = [row for row in rows if row not in beside] + [[*itertools.chain.from_iterable(beside), door]]
    return rows


def _along_wall(door: Opening, at: Point) -> float:
    """How far along the wall of a door a place lies, m."""
    turn = math.radians(door.inward_deg)
    return at[1] * math.cos(turn) - at[0] * math.sin(turn)


def _are_beside(one: Opening, other: Opening) -> bool:
    """Whether two doors lie in one wall with little between them."""
    turn = math.radians(one.inward_deg)
    off_wall = (other.at[0] - one.at[0]) * math.cos(turn) + (other.at[1] - one.at[1]) * math.sin(turn)
    along = abs(_along_wall(one, other.at) - _along_wall(one, one.at))
    is_turned = abs((one.inward_deg - other.inward_deg + 180.0) % 360.0 - 180.0) > SAME_TURN_DEG
    return not is_turned and abs(off_wall) < SAME_WALL_M and along - (one.width_m + other.width_m) / 2 < BESIDE_M


def leads_far(way: Way, walk: Bools, point: tuple[float, float]) -> bool:
    """Whether a door opens to a good part of the floor, not to a lobby that ends there."""
    valid = way.anchors(walk)
    dist = way.flood(valid, seeds_of(way, valid, [point]), np.ones(walk.shape))
    return int(np.isfinite(dist).sum()) > 0.2 * int(valid.sum())


def first_joined(way: Way, walk: Bools, points: Sequence[tuple[float, float]], *, is_alone: bool) -> tuple[int, ...]:
    """Returns for each entrance the first that ways on the empty floor join it to: itself, or one before it; -1 where none begins.

    is_alone: none need be joined to another.
    """
    valid = way.anchors(walk)
    ends = [way.nearest(valid, point, SEED_M) for point in points]
    found = []
    for n, end in enumerate(ends):
        if end is None:
            found.append(-1)
            continue
        dist = way.join(valid, np.array([end], np.int32))
        before = (m for m, one in enumerate(ends[:n]) if not is_alone and one is not None and dist[one] == 0.0)
        found.append(next(before, n))
    return tuple(found)


def lobbies(way: Way, walk: Bools, floor: Floor) -> Iterator[tuple[Bools, Bools, int]]:
    """Yields the parts just inside the main doors that narrower doors end: their cells, the windows just behind those doors, and
    how many they are."""
    part, _ = k.label(way.anchors(walk), way.reach_x, way.reach_y)
    mains = [_inner_point(door) for door in floor.with_role(OpeningRole.MAIN)]
    rows = [(row[a : a + 2], row[b : b + 2]) for row in way.portals.tolist() for a, b in ((0, 2), (2, 0))]
    for one in sorted({int(part[i, j]) for i, j in seeds_of(way, part > 0, mains)}):
        ends = {(i, j) for near, (i, j) in rows if part[tuple(near)] == one and part[i, j] != one}
        behind = np.zeros_like(walk)
        for end in ends:
            behind[way.cells(end)] = True
        inner = k.covered(part == one, way.reach_x, way.reach_y)
        yield inner, behind & ~inner, len(ends)


def fallback(way: Way, walk: Bools) -> tuple[tuple[float, float], ...]:
    """A floor without any door or stair begins at the anchor nearest to the south of its largest part."""
    part, _ = k.label(way.anchors(walk), way.reach_x, way.reach_y)
    if not part.any():
        return ()
    largest = int(np.argmax(np.bincount(part[part > 0])))
    i, j = np.argwhere(part == largest)[0]
    return ((float(way.at_x[i]), float(way.at_y[j])),)


def room_fronts(floor: Floor) -> Iterator[tuple[float, float]]:
    """Points before the doors of rooms outside the usable floor: toilets, stairs, lifts, shafts."""
    return (front for door in floor.openings if (front := floor.front_of(door)) is not None)


def _inner_point(door: Opening) -> tuple[float, float]:
    turn, reach = math.radians(door.inward_deg), 0.2 + WEIGHTS.main_way_m / 2
    return door.at[0] + reach * math.cos(turn), door.at[1] + reach * math.sin(turn)
