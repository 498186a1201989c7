"""Compiled search for the places of one zone: where it may lie, what each place costs, the cheapest of each part."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from hallplan.place import bits
from hallplan.place.bits import NIL, ONE, Bits
from hallplan.place.kernels import EAST, NORTH, SOUTH, WEST, Floats, Ints, Whole, before, beyond, count, strip, woven
from hallplan.place.weights import WEIGHTS

Rect = tuple[int, int, int, int]
APART_M = WEIGHTS.apart_m
SNAP_M = 3.0
"""Sides that lie on lines are longer than asked by about this much in all at most."""


class Tables(NamedTuple):
    """What one floor is to one zone: cells as columns of bits (nx, words), and counting tables (nx + 1, ny + 1).

    free: cells that the zone may cover.  taken: cells that are wall or zone (what one leans on).
    walkable: cells that ways may use.  doors: cells at doors through which a room is reached.
    column: column area, m².  wanted: cells that it must cover or touch.
    """

    free: Bits
    taken: Bits
    walkable: Bits
    doors: Bits
    column: Floats
    wanted: Ints


class Ask(NamedTuple):
    """What one zone asks of its place; see `Spec` for the words.

    shapes: (n, 10) width, depth (x and y extent), front (-1 none), way depth; then a rectangle behind and one before
        the way, each as alignment (-1 low end, 0 middle, 1 high end), length, depth; length 0 for none.
    limits: least area, target, most, least side, greatest aspect, way, least wanted cells, noise.
    weights: area, contact, alignment, column in the counter band, daylight, pull.
    points: (k, 3) x, y, weight of places walked to.  rects: (k, 6) x0, y0, x1, y1, weight of zones to be near, and the
        side of this one that is to (1 its front, 2 its back).
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


@woven
def _part(lines: Floats, low: int, high: int, align: float, length: float) -> tuple[int, int]:
    """Returns the stretch of [low, high) that is `length` m long or a little more, at its low end, middle or high end."""
    if align > 0:
        return max(before(lines, high, length), low), high
    start = low
    if align == 0:
        start = max(low, before(lines, high, (lines[high] - lines[low] + length) / 2))
    end = beyond(lines, start, length)
    return start, high if end < 0 else min(end, high)


@woven
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


@woven
def _has_side(walkable: Bits, doors: Bits, xs: Floats, ys: Floats, r: Rect, way: float) -> bool:
    """Whether a way can touch the rectangle: a clear square at the middle or an end of some side, or a room's door."""
    i0, j0, i1, j1 = r
    if bits.has_any(doors, i0, j0, i1, j1):
        return True
    for side in range(4):
        a, b, c, d = strip(xs, ys, r, side, way)
        if a < 0:
            continue
        if bits.has_all(walkable, a, b, c, d):
            return True
        if side in (EAST, WEST):
            k, m = beyond(ys, b, way), before(ys, d, way)
            if (0 <= k <= d and bits.has_all(walkable, a, b, c, k)) or (m >= b and bits.has_all(walkable, a, m, c, d)):
                return True
        else:
            k, m = beyond(xs, a, way), before(xs, c, way)
            if (0 <= k <= c and bits.has_all(walkable, a, b, k, d)) or (m >= a and bits.has_all(walkable, m, b, c, d)):
                return True
    return False


@woven
def contact(taken: Bits, rows: Bits, xs: Floats, ys: Floats, r: tuple[int, int, int, int], front: int) -> float:
    """Returns the length in m of the rectangle's sides that lean on a wall or a zone, its front left out; rows: what is taken, turned."""
    i0, j0, i1, j1 = r
    nx, ny = xs.size - 1, ys.size - 1
    width, depth = xs[i1] - xs[i0], ys[j1] - ys[j0]
    out = 0.0
    if front != WEST:
        out += depth if i0 == 0 else depth * bits.many_along(taken, i0 - 1, j0, j1) / (j1 - j0)
    if front != EAST:
        out += depth if i1 == nx else depth * bits.many_along(taken, i1, j0, j1) / (j1 - j0)
    if front != SOUTH:
        out += width if j0 == 0 else width * bits.many_along(rows, j0 - 1, i0, i1) / (i1 - i0)
    if front != NORTH:
        out += width if j1 == ny else width * bits.many_along(rows, j1, i0, i1) / (i1 - i0)
    return out


@woven
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


@woven
def gap_between(ax0: float, ay0: float, ax1: float, ay1: float, b: tuple[float, float, float, float]) -> float:
    """Returns the rectilinear gap in m between a rectangle and another given as x0, y0, x1, y1."""
    return float(max(0.0, b[0] - ax1, ax0 - b[2]) + max(0.0, b[1] - ay1, ay0 - b[3]))


@woven
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
def _ends(lines: Floats, size: float) -> Ints:
    """Returns the line where a zone of a size in m ends that begins at each line but the last, as `beyond` does; -1 for none."""
    ends = np.full(lines.size - 1, -1, np.int32)
    end = 0
    for i in range(ends.size):
        while end < lines.size and lines[end] < lines[i] + size - 1e-6:
            end += 1
        if end == lines.size:
            break
        ends[i] = max(end, i)
    return ends


@njit(cache=True, nogil=True)
def _along(lines: Floats, ends: Ints, used: Floats, ask: Ask, front: int, axis: int) -> Floats:
    """Returns what walking and wishes to be near, less edges that line up, cost along one axis for a zone that begins at each line.

    Rectilinear lengths are sums over both axes, 0 along x and 1 along y. ends: as `_ends`.  used: how much edge lies on each line.
    """
    out = np.full(lines.size, np.inf)
    ahead, behind = (EAST, WEST) if axis == 0 else (NORTH, SOUTH)
    half = ask.limits[5] / 2
    for i in range(lines.size - 1):
        e = ends[i]
        if e < 0:
            break
        low, high = lines[i], lines[e]
        at = high + half if front == ahead else low - half if front == behind else (low + high) / 2
        cost = -ask.weights[2] * (used[i] + used[e])
        for k in range(ask.points.shape[0]):
            cost += ask.points[k, 2] * abs(at - ask.points[k, axis])
        for k in range(ask.rects.shape[0]):
            if ask.rects[k, 4] > 0:
                begin, end = low, high
                meets = int(ask.rects[k, 5]) if front >= 0 else 0
                side = front if meets == 1 else (front + 2) % 4 if meets == 2 else -1
                if side == ahead:
                    begin = high
                elif side == behind:
                    end = low
                cost += ask.rects[k, 4] * max(0.0, ask.rects[k, axis] - end, begin - ask.rects[k, 2 + axis])
        out[i] = cost
    return out


@woven
def _too_near(wishes: Floats, k: int, at: tuple[float, float, float, float], front: int) -> float:
    """Returns what a wish to be apart, row k of `Ask.rects`, costs at a place in m."""
    meets = int(wishes[k, 5]) if front >= 0 else 0
    side = front if meets == 1 else (front + 2) % 4 if meets == 2 else -1
    x0, y0, x1, y1 = edge(at[0], at[1], at[2], at[3], side)
    b = (wishes[k, 0], wishes[k, 1], wishes[k, 2], wishes[k, 3])
    return float(-wishes[k, 4] * max(0.0, APART_M - gap_between(x0, y0, x1, y1, b)))


@woven
def _light(daylight: Floats, r: Rect) -> float:
    """Returns the distance in m to daylight of the lightest side of a place."""
    i0, j0, i1, j1 = r
    mi, mj = (i0 + i1) // 2, (j0 + j1) // 2
    return float(min(min(daylight[i0, mj], daylight[i1 - 1, mj]), min(daylight[mi, j0], daylight[mi, j1 - 1])))


@woven
def _net_area(limits: Floats, column: Floats, wanted: Ints, xs: Floats, ys: Floats, r: Rect) -> float:
    """Returns the area of a zone in this rectangle less columns, -1 when its size is not allowed."""
    i0, j0, i1, j1 = r
    width, depth = xs[i1] - xs[i0], ys[j1] - ys[j0]
    net = width * depth - (column[i1, j1] - column[i0, j1] - column[i1, j0] + column[i0, j0])
    if net < limits[0] - 1e-6 or net > limits[2] + 1e-6:
        return -1.0
    short, long = min(width, depth), max(width, depth)
    if short < limits[3] - 1e-6 or long > limits[4] * short + 1e-6:
        return -1.0
    if limits[6] > 0 and count(wanted, i0, j0, i1, j1) < limits[6]:
        return -1.0
    return float(net)


@woven
def _has_way(
    walkable: Bits, free: Bits, doors: Bits, xs: Floats, ys: Floats, r: Rect, shape: Floats, way: float
) -> bool:
    """Whether there is a way before the front of a zone, with room for what goes before and behind it, or along some side."""
    if shape[2] < 0:
        return way <= 0 or _has_side(walkable, doors, xs, ys, r, way)
    a, b, c, d = strip(xs, ys, r, int(shape[2]), shape[3])
    if a < 0 or not bits.has_all(walkable, a, b, c, d):
        return False
    for first in (5, 8):
        if shape[first] > 0:
            a, b, c, d = tail_of(xs, ys, r, shape, first == 8)
            if a < 0 or not bits.has_all(free, a, b, c, d):
                return False
    return True


@njit(cache=True, nogil=True)
def scan(xs: Floats, ys: Floats, tables: Tables, fields: Fields, ask: Ask, blocks: Whole, seed: int) -> Floats:
    """Returns the cheapest places for a zone, one for each of its shapes in each of blocks × blocks parts of the floor.

    Rows: cost, i0, j0, i1, j1, shape; cost infinite where none was found. What costs most to know is looked at last.
    """
    nx, ny = xs.size - 1, ys.size - 1
    best = np.full((ask.shapes.shape[0] * blocks * blocks, 6), np.inf)
    runs, part = bits.runs_of(tables.free, _longest(ys, ask.shapes)), np.arange(ny) * blocks // ny
    # members of tuples are looked up once: in the loops that would take most of the time
    free, taken, column, wanted = tables.free, tables.taken, tables.column, tables.wanted
    rows = bits.turned(taken)
    walkable, doors, daylight, pull = tables.walkable, tables.doors, fields.daylight, fields.pull
    limits, weights, shy = ask.limits, ask.weights, ask.rects[ask.rects[:, 4] < 0]
    random = np.array([seed * 2 + 1], np.uint64)
    for s in range(ask.shapes.shape[0]):
        shape, front = ask.shapes[s], int(ask.shapes[s, 2])
        gain = _most_gain(weights, shape)
        ends, reach = _ends(xs, shape[0]), _ends(ys, shape[1])
        begins = bits.begins_of(runs, ends, reach)
        across = _along(xs, ends, fields.line_x, ask, front, 0)
        along = _along(ys, reach, fields.line_y, ask, front, 1)
        nearest = along.min()
        for i in range(nx):
            i1 = ends[i]
            if i1 < 0:
                break
            first = (s * blocks + i * blocks // nx) * blocks
            if across[i] + nearest - gain >= _dearest(best, first, blocks):
                continue
            for w in range(begins.shape[1]):
                word = begins[i, w]
                while word != NIL:
                    j = 64 * w + bits.lowest(word)
                    word &= word - ONE
                    r, q = (i, j, i1, reach[j]), first + part[j]
                    cost = limits[7] * _drawn(random) + across[i] + along[j]
                    if cost - gain >= best[q, 0]:
                        continue
                    net = _net_area(limits, column, wanted, xs, ys, r)
                    if net < 0:
                        continue
                    cost += weights[0] * abs(net - limits[1]) + weights[5] * pull[(i + i1) // 2, (r[1] + r[3]) // 2]
                    if weights[4] > 0:
                        cost += weights[4] * _light(daylight, r)
                    if front >= 0 and weights[3] > 0:
                        cost += weights[3] * _column_m2(column, _band(xs, ys, r, front))
                    for k in range(shy.shape[0]):
                        cost += _too_near(shy, k, (xs[i], ys[r[1]], xs[i1], ys[r[3]]), front)
                    if cost - gain >= best[q, 0]:
                        continue
                    cost -= weights[1] * contact(taken, rows, xs, ys, r, front)
                    if shape[5] > 0:
                        behind = tail_of(xs, ys, r, shape, False)
                        if behind[0] < 0:
                            continue
                        cost -= weights[1] * contact(taken, rows, xs, ys, behind, front)
                    if cost < best[q, 0] and _has_way(walkable, free, doors, xs, ys, r, shape, limits[5]):
                        best[q, 0], best[q, 5] = cost, s
                        best[q, 1], best[q, 2], best[q, 3], best[q, 4] = r
    return best


@njit(cache=True, nogil=True)
def _longest(ys: Floats, shapes: Floats) -> int:
    """Returns how many cells the shapes take along y at most."""
    longest = 0
    for s in range(shapes.shape[0]):
        ends = _ends(ys, shapes[s, 1])
        for j in range(ends.size):
            longest = max(longest, ends[j] - j)
    return longest


@woven
def _dearest(best: Floats, first: Whole, many: Whole) -> float:
    """Returns the highest cost of some rows."""
    out = best[first, 0]
    for q in range(first + 1, first + many):
        out = max(out, best[q, 0])
    return float(out)


@woven
def _most_gain(weights: Floats, shape: Floats) -> float:
    """Returns what leaning on walls and zones on all sides can take off the cost of a place, with that of the zone behind."""
    behind = shape[5] + shape[6] + SNAP_M if shape[5] > 0 else 0.0
    return float(2.0 * weights[1] * (shape[0] + shape[1] + SNAP_M + behind))


@woven
def _column_m2(column: Floats, r: Rect) -> float:
    """Returns the area of columns in a rectangle."""
    i0, j0, i1, j1 = r
    return float(column[i1, j1] - column[i0, j1] - column[i1, j0] + column[i0, j0])


@woven
def _drawn(random: np.ndarray) -> float:
    """Returns the next random number in [0, 1) of a state of one word (xorshift64, Marsaglia 2003)."""
    x = random[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    random[0] = x
    return float((x >> np.uint64(40)) / 16777216.0)


@woven
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
