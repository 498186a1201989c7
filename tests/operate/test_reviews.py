"""Complaints grouped by cause."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hallplan.errors import SheetError
from hallplan.model.monitor import Review
from hallplan.operate.reviews import causes_of, group_reviews, is_bad
from hallplan.read.reviews import read_reviews
from tests.cli.test_calls import run
from tests.queue_logs import HEAD, ROWS

TABLE = (
    "时间,窗口,评价,内容\n2026-03-05,1号,不满意,排队等了两小时\n2026-03-05,1号,差评,叫号太慢而且态度差\n"
    "2026-03-06,2号,满意,很快\n2026-03-06,2号,不满意,卫生间找不到\n2026-03-06,2号,,天气不好\n"
)


@pytest.mark.parametrize(
    ("score", "words", "bad"),
    [("不满意", "", True), ("满意", "慢", False), ("", "慢", True), ("1", "", True), ("5", "", False)],
)
def test_a_bad_score_or_words_without_one_complain(score: str, words: str, bad: bool) -> None:
    assert is_bad(Review(0, "", score, words)) is bad


def test_a_text_may_have_several_causes_or_none() -> None:
    assert causes_of("叫号太慢而且态度差") == ["wait", "attitude"]
    assert causes_of("天气不好") == ["other"]


def test_complaints_are_counted_by_cause_with_the_windows_they_name(tmp_path: Path) -> None:
    (tmp_path / "reviews.csv").write_bytes(TABLE.encode("gb18030"))
    found = {cause.id: cause for cause in group_reviews(read_reviews(tmp_path / "reviews.csv"))}
    assert {id: cause.count for id, cause in found.items()} == {"wait": 2, "attitude": 1, "place": 1, "other": 1}
    assert found["wait"].windows == (("1号", 2),)
    assert found["wait"].share == 0.5


def test_no_complaint_gives_no_cause() -> None:
    assert group_reviews(()) == ()
    assert group_reviews([Review(0, "", "满意", "好")]) == ()


def test_the_command_joins_them(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(HEAD + ROWS, "utf-8")
    (tmp_path / "reviews.csv").write_text(TABLE, "utf-8")
    code, out, _ = run(
        "monitor", tmp_path / "log.csv", "--reviews", tmp_path / "reviews.csv", "-o", tmp_path / "page", "--json"
    )
    assert code == 0
    assert json.loads(out)["causes"][0]["id"] == "wait"
    assert "等候太久" in (tmp_path / "page" / "monitor.html").read_text("utf-8")


def test_a_table_without_scores_or_texts_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("甲,乙\n1,2\n", "utf-8")
    with pytest.raises(SheetError):
        read_reviews(tmp_path / "a.csv")
