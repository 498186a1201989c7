"""Compiled: zones that float over the plan, on each other at a price that rises, until nothing draws them on.

Simulated annealing of coordinates on the grid in which overlaps are priced, not forbidden: Jepsen and Gelatt, Macro placement by Monte
Carlo annealing, 1983; Sechen and Sangiovanni-Vincentelli, The TimberWolf placement and routing package, 1985.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from hallplan.place.board import inner
from hallplan.place.charges import company, crowding, off_floor, place, staff_gaps
from hallplan.place.ground import GAP_M, NEEDS_STAFF, P_STAFF, SHAPE_FROM, SHAPE_TO, WAY_M, Afloat, Ground, lay
from hallplan.place.kernels import Floats, Ints, woven
from hallplan.place.putting import draw

SWAPS, TURNS, HOPS = 0.25, 0.2, 0.15
"""How often two zones change places, one takes another of its shapes, and one that is shifted goes to any place of any of its floors."""
CHOSEN, SIDE, AT_FLOOR, FRONT = range(4)


@njit(cache=True, nogil=True)
def scatter(g: Ground, s: Afloat, movable: Ints, seed: int) -> None:
    """Lays zones anywhere on the floors they may lie on, in any of their shapes."""
    rng = np.array([seed * 2 + 1], np.uint64)
    for z in movable:
        floor, x, y = _hop(g.frame, g.masks, z, rng)
        shape, side = _turned(g.zones, z, rng)
        lay(s.at, s.floors, s.fronts, s.sides, s.shapes, g.lines, g.many, g.near, g.shapes, z, shape, side, floor, x, y)


@njit(cache=True, nogil=True)
def anneal(
    g: Ground, s: Afloat, movable: Ints, moves: int, heat: Floats, lost: Floats, reach: Floats, seed: int
) -> None:
    """Lets zones float on from where they are for so many moves.

    heat, lost, reach: (2,) at first and at the end: the noise, the price of a m² that lies where it may not, and how far zones are shifted, m.
    """
    # looked up once: in the loop that would take as long as what is done with them
    at, floors, fronts, sides, chosen = s.at, s.floors, s.fronts, s.sides, s.shapes
    lines, many, line_near, frame, no, unwalkable, ways, dark, wanted, out = (
        g.lines, g.many, g.near, g.frame, g.lost, g.unwalkable, g.ways, g.dark, g.wanted, g.out)  # fmt: skip
    links, levels, shapes, zones, masks, goals, rows, wishes, flows, price = (
        g.links, g.levels, g.shapes, g.zones, g.masks, g.goals, g.rows, g.wishes, g.flows, g.price)  # fmt: skip
    doors, rng, is_staffed = g.staff, np.array([seed * 2 + 1], np.uint64), zones[:, NEEDS_STAFF] == 1
    staffed = np.flatnonzero(is_staffed & (floors[: zones.shape[0]] >= 0)).astype(np.int32)
    near, back = np.empty(staffed.size), np.empty((staffed.size, 4))
    gaps = staff_gaps(at, floors, fronts, zones, doors, price[WAY_M], staffed, near, back)
    old, was = np.empty((2, at.shape[1])), np.zeros((2, 4), np.int32)
    for n in range(moves):
        share = n / moves
        warmth, dear = _between(heat, share), _between(lost, share)
        one = movable[int(draw(rng) * movable.size)]
        other = movable[int(draw(rng) * movable.size)] if draw(rng) < SWAPS else one
        if other != one and (masks[one, floors[other]] < 0 or masks[other, floors[one]] < 0):
            continue
        change = -_energies(at, floors, fronts, sides, chosen, lines, many, line_near, frame, no, unwalkable, ways, dark, wanted, out, links,
                             levels, shapes, zones, masks, goals, rows, wishes, flows, price, one, other, dear)  # fmt: skip
        _remember(s, one, other, old, was)
        if other != one:
            _swapped(g, s, one, other, old, was)
        else:
            _shifted(g, s, one, _between(reach, share), old, was, rng)
        change += _energies(at, floors, fronts, sides, chosen, lines, many, line_near, frame, no, unwalkable, ways, dark, wanted, out, links,
                             levels, shapes, zones, masks, goals, rows, wishes, flows, price, one, other, dear)  # fmt: skip
        new = gaps
        if is_staffed[one] or is_staffed[other]:
            new = staff_gaps(at, floors, fronts, zones, doors, price[WAY_M], staffed, near, back)
        change += price[P_STAFF] * (new - gaps)
        if change > 0.0 and draw(rng) >= math.exp(-change / warmth):
            _taken_back(s, one, other, old, was)
        else:
            gaps = new


@woven
def _between(pair: Floats, share: float) -> float:
    return float(pair[0] * (pair[1] / pair[0]) ** share)


@inner
def _energies(at: Floats, floors: Ints, fronts: Ints, sides: Ints, chosen: Ints, lines: Floats, many: Ints, near: Ints, frame: Floats,
              lost: Floats, unwalkable: Floats, ways: Floats, dark: Floats, wanted: Floats, out: Floats, links: Floats, levels: Ints,
              shapes: Floats, zones: Ints, masks: Ints, goals: Ints, rows: Ints, wishes: Floats, flows: Floats, price: Floats, one: int,
              other: int, dear: float) -> float:  # fmt: skip
    """Returns what depends on the places of one zone or two, but for their staff; dear: the price of a m² that lies where it may not."""
    total, but = 0.0, -1
    for z in (one, other):
        total += company(at, floors, fronts, zones, rows, wishes, flows, links, levels, price, z, but)
        total += place(at, floors, chosen, lines, many, near, shapes, out, dark, wanted, goals, zones, price, z)
        off = off_floor(at, floors, sides, lines, many, near, frame, lost, unwalkable, ways, masks, z)
        total += dear * (off + crowding(at, floors, sides, zones, price[GAP_M], z, but))
        if one == other:
            break
        but = one
    return total


@inner
def _remember(s: Afloat, one: int, other: int, old: Floats, was: Ints) -> None:
    """Notes where one zone or two are."""
    for k, z in enumerate((one, other)):
        for c in range(s.at.shape[1]):
            old[k, c] = s.at[z, c]
        was[k, CHOSEN], was[k, SIDE], was[k, AT_FLOOR], was[k, FRONT] = (
            s.shapes[z],
            s.sides[z],
            s.floors[z],
            s.fronts[z],
        )


@inner
def _taken_back(s: Afloat, one: int, other: int, old: Floats, was: Ints) -> None:
    """Lays one zone or two where they were."""
    for k, z in enumerate((one, other)):
        for c in range(s.at.shape[1]):
            s.at[z, c] = old[k, c]
        s.shapes[z], s.sides[z], s.floors[z], s.fronts[z] = (
            was[k, CHOSEN],
            was[k, SIDE],
            was[k, AT_FLOOR],
            was[k, FRONT],
        )


@woven
def _turned(zones: Ints, z: int, rng: np.ndarray) -> tuple[int, int]:
    """Any of a zone's shapes, and any side."""
    shape = zones[z, SHAPE_FROM] + int(draw(rng) * (zones[z, SHAPE_TO] - zones[z, SHAPE_FROM]))
    return shape, int(draw(rng) * 4)


@woven
def _hop(frame: Floats, masks: Ints, z: int, rng: np.ndarray) -> tuple[int, float, float]:
    """Any place on any floor that a zone may lie on."""
    floor = int(draw(rng) * masks.shape[1])
    while masks[z, floor] < 0:
        floor = (floor + 1) % masks.shape[1]
    x = frame[floor, 0] + draw(rng) * frame[floor, 2]
    return floor, x, frame[floor, 1] + draw(rng) * frame[floor, 3]


@inner
def _swapped(g: Ground, s: Afloat, one: int, other: int, old: Floats, was: Ints) -> None:
    """Lays two zones where the other was, in their own shapes."""
    for k, z in enumerate((one, other)):
        x, y = (old[1 - k, 0] + old[1 - k, 2]) / 2, (old[1 - k, 1] + old[1 - k, 3]) / 2
        lay(s.at, s.floors, s.fronts, s.sides, s.shapes, g.lines, g.many, g.near, g.shapes, z, was[k, CHOSEN], was[k, SIDE],
            was[1 - k, AT_FLOOR], x, y)  # fmt: skip


@inner
def _shifted(g: Ground, s: Afloat, z: int, far: float, old: Floats, was: Ints, rng: np.ndarray) -> None:
    """Lays a zone elsewhere, at most so far away if on the same floor, or in another of its shapes, or both."""
    shape, side, floor, kind = was[0, CHOSEN], was[0, SIDE], was[0, AT_FLOOR], draw(rng)
    x, y = (old[0, 0] + old[0, 2]) / 2, (old[0, 1] + old[0, 3]) / 2
    if kind < TURNS:
        shape, side = _turned(g.zones, z, rng)
    elif kind < TURNS + HOPS and g.masks.shape[1] > 1:
        floor, x, y = _hop(g.frame, g.masks, z, rng)
    if kind >= TURNS / 2:
        x, y = x + (2.0 * draw(rng) - 1.0) * far, y + (2.0 * draw(rng) - 1.0) * far
    lay(s.at, s.floors, s.fronts, s.sides, s.shapes, g.lines, g.many, g.near, g.shapes, z, shape, side, floor, x, y)
