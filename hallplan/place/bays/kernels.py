"""Compiled: zones laid one after the other in rows along the aisles, what that costs, and the annealing over orders."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from hallplan.place.bays.hall import Hall, Shorts
from hallplan.place.kernels import EAST, NORTH, SOUTH, WEST, Floats, Ints
from hallplan.place.spots import wrong_side

DEPTHS_M = np.array([2.7, 3.5, 4.4, 5.4, 6.5, 8.6, 99.0])
SNAP_M = 1.25
"""A zone takes all of its row's depth when it lacks less than this."""
BAND_M = 1.8
BACK_M = 1.2
TOUCH_M = 1.0
NO_WAY_M = 60.0
CUT_OFF_M = 30.0
"""What a staff area in a rear row counts as when no other staff area leads to it."""


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
def _columns(hall: Hall, f: int, r: tuple[int, int, int, int]) -> float:
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
        net = length * depth - _columns(hall, f, r)
        if net < area - 1e-6:
            continue
        if net > most + 1e-6:
            return -1
        left = _metres(across, line, step, t, t1) if t < t1 else 0.0
        if 0.0 < left < SNAP_M:
            whole = length * (depth + left) - _columns(hall, f, _cells_of(axis, line, step, a, b, t0, t1))
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
            if n_forms == 0 and length > aspect * depth + 1e-6:
                break
            if n_forms == 0 and depth > aspect * length + 1e-6:
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


@njit(cache=True, nogil=True)
def _edge(rect: Floats, side: int) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = rect[0], rect[1], rect[2], rect[3]
    if side == EAST:
        return x1, y0, x1, y1
    if side == WEST:
        return x0, y0, x0, y1
    if side == NORTH:
        return x0, y1, x1, y1
    if side == SOUTH:
        return x0, y0, x1, y0
    return x0, y0, x1, y1


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
    net = (x1 - x0) * (y1 - y0) - _columns(hall, f, (i0, j0, i1, j1))
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
    return float(_columns(hall, f, (i0, j0, i1, j1)))


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
    cost += hall.weights[3] * _staffed(hall, laid)
    for z in range(laid.floor.size):
        if laid.floor[z] >= 0 and hall.traits[z, 3] == 0:
            cost += _own(hall, laid, z)
            if cost > most:
                return float(cost)
    return float(cost)


@njit(cache=True, nogil=True)
def _copy(a: Genes, b: Genes) -> None:
    a.order[:] = b.order
    a.row[:] = b.row
    a.gap[:] = b.gap
    a.small[:] = b.small
    a.form[:] = b.form
    a.depth[:] = b.depth
    a.turned[:] = b.turned


@njit(cache=True, nogil=True)
def _pick_row(rows: Ints, counts: Ints, z: int) -> int:
    return int(rows[z, np.random.randint(0, counts[z])])


@njit(cache=True, nogil=True)
def _move_before(order: Ints, a: int, b: int) -> None:
    """Moves the entry at place a of an order to place b."""
    value = order[a]
    if a < b:
        order[a:b] = order[a + 1 : b + 1].copy()
    else:
        order[b + 1 : a + 1] = order[b:a].copy()
    order[b] = value


@njit(cache=True, nogil=True)
def _change(genes: Genes, lists: Lists) -> None:
    """One random change of the genes."""
    rows, counts = lists.rows, lists.counts
    n = genes.order.size
    u = np.random.random()
    a = np.random.randint(0, n)
    z = genes.order[a]
    if u < 0.28:
        genes.row[z] = _pick_row(rows, counts, z)
        genes.gap[z] = 0
        _move_before(genes.order, a, np.random.randint(0, n))
    elif u < 0.46:
        _move_before(genes.order, a, np.random.randint(0, n))
    elif u < 0.62:
        b = np.random.randint(0, n)
        other = genes.order[b]
        genes.order[a], genes.order[b] = other, z
        p, q = genes.row[z], genes.row[other]
        if _may(rows, counts, z, q) and _may(rows, counts, other, p):
            genes.row[z], genes.row[other] = q, p
    elif u < 0.78:
        if lists.near_counts[z] > 0:
            other = lists.near[z, np.random.randint(0, lists.near_counts[z])]
            q = genes.row[other]
            if np.random.random() < 0.5:
                q = lists.pairs[q]
            if _may(rows, counts, z, q):
                genes.row[z] = q
                genes.gap[z] = 0
                for b in range(n):
                    if genes.order[b] == other:
                        c = min(n - 1, b + np.random.randint(0, 2))
                        _move_before(genes.order, a, c)
                        break
    elif u < 0.86:
        genes.depth[genes.row[z]] = np.random.randint(0, DEPTHS_M.size)
    elif u < 0.90:
        genes.turned[genes.row[z]] = 1 - genes.turned[genes.row[z]]
    elif u < 0.94:
        genes.gap[z] = 0 if genes.gap[z] > 0 else np.random.randint(1, 12)
    elif u < 0.97:
        genes.small[z] = 1 - genes.small[z]
    else:
        genes.form[z] = np.random.randint(0, 4)


@njit(cache=True, nogil=True)
def _may(rows: Ints, counts: Ints, z: int, q: int) -> bool:
    return bool(q >= 0 and (rows[z, : counts[z]] == q).any())


@njit(cache=True, nogil=True)
def _missing(genes: Genes, laid: Laid) -> Ints:
    """Returns the zones without a place."""
    found = np.empty(genes.order.size, np.int32)
    n = 0
    for z in genes.order:
        if laid.floor[z] < 0:
            found[n] = z
            n += 1
    return found[:n]


@njit(cache=True, nogil=True)
def _find_room(genes: Genes, rows: Ints, counts: Ints, z: int) -> None:
    """Lays one zone sooner and in another row, at its least area."""
    genes.row[z] = _pick_row(rows, counts, z)
    genes.gap[z] = 0
    genes.small[z] = 1
    genes.form[z] = np.random.randint(0, 4)
    for a in range(genes.order.size):
        if genes.order[a] == z:
            _move_before(genes.order, a, np.random.randint(0, a + 1))
            break


@njit(cache=True, nogil=True)
def anneal(
    hall: Hall, genes: Genes, best: Genes, laid: Laid, lists: Lists, moves: int, hot: float, cold: float, seed: int
) -> float:
    """Anneals over a number of moves from `genes`; `best` holds the best found, whose cost is returned."""
    np.random.seed(seed)
    trial = Genes(genes.order.copy(), genes.row.copy(), genes.gap.copy(), genes.small.copy(), genes.form.copy(),
                  genes.depth.copy(), genes.turned.copy())  # fmt: skip
    lay_all(hall, genes, laid)
    cost = cost_of(hall, laid, np.inf)
    least = cost
    _copy(best, genes)
    missing = _missing(genes, laid)
    for m in range(moves):
        heat = hot * (cold / hot) ** (m / moves)
        _copy(trial, genes)
        if missing.size > 0 and np.random.random() < 0.4:
            _find_room(trial, lists.rows, lists.counts, missing[np.random.randint(0, missing.size)])
        else:
            _change(trial, lists)
        if np.random.random() < 0.25:
            _change(trial, lists)
        lay_all(hall, trial, laid)
        most = cost - heat * np.log(max(np.random.random(), 1e-12))
        new = cost_of(hall, laid, most)
        if new < most:
            cost = new
            _copy(genes, trial)
            missing = _missing(genes, laid)
            if cost < least - 1e-9:
                least = cost
                _copy(best, genes)
    return least
