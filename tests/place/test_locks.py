"""Zones that the user locks: they lie where they were locked, with a front, and ways come to them as to all others."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import union_all
from shapely.geometry import MultiPolygon, Polygon, box

from hallplan.model.layout import Layout, PlacedZone
from hallplan.model.programme import Programme, Zone
from hallplan.model.site import Site
from hallplan.place import place_zones, standing_locks
from hallplan.place.fitting import fitted_task
from hallplan.place.reasons import no_layout
from hallplan.place.search import Clock, Start, empty_state, never
from hallplan.settings import Placement, Settings
from tests.builders import make_zone
from tests.place.checker import faults
from tests.place.test_aisles import counters
from tests.place.test_bad_input import hall, programme

QUICK = Settings(place=Placement(effort="quick", alternatives=1))
OTHERS = (make_zone("entrance-1", 8.0), make_zone("wait-1", 30.0), make_zone("back_office-1", 20.0))


def lock(zone: Zone, area: Polygon) -> Zone:
    """The zone locked to an area, as the programme has it."""
    m2 = area.area
    return replace(zone, fixed_area=area, fixed_floor="F1", min_m2=m2, target_m2=m2, max_m2=m2)


def placed(site: Site, wanted: Programme) -> tuple[Layout, dict[str, PlacedZone]]:
    """The best layout of a quick search, in which locked zones keep all that holds for others, and its zones."""
    (layout,) = place_zones(site, wanted, QUICK)
    as_others = replace(layout, zones=tuple(replace(zone, is_fixed=False) for zone in layout.zones))
    sizes = {zone.id: zone for zone in wanted.zones}
    for zone in layout.zones:
        if zone.is_fixed:
            mine = {"min_m2": zone.area.area - 0.05, "max_m2": zone.area.area + 0.05, "min_side_m": 0.1}
            sizes[zone.zone] = replace(sizes[zone.zone], max_aspect=99.0, **mine)
    assert faults(site, replace(wanted, zones=tuple(sizes.values())), as_others) == []
    return layout, {zone.zone: zone for zone in layout.zones}


@pytest.mark.parametrize(("area", "front_deg"), [
    (box(11.37, 2.03, 17.11, 7.19), None),
    (box(0.0, 7.41, 9.13, 12.0), 270.0),
    (box(14.4, 7.53, 20.0, 12.0), 270.0),
])  # fmt: skip
def test_locked_counters_lie_where_they_were_locked_and_face_a_way(area: Polygon, front_deg: float | None) -> None:
    wanted = programme(*OTHERS, lock(counters("window_general-1", 25.0), area))
    _, zones = placed(hall(20, 12), wanted)
    locked = zones["window_general-1"]
    assert locked.is_fixed
    assert locked.area.symmetric_difference(area).area < 1e-6
    assert locked.form == "straight"
    assert locked.front_deg == front_deg if front_deg is not None else locked.front_deg is not None
    assert all(zone.area.intersection(area).area < 1e-6 for id, zone in zones.items() if id != "window_general-1")


def test_ways_come_to_a_locked_waiting_area() -> None:
    """It is locked in the far corner, where a large store would lie best if nobody had to come there."""
    corner = box(0, 9, 4, 12)
    wanted = programme(OTHERS[0], make_zone("back_office-1", 90.0), lock(make_zone("wait-1", 12.0), corner))
    _, zones = placed(hall(20, 12), wanted)
    assert zones["wait-1"].area.bounds == pytest.approx((0, 9, 4, 12))


def test_a_lock_that_reaches_into_a_wall_ends_there() -> None:
    site = hall(20, 12)
    drawn = site.floors[0].free_part(box(-0.2, 7.0, 6.0, 12.25))
    wanted = programme(*OTHERS, lock(counters("window_general-1", 25.0), drawn))
    _, zones = placed(site, wanted)
    locked = zones["window_general-1"]
    assert locked.area.bounds == pytest.approx((0.0, 7.0, 6.0, 12.0))
    assert locked.area_m2 == pytest.approx(30.0, abs=0.01)
    assert locked.front_deg is not None


@settings(max_examples=12, deadline=None)
@given(st.floats(0.0, 13.0), st.floats(3.1, 7.0), st.booleans())
def test_a_zone_locked_anywhere_lies_there_to_the_tenth_of_a_millimetre(x: float, y: float, is_upright: bool) -> None:
    width, depth = (4.6, 5.0) if is_upright else (6.5, 4.1)
    area = box(x, y, x + width, y + depth)
    wanted = programme(make_zone("entrance-1", 8.0), lock(counters("window_general-1", 25.0), area))
    task = fitted_task(hall(20, 12.5), wanted, QUICK)
    if task.specs[1].lock is None:
        return
    _, zones = placed(hall(20, 12.5), wanted)
    assert zones["window_general-1"].area.bounds == pytest.approx(area.bounds, abs=1e-4)


def test_a_lock_along_pilasters_takes_in_the_floor_between_them() -> None:
    """Two pilasters of 0.2 m stand out of the north wall, as in most halls whose columns are in the walls."""
    usable = box(0, 0, 20, 12).difference(union_all([box(2, 11.8, 2.4, 12), box(5, 11.8, 5.4, 12)]))
    bare = hall(20, 12)
    site = replace(bare, floors=(replace(bare.floors[0], usable=MultiPolygon([usable])),))
    area = site.floors[0].free_part(box(1.0, 7.03, 7.5, 12.1))
    _, zones = placed(site, programme(*OTHERS, lock(counters("window_general-1", 25.0), area)))
    locked = zones["window_general-1"]
    assert locked.front_deg is not None
    assert locked.area.symmetric_difference(area.intersection(usable)).area < 1e-3


@pytest.mark.parametrize("area", [
    Polygon([(0, 6), (9, 6), (9, 9), (3, 9), (3, 12), (0, 12)]),
    Polygon([(2, 6), (8, 8), (6, 12), (0, 10)]),
    box(1, 7, 8, 12).difference(box(1, 7, 1.4, 7.45)),
])  # fmt: skip
def test_a_lock_that_is_no_rectangle_stays_as_it_was_drawn(area: Polygon) -> None:
    wanted = programme(*OTHERS, lock(counters("window_general-1", 25.0), area))
    (layout,) = place_zones(hall(20, 12), wanted, QUICK)
    locked = next(zone for zone in layout.zones if zone.zone == "window_general-1")
    assert locked.area.equals(area)
    assert locked.is_fixed
    assert standing_locks(wanted, layout) == (wanted.zone("window_general-1").name,)


def test_counters_locked_where_nobody_can_come_to_them_stay_an_obstacle() -> None:
    """They fill a bay from wall to wall but for half a metre: no way comes to any side of them."""
    bay = hall(20, 12)
    lane = lock(counters("window_general-1", 25.0), box(0.5, 0.5, 19.5, 11.5))
    task = fitted_task(bay, programme(lane), QUICK)
    assert task.specs[0].lock is None
    assert task.specs[0].zone.fixed_area is not None


def test_a_lock_that_others_shut_in_stays_an_obstacle() -> None:
    inner = lock(make_zone("wait-1", 20.0), box(0, 8, 5, 12))
    below, beside = (
        lock(make_zone(f"back_office-{n}", 30.0), area)
        for n, area in enumerate((box(0, 4, 8, 7.9), box(5.1, 7.9, 8, 12)), 1)
    )
    wanted = programme(make_zone("entrance-1", 8.0), inner, below, beside)
    task = fitted_task(hall(20, 12), wanted, QUICK)
    assert [spec.lock is None for spec in task.specs] == [True, True, False, False]
    (layout,) = place_zones(hall(20, 12), wanted, QUICK)
    assert len({zone.zone for zone in layout.zones if zone.is_fixed}) == 3


def test_a_lock_told_after_a_first_layout_moves_that_zone_and_little_else() -> None:
    site, wanted = hall(20, 12), programme(*OTHERS, counters("window_general-1", 25.0))
    (first,) = place_zones(site, wanted, QUICK)
    before = {zone.zone: zone.area for zone in first.zones}
    x0, y0, x1, y1 = before["wait-1"].bounds
    area = box(x0 + 0.013, y0 + 0.011, x1, y1)
    told = replace(wanted, zones=tuple(lock(zone, area) if zone.id == "wait-1" else zone for zone in wanted.zones))
    (layout,) = place_zones(site, told, QUICK, start=first)
    zones = {zone.zone: zone for zone in layout.zones}
    assert zones["wait-1"].area.bounds == pytest.approx(area.bounds, abs=1e-4)
    assert {id for id, zone in zones.items() if not zone.area.equals(before[id])} == {"wait-1"}
    (again,) = place_zones(site, told, QUICK, start=layout)
    assert [zone.area.bounds for zone in again.zones] == [zone.area.bounds for zone in layout.zones]


def test_a_plan_is_gone_on_with_from_another_after_counters_are_locked_elsewhere() -> None:
    """On lines along the old places no way was seen before the new one."""
    site, wanted = hall(20, 12), programme(*OTHERS, counters("window_general-1", 25.0))
    (first,) = place_zones(site, wanted, QUICK)
    for area in (box(1.113, 6.787, 7.613, 11.087), box(9.413, 7.137, 15.913, 11.437)):
        told = replace(wanted, zones=tuple(lock(z, area) if z.forms else z for z in wanted.zones))
        (layout,) = place_zones(site, told, QUICK, start=first)
        zones = {zone.zone: zone for zone in layout.zones}
        assert zones["window_general-1"].area.bounds == pytest.approx(area.bounds, abs=1e-4)
        assert zones["window_general-1"].front_deg is not None
        assert "-" not in layout.name


def test_counters_locked_side_by_side_along_a_wall_let_staff_through_behind_one_another() -> None:
    """Their backs to the south wall, the staff door far in the east: staff come to the western ones behind the others alone."""
    left, right = box(0.0, 0.0, 8.0, 5.0), box(8.0, 0.0, 16.0, 5.0)
    site = hall(30, 12)
    north = replace(site.floors[0].openings[0], at=(24.0, 12.15), inward_deg=270.0)
    site = replace(site, floors=(replace(site.floors[0], openings=(north, *site.floors[0].openings[1:])),))
    wanted = programme(
        make_zone("entrance-1", 8.0),
        *(lock(counters(f"window_general-{n}", 40.0), area) for n, area in ((1, left), (2, right))),
    )
    task = fitted_task(site, wanted, QUICK)
    assert [spec.lock is not None for spec in task.specs] == [False, True, True]


def test_a_locked_zone_that_was_left_out_is_not_told_to_be_smaller() -> None:
    """What helps a zone is a smaller area, what helps a locked one another place."""
    wanted = programme(*OTHERS, lock(make_zone("wait-2", 12.0), box(0, 8, 4, 11)))
    task = fitted_task(hall(20, 12), wanted, QUICK)
    start = Start()
    start.keep(1.0, empty_state(task, 0))
    remedies = {fault.where: fault.remedy for fault in no_layout(task, [start], Clock(never)).faults}
    assert "[place.locked]" in remedies["wait-2"]
    assert "area_m2" in remedies["wait-1"]
