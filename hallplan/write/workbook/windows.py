"""The window plan with its live check, and the list of windows."""

from __future__ import annotations

from hallplan.model.catalogue import zone_types
from hallplan.model.plan import Plan
from hallplan.model.windows import WindowPlan, WindowType
from hallplan.units import MINUTES_PER_HOUR
from hallplan.write.workbook.book import A3, AMBER, GREEN, RED, Cell, Column, Formula, Sheet, Table
from hallplan.write.workbook.demand import work_by_type
from hallplan.write.workbook.erlang import Check
from hallplan.write.workbook.words import hours_text, t

STALE_SHARE = 0.005
"""Change of a type's work that the plan bears without a new run."""


def add_windows(sheet: Sheet, plan: Plan, items: Table) -> Table:
    """Writes 窗口设置方案: counts of the time-dependent model beside a static check that follows the yellow cells.

    items: 事项归窗表; a volume or time changed there makes the type ask for a new run.
    """
    windows = plan.windows
    columns = [
        Column(t("c_type"), 24), Column(t("c_zone_type"), 24), Column(t("c_peak"), 10, "one"), Column(t("c_minutes"), 9, "one"),
        Column(t("c_cv"), 8, "two"), Column(t("c_load"), 9, "two"), Column(t("c_windows"), 10, "int"), Column(t("c_low"), 8, "int"),
        Column(t("c_reviewers"), 9, "int"), Column(t("c_model_wait"), 10, "one"), Column(t("c_model_share"), 10, "share"),
        Column(t("c_p99"), 9, "one"), Column(t("c_use"), 9, "share"), Column(t("c_simulated"), 16),
        Column(t("c_check_windows"), 10, "int"), Column(t("c_delay"), 10, "share"), Column(t("c_check_wait"), 10, "one"),
        Column(t("c_check_share"), 10, "share"), Column(t("c_verdict"), 22, "wrap"), Column(t("c_demand_check"), 16, "flag"),
    ]  # fmt: skip
    sheet.open(n_columns=len(columns), paper=A3)
    share, minutes = _targets(sheet, windows)
    head = sheet.row + 1
    rows = [_window_row(kind, windows, head + n, share, minutes) for n, kind in enumerate(windows.types)]
    work = work_by_type(plan)
    for n, (row, kind) in enumerate(zip(rows, windows.types, strict=True), head):
        row.append(_demand_check(items, n + 1, round(work[kind.name], 6)))
    looks = {(n, 14): AMBER for n in range(len(rows))}
    table = sheet.table(columns, rows, sums=(5, 6, 7, 8), has_filter=True, is_main=True, looks=looks)
    verdict = table.column(18, is_outside=False).replace("$", "")
    for word, colour in (("verdict_ok", GREEN), ("verdict_look", AMBER), ("verdict_edited", RED)):
        sheet.work.conditional_format(
            verdict,
            {"type": "text", "criteria": "begins with", "value": t(word), "format": sheet.book.format(bg_color=colour)},
        )
    stale = {"type": "text", "criteria": "begins with", "value": t("rerun"), "format": sheet.book.format(bg_color=RED)}
    sheet.work.conditional_format(table.column(19, is_outside=False).replace("$", ""), stale)
    _load_chart(sheet, table, len(rows))
    sheet.lines(
        [t("windows_how"), t("windows_model"), *(f"{kind.name}：{kind.basis}" for kind in windows.types if kind.basis)],
        width=len(columns),
    )
    return table


def _demand_check(items: Table, row: int, work: float) -> Formula:
    """Whether the items' visitors and minutes are still those that the plan was made from."""
    kinds, visitors, minutes = (items.column(n) for n in (13, 11, 12))
    now = f"SUMPRODUCT(({kinds}=$A{row})*{visitors}*(1+{minutes}))"
    words = f'"{t("rerun")}","{t("demand_same")}"'
    return Formula(f"IF(ABS({now}-{work:g})>{STALE_SHARE:g}*MAX(1,{work:g}),{words})", t("demand_same"))


def _load_chart(sheet: Sheet, table: Table, n_rows: int) -> None:
    """Windows planned beside the load of the busiest half-hour."""
    if not n_rows:
        return
    chart = sheet.book.chart("column")
    for column, name, colour in ((6, t("c_windows"), "#5B9BD5"), (5, t("c_load"), "#F4B183")):
        chart.add_series(
            {
                "name": name,
                "categories": table.chart(0),
                "values": table.chart(column),
                "fill": {"color": colour},
                "gap": 60,
                "overlap": -5,
            }
        )
    chart.set_title({"name": t("load_chart"), "name_font": {"size": 12}})
    chart.set_y_axis({"name": t("windows_unit"), "major_gridlines": {"visible": True, "line": {"color": "#E3E8EE"}}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 1000, "height": 300})
    sheet.work.insert_chart(sheet.row, 0, chart, {"x_offset": 4, "y_offset": 4})
    sheet.row += 16


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
    within = f"IF({load}>={count},0,IF({load}=0,1,1-$P{n}*EXP(-({count}-{load})*{minutes}/($D{n}*{spread}))))"
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
        Column(t("c_hours"), 26), Column(t("c_low_unit"), 9, "flag"), Column(t("c_post_a"), 22), Column(t("c_post_b"), 22),
        Column(t("c_equipment"), 40, "wrap"),
    ]  # fmt: skip
    sheet.open(n_columns=len(columns))
    rows: list[list[Cell]] = []
    posts = _posts(plan)
    for window in plan.windows.windows:
        n, minutes = sheet.row + 2 + len(rows), round(kinds[window.type].minutes, 2)
        hours = sum(end - start for start, end in window.hours) / MINUTES_PER_HOUR
        busy = round(window.visitors_per_day, 2) * minutes / MINUTES_PER_HOUR
        rows.append(
            [
                window.id, window.name, kinds[window.type].name, zones.get(window.id, ""), window.department, window.items,
                round(window.visitors_per_day, 2), minutes, Formula(f"G{n}*H{n}/60", busy), hours,
                Formula(f"IF(J{n}=0,0,I{n}/J{n})", busy / hours if hours else 0.0), hours_text(window.hours),
                t("yes") if window.is_low else "", *posts.get(window.id, ("", "")), t("equipment_window"),
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


def _posts(plan: Plan) -> dict[str, tuple[str, str]]:
    """A岗 and B岗 of each window: people of its staff group in the roster's order; who steps in is a B岗, else the next A岗."""
    staff = plan.windows.staffing
    if staff is None:
        return {}
    found: dict[str, tuple[str, str]] = {}
    for group in staff.groups:
        people = [person for person in staff.roster.people if person.groups[0] == group.id]
        names = [person.post if person.is_post else person.id for person in people]
        windows = [window.id for window in plan.windows.windows if window.type in group.types]
        spare = names[len(windows) :] or names
        for n, id in enumerate(windows):
            first = names[n] if n < len(names) else ""
            other = spare[(n + (spare is names)) % len(spare)] if spare else ""
            found[id] = first, "" if other == first else other
    return found
