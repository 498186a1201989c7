"""Days and seconds of a log: clock times with a date, full times, numbers; time zones and what is odd about the clock."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from hallplan.errors import SettingsError, SheetError
from hallplan.model.log import Floats, Ints, LogNote
from hallplan.read.log.columns import TIMES, Moments
from hallplan.read.log.moments import CLOCK, DATE, FULL, NO_OFFSET, NUMBER, days_of, packed_date
from hallplan.settings import FILE_NAME, Settings
from hallplan.terms import text
from hallplan.units import SECONDS_PER_DAY, SECONDS_PER_HOUR, SECONDS_PER_MINUTE

NO_DAY: Final = -1
HALF_DAY_S: Final = SECONDS_PER_DAY / 2
EXCEL_EPOCH: Final = 25569
"""Spreadsheet serial of 1970-01-01."""
SERIALS: Final = (20_000.0, 80_000.0)
EPOCH_SECONDS: Final = (3e8, 5e9)
EPOCH_MILLISECONDS: Final = 3e11
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_MONTH_AND_DAY: Final = re.compile(r"(\d{1,2})\s*[月.\-]\s*(\d{1,2})\s*[日号]?")
_DATED_NAME: Final = re.compile(r"(19|20)(\d\d)[-_.年]?(\d\d)[-_.月]?(\d\d)")


def day_of_name(name: str) -> int:
    """Returns the day that a file's name tells (2024-03-05, 20240305), NO_DAY when it tells none."""
    found = _DATED_NAME.search(name)
    return int(days_of(int(found[1] + found[2]), int(found[3]), int(found[4]))) if found else NO_DAY


def day_of_sheet(sheet: str, name: str) -> int:
    """Returns the day that a sheet's name tells, by itself or (3月5日) with the year of its file's name; else that of the file."""
    if (day := day_of_name(sheet)) != NO_DAY:
        return day
    year, found = _YEAR.search(name), _MONTH_AND_DAY.fullmatch(sheet.strip())
    if year and found and (day := int(days_of(int(year[0]), int(found[1]), int(found[2])))) >= 0:
        return day
    return day_of_name(name)


def days_in(column: Moments) -> Ints:
    """Returns (n,) the day of each field of a date column, NO_DAY where it says none."""
    day = np.where((column.kinds == FULL) | (column.kinds == DATE), column.days, NO_DAY).astype(np.int32)
    numbers = np.flatnonzero(column.kinds == NUMBER)
    values, inverse = np.unique(column.seconds[numbers], return_inverse=True)
    known = np.array([_day_of_number(value) for value in values.tolist()], np.int32)
    if numbers.size:
        day[numbers] = known[inverse]
    return day


def _day_of_number(value: float) -> int:
    if SERIALS[0] <= value < SERIALS[1]:
        return int(value) - EXCEL_EPOCH
    return int(packed_date(int(value))) if value >= 1 else NO_DAY


def place_moments(column: Moments, day: Ints, *, zero_is_never: bool) -> Floats:
    """Returns (n,) seconds after midnight of `day` of each field of a moment column, nan where it says nothing.

    zero_is_never: whether 0:00:00 without a date means that it did not happen.
    """
    out = np.full(column.kinds.size, np.nan)
    full, clock = column.kinds == FULL, column.kinds == CLOCK
    out[full] = (column.days[full] - day[full]) * SECONDS_PER_DAY + column.seconds[full]
    out[clock] = column.seconds[clock]
    number = column.kinds == NUMBER
    out[number] = _seconds_of_numbers(column.seconds[number], day[number])
    if zero_is_never:
        out[(clock | number) & (column.seconds == 0)] = np.nan
    return out


def _seconds_of_numbers(values: Floats, day: Ints) -> Floats:
    """Seconds after midnight of `day`: epoch milliseconds, epoch seconds, fractions of a day, or seconds themselves."""
    millis = values >= EPOCH_MILLISECONDS
    epoch = (values >= EPOCH_SECONDS[0]) & (values < EPOCH_SECONDS[1])
    part = (values > 0) & (values < 1)
    serial = (values >= SERIALS[0]) & (values < SERIALS[1]) & (values != np.floor(values)) & (day >= 0)
    serial &= np.abs(np.floor(values) - EXCEL_EPOCH - day) <= 1
    out = np.where(millis, values / 1000 - day * SECONDS_PER_DAY, values)
    out = np.where(epoch, values - day * SECONDS_PER_DAY, out)
    out = np.where(part, np.round(values * SECONDS_PER_DAY, 3), out)
    return np.where(serial, np.round((values - EXCEL_EPOCH - day) * SECONDS_PER_DAY, 3), out)


def own_days(moments: Mapping[str, Moments]) -> Ints:
    """Returns (n,) the day that the time columns tell themselves, the first that does; NO_DAY where none does."""
    columns = [moments[role] for role in TIMES if role in moments]
    day = np.full(columns[0].kinds.size, NO_DAY, np.int32)
    for column in columns:
        if not ((column.kinds == FULL) | (column.kinds == NUMBER)).any():
            continue
        told = np.where(column.kinds == FULL, column.days, NO_DAY)
        number = (column.kinds == NUMBER) & (column.seconds >= EPOCH_SECONDS[0])
        seconds = np.where(column.seconds >= EPOCH_MILLISECONDS, column.seconds / 1000, column.seconds)
        told = np.where(number, seconds // SECONDS_PER_DAY, told)
        serial = (column.kinds == NUMBER) & (column.seconds > SERIALS[0]) & (column.seconds < SERIALS[1])
        serial &= column.seconds != np.floor(column.seconds)
        told = np.where(serial, np.floor(column.seconds) - EXCEL_EPOCH, told)
        day = np.where(day == NO_DAY, told, day).astype(np.int32)
    return day


def require_days(day: Ints, name: str) -> None:
    """Raises SheetError when no row of a log tells its day."""
    if day.size and not (day != NO_DAY).any():
        raise SheetError.at(name, text("log.no_date"), text("log.date_wanted"), text("log.date_remedy"))


def spans_of(column: Moments) -> Floats:
    """Returns (n,) seconds of each field of a column of durations, nan where it says nothing."""
    told = (column.kinds == NUMBER) | (column.kinds == CLOCK)
    return np.where(told, column.seconds, np.nan)


def unwrapped(span: Floats) -> Floats:
    """Returns differences of clock times with a day added where midnight lies between."""
    return np.where(span < -HALF_DAY_S, span + SECONDS_PER_DAY, span)


def zone_of(settings: Settings) -> ZoneInfo | None:
    """Returns the hall's time zone if one is set; raises SettingsError when there is no such zone."""
    name = settings.log.timezone
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsError.at(f"{FILE_NAME}, log.timezone", name, "Asia/Shanghai, UTC…") from error


def to_local(column: Moments, zone: ZoneInfo) -> Moments:
    """Returns full times that carry an offset from UTC, and seconds since 1970, as times on the hall's own clock."""
    column = _since_1970(column)
    moved = (column.offsets != NO_OFFSET) & (column.kinds == FULL)
    if not moved.any():
        return column
    utc = column.days[moved] * SECONDS_PER_DAY + column.seconds[moved] - column.offsets[moved] * SECONDS_PER_MINUTE
    local = utc + _offsets_at(utc, zone)
    days, seconds = column.days.copy(), column.seconds.copy()
    days[moved] = np.floor_divide(local, SECONDS_PER_DAY)
    seconds[moved] = np.mod(local, SECONDS_PER_DAY)
    return Moments(column.kinds, days, seconds, column.offsets)


def _since_1970(column: Moments) -> Moments:
    """Seconds and milliseconds since 1970, which count in UTC, as full times that say so."""
    values = column.seconds
    is_millis = values >= EPOCH_MILLISECONDS
    rows = (column.kinds == NUMBER) & (is_millis | ((values >= EPOCH_SECONDS[0]) & (values < EPOCH_SECONDS[1])))
    if not rows.any():
        return column
    utc = np.where(is_millis, values / 1000, values)
    kinds, offsets = np.where(rows, FULL, column.kinds), np.where(rows, 0, column.offsets)
    days = np.where(rows, np.floor_divide(utc, SECONDS_PER_DAY), column.days)
    seconds = np.where(rows, np.mod(utc, SECONDS_PER_DAY), values)
    return Moments(kinds.astype(np.uint8), days.astype(np.int32), seconds, offsets.astype(np.int16))


def _offsets_at(utc: Floats, zone: ZoneInfo) -> Floats:
    """Seconds east of UTC at each moment; the clock changes at whole quarters of an hour, so they are asked once each."""
    quarters, inverse = np.unique(np.floor_divide(utc, 900).astype(np.int64), return_inverse=True)
    east = [_utc_offset(quarter * 900, zone) for quarter in quarters.tolist()]
    return np.array(east)[inverse]


def _utc_offset(moment: int, zone: ZoneInfo) -> float:
    offset = dt.datetime.fromtimestamp(moment, zone).utcoffset()
    return offset.total_seconds() if offset is not None else 0.0


def clock_changes(days: Ints, zone: ZoneInfo) -> list[tuple[int, float, float]]:
    """Returns (day, second after midnight, seconds the clock jumps) of each change of the zone's clock on the days given."""
    found = []
    for day in np.unique(days).tolist():
        edges = [_utc_offset(int(day * SECONDS_PER_DAY + h * SECONDS_PER_HOUR), zone) for h in (-14, 38)]
        if edges[0] != edges[1]:
            found += _change_on(int(day), zone)
    return found


def _change_on(day: int, zone: ZoneInfo) -> list[tuple[int, float, float]]:
    """The change whose wall clock lies on `day`, to the quarter of an hour."""
    quarters = range(int(day * 96 - 14 * 4), int(day * 96 + 38 * 4))
    for before, after in pairwise(quarters):
        old, new = _utc_offset(before * 900, zone), _utc_offset(after * 900, zone)
        wall = after * 900 + old - day * SECONDS_PER_DAY
        if old != new and 0 <= wall < SECONDS_PER_DAY:
            return [(day, wall, new - old)]
    return []


def daylight_notes(day: Ints, taken_s: Floats, zone: ZoneInfo) -> tuple[LogNote, ...]:
    """Returns notes on times that the zone's clock never showed, and on those it showed twice."""
    gaps, folds = 0, 0
    for change_day, wall, jump in clock_changes(day, zone):
        on_day = taken_s[day == change_day]
        if jump > 0:
            gaps += int(np.count_nonzero((on_day >= wall) & (on_day < wall + jump)))
        else:
            folds += int(np.count_nonzero((on_day >= wall + jump) & (on_day < wall)))
    notes = [("daylight_gap", gaps), ("daylight_fold", folds)]
    return tuple(LogNote(kind, n, text(f"log.{kind}", count=n)) for kind, n in notes if n)


def mixed_offsets(column: Moments) -> bool:
    """Whether times of one column carry different offsets, or some carry one and some none."""
    told = column.offsets[column.kinds == FULL]
    return bool(told.size) and bool((told != told[0]).any())
