"""Compiled: what a filling costs by walking, nearness, staff, areas, light and floor left over."""

from __future__ import annotations

import numpy as np
from numba import njit

from hallplan.place.bays.crossing import crossed_m
from hallplan.place.bays.hall import Hall
from hallplan.place.bays.laying import Laid, columns_in
from hallplan.place.kernels import EAST, NORTH, SOUTH, WEST, Floats
from hallplan.place.spots import edge, wrong_side

BAND_M = 1.8
BACK_M = 1.2
TOUCH_M = 1.0
NO_WAY_M = 60.0
CUT_OFF_M = 30.0
"""What a staff area in a rear row counts as when no other staff area leads to it."""


@njit(cache=True, nogil=True)
def _edge(rect: Floats, side: int) -> tuple[float, float, float, float]:
    return edge(rect[0], rect[1], rect[2], rect[3], side)


@njit(cache=True, nogil=True)
def _gap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> float:
    return max(0.0, b[0] - a[2], a[0] - b[2]) + max(0.0, b[1] - a[3], a[1] - b[3])


@njit(cache=True, nogil=True)
def _meeting(laid: Laid, z: int, meets: int) -> tuple[float, float, float, float]:
    if meets == 0 or laid.front[z] < 0:
        return _edge(laid.rect[z], -1)
    return _edge(laid.rect[z], laid.front[z] if meets == 1 else (laid.front[z] + 2) % 4)


@njit(cache=True, nogil=True)
def _node(hall: Hall, laid: Laid, stop: int) -> int:
    return int(hall.doors[-1 - stop]) if stop < 0 else int(laid.node[stop])


@njit(cache=True, nogil=True)
def _walked(hall: Hall, laid: Laid) -> float:
    total = 0.0
    for n in range(hall.flows.shape[0]):
        a, b = int(hall.flows[n, 0]), int(hall.flows[n, 1])
        if (a >= 0 and laid.floor[a] < 0) or (b >= 0 and laid.floor[b] < 0):
            continue
        p, q = _node(hall, laid, a), _node(hall, laid, b)
        total += hall.flows[n, 2] * (NO_WAY_M if p < 0 or q < 0 else hall.dist[p, q])
    return total


@njit(cache=True, nogil=True)
def _wished(hall: Hall, laid: Laid) -> float:
    total = 0.0
    for n in range(hall.wishes.shape[0]):
        a, b, weight = int(hall.wishes[n, 0]), int(hall.wishes[n, 1]), hall.wishes[n, 2]
        if laid.floor[a] < 0 or laid.floor[b] < 0:
            continue
        if laid.floor[a] != laid.floor[b]:
            total += weight * 30.0 if weight > 0 else 0.0
            continue
        meets_a, meets_b = int(hall.wishes[n, 3]), int(hall.wishes[n, 4])
        gap = _gap(_meeting(laid, a, meets_a), _meeting(laid, b, meets_b))
        if weight <= 0:
            total -= weight * max(0.0, hall.weights[7] - gap)
            continue
        one, other = _edge(laid.rect[a], -1), _edge(laid.rect[b], -1)
        gap += wrong_side(one, other, laid.front[a], meets_a) + wrong_side(other, one, laid.front[b], meets_b)
        total += weight * gap
    return total


@njit(cache=True, nogil=True)
def _back(laid: Laid, z: int, is_staff: bool) -> tuple[float, float, float, float]:
    """Returns where staff walk in a zone: all of their own, the band behind counters."""
    x0, y0, x1, y1 = laid.rect[z]
    if is_staff or laid.front[z] < 0:
        return x0, y0, x1, y1
    back = (laid.front[z] + 2) % 4
    if back == EAST:
        return max(x0, x1 - BACK_M), y0, x1, y1
    if back == WEST:
        return x0, y0, min(x1, x0 + BACK_M), y1
    if back == NORTH:
        return x0, max(y0, y1 - BACK_M), x1, y1
    return x0, y0, x1, min(y1, y0 + BACK_M)


@njit(cache=True, nogil=True)
def _step(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> float:
    """Returns the metres that staff walk outside their own floor between two areas: none where these share a side."""
    gap = _gap(a, b)
    if gap > 0.05:
        return gap
    shared = max(min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1]))
    return 0.0 if shared >= TOUCH_M else 1.2


@njit(cache=True, nogil=True)
def _staffed(hall: Hall, laid: Laid) -> float:
    """Returns the metres of the shortest tree that joins all staff areas to where staff come in (Prim)."""
    n = laid.floor.size
    areas = np.empty((n, 4))
    near = np.full(n, np.inf)
    todo = 0
    for z in range(n):
        if hall.traits[z, 2] == 0 or laid.floor[z] < 0:
            continue
        if hall.traits[z, 3] == 1 and hall.traits[z, 0] == 2:
            continue
        area = _back(laid, z, hall.traits[z, 0] == 2)
        areas[z, 0], areas[z, 1], areas[z, 2], areas[z, 3] = area
        near[z] = NO_WAY_M
        todo += 1
        for s in range(hall.staff.shape[0]):
            if int(hall.staff[s, 0]) == laid.floor[z]:
                seed = (hall.staff[s, 1], hall.staff[s, 2], hall.staff[s, 3], hall.staff[s, 4])
                near[z] = min(near[z], _step(area, seed))
    total = 0.0
    for _ in range(todo):
        best = 0
        for z in range(n):
            if near[z] < near[best]:
                best = z
        total += near[best] + (CUT_OFF_M if near[best] > 0.05 and laid.node[best] < 0 else 0.0)
        near[best] = np.inf
        here = (areas[best, 0], areas[best, 1], areas[best, 2], areas[best, 3])
        f = laid.floor[best]
        for z in range(n):
            if near[z] < np.inf and near[z] > 0.0 and laid.floor[z] == f:
                gap = _step(here, (areas[z, 0], areas[z, 1], areas[z, 2], areas[z, 3]))
                near[z] = min(near[z], gap)
    return total


@njit(cache=True, nogil=True)
def _open_sides(hall: Hall, laid: Laid, z: int) -> float:
    """Returns the metres of a zone's sides, its front left out, that border on floor given to nobody."""
    f, front = laid.floor[z], laid.front[z]
    i0, j0, i1, j1 = laid.cells[z]
    nx, ny = laid.occupied.shape[1], laid.occupied.shape[2]
    out = 0.0
    if front != WEST and i0 > 0:
        for j in range(j0, j1):
            if laid.occupied[f, i0 - 1, j] == 0:
                out += hall.ys[f, j + 1] - hall.ys[f, j]
    if front != EAST and i1 < nx:
        for j in range(j0, j1):
            if laid.occupied[f, i1, j] == 0:
                out += hall.ys[f, j + 1] - hall.ys[f, j]
    if front != SOUTH and j0 > 0:
        for i in range(i0, i1):
            if laid.occupied[f, i, j0 - 1] == 0:
                out += hall.xs[f, i + 1] - hall.xs[f, i]
    if front != NORTH and j1 < ny:
        for i in range(i0, i1):
            if laid.occupied[f, i, j1] == 0:
                out += hall.xs[f, i + 1] - hall.xs[f, i]
    return out


@njit(cache=True, nogil=True)
def _own(hall: Hall, laid: Laid, z: int) -> float:
    """Returns what one laid zone costs by itself."""
    f = laid.floor[z]
    i0, j0, i1, j1 = laid.cells[z]
    x0, y0, x1, y1 = laid.rect[z]
    net = (x1 - x0) * (y1 - y0) - columns_in(hall, f, (i0, j0, i1, j1))
    cost = hall.weights[0] * abs(net - hall.limits[z, 1]) + hall.weights[4] * _open_sides(hall, laid, z)
    if hall.limits[z, 6] > 0:
        mi, mj = (i0 + i1) // 2, (j0 + j1) // 2
        light = min(hall.light[f, i0, mj], hall.light[f, i1 - 1, mj])
        cost += hall.limits[z, 6] * min(light, hall.light[f, mi, j0], hall.light[f, mi, j1 - 1])
    if hall.traits[z, 4] > 0:
        cost += hall.weights[5] * _banded(hall, laid, z)
    return float(cost)


@njit(cache=True, nogil=True)
def _banded(hall: Hall, laid: Laid, z: int) -> float:
    """Returns the column area in m² within the counters and their visitors, the first BAND_M behind the front."""
    f, front = laid.floor[z], laid.front[z]
    i0, j0, i1, j1 = laid.cells[z]
    if front == EAST:
        while i1 - i0 > 1 and hall.xs[f, i1] - hall.xs[f, i0 + 1] >= BAND_M:
            i0 += 1
    elif front == WEST:
        while i1 - i0 > 1 and hall.xs[f, i1 - 1] - hall.xs[f, i0] >= BAND_M:
            i1 -= 1
    elif front == NORTH:
        while j1 - j0 > 1 and hall.ys[f, j1] - hall.ys[f, j0 + 1] >= BAND_M:
            j0 += 1
    else:
        while j1 - j0 > 1 and hall.ys[f, j1 - 1] - hall.ys[f, j0] >= BAND_M:
            j1 -= 1
    return float(columns_in(hall, f, (i0, j0, i1, j1)))


@njit(cache=True, nogil=True)
def cost_of(hall: Hall, laid: Laid, most: float) -> float:
    """Returns the cost of what is laid: walking, nearness, staff, areas, light, ragged floor, zones without a place.

    most: past this the sum is not gone on with, since no part is negative.
    """
    cost = _wished(hall, laid) + _walked(hall, laid)
    for z in range(laid.floor.size):
        if laid.floor[z] < 0 and hall.traits[z, 3] == 0:
            cost += hall.weights[6] + 5.0 * hall.limits[z, 1]
    if cost > most:
        return float(cost)
    cost += hall.weights[9] * _staffed(hall, laid)
    for z in range(laid.floor.size):
        if laid.floor[z] >= 0 and hall.traits[z, 3] == 0:
            cost += _own(hall, laid, z)
            if cost > most:
                return float(cost)
    return float(cost + hall.weights[3] * crossed_m(hall, laid))
