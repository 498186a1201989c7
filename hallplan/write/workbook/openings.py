"""Windows open by half-hour, and how busy they are."""

from __future__ import annotations

from hallplan.model.plan import Plan
from hallplan.model.windows import WindowType
from hallplan.units import MINUTES_PER_HOUR, clock
from hallplan.write.workbook.balance import add_balance
from hallplan.write.workbook.book import A3, Cell, Column, Formula, Sheet, Table, column_name
from hallplan.write.workbook.words import slot_hours, t

OPEN = "●"
"""Marks a half-hour in which a window is open."""


def add_openings(sheet: Sheet, plan: Plan) -> tuple[Table, Table]:
    """Writes 分时段窗口开放计划: windows open in each half-hour, people who come, and a chart of both."""
    slots = len(plan.windows.half_hours)
    sheet.open(n_columns=3 + slots, paper=A3)
    sheet.heading(t("openings_open"))
    opened = _opened(sheet, plan)
    _heat(sheet, opened, slots, "#FFFFFF", "#5B9BD5")
    sheet.heading(t("openings_arrivals"))
    come = _coming(sheet, plan)
    _heat(sheet, come, slots, "#FFFFFF", "#F4B183")
    _openings_chart(sheet, opened, come, slots)
    sheet.heading(t("openings_grid"))
    _grid(sheet, plan, opened)
    sheet.work.repeat_rows(0, 1)
    return opened, come


def _opened(sheet: Sheet, plan: Plan) -> Table:
    hours, slots = slot_hours(plan.windows), len(plan.windows.half_hours)
    times = [Column(clock(start), 6.2, "int") for start in plan.windows.half_hours]
    last = column_name(1 + slots)
    rows: list[list[Cell]] = []
    for n, kind in enumerate(plan.windows.types, sheet.row + 2):
        total = Formula(f"SUM(C{n}:{last}{n})*{hours:g}", sum(kind.open) * hours)
        rows.append([kind.name, kind.windows, *kind.open, total])
    columns = [
        Column(t("c_type"), 22),
        Column(t("c_windows"), 8, "int"),
        *times,
        Column(t("c_window_hours"), 10, "one"),
    ]
    return sheet.table(columns, rows, sums=range(1, 3 + slots), is_main=True)


def _coming(sheet: Sheet, plan: Plan) -> Table:
    hours, slots = slot_hours(plan.windows), len(plan.windows.half_hours)
    times = [Column(clock(start), 6.2, "one") for start in plan.windows.half_hours]
    last = column_name(1 + slots)
    rows: list[list[Cell]] = []
    for n, kind in enumerate(plan.windows.types, sheet.row + 2):
        arrivals = [round(value, 2) for value in kind.arrivals]
        day = Formula(f"SUM(C{n}:{last}{n})*{hours:g}", sum(arrivals) * hours)
        rows.append([kind.name, day, *arrivals, Formula(f"MAX(C{n}:{last}{n})", max(arrivals, default=0.0))])
    columns = [Column(t("c_type"), 22), Column(t("c_day"), 8, "int"), *times, Column(t("c_peak"), 10, "one")]
    return sheet.table(columns, rows, sums=range(1, 2 + slots))


def _grid(sheet: Sheet, plan: Plan, opened: Table) -> None:
    """Each window by half-hours, open ones marked and coloured; below, how many that makes against the plan above."""
    starts, hours = plan.windows.half_hours, slot_hours(plan.windows)
    times = [Column(clock(start), 6.2, "flag") for start in starts]
    last = column_name(1 + len(starts))
    rows: list[list[Cell]] = []
    for n, window in enumerate(plan.windows.windows, sheet.row + 2):
        on = [any(a <= start < b for a, b in window.hours) for start in starts]
        total = Formula(f'COUNTIF(C{n}:{last}{n},"{OPEN}")*{hours:g}', sum(on) * hours)
        rows.append(
            [
                f"{window.id} {window.name}",
                t("yes") if window.is_low else "",
                *(OPEN if flag else "" for flag in on),
                total,
            ]
        )
    columns = [Column(t("c_window"), 22), Column(t("c_low"), 8, "flag"), *times, Column(t("c_window_hours"), 10, "one")]
    table = sheet.table(columns, rows, sums=(2 + len(starts),))
    blue = sheet.book.format(bg_color="#9DC3E6", font_color="#1F4E79")
    look = {"type": "cell", "criteria": "==", "value": f'"{OPEN}"', "format": blue}
    sheet.work.conditional_format(table.first, 2, table.last, 1 + len(starts), look)
    if table.total is None or opened.total is None:
        return
    bold = sheet.cell_format("int", bold=True, bg_color="#E6EDF5")
    for k in range(len(starts)):
        column = column_name(2 + k)
        marks = f'COUNTIF({column}{table.first + 1}:{column}{table.last + 1},"{OPEN}")'
        count = sum(any(a <= starts[k] < b for a, b in window.hours) for window in plan.windows.windows)
        sheet.write(table.total, 2 + k, Formula(marks, count), bold)


def _heat(sheet: Sheet, table: Table, slots: int, low: str, high: str) -> None:
    look = {"type": "2_color_scale", "min_color": low, "max_color": high}
    sheet.work.conditional_format(table.first, 2, table.last, 1 + slots, look)


def _openings_chart(sheet: Sheet, opened: Table, come: Table, slots: int) -> None:
    if opened.total is None or come.total is None:
        return
    heads = [sheet.name, opened.first - 1, 2, opened.first - 1, 1 + slots]
    chart, line = sheet.book.chart("column"), sheet.book.chart("line")
    chart.add_series(
        {
            "name": t("openings_open"),
            "categories": heads,
            "values": [sheet.name, opened.total, 2, opened.total, 1 + slots],
            "fill": {"color": "#5B9BD5"},
            "gap": 40,
        }
    )
    line.add_series(
        {
            "name": t("openings_arrivals"),
            "categories": heads,
            "values": [sheet.name, come.total, 2, come.total, 1 + slots],
            "y2_axis": True,
            "line": {"color": "#ED7D31", "width": 2.25},
            "marker": {"type": "circle", "size": 5, "fill": {"color": "#ED7D31"}, "border": {"color": "#ED7D31"}},
        }
    )
    chart.combine(line)
    chart.set_title({"name": t("openings_chart"), "name_font": {"size": 12}})
    chart.set_y_axis({"name": t("windows_unit"), "major_gridlines": {"visible": True, "line": {"color": "#E3E8EE"}}})
    line.set_y2_axis({"name": t("people_unit")})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 1000, "height": 320})
    sheet.work.insert_chart(sheet.row, 0, chart, {"x_offset": 4, "y_offset": 6})
    sheet.row += 18


def add_busy(sheet: Sheet, plan: Plan, opened: Table, come: Table) -> None:
    """Writes 忙闲分析: share of open windows busy in each half-hour, from the openings sheet."""
    windows = plan.windows
    slots = len(windows.half_hours)
    times = [Column(clock(start), 6.8, "share") for start in windows.half_hours]
    columns = [
        Column(t("c_type"), 22),
        Column(t("c_minutes"), 8, "one"),
        *times,
        Column(t("c_mean"), 9, "share"),
        Column(t("c_spread"), 9, "share"),
        Column(t("c_advice"), 22, "wrap"),
    ]
    sheet.open(n_columns=len(columns), paper=A3)
    rows = []
    for r, kind in enumerate(windows.types):
        rows.append(_busy_row(kind, r, sheet.row + 2 + r, opened, come, slots))
    table = sheet.table(columns, rows, is_main=True)
    if rows:
        look = {
            "type": "3_color_scale",
            "min_color": "#E2F0D9",
            "mid_color": "#FFF2CC",
            "max_color": "#F8CBAD",
            "min_type": "num",
            "mid_type": "num",
            "max_type": "num",
            "min_value": 0.3,
            "mid_value": 0.7,
            "max_value": 1.0,
        }
        sheet.work.conditional_format(table.first, 2, table.last, 1 + slots, look)
    sheet.lines([t("busy_how")], width=len(columns))
    if windows.balance:
        add_balance(sheet, windows.balance, windows, plan.demand.existing)
        sheet.work.repeat_rows(0, 1)


def _busy_row(kind: WindowType, r: int, n: int, opened: Table, come: Table, slots: int) -> list[Cell]:
    minutes, last = round(kind.minutes, 2), column_name(1 + slots)
    busy: list[Cell] = []
    values = []
    for slot in range(slots):
        value = round(kind.arrivals[slot], 2) * minutes / MINUTES_PER_HOUR / kind.open[slot] if kind.open[slot] else 0.0
        values.append(value)
        open_at, come_at = opened.cell(r, 2 + slot), come.cell(r, 2 + slot)
        busy.append(Formula(f"IF({open_at}=0,0,{come_at}*$B{n}/60/{open_at})", value))
    mean, spread = sum(values) / max(slots, 1), max(values, default=0.0) - min(values, default=0.0)
    advice = t("advice_busy") if max(values, default=0) > 1 else t("advice_idle") if mean < 0.4 else t("advice_even")
    formula = f'IF(MAX(C{n}:{last}{n})>1,"{t("advice_busy")}",IF({column_name(2 + slots)}{n}<0.4,"{t("advice_idle")}","{t("advice_even")}"))'
    return [
        kind.name, minutes, *busy, Formula(f"AVERAGE(C{n}:{last}{n})", mean),
        Formula(f"MAX(C{n}:{last}{n})-MIN(C{n}:{last}{n})", spread), Formula(formula, advice),
    ]  # fmt: skip
