"""Shifts straight from arrivals, so that the people on them keep a service target in every half-hour."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from hallplan.errors import InfeasibleError
from hallplan.queueing.ask import SHARE_TOL, Ask, pass_slot, slot_share
from hallplan.queueing.kernels import Floats, Ints
from hallplan.queueing.sketch import Sketch
from hallplan.queueing.transients import Day
from hallplan.terms import text
from hallplan.windows.staff.cover import Cover, CoverProgramme, Patterns, cover_service

USUAL_SHIFT = 0.45
"""Of the odds of being late, in the logarithm, from a sketch that has learned nothing to the exact ones."""
MOST_DOUBT, SKETCH_SLACK = 0.1, 0.03
"""How far below the target a sketch must be to be believed: what is usual for a few windows (25 days: 95 % within 0.08), and
the least."""
DOUBT, DOUBT_FADES = 2.0, 1.15
"""Doubt is so many times the error last seen in a slot, and fades by so much with each slot guessed right."""


def staff_service(
    arrivals_per_hour: Sequence[float],
    minutes_per_case: float,
    patterns: Patterns,
    *,
    share: float,
    wait_min: float,
    slot_minutes: float = 30.0,
    is_thorough: bool = False,
) -> Cover:
    """Returns shifts at few staff-hours whose people keep P(W ≤ wait_min) ≥ share for those who arrive in every slot.

    arrivals_per_hour: one a slot, 1/h.  patterns: shifts over the same slots.  The model is that of `staffing_levels`.
    Unlike covering a plan of windows, people whom a shift brings anyway take work off the slots before and after.
    is_thorough: goes on with a search that takes two to three times as long and saves up to one hour in a hundred.
    Raises DemandError when a figure is impossible, InfeasibleError when no shifts keep the target.
    Source: modified offered load (Jennings, Mandelbaum, Massey and Whitt, 1996) to begin with, then the exact transient.
    """
    day = Day.of(arrivals_per_hour, minutes_per_case, wait_min=wait_min, slot_minutes=slot_minutes)
    need = [_stationary(load, minutes_per_case, share, wait_min) for load in _loads(day)]
    sketch = Sketch(day, USUAL_SHIFT)
    check = _Check(Ask(day, share, tuple(need), 1.0), sketch)
    found = cover_service(CoverProgramme(patterns), need, check, _Guess(sketch, share), is_thorough=is_thorough)
    if found is None or not found.counts:
        raise InfeasibleError.at(text("windows.shifts"), text("windows.no_shifts"))
    return found


class _Guess:
    """What a sketch alone takes for late."""

    def __init__(self, sketch: Sketch, share: float) -> None:
        self._sketch, self._share = sketch, share

    def first_late(self, people: Sequence[int]) -> int | None:
        """Returns the first slot that seems to miss the target; None when all seem to keep it."""
        late = np.flatnonzero(self._sketch.shares(people) < self._share)
        return int(late[0]) if late.size else None

    def seems_late(self, people: Sequence[int]) -> bool:
        """Whether a slot seems to miss the target by more than a little."""
        return bool((self._sketch.shares(people) < self._share - SKETCH_SLACK).any())


class _Check:
    """The exact transient of one plan after another.

    Slots before the first that differs from the last plan that kept the target are not gone through again, and a plan
    that a sketch sees far below the target, once it has learned from an exact one, is not gone through at all.
    """

    def __init__(self, ask: Ask, sketch: Sketch) -> None:
        self._ask, self._sketch = ask, sketch
        self._kept: list[tuple[Floats, Ints]] = []
        self._shares: list[float] = []
        self._counts = np.zeros(0, dtype=np.int64)
        self._doubt = MOST_DOUBT

    def first_late(self, people: Sequence[int]) -> int | None:
        """Returns the first slot that misses the target; None when all keep it."""
        counts = np.array(people, dtype=np.int64)
        guess = self._sketch.shares(counts)
        far = np.flatnonzero(guess < self._ask.share - self._doubt) if self._kept else np.zeros(0)
        if far.size:
            return int(far[0])
        passed = self._passed(counts)
        shares = self._shares[: len(passed) - 1]
        for k in range(len(passed) - 1, self._ask.n_slots):
            p, bounds = passed[k]
            slot = pass_slot(self._ask, p, bounds, k, int(counts[k]))
            shares.append(slot_share(self._ask, slot, counts[k:]) if self._ask.day.rates[k] > 0 else 1.0)
            if self._kept:
                self._doubt = max(
                    self._doubt / DOUBT_FADES, min(DOUBT * abs(float(guess[k]) - shares[k]), MOST_DOUBT), SKETCH_SLACK
                )
            if shares[k] < self._ask.share - SHARE_TOL:
                return k
            passed.append((slot.end, slot.bounds))
        self._kept, self._counts, self._shares = passed, counts, shares
        self._sketch.learn(counts, shares)
        return None

    def seems_late(self, people: Sequence[int]) -> bool:
        """Whether the sketch has a slot miss the target by more than a little."""
        return bool((self._sketch.shares(people) < self._ask.share - SKETCH_SLACK).any())

    def _passed(self, counts: Ints) -> list[tuple[Floats, Ints]]:
        """States at slot starts up to the one before the first change, whose visitors may see it while they wait."""
        if self._kept:
            changed = np.flatnonzero(counts != self._counts)
            first = max(int(changed[0]) - self._reach, 0) if changed.size else self._ask.n_slots
            return self._kept[: first + 1]
        start = np.zeros(self._ask.size)
        start[0] = 1.0
        return [(start, np.zeros(3, dtype=np.int64))]

    @property
    def _reach(self) -> int:
        """Slots that a wait of the target's length spans beyond its own."""
        return math.ceil(self._ask.day.wait / self._ask.day.slot)


def _loads(day: Day) -> list[float]:
    """Mean number of busy windows over each slot if nobody waited (M_t/M/∞)."""
    loads, now = [], 0.0
    fade = day.mu * day.slot
    for rate in day.rates:
        level = float(rate) / day.mu
        loads.append(level + (now - level) * (1.0 - math.exp(-fade)) / fade)
        now = level + (now - level) * math.exp(-fade)
    return loads


def _stationary(load: float, minutes: float, share: float, wait_min: float) -> int:
    """The fewest windows of a stationary queue with this offered load, by Erlang C."""
    if load <= 0:
        return 0
    count, blocked = math.floor(load) + 1, 1.0
    for k in range(1, count):
        blocked = load * blocked / (k + load * blocked)
    while True:
        blocked = load * blocked / (count + load * blocked)
        delayed = count * blocked / (count - load * (1.0 - blocked))
        if 1.0 - delayed * math.exp(-(count - load) * wait_min / minutes) >= share:
            return count
        count += 1
