"""The only place a conversion factor appears."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Final

MINUTES_PER_HOUR: Final = 60.0
MINUTES_PER_DAY: Final = 1440
SECONDS_PER_MINUTE: Final = 60.0
SECONDS_PER_HOUR: Final = 3600.0
SECONDS_PER_DAY: Final = 86400.0
MM_PER_M: Final = 1000.0

COORDINATE_DIGITS: Final = 4
"""Digits kept of a length in metres: 0.1 mm, so that results are the same bytes everywhere."""


class Unit(StrEnum):
    """What one drawing unit is."""

    MM = "mm"
    CM = "cm"
    M = "m"
    IN = "in"
    FT = "ft"


METRES_PER: Final[dict[Unit, float]] = {
    Unit.MM: 0.001,
    Unit.CM: 0.01,
    Unit.M: 1.0,
    Unit.IN: 0.0254,
    Unit.FT: 0.3048,
}

INSUNITS: Final[dict[int, Unit]] = {1: Unit.IN, 2: Unit.FT, 4: Unit.MM, 5: Unit.CM, 6: Unit.M}
"""DXF header variable $INSUNITS to unit; 0 and absent mean unitless."""


def round_m(value: float) -> float:
    """Returns a length in metres rounded to 0.1 mm, with no negative zero."""
    return round(value, COORDINATE_DIGITS) + 0.0


def clock(minutes: float) -> str:
    """Returns minutes after midnight as "HH:MM"."""
    hours, rest = divmod(round(minutes), 60)
    return f"{hours:02d}:{rest:02d}"


def weekday(day: int) -> int:
    """Returns the day of the week of a day since 1970-01-01, a Thursday; Monday is 0."""
    return (day + 3) % 7


def iso_day(day: int) -> str:
    """Returns days since 1970-01-01 as "YYYY-MM-DD"."""
    return (dt.date(1970, 1, 1) + dt.timedelta(days=day)).isoformat()
