"""Today's windows against the plan."""

from __future__ import annotations

from collections.abc import Sequence

from hallplan.model.demand import ExistingWindow
from hallplan.model.plan import Plan
from hallplan.model.running import Saving
from hallplan.model.windows import WindowChange
from hallplan.units import MINUTES_PER_HOUR
from hallplan.write.workbook.book import Cell, Column, Formula, Sheet, Table, value_of
from hallplan.write.workbook.words import t

CHART_ROWS = 15
"""Rows that the chart of savings takes at least."""


def add_changes(sheet: Sheet, plan: Plan) -> None:
    """Writes 整合前后对比: what the plan saves on top, then what becomes of each of today's windows."""
    columns = [
        Column(t("c_existing"), 20), Column(t("c_type"), 18), Column(t("c_department"), 22, "wrap"), Column(t("c_items"), 9, "int"),
        Column(t("c_open_hours"), 10, "one"), Column(t("c_area"), 10, "one"), Column(t("c_fate"), 12, "flag"), Column(t("c_into"), 22),
        Column(t("c_reason"), 44, "wrap"),
    ]  # fmt: skip
    sheet.open(n_columns=len(columns))
    changes = {change.existing: change for change in plan.windows.changes}
    rows = [_window_row(window, changes.get(window.id)) for window in plan.demand.existing]
    rows += [_new_row(change, plan) for change in plan.windows.changes if not change.existing]
    fates = sorted({str(row[6]) for row in rows if row[6]})
    top, n_savings = sheet.row, len(plan.windows.savings)
    summary = (n_savings and 2 * n_savings + 3) + ((fates and len(fates) + 3) or 0)
    sheet.row = top + max(summary, CHART_ROWS if n_savings else 0)
    sheet.heading(t("changes_each"))
    table = sheet.table(columns, rows, sums=(4, 5), has_filter=True)
    end, sheet.row = sheet.row, top
    _savings(sheet, plan, rows, table)
    _fates(sheet, rows, fates, table)
    sheet.row = end
    sheet.work.freeze_panes(3, 1)
    sheet.work.repeat_rows(0, 1)


def _window_row(window: ExistingWindow, change: WindowChange | None) -> list[Cell]:
    hours = sum(end - start for start, end in window.hours) / MINUTES_PER_HOUR
    becomes = [change.fate, change.into, change.reason] if change else ["", "", ""]
    return [window.id, window.kind, window.department, len(window.items), hours, window.area_m2, *becomes]


def _new_row(change: WindowChange, plan: Plan) -> list[Cell]:
    """A window that no window of today becomes."""
    window = next((window for window in plan.windows.windows if window.id == change.into), None)
    name, department = (window.name, window.department) if window else ("", "")
    return ["", name, department, None, None, None, change.fate, change.into, change.reason]


def _savings(sheet: Sheet, plan: Plan, rows: Sequence[Sequence[Cell]], table: Table) -> None:
    """What the plan saves; windows, hours and area of today follow the table above."""
    if not plan.windows.savings:
        return
    sheet.heading(t("changes_sum"))
    names, hours, areas = (table.column(n, is_outside=False) for n in (0, 4, 5))
    live: dict[str, Formula] = {
        "saving_windows": Formula(f'COUNTIF({names},"?*")', len(plan.demand.existing)),
        "saving_hours": Formula(f"SUM({hours})", sum(value_of(row[4]) for row in rows)),
    }
    if all(window.area_m2 for window in plan.demand.existing):
        live["saving_area"] = Formula(f"SUM({areas})", sum(value_of(row[5]) for row in rows))
    first = sheet.row + 2
    columns = [
        Column(t("c_what"), 20), Column(t("c_before"), 12, "one"), Column(t("c_after"), 12, "one"),
        Column(t("c_difference"), 9, "one"), Column(t("c_change"), 10, "share"), Column(t("c_unit"), 10, "flag"),
    ]  # fmt: skip
    found = [_saving(row, live.get(row.what), first + n) for n, row in enumerate(plan.windows.savings)]
    saved = sheet.table(columns, found)
    sheet.row -= 1
    sheet.lines([t("saving_basis", what=t(row.what), basis=row.basis) for row in plan.windows.savings], width=6)
    _chart(sheet, saved, sum(row.what != "saving_waiting" for row in plan.windows.savings))


def _saving(row: Saving, live: Formula | None, n: int) -> list[Cell]:
    before, after = round(row.before, 2), round(row.after, 2)
    change = (after - before) / before if before else 0.0
    return [
        t(row.what), Formula(live.text, live.value) if live else before, after, Formula(f"C{n}-B{n}", after - before),
        Formula(f"IF(B{n}=0,0,D{n}/B{n})", change), row.unit,
    ]  # fmt: skip


def _chart(sheet: Sheet, table: Table, n_rows: int) -> None:
    """Change of the first figures, in per cent of today; waiting, which may change many times over, is left to the table."""
    names, values = table.chart(0), table.chart(4)
    for reference in (names, values):
        reference[3] = table.first + n_rows - 1
    chart = sheet.book.chart("bar")
    chart.add_series(
        {"name": t("c_change"), "categories": names, "values": values, "fill": {"color": "#70AD47"}, "gap": 50}
    )  # fmt: skip
    chart.set_title({"name": t("changes_chart"), "name_font": {"size": 12}})
    chart.set_x_axis({"num_format": "0%", "major_gridlines": {"visible": True, "line": {"color": "#E3E8EE"}}})
    chart.set_y_axis({"reverse": True, "label_position": "low"})
    chart.set_legend({"none": True})
    chart.set_size({"width": 560, "height": 260})
    sheet.work.insert_chart(table.first - 2, 6, chart, {"x_offset": 12, "y_offset": 4})


def _fates(sheet: Sheet, rows: Sequence[Sequence[Cell]], fates: Sequence[str], table: Table) -> None:
    column, first = table.column(6, is_outside=False), sheet.row + 2
    counted: list[list[Cell]] = [
        [fate, Formula(f"COUNTIF({column},A{first + n})", sum(row[6] == fate for row in rows))]
        for n, fate in enumerate(fates)
    ]
    if counted:
        sheet.table([Column(t("c_fate"), 20), Column(t("c_count"), 12, "int")], counted, sums=(1,))
