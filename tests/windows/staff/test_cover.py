"""Shifts at the fewest staff-hours: against brute force, the bound, and service that is kept."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallplan.errors import InfeasibleError
from hallplan.queueing import staffing_levels, transient
from hallplan.settings import Settings
from hallplan.windows.staff.cover import CoverProgramme, Patterns
from hallplan.windows.staff.service import staff_service
from hallplan.windows.staff.shifts import offer_shifts

HALL_DAY = (*range(540, 720, 30), *range(780, 1020, 30))
RUNS = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1], [1, 0, 1, 1], [1, 1, 0, 1]])


def patterns(at_window: np.ndarray) -> Patterns:
    return Patterns(at_window, at_window.sum(axis=1) / 2.0, np.zeros(len(at_window), dtype=bool))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=4, max_size=4))
def test_the_cover_is_the_cheapest_of_all(need: list[int]) -> None:
    found = CoverProgramme(patterns(RUNS)).solve(need)
    costs = [
        np.array(counts) @ RUNS.sum(axis=1) / 2.0
        for counts in product(range(3), repeat=len(RUNS))
        if (np.array(counts) @ RUNS >= need).all()
    ]
    assert found is not None
    assert found.hours == pytest.approx(min(costs))
    assert found.bound == pytest.approx(found.hours)
    assert all(have >= want for have, want in zip(found.covered, need, strict=True))


def test_a_slot_in_no_shift_cannot_be_covered() -> None:
    assert CoverProgramme(patterns(np.array([[1, 1, 0]]))).solve([1, 1, 1]) is None


def test_lent_people_work_no_more_than_their_share() -> None:
    offer = offer_shifts(HALL_DAY, Settings())
    need = [2, 2, 9, 9, 2, 2, 2, 2, 8, 8, 2, 2, 2, 2]
    cover = CoverProgramme(offer.patterns).solve(need)
    assert cover is not None
    lent = sum(c * s.hours for c, s in zip(cover.counts, offer.shifts, strict=True) if s.contract == "tide")
    assert 0 < lent <= 0.2 * cover.hours + 1e-9


def test_fewer_people_at_the_same_hours() -> None:
    programme = CoverProgramme(offer_shifts(HALL_DAY, Settings()).patterns)
    need = [3] * len(HALL_DAY)
    best = programme.solve(need)
    assert best is not None
    fewest = programme.fewest_people(need, best.hours)
    assert fewest is not None
    assert (fewest.hours, sum(fewest.counts)) == (best.hours, 3)


@pytest.mark.parametrize("is_thorough", [True, False])
def test_service_is_kept_with_fewer_hours_than_covering_a_plan_of_windows(is_thorough: bool) -> None:
    rates = [40.0, 70, 90, 80, 60, 40, 30, 40, 60, 70, 60, 50, 30, 20]
    at_window = np.array([[int(first <= k < first + 8) for k in range(14)] for first in range(7)])
    found = staff_service(rates, 8.0, patterns(at_window), share=0.8, wait_min=10.0, is_thorough=is_thorough)
    plain = CoverProgramme(patterns(at_window)).solve(staffing_levels(rates, 8.0, share=0.8, wait_min=10.0))
    assert min(transient(rates, 8.0, found.covered, wait_min=10.0).share_within) >= 0.8 - 1e-9
    assert found.covered == tuple(np.array(found.counts) @ at_window)
    assert plain is not None
    assert found.hours < plain.hours


def test_shifts_that_leave_a_busy_slot_alone_are_refused() -> None:
    with pytest.raises(InfeasibleError, match="没有班次"):
        staff_service([50.0, 50.0], 6.0, patterns(np.array([[1, 0]])), share=0.8, wait_min=5.0)


def test_shifts_keep_the_longest_stretch_and_the_day() -> None:
    for starts in (HALL_DAY, tuple(range(510, 1080, 30)), tuple(range(540, 660, 30))):
        offer = offer_shifts(starts, Settings())
        assert offer.patterns.at_window.any(axis=0).all()
        for shift in offer.shifts:
            assert all(end - begin <= 270 for begin, end in shift.spans)
            assert sum(end - begin for begin, end in shift.spans) / 60 == shift.hours <= 8


def test_without_a_closure_at_noon_meals_are_taken_in_turn() -> None:
    offer = offer_shifts(tuple(range(510, 1080, 30)), Settings())
    breaks = {shift.spans[0][1] for shift in offer.shifts if len(shift.spans) == 2}
    assert len(breaks) > 2
    assert all(660 <= at <= 810 for at in breaks)


@pytest.mark.parametrize(
    "starts", [(420, *range(540, 1020, 30)), (*range(420, 1440, 30),), (540, 570, 600), (540, 720, 900)]
)
def test_every_half_hour_of_any_day_is_covered(starts: tuple[int, ...]) -> None:
    cover = CoverProgramme(offer_shifts(starts, Settings()).patterns).solve([1] * len(starts))
    assert cover is not None
    assert min(cover.covered) >= 1
