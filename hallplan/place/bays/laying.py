"""Compiled: zones laid one after the other in rows along the aisles."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from hallplan.place.bays.hall import Hall, Shorts
from hallplan.place.kernels import EAST, NORTH, SOUTH, WEST, Floats, Ints

DEPTHS_M = np.array([2.7, 3.5, 4.4, 5.4, 6.5, 8.6, 99.0])
SNAP_M = 1.25
"""A zone takes all of its row's depth when it lacks less than this."""


class Genes(NamedTuple):
    """What the annealing changes. order: zones as they are laid; row, gap (cells), small, form: by zone; depth, turned: by row."""

    order: Ints
    row: Ints
    gap: Ints
    small: Ints
    form: Ints
    depth: Ints
    turned: Ints


class Lists(NamedTuple):
    """What the changes choose from. rows, near: by zone, padded, with their counts; pairs: by row the one behind or before."""

    rows: Ints
    counts: Ints
    near: Ints
    near_counts: Ints
    pairs: Ints


class Laid(NamedTuple):
    """Where zones lie: occupied cells; floor (-1 none), front and node; rectangles in cells and in m; a cursor by row."""

    occupied: Shorts
    floor: Ints
    front: Ints
    node: Ints
    cells: Ints
    rect: Floats
    cursor: Ints


@njit(cache=True, nogil=True)
def _outward(
    cells: Shorts, across: Floats, line: int, step: int, a: int, is_rear: bool, limit: float
) -> tuple[int, int]:
    """Returns the free cells outward from an aisle at one column, [from, to) counted from it; behind what lies there if rear.

    cells: (along, across), so that a column is one row.  limit: greatest depth in m.
    """
    n = cells.shape[1]
    p = line
    if is_rear:
        while 0 <= p < n and cells[a, p] > 0:
            p += step
        if p == line:
            return 0, 0
    first = p
    if step > 0:
        while p < n and cells[a, p] == 0 and across[p + 1] - across[first] <= limit:
            p += 1
        return first - line, p - line
    while p >= 0 and cells[a, p] == 0 and across[first + 1] - across[p] <= limit:
        p -= 1
    return line - first, line - p


@njit(cache=True, nogil=True)
def _metres(lines: Floats, line: int, step: int, a: int, b: int) -> float:
    """Returns the depth in m of cells [a, b) counted outward from a line."""
    if step > 0:
        return float(lines[line + b] - lines[line + a])
    return float(lines[line + 1 - a] - lines[line + 1 - b])


@njit(cache=True, nogil=True)
def _cells_of(axis: int, line: int, step: int, a: int, b: int, t0: int, t1: int) -> tuple[int, int, int, int]:
    low, high = (line + t0, line + t1) if step > 0 else (line + 1 - t1, line + 1 - t0)
    if axis == 0:
        return a, low, b, high
    return low, a, high, b


@njit(cache=True, nogil=True)
def columns_in(hall: Hall, f: int, r: tuple[int, int, int, int]) -> float:
    c = hall.column
    return float(c[f, r[2], r[3]] - c[f, r[0], r[3]] - c[f, r[2], r[1]] + c[f, r[0], r[1]])


@njit(cache=True, nogil=True)
def _trimmed(hall: Hall, f: int, axis: int, line: int, step: int, a: int, b: int, t0: int, t1: int, area: float, most: float, least: float) -> int:  # fmt: skip
    """Returns where a depth may end so that the area is met and the depth is `least` or more; -1 when it is not."""
    across = hall.ys[f] if axis == 0 else hall.xs[f]
    along = hall.xs[f] if axis == 0 else hall.ys[f]
    length = along[b] - along[a]
    for t in range(t0 + 1, t1 + 1):
        depth = _metres(across, line, step, t0, t)
        if depth < least - 1e-6 or length * depth < area:
            continue
        r = _cells_of(axis, line, step, a, b, t0, t)
        net = length * depth - columns_in(hall, f, r)
        if net < area - 1e-6:
            continue
        if net > most + 1e-6:
            return -1
        left = _metres(across, line, step, t, t1) if t < t1 else 0.0
        if 0.0 < left < SNAP_M:
            whole = length * (depth + left) - columns_in(hall, f, _cells_of(axis, line, step, a, b, t0, t1))
            if whole <= most + 1e-6:
                return t1
        return t
    return -1


@njit(cache=True, nogil=True)
def _lay(hall: Hall, genes: Genes, laid: Laid, z: int) -> bool:
    """Lays one zone at the first place of its row, from where the last one ended, that holds it."""
    q = genes.row[z]
    f, axis, line, step = hall.rows[q, 0], hall.rows[q, 1], hall.rows[q, 2], hall.rows[q, 3]
    low, high, is_rear = hall.rows[q, 4], hall.rows[q, 5], hall.rows[q, 6] == 1
    if hall.floors[z, f] == 0:
        return False
    across = hall.ys[f] if axis == 0 else hall.xs[f]
    along = hall.xs[f] if axis == 0 else hall.ys[f]
    cells = laid.occupied[f] if axis == 0 else laid.occupied[f].T
    n_forms = hall.traits[z, 4]
    least_length = least_depth = hall.limits[z, 3]
    if n_forms > 0:
        form = genes.form[z] % n_forms
        least_length = max(least_length, hall.forms[z, form, 0])
        least_depth = max(least_depth, hall.forms[z, form, 1])
    area = hall.limits[z, 0] if genes.small[z] == 1 else hall.limits[z, 1]
    most, aspect = hall.limits[z, 2], hall.limits[z, 4]
    limit = max(DEPTHS_M[genes.depth[q]], least_depth + 0.6)
    is_turned = genes.turned[q] == 1
    start = laid.cursor[q] + genes.gap[z]
    span = high - low
    while start < span:
        t0, t1 = 0, 100000
        end = start
        moved = False
        while end < span:
            a = high - 1 - end if is_turned else low + end
            p0, p1 = _outward(cells, across, line, step, a, is_rear, limit + 1e-6)
            if p1 <= p0 or _metres(across, line, step, p0, p1) < least_depth - 1e-6:
                start = end + 1
                moved = True
                break
            t0, t1 = max(t0, p0), min(t1, p1)
            end += 1
            if t1 <= t0 or _metres(across, line, step, t0, t1) < least_depth - 1e-6:
                start += 1
                moved = True
                break
            a, b = (high - end, high - start) if is_turned else (low + start, low + end)
            length = along[b] - along[a]
            if length < least_length - 1e-6 or length * _metres(across, line, step, t0, t1) < area:
                continue
            t = _trimmed(hall, f, axis, line, step, a, b, t0, t1, area, most, least_depth)
            if t < 0:
                continue
            depth = _metres(across, line, step, t0, t)
            if length > aspect * depth + 1e-6:
                break
            if depth > aspect * length + 1e-6:
                continue
            _put(hall, laid, z, q, a, b, t0, t)
            laid.cursor[q] = end
            return True
        if not moved:
            start += 1
    return False


@njit(cache=True, nogil=True)
def _put(hall: Hall, laid: Laid, z: int, q: int, a: int, b: int, t0: int, t1: int) -> None:
    f, axis, line, step = hall.rows[q, 0], hall.rows[q, 1], hall.rows[q, 2], hall.rows[q, 3]
    i0, j0, i1, j1 = _cells_of(axis, line, step, a, b, t0, t1)
    laid.occupied[f, i0:i1, j0:j1] = z + 1
    laid.cells[z, 0], laid.cells[z, 1], laid.cells[z, 2], laid.cells[z, 3] = i0, j0, i1, j1
    laid.rect[z, 0], laid.rect[z, 1] = hall.xs[f, i0], hall.ys[f, j0]
    laid.rect[z, 2], laid.rect[z, 3] = hall.xs[f, i1], hall.ys[f, j1]
    laid.floor[z] = f
    if axis == 0:
        laid.front[z] = SOUTH if step > 0 else NORTH
    else:
        laid.front[z] = WEST if step > 0 else EAST
    laid.node[z] = -1
    if hall.rows[q, 6] == 0:
        m = (a + b) // 2
        laid.node[z] = hall.node[f, m, line - step] if axis == 0 else hall.node[f, line - step, m]


@njit(cache=True, nogil=True)
def lay_all(hall: Hall, genes: Genes, laid: Laid) -> None:
    """Lays all zones in order; those that find no place have floor -1."""
    laid.occupied[:] = hall.base
    laid.cursor[:] = 0
    for z in range(laid.floor.size):
        laid.floor[z] = hall.fixed_at[z, 0]
        laid.front[z] = hall.fixed_at[z, 1]
        laid.node[z] = int(hall.fixed[z, 0])
        laid.rect[z] = hall.fixed[z, 1:5]
    for z in genes.order:
        _lay(hall, genes, laid, z)


@njit(cache=True, nogil=True)
def holding_rows(hall: Hall, genes: Genes, laid: Laid) -> Ints:
    """Returns (Z, R) whether a row by itself holds a zone at its least area, in some form; rear rows are taken to."""
    fits = np.zeros((hall.traits.shape[0], hall.rows.shape[0]), np.int32)
    laid.occupied[:] = hall.base
    genes.small[:] = 1
    genes.depth[:] = DEPTHS_M.size - 1
    for z in genes.order:
        for q in range(hall.rows.shape[0]):
            if hall.rows[q, 6] == 1:
                fits[z, q] = 1
                continue
            genes.row[z] = q
            for form in range(max(1, hall.traits[z, 4])):
                genes.form[z] = form
                laid.cursor[q] = 0
                if _lay(hall, genes, laid, z):
                    i0, j0, i1, j1 = laid.cells[z]
                    laid.occupied[laid.floor[z], i0:i1, j0:j1] = 0
                    fits[z, q] = 1
                    break
    return fits
