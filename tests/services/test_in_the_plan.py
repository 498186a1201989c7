"""Chapters 7 to 9 inside a plan: terminals and things reach the programme, systems and appointments reach the windows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hallplan.errors import SettingsError
from hallplan.model.demand import Demand
from hallplan.model.service_inputs import GivenBundle, ItemSystem, ServiceInputs, System
from hallplan.model.windows import WindowPlan
from hallplan.pipeline.chapters import (
    Chapters,
    equipment_chapter,
    items_chapter,
    planned_demand,
    systems_chapter,
    with_machines,
    with_offers,
)
from hallplan.programme import size_zones
from hallplan.settings import Settings, make_settings
from hallplan.windows import plan_windows
from tests.builders import make_site
from tests.services.builders import catalogue_of, sized

SYSTEMS = ("一体化政务服务平台", "社保系统")


def chapters() -> Chapters:
    demand = sized()[0]
    rows = tuple(
        row
        for item in demand.items
        for row in (
            ItemSystem(item.code, SYSTEMS[0], 40, 0),
            ItemSystem(item.code, SYSTEMS[1], 36, 30, ("居民身份证",)),
        )
    )
    inputs = ServiceInputs(systems=tuple(System(name) for name in SYSTEMS), item_systems=rows)
    return Chapters(inputs, catalogue_of("食品经营许可", "动物诊疗许可", "取水许可"))


def settings_with(**services: object) -> Settings:
    return make_settings({"file": {"services": services}})[0]


def planned(settings: Settings) -> tuple[Demand, tuple[str, ...]]:
    demand, windows, _ = sized()
    return planned_demand(demand, chapters(), settings, lambda _: windows)


def test_without_wishes_the_demand_stays_as_it_is() -> None:
    demand, said = planned(Settings())
    assert demand == sized()[0]
    assert said == ()


def test_a_joined_system_leads_to_fewer_window_hours_and_is_said() -> None:
    base, windows, _ = sized()
    settings = settings_with(integrate=[SYSTEMS[1]])
    demand, said = planned(settings)
    assert sum(i.minutes.accept for i in demand.items) < sum(i.minutes.accept for i in base.items)
    assert plan_windows(demand, settings).window_hours < windows.window_hours
    assert SYSTEMS[1] in said[0]


def test_the_roadmap_is_the_chain_from_minutes_to_windows_to_area() -> None:
    demand, windows, settings = sized()

    def size(changed: Demand) -> WindowPlan:
        return plan_windows(changed, settings)

    step = systems_chapter(demand, chapters(), windows, settings, size).roadmap[0]
    after = size(planned(settings_with(integrate=[step.system]))[0])
    assert step.minutes_saved > 0
    assert step.windows_saved == windows.windows_total - after.windows_total > 0
    assert step.hours_saved == pytest.approx(windows.window_hours - after.window_hours, abs=0.01)
    assert step.area_m2 > 0


def test_one_more_system_joined_reaches_the_square_metres_of_the_programme() -> None:
    demand, windows, settings = sized()

    def counters_m2(plan: WindowPlan, wanted: Demand) -> float:
        zones = size_zones(make_site(), wanted, plan, settings).zones
        return sum(zone.target_m2 for zone in zones if zone.windows)

    joined = planned(settings_with(integrate=[SYSTEMS[1]]))[0]
    fewer = plan_windows(joined, settings)
    assert fewer.windows_total < windows.windows_total
    assert counters_m2(fewer, joined) < counters_m2(windows, demand)


def test_a_missing_item_brought_in_stands_among_the_items() -> None:
    demand, _ = planned(settings_with(bring_in=["取水许可"]))
    assert {item.name for item in demand.items} - {item.name for item in sized()[0].items} == {"取水许可"}
    assert len(planned(settings_with(bring_in=["all"]))[0].items) == len(sized()[0].items) + 2


@pytest.mark.parametrize("wish", [{"integrate": ["社保系统2"]}, {"bring_in": ["取水许可证核发"]}])
def test_a_name_that_nobody_knows_is_refused_with_the_nearest(wish: dict[str, list[str]]) -> None:
    with pytest.raises(SettingsError, match=r"社保系统|取水许可"):
        planned(settings_with(**wish))


def test_machines_and_facilities_reach_the_zones_that_hold_them() -> None:
    demand, windows, settings = sized()
    equipment = equipment_chapter(demand, chapters(), windows, settings, make_site())
    fed = with_machines(windows, equipment)
    programme = size_zones(make_site(), demand, fed, settings)
    held = {(zone.type, part.kind): part.count for zone in programme.zones for part in zone.holdings}
    wanted = {(thing.zone, thing.kind): thing.count for thing in fed.things}
    zones = {zone.type for zone in programme.zones}
    assert {"photo_booth", "charging", "wheelchair_bay", "umbrella"} <= {kind for _, kind in wanted}
    for (zone, kind), count in wanted.items():
        if zone in zones and kind in ("photo_booth", "charging", "umbrella", "wheelchair_bay", "copier"):
            assert held[zone, kind] == count
    terminals = sum(count for (_, kind), count in held.items() if kind in ("kiosk", "kiosk_low"))
    assert terminals >= fed.kiosks
    assert fed.kiosks == sum(n.need for n in equipment.needs if n.furniture == "kiosk") + equipment.night.machines


def test_more_things_make_their_zone_larger() -> None:
    demand, windows, settings = sized()
    fed = with_machines(windows, equipment_chapter(demand, chapters(), windows, settings, make_site()))
    more = replace(fed, things=tuple(replace(t, count=t.count + 3) if t.kind == "charging" else t for t in fed.things))

    def target(plan: WindowPlan) -> float:
        zones = size_zones(make_site(), demand, plan, settings).zones
        return sum(zone.target_m2 for zone in zones if zone.type == "convenience")

    assert target(more) > target(fed)


def test_a_small_hall_is_given_only_the_furniture_it_has_room_for() -> None:
    demand, windows, settings = sized()
    equipment = equipment_chapter(demand, chapters(), windows, settings)
    kinds = {thing.kind for thing in with_machines(windows, equipment, "township").things}
    assert "queue_machine" in kinds
    assert not kinds & {"charging", "umbrella", "wheelchair_bay", "photo_booth"}


def bundle_of(*items: str) -> Chapters:
    return Chapters(
        ServiceInputs(bundles=(GivenBundle("本地一件事", "2025", "本地", items),)), catalogue_of("取水许可")
    )


def test_a_bundle_done_as_one_saves_the_visits_that_it_counts_and_goes_to_the_windows_for_one_matter() -> None:
    demand, windows, settings = sized()
    names = [item.name for item in sorted(demand.admitted, key=lambda item: -item.cases)[:3]]
    (cover,) = (
        b for b in items_chapter(demand, bundle_of(*names), windows, settings).bundles if b.name == "本地一件事"
    )
    done, said = planned_demand(demand, bundle_of(*names), settings_with(bundles=["本地一件事"]), lambda _: windows)
    saved = sum(
        a.cases * (a.visits_per_case - b.visits_per_case) for a, b in zip(demand.items, done.items, strict=True)
    )
    assert saved == pytest.approx(cover.visits_saved, rel=1e-6)
    assert saved > 0
    assert {item.name for item in done.items if item.one_matter == "本地一件事"} == set(names)
    assert "本地一件事" in said[0]


def test_a_bundle_that_the_hall_does_not_cover_changes_nothing() -> None:
    demand, windows, _ = sized()
    name = demand.admitted[0].name
    done, _ = planned_demand(
        demand, bundle_of(name, "无此事项"), settings_with(bundles=["本地一件事"]), lambda _: windows
    )
    assert done == demand


def test_an_unknown_bundle_is_refused() -> None:
    with pytest.raises(SettingsError, match="本地一件事"):
        planned_demand(sized()[0], bundle_of("a", "b"), settings_with(bundles=["本地一件"]), lambda _: sized()[1])


def with_legal_aid(cases: float, level: str) -> tuple[WindowPlan, Settings, tuple[str, ...]]:
    demand, windows, _ = sized()
    settings = make_settings({"file": {"project": {"level": level}}})[0]
    aid = replace(demand.items[0], code="L1", name="法律援助申请", cases=cases, consults=0.0)
    more = replace(demand, items=(*demand.items, aid))
    return with_offers(windows, items_chapter(more, chapters(), windows, settings), settings)


def test_value_added_services_bring_their_zone_and_tables_where_their_load_is_enough() -> None:
    windows, settings, said = with_legal_aid(20_000, "township")
    (tables,) = (thing for thing in windows.things if thing.zone == "value_added")
    assert "value_added" in settings.zones.add
    assert tables.count >= 2
    assert str(tables.count) in said[0]
    assert with_legal_aid(20, "township")[1].zones.add == []
    assert [t.count for t in with_legal_aid(20, "county")[0].things if t.zone == "value_added"] == [1]


def test_a_zone_that_the_settings_leave_out_stays_out() -> None:
    demand, windows, _ = sized()
    settings = make_settings({"file": {"zones": {"skip": ["value_added"]}}})[0]
    aid = replace(demand.items[0], code="L1", name="法律援助申请", cases=20_000)
    more = replace(demand, items=(*demand.items, aid))
    assert with_offers(windows, items_chapter(more, chapters(), windows, settings), settings) == (windows, settings, ())
