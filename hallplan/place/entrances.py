"""Where the ways of a floor begin and what they must come to: entrances, stairs and lifts, exits, the doors of rooms."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from hallplan.model.site import Floor, ObstacleKind, Opening, OpeningRole
from hallplan.place import kernels as k
from hallplan.place.anchors import SEED_M, Way, seeds_of
from hallplan.place.kernels import Bools
from hallplan.place.weights import WEIGHTS


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
