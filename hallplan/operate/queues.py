"""The queues of a hall: windows that serve the same items are one; a hall of several is planned queue by queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from hallplan.model.log import QueueLog
from hallplan.model.monitor import TypeOpenings, WeekPlan
from hallplan.operate.bench import DayOfPeople, Part, as_logged, of_counts, of_plan, people_of, tide_of
from hallplan.operate.retype import code_of_window, queues_of
from hallplan.terms import read_data


@dataclass(frozen=True, slots=True)
class Known:
    """Which windows serve which items, by codes of the log; the queue of most people first.  One of all is not split."""

    windows: tuple[tuple[int, ...], ...]
    items: tuple[tuple[int, ...], ...]

    @property
    def is_one(self) -> bool:
        """Whether the whole hall is one queue."""
        return len(self.windows) < 2


ONE = Known(((),), ((),))


def known_queues(log: QueueLog, days: Sequence[int]) -> Known:
    """Returns the queues that some days of a log show.

    The hall is one queue when windows share their items, or when the queues would leave more than a few people or a
    whole queue without windows.
    """
    rows = log.pick(np.isin(log.day, np.asarray(days)))
    hall = people_of(rows, days)
    queues = sorted(queues_of(rows, hall), key=lambda queue: -sum(day.arrive_s.size for day in queue.days))
    people = sum(day.arrive_s.size for day in hall)
    within = sum(day.arrive_s.size for queue in queues for day in queue.days)
    limits = read_data("operate.toml")["week"]
    opened = [sum(bool(day.openings) for day in queue.days) for queue in queues]
    if len(queues) < 2 or min(opened) < limits["least_days"] or within < limits["in_queues"] * people:
        return ONE
    return Known(tuple(queue.windows for queue in queues), tuple(queue.items for queue in queues))


def split_queues(log: QueueLog, known: Known, days: Sequence[int]) -> list[tuple[DayOfPeople, ...]]:
    """Returns the people and the windows of some days by queue; items and windows of none go with the largest."""
    hall = people_of(log, days)
    if known.is_one:
        return [hall]
    later = {item for items in known.items[1:] for item in items}, {w for some in known.windows[1:] for w in some}
    found = []
    for n, (windows, items) in enumerate(zip(known.windows, known.items, strict=True)):
        is_own = np.isin(log.item.codes, list(items) if n else sorted(later[0]), invert=not n)
        own = people_of(log.pick(is_own), days)
        found.append(
            tuple(
                replace(one, openings=[
                    o for o in day.openings
                    if (code_of_window(o[0]) in windows if n else code_of_window(o[0]) not in later[1])
                ])
                for one, day in zip(own, hall, strict=True)
            )
        )  # fmt: skip
    return found


def together(log: QueueLog, known: Known, plans: Sequence[WeekPlan]) -> WeekPlan:
    """Returns the openings of the hall: of its one queue, or the sum over its queues with each of them."""
    if known.is_one:
        return plans[0]
    total = np.sum([np.array(plan.open) for plan in plans], axis=0)
    types = tuple(
        TypeOpenings(_names(log.item.names, items), _names(log.window.names, windows), plan)
        for items, windows, plan in zip(known.items, known.windows, plans, strict=True)
    )
    return replace(plans[0], open=tuple(map(tuple, total.tolist())), types=types)


def _names(names: Sequence[str], codes: Sequence[int]) -> tuple[str, ...]:
    return tuple(names[code] for code in codes)


def parts_of_plan(plan: WeekPlan, queues: Sequence[Sequence[DayOfPeople]]) -> list[Part]:
    """Returns a plan laid on the queues that it was made for."""
    plans = [kind.plan for kind in plan.types] or [plan]
    return [Part(days, of_plan(one), tide_of(one)) for one, days in zip(plans, queues, strict=True)]


def parts_as_logged(queues: Sequence[Sequence[DayOfPeople]]) -> list[Part]:
    """Returns the openings that the log shows, by queue."""
    return [Part(days, as_logged) for days in queues]


def parts_rounded(queues: Sequence[Sequence[DayOfPeople]]) -> list[Part]:
    """Returns the openings that the log shows by whole half-hours, by queue."""
    return [Part(days, lambda day: of_counts(day.slots_open())) for days in queues]
