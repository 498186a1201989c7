"""Reads ratings and complaints (好差评, third-party surveys): a table with free text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from hallplan.errors import SheetError
from hallplan.model.monitor import Review
from hallplan.read.workbook.book import open_book
from hallplan.read.workbook.cells import BadCell, Cell, plain, squeezed
from hallplan.read.workbook.staff import parse_date
from hallplan.terms import read_data, text

HEAD_ROWS = 30
EPOCH = dt.date(1970, 1, 1)


def read_reviews(path: Path) -> tuple[Review, ...]:
    """Returns the ratings of a table (.csv, .tsv, .xlsx); raises SheetError when no column holds scores or texts."""
    book = open_book(path)
    for name in book.sheet_names:
        rows = book.load(name).rows
        for top, row in enumerate(rows[:HEAD_ROWS]):
            columns = _columns(row)
            if {"words", "score"} & set(columns) and len(columns) > 1:
                found = (_review(cells, columns) for cells in rows[top + 1 :])
                return tuple(review for review in found if review.words or review.score)
    raise SheetError.at(path.name, text("log.no_reviews"), text("log.reviews_wanted"))


def _columns(row: Sequence[Cell]) -> dict[str, int]:
    heads = [squeezed(cell) for cell in row]
    found = {}
    for role, names in read_data("reviews.toml")["columns"].items():
        at = next((heads.index(name) for name in names if name in heads), None)
        if at is not None:
            found[role] = at
    return found


def _review(cells: Sequence[Cell], columns: dict[str, int]) -> Review:
    said = {role: plain(cells[at]) if at < len(cells) else "" for role, at in columns.items()}
    return Review(_day(cells, columns), said.get("window", ""), said.get("score", ""), said.get("words", ""))


def _day(cells: Sequence[Cell], columns: dict[str, int]) -> int:
    """The day that a row tells; one that cannot be read is no fault: the text counts."""
    at = columns.get("time")
    if at is None or at >= len(cells):
        return -1
    try:
        return (dt.date.fromisoformat(parse_date(cells[at])) - EPOCH).days
    except BadCell:
        return -1
