"""How busy each window is, in the plan and today, with a chart, and what would even it out."""

from __future__ import annotations

from collections.abc import Sequence

from hallplan.model.demand import ExistingWindow
from hallplan.model.running import Balance, WindowLoad
from hallplan.model.windows import WindowPlan
from hallplan.units import MINUTES_PER_HOUR
from hallplan.write.workbook.book import Cell, Column, Formula, Sheet, Table
from hallplan.write.workbook.words import t


def add_balance(sheet: Sheet, balance: Balance, plan: WindowPlan, existing: Sequence[ExistingWindow]) -> None:
    """Writes utilisation by window with live mean and spread, today's windows beside them, and advice."""
    hours, hours_today = (
        {window.id: sum(b - a for a, b in window.hours) / MINUTES_PER_HOUR for window in windows}
        for windows in (plan.windows, existing)
    )
    names = {kind.id: kind.name for kind in plan.types}
    sheet.heading(t("busy_windows"))
    planned = _loads(sheet, balance.windows, names, hours)
    _figures(sheet, planned, balance.windows, hours)
    _chart(sheet, planned, t("busy_windows"))
    if balance.today:
        sheet.heading(t("busy_today"))
        today = _loads(sheet, balance.today, names, hours_today)
        _figures(sheet, today, balance.today, hours_today)
        _chart(sheet, today, t("busy_today"))
    sheet.heading(t("busy_advice"))
    sheet.lines([row.words for row in balance.advice] or [t("busy_no_advice")], width=12)


def _loads(sheet: Sheet, loads: Sequence[WindowLoad], names: dict[str, str], hours: dict[str, float]) -> Table:
    """Windows with people, open hours and the share of them that is busy; today's too."""
    columns = [
        Column(t("c_window"), 22), Column(t("c_open_hours"), 8, "one"), Column(t("c_use"), 6.8, "share"),
        Column(t("c_visitors"), 6.8, "one"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [f"{load.window} {names.get(load.type, load.type)}", hours[load.window], round(load.utilisation, 4), round(load.visitors, 2)]
        for load in loads
    ]  # fmt: skip
    table = sheet.table(columns, rows)
    sheet.work.conditional_format(
        table.column(2, is_outside=False).replace("$", ""),
        {"type": "data_bar", "bar_color": "#F4B183", "bar_solid": True, "min_type": "num", "max_type": "num", "min_value": 0, "max_value": 1},
    )  # fmt: skip
    return table


def _figures(sheet: Sheet, table: Table, loads: Sequence[WindowLoad], hours: dict[str, float]) -> None:
    """Mean and standard deviation by open hours, most and least, live."""
    use, open_hours = table.column(2, is_outside=False), table.column(1, is_outside=False)
    weights = [hours[load.window] for load in loads]
    values = [round(load.utilisation, 4) for load in loads]
    total = sum(weights) or 1.0
    mean = sum(v * w for v, w in zip(values, weights, strict=True)) / total
    square = sum(v * v * w for v, w in zip(values, weights, strict=True)) / total
    n = sheet.row + 2
    mean_formula = f"IF(SUM({open_hours})=0,0,SUMPRODUCT({use},{open_hours})/SUM({open_hours}))"
    spread = f"IF(SUM({open_hours})=0,0,SQRT(MAX(0,SUMPRODUCT({use},{use},{open_hours})/SUM({open_hours})-C{n}^2)))"
    figures: list[list[Cell]] = [
        [t("busy_mean"), None, Formula(mean_formula, mean)],
        [t("busy_spread"), None, Formula(spread, max(square - mean * mean, 0.0) ** 0.5)],
        [t("busy_most"), None, Formula(f"MAX({use})", max(values, default=0.0))],
        [t("busy_least"), None, Formula(f"MIN({use})", min(values, default=0.0))],
    ]
    sheet.table([Column(t("c_what"), 22), Column("", 8), Column(t("c_value"), 6.8, "share")], figures)


def _chart(sheet: Sheet, table: Table, title: str) -> None:
    chart = sheet.book.chart("column")
    chart.add_series(
        {"name": t("c_use"), "categories": table.chart(0), "values": table.chart(2), "fill": {"color": "#F4B183"}, "gap": 30}
    )  # fmt: skip
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_y_axis({"num_format": "0%", "min": 0, "major_gridlines": {"visible": True, "line": {"color": "#E3E8EE"}}})
    chart.set_legend({"none": True})
    chart.set_size({"width": 900, "height": 280})
    sheet.work.insert_chart(table.first - 1, 6, chart, {"x_offset": 8, "y_offset": 4})
