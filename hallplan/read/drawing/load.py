"""A drawing file -> an ezdxf document, or one clear reason why not."""

from __future__ import annotations

import gc
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from ezdxf import recover
from ezdxf.document import Drawing as Document
from ezdxf.filemanagement import readfile
from ezdxf.lldxf.const import DXFError

from hallplan.errors import PlanFileError
from hallplan.read.drawing.vocabulary import sizes
from hallplan.terms import text

_DXF_FAULTS = (
    DXFError, UnicodeError, ValueError, KeyError, TypeError, AttributeError,
    IndexError, struct.error, OverflowError, RecursionError,
    StopIteration, EOFError,
)  # fmt: skip
"""What ezdxf raises on damaged files: its own tree, and plain errors from tags that are not what they say."""

_MAGIC = ((b"AC10", "dwg"), (b"%PDF", "pdf"), (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"), (b"GIF8", "picture"),
          (b"BM", "picture"), (b"PK\x03\x04", "zip"), (b"II*\x00", "picture"))  # fmt: skip
_LATIN = re.compile(r"[a-z][\u00c0-\u00ff]|[\u00c0-\u00ff][a-z]")
_ESCAPE = re.compile(r"\\U\+([0-9A-Fa-f]{4})")
_FIRST_UTF8 = "AC1021"
_GB_CODEPAGES = {"gbk", "gb2312", "gb18030", "cp936"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document and what had to be mended to open it."""

    document: Document
    version: str
    encoding: str
    repairs: tuple[str, ...]
    is_mislabelled: bool

    def mend(self, name: str) -> str:
        """Returns a name with \\U+5899 escapes read, and Chinese bytes that were taken for cp1252 put right."""
        if "\\U+" in name:
            name = _ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), name)
        return (_as_chinese(name) or name) if self.is_mislabelled else name


def load(path: Path) -> Loaded:
    """Returns the document of a DXF file; raises PlanFileError with the one thing that is wrong."""
    _check_file(path)
    with _uncollected():
        document, repairs = _open(path)
    _check_size(path, document)
    encoding = str(document.encoding)
    is_mislabelled = encoding not in _GB_CODEPAGES and _has_hidden_chinese(document)
    if is_mislabelled:
        repairs = (*repairs, text("read_drawing.relabelled", found=encoding))
    return Loaded(document, str(document.dxfversion), "gbk" if is_mislabelled else encoding, repairs, is_mislabelled)


@contextmanager
def _uncollected() -> Iterator[None]:
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


def _check_file(path: Path) -> None:
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
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            _fail(path, f"is_{kind}", "export_dwg" if kind == "dwg" else "export_dxf")
    if not _looks_like_dxf(head):
        _fail(path, "not_dxf")


def _looks_like_dxf(head: bytes) -> bool:
    if head.startswith(b"AutoCAD Binary DXF"):
        return True
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    lines = [line.strip() for line in head.removeprefix(b"\xef\xbb\xbf").splitlines()]
    codes = [line for line in lines[:-1:2] if line]
    numeric = sum(line.lstrip(b"-").isdigit() for line in codes)
    return bool(codes) and (b"SECTION" in lines or numeric > 0.9 * len(codes) > 1)


def _open(path: Path) -> tuple[Document, tuple[str, ...]]:
    try:
        document = readfile(path)
    except _DXF_FAULTS:
        document, repairs = _recover(path)
    except OSError:
        document, repairs = _recover(path)
    else:
        repairs = ()
        if len(document.modelspace()) == 0:
            document, repairs = _recover(path)
    if len(document.modelspace()) == 0:
        _fail(path, "no_entities", "save_again")
    return document, repairs


def _recover(path: Path) -> tuple[Document, tuple[str, ...]]:
    try:
        document, auditor = recover.readfile(path)
    except _DXF_FAULTS as error:
        _fail(path, "damaged", "save_again", reason=str(error)[:200])
    except OSError as error:
        _fail(path, "damaged", "save_again", reason=str(error)[:200])
    count = len(auditor.errors) + len(auditor.fixes)
    return document, (text("read_drawing.recovered", count=count),)


def _check_size(path: Path, document: Document) -> None:
    limits = sizes("limits")
    for key, count in (("entities", len(document.modelspace())), ("layers", len(document.layers))):
        if count > limits[key]:
            _fail(path, f"too_many_{key}", "purge", count=count, limit=limits[key])


def _as_chinese(name: str) -> str | None:
    """Returns the name read as GB18030 when that makes common Chinese of it.

    Accented Latin letters stand between lower-case ones and decode to rare characters; Chinese does neither.
    """
    if name.isascii() or _LATIN.search(name):
        return None
    try:
        raw = name.encode("cp1252", "surrogateescape")
        read = raw.decode("gb18030")
    except UnicodeError:
        return None
    foreign = [char for char in read if not char.isascii()]
    common = sum("\u4e00" <= c <= "\u9fff" and c.encode("gb18030")[0] < 0xD8 for c in foreign)
    marks = sum("\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uffef" for c in foreign)
    return read if foreign and common + marks >= 0.7 * len(foreign) else None


def _has_hidden_chinese(document: Document) -> bool:
    """Returns whether most foreign names of a file with a code page (before R2007) are Chinese read as cp1252."""
    if document.dxfversion >= _FIRST_UTF8:
        return False
    names = {layer.dxf.name for layer in document.layers} | {block.name for block in document.blocks}
    names |= {entity.dxf.layer for entity in document.modelspace()}
    foreign = [name for name in names if not name.isascii()]
    read = sum(_as_chinese(name) is not None for name in foreign)
    return bool(foreign) and read >= 0.6 * len(foreign)
