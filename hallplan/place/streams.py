"""Compiled: where visitors walk between the stops of a floor, from zone to zone as well as from the doors."""

from __future__ import annotations

import numpy as np

from hallplan.place import bits
from hallplan.place import board as d
from hallplan.place.bits import Bits
from hallplan.place.board import Board, Lay, inner, lean
from hallplan.place.floods import flood
from hallplan.place.joined import anchors, nearest, necks, public_cells
from hallplan.place.kernels import Floats, Ints, step_back
from hallplan.place.stops import floor_of, start_of, way_from
from hallplan.place.walking import NEAR_M, SAMPLES

NOBODY = -(1 << 30)
"""Stands for no stop."""


@inner
def from_stop(b: Board, s: Lay, stop: int, f: int, valid: Bits, portals: Ints) -> Floats:
    """Returns how far it is from a stop to all of its floor."""
    start = start_of(b, s, stop, f, valid)
    return flood(valid, b.at[f, 0, 0], b.at[f, 0, 1], b.planes[f, d.ONES], start, portals)


@lean
def mark(dist: Floats, portals: Ints, ends: Ints, met: Bits, gone: Bits) -> None:
    """Marks the anchors on the ways from some anchors, -1 for none, back to where a flood began.  met: those of its ways so far."""
    for n in range(ends.shape[0]):
        i, j = ends[n, 0], ends[n, 1]
        while i >= 0 and not bits.is_set(met, i, j):
            bits.put_bit(met, i, j)
            bits.put_bit(gone, i, j)
            i, j = step_back(dist, portals, i, j)


@lean
def mark_to_link(b: Board, f: int, dist: Floats, portals: Ints, gone: Bits) -> None:
    """Marks the way to the stair or lift of a floor nearest to where a flood began: which is best for the whole of a walk hangs on the floor
    that it leads to, and what is told of one floor is kept while others change."""
    best, i, j = np.inf, -1, -1
    for q in range(b.spans[0, d.LINKS, 0], b.spans[0, d.LINKS, 1]):
        if b.rows[q, 0] == f:
            at_i, at_j = nearest(b, f, 0, dist, b.rows[q, 2], b.rows[q, 3], NEAR_M)
            if at_i >= 0 and dist[at_i, at_j] < best:
                best, i, j = dist[at_i, at_j], at_i, at_j
    while i >= 0:
        bits.put_bit(gone, i, j)
        i, j = step_back(dist, portals, i, j)


@inner
def gone_by(b: Board, s: Lay, f: int) -> Bits:
    """Returns the anchors that visitors pass on a floor on their walks between stops, (nx, words), as `walked.walks` fills them in."""
    valid, portals = anchors(b, f, 0, public_cells(b, s, f)), necks(b, f, 0)
    gone, met, ends = np.zeros_like(valid), np.zeros_like(valid), np.empty((SAMPLES, 2), np.int32)
    dist, flooded = np.empty((0, 0)), NOBODY
    for q in range(b.spans[0, d.FLOWS, 0], b.spans[0, d.FLOWS, 1]):
        one, other = int(b.rows[q, 0]), int(b.rows[q, 1])
        if floor_of(b, s, one) != f:
            one, other = other, one
        there = floor_of(b, s, other)
        if floor_of(b, s, one) != f:
            continue
        if one != flooded:
            dist, flooded = from_stop(b, s, one, f, valid, portals), one
            met[:] = bits.NIL
        if there == f:
            way_from(b, s, other, f, dist, ends)
            mark(dist, portals, ends, met, gone)
        elif there >= 0:
            mark_to_link(b, f, dist, portals, gone)
    return gone
