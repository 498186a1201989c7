"""What is odd about a log, counted: nothing is mended in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from hallplan.model.log import LogNote, QueueLog
from hallplan.read.log import clocks
from hallplan.read.log.columns import TIMES, Columns
from hallplan.read.log.moments import BAD
from hallplan.read.log.scan import first_of_each
from hallplan.read.log.states import counts, outcome_kinds
from hallplan.settings import Settings
from hallplan.terms import read_data, text
from hallplan.units import SECONDS_PER_HOUR

HOURS_A_DAY = 24


def notes_of(log: QueueLog, columns: Columns, repeats: int, settings: Settings) -> tuple[LogNote, ...]:
    """Returns everything odd about a log that a reader of its figures should know."""
    found = [*_rows(columns, repeats), *_durations(log), *_tickets(log), *_clock(log, columns, settings)]
    found += _words(columns, settings)
    return tuple(found)


def _note(kind: str, count: int, **values: object) -> Iterator[LogNote]:
    if count:
        yield LogNote(kind, count, text(f"log.{kind}", count=count, **values))


def _rows(columns: Columns, repeats: int) -> Iterator[LogNote]:
    yield from _note("repeats", repeats)
    yield from _note("wide_rows", columns.widths)
    for role, column in columns.moments.items():
        yield from _note("bad_times", int(np.count_nonzero(column.kinds == BAD)), role=role)


def _durations(log: QueueLog) -> Iterator[LogNote]:
    """Zero and negative times are kept as they stand, and counted; so are hours long ones."""
    limits = read_data("log.toml")["oddities"]
    zero, negative = counts(log.service_s[log.served])
    for figure, values in (("wait", log.wait_s), ("service", log.service_s)):
        if log.n and np.isnan(values).all():
            yield LogNote(f"no_{figure}", log.n, text(f"log.no_{figure}"))
    yield from _note("zero_service", zero)
    yield from _note("negative_service", negative)
    yield from _note("negative_wait", counts(log.wait_s[log.served])[1])
    yield from _note("long_service", int(np.count_nonzero(log.service_s[log.served] > limits["long_service_s"])))
    yield from _note("long_wait", int(np.count_nonzero(log.wait_s[log.served] > limits["long_wait_s"])))


def _tickets(log: QueueLog) -> Iterator[LogNote]:
    """Ticket numbers used again on the same day in the same hall."""
    has = log.ticket != 0
    if has.any():
        key = log.ticket[has] ^ (log.day[has].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
        key ^= log.hall.codes[has].astype(np.uint64) << np.uint64(40)
        again = ~first_of_each(np.column_stack([key, key]))
        yield from _note("reused_tickets", int(np.count_nonzero(again)))


def _words(columns: Columns, settings: Settings) -> Iterator[LogNote]:
    """Outcome words that are not known, so that whether a service is told decided."""
    outcome = columns.words["outcome"]
    for code, kind in enumerate(outcome_kinds(outcome, settings)):
        if not kind and outcome.names[code]:
            yield from _note("unknown_outcome", int(np.count_nonzero(outcome.codes == code)), word=outcome.names[code])


def _clock(log: QueueLog, columns: Columns, settings: Settings) -> Iterator[LogNote]:
    yield from _note("future_start", int(np.count_nonzero(log.started_s < log.taken_s - 1)))
    limits = read_data("log.toml")["oddities"]
    yield from _shifted(log, limits)
    if any(clocks.mixed_offsets(columns.moments[role]) for role in TIMES if role in columns.moments):
        yield LogNote("mixed_offsets", 1, text("log.mixed_offsets"))
    zone = clocks.zone_of(settings)
    if zone is not None:
        yield from clocks.daylight_notes(log.day, log.taken_s, zone)
    first_to_last = int(log.days[-1] - log.days[0] + 1) if log.days.size else 0
    yield from _note("days_without", first_to_last - int(log.days.size))


def _shifted(log: QueueLog, limits: dict[str, Any]) -> Iterator[LogNote]:
    """A clock that seems to stand in another time zone: few tickets by day as written, nearly all after a shift."""
    hours = np.floor(log.taken_s[log.counted] / SECONDS_PER_HOUR).astype(np.int64) % HOURS_A_DAY
    if not hours.size:
        return
    by_hour = np.bincount(hours, minlength=HOURS_A_DAY) / hours.size
    most = int(limits["most_shift_h"])
    shares = {
        shift: float(np.roll(by_hour, shift)[limits["first_hour"] : limits["last_hour"]].sum())
        for shift in range(-most, most + 1)
    }
    best = max(shares, key=lambda shift: (shares[shift], -abs(shift)))
    if shares[0] <= limits["inside_before"] and shares[best] >= limits["inside_after"]:
        yield LogNote("time_zone", int(hours.size), text("log.time_zone", share=f"{shares[0]:.0%}", hours=best))
