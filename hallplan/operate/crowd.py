"""People counters joined with the queue log: how many people in the hall should open a tide window."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hallplan.model.log import QueueLog
from hallplan.model.monitor import Crowd, PeopleCount
from hallplan.operate.bench import SLOT_S, SLOTS_A_DAY
from hallplan.operate.figures import grouped_waits
from hallplan.settings import Settings
from hallplan.units import SECONDS_PER_MINUTE

LEAST_SLOTS = 3
"""Half-hours over a number of people below which it is no evidence."""


def join_crowd(log: QueueLog, counts: Sequence[PeopleCount], settings: Settings) -> Crowd | None:
    """Returns what counters and log say together on the days that both tell of, None when they share no day.

    The trigger is the fewest people in the hall (came less left so far that day) such that in half-hours with as many or
    more, the 90th-percentile wait is over the target in most.
    """
    days = sorted({count.day for count in counts} & set(log.days.tolist()))
    if not days:
        return None
    inside, came = inside_of(counts, days)
    slot = (np.clip(log.taken_s, 0, SLOT_S * SLOTS_A_DAY - 1) // SLOT_S).astype(np.int64)
    number = {day: n for n, day in enumerate(days)}
    rows = np.isin(log.day, days)
    shared = log.pick(rows)
    group = np.array([number[day] for day in shared.day.tolist()], np.int64) * SLOTS_A_DAY + slot[rows]
    _, p90 = grouped_waits(shared, group, len(days) * SLOTS_A_DAY)
    late = [
        (int(inside[k]), wait > settings.service.wait_min * SECONDS_PER_MINUTE)
        for k, wait in enumerate(p90)
        if wait is not None
    ]
    tickets = int(shared.counted.sum())
    return Crowd(
        len(days),
        came / tickets if tickets else None,
        int(inside.max(initial=0)),
        _trigger(late),
        settings.service.wait_min,
    )


def inside_of(counts: Sequence[PeopleCount], days: Sequence[int]) -> tuple[np.ndarray, float]:
    """Returns (days * 48,) most people inside in each half-hour, and all who came."""
    number = {day: n for n, day in enumerate(days)}
    inside = np.zeros(len(days) * SLOTS_A_DAY)
    total, there = 0.0, dict.fromkeys(days, 0.0)
    for count in sorted(counts, key=lambda c: (c.day, c.minute)):
        if count.day in number:
            total += count.came
            there[count.day] = max(0.0, there[count.day] + count.came - count.left)
            at = number[count.day] * SLOTS_A_DAY + count.minute * 60 // round(SLOT_S)
            inside[at] = max(inside[at], there[count.day])
    return inside, total


def _trigger(late: Sequence[tuple[int, bool]]) -> int | None:
    """The fewest people from which on most half-hours are late."""
    for people in sorted({people for people, _ in late}):
        over = [is_late for n, is_late in late if n >= people]
        if len(over) >= LEAST_SLOTS and sum(over) > len(over) / 2:
            return people
    return None
