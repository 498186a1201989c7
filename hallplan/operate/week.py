"""Next week's openings from the days before, and the proof on a week held out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from hallplan.model.log import Floats, QueueLog, Words
from hallplan.model.monitor import HeldOut, Outcome, WeekPlan
from hallplan.operate.bench import (
    DAYS_A_WEEK,
    SLOTS_A_DAY,
    DayOfPeople,
    Part,
    as_logged,
    of_counts,
    of_plan,
    outcome,
    outcome_of_parts,
    tide_of,
)
from hallplan.operate.forecast import Expected, expect_week
from hallplan.operate.queues import (
    ONE,
    Known,
    known_queues,
    parts_as_logged,
    parts_of_plan,
    parts_rounded,
    split_queues,
    together,
)
from hallplan.terms import read_data
from hallplan.units import SECONDS_PER_HOUR, weekday

WEEKS_BACK = 4
STEPS = 100
"""Shares of the hours that may be firm are tried to one hundredth."""
HALVINGS = 40
BETAS = (-1.0, 6.0)
SCALES = (0.2, 3.0)


def plan_week(days: Sequence[DayOfPeople]) -> WeekPlan:
    """Returns next week's openings from people of days before, tide windows included.

    For each number waiting at which a tide window may open, as many window-hours are firm as a replay of these days
    allows at `budget` of the hours that were open, `least_firm` of them at least; of these plans the one of least
    90th-percentile wait is taken.  Source: the tide rule is ours.
    """
    known = read_data("operate.toml")["week"]
    service_s, expected = _mean_service(days), expect_week(days)
    spent = outcome("", days, as_logged).hours * known["budget"]
    rule = WeekPlan((), 0, known["tide_most"], known["tide_lag"] * service_s, known["tide_stay"] * service_s)
    tried = [_fullest(days, expected, spent, replace(rule, tide_waiting=waiting)) for waiting in known["waiting"]]

    def worth(pair: tuple[WeekPlan, Outcome]) -> tuple[float, float, float]:
        return max(0.0, pair[1].hours - spent), pair[1].p90_wait_s, pair[1].hours

    return min(tried, key=worth)[0]


def firm_week(days: Sequence[DayOfPeople]) -> WeekPlan:
    """Returns next week's openings for a hall that can call nobody up: all hours are firm, no tide windows."""
    spent = outcome("", days, as_logged).hours * read_data("operate.toml")["week"]["firm_budget"]
    return _fullest(days, expect_week(days), spent, WeekPlan((), 0, 0, 0.0, 0.0))[0]


def _fullest(days: Sequence[DayOfPeople], expected: Expected, spent: float, rule: WeekPlan) -> tuple[WeekPlan, Outcome]:
    """The plan of most firm hours that costs no more than `spent` in a replay, by halving; else that of the fewest."""
    known = read_data("operate.toml")["week"]
    low, high, found = round(STEPS * known["least_firm"]), STEPS, None
    while low <= high:
        middle = (low + high) // 2
        plan = replace(rule, open=_firm(days, expected, spent * middle / STEPS))
        pair = plan, outcome("", days, of_plan(plan), tide_of(plan))
        fits = pair[1].hours <= spent
        found = pair if fits or found is None or found[1].hours > spent else found
        low, high = (middle + 1, high) if fits else (low, middle - 1)
    if found is None:
        raise ValueError("least_firm is over 1")
    return found


def _mean_service(days: Sequence[DayOfPeople]) -> float:
    service = np.concatenate([day.service_s for day in days])
    return float(service.mean()) if service.size else 0.0


def _firm(days: Sequence[DayOfPeople], expected: Expected, hours: float) -> tuple[tuple[int, ...], ...]:
    """(7, 48) windows that take `hours` on the days given, one at least whenever the hall is open.

    Half-way between the square-root rule c = R + beta sqrt(R) on the expected load R and the hall's own mean openings,
    both at these hours: the rule follows the work, the hall's own pattern knows what one week's data does not.
    Source: square-root staffing (Halfin and Whitt, 1981); the mean of the two is ours.
    """
    times = np.bincount([weekday(day.day) for day in days], minlength=DAYS_A_WEEK)[:, None] / 2.0

    def at_least_one(wanted: Floats) -> Floats:
        return np.where(expected.is_open, np.maximum(1.0, wanted), 0.0)

    def by_rule(beta: float) -> Floats:
        return at_least_one(expected.load + beta * np.sqrt(expected.load))

    rule = by_rule(_highest(lambda beta: float((times * by_rule(beta)).sum()), hours, BETAS))
    own = expected.seen * hours / max(1e-9, float((times * expected.seen).sum()))

    def whole(scale: float) -> Floats:
        return at_least_one(np.rint(scale * (rule + own) / 2.0))

    scale = _highest(lambda factor: float((times * whole(factor)).sum()), hours, SCALES)
    return tuple(tuple(row) for row in whole(scale).astype(int).tolist())


def _highest(hours_at: Callable[[float], float], hours: float, between: tuple[float, float]) -> float:
    """The highest value at which a rising function is no more than `hours`, by halving."""
    low, high = between
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if hours_at(middle) <= hours else (low, middle)
    return low


def split_halls(log: QueueLog) -> list[tuple[str, QueueLog]]:
    """Returns each hall of a log with its name, that with most tickets first; a log of one hall with no name."""
    if len(log.hall.names) < 2:
        return [("", log)]
    order = np.argsort(-np.bincount(log.hall.codes, minlength=len(log.hall.names)), kind="stable")
    found = []
    for code in order.tolist():
        own = log.pick(log.hall.codes == code)
        name = log.hall.names[code]
        found.append((name or "–", replace(own, hall=Words(np.zeros(own.n, np.int32), (name,)))))
    return found


def busiest_week(log: QueueLog) -> int:
    """Returns the tickets of the busiest of the last weeks."""
    if not log.days.size:
        return 0
    last = int(log.days[-1])
    back = (last - log.day) // DAYS_A_WEEK
    return int(np.bincount(back[back <= WEEKS_BACK]).max(initial=0))


def recent_days(log: QueueLog, before: int) -> list[int]:
    """Returns the days with tickets in the four weeks before a day."""
    return [day for day in log.days.tolist() if before - WEEKS_BACK * DAYS_A_WEEK <= day < before]


def next_week(log: QueueLog) -> tuple[WeekPlan | None, WeekPlan | None]:
    """Returns the openings for the week after a log, with tide windows and firm; None when it is too short or tells no starts.

    A hall whose windows serve different items is planned queue by queue.
    """
    days = recent_days(log, int(log.days[-1]) + 1) if log.days.size else []
    return _plans(log, *_queues(log, days))


def _queues(log: QueueLog, days: list[int]) -> tuple[Known, list[tuple[DayOfPeople, ...]]]:
    """The queues of days that a plan can be made from, none when there are too few of them."""
    if len(days) < read_data("operate.toml")["week"]["least_days"]:
        return ONE, []
    known = known_queues(log, days)
    queues = split_queues(log, known, days)
    return known, queues if sum(len(day.openings) for day in queues[0]) else []


def _plans(
    log: QueueLog, known: Known, queues: Sequence[tuple[DayOfPeople, ...]]
) -> tuple[WeekPlan | None, WeekPlan | None]:
    if not queues:
        return None, None
    plan = together(log, known, [plan_week(days) for days in queues])
    return plan, together(log, known, [firm_week(days) for days in queues])


def hold_out(log: QueueLog) -> HeldOut | None:
    """Returns what a plan made from the days before a log's last week gives in it, beside other openings.

    logged: what the log itself says.  actual: its openings, replayed; rounded: the same by whole half-hours.  plan.
    fixed: the plan for a hall that can call nobody up.  naive: the openings of the week before, by half-hour.  None when
    the log is too short.  Each queue of the hall, as the days before show them, is replayed by itself.
    """
    if not log.days.size:
        return None
    first = int(log.days[-1]) - DAYS_A_WEEK + 1
    earlier = recent_days(log, first)
    known, before = _queues(log, earlier)
    plan, firm = _plans(log, known, before)
    if plan is None or firm is None:
        return None
    week = [day for day in log.days.tolist() if day >= first]
    queues = split_queues(log, known, week)
    if not sum(len(day.openings) for days in queues for day in days):
        return None
    last = split_queues(log, known, earlier[-DAYS_A_WEEK:])
    outcomes = (
        *_logged(log, week, [day for days in queues for day in days]),
        outcome_of_parts("actual", parts_as_logged(queues)),
        outcome_of_parts("rounded", parts_rounded(queues)),
        outcome_of_parts("plan", parts_of_plan(plan, queues)),
        outcome_of_parts("fixed", parts_of_plan(firm, queues)),
        outcome_of_parts("naive", [_repeated(own, days) for own, days in zip(last, queues, strict=True)]),
    )
    return HeldOut(first, len(week), plan, outcomes)


def _repeated(last: Sequence[DayOfPeople], days: Sequence[DayOfPeople]) -> Part:
    """The openings of one week, by half-hour and weekday, on the days of another."""
    before = {weekday(day.day): day.slots_open() for day in last}
    shut = np.zeros(SLOTS_A_DAY, np.int64)
    return Part(days, lambda day: of_counts(before.get(weekday(day.day), shut)))


def _logged(log: QueueLog, week: list[int], people: Sequence[DayOfPeople]) -> Iterator[Outcome]:
    """What the log itself says of the week, where it tells waits."""
    rows = log.served & np.isin(log.day, week) & log.waited
    waits = log.wait_s[rows]
    if not waits.size:
        return
    hours = sum(end - start for day in people for _, start, end in day.openings) / SECONDS_PER_HOUR
    yield Outcome("logged", hours, float(np.quantile(waits, 0.9)), float(waits.mean()), int(waits.size))
