"""Sheets with a title, tables with one look, and references between them. Text from files is always written as text."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name, xl_rowcol_to_cell

from hallplan.terms import language, text

Kind = Literal["text", "wrap", "int", "one", "two", "share", "flag"]
FORMATS: dict[Kind, str] = {
    "text": "@", "wrap": "@", "flag": "@", "int": "#,##0_ ", "one": "#,##0.0_ ", "two": "#,##0.00_ ", "share": "0.0%_ ",
}  # fmt: skip
INK, DARK, BAND, LINE, SOFT, GREEN, AMBER, RED = (
    "#1B2A3D", "#1F4E79", "#F5F8FC", "#C9D3DF", "#5B6B7F", "#DFF0E1", "#FFF1CC", "#FBDDD9",
)  # fmt: skip
A3, A4 = 8, 9
FIRST_ROW = 3
_NARROW = re.compile(r"[\x00-\u2e7f]+")
"""Row (from 0) where a sheet's first table has its header: title and note stand above."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula (without "=") and the value it has now, which viewers that do not calculate show."""

    text: str
    value: float | str


Cell = str | int | float | None | Formula


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: heading, width in characters, how its cells look."""

    title: str
    width: float
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Where a table lies: rows from 0, both inclusive; `total` the row of sums, if any."""

    sheet: str
    first: int
    last: int
    left: int
    total: int | None

    def column(self, index: int, *, is_outside: bool = True) -> str:
        """Returns the cells of a column as a reference, with the sheet's name when used from another sheet."""
        name = xl_col_to_name(self.left + index)
        return f"{self._sheet(is_outside)}${name}${self.first + 1}:${name}${self.last + 1}"

    def cell(self, row: int, index: int, *, is_outside: bool = True) -> str:
        """Returns one cell as a reference; row from 0 within the table."""
        return f"{self._sheet(is_outside)}{xl_rowcol_to_cell(self.first + row, self.left + index, True, True)}"

    def sum(self, index: int) -> str:
        """Returns the cell of a column's sum."""
        if self.total is None:
            raise ValueError("the table has no row of sums")
        return f"{self._sheet(True)}{xl_rowcol_to_cell(self.total, self.left + index, True, True)}"

    def chart(self, index: int) -> list[Any]:
        """Returns a column as XlsxWriter's charts want it."""
        return [self.sheet, self.first, self.left + index, self.last, self.left + index]

    def _sheet(self, is_outside: bool) -> str:
        return f"'{self.sheet}'!" if is_outside else ""


def value_of(cell: Cell) -> float:
    """Returns the number in a cell, 0 for text and empty ones."""
    value = cell.value if isinstance(cell, Formula) else cell
    return float(value) if isinstance(value, int | float) else 0.0


class Book:
    """The workbook: sheets in the order they are named, formats made once."""

    def __init__(self, path: Path, title: str, created: str, generator: str) -> None:
        font = "微软雅黑" if language() == "zh" else "Calibri"
        look = {"font_name": font, "font_size": 10, "font_color": INK, "valign": "vcenter"}
        self._book = xlsxwriter.Workbook(str(path), {"default_format_properties": look, "strings_to_formulas": False})
        self._look, self._made = look, {}  # type: dict[str, Any], dict[str, Any]
        self.filled: dict[tuple[Kind, str], Any] = {}
        self.title, self.generator = title, generator
        made_at = datetime.fromisoformat(created).replace(tzinfo=UTC)
        self._book.set_properties(
            {"title": title, "comments": generator, "author": generator, "created": made_at, "modified": made_at}
        )
        self._book.set_size(2600, 1600)

    def sheet(self, key: str, colour: str = DARK) -> Sheet:
        """Returns a new sheet with the name, title and note of messages/workbook.toml."""
        return Sheet(self, self._book.add_worksheet(text(f"workbook.sheet_{key}")), key, colour)

    def format(self, **look: Any) -> Any:
        """Returns the cell format with these properties over the default ones."""
        key = repr(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({**self._look, **look})
        return self._made[key]

    def chart(self, kind: str, subtype: str = "") -> Any:
        """Returns a new chart."""
        return self._book.add_chart({"type": kind, **({"subtype": subtype} if subtype else {})})

    def close(self) -> None:
        """Writes the file."""
        self._book.close()


@dataclass(slots=True)
class Sheet:
    """A worksheet being filled from the top; `row` is where the next thing goes, from 0."""

    book: Book
    work: Any
    key: str
    colour: str
    row: int = 0
    widths: dict[int, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its name on the tab."""
        return str(self.work.get_name())

    def open(self, *, n_columns: int, note: str = "", paper: int = A4) -> None:
        """Writes title and note and sets up the page: landscape, one page wide, header and page numbers."""
        work = self.work
        work.hide_gridlines(2)
        work.set_tab_color(self.colour)
        work.set_landscape()
        work.set_paper(paper)
        work.fit_to_pages(1, 0)
        work.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.6)
        work.set_footer(f"&L&8{_escaped(self.book.title)}&C&8{_escaped(self.name)}&R&8&P / &N")
        work.set_row(0, 26)
        work.write_string(
            0, 0, text(f"workbook.title_{self.key}"), self.book.format(bold=True, font_size=16, font_color=DARK)
        )
        work.write_string(
            1, 0, note or text(f"workbook.note_{self.key}"), self.book.format(font_size=9, font_color=SOFT)
        )
        for column in range(n_columns):
            work.write_blank(2, column, None, self.book.format(top=2, top_color=DARK, font_size=4))
        work.set_row(2, 6)
        self.row = FIRST_ROW

    def heading(self, words: str) -> None:
        """Writes a heading above a further table."""
        self.work.set_row(self.row, 20)
        self.work.write_string(self.row, 0, words, self.book.format(bold=True, font_size=12, font_color=DARK))
        self.row += 1

    def lines(self, lines: Sequence[str], *, width: int) -> None:
        """Writes remarks, each over the first `width` columns."""
        look = self.book.format(font_size=9, font_color=SOFT, text_wrap=True, valign="top")
        room = sum(self.widths.get(column, 9.0) for column in range(width))
        for line in lines:
            self.work.merge_range(self.row, 0, self.row, width - 1, "", look)
            self.work.write_string(self.row, 0, line, look)
            self.work.set_row(self.row, 14 * max(1, math.ceil(text_width(line) / max(room, 1.0))))
            self.row += 1

    def table(
        self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], *, sums: Sequence[int] = (),
        has_filter: bool = False, is_main: bool = False, looks: Mapping[tuple[int, int], str] | None = None,
    ) -> Table:  # fmt: skip
        """Writes a table at the current row and returns where it lies.

        sums: columns with a sum below.  is_main: freeze and repeat its header.  looks: fills by (row, column).
        """
        head = self.row
        self._header(columns, head)
        for n, cells in enumerate(rows):
            self._line(columns, head + 1 + n, cells, n, looks or {})
        if not rows:
            self.work.write_string(head + 1, 0, text("workbook.none"), self.book.format(font_color=SOFT))
        first, last = head + 1, head + max(len(rows), 1)
        total = last + 1 if sums and rows else None
        table = Table(self.name, first, last, 0, total)
        if total is not None:
            self._sums(columns, rows, sums, table, total)
        if has_filter and rows:
            self.work.autofilter(head, 0, last, len(columns) - 1)
        if is_main:
            self.work.freeze_panes(head + 1, min(2, len(columns)))
            self.work.repeat_rows(0, head)
        self.row = (total if total is not None else last) + 2
        return table

    def _header(self, columns: Sequence[Column], row: int) -> None:
        look = self.book.format(
            bold=True, font_color="#FFFFFF", bg_color=DARK, text_wrap=True, align="center", border=1, border_color=LINE
        )
        lines = 1
        for n, column in enumerate(columns):
            if self.widths.get(n, 0) < column.width:
                self.widths[n] = column.width
                self.work.set_column(n, n, column.width)
            title = (
                column.title.replace("（", "\n（").replace(" (", "\n(")
                if text_width(column.title) > column.width
                else column.title
            )
            self.work.write_string(row, n, title, look)
            lines = max(lines, sum(math.ceil(text_width(part) / (self.widths[n] - 0.5)) for part in title.split("\n")))
        self.work.set_row(row, 9 + 14 * lines)

    def _line(
        self, columns: Sequence[Column], row: int, cells: Sequence[Cell], n: int, looks: Mapping[tuple[int, int], str]
    ) -> None:
        lines = 1
        for index, (column, cell) in enumerate(zip(columns, cells, strict=True)):
            fill = looks.get((n, index), BAND if n % 2 else "#FFFFFF")
            self.write(row, index, cell, self._filled(column.kind, fill))
            words = cell.value if isinstance(cell, Formula) else cell
            if column.kind == "wrap" and isinstance(words, str):
                lines = max(lines, math.ceil(text_width(words) / (self.widths[index] - 2)))
        self.work.set_row(row, 5 + 14 * min(lines, 20))

    def _filled(self, kind: Kind, fill: str) -> Any:
        """The format of a kind of cell on a fill, looked up once for all cells that have it."""
        known = self.book.filled
        if (kind, fill) not in known:
            known[kind, fill] = self.cell_format(kind, bg_color=fill)
        return known[kind, fill]

    def cell_format(self, kind: Kind, **more: Any) -> Any:
        """Returns the format of a kind of cell in a table."""
        align = {"text": "left", "wrap": "left", "flag": "center"}.get(kind, "right")
        look = {
            "num_format": FORMATS[kind],
            "align": align,
            "border": 1,
            "border_color": LINE,
            "text_wrap": kind == "wrap",
            "indent": 1 if align == "left" else 0,
        }
        return self.book.format(**{**look, **more})

    def write(self, row: int, column: int, cell: Cell, look: Any) -> None:
        """Writes one cell; text is never taken for a formula."""
        if isinstance(cell, Formula):
            self.work.write_formula(row, column, "=" + cell.text, look, cell.value)
        elif isinstance(cell, str):
            self.work.write_string(row, column, cell, look)
        elif cell is None:
            self.work.write_blank(row, column, None, look)
        else:
            self.work.write_number(row, column, cell, look)

    def _sums(
        self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], sums: Sequence[int], table: Table, row: int
    ) -> None:
        self.work.set_row(row, 20)
        bold = {"bold": True, "bg_color": "#E6EDF5", "top": 2, "top_color": DARK}
        for n, column in enumerate(columns):
            cell: Cell = text("workbook.total") if n == 0 else None
            if n in sums:
                cell = Formula(f"SUM({table.column(n, is_outside=False)})", sum(value_of(cells[n]) for cells in rows))
            self.write(row, n, cell, self.cell_format(column.kind if n in sums else "text", **bold))


def text_width(words: str) -> int:
    """Returns the width of a text in characters of the default font; Chinese ones take two."""
    return len(words) + len(_NARROW.sub("", words)) + 1


def column_name(index: int) -> str:
    """Returns the letters of a column from 0."""
    return str(xl_col_to_name(index))


def _escaped(words: str) -> str:
    return words.replace("&", "&&")


__all__ = [
    "A3",
    "A4",
    "Book",
    "Cell",
    "Column",
    "Formula",
    "Sheet",
    "Table",
    "column_name",
    "value_of",
    "xl_cell_to_rowcol",
]
