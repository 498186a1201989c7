"""Zones take in the floor beside them that nobody can come to, up to the true wall."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box

from hallplan.model.programme import CounterForm, Need
from hallplan.model.site import Opening, OpeningRole
from hallplan.model.space import opens_into
from hallplan.place.candidates import is_short
from hallplan.place.corners import THIN_M, grown_areas
from hallplan.place.fill import lost_cells
from hallplan.place.kernels import SOUTH
from hallplan.place.score import on_own_lines
from hallplan.place.state import State, reached
from hallplan.place.task import make_task
from hallplan.place.weights import score_weights
from hallplan.settings import Settings
from tests.builders import door, make_programme, make_zone
from tests.place.test_place import _township

PRECISION = 1e-3


def slanted(lean: float) -> Polygon:
    """Returns a floor of 15 × 10 m whose west wall leans by so many metres."""
    return Polygon([(0, 0), (15, 0), (15, 10), (lean, 10)])


def state(usable: Polygon, *rects: tuple[float, float, float, float], roomy: float = 1.5) -> State:
    """Returns zones laid where they are said to lie, each allowed to grow by a factor."""
    site, _ = _township()
    floor = replace(site.floors[0], usable=MultiPolygon([usable]), outline=usable.buffer(0.3, join_style="mitre"))
    zones = []
    for n, (x0, y0, x1, y1) in enumerate(rects, 1):
        m2 = (x1 - x0) * (y1 - y0)
        zones.append(replace(make_zone(f"wait-{n}", m2), min_m2=0.8 * m2, max_m2=roomy * m2))
    programme = replace(make_programme(), zones=tuple(zones), adjacencies=(), visitors=())
    task = make_task(replace(site, floors=(floor,)), programme, score_weights(Settings()), [], [])
    return on_own_lines(task, list(rects), [0] * len(rects), [-1] * len(rects))


def test_a_zone_at_a_slanted_wall_reaches_it() -> None:
    """Between x = 2.0 and the wall, which is at x = 0.2 y, lie (1.2 + 0.8) / 2 · 2 m² from y = 4 to y = 6."""
    placed = state(slanted(2.0), (2.0, 4.0, 6.0, 6.0))
    areas = grown_areas(placed, {0: 0})
    assert areas[0].area == pytest.approx(8.0 + 2.0, abs=0.05)


def test_the_side_people_come_from_stays() -> None:
    placed = state(slanted(2.0), (2.0, 4.0, 6.0, 6.0))
    assert all(area.bounds[2] == pytest.approx(6.0) for area in grown_areas(placed, {0: 0}).values())


def test_a_pocket_that_runs_past_a_front_is_taken_in_up_to_its_line() -> None:
    """Floor of 0.3 m between a zone and leaning walls goes on past its south front: there it would stick out before the counters."""
    walls = Polygon([(6.3, 0.8), (6.5, 0.8), (6.5, 6.5), (2.0, 6.5), (2.0, 6.3), (6.25, 6.3)])
    placed = state(box(0, 0, 15, 10).difference(walls), (2.0, 2.0, 6.0, 6.0))
    (area,) = grown_areas(placed, {0: SOUTH}).values()
    assert area.bounds == pytest.approx((2.0, 2.0, 6.3, 6.3), abs=0.02)


def test_a_zone_at_its_greatest_area_takes_nothing() -> None:
    placed = state(slanted(2.0), (2.0, 4.0, 6.0, 6.0), roomy=1.01)
    assert grown_areas(placed, {0: 0}) == {}


@given(st.floats(0.5, 3.0), st.integers(20, 60), st.integers(20, 60))
@settings(max_examples=15, deadline=None)
def test_what_grows_stays_on_the_floor_and_off_the_others(lean: float, low: int, high: int) -> None:
    split = 3.0 + low / 20
    placed = state(slanted(lean), (3.1, 2.0, 7.0, split), (3.1, split, 6.0 + high / 60, 9.5))
    areas = grown_areas(placed, {0: 0, 1: 0})
    own = [areas.get(z) or box(*placed.task.grids[0].rect(placed.rects[z])) for z in (0, 1)]
    assert own[0].intersection(own[1]).area < PRECISION
    for z, area in enumerate(own):
        assert area.difference(slanted(lean)).area < PRECISION
        assert area.area <= placed.task.specs[z].zone.max_m2 + PRECISION
        assert area.is_valid
        assert not area.interiors
        thick = area.buffer(-THIN_M / 4, join_style="mitre").buffer(THIN_M / 3, join_style="mitre")
        assert area.difference(thick).area < PRECISION  # no hairline


def test_a_zone_below_its_least_area_makes_a_layout_short() -> None:
    placed = state(slanted(2.0), (3.0, 4.0, 8.0, 8.0))
    assert not is_short(placed)
    assert is_short(on_own_lines(placed.task, [(3.0, 4.0, 8.0, 7.0)], [0], [-1]))


def test_what_lies_before_a_door_is_not_given_away() -> None:
    """A splayed jamb beside the door leaves cells that are not wholly free, which no way goes through."""
    floor = box(0, 0, 15, 10).difference(Polygon([(6.1, 0.0), (7.0, 0.0), (7.0, 0.5)]))
    placed = state(floor, (2.0, 0.0, 6.0, 3.0))
    before_door = box(6.0, 0.0, 8.0, 1.35)
    assert all(area.intersection(before_door).area < 1e-6 for area in grown_areas(placed, {0: 1}).values())


@pytest.mark.parametrize("gap", [0.0, 0.6])
def test_a_24_hour_area_goes_up_to_its_own_door(gap: float) -> None:
    """A wall along an area that ends before its door would shut the door off."""
    site, _ = _township()
    own = door("N1", OpeningRole.H24, (2.0, -0.15), (3.8, -0.15), 90)
    usable = box(0, 0, 15, 10)
    floor = replace(site.floors[0], usable=MultiPolygon([usable]), outline=usable.buffer(0.3, join_style="mitre"))
    floor = replace(floor, openings=(*site.floors[0].openings, own))
    zone = replace(make_zone("self_24h-1", 20.0), needs=(Need.H24_DOOR,), min_m2=16.0, max_m2=24.0)
    programme = replace(make_programme(), zones=(zone,), adjacencies=(), visitors=())
    task = make_task(replace(site, floors=(floor,)), programme, score_weights(Settings()), [], [])
    placed = on_own_lines(task, [(1.0, gap, 6.0, gap + 4.0)], [0], [-1])
    grown = grown_areas(placed, {}).get(0, box(1.0, gap, 6.0, gap + 4.0))
    assert grown.covers(box(2.0, 0.0, 3.8, gap + 4.0).buffer(-1e-3))
    assert grown.covers(box(1.0, gap, 6.0, gap + 4.0).buffer(-1e-3))
    assert usable.buffer(1e-3).covers(grown)


def by_its_door(usable: Polygon, own: Opening, *rects: tuple[float, float, float, float]) -> tuple[State, Polygon]:
    """Returns a 24-hour area, the first of some places, with waiting areas at the others, and its own shape."""
    site, _ = _township()
    main = door("D1", OpeningRole.MAIN, (12.0, -0.15), (14.0, -0.15), 90)
    floor = replace(site.floors[0], usable=MultiPolygon([usable]), outline=usable.buffer(0.3, join_style="mitre"))
    floor = replace(floor, openings=(main, own), obstacles=())
    night = replace(make_zone("self_24h-1", 20.0), needs=(Need.H24_DOOR,), min_m2=16.0, max_m2=26.0)
    sizes = [box(*rect).area for rect in rects[1:]]
    limits = {"min_side_m": 1.0, "front_way_m": 1.2}
    others = [replace(make_zone(f"wait-{n}", m2), max_m2=1.5 * m2, **limits) for n, m2 in enumerate(sizes)]
    programme = replace(make_programme(), zones=(night, *others), adjacencies=(), visitors=())
    task = make_task(replace(site, floors=(floor,)), programme, score_weights(Settings()), [], [])
    return on_own_lines(task, list(rects), [0] * len(rects), [-1] * len(rects)), box(*rects[0])


def test_a_24_hour_area_goes_up_to_its_own_door_in_a_slanted_wall() -> None:
    """Nobody who comes in by that door stands in the hall: the floor just inside is the area's, over the door's whole width."""
    usable = Polygon([(0, 0), (15, 0), (15, 15), (9, 15), (0, 6)])
    own = door("N1", OpeningRole.H24, (2.4, 8.7), (3.6, 9.9), 315)
    placed, area = by_its_door(usable, own, (3.6, 4.0, 8.4, 8.0))
    assert not opens_into(own, area)
    grown = grown_areas(placed, {})[0]
    assert opens_into(own, grown)
    assert usable.buffer(1e-3).covers(grown)
    assert grown.area <= 26.0


def test_a_24_hour_area_does_not_go_up_to_its_door_where_that_cuts_others_off() -> None:
    """People come to the waiting area in the west along the south wall alone, between the 24-hour area and its door."""
    usable, own = box(0, 0, 15, 10), door("N1", OpeningRole.H24, (2.0, -0.15), (3.8, -0.15), 90)
    rects = (1.4, 1.3, 6.0, 5.3), (0.0, 4.0, 1.4, 10.0), (1.4, 5.3, 15.0, 10.0)
    placed, area = by_its_door(usable, own, *rects)
    assert reached(placed, 0) is not None
    assert not opens_into(own, grown_areas(placed, {}).get(0, area))
    alone, _ = by_its_door(usable, own, rects[0])
    assert opens_into(own, grown_areas(alone, {})[0])


def test_what_lies_before_a_second_door_of_its_own_is_not_given_away() -> None:
    """A splayed jamb beside it leaves cells that no way goes through; the 24-hour area has been led up to the other door."""
    usable = box(0, 0, 15, 10).difference(Polygon([(9.4, 0.0), (10.9, 0.0), (10.9, 1.5), (9.8, 1.5)]))
    first, second = (
        door(id, OpeningRole.H24, (x, -0.15), (x + 1.8, -0.15), 90) for id, x in (("N1", 2.0), ("N2", 9.0))
    )
    placed, area = by_its_door(usable, first, (1.0, 0.6, 6.0, 4.6), (6.0, 0.0, 9.3, 3.0))
    (floor,) = (grid.floor for grid in placed.task.grids)
    floor = replace(floor, openings=(*floor.openings, second))
    site = replace(_township()[0], floors=(floor,))
    task = make_task(site, placed.task.programme, score_weights(Settings()), [], [])
    state = on_own_lines(task, [area.bounds, (6.0, 0.0, 9.3, 3.0)], [0, 0], [-1, -1])
    grown = grown_areas(state, {})
    assert opens_into(first, grown[0])
    assert all(shape.intersection(box(9.3, 0.0, 10.8, 1.35)).area < 1e-6 for shape in grown.values())


def behind_a_step() -> State:
    """Counters of 9 × 6 m along the north wall of a hall of 55 × 12 m, their staff come from the west between a waiting area and the wall,
    which stands 0.31 m farther out beside the counters: the 1.2 m behind these begin at y = 10.8, where no line of the grid lies."""
    doors = (
        door("D1", OpeningRole.MAIN, (7.0, -0.15), (9.0, -0.15), 90),
        door("D2", OpeningRole.STAFF, (-0.15, 10.2), (-0.15, 11.5), 0),
    )
    site, _ = _township()
    usable = MultiPolygon([box(0, 0, 55, 12).difference(box(0, 11.69, 4, 12))])
    floor = replace(site.floors[0], usable=usable, outline=box(-0.3, -0.3, 55.3, 12.3), openings=doors, obstacles=())
    windows = make_zone("window_general-1", 54, forms=(CounterForm("straight", 8.0, 4.3),))
    zones = replace(windows, max_m2=70.0, max_aspect=4.0), make_zone("wait-1", 26.3)
    programme = replace(make_programme(), zones=zones, adjacencies=(), visitors=())
    task = make_task(replace(site, floors=(floor,)), programme, score_weights(Settings()), [], [])
    return on_own_lines(task, [(6.0, 6.0, 15.0, 12.0), (0.0, 6.0, 6.0, 10.39)], [0, 0], [SOUTH, -1])


def test_floor_that_staff_need_beside_the_floor_behind_counters_is_no_corner() -> None:
    placed = behind_a_step()
    assert reached(placed, 0) is not None
    lost = lost_cells(placed, 0)
    assert lost is not None
    assert lost.any()
    step = box(4.0, 11.69, 6.0, 12.0)
    assert all(area.intersection(step).area < 0.01 for area in grown_areas(placed, {}).values())
