"""Zones and their areas for hand-made halls."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, box

from hallplan.errors import InfeasibleError, SettingsError
from hallplan.model.programme import Need, Programme
from hallplan.model.shapes import Frame
from hallplan.model.site import Obstacle, ObstacleKind, OpeningRole, Site
from hallplan.model.windows import ServiceWindow, Thing, WindowPlan
from hallplan.programme import size_zones
from hallplan.settings import Settings, make_settings
from tests.builders import HALF_HOURS, door, make_demand, make_site, make_type, make_windows


def configured(**sections: dict[str, object]) -> Settings:
    return make_settings({"test": sections})[0]


def bare_site(
    width: float, depth: float, roles: tuple[OpeningRole, ...] = (OpeningRole.MAIN,), floors: int = 1
) -> Site:
    """Empty rectangles, doors on the south side of the first floor."""
    doors = tuple(door(f"D{n}", role, (2 + 3 * n, 0), (3.5 + 3 * n, 0), 90) for n, role in enumerate(roles))
    one = replace(
        make_site().floors[0], outline=box(0, 0, width, depth), usable=MultiPolygon([box(0, 0, width, depth)]),
        obstacles=(), openings=doors, glazing=(),
    )  # fmt: skip
    upper = [replace(one, id=f"F{n}", name=f"{n}层", level=n, openings=()) for n in range(2, floors + 1)]
    return replace(make_site(), floors=(one, *upper))


def windows_of(general: int, special: int = 0, waiting: int = 0) -> WindowPlan:
    kinds = [make_type("general", "综合窗口", "window_general", general, waiting_p95=waiting, reviewers=general // 3)]
    if special:
        kinds.append(make_type("tax", "税务窗口", "window_special", special, sub_type="税务", reviewers=0))
    plates = [
        ServiceWindow(f"{letter}{n:02d}", kind.name, kind.id, "", 1, 20.0, ((540, 720),), is_low=n == 1)
        for letter, kind in zip("AB", kinds, strict=False)
        for n in range(1, kind.windows + 1)
    ]
    return WindowPlan(
        tuple(kinds), tuple(plates), HALF_HOURS, 0.8, 15.0, 50.0, 50.0, 300.0, 20.0, kinds[0].windows // 3
    )


@pytest.fixture(scope="module")
def county() -> Programme:
    return size_zones(make_site(), make_demand(), make_windows(), Settings())


def test_every_zone_is_within_its_limits_and_all_fit(county):
    for zone in county.zones:
        assert zone.min_m2 <= zone.target_m2 <= zone.max_m2, zone.id
    charged = sum(zone.target_m2 for zone in county.zones if zone.type != "toilet")
    assert charged + county.circulation_m2 <= county.free_m2 + 0.1


def test_each_window_stands_in_exactly_one_zone(county):
    placed = [window for zone in county.zones for window in zone.windows]
    assert sorted(placed) == sorted(window.id for window in make_windows().windows)


def test_a_line_longer_than_twelve_is_cut_into_even_zones(county):
    lines = [zone.windows for zone in county.zones if zone.type == "window_general"]
    assert [len(line) for line in lines] == [9, 9]
    assert lines[0][0] == "A01"
    assert lines[1][-1] == "A18"


def test_the_straight_form_is_as_long_as_its_windows(county):
    form = county.zone("window_general-2").forms[0]
    # nine windows at 1.6 m and a staff passage of 1.0 m; depth 0.45 + 1.2 + 1.05 + 0.7 + 0.9
    assert (form.name, form.front_m, form.depth_m) == ("straight", pytest.approx(15.4), pytest.approx(4.3))


def test_every_counter_form_fits_the_largest_size(county):
    for zone in county.zones:
        for form in zone.forms:
            assert form.front_m * form.depth_m <= zone.max_m2 + 0.5, (zone.id, form)


def test_seats_equal_the_people_who_wait(county):
    chairs = sum(part.count for zone in county.zones for part in zone.holdings if part.kind == "chair")
    assert chairs == sum(kind.waiting_p95 for kind in make_windows().types)


def test_each_waiting_zone_has_a_wheelchair_place(county):
    for zone in county.zones:
        if zone.type == "wait":
            assert any(part.kind == "wheelchair_place" and part.count >= 1 for part in zone.holdings)


def test_the_cases_of_all_counters_ask_for_all_desks(county):
    desks = sum(
        h.count for zone in county.zones if zone.type == "back_office" for h in zone.holdings if h.kind == "desk"
    )
    loads = [zone.reviewers for zone in county.zones if zone.windows]
    assert desks - 3 < sum(loads) <= desks + 0.01 * len(loads)
    assert not any(zone.reviewers for zone in county.zones if not zone.windows)


def test_back_offices_have_a_desk_for_each_reviewer(county):
    desks = sum(
        part.count
        for zone in county.zones
        for part in zone.holdings
        if part.kind == "desk" and zone.type == "back_office"
    )
    assert desks == sum(kind.reviewers for kind in make_windows().types)


def test_a_kiosk_group_has_one_low_unit(county):
    held = {part.kind: part.count for part in county.zone("self_service-1").holdings}
    night = {part.kind: part.count for part in county.zone("self_24h-1").holdings}
    assert held["kiosk_low"] == night["kiosk_low"] == 1
    assert held["kiosk"] + night["kiosk"] + 2 == make_windows().kiosks


def test_toilets_of_the_drawing_are_fixed_and_not_planned_again(county):
    toilets = [zone for zone in county.zones if zone.type == "toilet"]
    assert [zone.fixed_floor for zone in toilets] == ["F1"]
    assert toilets[0].fixed_area is not None


def test_visitors_go_to_the_drawn_toilet_that_they_come_to_soonest():
    """The first is far from the door, the second behind a wall of 1 m all round, the third beside free ground."""
    shut, places = box(7, 0, 13, 5), [box(50, 15, 55, 20), box(8, 0, 12, 4), box(20, 0, 24, 4)]
    rooms = tuple(Obstacle(f"T{n}", ObstacleKind.TOILET, area) for n, area in enumerate(places, 1))
    site = bare_site(60, 20)
    floor = site.floors[0]
    free = shapely.difference(floor.outline, shapely.union_all([*places, shut]))
    floor = replace(floor, obstacles=rooms, usable=MultiPolygon([free]))
    programme = size_zones(replace(site, floors=(floor,)), make_demand(), make_windows(), Settings())
    walks = {kind.chain[1] for kind in programme.visitors if kind.chain[1].startswith("toilet")}
    assert [programme.zone(zone).fixed_area.bounds for zone in walks] == [(20, 0, 24, 4)]


def test_a_hall_without_toilets_plans_them():
    programme = size_zones(bare_site(60, 27), make_demand(), make_windows(), Settings())
    assert programme.zone("toilet-1").fixed_area is None


def test_police_windows_bring_their_photo_room(county):
    room = next(zone for zone in county.zones if zone.name == "采集/照相室")
    assert room.is_enclosed
    assert any(
        {room.id, "window_special-1"} == {wish.zone_a, wish.zone_b} and wish.weight == 3 for wish in county.adjacencies
    )


def test_a_24_hour_zone_without_its_door_wants_the_facade(county):
    assert Need.H24_DOOR in county.zone("self_24h-1").needs
    programme = size_zones(bare_site(60, 27), make_demand(), make_windows(), Settings())
    assert Need.FACADE in programme.zone("self_24h-1").needs
    assert any("24" in warning for warning in programme.warnings)


def test_a_far_larger_floor_is_kept_in_reserve():
    small = size_zones(bare_site(60, 27), make_demand(), make_windows(), Settings())
    large = size_zones(bare_site(100, 42), make_demand(), make_windows(), Settings())
    assert [zone.target_m2 for zone in small.zones] == [zone.target_m2 for zone in large.zones]
    assert "富余" in large.prices[0]
    assert large.fill < 0.4


def test_prices_say_where_more_area_would_go_when_the_hall_is_tight():
    programme = size_zones(bare_site(45, 24), make_demand(), make_windows(), Settings())
    assert programme.prices[0].startswith("再增加")
    assert max(zone.price for zone in programme.zones) > 0


def test_a_small_hall_joins_zones_before_it_gives_up():
    programme = size_zones(bare_site(42, 22), make_demand(), make_windows(), Settings())
    assert "ticket" not in {zone.type for zone in programme.zones}
    assert any(part.kind == "queue_machine_low" for part in programme.zone("guide-1").holdings)
    assert programme.warnings


def test_a_township_station_of_150_m2_fits_its_four_windows():
    settings = configured(project={"level": "township", "security": "none"})
    programme = size_zones(bare_site(15, 10), make_demand(), windows_of(4, waiting=9), settings)
    types = {zone.type for zone in programme.zones}
    assert {"guide", "wait", "window_general", "self_service", "complaint", "back_office"} <= types


@pytest.mark.parametrize("level", ["township", "county", "city"])
def test_no_zone_may_have_less_than_a_square_of_its_least_side(level):
    settings = configured(project={"level": level})
    programme = size_zones(bare_site(60, 40), make_demand(), windows_of(4, waiting=9), settings)
    assert "entrance" in {zone.type for zone in programme.zones}
    for zone in programme.zones:
        assert zone.max_m2 >= zone.min_side_m**2 - 0.01, zone.id


def test_a_hall_too_small_says_what_would_do():
    with pytest.raises(InfeasibleError) as caught:
        size_zones(bare_site(38, 20), make_demand(), make_windows(), Settings())
    fault = caught.value.faults[0]
    assert caught.value.exit_code == 4
    assert "差 116 m²" in fault.found
    assert "等候休息区" in fault.expected
    assert "座" in fault.remedy


def test_the_remedy_is_enough():
    """With the seats, desks and aisles that the message names given up, the same hall fits."""
    relaxed = configured(zones={"seats_share": 0.5, "wait_area_per_person_m2": 1.2, "circulation_share": 0.15})
    kinds = tuple(replace(kind, reviewers=0) for kind in make_windows().types)
    assert size_zones(bare_site(38, 20), make_demand(), replace(make_windows(), types=kinds), relaxed)


def test_areas_and_zones_of_the_user_win():
    settings = configured(zones={"area_m2": {"records": 50.0}, "skip": ["meeting"], "add": ["media"]})
    programme = size_zones(make_site(), make_demand(), make_windows(), settings)
    assert programme.zone("records-1").target_m2 == pytest.approx(50)
    assert "media-1" in {zone.id for zone in programme.zones}
    assert "洽谈室" not in {zone.name for zone in programme.zones}


def test_a_locked_zone_lies_where_it_was_locked():
    frame = Frame(unit=make_site().unit, origin_m=(100.0, 50.0))
    drawn = frame.to_drawing(box(10, 5, 20, 12)).bounds
    programme = size_zones(
        make_site(), make_demand(), make_windows(), configured(place={"locked": {"wait-1": list(drawn)}})
    )
    zone = programme.zone("wait-1")
    assert zone.fixed_area is not None
    assert zone.fixed_area.bounds == pytest.approx((10, 5, 20, 12))
    assert zone.target_m2 == pytest.approx(70 - 0.36)  # a column of 0.6 m stands in it


def test_locks_end_at_walls_and_at_one_another():
    """One reaches 0.2 m into the outer wall, another 2 mm into the first."""
    wall = make_site().floors[0].usable.bounds
    locked = {"guide-1": drawn(wall[0] - 0.2, 12, 6, 15), "wait-1": drawn(5.998, 12, 14, 18)}
    programme = size_zones(make_site(), make_demand(), make_windows(), configured(place={"locked": locked}))
    guide, wait = (programme.zone(id).fixed_area for id in ("guide-1", "wait-1"))
    assert guide.bounds == pytest.approx((wall[0], 12, 6, 15))
    assert wait.intersection(guide).area < 1e-9


def test_a_lock_of_no_zone_is_refused():
    with pytest.raises(SettingsError):
        size_zones(make_site(), make_demand(), make_windows(), configured(place={"locked": {"garden": [0, 0, 1, 1]}}))


def drawn(x0: float, y0: float, x1: float, y1: float) -> list[float]:
    """Returns a rectangle of the hand-made hall in the units of its drawing."""
    return list(Frame(unit=make_site().unit, origin_m=(100.0, 50.0)).to_drawing(box(x0, y0, x1, y1)).bounds)


def test_locks_that_lie_on_one_another_are_named():
    locked = {"wait-1": drawn(10, 5, 20, 12), "guide-1": drawn(18, 10, 24, 14)}
    with pytest.raises(SettingsError, match="guide-1, wait-1") as raised:
        size_zones(make_site(), make_demand(), make_windows(), configured(place={"locked": locked}))
    assert "4.0 m²" in str(raised.value)  # (20 - 18) × (12 - 10)


def test_a_lock_before_the_main_entrance_is_refused():
    """The entrance D1 is at 28 to 32.4 m on the south side."""
    with pytest.raises(SettingsError, match="D1"):
        size_zones(
            make_site(), make_demand(), make_windows(), configured(place={"locked": {"wait-1": drawn(27, 0.3, 36, 8)}})
        )


def test_a_staff_zone_may_be_locked_at_the_staff_door():
    """The staff door D4 is at 57.4 to 59 m on the north side."""
    locked = {"back_office": drawn(55, 20, 61, 26.7)}
    programme = size_zones(make_site(), make_demand(), make_windows(), configured(place={"locked": locked}))
    assert any(zone.type == "back_office" and zone.fixed_area is not None for zone in programme.zones)
    with pytest.raises(SettingsError, match="D4"):
        size_zones(
            make_site(),
            make_demand(),
            make_windows(),
            configured(place={"locked": {"wait-1": drawn(55, 20, 61, 26.7)}}),
        )


def test_two_floors_are_used_when_one_is_too_small_and_each_fits():
    settings = configured(project={"level": "city"})
    site = bare_site(38, 20, floors=2)
    programme = size_zones(site, make_demand(), make_windows(), settings)
    by_floor = {id: sum(z.target_m2 for z in programme.zones if z.floors == (id,)) for id in ("F1", "F2")}
    assert all(0 < area <= 0.75 * 760 + 0.1 for area in by_floor.values())
    ground = {zone.type for zone in programme.zones if zone.floors == ("F1",)}
    assert {"entrance", "guide", "self_24h"} <= ground
    assert "guide" in {zone.type for zone in programme.zones if zone.floors == ("F2",)}


def test_an_upper_floor_has_its_share_of_what_chapter_8_counted() -> None:
    windows = replace(make_windows(), things=(Thing("info_screen", "guide", 6, 1.9), Thing("robot", "guide", 1, 1.2)))
    site = bare_site(38, 20, floors=2)
    programme = size_zones(site, make_demand(), windows, configured(project={"level": "city"}))
    held = {(z.floors[0], h.kind): h.count for z in programme.zones if z.type == "guide" for h in z.holdings}
    assert (held["F1", "info_screen"], held["F2", "info_screen"]) == (6, 2)


def test_windows_wait_and_are_reviewed_on_their_own_floor():
    programme = size_zones(
        bare_site(38, 20, floors=2), make_demand(), make_windows(), configured(project={"level": "city"})
    )
    floors = {zone.id: zone.floors for zone in programme.zones}
    for kind in programme.visitors:
        seated = [id for id in kind.chain if id.startswith(("wait", "window_"))]
        assert len({floors[id] for id in seated}) <= 1, kind


def test_those_who_come_up_to_windows_pass_the_guidance_of_that_floor_first():
    programme = size_zones(
        bare_site(38, 20, floors=2), make_demand(), make_windows(), configured(project={"level": "city"})
    )
    floors = {zone.id: zone.floors for zone in programme.zones}
    at_windows = [
        kind for kind in programme.visitors if kind.network != "staff" and kind.chain[-2].startswith("window_")
    ]
    upstairs = [kind for kind in at_windows if floors[kind.chain[-2]] == ("F2",)]
    assert upstairs
    for kind in at_windows:
        above = [step for step in kind.chain[1:-1] if floors[step] == ("F2",)]
        assert above[:1] == (["guide-2"] if kind in upstairs else []), kind


def test_windows_of_one_specialist_type_wait_together():
    programme = size_zones(bare_site(100, 60), make_demand(), windows_of(30, 20, 40), Settings())
    waits = {kind.chain[-3] for kind in programme.visitors if kind.id.startswith("special")}
    assert len(waits) == 1


def test_no_waiting_zone_serves_more_windows_than_see_its_screen():
    programme = size_zones(bare_site(100, 60), make_demand(), windows_of(60, 0, 10), Settings())
    assert len([zone for zone in programme.zones if zone.type == "wait"]) == 3


def test_a_drawn_power_room_is_no_computer_room():
    site = make_site()
    power = Obstacle("P1", ObstacleKind.PLANT, box(50, 20, 55, 25), name="配电间")
    floor = replace(site.floors[0], obstacles=(*site.floors[0].obstacles, power))
    programme = size_zones(replace(site, floors=(floor,)), make_demand(), make_windows(), Settings())
    rooms = [zone for zone in programme.zones if zone.type == "equipment_rooms"]
    assert [zone.fixed_area is None for zone in rooms] == [True, False]


def test_visitors_walk_zones_that_there_are(county):
    ids = {zone.id for zone in county.zones}
    for kind in county.visitors:
        assert all(step in ids or step.startswith("door:") for step in kind.chain), kind
    few = ("general", "agent", "pram", "blind")
    assert sum(kind.per_day for kind in county.visitors if kind.id.startswith(few)) == pytest.approx(280, abs=0.02)


def test_agents_go_on_to_other_windows_and_half_hours_add_up_to_the_day(county):
    agent = next(kind for kind in county.visitors if kind.id == "agent")
    assert sum(step.startswith("window_") for step in agent.chain) == 2
    for kind in county.visitors:
        if kind.network != "staff":
            assert sum(kind.per_half_hour) == pytest.approx(kind.per_day, abs=0.3), kind


def test_the_blind_are_led_to_the_desk_and_prams_need_step_free_ways(county):
    kinds = {kind.id: kind for kind in county.visitors}
    assert (kinds["blind"].network, kinds["blind"].eye) == ("access", "none")
    assert (kinds["pram"].network, kinds["pram"].eye) == ("access", "standing")


def test_wishes_name_zones_that_there_are(county):
    ids = {zone.id for zone in county.zones}
    assert all(wish.zone_a in ids and wish.zone_b in ids for wish in county.adjacencies)


def test_the_users_wishes_win():
    settings = configured(place={"together": [["pickup", "child"]], "apart": [["wait-1", "guide"]]})
    wishes = {
        (w.zone_a, w.zone_b): w.weight
        for w in size_zones(make_site(), make_demand(), make_windows(), settings).adjacencies
    }
    assert wishes["child-1", "pickup-1"] == 12
    assert wishes["guide-1", "wait-1"] == -12


@hypothesis_settings(max_examples=15, deadline=None)
@given(st.integers(2, 20), st.integers(0, 60), st.integers(0, 10))
def test_more_demand_never_needs_less_area(general, waiting, special):
    def total(plan: WindowPlan) -> float:
        return sum(zone.target_m2 for zone in size_zones(bare_site(100, 60), make_demand(), plan, Settings()).zones)

    assert total(windows_of(general, special, waiting)) <= total(windows_of(general + 2, special, waiting + 10)) + 1e-6


@hypothesis_settings(max_examples=15, deadline=None)
@given(st.integers(34, 70), st.integers(24, 40))
def test_areas_fit_any_hall_they_are_made_for(width, depth):
    try:
        programme = size_zones(bare_site(width, depth), make_demand(), make_windows(), Settings())
    except InfeasibleError:
        return
    assert all(zone.min_m2 <= zone.target_m2 <= zone.max_m2 for zone in programme.zones)
    assert sum(zone.target_m2 for zone in programme.zones) + programme.circulation_m2 <= width * depth + 0.2


def test_the_same_inputs_give_the_same_programme():
    first, second = (size_zones(make_site(), make_demand(), make_windows(), Settings()) for _ in range(2))
    assert first == second
