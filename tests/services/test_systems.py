"""Chapter 9: islands, circles, double entry by hand, the roadmap, helpers, flaws."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallplan.model.service_inputs import Interface, ItemSystem, ServiceInputs, System
from hallplan.model.services import SystemsPlan
from hallplan.services import plan_systems, reduced_demand
from hallplan.services.graph import circles, islands
from hallplan.services.systems import repeated_fields, saved_per_year
from tests.services.builders import sized

PLATFORM, SOCIAL, TAX, ALONE = "一体化政务服务平台", "社保系统", "税务系统", "孤立系统"


def inputs_of(*, fields: int = 30, shareable: int = 20) -> ServiceInputs:
    return ServiceInputs(
        systems=(System(PLATFORM, "省级", "统一", True), System(SOCIAL), System(TAX), System(ALONE)),
        item_systems=(
            ItemSystem("A01", PLATFORM, 40, 0),
            ItemSystem("A01", TAX, fields, shareable, ("营业执照",)),
            ItemSystem("C01", PLATFORM, 20, 0),
            ItemSystem("C01", SOCIAL, 10, 10),
        ),
        interfaces=(Interface(PLATFORM, SOCIAL, 2.0, 0.995, "一般"),),
    )


def planned(inputs: ServiceInputs) -> SystemsPlan:
    return plan_systems(sized()[0], inputs)


nodes = st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=7, unique=True)
edges = st.lists(st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg")), max_size=12)


def reached(links: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """Every pair joined by one link or more, by trying all ways."""
    pairs = set(links)
    while True:
        more = {(a, d) for a, b in pairs for c, d in pairs if b == c} - pairs
        if not more:
            return pairs
        pairs |= more


@given(nodes, edges)
def test_islands_are_the_connected_parts(names: list[str], links: list[tuple[str, str]]) -> None:
    inside = [(a, b) for a, b in links if a in names and b in names]
    pairs = reached([*inside, *((b, a) for a, b in inside)])
    wanted = {frozenset({a, *(b for b in names if (a, b) in pairs)}) for a in names}
    assert {frozenset(part) for part in islands(names, links)} == wanted


@given(edges)
def test_circles_are_what_reaches_itself(links: list[tuple[str, str]]) -> None:
    pairs = reached(links)
    looped = {a for a, b in pairs if a == b}
    wanted = {frozenset(b for b in looped if (a, b) in pairs and (b, a) in pairs) for a in looped}
    assert {frozenset(loop) for loop in circles(links)} == wanted


def test_double_entry_is_every_field_beyond_the_largest_form() -> None:
    rows = (ItemSystem("A", "x", 40, 0), ItemSystem("A", "y", 30, 20), ItemSystem("A", "z", 5, 0))
    assert repeated_fields(rows) == 35
    assert repeated_fields(rows, frozenset({"y"}), "x") == pytest.approx(35 - 0.9 * 20)
    assert repeated_fields(rows[:1]) == 0


def test_fields_and_minutes_a_year_are_those_worked_by_hand() -> None:
    plan = planned(inputs_of())
    # A01: 9,000 × 0.7 cases × 30 fields again; C01: 30,000 × 0.7 × 10
    fields = 6300 * 30 + 21000 * 10
    assert plan.minutes_per_year == pytest.approx(fields * 5 / 60, abs=0.1)
    assert plan.repeated_fields == pytest.approx(fields / 27300, abs=1e-3)


def test_systems_without_an_interface_are_islands() -> None:
    plan = planned(inputs_of())
    assert {frozenset(part) for part in plan.islands} == {frozenset({TAX}), frozenset({ALONE})}
    numbers = {system.name: system.island for system in plan.systems}
    assert numbers[PLATFORM] == numbers[SOCIAL] == 0
    assert numbers[TAX] != numbers[ALONE]


def test_a_circle_of_systems_is_named_and_nothing_is_lost() -> None:
    loop = replace(
        inputs_of(), interfaces=(Interface(SOCIAL, TAX), Interface(TAX, PLATFORM), Interface(PLATFORM, SOCIAL))
    )
    plan = planned(loop)
    assert plan.cycles == (tuple(sorted((SOCIAL, TAX, PLATFORM))),)
    assert "circle" in {flaw.kind for flaw in plan.flaws}
    assert len(plan.systems) == 4


def test_the_roadmap_joins_what_saves_most_first_and_adds_up() -> None:
    demand = sized()[0]
    plan = planned(inputs_of())
    gains = [step.minutes_saved for step in plan.roadmap]
    assert gains == sorted(gains, reverse=True)
    everything = saved_per_year(demand, inputs_of(), [step.system for step in plan.roadmap])
    assert sum(gains) == pytest.approx(everything, abs=1.0)
    assert PLATFORM not in {step.system for step in plan.roadmap}


def test_joining_a_system_takes_minutes_off_its_items_alone() -> None:
    demand = sized()[0]
    before = {item.code: item.minutes.accept for item in demand.items}
    after = {item.code: item.minutes.accept for item in reduced_demand(demand, inputs_of(), [TAX]).items}
    changed = {code for code in before if after[code] < before[code] - 1e-9}
    assert changed == {"A01"}
    # 18 fields × 5 s, a login of 25 s every 12 cases, a screen of 6 s and a paper of 45 s
    assert before["A01"] - after["A01"] == pytest.approx((18 * 5 + 25 / 12 + 6 + 45) / 60, abs=1e-6)


def test_joining_never_takes_more_than_its_share_of_a_case() -> None:
    demand = sized()[0]
    huge = inputs_of(fields=4000, shareable=4000)
    after = {item.code: item.minutes.accept for item in reduced_demand(demand, huge, [TAX]).items}
    before = {item.code: item.minutes.accept for item in demand.items}
    assert after["A01"] >= 0.4 * before["A01"] - 1e-9


def test_more_shareable_fields_never_save_less() -> None:
    demand = sized()[0]
    saved = [saved_per_year(demand, inputs_of(shareable=n), [TAX]) for n in (0, 5, 10, 20, 30)]
    assert saved == sorted(saved)


def test_a_helper_breaks_even_where_its_cost_is_paid() -> None:
    demand = sized()[0]
    helper = next(h for h in planned(inputs_of()).helpers if h.id == "guide")
    people = sum(item.visits_per_year for item in demand.admitted)
    assert helper.break_even == pytest.approx(helper.cost_per_year / (people * 1.5 * 1.1), abs=1e-4)


def test_a_hall_with_few_visitors_has_helpers_that_never_pay() -> None:
    demand = sized()[0]
    few = replace(demand, items=tuple(replace(item, cases=item.cases / 1000, consults=0) for item in demand.items))
    assert all(helper.break_even is None for helper in plan_systems(few, inputs_of()).helpers)


def test_rows_of_unknown_items_and_systems_are_named() -> None:
    inputs = inputs_of()
    odd = replace(
        inputs,
        item_systems=(
            *inputs.item_systems,
            ItemSystem("没有的事项", PLATFORM, 3, 0),
            ItemSystem("A02", "没登记的系统", 5, 0),
        ),
    )
    kinds = {flaw.kind for flaw in planned(odd).flaws}
    assert {"unknown_item", "unknown_system"} <= kinds


def test_indicators_compare_interfaces_with_their_limits() -> None:
    figures = {i.id: i for i in planned(inputs_of()).indicators}
    assert figures["success"].is_kept is True
    assert figures["sso"].is_kept is False
    assert figures["platform"].value == 1.0
    empty = {i.id: i for i in planned(ServiceInputs()).indicators}
    assert empty["success"].is_kept is None


def test_a_workbook_without_systems_gives_an_empty_plan() -> None:
    plan = planned(ServiceInputs())
    assert plan.systems == ()
    assert plan.roadmap == ()
    assert plan.minutes_per_year == 0
