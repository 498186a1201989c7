"""The sheet 人员: who staffs the windows, by number, with skills, dates and leave."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from hallplan.model.staff import StaffMember
from hallplan.read.workbook.cells import BadCell, Cell, parse_share, plain
from hallplan.read.workbook.table import Table
from hallplan.terms import text

_DATE: Final = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")
_COMPACT: Final = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_SPLIT: Final = re.compile(r"[、,，;；\n]\s*")
_TO: Final = re.compile(r"\s*(?:至|到|~|—|–|～)\s*")
_SERIAL_DAYS: Final = (20000, 80000)
_EPOCH: Final = dt.date(1899, 12, 30)
MAX_LEAVE_DAYS: Final = 400


def read_staff(table: Table) -> tuple[StaffMember, ...]:
    """Returns the people of 人员; a number that stands twice and a date that is none are faults."""
    people: list[StaffMember] = []
    seen: dict[str, str] = {}
    for i in table.rows("id", "id"):
        number = table.text(i, "id")
        if not number:
            continue
        if number in seen:
            found = text("read_workbook.staff_twice", id=number, first=seen[number])
            table.report.fault(table.place(i, "id"), found, text("read_workbook.expect_unique"))
        seen.setdefault(number, table.address(i, "id"))
        people.append(_member(table, i, number))
    return tuple(people)


def _member(table: Table, i: int, number: str) -> StaffMember:
    since, until, trained = (table.read(i, name, parse_date) or "" for name in ("since", "until", "trained"))
    if since and until and until < since:
        found = text("read_workbook.dates_turned", since=since, until=until)
        table.report.fault(table.place(i, "until"), found, text("read_workbook.expect_later"))
    share = table.read(i, "share", parse_share)
    if share is not None and share <= 0:
        table.fault(i, "share", BadCell(text("read_workbook.expect_work_share")))
        share = None
    return StaffMember(
        id=number,
        post=table.text(i, "post"),
        nature=table.text(i, "nature"),
        department=table.text(i, "department"),
        types=tuple(part for part in _SPLIT.split(table.text(i, "types")) if part),
        role=_role(table.text(i, "role")),
        since=since,
        until=until,
        trained=trained,
        leave=table.read(i, "leave", parse_dates) or (),
        share=1.0 if share is None else share,
        source=table.place(i, "id"),
    )


def parse_date(cell: Cell) -> str:
    """Returns the ISO date of a cell: a date, an Excel day number, 2026-03-05, 2026年3月5日, 20260305; raises BadCell."""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, int | float) and not isinstance(cell, bool) and _SERIAL_DAYS[0] < cell < _SERIAL_DAYS[1]:
        return (_EPOCH + dt.timedelta(days=int(cell))).isoformat()
    said = plain(cell).strip()
    match = _DATE.search(said) or _COMPACT.match(said)
    try:
        if match:
            return dt.date(*(int(part) for part in match.groups())).isoformat()
    except ValueError:
        pass
    raise BadCell(text("read_workbook.expect_date"))


def parse_dates(cell: Cell) -> tuple[str, ...]:
    """Returns ISO dates of a list such as 2026-03-02至2026-03-06、2026-03-12; raises BadCell."""
    if not isinstance(cell, str):
        return (parse_date(cell),)
    days: set[str] = set()
    for part in _SPLIT.split(cell.strip()):
        ends = [parse_date(end) for end in _TO.split(part)] if part else []
        if not ends:
            continue
        first, last = dt.date.fromisoformat(ends[0]), dt.date.fromisoformat(ends[-1])
        if len(ends) > 2 or not 0 <= (last - first).days <= MAX_LEAVE_DAYS:
            raise BadCell(text("read_workbook.expect_date"))
        days |= {(first + dt.timedelta(days=n)).isoformat() for n in range((last - first).days + 1)}
    return tuple(sorted(days))


def _role(said: str) -> str:
    return next((role for role in ("A", "B") if said.strip().upper().startswith(role)), "")
