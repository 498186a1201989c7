"""Bytes of a DXF -> an ezdxf document: in the encoding its texts are in, closed where it was cut, mended where it is damaged."""

from __future__ import annotations

import io
import math
import re
import struct
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from ezdxf import recover
from ezdxf.audit import AuditError, Auditor
from ezdxf.document import Drawing as Document
from ezdxf.filemanagement import read, readfile
from ezdxf.lldxf.const import DXFError
from ezdxf.tools.codepage import tocodepage

from hallplan.dxf.codepage import declared_encoding, readable, true_encoding
from hallplan.dxf.lifting import Lines, lift_lines, without_dimension_graphics
from hallplan.terms import text

DXF_FAULTS = (
    DXFError, UnicodeError, ValueError, LookupError, TypeError, AttributeError, struct.error, ArithmeticError,
    RecursionError, StopIteration, EOFError, AssertionError, OSError,
)  # fmt: skip
"""What ezdxf raises on damaged files: its own tree, and plain errors from tags that are not what they say."""

BINARY = b"AutoCAD Binary DXF"
BOM = b"\xef\xbb\xbf"
_CODE_PAGE = re.compile(rb"(\$DWGCODEPAGE\s+3\s+)([A-Za-z0-9_]+)")
_RECORD = re.compile(rb"(\r?\n) *0 *\r?\n[A-Z3_][^\r\n]*\r?\n")
_TAIL_BYTES = 2**20
_NAMED_REPAIRS = 12


@dataclass(frozen=True, slots=True)
class Opened:
    """A document, the encoding its texts are in, what was put right, and the lines that were lifted out of it."""

    document: Document
    encoding: str
    repairs: tuple[str, ...]
    lines: Lines | None = None

    @property
    def is_empty(self) -> bool:
        """Whether model space holds nothing."""
        return len(self.document.modelspace()) == 0 and (self.lines is None or not len(self.lines.layer))


def open_dxf(path: Path, *, lift_from_bytes: float = math.inf) -> Opened:
    """Returns the document of a DXF, its model space perhaps empty.

    lift_from_bytes: from this size on plain lines are not parsed but handed over as arrays, and missing in the document.
    Raises one of DXF_FAULTS when the file cannot be read even by the recovery.
    """
    data = path.read_bytes()
    is_text = not data.startswith(BINARY)
    declared = declared_encoding(data) if is_text else ""
    encoding = true_encoding(data, declared) if is_text else ""
    is_cut = is_text and b"EOF" not in data[-_TAIL_BYTES:] and data.rfind(b"EOF") < 0
    lifted = lift_lines(data, encoding) if is_text and not is_cut and len(data) >= lift_from_bytes else None
    del data
    repairs = [text("read_drawing.relabelled", found=declared, true=encoding)] if encoding != declared else []
    if lifted is not None and (rest := _read_rest(without_dimension_graphics(lifted[0]), encoding)) is not None:
        return Opened(rest, encoding, tuple(repairs), lifted[1])
    document = None if is_cut else _read(path, encoding)
    if document is None or len(document.modelspace()) == 0:
        data = path.read_bytes().removeprefix(BOM)
        if is_cut:
            repairs.append(text("read_drawing.cut_short"))
            data = _closed(data)
        if encoding != declared:
            data = _relabelled(data, declared, encoding)
        document, auditor = recover.read(io.BytesIO(data))
        repairs += _listed(auditor)
    return Opened(document, encoding or str(document.encoding), tuple(repairs))


def _read(path: Path, encoding: str) -> Document | None:
    try:
        return readfile(path, encoding=encoding or None)
    except DXF_FAULTS:
        return None


def _read_rest(data: bytes, encoding: str) -> Document | None:
    """Returns the document of what is left when lines were lifted out; None when that is damaged, to be read whole."""
    try:
        return read(io.TextIOWrapper(io.BytesIO(data), encoding=encoding, errors="surrogateescape"))
    except DXF_FAULTS:
        return None


def _closed(data: bytes) -> bytes:
    """Returns what a cut file still holds whole: up to its last record, with the end marks that it lost."""
    start = max(0, len(data) - _TAIL_BYTES)
    records = list(_RECORD.finditer(data, start))
    if not records:
        return data
    last, end = records[-1], records[-1][1]
    return data[: last.start()] + end + end.join([b"  0", b"ENDSEC", b"  0", b"EOF", b""])


def _relabelled(data: bytes, declared: str, encoding: str) -> bytes:
    """Returns the bytes with texts in the encoding that their header names, for the recovery, which trusts it."""
    if declared != "utf-8" and encoding != "utf-8" and _CODE_PAGE.search(data):
        return _CODE_PAGE.sub(rb"\g<1>" + tocodepage(encoding).encode("ascii"), data, count=1)
    words = data.decode(encoding, "replace")
    return words.encode(declared, "surrogateescape" if declared == "utf-8" else "dxfreplace")


def _listed(auditor: Auditor) -> list[str]:
    """Returns what the recovery mended, one line a kind with the first case, the most frequent first."""
    entries = [*auditor.errors, *auditor.fixes]
    counts = Counter(int(entry.code) for entry in entries)
    first = {int(entry.code): readable(str(entry.message)) for entry in reversed(entries)}
    lines = [
        text("read_drawing.repair", count=count, kind=_kind_name(code), first=first[code][:160])
        for code, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    return [text("read_drawing.recovered", count=len(entries)), *lines[:_NAMED_REPAIRS]]


def _kind_name(code: int) -> str:
    try:
        return AuditError(code).name.lower().replace("_", " ")
    except ValueError:
        return str(code)
