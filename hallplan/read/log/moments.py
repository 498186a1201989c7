"""Compiled: what the bytes of one field say as a moment or a number."""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hallplan.model.log import Floats

BLANK: Final = 0
CLOCK: Final = 1
FULL: Final = 2
NUMBER: Final = 3
BAD: Final = 4
DATE: Final = 5
"""Kinds of fields: nothing, a clock time, a date with a time, a number, unreadable, a date alone."""

NO_OFFSET: Final = 32767
MOST_GROUPS: Final = 10
COLON: Final = 58
DOT: Final = 46
PLUS: Final = 43
MINUS: Final = 45
ZERO: Final = 48
NINE: Final = 57
HIGH: Final = 128
SPACE: Final = 32
YMD: Final = 0
MDY: Final = 1
DMY: Final = 2
SECONDS_AN_HOUR: Final = 3600
SECONDS_A_MINUTE: Final = 60

Ints64 = NDArray[np.int64]
Bytes = NDArray[np.uint8]


@njit(cache=True)
def days_of(year: int, month: int, day: int) -> int:
    """Returns days since 1970-01-01 of a date of the Gregorian calendar, -1 when there is no such date.

    Source: the civil-from-days method, a year that starts in March.
    """
    if month < 1 or month > 12 or day < 1 or year < 1900 or year > 2200:
        return -1
    leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0
    longest = 31 if month in (1, 3, 5, 7, 8, 10, 12) else 30
    if month == 2:
        longest = 29 if leap else 28
    if day > longest:
        return -1
    y = year - (1 if month <= 2 else 0)
    era = y // 400
    of_era = y - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


@njit(cache=True)
def _half_of_day(buf: Bytes, i: int, start: int) -> int:
    """1 when the character that ends at byte i is the 午 of 下午, -1 of 上午, else 0; UTF-8 or GB18030."""
    if i - start < 3:
        return 0
    if buf[i] == 0xE7 and buf[i - 1] == 0xCE:
        return 1 if buf[i - 2] == 0xC2 else -1
    if buf[i] == 0x88 and buf[i - 1] == 0x8D and buf[i - 2] == 0xE5:
        return 1 if buf[i - 3] == 0x8B else -1
    return 0


@njit(cache=True)
def _split(buf: Bytes, start: int, end: int, work: Ints64) -> int:
    """Fills work with the groups of digits: [0] values, [1] lengths, [2] the separator after each.

    work[2, -1]: half of the day (1 afternoon, -1 morning); work[1, -1]: whether a minus sign leads; work[0, -1]: a Z.
    Returns the number of groups, -1 when there are letters that mean nothing.
    """
    n, inside = 0, False
    work[:, -1] = 0
    for i in range(start, end):
        b = buf[i]
        if ZERO <= b <= NINE:
            if not inside:
                if n == MOST_GROUPS:
                    return -1
                work[0, n], work[1, n], work[2, n] = 0, 0, 0
                n, inside = n + 1, True
            if work[1, n - 1] < 17:
                work[0, n - 1] = work[0, n - 1] * 10 + (b - ZERO)
            work[1, n - 1] += 1
            continue
        inside = False
        if b >= HIGH:
            half = _half_of_day(buf, i, start)
            work[2, -1] = half if half != 0 else work[2, -1]
            b = HIGH
        elif b in (80, 112, 65, 97):  # P p A a
            work[2, -1] = 1 if b in (80, 112) else -1
        elif b in (90, 122):  # Z z
            work[0, -1] = 1
        elif (65 <= b <= 90 or 97 <= b <= 122) and b not in (77, 84, 109, 116):  # all but M and T
            return -1
        if n == 0:
            work[1, -1] = 1 if b == MINUS else work[1, -1]
        elif work[2, n - 1] in (0, SPACE):
            work[2, n - 1] = b
    return n


@njit(cache=True)
def _date_groups(work: Ints64, order: int) -> int:
    """Days since 1970 of the first three groups."""
    a, b, c = work[0, 0], work[0, 1], work[0, 2]
    if work[1, 0] == 4 or order == YMD:
        return days_of(a if work[1, 0] == 4 else _century(a), b, c)
    year = c if work[1, 2] == 4 else _century(c)
    return days_of(year, a, b) if order == MDY else days_of(year, b, a)


@njit(cache=True)
def _century(year: int) -> int:
    return year + (1900 if year >= 70 else 2000)


@njit(cache=True)
def packed_date(value: int) -> int:
    """Returns days since 1970 of yymmdd or yyyymmdd, -1 when it is neither."""
    year = value // 10000
    return days_of(_century(year) if year < 100 else year, value // 100 % 100, value % 100)


@njit(cache=True)
def _clock(work: Ints64, first: int, n: int, found: Floats) -> bool:
    """Reads hour, minute, second and fraction from group `first` on, and the offset from UTC behind; found[1:] is filled."""
    hour, minute, second = work[0, first], work[0, first + 1], 0.0
    at, before = first + 2, work[2, first + 1]
    if at < n and before in (COLON, HIGH, SPACE):
        second = float(work[0, at])
        before = work[2, at]
        at += 1
        if before == DOT and at < n:
            second += work[0, at] / 10.0 ** work[1, at]
            before = work[2, at]
            at += 1
    if work[2, -1] == 1 and hour < 12:
        hour += 12
    if work[2, -1] == -1 and hour == 12:
        hour = 0
    found[1] = hour * SECONDS_AN_HOUR + minute * SECONDS_A_MINUTE + second
    found[2] = 0 if work[0, -1] == 1 else NO_OFFSET
    if at < n and before in (PLUS, MINUS):
        minutes = work[0, at] * 60 if work[1, at] <= 2 else work[0, at] // 100 * 60 + work[0, at] % 100
        if at + 1 < n:
            minutes += work[0, at + 1]
        found[2] = minutes if before == PLUS else -minutes
    return hour < 100 and minute < 60 and second < 61


@njit(cache=True)
def _plain_number(work: Ints64, n: int, found: Floats) -> int:
    """A number, or fourteen digits that are a moment."""
    if n == 1 and work[1, 0] == 14:
        value = work[0, 0]
        day, clock = packed_date(value // 1000000), value % 1000000
        found[0] = day
        found[1] = clock // 10000 * SECONDS_AN_HOUR + clock // 100 % 100 * SECONDS_A_MINUTE + clock % 100
        return FULL if day >= 0 else BAD
    value = float(work[0, 0])
    if n == 2:
        value += work[0, 1] / 10.0 ** work[1, 1]
    found[1] = -value if work[1, -1] else value
    return NUMBER


@njit(cache=True)
def _usual(buf: Bytes, start: int, end: int, found: Floats) -> int:
    """The two commonest fields, fast: whole numbers of up to nine digits and H:MM:SS; BAD when it is neither."""
    n = end - start
    colon = end - 3 if n in (7, 8) else end
    value, is_clock = 0, n in (7, 8) and buf[colon] == COLON and buf[colon - 3] == COLON
    if n > 9 or n == 0:
        return BAD
    for i in range(start, end):
        b = buf[i]
        if ZERO <= b <= NINE:
            value = value * 10 + (b - ZERO)
        elif not (is_clock and i in (colon, colon - 3)):
            return BAD
    found[1] = float(value)
    if not is_clock:
        return NUMBER
    hour, minute, second = value // 10000, value // 100 % 100, value % 100
    found[1] = float(hour * SECONDS_AN_HOUR + minute * SECONDS_A_MINUTE + second)
    return CLOCK if minute < 60 and second < 61 else BAD


@njit(cache=True)
def _unit_of(code: int) -> int:
    """Seconds of the unit that a character is, in UTF-8 or GB18030: 时 or 点, 分, 秒; 0 for 小 and 钟, -1 for any other."""
    if code in (0xE697B6, 0xE782B9, 0xCAB1, 0xB5E3):
        return SECONDS_AN_HOUR
    if code in (0xE58886, 0xB7D6):
        return SECONDS_A_MINUTE
    if code in (0xE7A792, 0xC3EB):
        return 1
    return 0 if code in (0xE5B08F, 0xE9929F, 0xD0A1, 0xD6D3) else -1


@njit(cache=True)
def _in_units(buf: Bytes, start: int, end: int) -> float:
    """Seconds of a field like 5分30秒, 12.5分钟, 1小时5分 or 9时30; -1 for any other."""
    total, value, part, has, last = 0.0, 0.0, 0.0, False, 0
    i = start
    while i < end:
        b = int(buf[i])
        if ZERO <= b <= NINE:
            value = value + part * (b - ZERO) if part > 0 else value * 10 + (b - ZERO)
            part, has = part / 10.0, True
        elif b == DOT and has and part == 0:
            part = 0.1
        elif b >= HIGH and i + 1 < end:
            code, wide = (b << 8) + int(buf[i + 1]), 2
            if b >= 0xE0 and i + 2 < end and buf[i + 1] < 0xC0 and buf[i + 2] < 0xC0 and buf[i + 2] >= HIGH:
                code, wide = (code << 8) + int(buf[i + 2]), 3
            unit = _unit_of(code)
            if unit < 0 or (unit > 0 and (not has or 0 < last <= unit)):
                return -1.0
            if unit > 0:
                total, value, part, has, last = total + value * unit, 0.0, 0.0, False, unit
            i += wide - 1
        elif b != SPACE:
            return -1.0
        i += 1
    if last == 0 or (has and last == 1):
        return -1.0
    return total + value * last / 60.0 if has else total


@njit(cache=True)
def read_moment(buf: Bytes, start: int, end: int, order: int, work: Ints64, found: Floats) -> int:
    """Returns the kind of a field and fills found: [0] day, [1] seconds or number, [2] minutes east of UTC.

    work: (3, MOST_GROUPS + 1) scratch.  order: of dates whose year does not lead.
    """
    found[0], found[1], found[2] = -1.0, 0.0, NO_OFFSET
    if end <= start:
        return BLANK
    usual = _usual(buf, start, end, found)
    if usual != BAD:
        return usual
    said = _in_units(buf, start, end)
    if said >= 0:
        found[1] = said
        return CLOCK
    n = _split(buf, start, end, work)
    if n <= 0:
        return BLANK if n == 0 else BAD
    colon = -1
    for i in range(n - 1, -1, -1):
        colon = i if work[2, i] == COLON else colon
    if colon < 0:
        if n == 1 or (n == 2 and work[2, 0] == DOT):
            return _plain_number(work, n, found)
        if n == 2:
            return CLOCK if work[2, 0] == HIGH and _clock(work, 0, n, found) else BAD
        found[0] = _date_groups(work, order)
        if n >= 5:
            return FULL if found[0] >= 0 and _clock(work, 3, n, found) else BAD
        return DATE if found[0] >= 0 and n == 3 else BAD
    if colon + 1 >= n or not _clock(work, colon, n, found):
        return BAD
    if colon == 0:
        found[1] = -found[1] if work[1, -1] else found[1]
        return CLOCK
    found[0] = _date_groups(work, order) if colon == 3 else packed_date(work[0, 0]) if colon == 1 else -1
    return FULL if found[0] >= 0 else BAD
