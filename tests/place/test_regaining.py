"""Layouts found by asking less hold what was asked once their sides leave the lines of the search's grid."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from shapely.geometry import box

from hallplan.model.site import OpeningRole
from hallplan.place.candidates import is_short, score_of
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
