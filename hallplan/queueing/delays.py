"""Windows that keep the chance of having to wait near a target at all times, with or without people who leave."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hallplan.queueing.checks import require, require_rates, require_share
from hallplan.queueing.kernels import Floats
from hallplan.queueing.steady import halfin_whitt
from hallplan.units import MINUTES_PER_HOUR

TAIL = 1e-13
MOST_STEPS = 4000


@dataclass(frozen=True, slots=True)
class DelayPlan:
    """Windows open in each slot and the exact chance that one who comes in it must wait (mean over the slot)."""

    windows: tuple[int, ...]
    delay_probability: tuple[float, ...]


def delay_levels(
    arrivals_per_hour: Sequence[float],
    minutes_per_case: float,
    *,
    delay: float,
    slot_minutes: float,
    patience_min: float = math.inf,
    present: float = 0.0,
) -> DelayPlan:
    """Returns the windows of each slot whose delay probability is nearest to `delay`, slot after slot.

    arrivals_per_hour: one a slot; take slots short against the service time to follow a changing rate at all times.
    patience_min: mean of an exponential patience.  present: mean number (Poisson) in the hall at the start.
    The number present is the exact chain of exponential service; whole windows leave a rest of half a state's
    probability, about 0.2/√load.  Raises DemandError when a figure is impossible.
    Source: the aim of Feldman, Mandelbaum, Massey and Whitt (2008); the exact chain in place of their simulation, ours.
    """
    rates = require_rates(arrivals_per_hour) / MINUTES_PER_HOUR
    mu = 1.0 / require("minutes", minutes_per_case, above_zero=True)
    theta = 0.0 if patience_min == math.inf else 1.0 / require("patience", patience_min, above_zero=True)
    slot, target = require("slot", slot_minutes, above_zero=True), require_share(delay)
    chain = _Chain(mu, theta, slot)
    p = _poisson(require("arrivals", present), _states(rates, mu, theta, target, present))
    windows, delays = [], []
    for rate in rates:
        count, share, p = chain.nearest(p, float(rate), target)
        windows.append(count)
        delays.append(share)
    return DelayPlan(tuple(windows), tuple(delays))


@dataclass(frozen=True, slots=True)
class _Chain:
    mu: float
    theta: float
    slot: float

    def nearest(self, p: Floats, rate: float, target: float) -> tuple[int, float, Floats]:
        """The windows whose mean delay probability over the slot is nearest to the target; it falls with each window."""
        count = int(np.searchsorted(np.cumsum(p), 1.0 - target)) + 1
        tried = {count: self.through(p, rate, count)}
        step = 1 if tried[count][0] > target else -1
        while count + step > 0:
            count += step
            tried[count] = self.through(p, rate, count)
            if (tried[count][0] > target) != (step > 0):
                break
        best = min(sorted(tried), key=lambda c: abs(tried[c][0] - target))
        return best, *tried[best]

    def through(self, p: Floats, rate: float, count: int) -> tuple[float, Floats]:
        """Mean chance over the slot that all windows are busy, and the states at its end. Source: uniformisation."""
        n = np.arange(p.size)
        down = np.minimum(n, count) * self.mu + np.maximum(n - count, 0) * self.theta
        up = np.where(n < p.size - 1, rate, 0.0)
        jumps = float((up + down).max()) or 1.0
        mean = jumps * self.slot
        stay = 1.0 - (up + down) / jumps
        state, end = p, np.zeros_like(p)
        weight, left, delayed = math.exp(-mean), 1.0, 0.0
        for k in range(1, MOST_STEPS):
            end += weight * state
            left -= weight
            delayed += max(left, 0.0) * float(state[count:].sum()) / mean
            if left < TAIL and k > mean:
                break
            moved = stay * state
            moved[1:] += (up * state)[:-1] / jumps
            moved[:-1] += (down * state)[1:] / jumps
            state, weight = moved, weight * mean / k
        return delayed, end / end.sum()


def _states(rates: Floats, mu: float, theta: float, target: float, present: float) -> int:
    """States that hold the chain: the load, its spread, and without patience the queue that the target brings with it."""
    load = max(float(rates.max()) / mu, present, 1.0)
    beta = next((b / 100.0 for b in range(1, 400) if halfin_whitt(b / 100.0) <= target), 4.0)
    queue = 25.0 * math.sqrt(load) * max(1.0, math.sqrt(mu / theta)) if theta else 20.0 * math.sqrt(load) / beta
    return int(load + 12.0 * math.sqrt(load) + queue + 40.0)


def _poisson(mean: float, size: int) -> Floats:
    n = np.arange(size)
    if mean == 0:
        return np.where(n == 0, 1.0, 0.0)
    logs = n * math.log(mean) - mean - np.array([math.lgamma(value + 1.0) for value in n])
    p: Floats = np.exp(logs) / np.exp(logs).sum()
    return p
