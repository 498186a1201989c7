"""A day with a target, and one slot of it with a number of windows: the pieces of every search for staffing."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hallplan.errors import DemandError
from hallplan.queueing.kernels import WORK_ROWS, Floats, Ints, late_integral, slot_start
from hallplan.queueing.transients import Day, Times, states_needed, times_in_slot
from hallplan.terms import text

MOST_WINDOWS = 20_000
SHARE_TOL = 1e-9
SEEK_NODES = 6
"""Times at which a slot is looked at while plans are sought: shares within 1e-5, or 1e-4 with hundreds of windows."""
USUAL_WORK = 1_500_000
"""Jumps times states of a pass of some forty windows; halls with many more get fewer passes."""


@dataclass(frozen=True)
class Ask:
    """A day with the target, the fewest windows of each slot and the greatest share of their time they may be busy."""

    day: Day
    share: float
    least: tuple[int, ...]
    max_busy: float
    nodes: int = SEEK_NODES

    @property
    def n_slots(self) -> int:
        return len(self.day.rates)

    @cached_property
    def times(self) -> Times:
        return times_in_slot(self.day.slot, self.day.reach, self.day.wait, self.nodes)

    @cached_property
    def load(self) -> Floats:
        """(slots + 1,) mean number present at slot starts if nobody waited (M_t/M/∞)."""
        load = np.zeros(self.n_slots + 1)
        keep = math.exp(-self.day.mu * self.day.slot)
        for k, rate in enumerate(self.day.rates):
            load[k + 1] = load[k] * keep + rate / self.day.mu * (1.0 - keep)
        return load

    @cached_property
    def work_per_pass(self) -> float:
        """Jumps times states that one slot takes, about: what search is budgeted by."""
        return (2.0 * float(self.day.rates.max()) * self.day.slot + 200.0) * self.size

    @property
    def room(self) -> float:
        """Share of the usual number of passes that a day of this size gets, at most 1."""
        return min(1.0, USUAL_WORK / self.work_per_pass)

    @cached_property
    def size(self) -> int:
        """States of the chain that are kept: a plan near the target holds far fewer people."""
        a = float(max(self.load.max(), max(self.least, default=0)))
        queue = 2.0 * a * self.day.mu * self.day.wait / (1.0 - self.share) ** 0.5
        everyone = float(self.day.rates.sum()) * self.day.slot
        return int(min(everyone + 12.0 * math.sqrt(everyone) + 20.0, a + queue + 14.0 * math.sqrt(a + 1.0) + 60.0)) + 2


@dataclass(slots=True)
class Passed:
    """A slot with its windows: people at its start and end, and what its arrivals need to know of their waits."""

    start: Floats
    end: Floats
    bounds: Ints
    nodes: Floats
    area: Floats
    busy: float


def window_shares(ask: Ask, windows: Sequence[int], present: int = 0) -> tuple[list[float], list[float]]:
    """Returns the exact share within the target wait and the mean number of busy windows, slot by slot.

    present: people who are there when the first slot begins.
    """
    counts = np.array(windows, dtype=np.int64)
    size = states_needed(ask.day.rates, ask.day.mu, list(windows), ask.day.slot, present)
    p, bounds = np.zeros(size), np.full(3, present, np.int64)
    p[present] = 1.0
    shares, busy = [], []
    for k in range(ask.n_slots):
        passed = pass_slot(ask, p, bounds, k, int(counts[k]))
        shares.append(slot_share(ask, passed, counts[k:]))
        busy.append(passed.busy)
        p, bounds = passed.end, passed.bounds
    return shares, busy


def pass_slot(ask: Ask, start: Floats, bounds: Ints, k: int, c: int) -> Passed:
    end, after = start.copy(), bounds.copy()
    nodes, area = np.empty((ask.times.at.size, start.size)), np.empty(start.size)
    work = np.empty((WORK_ROWS, start.size + 2))
    busy = slot_start(end, after, ask.day.rates[k], ask.day.mu, c, ask.times.at, nodes, area, work)
    return Passed(start, end, after, nodes, area, busy)


def slot_share(ask: Ask, passed: Passed, windows: Ints) -> float:
    """Share within the target for a slot's arrivals, `windows` from that slot on."""
    late = late_integral(
        passed.nodes,
        passed.area,
        ask.times.at,
        ask.times.weights,
        windows,
        ask.day.mu,
        ask.day.wait,
        int(passed.bounds[2]),
    )
    return 1.0 - late / ask.day.slot


def keeps(ask: Ask, k: int, passed: Passed, *windows: int) -> bool:
    if ask.day.rates[k] <= 0:
        return True
    return slot_share(ask, passed, np.array(windows, dtype=np.int64)) >= ask.share - SHARE_TOL


def is_free(ask: Ask, c: int, passed: Passed) -> bool:
    """Whether the windows are not busier than they may be."""
    return ask.max_busy >= 1.0 or passed.busy <= ask.max_busy * c + SHARE_TOL


def optimistic_start(ask: Ask, k: int) -> tuple[Floats, Ints]:
    """People present at slot k's start if nobody had ever waited, fewer than in any plan (in distribution)."""
    p = np.exp(_log_poisson(ask.load[k], ask.size))
    used = np.flatnonzero(p > 1e-14)
    return np.where(p > 1e-14, p, 0.0), np.array([used[0], used[-1], 0], dtype=np.int64)


def fewest_in_slot(ask: Ask, k: int) -> int:
    """Fewest windows of slot k in any plan: even if nobody waited before, and the next slot had one for everybody."""
    start, bounds = optimistic_start(ask, k)

    def serves(c: int) -> bool:
        passed = pass_slot(ask, start, bounds, k, c)
        return is_free(ask, c, passed) and keeps(ask, k, passed, c, ask.size)

    low, high = _bracket(serves, ask.least[k], math.floor(min(ask.load[k], ask.load[k + 1], MOST_WINDOWS)))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if serves(middle) else (middle, high)
    return high


def _bracket(serves: Callable[[int], bool], least: int, guess: int) -> tuple[int, int]:
    """Returns a number that does not serve (or is just below `least`) and one that does, from a guess outwards."""
    high = max(least, guess)
    step = 1 + high // 32
    if serves(high):
        while high > least:
            low = max(least, high - step)
            if not serves(low):
                return low, high
            high, step = low, 2 * step
        return least - 1, least
    while not serves(high + step):
        high, step = high + step, 2 * step
        if high > MOST_WINDOWS:
            raise DemandError.at(
                text("queueing.windows"),
                text("queueing.too_many", most=MOST_WINDOWS),
                remedy=text("queueing.check_units"),
            )
    return high, high + step


def _log_poisson(mean: float, size: int) -> Floats:
    n = np.arange(size)
    if mean <= 0:
        return np.where(n == 0, 0.0, -np.inf)
    logs: Floats = n * math.log(mean) - mean - np.array([math.lgamma(value + 1.0) for value in n])
    return logs
