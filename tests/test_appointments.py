"""Appointments: what their share, grid and quotas make of a day's arrivals and windows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallplan.model.appointments import AppointmentRules, with_bookings
from hallplan.model.demand import ArrivalProfile
from hallplan.settings import Settings
from hallplan.windows import plan_windows
from hallplan.windows.proof import prove_plan
from tests.builders import make_demand

STARTS = (*range(540, 720, 30), *range(780, 1020, 30))
PEAKED = ArrivalProfile(STARTS, (0.2, 0.2, 0.15, 0.1, 0.05, 0.02, 0.05, 0.08, 0.06, 0.04, 0.02, 0.01, 0.01, 0.01))


def test_nobody_who_books_changes_nothing() -> None:
    assert with_bookings(PEAKED, AppointmentRules(0.0)) == PEAKED


@given(st.floats(0.05, 1.0), st.sampled_from([10, 15, 20, 30, 60, 90]), st.floats(0, 0.5), st.booleans())
def test_everybody_who_comes_is_counted_once(share: float, slot: int, no_show: float, fills: bool) -> None:
    found = with_bookings(PEAKED, AppointmentRules(share, slot, no_show, 5.0, 8.0, fills))
    assert found.booked is not None
    assert sum(found.shares) == pytest.approx(1.0, abs=1e-6)
    assert sum(found.booked.parts) == pytest.approx(1.0, abs=1e-6)
    assert found.peak_day == pytest.approx(1.0 - share * no_show)
    assert all(0 <= came <= part + 1e-8 for came, part in zip(found.booked.came, found.shares, strict=True))


def test_times_every_half_hour_kept_to_the_minute_are_even() -> None:
    found = with_bookings(PEAKED, AppointmentRules(1.0, 30))
    assert found.shares == pytest.approx([1 / 14] * 14)


def test_other_appointments_replace_the_earlier_ones() -> None:
    rules = AppointmentRules(0.3, 15, 0.1, 5.0, 8.0)
    twice = with_bookings(with_bookings(PEAKED, AppointmentRules(0.6, 60, 0.2, 0.0, 5.0)), rules)
    once = with_bookings(PEAKED, rules)
    assert twice.shares == pytest.approx(once.shares, abs=1e-6)
    assert twice.peak_day == pytest.approx(once.peak_day)


def test_a_coarse_grid_bunches_those_who_booked() -> None:
    hourly, fine = (with_bookings(PEAKED, AppointmentRules(1.0, slot, 0.0, 0.0, 1.0)) for slot in (60, 15))
    # Of an hour's bookings those who are late by chance apart, all come in its first half.
    assert max(hourly.shares) > 1.5 * max(fine.shares)


def test_quotas_that_fill_leave_the_peak_alone() -> None:
    even, full = (with_bookings(PEAKED, AppointmentRules(0.3, 30, 0.0, 0.0, 0.0, fills)) for fills in (False, True))
    assert max(full.shares) < max(even.shares) < max(PEAKED.shares)
    assert full.booked is not None
    assert full.booked.parts[0] == 0.0


def test_a_plan_with_appointments_keeps_its_promises_in_simulation() -> None:
    settings = Settings.model_validate({"services": {"appointment_share": 0.5, "appointment_fill": True}})
    demand = make_demand()
    booked = with_bookings(demand.arrivals, AppointmentRules.of(settings))
    plan, plain = (plan_windows(d, settings) for d in (replace(demand, arrivals=booked), demand))
    assert plan.window_hours < plain.window_hours
    assert plan.bookings is not None
    assert len(plan.booked_share) == len(plan.half_hours)
    kept = [promise for promise in prove_plan(plan) if promise.figure == "share_within_target"]
    assert all(promise.is_kept for promise in kept)
