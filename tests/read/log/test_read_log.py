"""Queue logs as they are exported: encodings, times, words, repeats, and what is wrong with them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallplan.errors import SettingsError, SheetError
from hallplan.model.log import SERVED
from hallplan.operate import measure
from hallplan.read.log import read_log
from hallplan.read.log.moments import BAD, CLOCK, DATE, FULL, NUMBER, days_of, read_moment
from hallplan.settings import Settings
from hallplan.units import iso_day
from tests.queue_logs import BANK, HEAD, ROWS, bank_rows, read_text

DAY_2026_03_05 = 20517
DAYS = [dt.date(2026, 3, day) for day in range(2, 7)]
needs_bank = pytest.mark.skipif(not BANK.exists(), reason="the shared data is not here")


def test_waits_and_services_follow_from_clock_times_and_a_date(tmp_path: Path) -> None:
    log = read_text(tmp_path, HEAD + ROWS)
    assert log.day.tolist() == [DAY_2026_03_05] * 3
    assert log.wait_s[:2].tolist() == [300, 60]
    assert log.service_s[:2].tolist() == [420, 480]
    assert log.served.tolist() == [True, True, False]
    assert log.abandoned.tolist() == [False, False, True]
    assert [log.window.names[c] for c in log.window.codes] == ["1号", "2号", ""]
    assert [log.item.names[c] for c in log.item.codes] == ["社保", "税务", "社保"]


def test_a_blank_cell_is_not_midnight_nor_no_window(tmp_path: Path) -> None:
    rows = "A1,2026-03-05,,9:05:10,9:12:10,1号,社保,办结\nA2,2026-03-05,9:01:00,9:02:00,9:10:00,,税务,办结\n"
    log = read_text(tmp_path, HEAD + rows)
    # The first is known from being called on, how long it waited is not; the second was served at a window not told.
    assert log.taken_s.tolist() == [9 * 3600 + 310, 9 * 3600 + 60]
    assert np.isnan(log.wait_s[0])
    assert log.served.tolist() == [True, True]
    assert [log.window.names[c] for c in log.window.codes] == ["1号", ""]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_does_not_matter(tmp_path: Path, encoding: str) -> None:
    log = read_text(tmp_path, HEAD + ROWS, encoding=encoding)
    assert "税务" in log.item.names
    assert log.n == 3


@pytest.mark.parametrize(("name", "mark"), [("log.tsv", "\t"), ("log.csv", ";"), ("log.txt", ",")])
def test_the_delimiter_is_found(tmp_path: Path, name: str, mark: str) -> None:
    assert read_text(tmp_path, (HEAD + ROWS).replace(",", mark), name=name).wait_s[0] == 300


def test_title_rows_blank_rows_and_totals_do_not_matter(tmp_path: Path) -> None:
    log = read_text(tmp_path, "某市政务服务中心叫号记录,,,,,,,\n\n" + HEAD + ROWS + "\n合计,,,,,,,3\n")
    assert log.counted.sum() == 3
    assert log.reasons == ("no time",)


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_the_last_row_counts_however_the_file_ends(tmp_path: Path, end: str) -> None:
    log = read_text(tmp_path, HEAD + ROWS.rstrip("\n") + "\nA9,2026-03-05,9:40,,,,," + end)
    assert log.n == 4


def test_quotes_hold_delimiters_and_quotes(tmp_path: Path) -> None:
    log = read_text(tmp_path, HEAD + 'A1,2026-03-05,"9:00",9:05,9:06,"1,2号","说""急""办",办结\n')
    assert log.window.names[log.window.codes[0]] == "1,2号"
    assert log.item.names[log.item.codes[0]] == '说"急"办'


@pytest.mark.parametrize(
    "moment",
    [
        "2026-03-05 09:00:10",
        "2026/3/5 9:00:10",
        "2026年3月5日 9时00分10秒",
        "20260305090010",
        "2026-03-05T09:00:10.000",
    ],
)
def test_full_times_need_no_date_column(tmp_path: Path, moment: str) -> None:
    log = read_text(tmp_path, f"取号时间,窗口,等候时长\n{moment},1,30\n")
    assert (log.day[0], log.taken_s[0], log.wait_s[0]) == (DAY_2026_03_05, 9 * 3600 + 10, 30)


def test_afternoon_words_are_understood_in_both_encodings(tmp_path: Path) -> None:
    for encoding in ("utf-8", "gb18030"):
        log = read_text(tmp_path, "取号时间,窗口\n2026/3/5 下午 2:05,1\n2026/3/5 上午 9:05,1\n", encoding=encoding)
        assert (log.taken_s / 3600).round(3).tolist() == [14.083, 9.083]


def test_seconds_and_units_in_headings(tmp_path: Path) -> None:
    log = read_text(tmp_path, "日期,取号时间,等候时长(分钟),服务时长,窗口\n20260305,32410,1.5,90,1\n")
    assert (log.taken_s[0], log.wait_s[0], log.service_s[0]) == (32410, 90, 90)


def test_a_date_in_the_file_name_will_do(tmp_path: Path) -> None:
    assert read_text(tmp_path, "取号时间,窗口\n9:00,1\n", name="叫号2026-03-05.csv").day[0] == DAY_2026_03_05


def test_columns_can_be_mapped(tmp_path: Path) -> None:
    mapped = {"taken": "T", "window": "Platz", "date": "D"}
    log = read_text(tmp_path, "T;Platz;D\n9:00;7;5.3.2026\n", columns=mapped, date_order="dmy")
    assert (log.day[0], log.window.names) == (DAY_2026_03_05, ("7",))


def test_a_workbook_says_the_same_as_its_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(HEAD + ROWS)):
        book.active.append(row)
    book.save(tmp_path / "log.xlsx")
    one, two = read_text(tmp_path, HEAD + ROWS), read_log([tmp_path / "log.xlsx"], Settings())
    assert np.array_equal(one.wait_s, two.wait_s, equal_nan=True)
    assert one.item.names == two.item.names
    assert np.array_equal(one.prints, two.prints)


def test_repeats_are_rows_equal_in_every_field(tmp_path: Path) -> None:
    again = ROWS.splitlines(keepends=True)[0]
    log = read_text(tmp_path, HEAD + ROWS + again + again.replace("办结", "完成"))
    assert (log.rows, log.n, log.repeats) == (5, 4, 1)
    assert {note.kind for note in log.notes} >= {"repeats", "reused_tickets"}


def test_the_order_of_columns_and_files_does_not_matter_to_repeats(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("取号时间,窗口\n2026-03-05 9:00,1\n", "utf-8")
    (tmp_path / "b.csv").write_text("窗口,取号时间\n1,2026-03-05 9:00\n2,2026-03-05 9:00\n", "utf-8")
    log = read_log([tmp_path / "a.csv", tmp_path / "b.csv"], Settings())
    assert (log.n, log.repeats) == (2, 1)


def test_zero_and_negative_services_are_kept_and_counted(tmp_path: Path) -> None:
    log = read_text(tmp_path, "取号时间,窗口,服务时长\n2026-03-05 9:00,1,0\n2026-03-05 9:01,1,-5\n")
    assert log.service_s.tolist() == [0, -5]
    assert {note.kind: note.count for note in log.notes} == {"zero_service": 1, "negative_service": 1, "no_wait": 2}


def test_midnight_between_start_and_end_is_no_negative_time(tmp_path: Path) -> None:
    log = read_text(
        tmp_path, "日期,取号时间,开始时间,结束时间,窗口\n2026-03-05,23:50,23:58,0:05,1\n2026-03-05,23:50,0:02,0:05,1\n"
    )
    assert log.service_s.tolist() == [420, 180]
    assert log.wait_s.tolist() == [480, 720]


def test_a_clock_of_another_time_zone_is_told_and_can_be_set_right(tmp_path: Path) -> None:
    rows = "".join(f"2026-03-05 {h:02d}:{m:02d},1\n" for h in range(1, 9) for m in range(0, 60, 5))
    log = read_text(tmp_path, "取号时间,窗口\n" + rows)
    assert [note.kind for note in log.notes if not note.kind.startswith("no_")] == ["time_zone"]
    right = read_text(tmp_path, "取号时间,窗口\n" + rows, shift_hours=8)
    assert {note.kind for note in right.notes} == {"no_wait", "no_service"}
    assert right.taken_s.min() == 9 * 3600


def test_offsets_are_turned_into_the_halls_time(tmp_path: Path) -> None:
    content = "取号时间,窗口\n2026-03-05T01:00:00Z,1\n2026-03-05T09:00:00+08:00,1\n2026-03-04T23:30:00-02:00,2\n"
    log = read_text(tmp_path, content, timezone="Asia/Shanghai")
    assert (log.taken_s / 3600).tolist() == [9, 9, 9.5]
    assert log.day.tolist() == [DAY_2026_03_05] * 3
    assert "mixed_offsets" in {note.kind for note in log.notes}


def test_hours_that_summer_time_leaves_out_or_repeats_are_counted(tmp_path: Path) -> None:
    rows = "2026-03-29 02:30,1\n2026-03-29 03:30,1\n2026-10-25 02:10,1\n2026-10-25 09:10,1\n"
    kinds = {n.kind: n.count for n in read_text(tmp_path, "取号时间,窗口\n" + rows, timezone="Europe/Berlin").notes}
    assert (kinds["daylight_gap"], kinds["daylight_fold"]) == (1, 1)


def test_an_unknown_outcome_is_decided_by_the_service_and_told(tmp_path: Path) -> None:
    log = read_text(tmp_path, "取号时间,窗口,服务时长,结果\n2026-03-05 9:00,1,60,蓝\n2026-03-05 9:01,,,蓝\n")
    assert (int(log.served.sum()), int(log.abandoned.sum())) == (1, 1)
    assert [note.kind for note in log.notes] == ["no_wait", "unknown_outcome"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", "甲,乙\n1,2\n", "甲"),
        ("a.csv", "取号时间,窗口\n9:00,1\n", "日期"),
        ("a.csv", "", "空"),
        ("a.csv", "取号时间,窗口\nbad,1\nworse,2\n2026-03-05 9:00,1\n", "taken"),
        ("a.csv", "<html><table>", "网页"),
    ],
)
def test_a_wrong_log_is_refused_with_what_was_found(tmp_path: Path, name: str, content: str, says: str) -> None:
    with pytest.raises(SheetError, match=says):
        read_text(tmp_path, content, name=name)


def test_an_absent_log_and_wrong_settings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SheetError):
        read_log([tmp_path / "no.csv"], Settings())
    for log in ({"columns": {"takn": "取号时间"}}, {"columns": {"taken": "取号"}}, {"timezone": "Mars/Base"}):
        with pytest.raises(SettingsError):
            read_text(tmp_path, HEAD + ROWS, **log)


@given(rows=st.lists(st.tuples(st.integers(0, 86399), st.integers(0, 3000), st.sampled_from('甲乙丙,"')), max_size=60))
@settings(max_examples=25, deadline=None)
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, int, str]]) -> None:
    path = tmp_path_factory.mktemp("log") / "log.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(["日期", "取号时间", "服务时长", "窗口", "业务类型"])
        out.writerows(["2026-03-05", f"{s // 3600}:{s // 60 % 60:02d}:{s % 60:02d}", d, 1, w] for s, d, w in rows)
    if not rows:
        return
    log = read_log([path], Settings())
    unique = list(dict.fromkeys(rows))
    assert list(zip(log.taken_s.tolist(), log.service_s.tolist(), strict=True)) == [(s, d) for s, d, _ in unique]
    assert [log.item.names[c] for c in log.item.codes] == [w for _, _, w in unique]


@pytest.mark.parametrize(
    ("said", "kind", "value"),
    [
        ("9:05", CLOCK, 32700), ("09:05:30.25", CLOCK, 32730.25), ("25:10:00", CLOCK, 90600), ("9:75", BAD, None),
        ("-5", NUMBER, -5), ("1.50", NUMBER, 1.5), ("2026-02-30", BAD, None), ("2026-02-28", DATE, 0),
        ("20260305 9:05:30", FULL, 32730), ("9时5分", CLOCK, 32700), ("9:05:30 PM", CLOCK, 75930), ("abc", BAD, None),
    ],
)  # fmt: skip
def test_moments(said: str, kind: int, value: float | None) -> None:
    buf, found = np.frombuffer(said.encode(), np.uint8), np.zeros(3)
    assert read_moment(buf, 0, buf.size, 0, np.zeros((3, 11), np.int64), found) == kind
    assert value is None or found[1] == pytest.approx(value)


@given(day=st.dates())
def test_days_are_those_of_the_calendar(day: object) -> None:
    import datetime as dt

    assert isinstance(day, dt.date)
    if 1900 <= day.year <= 2200:
        assert days_of(day.year, day.month, day.day) == (day - dt.date(1970, 1, 1)).days


@needs_bank
def test_the_real_log_agrees_with_a_plain_reading() -> None:
    log, rows = read_log([BANK], Settings()), bank_rows()
    served = [row for row in rows if row["outcome"] == "AGENT" and row["server"] != "NO_SERVER"]
    assert (log.n, log.repeats) == (len(rows), 0)
    assert log.wait_s[log.served].tolist() == [float(row["q_time"]) for row in served]
    assert log.service_s[log.served].tolist() == [float(row["ser_time"]) for row in served]
    assert [log.window.names[c] for c in log.window.codes[log.served]] == [row["server"] for row in served]
    assert int(log.abandoned.sum()) == sum(row["outcome"] == "HANG" for row in rows)
    left_out = {reason: int((log.state == n + 2).sum()) for n, reason in enumerate(log.reasons)}
    assert left_out == {"outcome PHANTOM": 143, "window NO_SERVER": 275}
    assert int((log.state == SERVED).sum()) == len(served)


def dated(form: str) -> str:
    rows = [f"{day:{form}} 9:0{n}:00,{day:{form}} 9:1{n}:00,1" for n in range(5) for day in DAYS]
    return "取号时间,结束时间,窗口\n" + "\n".join(rows) + "\n"


@pytest.mark.parametrize(("form", "order"), [("%m/%d/%Y", "mdy"), ("%d.%m.%Y", "dmy")])
def test_dates_whose_year_does_not_lead_are_read_in_the_order_that_gives_days_on_end(
    tmp_path: Path, form: str, order: str
) -> None:
    """Issue 9: 03/02/2026 was refused with a remedy that did not help."""
    log = read_text(tmp_path, dated(form))
    assert [iso_day(day) for day in log.days.tolist()] == [day.isoformat() for day in DAYS]
    (note,) = [note for note in log.notes if note.kind == "date_order"]
    assert order in note.text


def test_dates_that_may_be_either_are_refused_with_the_setting_that_decides(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="date_order"):
        read_text(tmp_path, "取号时间,窗口\n03/04/2026 9:00:00,1\n")
    log = read_text(tmp_path, "取号时间,窗口\n03/04/2026 9:00:00,1\n", date_order="dmy")
    assert iso_day(log.days.tolist()[0]) == "2026-04-03"


def test_a_row_of_totals_is_no_ticket_and_makes_no_day_and_no_hall(tmp_path: Path) -> None:
    """Issue 9: 合计 below a table counted as a ticket of a hall of its own, on a day in 1969."""
    log = read_text(
        tmp_path, "大厅,票号,取号时间,结束时间,窗口\n甲,A1,2026-03-05 9:00,2026-03-05 9:10,1\n合计,,,,1\n,小计,,,\n"
    )
    assert (log.n, log.rows, log.hall.names) == (1, 1, ("甲",))
    assert [note.count for note in log.notes if note.kind == "totals"] == [2]


def test_a_ticket_that_tells_no_day_is_left_out_of_the_days(tmp_path: Path) -> None:
    log = read_text(
        tmp_path,
        "票号,取号时间,叫号时间,结束时间,窗口\nA1,2026-03-05 9:00,2026-03-05 9:01,2026-03-05 9:10,1\nA2,,,,2\n",
    )
    figures = measure(log)
    assert figures.days == (log.day.max(),)
    assert [(day.tickets, day.served) for day in figures.by_day] == [(1, 1)]
    assert figures.excluded == (("no time", 1),)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_durations_in_words_are_what_they_say(tmp_path: Path, encoding: str) -> None:
    """Issue 9: 5分30秒 was read as half past five, 12分钟 as twelve seconds."""
    rows = [
        ("5分30秒", 330),
        ("12分钟", 720),
        ("45秒", 45),
        ("1小时5分", 3900),
        ("2.5分", 150),
        ("0:02:10", 130),
        ("5分30", 330),
    ]
    content = "日期,票号,取号时间,办理时长,窗口\n" + "".join(
        f"2026-03-05,A{n},9时{n}分,{said},1\n" for n, (said, _) in enumerate(rows)
    )
    log = read_text(tmp_path, content, encoding=encoding)
    assert log.service_s.tolist() == [seconds for _, seconds in rows]
    assert log.taken_s.tolist() == [32400 + 60 * n for n in range(len(rows))]


@pytest.mark.parametrize(
    ("name", "sheets"), [("2026年3月.xlsx", ("3月5日", "3月6日")), ("day.xlsx", ("2026-03-05", "2026-03-06"))]
)
def test_the_names_of_sheets_tell_days_and_equal_rows_on_two_days_are_no_repeats(
    tmp_path: Path, name: str, sheets: tuple[str, ...]
) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in sheets:
        table = book.create_sheet(sheet)
        table.append(["票号", "取号时间", "叫号时间", "结束时间", "窗口"])
        table.append(["A1", "9:00", "9:05", "9:15", 1])
    book.save(tmp_path / name)
    log = read_log([tmp_path / name], Settings())
    assert log.day.tolist() == [DAY_2026_03_05, DAY_2026_03_05 + 1]
    assert log.repeats == 0
