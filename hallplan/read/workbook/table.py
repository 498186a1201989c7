"""One sheet as a table: rows that hold data, cells by field, each fault with its address."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from hallplan.read.workbook.book import Book, RawSheet
from hallplan.read.workbook.cells import BadCell, Cell, IsDays, is_blank, plain, squeezed, words
from hallplan.read.workbook.header import Column, Header, find_header, fold_name, nearest_name
from hallplan.read.workbook.report import Report
from hallplan.terms import read_data, text

T = TypeVar("T")
_MAYBE_TOTAL: Final = re.compile(r"计|和|total|sum", re.IGNORECASE)
_BREAK: Final = re.compile(r"\s*\n\s*")
_SECTION: Final = re.compile(r"^(\(?[一二三四五六七八九十]+[)、.]|第.{1,3}[部章节])")
_ERRORS: Final = re.compile(r"#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|GETTING_DATA)")


@dataclass(slots=True)
class Table:
    """A sheet with its header found."""

    sheet: RawSheet
    name: str
    header: Header
    report: Report
    skipped_examples: int = 0

    @property
    def columns(self) -> dict[str, Column]:
        """The columns found, by field."""
        return self.header.columns

    def has(self, name: str) -> bool:
        """Returns whether the sheet has the column."""
        return name in self.header.columns

    def rows(self, key: str, must: str) -> Iterator[int]:
        """Yields the rows that hold data; totals, notes, section titles, examples, repeated headers and blanks are left out.

        key: the field that names a row.  must: a field with a number that notes and titles lack.
        """
        for i in range(self.header.first, len(self.sheet.rows)):
            row = self.sheet.rows[i]
            if any(cell not in ("", None) for cell in row) and not self._is_other(i, row, key, must):
                yield i

    def _is_other(self, i: int, row: Sequence[Cell], key: str, must: str) -> bool:
        texts = [cell.strip() for cell in row if isinstance(cell, str) and cell and not cell.isspace()]
        if any(said[0] in "【[" and squeezed(said).startswith(words("example")) for said in texts):
            self.skipped_examples += 1
            return True
        name, number = self.cell(i, key), self.cell(i, must)
        if any(_is_total(said) for said in (name, texts[0] if texts else "")):
            return True
        if isinstance(number, int | float):
            return False
        if (
            isinstance(number, str)
            and number
            and name
            and fold_name(plain(name)) == fold_name(self.columns[key].header)
        ):
            return True
        if not is_blank(number) or self.is_unvalued(i, must):
            return False
        return (not texts and not any(isinstance(cell, int | float) for cell in row)) or self._is_note(row, texts)

    def _is_note(self, row: Sequence[Cell], texts: Sequence[str]) -> bool:
        """Lines below or between the data: 注, 填表人, a title such as 一、公安类 alone in its row."""
        if not texts:
            return False
        first = squeezed(texts[0])
        is_alone = sum(cell not in ("", None) for cell in row) == 1
        return first.startswith(words("note")) or (is_alone and bool(_SECTION.match(first)))

    def cell(self, i: int, name: str) -> Cell:
        """Returns the cell of row `i`, or None when the sheet has no such column."""
        column = self.header.columns.get(name)
        row = self.sheet.rows[i]
        return row[column.index] if column is not None and column.index < len(row) else None

    def address(self, i: int, name: str) -> str:
        """Returns the address of a cell, such as C7."""
        column = self.header.columns[name].index
        return f"{column_name(self.sheet.first_column + column)}{self.sheet.first_row + i + 1}"

    def place(self, i: int, name: str) -> str:
        """Returns file, sheet and address of a cell for a message."""
        return self.report.place(self.sheet.name, self.address(i, name))

    def is_unvalued(self, i: int, name: str) -> bool:
        """Returns whether the cell is a formula that was never calculated."""
        return bool(self.sheet.unvalued) and name in self.columns and self.address(i, name) in self.sheet.unvalued

    def text(self, i: int, name: str) -> str:
        """Returns the cell as text, "" when blank."""
        cell = self.cell(i, name)
        return "" if cell is None or cell == "" else self._text_of(i, name, cell)

    def _text_of(self, i: int, name: str, cell: Cell) -> str:
        said = plain(cell)
        if "\n" in said:
            said = _BREAK.sub(" ", said)
        if said.startswith("#") and _ERRORS.match(said):
            self.fault(i, name, BadCell(text("read_workbook.expect_value"), text("read_workbook.error_remedy")))
        return said

    def read(self, i: int, name: str, parse: Callable[[Cell], T]) -> T | None:
        """Returns the cell read by `parse`, None when blank; a cell that cannot be read becomes a fault."""
        if name not in self.columns:
            return None
        if self.is_unvalued(i, name):
            self.fault_unvalued(i, name)
            return None
        cell = self.cell(i, name)
        if is_blank(cell):
            return None
        try:
            return parse(cell)
        except IsDays:
            message = text("read_workbook.days", header=self.columns[name].header, value=plain(cell))
            self.report.warn(self.place(i, name), message)
        except BadCell as bad:
            self.fault(i, name, bad)
        return None

    def fault(self, i: int, name: str, bad: BadCell) -> None:
        """Notes a cell that cannot be used."""
        found = text("read_workbook.found", header=self.columns[name].header, value=plain(self.cell(i, name)))
        self.report.fault(self.place(i, name), found, bad.expected, bad.remedy)

    def fault_unvalued(self, i: int, name: str) -> None:
        """Notes a formula without a stored value."""
        found = text("read_workbook.unvalued", header=self.columns[name].header)
        self.report.fault(
            self.place(i, name), found, text("read_workbook.expect_value"), text("read_workbook.save_once")
        )

    def column_cells(self, name: str) -> list[Cell]:
        """Returns all cells of a column below the header."""
        column = self.columns.get(name)
        return [] if column is None else [row[column.index] for row in self.sheet.rows[self.header.first :]]


LEAST_PART = 3
"""Letters of a table's name that must stand in a longer name of a sheet."""


def find_table(book: Book, name: str, report: Report, *, any_name: bool = False) -> Table | None:
    """Returns the table called `name` in data/workbook.toml, or None when the book has no such sheet.

    any_name: without a sheet of that name, take the only sheet, or the first whose header has the required columns.
    A sheet whose name contains a name of the table (现有窗口情况) is taken when it has the required columns.
    """
    wanted = _sheet_words(name)
    named = [sheet for sheet in book.sheet_names if fold_name(sheet) in wanted]
    if not named and any_name:
        named = _by_header(book, name, report)
    named = named or _by_part(book, name, report)
    if not named:
        return None
    shown = [sheet for sheet in named if sheet not in book.hidden] or named
    sheet = _filled(book.load(shown[0]))
    table = Table(sheet, name, find_header(sheet, name), report)
    _tell(table, report)
    return table


def require_columns(table: Table) -> bool:
    """Returns whether the table has its required columns; each missing one is a fault that names the nearest header."""
    entry = read_data("workbook.toml")
    sheet = entry["sheets"][table.name]
    instead = sheet.get("instead", {})
    missing = [
        name for name in sheet["required"] if not any(table.has(other) for other in (name, *instead.get(name, ())))
    ]
    for name in missing:
        column: dict[str, Any] = entry["columns"][table.name][name]
        taken = {used.header for used in table.columns.values()}
        near = nearest_name((column["zh"], *column["aliases"]), [n for n in table.header.names if n and n not in taken])
        found = text("read_workbook.no_column", header=column["zh"])
        remedy = (
            text("read_workbook.rename", near=near, header=column["zh"])
            if near
            else text("read_workbook.add_column", header=column["zh"])
        )
        spellings = "、".join(column["aliases"][:4])
        table.report.fault(
            table.report.place(table.sheet.name), found, text("read_workbook.spellings", names=spellings), remedy
        )
    return not missing


def column_name(index: int) -> str:
    """Returns the letters of a column counted from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _sheet_words(name: str) -> set[str]:
    entry = read_data("workbook.toml")["sheets"][name]
    return {fold_name(word) for word in (entry["zh"], entry["en"], *entry["aliases"])}


def _by_header(book: Book, name: str, report: Report) -> list[str]:
    """Sheets that could be the table though they are called otherwise."""
    known = set().union(*(_sheet_words(other) for other in read_data("workbook.toml")["sheets"]))
    others = [sheet for sheet in book.sheet_names if fold_name(sheet) not in known]
    if len(book.sheet_names) == 1:
        return others
    required = read_data("workbook.toml")["sheets"][name]["required"]
    for sheet in others:
        if all(field in find_header(book.load(sheet), name).columns for field in required):
            message = text(
                "read_workbook.other_name", sheet=sheet, wanted=read_data("workbook.toml")["sheets"][name]["zh"]
            )
            report.warn(report.file, message)
            return [sheet]
    return []


def _by_part(book: Book, name: str, report: Report) -> list[str]:
    """The first sheet whose name contains a name of the table and no longer one of another, with the required columns."""
    for sheet in book.sheet_names:
        if _is_part(book, sheet, name):
            wanted = read_data("workbook.toml")["sheets"][name]["zh"]
            report.warn(report.file, text("read_workbook.other_name", sheet=sheet, wanted=wanted))
            return [sheet]
    return []


def _is_part(book: Book, sheet: str, name: str) -> bool:
    sheets, folded = read_data("workbook.toml")["sheets"], fold_name(sheet)
    length = {other: max((len(w) for w in _sheet_words(other) if w in folded), default=0) for other in sheets}
    if length[name] < LEAST_PART or length[name] < max(length.values()) or folded in _sheet_words(name):
        return False
    columns, instead = find_header(book.load(sheet), name).columns, sheets[name].get("instead", {})
    return all(any(f in columns for f in (field, *instead.get(field, ()))) for field in sheets[name]["required"])


def unused_sheets(book: Book, used: Collection[str]) -> list[str]:
    """Returns the visible sheets that are no table anybody reads: neither `used` nor called like one, nor notes."""
    entry = read_data("workbook.toml")
    known = set().union(*(_sheet_words(name) for name in entry["sheets"]))
    known |= {fold_name(word) for word in entry["words"]["notes_sheet"]}
    others = [sheet for sheet in book.sheet_names if sheet not in book.hidden and sheet not in used]
    others = [sheet for sheet in others if fold_name(sheet) not in known]
    return [sheet for sheet in others if not any(_is_part(book, sheet, name) for name in entry["sheets"])]


def _filled(sheet: RawSheet) -> RawSheet:
    """Texts of cells merged downwards stand in each of their rows; numbers do not, they would count twice."""
    for a, b, c, d in sheet.merged:
        a, b, c, d = (a - sheet.first_row, b - sheet.first_column, c - sheet.first_row, d - sheet.first_column)
        if b == d and 0 <= a < len(sheet.rows) and 0 <= b < len(sheet.rows[a]) and isinstance(sheet.rows[a][b], str):
            for row in sheet.rows[a + 1 : c + 1]:
                row[b] = sheet.rows[a][b]
    return sheet


def _tell(table: Table, report: Report) -> None:
    where = report.place(table.sheet.name)
    if table.sheet.is_hidden:
        report.warn(where, text("read_workbook.hidden"))
    for name, index in table.header.twice:
        used = column_name(table.sheet.first_column + table.columns[name].index)
        other = column_name(table.sheet.first_column + index)
        report.warn(where, text("read_workbook.twice", header=table.columns[name].header, used=used, other=other))
    for index in table.header.days:
        report.warn(where, text("read_workbook.days_column", header=table.header.names[index]))


def _is_total(cell: Cell) -> bool:
    """合计, 小计:, 公安局小计, 总计(件)."""
    if not isinstance(cell, str) or not _MAYBE_TOTAL.search(cell):
        return False
    bare = re.sub(r"[(\[].*$|[:：\s]", "", squeezed(cell))
    return bare.endswith(words("total")[:7]) or bare in words("total")
