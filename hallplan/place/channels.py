"""Compiled: ways held open among zones that float, each where it takes least from them: visitors' ways, then the staff's.

Global routing before cells lie fast, as in chips: Sechen and Sangiovanni-Vincentelli, 1985. The ways are those of the search itself, on its grid.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from hallplan.place import board as d
from hallplan.place.bits import Bits, is_set
from hallplan.place.board import Board, Lay, inner
from hallplan.place.floods import flood
from hallplan.place.ground import (
    IS_STAFF,
    MOVABLE,
    NEEDS_STAFF,
    P_SHARED,
    P_TAKEN,
    RECT,
    STRIP,
    Afloat,
    Ground,
    Span,
    line_at,
    span,
)
from hallplan.place.joined import (
    Rect,
    anchors,
    lead_seeds,
    necks,
    overlapping,
    public_cells,
    staff_goal,
    staff_start,
    way_to,
)
from hallplan.place.kernels import Bools, Floats, trace
from hallplan.place.shared import trace_doors, trace_goals

NEARLY_M = 0.15
"""A way before a zone that ends so little before a grid line takes in the cells up to that line: half of the finest."""


@inner
def _cells(g: Ground, f: int, r: Span) -> Rect:
    """The cells of a rectangle, from and to the lines that it ends at or nearly reaches."""
    return (
        line_at(g.lines, g.many, g.near, f, 0, r[0] + NEARLY_M),
        line_at(g.lines, g.many, g.near, f, 1, r[1] + NEARLY_M),
        line_at(g.lines, g.many, g.near, f, 0, r[2] + NEARLY_M),
        line_at(g.lines, g.many, g.near, f, 1, r[3] + NEARLY_M),
    )


@inner
def _summed(cells: Floats, m2: Floats, table: Floats) -> None:
    """Fills a counting table with the area of cells times what they hold."""
    for i in range(cells.shape[0]):
        row = 0.0
        for j in range(cells.shape[1]):
            row += cells[i, j] * m2[i, j]
            table[i + 1, j + 1] = table[i, j + 1] + row


@inner
def _tolls(b: Board, f: int, w: int, valid: Bits, taken: Floats, table: Floats) -> Floats:
    """What a metre of way costs at each anchor, one and what its window has of what is taken, m² by its width."""
    _summed(taken, b.planes[f, d.CELL_M2], table)
    out = np.ones(taken.shape)
    for i in range(taken.shape[0]):
        for j in range(taken.shape[1]):
            if is_set(valid, i, j):
                k, m = b.reach[f, w, 0, i], b.reach[f, w, 1, j]
                out[i, j] += (table[k, m] - table[i, m] - table[k, j] + table[i, j]) / b.price[d.WIDTHS + w]
    return out


@inner
def _public(g: Ground, s: Afloat, b: Board, lay: Lay, f: int, taken: Floats, held: Bools) -> None:
    """Marks visitors' ways to all that float, and between the doors."""
    cells, table = public_cells(b, lay, f), np.zeros((held.shape[0] + 1, held.shape[1] + 1))
    for w in range(b.reach.shape[1]):
        valid = anchors(b, f, w, cells)
        dist = flood(
            valid,
            b.at[f, w, 0],
            b.at[f, w, 1],
            _tolls(b, f, w, valid, taken, table),
            lead_seeds(b, f, w, valid),
            necks(b, f, w),
        )
        trace_doors(b, f, w, valid, dist, held)
        for z in range(g.zones.shape[0]):
            if s.floors[z] == f and g.zones[z, MOVABLE] == 1 and s.sides[z] >= 0 and b.zone[z, d.WAY] == w:
                _, i, j = way_to(b, lay, z, w, dist)
                if i >= 0:
                    trace(dist, necks(b, f, w), (i, j), b.reach[f, w, 0], b.reach[f, w, 1], held)
        if w == 0:
            trace_goals(b, f, dist, held, True)
    for z in range(g.zones.shape[0]):
        if s.floors[z] == f and g.zones[z, MOVABLE] == 1 and s.sides[z] >= 0:
            i0, j0, i1, j1 = _cells(g, f, span(s.at, z, STRIP))
            held[i0:i1, j0:j1] = True


@inner
def _staff(g: Ground, s: Afloat, b: Board, lay: Lay, f: int, taken: Floats, held: Bools) -> None:
    """Marks the ways of staff to all that float."""
    table = np.zeros((held.shape[0] + 1, held.shape[1] + 1))
    valid, start = staff_start(b, lay, f)
    dist = flood(valid, b.at[f, 0, 0], b.at[f, 0, 1], _tolls(b, f, 0, valid, taken, table), start, necks(b, f, 0))
    for z in range(g.zones.shape[0]):
        if s.floors[z] == f and g.zones[z, MOVABLE] == 1 and g.zones[z, NEEDS_STAFF] == 1:
            _, i, j = overlapping(b, f, dist, staff_goal(b, lay, z))
            if i >= 0:
                trace(dist, necks(b, f, 0), (i, j), b.reach[f, 0, 0], b.reach[f, 0, 1], held)


@njit(cache=True, nogil=True)
def channels(g: Ground, s: Afloat, b: Board, lay: Lay) -> None:
    """Fills the counting tables of `g.ways` with the ways among zones that float; lay: what lies fast, its other zones' places are set."""
    nx, ny = b.planes.shape[2], b.planes.shape[3]
    for f in range(b.planes.shape[0]):
        taken, held, trod, own = (
            np.zeros((nx, ny)),
            np.zeros((nx, ny), np.bool_),
            np.zeros((nx, ny), np.bool_),
            np.zeros((nx, ny), np.bool_),
        )
        for z in range(g.zones.shape[0]):
            if s.floors[z] == f and g.zones[z, MOVABLE] == 1:
                i0, j0, i1, j1 = _cells(g, f, span(s.at, z, RECT))
                lay.zones[z, 0], lay.zones[z, 1], lay.zones[z, 2], lay.zones[z, 3] = i0, j0, i1, j1
                lay.zones[z, d.FLOOR], lay.zones[z, d.FRONT] = f, s.fronts[z]
                taken[i0:i1, j0:j1] = g.price[P_TAKEN]
        _public(g, s, b, lay, f, taken, held)
        for i in range(nx):
            for j in range(ny):
                if held[i, j]:
                    taken[i, j] += g.price[P_SHARED]
        for z in range(g.zones.shape[0]):
            if s.floors[z] == f and g.zones[z, MOVABLE] == 1 and g.zones[z, IS_STAFF] == 1:
                i0, j0, i1, j1 = _cells(g, f, span(s.at, z, RECT))
                taken[i0:i1, j0:j1], own[i0:i1, j0:j1] = 0.0, True
        _staff(g, s, b, lay, f, taken, trod)
        filled = np.zeros((nx, ny))
        for i in range(nx):
            for j in range(ny):
                if held[i, j] or (trod[i, j] and not own[i, j]):
                    filled[i, j] = 1.0
        _summed(filled, b.planes[f, d.CELL_M2], g.ways[f])
