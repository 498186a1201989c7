from __future__ import annotations

import random

import numpy as np
import pytest
from shapely import union_all
from shapely.geometry import MultiPolygon, box

from hallplan.model.programme import CounterForm, Programme, VisitorKind
from hallplan.model.shapes import Frame
from hallplan.model.site import Floor, Opening, OpeningRole, Site
from hallplan.place import kernels as k
from hallplan.place.aisles import from_ways, make_aisles
from hallplan.place.bits import columns_of
from hallplan.place.board import board_of, lay_of
from hallplan.place.lined import visited, windows_lacking
from hallplan.place.networks import all_networks
from hallplan.place.rows import chosen_form
from hallplan.place.score import on_own_lines
from hallplan.place.state import State
from hallplan.place.task import make_task
from hallplan.place.weights import score_weights
from hallplan.settings import Settings
from hallplan.units import Unit
from tests.builders import door, make_programme, make_zone

FORMS = (CounterForm("straight", 9.2, 4.3), CounterForm("l", 7.45, 5.85))
WALKS = (
    VisitorKind("a", "a", ("door:main", "child-4", "child-5", "child-6"), 50.0),
    VisitorKind("b", "b", ("door:main", "child-6", "child-7"), 20.0),
    VisitorKind("s", "s", ("door:staff", "back_office-1", "back_office-2"), 10.0, "staff"),
)
COUNTERS = (6.0, 10.0, 13.5, 16.0)
"""As wide as five windows in an L need, too short for them in one line."""


def _state(
    counters: tuple[float, float, float, float],
    *others: tuple[float, float, float, float],
    staff_at=(),
    corners=(),
    walks=(),
) -> State:
    """Counters for five windows that face the door in the south, some offices and children's corners; staff_at: the middle of a door of
    their staff."""
    usable = box(0, 0, 24, 20)
    opening = door("D1", OpeningRole.MAIN, (9.0, -0.15), (11.0, -0.15), 90)
    outline = usable.buffer(0.3, join_style="mitre")
    openings = (opening, *(_staff_door(x, y) for x, y in staff_at))
    floor = Floor("F1", "F1", 1, Frame(), outline, MultiPolygon([usable]), openings=openings)
    site = Site("plan.dxf", "AC1024", "utf-8", Unit.MM, (floor,))
    kinds = *("back_office" for _ in others), *("child" for _ in corners)
    others = (*others, *corners)
    ids = ["window_general-1", *(f"{kind}-{n}" for n, kind in enumerate(kinds, 1))]
    zones = (
        make_zone(ids[0], 45.0, forms=FORMS, windows=tuple(f"A{n}" for n in range(5))),
        *(make_zone(id, (x1 - x0) * (y1 - y0)) for id, (x0, y0, x1, y1) in zip(ids[1:], others, strict=True)),
    )
    programme = Programme(zones, (), walks or make_programme().visitors[:0], 100.0, 480.0, 1.0)
    task = make_task(site, programme, score_weights(Settings()), [], [])
    return on_own_lines(task, [counters, *others], [0] * len(ids), [3, *(-1 for _ in others)])


def _staff_door(x: float, y: float) -> Opening:
    is_south = y == 0.0
    at = -0.15 if is_south else y + 0.15
    return door("S1", OpeningRole.STAFF, (x - 0.8, at), (x + 0.8, at), 90 if is_south else 270)


@pytest.mark.parametrize(
    ("others", "many"),
    [
        ((), 0),
        (((13.5, 10.0, 18.0, 16.0),), 0),
        # 7.5 m hold four windows of 1.84 m; the fifth has nobody before it
        (((13.5, 10.0, 18.0, 16.0), (2.0, 10.0, 6.0, 16.0)), 1),
        # 0.5 m is no place for visitors
        (((14.0, 10.0, 18.0, 16.0), (2.0, 10.0, 5.5, 16.0)), 1),
        # behind the front 2.65 m deep an open side of 3.2 m is as long as two windows
        (((13.5, 10.0, 18.0, 16.0), (2.0, 10.0, 6.0, 12.5)), 0),
    ],
    ids=["both sides open", "one side open", "no side open", "gaps too narrow", "open behind the front"],
)
def test_counters_along_a_side_need_visitors_before_it(others, many):
    assert windows_lacking(_state(COUNTERS, *others)) == many


@pytest.mark.parametrize(("staff_at", "many"), [((20.0, 0.0), 1), ((14.2, 20.0), 0)])
def test_a_side_that_staff_walk_along_is_no_place_for_visitors(staff_at, many):
    """Between counters and offices is an alley of 1.5 m: from the south staff come through it, from the north they need not."""
    offices = ((2.0, 9.0, 6.0, 16.0), (2.0, 16.0, 13.5, 20.0), (15.0, 6.0, 24.0, 20.0))
    assert windows_lacking(_state((6.0, 9.0, 13.5, 16.0), *offices, staff_at=(staff_at,))) == many


def test_a_line_that_holds_all_at_the_front_needs_no_side():
    assert windows_lacking(_state((4.0, 10.0, 13.5, 16.0), (13.5, 10.0, 18.0, 16.0), (1.0, 10.0, 4.0, 16.0))) == 0


def test_a_zone_keeps_the_form_that_visitors_can_come_to():
    wide = (4.0, 10.0, 13.5, 16.0)
    closed = _state(wide, (13.5, 10.0, 18.0, 16.0), (1.0, 10.0, 4.0, 16.0))
    assert [chosen_form(one, 0).name for one in (_state(wide), closed)] == ["l", "straight"]


DEEP = (6.0, 9.5, 13.5, 16.0)
ALLEY = (16.1, 9.0, 24.0, 20.0), (16.1, 4.0, 24.0, 9.0), (2.0, 9.5, 6.0, 16.0)
"""Offices that leave an alley of 2.6 m east of the counters, down which staff walk from the north to the second, along its east."""
BY_STAFF = (15.4, 20.0)


def test_floor_before_a_side_with_counters_is_visitors_though_staff_walk_beside_it() -> None:
    state = _state(DEEP, *ALLEY, staff_at=(BY_STAFF,))
    assert windows_lacking(state) == 0
    floors = {n: union_all([a.area for a in make_aisles(state) if a.network == n]) for n in ("public", "staff")}
    assert floors["public"].covers(box(13.5, 12.7, 14.6, 15.6))
    assert floors["staff"].covers(box(14.9, 16.5, 15.9, 19.5))


def test_floor_that_visitors_come_to_over_the_ways_of_staff_alone_is_no_place_for_them() -> None:
    """The alley is 1.3 m wide where it begins: staff who come down it leave no way in."""
    assert windows_lacking(_state(DEEP, *ALLEY, staff_at=(BY_STAFF,), corners=[(13.5, 8.0, 14.8, 12.0)])) == 1


@pytest.mark.parametrize("seed", range(24))
def test_compiled_code_lets_visitors_stand_where_the_model_does(seed: int) -> None:
    """Offices and corners at random in a hall of 24 × 20 m, visitors who walk on between these, with a door of the staff's own or without."""
    rng, taken = random.Random(seed), [box(*COUNTERS)]
    while len(taken) < 8:
        x, y = (0.4 * rng.randrange(1, n) for n in (48, 38))
        one = box(x, y, x + 0.4 * rng.randrange(4, 12), y + 0.4 * rng.randrange(4, 10))
        is_clear = one.bounds[2] <= 24.0 and one.bounds[3] <= 20.0 and one.distance(box(8.0, 0.0, 12.0, 2.0)) > 0.0
        taken += [one] if is_clear and all(one.distance(other) >= 1.2 for other in taken) else []
    rects = [one.bounds for one in taken[1:]]
    state = _state(COUNTERS, *rects[:3], staff_at=[(22.0, 20.0)] * (seed % 3 > 0), corners=rects[3:], walks=WALKS)
    (found,) = all_networks(state)
    assert found is not None
    (grid,) = state.task.grids
    way = grid.ways[min(grid.ways)]
    reached = np.isfinite(from_ways(state, 0, found))
    expected = k.covered(reached, way.reach_x, way.reach_y) & (state.occupied[0] == 0) & ~found.own
    board = board_of(state.task)
    np.testing.assert_array_equal(visited(board, lay_of(state, board))[0], columns_of(expected))
