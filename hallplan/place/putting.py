"""Compiled: zones put in, each alone or with its office and waiting area, at the cheapest place that cuts nothing off."""

from __future__ import annotations

import numpy as np
from numba import njit

from hallplan.place import bits
from hallplan.place import board as d
from hallplan.place.board import Board, Lay, inner, lean
from hallplan.place.joined import Rect, lines
from hallplan.place.kernels import EAST, NORTH, SOUTH, WEST, Floats, Ints, Truth, Whole, strip
from hallplan.place.spots import Ask, Fields, Tables, edge, scan, tail_of
from hallplan.place.whole import is_whole

BLOCKS = 3
TRIES = 8
MOST_SHAPES = 7
"""A zone is put in as one of so many of its shapes, drawn anew each time."""
ALONE = 0.1
"""How often a zone is put in without its waiting area, though that is out too."""


@inner
def draw(rng: np.ndarray) -> float:
    """Returns the next random number in [0, 1) of a state of one word (xorshift64*, Vigna 2016)."""
    x = rng[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    rng[0] = x
    return float(((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0)


@lean
def rect_of(s: Lay, z: int) -> Rect:
    """Returns a zone's cells."""
    return s.zones[z, 0], s.zones[z, 1], s.zones[z, 2], s.zones[z, 3]


@lean
def in_metres(b: Board, s: Lay, z: int) -> tuple[float, float, float, float]:
    """Returns a zone's rectangle in m."""
    xs, ys = lines(b, s.zones[z, d.FLOOR], 0), lines(b, s.zones[z, d.FLOOR], 1)
    return xs[s.zones[z, 0]], ys[s.zones[z, 1]], xs[s.zones[z, 2]], ys[s.zones[z, 3]]


@lean
def _keep_front(b: Board, s: Lay, z: int, change: int) -> None:
    if b.zone[z, d.HAS_FRONT] == 0 or s.zones[z, d.FRONT] < 0:
        return
    f = s.zones[z, d.FLOOR]
    i0, j0, i1, j1 = strip(lines(b, f, 0), lines(b, f, 1), rect_of(s, z), s.zones[z, d.FRONT], b.size[z, d.FRONT_WAY])
    if i0 >= 0:
        for i in range(i0, i1):
            for j in range(j0, j1):
                s.grids[1, f, i, j] += change
                if s.grids[1, f, i, j] > 0:
                    bits.put_bit(s.bits[f, d.KEPT], i, j)
                else:
                    bits.clear_bit(s.bits[f, d.KEPT], i, j)


@lean
def _fill(s: Lay, f: int, r: Rect, value: int) -> None:
    i0, j0, i1, j1 = r
    for i in range(i0, i1):
        for j in range(j0, j1):
            s.grids[0, f, i, j] = value
    if value > 0:
        bits.fill(s.bits[f, d.USED], i0, j0, i1, j1)
    else:
        bits.shut(s.bits[f, d.USED], i0, j0, i1, j1)


@lean
def put(b: Board, s: Lay, z: int, f: int, r: Rect, front: int) -> None:
    """Places a zone."""
    i0, j0, i1, j1 = r
    s.zones[z, 0], s.zones[z, 1], s.zones[z, 2], s.zones[z, 3] = i0, j0, i1, j1
    s.zones[z, d.FLOOR], s.zones[z, d.FRONT] = f, front
    _fill(s, f, r, z + 1)
    _keep_front(b, s, z, 1)


@lean
def take(b: Board, s: Lay, z: int) -> None:
    """Takes a zone out."""
    _keep_front(b, s, z, -1)
    _fill(s, s.zones[z, d.FLOOR], rect_of(s, z), 0)
    for c in range(4):
        s.zones[z, c] = 0
    s.zones[z, d.FLOOR] = s.zones[z, d.FRONT] = -1


@lean
def net_area(b: Board, f: int, r: Rect) -> float:
    """Returns a rectangle's area in m² less columns."""
    i0, j0, i1, j1 = r
    t = b.sums[f, d.COLUMN]
    whole = (b.lines[f, 0, i1] - b.lines[f, 0, i0]) * (b.lines[f, 1, j1] - b.lines[f, 1, j0])
    return float(whole - (t[i1, j1] - t[i0, j1] - t[i1, j0] + t[i0, j0]))


@lean
def access_point(b: Board, s: Lay, z: int) -> tuple[float, float]:
    """Returns where people come to a zone, roughly: before its counters, else its middle."""
    x0, y0, x1, y1 = in_metres(b, s, z)
    x, y, half = (x0 + x1) / 2, (y0 + y1) / 2, b.size[z, d.WAY_M] / 2
    if s.zones[z, d.FRONT] == EAST:
        return x1 + half, y
    if s.zones[z, d.FRONT] == WEST:
        return x0 - half, y
    if s.zones[z, d.FRONT] == NORTH:
        return x, y1 + half
    if s.zones[z, d.FRONT] == SOUTH:
        return x, y0 - half
    return x, y


@inner
def _tables(b: Board, s: Lay, z: int, p: int, away: Ints) -> Tables:
    """What a floor is to one zone: what it may cover, leans on, ways may use, and doors of rooms.  p: the row of its place there."""
    f, used, kept = int(b.rows[p, 0]), s.bits[int(b.rows[p, 0]), d.USED], s.bits[int(b.rows[p, 0]), d.KEPT]
    free, taken = b.open[int(b.rows[p, 4])] & ~used, used | ~b.bits[f, d.INSIDE]
    if b.zone[z, d.PASSABLE] == 0:
        free &= ~kept
    if away[0] == z and away[1] == f:
        bits.clear_bit(free, (away[2] + away[4]) // 2, (away[3] + away[5]) // 2)
    walkable, doors = b.bits[f, d.WALK] & ~used, b.bits[f, d.DOORS] & ~used
    return Tables(free, taken, walkable, doors, b.sums[f, d.COLUMN], b.wanted[int(b.rows[p, 1])])


@inner
def _link_point(b: Board, f: int, there: int, x: float, y: float) -> tuple[float, float]:
    """The stair or lift on a floor by which one gets to a place on another."""
    best, at = np.inf, (b.lines[f, 0, 0], b.lines[f, 1, 0])
    if b.spans[f, d.PUBLIC, 1] > b.spans[f, d.PUBLIC, 0]:
        q = b.spans[f, d.PUBLIC, 0]
        at = (b.rows[q, 0], b.rows[q, 1])
    for q in range(b.spans[0, d.LINKS, 0], b.spans[0, d.LINKS, 1]):
        if b.rows[q, 0] == f and b.rows[q, 1] == there:
            gap = abs(b.rows[q, 4] - x) + abs(b.rows[q, 5] - y)
            if gap < best:
                best, at = gap, (b.rows[q, 2], b.rows[q, 3])
    return at


@inner
def _company(b: Board, s: Lay, z: int, f: int) -> tuple[Floats, Floats]:
    """Where people of a zone walk to and from, and the zones it wishes to be near or far from."""
    low, high = b.zone[z, d.NEAR_FROM], b.zone[z, d.NEAR_TO]
    points, rects = np.empty((high - low, 3)), np.empty((high - low, 6))
    n = k = 0
    for m in range(low, high):
        other = int(b.rows[m, 0])
        if other >= 0 and s.zones[other, d.FLOOR] < 0:
            continue
        if other < 0:
            there = int(b.rows[b.spans[0, d.ALL_DOORS, 0] - 1 - other, 0])
            x, y = b.rows[b.spans[0, d.ALL_DOORS, 0] - 1 - other, 1], b.rows[b.spans[0, d.ALL_DOORS, 0] - 1 - other, 2]
        else:
            there = s.zones[other, d.FLOOR]
            x, y = access_point(b, s, other)
        if there != f:
            x, y = _link_point(b, f, there, x, y)
        if b.rows[m, 1] != 0:
            points[n, 0], points[n, 1], points[n, 2] = x, y, b.price[d.P_WALKING] * b.rows[m, 1]
            n += 1
        if b.rows[m, 2] != 0 and other >= 0 and there == f:
            x0, y0, x1, y1 = in_metres(b, s, other)
            side = -1
            if b.rows[m, 4] > 0 and s.zones[other, d.FRONT] >= 0:
                side = s.zones[other, d.FRONT] if b.rows[m, 4] == 1 else (s.zones[other, d.FRONT] + 2) % 4
            rects[k, 0], rects[k, 1], rects[k, 2], rects[k, 3] = edge(x0, y0, x1, y1, side)
            rects[k, 4], rects[k, 5] = b.price[d.P_ADJACENCY] * b.rows[m, 2], b.rows[m, 3]
            k += 1
    return points[:n], rects[:k]


@inner
def _fields(b: Board, s: Lay, z: int, f: int) -> Fields:
    """Daylight, walking from the doors, and how many edges lie on each line, up to two: an edge on such a line is aligned."""
    line_x, line_y = np.zeros(b.sums.shape[2]), np.zeros(b.sums.shape[3])
    for one in range(s.zones.shape[0]):
        if s.zones[one, d.FLOOR] == f:
            for k in range(2):
                i, j = s.zones[one, 2 * k], s.zones[one, 2 * k + 1]
                line_x[i], line_y[j] = min(2.0, line_x[i] + 1.0), min(2.0, line_y[j] + 1.0)
    pull = d.STAFF_PULL if b.zone[z, d.IS_STAFF] == 1 else d.PUBLIC_PULL
    return Fields(b.planes[f, d.DAYLIGHT], b.planes[f, pull], line_x, line_y)


@inner
def _ask(b: Board, s: Lay, z: int, f: int, shapes: Floats, wanted: float, noise: float) -> Ask:
    size, price = b.size[z], b.price
    way = 0.0 if b.zone[z, d.PASSABLE] == 1 else size[d.WAY_M]
    light = price[d.P_DAYLIGHT] if b.zone[z, d.DAYLIT] == 1 else 0.0
    limits = np.array([size[d.LEAST], size[d.TARGET], size[d.MOST], size[d.SIDE], size[d.ASPECT], way, wanted, noise])
    own = np.array([price[d.P_AREA], price[d.P_CONTACT], price[d.P_ALIGNMENT], price[d.P_BAND], light, price[d.P_PULL]])
    points, rects = _company(b, s, z, f)
    return Ask(shapes, limits, own, points, rects)


@inner
def _some_shapes(b: Board, z: int, group: int, least_m2: float, rng: np.ndarray, many: Whole) -> Floats:
    """At most so many of a group's shapes, drawn at random; only small ones where a least area is given."""
    low, high = b.zone[z, d.GROUPS + 2 * group], b.zone[z, d.GROUPS + 2 * group + 1]
    smallest = np.inf
    for q in range(low, high):
        smallest = min(smallest, b.rows[q, 0] * b.rows[q, 1])
    most = max(1.08 * least_m2, 1.02 * smallest) if least_m2 < np.inf else np.inf
    left = 0
    for q in range(low, high):
        left += b.rows[q, 0] * b.rows[q, 1] <= most
    out = np.empty((min(left, many), 10))
    n = 0
    for q in range(low, high):  # each with the chance that as many as are wanted come out (Knuth's algorithm S)
        if b.rows[q, 0] * b.rows[q, 1] <= most:
            if left <= out.shape[0] - n or draw(rng) * left < out.shape[0] - n:
                for c in range(10):
                    out[n, c] = b.rows[q, c]
                n += 1
            left -= 1
    return out[:n]


@inner
def _cheapest(found: Floats, rows: Floats, n: int, f: int) -> int:
    """Adds the cheapest few places of a scan, and the cheapest of each part of the floor; returns how many rows there are then."""
    order = np.argsort(found[:, 0], kind="mergesort")
    is_met = np.zeros(BLOCKS * BLOCKS, np.bool_)
    for k in range(order.size):
        q = order[k]
        if found[q, 0] == np.inf:
            break
        part = q % (BLOCKS * BLOCKS)
        if k < TRIES // 2 or not is_met[part]:
            rows[n, 0], rows[n, 1] = found[q, 0], f
            for c in range(1, 6):
                rows[n, 1 + c] = found[q, c]
            n += 1
        is_met[part] = True
    return n


@inner
def _places(b: Board, s: Lay, z: int, shapes: Floats, noise: float, away: Ints, rng: np.ndarray) -> tuple[Floats, Ints]:
    """Places for a zone on all its floors, and their order, the cheapest first."""
    low, high = b.zone[z, d.PLACE_FROM], b.zone[z, d.PLACE_TO]
    rows = np.empty(((high - low) * (BLOCKS * BLOCKS + TRIES // 2), 7))
    n = 0
    for p in range(low, high):
        f = int(b.rows[p, 0])
        tables = _tables(b, s, z, p, away)
        ask = _ask(b, s, z, f, shapes, b.rows[p, 2], noise)
        found = scan(
            lines(b, f, 0),
            lines(b, f, 1),
            tables,
            _fields(b, s, z, f),
            ask,
            np.int64(BLOCKS),
            int(draw(rng) * (1 << 30)),
        )
        n = _cheapest(found, rows, n, f)
    return rows[:n], np.argsort(rows[:n, 0], kind="mergesort").astype(np.int32)


@lean
def _is_allowed(b: Board, s: Lay, z: int) -> bool:
    """Whether a zone has its area, least side, aspect and floor, and lies where the user wants it."""
    size, f = b.size[z], s.zones[z, d.FLOOR]
    x0, y0, x1, y1 = in_metres(b, s, z)
    short, long = min(x1 - x0, y1 - y0), max(x1 - x0, y1 - y0)
    net = net_area(b, f, rect_of(s, z))
    is_there = False
    for p in range(b.zone[z, d.PLACE_FROM], b.zone[z, d.PLACE_TO]):
        if int(b.rows[p, 0]) == f:
            is_there = not _is_barred(b, int(b.rows[p, 3]), rect_of(s, z))
    return (
        is_there
        and size[d.LEAST] - 1e-6 <= net <= size[d.MOST] + 1e-6
        and short >= size[d.SIDE] - 1e-6
        and long <= size[d.OWN_ASPECT] * short + 1e-6
    )


@lean
def _is_barred(b: Board, mask: int, r: Rect) -> bool:
    """Whether any cell of a rectangle is one of a mask, -1 for none."""
    i0, j0, i1, j1 = r
    found = False
    if mask >= 0:
        for i in range(i0, i1):
            for j in range(j0, j1):
                found |= b.barred[mask, i, j]
    return found


@inner
def _fit_in(
    b: Board, s: Lay, z: int, members: tuple[int, int], shapes: Floats, noise: float, away: Ints, rng: np.ndarray
) -> bool:
    """Places a zone with its office behind and its waiting area before it, -1 for none; False when that cuts something off."""
    rows, order = _places(b, s, z, shapes, noise, away, rng)
    most = TRIES * (b.zone[z, d.PLACE_TO] - b.zone[z, d.PLACE_FROM]) + TRIES // 2
    for k in range(min(order.size, most)):
        row = rows[order[k]]
        f, r, shape = int(row[1]), (int(row[2]), int(row[3]), int(row[4]), int(row[5])), shapes[int(row[6])]
        put(b, s, z, f, r, int(shape[2]))
        is_allowed = True
        for m in range(2):
            if members[m] >= 0:
                put(b, s, members[m], f, tail_of(lines(b, f, 0), lines(b, f, 1), r, shape, m == 1), -1)
                is_allowed = is_allowed and _is_allowed(b, s, members[m])
        if is_allowed and is_whole(b, s, f):
            return True
        for m in range(2):
            if members[m] >= 0:
                take(b, s, members[m])
        take(b, s, z)
    return False


@njit(cache=True, nogil=True)
def put_in(b: Board, s: Lay, zones: Ints, noise: float, is_tight: Truth, away: Ints, seed: int, many: Whole) -> None:
    """Puts zones in, one after the other, each as a group with what goes with it where that is still out: the largest group first,
    then alone, then at its least area. away: zone, floor and cells that the zone is to leave.  many: shapes tried of each group."""
    rng = np.array([seed * 2 + 1], np.uint64)
    for z in zones:
        if s.zones[z, d.FLOOR] >= 0:
            continue
        office, wait = b.zone[z, d.PARTNER], b.zone[z, d.WAIT]
        has_office = office >= 0 and s.zones[office, d.FLOOR] < 0
        has_wait = wait >= 0 and s.zones[wait, d.FLOOR] < 0
        for n in range(2 if draw(rng) < ALONE else 0, 4 if is_tight else 5):
            if (n in (0, 2) and not has_office) or (n < 2 and not has_wait):
                continue
            least = b.size[z, d.LEAST] if is_tight or n == 4 else np.inf
            shapes = _some_shapes(b, z, min(n, 3), least, rng, many)
            members = (office if n in (0, 2) else -1, wait if n < 2 else -1)
            if shapes.shape[0] > 0 and _fit_in(b, s, z, members, shapes, noise, away, rng):
                break
