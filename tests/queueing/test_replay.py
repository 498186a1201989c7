"""Replays of a log: hand-worked cases and an independent loop."""

from __future__ import annotations

import heapq
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallplan.queueing.replay import Tide, replay, slots_of


def arrays(*columns: list[float]) -> list[np.ndarray]:
    return [np.array(column, float) for column in columns]


def test_one_window_serves_one_after_the_other() -> None:
    found = replay(*arrays([0, 10, 20], [30, 30, 30], [math.inf] * 3), [(0, 0.0, 1000.0)])
    assert found.wait_s.tolist() == [0, 20, 40]
    assert found.overrun_s == 0


def test_who_has_no_patience_leaves_and_takes_no_window() -> None:
    found = replay(*arrays([0, 1, 2], [100, 100, 10], [math.inf, 5, math.inf]), [(0, 0.0, 1000.0)])
    assert np.array_equal(found.wait_s, [0, np.nan, 98], equal_nan=True)
    assert (found.served, found.mean) == (2, 49)


def test_a_service_that_has_begun_is_finished_and_the_rest_wait_for_the_next_opening() -> None:
    found = replay(*arrays([90, 95], [30, 5], [math.inf] * 2), [(0, 0.0, 100.0), (0, 200.0, 300.0)])
    assert found.wait_s.tolist() == [0, 105]
    assert found.overrun_s == 20


def test_a_tide_window_opens_when_enough_wait() -> None:
    people = arrays([0, 1, 2], [600, 60, 60], [math.inf] * 3)
    calm = replay(*people, [(0, 0.0, 2000.0)])
    tide = replay(*people, [(0, 0.0, 2000.0)], Tide(waiting=2, most=1, lag_s=30, stay_s=100))
    assert calm.wait_s.tolist() == [0, 599, 658]
    # the second waiter comes at 2 s, the window serves from 32 s: 31 s, then 92 - 2
    assert tide.wait_s.tolist() == [0, 31, 90]
    # it is open from 32 s, for 100 s at least, and until it has served both: 120 s
    assert tide.tide_s == 120


def test_a_tide_window_closes_once_nobody_waits_for_it() -> None:
    people = arrays([0, 1, 2, 5000], [6000, 60, 60, 60], [math.inf] * 4)
    found = replay(*people, [(0, 0.0, 9000.0)], Tide(waiting=2, most=1, lag_s=30, stay_s=200))
    assert found.wait_s[3] == 1000  # the tide window has gone, the other is busy until 6000 s
    assert found.tide_s == 200


def test_no_tide_window_opens_while_the_hall_is_closed() -> None:
    people = arrays([0, 1, 2], [60, 60, 60], [math.inf] * 3)
    found = replay(*people, [(0, 1000.0, 2000.0)], Tide(waiting=1, most=3, lag_s=30, stay_s=100))
    assert found.wait_s.tolist() == [1000, 1059, 1118]
    assert found.tide_s == 0


def test_numbers_open_become_intervals() -> None:
    assert slots_of(np.array([1, 2, 0, 1]), 0.0, 1800.0) == [(0, 0.0, 3600.0), (0, 5400.0, 7200.0), (1, 1800.0, 3600.0)]


@given(
    people=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 300)), min_size=1, max_size=60),
    windows=st.integers(1, 4),
)
@settings(max_examples=60, deadline=None)
def test_it_agrees_with_a_plain_queue_of_windows(people: list[tuple[int, int]], windows: int) -> None:
    people = sorted(people)
    free = [0.0] * windows
    expected = []
    for arrive, service in people:
        start = max(arrive, heapq.heappop(free))
        expected.append(start - arrive)
        heapq.heappush(free, start + service)
    arrive, service = (np.array(column, float) for column in zip(*people, strict=True))
    found = replay(arrive, service, np.full(len(people), np.inf), [(w, 0.0, 1e9) for w in range(windows)])
    assert found.wait_s.tolist() == pytest.approx(expected)


@given(people=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 300)), min_size=1, max_size=50))
@settings(max_examples=40, deadline=None)
def test_one_window_more_never_makes_the_mean_wait_longer(people: list[tuple[int, int]]) -> None:
    arrive, service = (np.array(column, float) for column in zip(*sorted(people), strict=True))
    stay = np.full(arrive.size, np.inf)
    means = [replay(arrive, service, stay, [(w, 0.0, 1e9) for w in range(n)]).mean for n in (1, 2, 3)]
    assert means == sorted(means, reverse=True)
