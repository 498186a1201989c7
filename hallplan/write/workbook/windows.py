"""Sheets of the windows: the plan with its live check, the list, openings by half-hour, how busy they are, today against it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hallplan.model.plan import Plan
from hallplan.model.windows import WindowPlan, WindowType
from hallplan.terms import text
from hallplan.units import MINUTES_PER_HOUR, clock
from hallplan.write.workbook.book import A3, AMBER, GREEN, RED, Book, Cell, Column, Formula, Sheet, Table


def t(name: str, /, **values: object) -> str:
    """Returns a text of this workbook."""
    return text(f"workbook.{name}", **values)


def slot_hours(plan: WindowPlan) -> float:
    """Returns the length of a slot in hours."""
    steps = [b - a for a, b in zip(plan.half_hours, plan.half_hours[1:], strict=False)]
    return min(steps, default=30) / MINUTES_PER_HOUR


def hours_text(hours: Sequence[tuple[int, int]]) -> str:
    """Returns opening hours as 09:00–12:00、13:00–17:00."""
    return t("comma").join(f"{clock(start)}–{clock(end)}" for start, end in hours)


@dataclass(frozen=True, slots=True)
class Check:
    """Erlang C of one type at its busiest half-hour, with Allen and Cunneen's factor for the spread of service times."""

    arrivals: float
    minutes: float
    cv: float
    windows: int
    target_min: float

    @property
    def load(self) -> float:
        """Offered load in windows."""
        return self.arrivals * self.minutes / MINUTES_PER_HOUR

    @property
    def delay(self) -> float:
        """Probability of waiting."""
        if self.load >= self.windows:
            return 1.0
        at = (
            math.exp(-self.load + self.windows * math.log(self.load) - math.lgamma(self.windows + 1))
            if self.load
            else 0.0
        )
        below = (
            math.fsum(math.exp(-self.load + k * math.log(self.load) - math.lgamma(k + 1)) for k in range(self.windows))
            if self.load
            else 1.0
        )
        tail = at * self.windows / (self.windows - self.load)
        return tail / (below + tail)

    @property
    def mean_wait(self) -> float | str:
        """Mean wait in minutes, the sign of overload when the load is too high for ever."""
        if self.load >= self.windows:
            return t("overload")
        return self.delay * self.minutes / (self.windows - self.load) * (1 + self.cv**2) / 2

    @property
    def within(self) -> float:
        """Share served within the target."""
        if self.load >= self.windows:
            return 0.0
        spread = (1 + self.cv**2) / 2
        return 1 - self.delay * math.exp(-(self.windows - self.load) * self.target_min / (self.minutes * spread))


def add_windows(sheet: Sheet, plan: Plan) -> Table:
    """Writes 窗口设置方案: counts of the time-dependent model beside a static check that follows the yellow cells."""
    windows = plan.windows
    columns = [
        Column(t("c_type"), 20), Column(t("c_zone_type"), 14), Column(t("c_peak"), 10, "one"), Column(t("c_minutes"), 9, "one"),
        Column(t("c_cv"), 8, "two"), Column(t("c_load"), 9, "two"), Column(t("c_windows"), 10, "int"), Column(t("c_low"), 8, "int"),
        Column(t("c_reviewers"), 9, "int"), Column(t("c_model_wait"), 10, "one"), Column(t("c_model_share"), 10, "share"),
        Column(t("c_p99"), 9, "one"), Column(t("c_use"), 9, "share"), Column(t("c_simulated"), 16),
        Column(t("c_check_windows"), 10, "int"), Column(t("c_delay"), 10, "share"), Column(t("c_check_wait"), 10, "one"),
        Column(t("c_check_share"), 10, "share"), Column(t("c_verdict"), 22, "wrap"),
    ]  # fmt: skip
    sheet.open(n_columns=len(columns), paper=A3)
    share, minutes = _targets(sheet, windows)
    head = sheet.row + 1
    rows = [_window_row(kind, windows, head + n, share, minutes) for n, kind in enumerate(windows.types)]
    looks = {(n, 14): AMBER for n in range(len(rows))}
    table = sheet.table(columns, rows, sums=(5, 6, 7, 8), has_filter=True, is_main=True, looks=looks)
    verdict = table.column(18, is_outside=False).replace("$", "")
    for word, colour in (("verdict_ok", GREEN), ("verdict_look", AMBER), ("verdict_edited", RED)):
        sheet.work.conditional_format(
            verdict,
            {"type": "text", "criteria": "begins with", "value": t(word), "format": sheet.book.format(bg_color=colour)},
        )
    sheet.lines(
        [t("windows_how"), t("windows_model"), *(f"{kind.name}：{kind.basis}" for kind in windows.types if kind.basis)],
        width=len(columns),
    )
    return table


def _targets(sheet: Sheet, windows: WindowPlan) -> tuple[str, str]:
    """The service target in two cells that every check refers to."""
    edit = sheet.cell_format("share", bg_color=AMBER, bold=True)
    sheet.work.write_string(sheet.row, 0, t("target_share"))
    sheet.work.write_number(sheet.row, 2, windows.target_share, edit)
    sheet.work.write_string(sheet.row, 4, t("target_minutes"))
    sheet.work.write_number(sheet.row, 8, windows.target_wait_min, sheet.cell_format("one", bg_color=AMBER, bold=True))
    row = sheet.row + 1
    sheet.row += 2
    return f"$C${row}", f"$I${row}"


def _window_row(kind: WindowType, plan: WindowPlan, row: int, share: str, minutes: str) -> list[Cell]:
    n = row + 1
    peak = max(kind.arrivals, default=0.0)
    check = Check(round(peak, 2), round(kind.minutes, 2), round(kind.cv, 3), kind.windows, plan.target_wait_min)
    load, count = f"$F{n}", f"$O{n}"
    tail = f"_xlfn.POISSON.DIST({count},{load},FALSE)*{count}/({count}-{load})"
    delay = f"IF({load}>={count},1,{tail}/(_xlfn.POISSON.DIST({count}-1,{load},TRUE)+{tail}))"
    spread = f"(1+$E{n}^2)/2"
    wait = f'IF({load}>={count},"{t("overload")}",$P{n}*$D{n}/({count}-{load})*{spread})'
    within = f"IF({load}>={count},0,1-$P{n}*EXP(-({count}-{load})*{minutes}/($D{n}*{spread})))"
    words = [t("verdict_edited"), t("verdict_ok"), t("verdict_look")]
    verdict = f'IF({count}<>$G{n},"{words[0]}",IF($R{n}>={share},"{words[1]}","{words[2]}"))'
    simulated = kind.simulated.mean_wait_min
    return [
        kind.name, text_of_zone(kind.zone), check.arrivals, check.minutes, check.cv,
        Formula(f"C{n}*D{n}/60", check.load), kind.windows, kind.low_units, kind.reviewers, round(kind.mean_wait_min, 2),
        round(kind.share_within_target, 4), round(kind.p99_wait_min, 2), round(kind.utilisation, 4),
        f"{simulated.value:.1f}（{simulated.ci95[0]:.1f}–{simulated.ci95[1]:.1f}）",
        kind.windows, Formula(delay, check.delay), Formula(wait, check.mean_wait), Formula(within, check.within),
        Formula(verdict, words[1] if check.within >= plan.target_share else words[2]),
    ]  # fmt: skip


def text_of_zone(zone: str) -> str:
    """Returns the name of a zone type, the id itself when it is unknown."""
    from hallplan.model.catalogue import zone_types

    kind = zone_types().get(zone)
    return kind.name if kind else zone


def add_window_list(sheet: Sheet, plan: Plan) -> Table:
    """Writes 窗口一览表: each window with its number."""
    kinds = {kind.id: kind for kind in plan.windows.types}
    zones = {window: zone.name for zone in plan.programme.zones for window in zone.windows}
    columns = [
        Column(t("c_window"), 9), Column(t("c_name"), 22), Column(t("c_type"), 20), Column(t("c_zone"), 26), Column(t("c_department"), 22, "wrap"),
        Column(t("c_items"), 10, "int"), Column(t("c_visitors"), 11, "one"), Column(t("c_minutes"), 10, "one"),
        Column(t("c_busy_hours"), 11, "one"), Column(t("c_open_hours"), 11, "one"), Column(t("c_use"), 10, "share"),
        Column(t("c_hours"), 26), Column(t("c_low_unit"), 9, "flag"),
    ]  # fmt: skip
    sheet.open(n_columns=len(columns))
    rows: list[list[Cell]] = []
    for window in plan.windows.windows:
        n, minutes = sheet.row + 2 + len(rows), round(kinds[window.type].minutes, 2)
        hours = sum(end - start for start, end in window.hours) / MINUTES_PER_HOUR
        busy = round(window.visitors_per_day, 2) * minutes / MINUTES_PER_HOUR
        rows.append(
            [
                window.id, window.name, kinds[window.type].name, zones.get(window.id, ""), window.department, window.items,
                round(window.visitors_per_day, 2), minutes, Formula(f"G{n}*H{n}/60", busy), hours,
                Formula(f"IF(J{n}=0,0,I{n}/J{n})", busy / hours if hours else 0.0), hours_text(window.hours),
                t("yes") if window.is_low else "",
            ]
        )  # fmt: skip
    table = sheet.table(columns, rows, sums=(6, 8, 9), has_filter=True, is_main=True)
    if rows:
        sheet.work.conditional_format(
            table.column(10, is_outside=False).replace("$", ""),
            {
                "type": "data_bar",
                "bar_color": "#9DC3E6",
                "bar_solid": True,
                "min_type": "num",
                "max_type": "num",
                "min_value": 0,
                "max_value": 1,
            },
        )
    return table


def add_openings(sheet: Sheet, plan: Plan) -> tuple[Table, Table]:
    """Writes 分时段窗口开放计划: windows open in each half-hour, people who come, and a chart of both."""
    windows, hours = plan.windows, slot_hours(plan.windows)
    slots = len(windows.half_hours)
    times = [Column(clock(start), 6.2, "int") for start in windows.half_hours]
    columns = [
        Column(t("c_type"), 22),
        Column(t("c_windows"), 8, "int"),
        *times,
        Column(t("c_window_hours"), 10, "one"),
    ]
    sheet.open(n_columns=len(columns), paper=A3)
    sheet.heading(t("openings_open"))
    rows: list[list[Cell]] = []
    for kind in windows.types:
        n = sheet.row + 2 + len(rows)
        last = _letters(1 + slots)
        rows.append(
            [kind.name, kind.windows, *kind.open, Formula(f"SUM(C{n}:{last}{n})*{hours:g}", sum(kind.open) * hours)]
        )
    opened = sheet.table(columns, rows, sums=range(1, 3 + slots), is_main=True)
    _heat(sheet, opened, slots, "#FFFFFF", "#5B9BD5")
    sheet.heading(t("openings_arrivals"))
    columns = [
        Column(t("c_type"), 22),
        Column(t("c_day"), 8, "int"),
        *(Column(c.title, c.width, "one") for c in times),
        Column(t("c_peak"), 10, "one"),
    ]
    rows = []
    for kind in windows.types:
        n = sheet.row + 2 + len(rows)
        last, arrivals = _letters(1 + slots), [round(value, 2) for value in kind.arrivals]
        rows.append(
            [
                kind.name,
                Formula(f"SUM(C{n}:{last}{n})*{hours:g}", sum(arrivals) * hours),
                *arrivals,
                Formula(f"MAX(C{n}:{last}{n})", max(arrivals, default=0.0)),
            ]
        )
    come = sheet.table(columns, rows, sums=range(1, 2 + slots))
    _heat(sheet, come, slots, "#FFFFFF", "#F4B183")
    _openings_chart(sheet, opened, come, slots)
    return opened, come


def _letters(column: int) -> str:
    from hallplan.write.workbook.book import column_name

    return column_name(column)


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


def _busy_row(kind: WindowType, r: int, n: int, opened: Table, come: Table, slots: int) -> list[Cell]:
    minutes, last = round(kind.minutes, 2), _letters(1 + slots)
    busy: list[Cell] = []
    values = []
    for slot in range(slots):
        value = round(kind.arrivals[slot], 2) * minutes / MINUTES_PER_HOUR / kind.open[slot] if kind.open[slot] else 0.0
        values.append(value)
        open_at, come_at = opened.cell(r, 2 + slot), come.cell(r, 2 + slot)
        busy.append(Formula(f"IF({open_at}=0,0,{come_at}*$B{n}/60/{open_at})", value))
    mean, spread = sum(values) / max(slots, 1), max(values, default=0.0) - min(values, default=0.0)
    advice = t("advice_busy") if max(values, default=0) > 1 else t("advice_idle") if mean < 0.4 else t("advice_even")
    formula = f'IF(MAX(C{n}:{last}{n})>1,"{t("advice_busy")}",IF({_letters(2 + slots)}{n}<0.4,"{t("advice_idle")}","{t("advice_even")}"))'
    return [
        kind.name, minutes, *busy, Formula(f"AVERAGE(C{n}:{last}{n})", mean),
        Formula(f"MAX(C{n}:{last}{n})-MIN(C{n}:{last}{n})", spread), Formula(formula, advice),
    ]  # fmt: skip


def add_changes(sheet: Sheet, plan: Plan) -> None:
    """Writes 整合前后对比: what becomes of each of today's windows, and what that saves."""
    changes = {change.existing: change for change in plan.windows.changes}
    columns = [
        Column(t("c_existing"), 11), Column(t("c_type"), 18), Column(t("c_department"), 22, "wrap"), Column(t("c_items"), 9, "int"),
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
    summary: list[list[Cell]] = [
        [
            t("changes_windows"),
            Formula(f"COUNTA({names})", n_before),
            n_after,
            Formula(f"C{r}-B{r}", n_after - n_before),
            _share(r, n_before, n_after),
        ],
    ]
    open_hours = sum(value_of_hours(row[4]) for row in rows)
    after_hours = round(plan.windows.window_hours, 2)
    summary.append(
        [
            t("changes_hours"),
            Formula(f"SUM({table.column(4, is_outside=False)})", open_hours),
            after_hours,
            Formula(f"C{r + 1}-B{r + 1}", after_hours - open_hours),
            _share(r + 1, open_hours, after_hours),
        ]
    )
    looks = [
        Column(t("c_what"), 11),
        Column(t("c_before"), 12, "one"),
        Column(t("c_after"), 12, "one"),
        Column(t("c_difference"), 12, "one"),
        Column(t("c_change"), 10, "share"),
    ]
    sheet.table(looks, summary)
    fates = sorted({str(row[6]) for row in rows if row[6]})
    if fates:
        column = table.column(6, is_outside=False)
        r = sheet.row + 2
        counted: list[list[Cell]] = [
            [fate, Formula(f"COUNTIF({column},A{r + n})", sum(row[6] == fate for row in rows))]
            for n, fate in enumerate(fates)
        ]
        sheet.table([Column(t("c_fate"), 11), Column(t("c_count"), 12, "int")], counted, sums=(1,))


def value_of_hours(cell: Cell) -> float:
    """Returns a number, 0 for an empty cell."""
    return float(cell) if isinstance(cell, int | float) else 0.0


def _share(row: int, before: float, after: float) -> Formula:
    return Formula(f"IF(B{row}=0,0,D{row}/B{row})", (after - before) / before if before else 0.0)


__all__ = ["Book", "add_busy", "add_changes", "add_openings", "add_window_list", "add_windows", "t"]
