"""A day in two moments: a quick guess of what other windows would do, near a plan whose exact shares are known.

The number present is taken as normal; its mean m and variance v follow
    m' = λ - μ E[min(X, c)],   v' = λ + μ E[min(X, c)] - 2 μ v P(X < c),
and one who comes is late when those ahead, less a Poisson number of departures during the wait, still fill the windows.
The guess is only ever used to leave out what would fail or to choose what to try: the exact chain decides.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numba import njit

from hallplan.queueing.kernels import Floats, Ints
from hallplan.queueing.transients import Day

LEAST_STEPS, MOST_STEPS = 6, 200
STEP_OF_SERVICE = 0.5
"""Steps of a slot: at most this part of a service time each, for the variance fades twice as fast as the mean."""
SMALLEST = 1e-9
"""Shares are kept this far from 0 and 1."""


class Sketch:
    """Guesses for one day; `learn` lets them agree with the exact shares of one plan.

    shift: what the logarithms of the odds of being late are moved by until then.
    """

    def __init__(self, day: Day, shift: float = 0.0) -> None:
        self._day = day
        self._steps = min(max(LEAST_STEPS, math.ceil(day.slot * day.mu / STEP_OF_SERVICE)), MOST_STEPS)
        self._late, self._busy = np.zeros(day.rates.size), np.zeros(day.rates.size)
        self._shift = np.full(day.rates.size, shift)

    def learn(self, windows: Sequence[int] | Ints, shares: Sequence[float]) -> None:
        """Takes the exact shares within the target of one plan as what the guess is about."""
        late = 1.0 - np.array(shares, dtype=np.float64)
        self._shift = _odds(late) - _odds(self._run(windows))

    def shares(self, windows: Sequence[int] | Ints) -> Floats:
        """Returns (slots,) guessed shares within the target with other windows."""
        day, counts, shares = self._day, np.array(windows, dtype=np.int64), np.empty(self._shift.size)
        sketch_slots(day.rates, day.mu, counts, day.slot, day.wait, self._steps, self._late, self._busy)
        shift_odds(self._late, self._shift, shares)
        return shares

    @property
    def busy(self) -> Floats:
        """(slots,) mean busy windows with the windows last asked about."""
        return self._busy

    def _run(self, windows: Sequence[int] | Ints) -> Floats:
        day, counts = self._day, np.array(windows, dtype=np.int64)
        sketch_slots(day.rates, day.mu, counts, day.slot, day.wait, self._steps, self._late, self._busy)
        return self._late


def _odds(share: Floats) -> Floats:
    """Logarithm of the odds."""
    kept = np.clip(share, SMALLEST, 1.0 - SMALLEST)
    odds: Floats = np.log(kept / (1.0 - kept))
    return odds


@njit(cache=True, nogil=True, error_model="numpy")
def shift_odds(late: Floats, shift: Floats, shares: Floats) -> None:
    """Fills (slots,) shares within the target from those late, their odds moved."""
    for k in range(late.shape[0]):
        odds = min(max(late[k], SMALLEST), 1.0 - SMALLEST)
        odds *= math.exp(shift[k]) / (1.0 - odds)
        shares[k] = 1.0 / (1.0 + odds)


@njit(cache=True, nogil=True, error_model="numpy")
def sketch_slots(
    rates: Floats, mu: float, windows: Ints, slot: float, wait: float, steps: int, late: Floats, busy: Floats
) -> None:
    """Fills late[k] with the share of slot k's arrivals that is late, busy[k] with its mean number of busy windows."""
    m, v, h = 0.0, 0.0, slot / steps
    for k in range(rates.shape[0]):
        late[k], busy[k], c = 0.0, 0.0, float(windows[k])
        for i in range(steps):
            work, free = served(m, v, c)
            mid = m + 0.5 * h * (rates[k] - mu * work)
            mid_v = max(v + 0.5 * h * (rates[k] + mu * work - 2.0 * mu * v * free), 0.0)
            late[k] += late_share(mid, mid_v, windows, k, (i + 0.5) * h, slot, wait, mu) / steps
            work, free = served(mid, mid_v, c)
            m = max(m + h * (rates[k] - mu * work), 0.0)
            v = max(v + h * (rates[k] + mu * work - 2.0 * mu * mid_v * free), 0.0)
            busy[k] += work / steps


@njit(cache=True, nogil=True, error_model="numpy")
def served(m: float, v: float, c: float) -> tuple[float, float]:
    """Mean number of busy windows and the chance that one is free."""
    s = math.sqrt(max(v, 1e-12))
    z = (c - m) / s
    free = 0.5 * math.erfc(-z * 0.7071067811865476)
    return c - (c - m) * free - s * 0.3989422804014327 * math.exp(-0.5 * z * z), free


@njit(cache=True, nogil=True, error_model="numpy")
def late_share(m: float, v: float, windows: Ints, k: int, at: float, slot: float, wait: float, mu: float) -> float:
    """Chance that one who comes `at` minutes into slot k, m ahead in the mean with variance v, waits longer than `wait`."""
    left, done, last = wait, 0.0, windows.shape[0] - 1
    span = slot - at
    while left > span and k < last:
        done += windows[k] * mu * span
        left -= span
        k, span = k + 1, slot
    done += windows[k] * mu * left
    z = (done + windows[k] - 0.5 - m) / math.sqrt(v + done + 1e-12)
    return 0.5 * math.erfc(z * 0.7071067811865476)
