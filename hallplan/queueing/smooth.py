"""Among plans of the same cost: a lower peak, which saves a counter, then fewer windows opened and closed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from hallplan.queueing.ask import Ask, Passed, is_free, keeps, optimistic_start, pass_slot

PASSES = 600
"""Slots that may be worked through for one day."""


def smooth_plan(ask: Ask, windows: Sequence[int]) -> tuple[int, ...]:
    """Returns a plan with the same sum that keeps the target too, never with a higher peak or more changes.

    One window is moved from one slot to another as long as the peak, or else the sum of changes, becomes smaller.
    """
    now, passes = tuple(windows), int(PASSES * ask.room)
    kept = pass_plan(ask, now, [], 0)
    if kept is None:
        return now
    improved = True
    while improved:
        improved = False
        for trial, first in _moves(ask, now):
            if passes <= 0:
                return now
            passes -= ask.n_slots - first
            found = pass_plan(ask, trial, kept, first)
            if found is not None:
                now, kept, improved = trial, found, True
                break
    return now


def roughness(windows: Sequence[int]) -> tuple[int, int]:
    """Returns the peak and how many windows are opened or closed between slots."""
    return max(windows, default=0), sum(abs(b - a) for a, b in pairwise(windows))


def _moves(ask: Ask, now: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], int]]:
    """Smoother plans, the smoothest first, each with the first slot that changes."""
    moves = []
    for i, count in enumerate(now):
        for j in range(len(now)):
            if i != j and count > ask.least[i]:
                trial = tuple(value - (k == i) + (k == j) for k, value in enumerate(now))
                moves.append((roughness(trial), trial, min(i, j)))
    for rough, trial, first in sorted(moves):
        if rough < roughness(now):
            yield trial, first


def pass_plan(ask: Ask, plan: tuple[int, ...], kept: Sequence[Passed], first: int) -> list[Passed] | None:
    """The slots of a plan whose slots before `first` are `kept`; None if a slot misses the target."""
    reach = math.ceil(ask.day.wait / ask.day.slot)
    if not all(keeps(ask, k, kept[k], *plan[k:]) for k in range(max(first - reach, 0), first)):
        return None
    passed = list(kept[:first])
    p, bounds = (passed[-1].end, passed[-1].bounds) if passed else optimistic_start(ask, 0)
    for k in range(first, len(plan)):
        step = pass_slot(ask, p, bounds, k, plan[k])
        if not (is_free(ask, plan[k], step) and keeps(ask, k, step, *plan[k:])):
            return None
        passed.append(step)
        p, bounds = step.end, step.bounds
    return passed
