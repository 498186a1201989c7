"""Layouts found by asking less hold what was asked once their sides leave the lines of the search's grid."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from shapely.geometry import box

from hallplan.model.site import OpeningRole
from hallplan.place.candidates import is_short, score_of
from hallplan.place.fitting import locked
from hallplan.place.kernels import NORTH
from hallplan.place.regaining import as_programmed, straightened
from hallplan.place.score import on_own_lines
from hallplan.place.search import eased
from hallplan.place.starts import is_joined
from hallplan.place.state import State
from hallplan.place.task import Task, make_task
from hallplan.place.weights import score_weights
from hallplan.settings import Settings
from tests.builders import door, make_programme, make_zone
from tests.place.test_place import _floor, _site

WEST, EAST = (0.0, 2.9, 3.5, 5.0), (3.5, 2.9, 7.0, 5.0)


def hall(*least_m2: float) -> Task:
    """A hall of 7 × 5 m for two zones of some least areas."""
    site = _site(_floor("F1", box(0, 0, 7, 5), (door("D1", OpeningRole.MAIN, (2.5, -0.15), (4.5, -0.15), 90),)))
    zones = tuple(
        replace(make_zone(id, least), min_m2=least, max_m2=least + 1.0, min_side_m=1.0)
        for id, least in zip(("form-1", "disclosure-1"), least_m2, strict=True)
    )
    programme = replace(make_programme(), zones=zones, adjacencies=(), visitors=())
    return make_task(site, programme, score_weights(Settings()), [], [])


def laid(task: Task) -> State:
    """Both zones side by side, half the north of the hall each, to the next line."""
    state, grid = State.empty(task), task.grids[0]
    lines = (grid.xs, grid.ys) * 2
    for z, rect in enumerate((WEST, EAST)):
        a, b, c, d = (int(np.argmin(np.abs(own - at))) for own, at in zip(lines, rect, strict=True))
        state.put(z, 0, (a, b, c, d), -1)
    return state


def asking(west: float, east: float) -> State:
    """The zones as they lie on the lines, found for a task that asks for 85 % of least areas that are so much above theirs, m²."""
    lying = laid(hall(6.0, 6.0))
    return laid(eased(hall(lying.net_area(0) + west, lying.net_area(1) + east))[0])


def test_two_zones_share_what_lines_gave_one_of_them() -> None:
    state = asking(-0.4, 0.3)
    assert is_short(state)
    _, exact, _ = score_of(state)
    assert is_joined(exact)
    assert not is_short(exact)


def test_what_the_hall_has_no_room_for_stays_short() -> None:
    # ways of 1.2 m and the floor inside the door leave less than 25 m² of 35
    state = asking(0.5, 12.0)
    assert is_short(state)
    assert is_short(score_of(state)[1])


def test_what_lines_gave_all_it_asks_keeps_it_when_it_is_made_exact() -> None:
    state = asking(-0.1, -0.1)
    assert not is_short(state)
    _, exact, _ = score_of(state)
    asked = {zone.id: zone.min_m2 for zone in state.task.programme.zones}
    assert {spec.zone.id: spec.zone.min_m2 for spec in exact.task.specs} == asked


def test_a_zone_locked_smaller_than_the_programme_asks_keeps_the_area_of_its_lock() -> None:
    site = _site(_floor("F1", box(0, 0, 7, 5), (door("D1", OpeningRole.MAIN, (2.5, -0.15), (4.5, -0.15), 90),)))
    form = replace(make_zone("form-1", 12.0), min_m2=12.0, min_side_m=1.0, fixed_area=box(0, 3, 3, 5), fixed_floor="F1")
    programme = replace(make_programme(), zones=(form,), adjacencies=(), visitors=())
    task = locked(make_task(site, programme, score_weights(Settings()), [], []))
    assert task.specs[0].lock is not None
    state = State.empty(task)
    assert as_programmed(state) is state


def behind_another(off_m: float) -> State:
    """Counters in the corner of a hall, their backs so far from its south wall, whose staff come over the floor behind other counters,
    with backs on that wall; a pier stands before the wall where these meet."""
    usable = box(2, 1.65, 18, 12).difference(box(4.8, 1.65, 5.9, 1.65 + off_m))
    doors = (
        door("D1", OpeningRole.MAIN, (9.0, 12.15), (11.0, 12.15), 270),
        door("D2", OpeningRole.STAFF, (18.15, 3.0), (18.15, 4.2), 180),
    )
    zones = (make_zone("window_general-1", 17.0), make_zone("pickup-1", 9.0))
    programme = replace(make_programme(), zones=zones, adjacencies=(), visitors=())
    task = make_task(_site(_floor("F1", usable, doors)), programme, score_weights(Settings()), [], [])
    back = 1.65 + off_m
    return on_own_lines(task, [(2.0, back, 6.0, back + 4.3), (6.0, 1.65, 9.0, back + 2.7)], [0, 0], [NORTH, NORTH])


def test_staff_walk_behind_counters_over_floor_that_lines_alone_do_not_make_deeper() -> None:
    # lines 0.34 m apart make the 1.2 m behind the second counters 1.5 m; of the 1.2 m, 1.05 m lead on
    state = behind_another(0.15)
    assert is_joined(state)
    found = straightened(state)
    assert found is not None
    assert is_joined(found)
    backs = [found.task.grids[0].rect(rect)[1] for rect in found.rects]
    assert backs[0] == pytest.approx(backs[1], abs=2e-3)


def test_what_is_straight_stays_as_it_is() -> None:
    assert straightened(behind_another(0.0)) is None
