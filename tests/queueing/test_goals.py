"""Windows that meet a mean wait, a 99th percentile or a longest queue in every slot."""

from __future__ import annotations

import math
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallplan.queueing import Goals, meet_goals, staffing_levels, transient

RATES = (20.0, 60.0, 90.0, 40.0)
SHARE = Goals(0.8, 15.0)


def met(goals: Goals, rates: tuple[float, ...] = RATES) -> tuple[int, ...]:
    return meet_goals(rates, 6, staffing_levels(rates, 6, share=goals.share, wait_min=goals.wait_min), goals)


def test_a_mean_wait_is_kept_in_every_slot() -> None:
    plan = met(Goals(0.8, 15.0, mean_wait_min=2.0))
    found = transient(RATES, 6, plan, wait_min=15)
    assert max(found.mean_wait_min) <= 2.0 + 1e-6
    assert min(found.share_within) >= 0.8
    assert max(transient(RATES, 6, met(SHARE), wait_min=15).mean_wait_min) > 2.0


def test_99_of_100_wait_no_longer_than_asked() -> None:
    plan = met(Goals(0.8, 15.0, p99_wait_min=10.0))
    assert min(transient(RATES, 6, plan, wait_min=10).share_within) >= 0.99 - 1e-6


def test_the_queue_is_as_short_as_asked() -> None:
    assert max(transient(RATES, 6, met(Goals(0.8, 15.0, waiting=4)), wait_min=15).waiting_p95) <= 4


def test_no_window_can_be_spared_and_few_plans_are_cheaper() -> None:
    rates, goals = (10.0, 30.0, 18.0), Goals(0.8, 5.0, mean_wait_min=0.5)
    plan = met(goals, rates)

    def keeps(windows: tuple[int, ...]) -> bool:
        found = transient(rates, 6, windows, wait_min=5)
        return max(found.mean_wait_min) <= 0.5 and min(found.share_within) >= 0.8

    assert keeps(plan)
    assert not any(keeps((*plan[:k], plan[k] - 1, *plan[k + 1 :])) for k in range(3))
    assert sum(plan) <= 1 + min(sum(trial) for trial in product(range(1, 9), repeat=3) if keeps(trial))


@given(st.floats(0.3, 5.0), st.floats(1.1, 3.0))
@settings(max_examples=10, deadline=None)
def test_a_stricter_mean_wait_never_needs_fewer_windows(wait: float, factor: float) -> None:
    strict, lax = (sum(met(Goals(0.8, 15.0, mean_wait_min=w))) for w in (wait, wait * factor))
    assert strict >= lax


@pytest.mark.parametrize(("goals", "expected"), [(SHARE, False), (Goals(0.8, 15.0, waiting=3), True)])
def test_only_further_goals_need_more_than_the_share(goals: Goals, expected: bool) -> None:
    assert goals.has_more is expected
    assert math.isinf(SHARE.p99_wait_min)
