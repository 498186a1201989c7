"""What a faulty log brings into a plan: every fault counted with its rule, and a forecast where the log is long enough."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from hallplan.cli.commands import app
from hallplan.model.log import SERVED, QueueLog
from hallplan.windows.logs import demand_with_log, fit_log, forecast_log, list_faults
from tests.builders import make_demand
from tests.queue_logs import HEAD, read_text
from tests.windows.test_logs import words

GOOD = "".join(
    f"B{n:03d},2026-03-05,9:{n % 60:02d}:00,9:{n % 60:02d}:30,9:{n % 60:02d}:50,1号,社保,办结\n" for n in range(40)
)
FAULTY = (
    "A001,2026-03-05,10:00:00,9:50:00,10:12:10,1号,社保,办结\n"
    "A002,2026-03-05,10:01:00,10:02:00,10:02:00,2号,税务,办结\n"
    "A003,2026-03-05,10:02:00,10:03:00,10:01:00,2号,税务,办结\n"
    "A004,2026-03-05,10:03:00,10:04:00,16:30:00,2号,税务,办结\n"
    "A005,2026-03-05,10:04:00,10:05:00,10:09:00,2号,,办结\n"
    "A006,2026-03-05,10:05:00,,,,社保,弃号\n"
    "A007,2026-03-05,10:06:00,,,,社保,作废\n"
    "A007,2026-03-05,10:06:00,,,,社保,作废\n"
    "A008,2026-03-05,9:20:00,9:21:00,9:22:00,1号,社保,办结\n"
    "A008,2026-03-05,10:08:00,10:09:00,10:11:00,1号,社保,办结\n"
    "A009,2026-03-05,10:09:00,10:10:00,,1号,社保,办结\n"
)


def test_every_fault_is_counted_with_what_becomes_of_it(tmp_path: Path) -> None:
    faults = {fault.kind: fault for fault in list_faults(read_text(tmp_path, HEAD + GOOD + FAULTY))}
    counts = {kind: fault.count for kind, fault in faults.items()}
    assert counts == {
        "duplicates": 1, "excluded": 1, "called_before_taken": 1, "negative_service": 1, "zero_service": 1,
        "long_service": 1, "clock_jumps": 1, "reused_tickets": 1, "missing_service": 1, "missing_item": 1,
    }  # fmt: skip
    assert all(str(fault.count) in fault.rule for fault in faults.values())


def test_faulty_minutes_are_not_measured(tmp_path: Path) -> None:
    fit = fit_log(read_text(tmp_path, HEAD + GOOD + FAULTY))
    social = next(kind for kind in fit.types if kind.name == "社保")
    # Forty of 20 s, and A001 of 22 min, A008 of 1 and 2 min: the fences leave 20 s.
    assert social.service.median_min == pytest.approx(20 / 60, abs=0.01)
    assert social.service.longest_min < 240


def test_what_ends_the_next_day_counts_for_the_day_it_was_taken(tmp_path: Path) -> None:
    row = "C001,2026-03-05,2026-03-05 16:50:00,2026-03-05 16:58:00,2026-03-06 08:40:00,1号,社保,办结\n"
    log = read_text(tmp_path, HEAD + GOOD + row)
    assert {fault.kind for fault in list_faults(log)} >= {"finished_next_day", "long_service"}
    assert log.days.size == 1


def many_days(n: int, seed: int = 1) -> QueueLog:
    """Weekdays from Monday 2026-01-05 on: 100 a day, Mondays 1.5 times, the first five of a month 1.3 times."""
    draw, first = np.random.default_rng(seed), datetime.date(2026, 1, 5)
    dates = [first + datetime.timedelta(days=k) for k in range(n)]
    rates = [100 * (1.5 if d.weekday() == 0 else 1.0) * (1.3 if d.day <= 5 else 1.0) for d in dates if d.weekday() < 5]
    days = np.array([(d - datetime.date(1970, 1, 1)).days for d in dates if d.weekday() < 5])
    day = np.repeat(days, draw.poisson(rates))
    taken = 9 * 3600 + np.arange(day.size) % 200 * 60.0
    blank = words(np.zeros(day.size), "")
    return QueueLog(
        ("made",), day.astype(np.int32), taken, taken + 60, np.full(day.size, 60.0), np.full(day.size, 300.0),
        np.full(day.size, SERVED, np.int8), (), blank, words(np.zeros(day.size), "社保"), blank, blank, blank,
        np.arange(day.size).astype(np.uint64), np.zeros((day.size, 2), np.uint64), day.size,
    )  # fmt: skip


def test_the_forecast_knows_mondays_and_month_starts_and_holds_what_comes() -> None:
    pytest.importorskip("statsmodels")
    found = forecast_log(many_days(150), holidays=["2026-06-08"])
    assert found is not None
    effects = dict(found.effects)
    # Tuesdays are 1/1.5 of the Mondays that the log begins with.
    assert effects["weekday_1"] == pytest.approx(1 / 1.5, rel=0.1)
    assert effects["month_start"] == pytest.approx(1.3, rel=0.1)
    assert {datetime.date.fromisoformat(day.date).weekday() for day in found.days} == set(range(5))
    assert "2026-06-08" not in [day.date for day in found.days]
    assert all(day.low < day.visitors < day.high for day in found.days)
    assert found.inside >= 0.7


def test_a_short_log_gives_no_forecast() -> None:
    pytest.importorskip("statsmodels")
    assert forecast_log(many_days(20)) is None


def test_a_hall_that_grows_is_planned_for_what_is_foretold() -> None:
    pytest.importorskip("statsmodels")
    log = many_days(150)
    forecast = forecast_log(log)
    assert forecast is not None
    more = replace(forecast, mean_seen=forecast.mean_seen / 1.2)
    plain, grown = (
        demand_with_log(make_demand(), fit_log(log), "made.csv", forecast=f).arrivals.peak_day for f in (None, more)
    )
    assert grown == pytest.approx(1.2 * plain, rel=0.05)


def test_the_command_lists_the_faults(tmp_path: Path) -> None:
    path, hall = tmp_path / "log.csv", str(tmp_path / "hall")
    path.write_text(HEAD + GOOD + FAULTY, "utf-8")
    assert CliRunner().invoke(app, ["init", hall, "--sample", "township"]).exit_code == 0
    result = CliRunner().invoke(app, ["windows", hall, "--log", str(path), "--json"])
    assert result.exit_code == 0
    found = json.loads(result.stdout)["log"]
    assert {"called_before_taken", "duplicates"} <= {fault["kind"] for fault in found["faults"]}
    assert found["forecast"] is None
