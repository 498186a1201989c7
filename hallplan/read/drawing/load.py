"""A drawing file -> an ezdxf document, or one clear reason why not."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from ezdxf.document import Drawing as Document

from hallplan.dxf import BINARY, BOM, DXF_FAULTS, FIRST_UTF8, Lines, Opened, as_chinese, open_dxf, readable
from hallplan.errors import PlanFileError
from hallplan.read.drawing.dwg import as_dxf, dwg_version
from hallplan.read.drawing.foreign import layer_of
from hallplan.read.drawing.vocabulary import sizes
from hallplan.terms import text

_MAGIC = ((b"AC10", "dwg"), (b"AC1.", "dwg"), (b"AC2.", "dwg"), (b"%PDF", "pdf"), (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"), (b"GIF8", "picture"),
          (b"BM", "picture"), (b"PK\x03\x04", "zip"), (b"II*\x00", "picture"), (b"MM\x00*", "picture"))  # fmt: skip
_RECORD = re.compile(rb"\n *0 *\r?\n *[A-Za-z3_]")
_COUNTED_FROM_BYTES = 2**22
_LINE_MARKS, _LINE_ROWS = (b"\nLINE\n", b"\nLINE\r\n"), 24
"""Plain lines are lifted out before parsing and cost little; each takes about this many rows of text."""
_CJK = {"gbk", "gb2312", "gb18030", "cp936"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document and what had to be mended to open it."""

    document: Document
    version: str
    encoding: str
    repairs: tuple[str, ...]
    is_mislabelled: bool
    lines: Lines | None = None

    @property
    def origin(self) -> tuple[str, str, tuple[str, ...]]:
        """Version, encoding and repairs."""
        return self.version, self.encoding, self.repairs

    def mend(self, name: str) -> str:
        """Returns a name with its escapes read, and Chinese bytes that were taken for cp1252 put right."""
        name = readable(name)
        return (as_chinese(name) or name) if self.is_mislabelled else name


def load(path: Path) -> Loaded:
    """Returns the document of a DXF or DWG file; raises PlanFileError with the one thing that is wrong."""
    if _check_file(path) == "dwg":
        with as_dxf(path) as (made, how):
            loaded = _load(path, made)
        return replace(loaded, version=dwg_version(path), repairs=(how, *loaded.repairs))
    return _load(path, path)


def _load(path: Path, file: Path) -> Loaded:
    """Reads `file`; faults are those of `path`."""
    with uncollected():
        opened = _open(path, file)
    document, encoding, repairs = opened.document, opened.encoding, opened.repairs
    _check_size(path, document)
    is_mislabelled = encoding not in _CJK and _has_hidden_chinese(document, opened.lines)
    if is_mislabelled:
        repairs = (*repairs, text("read_drawing.relabelled", found=encoding, true="gbk"))
        encoding = "gbk" if document.dxfversion < FIRST_UTF8 else encoding
    return Loaded(document, str(document.dxfversion), encoding, repairs, is_mislabelled, opened.lines)


@contextmanager
def uncollected() -> Iterator[None]:
    """Puts garbage collection off: hundreds of thousands of new objects that all stay would be searched over and over."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _fail(path: Path, key: str, remedy: str = "export_dxf", **values: object) -> NoReturn:
    raise PlanFileError.at(
        str(path),
        text(f"read_drawing.{key}", **values),
        text("read_drawing.expect_dxf"),
        text(f"read_drawing.{remedy}"),
    )


def _check_file(path: Path) -> str:
    """Returns "dxf" or "dwg"; raises PlanFileError for anything else."""
    if path.is_dir():
        _fail(path, "is_folder", "name_file")
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(4096)
    except FileNotFoundError:
        _fail(path, "absent", "name_file")
    except OSError as error:
        _fail(path, "unreadable", "check_rights", reason=error.strerror or str(error))
    if size == 0:
        _fail(path, "empty_file")
    if size > sizes("limits")["file_mb"] * 2**20:
        _fail(path, "too_big", "purge", size=round(size / 2**20), limit=sizes("limits")["file_mb"])
    kind = next((kind for magic, kind in _MAGIC if head.startswith(magic)), "dxf")
    if kind not in ("dwg", "dxf"):
        _fail(path, f"is_{kind}")
    if kind == "dxf" and not _looks_like_dxf(head):
        _fail(path, "not_dxf")
    return kind


def _looks_like_dxf(head: bytes) -> bool:
    if head.startswith(BINARY):
        return True
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    lines = [line.strip() for line in head.removeprefix(BOM).splitlines()]
    codes = [line for line in lines[:-1:2] if line]
    numeric = sum(line.lstrip(b"-").isdigit() for line in codes)
    return bool(codes) and (b"SECTION" in lines or numeric > 0.9 * len(codes) > 1)


def _open(path: Path, file: Path) -> Opened:
    _check_records(path, file)
    try:
        opened = open_dxf(file, lift_from_bytes=sizes("limits")["lift_mb"] * 2**20)
    except DXF_FAULTS as error:
        _fail(path, "damaged", "save_again", reason=readable(str(error))[:200])
    if opened.is_empty:
        _fail(path, "no_entities", "save_again")
    return opened


def _check_records(path: Path, file: Path) -> None:
    """Refuses what would not be read in a minute and 2 GiB, before reading it: a count of lines and records takes none."""
    if file.stat().st_size < _COUNTED_FROM_BYTES:
        return
    data, limits = file.read_bytes(), sizes("limits")
    plain = sum(data.count(mark) for mark in _LINE_MARKS)
    if plain > limits["segments"]:
        _fail(path, "too_many_records", "purge", count=plain, limit=limits["segments"])
    lines = data.count(b"\n") - plain * _LINE_ROWS
    if lines > limits["file_lines"]:
        _fail(path, "too_many_lines", "purge", count=lines, limit=limits["file_lines"])
    records = sum(1 for _ in _RECORD.finditer(data)) - plain
    if records > limits["records"]:
        _fail(path, "too_many_records", "purge", count=records, limit=limits["records"])


def _check_size(path: Path, document: Document) -> None:
    limits = sizes("limits")
    for key, count in (("entities", len(document.modelspace())), ("layers", len(document.layers))):
        if count > limits[key]:
            _fail(path, f"too_many_{key}", "purge", count=count, limit=limits[key])


def _has_hidden_chinese(document: Document, lines: Lines | None) -> bool:
    """Returns whether most foreign names are Chinese bytes read as cp1252, as binary files and careless exports leave them."""
    names = {str(layer.dxf.name) for layer in document.layers} | {str(block.name) for block in document.blocks}
    names |= {layer_of(entity) or "0" for entity in document.modelspace()}
    names |= set(lines.layers) if lines is not None else set()
    foreign = [name for name in names if not name.isascii()]
    read = sum(as_chinese(name) is not None for name in foreign)
    return bool(foreign) and read >= 0.6 * len(foreign)
