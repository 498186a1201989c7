"""Compiled: whether everything placed on a floor can be walked to, told from its free floor as bits."""

from __future__ import annotations

import numpy as np
from numba import njit

from hallplan.place import bits
from hallplan.place import board as d
from hallplan.place.anchors import LINE_TOL_M
from hallplan.place.bits import NIL, ONE, Bits
from hallplan.place.board import Board, Lay, inner, lean
from hallplan.place.joined import (
    Rect,
    anchors,
    follower,
    goal_of,
    lead_seeds,
    lines,
    nearest,
    necks,
    public_cells,
    staff_start,
)  # fmt: skip
from hallplan.place.kernels import EAST, NORTH, SOUTH, WEST, Floats, Ints, first_beyond, woven
from hallplan.place.state import DOOR_M


@njit(cache=True, nogil=True)
def is_whole(b: Board, s: Lay, f: int) -> bool:
    """Returns whether every placed zone, staff side and exit of a floor can be walked to."""
    public = public_cells(b, s, f)
    masks = np.empty((2, public.shape[1]), np.uint64)
    for w in range(b.reach.shape[1]):
        valid = anchors(b, f, w, public)
        found = bits.join(valid, lead_seeds(b, f, w, valid), necks(b, f, w))
        if not _are_joined(b, f, w, valid, found):
            return False
        for z in range(s.zones.shape[0]):
            if s.zones[z, d.FLOOR] != f or not _is_visited(b, z, w) or _is_come_to(b, s, z, w, found, masks):
                continue
            if not _is_at_its_door(b, s, z, found):
                return False
        if w == 0 and not _is_open(b, f, found):
            return False
    return _is_manned(b, s, f)


@lean
def _are_joined(b: Board, f: int, w: int, valid: Bits, found: Bits) -> bool:
    """Whether all public entrances that the empty floor joins are come to."""
    for q in range(b.spans[f, d.PUBLIC, 0], b.spans[f, d.PUBLIC, 1]):
        follows, i, j = follower(b, f, w, valid, q)
        if follows and (i < 0 or not bits.is_set(found, i, j)):
            return False
    return True


@lean
def _is_visited(b: Board, z: int, w: int) -> bool:
    is_let_in = b.zone[z, d.IS_PUBLIC] == 1 and b.zone[z, d.PASSABLE] == 0 and b.zone[z, d.FIXED] == 0
    return bool(b.zone[z, d.WAY] == w and is_let_in)


@lean
def _is_come_to(b: Board, s: Lay, z: int, w: int, found: Bits, masks: Bits) -> bool:
    """Whether a way lies along a zone's front or, without one, any of its sides, as `joined.way_to`.  masks: room for two columns."""
    f, side = s.zones[z, d.FLOOR], s.zones[z, d.FRONT] if b.zone[z, d.HAS_FRONT] == 1 else -1
    least = (DOOR_M if b.zone[z, d.ENCLOSED] == 1 else b.price[d.WIDTHS + w] / 2) - LINE_TOL_M
    r = (s.zones[z, 0], s.zones[z, 1], s.zones[z, 2], s.zones[z, 3])
    return _is_along(found, lines(b, f, 0), lines(b, f, 1), b.reach[f, w, 0], b.reach[f, w, 1], r, side, least, masks)


@woven
def _is_along(
    found: Bits, xs: Floats, ys: Floats, reach_x: Ints, reach_y: Ints, r: Rect, side: int, least: float, masks: Bits
) -> bool:
    """Whether the window of an anchor that is found lies along a side of a rectangle, -1 for any, over a least length in m."""
    i0, j0, i1, j1 = r
    # anchors whose windows have the least length beside, and those whose windows end or begin at its ends along y
    masks[:] = NIL
    for j in range(min(j1, reach_y.size - 1), -1, -1):
        g = reach_y[j]
        if g < 0:
            continue
        if g < j0:
            break
        if ys[min(g, j1)] - ys[max(j, j0)] >= least:
            masks[0, j >> 6] |= ONE << np.uint64(j & 63)
        if (side != SOUTH and j == j1) or (side != NORTH and g == j0):
            masks[1, j >> 6] |= ONE << np.uint64(j & 63)
    for i in range(min(i1, reach_x.size - 1), -1, -1):
        e = reach_x[i]
        if e < 0:
            continue
        if e < i0:
            break
        is_beside = (side in (-1, EAST) and i == i1) or (side in (-1, WEST) and e == i0)
        is_before = side not in (EAST, WEST) and xs[min(e, i1)] - xs[max(i, i0)] >= least
        for k in range(found.shape[1]):
            if (is_beside and found[i, k] & masks[0, k] != NIL) or (is_before and found[i, k] & masks[1, k] != NIL):
                return True
    return False


@lean
def _is_at_its_door(b: Board, s: Lay, z: int, found: Bits) -> bool:
    """Whether the far side of a narrow door is come to whose near end lies in a zone, as `joined.at_its_door`."""
    f = s.zones[z, d.FLOOR]
    if b.zone[z, d.HAS_FRONT] == 1:
        return False
    for q in range(b.spans[f, d.PASSAGES, 0], b.spans[f, d.PASSAGES, 1]):
        i, j = int(b.rows[q, 0]), int(b.rows[q, 1])
        is_within = s.zones[z, 0] <= i < s.zones[z, 2] and s.zones[z, 1] <= j < s.zones[z, 3]
        if is_within and bits.is_set(found, int(b.rows[q, 2]), int(b.rows[q, 3])):
            return True
    return False


@lean
def _is_open(b: Board, f: int, found: Bits) -> bool:
    """Whether all exits and the doors of rooms that nobody moves are come to."""
    for q in range(b.spans[f, d.GOALS, 0], b.spans[f, d.GOALS, 1]):
        if nearest(b, f, 0, found, b.rows[q, 0], b.rows[q, 1], b.rows[q, 2])[0] < 0:
            return False
    return True


@inner
def _is_manned(b: Board, s: Lay, f: int) -> bool:
    """Whether staff come to their own zones and behind all counters; they begin as in `joined.staff_start`."""
    reach_x, reach_y, xs, ys, width = (
        b.reach[f, 0, 0],
        b.reach[f, 0, 1],
        lines(b, f, 0),
        lines(b, f, 1),
        b.price[d.WIDTHS],
    )
    valid, start = staff_start(b, s, f)
    found = bits.join(valid, start, necks(b, f, 0))
    for z in range(s.zones.shape[0]):
        is_manned = s.zones[z, d.FLOOR] != f or b.zone[z, d.NEEDS_STAFF] == 0 or b.zone[z, d.FIXED] == 1
        if is_manned:
            continue
        if not _is_overlapped(found, reach_x, reach_y, goal_of(xs, ys, s.zones, b.zone, z, width)):
            return False
    return True


@woven
def _is_overlapped(found: Bits, reach_x: Ints, reach_y: Ints, r: Rect) -> bool:
    """Whether the window of an anchor that is found overlaps a rectangle, as `joined.overlapping`."""
    i0, j0, i1, j1 = r
    first = first_beyond(reach_y, j0)
    for w in range(first >> 6, ((j1 - 1) >> 6) + 1):
        there = bits.span(first, j1, w)
        for i in range(min(i1, reach_x.size) - 1, -1, -1):
            if reach_x[i] < 0:
                continue
            if reach_x[i] <= i0:
                break
            if found[i, w] & there != NIL:
                return True
    return False
