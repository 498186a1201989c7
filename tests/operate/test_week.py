"""Next week's openings: better than the log's own on a week held out; and what is advised."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hallplan.operate import advise, measure
from hallplan.operate.bench import as_logged, of_plan, outcome, people_of, tide_of, weekday
from hallplan.operate.week import hold_out, next_week, plan_week
from hallplan.read.log import read_log
from hallplan.settings import Settings
from tests.queue_logs import BANK, read_text

needs_bank = pytest.mark.skipif(not BANK.exists(), reason="the shared data is not here")
MONDAY = 20521


def made_log(days: int, seed: int = 1) -> str:
    """A hall with a morning peak that its three windows, open all day, do not follow."""
    random = np.random.default_rng(seed)
    rows = ["日期,取号时间,等候时长,服务时长,窗口,业务类型,结果"]
    for day in range(days):
        free = [9 * 3600.0] * 3
        times = np.sort(np.concatenate([random.uniform(32400, 39600, 60), random.uniform(39600, 61200, 60)]))
        for taken in times.tolist():
            service = float(random.exponential(300))
            window = int(np.argmin(free))
            start = max(taken, free[window])
            free[window] = start + service
            date = np.datetime64("2026-03-09") + day
            clock = f"{int(taken) // 3600}:{int(taken) // 60 % 60:02d}:{int(taken) % 60:02d}"
            rows.append(
                f"{date},{clock},{start - int(taken):.0f},{service:.0f},W{window},{'甲' if window else '乙'},办结"
            )
    return "\n".join(rows) + "\n"


def test_days_of_the_week_are_those_of_the_calendar() -> None:
    assert weekday(MONDAY) == 0


def test_the_plan_costs_no_more_and_waits_are_shorter_on_days_it_was_made_from(tmp_path: Path) -> None:
    log = read_text(tmp_path, made_log(7))
    people = people_of(log, log.days.tolist())
    plan = plan_week(people)
    before = outcome("actual", people, as_logged)
    after = outcome("plan", people, of_plan(plan), tide_of(plan))
    assert after.hours <= before.hours
    assert after.p90_wait_s < before.p90_wait_s


def test_a_plan_uses_no_data_of_the_week_it_is_for(tmp_path: Path) -> None:
    rows = made_log(14)
    log = read_text(tmp_path, rows)
    first = log.days[7]
    early = log.pick(log.day < first)
    found = hold_out(log)
    assert found is not None
    assert found.plan == next_week(early)
    assert found.first_day == first


def test_a_log_of_three_days_gives_no_plan_but_its_figures(tmp_path: Path) -> None:
    log = read_text(tmp_path, made_log(3))
    advice, held_out, plan = advise(log, measure(log))
    assert (held_out, plan) == (None, None)
    assert all(item.effect for item in advice)


def test_a_window_that_is_hardly_used_is_advised_to_be_merged(tmp_path: Path) -> None:
    rows = [
        f"2026-03-{9 + d:02d} {h}:{m:02d},0,{300 if w == 'A' else 60},{w},办结"
        for d in range(5) for h in range(9, 16) for w, minutes in (("A", range(0, 60, 10)), ("B", (3, 28, 53))) for m in minutes
    ]  # fmt: skip
    log = read_text(tmp_path, "取号时间,等候时长,服务时长,窗口,结果\n" + "\n".join(rows) + "\n")
    advice, _, _ = advise(log, measure(log))
    merged = [item for item in advice if "窗口 B 并入" in item.what]
    assert len(merged) == 1
    assert "窗口小时 -" in merged[0].effect


@needs_bank
def test_on_the_real_log_the_plan_beats_the_actual_openings_of_the_week_held_out() -> None:
    found = hold_out(read_log([BANK], Settings()))
    assert found is not None
    by_name = {outcome.name: outcome for outcome in found.outcomes}
    assert by_name["plan"].hours <= by_name["actual"].hours
    assert by_name["plan"].hours <= by_name["logged"].hours
    assert by_name["plan"].p90_wait_s < by_name["actual"].p90_wait_s
    assert by_name["plan"].served >= by_name["actual"].served
    assert by_name["naive"].p90_wait_s > by_name["plan"].p90_wait_s
