"""A log file as tables of text: heading, delimiter and blocks of bytes, whatever program exported it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hallplan.errors import SheetError
from hallplan.read.workbook.book import OLE_MAGIC, ZIP_MAGIC, open_book
from hallplan.terms import read_data, text

HEAD_BYTES = 65536
UTF16 = (b"\xff\xfe", b"\xfe\xff")
BOM = b"\xef\xbb\xbf"
TAB = "\t"


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a log: `name` for messages, the first rows as texts, and its bytes.

    content: the whole table, or None when it is to be read from `path` block by block.  sheet: of a workbook.
    """

    name: str
    path: Path
    head: tuple[tuple[str, ...], ...]
    ends: tuple[int, ...]
    delimiter: str
    content: bytes | None = None
    sheet: str = ""

    def blocks(self, after: int) -> Iterator[tuple[bytes, bool]]:
        """Yields the bytes behind head row `after` in blocks, and whether each is the last."""
        size = int(read_data("log.toml")["limits"]["block_mb"]) * 1_000_000
        with io.BytesIO(self.content) if self.content is not None else self.path.open("rb") as stream:
            stream.seek(self.ends[after])
            block = stream.read(size)
            while True:
                following = stream.read(size)
                yield block, not following
                if not following:
                    return
                block = following


def open_tables(path: Path) -> Iterator[Table]:
    """Yields the tables of a log file: one of a text file, each filled sheet of a workbook.

    Raises SheetError when the file is absent, empty, a folder, a web page, protected or no table.
    """
    head = _head(path)
    if head.startswith((OLE_MAGIC, ZIP_MAGIC)):
        yield from _sheets(path)
        return
    if head.startswith(UTF16):
        content = path.read_bytes().decode("utf-16", "replace").encode("utf-8")
        yield _text_table(path, content[:HEAD_BYTES], content)
        return
    if head.lstrip(BOM).lstrip()[:15].lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise SheetError.at(
            str(path), text("read_workbook.web_page"), text("log.expected"), text("read_workbook.save_as_xlsx")
        )
    if b"\0" in head:
        raise SheetError.at(str(path), text("log.binary"), text("log.expected"), text("read_workbook.save_as_xlsx"))
    yield _text_table(path, head, None)


def _head(path: Path) -> bytes:
    if path.is_dir():
        raise SheetError.at(str(path), text("read_workbook.is_folder"), text("log.expected"), text("log.name_a_file"))
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    except FileNotFoundError as error:
        raise SheetError.at(str(path), text("log.absent"), text("log.expected"), text("log.name_a_file")) from error
    except OSError as error:
        raise SheetError.at(str(path), text("read_workbook.unreadable", reason=error.strerror or str(error))) from error
    if not head.strip():
        raise SheetError.at(str(path), text("read_workbook.empty_file"), text("log.expected"))
    return head


def decode(content: bytes) -> str:
    """Returns bytes as text: UTF-8, else GB18030; what neither can read becomes a replacement mark."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


def _text_table(path: Path, head: bytes, content: bytes | None) -> Table:
    whole = head[: head.rfind(b"\n") + 1] if len(head) == HEAD_BYTES else head
    decoded = decode(whole)
    delimiter = TAB if path.suffix.lower() == ".tsv" else max(",\t;|", key=decoded[:4000].count)
    return Table(path.name, path, *_head_rows(decoded, whole, delimiter), delimiter, content)


def head_rows(content: bytes, delimiter: str) -> tuple[tuple[tuple[str, ...], ...], tuple[int, ...]]:
    """Returns the first rows of a table in UTF-8 as texts, and the byte behind each of them."""
    head = content[:HEAD_BYTES]
    whole = head[: head.rfind(b"\n") + 1] if len(head) == HEAD_BYTES else head
    return _head_rows(whole.decode("utf-8"), whole, delimiter)


def _head_rows(decoded: str, raw: bytes, delimiter: str) -> tuple[tuple[tuple[str, ...], ...], tuple[int, ...]]:
    """The first rows, and the byte behind each of them."""
    line_ends = [0]
    for line in raw.splitlines(keepends=True):
        line_ends.append(line_ends[-1] + len(line))
    reader = csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter)
    rows, ends = [], []
    for row in reader:
        rows.append(tuple(row))
        ends.append(line_ends[min(reader.line_num, len(line_ends) - 1)])
        if len(rows) == read_data("log.toml")["limits"]["header_rows"]:
            break
    return tuple(rows), tuple(ends)


def _sheets(path: Path) -> Iterator[Table]:
    """Each sheet that has cells, written as text: one way through for every kind of file."""
    from python_calamine import load_workbook

    book = open_book(path)
    workbook = load_workbook(str(path))
    for name in book.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        lines = [TAB.join(map(_written, row)) for row in sheet.iter_rows()]
        if not any(line.strip() for line in lines[:100]):
            continue
        content = ("\n".join(lines) + "\n").encode("utf-8")
        label = path.name if len(book.sheet_names) == 1 else text("read_workbook.in_sheet", file=path.name, sheet=name)
        head = content[:HEAD_BYTES]
        decoded = head.decode("utf-8", "ignore")
        yield Table(label, path, *_head_rows(decoded, decoded.encode(), TAB), TAB, content, name)


def _written(cell: object) -> str:
    """A cell as the text that the scanner reads."""
    if isinstance(cell, str):
        flat = cell.replace("\t", " ").replace("\n", " ").replace("\r", " ")
        return f" {flat}" if flat.startswith('"') else flat
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.timedelta):
        return repr(cell.total_seconds())
    return "" if cell is None else str(cell)
