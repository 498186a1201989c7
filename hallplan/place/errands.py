"""Compiled: how far the staff walk in a day, between their door, the back offices and the counters, as `networks.staff_metres` tells it."""

from __future__ import annotations

import numpy as np
from numba import njit

from hallplan.place import board as d
from hallplan.place.board import Board, Lay, inner, lean
from hallplan.place.joined import Rect, change, lines, necks, overlapping, staff_goal
from hallplan.place.kernels import Floats, length_m
from hallplan.place.putting import in_metres
from hallplan.place.stops import floor_of


@inner
def errands_here(b: Board, s: Lay, f: int, dist: Floats) -> float:
    """Returns what staff's walks to the zones of one floor cost, changes of floor apart; those from an office on it as the crow flies
    between the ways that touch either end: they are short, and to flood from each office would take longer than all else that is asked of staff's ways.

    dist: distances from where staff come in.
    """
    total = 0.0
    at_x, at_y, portals = b.at[f, 0, 0], b.at[f, 0, 1], necks(b, f, 0)
    for q in range(b.spans[0, d.ERRANDS, 0], b.spans[0, d.ERRANDS, 1]):
        one, other = int(b.rows[q, 0]), int(b.rows[q, 1])
        if s.zones[other, d.FLOOR] != f:
            continue
        goal = staff_goal(b, s, other)
        if one >= 0 and s.zones[one, d.FLOOR] == f:
            total += b.rows[q, 2] * max(0.0, gap_to(b, s, one, goal) - b.price[d.WIDTHS])
            continue
        _, i, j = overlapping(b, f, dist, goal)
        if i >= 0:
            total += b.rows[q, 2] * length_m(dist, portals, at_x, at_y, i, j)
    return float(total)


@lean
def gap_to(b: Board, s: Lay, z: int, r: Rect) -> float:
    """Returns the straight metres between a zone and a rectangle of cells on its floor."""
    xs, ys = lines(b, s.zones[z, d.FLOOR], 0), lines(b, s.zones[z, d.FLOOR], 1)
    x0, y0, x1, y1 = in_metres(b, s, z)
    dx, dy = max(xs[r[0]] - x1, x0 - xs[r[2]], 0.0), max(ys[r[1]] - y1, y0 - ys[r[3]], 0.0)
    return float(np.sqrt(dx * dx + dy * dy))


@njit(cache=True, nogil=True)
def errands_between_floors(b: Board, s: Lay) -> float:
    """Returns what the changes of floor on staff's walks cost."""
    total = 0.0
    for q in range(b.spans[0, d.ERRANDS, 0], b.spans[0, d.ERRANDS, 1]):
        one, other = floor_of(b, s, int(b.rows[q, 0])), floor_of(b, s, int(b.rows[q, 1]))
        if one != other:
            total += b.rows[q, 2] * change(b, one, other)
    return total
