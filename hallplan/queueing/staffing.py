"""How few windows keep a service target for those who arrive in every slot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hallplan.queueing.ask import SHARE_TOL, Ask, fewest_in_slot, window_shares
from hallplan.queueing.checks import require_count, require_share
from hallplan.queueing.labels import Staffing, search_labels
from hallplan.queueing.smooth import pass_plan, smooth_plan
from hallplan.queueing.transient import Day


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
    found = search_labels(ask, fewest)
    if day.wait <= day.slot:
        return replace(found, windows=smooth_plan(ask, found.windows))
    plan = smooth_plan(ask, _reduce(ask, found.windows))
    return Staffing(plan, sum(fewest), False)


def _reduce(ask: Ask, windows: tuple[int, ...]) -> tuple[int, ...]:
    """Takes windows away, one by one or one for another, while every slot keeps the target."""
    now = list(windows)
    improved = True
    while improved:
        improved = False
        for k in range(len(now)):
            trial = [*now[:k], now[k] - 1, *now[k + 1 :]]
            if now[k] > ask.least[k] and _all_keep(ask, trial):
                now, improved = trial, True
    return tuple(now)


def _all_keep(ask: Ask, windows: Sequence[int]) -> bool:
    """Whether every slot keeps the target, with all states of a crowded hall, and no slot's windows are too busy."""
    shares = window_shares(ask, windows)
    keeps = all(rate <= 0 or share >= ask.share - SHARE_TOL for rate, share in zip(ask.day.rates, shares, strict=True))
    return keeps and (ask.max_busy >= 1.0 or pass_plan(ask, tuple(windows), (), 0) is not None)
