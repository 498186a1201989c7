"""The days of a log simulated with the same arrivals, to see whether waits and loads come out as logged."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hallplan.model.interval import Interval
from hallplan.model.log import QueueLog
from hallplan.model.logged import ReplayedDay, ReplayedSlot
from hallplan.queueing import Access, Estimate, Group, HallModel, Line, Service, Step, VisitorClass, simulate_hall
from hallplan.terms import read_data
from hallplan.units import SECONDS_PER_MINUTE
from hallplan.windows.logs.fit import SLOT_MIN, Floats, fit_service, left_at_once, minutes, patience

FEW = 15
"""Service times that a class needs of its own; with fewer it takes those of its type, then of the day."""


@dataclass(frozen=True, slots=True)
class DayRows:
    """One day: minutes after its first half-hour (`first`, after midnight) of joining, being called and leaving."""

    first: int
    n_slots: int
    joined: Floats
    called: Floats
    ended: Floats
    is_served: np.ndarray
    rows: QueueLog


def replay_log(log: QueueLog, *, days: int = 60, seed: int = 1) -> tuple[ReplayedDay, ...]:
    """Returns every day of the log beside `days` simulations of it.

    Arrivals are those logged, service times those measured by type and two hours, patience that of the day, and the windows open are the
    windows seen busy while two or more waited (then all open ones are). Those who left at once are left out.
    Source: ours; what is compared (waits, who left, busy windows) is not what was fed in.
    """
    counted = log.pick(log.counted)
    counted = counted.pick(~left_at_once(counted))
    return tuple(_replay(rows_of(counted, int(day)), int(day), days, seed) for day in counted.days)


def rows_of(log: QueueLog, day: int) -> DayRows:
    """Returns one day of a log."""
    rows = log.pick(log.day == day)
    joined = minutes(rows.queued_s)
    called = joined + np.maximum(np.nan_to_num(minutes(rows.wait_s)), 0.0)
    ended = called + np.maximum(np.nan_to_num(minutes(rows.service_s)), 0.0)
    first = int(joined.min() // SLOT_MIN) * SLOT_MIN
    n_slots = math.ceil((float(ended.max()) - first) / SLOT_MIN + 1e-9)
    return DayRows(first, max(n_slots, 1), joined - first, called - first, ended - first, rows.served, rows)


def seen_open(day: DayRows, slot: float) -> tuple[int, ...]:
    """Windows open in each short slot: busy ones while two or more wait, else the most that were busy."""
    rules = read_data("logs.toml")["replay"]
    length = int(day.n_slots * SLOT_MIN * SECONDS_PER_MINUTE)
    busy = _count(day.called[day.is_served], day.ended[day.is_served], length)
    waiting = _count(day.joined, day.called, length)
    step, found = int(slot * SECONDS_PER_MINUTE), []
    for k in range(length // step):
        here = slice(k * step, (k + 1) * step)
        queued = waiting[here] >= rules["least_waiting"]
        is_clear = queued.sum() >= rules["least_seconds"]
        found.append(round(float(busy[here][queued].mean())) if is_clear else int(busy[here].max()))
    return tuple(found)


def model_of(day: DayRows, opened: tuple[int, ...], slot: float, wait_min: float) -> HallModel:
    """Returns a hall to which the day's visitors come exactly when they came."""
    block = (day.joined // read_data("logs.toml")["replay"]["block_min"]).astype(int)
    times, codes = minutes(day.rows.service_s), day.rows.item.codes
    stays, classes = patience(day.rows), []
    for code in np.unique(codes):
        for part in np.unique(block[codes == code]):
            mine = (codes == code) & (block == part)
            known = (times[rows & day.is_served] for rows in (mine, codes == code, codes >= 0))
            service = next(
                (fit for fit in map(fit_service, known) if fit.count >= FEW), fit_service(times[day.is_served])
            )
            step = Step("all", Service(service.mean_min, None, service.quantiles))
            booked = tuple(float(at) for at in day.joined[mine])
            name = f"{day.rows.item.names[code]} {part}"
            classes.append(VisitorClass(name, (0.0,) * len(opened), (step,), stays, booked=booked))
    return HallModel(tuple(classes), (Line("all", (Access("all"),), wait_min),), (Group("all", opened),), slot)


def _replay(day: DayRows, number: int, days: int, seed: int) -> ReplayedDay:
    slot = float(read_data("logs.toml")["replay"]["slot_min"])
    found = simulate_hall(model_of(day, seen_open(day, slot), slot, 0.0), days=days, seed=seed)
    line, each = found.lines[0], int(SLOT_MIN / slot)
    waits = _half_hours(np.array(line.slot_wait_min), np.array(line.slot_served), each)
    busy = np.array(found.busy[0]).reshape(-1, each).mean(axis=1)
    logged = _count(
        day.called[day.is_served], day.ended[day.is_served], int(day.n_slots * SLOT_MIN * SECONDS_PER_MINUTE)
    )
    logged_busy = logged.reshape(day.n_slots, -1).mean(axis=1)
    slots = []
    for k in range(day.n_slots):
        here = (day.joined // SLOT_MIN).astype(int) == k
        served = here & day.is_served
        wait = float((day.called - day.joined)[served].mean()) if served.any() else 0.0
        slots.append(
            ReplayedSlot(
                day.first + k * SLOT_MIN, int(here.sum()), wait, float(waits[k]), float(logged_busy[k]), float(busy[k])
            )
        )
    wait = float((day.called - day.joined)[day.is_served].mean()) if day.is_served.any() else 0.0
    left = 1.0 - float(day.is_served.mean())
    return ReplayedDay(
        number, day.rows.n, wait, _interval(line.mean_wait_min), left, _interval(line.gave_up), tuple(slots)
    )  # fmt: skip


def _half_hours(values: Floats, weights: Floats, each: int) -> Floats:
    total, count = (values * weights).reshape(-1, each).sum(axis=1), weights.reshape(-1, each).sum(axis=1)
    return np.asarray(total / np.maximum(count, 1e-9), np.float64)


def _count(start: Floats, end: Floats, length: int) -> np.ndarray:
    """(length,) how many intervals (minutes) cover each second."""
    steps: Floats = np.zeros(length + 1)
    for at, sign in ((start, 1.0), (end, -1.0)):
        np.add.at(steps, np.clip((at * SECONDS_PER_MINUTE).astype(int), 0, length), sign)
    return np.cumsum(steps)[:length]


def _interval(estimate: Estimate) -> Interval:
    return Interval(estimate.value, estimate.ci95)
