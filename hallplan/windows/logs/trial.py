"""A plan made from some days of a log, tried on the visitors of other days."""

from __future__ import annotations

import datetime
import math
from collections import defaultdict

import numpy as np

from hallplan.errors import DemandError
from hallplan.model.interval import Interval
from hallplan.model.log import QueueLog
from hallplan.model.logged import TriedPlan, TriedSlot
from hallplan.queueing import staffing_levels, transient
from hallplan.queueing.hall import LineDays
from hallplan.queueing.visits import simulate_hall
from hallplan.terms import text
from hallplan.units import MINUTES_PER_HOUR
from hallplan.windows.logs.fit import EPOCH, SLOT_MIN, fit_service, left_at_once, minutes
from hallplan.windows.logs.replay import model_of, rows_of

Plan = dict[int, tuple[int, tuple[int, ...], tuple[float, ...], tuple[float, ...]]]
"""By weekday: first minute, windows, promised share and arrivals an hour by half-hour."""


def try_plan(
    learned: QueueLog, tried: QueueLog, *, share: float, wait_min: float, days: int = 40, seed: int = 1
) -> TriedPlan:
    """Returns how a plan by weekday and half-hour from `learned` serves the visitors of `tried`.

    Windows come from `staffing_levels` on the mean arrivals of each weekday, everybody staying; the days it is tried on
    are simulated with the arrivals, service times and patience logged.  Raises DemandError when no weekday is in both.
    """
    plan = _plan(_stayed(learned), share, wait_min)
    other = _stayed(tried)
    slots: list[TriedSlot] = []
    good = total = hours = square = 0.0
    for day in other.days:
        weekday = (EPOCH + datetime.timedelta(days=int(day))).weekday()
        if weekday not in plan:
            continue
        first, windows, promised, rates = plan[weekday]
        line, came = _simulated(other, int(day), first, windows, wait_min, days, seed)
        for k, count in enumerate(windows):
            slots.append(
                TriedSlot(weekday, first + k * SLOT_MIN, count, promised[k], line.slot_share[k], rates[k], came[k])
            )
        served = float(np.sum(line.slot_served))
        good, total = good + served * line.share_within.value, total + served
        half = (line.share_within.ci95[1] - line.share_within.ci95[0]) / 2.0
        square, hours = square + (served * half) ** 2, hours + sum(windows) * SLOT_MIN / MINUTES_PER_HOUR
    if not slots:
        raise DemandError.at(", ".join(tried.sources), text("logs.no_weekday"), remedy=text("logs.more_days"))
    mean, half = good / total, math.sqrt(square) / total
    seen = [(slot.came_per_hour, slot.tried >= share) for slot in slots]
    kept = math.fsum(came for came, is_kept in seen if is_kept) / math.fsum(came for came, _ in seen)
    return TriedPlan(share, wait_min, Interval(mean, (mean - half, min(mean + half, 1.0))), kept, hours, tuple(slots))


def _stayed(log: QueueLog) -> QueueLog:
    counted = log.pick(log.counted)
    return counted.pick(~left_at_once(counted))


def _plan(log: QueueLog, share: float, wait_min: float) -> Plan:
    service = fit_service(minutes(log.service_s[log.served]))
    factor = (1.0 + service.cv**2) / 2.0
    by_weekday: defaultdict[int, list[int]] = defaultdict(list)
    for day in log.days:
        by_weekday[(EPOCH + datetime.timedelta(days=int(day))).weekday()].append(int(day))
    plan: Plan = {}
    for weekday, days in sorted(by_weekday.items()):
        at = minutes(log.queued_s[np.isin(log.day, days)])
        first, last = int(at.min() // SLOT_MIN), int(at.max() // SLOT_MIN)
        counts = np.bincount((at // SLOT_MIN).astype(int) - first, minlength=last - first + 1)
        rates = [float(count) / len(days) * MINUTES_PER_HOUR / SLOT_MIN for count in counts]
        wait = wait_min / factor
        windows = tuple(max(c, 1) for c in staffing_levels(rates, service.mean_min, share=share, wait_min=wait))
        promised = transient(rates, service.mean_min, windows, wait_min=wait).share_within
        plan[weekday] = (first * SLOT_MIN, windows, promised, tuple(rates))
    return plan


def _simulated(
    log: QueueLog, number: int, first: int, windows: tuple[int, ...], wait_min: float, days: int, seed: int
) -> tuple[LineDays, list[float]]:
    """The day's visitors with the plan's windows; who comes before it opens waits at the door, later ones meet the last slot."""
    day = rows_of(log, number)
    shift = first - day.first
    moved = np.clip(day.joined - shift, 0.0, len(windows) * SLOT_MIN - 1e-6)
    rows = type(day)(first, len(windows), moved, day.called - shift, day.ended - shift, day.is_served, day.rows)
    found = simulate_hall(model_of(rows, windows, float(SLOT_MIN), wait_min), days=days, seed=seed)
    came = np.bincount((moved // SLOT_MIN).astype(int), minlength=len(windows)) * MINUTES_PER_HOUR / SLOT_MIN
    return found.lines[0], [float(value) for value in came]
