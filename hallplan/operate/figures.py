"""The figures of a log: counts, waits, service times, loads by window and half-hour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hallplan.model.log import FIRST_REASON, Floats, Ints, QueueLog, Words
from hallplan.model.monitor import DayFigures, Figures, HalfHour, Load
from hallplan.operate.sessions import Openings, open_by_slot, sessions
from hallplan.units import SECONDS_PER_DAY, SECONDS_PER_HOUR

SLOT_S = 1800.0
SLOT_MIN = 30
SLOTS_A_DAY = 48


def measure(log: QueueLog) -> Figures:
    """Returns the figures of a log.

    Waits and service times are over people served; half-hours go by when the ticket was taken; a wait or a service
    that the log does not tell is left out of means and quantiles, and so is a wait below 0.
    """
    openings = sessions(log)
    served = log.served
    waits = log.wait_s[served & log.waited]
    p50, p90 = (_quantile(waits, share) for share in (0.5, 0.9))
    counts = np.bincount(log.state, minlength=FIRST_REASON + len(log.reasons))
    excluded = tuple((reason, int(counts[FIRST_REASON + n])) for n, reason in enumerate(log.reasons))
    return Figures(
        log.n, log.rows, log.repeats, int(counts[0]), int(counts[1]), tuple(e for e in excluded if e[1]),
        tuple(log.days.tolist()), _mean(waits), p50, p90, _mean(_told(log.service_s[served])), _hours(openings),
        window_loads(log, openings), item_loads(log), half_hours(log, openings), by_day(log, openings),
    )  # fmt: skip


def _told(values: Floats) -> Floats:
    return values[~np.isnan(values)]


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if values.size else None


def _quantile(values: Floats, share: float) -> float | None:
    return float(np.quantile(values, share)) if values.size else None


def _hours(openings: Openings) -> float:
    return float((openings[2] - openings[1]).sum()) / SECONDS_PER_HOUR


def window_loads(log: QueueLog, openings: Openings) -> tuple[Load, ...]:
    """Returns what each window had to do, by id; windows of several halls carry the hall's name."""
    key = (log.hall.codes.astype(np.int64) << 20) + log.window.codes
    keys, inverse = np.unique(key[log.served], return_inverse=True)
    open_s = dict(zip(keys.tolist(), [0.0] * keys.size, strict=True))
    for window, start, end in zip(*(column.tolist() for column in openings), strict=True):
        open_s[window] = open_s.get(window, 0.0) + end - start
    names = [_window_name(log, int(k)) for k in keys]
    return _loads(log, inverse, names, [open_s[int(k)] for k in keys])


def _window_name(log: QueueLog, key: int) -> str:
    name = log.window.names[key & 0xFFFFF]
    return name if len(log.hall.names) < 2 else f"{log.hall.names[key >> 20]} {name}"


def item_loads(log: QueueLog) -> tuple[Load, ...]:
    """Returns the load of each item; an item has no opening hours."""
    used, inverse = np.unique(log.item.codes[log.served], return_inverse=True)
    return _loads(log, inverse, [log.item.names[c] for c in used.tolist()], [0.0] * used.size)


def _loads(log: QueueLog, group: NDArray[np.int64], names: list[str], open_s: list[float]) -> tuple[Load, ...]:
    service = log.service_s[log.served]
    told = ~np.isnan(service)
    tickets = np.bincount(group, minlength=len(names))
    busy = np.bincount(group[told], service[told], minlength=len(names))
    timed = np.maximum(np.bincount(group[told], minlength=len(names)), 1)
    found = [
        Load(name, int(tickets[n]), float(busy[n]), open_s[n], float(busy[n] / timed[n]))
        for n, name in enumerate(names)
    ]
    return tuple(sorted((load for load in found if load.id), key=lambda load: load.id))


def half_hours(log: QueueLog, openings: Openings) -> tuple[HalfHour, ...]:
    """Returns the half-hours of the day from the first to the last in which somebody came, over all days."""
    slot = (np.mod(log.taken_s, SECONDS_PER_DAY) // SLOT_S).astype(np.int64)
    came = np.bincount(slot[log.counted], minlength=SLOTS_A_DAY)
    if not came.any():
        return ()
    _, open_slot, n_open = open_by_slot(openings, SLOT_S)
    mean_open = np.bincount(open_slot, n_open, minlength=SLOTS_A_DAY) / max(1, log.days.size)
    served, left = (np.bincount(slot[rows], minlength=SLOTS_A_DAY) for rows in (log.served, log.abandoned))
    means, p90s = grouped_waits(log, slot, SLOTS_A_DAY)
    used = np.flatnonzero(came)
    return tuple(
        HalfHour(k * SLOT_MIN, int(came[k]), int(served[k]), int(left[k]), means[k], p90s[k], float(mean_open[k]))
        for k in range(int(used[0]), int(used[-1]) + 1)
    )


def by_day(log: QueueLog, openings: Openings) -> tuple[DayFigures, ...]:
    """Returns the figures of each day."""
    days = log.days
    if not days.size:
        return ()
    if log.day.min() < 0:
        log = log.pick(log.day >= 0)
    number = np.full(int(days[-1] - days[0]) + 1, -1)
    number[days - days[0]] = np.arange(days.size)
    row = number[log.day - days[0]]
    tickets, served, left = (
        np.bincount(row[rows], minlength=days.size) for rows in (np.ones(log.n, bool), log.served, log.abandoned)
    )
    start_day = np.clip((openings[1] // SECONDS_PER_DAY).astype(np.int64) - int(days[0]), 0, number.size - 1)
    hours = np.bincount(
        np.maximum(number[start_day], 0), (openings[2] - openings[1]) / SECONDS_PER_HOUR, minlength=days.size
    )
    means, p90s = grouped_waits(log, row, days.size)
    return tuple(
        DayFigures(int(days[n]), int(tickets[n]), int(served[n]), int(left[n]), means[n], p90s[n], float(hours[n]))
        for n in range(days.size)
    )


def grouped_waits(
    log: QueueLog, group: NDArray[np.int64] | Ints, n_groups: int
) -> tuple[list[float | None], list[float | None]]:
    """Returns the mean and the 90th percentile of waits of people served, group by group; None where nobody was."""
    told = log.served & log.waited
    waits, groups = log.wait_s[told], group[told]
    # small whole numbers sort in one pass, which matters with millions of rows
    keys = groups.astype(np.uint16) if n_groups <= np.iinfo(np.uint16).max else groups
    waits = waits[np.argsort(keys, kind="stable")]
    edges = np.concatenate([[0], np.cumsum(np.bincount(groups, minlength=n_groups))])
    pieces = [waits[a:b] for a, b in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)]
    return [_mean(piece) for piece in pieces], [_quantile(piece, 0.9) for piece in pieces]


def names_in_use(words: Words) -> list[str]:
    """Returns the texts that rows of a column have, blanks left out."""
    return [words.names[code] for code in np.unique(words.codes).tolist() if words.names[code]]
