"""Dates, times and durations as strangers' systems export them: every form comes back as the moment it was made from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallplan.model.log import QueueLog
from hallplan.read.log.odd import plain_form
from tests.queue_logs import read_text

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
EPOCH = dt.datetime(1970, 1, 1)
TAKEN = [
    dt.datetime.combine(dt.date(2026, 3, 5) + dt.timedelta(day), dt.time(hour, 7 * hour % 60, 13))
    for day in range(14)
    for hour in (8, 9, 11, 14, 17)
]
WAIT_S, SERVICE_S = 365, 511


def half(moment: dt.datetime) -> str:
    return "上午" if moment.hour < 12 else "下午"


FULL: dict[str, Callable[[dt.datetime], str]] = {
    "iso T": lambda t: t.isoformat(),
    "iso zone": lambda t: t.isoformat() + "+08:00",
    "chinese": lambda t: f"{t.year}年{t.month}月{t.day}日 {t.hour}时{t.minute}分{t.second}秒",
    "chinese half": lambda t: f"{t.year}/{t.month}/{t.day} {half(t)}{(t.hour - 1) % 12 + 1}:{t:%M:%S}",
    "weekday": lambda t: f"{t:%Y-%m-%d} 星期{'一二三四五六日'[t.weekday()]} {t:%H:%M:%S}",
    "am pm": lambda t: f"{t:%m/%d/%Y %I:%M:%S} {'AM' if t.hour < 12 else 'PM'}",
    "day first": lambda t: f"{t:%d/%m/%Y %H:%M:%S}",
    "short year": lambda t: f"{t:%d/%m/%y %H:%M:%S}",
    "short year first": lambda t: f"{t:%y-%m-%d %H:%M:%S}",
    "packed": lambda t: f"{t:%Y%m%d%H%M%S}",
    "packed blank": lambda t: f"{t:%Y%m%d %H%M%S}",
    "packed T": lambda t: f"{t:%Y%m%dT%H%M%S}",
    "month": lambda t: f"{t.day} {MONTHS[t.month - 1]} {t.year} {t:%H:%M:%S}",
    "month dash": lambda t: f"{t.day:02d}-{MONTHS[t.month - 1].upper()}-{t.year} {t:%H:%M:%S}",
    "oracle": lambda t: f"{t.day:02d}-{MONTHS[t.month - 1].upper()}-{t.year % 100} {(t.hour - 1) % 12 + 1:02d}.{t:%M.%S} {'AM' if t.hour < 12 else 'PM'}",
    "month us": lambda t: f"{MONTHS[t.month - 1]} {t.day}, {t.year} {(t.hour - 1) % 12 + 1}:{t:%M:%S} {'AM' if t.hour < 12 else 'PM'}",
    "ctime": lambda t: f"Thu {MONTHS[t.month - 1]} {t.day:2d} {t:%H:%M:%S} {t.year}",
    "mail": lambda t: f"Thu, {t.day:02d} {MONTHS[t.month - 1]} {t.year} {t:%H:%M:%S} +0800",
    "serial": lambda t: f"{(t - dt.datetime(1899, 12, 30)).total_seconds() / 86400:.9f}",
    "epoch": lambda t: f"{(t - EPOCH).total_seconds():.0f}",
    "epoch ms": lambda t: f"{1000 * (t - EPOCH).total_seconds():.0f}",
}  # fmt: skip
CLOCKS: dict[str, Callable[[dt.datetime], str]] = {
    "plain": lambda t: f"{t:%H:%M:%S}",
    "half": lambda t: f"{half(t)}{(t.hour - 1) % 12 + 1}:{t:%M:%S}",
    "half words": lambda t: f"{half(t)}{(t.hour - 1) % 12 + 1}时{t.minute}分{t.second}秒",
    "packed": lambda t: f"{t:%H%M%S}",
    "dots": lambda t: f"{t:%H.%M.%S}",
    "part of a day": lambda t: f"{(t.hour * 3600 + t.minute * 60 + t.second) / 86400:.9f}",
    "seconds": lambda t: f"{t.hour * 3600 + t.minute * 60 + t.second}",
    "access": lambda t: f"1899-12-30 {t:%H:%M:%S}",
    "wide colons": lambda t: f"{t:%H:%M:%S}".replace(":", "："),
}  # fmt: skip
DATES: dict[str, Callable[[dt.datetime], str]] = {
    "chinese": lambda t: f"{t.year}年{t.month}月{t.day}日",
    "day first": lambda t: f"{t:%d/%m/%Y}",
    "month first": lambda t: f"{t:%m/%d/%Y}",
    "packed": lambda t: f"{t:%Y%m%d}",
    "short": lambda t: f"{t:%y%m%d}",
    "month": lambda t: f"{t.day:02d}-{MONTHS[t.month - 1]}-{t.year}",
    "serial": lambda t: f"{(t.date() - dt.date(1899, 12, 30)).days}",
    "midnight": lambda t: f"{t:%Y/%m/%d} 0:00",
}  # fmt: skip
SPANS: dict[str, tuple[str, Callable[[int], str]]] = {
    "seconds": ("时长", str),
    "unit in heading": ("时长（分钟）", lambda s: f"{s / 60:.6f}"),
    "minutes": ("时长", lambda s: f"{s / 60:.6f}分钟"),
    "h:mm:ss": ("时长", lambda s: f"{s // 3600}:{s // 60 % 60:02d}:{s % 60:02d}"),
    "m:ss": ("时长", lambda s: f"{s // 60:02d}:{s % 60:02d}"),
    "words": ("时长", lambda s: f"{s // 60}分{s % 60}秒"),
    "english": ("时长", lambda s: f"{s // 60} min {s % 60} s"),
    "short english": ("时长", lambda s: f"{s // 60}m{s % 60:02d}s"),
    "iso": ("时长", lambda s: f"PT{s // 60}M{s % 60}S"),
    "primes": ("时长", lambda s: f"{s // 60}'{s % 60:02d}''"),
    "days": ("时长", lambda s: f"0 days {s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}"),
    "part of a day": ("时长", lambda s: f"{s / 86400:.9f}"),
}


def require_same(log: QueueLog) -> None:
    assert log.absolute_s == pytest.approx([(t - EPOCH).total_seconds() for t in TAKEN], abs=0.01)
    assert log.wait_s == pytest.approx(np.full(len(TAKEN), WAIT_S), abs=0.01)
    assert log.service_s == pytest.approx(np.full(len(TAKEN), SERVICE_S), abs=0.01)


def lines(written: Callable[[dt.datetime], str], *, is_dated: Callable[[dt.datetime], str] | None = None) -> str:
    rows = []
    for n, taken in enumerate(TAKEN):
        called = taken + dt.timedelta(seconds=WAIT_S)
        ended = called + dt.timedelta(seconds=SERVICE_S)
        day = [is_dated(taken)] if is_dated else []
        fields = [f"A{n}", *day, *(written(t) for t in (taken, called, ended)), f"{n % 3}号"]
        rows.append(",".join(f'"{field}"' for field in fields))
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("form", FULL)
def test_full_times(tmp_path: Path, form: str) -> None:
    require_same(read_text(tmp_path, "票号,取号时间,叫号时间,结束时间,窗口\n" + lines(FULL[form])))


@pytest.mark.parametrize("form", CLOCKS)
def test_clock_times_beside_a_date(tmp_path: Path, form: str) -> None:
    content = lines(CLOCKS[form], is_dated=lambda t: f"{t:%Y-%m-%d}")
    require_same(read_text(tmp_path, "票号,日期,取号时间,叫号时间,结束时间,窗口\n" + content))


@pytest.mark.parametrize("form", DATES)
def test_dates_beside_clock_times(tmp_path: Path, form: str) -> None:
    content = lines(lambda t: f"{t:%H:%M:%S}", is_dated=DATES[form])
    require_same(read_text(tmp_path, "票号,日期,取号时间,叫号时间,结束时间,窗口\n" + content))


@pytest.mark.parametrize("form", SPANS)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_durations(tmp_path: Path, form: str, encoding: str) -> None:
    heading, written = SPANS[form]
    head = f"票号,取号时间,等候{heading},办理{heading},窗口\n"
    rows = [f'A{n},{t},"{written(WAIT_S)}","{written(SERVICE_S)}",{n % 3}号\n' for n, t in enumerate(TAKEN)]
    require_same(read_text(tmp_path, head + "".join(rows), encoding=encoding))


def test_a_blank_wait_follows_from_the_clocks_and_is_not_nought(tmp_path: Path) -> None:
    """A blank field was read as the number 0."""
    log = read_text(tmp_path, "票号,取号时间,叫号时间,等候时长,窗口\nA1,2026-03-05 9:00:00,2026-03-05 9:05:00,,1号\n")
    assert log.wait_s.tolist() == [300]


def test_seconds_since_1970_count_in_utc_where_the_hall_has_a_zone(tmp_path: Path) -> None:
    utc = dt.datetime(2026, 3, 5, 1, 0)  # 9:00 in Shanghai
    log = read_text(
        tmp_path, f"票号,取号时间,窗口\nA1,{(utc - EPOCH).total_seconds():.0f},1号\n", timezone="Asia/Shanghai"
    )
    assert log.taken_s.tolist() == [9 * 3600]


def test_what_was_settled_by_the_whole_column_is_told(tmp_path: Path) -> None:
    content = lines(CLOCKS["packed"], is_dated=lambda t: f"{t:%Y-%m-%d}")
    log = read_text(tmp_path, "票号,日期,取号时间,叫号时间,结束时间,窗口\n" + content)
    assert "packed_clocks" in {note.kind for note in log.notes}


def test_seconds_after_midnight_stay_seconds(tmp_path: Path) -> None:
    """43,259 s is 12:00:59; as 4:32:59 it would be a clock time as well, but all lie within the day."""
    log = read_text(tmp_path, "日期,取号时间,窗口\n2026-03-05,43259,1号\n2026-03-05,43200,1号\n")
    assert log.taken_s.tolist() == [43259, 43200]


def test_hours_and_minutes_stay_so_where_they_are_likely(tmp_path: Path) -> None:
    log = read_text(tmp_path, "取号时间,等候时长,窗口\n2026-03-05 9:00:00,0:25,1号\n2026-03-05 9:00:10,1:10,1号\n")
    assert log.wait_s.tolist() == [25 * 60, 70 * 60]


@settings(max_examples=60, deadline=None)
@given(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2090, 1, 1)))
def test_english_months_in_any_order_are_the_same_moment(moment: dt.datetime) -> None:
    month = MONTHS[moment.month - 1]
    clock = f"{moment:%H:%M:%S}"
    forms = (f"{moment.day} {month} {moment.year} {clock}", f"{month} {moment.day}, {moment.year} {clock}", f"Mon {month} {moment.day} {clock} {moment.year}")  # fmt: skip
    assert {plain_form(form, is_time=True) for form in forms} == {f"{moment:%Y-%m-%d} {clock}"}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_no_text_makes_the_reader_fail(said: str) -> None:
    assert isinstance(plain_form(said, is_time=True), str)


HEADINGS = {
    "vendor": ("排队号码", "受理业务", "拿号时间", "叫到号时刻", "开办时刻", "完结时刻", "办事窗口编号"),
    "short": ("号码", "事项", "取号", "叫号", "受理", "办结", "窗口"),
    "long": ("票号", "业务类别", "群众取票时间", "首次呼叫时间", "办理开始时间", "业务办理结束时间", "服务窗口名称"),
    "ends": ("流水号", "业务", "登记时间", "呼叫到号时间", "办件开始", "办理结束", "柜台号"),
    "camel": ("TicketNumber", "ServiceName", "IssueTime", "CallTime", "StartTime", "FinishTime", "CounterName"),
    "snake": ("token_no", "service_type", "created_at", "called_at", "served_at", "closed_at", "counter_id"),
    "words": ("Ticket", "Transaction", "Arrival", "Called", "Serve Start", "Serve End", "Window"),
    "checkin": ("Queue Number", "Category", "Check-in Time", "First Call", "Service Begin", "Departure Time", "Desk"),
    "moment": ("票号", "业务类型", "取号时间", "叫号时间", "办理时间", "办结时间", "窗口号"),
}


@pytest.mark.parametrize("headings", HEADINGS.values(), ids=HEADINGS)
def test_headings_nobody_listed_are_known_by_what_they_say(tmp_path: Path, headings: tuple[str, ...]) -> None:
    rows = [",".join(headings)]
    for n, taken in enumerate(TAKEN):
        called = taken + dt.timedelta(seconds=WAIT_S)
        started = called + dt.timedelta(seconds=20)
        moments = (taken, called, started, started + dt.timedelta(seconds=SERVICE_S))
        rows.append(f"A{n:03d},社保," + ",".join(f"{t:%Y-%m-%d %H:%M:%S}" for t in moments) + ",3号")
    log = read_text(tmp_path, "\n".join(rows) + "\n")
    assert log.wait_s.tolist() == [WAIT_S] * len(TAKEN)
    assert log.service_s.tolist() == [SERVICE_S] * len(TAKEN)
    assert (log.window.names, log.item.names, bool(log.ticket.all())) == (("3号",), ("社保",), True)


def test_a_column_of_clocks_under_a_heading_of_durations_is_a_start(tmp_path: Path) -> None:
    log = read_text(
        tmp_path, "日期,取号时间,叫号时间,办理时间,完成时间,窗口\n2026-03-05,9:00,9:05,9:06,9:16,1\n2026-03-05,9:10,9:15,9:16,9:26,1\n"
    )  # fmt: skip
    assert log.service_s.tolist() == [600, 600]
    assert "moments" in {note.kind for note in log.notes}


def test_what_seems_to_tell_times_and_is_not_used_is_named(tmp_path: Path) -> None:
    log = read_text(
        tmp_path, "取号时间,窗口,出件时间\n2026-03-05 9:00,1,2026-03-05 9:30\n2026-03-05 9:01,1,2026-03-05 9:40\n"
    )
    said = {note.kind: note.text for note in log.notes}
    assert {"unused_times", "no_wait", "no_service"} <= set(said)
    assert "出件时间" in said["unused_times"]
    assert "[log.columns]" in said["unused_times"]


@pytest.mark.parametrize(
    ("heading", "times"), [("等待秒数", 1), ("等待分钟数", 60), ("WaitMinutes", 60), ("wait_secs", 1)]
)
def test_a_unit_in_a_heading_counts(tmp_path: Path, heading: str, times: int) -> None:
    log = read_text(
        tmp_path, f"取号时间,{heading},办理时长,窗口\n2026-03-05 9:00,7,00:10:00,1\n2026-03-05 9:10,7,00:10:00,1\n"
    )
    assert log.wait_s.tolist() == [7 * times, 7 * times]


EVENTS = """时间,票号,业务,事件,窗口
2026-03-05 09:00:00,A001,社保,取号,
2026-03-05 09:01:00,A002,社保,取号,
2026-03-05 09:05:00,A001,社保,叫号,3号
2026-03-05 09:05:20,A001,社保,开始办理,3号
2026-03-05 09:07:00,A002,社保,叫号,1号
2026-03-05 09:08:00,A002,社保,过号,1号
2026-03-05 09:15:20,A001,社保,办结,3号
2026-03-06 09:00:00,A001,税务,取号,
2026-03-06 09:02:00,A001,税务,叫号,2号
2026-03-06 09:12:00,A001,税务,结束,2号
"""


@pytest.mark.parametrize("is_latest_first", [False, True])
def test_a_row_for_each_event_makes_tickets(tmp_path: Path, *, is_latest_first: bool) -> None:
    head, *rows = EVENTS.splitlines(keepends=True)
    log = read_text(tmp_path, head + "".join(reversed(rows) if is_latest_first else rows))
    order = np.argsort(log.absolute_s)
    assert log.wait_s[order].tolist() == [300, 360, 120]
    assert log.served[order].tolist() == [True, False, True]
    assert log.service_s[log.served].tolist() == [600, 600]
    assert [log.window.names[code] for code in log.window.codes[order]] == ["3号", "1号", "2号"]
    assert "10 个事件合成 3 张票" in next(note.text for note in log.notes if note.kind == "events")


def test_bars_between_fields_are_found(tmp_path: Path) -> None:
    log = read_text(tmp_path, "取号时间|叫号时间|窗口\n2026-03-05 9:00|2026-03-05 9:02|1\n")
    assert log.wait_s.tolist() == [120]
