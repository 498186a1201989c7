"""Compiled: how far it is to walk over the anchors of a grid, and what can be walked to at all."""

from __future__ import annotations

import numpy as np
from numba import njit

from hallplan.place.kernels import Bools, Floats, Ints

PILE_M = 0.6
"""Anchors within this length of the nearest left are taken in any order: about a step."""


@njit(cache=True, nogil=True)
def join(valid: Bools, seeds: Ints, portals: Ints) -> Floats:
    """Returns 0 for each anchor that can be walked to from the seeds, else infinity: `flood` without the lengths."""
    nx, ny = valid.shape
    dist = np.full((nx, ny), np.inf)
    stack = np.empty(nx * ny, np.int32)
    top = 0
    for k in range(seeds.shape[0]):
        if valid[seeds[k, 0], seeds[k, 1]] and dist[seeds[k, 0], seeds[k, 1]] > 0:
            dist[seeds[k, 0], seeds[k, 1]] = 0.0
            stack[top] = seeds[k, 0] * ny + seeds[k, 1]
            top += 1
    while top > 0:
        while top > 0:
            top -= 1
            i, j = stack[top] // ny, stack[top] % ny
            for k in range(4):
                a, b = i + (k == 0) - (k == 1), j + (k == 2) - (k == 3)
                if 0 <= a < nx and 0 <= b < ny and valid[a, b] and dist[a, b] > 0:
                    dist[a, b] = 0.0
                    stack[top] = a * ny + b
                    top += 1
        for p in range(portals.shape[0]):
            for k in range(0, 4, 2):
                a, b = portals[p, 2 - k], portals[p, 3 - k]
                if dist[portals[p, k], portals[p, k + 1]] == 0 and valid[a, b] and dist[a, b] > 0:
                    dist[a, b] = 0.0
                    stack[top] = a * ny + b
                    top += 1
    return dist


@njit(cache=True, nogil=True)
def flood(valid: Bools, at_x: Floats, at_y: Floats, toll: Floats, seeds: Ints, portals: Ints) -> Floats:
    """Returns the walking distance in m from the seeds to each anchor, infinite where none leads.

    toll: (nx, ny) factor on the length of steps into a cell.  seeds: (k, 2).  portals: (p, 5) i, j, i, j, length in cm.
    Label-correcting, the near ones before the far ones (Dial 1969, with two piles): hardly any anchor is taken twice.
    """
    nx, ny = valid.shape
    dist, is_piled, gate = np.full((nx, ny), np.inf), np.zeros((nx, ny), np.bool_), np.zeros((nx, ny), np.bool_)
    for p in range(portals.shape[0]):
        gate[portals[p, 0], portals[p, 1]] = gate[portals[p, 2], portals[p, 3]] = True
    near, far = np.empty(nx * ny, np.int32), np.empty(nx * ny, np.int32)
    many, later, limit = 0, 0, PILE_M
    for k in range(seeds.shape[0]):
        i, j = seeds[k, 0], seeds[k, 1]
        if valid[i, j] and dist[i, j] > 0.0:
            dist[i, j], is_piled[i, j], near[many] = 0.0, True, i * ny + j
            many += 1
    while many > 0:
        many -= 1
        i, j = near[many] // ny, near[many] % ny
        is_piled[i, j] = False
        here = dist[i, j]
        for a in range(max(0, i - 1), min(nx, i + 2)):
            if not valid[a, j]:
                continue
            dx = at_x[a] - at_x[i]
            for b in range(max(0, j - 1), min(ny, j + 2)):
                if here >= dist[a, b] or not valid[a, b] or not valid[i, b]:
                    continue
                dy = at_y[b] - at_y[j]
                length = np.sqrt(dx * dx + dy * dy) if a != i and b != j else abs(dx + dy)
                value = here + length * toll[a, b]
                if value < dist[a, b] - 1e-9:
                    dist[a, b] = value
                    if not is_piled[a, b]:
                        is_piled[a, b] = True
                        if value < limit:
                            near[many] = a * ny + b
                            many += 1
                        else:
                            far[later] = a * ny + b
                            later += 1
        if gate[i, j]:
            later = _through_doors(i, j, valid, portals, dist, is_piled, far, later)
        if many == 0 and later > 0:
            many, later, limit = _next_pile(dist, near, far, later)
    return dist


@njit(cache=True, nogil=True)
def _through_doors(
    i: int, j: int, valid: Bools, portals: Ints, dist: Floats, is_piled: Bools, far: Ints, later: int
) -> int:
    """Puts what lies behind the narrow doors at an anchor on the far pile where it is reached sooner; returns the pile's size."""
    for p in range(portals.shape[0]):
        for k in range(0, 4, 2):
            a, b = portals[p, 2 - k], portals[p, 3 - k]
            if portals[p, k] != i or portals[p, k + 1] != j or not valid[a, b]:
                continue
            value = dist[i, j] + portals[p, 4] / 100.0
            if value < dist[a, b] - 1e-9:
                dist[a, b] = value
                if not is_piled[a, b]:
                    is_piled[a, b], far[later] = True, a * valid.shape[1] + b
                    later += 1
    return later


@njit(cache=True, nogil=True)
def _next_pile(dist: Floats, near: Ints, far: Ints, later: int) -> tuple[int, int, float]:
    """Moves the nearest of the far pile to the near one; returns the sizes of both and where near ends."""
    ny = dist.shape[1]
    limit = np.inf
    for k in range(later):
        limit = min(limit, dist[far[k] // ny, far[k] % ny])
    limit += PILE_M
    many = left = 0
    for k in range(later):
        if dist[far[k] // ny, far[k] % ny] < limit:
            near[many] = far[k]
            many += 1
        else:
            far[left] = far[k]
            left += 1
    return many, left, limit
