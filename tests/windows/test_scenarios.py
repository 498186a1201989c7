"""Scenarios side by side."""

from __future__ import annotations

from functools import cache

import pytest

from hallplan.errors import Fault, UsageError
from hallplan.model.scenario import Scenario
from hallplan.model.windows import WindowPlan
from hallplan.settings import Settings
from hallplan.windows import compare_scenarios, plan_windows
from hallplan.windows.scenarios import change_demand
from tests.builders import make_demand

NAMES = ("peak", "+20%", "appointments=50%", "online=+10%", "bundle=社保医保")


@cache
def plan() -> WindowPlan:
    return plan_windows(make_demand(), Settings())


@cache
def rows() -> dict[str, Scenario]:
    return {row.name: row for row in compare_scenarios(plan(), make_demand(), Settings(), NAMES)}


def test_the_plan_comes_first_and_every_scenario_follows() -> None:
    assert tuple(rows()) == ("–", *NAMES)
    assert rows()["–"].plan_share >= 0.8


def test_more_visitors_need_more_and_meet_worse_service_with_the_old_plan() -> None:
    base, more, peak = rows()["–"], rows()["+20%"], rows()["peak"]
    assert more.visitors_per_day == pytest.approx(1.2 * base.visitors_per_day)
    assert base.window_hours < more.window_hours < peak.window_hours
    assert base.plan_share > more.plan_share > peak.plan_share
    assert more.worst_share <= more.plan_share


def test_appointments_lower_the_peak_and_online_cases_the_load() -> None:
    assert rows()["appointments=50%"].windows_total < rows()["–"].windows_total
    assert rows()["online=+10%"].visitors_per_day < rows()["–"].visitors_per_day


def test_a_bundle_goes_to_one_matter_windows_with_fewer_visits() -> None:
    found = change_demand(make_demand(), "bundle=社保医保", Settings())
    assert not isinstance(found, Fault)
    before = {item.code: item for item in make_demand().items}
    bundled = [item for item in found[1].items if item.one_matter == "社保医保"]
    assert {item.code for item in bundled} == {"C01", "C02", "D01"}
    assert all(item.visits_per_case == pytest.approx(0.6 * before[item.code].visits_per_case) for item in bundled)


@pytest.mark.parametrize("name", ["often", "+20", "-100%", "appointments=120%", "bundle=", "bundle=无此主题", "peak=3"])
def test_what_is_no_scenario_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="scenario"):
        compare_scenarios(plan(), make_demand(), Settings(), [name])
