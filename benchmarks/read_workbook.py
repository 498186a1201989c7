"""Reading 100,000 rows of a workbook: ours against openpyxl on the same file, in one run. Prints JSON."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import xlsxwriter

from hallplan.read.workbook import read_demand
from hallplan.read.workbook.book import open_book
from hallplan.settings import Settings

ROWS = 100_000
SHEET = "事项清单"
HEAD = (
    "事项编码",
    "事项名称",
    "部门",
    "年办件量",
    "受理分钟",
    "网办率",
    "办件类型",
    "事项类型",
    "年咨询量",
    "是否进驻",
)


def main() -> None:
    """Measures processor time, so that other work on the machine counts little."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "demand.xlsx"
        _make(path)
        ours = _seconds(lambda: open_book(path).load(SHEET))
        demand = _seconds(lambda: read_demand(path, Settings()))
        peer = _seconds(lambda: openpyxl.load_workbook(path, data_only=True))
        stream = _seconds(lambda: _stream(path))
    figures = {
        "rows": ROWS,
        "cells_s": ours,
        "demand_s": demand,
        "openpyxl_s": peer,
        "openpyxl_read_only_s": stream,
        "ratio": round(peer / ours, 1),
        "ratio_read_only": round(stream / ours, 1),
    }
    print(json.dumps(figures, indent=1))


def _make(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet(SHEET)
    sheet.write_row(0, 0, HEAD)
    for row in range(1, ROWS + 1):
        sheet.write_row(
            row, 0, (f"C{row}", f"事项{row}", "审批局", row % 5000, 10 + row % 7, 0.3, "即办件", "行政许可", 5, "是")
        )
    book.close()


def _stream(path: Path) -> int:
    sheet = openpyxl.load_workbook(path, read_only=True, data_only=True)[SHEET]
    return sum(1 for _ in sheet.iter_rows(values_only=True))


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return round(time.process_time() - start, 2)


if __name__ == "__main__":
    main()
