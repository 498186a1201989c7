"""A plan made cheaper by sketches, in steps of several windows: what the exact chain is too slow to seek in a large hall."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hallplan.queueing.ask import SHARE_TOL, Ask, window_shares
from hallplan.queueing.sketch import Sketch

ROUNDS = 10
"""Exact looks at a plan that sketches made."""
SWEEPS = 40
NEAR = 8
"""Slots before and after a raised one in which windows may be spared."""


def coarse_trim(ask: Ask, windows: Sequence[int]) -> tuple[int, ...]:
    """Returns a plan that keeps the target with no more slot-windows than the given one, which must keep it.

    Each round seeks a cheaper plan by sketches that agree with the last exact one, looks at it exactly, and mends it
    where it falls short.
    """
    best = trial = tuple(windows)
    search = _Sketched(ask)
    misses = search.look(best)
    for _ in range(ROUNDS):
        trial = search.mended(trial) if misses else search.cheaper(trial)
        if sum(trial) >= sum(best):
            break
        misses = search.look(trial)
        best = best if misses else trial
    return best


class _Sketched:
    """Plans by sketches that agree with the exact shares of the plan last looked at."""

    def __init__(self, ask: Ask) -> None:
        self._ask, self._sketch = ask, Sketch(ask.day)
        self._busy = np.zeros(ask.n_slots)
        self._comes = ask.day.rates > 0

    def look(self, plan: tuple[int, ...]) -> bool:
        """Looks at a plan exactly; returns whether it misses the target."""
        shares, busy = window_shares(self._ask, plan)
        self._sketch.learn(plan, shares)
        self._busy = np.array(busy) - self._sketch.busy
        short = self._comes & (np.array(shares) < self._ask.share - SHARE_TOL)
        return bool(short.any()) or bool((np.array(busy) > self._ask.max_busy * np.array(plan) + SHARE_TOL).any())

    def short(self, plan: tuple[int, ...]) -> float:
        """By how much a plan misses the target, over all slots; 0 when it keeps it."""
        late = np.maximum(self._ask.share - SHARE_TOL - self._sketch.shares(plan), 0.0)[self._comes]
        over = np.maximum(self._sketch.busy + self._busy - self._ask.max_busy * np.array(plan) - SHARE_TOL, 0.0)
        return float(late.sum() + (over.sum() if self._ask.max_busy < 1.0 else 0.0))

    def mended(self, plan: tuple[int, ...]) -> tuple[int, ...]:
        """The plan with windows added where each helps most, until it keeps the target."""
        while (now := self.short(plan)) > 0.0:
            trials = [_with(plan, k, 1) for k in range(len(plan))]
            gains = [now - self.short(trial) for trial in trials]
            if max(gains) <= 0.0:
                return plan
            plan = trials[int(np.argmax(gains))]
        return plan

    def cheaper(self, plan: tuple[int, ...]) -> tuple[int, ...]:
        """Windows spared, in steps that halve; at each, one slot raised where that spares more near it."""
        step = max(1, int(max(plan, default=0) ** 0.5) // 2)
        while step:
            for _ in range(SWEEPS):
                before = sum(plan)
                plan = self._spared(plan, range(len(plan)), step)
                for k in range(len(plan)):
                    near = sorted(range(max(k - NEAR, 0), min(k + NEAR + 1, len(plan))), key=lambda j: (abs(j - k), j))
                    trial = self._spared(_with(plan, k, step), [j for j in near if j != k], step)
                    plan = trial if sum(trial) < sum(plan) else plan
                if sum(plan) == before:
                    break
            step //= 2
        return plan

    def _spared(self, plan: tuple[int, ...], slots: Sequence[int], step: int) -> tuple[int, ...]:
        for k in slots:
            while plan[k] - step >= max(self._ask.least[k], int(self._comes[k])):
                trial = _with(plan, k, -step)
                if self.short(trial) > 0.0:
                    break
                plan = trial
        return plan


def _with(plan: tuple[int, ...], k: int, more: int) -> tuple[int, ...]:
    return (*plan[:k], plan[k] + more, *plan[k + 1 :])
