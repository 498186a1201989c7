"""Demand from queue logs: logs made by simulation, whose truth is known, and a real one."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from hallplan.errors import DemandError
from hallplan.model.log import ABANDONED, SERVED, QueueLog, Words
from hallplan.queueing import Access, Group, HallModel, Line, Service, Step, VisitorClass, record_hall
from hallplan.queueing.loop import SERVED as STAYED
from hallplan.windows.logs import demand_with_log, fit_log, replay_log, try_plan
from hallplan.windows.logs.fit import fit_service
from tests.builders import make_demand, make_item

BANK = Path(__file__).resolve().parents[3] / "shared" / "data" / "queue" / "bank-1999-02a.tsv"
MONDAY = 20_000 - 20_000 % 7 + 4
"""Days since 1970-01-01, a Thursday."""
OPEN_S = 9 * 3600.0


def words(codes: np.ndarray, *names: str) -> Words:
    return Words(codes.astype(np.int32), names)


@cache
def made_log(days: int = 10, windows: int = 6) -> QueueLog:
    """Two types an hour 30 and 20, lognormal 6 and 9 minutes (cv 0.8 and 0.5), patience 40 minutes, 9:00 to 13:00."""
    slots = 8
    types = (("甲", 30.0, Service(6, 0.8)), ("乙", 20.0, Service(9, 0.5)))
    classes = tuple(VisitorClass(n, (r,) * slots, (Step("q", s),), patience_min=40.0) for n, r, s in types)
    model = HallModel(classes, (Line("q", (Access("w"),)),), (Group("w", (windows,) * slots),))
    records = record_hall(model, days=days)
    step, who = records.visitors.steps[:, 0], records.visitors.who
    served = who["left"] == STAYED
    wait, n = 60 * (step["started"] - step["joined"]), len(who)
    service = np.where(served, 60 * (step["ended"] - step["started"]), np.nan)
    taken = OPEN_S + 60 * step["joined"]
    blank = words(np.zeros(n), "")
    return QueueLog(
        ("made",), np.repeat(MONDAY + np.arange(days), np.diff(records.starts)).astype(np.int32), taken,
        np.where(served, taken + wait, np.nan), wait, service, np.where(served, SERVED, ABANDONED).astype(np.int8), (),
        blank, words(who["cls"], "甲", "乙"), blank, blank, blank, np.arange(n).astype(np.uint64),
        np.zeros((n, 2), np.uint64), n,
    )  # fmt: skip


def test_what_was_put_in_is_found_again() -> None:
    found = fit_log(made_log(60))
    first, second = sorted(found.types, key=lambda kind: kind.name == "乙")
    assert found.half_hours == tuple(range(540, 780, 30))
    assert np.mean(first.arrivals) == pytest.approx(30, rel=0.05)
    assert np.mean(second.arrivals) == pytest.approx(20, rel=0.05)
    assert first.service.mean_min == pytest.approx(6, rel=0.05)
    assert second.service.cv == pytest.approx(0.5, abs=0.05)
    assert first.patience_min == pytest.approx(40, rel=0.25)


def test_outliers_are_counted_and_left_out() -> None:
    times = np.concatenate([np.full(200, 5.0) * np.exp(np.linspace(-0.5, 0.5, 200)), [400.0, 0.0, 0.0]])
    fit = fit_service(times)
    assert (fit.outliers, fit.zero, fit.longest_min) == (1, 2, 400.0)
    assert fit.mean_min == pytest.approx(5, rel=0.1)


def test_a_replayed_day_has_the_waits_and_loads_logged() -> None:
    log = made_log(10)
    days = replay_log(log, days=40)
    logged = np.average([day.wait_min for day in days], weights=[day.tickets for day in days])
    simulated = np.average([day.simulated_wait_min.value for day in days], weights=[day.tickets for day in days])
    assert simulated == pytest.approx(logged, rel=0.15)
    for day in days:
        busy = [(slot.busy, slot.simulated_busy) for slot in day.slots]
        assert np.mean([a for a, _ in busy]) == pytest.approx(np.mean([b for _, b in busy]), rel=0.08)


def test_a_plan_from_some_days_serves_others() -> None:
    log = made_log(14)
    trial = try_plan(log.pick(log.day < MONDAY + 7), log.pick(log.day >= MONDAY + 7), share=0.8, wait_min=10)
    assert trial.share_within.value >= 0.8
    assert trial.kept >= 0.7
    assert {slot.weekday for slot in trial.slots} == set(range(7))


def test_weekdays_show_in_the_season() -> None:
    log = made_log(14)
    quiet = log.pick((log.day % 7 != MONDAY % 7) | (np.arange(log.n) % 2 == 0))
    factors = {season.what: season.factor for season in fit_log(quiet).seasons}
    assert factors["weekday_0"] == min(factors.values())


def test_a_log_in_which_nobody_was_served_is_refused() -> None:
    log = made_log(10)
    with pytest.raises(DemandError):
        fit_log(replace(log, state=np.full(log.n, ABANDONED, np.int8)))


def test_a_plan_without_a_common_weekday_is_refused() -> None:
    log = made_log(14)
    with pytest.raises(DemandError):
        try_plan(log.pick(log.day == MONDAY), log.pick(log.day == MONDAY + 1), share=0.8, wait_min=10)


def test_measured_demand_replaces_what_the_workbook_assumed() -> None:
    items = (make_item("1", "甲", 5000, 20.0, consults=0.0), make_item("2", "丙", 800, 20.0))
    before = replace(make_demand(), items=items)
    after = demand_with_log(before, fit_log(made_log(60)), "made.csv")
    first, second = after.items
    # Thirty an hour for four hours, 250 days.
    assert first.cases == pytest.approx(30 * 4 * 250, rel=0.05)
    assert first.minutes.accept == pytest.approx(6, rel=0.05)
    assert second == items[1]
    assert after.arrivals.starts == tuple(range(540, 780, 30))
    assert any("乙" in warning for warning in after.warnings)
    assert any("甲" in row.what for row in after.assumptions)


def test_tickets_without_a_business_are_shared_among_the_others() -> None:
    log, blank = made_log(60), np.random.default_rng(1).random(made_log(60).n) < 0.24
    gaps = replace(log, item=Words(np.where(blank, 2, log.item.codes).astype(np.int32), ("甲", "乙", "")))
    items = (make_item("1", "甲", 5000, 20.0, consults=0.0), make_item("2", "乙", 800, 20.0, consults=0.0))
    before = replace(make_demand(), items=items)
    full, shared = (demand_with_log(before, fit_log(one), "made.csv") for one in (log, gaps))
    for a, b in zip(full.items, shared.items, strict=True):
        assert b.cases == pytest.approx(a.cases, rel=0.04)
    assert math.fsum(i.cases for i in shared.items) == pytest.approx(math.fsum(i.cases for i in full.items))
    assert not any("没有同名" in warning for warning in shared.warnings)
    assert shared.logged is not None
    assert full.logged is not None
    assert shared.logged.tickets == full.logged.tickets


@pytest.mark.slow
@pytest.mark.skipif(not BANK.is_file(), reason="shared data/queue is not beside the checkout")
def test_the_bank_log_is_reproduced_and_planned_from() -> None:
    from hallplan.read.log import read_log
    from hallplan.settings import Settings

    log = read_log([BANK], Settings())
    days = replay_log(log)
    weights = [day.tickets for day in days]
    logged = np.average([day.wait_min for day in days], weights=weights)
    assert np.average([day.simulated_wait_min.value for day in days], weights=weights) == pytest.approx(logged, rel=0.1)
    assert all(np.mean([abs(s.busy - s.simulated_busy) for s in day.slots]) < 0.5 for day in days)
    second = log.days[7]
    trial = try_plan(log.pick(log.day < second), log.pick(log.day >= second), share=0.8, wait_min=1.0)
    assert trial.share_within.value >= 0.8
