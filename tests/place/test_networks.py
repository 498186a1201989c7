"""The ways of visitors and of staff keep apart where there is a way round, in the model and in compiled code."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hallplan.model.site import OpeningRole
from hallplan.place.board import board_of, lay_of
from hallplan.place.networks import networks, staff_crossing
from hallplan.place.score import on_own_lines
from hallplan.place.state import State, reached
from hallplan.place.task import make_task
from hallplan.place.weights import score_weights
from hallplan.place.worth import Worth, crossings
from hallplan.settings import Settings
from tests.builders import door, make_zone
from tests.place.test_bad_input import hall, programme


def laid(west_m: float) -> State:
    """Returns an office amid a hall of 20 × 12 m, its staff come from the east; a play area north of it, the entrance south. The way
    past the office is shorter in the east. west_m: how far the waiting area in the west leaves floor beside the office.
    """
    zones = make_zone("back_office-1", 45), make_zone("child-1", 4), make_zone("wait-1", 20)
    task = make_task(hall(20, 12), programme(*zones), score_weights(Settings()), [], [])
    rects = [(5.0, 4.0, 14.0, 9.0), (10.0, 10.4, 12.0, 12.0), (0.0, 4.0, 5.0 - west_m, 9.0)]
    return on_own_lines(task, rects, [0, 0, 0], [-1, -1, -1])


def test_visitors_go_round_the_way_of_the_staff_where_they_can() -> None:
    state = laid(west_m=2.0)
    plain, found = reached(state, 0), networks(state, 0)
    assert plain is not None
    assert found is not None
    assert (plain.public_ways & found.own).any()
    assert not found.shared.any()
    assert staff_crossing(state) == (0.0, ())


def test_where_there_is_one_way_only_it_is_shared_and_the_zone_named() -> None:
    metres, zones = staff_crossing(laid(west_m=0.6))
    assert metres == pytest.approx(2.0, abs=1.0)
    assert zones == (0,)


@pytest.mark.parametrize("west_m", [0.6, 2.0])
def test_compiled_code_finds_the_same(west_m: float) -> None:
    state = laid(west_m)
    board = board_of(state.task)
    look = Worth().look(state.task)
    assert crossings(board, lay_of(state, board), look) == pytest.approx(staff_crossing(state)[0])
    assert tuple(np.flatnonzero(look.now.crossing)) == staff_crossing(state)[1]


def test_staff_may_come_by_the_way_to_an_exit_that_nobody_takes_day_by_day() -> None:
    """The office of `laid`, nothing north of it but an exit: on the only way there staff come in."""
    site = hall(20, 12)
    (floor,) = site.floors
    exit = door("D3", OpeningRole.FIRE, (16.0, 12.15), (17.5, 12.15), 270)
    site = replace(site, floors=(replace(floor, openings=(*floor.openings, exit)),))
    zones = make_zone("back_office-1", 45), make_zone("wait-1", 20)
    task = make_task(site, programme(*zones), score_weights(Settings()), [], [])
    state = on_own_lines(task, [(5.0, 4.0, 14.0, 9.0), (0.0, 4.0, 4.4, 9.0)], [0, 0], [-1, -1])
    found = networks(state, 0)
    assert found is not None
    assert (found.reach.exit_ways & found.own).any()
    assert staff_crossing(state) == (0.0, ())
    board = board_of(state.task)
    assert crossings(board, lay_of(state, board), Worth().look(state.task)) == 0.0
