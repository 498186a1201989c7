"""What one cell says: numbers, minutes, shares, yes or no, clock times, as people really type them."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final

from hallplan.terms import read_data, text
from hallplan.units import MINUTES_PER_DAY, MINUTES_PER_HOUR, SECONDS_PER_MINUTE

Cell = str | float | int | bool | dt.date | dt.time | dt.datetime | dt.timedelta | None

MAX_BLANK: Final = 12
"""Longer texts are never words for a blank."""
_SCALES: Final = {"": 1.0, "百": 1e2, "千": 1e3, "万": 1e4, "k": 1e3}
_NUMBER: Final = re.compile(
    r"([+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)(?:e[+-]?\d{1,2})?)(百|千|万|k(?![a-z]))?(.*)"
)
_COUNT_UNITS: Final = re.compile(
    r"(余)?(件|人次|人|次|笔|宗|个|户|份|例|张|起|pcs|cases|visits)?(/年|每年|/a|peryear)?"
)
_MINUTE_UNITS: Final = {
    **dict.fromkeys(("", "分", "分钟", "min", "mins", "min.", "minute", "minutes", "m", "'"), 1.0),
    **dict.fromkeys(("小时", "时", "个小时", "h", "hr", "hour", "hours"), MINUTES_PER_HOUR),
    **dict.fromkeys(("秒", "秒钟", "s", "sec", "secs", "second", "seconds"), 1 / SECONDS_PER_MINUTE),
}
_PER_CASE: Final = re.compile(r"(/|每)(件|次|人|笔|宗|户)$")
_DAYS: Final = re.compile(r"\d+(?:\.\d+)?(?:个)?(?:工作日|自然日|日历日|天|日|days?|d)(?:内)?")
_ROUGH: Final = re.compile(r"[约≈~]|大约|左右|上下|不到|至少|以内|以上|\d\s*[-~—–至到]\s*\d")
_CLOCK: Final = re.compile(
    r"(上午|下午|中午|晚上|am|pm)?(\d{1,2})(?::(\d{1,2})(?::\d{1,2})?|点(?:(\d{1,2})分?|(半))?|时(?:(\d{1,2})分?)?)?(am|pm)?"
)
_DASH: Final = re.compile(r"[-~—–－～至到]+")


class BadCell(ValueError):
    """A cell that cannot be read; `expected` and `remedy` are texts for the user."""

    def __init__(self, expected: str, remedy: str = "") -> None:
        super().__init__(expected)
        self.expected, self.remedy = expected, remedy


class IsDays(BadCell):
    """Working days where minutes belong: a promised limit, not a service time."""


def plain(cell: Cell) -> str:
    """Returns the cell as half-width text without outer blanks; whole floats without the point."""
    if isinstance(cell, str):
        return cell.strip() if cell.isascii() else _half_width(cell)
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def squeezed(cell: Cell) -> str:
    """Returns the cell as half-width lower-case text without any blanks."""
    return "".join(plain(cell).split()).lower()


@lru_cache(maxsize=100_000)
def _half_width(said: str) -> str:
    return unicodedata.normalize("NFKC", said).replace("\u200b", "").strip()


@cache
def words(name: str) -> tuple[str, ...]:
    """Returns one of the word lists of data/workbook.toml, squeezed."""
    return tuple(squeezed(word) for word in read_data("workbook.toml")["words"][name])


def is_blank(cell: Cell) -> bool:
    """Returns whether a cell says nothing: empty, blanks, a dash, 无."""
    if isinstance(cell, float):
        return False
    if isinstance(cell, str):
        return cell == "" or (len(cell) < MAX_BLANK and squeezed(cell) in _blank_words())
    return cell is None


@cache
def _blank_words() -> frozenset[str]:
    return frozenset(("", *words("blank")))


def parse_count(cell: Cell, scale: float = 1.0) -> float:
    """Returns a number of cases or people, at least 0; raises BadCell. `scale` is the header's unit (万件 gives 10000)."""
    value = _number(cell)
    if value is None:
        number, rest = _split(cell, "workbook_count")
        if not _COUNT_UNITS.fullmatch(rest):
            raise _not_a_number(cell, "workbook_count")
        value = number
    return _at_least_0(value * scale, "workbook_count")


def parse_number(cell: Cell, scale: float = 1.0) -> float:
    """Returns a plain number, at least 0, ignoring a unit such as m² or 次 behind it; raises BadCell."""
    value = _number(cell)
    if value is None:
        number, rest = _split(cell, "workbook_number")
        if re.search(r"\d", rest.replace("m2", "")):
            raise _not_a_number(cell, "workbook_number")
        value = number
    return _at_least_0(value * scale, "workbook_number")


def parse_minutes(cell: Cell, scale: float = 1.0) -> float:
    """Returns minutes, at least 0; raises IsDays for working days and BadCell for anything else."""
    if isinstance(cell, dt.time):
        return cell.hour * MINUTES_PER_HOUR + cell.minute + cell.second / SECONDS_PER_MINUTE
    if isinstance(cell, dt.timedelta):
        return _at_least_0(cell.total_seconds() / SECONDS_PER_MINUTE, "workbook_minutes")
    value = _number(cell)
    if value is not None:
        return _at_least_0(value * scale, "workbook_minutes")
    said = squeezed(cell)
    if _DAYS.fullmatch(said):
        raise IsDays(text("read_workbook.expect_minutes"), text("read_workbook.days_remedy"))
    number, rest = _split(cell, "workbook_minutes")
    rest = _PER_CASE.sub("", rest)
    mixed = re.fullmatch(r"(?:小时|时|h)(\d+)(?:分钟|分|min)?", rest)
    if mixed:
        return number * MINUTES_PER_HOUR + float(mixed[1])
    half = re.fullmatch(r"(?:分|分钟|min)(\d+)(?:秒|s)?", rest)
    if half:
        return number + float(half[1]) / SECONDS_PER_MINUTE
    if rest not in _MINUTE_UNITS:
        raise _not_a_number(cell, "workbook_minutes")
    return _at_least_0(number * (_MINUTE_UNITS[rest] if rest else scale), "workbook_minutes")


def parse_share(cell: Cell, is_percent: bool = False) -> float:
    """Returns a share in [0, 1] of `30%`, 0.3 or 30; `is_percent`: bare numbers of this column are per cent.

    Raises BadCell when it is no number, negative, or more than the whole.
    """
    said = squeezed(cell)
    marked = isinstance(cell, str) and said.endswith(("%", "成"))
    ten = said.endswith("成")
    number = _number(cell)
    if number is None:
        number, rest = _split(cell, "workbook_share")
        if rest not in ("", "%", "成"):
            raise _not_a_number(cell, "workbook_share")
    if marked:
        number /= 10 if ten else 100
    elif (is_percent and number >= 1) or 2 <= number <= 100:
        number /= 100
    if not 0 <= number <= 1:
        raise BadCell(text("read_workbook.expect_share"), text("read_workbook.share_remedy"))
    return number


def is_percent_column(cells: Iterable[Cell]) -> bool:
    """Returns whether most bare numbers of a column of shares are per cent (30), not shares (0.3)."""
    per_cent, shares = _kinds_of_share(cells)
    return per_cent > shares


def is_mixed_column(cells: Iterable[Cell]) -> bool:
    """Returns whether a column of shares holds both 30 and 0.3 as bare numbers."""
    return all(_kinds_of_share(cells))


def _kinds_of_share(cells: Iterable[Cell]) -> tuple[int, int]:
    values = [v for v in (_number(_as_number(cell)) for cell in cells) if v is not None and v > 0]
    return sum(v >= 2 for v in values), sum(v <= 1 for v in values)


def parse_yes_no(cell: Cell) -> bool | None:
    """Returns what 是, 否, √, ×, Y, N… say, or None for another word."""
    said = squeezed(cell)
    return True if said in words("yes") else False if said in words("no") else None


def parse_clock(cell: Cell) -> int | None:
    """Returns minutes after midnight of a time, a date with a time, a fraction of a day or a text such as 9点半; else None."""
    if isinstance(cell, dt.datetime | dt.time):
        return cell.hour * 60 + cell.minute
    if isinstance(cell, dt.timedelta):
        return round(cell.total_seconds() / SECONDS_PER_MINUTE) % MINUTES_PER_DAY
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _clock_number(float(cell))
    said = re.sub(r"^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?t?", "", squeezed(cell))
    match = _CLOCK.fullmatch(said)
    return _clock_of(match) if match else None


def parse_span(cell: Cell) -> tuple[int, int | None] | None:
    """Returns start and end (None when only a start is given) in minutes after midnight of `09:00-10:00`; else None."""
    if not isinstance(cell, str):
        start = parse_clock(cell)
        return None if start is None else (start, None)
    said = re.sub(r"^(周|星期).", "", squeezed(cell))
    parts = [part for part in _DASH.split(said) if part]
    if len(parts) != 2:
        start = parse_clock(said)
        return None if start is None else (start, None)
    half = re.match(r"上午|下午|晚上", parts[0])
    if half and not re.match(r"上午|下午|中午|晚上", parts[1]):
        parts[1] = half[0] + parts[1]
    start, end = parse_clock(parts[0]), parse_clock(parts[1])
    if start is None or end is None:
        return None
    end += MINUTES_PER_DAY // 2 if end <= start and end + MINUTES_PER_DAY // 2 > start else 0
    return (start, end) if start < end <= MINUTES_PER_DAY else None


def parse_hours(cell: Cell) -> tuple[tuple[int, int], ...] | None:
    """Returns the spans of `9:00-12:00，13:00-17:00`, in order; None when one cannot be read or they overlap."""
    parts = [part for part in re.split(r"[,;、\n和及与]|\s{2,}|(?<=\d)\s+(?=\d)", plain(cell)) if part.strip()]
    spans = [parse_span(part) for part in parts]
    if not spans or any(span is None or span[1] is None for span in spans):
        return None
    found = sorted((span[0], span[1]) for span in spans if span is not None and span[1] is not None)
    if any(a[1] > b[0] for a, b in pairwise(found)):
        return None
    return tuple(found)


def _number(cell: Cell) -> float | None:
    if isinstance(cell, float):
        return cell if math.isfinite(cell) else None
    if isinstance(cell, bool) or not isinstance(cell, int):
        return None
    return float(cell) if math.isfinite(cell) else None


def _as_number(cell: Cell) -> Cell:
    if isinstance(cell, str):
        try:
            return float(squeezed(cell))
        except ValueError:
            return None
    return cell


def _split(cell: Cell, kind: str) -> tuple[float, str]:
    said = squeezed(cell)
    match = _NUMBER.fullmatch(said) if isinstance(cell, str) else None
    if match is None or _ROUGH.search(said):
        raise _not_a_number(cell, kind)
    return float(match[1].replace(",", "")) * _SCALES[match[2] or ""], match[3]


def _not_a_number(cell: Cell, kind: str) -> BadCell:
    """The fault, with the one number of a text such as 约8分钟 offered as the remedy."""
    numbers = re.findall(r"\d+(?:\.\d+)?", squeezed(cell).replace(",", ""))
    remedy = (
        text("read_workbook.write_number", number=numbers[0]) if len(numbers) == 1 else text("read_workbook.write_one")
    )
    return BadCell(_expected(kind), remedy)


def _expected(kind: str) -> str:
    return text(f"read_workbook.expect_{kind.removeprefix('workbook_')}")


def _at_least_0(value: float, kind: str) -> float:
    if value < 0:
        raise BadCell(_expected(kind), text("read_workbook.negative_remedy"))
    return value


def _clock_number(value: float) -> int | None:
    if 0 <= value < 1:
        return round(value * MINUTES_PER_DAY)
    if value > 366:
        return round(value % 1 * MINUTES_PER_DAY)
    return round(value) * 60 if value.is_integer() and value <= 24 else None


def _clock_of(match: re.Match[str]) -> int | None:
    half_day, hour, minute, minute_cn, half, minute_ch, suffix = match.groups()
    hours = int(hour)
    minutes = 30 if half else int(minute or minute_cn or minute_ch or 0)
    if (half_day in ("下午", "晚上", "pm") or suffix == "pm") and hours < 12:
        hours += 12
    return hours * 60 + minutes if hours * 60 + minutes <= MINUTES_PER_DAY and minutes < 60 else None
