"""What a layout shows of chapter 8: counts, places, what is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hallplan.check import check_plan
from hallplan.flow import route_visitors
from hallplan.furnish import furnish
from hallplan.model.findings import Finding
from hallplan.model.layout import Layout
from hallplan.model.service_inputs import ServiceInputs
from hallplan.model.services import Need
from hallplan.model.signs import SignPlan
from hallplan.services import plan_equipment, stood
from hallplan.settings import Settings
from tests.builders import make_demand, make_layout, make_programme, make_site, make_windows
from tests.services.builders import sized

ASKED = (
    "access_route", "low_counter", "low_terminal", "low_queue_machine", "wheelchair_place", "turning", "toilet", "parking",
    "tactile", "audible", "large_type",
)  # fmt: skip
"""Low counters, routes, turning circles, toilets, parking, tactile and audible guidance, large-character and easy modes."""


@pytest.fixture(scope="module")
def drawn() -> tuple[Layout, tuple[Finding, ...]]:
    parts = make_site(), make_demand(), make_windows(), make_programme()
    layout = furnish(parts[0], parts[3], parts[2], make_layout(), Settings())
    routes = route_visitors(parts[0], parts[3], layout, Settings())
    return layout, check_plan(*parts, layout, routes, SignPlan((), (), ()), Settings())


def stand(layout: Layout, findings: tuple[Finding, ...], level: str = "county") -> dict[str, Need]:
    demand, windows, settings = sized()
    plan = stood(plan_equipment(demand, ServiceInputs(), windows, settings), layout, findings, level)
    return {need.type: need for need in (*plan.needs, *plan.facilities)}


def test_each_accessible_facility_is_counted_decided_and_has_a_place_or_says_what_is_missing(
    drawn: tuple[Layout, tuple[Finding, ...]],
) -> None:
    needs = stand(*drawn)
    for type in ASKED:
        need = needs[type]
        assert need.need >= 1, type
        assert need.status in ("pass", "fail", "undecided"), type
        assert need.places or need.missing, type
        assert need.status == "pass" or need.missing, type
    assert "parking_spaces" in needs["parking"].missing


def test_placed_are_the_pieces_of_the_layout_and_the_zones_they_stand_in(
    drawn: tuple[Layout, tuple[Finding, ...]],
) -> None:
    needs = stand(*drawn)
    assert needs["low_counter"].placed == len(drawn[0].of_kind("counter_low"))
    assert needs["turning"].placed == len(drawn[0].of_kind("turning"))
    assert "等候" in needs["wheelchair_place"].places


def test_what_is_taken_out_of_the_drawing_is_missing(drawn: tuple[Layout, tuple[Finding, ...]]) -> None:
    layout, findings = drawn
    bare = replace(layout, furniture=tuple(p for p in layout.furniture if p.kind not in ("aed", "water")))
    needs = stand(bare, findings)
    assert (needs["aed"].placed, needs["aed"].status) == (0, "fail")
    assert "1" in needs["water"].missing


def test_a_small_hall_sets_out_by_hand_what_it_is_not_furnished_with(
    drawn: tuple[Layout, tuple[Finding, ...]],
) -> None:
    bare = replace(drawn[0], furniture=())
    needs = stand(bare, drawn[1], "township")
    assert needs["charging"].status == "undecided"
    assert needs["queue_machine"].status == "fail"
