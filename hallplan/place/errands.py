"""Compiled: how far the staff walk in a day, between their door, the back offices and the counters, as `networks.staff_metres` tells it."""

from __future__ import annotations

import numpy as np
from numba import njit

from hallplan.place import board as d
from hallplan.place.board import Board, Lay, inner
from hallplan.place.joined import change, lines, necks, overlapping, staff_goal
from hallplan.place.kernels import Floats, length_m
from hallplan.place.putting import in_metres
from hallplan.place.stops import floor_of


@inner
def errands_here(b: Board, s: Lay, f: int, dist: Floats) -> float:
    """Returns what staff's walks to the zones of one floor cost, changes of floor apart; those from an office on it as the crow flies
    between the ways that touch either end: they are short, and to flood from each office would take longer than all else that is asked of staff's ways.

    dist: distances from where staff come in.
    """
    total, xs, ys = 0.0, lines(b, f, 0), lines(b, f, 1)
    at_x, at_y, portals = b.at[f, 0, 0], b.at[f, 0, 1], necks(b, f, 0)
    for q in range(b.spans[0, d.ERRANDS, 0], b.spans[0, d.ERRANDS, 1]):
        one, other = int(b.rows[q, 0]), int(b.rows[q, 1])
        if s.zones[other, d.FLOOR] != f:
            continue
        i0, j0, i1, j1 = goal = staff_goal(b, s, other)
        if one >= 0 and s.zones[one, d.FLOOR] == f:
            x0, y0, x1, y1 = in_metres(b, s, one)
            dx, dy = max(xs[i0] - x1, x0 - xs[i1], 0.0), max(ys[j0] - y1, y0 - ys[j1], 0.0)
            total += b.rows[q, 2] * max(0.0, np.sqrt(dx * dx + dy * dy) - b.price[d.WIDTHS])
            continue
        _, i, j = overlapping(b, f, dist, goal)
        if i >= 0:
            total += b.rows[q, 2] * length_m(dist, portals, at_x, at_y, i, j)
    return float(total)


@njit(cache=True, nogil=True)
def errands_between_floors(b: Board, s: Lay) -> float:
    """Returns what the changes of floor on staff's walks cost."""
    total = 0.0
    for q in range(b.spans[0, d.ERRANDS, 0], b.spans[0, d.ERRANDS, 1]):
        one, other = floor_of(b, s, int(b.rows[q, 0])), floor_of(b, s, int(b.rows[q, 1]))
        if one != other:
            total += b.rows[q, 2] * change(b, one, other)
    return total
