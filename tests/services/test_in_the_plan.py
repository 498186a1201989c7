"""Chapters 7 to 9 inside a plan: terminals and things reach the programme, systems and appointments reach the windows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hallplan.chapters import Chapters, equipment_chapter, planned_demand, systems_chapter, with_machines
from hallplan.errors import SettingsError
from hallplan.model.demand import Demand
from hallplan.model.service_inputs import ItemSystem, ServiceInputs, System
from hallplan.model.windows import WindowPlan
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
