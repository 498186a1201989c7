"""Layouts in which staff come onto visitors' ways or ways out are too long, mended: zones are put elsewhere, those first whose
staff cross, with some around them."""

from __future__ import annotations

import math

import numpy as np

from hallplan.place.building import escape_excess
from hallplan.place.lined import lacking_by
from hallplan.place.score import staff_crossing
from hallplan.place.search import Clock, Start, go_on
from hallplan.place.state import Rect, State, reached_all, total_cost
from hallplan.place.weights import WEIGHTS, Work

Places = tuple[tuple[int, ...], tuple[Rect, ...]]
NEIGHBOURS = 3
"""At most this many zones beside one whose staff cross are taken out with it."""


def unmixed(state: State, seed: tuple[int, ...], rounds: int, clock: Clock) -> Start:
    """Returns what is found in some rounds from a complete layout when shared metres cost many times what the score says,
    and so do a walk to a way out above its limit and a window without a place in its line."""
    troubled: dict[Places, tuple[int, ...]] = {}

    def cost(state: State) -> float:
        reaches = reached_all(state)
        total = total_cost(state, reaches)
        if math.isinf(total):
            return total
        shared_m, zones = staff_crossing(state, reaches)
        lacking = lacking_by(state)
        troubled[_places(state)] = (*zones, *lacking)
        over = escape_excess(state, state.task.weights.escape_m)
        return total + WEIGHTS.unmix * (shared_m + over) + WEIGHTS.window * sum(lacking.values())

    def take_out(state: State, rng: np.random.Generator) -> tuple[list[int], list[int]]:
        return _take_out(state, troubled.get(_places(state), ()), rng)

    return go_on(state.copy(), np.random.default_rng(seed), Work(rounds), clock, cost_of=cost, take_out=take_out)


def _places(state: State) -> Places:
    return tuple(state.floor), tuple(state.rects)


def _take_out(state: State, troubled: tuple[int, ...], rng: np.random.Generator) -> tuple[list[int], list[int]]:
    """Takes out a zone whose staff cross or that lacks windows, else any of the staff's, and some that it could change places with."""
    specs = state.task.specs
    movable = [s.index for s in specs if state.is_placed(s.index) and s.zone.fixed_area is None and not s.opens]
    pool = [z for z in movable if z in troubled] or [z for z in movable if specs[z].needs_staff] or movable
    if not pool:
        return state.unplaced, []
    first = pool[int(rng.integers(len(pool)))]
    size = specs[first].zone.target_m2

    def fit(z: int) -> float:
        gap = abs(math.log(specs[z].zone.target_m2 / size)) if rng.random() < 0.5 else _gap(state, first, z) / 10.0
        return gap * (0.5 + rng.random())

    others = sorted((z for z in movable if z != first), key=fit)[: int(rng.integers(NEIGHBOURS + 1))]
    unplaced = state.unplaced
    for z in (first, *others):
        state.take(z)
    return unplaced, [first, *others]


def _gap(state: State, a: int, b: int) -> float:
    if state.floor[a] != state.floor[b]:
        return 1e3
    (ax, ay), (bx, by) = state.access_point(a), state.access_point(b)
    return math.hypot(ax - bx, ay - by)
