"""What to do in the next two hours, from the day so far."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from hallplan.model.interval import Interval
from hallplan.model.running import Today, TodaySlot, TodayType
from hallplan.model.windows import WindowPlan, WindowType
from hallplan.queueing.ask import SHARE_TOL, Ask, keeps, pass_slot, slot_share
from hallplan.queueing.goals import Goals, missed_slots
from hallplan.queueing.kernels import Floats, Ints
from hallplan.queueing.transients import Day
from hallplan.terms import read_data, text
from hallplan.units import MINUTES_PER_HOUR, clock
from hallplan.windows.adjust.seen import DaySoFar, Seen
from hallplan.windows.limits import target_of
from hallplan.windows.service import sessions_of
from hallplan.windows.sizing import Load
from hallplan.windows.slots import SLOT_MIN

Z80 = 1.2815515655446004


def advise_today(plan: WindowPlan, seen: DaySoFar) -> Today:
    """Returns the fewest windows in each of the next half-hours that keep the target from the queue there is now.

    The day's visitors are forecast by the plan times a factor, whose gamma prior (mean 1, the usual spread of days) meets the
    tickets so far; arrivals and waits then follow the exact transient from the people present. Where no number of windows of
    the type keeps the target, all of them are advised.  The plan's further targets (mean wait, 99th percentile, longest queue,
    seats) hold for the half-hours ahead too.
    """
    expected = {kind.id: _expected(kind, plan.half_hours, seen.now) for kind in plan.types}
    types = tuple(_type(kind, plan, seen.types[kind.id], expected[kind.id], seen.now) for kind in plan.types)
    return Today(seen.date, seen.now, seen.tickets, seen.unknown, types)


def _expected(kind: WindowType, starts: Sequence[int], now: int) -> float:
    """Visitors whom the plan expects before `now`."""
    return math.fsum(
        rate * min(max(now - start, 0), SLOT_MIN) / MINUTES_PER_HOUR
        for rate, start in zip(kind.arrivals, starts, strict=True)
    )


def day_factor(came: int, expected: float) -> Interval:
    """Returns the factor of the day's visitors over the forecast, with its 80 % interval (normal, of the gamma posterior)."""
    prior = 1.0 / read_data("adjusting.toml")["day_cv"] ** 2
    mean = (prior + came) / (prior + expected)
    half = Z80 * math.sqrt(prior + came) / (prior + expected)
    return Interval(mean, (max(mean - half, 0.0), mean + half))


def _type(kind: WindowType, plan: WindowPlan, seen: Seen, expected: float, now: int) -> TodayType:
    factor = day_factor(seen.came, expected)
    ahead = _ahead(plan.half_hours, now)
    slots: tuple[TodaySlot, ...] = ()
    if ahead and kind.minutes > 0 and any(kind.arrivals):
        slots = _slots(kind, plan, seen, factor.value, ahead)
    return TodayType(kind.id, seen.came, expected, factor, seen.waiting, seen.in_service, slots, _words(seen, slots))


def _ahead(starts: Sequence[int], now: int) -> list[tuple[int, int, float]]:
    """The coming half-hours of this or the next session: when each begins, the plan's half-hour, the part of it ahead."""
    for a, b in sessions_of(starts):
        if now < starts[b - 1] + SLOT_MIN:
            first = next(k for k in range(a, b) if now < starts[k] + SLOT_MIN)
            most = int(read_data("adjusting.toml")["today_slots"])
            return [
                (max(starts[k], now), k, min(starts[k] + SLOT_MIN - now, SLOT_MIN) / SLOT_MIN)
                for k in range(first, min(first + most, b))
            ]
    return []


def _slots(
    kind: WindowType, plan: WindowPlan, seen: Seen, factor: float, ahead: Sequence[tuple[int, int, float]]
) -> tuple[TodaySlot, ...]:
    """Each half-hour counts whole from now; the first with the arrivals of what is left of it."""
    rates = [factor * kind.arrivals[k] * part for _, k, part in ahead]
    planned = [kind.open[k] for _, k, _ in ahead]
    goals = target_of(plan, kind).goals(Load(kind.arrivals, kind.minutes, kind.cv))
    day = Day.of(rates, kind.minutes, wait_min=goals.wait_min, slot_minutes=SLOT_MIN)
    ask = Ask(day, goals.share, tuple(planned), 1.0)
    advised = _mended(ask, kind.windows, seen, _fewest(ask, kind.windows, seen))
    if goals.has_more:
        advised = _raised(rates, kind, seen, goals, advised)
    shares = [_shares(ask, seen, counts) for counts in (planned, advised)]
    return tuple(
        TodaySlot(start, planned[n], advised[n], shares[0][n], shares[1][n]) for n, (start, _, _) in enumerate(ahead)
    )


def _fewest(ask: Ask, most: int, seen: Seen) -> list[int]:
    p, bounds = _present(ask, seen)
    counts: list[int] = []
    for k in range(ask.n_slots):
        later = [most] * (ask.n_slots - k - 1)
        for count in range(1, most + 1):
            passed = pass_slot(ask, p, bounds, k, count)
            serves_waiting = k > 0 or _serves(seen.waiting, count, ask)
            if count == most or (serves_waiting and keeps(ask, k, passed, count, *later)):
                break
        counts.append(count)
        p, bounds = passed.end, passed.bounds
    return counts


def _mended(ask: Ask, most: int, seen: Seen, counts: list[int]) -> list[int]:
    """More windows where those who come late in a half-hour meet fewer in the next than was hoped for."""
    while True:
        shares = _shares(ask, seen, counts)
        late = [k for k, share in enumerate(shares) if ask.day.rates[k] > 0 and share < ask.share - SHARE_TOL]
        raised = next((k for first in late for k in (first + 1, first) if k < len(counts) and counts[k] < most), None)
        if raised is None:
            return counts
        counts = [count + (k == raised) for k, count in enumerate(counts)]


def _raised(rates: Sequence[float], kind: WindowType, seen: Seen, goals: Goals, counts: list[int]) -> list[int]:
    """More windows where a half-hour misses a further target; before it where all are open in it already."""
    present = seen.waiting + seen.in_service
    while True:
        missed = missed_slots(rates, kind.minutes, counts, goals, slot_minutes=SLOT_MIN, present=present)
        raised = next((k for slot in missed for k in range(slot, -1, -1) if counts[k] < kind.windows), None)
        if raised is None:
            return counts
        counts = [count + (k == raised) for k, count in enumerate(counts)]


def _serves(waiting: int, count: int, ask: Ask) -> bool:
    """Whether the last of those who wait now starts within the target wait, with the target's chance."""
    departures = count * ask.day.mu * ask.day.wait
    term = below = math.exp(-departures)
    for n in range(1, waiting):
        term *= departures / n
        below += term
    return waiting == 0 or 1.0 - below >= ask.share


def _shares(ask: Ask, seen: Seen, counts: Sequence[int]) -> list[float]:
    p, bounds = _present(ask, seen)
    windows = np.array(counts, dtype=np.int64)
    shares = []
    for k in range(ask.n_slots):
        passed = pass_slot(ask, p, bounds, k, int(windows[k]))
        shares.append(float(slot_share(ask, passed, windows[k:])))
        p, bounds = passed.end, passed.bounds
    return shares


def _present(ask: Ask, seen: Seen) -> tuple[Floats, Ints]:
    present = seen.waiting + seen.in_service
    arrivals = float(ask.day.rates.sum()) * ask.day.slot
    p = np.zeros(ask.size + present + math.ceil(arrivals + 10.0 * math.sqrt(arrivals + 1.0)))
    p[present] = 1.0
    return p, np.array([present, present, present], dtype=np.int64)


def _words(seen: Seen, slots: Sequence[TodaySlot]) -> str:
    """In a sentence: the first half-hour in which the plan should be left, and by how much."""
    if not slots:
        return text("windows.today_over")
    for slot in slots:
        change = slot.advised - slot.planned
        values = {"start": clock(slot.start), "count": abs(change), "advised": slot.advised, "waiting": seen.waiting}
        if change > 0:
            return text("windows.today_open", **values, planned=slot.share_planned, then=slot.share_advised)
        if change < 0:
            return text("windows.today_close", **values)
    if min(slot.share_advised for slot in slots) < 0.5:
        return text("windows.today_all", waiting=seen.waiting)
    return text("windows.today_keep")
