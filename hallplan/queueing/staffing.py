"""How few windows keep a service target for those who arrive in every slot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from hallplan.queueing.ask import SHARE_TOL, Ask, fewest_in_slot, window_shares
from hallplan.queueing.checks import require_count, require_share
from hallplan.queueing.labels import Staffing, search_labels
from hallplan.queueing.smooth import smooth_plan
from hallplan.queueing.transient import Day
from hallplan.queueing.trim import trim_plan

BETA_STEP, LOWEST_BETA_STEPS = 0.2, 10
"""Square-root staffing is tried from two square roots below the load on."""


def staffing_levels(
    arrivals_per_hour: Sequence[float],
    minutes_per_case: float,
    *,
    share: float,
    wait_min: float,
    slot_minutes: float = 30,
) -> tuple[int, ...]:
    """Returns the windows open in each slot, as few as keep P(W ≤ wait_min) ≥ share for those who arrive in every slot.

    arrivals_per_hour: one a slot, 1/h.  The model: exponential service, first come first served, the hall starts empty,
    a closing window hands its visitor back to the head of the queue, a waiter sees the windows of every slot the wait
    spans, the last slot's windows stay.  A slot in which nobody comes may have no windows.
    Raises DemandError when a figure is impossible.  Source: labels over slots, ours; the chain by uniformisation.
    """
    return find_staffing(
        arrivals_per_hour, minutes_per_case, share=share, wait_min=wait_min, slot_minutes=slot_minutes
    ).windows


def find_staffing(
    arrivals_per_hour: Sequence[float],
    minutes_per_case: float,
    *,
    share: float,
    wait_min: float,
    slot_minutes: float = 30,
    least: Sequence[int] = (),
    max_busy: float = 1.0,
) -> Staffing:
    """Returns the windows of each slot as `staffing_levels`, with a bound, given the fewest that each slot may have.

    max_busy: greatest share of a slot's window time that may be busy.  Labels are plans up to a slot; one is dropped
    when another with the same windows in that slot costs no more and had no more people (in distribution) at its
    start, for then every continuation serves as well.
    """
    day = Day.of(arrivals_per_hour, minutes_per_case, wait_min=wait_min, slot_minutes=slot_minutes)
    floor = tuple(require_count("windows", value, 0) for value in least) or (0,) * len(day.rates)
    ask = Ask(day, require_share(share), floor, max_busy)
    if not day.rates.any():
        return Staffing(floor, sum(floor), True)
    fewest = [fewest_in_slot(ask, k) for k in range(ask.n_slots)]
    if day.wait > day.slot:
        return Staffing(_polished(ask, _load_plan(ask)), sum(fewest), False)
    found = search_labels(ask, fewest)
    if found.is_proven:
        return replace(found, windows=smooth_plan(ask, found.windows))
    plan = _polished(ask, found.windows)
    return Staffing(plan, found.bound, sum(plan) == found.bound)


def _polished(ask: Ask, windows: tuple[int, ...]) -> tuple[int, ...]:
    """A cheaper and smoother plan; the given one when, with all states of a crowded hall, that one misses the target."""
    plan = smooth_plan(ask, trim_plan(ask, windows))
    return windows if _misses(ask, plan) else plan


def _load_plan(ask: Ask) -> tuple[int, ...]:
    """Windows at the load and a multiple of its square root, the least multiple that keeps the target in every slot.

    Where a wait spans several slots the labels, which see one slot ahead, lead nowhere.
    """
    loads = [max(a, b) for a, b in pairwise(ask.load)]
    step = 0
    while True:
        beta = (step - LOWEST_BETA_STEPS) * BETA_STEP
        plan = tuple(
            max(least, math.ceil(load + beta * math.sqrt(load)), 1 if rate > 0 else 0)
            for least, load, rate in zip(ask.least, loads, ask.day.rates, strict=True)
        )
        if not _misses(ask, plan):
            return plan
        step += 1


def _misses(ask: Ask, windows: Sequence[int]) -> list[tuple[int, float]]:
    """Slots that miss the target, or whose windows are too busy, and by how much."""
    shares, busy = window_shares(ask, windows)
    short = [
        (k, max(ask.share - share, 0.0) + max(load - ask.max_busy * count, 0.0) / max(count, 1))
        for k, (share, load, count) in enumerate(zip(shares, busy, windows, strict=True))
        if ask.day.rates[k] > 0
    ]
    return [(k, by) for k, by in short if by > SHARE_TOL]
