"""Compiled: how far it is to walk over the anchors of a grid, and what can be walked to at all."""

from __future__ import annotations

import numpy as np
from numba import njit

from hallplan.place.kernels import Bools, Floats, Ints, is_met

PILE_M = 0.6
"""Anchors within this length of the nearest left are taken in any order: about a step."""
COLUMN, PLACE = 32, (1 << 32) - 1
"""A pile holds the column of an anchor above so many bits and its place below them: to divide for it would take as long as a step."""
OFF = -1.0
"""What stands for the distance to where no anchor is: below any."""


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
def flood(valid: np.ndarray, at_x: Floats, at_y: Floats, toll: Floats, seeds: Ints, portals: Ints) -> Floats:
    """Returns the walking distance in m from the seeds to each anchor, infinite where none leads.

    valid: anchors, (nx, ny) of bools or columns of bits.  toll: (nx, ny) factor, 1 or more, on the length of steps into a cell.
    seeds: (k, 2).  portals: (p, 5) i, j, i, j, length in cm.
    """
    return flood_within(valid, at_x, at_y, toll, seeds, portals, np.inf)


@njit(cache=True, nogil=True)
def flood_within(
    valid: np.ndarray, at_x: Floats, at_y: Floats, toll: Floats, seeds: Ints, portals: Ints, most: float
) -> Floats:
    """Returns what `flood` does for anchors up to a distance in m; for those farther away no less than theirs, or infinity.

    Label-correcting, the near ones before the far ones (Dial 1969, with two piles): hardly any anchor is taken twice.
    """
    nx, ny = toll.shape
    row = ny + 2
    dist = _bordered(valid, ny)
    is_piled, gate = np.zeros(dist.size, np.bool_), np.zeros(dist.size, np.bool_)
    for p in range(portals.shape[0]):
        gate[(portals[p, 0] + 1) * row + portals[p, 1] + 1] = gate[(portals[p, 2] + 1) * row + portals[p, 3] + 1] = True
    near, far = np.empty(nx * ny, np.int64), np.empty(nx * ny, np.int64)
    many, later, limit = 0, 0, PILE_M
    for k in range(seeds.shape[0]):
        i = np.int64(seeds[k, 0])
        at = (i + 1) * row + seeds[k, 1] + 1
        if dist[at] > 0.0:
            dist[at], is_piled[at], near[many] = 0.0, True, i << COLUMN | at
            many += 1
    while many > 0:
        many -= 1
        i, at = near[many] >> COLUMN, near[many] & PLACE
        j = at - (i + 1) * row - 1
        is_piled[at] = False
        here, is_north, is_south = dist[at], dist[at + 1] >= 0.0, dist[at - 1] >= 0.0
        for a in range(-1, 2):
            beside = at + a * row
            dx = abs(at_x[i + a] - at_x[i]) if a != 0 else 0.0
            if dist[beside] <= OFF:
                continue
            for b in range(-1, 2):
                to = beside + b
                # no step is shorter than its part along either axis: most are known to be in vain before their length is
                if here + dx >= dist[to] or (b == 1 and not is_north) or (b == -1 and not is_south):
                    continue
                length = dx
                if b != 0:
                    dy = abs(at_y[j + b] - at_y[j])
                    if here + dy >= dist[to]:
                        continue
                    length = np.sqrt(dx * dx + dy * dy) if a != 0 else dy
                value = here + length * toll[i + a, j + b]
                if value < dist[to] - 1e-9:
                    dist[to] = value
                    if not is_piled[to]:
                        is_piled[to] = True
                        if value < limit:
                            near[many] = (i + a) << COLUMN | to
                            many += 1
                        else:
                            far[later] = (i + a) << COLUMN | to
                            later += 1
        if gate[at]:
            later = _through_doors(at, row, portals, dist, is_piled, far, later)
        if many == 0 and later > 0 and limit <= most:
            many, later, limit = _next_pile(dist, near, far, later)
    return _unbordered(dist, nx, ny)


@njit(cache=True, nogil=True)
def _bordered(valid: np.ndarray, ny: int) -> Floats:
    """Returns infinity for each anchor with OFF for what is none, and all around, so that no step need ask where the grid ends."""
    nx = valid.shape[0]
    dist = np.full((nx + 2) * (ny + 2), OFF)
    for i in range(nx):
        first = (i + 1) * (ny + 2) + 1
        for j in range(ny):
            if is_met(valid, i, j):
                dist[first + j] = np.inf
    return dist


@njit(cache=True, nogil=True)
def _unbordered(dist: Floats, nx: int, ny: int) -> Floats:
    out = np.empty((nx, ny))
    for i in range(nx):
        first = (i + 1) * (ny + 2) + 1
        for j in range(ny):
            out[i, j] = dist[first + j] if dist[first + j] > OFF else np.inf
    return out


@njit(cache=True, nogil=True)
def _through_doors(at: int, row: int, portals: Ints, dist: Floats, is_piled: Bools, far: np.ndarray, later: int) -> int:
    """Puts what lies behind the narrow doors at an anchor on the far pile where it is reached sooner; returns the pile's size."""
    for p in range(portals.shape[0]):
        for k in range(0, 4, 2):
            if (portals[p, k] + 1) * row + portals[p, k + 1] + 1 != at:
                continue
            i = np.int64(portals[p, 2 - k])
            to = (i + 1) * row + portals[p, 3 - k] + 1
            value = dist[at] + portals[p, 4] / 100.0
            if value < dist[to] - 1e-9:
                dist[to] = value
                if not is_piled[to]:
                    is_piled[to], far[later] = True, i << COLUMN | to
                    later += 1
    return later


@njit(cache=True, nogil=True)
def _next_pile(dist: Floats, near: np.ndarray, far: np.ndarray, later: int) -> tuple[int, int, float]:
    """Moves the nearest of the far pile to the near one; returns the sizes of both and where near ends."""
    limit = np.inf
    for k in range(later):
        limit = min(limit, dist[far[k] & PLACE])
    limit += PILE_M
    many = left = 0
    for k in range(later):
        if dist[far[k] & PLACE] < limit:
            near[many] = far[k]
            many += 1
        else:
            far[left] = far[k]
            left += 1
    return many, left, limit
