"""Today's windows against the plan."""

from __future__ import annotations

from collections.abc import Sequence

from hallplan.model.demand import ExistingWindow
from hallplan.model.plan import Plan
from hallplan.model.windows import WindowChange
from hallplan.units import MINUTES_PER_HOUR
from hallplan.write.workbook.book import Cell, Column, Formula, Sheet, Table, value_of
from hallplan.write.workbook.words import t


def add_changes(sheet: Sheet, plan: Plan) -> None:
    """Writes 整合前后对比: what becomes of each of today's windows, and what that saves."""
    columns = [
        Column(t("c_existing"), 20), Column(t("c_type"), 18), Column(t("c_department"), 22, "wrap"), Column(t("c_items"), 9, "int"),
        Column(t("c_open_hours"), 10, "one"), Column(t("c_area"), 10, "one"), Column(t("c_fate"), 12, "flag"), Column(t("c_into"), 22),
        Column(t("c_reason"), 44, "wrap"),
    ]  # fmt: skip
    sheet.open(n_columns=len(columns))
    changes = {change.existing: change for change in plan.windows.changes}
    rows = [_window_row(window, changes.get(window.id)) for window in plan.demand.existing]
    rows += [_new_row(change, plan) for change in plan.windows.changes if not change.existing]
    table = sheet.table(columns, rows, sums=(4, 5), has_filter=True, is_main=True)
    _savings(sheet, plan, rows, table)
    _fates(sheet, rows, table)


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
    sheet.heading(t("changes_sum"))
    names, hours, areas = (table.column(n, is_outside=False) for n in (0, 4, 5))
    sums: list[tuple[str, str, float, float]] = [
        ("changes_windows", f'COUNTIF({names},"?*")', len(plan.demand.existing), plan.windows.windows_total),
        ("changes_hours", f"SUM({hours})", sum(value_of(row[4]) for row in rows), round(plan.windows.window_hours, 2)),
    ]
    if any(row[5] for row in rows):
        area = round(sum(zone.target_m2 for zone in plan.programme.zones if zone.windows), 2)
        sums.append(("changes_area", f"SUM({areas})", sum(value_of(row[5]) for row in rows), area))
    first = sheet.row + 2
    summary = [_saving(name, formula, first + n, one, other) for n, (name, formula, one, other) in enumerate(sums)]
    titles = [Column(t(f"c_{name}"), 12, "one") for name in ("before", "after", "difference")]
    sheet.table([Column(t("c_what"), 20), *titles, Column(t("c_change"), 10, "share")], summary)


def _fates(sheet: Sheet, rows: Sequence[Sequence[Cell]], table: Table) -> None:
    column, first = table.column(6, is_outside=False), sheet.row + 2
    fates = sorted({str(row[6]) for row in rows if row[6]})
    counted: list[list[Cell]] = [
        [fate, Formula(f"COUNTIF({column},A{first + n})", sum(row[6] == fate for row in rows))]
        for n, fate in enumerate(fates)
    ]
    if counted:
        sheet.table([Column(t("c_fate"), 20), Column(t("c_count"), 12, "int")], counted, sums=(1,))


def _saving(name: str, formula: str, row: int, before: float, after: float) -> list[Cell]:
    change = (after - before) / before if before else 0.0
    return [
        t(name),
        Formula(formula, before),
        after,
        Formula(f"C{row}-B{row}", after - before),
        Formula(f"IF(B{row}=0,0,D{row}/B{row})", change),
    ]
