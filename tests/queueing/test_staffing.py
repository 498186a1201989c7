"""Windows by slot and what visitors then meet."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallplan.errors import DemandError
from hallplan.queueing import find_staffing, mmc, simulate_pool, staffing_levels, transient, wait_quantile, wait_tail
from hallplan.queueing.simulation import EXPONENTIAL
from hallplan.queueing.sketch import Sketch
from hallplan.queueing.transients import Day

DAY = (40.0, 90.0, 110.0, 80.0, 30.0)
PLAN = (6, 9, 12, 8, 4)


def test_a_long_even_day_is_steady() -> None:
    found = transient([40.0] * 16, 6, [6] * 16, wait_min=5)
    steady = mmc(40, 6, 6)
    assert found.share_within[-1] == pytest.approx(steady.share_within(5), abs=1e-5)
    assert found.mean_wait_min[-1] == pytest.approx(steady.mean_wait_min, rel=1e-3)
    assert found.delay_probability[-1] == pytest.approx(steady.delay_probability, abs=1e-4)


def test_the_exact_day_is_what_simulated_days_show() -> None:
    exact = transient(DAY, 6, PLAN, wait_min=5)
    days = simulate_pool(DAY, 6, PLAN, cv=EXPONENTIAL, wait_min=5, days=4000, hands_back=True)
    for share, seen, half in zip(exact.share_within, days.slot_share, days.slot_half_width, strict=True):
        assert share == pytest.approx(seen, abs=2 * half)
    assert days.mean_wait_ci95[0] * 0.98 <= exact.over_day(exact.mean_wait_min) <= days.mean_wait_ci95[1] * 1.02


def test_a_wait_over_several_slots_is_exact_too() -> None:
    rates, plan = (60.0, 60.0, 60.0, 20.0), (3, 4, 5, 4)
    exact = transient(rates, 6, plan, wait_min=20, slot_minutes=15)
    days = simulate_pool(rates, 6, plan, cv=EXPONENTIAL, wait_min=20, days=6000, hands_back=True, slot_minutes=15)
    for share, seen, half in zip(exact.share_within, days.slot_share, days.slot_half_width, strict=True):
        assert share == pytest.approx(seen, abs=2 * half)


@pytest.mark.parametrize("wait", [20.0, 45.0, 75.0])
def test_slots_cut_in_halves_give_the_same_shares(wait: float) -> None:
    rates, plan = (60.0, 80.0, 60.0, 20.0), (5, 7, 9, 4)
    whole = transient(rates, 6, plan, wait_min=wait)
    halves = transient(
        [r for r in rates for _ in "12"], 6, [c for c in plan for _ in "12"], wait_min=wait, slot_minutes=15
    )
    pairs = zip(halves.share_within[::2], halves.share_within[1::2], strict=True)
    assert whole.share_within == pytest.approx([(one + two) / 2 for one, two in pairs], abs=1e-6)


def test_a_sketch_gives_the_shares_it_has_learned_and_guesses_those_near_by() -> None:
    sketch = Sketch(Day.of(DAY, 6, wait_min=5, slot_minutes=30))
    exact = [transient(DAY, 6, plan, wait_min=5).share_within for plan in (PLAN, (6, 10, 11, 8, 4))]
    sketch.learn(PLAN, exact[0])
    assert sketch.shares(PLAN) == pytest.approx(exact[0], abs=1e-6)
    assert sketch.shares((6, 10, 11, 8, 4)) == pytest.approx(exact[1], abs=0.1)


def test_a_hall_of_a_hundred_windows_has_few_more_than_the_work_takes() -> None:
    rates = [300.0, 700.0, 1000.0, 900.0, 650.0, 500.0, 350.0, 250.0]
    plan = staffing_levels(rates, 6, share=0.8, wait_min=5)
    assert min(transient(rates, 6, plan, wait_min=5).share_within) >= 0.8 - 1e-6
    # Those who come bring 465 slots of work; a queue of some minutes lets windows be busy all day but for a little.
    assert sum(plan) <= 1.03 * sum(rates) * 6 / 60


def test_the_quantile_is_where_the_share_is() -> None:
    wait = wait_quantile([wait_tail(DAY, 6, PLAN)], 0.9)
    exact = transient(DAY, 6, PLAN, wait_min=wait)
    assert exact.over_day(exact.share_within) == pytest.approx(0.9, abs=0.003)


def test_no_plan_of_a_small_day_is_cheaper() -> None:
    rates = (10.0, 30.0, 18.0)
    found = find_staffing(rates, 6, share=0.8, wait_min=5)
    plans = (plan for plan in product(range(1, 7), repeat=3) if sum(plan) < sum(found.windows))
    assert found.is_proven
    assert not any(min(transient(rates, 6, plan, wait_min=5).share_within) >= 0.8 for plan in plans)


@pytest.mark.parametrize("wait", [0, 3, 10, 45])
def test_every_slot_keeps_the_target(wait: float) -> None:
    plan = staffing_levels(DAY, 6, share=0.85, wait_min=wait)
    assert min(transient(DAY, 6, plan, wait_min=wait).share_within) >= 0.85 - 1e-6


@pytest.mark.parametrize(("wait", "slot"), [(60, 30), (45, 15)])
def test_a_wait_over_several_slots_keeps_the_target_with_windows_near_the_load(wait: float, slot: float) -> None:
    rates = [20.0, 60.0, 90.0, 80.0, 50.0, 40.0, 60.0, 30.0]
    plan = staffing_levels(rates, 8, share=0.9, wait_min=wait, slot_minutes=slot)
    assert min(transient(rates, 8, plan, wait_min=wait, slot_minutes=slot).share_within) >= 0.9 - 1e-6
    # No plan can do with much less than the load of those who come: 8 min × rate / 60.
    assert sum(plan) <= sum(rates) * 8 / 60 * 1.1


def test_a_plan_that_lets_queues_carry_over_keeps_the_target() -> None:
    rates = [60.0, 150.0, 240.0, 300.0, 280.0, 210.0, 150.0, 90.0, 120.0, 200.0]
    plan = find_staffing(rates, 5, share=0.7, wait_min=10)
    assert plan.bound <= sum(plan.windows)
    assert min(transient(rates, 5, plan.windows, wait_min=10).share_within) >= 0.7 - 1e-6


def test_a_closed_hour_needs_no_window() -> None:
    assert staffing_levels([0, 0, 30], 5, share=0.8, wait_min=5)[:2] == (0, 0)
    assert staffing_levels([0, 0], 5, share=0.8, wait_min=5) == (0, 0)
    assert staffing_levels([], 5, share=0.8, wait_min=5) == ()


def test_windows_are_no_busier_than_allowed() -> None:
    plan = find_staffing(DAY, 6, share=0.5, wait_min=15, max_busy=0.8).windows
    busy = transient(DAY, 6, plan, wait_min=15).busy
    assert all(load <= 0.8 * count + 1e-6 for load, count in zip(busy, plan, strict=True))


@given(st.lists(st.floats(2, 60), min_size=2, max_size=4), st.floats(1.05, 2.0))
@settings(max_examples=10, deadline=None)
def test_more_demand_never_needs_fewer_windows(rates: list[float], factor: float) -> None:
    few = find_staffing(rates, 8, share=0.8, wait_min=10)
    many = find_staffing([rate * factor for rate in rates], 8, share=0.8, wait_min=10)
    assert sum(many.windows) >= few.bound


@pytest.mark.parametrize(
    "wrong", [{"share": 1.0}, {"share": 0.0}, {"wait_min": -1.0}, {"slot_minutes": 0.0}, {"wait_min": float("nan")}]
)
def test_impossible_targets_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(DemandError):
        staffing_levels([10.0], 5, **{"share": 0.8, "wait_min": 5.0, **wrong})


def test_negative_demand_is_refused() -> None:
    with pytest.raises(DemandError):
        staffing_levels([-1.0], 5, share=0.8, wait_min=5)


def test_simulated_days_repeat_with_their_seed() -> None:
    one, two = (simulate_pool(DAY, 6, PLAN, cv=0.7, wait_min=5, days=50, seed=4) for _ in range(2))
    assert one == two
    assert simulate_pool(DAY, 6, PLAN, cv=0.7, wait_min=5, days=50, seed=5) != one


def test_steadier_service_means_shorter_waits() -> None:
    waits = [simulate_pool([55.0] * 8, 6, [6] * 8, cv=cv, wait_min=5, days=800).mean_wait_min for cv in (0.0, 1.0, 2.0)]
    assert waits == sorted(waits)


def test_nobody_is_lost_while_all_windows_are_closed() -> None:
    found = transient([60.0, 0.0], 6, [0, 3], wait_min=30)
    days = simulate_pool([60.0, 0.0], 6, [0, 3], cv=EXPONENTIAL, wait_min=30, days=2000, hands_back=True)
    assert found.busy[0] == pytest.approx(0.0, abs=1e-6)
    assert found.share_within[0] == pytest.approx(days.slot_share[0], abs=2 * days.slot_half_width[0])


def test_windows_of_an_even_day_do_not_alternate() -> None:
    plan = find_staffing([2.0] * 14, 20, share=0.8, wait_min=15, least=(1,) * 14, max_busy=0.85)
    # Two windows are needed for a while, one is too few all day: opened once, and no third one beside them.
    assert plan.is_proven
    assert max(plan.windows) == 2
    assert sum(a != b for a, b in pairwise(plan.windows)) <= 2


def test_who_is_there_at_the_start_is_served_first() -> None:
    # Nearly nobody comes: of 50 there a window serves one in 6 minutes, 47.5 are there in the mean over the half-hour.
    met = transient([1e-6], 6.0, [1], wait_min=5.0, present=50)
    assert met.mean_wait_min[0] == pytest.approx(47.5 * 6.0, rel=1e-6)
    assert met.busy[0] == pytest.approx(1.0, abs=1e-6)
    assert met.share_within[0] == pytest.approx(0.0, abs=1e-9)
