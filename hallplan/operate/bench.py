"""A test bench: the people of a log, replayed under openings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hallplan.model.log import Floats, QueueLog
from hallplan.model.monitor import Outcome, WeekPlan
from hallplan.operate.sessions import sessions
from hallplan.queueing.replay import Replay, Tide, replay, slots_of
from hallplan.terms import text
from hallplan.units import SECONDS_PER_DAY, SECONDS_PER_HOUR, weekday

Intervals = list[tuple[int, float, float]]
SLOT_S = 1800.0
SLOTS_A_DAY = 48
DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class DayOfPeople:
    """The people of one day in the order they queued: seconds after its midnight; and the windows open on it."""

    day: int
    arrive_s: Floats
    service_s: Floats
    patience_s: Floats
    openings: Intervals

    @property
    def load(self) -> Floats:
        """(48,) windows' worth of work in each half-hour if nobody waited."""
        work = np.zeros(SLOTS_A_DAY)
        end = self.arrive_s + self.service_s
        for k in range(SLOTS_A_DAY):
            inside = np.minimum(end, (k + 1) * SLOT_S) - np.maximum(self.arrive_s, k * SLOT_S)
            work[k] = np.clip(inside, 0.0, None).sum() / SLOT_S
        return work

    def open_share(self) -> Floats:
        """Returns (48,) windows open in each half-hour as the log shows them, mean over it."""
        share = np.zeros(SLOTS_A_DAY)
        for _, start, end in self.openings:
            inside = np.minimum(end, (np.arange(SLOTS_A_DAY) + 1) * SLOT_S) - np.maximum(
                start, np.arange(SLOTS_A_DAY) * SLOT_S
            )
            share += np.clip(inside, 0.0, SLOT_S) / SLOT_S
        return share

    def slots_open(self) -> NDArray[np.int64]:
        """Returns (48,) windows open in each half-hour as the log shows them, to the nearest whole one."""
        return np.rint(self.open_share()).astype(np.int64)


def people_of(log: QueueLog, days: Sequence[int]) -> tuple[DayOfPeople, ...]:
    """Returns the people of some days of a log, each with the service that they took.

    Those who left stay as long as they did; had they been served, they would have taken their item's mean. Any window
    serves any item: the log does not tell who may do what.
    """
    kept = log.pick(log.counted & np.isin(log.day, np.asarray(days)))
    service = _services(kept)
    stayed = np.where(np.isnan(kept.wait_s), 0.0, kept.wait_s)
    patience = np.where(kept.served, np.inf, np.maximum(stayed, 0.0))
    queued = kept.queued_s
    window, start, end = sessions(kept)
    found = []
    for day in days:
        rows = np.flatnonzero(kept.day == day)
        # people who queued in the same second stand in an order of their own, so that the log's order of rows does not matter
        rows = rows[np.lexsort((patience[rows], service[rows], queued[rows]))]
        midnight = day * SECONDS_PER_DAY
        on_day = (start >= midnight) & (start < midnight + SECONDS_PER_DAY)
        openings = list(
            zip(
                window[on_day].tolist(),
                (start[on_day] - midnight).tolist(),
                (end[on_day] - midnight).tolist(),
                strict=True,
            )
        )
        found.append(DayOfPeople(int(day), queued[rows], service[rows], patience[rows], openings))
    return tuple(found)


def _services(log: QueueLog) -> Floats:
    """Service times, the item's mean where the log does not tell, the mean of all where nobody had the item."""
    told = log.served & ~np.isnan(log.service_s)
    if not told.any():
        return np.zeros(log.n)
    codes = log.item.codes
    sums = np.bincount(codes[told], log.service_s[told], minlength=len(log.item.names))
    counts = np.bincount(codes[told], minlength=len(log.item.names))
    means = np.where(counts > 0, sums / np.maximum(counts, 1), log.service_s[told].mean())
    return np.maximum(np.where(told, log.service_s, means[codes]), 0.0)


@dataclass(frozen=True, slots=True)
class Part:
    """One queue of a hall on some days, the openings tried on it, and its rule for tide windows."""

    days: Sequence[DayOfPeople]
    openings: Callable[[DayOfPeople], Intervals]
    tide: Tide | None = None


def outcome(
    name: str, days: Sequence[DayOfPeople], openings: Callable[[DayOfPeople], Intervals], tide: Tide | None = None
) -> Outcome:
    """Returns what openings give on some days, each replayed by itself."""
    return outcome_of_parts(name, [Part(days, openings, tide)])


def outcome_of_parts(name: str, parts: Sequence[Part]) -> Outcome:
    """Returns what openings give in a hall of several queues, each day of each replayed by itself."""
    waits, hours, tide_s, calls = [], 0.0, 0.0, 0
    for part in parts:
        for day in part.days:
            open_then = part.openings(day)
            result: Replay = replay(day.arrive_s, day.service_s, day.patience_s, open_then, part.tide)
            waits.append(result.wait_s)
            hours += sum(end - start for _, start, end in open_then) + result.overrun_s + result.tide_s
            tide_s, calls = tide_s + result.tide_s, calls + result.tide_calls
    every = Replay(np.concatenate(waits) if waits else np.zeros(0), 0.0)
    return Outcome(
        name, hours / SECONDS_PER_HOUR, every.quantile(0.9), every.mean, every.served, tide_s / SECONDS_PER_HOUR, calls
    )


def effect_of(before: Outcome, after: Outcome) -> str:
    """Returns in words what a change gives in the replay."""
    return text(
        "operate.effect", hours=f"{after.hours - before.hours:+.1f}", before=f"{before.p90_wait_s / 60:.2f}",
        after=f"{after.p90_wait_s / 60:.2f}", served=f"{after.served - before.served:+d}",
    )  # fmt: skip


def as_logged(day: DayOfPeople) -> Intervals:
    """Returns the openings that the log shows."""
    return day.openings


def of_plan(plan: WeekPlan) -> Callable[[DayOfPeople], Intervals]:
    """Returns the openings of a plan for the week, for any day of it."""
    by_weekday = [of_counts(np.array(counts, np.int64)) for counts in plan.open]
    return lambda day: by_weekday[weekday(day.day)]


def of_counts(counts: NDArray[np.int64]) -> Intervals:
    """Returns openings of a day from numbers open in each half-hour."""
    return slots_of(counts, 0.0, SLOT_S)


def tide_of(plan: WeekPlan) -> Tide | None:
    """Returns the rule for tide windows of a plan."""
    if not plan.tide_waiting:
        return None
    return Tide(plan.tide_waiting, plan.tide_most, plan.tide_lag_s, plan.tide_stay_s)
