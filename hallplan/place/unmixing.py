"""Layouts in which staff come onto visitors' ways or ways out are too long, mended: zones are put elsewhere, those first whose
staff cross, with some around them."""

from __future__ import annotations

import math

import numpy as np

from hallplan.place.lined import lacking_by
from hallplan.place.search import Clock, Start, go_on
from hallplan.place.state import Rect, State
from hallplan.place.weights import WEIGHTS, Work
from hallplan.place.worth import Worth

Places = tuple[tuple[int, ...], tuple[Rect, ...]]
NEIGHBOURS = 3
"""At most this many zones beside one whose staff cross are taken out with it."""


def unmixed(state: State, seed: tuple[int, ...], rounds: int, clock: Clock) -> Start:
    """Returns what is found in some rounds from a complete layout when shared metres cost many times what the score says,
    and so do a walk to a way out above its limit and a window without a place in its line."""
    troubled: dict[Places, tuple[int, ...]] = {}
    worth = Worth(WEIGHTS.unmix)

    def cost(state: State, most: float) -> float:
        total = worth(state, most)
        if math.isfinite(total) and not state.unplaced:
            troubled[_places(state)] = (*worth.crossing, *lacking_by(state))
        return total

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
