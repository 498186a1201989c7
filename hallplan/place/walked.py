"""Compiled: the score of a state for the search: walks in the plan, walks out, free floor lost."""

from __future__ import annotations

import numpy as np
from numba import njit

from hallplan.place import bits
from hallplan.place import board as d
from hallplan.place.bits import NIL, Bits
from hallplan.place.board import Board, Lay, inner
from hallplan.place.joined import (
    anchors,
    area_of,
    flooded,
    necks,
    overlapping,
    public_cells,
    seeds,
    staff_cells,
    touch,
)  # fmt: skip
from hallplan.place.kernels import Bools, Floats
from hallplan.place.looks import Look
from hallplan.place.putting import in_metres, rect_of
from hallplan.place.stops import floor_of, gap_m, over_links, straight_m, way_from, ways_to_links
from hallplan.place.streams import NOBODY, from_stop, mark, mark_to_link
from hallplan.place.walking import SAMPLES

LEAST_STRAIGHT_M = 0.5
"""Below this a straight way says nothing of the walk."""


@njit(cache=True, nogil=True)
def walks(b: Board, s: Lay, most: float, share: float, look: Look) -> float:
    """Returns what visitors' walks cost, infinite as soon as they, with what is guessed of the rest, cost `most` or more.

    Walks whose floors lie as they did are known.  Others are guessed, where a detour is known, at a share of it, at no less than the
    straight gap.  look: filled with how far each walk is, what that is over its straight way, and the anchors that visitors pass.
    """
    flows = b.rows[b.spans[0, d.FLOWS, 0] : b.spans[0, d.FLOWS, 1]]
    total, flooded, now = 0.0, NOBODY, look.now
    least, apart = np.empty(flows.shape[0]), np.empty(flows.shape[0])
    left = _guessed(b, s, share, look, least, apart)
    if left >= most:
        return np.inf
    valid = np.empty((b.planes.shape[0], *b.bits.shape[2:]), np.uint64)
    now.gone[:] = look.before.gone  # as for `ends`: those on floors that have changed are filled in anew
    for f in range(valid.shape[0]):
        if not look.is_same[f]:
            valid[f], now.gone[f] = anchors(b, f, 0, public_cells(b, s, f)), NIL
    here, (away, is_known) = np.empty((0, 0)), _room_for_away(b, s)
    met, stops, portals = np.empty_like(valid[0]), np.empty((SAMPLES, 2), np.int32), necks(b, 0, 0)
    now.ends[:] = look.before.ends
    for m in range(flows.shape[0]):
        one, other = int(flows[m, 0]), int(flows[m, 1])
        f, there = floor_of(b, s, one), floor_of(b, s, other)
        if not look.is_same[f] and one != flooded:  # flows with the same begin follow one another
            portals = necks(b, f, 0)
            here, flooded = from_stop(b, s, one, f, valid[f], portals), one
            met[:] = NIL
        if look.is_same[f] and look.is_same[there]:
            way = look.before.walks[m]
        elif f == there:
            way = way_from(b, s, other, f, here, stops)
            mark(here, portals, stops, met, now.gone[f])
        else:
            if not look.is_same[f]:
                ways_to_links(b, f, there, here, False, now.ends[m, 0])
                mark_to_link(b, f, here, portals, now.gone[f])
            if not look.is_same[there]:
                k = other if other >= 0 else s.zones.shape[0] - 1 - other
                if not is_known[k]:
                    away[k], is_known[k] = from_stop(b, s, other, there, valid[there], necks(b, there, 0)), True
                ways_to_links(b, f, there, away[k], True, now.ends[m, 1])
                mark_to_link(b, there, away[k], necks(b, there, 0), now.gone[there])
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
def _room_for_away(b: Board, s: Lay) -> tuple[Floats, Bools]:
    """Room for the distances from stops on other floors than those that people come from, and which are known: none on one floor."""
    many = s.zones.shape[0] + b.spans[0, d.ALL_DOORS, 1] - b.spans[0, d.ALL_DOORS, 0] if b.planes.shape[0] > 1 else 0
    return np.empty((many, *b.planes.shape[2:])), np.zeros(many, np.bool_)


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
    dist = flooded(b, f, 0, valid, start, b.planes[f, d.ONES])
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
    return area_of(b, f, free & ~ways & b.bits[f, d.REACHABLE])
