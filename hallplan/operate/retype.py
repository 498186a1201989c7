"""Re-typing a window: which windows serve what, and what moving one of them to another type would have given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hallplan.model.log import Marks, QueueLog
from hallplan.model.monitor import Recommendation
from hallplan.operate.bench import DayOfPeople, as_logged, effect_of, outcome, people_of
from hallplan.terms import read_data, text
from hallplan.units import SECONDS_PER_MINUTE

CODE_BITS = 20
MOST_NAMES = 3
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Queue:
    """Windows that share items, and the days of those who queue for them.  windows, items: codes of the log."""

    windows: tuple[int, ...]
    items: tuple[int, ...]
    days: tuple[DayOfPeople, ...]

    @property
    def busy(self) -> float:
        """Service time over the time windows were open."""
        opened = sum(end - start for day in self.days for _, start, end in day.openings)
        return sum(float(day.service_s.sum()) for day in self.days) / opened if opened else 0.0


def retypes(log: QueueLog, week: Sequence[DayOfPeople]) -> Iterator[Recommendation]:
    """Yields the one re-typing that shortens the hall's 90th-percentile wait most in a replay of the week, if any does.

    Windows that share items are one queue, first come first served; a window moves with its opening hours from the queue
    it is in to the one that waits longest. Nobody may go unserved for it. A log whose windows all share their items has
    one queue and nothing to re-type.
    """
    queues = queues_of(log, week)
    if len(queues) < 2:
        return
    before = outcome("", _all_days(queues), as_logged)
    late = max(queues, key=lambda queue: (outcome("", queue.days, as_logged).p90_wait_s, queue.windows))
    tried = [
        (outcome("", _all_days(_moved(queues, queue, late, window)), as_logged), queue, window)
        for queue in queues
        if queue is not late and len(queue.windows) > 1
        for window in queue.windows
    ]
    least = before.p90_wait_s * (1 - read_data("operate.toml")["advice"]["retype_gain"])
    better = [one for one in tried if one[0].p90_wait_s < least and one[0].served >= before.served]
    if not better:
        return
    after, queue, window = min(better, key=lambda one: (one[0].p90_wait_s, one[0].hours, one[2]))
    was, now = (_names(log, one) for one in (queue, late))
    wait = outcome("", late.days, as_logged).p90_wait_s / SECONDS_PER_MINUTE
    why = text("operate.retype_why", was=was, now=now, share=f"{queue.busy:.0%}", wait=f"{wait:.1f}")
    what = text("operate.retype", window=log.window.names[window], was=was, now=now)
    yield Recommendation(what, why, effect_of(before, after))


def queues_of(log: QueueLog, week: Sequence[DayOfPeople]) -> tuple[Queue, ...]:
    """Returns the queues of a hall: windows tied by an item that is a fair share of what each does, lowest code first.

    An item that no window does much goes to the window that does it most. People whose item nobody served are left out.
    """
    shares = _served(log)
    if not shares.size:
        return ()
    fair = shares >= read_data("operate.toml")["advice"]["retype_share"] * np.maximum(
        1, shares.sum(axis=1, keepdims=True)
    )
    ties = fair & (shares > 0)
    done = np.flatnonzero(shares.sum(axis=0))
    ties[shares[:, done].argmax(axis=0), done] = True
    return tuple(_queue(log, week, windows, ties) for windows in _tied(ties))


def _served(log: QueueLog) -> Counts:
    """(windows, items) tickets served; those that name no window or no item left out."""
    rows = log.served & (log.window.codes >= 0) & (log.item.codes >= 0)
    named = [np.array([bool(name) for name in words.names], bool) for words in (log.window, log.item)]
    if not all(part.size for part in named):
        return np.zeros((0, 0), np.int64)
    counts = np.zeros((len(log.window.names), len(log.item.names)), np.int64)
    np.add.at(counts, (log.window.codes[rows], log.item.codes[rows]), 1)
    return np.asarray(counts * named[0][:, None] * named[1][None, :], np.int64)


def _tied(ties: Marks) -> list[list[int]]:
    """Windows that items tie together, directly or through others."""
    groups: list[list[int]] = []
    for window in np.flatnonzero(ties.any(axis=1)).tolist():
        joined = [group for group in groups if (ties[group] & ties[window]).any()]
        groups = [group for group in groups if group not in joined]
        groups.append(sorted([window, *(one for group in joined for one in group)]))
    return sorted(groups)


def _queue(log: QueueLog, week: Sequence[DayOfPeople], windows: list[int], ties: Marks) -> Queue:
    items = np.flatnonzero(ties[windows].any(axis=0))
    people = people_of(log.pick(np.isin(log.item.codes, items)), [day.day for day in week])
    days = [
        replace(one, openings=[opening for opening in day.openings if code_of_window(opening[0]) in windows])
        for one, day in zip(people, week, strict=True)
    ]
    return Queue(tuple(windows), tuple(items.tolist()), tuple(days))


def code_of_window(window: int) -> int:
    """Returns the log's code of a window, without the hall it is in."""
    return window & ((1 << CODE_BITS) - 1)


def _moved(queues: Sequence[Queue], source: Queue, target: Queue, window: int) -> list[Queue]:
    """The queues after one window has gone, with its hours, from one to another."""

    def days_of(queue: Queue) -> tuple[DayOfPeople, ...]:
        if queue is source:
            return tuple(
                replace(d, openings=[o for o in d.openings if code_of_window(o[0]) != window]) for d in queue.days
            )
        if queue is not target:
            return queue.days
        brought = [[o for o in day.openings if code_of_window(o[0]) == window] for day in source.days]
        return tuple(replace(d, openings=[*d.openings, *more]) for d, more in zip(queue.days, brought, strict=True))

    return [replace(queue, days=days_of(queue)) for queue in queues]


def _all_days(queues: Sequence[Queue]) -> list[DayOfPeople]:
    return [day for queue in queues for day in queue.days]


def _names(log: QueueLog, queue: Queue) -> str:
    """The items of a queue, those asked for most first."""
    asked = np.bincount(log.item.codes[log.counted & (log.item.codes >= 0)], minlength=len(log.item.names))
    return some_names(log.item.names, sorted(queue.items, key=lambda item: -asked[item]))


def some_names(names: Sequence[str], codes: Sequence[int]) -> str:
    """Returns the first few of some names as one text."""
    few = [names[code] for code in codes[:MOST_NAMES]]
    return text("operate.comma").join(few) + ("…" if len(codes) > MOST_NAMES else "")
