"""plan.xlsx: sheets, live formulas with stored values, text that stays text, the same bytes."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from hallplan.errors import OutputError
from hallplan.model.demand import Assumption, Demand, ExistingWindow
from hallplan.model.findings import Finding, Place
from hallplan.model.plan import Plan, plan_from_json, plan_to_json
from hallplan.model.programme import Programme
from hallplan.model.windows import WindowChange, WindowPlan, plate_runs
from hallplan.operate.people import review_staff
from hallplan.settings import Settings
from hallplan.terms import speaking
from hallplan.windows import complete_plan
from hallplan.write.workbook import write_plan_workbook
from hallplan.write.workbook.erlang import Check
from tests.builders import make_item
from tests.scene.furnished import furnished_plan

SHEETS = [
    "封面", "关键指标", "功能区面积分配表", "窗口设置方案", "窗口一览表", "事项归窗表", "分时段窗口开放计划",
    "当日班次", "排班", "岗位与能力", "忙闲分析", "动态调整",
    "整合前后对比", "归窗论证", "家具设备表", "标识表", "核查结果", "方案对比", "依据", "假设与来源",
]  # fmt: skip


def _reviewed(windows: WindowPlan, demand: Demand) -> WindowPlan:
    assert windows.staffing is not None
    review = review_staff(windows, windows.staffing, demand, date="2026-01-02")
    return replace(windows, staffing=replace(windows.staffing, review=review))


@cache
def full_plan() -> Plan:
    """The furnished hall with today's windows, findings, two alternatives and a text that looks like a formula."""
    plan = furnished_plan()
    hours = ((540, 720), (780, 1020))
    existing = tuple(ExistingWindow(f"W{n}", "部门窗口", "住建局", ("A01", "A02"), hours, 8.5) for n in range(1, 5))
    changes = tuple(
        WindowChange(f"W{n}", fate, "A01", "忙时占比低") for n, fate in enumerate(("保留", "合并", "合并", "撤销"), 1)
    )
    items = (*plan.demand.items, make_item("=1+1", "=SUM(A1:A9)", 10, assumed=("consults",)))
    findings = (
        Finding("acc.route.width_min", "GB 55019 2.2.2", "mandatory", "fail", Place("F1", "wait-1", (20.0, 10.0)), 1.1, 1.2, "m", "过窄", "S+"),
        Finding("egress.travel", "GB 50016 5.5.17", "recommended", "pass", Place("F1"), 28.0, 30.0, "m", "28 m", "S"),
    )  # fmt: skip
    first = replace(plan.alternatives[0], findings=findings)
    second = replace(first, layout=replace(first.layout, id="2", name="窗口沿西墙", score=70.0))
    demand = replace(plan.demand, existing=existing, items=items, assumptions=(Assumption("审批分钟", "15", "缺省表"),))
    windows = replace(plan.windows, changes=(*changes, WindowChange("", "新设", "Y01", "新增")))
    return replace(
        plan,
        demand=demand,
        windows=_reviewed(complete_plan(windows, demand, Settings(), month="2026-03"), demand),
        alternatives=(first, second),
    )


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "plan.xlsx"
    write_plan_workbook(full_plan(), path)
    return path


@cache
def stored(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path, data_only=True)


def found(sheet: openpyxl.worksheet.worksheet.Worksheet, first_column: str, column: int) -> object:
    return next(row[column].value for row in sheet.iter_rows() if first_column in (row[0].value, row[1].value))


def test_every_sheet_is_there_in_order(book):
    assert stored(book).sheetnames == SHEETS


def test_a_hall_without_windows_today_has_no_comparison(tmp_path):
    write_plan_workbook(furnished_plan(), tmp_path / "plan.xlsx")
    assert "整合前后对比" not in stored(tmp_path / "plan.xlsx").sheetnames


def test_the_same_plan_gives_the_same_bytes(book, tmp_path):
    again = tmp_path / "plan.xlsx"
    write_plan_workbook(plan_from_json(plan_to_json(full_plan())), again)
    assert again.read_bytes() == book.read_bytes()
    assert {info.date_time[0] for info in zipfile.ZipFile(again).infolist()} == {1980}


def test_the_created_date_is_the_plans(book):
    assert stored(book).properties.created.isoformat() == "2026-01-02T00:00:00"


def test_text_of_files_never_becomes_a_formula(book):
    cells = [cell for row in openpyxl.load_workbook(book)["事项归窗表"].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value in ("=1+1", "=SUM(A1:A9)")] == ["s", "s"]


def test_every_formula_stores_a_value(book):
    formulas, values = openpyxl.load_workbook(book), stored(book)
    missing = [
        f"{sheet.title}!{cell.coordinate}"
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f" and values[sheet.title][cell.coordinate].value is None
    ]
    assert missing == []


def test_only_functions_that_old_programs_know(book):
    with zipfile.ZipFile(book) as parts:
        text = "".join(
            parts.read(name).decode()
            for name in parts.namelist()
            if "worksheets/sheet" in name and name.endswith(".xml")
        )
    used = set(re.findall(r"([A-Z][A-Z.]+)\(", "".join(re.findall(r"<f>(.*?)</f>", text))))
    assert used <= {
        "SUM",
        "IF",
        "MAX",
        "MIN",
        "AVERAGE",
        "EXP",
        "COUNTA",
        "COUNTIF",
        "COUNTIFS",
        "SUMIF",
        "POISSON.DIST",
        "SUMPRODUCT",
        "ABS",
        "SQRT",
    }
    assert "_xlfn.POISSON.DIST" in text


def test_areas_add_up(book):
    sheet = stored(book)["功能区面积分配表"]
    zones = full_plan().programme.zones
    assert found(sheet, "合计", 5) == pytest.approx(sum(zone.target_m2 for zone in zones))


def test_tables_freeze_and_repeat_their_header_on_landscape_pages(book):
    for sheet in openpyxl.load_workbook(book).worksheets[1:]:
        assert sheet.page_setup.orientation == "landscape", sheet.title
        assert sheet.page_setup.fitToHeight == 0, sheet.title
        assert sheet.print_title_rows, sheet.title
        assert sheet.freeze_panes, sheet.title


def test_an_item_names_its_windows(book):
    sheet = stored(book)["事项归窗表"]
    assert found(sheet, "内资有限公司设立登记", 14) == "A01–A18"


def test_savings_count_windows_by_fate(book):
    sheet = stored(book)["整合前后对比"]
    assert found(sheet, "合并", 1) == 2
    assert found(sheet, "窗口数", 1) == 4


def test_failures_come_first_and_are_counted(book):
    sheet = stored(book)["核查结果"]
    assert sheet["D5"].value == "不符合"
    assert found(sheet, "强制", 1) == 1
    assert found(stored(book)["关键指标"], "强制性条款不符合", 2) == 1


def test_english_books_have_no_chinese_headings(tmp_path):
    with speaking("en"):
        write_plan_workbook(full_plan(), tmp_path / "plan.xlsx")
    for sheet in stored(tmp_path / "plan.xlsx"):
        assert not re.search("[\u4e00-\u9fff]", f"{sheet.title}{sheet['A1'].value or ''}{sheet['B4'].value or ''}"), (
            sheet.title
        )


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(OutputError):
        write_plan_workbook(full_plan(), tmp_path / "nowhere" / "plan.xlsx")


def test_the_static_check_is_erlang_c():
    # two windows, load 1: C = 1/3, mean wait = C·s/(c−a) = 1/3 · 6 = 2 min. Source: Cooper, Introduction to Queueing Theory
    check = Check(arrivals=10, minutes=6, cv=1, windows=2, target_min=6)
    assert check.delay == pytest.approx(1 / 3)
    assert check.mean_wait == pytest.approx(2.0)
    assert check.within == pytest.approx(1 - 2.718281828459045**-1 / 3)


def test_the_static_check_says_overload():
    check = Check(arrivals=100, minutes=6, cv=1, windows=5, target_min=15)
    assert (check.delay, check.within) == (1.0, 0.0)
    assert check.mean_wait == "超载"


def test_window_numbers_are_shortened():
    assert plate_runs(["A01", "A02", "A03", "B01", "C02"]) == ["A01–A03", "B01", "C02"]


def test_windows_alone_make_a_workbook_without_the_sheets_of_a_hall(tmp_path: Path) -> None:
    whole = full_plan()
    alone = replace(
        whole, alternatives=(), site=replace(whole.site, floors=()), programme=Programme((), (), (), 0.0, 0.0, 0.0)
    )
    write_plan_workbook(alone, tmp_path / "plan.xlsx")
    names = openpyxl.load_workbook(tmp_path / "plan.xlsx").sheetnames
    assert {"窗口设置方案", "窗口一览表", "分时段窗口开放计划"} <= set(names)
    assert not {"功能区面积分配表", "家具设备表", "核查结果"} & set(names)


def test_the_roster_counts_days_hours_and_missing_people(book: Path) -> None:
    sheet = stored(book)["排班"]
    staff = full_plan().windows.staffing
    assert staff is not None
    first = staff.roster.people[0]
    n_days = len(staff.roster.dates)
    assert found(sheet, first.id, 3 + n_days) == sum(bool(duty) for duty in first.duties)
    assert found(sheet, first.id, 4 + n_days) == pytest.approx(first.hours)
    assert found(sheet, "当班人数", 4) == found(sheet, "应到人数", 4) == len(staff.duties)  # Monday 2 March
    assert found(sheet, "缺员", 4) == 0


def test_the_grid_of_windows_adds_up_to_the_plan(book: Path) -> None:
    sheet = stored(book)["分时段窗口开放计划"]
    windows = full_plan().windows
    marks = sum(cell.value == "●" for row in sheet.iter_rows() for cell in row)
    assert marks == sum(end - start for window in windows.windows for start, end in window.hours) / 30


def test_every_window_names_who_holds_it_and_who_steps_in(book: Path) -> None:
    sheet = stored(book)["窗口一览表"]
    heads = [cell.value for cell in sheet[4]]
    a, b = (heads.index(name) for name in ("A岗", "B岗"))
    rows = [row for row in sheet.iter_rows(min_row=5) if row[a].value]
    assert len(rows) == len(full_plan().windows.windows)
    assert all(row[a].value != row[b].value for row in rows)


def test_the_rules_for_the_day_are_a_row_for_each_half_hour(book: Path) -> None:
    sheet = stored(book)["动态调整"]
    names = {kind.name for kind in full_plan().windows.types}
    rows = [row for row in sheet.iter_rows() if row[0].value in names and ":" in str(row[1].value)]
    assert len(rows) == len(full_plan().windows.types) * len(full_plan().windows.half_hours)


def test_the_basis_gives_a_formula_and_a_source_for_each(book: Path) -> None:
    rows = list(stored(book)["依据"].iter_rows(min_row=5, values_only=True))
    assert len(rows) > 10
    assert all(row[2] and row[3] and row[4] in SHEETS for row in rows if row[0])


def test_the_matrix_of_skills_counts_who_can_sit_where(book: Path) -> None:
    sheet = stored(book)["岗位与能力"]
    staff = full_plan().windows.staffing
    assert staff is not None
    assert staff.review is not None
    for n, cover in enumerate(staff.review.types):
        assert found(sheet, "能办", 3 + n) == cover.able
        assert found(sheet, "缺", 3 + n) == cover.missing
