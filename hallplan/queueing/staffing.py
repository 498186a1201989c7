"""How few windows keep a service target for those who arrive in every slot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from hallplan.queueing.ask import SHARE_TOL, Ask, fewest_in_slot, window_shares
from hallplan.queueing.checks import require_count, require_share
from hallplan.queueing.coarse import coarse_trim
from hallplan.queueing.labels import Staffing, search_labels
from hallplan.queueing.smooth import smooth_plan
from hallplan.queueing.transients import MANY_NODES, Day
from hallplan.queueing.trim import trim_plan

SEEK_SPARE, MOST_TRIES = 1e-6, 4
"""By how much more than the target is sought at first, and how often with more, for seeking sees each slot a few times only."""
POLISHES = 2
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
    judge, spare = replace(ask, nodes=MANY_NODES), SEEK_SPARE
    for _ in range(MOST_TRIES):
        found = _sought(replace(ask, share=min(ask.share + spare, (1.0 + ask.share) / 2.0)))
        missed = _misses(judge, found.windows)
        if not missed:
            return found
        spare = 2.0 * spare + max(by for _, by in missed)
    return replace(found, windows=_raised(judge, found.windows))


def _sought(ask: Ask) -> Staffing:
    """A plan that keeps the target as far as the few times tell at which a slot is looked at."""
    fewest = [fewest_in_slot(ask, k) for k in range(ask.n_slots)]
    if ask.day.wait > ask.day.slot:
        return Staffing(_polished(ask, _load_plan(ask)), sum(fewest), False)
    found = search_labels(ask, fewest)
    if found.is_proven:
        return replace(found, windows=smooth_plan(ask, found.windows))
    plan = _polished(ask, found.windows)
    return Staffing(plan, found.bound, sum(plan) == found.bound)


def _polished(ask: Ask, windows: tuple[int, ...]) -> tuple[int, ...]:
    """A cheaper and smoother plan; the given one when, with all states of a crowded hall, that one misses the target."""
    plan, before = windows, windows
    for _ in range(POLISHES):
        before, plan = plan, trim_plan(ask, coarse_trim(ask, plan))
        if sum(plan) == sum(before):
            break
    plan = smooth_plan(ask, plan)
    return windows if _misses(ask, plan) else plan


def _raised(ask: Ask, windows: tuple[int, ...]) -> tuple[int, ...]:
    """The plan with a window more wherever it still misses, until it does not."""
    while missed := {k for k, _ in _misses(ask, windows)}:
        windows = tuple(count + (k in missed) for k, count in enumerate(windows))
    return windows


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
