"""Next week's openings from the days before, and the proof on a week held out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hallplan.model.log import Floats, QueueLog
from hallplan.model.monitor import HeldOut, Outcome, WeekPlan
from hallplan.operate.bench import (
    DAYS_A_WEEK,
    SLOTS_A_DAY,
    DayOfPeople,
    as_logged,
    of_counts,
    of_plan,
    outcome,
    people_of,
    tide_of,
    weekday,
)
from hallplan.terms import read_data
from hallplan.units import SECONDS_PER_HOUR

WEEKS_BACK = 4
SMOOTHING = (0.25, 0.5, 0.25)


def plan_week(days: Sequence[DayOfPeople]) -> WeekPlan:
    """Returns next week's openings from people of days before, tide windows included.

    Base openings follow the square-root rule c = R + beta sqrt(R) on the mean load R of days of one kind; beta and the
    number waiting at which a tide window opens are those of least 90th-percentile wait in a replay of these days among
    all that cost at most `budget` of the hours that were open.  Source: square-root staffing (Halfin and Whitt, 1981);
    the tide rule is ours.
    """
    known = read_data("operate.toml")["week"]
    load = expected_load(days)
    service_s = _mean_service(days)
    spent = outcome("", days, as_logged).hours * known["budget"]
    tried = [pair for waiting in known["waiting"] for pair in _fewest(days, load, waiting, spent, service_s)]

    def worth(pair: tuple[WeekPlan, Outcome]) -> tuple[float, float, float]:
        return max(0.0, pair[1].hours - spent), pair[1].p90_wait_s, pair[1].hours

    return min(tried, key=worth)[0]


def _fewest(
    days: Sequence[DayOfPeople], load: Floats, waiting: int, spent: float, service_s: float
) -> list[tuple[WeekPlan, Outcome]]:
    """Plans along the factors, by halving: hours rise with the factor, so the last within the hours is looked for."""
    known = read_data("operate.toml")["week"]
    tried = []
    low, high = 0, len(known["factors"]) - 1
    while low <= high:
        middle = (low + high) // 2
        base = _square_root(load, known["factors"][middle])
        plan = WeekPlan(
            base, waiting, known["tide_most"], known["tide_lag"] * service_s, known["tide_stay"] * service_s
        )
        found = outcome("", days, of_plan(plan), tide_of(plan))
        tried.append((plan, found))
        low, high = (middle + 1, high) if found.hours <= spent else (low, middle - 1)
    return tried


def _mean_service(days: Sequence[DayOfPeople]) -> float:
    service = np.concatenate([day.service_s for day in days])
    return float(service.mean()) if service.size else 0.0


def _square_root(load: Floats, factor: float) -> tuple[tuple[int, ...], ...]:
    """(7, 48) windows; a half-hour with hardly any work stays closed, one with work has a window."""
    least = read_data("operate.toml")["week"]["least_load"]
    wanted = np.maximum(1, np.rint(load + factor * np.sqrt(load)))
    return tuple(tuple(row) for row in np.where(load > least, wanted, 0).astype(int).tolist())


def expected_load(days: Sequence[DayOfPeople]) -> Floats:
    """Returns (7, 48) the load to expect on each weekday: days of about the same volume share volume and shape."""
    mean = np.zeros((DAYS_A_WEEK, SLOTS_A_DAY))
    for day in range(DAYS_A_WEEK):
        same = [d.load for d in days if weekday(d.day) == day]
        if same:
            mean[day] = np.mean(same, axis=0)
    for kind in _kinds(mean.sum(axis=1)):
        mean[kind] = mean[kind].mean(axis=0)
    padded = np.pad(mean, ((0, 0), (1, 1)), mode="edge")
    return sum(weight * padded[:, k : k + SLOTS_A_DAY] for k, weight in enumerate(SMOOTHING))  # type: ignore[return-value]


def _kinds(volumes: Floats) -> list[list[int]]:
    """Weekdays of about the same work together: in order of work, a new kind begins at each large step."""
    step = 1.0 + read_data("operate.toml")["week"]["same_volume"]
    kinds: list[list[int]] = []
    for day in np.argsort(-volumes, kind="stable").tolist():
        if volumes[day] <= 0:
            continue
        if kinds and volumes[kinds[-1][-1]] <= step * volumes[day]:
            kinds[-1].append(day)
        else:
            kinds.append([day])
    return kinds


def busiest_hall(log: QueueLog) -> QueueLog:
    """Returns the log of the hall with most tickets, or the log itself when it is of one hall."""
    if len(log.hall.names) < 2:
        return log
    return log.pick(log.hall.codes == int(np.bincount(log.hall.codes).argmax()))


def busiest_week(log: QueueLog) -> int:
    """Returns the tickets of the busiest of the last weeks."""
    last = int(log.days[-1])
    back = (last - log.day) // DAYS_A_WEEK
    return int(np.bincount(back[back <= WEEKS_BACK]).max(initial=0))


def recent_days(log: QueueLog, before: int) -> list[int]:
    """Returns the days with tickets in the four weeks before a day."""
    return [day for day in log.days.tolist() if before - WEEKS_BACK * DAYS_A_WEEK <= day < before]


def next_week(log: QueueLog) -> WeekPlan | None:
    """Returns the openings for the week after a log, None when it is too short or tells no starts."""
    days = recent_days(log, int(log.days[-1]) + 1) if log.days.size else []
    return _planned(log, days)


def _planned(log: QueueLog, days: list[int]) -> WeekPlan | None:
    people = people_of(log, days) if len(days) >= read_data("operate.toml")["week"]["least_days"] else ()
    return plan_week(people) if sum(len(day.openings) for day in people) else None


def hold_out(log: QueueLog) -> HeldOut | None:
    """Returns what a plan made from the days before a log's last week gives in it, beside other openings.

    logged: what the log itself says.  actual: its openings, replayed.  plan; fixed: the plan without tide windows;
    naive: the openings of the week before, by half-hour.  None when the log is too short.
    """
    if not log.days.size:
        return None
    first = int(log.days[-1]) - DAYS_A_WEEK + 1
    earlier = recent_days(log, first)
    plan = _planned(log, earlier)
    if plan is None:
        return None
    week = [day for day in log.days.tolist() if day >= first]
    people = people_of(log, week)
    if not sum(len(day.openings) for day in people):
        return None
    before = {weekday(day.day): day.slots_open() for day in people_of(log, earlier[-DAYS_A_WEEK:])}
    shut = np.zeros(SLOTS_A_DAY, np.int64)
    fixed = replace(plan, tide_waiting=0)
    outcomes = (
        _logged(log, week, people),
        outcome("actual", people, as_logged),
        outcome("plan", people, of_plan(plan), tide_of(plan)),
        outcome("fixed", people, of_plan(fixed)),
        outcome("naive", people, lambda day: of_counts(before.get(weekday(day.day), shut))),
    )
    return HeldOut(first, len(week), plan, outcomes)


def _logged(log: QueueLog, week: list[int], people: Sequence[DayOfPeople]) -> Outcome:
    """What the log itself says of the week."""
    rows = log.served & np.isin(log.day, week) & ~np.isnan(log.wait_s)
    waits = log.wait_s[rows]
    hours = sum(end - start for day in people for _, start, end in day.openings) / SECONDS_PER_HOUR
    return Outcome("logged", hours, float(np.quantile(waits, 0.9)), float(waits.mean()), int(waits.size))
