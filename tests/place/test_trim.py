from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from shapely.geometry import box

from hallplan.model.site import OpeningRole
from hallplan.place import kernels as k
from hallplan.place.candidates import score_of
from hallplan.place.score import on_own_lines
from hallplan.place.search import Clock, empty_state, mend, put_fixed
from hallplan.place.starts import is_joined
from hallplan.place.state import State
from hallplan.place.task import make_task
from hallplan.place.trim import on_lines
from hallplan.place.weights import Work, score_weights
from hallplan.settings import Settings
from tests.builders import door, make_programme, make_site, make_zone
from tests.place.test_place import _floor, _site

ROOM = (0, 1, 1, 2)
"""Cells of a zone that is 1.2 m wide and 0.64 m long."""


def touched(least: float) -> float:
    """What a way beside the room on lines 0.64, 0.48 and 0.48 m apart comes to: a window of 1.2 m takes three of them."""
    xs, ys = np.array([0.0, 1.2, 2.4]), np.array([0.0, 1.0, 1.64, 2.12, 2.6])
    reach_x, reach_y = np.array([1, 2], np.int32), np.array([2, 4, 4, -1], np.int32)
    dist = np.full((2, 4), np.inf)
    dist[1, 1] = 3.0
    return float(k.touch(dist, xs, ys, reach_x, reach_y, ROOM, k.EAST, least)[0])


def test_a_way_lies_along_a_side_by_metres_not_by_lines() -> None:
    # one line of three, but 0.64 m of the 0.60 m that half a way is
    assert touched(0.6) == 3.0


def test_a_way_that_lies_along_too_little_of_a_side_does_not_touch_it() -> None:
    assert touched(0.7) == np.inf


@pytest.fixture
def loose() -> State:
    """A state in which the grid's lines make a room with one size only larger than that."""
    room = replace(make_zone("meeting-1", 10.0), min_m2=10.0, target_m2=10.0, max_m2=10.0, is_enclosed=True)
    programme = replace(make_programme(), zones=(room,), adjacencies=(), visitors=())
    state = State.empty(make_task(make_site(), programme, score_weights(Settings()), [], []))
    put_fixed(state)
    grid = state.task.grids[0]
    x, y = (int(np.argmin(np.abs(lines - at))) for lines, at in ((grid.xs, 10.0), (grid.ys, 8.0)))
    wide, deep = (int(lines.searchsorted(lines[n] + 3.3)) for lines, n in ((grid.xs, x), (grid.ys, y)))
    state.put(0, 0, (x, y, wide, deep), -1)
    return state


def test_zones_are_cut_back_to_their_greatest_area(loose: State) -> None:
    first, *_ = on_lines(loose)
    assert loose.net_area(0) > 10.4
    assert first.net_area(0) == pytest.approx(10.0, abs=0.01)
    assert is_joined(first)


def test_zones_are_cut_back_one_by_one_where_not_all_can_be(loose: State) -> None:
    states = list(on_lines(loose))
    assert is_joined(states[-1])
    assert box(*states[-1].task.grids[0].rect(states[-1].rects[0])).area == pytest.approx(10.0, abs=0.01)


@pytest.mark.parametrize("seed", range(6))
def test_what_can_be_walked_to_can_be_on_the_same_lines_and_more(seed: int) -> None:
    task = make_task(make_site(), make_programme(), score_weights(Settings()), [], [])
    state = mend(empty_state(task, 0), (seed,), Work(1, 100), Clock(lambda: None)).best[0][1]
    rects = [task.grids[floor].rect(rect) for floor, rect in zip(state.floor, state.rects, strict=True)]
    assert is_joined(state)
    assert not state.unplaced
    assert is_joined(on_own_lines(task, rects, state.floor, state.front, keeps_lines=True))


def behind_a_pier() -> State:
    """A counter whose staff come in from the west past a pier 0.2 m deep, beside a desk that is cut back to a line 5.8 m north: on
    the lines of the state the floor behind the counter is 1.4 m deep, on that line 1.3 m, of which the pier leaves 1.1."""
    usable = box(0, 0, 10.2, 6.9).union(box(3.0, 6.8, 8.1, 7.1))
    site = _site(_floor("F1", usable, (door("D1", OpeningRole.MAIN, (1.0, -0.15), (2.8, -0.15), 90),)))
    counter = replace(make_zone("window_general-1", 16.32), min_m2=16.0, max_m2=20.0, max_aspect=9.0)
    desk = replace(make_zone("guide-1", 5.88), side="both", min_m2=5.88, max_m2=5.88, max_aspect=9.0, min_side_m=2.1)
    programme = replace(make_programme(), zones=(counter, desk), adjacencies=(), visitors=())
    state = State.empty(make_task(site, programme, score_weights(Settings()), [], []))
    for z, (rect, front) in enumerate((((3.0, 3.9, 8.1, 7.1), k.SOUTH), ((8.1, 3.0, 10.2, 6.0), k.SOUTH))):
        lines = (state.task.grids[0].xs, state.task.grids[0].ys) * 2
        a, b, c, d = (int(np.argmin(np.abs(own - at))) for own, at in zip(lines, rect, strict=True))
        state.put(z, 0, (a, b, c, d), front)
    return state


def test_zones_are_cut_back_though_nearer_lines_make_the_floor_behind_counters_shallow() -> None:
    state = behind_a_pier()
    assert is_joined(state)
    _, exact, _ = score_of(state)
    assert is_joined(exact)
    assert exact.net_area(1) == pytest.approx(5.88, abs=0.01)
