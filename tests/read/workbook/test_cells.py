"""Single cells as people type them."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallplan.read.workbook.cells import (
    BadCell,
    IsDays,
    is_percent_column,
    parse_clock,
    parse_count,
    parse_hours,
    parse_minutes,
    parse_share,
    parse_span,
    parse_yes_no,
)


@pytest.mark.parametrize(
    ("said", "cases"),
    [("1,200件", 1200), ("１２００", 1200), ("１，２００件", 1200), ("1.2万", 12000), ("3千件", 3000), (" 850 ", 850), ("12人次/年", 12), (7, 7), ("1e3", 1000)],
)  # fmt: skip
def test_counts_are_read_with_units_and_full_width_digits(said: object, cases: float) -> None:
    assert parse_count(said) == pytest.approx(cases)


@pytest.mark.parametrize(
    "said", ["约800", "800左右", "多", "1,20", "12-15", "十二", -5, "-5件", float("nan"), True, "５个工作日"]
)
def test_what_is_no_count_is_refused(said: object) -> None:
    with pytest.raises(BadCell):
        parse_count(said)


@pytest.mark.parametrize(
    ("said", "minutes"),
    [("15 min", 15), ("8分钟", 8), ("8分钟/件", 8), ("0.5小时", 30), ("1小时20分", 80), ("90秒", 1.5), ("3分30秒", 3.5), (12.5, 12.5), (dt.time(0, 12), 12)],
)  # fmt: skip
def test_minutes_are_read_in_any_unit_of_time(said: object, minutes: float) -> None:
    assert parse_minutes(said) == pytest.approx(minutes)


@pytest.mark.parametrize("said", ["5个工作日", "3天", "20 工作日", "10日内"])
def test_working_days_are_never_minutes(said: str) -> None:
    with pytest.raises(IsDays):
        parse_minutes(said)


def test_a_rough_text_offers_its_number_as_the_remedy() -> None:
    with pytest.raises(BadCell) as bad:
        parse_minutes("约8分钟")
    assert "8" in bad.value.remedy


@pytest.mark.parametrize(
    ("said", "share"), [("30%", 0.3), (0.3, 0.3), (30, 0.3), ("３０％", 0.3), ("3成", 0.3), (1, 1), (0, 0)]
)
def test_shares_are_read_as_share_or_per_cent(said: object, share: float) -> None:
    assert parse_share(said) == pytest.approx(share)


@pytest.mark.parametrize("said", [1.3, "130%", -0.1, 101, "多数"])
def test_more_than_the_whole_is_no_share(said: object) -> None:
    with pytest.raises(BadCell):
        parse_share(said)


def test_a_column_of_per_cents_makes_its_1_a_hundredth() -> None:
    assert is_percent_column([30, 45, 1, ""])
    assert not is_percent_column([0.3, 0.45, 1, 30])
    assert parse_share(1, is_percent=True) == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("said", "answer"),
    [("是", True), ("√", True), ("Y", True), ("否", False), ("×", False), ("n", False), ("也许", None)],
)
def test_yes_and_no_have_many_spellings(said: str, answer: bool | None) -> None:
    assert parse_yes_no(said) is answer


@pytest.mark.parametrize(
    ("said", "minutes"),
    [("9:30", 570), ("09：30", 570), ("9点半", 570), ("14时05分", 845), ("下午2点", 840), (0.375, 540), (dt.time(13, 15), 795),
     (dt.datetime(2025, 3, 1, 9, 5), 545), (dt.datetime(1904, 1, 1, 16), 960), ("2025-03-01 09:05", 545), ("25:00", None)],
)  # fmt: skip
def test_clock_times_are_read(said: object, minutes: int | None) -> None:
    assert parse_clock(said) == minutes


@pytest.mark.parametrize(
    "said", ["09:00-10:00", "9:00～10:00", "9：00—10：00", "9点至10点", "上午9:00-10:00", "周一 9:00-10:00"]
)
def test_spans_are_read(said: str) -> None:
    assert parse_span(said) == (540, 600)


def test_a_span_in_the_afternoon_needs_one_word() -> None:
    assert parse_span("下午2:00-3:30") == (840, 930)


def test_hours_are_read_and_overlaps_refused() -> None:
    assert parse_hours("9:00-12:00；13:00—17:00") == ((540, 720), (780, 1020))
    assert parse_hours("9:00-12:00,11:00-17:00") is None
    assert parse_hours("全天") is None


@given(st.integers(0, 10**8))
def test_any_count_survives_writing_with_commas(value: int) -> None:
    assert parse_count(f"{value:,}件") == value


@given(st.text(max_size=20))
def test_no_text_breaks_a_parser(said: str) -> None:
    for parse in (parse_count, parse_minutes, parse_share):
        with contextlib.suppress(BadCell):
            assert parse(said) >= 0
    parse_clock(said)
    parse_span(said)
    parse_hours(said)
