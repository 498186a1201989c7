"""A queue log as tickets: files in, one model object out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hallplan.errors import Fault, SheetError
from hallplan.model.log import Floats, Ints, LogNote, Marks, QueueLog, Words
from hallplan.read.log import clocks
from hallplan.read.log.columns import ORDERS, TIMES, Columns, Gatherer
from hallplan.read.log.events import as_tickets
from hallplan.read.log.headings import find_headings, unused_times
from hallplan.read.log.moments import BAD, BLANK
from hallplan.read.log.notes import notes_of
from hallplan.read.log.scan import first_of_each
from hallplan.read.log.settled import settled
from hallplan.read.log.states import is_window, states_of, totals_among
from hallplan.read.log.tables import open_tables
from hallplan.settings import Settings
from hallplan.terms import read_data, text
from hallplan.units import SECONDS_PER_DAY, SECONDS_PER_HOUR

SCATTERED = 3
"""Days are on end when they span so many times less in one order of dates than in the other."""
FEW_DAYS, WORKING_DAYS, DAYS_A_WEEK = 3, 5, 7
DAY_PRINT = np.uint64(0x9E3779B97F4A7C15)


def read_log(paths: Sequence[Path], settings: Settings) -> QueueLog:
    """Returns the tickets of queue logs, exact repeats left out and counted.

    paths: .csv, .tsv (UTF-8, GB18030, UTF-16) or workbooks, with the same or different columns.
    Raises SheetError with every file that is absent, no table, without times or unreadable for the most part;
    SettingsError when [log] maps what is not there.
    """
    try:
        log = _read(paths, settings, settings.log.date_order)
    except SheetError as error:
        return _in_other_order(paths, settings, error)
    return _in_likelier_order(paths, settings, log)


def _in_likelier_order(paths: Sequence[Path], settings: Settings, log: QueueLog) -> QueueLog:
    """The log, or as the one other order of short dates reads it when only that makes its scattered days days on end."""
    span = _span_of(log)
    if log.days.size < FEW_DAYS or span < SCATTERED * DAYS_A_WEEK / WORKING_DAYS * log.days.size:
        return log
    found = []
    for order in ORDERS:
        with suppress(SheetError):
            found += [(order, _read(paths, settings, order))] if order != settings.log.date_order else []
    near = [one for one in found if _span_of(one[1]) * SCATTERED <= span and not _has_bad_times(one[1])]
    return _told_order(*near[0]) if len(near) == 1 else log


def _span_of(log: QueueLog) -> int:
    """Days from a log's first to its last."""
    return int(log.days[-1] - log.days[0]) if log.days.size else 0


def _has_bad_times(log: QueueLog) -> bool:
    return any(note.kind == "bad_times" for note in log.notes)


def _told_order(order: str, log: QueueLog) -> QueueLog:
    note = LogNote("date_order", log.rows, text("log.date_order", order=text(f"log.order_{order}"), key=order))
    return replace(log, notes=(*log.notes, note))


def _in_other_order(paths: Sequence[Path], settings: Settings, error: SheetError) -> QueueLog:
    """The log with the one other order of dates in which it can be read, said in a note; else the error as it was."""
    found = []
    for order in ORDERS:
        with suppress(SheetError):
            found += [(order, _read(paths, settings, order))] if order != settings.log.date_order else []
    sound = [one for one in found if not _has_bad_times(one[1])] or found
    spans = [_span_of(log) for _, log in sound]
    # weeks of days on end are likelier than one day in each of many months
    near = [one for one, span in zip(sound, spans, strict=True) if span * SCATTERED <= max(spans)]
    sound = near if len(near) == 1 else sound
    if len(sound) != 1:
        orders = text("log.or").join(text(f"log.order_{order}") for order, _ in sound)
        raise (
            SheetError.of([replace(f, remedy=text("log.which_order", orders=orders)) for f in error.faults])
            if sound
            else error
        )
    return _told_order(*sound[0])


def _read(paths: Sequence[Path], settings: Settings, order: str) -> QueueLog:
    """The log with dates whose year does not lead in one order."""
    gatherer = Gatherer(ORDERS[order])
    faults: list[Fault] = []
    named: list[tuple[int, int]] = []
    unused: dict[str, int] = {}
    events = 0
    for path in paths:
        try:
            for opened in open_tables(path):
                table, n_events = as_tickets(opened, settings)
                events += n_events
                headings = find_headings(table, settings)
                rows = gatherer.add(table, headings)
                named.append((rows, clocks.day_of_sheet(table.sheet, path.name)))
                unused |= {name: unused.get(name, 0) + rows for name in unused_times(headings)}
        except SheetError as error:
            faults += error.faults
    if faults:
        raise SheetError.of(faults)
    name_days = np.concatenate([np.full(rows, day, np.int32) for rows, day in named])
    log = _assembled(gatherer.columns(), name_days, tuple(path.name for path in paths), settings)
    told = [LogNote("unused_times", rows, text("log.unused_times", name=name)) for name, rows in unused.items() if rows]
    if events:
        told.append(LogNote("events", events, text("log.events", count=events, tickets=log.n)))
    return replace(log, notes=(*told, *log.notes))


@dataclass(frozen=True, slots=True)
class _Times:
    """When each ticket was taken, called, started and finished, on the clock of its day; named: whose day a name tells."""

    day: Ints
    at: Mapping[str, Floats]
    named: Marks


def _assembled(columns: Columns, name_days: Ints, sources: tuple[str, ...], settings: Settings) -> QueueLog:
    _require_readable(columns, sources)
    columns, notes = settled(columns)
    times = _times(columns, name_days, sources, settings)
    if times.named.any():
        # rows alike are no repeats when the names of their files or sheets tell different days
        told = name_days.astype(np.uint64) * DAY_PRINT * times.named
        columns = replace(columns, prints=columns.prints ^ told[:, None])
    wait, service, started = _durations(columns, times)
    window = columns.words["window"]
    seen = is_window(window, settings)
    began = ~np.isnan(service) | (~np.isnan(started) & (seen[window.codes] | ~seen.any()))
    taken = _taken(times.at)
    timeless = np.isnan(taken) | (times.day == clocks.NO_DAY)
    state, reasons = states_of(columns.words["outcome"], window, seen, began, timeless, settings)
    named = Words(window.codes, tuple(n if seen[k] else "" for k, n in enumerate(window.names)))
    first = first_of_each(columns.prints)
    totals = totals_among(columns, timeless)
    words = columns.words
    log = QueueLog(
        sources, times.day, np.where(timeless, 0.0, taken), started, wait, service, state, reasons, named,
        words["item"], words["staff"], words["hall"], words["rating"], columns.tickets, columns.prints, columns.n,
    )  # fmt: skip
    kept = log if first.all() and not totals.any() else _without_blank_words(log.pick(first & ~totals))
    noted = _noted(kept, columns, int(np.count_nonzero(~first & ~totals)), int(np.count_nonzero(totals)), settings)
    return replace(noted, notes=(*notes, *noted.notes))


def _without_blank_words(log: QueueLog) -> QueueLog:
    """The log whose halls are those that rows have: a row of totals makes no hall."""
    used, codes = np.unique(log.hall.codes, return_inverse=True)
    return replace(log, hall=Words(codes.astype(np.int32), tuple(log.hall.names[code] for code in used.tolist())))


def _noted(log: QueueLog, columns: Columns, repeats: int, totals: int, settings: Settings) -> QueueLog:
    """The log with what is odd about it."""
    notes = notes_of(log, columns, repeats, settings)
    if totals:
        notes = (LogNote("totals", totals, text("log.totals", count=totals)), *notes)
    return replace(log, rows=columns.n - totals, repeats=repeats, notes=notes)


def _require_readable(columns: Columns, sources: tuple[str, ...]) -> None:
    """Raises SheetError for each column of times most of whose fields are no times."""
    most = float(read_data("log.toml")["limits"]["most_bad_share"])
    faults = []
    for role, column in columns.moments.items():
        bad, said = int(np.count_nonzero(column.kinds == BAD)), int(np.count_nonzero(column.kinds != BLANK))
        if bad > most * said:
            row = int(np.flatnonzero(column.kinds == BAD)[0]) + 1
            where = text("log.in_column", file=sources[0], role=role)
            faults.append(Fault(where, text("log.bad_column", bad=bad, said=said, row=row), text("log.times_wanted"), text("log.map_them")))  # fmt: skip
    if faults:
        raise SheetError.of(faults)


def _times(columns: Columns, name_days: Ints, sources: tuple[str, ...], settings: Settings) -> _Times:
    moments = dict(columns.moments)
    zone = clocks.zone_of(settings)
    if zone is not None:
        moments |= {role: clocks.to_local(moments[role], zone) for role in TIMES if role in moments}
    own = clocks.own_days(moments)
    told = clocks.days_in(moments["date"]) if "date" in moments else np.full(columns.n, clocks.NO_DAY, np.int32)
    # a date column without times of its own goes with clock times; full times know their day themselves
    day = np.where(own != clocks.NO_DAY, own, np.where(told != clocks.NO_DAY, told, name_days)).astype(np.int32)
    clocks.require_days(day, sources[0])
    named = (own == clocks.NO_DAY) & (told == clocks.NO_DAY) & (name_days != clocks.NO_DAY)
    shift = settings.log.shift_hours * SECONDS_PER_HOUR
    at = {role: np.full(columns.n, np.nan) for role in TIMES}
    for role in TIMES:
        if role in moments:
            at[role] = clocks.place_moments(moments[role], day, zero_is_never=role != "taken") + shift
    if shift:
        moved = np.nan_to_num(np.floor_divide(_taken(at), SECONDS_PER_DAY)).astype(np.int32)
        at = {role: seconds - moved * SECONDS_PER_DAY for role, seconds in at.items()}
        day = np.where(day == clocks.NO_DAY, day, day + moved).astype(np.int32)
    return _Times(day, at, named)


def _taken(at: Mapping[str, Floats]) -> Floats:
    """When a ticket was taken, or the next thing that is known of it."""
    taken = at["taken"]
    for role in ("called", "started"):
        taken = np.where(np.isnan(taken), at[role], taken)
    return taken


def _durations(columns: Columns, times: _Times) -> tuple[Floats, Floats, Floats]:
    """Waits, service times and starts in seconds: as the log tells them, else from its clock times."""
    at = times.at
    wait, service = _span(columns, "wait"), _span(columns, "service")
    called = np.where(np.isnan(at["called"]), at["started"], at["called"])
    wait = np.where(np.isnan(wait), clocks.unwrapped(called - at["taken"]), wait)
    started = np.where(np.isnan(at["started"]), at["called"], at["started"])
    service = np.where(np.isnan(service), clocks.unwrapped(at["finished"] - started), service)
    started = np.where(np.isnan(started), at["taken"] + wait, started)
    crossed = started - at["taken"] < -clocks.HALF_DAY_S
    return wait, service, np.where(crossed, started + SECONDS_PER_DAY, started)


def _span(columns: Columns, role: str) -> Floats:
    column = columns.moments.get(role)
    return np.full(columns.n, np.nan) if column is None else clocks.spans_of(column)
