"""What today's log so far says of each window type."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hallplan.errors import DemandError
from hallplan.model.demand import Demand
from hallplan.model.log import QueueLog, Words
from hallplan.model.windows import WindowPlan
from hallplan.terms import text
from hallplan.units import SECONDS_PER_MINUTE, clock
from hallplan.windows.kinds import any_kind

EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Seen:
    """A type's day so far: tickets taken, people waiting, people at windows."""

    came: int
    waiting: int
    in_service: int


@dataclass(frozen=True, slots=True)
class DaySoFar:
    """The last day of a log up to `now` (minutes after midnight), by type; unknown: tickets of no type of the plan."""

    date: str
    now: int
    tickets: int
    unknown: int
    types: dict[str, Seen]


def see_today(log: QueueLog, plan: WindowPlan, demand: Demand, now: int | None = None) -> DaySoFar:
    """Returns what the log's last day says up to `now`, by default its last moment.

    A ticket's type is that of its window's plate, else what its item names: an item or a window type of the plan. One that was
    not served waits still when it was taken after the last one of its type that was; an earlier one has left.
    Raises DemandError when the log has no ticket, or none of a type of the plan.
    """
    rows = log.counted & (log.day == (log.day[log.counted].max() if log.counted.any() else 0))
    day = log.pick(rows)
    if not day.n:
        raise DemandError.at("、".join(log.sources), text("windows.today_empty"))
    moments = np.concatenate([day.taken_s, day.started_s[~np.isnan(day.started_s)]])
    at = int(moments.max() // SECONDS_PER_MINUTE) + 1 if now is None else now
    day = day.pick(day.taken_s <= at * SECONDS_PER_MINUTE)
    ids = [kind.id for kind in plan.types]
    kinds = _types_of(day, plan, demand)
    if not (kinds >= 0).any():
        found = text(
            "windows.today_unknown", now=clock(at), names="、".join(name for name in day.item.names if name)[:80]
        )
        raise DemandError.at("、".join(log.sources), found, text("windows.today_expected"))
    seen = {id: _seen(day.pick(kinds == n), at) for n, id in enumerate(ids)}
    date = (EPOCH + dt.timedelta(days=int(log.day[rows].max()))).isoformat()
    return DaySoFar(date, at, day.n, int((kinds < 0).sum()), seen)


def _types_of(day: QueueLog, plan: WindowPlan, demand: Demand) -> NDArray[np.int64]:
    """(n,) place of each ticket's type in the plan, -1 unknown."""
    ids = [kind.id for kind in plan.types]
    plates = {window.id: ids.index(window.type) for window in plan.windows}
    at_window = _places(day.window, plates)
    names = {item.name: item.code for item in demand.items}
    by_code = {
        code: n for n, kind in reversed(list(enumerate(plan.types))) if kind.zone != "pickup" for code in kind.items
    }
    known = {name: by_code[code] for name, code in names.items() if code in by_code} | by_code
    known |= {kind.name: n for n, kind in enumerate(plan.types)} | {id: n for n, id in enumerate(ids)}
    for name in day.item.names:
        meant = any_kind(name) if name else None
        if name not in known and meant and meant.id in ids:
            known[name] = ids.index(meant.id)
    return np.where(at_window >= 0, at_window, _places(day.item, known))


def _places(words: Words, known: dict[str, int]) -> NDArray[np.int64]:
    table = np.array([known.get(name, -1) for name in words.names], dtype=np.int64)
    return table[words.codes] if table.size else np.full(words.codes.shape, -1, dtype=np.int64)


def _seen(day: QueueLog, now: int) -> Seen:
    at = now * SECONDS_PER_MINUTE
    has_begun = day.started_s <= at
    ends = day.started_s + day.service_s
    in_service = has_begun & (np.isnan(ends) | (ends > at))
    last = float(day.taken_s[has_begun].max()) if has_begun.any() else -1.0
    waiting = ~has_begun & (day.taken_s > last)
    return Seen(day.n, int(waiting.sum()), int(in_service.sum()))
