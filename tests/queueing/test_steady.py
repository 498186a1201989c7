"""Queues in steady state."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallplan.errors import DemandError
from hallplan.queueing import allen_cunneen, erlang_a, mdc, mg1, mgc, mmc


def test_one_window_at_eighty_percent() -> None:
    # M/M/1: C = rho, Wq = s rho/(1 - rho) = 5 * 0.8/0.2
    queue = mmc(9.6, 5, 1)
    assert queue.delay_probability == pytest.approx(0.8)
    assert queue.mean_wait_min == pytest.approx(20.0)
    assert queue.share_within(10) == pytest.approx(1 - 0.8 * math.exp(-0.04 * 10))


def test_erlang_c_of_25_windows_is_not_the_misprinted_one() -> None:
    assert mmc(20 * 60, 1, 25).delay_probability == pytest.approx(0.209103, abs=1e-6)


def test_a_thousand_windows_stay_finite() -> None:
    queue = mmc(980 * 12, 5, 1000)
    assert 0 < queue.delay_probability < 1
    assert queue.utilisation == pytest.approx(0.98)


def test_nobody_comes() -> None:
    queue = mmc(0, 5, 2)
    assert (queue.mean_wait_min, queue.share_within(0)) == (0, 1)


def test_overload_says_how_many_windows_it_takes() -> None:
    with pytest.raises(DemandError, match="3"):
        mmc(24, 5, 2)


@pytest.mark.parametrize("figures", [(-1, 5, 2), (10, -5, 2), (10, 5, 0), (math.nan, 5, 2), (10, math.inf, 2)])
def test_impossible_figures_are_refused(figures: tuple[float, float, int]) -> None:
    with pytest.raises(DemandError):
        mmc(*figures)


def test_general_service_meets_both_exact_ends() -> None:
    assert mgc(40, 6, 6, 1.0).mean_wait_min == pytest.approx(mmc(40, 6, 6).mean_wait_min)
    assert mgc(40, 6, 6, 0.0).mean_wait_min == pytest.approx(mdc(40, 6, 6).mean_wait_min)
    assert mgc(8, 6, 1, 1.4).mean_wait_min == pytest.approx(mg1(8, 6, 1.4).mean_wait_min)
    assert allen_cunneen(8, 6, 1, 1.4).mean_wait_min == pytest.approx(mg1(8, 6, 1.4).mean_wait_min)


@given(st.floats(1, 200), st.floats(1, 30), st.integers(1, 5))
def test_another_window_never_lengthens_the_wait(rate: float, minutes: float, spare: int) -> None:
    windows = math.floor(rate * minutes / 60) + spare
    assert mmc(rate, minutes, windows + 1).mean_wait_min <= mmc(rate, minutes, windows).mean_wait_min


@given(st.floats(1, 200), st.floats(1, 30), st.integers(1, 60), st.floats(1, 60))
def test_impatient_visitors_balance(rate: float, minutes: float, windows: int, patience: float) -> None:
    queue = erlang_a(rate, minutes, windows, patience)
    served = queue.utilisation * windows * 60 / minutes
    assert served + queue.abandon_probability * rate == pytest.approx(rate, rel=1e-6)
