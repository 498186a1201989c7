"""Zones that the plan and the log show to stand empty."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hallplan.model.log import QueueLog
from hallplan.model.monitor import PeopleCount, Recommendation
from hallplan.model.plan import Plan
from hallplan.operate import make_board, measure
from hallplan.operate.idle import counts_at_doors, idle_zones
from hallplan.settings import Settings
from tests.queue_logs import read_text
from tests.scene.furnished import furnished_plan


@pytest.fixture(scope="module")
def plan() -> Plan:
    return furnished_plan()


def windows_of(plan: Plan, *, without: str = "") -> list[str]:
    return [window for zone in plan.programme.zones if zone.id != without for window in zone.windows]


def log_of(folder: Path, windows: list[str], waiting: int = 1, days: int = 4) -> QueueLog:
    """Each window serves without a break from 9 to 10; at 9:30 a number of people wait at once."""
    rows = [
        f"2026-03-{9 + day:02d},9:{minute:02d}:00,0,300,{window},办结"
        for day in range(days) for minute in range(0, 60, 5) for window in windows
    ]  # fmt: skip
    rows += [
        f"2026-03-{9 + day:02d},9:30:00,{600 + n},300,{windows[0]},办结" for day in range(days) for n in range(waiting)
    ]
    return read_text(folder, "日期,取号时间,等候时长,服务时长,窗口,结果\n" + "\n".join(rows) + "\n")


def found(log: QueueLog, plan: Plan) -> tuple[Recommendation, ...]:
    return idle_zones(log, measure(log), plan)


def test_a_waiting_area_never_filled_is_offered_with_the_call_that_changes_it(plan: Plan, tmp_path: Path) -> None:
    (one,) = found(log_of(tmp_path, windows_of(plan)), plan)
    assert "--idle wait-1=value_added" in one.what
    assert "最多 1 人" in one.why
    chairs = plan.alternatives[0].layout.of_kind("chair")
    assert f"仍有 {sum(chair.zone == 'wait-2' for chair in chairs)} 座" in one.effect


def test_a_waiting_area_that_is_needed_is_not(plan: Plan, tmp_path: Path) -> None:
    chairs = sum(chair.zone.startswith("wait-") for chair in plan.alternatives[0].layout.of_kind("chair"))
    assert not found(log_of(tmp_path, windows_of(plan), waiting=chairs - 10), plan)


def test_a_zone_whose_windows_serve_nobody_stands_empty(plan: Plan, tmp_path: Path) -> None:
    zone = plan.programme.zone("one_matter-1")
    log = log_of(tmp_path, windows_of(plan, without=zone.id))
    (one,) = [item for item in found(log, plan) if "并窗" in item.what]
    assert one.what.startswith(zone.name)
    assert f"{len(zone.windows)} 个窗口" in one.effect


def test_a_log_with_other_window_names_says_nothing_of_window_zones(plan: Plan, tmp_path: Path) -> None:
    assert not [item for item in found(log_of(tmp_path, ["甲", "乙"]), plan) if "并窗" in item.what]


def test_few_days_or_no_layout_say_nothing(plan: Plan, tmp_path: Path) -> None:
    log = log_of(tmp_path, windows_of(plan), days=2)
    assert found(log, plan) == ()
    assert idle_zones(log, measure(log), None) == ()
    longer = log_of(tmp_path, windows_of(plan))
    assert found(longer, replace(plan, alternatives=())) == ()


def test_the_board_carries_it(plan: Plan, tmp_path: Path) -> None:
    log = log_of(tmp_path, windows_of(plan))
    board = make_board(log, measure(log), plan, Settings(), "厅")
    assert any("--from-plan" in item.what for item in board.advice)


def counts_of(door: str, came: int) -> list[PeopleCount]:
    """Four days of half-hours from 9 to 17, with people in the first of each day or in all of them."""
    return [
        PeopleCount(20521 + day, 540 + 30 * k, came if not k else 0, came if k == 1 else 0, door)
        for day in range(4) for k in range(16)
    ]  # fmt: skip


@pytest.mark.parametrize("by_name", [False, True])
def test_a_zone_whose_counter_sees_hardly_anyone_stands_empty(plan: Plan, tmp_path: Path, by_name: bool) -> None:
    zone = plan.programme.zone("form-1")
    log = log_of(tmp_path, windows_of(plan))
    told = idle_zones(log, measure(log), plan, counts_of(zone.name if by_name else zone.id, 2))
    (one,) = [item for item in told if "--idle form-1=value_added" in item.what]
    assert "共 8 人" in one.why
    busy = [replace(count, came=1.0, left=0.0) for count in counts_of(zone.id, 2)]
    assert not [item for item in idle_zones(log, measure(log), plan, busy) if "form-1" in item.what]


def test_counters_at_zones_are_no_doors_of_the_hall(plan: Plan) -> None:
    counts = [*counts_of("form-1", 2), *counts_of("主入口", 3), *counts_of("", 4)]
    assert {count.door for count in counts_at_doors(counts, plan)} == {"主入口", ""}
