"""Formulas and transients for any figures, against sums of eighty digits and chains solved another way."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hallplan.queueing import erlang_a, erlang_b, mdc, mg1, mmc, transient
from tests.reference.test_second_opinion import shares

EXACT = 1e-9


def exact_mmc(load: float, windows: int) -> tuple[float, float]:
    """Erlang B and C by the sums of their definition; load: exact value of the float."""
    with localcontext() as context:
        context.prec = 80
        a, term, total = Decimal(load), Decimal(1), Decimal(1)
        for k in range(1, windows + 1):
            term *= a / k
            total += term
        delayed = term * windows / (windows - a)
        return float(term / total), float(delayed / (total - term + delayed))


@given(st.floats(1e-6, 0.9999), st.integers(1, 2000), st.floats(0.05, 120.0), st.floats(0.0, 60.0))
@settings(max_examples=40, deadline=None)
@example(0.999, 2000, 6.0, 5.0)
@example(1e-6, 1, 600.0, 0.0)
@example(0.9999, 1, 0.05, 60.0)
def test_m_m_c_with_any_figures(use: float, windows: int, minutes: float, wait: float) -> None:
    rate = 60 * use * windows / minutes
    queue, load = mmc(rate, minutes, windows), rate * minutes / 60
    blocked, delayed = exact_mmc(load, windows)
    drain = (windows - load) / minutes
    assert erlang_b(load, windows) == pytest.approx(blocked, rel=EXACT, abs=1e-300)
    assert queue.delay_probability == pytest.approx(delayed, rel=EXACT, abs=1e-300)
    assert queue.mean_wait_min == pytest.approx(delayed / drain, rel=EXACT, abs=1e-300)
    assert queue.mean_waiting == pytest.approx(delayed / drain * rate / 60, rel=EXACT, abs=1e-300)
    assert queue.share_within(wait) == pytest.approx(1 - delayed * np.exp(-drain * wait), rel=EXACT)


def waiting_with_constant_service(load: float, windows: int, size: int) -> float:
    """Mean number waiting in M/D/c: in a service time all windows end and a Poisson number come. Source: Crommelin (1932)."""
    logs = np.arange(size) * np.log(load) - load - np.cumsum(np.log(np.maximum(np.arange(size), 1)))
    came, n = np.exp(logs), np.arange(size)
    step = np.zeros((size, size))
    for there in range(size):
        left = max(there - windows, 0)
        step[left:, there] = came[: size - left]
        step[-1, there] += 1 - step[:, there].sum()
    matrix = step - np.eye(size)
    matrix[-1] = 1.0
    states = np.linalg.solve(matrix, np.eye(size)[-1])
    return float(np.maximum(n - windows, 0) @ states)


@given(st.floats(0.4, 0.93), st.integers(1, 40), st.floats(0.1, 60.0))
@settings(max_examples=12, deadline=None)
def test_constant_service_with_any_figures(use: float, windows: int, minutes: float) -> None:
    rate = 60 * use * windows / minutes
    waiting = waiting_with_constant_service(use * windows, windows, windows + 220)
    found = mdc(rate, minutes, windows)
    assert found.mean_waiting == pytest.approx(waiting, rel=EXACT, abs=1e-10)
    assert found.mean_wait_min == pytest.approx(waiting * 60 / rate, rel=EXACT, abs=1e-10)


@given(st.floats(1e-6, 0.9999), st.floats(0.0, 6.0), st.floats(0.1, 60.0))
def test_one_window_with_any_service(use: float, cv: float, minutes: float) -> None:
    with localcontext() as context:
        context.prec = 50
        rate = 60 * use / minutes
        load = Decimal(rate) * Decimal(minutes) / 60
        expected = load * Decimal(minutes) * (1 + Decimal(cv) ** 2) / (2 * (1 - load))
    assert mg1(rate, minutes, cv).mean_wait_min == pytest.approx(float(expected), rel=EXACT)


@given(st.floats(0.01, 3.0), st.integers(1, 300), st.floats(0.1, 60.0), st.floats(0.05, 20.0))
@settings(max_examples=30, deadline=None)
@example(1.2, 2000, 6.0, 2.0)
@example(0.999, 100, 6.0, 20.0)
def test_queues_that_people_leave_with_any_figures(use: float, windows: int, minutes: float, patience: float) -> None:
    """patience: in service times.  States summed from none upwards with eighty digits, until they are nothing."""
    rate = use * windows / minutes
    with localcontext() as context:
        context.prec = 80
        term = total = Decimal(1)
        delayed = waiting = Decimal(0)
        for n in range(1, 100_000):
            down = Decimal(min(n, windows)) / Decimal(minutes) + max(n - windows, 0) / Decimal(patience * minutes)
            term *= Decimal(rate) / down
            total += term
            if n >= windows:
                delayed += term
                waiting += term * (n - windows)
                if term < total * Decimal(10) ** -30 and Decimal(rate) < down:
                    break
        delay, mean = float(delayed / total), float(waiting / total)
    queue = erlang_a(60 * rate, minutes, windows, patience * minutes)
    expected = (delay, mean, mean / rate, mean / rate / (patience * minutes))
    found = (queue.delay_probability, queue.mean_waiting, queue.mean_wait_min, queue.abandon_probability)
    assert found == pytest.approx(expected, rel=EXACT, abs=1e-15)


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_any_small_day_by_dense_exponentials(data: st.DataObject) -> None:
    slots = data.draw(st.integers(1, 3))
    rates = data.draw(st.lists(st.floats(1.0, 12.0), min_size=slots, max_size=slots))
    plan = data.draw(st.lists(st.integers(1, 3), min_size=slots, max_size=slots))
    minutes, wait = data.draw(st.floats(2.0, 15.0)), data.draw(st.sampled_from([1.0, 5.0, 12.0, 30.0, 40.0]))
    people = sum(rate / 2 for rate in rates)
    size = int(people + 8 * people**0.5 + 12)
    found = transient(rates, minutes, plan, wait_min=wait).share_within
    assert found == pytest.approx(shares([rate / 60 for rate in rates], minutes, plan, 30, wait, size), abs=1e-7)
