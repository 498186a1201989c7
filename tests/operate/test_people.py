"""People against the window plan."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hallplan.cli.commands import app
from hallplan.model.demand import Demand
from hallplan.model.staff import StaffMember, StaffReview
from hallplan.model.windows import WindowPlan
from hallplan.operate.people import review_staff
from hallplan.settings import Settings
from hallplan.windows import plan_windows
from hallplan.windows.staff import plan_staff
from tests.builders import make_demand

DATE = "2026-02-10"


@cache
def windows() -> WindowPlan:
    return plan_windows(make_demand(), Settings())


def member(id: str, *types: str, **more: object) -> StaffMember:
    values = {"post": "受理", "nature": "综窗", "department": "审批局", "trained": "2025-11-01", **more}
    return StaffMember(id, types=types, **values)


def crew() -> list[StaffMember]:
    general = [member(f"{n:03d}", "综合窗口") for n in range(60)]
    police = [member(f"P{n}", "公安窗口", nature="派驻") for n in range(11)]
    return [
        *general,
        *police,
        *(member(f"E{n}", "不动产窗口", nature="派驻") for n in range(12)),
        member("T0", "税务窗口"),
    ]


def review(*members: StaffMember) -> StaffReview:
    demand: Demand = replace(make_demand(), staff=members)
    staff = plan_staff(windows(), demand, Settings(), month="2026-03")
    return review_staff(windows(), staff, demand, date=DATE)


def test_cover_counts_who_can_sit_where() -> None:
    found = {row.type: row for row in review(*crew()).types}
    assert (found["police"].able, found["police"].posted, found["police"].general) == (11, 11, 0)
    assert found["general"].able == found["pickup"].able == 60
    assert found["tax"].able == 1
    assert found["tax"].missing == found["tax"].wanted - 1 > 0
    assert found["police"].wanted == found["police"].need + 1


def test_an_item_that_one_person_can_do_is_a_single_point() -> None:
    (tax,) = review(*crew()).single_points
    assert (tax.type, tax.person, tax.items) == ("tax", "T0", ("税务登记信息变更",))
    nobody = review(*crew()[:-1])
    assert [point.person for point in nobody.single_points] == [""]
    assert not nobody.is_feasible


def test_those_with_most_to_spare_are_named_for_training() -> None:
    gap = next(gap for gap in review(*crew()).training if gap.type == "tax")
    assert gap.people
    assert all(id in {m.id for m in crew() if "综合窗口" in m.types} for id in gap.people)


def test_old_and_unknown_training_is_due() -> None:
    people = [replace(m, trained=("2025-02-09" if m.id == "000" else m.trained)) for m in crew()]
    people[1] = replace(people[1], trained="")
    due = {gap.people for gap in review(*people).training if not gap.type}
    assert due == {("000",), ("001",)}


def test_exits_say_which_types_they_leave_short() -> None:
    people = [replace(m, until="2026-03-31") if m.id in ("P0", "P1", "P2", "P3") else m for m in crew()]
    people[0] = replace(people[0], until="2026-01-15")
    people[1] = replace(people[1], since="2026-01-05")
    rows = review(*people).changes
    assert [(row.id, row.kind) for row in rows] == [
        ("001", "entry"), ("000", "left"), ("P0", "exit"), ("P1", "exit"), ("P2", "exit"), ("P3", "exit"),
    ]  # fmt: skip
    assert rows[2].short == ()
    assert rows[-1].short == ("police",)


def test_without_the_sheet_posts_are_reviewed() -> None:
    demand = make_demand()
    staff = plan_staff(windows(), demand, Settings(), month="2026-03")
    found = review_staff(windows(), staff, demand, date=DATE)
    assert found.is_feasible
    assert any("没有“人员”表" in line for line in found.words)
    assert all(row.able >= row.need for row in found.types)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    sample = Path(__file__).parents[2] / "samples" / "township"
    for name in ("demand.xlsx", "hallplan.toml"):
        shutil.copy(sample / name, tmp_path)
    return tmp_path


def test_the_command_prints_and_writes(project: Path) -> None:
    result = CliRunner().invoke(app, ["staff", str(project), "--json", "--date", DATE])
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert report["roster"]["feasible"] is True
    assert {row["id"] for row in report["types"]} == {"general"}
    assert (project / "out" / "plan.xlsx").is_file()
    shown = CliRunner().invoke(app, ["staff", str(project), "--date", DATE, "--lang", "zh"])
    assert "综合窗口" in shown.stdout
