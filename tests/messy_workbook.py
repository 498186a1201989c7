"""A demand workbook as a city's bureau keeps it: titles, a two-row merged header, subtotals, numbers as text, notes below."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from hallplan.model.demand import ExistingWindow, Item, Relation
from hallplan.terms import read_data

FULL_WIDTH = str.maketrans("0123456789,.%", "０１２３４５６７８９，．％")
HEADS = (
    ("序号", ""), ("实施部门", ""), ("事项编码", ""), ("事 项 名 称", ""), ("事项类型", ""), ("办件类型", ""), ("行使层级", ""),
    ("年办件量（件）", ""), ("年咨询量（人次）", ""), ("办理时长（分钟）", "咨询"), ("办理时长（分钟）", "受理"), ("办理时长（分钟）", "审批"),
    ("办理时长（分钟）", "出件"), ("网办率", ""), ("自助率", ""), ("是否须设专业窗口", ""), ("一件事", ""), ("次均到厅次数", ""),
    ("承诺时限（工作日）", ""), ("联系电话", ""), ("备注", ""),
)  # fmt: skip
DAYS = (("周一", 1.18), ("周二", 1.02), ("周三", 0.97), ("周四", 0.93), ("周五", 0.90))
HOURS = (("9:00-10:00", 640), ("10:00～11:00", 730), ("11:00—12:00", 480), ("13：00-14：00", 370), ("14:00-15:00", 520), ("15:00至16:00", 440), ("16:00-17:00", 200))  # fmt: skip


def write_messy(
    path: Path,
    items: Sequence[Item],
    relations: Sequence[Relation],
    existing: Sequence[ExistingWindow],
    notes: Sequence[str],
    sheets: Mapping[str, Sequence[Sequence[str | float | None]]],
) -> None:
    """Writes the workbook; every value can be read, none is as tidy as a program would like."""
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"created": dt.datetime(2025, 1, 1)})
    _items(book, items)
    _flow(book)
    _relations(book, relations)
    _existing(book, existing)
    _parameters(book)
    for name, rows in sheets.items():
        _further(book, name, rows)
    about = book.add_worksheet("说明")
    about.set_column(0, 0, 120)
    for row, line in enumerate(notes):
        about.write_string(row, 0, line)
    hidden = book.add_worksheet("旧数据")
    hidden.write_row(0, 0, ["2023年旧表，勿用"])
    hidden.hide()
    book.close()


def _items(book: xlsxwriter.Workbook, items: Sequence[Item]) -> None:
    sheet = book.add_worksheet("进驻事项清单")
    title = book.add_format({"bold": True, "font_size": 18, "align": "center", "font_name": "黑体"})
    head = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "border": 1})
    sheet.merge_range(0, 0, 0, len(HEADS) - 1, "某市政务服务中心进驻事项及办件情况统计表（示例，数据虚构）", title)
    sheet.write(1, 0, "填报单位：某市行政审批局")
    sheet.write(1, 12, "统计周期：2024年1月—12月")
    for column, (upper, lower) in enumerate(HEADS):
        if lower:
            sheet.write(3, column, lower, head)
        else:
            sheet.merge_range(2, column, 3, column, upper, head)
    sheet.merge_range(2, 9, 2, 12, "办理时长（分钟）", head)
    sheet.set_column(1, 1, 16)
    sheet.set_column(2, 2, 20)
    sheet.set_column(3, 3, 46)
    row, number = 4, 0
    for department, group in itertools.groupby(
        sorted(items, key=lambda item: item.department), lambda item: item.department
    ):
        listed = list(group)
        for item in listed:
            number += 1
            _item(sheet, row, number, item)
            row += 1
        if len(listed) > 1:
            sheet.merge_range(row - len(listed), 1, row - 1, 1, department, head)
        sheet.write(row, 1, f"{department}小计")
        sheet.write(row, 7, sum(item.cases for item in listed))
        row += 1
        if number % 5 == 0:
            row += 1
    sheet.write(row, 0, "合　计")
    sheet.write(row, 7, sum(item.cases for item in items))
    sheet.write(row + 2, 0, "注：1.办件量含网上办结件；2.“办理时长”为窗口实际用时，不是承诺时限。")
    sheet.write(row + 3, 0, "填表人：（示例）")
    sheet.write(row + 3, 9, "审核人：（示例）")
    sheet.freeze_panes(4, 4)


def _item(sheet: Worksheet, row: int, number: int, item: Item) -> None:
    """The same value in five ways of writing, by the row's number."""
    n = number % 5
    cases = (
        item.cases,
        f"{item.cases:,.0f}件",
        f"{item.cases:.0f}",
        f"{item.cases:,.0f}".translate(FULL_WIDTH),
        item.cases,
    )[n]
    accept = item.minutes.accept
    spoken = (accept, f"{accept:g}分钟", f"{accept:g} min", f"{accept:g}".translate(FULL_WIDTH), f"{accept:g}分")[n]
    online = (
        item.online_share,
        f"{item.online_share:.0%}",
        item.online_share,
        f"{item.online_share:.0%}".translate(FULL_WIDTH),
        item.online_share,
    )[n]
    special = (
        item.special or "否",
        "√" if item.special else "×",
        "是" if item.special else "",
        "Y" if item.special else "N",
        item.special,
    )[n]
    values = (
        number, item.department, item.code, item.name, item.item_type, "即办" if item.case_type == "instant" else "承诺件", "市级",
        cases, item.consults or "-", item.minutes.consult, spoken, item.minutes.review or "/", item.minutes.deliver if n else "",
        online, item.kiosk_share, special, item.one_matter or "无", item.visits_per_case if n != 3 else "",
        "即办" if item.case_type == "instant" else f"{5 + number % 15}个工作日", "0000-0000000", "",
    )  # fmt: skip
    for column, value in enumerate(values):
        if value != "":
            sheet.write(row, column, value)


def _flow(book: xlsxwriter.Workbook) -> None:
    """Visitors by weekday and hour, as the queue machine's monthly sheet shows them."""
    sheet = book.add_worksheet("分时人流")
    sheet.write(0, 0, "2024年10月第3周取号人次（示例，数据虚构）")
    sheet.write_row(2, 0, ["星期", "时间段", "取号数（人次）"])
    row = 3
    for day, factor in DAYS:
        for span, people in HOURS:
            sheet.write_row(row, 0, [day, span, f"{round(people * factor):,}人次"])
            row += 1
        sheet.write_row(row, 0, ["小计", "", sum(round(people * factor) for _, people in HOURS)])
        row += 1


def _relations(book: xlsxwriter.Workbook, relations: Sequence[Relation]) -> None:
    sheet = book.add_worksheet("联办关系")
    sheet.write_row(0, 0, ["序号", "事项A", "事项B", "次数"])
    for row, relation in enumerate(relations, start=1):
        sheet.write_row(row, 0, [row, relation.item_a, relation.item_b, f"{relation.times:,.0f}"])


def _existing(book: xlsxwriter.Workbook, existing: Sequence[ExistingWindow]) -> None:
    sheet = book.add_worksheet("现有窗口")
    sheet.merge_range(0, 0, 0, 5, "大厅窗口一览（示例，数据虚构）")
    sheet.write_row(1, 0, ["窗口号", "类型", "进驻部门", "承接事项", "开放时间", "面积（㎡）"])
    for row, window in enumerate(existing, start=2):
        sheet.write_row(
            row, 0, [window.id, window.kind, window.department, "", "9:00—12:00，13:00—17:00", f"{window.area_m2}㎡"]
        )


def _further(book: xlsxwriter.Workbook, name: str, rows: Sequence[Sequence[str | float | None]]) -> None:
    """A sheet of chapters 7 to 9 under a title, with a running number and a total where numbers are."""
    sheet = book.add_worksheet(name)
    heads = [str(column[0]) for column in read_data("template.toml")["columns"][name]]
    sheet.write(0, 0, f"{name}（示例，数据虚构）")
    sheet.write_row(2, 0, ["序号", *heads])
    for row, values in enumerate(rows, start=3):
        sheet.write_row(row, 0, [row - 2, *("" if value is None else value for value in values)])
    sheet.write(len(rows) + 4, 0, "注：示例数据。")


def _parameters(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet("参数")
    rows = (("参数", "值"), ("等候达标率", "80%"), ("等候目标时长", "15分钟"), ("服务时段", "9:00-12:00；13:00-17:00"), ("年工作日", "250天"), ("服务模式", "综窗"))  # fmt: skip
    for row, values in enumerate(rows):
        sheet.write_row(row, 0, values)
