"""Layouts in which staff come onto visitors' ways or ways out are too long, mended: zones are put elsewhere, those first whose
staff cross, with some around them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from hallplan.place.alternatives import differ
from hallplan.place.rounds import Rounds
from hallplan.place.search import Clock, Start, go_on
from hallplan.place.state import Rect, State
from hallplan.place.weights import Work
from hallplan.place.worth import Worth

Places = tuple[tuple[int, ...], tuple[Rect, ...]]
LONGER = 3
"""A layout that still breaks what must hold is gone on with for this many times the rounds."""


SAME = 60.0
"""What being of the kind of a layout that is there already counts as in a county hall while another is looked for."""
HALF = 0.5
"""How often zones in trouble are taken out while layouts are mended beside being bettered."""


def apart(state: State, seed: tuple[int, ...], work: Work, clock: Clock) -> Start:
    """Returns what a start finds that begins with some zones placed, or all, and is to end with all kept that must hold."""
    mending = _Mending(Worth(state.task.unmix), HALF)
    return go_on(state.copy(), np.random.default_rng(seed), work, clock, mending.cost, swift=mending.rounds)


def another(
    state: State, picked: Sequence[State], least_move: float, seed: tuple[int, ...], work: Work, clock: Clock
) -> Start:
    """Returns what is found in some rounds from a layout that keeps what must hold: others that do, and differ from some, as
    `differ` says.
    """
    mending = _Mending(Worth(state.task.unmix), HALF)

    def cost(state: State, most: float) -> float:
        extra = (
            0.0
            if state.unplaced or all(differ(state, other, least_move) for other in picked)
            else SAME * state.task.scale
        )
        return mending.cost(state, most - extra) + extra

    return go_on(state.copy(), np.random.default_rng(seed), work, clock, cost, swift=mending.rounds)


def unmixed(state: State, seed: tuple[int, ...], rounds: int, clock: Clock) -> Start:
    """Returns what is found in some rounds, in more where that is needed, from a complete layout when shared metres cost many times
    what the score says, and so do a walk to a way out above its limit and a window without a place in its line."""
    mending = _Mending(Worth(state.task.unmix))
    found = mending.run(state, seed, rounds, clock)
    if found.best[0][1].unplaced or not mending.is_broken(found.best[0][1]) or clock.check():
        return found
    more = mending.run(found.best[0][1], (*seed, LONGER), LONGER * rounds, clock)
    for cost, one in found.best:
        more.keep(cost, one)
    return more


@dataclass(eq=False)
class _Mending:
    """What is known of layouts looked at: the zones whose staff cross or that lack windows, and whether something breaks that must hold.

    share: how often zones are taken out for that.
    """

    worth: Worth
    share: float = 1.0
    troubled: dict[Places, tuple[int, ...]] = field(default_factory=dict)
    broken: set[Places] = field(default_factory=set)

    def run(self, state: State, seed: tuple[int, ...], rounds: int, clock: Clock) -> Start:
        rng = np.random.default_rng(seed)
        return go_on(state.copy(), rng, Work(rounds), clock, self.cost, swift=self.rounds)

    def is_broken(self, state: State) -> bool:
        return _places(state) in self.broken

    def cost(self, state: State, most: float) -> float:
        total = self.worth(state, most)
        if math.isfinite(total) and not state.unplaced:
            places = _places(state)
            if total < most:
                self.troubled[places] = (*self.worth.crossing, *np.flatnonzero(self.worth.lacking).tolist())
            if self.worth.broken > 0.0:
                self.broken.add(places)
        return total

    @property
    def rounds(self) -> Rounds:
        """Rounds that take zones in trouble out."""
        return Rounds(self.worth, lambda state: self.troubled.get(_places(state), ()), self.share)


def _places(state: State) -> Places:
    return tuple(state.floor), tuple(state.rects)
