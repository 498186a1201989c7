"""Which items share windows, what moves change, what policy asks for, and the plan proven."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from hallplan.model.demand import Demand, Relation
from hallplan.model.grouping import TypeChoice
from hallplan.model.windows import WindowPlan
from hallplan.settings import Settings
from hallplan.windows import plan_windows
from hallplan.windows.grouping import choose_types, move_item, policy_windows
from hallplan.windows.grouping.costs import Costs, Theme, themes_of
from hallplan.windows.proof import missed, prove_plan
from hallplan.windows.slots import half_hours
from tests.builders import make_demand, make_item

THEMES = (("社保", 9000), ("医保", 7000), ("住房", 2500), ("农业", 400), ("公安", 6000))


@cache
def demand() -> Demand:
    items = tuple(
        make_item(f"{theme}{n}", f"{theme}{n}", cases, theme=theme) for theme, cases in THEMES for n in range(3)
    )
    return replace(make_demand(), items=items)


def chosen(hall: Demand) -> tuple[TypeChoice, list[Theme], Costs]:
    settings, slots = Settings(), half_hours(hall.arrivals, Settings())
    themes, costs = themes_of(hall.items, hall), Costs.of(hall, slots, settings)
    return choose_types(hall, hall.items, slots, settings), themes, costs


def partitions(things: list[Theme]) -> Iterator[list[list[Theme]]]:
    if not things:
        yield []
        return
    first, *rest = things
    for parts in partitions(rest):
        yield [[first], *parts]
        for n, part in enumerate(parts):
            yield [*parts[:n], [first, *part], *parts[n + 1 :]]


def test_no_grouping_is_cheaper_than_the_one_chosen() -> None:
    choice, themes, costs = chosen(demand())
    allowed = (p for p in partitions(themes) if all(len(g) == 1 or not any(t.is_apart for t in g) for g in p))
    best = min(math.fsum(costs.group(group).cost for group in parts) for parts in allowed)
    assert choice.is_all
    assert choice.cost == pytest.approx(best, abs=1e-6)
    assert choice.bound == pytest.approx(choice.cost, abs=1e-6)


def test_every_item_is_in_one_group_and_the_confidential_theme_alone() -> None:
    choice, _, _ = chosen(demand())
    items = [code for group in choice.groups for code in group.items]
    assert sorted(items) == sorted(item.code for item in demand().items)
    assert ("公安",) in [group.themes for group in choice.groups]


def test_a_theme_too_small_for_a_window_is_pooled() -> None:
    choice, _, _ = chosen(demand())
    (home,) = (group for group in choice.groups if "农业" in group.themes)
    assert len(home.themes) > 1


def test_no_move_is_cheaper_and_each_says_what_it_costs() -> None:
    choice, themes, costs = chosen(demand())
    assert choice.moves
    assert all(move.cost >= -1e-6 for move in choice.moves)
    move = move_item(themes, "社保0", "医保", costs)
    # A third of the theme's visits go over: both groups are weighed again.
    assert move.what == "社保0"
    assert move.cost == pytest.approx(move.window_hours + move.breadth_hours - move.spared_hours)
    with pytest.raises(KeyError):
        move_item(themes, "nobody", "医保", costs)


def test_each_busy_item_says_what_moving_it_changes() -> None:
    choice, themes, _ = chosen(demand())
    assert choice.item_moves
    names = [item.name for theme in themes for item in theme.items]
    assert {move.what for move in choice.item_moves} <= set(names)
    assert [move.cost for move in choice.item_moves] == sorted(move.cost for move in choice.item_moves)
    groups = {theme: "、".join(group.themes) for group in choice.groups for theme in group.themes}
    assert all(move.target != groups[move.source] for move in choice.item_moves)


def test_items_done_in_one_visit_draw_together() -> None:
    hall = demand()
    related = replace(hall, relations=(Relation("社保0", "住房0", 90_000.0),))
    choice, _, _ = chosen(related)
    assert any({"社保", "住房"} <= set(group.themes) for group in choice.groups)


def test_the_plan_follows_the_choice_when_asked_to() -> None:
    settings = Settings.model_validate({"service": {"service_mode": "优化"}})
    plan = plan_windows(demand(), settings)
    choice, _, _ = chosen(demand())
    for group in choice.groups:
        homes = {kind.id for kind in plan.types for code in group.items if code in kind.items and kind.zone != "pickup"}
        assert len(homes) == 1


@cache
def planned() -> WindowPlan:
    return plan_windows(make_demand(), Settings())


def test_each_window_of_policy_has_its_rule_and_place() -> None:
    rows = {row.id: row for row in policy_windows(planned().types, planned().windows)}
    assert {"complaint", "one_matter", "helpers", "cross_region"} <= set(rows)
    assert all("号" in row.rule and row.where for row in rows.values())
    assert rows["complaint"].is_own
    # Shared with general windows: a window of its own would be open for seven hours.
    assert (rows["cross_region"].is_own, rows["cross_region"].hours_saved) == (False, 7.0)


def test_what_the_plan_promises_is_what_simulation_gives() -> None:
    promises = prove_plan(planned())
    assert {promise.figure for promise in promises} >= {"share_within_target", "mean_wait_min", "p99_wait_min"}
    shares = [promise for promise in promises if promise.figure == "share_within_target"]
    assert all(promise.is_kept for promise in shares)


def test_a_promise_that_cannot_be_kept_is_a_finding() -> None:
    plan = planned()
    fewer = tuple(replace(kind, open=tuple(max(c - 2, 1) for c in kind.open)) for kind in plan.types)
    assert any("综合窗口" in line for line in missed(prove_plan(replace(plan, types=fewer))))
