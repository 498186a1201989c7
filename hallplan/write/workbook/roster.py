"""The month's roster, and on a sheet of its own the duties of a day as a coloured grid with groups and stand-by."""

from __future__ import annotations

import datetime as dt

from hallplan.model.plan import Plan
from hallplan.model.staff import DayKind, Duty, StaffPlan
from hallplan.units import clock
from hallplan.write.workbook.book import A3, Cell, Column, Formula, Sheet, Table, column_name
from hallplan.write.workbook.words import t

MOST_SHORTFALLS = 60
PALETTE = (
    "#9DC3E6", "#F8CBAD", "#A9D18E", "#FFD966", "#C5B3E6", "#F4B183", "#8FD3D1", "#E6A8C4", "#D0CECE", "#BDD7EE",
)  # fmt: skip
FIRST_DAY = 3
"""Column of the first day in the grid of the month."""


def add_duties(sheet: Sheet, plan: Plan) -> Table:
    """Writes 当日班次: each duty in half-hours, groups with their bound, stand-by; returns where the duties lie."""
    staff = _staff(plan)
    sheet.open(n_columns=6 + len(plan.windows.half_hours), paper=A3)
    table = _duties(sheet, plan, staff, _codes(staff))
    _groups(sheet, plan, staff)
    _stand_by(sheet, plan, staff)
    sheet.work.repeat_rows(0, 1)
    return table


def add_roster(sheet: Sheet, plan: Plan, duties: Table) -> None:
    """Writes 排班: who does what on which day, with live days, hours and cover, and what nobody can take."""
    staff = _staff(plan)
    codes = _codes(staff)
    sheet.open(n_columns=FIRST_DAY + len(staff.roster.dates) + 2, paper=A3)
    grid = _month(sheet, staff, codes, duties)
    _cover(sheet, staff, grid)
    _shortfalls(sheet, staff, codes)
    sheet.lines([t("roster_how")], width=FIRST_DAY + 20)


def _staff(plan: Plan) -> StaffPlan:
    if plan.windows.staffing is None:
        raise ValueError("the plan has no staff")
    return plan.windows.staffing


def _codes(staff: StaffPlan) -> dict[str, str]:
    return {duty.id: f"D{n:02d}" for n, duty in enumerate(staff.duties, 1)}


def _month(sheet: Sheet, staff: StaffPlan, codes: dict[str, str], duties: Table) -> Table:
    """People by days; the hours look up each duty's hours on the sheet of duties, so that a changed cell counts."""
    roster = staff.roster
    days = [Column(_day_title(date), 5, "flag") for date in roster.dates]
    names = {group.id: group.name for group in staff.groups}
    columns = [
        Column(t("c_staff_number"), 16), Column(t("c_post"), 22), Column(t("c_staff_group"), 18), *days,
        Column(t("c_duty_days"), 7, "int"), Column(t("c_staff_hours"), 8, "one"),
    ]  # fmt: skip
    last = column_name(FIRST_DAY + len(days) - 1)
    known, hours = duties.column(0), duties.column(5)
    rows: list[list[Cell]] = []
    for n, person in enumerate(roster.people, sheet.row + 2):
        cells = [codes[duty] if duty else _mark(kind) for kind, duty in zip(person.days, person.duties, strict=True)]
        run = f"{column_name(FIRST_DAY)}{n}:{last}{n}"
        came = sum(bool(duty) for duty in person.duties)
        rows.append(
            [
                person.id, person.post, names.get(person.groups[0], person.groups[0]), *cells,
                Formula(f'COUNTIF({run},"D*")', came), Formula(f"SUMPRODUCT(COUNTIF({run},{known}),{hours})", person.hours),
            ]
        )  # fmt: skip
    table = sheet.table(columns, rows, is_main=True)
    _colours(sheet, table, len(days))
    return table


def _day_title(date: str) -> str:
    day = dt.date.fromisoformat(date)
    return f"{day.day}\n{t(f'weekday_{day.isoweekday()}')}"


def _mark(kind: DayKind) -> str:
    return t(f"mark_{kind}")


def _colours(sheet: Sheet, table: Table, n_days: int) -> None:
    """Duties blue, stand-by green, leave amber, rest pale; a cell typed anew takes its colour too."""
    looks = (
        ("D", "#CFE2F3"),
        (t("mark_stand_by"), "#D9EAD3"),
        (t("mark_leave"), "#FFE599"),
        (t("mark_rest"), "#F3F3F3"),
    )
    for word, colour in looks:
        sheet.work.conditional_format(
            table.first, FIRST_DAY, table.last, FIRST_DAY + n_days - 1,
            {"type": "text", "criteria": "begins with", "value": word, "format": sheet.book.format(bg_color=colour)},
        )  # fmt: skip


def _cover(sheet: Sheet, staff: StaffPlan, grid: Table) -> None:
    """People on duty and wanted on each day, live; a day that lacks somebody turns red."""
    sheet.row = grid.last + 1
    days, n_duties = staff.roster.dates, len(staff.duties)
    look = {"bold": True, "bg_color": "#E6EDF5"}
    for offset, key in enumerate(("roster_on_duty", "roster_wanted", "roster_missing")):
        row = sheet.row + offset
        sheet.write(row, 0, t(key), sheet.cell_format("text", **look))
        for column in (1, 2):
            sheet.write(row, column, None, sheet.cell_format("text", **look))
        for d, is_open in enumerate(staff.roster.is_open):
            at = column_name(FIRST_DAY + d)
            came = sum(bool(person.duties[d]) for person in staff.roster.people)
            wanted = n_duties if is_open else 0
            cells: list[Cell] = [
                Formula(f'COUNTIF({at}{grid.first + 1}:{at}{grid.last + 1},"D*")', came),
                wanted,
                Formula(f"{at}{sheet.row + 2}-{at}{sheet.row + 1}", wanted - came),
            ]
            sheet.write(row, FIRST_DAY + d, cells[offset], sheet.cell_format("int", **look, font_size=8))
    red = sheet.book.format(bg_color="#F4B6B0")
    line = sheet.row + 2
    sheet.work.conditional_format(
        line, FIRST_DAY, line, FIRST_DAY + len(days) - 1, {"type": "cell", "criteria": ">", "value": 0, "format": red}
    )
    sheet.row += 4


def _duties(sheet: Sheet, plan: Plan, staff: StaffPlan, codes: dict[str, str]) -> Table:
    """Each duty of a day in half-hours: the window type in its colour, 机动 where nobody is needed."""
    starts = plan.windows.half_hours
    kinds = {kind.id: (kind.name, PALETTE[n % len(PALETTE)]) for n, kind in enumerate(plan.windows.types)}
    names = {shift.id: shift.name for shift in staff.shifts}
    groups = {group.id: group.name for group in staff.groups}
    columns = [
        Column(t("c_duty"), 18), Column(t("c_shift"), 44), Column(t("c_staff_group"), 26, "wrap"), Column(t("c_from"), 7, "flag"),
        Column(t("c_to"), 7, "flag"), Column(t("c_staff_hours"), 8, "one"), *(Column(clock(start), 5, "flag") for start in starts),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    looks: dict[tuple[int, int], str] = {}
    for n, duty in enumerate(staff.duties):
        shifts = t("comma").join(names[shift] for shift in duty.shifts)
        at = [_type_at(duty, start) for start in starts]
        looks |= {(n, 6 + k): kinds[kind][1] if kind else "#FFF8E1" for k, kind in enumerate(at) if kind is not None}
        shown = ["" if kind is None else _short(kinds[kind][0]) if kind else t("flexible") for kind in at]
        rows.append(
            [codes[duty.id], shifts, groups[duty.group], clock(duty.start), clock(duty.end), duty.hours, *shown]
        )
    return sheet.table(columns, rows, sums=(5,), looks=looks, is_main=True)


def _short(name: str) -> str:
    """The first letters of a type's name, without the quotation marks that 办不成事 has."""
    return name.strip('“”"')[:2]


def _type_at(duty: Duty, start: int) -> str | None:
    return next((piece.type for piece in duty.pieces if piece.start <= start < piece.end), None)


def _groups(sheet: Sheet, plan: Plan, staff: StaffPlan) -> None:
    sheet.heading(t("roster_groups"))
    names = {kind.id: kind.name for kind in plan.windows.types}
    columns = [
        Column(t("c_staff_group"), 18, "wrap"), Column(t("c_types"), 34, "wrap"), Column(t("c_on_duty"), 10, "int"),
        Column(t("c_staff_hours"), 8, "one"), Column(t("c_bound"), 8, "one"), Column(t("c_gap"), 8, "share"),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for n, group in enumerate(staff.groups, sheet.row + 2):
        gap = group.hours / group.hours_bound - 1 if group.hours_bound else 0.0
        bound = round(group.hours_bound, 4)
        rows.append(
            [
                group.name, t("comma").join(names[id] for id in group.types), group.people, group.hours, bound,
                Formula(f"IF(E{n}=0,0,D{n}/E{n}-1)", gap),
            ]
        )  # fmt: skip
    sheet.table(columns, rows, sums=(2, 3, 4))


def _stand_by(sheet: Sheet, plan: Plan, staff: StaffPlan) -> None:
    sheet.heading(t("roster_stand_by"))
    names = {kind.id: kind.name for kind in plan.windows.types}
    columns = [
        Column(t("c_type"), 18, "wrap"), Column(t("c_first"), 44, "wrap"), Column(t("c_then"), 26, "wrap"), Column(t("c_absent"), 7, "int"),
        Column(t("c_share_left"), 7, "share"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [names[row.type], row.first, row.then, row.absent, round(row.share, 4)] for row in staff.stand_by
    ]
    sheet.table(columns, rows)


def _shortfalls(sheet: Sheet, staff: StaffPlan, codes: dict[str, str]) -> None:
    found = staff.roster.shortfalls
    if not found:
        return
    sheet.heading(t("roster_short"))
    columns = [Column(t("c_date"), 16), Column(t("c_reason"), 22, "wrap"), Column(t("c_duty"), 18)]
    sheet.table(columns, [[row.date, row.reason, codes[row.duty]] for row in found[:MOST_SHORTFALLS]])
    if len(found) > MOST_SHORTFALLS:
        sheet.lines([t("roster_more", count=len(found) - MOST_SHORTFALLS)], width=FIRST_DAY)
