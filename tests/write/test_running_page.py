"""What the page says of how the hall runs."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from hallplan.model.plan import Plan
from hallplan.model.windows import WindowChange
from hallplan.pipeline import Inputs, plan_of_windows
from hallplan.read.project import find_project
from hallplan.settings import Settings
from hallplan.windows import compare_scenarios
from hallplan.write.page import write_windows_page
from hallplan.write.page.running import running_section
from hallplan.write.page.tables import change_table, changes_note
from tests.builders import make_demand
from tests.windows.test_running import plan as window_plan

SAMPLE = Path(__file__).parents[2] / "samples" / "township"


@cache
def plan() -> Plan:
    windows = replace(window_plan(), scenarios=compare_scenarios(window_plan(), make_demand(), Settings(), ["+20%"]))
    return plan_of_windows(Inputs(find_project(SAMPLE), Settings(), {}, make_demand()), windows, "2026-02-01")


def test_the_page_has_proof_shifts_roster_rules_and_scenarios() -> None:
    section = running_section(plan())
    assert section is not None
    rows = {block.heading: block.table.rows for block in section.blocks}
    assert len(rows) == 6
    staffing, roster = plan().windows.staffing, next(v for k, v in rows.items() if k == "月度排班")
    assert staffing is not None
    assert [row.cells[0] for row in roster] == [person.id for person in staffing.roster.people]
    assert any(staffing.duties[0].id.rpartition("-")[2] in row.cells for row in roster)
    assert len(rows["情景对比"]) == 2
    assert {row.tone for row in rows["承诺与仿真"]} <= {"pass", "fail"}


def test_every_trigger_of_the_plan_is_on_the_page(tmp_path: Path) -> None:
    write_windows_page(plan(), tmp_path / "windows.html")
    html = (tmp_path / "windows.html").read_text("utf-8")
    adjusting = plan().windows.adjusting
    assert adjusting is not None
    assert html.count("<tr>") > len(adjusting.triggers)
    assert all(f"<td>{duty}</td>" in html for duty in ("general-01",))


def test_a_plan_of_windows_alone_has_no_running_section() -> None:
    bare = replace(plan().windows, staffing=None, adjusting=None, proof=(), scenarios=())
    assert running_section(replace(plan(), windows=bare)) is None


def test_new_windows_of_one_kind_are_one_row_and_more_windows_are_called_more() -> None:
    new = [WindowChange("", "新增", f"A{n:02d}", "现有窗口不足") for n in range(2, 9)]
    changes = (WindowChange("1号", "改设", "A01", "x"), *new, WindowChange("", "新增", "C01", "现有窗口不足"))
    more = replace(plan(), windows=replace(plan().windows, changes=changes))
    assert [row.cells[:3] for row in change_table(more).rows] == [
        ("1号", "改设", "A01"), ("", "新增", "A02–A08"), ("", "新增", "C01"),
    ]  # fmt: skip
    assert "增加" in changes_note(more)
