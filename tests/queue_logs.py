"""Queue logs for tests: small tables with known answers, and the real one where it is at hand."""

from __future__ import annotations

import csv
from pathlib import Path

from hallplan.model.log import QueueLog
from hallplan.read.log import read_log
from hallplan.settings import Settings

BANK = Path(__file__).parents[1] / "../shared/data/queue/bank-1999-02a.tsv"
HEAD = "票号,日期,取号时间,叫号时间,结束时间,窗口,业务类型,状态\n"
ROWS = (
    "A001,2026-03-05,9:00:10,9:05:10,9:12:10,1号,社保,办结\n"
    "A002,2026-03-05,9:01:00,9:02:00,9:10:00,2号,税务,办结\n"
    "A003,2026-03-05,9:31:00,,,,社保,弃号\n"
)


def read_text(folder: Path, content: str, name: str = "log.csv", encoding: str = "utf-8", **log: object) -> QueueLog:
    """Returns the log that a text file says."""
    path = folder / name
    path.write_bytes(content.encode(encoding))
    return read_log([path], Settings.model_validate({"log": log}))


def bank_rows() -> list[dict[str, str]]:
    """Returns the rows of the real log, read by the standard library alone."""
    with BANK.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))
