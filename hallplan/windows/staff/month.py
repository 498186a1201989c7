"""A month by person: who works on which day by an integer programme, then who takes which duty, day by day."""

from __future__ import annotations

import calendar
import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hallplan.lp import Limits, LinearProgramme
from hallplan.model.staff import DayKind, Duty, Roster, RosterPerson, Shortfall
from hallplan.settings import Settings
from hallplan.terms import read_data, text
from hallplan.windows.staff.assign import assign
from hallplan.windows.staff.people import DAYS_PER_WEEK, Candidate

SHORT_PRICE, WORSE_PRICE = 1000.0, 10.0
"""Of a duty that nobody takes, above all that evenness is worth; of each further one of a kind on the same day."""
EVEN_PRICE, OTHERS_PRICE, SECOND_PRICE = 0.01, 0.05, 1.0
"""Of each further day of a person, of a day in another group than one's own, of a day of somebody who steps in (B岗)."""
HOURS_TOL = 1e-9
LIMITS = Limits(nodes=2_000, gap=1e-3)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The month's dates (ISO), which of them the hall is open, and the week of each."""

    dates: tuple[str, ...]
    is_open: tuple[bool, ...]
    weeks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """Duties of one group that the same people can take; `able` are their places in the list of people.

    hours: of a duty, in the mean.
    """

    id: str
    group: str
    able: frozenset[int]
    duties: tuple[Duty, ...]
    hours: float


def month_calendar(month: str, settings: Settings) -> Calendar:
    """Returns the days of a month (YYYY-MM), open on the hall's weekdays less holidays and on extra days."""
    year, number = (int(part) for part in month.split("-"))
    days = [dt.date(year, number, day) for day in range(1, calendar.monthrange(year, number)[1] + 1)]
    staff = settings.staff
    is_open = [
        day.isoformat() in staff.extra_days
        or (day.isoweekday() in staff.weekdays and day.isoformat() not in staff.holidays)
        for day in days
    ]
    return Calendar(tuple(d.isoformat() for d in days), tuple(is_open), tuple(d.isocalendar().week for d in days))


def roster_month(month: str, duties: Sequence[Duty], people: Sequence[Candidate], settings: Settings) -> Roster:
    """Returns the month's roster: leave, weekly rest and weekly hours kept, skills respected, days and hours even.

    Who works when is one integer programme over the month; who takes which duty is an assignment each day that
    gives the longer duties to those with fewer hours so far, late ones to those with fewer of them, and changes shifts.
    """
    days = month_calendar(month, settings)
    works = _works(duties, people)
    at_work = _days_of_work(days, works, people, settings)
    taken, shortfalls = _duties_of_days(days, works, people, at_work, settings)
    rows = tuple(_row(p, person, days, taken, settings) for p, person in enumerate(people))
    return Roster(month, days.dates, days.is_open, rows, tuple(shortfalls), _spread(rows, people))


def _works(duties: Sequence[Duty], people: Sequence[Candidate]) -> list[Work]:
    """Duties by who can take them: the skills for each window type, and front people unless all of it is lent work."""
    tide = read_data("staff.toml")["contracts"]["tide"]["letter"]
    kinds: dict[tuple[str, frozenset[int]], list[Duty]] = defaultdict(list)
    for duty in duties:
        is_lent = all(shift.startswith(tide) for shift in duty.shifts)
        able = [p for p, one in enumerate(people) if duty.types <= one.types and (is_lent or not one.is_lent)]
        kinds[duty.group, frozenset(able)].append(duty)
    return [
        Work(f"w{n:02d}", *key, tuple(members), sum(duty.hours for duty in members) / len(members))
        for n, (key, members) in enumerate(kinds.items())
    ]


def _days_of_work(
    days: Calendar, works: Sequence[Work], people: Sequence[Candidate], settings: Settings
) -> Mapping[tuple[int, int], str]:
    """Kind of work of (person, day), for those at work: demand met, one work a day, weekly rest and hours; even numbers of days."""
    lp = LinearProgramme("month")
    able = [[work for work in works if p in work.able] for p in range(len(people))]
    can: dict[int, list[int]] = defaultdict(list)
    for p, person in enumerate(people):
        for d, date in enumerate(days.dates):
            if not (days.is_open[d] and person.is_there(date)):
                continue
            for work in able[p]:
                is_own = work.group == person.groups[0]
                cost = (0.0 if is_own else OTHERS_PRICE) + (SECOND_PRICE if person.role == "B" else 0.0)
                lp.add_variable(f"{work.id}_{p}_{d}", high=1, cost=cost, is_whole=True)
            if able[p]:
                can[p].append(d)
    here = {p: set(members) for p, members in can.items()}
    for d, is_open in enumerate(days.is_open):
        for work in works if is_open else ():
            terms = {f"{work.id}_{p}_{d}": 1.0 for p in sorted(work.able) if d in here.get(p, ())}
            short, more = f"short_{work.id}_{d}", f"more_{work.id}_{d}"
            lp.add_variable(short, high=1.0, cost=SHORT_PRICE)
            lp.add_variable(more, cost=SHORT_PRICE + WORSE_PRICE)
            lp.add_row(
                f"need_{work.id}_{d}", {**terms, short: 1.0, more: 1.0}, low=len(work.duties), high=len(work.duties)
            )
    for p in range(len(people)):
        _person_rows(lp, p, days, can[p], able[p], people[p], settings)
        _even_rows(lp, p, days, can[p], able[p], people[p])
    values = lp.solve(LIMITS).values
    return {
        (p, d): work.id
        for p in range(len(people))
        for d in can[p]
        for work in able[p]
        if values.get(f"{work.id}_{p}_{d}", 0.0) > 0.5
    }


def _person_rows(
    lp: LinearProgramme,
    p: int,
    days: Calendar,
    can: Sequence[int],
    works: Sequence[Work],
    person: Candidate,
    settings: Settings,
) -> None:
    """One kind of work a day at most; days of rest and hours in each week, hours by the mean duty of each kind."""
    weeks: dict[int, list[int]] = defaultdict(list)
    for d in can:
        weeks[days.weeks[d]].append(d)
        lp.add_row(f"one_{p}_{d}", {f"{work.id}_{p}_{d}": 1.0 for work in works}, high=1.0)
    most_days = DAYS_PER_WEEK - settings.staff.rest_days
    most_hours = settings.staff.weekly_hours * person.share
    for week, members in weeks.items():
        if len(members) > most_days:
            terms = {f"{work.id}_{p}_{d}": 1.0 for d in members for work in works}
            lp.add_row(f"rest_{p}_{week}", terms, high=float(most_days))
        hours = {f"{work.id}_{p}_{d}": work.hours for d in members for work in works}
        if max(work.hours for work in works) * min(len(members), most_days) > most_hours:
            lp.add_row(f"hours_{p}_{week}", hours, high=most_hours)


def _even_rows(
    lp: LinearProgramme, p: int, days: Calendar, can: Sequence[int], works: Sequence[Work], person: Candidate
) -> None:
    """Each further day of a person costs more than the one before, which is least when days are even.

    Days are counted against those the person could work, so that leave and part time are not made up for.
    """
    if not can:
        return
    scale = sum(days.is_open) / len(can) / person.share
    terms = {f"{work.id}_{p}_{d}": 1.0 for d in can for work in works}
    for n in range(len(can)):
        lp.add_variable(f"day_{p}_{n}", high=1.0, cost=EVEN_PRICE * scale * (n + 1))
    lp.add_row(f"days_{p}", {**terms, **{f"day_{p}_{n}": -1.0 for n in range(len(can))}}, low=0.0, high=0.0)


def _duties_of_days(
    days: Calendar,
    works: Sequence[Work],
    people: Sequence[Candidate],
    at_work: Mapping[tuple[int, int], str],
    settings: Settings,
) -> tuple[dict[tuple[int, int], Duty], list[Shortfall]]:
    taken: dict[tuple[int, int], Duty] = {}
    shortfalls: list[Shortfall] = []
    month = _Month(people, [duty for work in works for duty in work.duties], settings)
    for d, date in enumerate(days.dates):
        if not days.is_open[d]:
            continue
        for work in works:
            here = [p for p in range(len(people)) if at_work.get((p, d)) == work.id]
            given = month.give(here, work.duties, days.weeks[d])
            taken.update({(p, d): duty for p, duty in given.items()})
            taken_ids = {duty.id for duty in given.values()}
            missing = [duty for duty in work.duties if duty.id not in taken_ids]
            reason = _reason(work, len(missing))
            shortfalls += [Shortfall(date, duty.id, reason) for duty in missing]
    return taken, shortfalls


class _Month:
    """What everybody has done so far, and the assignment of one day that evens it out."""

    def __init__(self, people: Sequence[Candidate], duties: Sequence[Duty], settings: Settings) -> None:
        self._limits = [settings.staff.weekly_hours * person.share + HOURS_TOL for person in people]
        self._shares = [person.share for person in people]
        self._hours = [0.0] * len(people)
        self._week: defaultdict[tuple[int, int], float] = defaultdict(float)
        self._done: Counter[tuple[int, str]] = Counter()
        self._late: Counter[int] = Counter()
        self._last = max((duty.end for duty in duties), default=0)

    def give(self, here: Sequence[int], duties: Sequence[Duty], week: int) -> dict[int, Duty]:
        """Returns the duties of the people who are here; an assignment, so that the linear programme is whole."""
        if not here or not duties:
            return {}
        hours = np.array([duty.hours for duty in duties])
        left = np.array([self._limits[p] - self._week[p, week] for p in here])
        costs = self._costs(here, duties)
        surplus = np.array([self._hours[p] / self._shares[p] for p in here])
        costs += np.outer(surplus - surplus.mean(), hours - hours.mean())
        allowed = hours[None, :] <= left[:, None]
        chosen = assign(costs, allowed, missing_price=SHORT_PRICE * SHORT_PRICE)
        given = {here[row]: duties[n] for row, n in chosen.items()}
        self._note(given, week)
        return given

    def _costs(self, here: Sequence[int], duties: Sequence[Duty]) -> NDArray[np.float64]:
        """Late duties and repeated ones cost more; hours come on top, squared ones, which are least when even."""
        is_late = np.array([duty.end == self._last for duty in duties])
        late = 0.5 * np.outer([self._late[p] for p in here], is_late)
        done = np.array([[self._done.get((p, duty.id), 0) for duty in duties] for p in here])
        costs: NDArray[np.float64] = late + 0.2 * done
        return costs

    def _note(self, given: Mapping[int, Duty], week: int) -> None:
        for p, duty in given.items():
            self._hours[p] += duty.hours
            self._week[p, week] += duty.hours
            self._done[p, duty.id] += 1
            self._late[p] += duty.end == self._last


def _reason(work: Work, count: int) -> str:
    if work.able:
        return text("windows.short_absent", count=count)
    return text("windows.short_nobody", names="、".join(sorted({kind for duty in work.duties for kind in duty.types})))


def _row(
    p: int, person: Candidate, days: Calendar, taken: Mapping[tuple[int, int], Duty], settings: Settings
) -> RosterPerson:
    mine = [taken.get((p, d)) for d in range(len(days.dates))]
    kinds: list[DayKind] = []
    came: Counter[int] = Counter(days.weeks[d] for d, duty in enumerate(mine) if duty)
    for d, date in enumerate(days.dates):
        kind = _kind(person, date, is_open=days.is_open[d], has_duty=mine[d] is not None)
        if kind == "stand_by" and came[days.weeks[d]] >= DAYS_PER_WEEK - settings.staff.rest_days:
            kind = "rest"
        came[days.weeks[d]] += kind == "stand_by"
        kinds.append(kind)
    hours = math.fsum(duty.hours for duty in mine if duty)
    ids = tuple(duty.id if duty else "" for duty in mine)
    types = tuple(sorted(person.types))
    return RosterPerson(person.id, person.post, person.groups, types, person.is_post, tuple(kinds), ids, hours)


def _kind(person: Candidate, date: str, *, is_open: bool, has_duty: bool) -> DayKind:
    if has_duty:
        return "duty"
    if not person.holds(date):
        return "away"
    if date in person.leave:
        return "leave"
    return "stand_by" if is_open else "rest"


def _spread(rows: Sequence[RosterPerson], people: Sequence[Candidate]) -> float:
    """Most minus least hours of those of one group and AB岗 who were there all month, full time."""
    hours: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row, person in zip(rows, people, strict=True):
        if "leave" not in row.days and "away" not in row.days and person.share == 1.0 and not person.is_lent:
            hours[person.groups[0], person.role].append(row.hours)
    return max((max(values) - min(values) for values in hours.values()), default=0.0)
