"""Several entrances: what is come to from one is come to from all; an entrance zone behind a lobby that is too small for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shapely.geometry import MultiPolygon, Polygon, box

from hallplan.model.layout import Aisle, Layout, PlacedZone
from hallplan.model.programme import CounterForm, Need, Programme, Zone
from hallplan.model.site import OpeningRole, Site
from hallplan.place import place_zones
from hallplan.place.fitting import loosened
from hallplan.place.kernels import EAST
from hallplan.place.search import eased
from hallplan.place.standing import is_whole, standing
from hallplan.place.state import State, reached
from hallplan.place.task import Task, make_task
from hallplan.place.weights import score_weights
from hallplan.settings import Placement, Settings
from tests.builders import door, make_programme, make_zone
from tests.place.checker import faults
from tests.place.test_place import _floor, _site

STEP_M = 0.6
"""The lines of the grid lie at most so far apart."""


def programme(*zones: Zone) -> Programme:
    return replace(make_programme(), zones=zones, adjacencies=(), visitors=())


def two_doors() -> Site:
    """A hall of 20 × 8 m with an entrance at either end of its south side."""
    doors = (
        door("D1", OpeningRole.MAIN, (1.5, -0.15), (3.5, -0.15), 90),
        door("D2", OpeningRole.MAIN, (16.6, -0.15), (18.4, -0.15), 90),
    )
    return _site(_floor("F1", box(0, 0, 20, 8), doors))


def with_store(gap_m: float) -> State:
    """A store across the hall between its entrances, which leaves a gap before the north wall."""
    store = replace(make_zone("records-1", 20.0), side="public", max_m2=60.0, max_aspect=9.0, min_side_m=1.0)
    task = make_task(two_doors(), programme(store), score_weights(Settings()), [], [])
    grid, state = task.grids[0], State.empty(task)
    i0, i1 = (int(abs(grid.xs - x).argmin()) for x in (9.0, 12.0))
    state.put(0, 0, (i0, 0, i1, int(abs(grid.ys - (8.0 - gap_m)).argmin())), -1)
    return state


@pytest.mark.parametrize(("gap_m", "is_joined"), [(2.4, True), (1.5, False), (0.6, False)])
def test_entrances_that_the_empty_floor_joins_stay_joined(gap_m: float, is_joined: bool) -> None:
    # ways are 1.2 and 1.8 m wide: a gap of 1.5 m joins them by narrow ways only
    state = with_store(gap_m)
    assert standing(state, 0).is_open is is_joined
    assert is_whole(state, 0) is is_joined
    assert (reached(state, 0) is not None) is is_joined


@pytest.mark.parametrize(("gap_m", "n"), [(2.4, 0), (0.6, 1)])
def test_the_checker_asks_for_a_way_from_every_entrance(gap_m: float, n: int) -> None:
    store, form = make_zone("records-1", 1.0), replace(make_zone("form-1", 4.0), front_way_m=1.2)
    areas = (box(9, 0, 12, 8 - gap_m), box(14, 6, 16, 8))
    placed = tuple(
        PlacedZone(zone.id, zone.type, "F1", area, area.area, area.area)
        for zone, area in zip((store, form), areas, strict=True)
    )
    layout = Layout("1", "", placed, (Aisle("A1", "F1", "public", box(0, 0, 1, 1), 1.2),), 0.0, (), None, "effort")
    wrong = faults(two_doors(), programme(store, form), layout)
    assert [one for one in wrong if one.startswith("form-1 cannot")] == [
        "form-1 cannot be reached by a way of 1.2 m from ['D1']"
    ] * n


def test_entrances_of_rooms_that_are_apart_are_not_joined() -> None:
    site = two_doors()
    apart = MultiPolygon([box(0, 0, 9, 8), box(11, 0, 20, 8)])
    site = replace(site, floors=(replace(site.floors[0], usable=apart),))
    task = make_task(site, programme(make_zone("form-1", 8.0)), score_weights(Settings()), [], [])
    assert set(task.grids[0].leads.values()) == {(0, 1)}
    assert is_whole(State.empty(task), 0)


def abreast(*west_m: float) -> Site:
    """A hall of 30 × 12 m with entrances of 1.8 m in its south side, the west jambs of which lie there."""
    doors = (door(f"D{n}", OpeningRole.MAIN, (x, -0.15), (x + 1.8, -0.15), 90) for n, x in enumerate(west_m, 1))
    return _site(_floor("F1", box(0, 0, 30, 12), tuple(doors)))


@pytest.mark.parametrize(
    ("west_m", "within"),
    [
        ((12.0, 14.0), ("D1", "D2")),
        ((2.0, 14.0, 16.0), ("D2", "D3")),
        ((20.0, 16.0, 14.0), ("D2", "D3")),
        ((2.0, 26.0), ()),
        ((12.0,), ()),
    ],
)
def test_the_entrance_zone_lies_inside_all_doors_that_stand_beside_one_another(
    west_m: tuple[float, ...], within: tuple[str, ...]
) -> None:
    site = abreast(*west_m)
    asked = programme(entrance(), make_zone("form-1", 8.0))
    layout = place_zones(site, asked, Settings(place=Placement(effort="quick", alternatives=1)), jobs=1)[0]
    zone = next(one for one in layout.zones if one.type == "entrance")
    inside = [
        one.id
        for one in site.floors[0].openings
        if zone.area.buffer(0.05).covers(box(one.at[0] - 0.6, 0.1, one.at[0] + 0.6, 0.9))
    ]
    assert set(inside) >= set(within)
    assert inside
    assert not faults(site, asked, layout)


def test_of_doors_that_the_zone_is_too_short_for_it_takes_in_as_many_as_it_can() -> None:
    task = make_task(abreast(14.0, 16.0, 20.0), programme(entrance()), score_weights(Settings()), [], [])
    assert task.specs[0].abreast == ("D3", "D2", "D1")
    assert loosened(task).specs[0].abreast == ("D2", "D1")


def test_who_asks_less_asks_for_one_of_the_doors() -> None:
    task = loosened(make_task(abreast(12.0, 14.0), programme(entrance()), score_weights(Settings()), [], []))
    assert task.specs[0].abreast
    assert not any(less.specs[0].abreast for less in eased(task))


def with_lobby(width_m: float = 4.0) -> Site:
    """A hall of 16 × 12 m behind a lobby 2 m deep, both its doors 1.5 m wide."""
    site = two_doors()
    lobby, hall, neck = box(6, 0, 6 + width_m, 2), box(0, 2.3, 16, 14.3), box(7.25, 1.9, 8.75, 2.4)
    doors = (
        door("D1", OpeningRole.MAIN, (7.25, -0.15), (8.75, -0.15), 90),
        door("D2", OpeningRole.ROOM, (7.25, 2.15), (8.75, 2.15), 90),
    )
    doors = (doors[0], replace(doors[1], is_exterior=False))
    floor = replace(
        site.floors[0],
        usable=MultiPolygon([lobby.union(hall).union(neck)]),
        openings=doors,
        outline=box(0, 0, 16, 14.3),
    )
    return replace(site, floors=(floor,))


def entrance() -> Zone:
    return replace(
        make_zone("entrance-1", 16.0), side="public", min_side_m=3.0, needs=(Need.MAIN_DOOR,), front_way_m=1.8
    )


def lobby_task() -> Task:
    return loosened(make_task(with_lobby(), programme(entrance()), score_weights(Settings()), [], []))


def test_an_entrance_zone_begins_behind_a_lobby_too_small_for_it() -> None:
    spec = lobby_task().specs[0]
    assert spec.is_behind
    assert not spec.is_loose


def test_a_lobby_too_shallow_for_the_zone_is_too_small_however_large() -> None:
    shallow = make_task(with_lobby(9.0), programme(entrance()), score_weights(Settings()), [], [])
    spec = loosened(shallow).specs[0]
    assert entrance().min_m2 < 18.0
    assert spec.is_behind
    assert not spec.is_loose


@pytest.mark.parametrize(("gap_m", "is_joined"), [(2.2, True), (2.0, False)])
def test_a_door_that_stands_in_the_open_is_no_neck(gap_m: float, is_joined: bool) -> None:
    # a stub of wall and the leaf of a partition that is not there: the way beside them must be as wide as elsewhere
    site = two_doors()
    leaf = replace(door("D9", OpeningRole.ROOM, (9.5, 4.0), (10.5, 4.0), 90), is_exterior=False)
    usable = MultiPolygon([box(0, 0, 20, 8).difference(box(9.0, 3.9, 9.3, 4.1))])
    site = replace(site, floors=(replace(site.floors[0], usable=usable, openings=(site.floors[0].openings[0], leaf)),))
    stores = [replace(make_zone(f"records-{n}", 20.0), max_m2=60.0) for n in (1, 2)]
    goal = replace(make_zone("guide-1", 8.0), side="public", front_way_m=1.8)
    state = State.empty(make_task(site, programme(*stores, goal), score_weights(Settings()), [], []))
    grid = state.task.grids[0]
    lines = (grid.xs, grid.ys) * 2
    rects = ((0.0, 2.0, 9.0, 6.0), (9.0 + gap_m, 2.0, 20.0, 6.0), (16.0, 6.9, 20.0, 8.0))
    for z, rect in enumerate(rects):
        a, b, c, d = (int(abs(own - at).argmin()) for own, at in zip(lines, rect, strict=True))
        state.put(z, 0, (a, b, c, d), -1)
    assert is_whole(state, 0) is is_joined


@pytest.mark.parametrize(("width_m", "is_joined"), [(0.75, False), (0.8, True), (0.95, True)])
@pytest.mark.parametrize("has_door", [False, True])
def test_rooms_behind_what_is_narrower_than_a_door_may_be_are_out_of_reach(
    width_m: float, is_joined: bool, has_door: bool
) -> None:
    site, high = two_doors(), 4.0 + width_m
    usable = MultiPolygon([box(0, 0, 10, 8).union(box(10.2, 0, 20, 8)).union(box(9.9, 4.0, 10.3, high))])
    inner = replace(door("D9", OpeningRole.ROOM, (10.1, 4.0), (10.1, high), 0), is_exterior=False)
    openings = (site.floors[0].openings[0], *([inner] if has_door else []))
    site = replace(site, floors=(replace(site.floors[0], usable=usable, openings=openings),))
    task = make_task(site, programme(make_zone("form-1", 8.0)), score_weights(Settings()), [], [])
    grid = task.grids[0]
    assert bool(grid.reachable[int(abs(grid.xs - 17.0).argmin()), int(abs(grid.ys - 2.0).argmin())]) is is_joined


def test_corners_drawn_twice_make_no_neck_wider() -> None:
    # the jambs of a neck of 0.75 m between two rooms, one corner of each drawn again a hair off
    x, y, low, high = 2e-10, 5e-10, 4.0, 4.24
    ring = [
        (0, 0), (20, 0), (20, low), (11.25, low), (11.25, high - y), (11.25 + x, high - y), (11.25 + x, high), (20, high), (20, 8),
        (0, 8), (0, high), (10.5 + x, high), (10.5 + x, low + y), (10.5, low + y), (10.5, low), (0, low),
    ]  # fmt: skip
    site = two_doors()
    floor = replace(site.floors[0], usable=MultiPolygon([Polygon(ring)]), openings=site.floors[0].openings[:1])
    task = make_task(
        replace(site, floors=(floor,)), programme(make_zone("form-1", 8.0)), score_weights(Settings()), [], []
    )
    grid = task.grids[0]
    at = [int(abs(grid.xs - 17.0).argmin()), *(int(abs(grid.ys - y).argmin()) for y in (2.0, 6.0))]
    assert grid.reachable[at[0], at[1]]
    assert not grid.reachable[at[0], at[2]]


@pytest.mark.parametrize(("is_counter", "is_come_to"), [(False, True), (True, False)])
def test_the_door_of_a_room_leads_into_the_zone_that_fills_it_but_not_to_a_front(
    is_counter: bool, is_come_to: bool
) -> None:
    # a door of 1.0 m, and before it half in its way a zone whose counters, if it has some, face away from it
    site = two_doors()
    usable = MultiPolygon([box(0, 0, 10, 8).union(box(10.2, 0, 20, 8)).union(box(9.9, 4.0, 10.3, 5.0))])
    inner = replace(door("D9", OpeningRole.ROOM, (10.1, 4.0), (10.1, 5.0), 0), is_exterior=False)
    site = replace(site, floors=(replace(site.floors[0], usable=usable, openings=(site.floors[0].openings[0], inner)),))
    kind, forms = ("pickup-1", (CounterForm("straight", 3.0, 3.0),)) if is_counter else ("form-1", ())
    zone = replace(make_zone(kind, 26.0), side="public", max_m2=60.0, front_way_m=1.2, forms=forms)
    state = State.empty(make_task(site, programme(zone), score_weights(Settings()), [], []))
    grid = state.task.grids[0]
    lines = (grid.xs, grid.ys) * 2
    a, b, c, d = (int(abs(own - at).argmin()) for own, at in zip(lines, (10.2, 0.0, 16.0, 4.6), strict=True))
    state.put(0, 0, (a, b, c, d), EAST if is_counter else -1)
    assert (standing(state, 0).unseen == ()) is is_come_to
    assert is_whole(state, 0) is is_come_to
    assert (reached(state, 0) is not None) is is_come_to


def test_the_zone_behind_the_lobby_lies_at_its_inner_door() -> None:
    wanted = programme(entrance(), make_zone("form-1", 12.0))
    layout = place_zones(with_lobby(), wanted, Settings(place=Placement(effort="quick", alternatives=1)))[0]
    area = next(placed.area for placed in layout.zones if placed.zone == "entrance-1")
    assert area.distance(box(7.25, 2.0, 8.75, 2.3)) <= STEP_M
    assert faults(with_lobby(), wanted, layout, neck_m=0.8) == []
