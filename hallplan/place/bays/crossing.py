"""Compiled: how far the ways of staff run over the aisles of visitors."""

from __future__ import annotations

import numpy as np
from numba import njit

from hallplan.place.bays.hall import AISLE, Hall, Shorts
from hallplan.place.bays.laying import Laid
from hallplan.place.kernels import EAST, NORTH, SOUTH, WEST, Ints

BACK_M = 1.2
START_M = 2.0
"""Staff come in anywhere this near to their door."""
NO_WAY_M = 60.0
OWN = 3
"""Floor of the staff: beside FLOOR and AISLE what a cell can be."""


@njit(cache=True, nogil=True)
def crossed_m(hall: Hall, laid: Laid) -> float:
    """Returns the metres of aisle that staff use on the ways of least aisle to their places, each stretch counted once.

    hall.weights[10] metres more for each aisle that they step into, NO_WAY_M for a place that they cannot come to.
    """
    total = 0.0
    for f in range(hall.xs.shape[0]):
        total += _on_floor(hall, laid, f)
    return total


@njit(cache=True, nogil=True)
def _on_floor(hall: Hall, laid: Laid, f: int) -> float:
    owner = np.zeros(hall.base.shape[1:], np.int16)
    kind = hall.ground[f].copy()
    todo = _staff_floor(hall, laid, f, kind, owner)
    if todo == 0:
        return 0.0
    goals = np.full(laid.floor.size, -1, np.int32)
    came = np.full(kind.size, -2, np.int32)
    todo -= _spread(hall, f, kind, owner, goals, came, todo)
    return _traced(hall, f, kind, goals, came) + NO_WAY_M * todo


@njit(cache=True, nogil=True)
def _staff_floor(hall: Hall, laid: Laid, f: int, kind: Shorts, owner: Shorts) -> int:
    """Marks what lies on a floor: zones shut, those of staff and the bands behind counters open; returns the staff's places."""
    todo = 0
    for z in range(laid.floor.size):
        if laid.floor[z] != f or hall.traits[z, 3] == 1:
            continue
        i0, j0, i1, j1 = laid.cells[z]
        kind[i0:i1, j0:j1] = 0
        if hall.traits[z, 2] == 0:
            continue
        if hall.traits[z, 0] == 1:
            i0, j0, i1, j1 = _band(hall, f, laid.cells[z], (laid.front[z] + 2) % 4)
        kind[i0:i1, j0:j1] = OWN
        owner[i0:i1, j0:j1] = z + 1
        todo += 1
    return todo


@njit(cache=True, nogil=True)
def _band(hall: Hall, f: int, cells: Ints, back: int) -> tuple[int, int, int, int]:
    """Returns the cells at the back of a counter zone where its staff walk."""
    i0, j0, i1, j1 = cells
    a0, b0, a1, b1 = i0, j0, i1, j1
    if back == EAST:
        while a0 < i1 - 1 and hall.xs[f, i1] - hall.xs[f, a0 + 1] >= BACK_M - 1e-6:
            a0 += 1
    elif back == WEST:
        while a1 > i0 + 1 and hall.xs[f, a1 - 1] - hall.xs[f, i0] >= BACK_M - 1e-6:
            a1 -= 1
    elif back == NORTH:
        while b0 < j1 - 1 and hall.ys[f, j1] - hall.ys[f, b0 + 1] >= BACK_M - 1e-6:
            b0 += 1
    elif back == SOUTH:
        while b1 > j0 + 1 and hall.ys[f, b1 - 1] - hall.ys[f, j0] >= BACK_M - 1e-6:
            b1 -= 1
    return a0, b0, a1, b1


@njit(cache=True, nogil=True)
def _is_open(hall: Hall, f: int, kind: Shorts, i: int, j: int) -> bool:
    """Whether the window of a way that begins at a cell lies on floor that staff can walk on."""
    i1, j1 = hall.reach_x[f, i], hall.reach_y[f, j]
    if i1 < 0 or j1 < 0:
        return False
    for a in range(i, i1):
        for b in range(j, j1):
            if kind[a, b] == 0:
                return False
    return True


@njit(cache=True, nogil=True)
def _spread(hall: Hall, f: int, kind: Shorts, owner: Shorts, goals: Ints, came: Ints, most: int) -> int:
    """Walks from the staff's doors over all windows, those on least aisle first, until `most` places are come to.

    goals: by zone the window at it, -1 none.  came: by window the one before it, -1 at a door, -2 where nobody came.
    """
    ny, found = kind.shape[1], 0
    here, ahead = np.empty(kind.size, np.int32), np.empty(kind.size, np.int32)
    n, m = _at_doors(hall, f, kind, here, came), 0
    while n > 0:
        while n > 0:
            n -= 1
            at = here[n]
            i, j = at // ny, at % ny
            z = max(owner[i, j], owner[hall.reach_x[f, i] - 1, hall.reach_y[f, j] - 1]) - 1
            if z >= 0 and goals[z] < 0:
                goals[z] = at
                found += 1
                if found == most:
                    return found
            for turn in range(4):
                a = i + (turn == 0) - (turn == 1)
                b = j + (turn == 2) - (turn == 3)
                if a < 0 or b < 0 or a >= kind.shape[0] or b >= ny or came[a * ny + b] != -2:
                    continue
                if not _is_open(hall, f, kind, a, b):
                    continue
                came[a * ny + b] = at
                if kind[a, b] == AISLE:
                    ahead[m] = a * ny + b
                    m += 1
                else:
                    here[n] = a * ny + b
                    n += 1
        here, ahead = ahead, here
        n, m = m, 0
    return found


@njit(cache=True, nogil=True)
def _at_doors(hall: Hall, f: int, kind: Shorts, here: Ints, came: Ints) -> int:
    """Puts the windows at the staff's doors into a list; returns how many."""
    n, ny = 0, kind.shape[1]
    for s in range(hall.staff.shape[0]):
        if int(hall.staff[s, 0]) != f:
            continue
        x, y = (hall.staff[s, 1] + hall.staff[s, 3]) / 2, (hall.staff[s, 2] + hall.staff[s, 4]) / 2
        for i in range(kind.shape[0]):
            if abs(hall.xs[f, i] + BACK_M / 2 - x) > START_M:
                continue
            for j in range(ny):
                near = abs(hall.ys[f, j] + BACK_M / 2 - y) <= START_M and came[i * ny + j] == -2
                if near and _is_open(hall, f, kind, i, j):
                    here[n] = i * ny + j
                    came[i * ny + j] = -1
                    n += 1
    return n


@njit(cache=True, nogil=True)
def _traced(hall: Hall, f: int, kind: Shorts, goals: Ints, came: Ints) -> float:
    """Returns the metres of aisle on the ways back from all places, with what stepping into an aisle counts as."""
    total, ny = 0.0, kind.shape[1]
    for z in range(goals.size):
        at = goals[z]
        while at >= 0:
            before = came[at]
            if before == -2:
                break
            came[at] = -2
            i, j = at // ny, at % ny
            if kind[i, j] == AISLE:
                total += np.sqrt((hall.xs[f, i + 1] - hall.xs[f, i]) * (hall.ys[f, j + 1] - hall.ys[f, j]))
                if before < 0 or kind[before // ny, before % ny] != AISLE:
                    total += hall.weights[10]
            at = before
    return total
