"""A column that looks like minutes under a heading nobody knows."""

from __future__ import annotations

from pathlib import Path

from hallplan.read.workbook import read_demand
from hallplan.settings import Settings


def warnings_of(folder: Path, heading: str) -> list[str]:
    path = folder / "items.csv"
    path.write_text(f"事项名称,年办件量,{heading}\n身份证申领,1200,8\n参保登记,650,20\n", "utf-8")
    return [warning for warning in read_demand(path, Settings()).warnings if heading in warning]


def test_minutes_under_an_unknown_heading_are_told_not_filled_in_silence(tmp_path: Path) -> None:
    assert "窗口平均办理时长" in warnings_of(tmp_path, "柜面耗时")[0]


def test_a_known_heading_is_read_without_a_word(tmp_path: Path) -> None:
    assert not warnings_of(tmp_path, "平均时间")
