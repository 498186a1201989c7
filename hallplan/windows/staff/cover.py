"""Shifts of a day at the fewest staff-hours that cover what is needed, or that keep a service target, with a bound."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hallplan.lp import INFINITY, Limits, WarmLP
from hallplan.units import MINUTES_PER_HOUR

Ints = NDArray[np.int64]
LIMITS = Limits(nodes=5_000, gap=0.0)
HOURS_TOL = 1e-6
WHOLE_TOL = 1e-6
MOST_RAISES, LARGE_STEP = 500, 12
"""How often people are added where service is late; of more than so many, more than one at once."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """Shifts to choose from: at_window (n_shifts, n_slots) of 0 and 1, hours of each, which of them are lent people."""

    at_window: Ints
    hours: NDArray[np.float64]
    is_lent: NDArray[np.bool_]
    lent_share: float = 1.0


@dataclass(frozen=True, slots=True)
class Cover:
    """How many work each shift, people at windows in each slot, staff-hours and a lower bound on them."""

    counts: tuple[int, ...]
    covered: tuple[int, ...]
    hours: float
    bound: float


class CoverProgramme:
    """The integer programme of shifts, solved again as what is needed changes.

    min Σ hours·x  with  Σ at_window·x ≥ need in every slot, lent hours at most their share, x whole.
    The linear programme is solved first, from the last basis: shifts are runs of slots, so that it is nearly always
    whole, and branching is for the rest.  Source: Dantzig's set covering of shifts (1954).
    """

    def __init__(self, patterns: Patterns) -> None:
        self.patterns = patterns
        self._relaxed = self._programme()
        self._whole: WarmLP | None = None
        self._need = np.zeros(0)
        self._unit = _unit(patterns.hours)
        self._found: dict[tuple[int, ...], Cover | None] = {}

    def solve(self, need: Sequence[int]) -> Cover | None:
        """Returns the cheapest cover; None when a slot that needs people lies in no shift."""
        quick = self.quick(need)
        if quick is None or quick.hours <= quick.bound + HOURS_TOL:
            return quick
        if self._whole is None:
            self._whole = self._programme()
            self._whole.require_whole(np.arange(self.patterns.hours.size))
        self._whole.set_row_bounds(np.arange(self._need.size), self._need, np.full(self._need.size, INFINITY))
        self._whole.solve()
        return self._cover(self._whole.values, self._whole.bound) if self._whole.has_values else None

    def quick(self, need: Sequence[int]) -> Cover | None:
        """Returns a good cover without branching; None when no shifts cover the need."""
        key = tuple(need)
        if key not in self._found:
            least = self.least_hours(need)
            dived = None if least is None else self._dive()
            self._found[key] = None if least is None or dived is None else self._cover(dived, least)
        return self._found[key]

    def _dive(self) -> NDArray[np.float64] | None:
        """Rounds the largest broken number of the linear programme up, solves it again, until all are whole."""
        n_shifts = self.patterns.hours.size
        raised: list[int] = []
        values = self._relaxed.values
        while (broken := np.abs(values - np.rint(values))).max(initial=0.0) >= WHOLE_TOL and len(raised) <= n_shifts:
            worst = int(np.argmax(np.where(broken >= WHOLE_TOL, values - np.floor(values), -1.0)))
            raised.append(worst)
            self._relaxed.set_bounds([worst], [math.ceil(values[worst])], [INFINITY])
            if self._relaxed.solve() != "optimal":
                break
            values = self._relaxed.values
        if raised:
            self._relaxed.set_bounds(raised, np.zeros(len(raised)), np.full(len(raised), INFINITY))
        is_whole = np.abs(values - np.rint(values)).max(initial=0.0) < WHOLE_TOL
        return np.rint(values) if is_whole else None

    def least_hours(self, need: Sequence[int]) -> float | None:
        """Returns the staff-hours of the linear programme, rounded up to what shifts add up to, a lower bound; None when no shifts cover the need."""
        self._need = np.array(need, dtype=float)
        self._relaxed.set_row_bounds(np.arange(self._need.size), self._need, np.full(self._need.size, INFINITY))
        if self._relaxed.solve() != "optimal":
            return None
        return math.ceil(self._relaxed.objective / self._unit - WHOLE_TOL) * self._unit

    def floor(self, need: Sequence[int]) -> Callable[[Sequence[int]], float]:
        """Returns a function that bounds the staff-hours of another need from below by the prices of this one's slots.

        The linear programme's cost is convex in the need, so that it lies above its tangent.
        """
        self.least_hours(need)
        at, hours = np.array(need, dtype=float), self._relaxed.objective
        prices = self._relaxed.prices[: at.size]

        def bound(other: Sequence[int]) -> float:
            least = hours + float(prices @ (np.array(other, dtype=float) - at))
            return math.ceil(least / self._unit - WHOLE_TOL) * self._unit

        return bound

    def fewest_people(self, need: Sequence[int], hours: float) -> Cover | None:
        """Returns the cover with fewest people among those of at most these staff-hours."""
        shifts = np.arange(self.patterns.hours.size)
        programme = self._programme()
        programme.add_rows([0], shifts, self.patterns.hours, [0.0], [hours + HOURS_TOL])
        programme.set_costs(shifts, np.ones(shifts.size) + 1e-4 * shifts / shifts.size)
        programme.set_row_bounds(np.arange(len(need)), np.array(need, dtype=float), np.full(len(need), INFINITY))
        programme.require_whole(shifts)
        programme.solve()
        return self._cover(programme.values, 0.0) if programme.has_values else None

    def _programme(self) -> WarmLP:
        patterns = self.patterns
        n_shifts, n_slots = patterns.at_window.shape
        lp = WarmLP(patterns.hours, np.zeros(n_shifts), np.full(n_shifts, INFINITY), limits=LIMITS)
        slots, shifts = np.nonzero(patterns.at_window.T)
        starts = np.searchsorted(slots, np.arange(n_slots))
        lp.add_rows(starts, shifts, np.ones(shifts.size), np.zeros(n_slots), np.full(n_slots, INFINITY))
        if patterns.is_lent.any() and patterns.lent_share < 1.0:
            factors = patterns.hours * (patterns.is_lent - patterns.lent_share)
            lp.add_rows([0], np.arange(n_shifts), factors, [-INFINITY], [0.0])
        return lp

    def _cover(self, values: NDArray[np.float64], bound: float) -> Cover:
        counts = np.rint(values).astype(np.int64)
        covered = counts @ self.patterns.at_window
        hours = float(counts @ self.patterns.hours)
        return Cover(tuple(counts.tolist()), tuple(covered.tolist()), hours, min(bound, hours))


def _unit(hours: NDArray[np.float64]) -> float:
    """The greatest number of minutes that all shifts are whole multiples of, in hours."""
    minutes = np.gcd.reduce(np.rint(hours * MINUTES_PER_HOUR).astype(np.int64))
    return float(minutes) / MINUTES_PER_HOUR if minutes else 1.0


class Judge(Protocol):
    """What says whether people at the windows keep the target of every slot."""

    def first_late(self, people: Sequence[int]) -> int | None:
        """Returns the first slot that misses its target with these people; None when all keep it."""

    def seems_late(self, people: Sequence[int]) -> bool:
        """Whether a guess, which costs next to nothing, has a slot miss its target."""


def cover_service(
    programme: CoverProgramme, need: Sequence[int], judge: Judge, guess: Judge, *, is_thorough: bool
) -> Cover | None:
    """Returns shifts whose people keep the service of every slot, at few staff-hours; None when none do.

    need: people in each slot to begin with.  guess: a judge that costs next to nothing and may err.  A late slot needs
    more, by the guess and then by the judge; then whole shifts go, and when thorough one to three slots on end need one
    fewer wherever that saves hours, while all slots keep their target: people who are there anyway are made use of before
    and after.  The bound is what the final need takes at least.
    """
    hoped = _raised(programme, list(need), guess)
    best = _raised(programme, list(hoped.covered) if hoped else list(need), judge)
    if best is None:
        return None
    best = _dropped(programme.patterns, best, judge)
    return _lowered(programme, best, judge) if is_thorough else best


def _raised(programme: CoverProgramme, need: list[int], judge: Judge) -> Cover | None:
    best = programme.quick(need)
    for _ in range(MOST_RAISES):
        late = judge.first_late(best.covered) if best else None
        if best is None or late is None:
            return best
        need[late] = best.covered[late] + max(1, best.covered[late] // LARGE_STEP)
        best = programme.quick(need)
    return None


def _dropped(patterns: Patterns, best: Cover, judge: Judge) -> Cover:
    """The cover without shifts that it does not need, the longest first."""
    for n in np.argsort(-patterns.hours, kind="stable"):
        while best.counts[n]:
            covered = np.array(best.covered) - patterns.at_window[n]
            if judge.first_late(covered.tolist()) is not None:
                break
            counts = [count - (m == n) for m, count in enumerate(best.counts)]
            best = Cover(tuple(counts), tuple(covered.tolist()), best.hours - float(patterns.hours[n]), best.bound)
    return replace(best, bound=min(best.bound, best.hours))


def _lowered(programme: CoverProgramme, best: Cover, judge: Judge) -> Cover:
    need, improved = list(best.covered), True
    floor = programme.floor(need)
    while improved:
        improved = False
        for width, k in product((1, 2, 3), range(len(need))):
            fewer = [count - 1 if k <= n < k + width and count > 1 else count for n, count in enumerate(need)]
            if floor(fewer) > best.hours - HOURS_TOL or judge.seems_late(fewer):
                continue
            trial = programme.quick(fewer)
            if trial and trial.hours < best.hours - HOURS_TOL and judge.first_late(trial.covered) is None:
                need, best, improved = fewer, trial, True
                floor = programme.floor(need)
    return best
