"""The sheets 应急预案 and 故障台账."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Final

from hallplan.model.drill import Emergencies, FaultRecord, ResponsePlan
from hallplan.read.workbook.book import open_book
from hallplan.read.workbook.cells import BadCell, Cell, parse_minutes, plain
from hallplan.read.workbook.report import Report
from hallplan.read.workbook.table import Table, find_table, require_columns
from hallplan.terms import text

_MOMENT: Final = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?[T\s]*(\d{1,2})\s*[:时点]\s*(\d{1,2})"
)
_EPOCH: Final = dt.datetime(1899, 12, 30)


def read_emergencies(path: Path) -> Emergencies:
    """Returns the response plans and the fault log of a workbook; empty when it has no such sheets.

    Raises SheetError with all faults of the two sheets.
    """
    book = open_book(path)
    report = Report(book.name)
    plans, faults = find_table(book, "responses", report), find_table(book, "faults", report)
    found = Emergencies(
        _plans(plans) if plans and require_columns(plans) else (),
        _faults(faults) if faults and require_columns(faults) else (),
        tuple(report.warnings),
    )
    report.raise_faults()
    return found


def _plans(table: Table) -> tuple[ResponsePlan, ...]:
    return tuple(
        ResponsePlan(
            table.text(i, "scenario"), table.text(i, "owner"), table.read(i, "limit", parse_minutes),
            table.text(i, "fallback"), table.text(i, "recovery"), table.text(i, "notice"), table.place(i, "scenario"),
        )
        for i in table.rows("scenario", "scenario")
        if table.text(i, "scenario")
    )  # fmt: skip


def _faults(table: Table) -> tuple[FaultRecord, ...]:
    found = []
    for i in table.rows("kind", "time"):
        at = table.read(i, "time", parse_moment)
        if at is None:
            continue
        responded, recovered, closed = (
            table.read(i, name, parse_moment) or "" for name in ("responded", "recovered", "closed")
        )
        if any(time and time < at for time in (responded, recovered, closed)):
            table.report.fault(
                table.place(i, "time"), text("read_workbook.fault_backwards"), text("read_workbook.expect_later")
            )
        found.append(FaultRecord(at, table.text(i, "kind"), responded, recovered, closed, table.place(i, "time")))
    return tuple(found)


def parse_moment(cell: Cell) -> str:
    """Returns the ISO time to the minute of a cell: a date with a time, an Excel number, 2026-03-05 9:30; raises BadCell."""
    if isinstance(cell, dt.datetime):
        return cell.isoformat(timespec="minutes")
    if isinstance(cell, float | int) and not isinstance(cell, bool) and 20_000 < cell < 80_000:
        return (_EPOCH + dt.timedelta(days=float(cell))).isoformat(timespec="minutes")
    match = _MOMENT.search(plain(cell))
    try:
        if match:
            return dt.datetime(*(int(part) for part in match.groups())).isoformat(timespec="minutes")  # type: ignore[arg-type]
    except ValueError:
        pass
    raise BadCell(text("read_workbook.expect_moment"))
