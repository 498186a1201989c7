"""Zones without a place take that of others, which then look for one."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from hallplan.errors import InfeasibleError
from hallplan.model.programme import CounterForm
from hallplan.model.site import OpeningRole
from hallplan.place import place_zones
from hallplan.place.ejecting import Ejection, forced
from hallplan.place.score import on_own_lines, score_parts
from hallplan.place.search import put_fixed
from hallplan.place.standing import is_whole, standing
from hallplan.place.state import State
from hallplan.place.task import Task, make_task
from hallplan.place.weights import score_weights
from hallplan.settings import Settings
from tests.builders import door, make_programme, make_site, make_zone
from tests.place.checker import faults
from tests.place.test_bad_input import hall, programme
from tests.place.test_place import ONE, _floor, _site


def _task(site, wanted) -> Task:  # type: ignore[no-untyped-def]
    return make_task(site, wanted, score_weights(Settings()), [], [])


def _put(state: State, z: int, x0: float, y0: float, x1: float, y1: float) -> None:
    xs, ys = state.task.grids[0].xs, state.task.grids[0].ys
    i0, i1 = (int(np.argmin(np.abs(xs - x))) for x in (x0, x1))
    j0, j1 = (int(np.argmin(np.abs(ys - y))) for y in (y0, y1))
    state.put(z, 0, (i0, j0, i1, j1), -1)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000))
def test_what_is_placed_by_force_is_apart_large_enough_and_reached(seed: int) -> None:
    task = _task(make_site(), make_programme())
    state = State.empty(task)
    put_fixed(state)
    found = Ejection(state, np.random.default_rng(seed)).run(12, lambda: None)
    placed = [s.index for s in task.specs if found.is_placed(s.index)]
    assert len(placed) > len(task.specs) / 2
    assert is_whole(found, 0)
    for a, b in itertools.combinations(placed, 2):
        (a0, a1, a2, a3), (b0, b1, b2, b3) = found.rects[a], found.rects[b]
        assert a2 <= b0 or b2 <= a0 or a3 <= b1 or b3 <= a1
    for z in placed:
        zone = task.specs[z].zone
        assert zone.fixed_area or zone.min_m2 - 1e-6 <= found.net_area(z) <= zone.max_m2 + 1e-6


def test_a_large_zone_takes_the_only_room_that_holds_it_from_a_small_one() -> None:
    """A hall of 10 × 8 m: 45 m² fit only where 9 m² lie amid it; those find a place beside it."""
    task = _task(hall(10, 8), programme(make_zone("records-1", 9), make_zone("staff_support-1", 52)))
    state = State.empty(task)
    _put(state, 0, 3.6, 2.4, 6.6, 5.4)
    found = Ejection(state, np.random.default_rng(1)).run(50, lambda: None)
    assert found.unplaced == []
    assert is_whole(found, 0)


def test_what_closes_the_way_to_a_place_is_taken_out_for_it() -> None:
    """A hall 24 m long and 4 m wide, shut off in the middle: whoever goes to its far end has that zone taken out."""
    doors = (
        door("D1", OpeningRole.MAIN, (-0.15, 1.0), (-0.15, 3.0), 0),
        door("D2", OpeningRole.STAFF, (-0.15, 3.1), (-0.15, 3.9), 0),
    )
    site = _site(_floor("F1", box(0, 0, 24, 4), doors))
    task = _task(site, programme(make_zone("records-1", 16), make_zone("wait-1", 30)))
    state = State.empty(task)
    _put(state, 0, 10.2, 0.0, 14.4, 4.0)
    assert standing(state, 0).orphan_m2 > 20.0
    assert forced(state, 1, np.random.default_rng(1), np.ones(2)) == [0]


def test_counters_that_the_hall_cannot_hold_are_the_reason_given() -> None:
    """Three counters of 13 × 4.3 m in a hall of 15 × 13 m: each takes 68 m² with half the way before it, so two at most lie in it."""
    form = (CounterForm("straight", 13.0, 4.3),)
    zones = [make_zone(f"window_general-{n}", 60, forms=form, max_m2=70.0, max_aspect=4.0) for n in (1, 2, 3)]
    with pytest.raises(InfeasibleError, match="3 个，各房间按面积合计至多容纳 2 个，因此放不下（已证明"):
        place_zones(hall(15, 13), programme(*zones), ONE)


def test_counters_that_do_not_stand_together_are_the_reason_given() -> None:
    """Three counters of 9.5 × 4.3 m in a hall of 15 × 11 m: by their areas they might, but two cannot lie beside one another."""
    form = (CounterForm("straight", 9.5, 4.3),)
    zones = [make_zone(f"window_general-{n}", 42, forms=form, max_m2=50.0, max_aspect=4.0) for n in (1, 2, 3)]
    with pytest.raises(InfeasibleError, match="柜台区也放不下"):
        place_zones(hall(15, 11), programme(*zones), ONE)


def test_staff_come_in_by_the_entrance_where_they_have_no_door_of_their_own() -> None:
    site = _site(_floor("F1", box(0, 0, 15, 10), (door("D1", OpeningRole.MAIN, (6.0, -0.15), (8.0, -0.15), 90),)))
    wanted = programme(make_zone("entrance-1", 10), make_zone("back_office-1", 20), make_zone("window_general-1", 20))
    assert faults(site, wanted, place_zones(site, wanted, ONE)[0]) == []


@settings(max_examples=8, deadline=None)
@given(st.floats(0.0, 8.0))
def test_a_layout_never_costs_more_for_floor_added_behind_it(more: float) -> None:
    """The same rectangles, none at the north wall, in a deeper hall: no part but the floor left over may rise."""
    wanted = programme(make_zone("wait-1", 20), make_zone("guide-1", 7), make_zone("back_office-1", 14))
    rects, sides = [(0.0, 0.0, 5.0, 4.0), (9.0, 3.0, 12.0, 5.4), (0.0, 5.2, 4.0, 8.6)], [-1, 3, -1]
    costs = []
    for depth in (10.0, 10.0 + more):
        site = _site(_floor("F1", box(0, 0, 15, depth), hall(15, 10).floors[0].openings))
        state = on_own_lines(_task(site, wanted), rects, [0, 0, 0], sides)
        costs.append({part.id: part.cost for part in score_parts(state) if part.id != "leftover_m2"})
    assert all(costs[1][id] <= costs[0][id] + 1e-3 for id in costs[0])


def test_a_start_by_force_is_the_same_for_the_same_seed() -> None:
    task = _task(make_site(), make_programme())
    found = [Ejection(State.empty(task), np.random.default_rng(3)).run(5, lambda: None) for _ in range(2)]
    assert found[0].rects == found[1].rects
