"""Finding the header: below title rows, over one to three rows, merged or not, in any order and spelling."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Final

from hallplan.read.workbook.book import RawSheet
from hallplan.read.workbook.cells import plain, squeezed
from hallplan.terms import read_data
from hallplan.units import MINUTES_PER_HOUR, SECONDS_PER_MINUTE

MAX_DEPTH: Final = 3
_PARENTHESES: Final = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^【】]*)】")
_DECORATION: Final = re.compile(r"[*※★:、\-_/\"“”'.]|必填|选填")
_SCALES: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "count": (("万", 1e4), ("千", 1e3)),
    "minutes": (
        ("小时", MINUTES_PER_HOUR),
        ("hour", MINUTES_PER_HOUR),
        ("秒", 1 / SECONDS_PER_MINUTE),
        ("sec", 1 / SECONDS_PER_MINUTE),
    ),
    "share": (("%", 0.01),),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet: its position from the sheet's first column, its header, and the unit that the header names."""

    index: int
    header: str
    kind: str
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Header:
    """The columns by field, where data begin (row from the sheet's first), and fields that two columns claim."""

    columns: dict[str, Column]
    first: int
    names: tuple[str, ...]
    twice: tuple[tuple[str, int], ...] = ()
    days: tuple[int, ...] = ()


def find_header(sheet: RawSheet, table: str) -> Header:
    """Returns the best header of `sheet` for a table of data/workbook.toml, the most columns in the fewest rows.

    One without the required columns may come back: the caller names what is missing.
    """
    required = read_data("workbook.toml")["sheets"][table]["required"]
    best, best_rank = Header({}, 0, ()), (-1, 0, 0, 0)
    for top in range(min(read_data("workbook.toml")["limits"]["header_rows"], len(sheet.rows))):
        for depth in range(1, min(MAX_DEPTH, len(sheet.rows) - top) + 1):
            found = _match(_names(sheet, top, depth), table, top + depth)
            rank = (sum(name in found.columns for name in required), len(found.columns), -depth, -top)
            if rank > best_rank:
                best, best_rank = found, rank
    return best


def nearest_name(wanted: Sequence[str], names: Sequence[str]) -> str:
    """Returns the header most like one of the spellings, or ""."""
    scored = [
        (difflib.SequenceMatcher(None, fold_name(name), fold_name(alias)).ratio(), name)
        for name in names
        for alias in wanted
        if fold_name(name)
    ]
    ratio, name = max(scored, default=(0.0, ""), key=lambda pair: pair[0])
    return name if ratio >= 0.4 else ""


@cache
def fold_name(name: str) -> str:
    """Returns a header without case, blanks, parentheses and decoration, so that spellings compare."""
    folded = _DECORATION.sub("", _PARENTHESES.sub("", squeezed(name)))
    return folded or squeezed(name)


def _names(sheet: RawSheet, top: int, depth: int) -> list[tuple[str, ...]]:
    """The header cells over each column, top to bottom; a merged or carried parent stands over each of its children."""
    rows = [[plain(cell) for cell in row] for row in sheet.rows[top : top + depth]]
    for a, b, c, d in sheet.merged:
        a, b, c, d = (
            a - sheet.first_row - top,
            b - sheet.first_column,
            c - sheet.first_row - top,
            d - sheet.first_column,
        )
        if 0 <= a < depth and 0 <= b < len(rows[a]):
            for row in range(a, min(c, depth - 1) + 1):
                for column in range(b, min(d, len(rows[row]) - 1) + 1):
                    rows[row][column] = rows[a][b]
    if depth > 1 and not sheet.merged:
        for upper, lower in pairwise(rows):
            for column in range(1, len(upper)):
                if not upper[column] and lower[column] and lower[column - 1]:
                    upper[column] = upper[column - 1]
    return list(zip(*rows, strict=True))


def _match(stacks: Sequence[tuple[str, ...]], table: str, first: int) -> Header:
    columns: dict[str, Column] = {}
    twice: list[tuple[str, int]] = []
    days: list[int] = []
    for index, stack in enumerate(stacks):
        field = _field(stack, table)
        if field is None:
            continue
        kind = read_data("workbook.toml")["columns"][table][field]["kind"]
        unit = _units(stack)
        if kind == "minutes" and ("工作日" in unit or "天" in unit or "day" in unit):
            days.append(index)
        elif field in columns:
            twice.append((field, index))
        else:
            columns[field] = Column(
                index, " ".join(dict.fromkeys(part for part in stack if part)), kind, _scale(kind, unit)
            )
    names = tuple(" ".join(dict.fromkeys(part for part in stack if part)) for stack in stacks)
    return Header(columns, first, names, tuple(twice), tuple(days))


def _field(stack: tuple[str, ...], table: str) -> str | None:
    """The field that a stack of header cells means: the lowest cell, the cells joined, then each cell above."""
    parts = list(dict.fromkeys(part for part in stack if part))
    if not parts or any(len(part) > 40 for part in parts):
        return None
    known = _spellings(table)
    for name in (parts[-1], "".join(parts), *reversed(parts[:-1])):
        if fold_name(name) in known:
            return known[fold_name(name)]
    return None


@cache
def _spellings(table: str) -> dict[str, str]:
    columns: dict[str, Any] = read_data("workbook.toml")["columns"][table]
    return {
        fold_name(spelling): field
        for field, entry in columns.items()
        for spelling in (entry["zh"], entry["en"], *entry["aliases"])
    }


def _units(stack: tuple[str, ...]) -> str:
    return " ".join("".join(groups) for part in stack for groups in _PARENTHESES.findall(squeezed(part)))


def _scale(kind: str, unit: str) -> float:
    return next((scale for word, scale in _SCALES.get(kind, ()) if word in unit), 1.0)
