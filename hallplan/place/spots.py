"""Compiled search for the places of one zone: where it may lie, what each place costs, the cheapest of each part."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from hallplan.place.kernels import EAST, NORTH, SOUTH, WEST, Floats, Ints, before, beyond, count, strip


class Tables(NamedTuple):
    """Counting tables of one floor for one zone, each (nx + 1, ny + 1).

    blocked: cells that the zone may not cover.  taken: cells that are wall or zone (what one leans on).
    unwalkable: cells that no way may use.  column: column area, m².  wanted: cells that it must cover or touch.
    doors: cells at doors through which a room is reached.
    """

    blocked: Ints
    taken: Ints
    unwalkable: Ints
    column: Floats
    wanted: Ints
    doors: Ints


class Ask(NamedTuple):
    """What one zone asks of its place; see `Spec` for the words.

    shapes: (n, 10) width, depth (x and y extent), front (-1 none), way depth; then a rectangle behind and one before
        the way, each as alignment (-1 low end, 0 middle, 1 high end), length, depth; length 0 for none.
    limits: least area, target, most, least side, greatest aspect, way, least wanted cells, noise.
    weights: area, contact, alignment, column in the counter band, daylight, pull.
    points: (k, 3) x, y, weight of places walked to.  rects: (k, 5) x0, y0, x1, y1, weight of zones to be near.
    """

    shapes: Floats
    limits: Floats
    weights: Floats
    points: Floats
    rects: Floats


class Fields(NamedTuple):
    """Values by cell or line of one floor: distance to daylight, pull, and how much edge lies on each line already."""

    daylight: Floats
    pull: Floats
    line_x: Floats
    line_y: Floats


@njit(cache=True, nogil=True)
def _part(lines: Floats, low: int, high: int, align: float, length: float) -> tuple[int, int]:
    """Returns the stretch of [low, high) that is `length` m long or a little more, at its low end, middle or high end."""
    if align > 0:
        return max(before(lines, high, length), low), high
    start = low
    if align == 0:
        start = max(low, before(lines, high, (lines[high] - lines[low] + length) / 2))
    end = beyond(lines, start, length)
    return start, high if end < 0 else min(end, high)


@njit(cache=True, nogil=True)
def tail_of(
    xs: Floats, ys: Floats, r: tuple[int, int, int, int], shape: Floats, is_before: bool
) -> tuple[int, int, int, int]:
    """Returns the rectangle behind a front, or the one before its way (`shape` as in Ask); (-1, …) off the grid."""
    side, first = int(shape[2]), 4
    if is_before:
        r = strip(xs, ys, r, side, shape[3])
        first = 7
        if r[0] < 0:
            return r
    else:
        side = (side + 2) % 4
    i0, j0, i1, j1 = strip(xs, ys, r, side, shape[first + 2])
    if i0 < 0:
        return i0, j0, i1, j1
    if side in (EAST, WEST):
        j0, j1 = _part(ys, j0, j1, shape[first], shape[first + 1])
    else:
        i0, i1 = _part(xs, i0, i1, shape[first], shape[first + 1])
    return i0, j0, i1, j1


@njit(cache=True, nogil=True)
def _has_side(tables: Tables, xs: Floats, ys: Floats, r: tuple[int, int, int, int], way: float) -> bool:
    """Whether a way can touch the rectangle: a clear square at the middle or an end of some side, or a room's door."""
    i0, j0, i1, j1 = r
    if count(tables.doors, i0, j0, i1, j1) > 0:
        return True
    for side in range(4):
        a, b, c, d = strip(xs, ys, r, side, way)
        if a < 0:
            continue
        if count(tables.unwalkable, a, b, c, d) == 0:
            return True
        if side in (EAST, WEST):
            k, m = beyond(ys, b, way), before(ys, d, way)
            if (0 <= k <= d and count(tables.unwalkable, a, b, c, k) == 0) or (
                m >= b and count(tables.unwalkable, a, m, c, d) == 0
            ):
                return True
        else:
            k, m = beyond(xs, a, way), before(xs, c, way)
            if (0 <= k <= c and count(tables.unwalkable, a, b, k, d) == 0) or (
                m >= a and count(tables.unwalkable, m, b, c, d) == 0
            ):
                return True
    return False


@njit(cache=True, nogil=True)
def contact(taken: Ints, xs: Floats, ys: Floats, r: tuple[int, int, int, int], front: int) -> float:
    """Returns the length in m of the rectangle's sides that lean on a wall or a zone, its front left out."""
    i0, j0, i1, j1 = r
    nx, ny = taken.shape[0] - 1, taken.shape[1] - 1
    width, depth = xs[i1] - xs[i0], ys[j1] - ys[j0]
    out = 0.0
    if front != WEST:
        out += depth if i0 == 0 else depth * count(taken, i0 - 1, j0, i0, j1) / (j1 - j0)
    if front != EAST:
        out += depth if i1 == nx else depth * count(taken, i1, j0, i1 + 1, j1) / (j1 - j0)
    if front != SOUTH:
        out += width if j0 == 0 else width * count(taken, i0, j0 - 1, i1, j0) / (i1 - i0)
    if front != NORTH:
        out += width if j1 == ny else width * count(taken, i0, j1, i1, j1 + 1) / (i1 - i0)
    return out


@njit(cache=True, nogil=True)
def edge(x0: float, y0: float, x1: float, y1: float, side: int) -> tuple[float, float, float, float]:
    """Returns one side of a rectangle as a flat rectangle; the whole of it when `side` is -1."""
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
def gap_between(ax0: float, ay0: float, ax1: float, ay1: float, b: Floats) -> float:
    """Returns the rectilinear gap in m between a rectangle and another given as x0, y0, x1, y1."""
    return float(max(0.0, b[0] - ax1, ax0 - b[2]) + max(0.0, b[1] - ay1, ay0 - b[3]))


@njit(cache=True, nogil=True)
def wrong_side(
    a: tuple[float, float, float, float], b: tuple[float, float, float, float], front: int, meets: int
) -> float:
    """Returns how far in m the middle of rectangle b lies behind the front of a (meets 1), or before it (meets 2).

    A waiting area behind the counters, or an office before them, is near in metres and yet on the wrong side.
    """
    if meets == 0 or front < 0:
        return 0.0
    if front == EAST:
        ahead = (b[0] + b[2]) / 2 - a[2]
    elif front == WEST:
        ahead = a[0] - (b[0] + b[2]) / 2
    elif front == NORTH:
        ahead = (b[1] + b[3]) / 2 - a[3]
    else:
        ahead = a[1] - (b[1] + b[3]) / 2
    return float(max(0.0, -ahead if meets == 1 else ahead))


@njit(cache=True, nogil=True)
def _price(
    ask: Ask,
    fields: Fields,
    tables: Tables,
    xs: Floats,
    ys: Floats,
    r: tuple[int, int, int, int],
    front: int,
    area: float,
) -> float:
    """Returns what a place costs: walking, nearness, area, light, less what it gains by leaning and lining up."""
    i0, j0, i1, j1 = r
    x0, y0, x1, y1 = xs[i0], ys[j0], xs[i1], ys[j1]
    px, py = (x0 + x1) / 2, (y0 + y1) / 2
    half = ask.limits[5] / 2
    if front == EAST:
        px = x1 + half
    elif front == WEST:
        px = x0 - half
    elif front == NORTH:
        py = y1 + half
    elif front == SOUTH:
        py = y0 - half
    cost = ask.weights[0] * abs(area - ask.limits[1])
    for k in range(ask.points.shape[0]):
        cost += ask.points[k, 2] * (abs(px - ask.points[k, 0]) + abs(py - ask.points[k, 1]))
    for k in range(ask.rects.shape[0]):
        side = -1
        if front >= 0 and ask.rects[k, 5] > 0:
            side = front if ask.rects[k, 5] == 1 else (front + 2) % 4
        ax0, ay0, ax1, ay1 = edge(x0, y0, x1, y1, side)
        gap = gap_between(ax0, ay0, ax1, ay1, ask.rects[k])
        weight = ask.rects[k, 4]
        cost += weight * gap if weight > 0 else -weight * max(0.0, 8.0 - gap)
    cost -= ask.weights[1] * contact(tables.taken, xs, ys, r, front)
    cost -= ask.weights[2] * (fields.line_x[i0] + fields.line_x[i1] + fields.line_y[j0] + fields.line_y[j1])
    mi, mj = (i0 + i1) // 2, (j0 + j1) // 2
    cost += ask.weights[5] * fields.pull[mi, mj]
    if ask.weights[4] > 0:
        light = min(fields.daylight[i0, mj], fields.daylight[i1 - 1, mj])
        light = min(light, fields.daylight[mi, j0], fields.daylight[mi, j1 - 1])
        cost += ask.weights[4] * light
    return float(cost)


@njit(cache=True, nogil=True)
def _fits(ask: Ask, tables: Tables, xs: Floats, ys: Floats, r: tuple[int, int, int, int], shape: Floats) -> float:
    """Returns the net area of the zone in this rectangle, -1 when it may not lie there."""
    i0, j0, i1, j1 = r
    if count(tables.blocked, i0, j0, i1, j1) > 0:
        return -1.0
    width, depth = xs[i1] - xs[i0], ys[j1] - ys[j0]
    column = tables.column
    net = width * depth - (column[i1, j1] - column[i0, j1] - column[i1, j0] + column[i0, j0])
    limits = ask.limits
    if net < limits[0] - 1e-6 or net > limits[2] + 1e-6:
        return -1.0
    if min(width, depth) < limits[3] - 1e-6 or max(width, depth) > limits[4] * min(width, depth) + 1e-6:
        return -1.0
    if limits[6] > 0 and count(tables.wanted, i0, j0, i1, j1) < limits[6]:
        return -1.0
    if shape[2] >= 0:
        a, b, c, d = strip(xs, ys, r, int(shape[2]), shape[3])
        if a < 0 or count(tables.unwalkable, a, b, c, d) > 0:
            return -1.0
        for first in (5, 8):
            if shape[first] > 0:
                a, b, c, d = tail_of(xs, ys, r, shape, first == 8)
                if a < 0 or count(tables.blocked, a, b, c, d) > 0:
                    return -1.0
    elif limits[5] > 0 and not _has_side(tables, xs, ys, r, limits[5]):
        return -1.0
    return float(net)


@njit(cache=True, nogil=True)
def _free_ahead(blocked: Ints) -> Ints:
    """Returns how many cells from each on are free along y."""
    nx, ny = blocked.shape[0] - 1, blocked.shape[1] - 1
    ahead = np.zeros((nx, ny), np.int32)
    for i in range(nx):
        run = 0
        for j in range(ny - 1, -1, -1):
            run = run + 1 if count(blocked, i, j, i + 1, j + 1) == 0 else 0
            ahead[i, j] = run
    return ahead


@njit(cache=True, nogil=True)
def scan(xs: Floats, ys: Floats, tables: Tables, fields: Fields, ask: Ask, blocks: int, seed: int) -> Floats:
    """Returns the cheapest places for a zone, one for each of its shapes in each of blocks × blocks parts of the floor.

    Rows: cost, i0, j0, i1, j1, shape; cost infinite where none was found.
    """
    nx, ny = xs.size - 1, ys.size - 1
    n = ask.shapes.shape[0]
    best = np.full((n * blocks * blocks, 6), np.inf)
    reach, blocked = np.empty(ny, np.int32), tables.blocked
    ahead = _free_ahead(blocked)
    state = np.uint64(seed * 2 + 1)
    for s in range(n):
        shape = ask.shapes[s]
        front = int(shape[2])
        for j in range(ny):
            reach[j] = beyond(ys, j, shape[1])
        for i in range(nx):
            i1 = beyond(xs, i, shape[0])
            if i1 < 0:
                break
            j = -1
            while j + 1 < ny:
                j += 1
                j1 = reach[j]
                if j1 < 0:
                    break
                free = min(ahead[i, j], ahead[i1 - 1, j])
                if free < j1 - j:
                    j += free
                    continue
                if blocked[i1, j1] - blocked[i, j1] - blocked[i1, j] + blocked[i, j] > 0:
                    continue
                r = (i, j, i1, j1)
                net = _fits(ask, tables, xs, ys, r, shape)
                if net < 0:
                    continue
                state ^= state << np.uint64(13)
                state ^= state >> np.uint64(7)
                state ^= state << np.uint64(17)
                noise = ask.limits[7] * ((state >> np.uint64(40)) / 16777216.0)
                cost = noise + _price(ask, fields, tables, xs, ys, r, front, net)
                if shape[5] > 0:
                    behind = tail_of(xs, ys, r, shape, False)
                    cost -= ask.weights[1] * contact(tables.taken, xs, ys, behind, front)
                if front >= 0 and ask.weights[3] > 0:
                    a, b, c, d = _band(xs, ys, r, front)
                    col = tables.column
                    cost += ask.weights[3] * (col[c, d] - col[a, d] - col[c, b] + col[a, b])
                slot = (s * blocks + i * blocks // nx) * blocks + j * blocks // ny
                if cost < best[slot, 0]:
                    best[slot, 0] = cost
                    best[slot, 1], best[slot, 2], best[slot, 3], best[slot, 4] = i, j, i1, j1
                    best[slot, 5] = s
    return best


@njit(cache=True, nogil=True)
def _band(xs: Floats, ys: Floats, r: tuple[int, int, int, int], front: int) -> tuple[int, int, int, int]:
    """Returns the cells of the counters and their visitors, the first 1.8 m behind a front."""
    i0, j0, i1, j1 = r
    if front == EAST:
        return max(i0, before(xs, i1, 1.8)), j0, i1, j1
    if front == WEST:
        k = beyond(xs, i0, 1.8)
        return i0, j0, (min(i1, k) if k >= 0 else i1), j1
    if front == NORTH:
        return i0, max(j0, before(ys, j1, 1.8)), i1, j1
    k = beyond(ys, j0, 1.8)
    return i0, j0, i1, (min(j1, k) if k >= 0 else j1)
