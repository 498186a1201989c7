"""Compiled: the ways of visitors and of staff on a floor, and how much of either the other's are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from hallplan.place import bits
from hallplan.place import board as d
from hallplan.place.bits import NIL, Bits
from hallplan.place.board import Board, Lay, inner, lean
from hallplan.place.errands import errands_here, gap_to
from hallplan.place.floods import flood, flood_within
from hallplan.place.joined import (
    Rect,
    anchors,
    area_of,
    at_its_door,
    flooded,
    follower,
    lead_seeds,
    nearest,
    necks,
    overlapping,
    public_cells,
    staff_cells,
    staff_goal,
    staff_start,
    way_to,
)  # fmt: skip
from hallplan.place.kernels import Bools, Floats, Ints, first_beyond, step_back, trace, trace_new
from hallplan.place.state import AVOID_TOLL, STAFF_TOLL
from hallplan.place.streams import gone_by

ROUND_M = 6.0
"""Staff who keep to their own ground walk so much farther than the straight gap at most in most layouts."""


@njit(cache=True, nogil=True)
def shared_m(b: Board, s: Lay, f: int, gone: Bits, crossing: Bools, stood: Bits) -> tuple[float, float]:
    """Returns metres of staff ways that are public ways too, infinite where anybody is cut off, and what staff's walks on the floor cost;
    marks the zones whose staff cross, and fills in what `stood_on` returns.

    gone: the anchors that visitors pass on their walks between stops, which nobody leads elsewhere.
    """
    streams = bits.covered(gone, b.reach[f, 0, 0], b.reach[f, 0, 1])
    found = _apart(b, s, f, streams, crossing)
    stood[:] = _stood(b, s, f, found.trod, found.ways | streams)
    return found.metres, found.errands


@inner
def stood_on(b: Board, s: Lay, f: int) -> Bits:
    """Returns the free cells of a floor that visitors may stand on, (nx, words): off the ways of staff and, unless both come in by the
    same doors, come to without stepping on these but where their own lie there too."""
    streams = bits.covered(gone_by(b, s, f), b.reach[f, 0, 0], b.reach[f, 0, 1])
    found = _apart(b, s, f, streams, np.zeros(s.zones.shape[0], np.bool_))
    out: Bits = _stood(b, s, f, found.trod, found.ways | streams)
    return out


@inner
def _stood(b: Board, s: Lay, f: int, trod: Bits, ways: Bits) -> Bits:
    """What `stood_on` returns; ways: all of visitors', from which they come to the rest (from the doors alone a step aslant past a cell that
    staff tread on would cut them off)."""
    ground, free = public_cells(b, s, f), b.bits[f, d.WALK] & ~s.bits[f, d.USED]
    if b.spans[f, d.SHARED, 0] == 0:
        ground &= ~(trod & free) | ways
    valid = anchors(b, f, 0, ground)
    begin = _within(b, f, valid & anchors(b, f, 0, ways), (0, 0, b.planes.shape[2], b.planes.shape[3]))
    found = bits.join(valid, begin, necks(b, f, 0))
    out: Bits = bits.covered(found, b.reach[f, 0, 0], b.reach[f, 0, 1]) & free & ~trod
    return out


class Apart(NamedTuple):
    """What `shared_m` tells of a floor, and the free cells that staff tread on and those of visitors' ways, (nx, words)."""

    metres: float
    errands: float
    trod: Bits
    ways: Bits


@inner
def _apart(b: Board, s: Lay, f: int, streams: Bits, crossing: Bools) -> Apart:
    """The ways of both on a floor; marks the zones whose staff cross.

    Staff go round visitors' ways; where they meet all the same, visitors go round theirs, if less is shared then: see `networks`.
    """
    trod = np.zeros(s.bits.shape[2:], np.uint64)
    is_joined, ways = _public_ways(b, s, f, trod)
    if not is_joined:
        return Apart(np.inf, 0.0, trod, ways)
    mine = np.zeros(crossing.size, np.bool_)
    found, errands, elsewhere = _shared_ways(b, s, f, ways, streams, mine, trod)
    if 0.0 < elsewhere < np.inf:
        others, trod_then = np.zeros(crossing.size, np.bool_), np.zeros_like(trod)
        _, round_staff = _public_ways(b, s, f, trod)
        other, errands_then, _ = _shared_ways(b, s, f, round_staff, streams, others, trod_then)
        if other < found:
            crossing |= others
            return Apart(other, errands_then, trod_then, round_staff)
    crossing |= mine
    return Apart(found, errands, trod, ways)


@inner
def _tolled(b: Board, f: int, w: int, cells: Bits, toll: float) -> Floats:
    """The factor on steps to each anchor: a toll where its window meets some cells, else 1."""
    ones: Floats = b.planes[f, d.ONES]
    if not cells.any():
        return ones
    clear, out = anchors(b, f, w, ~cells), np.full_like(ones, toll)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            if bits.is_set(clear, i, j):
                out[i, j] = 1.0
    return out


@inner
def _public_ways(b: Board, s: Lay, f: int, avoid: Bits) -> tuple[bool, Bits]:
    """Whether visitors come to all that they must on a floor, and the cells of their shortest ways there.

    avoid: cells that they go round where they can.
    """
    cells = public_cells(b, s, f)
    ways = np.zeros(s.grids.shape[2:], np.bool_)
    for w in range(b.reach.shape[1]):
        valid, portals = anchors(b, f, w, cells), necks(b, f, w)
        dist = flooded(b, f, w, valid, lead_seeds(b, f, w, valid), _tolled(b, f, w, avoid, AVOID_TOLL))
        if not trace_doors(b, f, w, valid, dist, ways):
            return False, cells
        is_met = np.zeros(ways.shape, np.bool_)
        for z in range(s.zones.shape[0]):
            is_left_out = b.zone[z, d.IS_PUBLIC] == 0 or b.zone[z, d.PASSABLE] == 1 or b.zone[z, d.FIXED] == 1
            if s.zones[z, d.FLOOR] != f or b.zone[z, d.WAY] != w or is_left_out:
                continue
            _, i, j = way_to(b, s, z, w, dist)
            if i >= 0:
                trace_new(dist, portals, (i, j), b.reach[f, w, 0], b.reach[f, w, 1], ways, is_met)
            elif at_its_door(b, s, z, dist) == np.inf:
                return False, cells
        if w == 0 and not trace_goals(b, f, dist, ways, False):
            return False, cells
    return True, bits.columns_of(ways)


@inner
def trace_doors(b: Board, f: int, w: int, valid: Bits, dist: Floats, ways: Bools) -> bool:
    """Marks the ways between public entrances; False where one that the empty floor joins to another is cut off."""
    for q in range(b.spans[f, d.PUBLIC, 0], b.spans[f, d.PUBLIC, 1]):
        follows, i, j = follower(b, f, w, valid, q)
        if follows and (i < 0 or dist[i, j] == np.inf):
            return False
        if follows:
            trace(dist, necks(b, f, w), (i, j), b.reach[f, w, 0], b.reach[f, w, 1], ways)
    return True


@inner
def trace_goals(b: Board, f: int, dist: Floats, ways: Bools, with_exits: bool) -> bool:
    """Marks the ways to what visitors must come to, those to exits alone where these are asked for; False where one is cut off."""
    for q in range(b.spans[f, d.GOALS, 0], b.spans[f, d.GOALS, 1]):
        i, j = nearest(b, f, 0, dist, b.rows[q, 0], b.rows[q, 1], b.rows[q, 2])
        if i < 0:
            return False
        if with_exits or b.rows[q, 3] > 0.0:
            trace(dist, necks(b, f, 0), (i, j), b.reach[f, 0, 0], b.reach[f, 0, 1], ways)
    return True


@inner
def _shared_ways(
    b: Board, s: Lay, f: int, ways: Bits, streams: Bits, crossing: Bools, trod: Bits
) -> tuple[float, float, float]:
    """Metres of staff ways that are public ways too, infinite where staff cannot come, what staff's walks cost, and metres of those shared
    that are no streams; marks the zones whose staff cross, and the free cells that staff walk on.

    Staff walk to a zone from the office on its floor that they are sent from, else from where they come in.
    """
    valid, start = staff_start(b, s, f)
    public = ways | streams | s.bits[f, d.KEPT]
    toll, portals, free = _tolled(b, f, 0, public, STAFF_TOLL), necks(b, f, 0), ~s.bits[f, d.USED]
    dist = flood(valid, b.at[f, 0, 0], b.at[f, 0, 1], toll, start, portals)
    public &= free
    shared, met, path = np.zeros_like(public), np.zeros(dist.shape, np.int8), np.empty((dist.size, 2), np.int32)
    walk, is_sent = StaffWalk(dist, portals, b.reach[f, 0, 0], b.reach[f, 0, 1], public, free), _sent(b, s, f)
    for z in range(s.zones.shape[0]):
        if s.zones[z, d.FLOOR] != f or b.zone[z, d.NEEDS_STAFF] == 0:
            continue
        _, i, j = overlapping(b, f, dist, staff_goal(b, s, z))
        if i < 0 and b.zone[z, d.FIXED] == 0:
            return np.inf, 0.0, 0.0
        if i >= 0 and not is_sent[z]:
            crossing[z] |= _does_share(walk, i, j, shared, trod, met, path)
    _tread_from_door(b, s, f, walk, is_sent, trod, met, path)
    width, apart = float(b.price[d.WIDTHS]), 0.0
    if is_sent.any():
        # from an office they may have to come through zones that visitors walk through, which is all visitors' ground
        let_in = public_cells(b, s, f) & ~free
        ground = anchors(b, f, 0, staff_cells(b, s, f, True) | let_in)
        public |= let_in
        free |= let_in
        apart = _share_from_offices(
            b, s, f, ground, _tolled(b, f, 0, public, STAFF_TOLL), public, free, crossing, trod, shared
        )
    return area_of(b, f, shared) / width + apart, errands_here(b, s, f, dist), area_of(b, f, shared & ~streams) / width


@inner
def _tread_from_door(
    b: Board, s: Lay, f: int, walk: StaffWalk, is_sent: Bools, trod: Bits, met: np.ndarray, path: Ints
) -> None:
    """Marks the ways from staff's door to zones that they are sent to from an office, but for visitors': staff keep that floor, and share none."""
    here, unheard = np.zeros_like(trod), np.zeros_like(trod)
    for z in range(s.zones.shape[0]):
        if s.zones[z, d.FLOOR] != f or b.zone[z, d.NEEDS_STAFF] == 0 or not is_sent[z]:
            continue
        _, i, j = overlapping(b, f, walk.dist, staff_goal(b, s, z))
        if i >= 0:
            _does_share(walk, i, j, unheard, here, met, path)
    trod |= here & ~walk.public


@inner
def _share_from_offices(
    b: Board,
    s: Lay,
    f: int,
    valid: Bits,
    toll: Floats,
    public: Bits,
    free: Bits,
    crossing: Bools,
    trod: Bits,
    shared: Bits,
) -> float:
    """Marks what staff who walk from an office to another zone of its floor share, as `_shared_ways`; returns the straight metres between those
    that no ground joins at all."""
    portals, at_x, at_y = necks(b, f, 0), b.at[f, 0, 0], b.at[f, 0, 1]
    met, path = np.zeros(toll.shape, np.int8), np.empty((toll.size, 2), np.int32)
    dist, flooded, apart = toll, -1, 0.0
    for q in range(b.spans[0, d.ERRANDS, 0], b.spans[0, d.ERRANDS, 1]):
        one, other = int(b.rows[q, 0]), int(b.rows[q, 1])
        if not _is_from_office(s, f, one, other):
            continue
        if one != flooded:  # errands from one office follow one another
            begin, most = _within(b, f, valid, staff_goal(b, s, one)), _far(b, s, f, one)
            dist = flood_within(valid, at_x, at_y, toll, begin, portals, most)
            if _farthest(b, s, f, one, dist) > most:
                dist = flood(valid, at_x, at_y, toll, begin, portals)
            flooded = one
            met[:] = 0
        goal = staff_goal(b, s, other)
        walk = StaffWalk(dist, portals, b.reach[f, 0, 0], b.reach[f, 0, 1], public, free)
        _, i, j = overlapping(b, f, dist, goal)
        if i >= 0:
            crossing[other] |= _does_share(walk, i, j, shared, trod, met, path)
        else:
            crossing[other] = True
            apart += b.price[d.WIDTHS] + gap_to(b, s, one, goal)
    return float(apart)


@lean
def _far(b: Board, s: Lay, f: int, office: int) -> float:
    """How far from an office staff of most layouts that keep apart walk, m: to flood farther takes long, and is left for where it must be."""
    most = 0.0
    for q in range(b.spans[0, d.ERRANDS, 0], b.spans[0, d.ERRANDS, 1]):
        one, other = int(b.rows[q, 0]), int(b.rows[q, 1])
        if one == office and _is_from_office(s, f, one, other):
            most = max(most, gap_to(b, s, one, staff_goal(b, s, other)))
    return most + ROUND_M


@lean
def _farthest(b: Board, s: Lay, f: int, office: int, dist: Floats) -> float:
    """How far the farthest zone is that staff are sent to from an office, m."""
    most = 0.0
    for q in range(b.spans[0, d.ERRANDS, 0], b.spans[0, d.ERRANDS, 1]):
        one, other = int(b.rows[q, 0]), int(b.rows[q, 1])
        if one == office and _is_from_office(s, f, one, other):
            most = max(most, overlapping(b, f, dist, staff_goal(b, s, other))[0])
    return most


@lean
def _is_from_office(s: Lay, f: int, one: int, other: int) -> bool:
    """Whether a walk of staff begins and ends at zones of a floor."""
    return bool(one >= 0 and s.zones[one, d.FLOOR] == f and s.zones[other, d.FLOOR] == f)


@inner
def _sent(b: Board, s: Lay, f: int) -> Bools:
    """By zone whether staff come to it from an office on the same floor."""
    found = np.zeros(s.zones.shape[0], np.bool_)
    for q in range(b.spans[0, d.ERRANDS, 0], b.spans[0, d.ERRANDS, 1]):
        other = int(b.rows[q, 1])
        found[other] |= _is_from_office(s, f, int(b.rows[q, 0]), other)
    return found


@inner
def _within(b: Board, f: int, valid: Bits, r: Rect) -> Ints:
    """The valid anchors whose narrow windows overlap a rectangle, (k, 2)."""
    i0, j0, i1, j1 = first_beyond(b.reach[f, 0, 0], r[0]), first_beyond(b.reach[f, 0, 1], r[1]), r[2], r[3]
    found, n = np.empty((max(0, i1 - i0) * max(0, j1 - j0), 2), np.int32), 0
    for i in range(i0, min(i1, b.planes.shape[2])):
        for j in range(j0, min(j1, b.planes.shape[3])):
            if bits.is_set(valid, i, j):
                found[n, 0], found[n, 1] = i, j
                n += 1
    return found[:n]


class StaffWalk(NamedTuple):
    """What the ways of staff on one floor follow: (nx, ny) distances from where they begin, its narrow doors, where windows end,
    free cells on visitors' ways as public, and all free ones."""

    dist: Floats
    portals: Ints
    reach_x: Ints
    reach_y: Ints
    public: Bits
    free: Bits


@lean
def _does_share(walk: StaffWalk, i: int, j: int, shared: Bits, trod: Bits, met: np.ndarray, path: Ints) -> bool:
    """Whether the shortest way from where staff begin to an anchor comes onto visitors' ways; marks where it does, and all that it
    treads on. met: 1 at anchors that ways went by before, 2 where these came onto visitors' ways from there on; path: room for one."""
    n = 0
    while i >= 0 and met[i, j] == 0:
        path[n, 0], path[n, 1], met[i, j] = i, j, 1
        n += 1
        for w in range(j >> 6, ((walk.reach_y[j] - 1) >> 6) + 1):
            there = bits.span(j, walk.reach_y[j], w)
            for a in range(i, walk.reach_x[i]):
                trod[a, w] |= walk.free[a, w] & there
                both = walk.public[a, w] & there
                if both != NIL:
                    shared[a, w] |= both
                    met[i, j] = 2
        i, j = step_back(walk.dist, walk.portals, i, j)
    does_share = i >= 0 and met[i, j] == 2
    for k in range(n - 1, -1, -1):
        does_share |= met[path[k, 0], path[k, 1]] == 2
        if does_share:
            met[path[k, 0], path[k, 1]] = 2
    return does_share
