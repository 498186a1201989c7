"""Where staff would come onto visitors' ways the floor is closed to visitors, who go round it."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely

from hallplan.model.programme import VisitorKind
from hallplan.model.site import OpeningRole, Site
from hallplan.place.aisles import make_aisles
from hallplan.place.alternatives import differ
from hallplan.place.closing import closed, closed_cells, n_zones, opened
from hallplan.place.keeping import closed_as_given
from hallplan.place.networks import staff_crossing
from hallplan.place.score import on_own_lines, score_parts
from hallplan.place.standing import standing
from hallplan.place.starts import is_joined
from hallplan.place.state import State
from hallplan.place.task import make_task
from hallplan.place.weights import score_weights
from hallplan.settings import Settings
from tests.builders import door, make_layout, make_zone
from tests.place.looked import ways_seen
from tests.place.test_bad_input import hall, programme

TO_PLAY = VisitorKind("a", "a", ("door:main", "child-1"), 50.0, "public")


def laid(west_m: float, site: Site | None = None) -> State:
    """Returns an office amid a hall of 20 × 12 m, its staff come from the east; a play area north of it, the entrance south, whence
    visitors walk past the office in the east. west_m: how far the waiting area in the west leaves floor beside the office.
    """
    zones = make_zone("back_office-1", 45), make_zone("child-1", 4), make_zone("wait-1", 20)
    wanted = replace(programme(*zones), visitors=(TO_PLAY,))
    task = make_task(site or hall(20, 12), wanted, score_weights(Settings()), [], [])
    rects = [(5.0, 4.0, 14.0, 9.0), (10.0, 10.4, 12.0, 12.0), (0.0, 4.0, 5.0 - west_m, 9.0)]
    return on_own_lines(task, rects, [0, 0, 0], [-1, -1, -1])


def walked(state: State) -> float:
    return next(part.value for part in score_parts(state) if part.id == "visitor_metres_per_day")


def test_visitors_are_led_round_and_nobody_crosses() -> None:
    state = laid(west_m=2.0)
    assert staff_crossing(state)[0] > 1.0
    found = closed(state)
    assert found is not None
    assert not found.unplaced
    assert is_joined(found)
    assert staff_crossing(found) == (0.0, ())
    assert ways_seen(found)[0] == 0.0
    # past the office in the west it is some 4 m farther
    assert walked(found) > walked(state) + 4 * TO_PLAY.per_day
    places = found.rects[: len(state.rects)], found.floor[: len(state.floor)]
    assert places == (state.rects, state.floor)
    assert not differ(state, found)
    assert not differ(found, state)


def test_closed_floor_is_a_way_of_the_staff_and_no_zone() -> None:
    found = closed(laid(west_m=2.0))
    assert found is not None
    (grid,) = found.task.grids
    shut = [shapely.box(*grid.rect(rect)) for rect in found.rects[n_zones(found.task) :]]
    assert shut
    assert sum(area.area for area in shut) == pytest.approx(grid.cell_m2[closed_cells(found, 0)].sum())
    aisles = make_aisles(found)
    own, public = (shapely.union_all([a.area for a in aisles if a.network == which]) for which in ("staff", "public"))
    for area in shut:
        assert own.covers(area.buffer(-1e-3))
        assert public.intersection(area).area < 1e-3


def test_floor_that_was_closed_is_opened_again() -> None:
    state = laid(west_m=2.0)
    found = closed(state)
    assert found is not None
    again = opened(found)
    assert n_zones(again.task) == len(again.task.specs) == len(state.task.specs)
    assert staff_crossing(again) == staff_crossing(state)
    assert opened(state) is state


def test_where_there_is_no_way_round_what_is_cut_off_is_taken_out() -> None:
    found = closed(laid(west_m=0.6))
    assert found is not None
    assert [found.task.specs[z].zone.id for z in found.unplaced] == ["child-1"]


def test_an_exit_is_not_cut_off() -> None:
    site = hall(20, 12)
    (floor,) = site.floors
    exit = door("D3", OpeningRole.FIRE, (3.0, 12.15), (4.5, 12.15), 270)
    site = replace(site, floors=(replace(floor, openings=(*floor.openings, exit)),))
    state = laid(west_m=0.6, site=site)
    found = closed(state) or state
    assert standing(found, 0).is_open
    assert staff_crossing(found)[0] > 0.5


def test_where_nobody_crosses_nothing_is_closed() -> None:
    found = closed(laid(west_m=2.0))
    assert found is not None
    assert closed(found) is None


def test_a_plan_that_is_begun_with_keeps_what_was_closed_in_it() -> None:
    state = laid(west_m=2.0)
    found = closed(state)
    assert found is not None
    given = replace(make_layout(), zones=(), aisles=make_aisles(found))
    again = closed_as_given(state, given)
    assert again.rects == found.rects
    open_ways = tuple(aisle for aisle in given.aisles if aisle.network == "public")
    assert closed_as_given(state, replace(given, aisles=open_ways)) is state
