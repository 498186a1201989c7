"""Shifts straight from arrivals, so that the people on them keep a service target in every half-hour."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from hallplan.errors import InfeasibleError
from hallplan.queueing.ask import Ask, keeps, pass_slot
from hallplan.queueing.kernels import Floats, Ints
from hallplan.queueing.transient import Day
from hallplan.terms import text
from hallplan.windows.staff.cover import Cover, CoverProgramme, Patterns, cover_service


def staff_service(
    arrivals_per_hour: Sequence[float],
    minutes_per_case: float,
    patterns: Patterns,
    *,
    share: float,
    wait_min: float,
    slot_minutes: float = 30.0,
    is_quick: bool = False,
) -> Cover:
    """Returns shifts at few staff-hours whose people keep P(W ≤ wait_min) ≥ share for those who arrive in every slot.

    arrivals_per_hour: one a slot, 1/h.  patterns: shifts over the same slots.  The model is that of `staffing_levels`.
    Unlike covering a plan of windows, people whom a shift brings anyway take work off the slots before and after.
    is_quick: ends before the search that takes most of the time.
    Raises DemandError when a figure is impossible, InfeasibleError when no shifts keep the target.
    Source: modified offered load (Jennings, Mandelbaum, Massey and Whitt, 1996) to begin with, then the exact transient.
    """
    day = Day.of(arrivals_per_hour, minutes_per_case, wait_min=wait_min, slot_minutes=slot_minutes)
    need = [_stationary(load, minutes_per_case, share, wait_min) for load in _loads(day)]
    check = _Check(Ask(day, share, tuple(need), 1.0))
    found = cover_service(CoverProgramme(patterns), need, check.first_late, is_quick=is_quick)
    if found is None or not found.counts:
        raise InfeasibleError.at(text("windows.shifts"), text("windows.no_shifts"))
    return found


class _Check:
    """The exact transient of one plan after another; slots before the first that differs are not gone through again."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._kept: list[tuple[Floats, Ints]] = []
        self._counts = np.zeros(0, dtype=np.int64)

    def first_late(self, people: Sequence[int]) -> int | None:
        """Returns the first slot that misses the target; None when all keep it."""
        counts = np.array(people, dtype=np.int64)
        passed = self._passed(counts)
        for k in range(len(passed) - 1, self._ask.n_slots):
            p, bounds = passed[k]
            slot = pass_slot(self._ask, p, bounds, k, int(counts[k]))
            if not keeps(self._ask, k, slot, *counts[k:]):
                return k
            passed.append((slot.end, slot.bounds))
        self._kept, self._counts = passed, counts
        return None

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
