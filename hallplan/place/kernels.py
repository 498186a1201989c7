"""Compiled loops on grids: counting tables, clear windows, walking distances, places for one rectangle.

Cells are (i, j) along x and y; a rectangle is half open, [i0, i1) × [j0, j1). An anchor (i, j) stands for the square
window of a way's width whose lower left cell it is, so a way that wide can be walked where its anchors join.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

EAST, NORTH, WEST, SOUTH = 0, 1, 2, 3


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


@njit(cache=True, nogil=True)
def count(table: Ints, i0: int, j0: int, i1: int, j1: int) -> int:
    """Returns how many cells of a rectangle are set."""
    return int(table[i1, j1] - table[i0, j1] - table[i1, j0] + table[i0, j0])


@njit(cache=True, nogil=True)
def windows(table: Ints, reach_x: Ints, reach_y: Ints) -> Bools:
    """Returns which anchors have a clear window; reach_x[i] is the line that ends a window begun at line i, -1 none."""
    nx, ny = table.shape[0] - 1, table.shape[1] - 1
    valid = np.zeros((nx, ny), np.bool_)
    for i in range(nx):
        if reach_x[i] < 0:
            continue
        for j in range(ny):
            if reach_y[j] >= 0 and count(table, i, j, reach_x[i], reach_y[j]) == 0:
                valid[i, j] = True
    return valid


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


@njit(cache=True, nogil=True)
def flood(valid: Bools, at_x: Floats, at_y: Floats, toll: Floats, seeds: Ints, portals: Ints) -> Floats:
    """Returns the walking distance in m from the seeds to each anchor, infinite where none leads.

    toll: (nx, ny) factor on the length of steps into a cell.  seeds: (k, 2).  portals: (p, 5) i, j, i, j, length in cm.
    Label-correcting with a ring queue: steps are of nearly equal length, so few anchors are taken twice.
    """
    nx, ny = valid.shape
    dist = np.full((nx, ny), np.inf)
    queued = np.zeros((nx, ny), np.bool_)
    gate = np.zeros((nx, ny), np.bool_)
    for p in range(portals.shape[0]):
        gate[portals[p, 0], portals[p, 1]] = True
        gate[portals[p, 2], portals[p, 3]] = True
    size = nx * ny + 1
    ring = np.empty(size, np.int32)
    head, tail = 0, 0
    for k in range(seeds.shape[0]):
        i, j = seeds[k, 0], seeds[k, 1]
        if valid[i, j] and not queued[i, j]:
            dist[i, j] = 0.0
            queued[i, j] = True
            ring[tail] = i * ny + j
            tail += 1
    while head != tail:
        node = ring[head]
        head = (head + 1) % size
        i, j = node // ny, node % ny
        queued[i, j] = False
        here = dist[i, j]
        for di in range(-1, 2):
            a = i + di
            if a < 0 or a >= nx:
                continue
            for dj in range(-1, 2):
                b = j + dj
                if b < 0 or b >= ny or not valid[a, b]:
                    continue
                if di != 0 and dj != 0 and not (valid[i, b] and valid[a, j]):
                    continue
                step = np.hypot(at_x[a] - at_x[i], at_y[b] - at_y[j]) * toll[a, b]
                if here + step < dist[a, b] - 1e-9:
                    dist[a, b] = here + step
                    if not queued[a, b]:
                        queued[a, b] = True
                        ring[tail] = a * ny + b
                        tail = (tail + 1) % size
        if gate[i, j]:
            for p in range(portals.shape[0]):
                for side in range(2):
                    if portals[p, 2 * side] == i and portals[p, 2 * side + 1] == j:
                        a, b = portals[p, 2 - 2 * side], portals[p, 3 - 2 * side]
                        step = portals[p, 4] / 100.0
                        if valid[a, b] and here + step < dist[a, b] - 1e-9:
                            dist[a, b] = here + step
                            if not queued[a, b]:
                                queued[a, b] = True
                                ring[tail] = a * ny + b
                                tail = (tail + 1) % size
    return dist


@njit(cache=True, nogil=True)
def _beyond(lines: Floats, start: int, length: float) -> int:
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


@njit(cache=True, nogil=True)
def _before(lines: Floats, end: int, length: float) -> int:
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


@njit(cache=True, nogil=True)
def strip(xs: Floats, ys: Floats, r: tuple[int, int, int, int], side: int, depth: float) -> tuple[int, int, int, int]:
    """Returns the cells of a strip `depth` m deep outside one side of a rectangle; (-1, …) where the grid ends before."""
    i0, j0, i1, j1 = r
    if side == EAST:
        k = _beyond(xs, i1, depth)
        return (i1, j0, k, j1) if k >= 0 else (-1, -1, -1, -1)
    if side == WEST:
        k = _before(xs, i0, depth)
        return (k, j0, i0, j1) if k >= 0 else (-1, -1, -1, -1)
    if side == NORTH:
        k = _beyond(ys, j1, depth)
        return (i0, j1, i1, k) if k >= 0 else (-1, -1, -1, -1)
    k = _before(ys, j0, depth)
    return (i0, k, i1, j0) if k >= 0 else (-1, -1, -1, -1)


@njit(cache=True, nogil=True)
def _part(lines: Floats, low: int, high: int, align: float, length: float) -> tuple[int, int]:
    """Returns the stretch of [low, high) that is `length` m long or a little more, at its low end, middle or high end."""
    if align > 0:
        return max(_before(lines, high, length), low), high
    start = low
    if align == 0:
        start = max(low, _before(lines, high, (lines[high] - lines[low] + length) / 2))
    end = _beyond(lines, start, length)
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
            k, m = _beyond(ys, b, way), _before(ys, d, way)
            if (0 <= k <= d and count(tables.unwalkable, a, b, c, k) == 0) or (
                m >= b and count(tables.unwalkable, a, m, c, d) == 0
            ):
                return True
        else:
            k, m = _beyond(xs, a, way), _before(xs, c, way)
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
def scan(xs: Floats, ys: Floats, tables: Tables, fields: Fields, ask: Ask, blocks: int, seed: int) -> Floats:
    """Returns the cheapest places for a zone, one for each of its shapes in each of blocks × blocks parts of the floor.

    Rows: cost, i0, j0, i1, j1, shape; cost infinite where none was found.
    """
    nx, ny = xs.size - 1, ys.size - 1
    n = ask.shapes.shape[0]
    best = np.full((n * blocks * blocks, 6), np.inf)
    state = np.uint64(seed * 2 + 1)
    for s in range(n):
        shape = ask.shapes[s]
        front = int(shape[2])
        for i in range(nx):
            i1 = _beyond(xs, i, shape[0])
            if i1 < 0:
                break
            for j in range(ny):
                j1 = _beyond(ys, j, shape[1])
                if j1 < 0:
                    break
                if count(tables.blocked, i, j, i1, j1) > 0:
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
        return max(i0, _before(xs, i1, 1.8)), j0, i1, j1
    if front == WEST:
        k = _beyond(xs, i0, 1.8)
        return i0, j0, (min(i1, k) if k >= 0 else i1), j1
    if front == NORTH:
        return i0, max(j0, _before(ys, j1, 1.8)), i1, j1
    k = _beyond(ys, j0, 1.8)
    return i0, j0, i1, (min(j1, k) if k >= 0 else j1)


@njit(cache=True, nogil=True)
def touch(
    dist: Floats, reach_x: Ints, reach_y: Ints, r: tuple[int, int, int, int], side: int
) -> tuple[float, int, int]:
    """Returns the nearest reached anchor whose window touches a side of a rectangle with half its width or more.

    side: EAST … SOUTH, or -1 for any.  The answer is distance, i, j; infinite when none touches.
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
            over_x = min(e, i1) - max(i, i0)
            over_y = min(f, j1) - max(j, j0)
            ok = False
            if (
                (side in (-1, EAST) and i == i1 and 2 * over_y >= f - j)
                or (side in (-1, WEST) and e == i0 and 2 * over_y >= f - j)
                or (side in (-1, NORTH) and j == j1 and 2 * over_x >= e - i)
                or (side in (-1, SOUTH) and f == j0 and 2 * over_x >= e - i)
            ):
                ok = True
            if ok:
                best, at_i, at_j = dist[i, j], i, j
    return best, at_i, at_j


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
    nx, ny = dist.shape
    i, j = start
    new = 0
    while True:
        for a in range(i, reach_x[i]):
            for b in range(j, reach_y[j]):
                if not mask[a, b]:
                    mask[a, b] = True
                    new += 1
        if not dist[i, j] > 0.0:
            return new
        best, at_i, at_j = dist[i, j], -1, -1
        for a in range(max(0, i - 1), min(nx, i + 2)):
            for b in range(max(0, j - 1), min(ny, j + 2)):
                if (a == i or b == j or (np.isfinite(dist[a, j]) and np.isfinite(dist[i, b]))) and dist[a, b] < best:
                    best, at_i, at_j = dist[a, b], a, b
        for p in range(portals.shape[0]):
            for side in range(2):
                if portals[p, 2 * side] == i and portals[p, 2 * side + 1] == j:
                    a, b = portals[p, 2 - 2 * side], portals[p, 3 - 2 * side]
                    if dist[a, b] < best:
                        best, at_i, at_j = dist[a, b], a, b
        if at_i < 0:
            return new
        i, j = at_i, at_j
