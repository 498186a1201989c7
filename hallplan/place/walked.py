"""Compiled: the score of a state for the search: walks in the plan, staff on public ways, walks out, free floor lost."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from hallplan.place import bits
from hallplan.place import board as d
from hallplan.place.bits import NIL, ONE, Bits
from hallplan.place.board import Board, Lay, inner, lean
from hallplan.place.errands import errands_here
from hallplan.place.floods import flood
from hallplan.place.joined import (
    anchors,
    at_its_door,
    follower,
    lead_seeds,
    nearest,
    necks,
    overlapping,
    public_cells,
    seeds,
    staff_cells,
    staff_goal,
    staff_start,
    touch,
    way_to,
)  # fmt: skip
from hallplan.place.kernels import Bools, Floats, Ints, step_back, trace, trace_new
from hallplan.place.looks import Look
from hallplan.place.putting import in_metres, rect_of
from hallplan.place.state import AVOID_TOLL, STAFF_TOLL
from hallplan.place.stops import floor_of, gap_m, over_links, start_of, straight_m, way_from, ways_to_links

NOBODY = -(1 << 30)
"""Stands for no stop."""
LEAST_STRAIGHT_M = 0.5
"""Below this a straight way says nothing of the walk."""


@inner
def _flooded(b: Board, f: int, w: int, valid: Bits, start: Ints, toll: Floats) -> Floats:
    return flood(valid, b.at[f, w, 0], b.at[f, w, 1], toll, start, necks(b, f, w))


@njit(cache=True, nogil=True)
def walks(b: Board, s: Lay, most: float, share: float, look: Look) -> float:
    """Returns what visitors' walks cost, infinite as soon as they, with what is guessed of the rest, cost `most` or more.

    Walks whose floors lie as they did are known.  Others are guessed, where a detour is known, at a share of it, at no less than the
    straight gap.  look: filled with how far each walk is, and what that is over its straight way.
    """
    flows = b.rows[b.spans[0, d.FLOWS, 0] : b.spans[0, d.FLOWS, 1]]
    total, flooded, now = 0.0, NOBODY, look.now
    least, apart = np.empty(flows.shape[0]), np.empty(flows.shape[0])
    left = _guessed(b, s, share, look, least, apart)
    if left >= most:
        return np.inf
    valid = np.empty((b.planes.shape[0], *b.bits.shape[2:]), np.uint64)
    for f in range(valid.shape[0]):
        if not look.is_same[f]:
            valid[f] = anchors(b, f, 0, public_cells(b, s, f))
    here, (away, is_known) = np.empty((0, 0)), _room_for_away(b, s)
    now.ends[:] = look.before.ends  # those on floors that have changed are filled in anew
    for m in range(flows.shape[0]):
        one, other = int(flows[m, 0]), int(flows[m, 1])
        f, there = floor_of(b, s, one), floor_of(b, s, other)
        if not look.is_same[f] and one != flooded:  # flows with the same begin follow one another
            here, flooded = _from_stop(b, s, one, f, valid[f]), one
        if look.is_same[f] and look.is_same[there]:
            way = look.before.walks[m]
        elif f == there:
            way = way_from(b, s, other, f, here)
        else:
            if not look.is_same[f]:
                ways_to_links(b, f, there, here, False, now.ends[m, 0])
            if not look.is_same[there]:
                k = other if other >= 0 else s.zones.shape[0] - 1 - other
                if not is_known[k]:
                    away[k], is_known[k] = _from_stop(b, s, other, there, valid[there]), True
                ways_to_links(b, f, there, away[k], True, now.ends[m, 1])
            way = over_links(b, f, there, now.ends[m])
        now.walks[m] = way if way < np.inf else apart[m]
        look.ways[m] = now.walks[m] / max(apart[m], LEAST_STRAIGHT_M)
        left -= least[m]
        total += flows[m, 2] * now.walks[m]
        if total + left >= most:
            return np.inf
    return total


@inner
def _guessed(b: Board, s: Lay, share: float, look: Look, least: Floats, apart: Floats) -> float:
    """What all walks cost as `walks` guesses them; fills in what each does, and the straight way of each, m."""
    left, first = 0.0, b.spans[0, d.FLOWS, 0]
    for k in range(least.size):
        one, other, price = int(b.rows[first + k, 0]), int(b.rows[first + k, 1]), b.rows[first + k, 2]
        apart[k] = straight_m(b, s, one, other)
        if look.is_same[floor_of(b, s, one)] and look.is_same[floor_of(b, s, other)]:
            least[k] = price * look.before.walks[k]
        else:
            least[k] = price * max(gap_m(b, s, one, other), share * look.detours[k] * apart[k])
        left += least[k]
    return left


@inner
def _from_stop(b: Board, s: Lay, stop: int, f: int, valid: Bits) -> Floats:
    """How far it is from a stop to all of its floor."""
    return _flooded(b, f, 0, valid, start_of(b, s, stop, f, valid), b.planes[f, d.ONES])


@inner
def _room_for_away(b: Board, s: Lay) -> tuple[Floats, Bools]:
    """Room for the distances from stops on other floors than those that people come from, and which are known: none on one floor."""
    many = s.zones.shape[0] + b.spans[0, d.ALL_DOORS, 1] - b.spans[0, d.ALL_DOORS, 0] if b.planes.shape[0] > 1 else 0
    return np.empty((many, *b.planes.shape[2:])), np.zeros(many, np.bool_)


@njit(cache=True, nogil=True)
def shared_m(b: Board, s: Lay, f: int, crossing: Bools, trod: Bits) -> tuple[float, float]:
    """Returns metres of staff ways that are public ways too, infinite where anybody is cut off, and what staff's walks on the floor cost;
    marks the zones whose staff cross, and fills in what `trodden` returns.

    Staff go round visitors' ways; where they meet all the same, visitors go round theirs, if less is shared then: see `networks`.
    """
    none = np.zeros(s.bits.shape[2:], np.uint64)
    is_joined, ways = _public_ways(b, s, f, none)
    if not is_joined:
        return np.inf, 0.0
    trod[:], mine = NIL, np.zeros(crossing.size, np.bool_)
    found, errands = _shared_ways(b, s, f, ways, mine, trod)
    if 0.0 < found < np.inf:
        again = np.zeros(crossing.size, np.bool_)
        _, ways = _public_ways(b, s, f, trod)
        other, round_visitors = _shared_ways(b, s, f, ways, again, none)
        if other < found:
            found, errands, mine = other, round_visitors, again
    crossing |= mine
    return found, errands


@inner
def trodden(b: Board, s: Lay, f: int) -> Bits:
    """Returns the free cells of a floor that staff walk on where they go round visitors' ways."""
    trod = np.zeros(s.bits.shape[2:], np.uint64)
    _, ways = _public_ways(b, s, f, trod)
    _shared_ways(b, s, f, ways, np.zeros(s.zones.shape[0], np.bool_), trod)
    return trod


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
        dist = _flooded(b, f, w, valid, lead_seeds(b, f, w, valid), _tolled(b, f, w, avoid, AVOID_TOLL))
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
def _shared_ways(b: Board, s: Lay, f: int, ways: Bits, crossing: Bools, trod: Bits) -> tuple[float, float]:
    """Metres of staff ways that are public ways too, infinite where staff cannot come, and what staff's walks cost; marks the zones whose
    staff cross, and the free cells that staff walk on."""
    valid, start = staff_start(b, s, f)
    public = ways | s.bits[f, d.KEPT]
    dist = _flooded(b, f, 0, valid, start, _tolled(b, f, 0, public, STAFF_TOLL))
    free = ~s.bits[f, d.USED]
    public &= free
    walk = StaffWalk(dist, necks(b, f, 0), b.reach[f, 0, 0], b.reach[f, 0, 1], public, free)
    shared, met, path = np.zeros_like(public), np.zeros(dist.shape, np.int8), np.empty((dist.size, 2), np.int32)
    for z in range(s.zones.shape[0]):
        if s.zones[z, d.FLOOR] != f or b.zone[z, d.NEEDS_STAFF] == 0:
            continue
        _, i, j = overlapping(b, f, dist, staff_goal(b, s, z))
        if i >= 0:
            crossing[z] |= _does_share(walk, i, j, shared, trod, met, path)
        elif b.zone[z, d.FIXED] == 0:
            return np.inf, 0.0
    return _area(b, f, shared) / float(b.price[d.WIDTHS]), errands_here(b, s, f, dist)


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


@inner
def _area(b: Board, f: int, cells: Bits) -> float:
    total, m2 = 0.0, b.planes[f, d.CELL_M2]
    for i in range(cells.shape[0]):
        for w in range(cells.shape[1]):
            word = cells[i, w]
            while word != NIL:
                total += m2[i, 64 * w + bits.lowest(word)]
                word &= word - ONE
    return total


@njit(cache=True, nogil=True)
def escape_over(b: Board, s: Lay, f: int) -> float:
    """Returns by how many metres the longest walk from a zone's farthest corner to the nearest way out of its floor is above the limit.

    As `building.corner_walks`: visitors and staff each over their own ground.
    """
    free, worst = public_cells(b, s, f), 0.0
    worst = max(worst, _escape_over(b, s, f, anchors(b, f, 0, free), 0))
    return max(worst, _escape_over(b, s, f, anchors(b, f, 0, free | staff_cells(b, s, f, False)), 1))


@inner
def _escape_over(b: Board, s: Lay, f: int, valid: Bits, is_staff: int) -> float:
    """The same for the zones of visitors alone, or for those of staff, who walk over the anchors that are valid."""
    worst = 0.0
    start = seeds(b, f, 0, valid, d.STAFF_OUT if is_staff == 1 else d.OUT)
    if start.shape[0] == 0:
        return worst
    dist = _flooded(b, f, 0, valid, start, b.planes[f, d.ONES])
    for z in range(s.zones.shape[0]):
        if s.zones[z, d.FLOOR] != f or b.zone[z, d.FIXED] == 1 or b.zone[z, d.IS_STAFF] != is_staff:
            continue
        x0, y0, x1, y1 = in_metres(b, s, z)
        if b.zone[z, d.PASSABLE] == 1:
            near = overlapping(b, f, dist, rect_of(s, z))[0]
        else:
            near = touch(b, f, 0, dist, rect_of(s, z), -1, b.price[d.WIDTHS] / 2)[0]
        if near < np.inf:
            worst = max(worst, near + np.sqrt((x1 - x0) ** 2 + (y1 - y0) ** 2) - b.price[d.P_ESCAPE_M])
    return float(worst)


@njit(cache=True, nogil=True)
def lost_m2(b: Board, s: Lay, f: int) -> float:
    """Returns the free area in m² of a floor too narrow for any way and given to nobody."""
    free = public_cells(b, s, f)
    ways = bits.covered(anchors(b, f, 0, free), b.reach[f, 0, 0], b.reach[f, 0, 1])
    return _area(b, f, free & ~ways & b.bits[f, d.REACHABLE])
