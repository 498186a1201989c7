"""Arrivals, service times, patience and season of a queue log."""

from __future__ import annotations

import datetime
import math

import numpy as np
from numpy.typing import NDArray

from hallplan.errors import DemandError
from hallplan.model.log import QueueLog
from hallplan.model.logged import LogDemand, LogType, Season, ServiceFit
from hallplan.terms import read_data, text
from hallplan.units import MINUTES_PER_HOUR, SECONDS_PER_MINUTE
from hallplan.windows.logs.faults import usable_service

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]
SLOT_MIN = 30
QUANTILES = 65
ROUNDING = 1e-9
EPOCH = datetime.date(1970, 1, 1)
DAYS_PER_WEEK = 7


def fit_log(log: QueueLog) -> LogDemand:
    """Returns the demand that a log shows, by business type and half-hour.

    Raises DemandError when nobody was served.  Sources: outliers by Tukey's fences on logarithms; patience as the
    maximum likelihood of a censored exponential (all waits over those who left); the rest are counts.
    """
    if not log.served.any():
        raise DemandError.at(", ".join(log.sources), text("logs.nobody"), remedy=text("logs.map_columns"))
    counted = log.pick(log.counted)
    starts = open_slots(counted)
    names = sorted({counted.item.names[code] for code in np.unique(counted.item.codes)})
    types = tuple(
        _type(counted.pick(counted.item.codes == counted.item.code(name)), name, counted, starts) for name in names
    )
    return LogDemand(
        int(counted.days.size), starts, types, _seasons(counted), _trend(counted),
        tuple((reason, int((log.state == 2 + n).sum())) for n, reason in enumerate(log.reasons)),
    )  # fmt: skip


def minutes(values: Floats) -> Floats:
    """Returns seconds as minutes."""
    return np.asarray(values / SECONDS_PER_MINUTE, np.float64)


def open_slots(log: QueueLog) -> tuple[int, ...]:
    """Half-hours, from the first to the last in which more than one in five hundred come."""
    slot = np.clip(minutes(log.queued_s) // SLOT_MIN, 0, None).astype(int)
    counts = np.bincount(slot)
    used = np.flatnonzero(counts > counts.sum() * read_data("logs.toml")["fit"]["least_slot_share"])
    return tuple(SLOT_MIN * k for k in range(int(used[0]), int(used[-1]) + 1))


def left_at_once(log: QueueLog) -> Marks:
    """(n,) whether each ticket's holder left within the first seconds: they never stood in the queue."""
    limit = float(read_data("logs.toml")["fit"]["at_once_s"])
    return np.asarray(log.abandoned & ~(log.wait_s > limit))


def patience(log: QueueLog) -> float:
    """Returns the mean patience in minutes, infinite when nobody left after queueing."""
    queued = ~left_at_once(log)
    left = int((log.abandoned & queued).sum())
    return float(np.nansum(np.maximum(minutes(log.wait_s)[queued], 0.0))) / left if left else math.inf


def fit_service(times: Floats) -> ServiceFit:
    """Returns the fit of service times in minutes; nan and negative ones must be left out before."""
    positive = np.sort(times[times > 0])
    if not positive.size:
        return ServiceFit(0, 0.0, 0.0, 0.0, 0.0, (), 0, 0.0, 0.0, 0.0, int((times <= 0).sum()))
    low, high = _fences(np.log(positive))
    kept = positive[(positive >= low) & (positive <= high)]
    mean = float(kept.mean())
    quantiles = np.quantile(kept, np.linspace(0.0, 1.0, QUANTILES))
    return ServiceFit(
        int(kept.size), mean, float(kept.std()) / mean, float(np.median(kept)), float(np.quantile(kept, 0.95)),
        tuple(round(float(value), 4) for value in quantiles), int(positive.size - kept.size), low, high,
        float(positive[-1]), int((times <= 0).sum()),
    )  # fmt: skip


def _fences(logs: Floats) -> tuple[float, float]:
    first, third = (float(value) for value in np.quantile(logs, (0.25, 0.75)))
    reach = float(read_data("logs.toml")["fit"]["fence"]) * (third - first)
    return math.exp(first - reach) * (1.0 - ROUNDING), math.exp(third + reach) * (1.0 + ROUNDING)


def _type(rows: QueueLog, name: str, log: QueueLog, starts: tuple[int, ...]) -> LogType:
    at = minutes(rows.queued_s)
    edges = np.array([*starts, starts[-1] + SLOT_MIN], dtype=np.float64)
    per_hour = np.histogram(at, edges)[0] * (MINUTES_PER_HOUR / SLOT_MIN) / log.days.size
    service = fit_service(minutes(rows.service_s[usable_service(rows)]))
    gone = left_at_once(rows)
    return LogType(
        name, rows.n, tuple(round(float(rate), 6) for rate in per_hour), service,
        int(rows.abandoned.sum() - gone.sum()), int(gone.sum()), patience(rows),
    )  # fmt: skip


def _seasons(log: QueueLog) -> tuple[Season, ...]:
    """Each weekday over all days; month and school starts once the log is long enough to tell."""
    days = log.days
    counts = np.array([(log.day == day).sum() for day in days], dtype=np.float64)
    dates = [EPOCH + datetime.timedelta(days=int(day)) for day in days]
    rules = read_data("logs.toml")["season"]
    groups = [(f"weekday_{n}", [date.weekday() == n for date in dates]) for n in range(DAYS_PER_WEEK)]
    if len(dates) >= rules["least_days"]:
        groups.append(("month_start", [date.day <= rules["month_start_days"] for date in dates]))
        groups.append(("school_start", [date.month == 9 and date.day <= rules["school_start_days"] for date in dates]))
    rows = [(what, np.array(marks)) for what, marks in groups]
    mean = float(counts.mean())
    return tuple(
        Season(what, round(float(counts[marks].mean()) / mean, 4), int(marks.sum()))
        for what, marks in rows
        if marks.any()
    )


def _trend(log: QueueLog) -> float | None:
    """Change of a week's visitors from week to week, by a line through whole weeks."""
    weeks, counts = np.unique((log.day - log.days[0]) // DAYS_PER_WEEK, return_counts=True)
    if weeks.size < read_data("logs.toml")["season"]["least_weeks"]:
        return None
    slope = float(np.polyfit(weeks, counts, 1)[0])
    return round(slope / float(counts.mean()), 4)
