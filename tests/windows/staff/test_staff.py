"""Duties of a day, rosters by person, stand-by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallplan.errors import SettingsError
from hallplan.model.demand import Demand
from hallplan.model.staff import StaffMember, StaffPlan
from hallplan.model.windows import WindowPlan
from hallplan.settings import Settings
from hallplan.windows import plan_windows
from hallplan.windows.staff import plan_staff
from hallplan.windows.staff.assign import assign
from tests.builders import make_demand

MONTH = "2026-03"  # begins on a Sunday; 22 working days


@cache
def windows() -> WindowPlan:
    return plan_windows(make_demand(), Settings())


@cache
def posts() -> StaffPlan:
    return plan_staff(windows(), make_demand(), Settings(), month=MONTH)


def with_staff(*members: StaffMember) -> Demand:
    return replace(make_demand(), staff=members)


def member(id: str, *types: str, **more: object) -> StaffMember:
    return StaffMember(id, "受理", "综窗", "审批局", types, **more)


def crew(**more: object) -> list[StaffMember]:
    general = [member(f"{n:03d}", "综合窗口", **more) for n in range(60)]
    special = [("公安窗口", 12), ("不动产窗口", 12), ("税务窗口", 8)]
    return general + [member(f"{name}{n}", name, **more) for name, count in special for n in range(count)]


def at_work(plan: StaffPlan, date: str) -> Counter[str]:
    day = plan.roster.dates.index(date)
    return Counter(person.duties[day] for person in plan.roster.people if person.duties[day])


def test_every_window_that_opens_has_somebody() -> None:
    plan = windows()
    for kind in plan.types:
        for k, start in enumerate(plan.half_hours):
            there = sum(
                piece.type == kind.id and piece.start <= start < piece.end
                for duty in posts().duties
                for piece in duty.pieces
            )
            assert there == kind.open[k]


def test_staff_hours_are_at_their_bound_and_near_the_window_hours() -> None:
    assert posts().gap <= 0.01
    assert windows().window_hours <= posts().hours <= 1.05 * windows().window_hours


def test_nobody_works_two_places_or_too_long() -> None:
    for duty in posts().duties:
        assert duty.hours <= 8
        assert all(a.end <= b.start for a, b in zip(duty.pieces, duty.pieces[1:], strict=False))


def test_generated_posts_fill_the_month_without_names() -> None:
    roster = posts().roster
    assert not roster.shortfalls
    assert all(person.is_post and ("A岗" in person.post or "B岗" in person.post) for person in roster.people)
    for date, is_open in zip(roster.dates, roster.is_open, strict=True):
        assert at_work(posts(), date) == (Counter(duty.id for duty in posts().duties) if is_open else Counter())
    assert roster.hours_spread <= 8


def test_leave_dates_and_skills_are_kept() -> None:
    people = crew()
    people[0] = replace(people[0], leave=("2026-03-02", "2026-03-03"), until="2026-03-20")
    roster = plan_staff(windows(), with_staff(*people), Settings(), month=MONTH).roster
    first = roster.people[0]
    assert first.days[1:3] == ("leave", "leave")
    assert set(first.days[20:]) == {"away"}
    groups = {duty.id: duty.group for duty in posts().duties}
    for person in roster.people:
        assert {groups[duty] for duty in person.duties if duty} <= set(person.groups)


def test_weekly_rest_and_hours_are_kept_when_open_every_day() -> None:
    wanted = Settings.model_validate({"staff": {"weekdays": [1, 2, 3, 4, 5, 6, 7], "weekly_hours": 36}})
    plan = plan_staff(windows(), with_staff(*crew()), wanted, month=MONTH)
    hours = {duty.id: duty.hours for duty in plan.duties}
    for person in plan.roster.people:
        for monday in range(1, 31, 7):  # Monday 2 March is day 1
            week = slice(monday, monday + 7)
            assert sum(kind in ("duty", "stand_by") for kind in person.days[week]) <= 5
            assert sum(hours[duty] for duty in person.duties[week] if duty) <= 36
    assert not plan.roster.shortfalls


def test_a_skill_that_nobody_has_is_a_shortfall_with_its_reason() -> None:
    people = [one for one in crew() if "公安" not in one.types[0]]
    plan = plan_staff(windows(), with_staff(*people, member("x", "气象窗口")), Settings(), month=MONTH)
    assert any("公安窗口" in warning and "没有人能办" in warning for warning in plan.warnings)
    assert any("气象窗口" in warning for warning in plan.warnings)
    police = {duty.id for duty in plan.duties if duty.group == "police"}
    assert {short.duty for short in plan.roster.shortfalls} == police


def test_too_few_people_say_how_many_more_would_do() -> None:
    plan = plan_staff(windows(), with_staff(*crew()[:5]), Settings(), month=MONTH)
    assert any("至少再配" in warning for warning in plan.warnings)


def test_part_time_people_work_their_share() -> None:
    people = crew()
    people[0] = replace(people[0], share=0.25)
    plan = plan_staff(windows(), with_staff(*people), Settings(), month=MONTH)
    hours = {duty.id: duty.hours for duty in plan.duties}
    for monday in range(1, 31, 7):
        assert sum(hours[d] for d in plan.roster.people[0].duties[monday : monday + 7] if d) <= 10


def test_guides_are_lent_for_peaks_only() -> None:
    guide = replace(member("g", "综合窗口"), nature="导办")
    plan = plan_staff(windows(), with_staff(*crew()[60:], guide), Settings(), month=MONTH)
    shifts = {duty.id: duty.shifts for duty in plan.duties}
    (row,) = (person for person in plan.roster.people if person.id == "g")
    assert all(shift.startswith("T") for duty in row.duties if duty for shift in shifts[duty])


def test_stand_by_says_what_an_absence_costs() -> None:
    rows = {(row.type, row.absent): row for row in posts().stand_by}
    one, two = rows["general", 1], rows["general", 2]
    assert 0 <= two.share <= one.share < 1
    assert "B岗" in one.first


def test_a_month_without_an_open_day_is_refused() -> None:
    with pytest.raises(SettingsError, match="至少应有一天"):
        plan_staff(windows(), make_demand(), Settings.model_validate({"staff": {"weekdays": [8]}}), month=MONTH)


def test_holidays_and_extra_days_count() -> None:
    wanted = Settings.model_validate({"staff": {"holidays": ["2026-03-02"], "extra_days": ["2026-03-07"]}})
    roster = plan_staff(windows(), make_demand(), wanted, month=MONTH).roster
    assert (roster.is_open[1], roster.is_open[6]) == (False, True)


def test_the_same_inputs_give_the_same_roster() -> None:
    assert plan_staff(windows(), make_demand(), Settings(), month=MONTH) == posts()


@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_no_other_assignment_costs_less(people: int, duties: int, data: st.DataObject) -> None:
    cell = st.tuples(st.integers(-9, 30), st.booleans())
    cells = np.array(data.draw(st.lists(cell, min_size=people * duties, max_size=people * duties)))
    costs, allowed = cells[:, 0].reshape(people, duties).astype(float), cells[:, 1].reshape(people, duties) > 0
    given = assign(costs, allowed, missing_price=1e6)

    def total(pairs: Iterable[tuple[int, int]]) -> float:
        pairs = list(pairs)
        return sum(costs[pair] for pair in pairs) + 1e6 * (duties - len(pairs))

    best = min(
        total((p, n) for n, p in enumerate(order) if p < people and allowed[p, n])
        for order in permutations(range(people + duties), duties)
    ) if people + duties <= 7 else total(given.items())  # fmt: skip
    assert all(allowed[pair] for pair in given.items())
    assert len(set(given.values())) == len(given)
    assert total(given.items()) == pytest.approx(best)


def test_assignment_is_the_cheapest_and_takes_all_it_can() -> None:
    costs = np.array([[4.0, 1, 3], [2, 0, 5], [3, 2, 2]])
    assert assign(costs, np.ones((3, 3), dtype=bool), missing_price=1e6) == {0: 1, 1: 0, 2: 2}  # 1 + 2 + 2
    only = np.array([[True, False, False]] * 3)
    assert len(assign(costs, only, missing_price=1e6)) == 1
