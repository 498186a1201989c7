"""Compiled loops on grids: counting tables, clear windows, walking distances.

Cells are (i, j) along x and y; a rectangle is half open, [i0, i1) × [j0, j1). An anchor (i, j) stands for the square
window of a way's width whose lower left cell it is, so a way that wide can be walked where its anchors join.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba import njit, types
from numba.extending import overload
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Whole = int | np.int64
Truth = bool | np.bool_
"""What a constant is passed as: given a literal, numba compiles the function called once more for it."""

EAST, NORTH, WEST, SOUTH = 0, 1, 2, 3
CLOSE_M = 1.5

Compiled = TypeVar("Compiled", bound=Callable[..., object])


def woven(function: Compiled) -> Compiled:
    """Compiles what loops call so often that it must become a part of them, and without counts of who holds an array: these would take
    three tenths of the time of a search. Such a function may neither make arrays nor return one.
    """
    options: dict[str, Any] = {"cache": True, "nogil": True, "forceinline": True, "_nrt": False}
    compiled: Compiled = njit(**options)(function)
    return compiled


def uncounted(function: Compiled) -> Compiled:
    """Compiles without counts of who holds an array, as `woven`, what is too long to become a part of all that call it."""
    options: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}
    compiled: Compiled = njit(**options)(function)
    return compiled


@njit(cache=True, nogil=True)
def integral(mask: Bools) -> Ints:
    """Returns the counting table of a mask."""
    nx, ny = mask.shape
    table = np.zeros((nx + 1, ny + 1), np.int32)
    for i in range(nx):
        row = 0
        for j in range(ny):
            row += mask[i, j]
            table[i + 1, j + 1] = table[i, j + 1] + row
    return table


@woven
def count(table: Ints, i0: int, j0: int, i1: int, j1: int) -> int:
    """Returns how many cells of a rectangle are set."""
    return int(table[i1, j1] - table[i0, j1] - table[i1, j0] + table[i0, j0])


@njit(cache=True, nogil=True)
def windows(cells: Bools, reach_x: Ints, reach_y: Ints) -> Bools:
    """Returns which anchors have a clear window; reach_x[i] is the line that ends a window begun at line i, -1 none."""
    nx, ny = cells.shape
    is_clear = np.zeros((nx, ny), np.bool_)
    for i in range(nx):
        run = 0
        for j in range(ny - 1, -1, -1):
            run = run + 1 if cells[i, j] else 0
            is_clear[i, j] = reach_y[j] >= 0 and run >= reach_y[j] - j
    runs = np.zeros(ny, np.int32)
    for i in range(nx - 1, -1, -1):
        least = reach_x[i] - i if reach_x[i] >= 0 else nx + 1
        for j in range(ny):
            runs[j] = runs[j] + 1 if is_clear[i, j] else 0
            is_clear[i, j] = runs[j] >= least
    return is_clear


@njit(cache=True, nogil=True)
def covered(valid: Bools, reach_x: Ints, reach_y: Ints) -> Bools:
    """Returns the cells that lie in the window of some valid anchor."""
    nx, ny = valid.shape
    step = np.zeros((nx + 1, ny + 1), np.int32)
    for i in range(nx):
        for j in range(ny):
            if valid[i, j]:
                step[i, j] += 1
                step[reach_x[i], j] -= 1
                step[i, reach_y[j]] -= 1
                step[reach_x[i], reach_y[j]] += 1
    out = np.zeros((nx, ny), np.bool_)
    for i in range(nx):
        for j in range(ny):
            if i > 0:
                step[i, j] += step[i - 1, j]
            if j > 0:
                step[i, j] += step[i, j - 1]
            if i > 0 and j > 0:
                step[i, j] -= step[i - 1, j - 1]
            out[i, j] = step[i, j] > 0
    return out


def is_met(field: np.ndarray, i: int, j: int) -> bool:
    """Returns whether an anchor counts: in a mask it is set, in distances finite, in columns of 64-bit words (nx, words) its bit is set."""
    raise NotImplementedError("for compiled code")


@overload(is_met, inline="always", strict=False)
def _is_met(field: types.Array, i: types.Integer, j: types.Integer) -> Callable[..., object]:  # noqa: ARG001 (numba looks at names)
    if field.dtype == types.boolean:
        return lambda field, i, j: field[i, j]
    if field.dtype == types.uint64:
        return lambda field, i, j: (field[i, j >> 6] >> np.uint64(j & 63)) & np.uint64(1) != np.uint64(0)
    return lambda field, i, j: field[i, j] < np.inf


@uncounted
def nearest(field: np.ndarray, at_x: Floats, at_y: Floats, x: float, y: float, most: float) -> tuple[int, int]:
    """Returns the anchor whose window's centre is nearest to a point and at most so far away; (-1, -1) for none.

    field: anchors as `is_met` takes them. Most are found close by: only where none is, all are looked at.
    """
    i, j = _nearest_within(field, at_x, at_y, x, y, min(most, CLOSE_M))
    return (i, j) if i >= 0 or most <= CLOSE_M else _nearest_within(field, at_x, at_y, x, y, most)


@uncounted
def _nearest_within(field: np.ndarray, at_x: Floats, at_y: Floats, x: float, y: float, most: float) -> tuple[int, int]:
    best, at_i, at_j = most * most, -1, -1
    first = np.searchsorted(at_y, y - most)
    for i in range(np.searchsorted(at_x, x - most), field.shape[0]):
        dx = (at_x[i] - x) * (at_x[i] - x)
        if dx > best:
            if at_x[i] > x:
                break
            continue
        for j in range(first, at_y.size):
            gap = dx + (at_y[j] - y) * (at_y[j] - y)
            if gap > best and at_y[j] > y:
                break
            if (gap < best or (at_i < 0 and gap <= best)) and is_met(field, i, j):
                best, at_i, at_j = gap, i, j
    return at_i, at_j


@woven
def beyond(lines: Floats, start: int, length: float) -> int:
    """Returns the first line at least `length` after `start`, -1 when there is none."""
    goal = lines[start] + length - 1e-6
    low, high = start, lines.size
    while low < high:
        middle = (low + high) // 2
        if lines[middle] < goal:
            low = middle + 1
        else:
            high = middle
    return low if low < lines.size else -1


@woven
def first_beyond(reach: Ints, line: int) -> int:
    """Returns the first window that ends beyond a line; reach: where windows end, later ones never before, the last ones -1 for none."""
    low, high = 0, max(line + 1, 0)
    while low < high:
        middle = (low + high) // 2
        if 0 <= reach[middle] <= line:
            low = middle + 1
        else:
            high = middle
    return low


@woven
def before(lines: Floats, end: int, length: float) -> int:
    """Returns the last line at least `length` before `end`, -1 when there is none."""
    goal = lines[end] - length + 1e-6
    low, high = 0, end + 1
    while low < high:
        middle = (low + high) // 2
        if lines[middle] <= goal:
            low = middle + 1
        else:
            high = middle
    return low - 1


@woven
def strip(xs: Floats, ys: Floats, r: tuple[int, int, int, int], side: int, depth: float) -> tuple[int, int, int, int]:
    """Returns the cells of a strip `depth` m deep outside one side of a rectangle; (-1, …) where the grid ends before."""
    i0, j0, i1, j1 = r
    if side == EAST:
        k = beyond(xs, i1, depth)
        return (i1, j0, k, j1) if k >= 0 else (-1, -1, -1, -1)
    if side == WEST:
        k = before(xs, i0, depth)
        return (k, j0, i0, j1) if k >= 0 else (-1, -1, -1, -1)
    if side == NORTH:
        k = beyond(ys, j1, depth)
        return (i0, j1, i1, k) if k >= 0 else (-1, -1, -1, -1)
    k = before(ys, j0, depth)
    return (i0, k, i1, j0) if k >= 0 else (-1, -1, -1, -1)


@njit(cache=True, nogil=True)
def touch(
    dist: Floats,
    xs: Floats,
    ys: Floats,
    reach_x: Ints,
    reach_y: Ints,
    r: tuple[int, int, int, int],
    side: int,
    least: float,
) -> tuple[float, int, int]:
    """Returns the nearest reached anchor whose window lies along a side of a rectangle over a least length in m.

    side: EAST … SOUTH, or -1 for any.  The answer is distance, i, j; infinite when none does.
    """
    i0, j0, i1, j1 = r
    nx, ny = dist.shape
    best, at_i, at_j = np.inf, -1, -1
    for i in range(nx):
        e = reach_x[i]
        if e < 0 or i > i1 or e < i0:
            continue
        for j in range(ny):
            f = reach_y[j]
            if f < 0 or j > j1 or f < j0 or dist[i, j] >= best:
                continue
            if _touches(xs, ys, (i, j, e, f), r, side, least):
                best, at_i, at_j = dist[i, j], i, j
    return best, at_i, at_j


@njit(cache=True, nogil=True)
def touching(
    valid: np.ndarray, xs: Floats, ys: Floats, reach_x: Ints, reach_y: Ints, r: tuple[int, int, int, int], least: float
) -> Ints:
    """Returns all valid anchors, (n, 2), whose windows lie along a side of a rectangle over a least length in m; valid: as `is_met` takes them."""
    i0, j0, i1, j1 = r
    low, high = (first_beyond(reach_x, i0 - 1), first_beyond(reach_y, j0 - 1)), (i1 + 1, j1 + 1)
    found = np.empty(((high[0] - low[0]) * (high[1] - low[1]), 2), np.int32)
    n = 0
    for i in range(low[0], min(reach_x.size, high[0])):
        e = reach_x[i]
        if e < i0:
            continue
        for j in range(low[1], min(reach_y.size, high[1])):
            f = reach_y[j]
            if f >= j0 and is_met(valid, i, j) and _touches(xs, ys, (i, j, e, f), r, -1, least):
                found[n, 0], found[n, 1] = i, j
                n += 1
    return found[:n]


@njit(cache=True, nogil=True)
def seen(
    dist: Floats, xs: Floats, ys: Floats, reach_x: Ints, reach_y: Ints, rects: Ints, sides: Ints, least: float
) -> Bools:
    """Returns for each of some rectangles, (n, 4), whether a reached anchor's window lies along its side, as `touch` does."""
    out = np.zeros(rects.shape[0], np.bool_)
    for n in range(rects.shape[0]):
        i0, j0, i1, j1 = rects[n]
        i = min(i1, dist.shape[0] - 1)
        while i >= 0 and not out[n] and (reach_x[i] < 0 or reach_x[i] >= i0):
            j = min(j1, dist.shape[1] - 1)
            while j >= 0 and not out[n] and (reach_y[j] < 0 or reach_y[j] >= j0):
                if reach_x[i] >= 0 and reach_y[j] >= 0 and dist[i, j] < np.inf:
                    window = (i, j, reach_x[i], reach_y[j])
                    out[n] = _touches(xs, ys, window, (i0, j0, i1, j1), sides[n], least)
                j -= 1
            i -= 1
    return out


@njit(cache=True, nogil=True)
def _touches(
    xs: Floats, ys: Floats, window: tuple[int, int, int, int], r: tuple[int, int, int, int], side: int, least: float
) -> bool:
    """Whether a window lies along a side of a rectangle over a least length; side -1 for any."""
    (i, j, e, f), (i0, j0, i1, j1) = window, r
    is_beside = (side in (-1, EAST) and i == i1) or (side in (-1, WEST) and e == i0)
    if is_beside and ys[min(f, j1)] - ys[max(j, j0)] >= least:
        return True
    is_before = (side in (-1, NORTH) and j == j1) or (side in (-1, SOUTH) and f == j0)
    return bool(is_before and xs[min(e, i1)] - xs[max(i, i0)] >= least)


@njit(cache=True, nogil=True)
def manned(dist: Floats, reach_x: Ints, reach_y: Ints, rects: Ints) -> Bools:
    """Returns for each of some rectangles whether a reached anchor's window overlaps it; rects: (n, 4)."""
    out = np.zeros(rects.shape[0], np.bool_)
    for n in range(rects.shape[0]):
        i0, j0, i1, j1 = rects[n]
        i = i1 - 1
        while i >= 0 and not out[n] and (reach_x[i] < 0 or reach_x[i] > i0):
            j = j1 - 1
            while j >= 0 and not out[n] and (reach_y[j] < 0 or reach_y[j] > j0):
                out[n] = reach_x[i] >= 0 and reach_y[j] >= 0 and dist[i, j] < np.inf
                j -= 1
            i -= 1
    return out


@njit(cache=True, nogil=True)
def within(dist: Floats, reach_x: Ints, reach_y: Ints, r: tuple[int, int, int, int]) -> float:
    """Returns the least distance to an anchor whose window overlaps a rectangle."""
    i0, j0, i1, j1 = r
    best = np.inf
    for i in range(dist.shape[0]):
        if reach_x[i] < 0 or i >= i1 or reach_x[i] <= i0:
            continue
        for j in range(dist.shape[1]):
            if reach_y[j] >= 0 and j < j1 and reach_y[j] > j0 and dist[i, j] < best:
                best = dist[i, j]
    return best


@njit(cache=True, nogil=True)
def label(valid: Bools, reach_x: Ints, reach_y: Ints) -> tuple[Ints, Ints]:
    """Returns the connected part (from 1) of each anchor, and of each cell in some anchor's window; 0 for none."""
    nx, ny = valid.shape
    part = np.zeros((nx, ny), np.int32)
    cells = np.zeros((nx, ny), np.int32)
    stack = np.empty(nx * ny, np.int32)
    n = 0
    for i in range(nx):
        for j in range(ny):
            if not valid[i, j] or part[i, j] > 0:
                continue
            n += 1
            part[i, j] = n
            stack[0], top = i * ny + j, 1
            while top > 0:
                top -= 1
                a, b = stack[top] // ny, stack[top] % ny
                cells[a : reach_x[a], b : reach_y[b]] = n
                for k in range(4):
                    c, d = a + (k == 0) - (k == 1), b + (k == 2) - (k == 3)
                    if 0 <= c < nx and 0 <= d < ny and valid[c, d] and part[c, d] == 0:
                        part[c, d] = n
                        stack[top] = c * ny + d
                        top += 1
    return part, cells


@njit(cache=True, nogil=True)
def spread(mask: Bools, owner: Ints) -> tuple[Ints, Ints]:
    """Returns, for each cell of a fine mask, the owner that reaches it first and in how many steps (-1 never).

    owner: -1 where none starts; changed in place.
    """
    nx, ny = mask.shape
    steps = np.full((nx, ny), -1, np.int32)
    queue = np.empty(nx * ny, np.int32)
    tail = 0
    for i in range(nx):
        for j in range(ny):
            if owner[i, j] >= 0 and mask[i, j]:
                steps[i, j] = 0
                queue[tail] = i * ny + j
                tail += 1
    head = 0
    while head < tail:
        a, b = queue[head] // ny, queue[head] % ny
        head += 1
        for k in range(4):
            c, d = a + (k == 0) - (k == 1), b + (k == 2) - (k == 3)
            if 0 <= c < nx and 0 <= d < ny and mask[c, d] and steps[c, d] < 0:
                steps[c, d] = steps[a, b] + 1
                owner[c, d] = owner[a, b]
                queue[tail] = c * ny + d
                tail += 1
    return owner, steps


@njit(cache=True, nogil=True)
def trace(dist: Floats, portals: Ints, start: tuple[int, int], reach_x: Ints, reach_y: Ints, mask: Bools) -> int:
    """Marks the cells of the windows on the shortest way from an anchor back to a seed; returns how many were new."""
    return trace_new(dist, portals, start, reach_x, reach_y, mask, np.zeros(dist.shape, np.bool_))


@njit(cache=True, nogil=True)
def trace_new(
    dist: Floats, portals: Ints, start: tuple[int, int], reach_x: Ints, reach_y: Ints, mask: Bools, is_met: Bools
) -> int:
    """Does what `trace` does up to the first anchor that is met already, and marks those it meets: from there on ways are one."""
    i, j = start
    new = 0
    while i >= 0 and not is_met[i, j]:
        is_met[i, j] = True
        for a in range(i, reach_x[i]):
            for b in range(j, reach_y[j]):
                if not mask[a, b]:
                    mask[a, b] = True
                    new += 1
        i, j = step_back(dist, portals, i, j)
    return new


@woven
def step_back(dist: Floats, portals: Ints, i: int, j: int) -> tuple[int, int]:
    """Returns the anchor before this one on the shortest way from a seed, (-1, -1) at a seed."""
    nx, ny = dist.shape
    if not dist[i, j] > 0.0:
        return -1, -1
    best, at_i, at_j = dist[i, j], -1, -1
    for a in range(max(0, i - 1), min(nx, i + 2)):
        for b in range(max(0, j - 1), min(ny, j + 2)):
            if dist[a, b] < best and (a == i or b == j or (np.isfinite(dist[a, j]) and np.isfinite(dist[i, b]))):
                best, at_i, at_j = dist[a, b], a, b
    for p in range(portals.shape[0]):
        for side in range(2):
            if portals[p, 2 * side] == i and portals[p, 2 * side + 1] == j:
                a, b = portals[p, 2 - 2 * side], portals[p, 3 - 2 * side]
                if dist[a, b] < best:
                    best, at_i, at_j = dist[a, b], a, b
    return at_i, at_j


@uncounted
def length_m(dist: Floats, portals: Ints, at_x: Floats, at_y: Floats, i: int, j: int) -> float:
    """Returns how long the shortest way from an anchor back to a seed is, m, whatever its steps count as.

    at_x, at_y: centres of windows, m.  portals: as in `flood`.
    """
    total = 0.0
    a, b = step_back(dist, portals, i, j)
    while a >= 0:
        step = np.hypot(at_x[a] - at_x[i], at_y[b] - at_y[j])
        if abs(a - i) > 1 or abs(b - j) > 1:
            for p in range(portals.shape[0]):
                ends = (portals[p, 0], portals[p, 1], portals[p, 2], portals[p, 3])
                if ends in ((i, j, a, b), (a, b, i, j)):
                    step = portals[p, 4] / 100.0
        total += step
        i, j = a, b
        a, b = step_back(dist, portals, i, j)
    return total
