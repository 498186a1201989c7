"""The demand workbook as a whole: one Demand, or every fault of the file at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hallplan.model.demand import ArrivalProfile, Demand, Item
from hallplan.read.workbook.arrivals import default_profile, read_counts, read_profile
from hallplan.read.workbook.book import Book, open_book
from hallplan.read.workbook.items import read_items
from hallplan.read.workbook.others import parameter_value, read_existing, read_parameters, read_relations
from hallplan.read.workbook.report import Report
from hallplan.read.workbook.staff import read_staff
from hallplan.read.workbook.table import Table, find_table, require_columns, unused_sheets
from hallplan.settings import Settings
from hallplan.terms import read_data, text

MINUTES = ("minutes", "accept")
"""Columns that say how long a case takes at a window."""


def read_demand(path: Path, settings: Settings) -> Demand:
    """Returns the demand of a workbook (.xlsx, .xls, .ods, .xlsb, .csv, .tsv), what is missing filled and marked as assumed.

    Raises SheetError with all faults of the file, each with sheet, cell, value, what was expected and the remedy.
    """
    book = open_book(path)
    report = Report(book.name)
    report.warnings += [text("read_workbook.warning", where=book.name, message=note) for note in book.notes]
    items = _items(book, settings, report)
    arrivals = _arrivals(book, settings, report)
    relations = find_table(book, "relations", report)
    existing = find_table(book, "existing", report)
    staff = find_table(book, "staff", report)
    _tell_unused(book, report, {table.sheet.name for table in (relations, existing, staff) if table})
    demand = Demand(
        source=book.name,
        items=items,
        arrivals=arrivals,
        existing=read_existing(existing, settings) if existing and require_columns(existing) else (),
        relations=read_relations(relations, items, report) if relations and require_columns(relations) else (),
        parameters=_parameters(book, report),
        working_days=settings.service.working_days,
        assumptions=tuple(report.assumptions),
        warnings=tuple(report.warnings),
        staff=read_staff(staff) if staff and staff.columns and require_columns(staff) else (),
    )
    report.raise_faults()
    return demand


def _tell_minutes(table: Table, report: Report) -> None:
    """Columns that look like the minutes of a case, where none was found: they would be filled by the usual ones in silence."""
    if any(table.has(name) for name in MINUTES):
        return
    taken = {column.header for column in table.columns.values()}
    words = read_data("workbook.toml")["words"]["minutes"]
    odd = [name for name in table.header.names if name and name not in taken and any(word in name for word in words)]
    if odd:
        report.warn(report.place(table.sheet.name), text("read_workbook.unused_minutes", columns="、".join(odd)))


def _tell_unused(book: Book, report: Report, used: set[str]) -> None:
    if not unused_sheets(book, used):
        return
    quiet = Report(book.name)
    for name, any_name in (("items", True), ("arrivals", False), ("counts", False)):
        table = find_table(book, name, quiet, any_name=any_name)
        used |= {table.sheet.name} if table else set()
    if unused := unused_sheets(book, used):
        report.warn(book.name, text("read_workbook.unused_sheets", sheets="、".join(unused)))


def parameter_values(source: Path | Demand) -> dict[str, Any]:
    """Returns the values of the sheet 参数 nested as in hallplan.toml, to be layered under it; {} without the sheet.

    Raises SheetError when the workbook cannot be opened or a value of 参数 is impossible.
    """
    if isinstance(source, Demand):
        pairs = source.parameters
    else:
        book = open_book(source)
        report = Report(book.name)
        pairs = _parameters(book, report)
        report.raise_faults()
    nested: dict[str, Any] = {}
    for key, raw in pairs:
        section, _, name = key.partition(".")
        nested.setdefault(section, {})[name] = parameter_value(key, raw)
    return nested


def _items(book: Book, settings: Settings, report: Report) -> tuple[Item, ...]:
    table = find_table(book, "items", report, any_name=True)
    if table is None:
        wanted = read_data("workbook.toml")["sheets"]["items"]["zh"]
        found = text("read_workbook.no_sheet", wanted=wanted, sheets="、".join(book.sheet_names))
        report.fault(
            book.name, found, text("read_workbook.expect_items"), text("read_workbook.name_sheet", wanted=wanted)
        )
        return ()
    if not any(any(cell not in ("", None) for cell in row) for row in table.sheet.rows):
        report.fault(
            report.place(table.sheet.name), text("read_workbook.empty_sheet"), "", text("read_workbook.use_template")
        )
        return ()
    _tell_minutes(table, report)
    return read_items(table, settings, report) if require_columns(table) else ()


def _arrivals(book: Book, settings: Settings, report: Report) -> ArrivalProfile:
    for name, read in (("arrivals", read_profile), ("counts", read_counts)):
        table = find_table(book, name, report)
        if table is None or not any(any(cell not in ("", None) for cell in row) for row in table.sheet.rows):
            continue
        profile = read(table, settings, report) if require_columns(table) else None
        if profile is not None:
            return profile
    return default_profile(settings, report)


def _parameters(book: Book, report: Report) -> tuple[tuple[str, str], ...]:
    table = find_table(book, "parameters", report)
    return () if table is None else read_parameters(table, report)
