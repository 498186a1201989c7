"""Reads people counters (人流): who came and went, by time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from hallplan.errors import SheetError
from hallplan.model.monitor import PeopleCount
from hallplan.read.workbook.book import open_book
from hallplan.read.workbook.cells import BadCell, Cell, parse_count, squeezed
from hallplan.read.workbook.drills import parse_moment
from hallplan.terms import aliases_of_columns, text

HEAD_ROWS = 30
EPOCH = dt.datetime(1970, 1, 1)


def read_people_counts(path: Path) -> tuple[PeopleCount, ...]:
    """Returns the counts of a table with the columns 时间, 进 and perhaps 出 (domain.md 5), several doors one after another.

    Raises SheetError when there are no such columns or no row can be read.
    """
    book = open_book(path)
    for name in book.sheet_names:
        rows = book.load(name).rows
        for top, row in enumerate(rows[:HEAD_ROWS]):
            columns = _columns(row)
            if {"time", "in"} <= set(columns):
                found = [count for cells in rows[top + 1 :] if (count := _count(cells, columns))]
                if found:
                    return tuple(found)
    raise SheetError.at(path.name, text("log.no_counts"), text("log.counts_wanted"))


def _columns(row: Sequence[Cell]) -> dict[str, int]:
    heads = [squeezed(cell) for cell in row]
    found = {}
    for role, names in aliases_of_columns("counts").items():
        at = next((heads.index(squeezed(name)) for name in names if squeezed(name) in heads), None)
        if at is not None:
            found[role] = at
    return found


def _count(cells: Sequence[Cell], columns: dict[str, int]) -> PeopleCount | None:
    """A row that tells a date with a time and a number; totals and blanks tell none."""
    try:
        at = dt.datetime.fromisoformat(parse_moment(cells[columns["time"]]))
        came = parse_count(cells[columns["in"]])
        left = parse_count(cells[columns["out"]]) if columns.get("out", len(cells)) < len(cells) else 0.0
    except (BadCell, IndexError):
        return None
    door = str(cells[columns["door"]] or "").strip() if columns.get("door", len(cells)) < len(cells) else ""
    return PeopleCount((at - EPOCH).days, at.hour * 60 + at.minute, came, left, door)
