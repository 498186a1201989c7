"""Workbooks as bureaus keep them are read, and what was assumed is said."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt

from hallplan.read.workbook import parameter_values, read_demand
from hallplan.settings import Settings, make_settings
from tests.read.workbook.make import HEAD, ROW, items, workbook

SETTINGS = Settings()


def test_name_and_volume_are_enough_and_all_else_is_marked_assumed(tmp_path: Path) -> None:
    demand = read_demand(
        workbook(tmp_path / "a.xlsx", {"Sheet1": [["事项名称", "年办件量"], ["身份证", 500]]}), SETTINGS
    )
    item = demand.items[0]
    assert (item.name, item.cases, item.minutes.accept) == ("身份证", 500, 10)
    assert {"code", "minutes.accept", "minutes.consult", "visits_per_case", "case_type"} <= set(item.assumed)
    assert any("受理分钟" in entry.what for entry in demand.assumptions)
    assert demand.arrivals.is_assumed
    assert sum(demand.arrivals.shares) == pytest.approx(1)


def test_title_rows_two_row_header_subtotals_and_notes(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet("进驻事项清单")
    sheet.merge_range("A1:G1", "某县事项统计表")
    sheet.write("A2", "填报单位：某局")
    for cells, name in (("A3:A4", "序号"), ("B3:B4", "部门"), ("C3:C4", "事项名称*"), ("D3:D4", "年办件量（件）")):
        sheet.merge_range(cells, name)
    sheet.merge_range("E3:G3", "办理时长（分钟）")
    sheet.write_row("E4", ["咨询", "受理", "出件"])
    sheet.merge_range("B5:B6", "公安局")
    sheet.write_row("A5", [1])
    sheet.write_row("C5", ["身份证办理", "1,200件", 3, "8 min", "2分钟"])
    sheet.write_row("A6", [2])
    sheet.write_row("C6", ["居住证办理", "３００", 3, 9, 2])
    sheet.write_row("A7", ["", "公安局小计", "", 1500])
    sheet.write_row("A9", [3, "人社局", "社保卡申领", "1.5万", 2, "0.1小时", 1])
    sheet.write_row("A10", ["合　计", "", "", 16500])
    sheet.write("A12", "注：数据为上年度。")
    book.close()
    demand = read_demand(tmp_path / "a.xlsx", SETTINGS)
    assert [(i.name, i.department, i.cases, i.minutes.accept) for i in demand.items] == [
        ("身份证办理", "公安局", 1200, 8), ("居住证办理", "公安局", 300, 9), ("社保卡申领", "人社局", 15000, 6)
    ]  # fmt: skip
    assert demand.items[2].source == "进驻事项清单!C9"


def test_columns_in_any_order_extra_and_twice(tmp_path: Path) -> None:
    head = ["备注", "年办件量", "联系人", "事项名称", "办件量"]
    demand = read_demand(items(tmp_path / "a.xlsx", ["x", 10, "y", "事项一", 99], head=head), SETTINGS)
    assert demand.items[0].cases == 10
    assert any("B 列" in warning and "E 列" in warning for warning in demand.warnings)


def test_header_units_scale_the_column(tmp_path: Path) -> None:
    head = ["事项名称", "年办件量（万件）", "平均办理时长（小时）", "网办率（%）"]
    item = read_demand(items(tmp_path / "a.xlsx", ["事项一", 1.5, 0.5, 40], head=head), SETTINGS).items[0]
    assert (item.cases, item.minutes.accept, item.online_share) == (15000, 30, 0.4)


def test_promised_days_are_not_minutes_and_it_is_said(tmp_path: Path) -> None:
    head = ["事项名称", "年办件量", "承诺时限", "受理分钟", "审批时长（工作日）"]
    demand = read_demand(items(tmp_path / "a.xlsx", ["事项一", 10, "20个工作日", "3个工作日", 5], head=head), SETTINGS)
    assert "minutes.accept" in demand.items[0].assumed
    assert "minutes.review" in demand.items[0].assumed
    assert sum("工作日" in warning or "以天计" in warning for warning in demand.warnings) == 2


def test_a_plain_yes_finds_the_kind_of_special_window(tmp_path: Path) -> None:
    head = ["事项名称", "年办件量", "部门", "是否须设专业窗口"]
    rows = [["身份证", 1, "公安局", "√"], ["转移登记", 1, "自然资源局", "不动产"], ["社保卡", 1, "人社局", "×"]]
    found = read_demand(items(tmp_path / "a.xlsx", *rows, head=head), SETTINGS).items
    assert [item.special for item in found] == ["公安", "不动产", ""]


def test_example_rows_are_skipped_and_counted(tmp_path: Path) -> None:
    demand = read_demand(items(tmp_path / "a.xlsx", ["【示例】1", "示例事项", 5], ROW), SETTINGS)
    assert [item.code for item in demand.items] == ["A1"]
    assert any("【示例】" in warning for warning in demand.warnings)


def test_a_hidden_sheet_is_read_and_named(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    book.add_worksheet("封面").write(0, 0, "封面")
    sheet = book.add_worksheet("事项清单")
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, ROW)
    sheet.hide()
    book.close()
    demand = read_demand(tmp_path / "a.xlsx", SETTINGS)
    assert len(demand.items) == 1
    assert any("隐藏" in warning for warning in demand.warnings)


def test_a_sheet_of_another_name_is_found_by_its_header(tmp_path: Path) -> None:
    demand = read_demand(workbook(tmp_path / "a.xlsx", {"封面": [["x"]], "2024统计": [HEAD, ROW]}), SETTINGS)
    assert demand.items[0].code == "A1"
    assert any("2024统计" in warning for warning in demand.warnings)


def test_minutes_of_zero_are_kept_and_not_taken_for_missing(tmp_path: Path) -> None:
    demand = read_demand(items(tmp_path / "a.xlsx", [*ROW, 0], head=[*HEAD, "受理分钟"]), SETTINGS)
    assert demand.items[0].minutes.accept == 0
    assert not any("受理分钟" in entry.what for entry in demand.assumptions)


def test_a_sheet_is_found_by_part_of_its_name_and_others_are_told(tmp_path: Path) -> None:
    sheets = {
        "事项清单": [HEAD, ROW],
        "现有窗口情况": [["现有窗口一览"], [], ["窗口编号", "部门"], ["1号", "公安局"]],
        "领导讲话": [["x"]],
        "填写说明": [["x"]],
    }
    demand = read_demand(workbook(tmp_path / "a.xlsx", sheets), SETTINGS)
    assert [window.id for window in demand.existing] == ["1号"]
    assert any("现有窗口情况" in warning for warning in demand.warnings)
    assert [warning for warning in demand.warnings if "领导讲话" in warning and "填写说明" not in warning]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_tables_in_chinese_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "事项.csv"
    path.write_bytes('事项名称,年办件量\n身份证办理,"1,200"\n合计,1200\n'.encode(encoding))
    assert [(i.name, i.cases) for i in read_demand(path, SETTINGS).items] == [("身份证办理", 1200)]


def test_tab_separated_tables(tmp_path: Path) -> None:
    path = tmp_path / "items.tsv"
    path.write_text("name\tcases\n身份证\t12\n", "utf-8")
    assert read_demand(path, SETTINGS).items[0].cases == 12


def test_old_xls_files(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("事项清单")
    for r, row in enumerate([HEAD, ROW]):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    book.save(str(tmp_path / "a.xls"))
    assert read_demand(tmp_path / "a.xls", SETTINGS).items[0].cases == 1200


def test_files_saved_by_openpyxl(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "事项清单"
    book.active.append(HEAD)
    book.active.append(ROW)
    book.save(tmp_path / "a.xlsx")
    assert read_demand(tmp_path / "a.xlsx", SETTINGS).items[0].code == "A1"


def test_arrivals_by_the_hour_become_half_hours_with_a_lunch_gap(tmp_path: Path) -> None:
    rows = [["时段", "占比"], ["09:00-10:00", "40%"], ["11:00-12:00", 0.2], ["12:00-13:00", 0], ["14:00-15:00", 0.4]]
    profile = read_demand(items(tmp_path / "a.xlsx", ROW, 分时到厅人流=rows), SETTINGS).arrivals
    assert profile.starts == (540, 570, 660, 690, 840, 870)
    assert profile.shares == pytest.approx((0.2, 0.2, 0.1, 0.1, 0.2, 0.2))
    assert not profile.is_assumed


def test_arrivals_by_weekday_are_one_mean_day_and_the_peak_is_said(tmp_path: Path) -> None:
    rows = [["星期", "时段", "人次"], ["周一", "9:00-9:30", 150], ["周一", "9:30-10:00", 50], ["周二", "9:00-9:30", 50], ["周二", "9:30-10:00", 50]]  # fmt: skip
    demand = read_demand(items(tmp_path / "a.xlsx", ROW, 分时到厅人流=rows), SETTINGS)
    assert demand.arrivals.shares == pytest.approx((200 / 300, 100 / 300), abs=1e-6)
    assert any("周一" in warning and "1.33" in warning for warning in demand.warnings)


def test_arrivals_with_starts_only_and_real_times(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"), {"date_1904": True})
    time = book.add_format({"num_format": "hh:mm"})
    sheet = book.add_worksheet("事项清单")
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, ROW)
    flow = book.add_worksheet("分时到厅人流")
    flow.write_row(0, 0, ["时段", "占比"])
    for r, (hour, minute) in enumerate(((9, 0), (9, 30), (14, 0)), start=1):
        flow.write_datetime(r, 0, dt.time(hour, minute), time)
        flow.write(r, 1, 1 / 3)
    book.close()
    assert read_demand(tmp_path / "a.xlsx", SETTINGS).arrivals.starts == (540, 570, 840)


def test_people_counters_at_the_doors_make_a_profile(tmp_path: Path) -> None:
    rows = [["时间", "出入口", "进", "出"], ["2025-03-03 09:00", "主入口", 30, 5], ["2025-03-03 09:00", "次入口", 10, 5], ["2025-03-03 10:00", "主入口", 60, 9]]  # fmt: skip
    profile = read_demand(items(tmp_path / "a.xlsx", ROW, 人流=rows), SETTINGS).arrivals
    assert profile.starts == (540, 570, 600, 630)
    assert profile.shares == pytest.approx((0.2, 0.2, 0.3, 0.3))


def test_pairs_by_code_or_name_and_unknown_ones_are_left_out_with_a_warning(tmp_path: Path) -> None:
    rows = [["事项A", "事项B", "次数"], ["A1", "发票领用", "1,000"], ["公司设立登记", "公司变更", 5]]
    demand = read_demand(items(tmp_path / "a.xlsx", ROW, ["A2", "发票领用", 5], 联办关系=rows), SETTINGS)
    assert [(r.item_a, r.item_b, r.times) for r in demand.relations] == [("A1", "A2", 1000)]
    assert any("公司变更" in warning and "B3" in warning for warning in demand.warnings)


def test_todays_windows(tmp_path: Path) -> None:
    rows = [
        ["窗口号", "类型", "部门", "承接事项", "开放时段", "面积（㎡）"],
        ["A01", "综合", "审批局", "A1、A2", "", "6.5㎡"],
        ["合计", "", "", "", "", 6.5],
    ]
    windows = read_demand(items(tmp_path / "a.xlsx", ROW, 现有窗口=rows), SETTINGS).existing
    assert len(windows) == 1
    assert windows[0].items == ("A1", "A2")
    assert windows[0].hours == ((540, 720), (780, 1020))
    assert windows[0].area_m2 == 6.5


def test_parameters_are_raw_text_and_nested_values_for_the_settings(tmp_path: Path) -> None:
    rows = [["参数", "值"], ["等候达标率", "85%"], ["等候目标", "20分钟"], ["服务时段", "9:00-12:00；13:00—17:00"], ["年工作日", 248], ["层级", "市级"], ["墙面颜色", "白"]]  # fmt: skip
    path = items(tmp_path / "a.xlsx", ROW, 参数=rows)
    demand = read_demand(path, SETTINGS)
    assert ("service.target_share", "85%") in demand.parameters
    values = parameter_values(path)
    assert values == parameter_values(demand)
    settings, origin = make_settings({"workbook": values})
    assert (settings.service.target_share, settings.service.wait_min, settings.project.level) == (0.85, 20, "city")
    assert settings.service.open == "09:00-12:00,13:00-17:00"
    assert origin["service.working_days"] == "workbook"
    assert any("墙面颜色" in warning for warning in demand.warnings)


def test_sheets_of_later_commands_are_left_alone(tmp_path: Path) -> None:
    demand = read_demand(items(tmp_path / "a.xlsx", ROW, 现有设备=[["随便"]], 人员=[["?"]], 系统清单=[[1]]), SETTINGS)
    assert demand.warnings == ()


def test_blank_rows_numbers_as_codes_and_dashes(tmp_path: Path) -> None:
    demand = read_demand(items(tmp_path / "a.xlsx", [511, "事项一", 3], [None], [512, "事项二", "-"]), SETTINGS)
    assert [(item.code, item.cases) for item in demand.items] == [("511", 3), ("512", 0)]


def test_a_column_of_shares_and_per_cents_is_read_and_said(tmp_path: Path) -> None:
    rows = [["一", 1, "30%"], ["二", 1, 0.3], ["三", 1, 30]]
    demand = read_demand(items(tmp_path / "a.xlsx", *rows, head=["事项名称", "年办件量", "网办率"]), SETTINGS)
    assert [item.online_share for item in demand.items] == [0.3, 0.3, 0.3]
    assert any("网办率" in warning for warning in demand.warnings)


def test_monthly_volumes_are_counted_for_the_year(tmp_path: Path) -> None:
    demand = read_demand(items(tmp_path / "a.xlsx", ["事项一", 10], head=["事项名称", "月均办件量"]), SETTINGS)
    assert demand.items[0].cases == 120
