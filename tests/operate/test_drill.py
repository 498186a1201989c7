"""Response plans and drills: completeness, time to recover, the fault log."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import jsonschema
import openpyxl
import pytest

from hallplan.errors import SheetError
from hallplan.model.drill import Emergencies, FaultRecord, ResponsePlan
from hallplan.model.windows import WindowPlan
from hallplan.operate.drill import drill_hall, drill_report, fault_times, play, scenario_of
from hallplan.read.workbook.drills import read_emergencies
from hallplan.terms import read_data, text
from tests.builders import make_windows
from tests.cli.test_calls import run

SCHEMA = json.loads(files("hallplan").joinpath("data/schemas/drill.schema.json").read_text("utf-8"))
SCENARIOS = {entry["id"]: entry for entry in read_data("drills.toml")["scenarios"]}
WHOLE = ResponsePlan("网络故障", "张三岗", 600.0, "手工收件", "切换备用线路", "值班领导")


def calm_windows() -> WindowPlan:
    """A hall whose windows are each busy for six tenths of the day."""
    windows = make_windows()
    types = (replace(k, arrivals=tuple(0.6 * n * 60 / k.minutes for n in k.open)) for k in windows.types)
    return replace(windows, types=tuple(types))


def write_sheets(path: Path, plans: list[list[object]], faults: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    items = book.active
    items.title = "事项清单"
    for row in (
        ["事项名称", "年办件量", "窗口平均办理时长(分钟)"],
        ["居民身份证换领", 38000, 8],
        ["不动产转移登记", 16000, 25],
    ):
        items.append(row)
    for name, head, rows in (
        ("应急预案", ["场景", "责任人", "时限", "兜底", "恢复", "通知"], plans),
        ("故障台账", ["时间", "类型", "响应", "恢复", "关闭"], faults),
    ):
        sheet = book.create_sheet(name)
        for row in (head, *rows):
            sheet.append(row)
    book.save(path)
    return path


def test_a_scenario_is_known_by_its_name_and_by_words() -> None:
    assert [scenario_of(s) for s in ("网络故障", "大厅断网", "取号机卡纸", "火灾", "节日")] == [
        "network",
        "network",
        "hardware",
        "evacuation",
        "",
    ]


def test_a_plan_that_lacks_something_fails_and_one_without_a_limit_is_undecided() -> None:
    windows = calm_windows()
    plans = (WHOLE, ResponsePlan("软件", "李四岗", 30.0), ResponsePlan("人流拥挤", "甲", None, "乙", "丙", "丁"))
    found = {entry.id: entry for entry in drill_hall(windows, Emergencies(plans))}
    assert (found["network"].missing, found["network"].status) == ((), "pass")
    assert (found["software"].missing, found["software"].status) == (("fallback", "recovery", "notice"), "fail")
    assert (found["crowding"].missing, found["crowding"].status) == (("limit_min",), "undecided")
    assert found["damage"].status == "fail"


def test_a_limit_that_the_drill_does_not_keep_fails() -> None:
    short = ResponsePlan("网络故障", "张三岗", 1.0, "手工收件", "切换备用线路", "值班领导")
    found = {entry.id: entry for entry in drill_hall(calm_windows(), Emergencies((short,)))}
    assert found["network"].drill is not None
    assert (found["network"].drill.recover_min or 999) > 1
    assert found["network"].status == "fail"


def test_a_longer_outage_takes_longer_to_recover_from_and_none_takes_no_time() -> None:
    windows = calm_windows()
    network = SCENARIOS["network"]
    took = [play({**network, "outage_min": m, "respond_min": m}, windows) for m in (15, 60)]
    assert took[0].recover_min is not None
    assert took[1].recover_min is None or took[1].recover_min > took[0].recover_min
    assert took[1].waiting > took[0].waiting > took[0].usual
    calm = play({**network, "lost": 0.0}, windows)
    assert (calm.recover_min, calm.extra_wait_min) == (0, 0)


def test_drills_are_the_same_again() -> None:
    assert drill_hall(calm_windows(), Emergencies()) == drill_hall(calm_windows(), Emergencies())


def test_faults_are_held_against_the_limit_of_their_scenario_and_open_loops_are_listed() -> None:
    faults = (
        FaultRecord("2026-03-05T09:00", "断网", "2026-03-05T09:05", "2026-03-05T19:30", "2026-03-06T09:00"),
        FaultRecord("2026-03-05T09:00", "断网", "2026-03-05T09:05", "2026-03-05T09:30"),
        FaultRecord("2026-03-05T09:00", "其他"),
    )
    found = fault_times(Emergencies((WHOLE,), faults))
    assert [(f.respond_min, f.recover_min, f.late, f.is_open) for f in found] == [
        (5, 630, True, False), (5, 30, False, True), (None, None, False, True),
    ]  # fmt: skip
    assert found[2].limit_min is None


def test_sheets_are_read_and_the_command_keeps_its_schema(tmp_path: Path) -> None:
    path = write_sheets(
        tmp_path / "demand.xlsx",
        [
            ["网络故障", "信息科", "30分钟", "手工收件", "切备用线路", "值班领导"],
            ["疏散", "安保", 5, "广播", "清点", "全体"],
        ],
        [["2026-03-05 9:00", "网络", "2026-03-05 9:04", "2026-03-05 9:20", None]],
    )
    known = read_emergencies(path)
    assert [(p.scenario, p.limit_min) for p in known.plans] == [("网络故障", 30), ("疏散", 5)]
    assert known.faults[0].recovered == "2026-03-05T09:20"
    code, out, _ = run("drill", path, "--json")
    report = json.loads(out)
    jsonschema.validate(report, SCHEMA)
    assert code == 1
    assert report["faults"]["open"][0]["kind"] == "网络"
    assert {s["id"] for s in report["scenarios"]} == set(SCENARIOS)
    assert run("drill", path)[0] == 1


def test_a_fault_that_ends_before_it_began_is_refused_with_its_cell(tmp_path: Path) -> None:
    path = write_sheets(
        tmp_path / "a.xlsx",
        [],
        [["2026-03-05 9:00", "网络", "2026-03-05 8:00", None, None], ["昨天", "网络", None, None, None]],
    )
    with pytest.raises(SheetError) as caught:
        read_emergencies(path)
    assert len(caught.value.faults) == 2
    assert all("故障台账" in fault.where for fault in caught.value.faults)


def test_every_scenario_has_words_roles_and_figures_and_every_field_a_name() -> None:
    for entry in SCENARIOS.values():
        assert entry["steps"]
        assert all(entry[key] for key in ("zh", "en", "words"))
        assert 0 <= entry["lost"] <= 1
    assert all(text(f"operate.field_{name}") for name in read_data("drills.toml")["fields"]["needed"])


def test_a_workbook_without_the_sheets_is_drilled_all_the_same() -> None:
    report = drill_report(drill_hall(calm_windows(), Emergencies()), ())
    jsonschema.validate({"schema": 1, **report}, SCHEMA)
