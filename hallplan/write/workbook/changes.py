"""Today's windows against the plan."""

from __future__ import annotations

from hallplan.model.plan import Plan
from hallplan.units import MINUTES_PER_HOUR
from hallplan.write.workbook.book import Cell, Column, Formula, Sheet, value_of
from hallplan.write.workbook.words import t


def add_changes(sheet: Sheet, plan: Plan) -> None:
    """Writes 整合前后对比: what becomes of each of today's windows, and what that saves."""
    changes = {change.existing: change for change in plan.windows.changes}
    columns = [
        Column(t("c_existing"), 20), Column(t("c_type"), 18), Column(t("c_department"), 22, "wrap"), Column(t("c_items"), 9, "int"),
        Column(t("c_open_hours"), 10, "one"), Column(t("c_area"), 10, "one"), Column(t("c_fate"), 12, "flag"), Column(t("c_into"), 22),
        Column(t("c_reason"), 44, "wrap"),
    ]  # fmt: skip
    sheet.open(n_columns=len(columns))
    rows: list[list[Cell]] = []
    for window in plan.demand.existing:
        change = changes.get(window.id)
        hours = sum(end - start for start, end in window.hours) / MINUTES_PER_HOUR
        rows.append(
            [
                window.id, window.kind, window.department, len(window.items), hours, window.area_m2,
                change.fate if change else "", change.into if change else "", change.reason if change else "",
            ]
        )  # fmt: skip
    table = sheet.table(columns, rows, sums=(4, 5), has_filter=True, is_main=True)
    sheet.heading(t("changes_sum"))
    n_before, n_after = len(rows), plan.windows.windows_total
    names, r = table.column(0, is_outside=False), sheet.row + 2
    hours = sum(value_of(row[4]) for row in rows)
    after = round(plan.windows.window_hours, 2)
    sums: list[tuple[str, str, float, float]] = [
        ("changes_windows", f"COUNTA({names})", n_before, n_after),
        ("changes_hours", f"SUM({table.column(4, is_outside=False)})", hours, after),
    ]
    if any(row[5] for row in rows):
        area = round(sum(zone.target_m2 for zone in plan.programme.zones if zone.windows), 2)
        sums.append(
            ("changes_area", f"SUM({table.column(5, is_outside=False)})", sum(value_of(row[5]) for row in rows), area)
        )
    summary = [_saving(name, formula, r + n, one, other) for n, (name, formula, one, other) in enumerate(sums)]
    heads = [
        Column(t("c_what"), 20),
        Column(t("c_before"), 12, "one"),
        Column(t("c_after"), 12, "one"),
        Column(t("c_difference"), 10, "one"),
        Column(t("c_change"), 10, "share"),
    ]
    sheet.table(heads, summary)
    fates = sorted({str(row[6]) for row in rows if row[6]})
    if fates:
        column = table.column(6, is_outside=False)
        r = sheet.row + 2
        counted: list[list[Cell]] = [
            [fate, Formula(f"COUNTIF({column},A{r + n})", sum(row[6] == fate for row in rows))]
            for n, fate in enumerate(fates)
        ]
        sheet.table([Column(t("c_fate"), 11), Column(t("c_count"), 12, "int")], counted, sums=(1,))


def _saving(name: str, formula: str, row: int, before: float, after: float) -> list[Cell]:
    change = (after - before) / before if before else 0.0
    return [
        t(name),
        Formula(formula, before),
        after,
        Formula(f"C{row}-B{row}", after - before),
        Formula(f"IF(B{row}=0,0,D{row}/B{row})", change),
    ]
