"""Compiled: zones that float over the plan, on each other at a price that rises, until nothing draws them on.

Simulated annealing of free coordinates in which overlaps are priced, not forbidden: Jepsen and Gelatt, Macro placement by Monte Carlo
annealing, 1983; Sechen and Sangiovanni-Vincentelli, The TimberWolf placement and routing package, 1985.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from hallplan.place.board import inner
from hallplan.place.kernels import EAST, NORTH, SOUTH, WEST, Floats, Ints
from hallplan.place.putting import draw
from hallplan.place.spots import edge, within
from hallplan.place.task import FLOOR_CHANGE_M, Pairs
from hallplan.place.worth import access_of, wish_cost

SHAPE_FROM, SHAPE_TO, PASSABLE, IS_STAFF, NEEDS_STAFF, DAYLIT, MOVABLE = range(7)
(P_DAYLIGHT, P_ESCAPE, P_STAFF, P_WANTED, ESCAPE_M, GAP_M, DETOUR, APART_M, WAY_M) = range(9)
SWAPS, TURNS, HOPS = 0.25, 0.2, 0.15
"""How often two zones change places, one takes another of its shapes, and one that is shifted goes to any place of any of its floors."""
NEAREST_SHARE, NEAREST_M = 0.03, 0.3
"""How far zones are shifted at the end: this share of how far at first, and so many metres more."""
Span = tuple[float, float, float, float]


class Ground(NamedTuple):
    """What zones float over; F floors, n zones, rasters of nx by ny squares of a floor's bounds, `step` m wide.

    corner, size: (F, 2) m.  lost: (k, nx + 1, ny + 1) counting tables of floor that zones may not cover, m².  unwalkable: (F, …) of
    floor that no way may use.  dark: (F, nx, ny) m to daylight.  wanted: (t, nx, ny) m to cells that a zone is to cover.
    out, staff: (q, 3) floor and place of ways out, and of the doors that staff come in by.  links: (l, 6) two floors that a stair or lift
    joins, its place on either.  levels: (F,) of floors.  shapes: (q, 4) width, depth, front (-1 none), way before it.  zones: (n, 7) as named above.
    masks, goals: (n, F) tables of `lost` and of `wanted`, -1 for none; a zone may lie where it has a mask.
    lists: (n, 4) where its wishes and flows begin and end in `rows`, which number those of `pairs`.  price: (9,) as named above.
    """

    step: float
    corner: Floats
    size: Floats
    lost: Floats
    unwalkable: Floats
    dark: Floats
    wanted: Floats
    out: Floats
    staff: Floats
    links: Floats
    levels: Ints
    shapes: Floats
    zones: Ints
    masks: Ints
    goals: Ints
    lists: Ints
    rows: Ints
    pairs: Pairs
    price: Floats


class Afloat(NamedTuple):
    """Where zones are: middle (n, 2), rectangle and way before the front (n, 4), m; floor, front and number of the shape, (n,)."""

    middle: Floats
    at: Floats
    strip: Floats
    floors: Ints
    fronts: Ints
    shapes: Ints


@within
def _strip(r: Span, front: int, way: float) -> Span:
    if front == EAST:
        return r[2], r[1], r[2] + way, r[3]
    if front == NORTH:
        return r[0], r[3], r[2], r[3] + way
    if front == WEST:
        return r[0] - way, r[1], r[0], r[3]
    if front == SOUTH:
        return r[0], r[1] - way, r[2], r[1]
    return r[0], r[1], r[0], r[1]


@within
def _lay(g: Ground, s: Afloat, z: int, shape: int, floor: int, x: float, y: float) -> None:
    """Lays a zone with its middle at a place, or as near as it lies within the floor's bounds."""
    width, depth, front, way = g.shapes[shape, 0], g.shapes[shape, 1], int(g.shapes[shape, 2]), g.shapes[shape, 3]
    low, high = g.corner[floor, 0] + width / 2, g.corner[floor, 0] + g.size[floor, 0] - width / 2
    x = max(low, min(x, high))
    low, high = g.corner[floor, 1] + depth / 2, g.corner[floor, 1] + g.size[floor, 1] - depth / 2
    y = max(low, min(y, high))
    s.middle[z, 0], s.middle[z, 1] = x, y
    r = (x - width / 2, y - depth / 2, x + width / 2, y + depth / 2)
    strip = _strip(r, front, way)
    for c in range(4):
        s.at[z, c], s.strip[z, c] = r[c], strip[c]
    s.floors[z], s.fronts[z], s.shapes[z] = floor, front, shape


@within
def _square(g: Ground, floor: int, x: float, y: float) -> tuple[int, int]:
    i, j = int((x - g.corner[floor, 0]) / g.step), int((y - g.corner[floor, 1]) / g.step)
    return min(max(i, 0), g.dark.shape[1] - 1), min(max(j, 0), g.dark.shape[2] - 1)


@within
def _covered(g: Ground, tables: Floats, k: int, floor: int, r: Span) -> float:
    """Returns what a counting table has in a rectangle, and its area beyond the floor's bounds, m²."""
    nx, ny = tables.shape[1] - 1, tables.shape[2] - 1
    x, y, per_m = g.corner[floor, 0], g.corner[floor, 1], 1.0 / g.step
    i0, j0 = min(max(int((r[0] - x) * per_m + 0.5), 0), nx), min(max(int((r[1] - y) * per_m + 0.5), 0), ny)
    i1, j1 = min(max(int((r[2] - x) * per_m + 0.5), 0), nx), min(max(int((r[3] - y) * per_m + 0.5), 0), ny)
    beyond = (r[2] - r[0]) * (r[3] - r[1]) - (i1 - i0) * (j1 - j0) * g.step * g.step
    return float(tables[k, i1, j1] - tables[k, i0, j1] - tables[k, i1, j0] + tables[k, i0, j0] + max(0.0, beyond))


@within
def _overlap(a: Span, x0: float, y0: float, x1: float, y1: float, grown: float) -> float:
    """Returns the area in m² that two rectangles share, the second grown on all sides."""
    width = min(a[2], x1 + grown) - max(a[0], x0 - grown)
    if width <= 0.0:
        return 0.0
    return float(width * max(0.0, min(a[3], y1 + grown) - max(a[1], y0 - grown)))


@within
def _crowding(g: Ground, s: Afloat, z: int, but: int) -> float:
    """Returns the m² of a zone and of the way before it that lie on walls, other zones or their ways, one zone left out.

    Zones are counted with half a gap around them: room for the ways between.
    """
    # members of tuples are looked up once: in the loop that would take most of the time
    at, strips, floors, fronts, zones = s.at, s.strip, s.floors, s.fronts, g.zones
    floor, gap, has_front, is_passed = floors[z], g.price[GAP_M], fronts[z] >= 0, zones[z, PASSABLE] == 1
    mine = (at[z, 0], at[z, 1], at[z, 2], at[z, 3])
    roomy = (mine[0] - gap, mine[1] - gap, mine[2] + gap, mine[3] + gap)
    strip = (strips[z, 0], strips[z, 1], strips[z, 2], strips[z, 3])
    out = _covered(g, g.lost, g.masks[z, floor], floor, mine)
    if has_front:
        out += _covered(g, g.unwalkable, floor, floor, strip)
    for other in range(at.shape[0]):
        is_mine = other == z or other == but  # compiled code does not know `in`
        if is_mine or floors[other] != floor or zones[other, MOVABLE] == 0:
            continue
        out += _overlap(roomy, at[other, 0], at[other, 1], at[other, 2], at[other, 3], gap)
        if has_front and zones[other, PASSABLE] == 0:
            out += _overlap(strip, at[other, 0], at[other, 1], at[other, 2], at[other, 3], 0.0)
        if fronts[other] >= 0 and not is_passed:
            out += _overlap(roomy, strips[other, 0], strips[other, 1], strips[other, 2], strips[other, 3], 0.0)
    return out


@within
def _stop(g: Ground, s: Afloat, stop: int) -> tuple[int, float, float]:
    """The floor and place where people come to a zone, or to a door (negative)."""
    if stop < 0:
        doors = g.pairs.doors
        return int(doors[-1 - stop, 0]), doors[-1 - stop, 1], doors[-1 - stop, 2]
    x, y = access_of((s.at[stop, 0], s.at[stop, 1], s.at[stop, 2], s.at[stop, 3]), s.fronts, g.pairs.ways, stop)
    return int(s.floors[stop]), x, y


@within
def _walk(g: Ground, s: Afloat, one: int, other: int) -> float:
    """Returns the rectilinear way in m between two stops, by stairs or lifts where floors differ."""
    f, ax, ay = _stop(g, s, one)
    there, bx, by = _stop(g, s, other)
    if f == there:
        return float(abs(ax - bx) + abs(ay - by))
    best, links = np.inf, g.links
    for q in range(links.shape[0]):
        if links[q, 0] == f and links[q, 1] == there:
            gap = abs(links[q, 2] - ax) + abs(links[q, 3] - ay)
            best = min(best, gap + abs(links[q, 4] - bx) + abs(links[q, 5] - by))
    change = FLOOR_CHANGE_M * max(1, abs(g.levels[f] - g.levels[there]))
    return float((best if best < np.inf else 60.0) + change)


@within
def _company(g: Ground, s: Afloat, z: int, but: int) -> float:
    """Returns what a zone's wishes and walks cost, those to one other zone left out."""
    total, wishes, flows, rows, lists = 0.0, g.pairs.wishes, g.pairs.flows, g.rows, g.lists
    at, floors, fronts, apart_m, detour = s.at, s.floors, s.fronts, g.price[APART_M], g.price[DETOUR]
    for q in range(lists[z, 0], lists[z, 1]):
        m = rows[q]
        if int(wishes[m, 0]) != but and int(wishes[m, 1]) != but:
            total += wish_cost(at, floors, fronts, wishes, m, apart_m)
    for q in range(lists[z, 2], lists[z, 3]):
        one, other = int(flows[rows[q], 0]), int(flows[rows[q], 1])
        if but < 0 or (one != but and other != but):
            total += flows[rows[q], 2] * detour * _walk(g, s, one, other)
    return total


@within
def _place(g: Ground, s: Afloat, z: int) -> float:
    """Returns what a zone's own place costs: the run to a way out, the way to daylight and to the door or wall it is to lie at."""
    floor, total, best, out, at = s.floors[z], 0.0, np.inf, g.out, s.at
    width, depth = at[z, 2] - at[z, 0], at[z, 3] - at[z, 1]
    for q in range(out.shape[0]):
        if int(out[q, 0]) == floor:
            dx = max(0.0, at[z, 0] - out[q, 1], out[q, 1] - at[z, 2])
            best = min(best, dx + max(0.0, at[z, 1] - out[q, 2], out[q, 2] - at[z, 3]))
    if best < np.inf:
        total += g.price[P_ESCAPE] * max(
            0.0, g.price[DETOUR] * best + math.sqrt(width * width + depth * depth) - g.price[ESCAPE_M]
        )
    i, j = _square(g, floor, s.middle[z, 0], s.middle[z, 1])
    half = min(width, depth) / 2
    if g.zones[z, DAYLIT] == 1:
        total += g.price[P_DAYLIGHT] * max(0.0, g.dark[floor, i, j] - half)
    if g.goals[z, floor] >= 0:
        total += g.price[P_WANTED] * max(0.0, g.wanted[g.goals[z, floor], i, j] - half)
    return total


@within
def _energy(g: Ground, s: Afloat, z: int, but: int, lost: float) -> float:
    """Returns what depends on a zone's place, but for its staff: `lost` is the price of a m² that lies where it may not."""
    return _company(g, s, z, but) + _place(g, s, z) + lost * _crowding(g, s, z, but)


@inner
def _energies(g: Ground, s: Afloat, z: int, other: int, lost: float) -> float:
    total, but = 0.0, -1
    for one in (z, other):
        if one != but:
            total += _energy(g, s, one, but, lost)
        but = z
    return total


@within
def _back(g: Ground, s: Afloat, z: int) -> Span:
    """Where staff come to a zone: all of their own, else the line behind the counters."""
    side = -1 if g.zones[z, IS_STAFF] == 1 or s.fronts[z] < 0 else (s.fronts[z] + 2) % 4
    return edge(s.at[z, 0], s.at[z, 1], s.at[z, 2], s.at[z, 3], side)


@inner
def _staff_gaps(g: Ground, s: Afloat, staffed: Ints) -> float:
    """Returns the metres that staff cross beyond their own zones, by the shortest tree from their doors (Prim, 1957)."""
    k, total, way, doors, floors = staffed.size, 0.0, g.price[WAY_M], g.staff, s.floors
    near, back = np.full(k, np.inf), np.empty((k, 4))
    for m in range(k):
        back[m, 0], back[m, 1], back[m, 2], back[m, 3] = _back(g, s, staffed[m])
        for q in range(doors.shape[0]):
            if int(doors[q, 0]) == floors[staffed[m]]:
                dx = max(0.0, doors[q, 1] - back[m, 2], back[m, 0] - doors[q, 1])
                near[m] = min(near[m], dx + max(0.0, doors[q, 2] - back[m, 3], back[m, 1] - doors[q, 2]))
    for _ in range(k):
        best = int(np.argmin(near))
        if near[best] == np.inf:
            break
        total += max(0.0, near[best] - way)
        near[best] = np.inf
        floor = floors[staffed[best]]
        for m in range(k):
            if near[m] < np.inf and floors[staffed[m]] == floor:
                dx = max(0.0, back[best, 0] - back[m, 2], back[m, 0] - back[best, 2])
                near[m] = min(near[m], dx + max(0.0, back[best, 1] - back[m, 3], back[m, 1] - back[best, 3]))
    return total


@within
def _hop(g: Ground, z: int, rng: np.ndarray) -> tuple[int, float, float]:
    """Any place on any floor that a zone may lie on."""
    floor = int(draw(rng) * g.masks.shape[1])
    while g.masks[z, floor] < 0:
        floor = (floor + 1) % g.masks.shape[1]
    x = g.corner[floor, 0] + draw(rng) * g.size[floor, 0]
    return floor, x, g.corner[floor, 1] + draw(rng) * g.size[floor, 1]


@within
def _moved(g: Ground, s: Afloat, z: int, reach: float, rng: np.ndarray) -> None:
    """Lays a zone elsewhere, or in another of its shapes, or both."""
    shape, floor, x, y, kind = s.shapes[z], s.floors[z], s.middle[z, 0], s.middle[z, 1], draw(rng)
    if kind < TURNS:
        low, high = g.zones[z, SHAPE_FROM], g.zones[z, SHAPE_TO]
        shape = low + int(draw(rng) * (high - low))
    elif kind < TURNS + HOPS and g.masks.shape[1] > 1:
        floor, x, y = _hop(g, z, rng)
    if kind >= TURNS / 2:
        x, y = x + (2.0 * draw(rng) - 1.0) * reach, y + (2.0 * draw(rng) - 1.0) * reach
    _lay(g, s, z, shape, floor, x, y)


@inner
def _scattered(g: Ground, s: Afloat, movable: Ints, rng: np.ndarray) -> None:
    for z in movable:
        floor, x, y = _hop(g, z, rng)
        low, high = g.zones[z, SHAPE_FROM], g.zones[z, SHAPE_TO]
        _lay(g, s, z, low + int(draw(rng) * (high - low)), floor, x, y)


@njit(cache=True, nogil=True)
def anneal(g: Ground, s: Afloat, movable: Ints, moves: int, heat: Floats, lost: Floats, seed: int) -> None:
    """Lets zones float from anywhere for so many moves; heat, lost: (2,) at first and at the end, prices of a m² where it may not lie."""
    rng = np.array([seed * 2 + 1], np.uint64)
    _scattered(g, s, movable, rng)
    is_staffed = g.zones[:, NEEDS_STAFF] == 1
    staffed = np.flatnonzero(is_staffed & (s.floors >= 0)).astype(np.int32)
    gaps, widest = _staff_gaps(g, s, staffed), g.size.max() / 2
    for n in range(moves):
        share = n / moves
        warmth, price = heat[0] * (heat[1] / heat[0]) ** share, lost[0] * (lost[1] / lost[0]) ** share
        z = movable[int(draw(rng) * movable.size)]
        other = movable[int(draw(rng) * movable.size)] if draw(rng) < SWAPS else z
        if other != z and (g.masks[z, s.floors[other]] < 0 or g.masks[other, s.floors[z]] < 0):
            continue
        old = (s.shapes[z], s.floors[z], s.middle[z, 0], s.middle[z, 1])
        its = (s.shapes[other], s.floors[other], s.middle[other, 0], s.middle[other, 1])
        change = -_energies(g, s, z, other, price)
        if other != z:
            _lay(g, s, z, old[0], its[1], its[2], its[3])
            _lay(g, s, other, its[0], old[1], old[2], old[3])
        else:
            _moved(g, s, z, widest * NEAREST_SHARE**share + NEAREST_M, rng)
        change += _energies(g, s, z, other, price)
        new = _staff_gaps(g, s, staffed) if is_staffed[z] or is_staffed[other] else gaps
        change += g.price[P_STAFF] * (new - gaps)
        if change > 0.0 and draw(rng) >= math.exp(-change / warmth):
            _lay(g, s, z, old[0], old[1], old[2], old[3])
            if other != z:
                _lay(g, s, other, its[0], its[1], its[2], its[3])
        else:
            gaps = new
