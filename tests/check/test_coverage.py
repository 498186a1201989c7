"""The table of the guide's chapters in docs/ says what the pack says."""

from __future__ import annotations

import re
from pathlib import Path

from hallplan.terms import read_data

TABLE = Path(__file__).parents[2] / "docs" / "guide-coverage.md"


def coverage_rows() -> list[str]:
    """Returns a row for each rule of the guide: chapter, rule, what it asks, whether a plan decides it, and why not."""
    rows = []
    for id, entry in read_data("rules/guide.toml").items():
        chapter = re.search(r"第(\d+)章", entry["clause"])
        assert chapter, id
        kind = {"unseen": "否", "unpublished": "国标数值未公布，填写后可判"}.get(entry["check"], "是")
        how = entry.get("why_zh") or f"`{entry['check']}`"
        rows.append((int(chapter[1]), f"| {chapter[1]} | `{id}` | {entry['zh']} | {kind} | {how} |"))
    return [row for _, row in sorted(rows, key=lambda row: row[0])]


def test_the_table_in_the_docs_has_every_rule_of_the_guide() -> None:
    assert coverage_rows() == [
        line for line in TABLE.read_text("utf-8").splitlines() if line.startswith("| ") and "`guide_" in line
    ]


def test_every_chapter_of_the_guide_is_in_the_table() -> None:
    assert {int(row.split("|")[1]) for row in coverage_rows()} == set(range(4, 11))
