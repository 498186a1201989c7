"""Days of one queue whose windows open and close by how many wait, beside the same days with a fixed plan."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit

from hallplan.queueing.kernels import Floats, Ints
from hallplan.units import MINUTES_PER_HOUR

NEVER = 1 << 30
"""A level that no queue reaches."""


@dataclass(frozen=True, slots=True)
class Rules:
    """When to open and close: (n_slots, most + 1) each, by the slot and the windows open now.

    open_at: open one more when at least so many wait.  close_at: close one when at least so many windows are free.
    least: fewest open.  look_min: how often somebody looks.  delay_min: until a window that is called for opens.
    """

    open_at: Ints
    close_at: Ints
    least: int
    look_min: float
    delay_min: float
    step: int = 1


@dataclass(frozen=True, slots=True)
class AdjustedDays:
    """By day: visitors, those within the target, minutes waited, window-hours; `came` and `within` by slot too."""

    visitors: Floats
    waits_min: Floats
    window_hours: Floats
    came: Ints
    within: Floats


@dataclass(frozen=True, slots=True)
class DrawnDays:
    """Visitors of many days, to be run under several plans: arrival and service times in minutes, where each day starts."""

    arrivals: Floats
    services: Floats
    starts: Ints
    came: Ints
    slot_min: float


def draw_days(
    arrivals_per_hour: Sequence[float],
    minutes_per_case: float,
    *,
    cv: float,
    day_factors: Floats,
    seed: int,
    slot_minutes: float = 30.0,
) -> DrawnDays:
    """Returns one day for each of `day_factors`, by which all its arrival rates are multiplied.

    arrivals_per_hour: one a slot, evenly within it (Poisson).  Service is lognormal with this mean and cv.
    """
    draw = np.random.default_rng(seed)
    rates = np.asarray(arrivals_per_hour, dtype=np.float64) * slot_minutes / MINUTES_PER_HOUR
    came = draw.poisson(np.outer(day_factors, rates))
    slots = np.repeat(np.arange(came.size), came.ravel())
    places = np.sort(slots + draw.random(slots.size))
    arrivals = (places - slots // rates.size * rates.size) * slot_minutes
    variance = math.log1p(cv * cv)
    services = minutes_per_case * np.exp(draw.normal(-variance / 2.0, math.sqrt(variance), slots.size))
    starts = np.concatenate([[0], np.cumsum(came.sum(axis=1))]).astype(np.int64)
    return DrawnDays(arrivals, services, starts, came.astype(np.int64), slot_minutes)


def run_adjusted(days: DrawnDays, windows: Sequence[int], wait_min: float, rules: Rules | None = None) -> AdjustedDays:
    """Returns the days with `windows` open in each slot; with rules, more or fewer as they say.

    With rules the plan's own changes at slot starts are made on top of what the rules have done. A window that closes
    finishes with its visitor. After the last slot the windows open then stay until all are served.
    """
    n_days, n_slots = days.came.shape
    plan = np.asarray(windows, dtype=np.int64)
    if rules is None:
        most = int(plan.max(initial=1))
        shape = (n_slots, most + 1)
        rules = Rules(np.full(shape, NEVER), np.full(shape, NEVER), 0, days.slot_min, 0.0)
    waits, hours, within = np.zeros(n_days), np.zeros(n_days), np.zeros((n_days, n_slots))
    _days(
        days.arrivals, days.services, days.starts, plan, float(days.slot_min), float(wait_min),
        np.ascontiguousarray(rules.open_at, dtype=np.int64), np.ascontiguousarray(rules.close_at, dtype=np.int64),
        int(rules.least), float(rules.look_min), float(rules.delay_min), int(rules.step), waits, hours, within,
    )  # fmt: skip
    return AdjustedDays(days.came.sum(axis=1).astype(float), waits, hours, days.came, within)


@njit(cache=True, nogil=True, error_model="numpy")
def rise(ends: Floats, size: int, end: float) -> None:
    """Adds `end` to a heap of `size` ends, the soonest at its top: hundreds of windows take a few steps each."""
    place = size
    while place > 0 and ends[(place - 1) >> 1] > end:
        ends[place] = ends[(place - 1) >> 1]
        place = (place - 1) >> 1
    ends[place] = end


@njit(cache=True, nogil=True, error_model="numpy")
def sink(ends: Floats, size: int) -> None:
    """Takes the soonest of `size` + 1 ends off the heap."""
    end, place, below = ends[size], 0, 1
    while below < size:
        if below + 1 < size and ends[below + 1] < ends[below]:
            below += 1
        if ends[below] >= end:
            break
        ends[place] = ends[below]
        place, below = below, 2 * below + 1
    ends[place] = end


@njit(cache=True, nogil=True, error_model="numpy")
def _day(
    arrival: Floats,
    service: Floats,
    plan: Ints,
    slot: float,
    wait: float,
    open_at: Ints,
    close_at: Ints,
    least: int,
    look: float,
    delay: float,
    step: int,
    within: Floats,
) -> tuple[float, float]:
    """Runs one day; returns the sum of waits and the window-hours until the last slot's end."""
    n, n_slots, most = arrival.shape[0], plan.shape[0], open_at.shape[1] - 1
    ends = np.empty(n + 1)
    head, joined, busy, k, c = 0, 0, 0, 0, plan[0]
    next_look, opening, total, hours, before = look, np.inf, 0.0, 0.0, 0.0
    close_of_day = n_slots * slot
    while True:
        next_slot = (k + 1) * slot if k < n_slots - 1 else np.inf
        next_end = ends[0] if busy > 0 else np.inf
        next_arrival = arrival[joined] if joined < n else np.inf
        look_at = next_look if next_look < close_of_day else np.inf
        now = min(next_slot, next_end, next_arrival, look_at, opening)
        if now == np.inf:
            break
        hours += c * (min(now, close_of_day) - min(before, close_of_day))
        before = now
        if now == next_slot:
            k += 1
            c = min(max(c + plan[k] - plan[k - 1], least), most)
        elif now == opening:
            opening = np.inf
            c = min(c + step, most)
        elif now == next_end:
            busy -= 1
            sink(ends, busy)
        elif now == next_arrival:
            joined += 1
        else:
            next_look += look
            waiting = joined - head
            if opening == np.inf and c < most and waiting >= open_at[k, c]:
                if delay > 0.0:
                    opening = now + delay
                else:
                    c = min(c + step, most)
            elif c > least and c - busy >= close_at[k, c]:
                c = max(c - step, least)
        while busy < c and head < joined:
            total += now - arrival[head]
            if now - arrival[head] <= wait:
                within[min(int(arrival[head] / slot), n_slots - 1)] += 1.0
            end = now + service[head]
            head += 1
            rise(ends, busy, end)
            busy += 1
    hours += c * max(close_of_day - before, 0.0)
    return total, hours / MINUTES_PER_HOUR


@njit(cache=True, nogil=True, error_model="numpy")
def _days(
    arrivals: Floats,
    services: Floats,
    starts: Ints,
    plan: Ints,
    slot: float,
    wait: float,
    open_at: Ints,
    close_at: Ints,
    least: int,
    look: float,
    delay: float,
    step: int,
    waits: Floats,
    hours: Floats,
    within: Floats,
) -> None:
    """Runs every day."""
    for day in range(waits.shape[0]):
        a, b = starts[day], starts[day + 1]
        waits[day], hours[day] = _day(
            arrivals[a:b], services[a:b], plan, slot, wait, open_at, close_at, least, look, delay, step, within[day]
        )
