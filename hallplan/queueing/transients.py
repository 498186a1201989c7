"""What visitors of one queue meet through a day: exact chain of people present, exact wait behind those ahead."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hallplan.errors import DemandError
from hallplan.queueing.checks import require, require_count, require_rates
from hallplan.queueing.kernels import WORK_ROWS, Floats, Ints, late_integral, slot_start
from hallplan.terms import text
from hallplan.units import MINUTES_PER_DAY, MINUTES_PER_HOUR

PANELS = (0.0, 0.06, 0.25, 1.0)
"""Parts of a whole slot for Gauss-Legendre, finer where the number of windows has just changed."""
MANY_NODES = 12
"""Times in each part: shares are within 1e-6 even with hundreds of windows."""


@cache
def _gauss(nodes: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    points, weights = np.polynomial.legendre.leggauss(nodes)
    return tuple((points + 1.0) / 2.0), tuple(weights / 2.0)


@dataclass(frozen=True, slots=True)
class Times:
    """Times in a slot at which its chain is looked at: `at` (k,) rising from the reach of the wait to the slot's end.

    weights: of the inner times in an integral over the part after at[0].
    """

    at: Floats
    weights: Floats


def times_in_slot(slot: float, start: float, wait: float = 0.0, nodes: int = MANY_NODES) -> Times:
    """Returns the times for a slot of which the part before `start` is integrated exactly.

    Those who come later than `kink` still wait in one slot more, where the chance of being late bends.
    """
    at, weights = [start], [0.0]
    points, shares = _gauss(nodes)
    kink = slot - wait % slot
    ends = {start, slot} if start else {part * slot for part in PANELS} | {kink}
    for low, high in pairwise(sorted(ends)):
        for point, share in zip(points, shares, strict=True):
            at.append(low + (high - low) * point)
            weights.append((high - low) * share)
    return Times(np.array([*at, slot]), np.array([*weights, 0.0]))


@dataclass(frozen=True, slots=True)
class Transient:
    """What those who arrive in each slot meet; one entry a slot.

    share_within: share who wait at most the target.  mean_wait_min, delay_probability: of them.  busy: mean busy windows.
    waiting_p95: largest 95th percentile of the number waiting at any time of the slot.
    """

    share_within: tuple[float, ...]
    mean_wait_min: tuple[float, ...]
    delay_probability: tuple[float, ...]
    busy: tuple[float, ...]
    waiting_p95: tuple[int, ...]
    arrivals_per_hour: tuple[float, ...]

    def over_day(self, values: Sequence[float]) -> float:
        """Returns the mean of `values` (one a slot) over all visitors of the day; 0 when nobody comes."""
        total = math.fsum(self.arrivals_per_hour)
        if total == 0:
            return 0.0
        return math.fsum(r * v for r, v in zip(self.arrivals_per_hour, values, strict=True) if r > 0) / total


def states_needed(rates: Floats, mu: float, windows: Sequence[int], slot: float, there: int = 0) -> int:
    """Returns how many states hold the day's chain, which begins with `there` people, but for a chance below 1e-12.

    A fluid queue gives the greatest mean; twelve standard deviations of all that comes bound what is above it.
    """
    present = most = float(there)
    for rate, c in zip(rates, windows, strict=True):
        balance = rate / mu if rate < c * mu else math.inf
        present = min(present + rate * slot, max(balance, present + (rate - c * mu) * slot, 0.0))
        most = max(most, present)
    total = float(rates.sum()) * slot
    everyone = there + total + 12.0 * math.sqrt(total) + 20.0
    spread = max(most, float(max(windows, default=0)))
    return int(min(everyone, 3.0 * spread + 30.0 * math.sqrt(spread + 1.0) + 60.0)) + 2


def transient(
    arrivals_per_hour: Sequence[float],
    minutes_per_case: float,
    windows: Sequence[int],
    *,
    wait_min: float,
    slot_minutes: float = 30.0,
    present: int = 0,
) -> Transient:
    """Returns what visitors meet in each slot when `windows` are open.

    arrivals_per_hour, windows: one a slot.  Exponential service of `minutes_per_case` in the mean, first come first
    served, the hall starts empty, a closing window hands its visitor back to the head of the queue, the last slot's
    windows stay.  Raises DemandError when a figure is impossible.
    Source: uniformisation of the chain; the wait as design.md section 7 states it.
    """
    day = Day.of(arrivals_per_hour, minutes_per_case, wait_min=wait_min, slot_minutes=slot_minutes)
    counts = _counts(windows, len(day.rates))
    if not counts.size:
        return Transient((), (), (), (), (), ())
    size = states_needed(day.rates, day.mu, counts.tolist(), day.slot, present)
    behind = _mean_behind(day, counts, size)
    p, bounds = np.zeros(size), np.full(3, present, np.int64)
    p[present] = 1.0
    rows = [_slot(day, counts, k, p, bounds, behind) for k in range(counts.size)]
    share, mean, delay, busy, high = zip(*rows, strict=True)
    return Transient(share, mean, delay, busy, high, tuple(float(r) for r in arrivals_per_hour))


@dataclass(frozen=True, slots=True)
class Day:
    """A day of one queue: arrivals a minute by slot, service rate 1/min, slot and target wait in minutes."""

    rates: Floats
    mu: float
    slot: float
    wait: float

    @classmethod
    def of(cls, arrivals: Sequence[float], minutes: float, *, wait_min: float, slot_minutes: float) -> Day:
        """Returns the day after checking its figures; raises DemandError."""
        rates = require_rates(arrivals) / MINUTES_PER_HOUR
        mu = 1.0 / require("minutes", minutes, above_zero=True)
        slot = require("slot", slot_minutes, above_zero=True)
        return cls(rates, mu, slot, require("wait", wait_min))

    @property
    def reach(self) -> float:
        """Time in a slot from which a wait of the target's length ends in a later slot."""
        return max(self.slot - self.wait, 0.0)


def _counts(windows: Sequence[int], n_slots: int) -> Ints:
    if len(windows) != n_slots:
        found = text("queueing.one_each", slots=n_slots, windows=len(windows))
        raise DemandError.at(text("queueing.windows"), found)
    return np.array([require_count("windows", value, 0) for value in windows], dtype=np.int64)


def _slot(
    day: Day, counts: Ints, k: int, p: Floats, bounds: Ints, behind: Floats
) -> tuple[float, float, float, float, int]:
    """Moves `p` through slot k; returns share within, mean wait, delay probability, busy windows, waiting."""
    c, size = int(counts[k]), p.size
    before, first = p.copy(), bounds.copy()
    times = times_in_slot(day.slot, day.reach, day.wait)
    nodes, area, work = np.empty((times.at.size, size)), np.empty(size), np.empty((WORK_ROWS, size + 2))
    slot_start(before, first, day.rates[k], day.mu, c, times.at, nodes, area, work)
    late = late_integral(nodes, area, times.at, times.weights, counts[k:], day.mu, day.wait, int(first[2]))
    times = times_in_slot(day.slot, 0.0)
    nodes = np.empty((times.at.size, size))
    busy = slot_start(p, bounds, day.rates[k], day.mu, c, times.at, nodes, area, work)
    mean = _mean_wait(day, c, nodes, times, behind[k + 1])
    delay = float(times.weights @ nodes[:, c:].sum(axis=1)) / day.slot
    return 1.0 - late / day.slot, mean, delay, busy, int(_waiting(nodes, c).max())


def _mean_wait(day: Day, c: int, nodes: Floats, times: Times, after: Floats) -> float:
    total = 0.0
    for at, weight, p in zip(times.at, times.weights, nodes, strict=True):
        waiting = np.flatnonzero(p[c:])
        if weight > 0.0 and waiting.size:
            waits = _mean_within(after[: c + waiting[-1] + 1], c, day.mu, day.slot - at)
            total += weight * float(p[c:][waiting] @ waits[waiting])
    return total / day.slot


def _mean_behind(day: Day, counts: Ints, size: int) -> Floats:
    """Returns (slots + 1, size): mean wait in minutes of one with y ahead at the start of each slot; inf when never."""
    c = int(counts[-1])
    out = np.zeros((counts.size + 1, size))
    out[-1, c:] = np.arange(1, size - c + 1) / (c * day.mu) if c else math.inf
    for k in range(counts.size - 1, -1, -1):
        c = int(counts[k])
        out[k, c:] = _mean_within(out[k + 1], c, day.mu, day.slot)
    return out


def _mean_within(after: Floats, c: int, mu: float, minutes: float) -> Floats:
    """Returns for y = c, c + 1… the mean wait of one with y ahead, of whom `after` holds it `minutes` later."""
    behind = after[c:]
    if c == 0:
        return minutes + behind
    if not behind.size:
        return behind
    mean = c * mu * minutes
    steps = np.arange(1, behind.size)
    pmf = np.exp(np.concatenate(([0.0], np.cumsum(np.log(mean / steps)))) - mean)
    never = np.isinf(behind)
    waits = np.cumsum(np.maximum(1.0 - np.cumsum(pmf), 0.0)) / (c * mu)
    waits += np.convolve(pmf, np.where(never, 0.0, behind))[: behind.size]
    waits[never.argmax() if never.any() else behind.size :] = math.inf
    return waits


def _waiting(nodes: Floats, c: int, share: float = 0.95) -> NDArray[np.int64]:
    """Returns the `share` quantile of the number waiting at each time."""
    present = (np.cumsum(nodes, axis=1) < share).sum(axis=1)
    waiting: NDArray[np.int64] = np.maximum(present - c, 0)
    return waiting


@dataclass(frozen=True, slots=True)
class WaitTail:
    """The waits of a day's visitors, for any length of wait: make it with `wait_tail`."""

    day: Day
    counts: Ints
    times: Times
    kept: tuple[tuple[Floats, Floats, int], ...]

    @property
    def visitors(self) -> float:
        """People who come on the day."""
        return float(self.day.rates.sum()) * self.day.slot

    def late(self, wait_min: float) -> float:
        """Returns how many people wait longer than `wait_min`."""
        total = 0.0
        for k, (nodes, area, top) in enumerate(self.kept):
            if self.day.rates[k] > 0:
                total += self.day.rates[k] * late_integral(
                    nodes, area, self.times.at, self.times.weights, self.counts[k:], self.day.mu, wait_min, top
                )
        return total


def wait_tail(
    arrivals_per_hour: Sequence[float], minutes_per_case: float, windows: Sequence[int], *, slot_minutes: float = 30.0
) -> WaitTail:
    """Returns the waits of a day; the model and the arguments are those of `transient`."""
    day = Day.of(arrivals_per_hour, minutes_per_case, wait_min=0.0, slot_minutes=slot_minutes)
    counts = _counts(windows, len(day.rates))
    size = states_needed(day.rates, day.mu, counts.tolist(), day.slot)
    p, bounds = np.zeros(size), np.zeros(3, np.int64)
    p[0] = 1.0
    times = times_in_slot(day.slot, 0.0)
    kept, work = [], np.empty((WORK_ROWS, size + 2))
    for k in range(counts.size):
        nodes, area = np.empty((times.at.size, size)), np.empty(size)
        slot_start(p, bounds, day.rates[k], day.mu, int(counts[k]), times.at, nodes, area, work)
        kept.append((nodes, area, int(bounds[2])))
    return WaitTail(day, counts, times, tuple(kept))


def wait_quantile(tails: Sequence[WaitTail], share: float, tolerance_min: float = 0.05) -> float:
    """Returns the wait in minutes that `share` of all these visitors do not exceed; infinite when some never start."""
    allowed = (1.0 - share) * math.fsum(tail.visitors for tail in tails)

    def is_enough(wait: float) -> bool:
        return math.fsum(tail.late(wait) for tail in tails) <= allowed

    low, high = 0.0, 5.0
    if is_enough(0.0):
        return 0.0
    while not is_enough(high):
        low, high = high, 2.0 * high
        if high > MINUTES_PER_DAY:
            return math.inf
    while high - low > tolerance_min:
        middle = (low + high) / 2.0
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high
