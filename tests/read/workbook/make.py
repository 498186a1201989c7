"""Small workbooks for the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

HEAD = ["事项编码", "事项名称", "年办件量"]
ROW = ["A1", "公司设立登记", 1200]


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]], **options: object) -> Path:
    """Writes sheets of rows; a text that starts with = is a formula whose stored value is 0, None is no cell."""
    book = xlsxwriter.Workbook(str(path), options)
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value is not None:
                    sheet.write(r, c, value)
    book.close()
    return path


def items(
    path: Path, *rows: Sequence[object], head: Sequence[object] = HEAD, **more: Sequence[Sequence[object]]
) -> Path:
    """Writes a workbook with 事项清单 of `head` and `rows` and further sheets."""
    return workbook(path, {"事项清单": [head, *rows], **more})
