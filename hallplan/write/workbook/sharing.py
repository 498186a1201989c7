"""Sheets of chapter 9: systems and double entry, the roadmap as a chain to windows and m², AI helpers, indicators."""

from __future__ import annotations

from collections.abc import Callable

from hallplan.model.services import SystemsPlan
from hallplan.write.workbook.book import AMBER, GREEN, RED, Cell, Column, Formula, Sheet
from hallplan.write.workbook.words import t


def add_systems(sheet: Sheet, plan: SystemsPlan) -> None:
    """Writes 系统与数据共享: each system, islands and circles, indicators with their limits, flaws."""
    columns = [
        Column(t("c_system"), 28, "wrap"), Column(t("c_island"), 9, "int"), Column(t("c_items"), 9, "int"), Column(t("c_cases"), 12, "int"), Column(t("c_login"), 10, "flag"),
        Column(t("c_repeated"), 14, "int"), Column(t("c_shareable"), 14, "int"), Column(t("c_minutes_saved"), 14, "int"), Column(t("c_licences"), 44, "wrap"),
    ]  # fmt: skip
    sheet.open(n_columns=len(columns))
    rows: list[list[Cell]] = [
        [
            s.name, s.island, s.items, s.cases, t("yes") if s.needs_login else t("no"), s.repeated_fields, s.shareable_fields,
            s.minutes_per_year, t("comma").join(s.unused_licences),
        ]
        for s in plan.systems
    ]  # fmt: skip
    sheet.table(columns, rows, sums=(5, 6), is_main=True)
    facts = [
        t("systems_fact", logins=f"{plan.logins_per_item:.2f}", screens=f"{plan.screens_per_item:.2f}", fields=f"{plan.repeated_fields:.2f}", minutes=f"{plan.minutes_per_year:,.0f}"),
        *(t("systems_island", parts=t("comma").join(part)) for part in plan.islands),
        *(flaw.message for flaw in plan.flaws),
    ]  # fmt: skip
    sheet.lines(facts, width=len(columns))
    sheet.row += 1
    sheet.heading(t("sharing_indicators"))
    marks = {True: t("kept"), False: t("not_kept"), None: t("undecided")}
    table = [[i.name, None, None, i.value, marks[i.is_kept], i.limit] for i in plan.indicators]
    looks = {(n, 4): {True: GREEN, False: RED, None: AMBER}[i.is_kept] for n, i in enumerate(plan.indicators)}
    heads = [Column(t("c_indicator"), 28, "wrap"), *([Column("", 9)] * 2), Column(t("c_value"), 12, "two"), Column(t("c_status"), 10, "flag"), Column(t("c_limit"), 14, "two")]  # fmt: skip
    sheet.table(heads, table, looks=looks)


def add_roadmap(sheet: Sheet, plan: SystemsPlan) -> None:
    """Writes 整合路线图: system → minutes → windows → m², running sums live, and the AI helpers."""
    columns = [
        Column(t("c_rank"), 7, "int"), Column(t("c_system"), 30, "wrap"), Column(t("c_minutes_saved"), 14, "int"), Column(t("c_minutes_sum"), 14, "int"), Column(t("c_windows_saved"), 11, "int"),
        Column(t("c_windows_left"), 12, "int"), Column(t("c_hours_saved"), 14, "one"), Column(t("c_area_saved"), 11, "one"), Column(t("c_islands_left"), 10, "int"),
    ]  # fmt: skip
    sheet.open(n_columns=len(columns))
    rows: list[list[Cell]] = []
    total = 0.0
    first = sheet.row + 2
    for n, step in enumerate(plan.roadmap):
        total += step.minutes_saved
        rows.append([
            step.step, step.system, step.minutes_saved, Formula(f"SUM(C${first}:C{first + n})", total), step.windows_saved,
            step.windows_after or None, step.hours_saved, step.area_m2, step.islands_left,
        ])  # fmt: skip
    sheet.table(columns, rows, sums=(2, 4, 6, 7), is_main=True)
    sheet.heading(t("helpers"))
    heads = [
        Column(t("c_rank"), 7, "int"), Column(t("c_helper"), 30), Column(t("c_cost_year"), 14, "int"), Column(t("c_minutes_each"), 14, "one"), Column(t("c_break_even"), 11, "share"),
        Column(t("c_basis"), 60, "wrap"),
    ]  # fmt: skip
    sheet.table(heads, [[n, h.name, h.cost_per_year, h.minutes_saved, h.break_even, h.basis] for n, h in enumerate(plan.helpers, 1)])  # fmt: skip


SYSTEM_SHEETS: dict[str, Callable[[Sheet, SystemsPlan], None]] = {"systems": add_systems, "roadmap": add_roadmap}
