"""Compiled: where walks begin and end: at the doors and zones that people come to."""

from __future__ import annotations

import numpy as np

from hallplan.place import board as d
from hallplan.place.anchors import LINE_TOL_M
from hallplan.place.bits import Bits
from hallplan.place.board import Board, Lay, inner, lean
from hallplan.place.joined import change, door_to, lines, nearest, overlapping, touch
from hallplan.place.kernels import NORTH, SOUTH, Floats, Ints, touching
from hallplan.place.putting import access_point, in_metres, rect_of
from hallplan.place.task import UNLINKED_M
from hallplan.place.walking import NEAR_M, SAMPLES

SHARED_WAY_M = 1.8
"""Two zones this near may be touched by one and the same stretch of way: then nobody walks at all."""


@lean
def at_point(b: Board, f: int, dist: Floats, x: float, y: float) -> float:
    """Returns the distance of the anchor nearest to a point that is come to; infinite where none is near."""
    i, j = nearest(b, f, 0, dist, x, y, NEAR_M)
    return float(dist[i, j]) if i >= 0 else np.inf


@lean
def floor_of(b: Board, s: Lay, stop: int) -> int:
    """Returns the floor of a zone, or of a door (negative)."""
    return int(s.zones[stop, d.FLOOR]) if stop >= 0 else int(b.rows[b.spans[0, d.ALL_DOORS, 0] - 1 - stop, 0])


@inner
def start_of(b: Board, s: Lay, stop: int, f: int, valid: Bits) -> Ints:
    """Returns the anchors that a walk from a stop begins at."""
    if stop < 0 or b.zone[stop, d.PASSABLE] == 1 or b.zone[stop, d.HAS_FRONT] == 1:
        found = np.empty((1, 2), np.int32)
        x, y = _place_of(b, s, stop)
        found[0, 0], found[0, 1] = nearest(b, f, 0, valid, x, y, 3.0)
        return found[: 1 if found[0, 0] >= 0 else 0]
    least = b.price[d.WIDTHS] / 2 - LINE_TOL_M
    along = touching(valid, lines(b, f, 0), lines(b, f, 1), b.reach[f, 0, 0], b.reach[f, 0, 1], rect_of(s, stop), least)
    return along if along.shape[0] else _door_ends(b, s, stop, f)


@inner
def _door_ends(b: Board, s: Lay, z: int, f: int) -> Ints:
    """The far ends of narrow doors whose near end lies in a zone."""
    low, high = b.spans[f, d.PASSAGES, 0], b.spans[f, d.PASSAGES, 1]
    found = np.empty((high - low, 2), np.int32)
    n = 0
    for q in range(low, high):
        i, j = int(b.rows[q, 0]), int(b.rows[q, 1])
        if s.zones[z, 0] <= i < s.zones[z, 2] and s.zones[z, 1] <= j < s.zones[z, 3]:
            found[n, 0], found[n, 1] = int(b.rows[q, 2]), int(b.rows[q, 3])
            n += 1
    return found[:n]


@lean
def way_from(b: Board, s: Lay, stop: int, f: int, dist: Floats, ends: Ints) -> float:
    """Returns the mean way from where a flood began to a stop; fills in the anchors that it ends at, (SAMPLES, 2), -1 for none."""
    ends[:] = -1
    if stop < 0:
        x, y = _door_at(b, stop)
        return _way_at(b, f, dist, x, y, ends, 0)
    r = rect_of(s, stop)
    if b.zone[stop, d.PASSABLE] == 1:
        way, ends[0, 0], ends[0, 1] = overlapping(b, f, dist, r)
        return way
    if b.zone[stop, d.LONG] == 1:
        return _along_front(b, s, stop, f, dist, ends)
    side = s.zones[stop, d.FRONT] if b.zone[stop, d.HAS_FRONT] == 1 else -1
    way, i, j = touch(b, f, 0, dist, r, side, b.price[d.WIDTHS] / 2)
    by_door, door_i, door_j = door_to(b, s, stop, dist)
    ends[0, 0], ends[0, 1] = (i, j) if way <= by_door else (door_i, door_j)
    return min(way, by_door)


@lean
def _along_front(b: Board, s: Lay, z: int, f: int, dist: Floats, ends: Ints) -> float:
    x0, y0, x1, y1 = in_metres(b, s, z)
    x, y = access_point(b, s, z)
    total = 0.0
    for n in range(SAMPLES):
        share = (n + 0.5) / SAMPLES
        if s.zones[z, d.FRONT] in (NORTH, SOUTH):
            total += _way_at(b, f, dist, x0 + share * (x1 - x0), y, ends, n)
        else:
            total += _way_at(b, f, dist, x, y0 + share * (y1 - y0), ends, n)
    return total / SAMPLES


@lean
def _way_at(b: Board, f: int, dist: Floats, x: float, y: float, ends: Ints, n: int) -> float:
    """What `at_point` returns; fills in the anchor as end n."""
    ends[n, 0], ends[n, 1] = nearest(b, f, 0, dist, x, y, NEAR_M)
    return float(dist[ends[n, 0], ends[n, 1]]) if ends[n, 0] >= 0 else np.inf


@lean
def _door_at(b: Board, stop: int) -> tuple[float, float]:
    """Where a door is, a stop below 0."""
    q = b.spans[0, d.ALL_DOORS, 0] - 1 - stop
    return b.rows[q, 1], b.rows[q, 2]


@lean
def _place_of(b: Board, s: Lay, stop: int) -> tuple[float, float]:
    """Where people come to a stop, roughly."""
    return _door_at(b, stop) if stop < 0 else access_point(b, s, stop)


@lean
def _box_of(b: Board, s: Lay, stop: int) -> tuple[float, float, float, float]:
    """A zone's rectangle in m, or a door as a point."""
    if stop >= 0:
        return in_metres(b, s, stop)
    x, y = _door_at(b, stop)
    return x, y, x, y


@lean
def straight_m(b: Board, s: Lay, one: int, other: int) -> float:
    """Returns the rectilinear way in m between two stops, by the stairs where floors differ."""
    (ax, ay), (bx, by) = _place_of(b, s, one), _place_of(b, s, other)
    f, there = floor_of(b, s, one), floor_of(b, s, other)
    if f == there:
        return float(abs(ax - bx) + abs(ay - by))
    best = np.inf
    for q in range(b.spans[0, d.LINKS, 0], b.spans[0, d.LINKS, 1]):
        if b.rows[q, 0] == f and b.rows[q, 1] == there:
            gap = abs(b.rows[q, 2] - ax) + abs(b.rows[q, 3] - ay)
            best = min(best, gap + abs(b.rows[q, 4] - bx) + abs(b.rows[q, 5] - by))
    return (best if best < np.inf else UNLINKED_M) + change(b, f, there)


@lean
def ways_to_links(b: Board, f: int, there: int, dist: Floats, is_there: bool, ways: Floats) -> None:
    """Fills in how far it is from where a flood began, on one of two floors, to each stair or lift that these have."""
    first = b.spans[0, d.LINKS, 0]
    for q in range(first, b.spans[0, d.LINKS, 1]):
        if b.rows[q, 0] == f and b.rows[q, 1] == there:
            floor, c = (there, 4) if is_there else (f, 2)
            ways[q - first] = at_point(b, floor, dist, b.rows[q, c], b.rows[q, c + 1])


@lean
def over_links(b: Board, f: int, there: int, ends: Floats) -> float:
    """Returns the way between stops on two floors by the best stair or lift.  ends: (2, links) how far these are from either stop."""
    best, first = np.inf, b.spans[0, d.LINKS, 0]
    for q in range(first, b.spans[0, d.LINKS, 1]):
        if b.rows[q, 0] == f and b.rows[q, 1] == there:
            best = min(best, ends[0, q - first] + ends[1, q - first] + change(b, f, there))
    return float(best)


@lean
def gap_m(b: Board, s: Lay, one: int, other: int) -> float:
    """Returns what no walk between two stops of a floor is shorter than: the straight gap, less a way that both may share."""
    if floor_of(b, s, one) != floor_of(b, s, other):
        return 0.0
    mine, its = _box_of(b, s, one), _box_of(b, s, other)
    dx, dy = max(0.0, its[0] - mine[2], mine[0] - its[2]), max(0.0, its[1] - mine[3], mine[1] - its[3])
    return float(max(0.0, np.sqrt(dx * dx + dy * dy) - SHARED_WAY_M))
