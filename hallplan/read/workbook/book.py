"""A workbook or a text table as rows of cells, whatever program wrote it."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from hallplan.errors import SheetError
from hallplan.read.workbook.cells import Cell
from hallplan.read.workbook.formulas import SheetScan, scan_sheets
from hallplan.terms import read_data, text

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC = b"PK\x03\x04"
TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
_BIFF8 = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_FILEPASS = 0x2F
_RECORDS = 8


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet: `rows` start at spreadsheet row `first_row` and column `first_column` (from 0)."""

    name: str
    rows: list[list[Cell]]
    first_row: int = 0
    first_column: int = 0
    is_hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()
    unvalued: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Book:
    """All sheets of a file; `name` is how messages call it. `load` reads a sheet when it is needed."""

    name: str
    sheet_names: tuple[str, ...]
    hidden: frozenset[str]
    load: Callable[[str], RawSheet]
    notes: tuple[str, ...] = ()


def open_book(path: Path) -> Book:
    """Returns the workbook at `path`; sheets are read when asked for.

    Raises SheetError when it is absent, a folder, empty, protected by a password, too large unpacked, or no workbook.
    """
    content = _content(path)
    if content.startswith(OLE_MAGIC):
        if "EncryptedPackage".encode("utf-16-le") in content or _has_password_record(content):
            raise _refused(path, "password", "password_remedy")
        return _open_calamine(path, content, {})
    if content.startswith(ZIP_MAGIC):
        return _open_calamine(path, content, _scan_zip(path, content))
    head = content[:2000].lstrip().lower()
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")):
        raise _refused(path, "web_page", "save_as_xlsx")
    if path.suffix.lower() in TEXT_SUFFIXES or b"\0" not in content[:4000]:
        return _open_text(path, content)
    raise _refused(path, "not_workbook", "save_as_xlsx")


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise _refused(path, "is_folder", "name_a_file")
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise _refused(path, "absent", "name_a_file") from error
    except OSError as error:
        raise SheetError.at(str(path), text("read_workbook.unreadable", reason=error.strerror or str(error))) from error
    if not content.strip():
        raise _refused(path, "empty_file", "use_template")
    return content


def _scan_zip(path: Path, content: bytes) -> dict[str, SheetScan]:
    limits = read_data("workbook.toml")["limits"]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(info.file_size for info in archive.infolist())
            if size > limits["max_unpacked_mb"] * 1_000_000:
                raise SheetError.at(
                    str(path),
                    text("read_workbook.too_large", size=round(size / 1e6), most=limits["max_unpacked_mb"]),
                    remedy=text("read_workbook.too_large_remedy"),
                )
            if _is_encrypted(archive):
                raise _refused(path, "password", "password_remedy")
            scans = scan_sheets(archive)
    except (zipfile.BadZipFile, EOFError, KeyError, NotImplementedError) as error:
        raise _refused(path, "damaged", "save_as_xlsx") from error
    _require_bounded(path, scans, limits["max_cells"])
    return scans


def _is_encrypted(archive: zipfile.ZipFile) -> bool:
    if any(info.flag_bits & 1 for info in archive.infolist()):
        return True
    names = archive.namelist()
    return "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml")


def _has_password_record(content: bytes) -> bool:
    """Whether the workbook stream of an .xls has the record FILEPASS soon after its beginning. Source: MS-XLS 2.4.117."""
    at = content.find(_BIFF8)
    for _ in range(_RECORDS):
        if at < 0 or at + 4 > len(content):
            return False
        kind, length = struct.unpack_from("<HH", content, at)
        if kind == _FILEPASS:
            return True
        at += 4 + length
    return False


def _require_bounded(path: Path, scans: dict[str, SheetScan], most: int) -> None:
    """A stray cell far away makes a sheet of billions of blanks, which no reader survives."""
    for name, scan in scans.items():
        if scan.rows * scan.columns > most:
            raise SheetError.at(
                text("read_workbook.in_sheet", file=path.name, sheet=name),
                text("read_workbook.stray_cell", rows=scan.rows, columns=scan.columns),
                remedy=text("read_workbook.stray_cell_remedy"),
            )


def _open_calamine(path: Path, content: bytes, scans: dict[str, SheetScan]) -> Book:
    try:
        workbook = load_workbook(io.BytesIO(content))
    except PasswordError as error:
        raise _refused(path, "password", "password_remedy") from error
    except (CalamineError, OSError, ValueError) as error:
        raise _refused(path, "not_workbook", "save_as_xlsx") from error
    tables = [m for m in workbook.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    hidden = frozenset(m.name for m in tables if m.visible != SheetVisibleEnum.Visible)

    def load(name: str) -> RawSheet:
        return _load_calamine(path, workbook, name, name in hidden, scans.get(name, SheetScan()))

    return Book(path.name, tuple(m.name for m in tables), hidden, load)


def _load_calamine(path: Path, workbook: CalamineWorkbook, name: str, is_hidden: bool, scan: SheetScan) -> RawSheet:
    try:
        sheet = workbook.get_sheet_by_name(name)
        rows = cast(list[list[Cell]], sheet.to_python(skip_empty_area=True))
    except (CalamineError, OSError, ValueError) as error:
        where = text("read_workbook.in_sheet", file=path.name, sheet=name)
        raise SheetError.at(where, text("read_workbook.damaged"), remedy=text("read_workbook.save_as_xlsx")) from error
    row, column = sheet.start or (0, 0)
    merged = tuple((a[0], a[1], b[0], b[1]) for a, b in sheet.merged_cell_ranges or ())
    return RawSheet(name, rows, row, column, is_hidden, merged, scan.unvalued)


def _open_text(path: Path, content: bytes) -> Book:
    decoded, encoding = _decode(path, content)
    delimiter = _delimiter(path, decoded)
    try:
        rows: list[list[Cell]] = [
            list(row) for row in csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise _refused(path, "not_workbook", "save_as_xlsx") from error
    width = max((len(row) for row in rows), default=0)
    if width < 2 and path.suffix.lower() not in TEXT_SUFFIXES:
        raise _refused(path, "not_workbook", "save_as_xlsx")
    padded = [row + [""] * (width - len(row)) for row in rows]
    notes = () if encoding == "UTF-8" else (text("read_workbook.encoding", encoding=encoding),)
    sheet = RawSheet(path.stem, padded)
    return Book(path.name, (path.stem,), frozenset(), lambda _: sheet, notes)


def _decode(path: Path, content: bytes) -> tuple[str, str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace"), "UTF-16"
    for codec, name in (("utf-8-sig", "UTF-8"), ("gb18030", "GB18030")):
        try:
            return content.decode(codec), name
        except UnicodeDecodeError:
            continue
    raise _refused(path, "encoding_unknown", "save_as_xlsx")


def _delimiter(path: Path, decoded: str) -> str:
    if path.suffix.lower() == ".tsv":
        return "\t"
    head = decoded[:5000]
    return max((",", "\t", ";"), key=head.count)


def _refused(path: Path, found: str, remedy: str) -> SheetError:
    error = SheetError.at(
        str(path),
        text(f"read_workbook.{found}"),
        text("read_workbook.expect_workbook"),
        text(f"read_workbook.{remedy}"),
    )
    return SheetError(*error.faults)
