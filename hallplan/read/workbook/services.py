"""The sheets of chapters 7 to 9: machines and their log, systems, measures, bundles, confirmed matches, service guides."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from hallplan.model.service_inputs import (
    Catalogue,
    CatalogueItem,
    Confirmed,
    GivenBundle,
    GivenMeasure,
    Interface,
    ItemSystem,
    Machine,
    ServiceInputs,
    Session,
    System,
)
from hallplan.read.workbook.book import Book, open_book
from hallplan.read.workbook.cells import (
    BadCell,
    Cell,
    is_blank,
    parse_count,
    parse_number,
    parse_share,
    parse_yes_no,
    plain,
)
from hallplan.read.workbook.header import find_header
from hallplan.read.workbook.report import Report
from hallplan.read.workbook.table import Table, find_table, require_columns
from hallplan.terms import read_data, text
from hallplan.units import MINUTES_PER_DAY, SECONDS_PER_MINUTE

T = TypeVar("T")
_LIST: Final = re.compile(r"[、,;，；\n]\s*")
_MOMENT: Final = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[t\s]*(?:(\d{1,2})[:时点](\d{1,2})?(?::(\d{1,2}))?)?", re.I
)
_EXCEL_EPOCH: Final = dt.datetime(1899, 12, 30)


def read_service_inputs(path: Path) -> ServiceInputs:
    """Returns what the workbook's sheets of chapters 7 to 9 say; a sheet that is not there gives nothing.

    Raises SheetError with all faults of these sheets.
    """
    book = open_book(path)
    report = Report(book.name)
    log = _table(book, "machine_log", report)
    sessions = _sessions(log) if log else ()
    guides = _table(book, "guides", report)
    written, promised = _said_of_items(book)
    inputs = ServiceInputs(
        machines=_rows(book, "machines", report, "id", _machine),
        sessions=sessions,
        has_log=bool(sessions),
        log_days=float(len({math.floor(session.start / MINUTES_PER_DAY) for session in sessions})),
        systems=_rows(book, "systems", report, "name", _system),
        item_systems=_rows(book, "item_systems", report, "item", _item_system),
        interfaces=_rows(book, "interfaces", report, "provider", _interface),
        measures=_rows(book, "measures", report, "name", _measure),
        bundles=_rows(book, "bundles", report, "name", _bundle),
        confirmed=_rows(book, "confirmed", report, "item", _confirmed),
        guides=_guides(guides) if guides else (),
        promised=promised,
        written=written,
        warnings=tuple(report.warnings),
    )
    report.raise_faults()
    return inputs


def read_catalogue(path: Path | None = None) -> Catalogue:
    """Returns the catalogue of a file (.xlsx, .xls, .ods, .csv, .tsv), or the one that is shipped.

    Raises SheetError when the file cannot be read, lacks a column 事项名称, or lists nothing.
    """
    shipped = Path(__file__).parents[2] / "data" / "items"
    book = open_book(path or shipped / "district-items.tsv")
    report = Report(book.name)
    table = find_table(book, "catalogue", report, any_name=True) or _first_with_names(book, report)
    if table is None:
        raise_no_catalogue(report)
        return Catalogue(book.name, ())
    items = _catalogue_items(table) if require_columns(table) else ()
    if not items and not report.faults:
        raise_no_catalogue(report)
    report.raise_faults()
    notice = "" if path else " ".join((shipped / "NOTICE").read_text("utf-8").split())
    return Catalogue(book.name, items, notice, tuple(report.warnings))


def raise_no_catalogue(report: Report) -> None:
    """Raises SheetError for a file without a list of items."""
    report.fault(report.file, text("read_workbook.no_catalogue"), text("read_workbook.expect_catalogue"))
    report.raise_faults()


def parse_moment(cell: Cell) -> float:
    """Returns minutes since 1970-01-01 of a date with a time, as a date cell, a serial number or a text; raises BadCell."""
    if isinstance(cell, dt.datetime):
        return _minutes(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 20_000 < cell < 80_000:
        return _minutes(_EXCEL_EPOCH + dt.timedelta(days=float(cell)))
    match = _MOMENT.match(plain(cell))
    if match:
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        try:
            return _minutes(dt.datetime(year, month, day, hour, minute, second))
        except ValueError:
            pass
    raise BadCell(text("read_workbook.expect_moment"), text("read_workbook.moment_remedy"))


def _minutes(moment: dt.datetime) -> float:
    return (moment - dt.datetime(1970, 1, 1)).total_seconds() / SECONDS_PER_MINUTE


def _first_with_names(book: Book, report: Report) -> Table | None:
    """The first sheet whose header has 事项名称, whatever the sheet is called."""
    for name in book.sheet_names:
        sheet = book.load(name)
        header = find_header(sheet, "catalogue")
        if "name" in header.columns:
            return Table(sheet, "catalogue", header, report)
    return None


def _catalogue_items(table: Table) -> tuple[CatalogueItem, ...]:
    items = []
    for i in table.rows("name", "name"):
        name = str(table.cell(i, "name") or "").strip()
        if name and name != table.columns["name"].header:
            said = table.text(i, "level")
            levels = (said,) if said else ()
            texts = [table.text(i, field) for field in ("item_type", "parent")]
            items.append(CatalogueItem(table.text(i, "code"), name, table.text(i, "department"), levels, *texts))
    return tuple(items)


def _table(book: Book, name: str, report: Report) -> Table | None:
    table = find_table(book, name, report)
    if table is None or not any(any(cell not in ("", None) for cell in row) for row in table.sheet.rows):
        return None
    return table if require_columns(table) else None


def _rows(book: Book, name: str, report: Report, key: str, read: Callable[[Table, int], T | None]) -> tuple[T, ...]:
    table = _table(book, name, report)
    if table is None:
        return ()
    must = read_data("workbook.toml")["sheets"][name]["required"][-1]
    found = [read(table, i) for i in table.rows(key, must) if table.text(i, key)]
    return tuple(entry for entry in found if entry is not None)


def _listed(table: Table, i: int, name: str) -> tuple[str, ...]:
    return tuple(
        part for part in (part.strip() for part in _LIST.split(table.text(i, name))) if part and not is_blank(part)
    )


def _yes_no(table: Table, i: int, name: str) -> bool | None:
    if is_blank(table.cell(i, name)):
        return None
    said = parse_yes_no(table.cell(i, name))
    if said is None:
        table.fault(i, name, BadCell(text("read_workbook.expect_yes_no")))
    return said


def _whole(table: Table, i: int, name: str) -> int | None:
    value = table.read(i, name, parse_count)
    return None if value is None else round(value)


def _machine(table: Table, i: int) -> Machine:
    return Machine(
        table.text(i, "id"),
        table.text(i, "kind"),
        table.text(i, "place"),
        table.read(i, "price", parse_number),
        _whole(table, i, "bought"),
        _listed(table, i, "items"),
    )


def _sessions(table: Table) -> tuple[Session, ...]:
    found = []
    for i in table.rows("id", "start"):
        start, end = table.read(i, "start", parse_moment), table.read(i, "end", parse_moment)
        if start is None or not table.text(i, "id"):
            continue
        if end is not None and end < start:
            table.fault(i, "end", BadCell(text("read_workbook.end_first"), text("read_workbook.end_remedy")))
            continue
        fault = "" if is_blank(table.cell(i, "fault")) else table.text(i, "fault")
        texts = (table.text(i, "item"), table.text(i, "outcome"))
        found.append(Session(table.text(i, "id"), start, start if end is None else end, *texts, fault))
    return tuple(found)


def _system(table: Table, i: int) -> System:
    return System(table.text(i, "name"), table.text(i, "level"), table.text(i, "login"), bool(_yes_no(table, i, "sso")))


def _item_system(table: Table, i: int) -> ItemSystem:
    fields, shareable = _whole(table, i, "fields") or 0, _whole(table, i, "shareable") or 0
    if shareable > fields:
        found = BadCell(text("read_workbook.more_shareable", fields=fields), text("read_workbook.shareable_remedy"))
        table.fault(i, "shareable", found)
    return ItemSystem(table.text(i, "item"), table.text(i, "system"), fields, shareable, _listed(table, i, "licences"))


def _interface(table: Table, i: int) -> Interface:
    return Interface(
        table.text(i, "provider"),
        table.text(i, "user"),
        table.read(i, "delay", parse_number),
        table.read(i, "success", parse_share),
        table.text(i, "security"),
    )


def _measure(table: Table, i: int) -> GivenMeasure:
    return GivenMeasure(
        table.text(i, "name"),
        _yes_no(table, i, "provided"),
        table.text(i, "place"),
        _whole(table, i, "staff"),
        table.text(i, "document"),
    )


def _bundle(table: Table, i: int) -> GivenBundle:
    return GivenBundle(
        table.text(i, "name"), table.text(i, "year"), table.text(i, "source"), _listed(table, i, "items")
    )


def _confirmed(table: Table, i: int) -> Confirmed | None:
    same = _yes_no(table, i, "same")
    other = table.text(i, "catalogue_item")
    return None if same is None or not other else Confirmed(table.text(i, "item"), other, same)


def _guides(table: Table) -> tuple[tuple[str, tuple[str, ...]], ...]:
    names = [name for name in read_data("workbook.toml")["columns"]["guides"] if name != "code"]
    found = []
    for i in table.rows("name", "name"):
        filled = tuple(name for name in names if not _is_empty(table.cell(i, name)))
        found.append((table.text(i, "code") or table.text(i, "name"), filled))
    return tuple(found)


def _is_empty(cell: Cell) -> bool:
    """无 fills a field (no fee, no quota); a dash or nothing does not."""
    return plain(cell) in ("", "-", "—", "/", "--")


def _said_of_items(book: Book) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """From 事项清单: names as they are written, where reading changes them, and items whose row gives a 承诺时限."""
    table = find_table(book, "items", Report(book.name), any_name=True)
    if table is None or not table.has("name"):
        return (), ()
    rows = [i for i in range(table.header.first, len(table.sheet.rows)) if table.text(i, "name")]
    written = {table.text(i, "name"): str(table.cell(i, "name")).strip() for i in rows}
    promised = tuple(table.text(i, "name") for i in rows if table.has("promise") and table.text(i, "promise"))
    return tuple((name, said) for name, said in written.items() if said != name), promised
