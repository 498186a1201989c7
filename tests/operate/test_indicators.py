"""Indicators as formulas, trends, unusual days and peers."""

from __future__ import annotations

from pathlib import Path

import pytest

from hallplan.operate import make_board, measure, monitor_report
from hallplan.operate.indicators import Missing, evaluate, value_of
from hallplan.operate.measures import measures_of, peak_waiting
from hallplan.operate.watch import anomalies, peers, trends
from hallplan.settings import Settings
from hallplan.terms import read_data
from hallplan.write.board import write_board
from tests.operate.test_week import made_log
from tests.queue_logs import HEAD, ROWS, read_text


def test_a_formula_is_worked_out() -> None:
    assert value_of("100 * (a + b) / c - 1", {"a": 1, "b": 2, "c": 4}) == 74


@pytest.mark.parametrize("formula", ["a / b", "x", "a ** 2", "__import__('os')"])
def test_a_formula_that_has_no_value_says_why(formula: str) -> None:
    with pytest.raises(Missing):
        value_of(formula, {"a": 1.0, "b": 0.0})


def test_an_indicator_that_divides_by_zero_is_undecided_and_says_so(tmp_path: Path) -> None:
    log = read_text(tmp_path, "取号时间,窗口,结果\n2026-03-05 9:00,1,作废\n")
    found = {i.id: i for i in evaluate(measures_of(log, measure(log), None, Settings()), Settings())}
    assert (found["left"].value, found["left"].status) == (None, "undecided")
    assert "为零" in found["left"].why


def test_indicators_of_three_tickets(tmp_path: Path) -> None:
    log = read_text(tmp_path, HEAD + ROWS)
    found = {i.id: i for i in evaluate(measures_of(log, measure(log), None, Settings()), Settings())}
    assert found["left"].value == pytest.approx(1 / 3)
    assert found["left"].status == "fail"
    assert (found["mean_wait"].value, found["service"].value) == (3, 7.5)
    assert (found["wait_within"].value, found["wait_within"].status) == (1, "pass")
    assert found["busy"].value == 1


def test_every_indicator_has_words_a_formula_and_a_source_and_principles_name_them() -> None:
    data = read_data("indicators.toml")
    for id, entry in data["indicators"].items():
        assert all(entry[key] for key in ("zh", "en", "source")), id
        assert entry["better"] in ("more", "less", "near")
        assert entry["group"] in data["groups"]
    for entry in data["principles"].values():
        assert 3 <= len(entry["indicators"]) <= 5
        assert set(entry["indicators"]) <= set(data["indicators"])


def test_most_who_waited_at_once(tmp_path: Path) -> None:
    # 9:00:10–9:05:10 and 9:01–9:02 overlap
    assert peak_waiting(read_text(tmp_path, HEAD + ROWS)) == 2


def test_a_day_with_many_more_people_is_unusual(tmp_path: Path) -> None:
    rows = [
        f"2026-03-{day:02d} 9:{m:02d},1,1,60"
        for day in (2, 3, 4, 5, 6, 9, 10) for m in range({9: 50}.get(day, 10 + day % 3))
    ]  # fmt: skip
    found = anomalies(measure(read_text(tmp_path, "取号时间,窗口,等候时长,服务时长\n" + "\n".join(rows) + "\n")))
    assert [(a.value, a.score > 3.5) for a in found] == [(50, True)]


def test_trends_need_a_before(tmp_path: Path) -> None:
    assert trends(measure(read_text(tmp_path, made_log(7)))) == ()
    found = trends(measure(read_text(tmp_path, made_log(14))))
    assert found[0].now == found[0].before == 120


def test_halls_stand_side_by_side_and_the_page_shows_them(tmp_path: Path) -> None:
    content = "大厅,取号时间,窗口,等候时长,服务时长\n甲厅,2026-03-05 9:00,1,60,60\n乙厅,2026-03-05 9:00,1,300,30\n"
    log = read_text(tmp_path, content)
    assert [(p.hall, p.mean_wait_s) for p in peers(log)] == [("乙厅", 300), ("甲厅", 60)]
    board = make_board(log, measure(log), None, Settings(), "两厅")
    write_board(board, tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "各厅对比" in page
    assert "<title>09:00" in page
    assert monitor_report(measure(log), (), board)["peers"]
