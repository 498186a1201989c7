from __future__ import annotations

from dataclasses import replace

import pytest
from shapely.geometry import LineString, MultiPolygon, Polygon, box

from hallplan.errors import InfeasibleError, Interrupted
from hallplan.model.layout import Layout
from hallplan.model.programme import Programme
from hallplan.model.shapes import Frame
from hallplan.model.site import Floor, ObstacleKind, OpeningRole, Site, VerticalLink
from hallplan.place import place_zones
from hallplan.settings import Placement, Settings
from tests.builders import door, ell, make_programme, make_site, make_zone
from tests.place.checker import faults

QUICK = Settings(place=Placement(effort="quick"))
ONE = Settings(place=Placement(effort="quick", alternatives=1))


def _site(*floors: Floor) -> Site:
    return replace(make_site(), floors=floors)


def _floor(id: str, usable: Polygon, openings: tuple = (), links: tuple = (), level: int = 1) -> Floor:
    return Floor(
        id,
        id,
        level,
        Frame(),
        usable.buffer(0.3, join_style="mitre"),
        MultiPolygon([usable]),
        openings=openings,
        links=links,
    )


def _township() -> tuple[Site, Programme]:
    openings = (
        door("D1", OpeningRole.MAIN, (6.0, -0.15), (8.0, -0.15), 90),
        door("D2", OpeningRole.STAFF, (15.15, 8), (15.15, 9), 180),
    )
    zones = (
        make_zone("entrance-1", 10), make_zone("guide-1", 7), make_zone("wait-1", 18), make_zone("window_general-1", 20),
        make_zone("back_office-1", 14), make_zone("self_service-1", 9),
    )  # fmt: skip
    programme = replace(make_programme(), zones=zones, adjacencies=(), visitors=())
    return _site(_floor("F1", box(0, 0, 15, 10), openings)), programme


def _boxes(layouts: tuple[Layout, ...]) -> list[tuple]:
    return [
        (layout.id, layout.name, layout.score, [(z.zone, z.area.bounds) for z in layout.zones]) for layout in layouts
    ]


@pytest.fixture(scope="module")
def county() -> tuple[Layout, ...]:
    return place_zones(make_site(), make_programme(), QUICK)


def test_every_layout_of_the_county_hall_keeps_what_must_hold(county):
    for layout in county:
        assert faults(make_site(), make_programme(), layout) == []


def test_alternatives_are_three_ranked_and_named_apart(county):
    assert [layout.id for layout in county] == ["1", "2", "3"]
    assert [_breaks(layout) for layout in county] == sorted(_breaks(layout) for layout in county)
    sound = [layout.score for layout in county if not _breaks(layout)]
    assert sound == sorted(sound)
    assert len({layout.name for layout in county}) == 3


def _breaks(layout: Layout) -> bool:
    """Whether staff come onto visitors' ways or a way out is too long: such layouts rank behind all others."""
    values = {part.id: part.value for part in layout.parts}
    return values["staff_crossing_m"] > 0.5 or values["escape_over_m"] > 0.05


def test_the_score_is_the_sum_of_its_parts_and_above_its_bound(county):
    for layout in county:
        assert layout.score == pytest.approx(sum(part.cost for part in layout.parts), abs=1e-4)
        assert {"visitor_metres_per_day", "adjacency", "area_deviation_m2", "daylight_m"} <= {
            part.id for part in layout.parts
        }
        assert layout.bound is not None
        assert 0 <= layout.bound <= layout.score


def test_aisles_overlap_no_zone(county):
    for layout in county:
        assert any(aisle.network == "public" for aisle in layout.aisles)
        for aisle in layout.aisles:
            # sides are rounded to 0.1 mm: 5e-5 m along 62 m at most
            assert all(aisle.area.intersection(zone.area).area < 3.1e-3 for zone in layout.zones)


def test_a_township_station_of_150_m2_is_placed():
    site, programme = _township()
    layouts = place_zones(site, programme, ONE)
    assert all(faults(site, programme, layout) == [] for layout in layouts)


def test_the_same_seed_gives_the_same_layouts_whatever_the_jobs():
    site, programme = _township()
    assert _boxes(place_zones(site, programme, ONE, jobs=1)) == _boxes(place_zones(site, programme, ONE, jobs=2))


def test_an_l_with_a_core_is_placed():
    usable = ell(50, 36, 20, 14).difference(box(18, 16, 24, 22))
    openings = (
        door("D1", OpeningRole.MAIN, (20, -0.15), (24, -0.15), 90),
        door("D2", OpeningRole.STAFF, (-0.15, 30), (-0.15, 31.4), 0),
    )
    programme = make_programme()
    zones = tuple(z for z in programme.zones if z.id not in {"self_24h-1", "window_special-1", "wait-2"})
    programme = replace(programme, zones=zones)
    site = _site(_floor("F1", usable, openings))
    assert all(faults(site, programme, layout) == [] for layout in place_zones(site, programme, ONE))


def test_zones_keep_to_the_floors_they_may_lie_on():
    links = (VerticalLink("S1", ObstacleKind.STAIR, (35.0, 10.0)),)
    below = replace(
        _floor("F1", box(0, 0, 34, 20), (door("D1", OpeningRole.MAIN, (15, -0.15), (18, -0.15), 90),), links)
    )
    above = _floor("F2", box(0, 0, 34, 20), (), links, level=2)
    programme = make_programme()
    upper = {"back_office-1", "records-1", "staff_support-1", "equipment_rooms-1", "value_added-1"}
    zones = tuple(
        replace(
            z, floors=("F2",) if z.id in upper else ("F1",), needs=tuple(n for n in z.needs if n != "self_24h_door")
        )
        for z in programme.zones
        if z.id not in {"window_special-1", "wait-2", "self_24h-1"}
    )
    layouts = place_zones(_site(below, above), replace(programme, zones=zones), ONE)
    for layout in layouts:
        assert {zone.zone for zone in layout.zones if zone.floor == "F2"} == upper


def test_a_room_behind_a_narrow_door_is_reached_through_it():
    wall = box(14.8, 0, 15, 10).difference(box(14.8, 4.5, 15, 5.5))
    openings = (
        door("D1", OpeningRole.MAIN, (6.0, -0.15), (8.0, -0.15), 90),
        replace(door("D2", OpeningRole.ROOM, (14.9, 4.5), (14.9, 5.5), 0), is_exterior=False),
    )
    site = _site(_floor("F1", box(0, 0, 21, 10).difference(wall), openings))
    _, programme = _township()
    layout = place_zones(site, replace(programme, zones=(*programme.zones, make_zone("records-1", 16))), ONE)[0]
    assert len(layout.zones) == 7
    assert all(zone.area.intersection(wall).area < 1e-6 for zone in layout.zones)


def test_a_hall_that_is_too_small_says_which_zones_have_no_place():
    site, programme = _township()
    with pytest.raises(InfeasibleError, match="等候"):
        place_zones(site, replace(programme, zones=(*programme.zones[:2], make_zone("wait-1", 180))), ONE)


def test_stopping_returns_the_best_so_far_and_says_so():
    site, programme = _township()
    calls = iter([None] * 20)
    layouts = place_zones(site, programme, ONE, stop=lambda: next(calls, "interrupt"), jobs=1)
    assert {layout.stopped_by for layout in layouts} == {"interrupt"}


def test_stopping_before_the_first_layout_says_that_none_is_there_yet():
    site, programme = _township()
    tight = replace(programme, zones=(*programme.zones[:2], make_zone("wait-1", 180)))
    with pytest.raises(Interrupted, match="第一个"):
        place_zones(site, tight, ONE, stop=lambda: "interrupt", jobs=1)
    with pytest.raises(InfeasibleError, match="--seconds"):
        place_zones(site, tight, Settings(place=Placement(effort="quick", seconds=1e-9)), jobs=1)


def test_a_programme_without_walls_glazing_or_wishes_is_placed_on_lines():
    usable = box(0, 0, 20, 12)
    floor = replace(
        _floor("F1", usable, (door("D1", OpeningRole.MAIN, (9, -0.15), (11, -0.15), 90),)),
        glazing=(LineString([(0, 12), (20, 12)]),),
    )
    programme = replace(
        make_programme(), zones=(make_zone("entrance-1", 10), make_zone("wait-1", 24)), adjacencies=(), visitors=()
    )
    assert faults(_site(floor), programme, place_zones(_site(floor), programme, ONE)[0]) == []
