"""Machines that break: against Erlang C, a case worked by hand, and independent simulated days."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallplan.errors import DemandError
from hallplan.queueing import mmc
from hallplan.queueing.unreliable import fewest_machines, simulate_unreliable, unreliable


@pytest.mark.parametrize(("rate", "minutes", "machines"), [(30, 5, 4), (4, 10, 1), (100, 4, 9)])
def test_machines_that_never_break_are_erlangs(rate: float, minutes: float, machines: int) -> None:
    ours = unreliable(rate, minutes, machines, faults_per_hour=0, repair_min=60)
    theirs = mmc(rate, minutes, machines)
    assert ours.mean_wait_min == pytest.approx(theirs.mean_wait_min, rel=1e-6)
    assert ours.share_within(5) == pytest.approx(theirs.share_within(5), abs=1e-7)


def test_one_machine_that_breaks_waits_as_the_formula_says() -> None:
    # From the generating functions of M/M/1 with breakdowns at any time (Avi-Itzhak and Naor 1963):
    # L = (l + f l/r + f l²/r²) / (m - l - f l/r) + f l / (r (f + r))
    lam, mu, f, r = 4 / 60, 1 / 6, 0.02, 0.1
    queue = unreliable(4, 6, 1, faults_per_hour=60 * f, repair_min=1 / r)
    people = (lam + f * lam / r + f * lam**2 / r**2) / (mu - lam - f * lam / r) + f * lam / (r * (f + r))
    levels = queue._levels
    assert sum(n * level.sum() for n, level in enumerate(levels)) == pytest.approx(people, rel=1e-6)


def test_the_exact_wait_lies_in_the_simulated_interval() -> None:
    for rate, minutes, machines, faults, repair in ((30, 5, 4, 0.05, 90), (12, 6, 2, 0.1, 60), (60, 5, 7, 0.3, 30)):
        queue = unreliable(rate, minutes, machines, faults_per_hour=faults, repair_min=repair)
        days = simulate_unreliable(queue, wait_min=5, people=20_000, runs=40, seed=3)
        low, high = days.share_within_ci99
        assert low <= queue.share_within(5) <= high
        low, high = days.mean_wait_ci99
        assert low <= queue.mean_wait_min <= high


def test_an_overloaded_machine_is_never_stable() -> None:
    queue = unreliable(20, 5, 1, faults_per_hour=0.1, repair_min=60)
    assert not queue.is_stable
    assert queue.mean_wait_min == math.inf
    assert queue.share_within(5) == 0.0
    with pytest.raises(DemandError):
        simulate_unreliable(queue, wait_min=5)


def test_the_fewest_machines_keep_the_share_and_one_less_does_not() -> None:
    ask = {"faults_per_hour": 0.02, "repair_min": 120.0}
    found = fewest_machines(40, 5, share=0.9, wait_min=5, **ask)
    assert found is not None
    assert found.share_within(5) >= 0.9
    fewer = unreliable(40, 5, found.machines - 1, **ask)
    assert not fewer.is_stable or fewer.share_within(5) < 0.9


@settings(max_examples=25, deadline=None)
@given(st.floats(1, 60), st.floats(1, 10), st.integers(1, 8), st.floats(0, 0.5), st.floats(10, 200))
def test_shares_are_shares_and_grow_with_time(
    rate: float, minutes: float, count: int, faults: float, repair: float
) -> None:
    queue = unreliable(rate, minutes, count, faults_per_hour=faults, repair_min=repair)
    if queue.utilisation < 0.97:
        shares = [queue.share_within(t) for t in (0, 2, 10, 60)]
        assert all(-1e-9 <= share <= 1 + 1e-9 for share in shares)
        assert shares == sorted(shares)


def test_faults_make_waits_longer() -> None:
    never = unreliable(30, 5, 4, faults_per_hour=0, repair_min=60)
    often = unreliable(30, 5, 4, faults_per_hour=0.2, repair_min=60)
    assert often.mean_wait_min > never.mean_wait_min
    assert often.availability == pytest.approx(1 / 1.2)


def test_where_nobody_waits_too_long_the_interval_still_has_a_width() -> None:
    queue = unreliable(4.0, 2.0, 9, faults_per_hour=0.01, repair_min=20)
    days = simulate_unreliable(queue, wait_min=10, people=2_000, runs=4)
    low, high = days.share_within_ci99
    assert low < 1.0
    assert low <= queue.share_within(10) <= high
