"""Compiled: what can be walked to in a state, and whether anything placed is cut off."""

from __future__ import annotations

import numpy as np
from numba import njit

from hallplan.place import bits
from hallplan.place import board as d
from hallplan.place.anchors import LINE_TOL_M, SEED_M
from hallplan.place.bits import NIL, ONE, Bits
from hallplan.place.board import Board, Lay, inner, lean
from hallplan.place.floods import flood
from hallplan.place.kernels import (
    EAST,
    NORTH,
    SOUTH,
    WEST,
    Floats,
    Ints,
    before,
    beyond,
    first_beyond,
    woven,
)
from hallplan.place.kernels import nearest as nearest_anchor
from hallplan.place.state import DOOR_M
from hallplan.place.task import FLOOR_CHANGE_M

Rect = tuple[int, int, int, int]


@njit(inline="always")
def lines(b: Board, f: int, axis: int) -> Floats:
    """Returns the grid lines of a floor along x (0) or y, m."""
    return b.lines[f, axis, : b.sums.shape[2 + axis]]


@lean
def change(b: Board, f: int, there: int) -> float:
    """Returns what a change of floor counts as, m."""
    return float(FLOOR_CHANGE_M * max(1, abs(b.spans[f, d.LEVEL, 0] - b.spans[there, d.LEVEL, 0])))


@inner
def public_cells(b: Board, s: Lay, f: int) -> Bits:
    """Returns the cells that visitors can walk on, as columns of bits."""
    walk = b.bits[f, d.WALK]
    out: Bits = walk & ~s.bits[f, d.USED]
    for z in range(s.zones.shape[0]):
        if s.zones[z, d.FLOOR] == f and b.zone[z, d.PASSABLE] == 1:
            for i in range(s.zones[z, 0], s.zones[z, 2]):
                for j in range(s.zones[z, 1], s.zones[z, 3]):
                    if s.grids[0, f, i, j] == z + 1 and bits.is_set(walk, i, j):
                        bits.put_bit(out, i, j)
    return out


@inner
def staff_cells(b: Board, s: Lay, f: int, with_rooms: bool) -> Bits:
    """Returns the cells that staff can walk on: free ones, their zones, behind counters, and the entrance where it is their way in.

    with_rooms: also in zones of theirs that walls enclose.
    """
    is_shared = b.spans[f, d.SHARED, 0] == 1
    out: Bits = public_cells(b, s, f) if is_shared else b.bits[f, d.WALK] & ~s.bits[f, d.USED]
    for z in range(s.zones.shape[0]):
        is_room = b.zone[z, d.IS_STAFF] == 1 and b.zone[z, d.ENCLOSED] == 1
        is_let_in = b.zone[z, d.NEEDS_STAFF] == 1 and (b.zone[z, d.IS_STAFF] == 1 or b.zone[z, d.FIXED] == 0)
        if s.zones[z, d.FLOOR] == f and is_let_in and (with_rooms or not is_room):
            _let_in(out, b.bits[f, d.INSIDE], staff_goal(b, s, z))
    return out


@woven
def _let_in(cells: Bits, inside: Bits, r: Rect) -> None:
    """Lets staff on all of the floor in a rectangle."""
    i0, j0, i1, j1 = r
    for w in range(j0 >> 6, ((j1 - 1) >> 6) + 1):
        there = bits.span(j0, j1, w)
        for i in range(i0, i1):
            cells[i, w] = (cells[i, w] & ~there) | (inside[i, w] & there)


@lean
def staff_goal(b: Board, s: Lay, z: int) -> Rect:
    """Returns where staff must come to: their own zone, or the band behind the counters."""
    f = s.zones[z, d.FLOOR]
    return goal_of(lines(b, f, 0), lines(b, f, 1), s.zones, b.zone, z, b.price[d.WIDTHS])


@woven
def goal_of(xs: Floats, ys: Floats, zones: Ints, zone: Ints, z: int, width: float) -> Rect:
    """Returns what `staff_goal` does, from the lines of the floor, the zones of a `Lay` and those of its `Board`."""
    r = (zones[z, 0], zones[z, 1], zones[z, 2], zones[z, 3])
    return r if zone[z, d.IS_STAFF] == 1 else _band(xs, ys, r, (zones[z, d.FRONT] + 2) % 4, width)


@woven
def _band(xs: Floats, ys: Floats, r: Rect, back: int, width: float) -> Rect:
    i0, j0, i1, j1 = r
    if back == EAST:
        return max(i0, before(xs, i1, width)), j0, i1, j1
    if back == WEST:
        k = beyond(xs, i0, width)
        return i0, j0, (min(i1, k) if k >= 0 else i1), j1
    if back == NORTH:
        return i0, max(j0, before(ys, j1, width)), i1, j1
    k = beyond(ys, j0, width)
    return i0, j0, i1, (min(j1, k) if k >= 0 else j1)


@inner
def anchors(b: Board, f: int, w: int, cells: Bits) -> Bits:
    """Returns the anchors whose window of a width is walkable."""
    return bits.windows(cells, b.reach[f, w, 0], b.reach[f, w, 1])


@lean
def nearest(b: Board, f: int, w: int, field: np.ndarray, x: float, y: float, most: float) -> tuple[int, int]:
    """Returns the valid or reached anchor whose window's centre is nearest to a point and at most so far away; (-1, -1) for none."""
    return nearest_anchor(field, b.at[f, w, 0], b.at[f, w, 1], x, y, most)


@inner
def seeds(b: Board, f: int, w: int, valid: np.ndarray, kind: int) -> Ints:
    """Returns the valid anchors nearest to the doors of a kind, those within SEED_M."""
    low, high = b.spans[f, kind, 0], b.spans[f, kind, 1]
    found = np.empty((high - low, 2), np.int32)
    n = 0
    for q in range(low, high):
        i, j = nearest(b, f, w, valid, b.rows[q, 0], b.rows[q, 1], SEED_M)
        if i >= 0:
            found[n, 0], found[n, 1] = i, j
            n += 1
    return found[:n]


@inner
def lead_seeds(b: Board, f: int, w: int, valid: np.ndarray) -> Ints:
    """Returns the valid anchors at the public entrances that others are joined to."""
    low, high = b.spans[f, d.PUBLIC, 0], b.spans[f, d.PUBLIC, 1]
    found = np.empty((high - low, 2), np.int32)
    n = 0
    for q in range(low, high):
        if b.rows[q, d.LEAD + w] != q - low:
            continue
        i, j = nearest(b, f, w, valid, b.rows[q, 0], b.rows[q, 1], SEED_M)
        if i >= 0:
            found[n, 0], found[n, 1] = i, j
            n += 1
    return found[:n]


@lean
def follower(b: Board, f: int, w: int, valid: np.ndarray, q: int) -> tuple[bool, int, int]:
    """Returns whether a public entrance, a row, must be joined to another, and its valid anchor, -1 for none."""
    lead = b.rows[q, d.LEAD + w]
    if lead < 0 or lead == q - b.spans[f, d.PUBLIC, 0]:
        return False, -1, -1
    i, j = nearest(b, f, w, valid, b.rows[q, 0], b.rows[q, 1], SEED_M)
    return True, i, j


@inner
def necks(b: Board, f: int, w: int) -> Ints:
    """Returns the doors of a floor that are narrower than a width, as portals."""
    low, high = b.spans[f, d.NECKS + w, 0], b.spans[f, d.NECKS + w, 1]
    out = np.empty((high - low, 5), np.int32)
    for q in range(low, high):
        for c in range(5):
            out[q - low, c] = np.int32(b.rows[q, c])
    return out


@inner
def staff_start(b: Board, s: Lay, f: int) -> tuple[Bits, Ints]:
    """Returns the anchors that staff can use, and where they begin."""
    valid = anchors(b, f, 0, staff_cells(b, s, f, True))
    found = seeds(b, f, 0, valid, d.STAFF)
    if found.shape[0] == 0:
        found = seeds(b, f, 0, valid, d.PUBLIC)
    return valid, found


@lean
def touch(b: Board, f: int, w: int, dist: Floats, r: Rect, side: int, least: float) -> tuple[float, int, int]:
    """Returns the nearest reached anchor whose window lies along a side of a rectangle (-1 for any) over a least length in m.

    The answer is distance, i, j; infinite and -1 when none does.
    """
    reach_x, reach_y, xs, ys = b.reach[f, w, 0], b.reach[f, w, 1], lines(b, f, 0), lines(b, f, 1)
    return _touch(dist, xs, ys, reach_x, reach_y, r, side, least - LINE_TOL_M)


@woven
def _touch(
    dist: Floats, xs: Floats, ys: Floats, reach_x: Ints, reach_y: Ints, r: Rect, side: int, least: float
) -> tuple[float, int, int]:
    i0, j0, i1, j1 = r
    best, at_i, at_j = np.inf, -1, -1
    above = j1 if side != SOUTH and j1 < dist.shape[1] and reach_y[j1] >= 0 else -1
    for i in range(min(i1, dist.shape[0] - 1), -1, -1):
        e = reach_x[i]
        if e < 0:
            continue
        if e < i0:
            break
        is_beside = (side in (-1, EAST) and i == i1) or (side in (-1, WEST) and e == i0)
        is_along = side not in (EAST, WEST) and xs[min(e, i1)] - xs[max(i, i0)] >= least
        # of equal distances the first in order of i, then j
        if is_along and above >= 0 and dist[i, above] <= best and dist[i, above] < np.inf:
            best, at_i, at_j = dist[i, above], i, above
        if not (is_beside or (is_along and side != NORTH)):
            continue
        for j in range(min(j1, dist.shape[1] - 1) if is_beside else j0 - 1, -1, -1):
            g = reach_y[j]
            if g < 0:
                continue
            if g < j0:
                break
            if dist[i, j] > best or dist[i, j] == np.inf:
                continue
            is_met = is_beside and ys[min(g, j1)] - ys[max(j, j0)] >= least
            if is_met or (is_along and side != NORTH and g == j0):
                best, at_i, at_j = dist[i, j], i, j
    return best, at_i, at_j


@lean
def way_to(b: Board, s: Lay, z: int, w: int, dist: Floats) -> tuple[float, int, int]:
    """Returns the least distance of a way that comes to a zone, and its anchor, -1 for none.

    A way that comes to a room lies along its wall over the length of a door, else over half its width.
    """
    r = (s.zones[z, 0], s.zones[z, 1], s.zones[z, 2], s.zones[z, 3])
    side = s.zones[z, d.FRONT] if b.zone[z, d.HAS_FRONT] == 1 else -1
    least = DOOR_M if b.zone[z, d.ENCLOSED] == 1 else b.price[d.WIDTHS + w] / 2
    return touch(b, s.zones[z, d.FLOOR], w, dist, r, side, least)


@lean
def at_its_door(b: Board, s: Lay, z: int, dist: Floats) -> float:
    """Returns the least distance to the far side of a narrow door whose near end lies in a zone: that of a room it fills.

    Infinite for one with a front: who comes in there stands behind its counters.
    """
    return door_to(b, s, z, dist)[0]


@lean
def door_to(b: Board, s: Lay, z: int, dist: Floats) -> tuple[float, int, int]:
    """Returns the same with the anchor there, -1 for none."""
    f, best, at_i, at_j = s.zones[z, d.FLOOR], np.inf, -1, -1
    if b.zone[z, d.HAS_FRONT] == 1:
        return best, at_i, at_j
    for q in range(b.spans[f, d.PASSAGES, 0], b.spans[f, d.PASSAGES, 1]):
        i, j = int(b.rows[q, 0]), int(b.rows[q, 1])
        if s.zones[z, 0] <= i < s.zones[z, 2] and s.zones[z, 1] <= j < s.zones[z, 3]:
            m, n = int(b.rows[q, 2]), int(b.rows[q, 3])
            if dist[m, n] < best:
                best, at_i, at_j = dist[m, n], m, n
    return best, at_i, at_j


@lean
def overlapping(b: Board, f: int, dist: Floats, r: Rect) -> tuple[float, int, int]:
    """Returns the anchor of least distance whose narrow window overlaps a rectangle, as distance, i, j; -1 for none."""
    return _overlapping(dist, b.reach[f, 0, 0], b.reach[f, 0, 1], r)


@woven
def _overlapping(dist: Floats, reach_x: Ints, reach_y: Ints, r: Rect) -> tuple[float, int, int]:
    i0, j0, i1, j1 = r
    best, at_i, at_j = np.inf, -1, -1
    first = first_beyond(reach_y, j0)
    for i in range(first_beyond(reach_x, i0), min(i1, dist.shape[0])):
        for j in range(first, min(j1, dist.shape[1])):
            if dist[i, j] < best:
                best, at_i, at_j = dist[i, j], i, j
    return best, at_i, at_j


@inner
def flooded(b: Board, f: int, w: int, valid: Bits, start: Ints, toll: Floats) -> Floats:
    """Returns how far it is from some anchors to all others of a floor over valid ones, toll being a factor on steps."""
    return flood(valid, b.at[f, w, 0], b.at[f, w, 1], toll, start, necks(b, f, w))


@inner
def area_of(b: Board, f: int, cells: Bits) -> float:
    """Returns the m² of some cells of a floor."""
    total, m2 = 0.0, b.planes[f, d.CELL_M2]
    for i in range(cells.shape[0]):
        for w in range(cells.shape[1]):
            word = cells[i, w]
            while word != NIL:
                total += m2[i, 64 * w + bits.lowest(word)]
                word &= word - ONE
    return total
