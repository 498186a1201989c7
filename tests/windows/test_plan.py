"""Window types, numbers and positions from demand."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib.resources import files

import jsonschema
import pytest

from hallplan.errors import DemandError
from hallplan.model.demand import ArrivalProfile, Demand, ExistingWindow
from hallplan.model.windows import WindowPlan, WindowType
from hallplan.settings import Settings
from hallplan.windows import plan_windows, windows_report
from hallplan.windows.sizing import Load, Target, size_type
from hallplan.windows.slots import half_hours
from tests.builders import make_demand, make_item

SHAPE = (0.3, 0.4, 0.3)


def small(*items: object, **more: object) -> Demand:
    profile = ArrivalProfile((540, 570, 600), SHAPE)
    return replace(make_demand(), items=items, arrivals=profile, **more)


def service(**values: object) -> Settings:
    return Settings.model_validate({"service": values})


def kind(plan: WindowPlan, id: str) -> WindowType:
    return next(kind for kind in plan.types if kind.id == id)


@cache
def county() -> WindowPlan:
    return plan_windows(make_demand(), Settings())


def test_the_report_keeps_the_contract() -> None:
    schema = json.loads(files("hallplan").joinpath("data/schemas/windows.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads(json.dumps(windows_report(county()), allow_nan=False)), schema)


def test_every_type_keeps_the_target_and_is_not_too_busy() -> None:
    for type in county().types:
        assert type.share_within_target >= 0.8
        assert type.simulated.share_within_target.value >= 0.8 - 0.005
        assert type.utilisation <= 0.85 + 1e-6


def test_window_hours_are_near_their_bound() -> None:
    assert 0 <= county().gap <= 0.03


def test_positions_add_up() -> None:
    plan = county()
    assert len(plan.windows) == plan.windows_total == len({window.id for window in plan.windows})
    for type in plan.types:
        mine = [window for window in plan.windows if window.type == type.id]
        open_hours = sum(end - start for window in mine for start, end in window.hours) / 60
        assert open_hours == pytest.approx(sum(type.open) / 2)
        assert sum(window.is_low for window in mine) == type.low_units >= 1


def test_everyone_who_comes_is_at_a_window() -> None:
    demand = make_demand()
    at_front = sum(sum(t.arrivals) / 2 for t in county().types if t.id not in ("pickup", "complaint"))
    assert at_front == pytest.approx(demand.visitors_per_day)


def test_specialist_items_have_their_own_windows() -> None:
    plan = county()
    assert {t.sub_type for t in plan.types if t.zone == "window_special"} == {"公安", "不动产", "税务"}
    assert kind(plan, "police").items == ("B01",)
    assert "C01" in kind(plan, "general").items


def test_departmental_windows_merge_the_small_ones() -> None:
    items = (make_item("1", "甲", 9000, department="甲局"), make_item("2", "乙", 50, department="乙局"))
    plan = plan_windows(small(*items), service(service_mode="部门专窗"))
    assert "2" in kind(plan, "general").items
    assert any("1" in t.items and t.zone == "window_special" for t in plan.types)
    assert any("乙局" in entry.value for entry in plan.assumptions)


def test_a_theme_can_be_made_special_in_the_settings() -> None:
    plan = plan_windows(small(make_item("1", "社保卡", 5000, theme="社保医保")), service(special_themes=["社保医保"]))
    assert kind(plan, "social").items == ("1",)


def test_promised_results_are_collected_at_their_own_window() -> None:
    item = make_item("1", "许可", 10000, case_type="promised", visits_per_case=2.0)
    pickup = kind(plan_windows(small(item), Settings()), "pickup")
    assert sum(pickup.arrivals) / 2 == pytest.approx(10000 / 250)
    assert pickup.minutes == pytest.approx(3.0)


def test_reserve_and_policy_minimum_count() -> None:
    plan = plan_windows(small(make_item("1", "甲", 100)), service(reserve_windows=1))
    assert kind(plan, "general").windows == 3
    assert kind(plan, "complaint").windows == 2
    assert [w.hours for w in plan.windows if w.type == "complaint"][1] == ()


def test_more_people_need_no_fewer_windows() -> None:
    totals = [
        plan_windows(small(make_item("1", "甲", cases)), Settings()).windows_total for cases in (2000, 6000, 18000)
    ]
    assert totals == sorted(totals)
    assert totals[0] < totals[2]


def test_a_peak_day_needs_more() -> None:
    demand = small(make_item("1", "甲", 9000))
    busy = replace(demand, arrivals=replace(demand.arrivals, peak_day=1.5))
    assert plan_windows(busy, Settings()).window_hours > plan_windows(demand, Settings()).window_hours


def test_kiosks_follow_their_users() -> None:
    plan = plan_windows(small(make_item("1", "甲", 40000, kiosk_share=0.9, consults=0)), Settings())
    assert plan.kiosk_users_per_day == pytest.approx(144)
    # 144 × 0.4 in the busiest half-hour of 30 min at 5 min each: 9.6 busy
    assert 10 <= plan.kiosks <= 14


def test_todays_windows_find_their_place() -> None:
    existing = (
        ExistingWindow("1号", "公安", "公安分局", ("B01",), ()),
        ExistingWindow("2号", "部门", "人社局", (), ()),
        ExistingWindow("3号", "部门", "气象局", (), ()),
    )
    plan = plan_windows(replace(make_demand(), existing=existing), Settings())
    fates = {row.existing: row.fate for row in plan.changes if row.existing}
    assert fates == {"1号": "保留", "2号": "改设", "3号": "撤销"}
    assert sum(row.fate == "新增" for row in plan.changes) == plan.windows_total - 2


def test_the_same_inputs_give_the_same_plan() -> None:
    assert plan_windows(make_demand(), Settings()) == county()


def test_no_volume_leaves_what_policy_asks_for() -> None:
    plan = plan_windows(small(make_item("1", "甲", 0)), Settings())
    assert {t.id: t.windows for t in plan.types} == {"general": 2, "one_matter": 1, "pickup": 1, "complaint": 1}
    assert any("到厅量为 0" in warning for warning in plan.warnings)


@pytest.mark.parametrize(("minutes", "word"), [(0.0, "0 分钟"), (600.0, "超过 120 分钟")])
def test_odd_minutes_are_named(minutes: float, word: str) -> None:
    plan = plan_windows(small(make_item("1", "甲", 500, minutes)), Settings())
    assert any(word in warning and "甲" in warning for warning in plan.warnings)


def test_arrivals_outside_hours_are_named() -> None:
    demand = small(make_item("1", "甲", 500))
    late = replace(demand, arrivals=ArrivalProfile((990, 1020, 1050), SHAPE))
    assert any("17:00" in warning for warning in plan_windows(late, Settings()).warnings)


@pytest.mark.parametrize(
    "profile",
    [
        ArrivalProfile((), ()),
        ArrivalProfile((540, 550), (0.5, 0.5)),
        ArrivalProfile((540, 570), (0.0, 0.0)),
        ArrivalProfile((540, 570), (-0.5, 1.5)),
    ],
)
def test_impossible_arrivals_are_refused(profile: ArrivalProfile) -> None:
    with pytest.raises(DemandError, match="分时到厅人流"):
        plan_windows(replace(make_demand(), arrivals=profile), Settings())


def test_all_impossible_figures_come_together() -> None:
    items = (make_item("1", "甲", -5), make_item("2", "乙", float("nan")))
    with pytest.raises(DemandError) as caught:
        plan_windows(small(*items), Settings())
    assert "甲" in str(caught.value)
    assert "乙" in str(caught.value)


def test_a_hall_without_items_is_refused() -> None:
    with pytest.raises(DemandError, match="是否进驻"):
        plan_windows(small(make_item("1", "甲", 5, is_admitted=False)), Settings())


def test_a_township_has_no_idle_window_beside_a_queue() -> None:
    items = (
        make_item("1", "许可", 2000, case_type="promised", collect="窗口领取"),
        make_item("2", "新生儿", 300, one_matter="新生儿出生一件事"),
    )
    plan = plan_windows(small(*items), Settings.model_validate({"project": {"level": "township"}}))
    (general,) = plan.types
    assert general.items == ("1", "2")
    assert set(general.duties) == {"one_matter", "pickup", "complaint"}
    assert "出件窗口" in general.basis
    # Collections come on top of the visits for the two items; 0.5 % of visitors come with unresolved matters.
    assert sum(general.arrivals) / 2 == pytest.approx(plan.visitors_per_day * 1.005 + 2000 / 250)
    assert [w.id for w in plan.windows if "办不成事" in w.name] == ["A01"]


def test_a_tiny_special_queue_shares_the_counters_of_a_related_one() -> None:
    items = (
        make_item("1", "不动产登记", 9000, special="不动产"),
        make_item("2", "施工许可", 100, special="工程建设"),
        make_item("3", "身份证", 100, special="公安"),
    )
    plan = plan_windows(small(*items), Settings())
    estate = kind(plan, "estate")
    assert estate.items == ("1", "2")
    assert "工程建设" in estate.name
    assert any("共用柜台" in entry.value for entry in plan.assumptions)
    # Nothing is related to the police, whose window the workbook asks for.
    assert kind(plan, "police").items == ("3",)


def test_a_short_peak_is_named_with_what_it_costs() -> None:
    profile = ArrivalProfile(tuple(range(540, 840, 30)), (0.07, 0.07, 0.07, 0.37, 0.07, 0.07, 0.07, 0.07, 0.07, 0.07))
    demand = replace(small(make_item("1", "甲", 60000)), arrivals=profile)
    (warning,) = (line for line in plan_windows(demand, Settings()).warnings if "错峰" in line)
    assert "综合窗口" in warning
    assert "10:30" in warning


def test_uneven_service_means_a_longer_queue() -> None:
    slots = half_hours(ArrivalProfile((540, 570, 600), SHAPE), Settings())
    even, uneven = (
        size_type(Load((60.0, 80.0, 60.0), 6.0, cv), slots, Target(0.8, 15.0, 0.85), seed=1) for cv in (0.3, 2.0)
    )
    assert uneven.waiting_p95 > even.waiting_p95


@pytest.mark.parametrize(
    ("key", "limit"), [("mean_wait_min", 2.0), ("p99_wait_min", 12.0), ("longest_queue", 5), ("seats", 40)]
)
def test_further_targets_are_met_with_more_windows(key: str, limit: float) -> None:
    plain = plan_windows(make_demand(), Settings())
    plan = plan_windows(make_demand(), Settings.model_validate({"service": {key: limit}}))
    (row,) = plan.limits
    assert (row.what, row.limit, row.is_met) == (key, limit, True)
    assert row.met <= limit
    assert plan.window_hours >= plain.window_hours
    assert windows_report(plan)["limits"][0]["what"] == key


def test_items_that_usually_have_windows_of_their_own_are_named_where_nothing_marks_them() -> None:
    items = tuple(
        make_item(f"P{n}", name, 5000.0, department="公安局") for n, name in enumerate(("身份证换领", "户口迁移"))
    )
    bare = plan_windows(replace(make_demand(), items=items), Settings.model_validate({"project": {"level": "county"}}))
    assert any("公安窗口" in warning and "身份证换领" in warning for warning in bare.warnings)
    marked = replace(make_demand(), items=(replace(items[0], special="公安"), items[1]))
    assert not any("未填" in warning for warning in plan_windows(marked, Settings()).warnings)
