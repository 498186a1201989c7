"""Moments and durations in forms that the compiled reader does not know, written as it reads them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Final

from hallplan.units import SECONDS_PER_DAY, SECONDS_PER_HOUR, SECONDS_PER_MINUTE

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_WEEKDAY: Final = re.compile(r"\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+")
_AFTERNOON: Final = ("下午", "晚上", "中午")
_UNIT_S: Final = {"d": SECONDS_PER_DAY, "h": SECONDS_PER_HOUR, "m": SECONDS_PER_MINUTE, "s": 1.0}
_UNIT: Final = r"(\d+(?:\.\d+)?)\s*(d|h|m|s)(?:(?<=d)ays?|(?<=h)(?:ou)?rs?|(?<=m)in(?:ute)?s?|(?<=s)ec(?:ond)?s?)?"
Rewrite = Callable[[re.Match[str]], str]


def plain_form(said: str, *, is_time: bool) -> str:
    """Returns a field as `YYYY-MM-DD H:MM:SS`, `H:MM:SS` or the like; "" when it is none of the forms known here.

    is_time: whether it is a time of day, so that 8.30.15 is no date.  A field not changed but for the width of its
    characters is returned so.
    """
    wide = unicodedata.normalize("NFKC", said).strip().lower()
    short = _WEEKDAY.sub("", f"{wide} ").strip()
    for pattern, rewrite, only_times in _forms():
        if (is_time or not only_times) and (found := pattern.search(short)):
            return (short[: found.start()] + rewrite(found) + short[found.end() :]).strip()
    return short if short != said else ""


@cache
def _forms() -> tuple[tuple[re.Pattern[str], Rewrite, bool], ...]:
    """Pattern, what it becomes, and whether only a time of day may have it; the first that is found counts."""
    forms: list[tuple[str, Rewrite, bool]] = [
        (rf"(\d{{1,2}})(?:st|nd|rd|th)?[\s\-/.,]*{_MONTH}[\s\-/.,]*(\d{{4}}|\d\d)\b(.*)", _day_first, False),
        (rf"{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b(.*)", _month_first, False),
        (rf"{_MONTH}\s+(\d{{1,2}})\s+(\d[\d:.]*)\s+(?:[a-z]+\s+)?(\d{{4}})$", _year_last, False),
        (r"^(\d{4})(\d\d)(\d\d)[ t_]+(\d\d)(\d\d)(\d\d)?", _packed, False),
        (r"^(?:1899|1900)[-/.]\d\d?[-/.]\d\d?[ t]+(?=\d\d?:)", lambda _: "", True),
        (r"^(上午|下午|早上|晚上|中午)\s*(\d+)[时点:](\d+)分?(?:[:]?(\d+)秒?)?$", _half_day, True),
        (r"^(\d\d?)\.(\d\d)\.(\d\d)(?=\D|$)", _dotted, True),
        (r"^(\d+) days? \+?(\d+):(\d\d):(\d\d)", _with_days, False),
        (r"^p(?:(\d+)d)?t(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?$", _iso_duration, False),
        (r"^(\d+)\s*[′']\s*(\d\d?)\s*(?:″|''|\"|′′)?$", lambda m: _span(int(m[1]) * 60.0 + int(m[2])), False),
        (
            rf"^(?:{_UNIT}[\s,]*)+$",
            lambda m: _span(sum(float(n) * _UNIT_S[u] for n, u in re.findall(_UNIT, m[0]))),
            False,
        ),
    ]
    return tuple((re.compile(pattern), rewrite, only) for pattern, rewrite, only in forms)


def _day_first(m: re.Match[str]) -> str:
    return _dated(m[3], m[2], m[1]) + _dots_to_colons(m[4])


def _month_first(m: re.Match[str]) -> str:
    return _dated(m[3], m[1], m[2]) + _dots_to_colons(m[4])


def _year_last(m: re.Match[str]) -> str:
    return f"{_dated(m[4], m[1], m[2])} {m[3]}"


def _dated(year: str, month: str, day: str) -> str:
    century = "" if len(year) == 4 else "19" if int(year) >= 70 else "20"
    return f"{century}{year}-{_MONTHS.index(month) + 1:02d}-{int(day):02d}"


def _dots_to_colons(rest: str) -> str:
    return re.sub(r"(\d\d?)\.(\d\d)\.(\d\d)", r"\1:\2:\3", rest)


def _packed(m: re.Match[str]) -> str:
    return f"{m[1]}-{m[2]}-{m[3]} {m[4]}:{m[5]}:{m[6] or '00'}"


def _dotted(m: re.Match[str]) -> str:
    return f"{m[1]}:{m[2]}:{m[3]}"


def _half_day(m: re.Match[str]) -> str:
    hour = int(m[2]) % 12 + (12 if m[1] in _AFTERNOON else 0)
    return f"{hour}:{int(m[3]):02d}:{int(m[4] or 0):02d}"


def _with_days(m: re.Match[str]) -> str:
    return f"{24 * int(m[1]) + int(m[2])}:{m[3]}:{m[4]}"


def _iso_duration(m: re.Match[str]) -> str:
    return _span(sum(float(n or 0) * s for n, s in zip(m.groups(), _UNIT_S.values(), strict=True)))


def _span(seconds: float) -> str:
    """A duration as H:MM:SS, which no unit in a heading changes."""
    whole, part = divmod(round(seconds * 1000), 1000)
    fraction = f".{part:03d}" if part else ""
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}{fraction}"
