"""What single fields leave open, settled by the whole column: packed clocks, minutes and seconds, parts of a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from hallplan.model.log import Floats, LogNote, Marks
from hallplan.read.log.columns import TIMES, Columns, Moments
from hallplan.read.log.moments import BLANK, CLOCK, FULL, NUMBER
from hallplan.terms import read_data, text
from hallplan.units import SECONDS_PER_DAY, SECONDS_PER_HOUR, SECONDS_PER_MINUTE


def settled(columns: Columns) -> tuple[Columns, tuple[LogNote, ...]]:
    """Returns the columns with numbers and clocks read as their columns as a whole can only mean, and notes of it."""
    columns, notes = _moments_among_spans(columns)
    found: dict[str, Moments] = {}
    for role, column in columns.moments.items():
        for kind, way in (_OF_TIMES if role in TIMES else _OF_SPANS if role in SPANS else {}).items():
            if (mended := way(column)) is not None:
                found[role] = column = mended
                notes.append(LogNote(kind, column.kinds.size, text(f"log.{kind}", role=role)))
    return replace(columns, moments={**columns.moments, **found}), tuple(notes)


def _moments_among_spans(columns: Columns) -> tuple[Columns, list[LogNote]]:
    """办理时间 as when a service starts, where a start has no column and its fields lie between ticket and end of service."""
    moments, notes = dict(columns.moments), list[LogNote]()
    for role, instead in (("service", "started"), ("wait", "called")):
        column = moments.get(role)
        if column is not None and instead not in moments and _are_moments(column, moments):
            moments[instead] = moments.pop(role)
            notes.append(LogNote("moments", column.kinds.size, text("log.moments", role=role, instead=instead)))
    return replace(columns, moments=moments), notes


def _are_moments(column: Moments, moments: Mapping[str, Moments]) -> bool:
    told = column.kinds != BLANK
    most = float(read_data("log.toml")["settled"]["moments"])
    if np.count_nonzero(told & (column.kinds == FULL)) > most * np.count_nonzero(told):
        return True
    within, bounds = told & (column.kinds == CLOCK), [moments[role] for role in ("taken", "called") if role in moments]
    if not within.any() or not bounds:
        return False
    for bound in bounds:
        known = (bound.kinds == CLOCK) | (bound.kinds == FULL)
        within &= ~known | (bound.seconds <= column.seconds)
    return bool(np.count_nonzero(within) > most * np.count_nonzero(told))


def _packed_clocks(column: Moments) -> Moments | None:
    """83015 and 235959 as clock times, when as seconds of a day they would lie beyond it, or all in its first hour."""
    rows = column.kinds == NUMBER
    values = column.seconds[rows]
    if not values.size or values.min() < 0 or values.max() >= 240000 or (values != np.floor(values)).any():
        return None
    is_short = bool(values.max() < 2400)
    whole = values * 100 if is_short else values
    hours, minutes, seconds = whole // 10000, whole // 100 % 100, whole % 100
    outside = values.max() >= SECONDS_PER_DAY or (
        is_short and np.median(values) >= read_data("log.toml")["settled"]["morning"]
    )
    if not outside or (minutes >= 60).any() or (seconds >= 60).any():
        return None
    return _with(column, rows, hours * SECONDS_PER_HOUR + minutes * SECONDS_PER_MINUTE + seconds)


def _minutes_seconds(column: Moments) -> Moments | None:
    """06:05 as six minutes, when as hours too many would be longer than anything takes in a hall."""
    rows = column.kinds == CLOCK
    values, limits = column.seconds[rows], read_data("log.toml")["settled"]
    if not values.size or (values % SECONDS_PER_MINUTE).any():
        return None
    if np.mean(values >= limits["long_h"] * SECONDS_PER_HOUR) <= limits["long_share"]:
        return None
    return _with(column, rows, values / SECONDS_PER_MINUTE)


def _day_fractions(column: Moments) -> Moments | None:
    """0.0042 as six minutes, when all are small parts of one: a spreadsheet's own durations."""
    rows = column.kinds == NUMBER
    values = column.seconds[rows]
    some = values[values > 0]
    if (
        not some.size
        or values.max() >= 1
        or values.min() < 0
        or np.median(some) > read_data("log.toml")["settled"]["part"]
    ):
        return None
    return _with(column, rows, np.round(values * SECONDS_PER_DAY, 3))


def _with(column: Moments, rows: Marks, seconds: Floats) -> Moments:
    kinds, all_seconds = column.kinds.copy(), column.seconds.copy()
    kinds[rows], all_seconds[rows] = CLOCK, seconds
    return Moments(kinds, column.days, all_seconds, column.offsets)


SPANS = ("wait", "service")
_OF_TIMES: Mapping[str, Callable[[Moments], Moments | None]] = {"packed_clocks": _packed_clocks}
_OF_SPANS: Mapping[str, Callable[[Moments], Moments | None]] = {
    "minutes_seconds": _minutes_seconds,
    "day_fractions": _day_fractions,
}
