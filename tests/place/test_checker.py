"""The checker of layouts: what the building makes narrow is given, what a layout makes narrow is a fault."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shapely.affinity import rotate
from shapely.geometry import MultiPolygon, Polygon, box

from hallplan.model.layout import Aisle, Layout, PlacedZone
from hallplan.model.programme import CounterForm
from hallplan.model.site import OpeningRole, Site
from tests.builders import door, make_programme, make_site, make_zone
from tests.place.checker import _core, faults

NEW, STANDING = 1.2, 0.8


def two_rooms(neck_m: float) -> Site:
    """A hall of 20 × 10 m and a room of 10 × 10 m beside it, joined by a neck in a wall of 0.2 m."""
    hall, room = box(0, 0, 20, 10), box(20.2, 0, 30, 10)
    usable = hall.union(room).union(box(19.9, 5 - neck_m / 2, 20.3, 5 + neck_m / 2))
    site = make_site()
    main = door("D1", OpeningRole.MAIN, (9.0, 0.0), (11.0, 0.0), 90)
    floor = replace(
        site.floors[0], usable=MultiPolygon([usable]), obstacles=(), openings=(main,), outline=box(0, 0, 30, 10)
    )
    return replace(site, floors=(floor,))


def found(neck_m: float, area: Polygon, *beside: Polygon, allowed_m: float = STANDING) -> list[str]:
    """What the checker finds of visitors' ways to a zone, with store rooms beside it."""
    form = replace(make_zone("form-1", area.area), front_way_m=NEW)
    stores = [make_zone(f"records-{n}", shape.area) for n, shape in enumerate(beside)]
    programme = replace(make_programme(), zones=(form, *stores), adjacencies=(), visitors=())
    placed = tuple(
        PlacedZone(zone.id, zone.type, "F1", shape, shape.area, shape.area)
        for zone, shape in zip(programme.zones, (area, *beside), strict=True)
    )
    layout = Layout("1", "", placed, (Aisle("A1", "F1", "public", box(0, 0, 1, 1), 1.2),), 0.0, (), None, "effort")
    return [
        one for one in faults(two_rooms(neck_m), programme, layout, neck_m=allowed_m) if one.startswith("form-1 cannot")
    ]


@pytest.mark.parametrize(("neck_m", "n"), [(0.7, 1), (0.85, 0), (1.3, 0)])
def test_a_neck_of_the_building_is_given_from_a_width_on(neck_m: float, n: int) -> None:
    assert len(found(neck_m, box(25, 4, 28, 7))) == n


def test_without_leave_a_neck_of_the_building_is_a_fault() -> None:
    assert len(found(0.85, box(25, 4, 28, 7), allowed_m=99.0)) == 1


@pytest.mark.parametrize(("gap_m", "n"), [(0.9, 1), (1.25, 0)])
def test_what_a_layout_makes_narrow_stays_a_fault(gap_m: float, n: int) -> None:
    # a store across the room leaves a gap at its end, wider than a door may be
    assert len(found(0.85, box(25, 4, 28, 7), box(22, 0, 23, 10 - gap_m))) == n
    assert len(found(1.3, box(25, 4, 28, 7), box(22, 0, 23, 10 - gap_m))) == n


def test_a_zone_too_near_behind_a_door_closes_it() -> None:
    assert len(found(0.85, box(25, 4, 28, 7), box(20.8, 2, 21.5, 8))) == 1


@pytest.mark.parametrize(("gap_m", "n"), [(1.25, 0), (1.1, 1)])
def test_a_way_passes_the_end_of_a_slanted_wall_by_its_width(gap_m: float, n: int) -> None:
    # a store at 45° ends in a corner so far from the hall's south wall, the only way round it
    tip = (23.4, gap_m)
    slanted = Polygon([tip, (23.5, gap_m + 0.1), (23.5, 10), (21.6, 10), (21.6, gap_m + 1.8)])
    assert len(found(1.3, box(25, 4, 28, 7), slanted)) == n


@pytest.mark.parametrize(("inner_m", "n"), [(1.0, 0), (1.5, 0), (2.4, 1)])
def test_an_entrance_zone_lies_behind_inner_doors_where_ways_of_visitors_end_at_them(inner_m: float, n: int) -> None:
    """Before the hall is a lobby of 4 × 2 m, too small for the zone; through inner doors wide enough for a main way it is part of the hall."""
    inner = box(10 - inner_m / 2, -0.3, 10 + inner_m / 2, 0.1)
    usable = box(0, 0, 20, 10).union(box(8, -2.2, 12, -0.2)).union(inner)
    main = door("D1", OpeningRole.MAIN, (9.0, -2.2), (11.0, -2.2), 90)
    site = make_site()
    floor = replace(
        site.floors[0],
        usable=MultiPolygon([usable]),
        obstacles=(),
        openings=(main,),
        outline=usable.buffer(0.3, join_style="mitre"),
    )
    zone, area = make_zone("entrance-1", 18.0, needs=("main_door",)), box(8, 0, 12, 4.5)
    programme = replace(make_programme(), zones=(zone,), adjacencies=(), visitors=())
    placed = PlacedZone(zone.id, zone.type, "F1", area, area.area, area.area)
    layout = Layout("1", "", (placed,), (Aisle("A1", "F1", "public", box(0, 5, 20, 10), 1.8),), 0.0, (), None, "effort")
    told = faults(replace(site, floors=(floor,)), programme, layout, neck_m=STANDING)
    assert sum("is not at its door" in one for one in told) == n


@pytest.mark.parametrize("turn", range(4))
def test_a_corner_given_to_a_counter_zone_moves_no_counter(turn: int) -> None:
    # 5 × 10 m, its front in the west, and 1.3 × 1.1 m beyond its back: as wide as a way, but no room for counters
    body, arm = box(0, 0, 5, 10), box(5, 8.7, 6.1, 10)
    area = rotate(body.union(arm), 90 * turn, origin=(0, 0))
    zone = PlacedZone("window_general-1", "window_general", "F1", area, area.area, area.area, (180.0 + 90 * turn) % 360)
    assert _core(zone, make_zone("window_general-1", area.area)) == pytest.approx(
        rotate(body, 90 * turn, origin=(0, 0)).bounds
    )


@pytest.mark.parametrize("turn", range(4))
def test_counters_stand_where_they_are_deep_enough_though_floor_given_at_a_side_makes_more_of_a_shallower_one(
    turn: int,
) -> None:
    # 4.4 × 5.7 m, its front in the east, and 0.3 m of all but 0.2 m of its depth given in the north
    body = box(0, 0, 4.4, 5.7)
    area = rotate(body.union(box(0.2, 5.7, 4.4, 6.0)), 90 * turn, origin=(0, 0))
    zone = replace(make_zone("window_general-1", area.area), forms=(CounterForm("straight", 5.3, 4.3),))
    placed = PlacedZone(zone.id, zone.type, "F1", area, area.area, area.area, 90.0 * turn)
    assert _core(placed, zone) == pytest.approx(rotate(body, 90 * turn, origin=(0, 0)).bounds)
