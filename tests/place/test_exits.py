"""Width of the ways out as a constraint of placement."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hallplan.model.programme import Holding
from hallplan.place.exits import exit_shortage, needed_m
from hallplan.place.score import on_own_lines, score_parts
from hallplan.place.state import State
from hallplan.place.task import make_task
from hallplan.place.weights import score_weights
from hallplan.settings import Settings
from tests.builders import make_zone
from tests.place.test_bad_input import hall, programme


def laid(chairs: int, gap_m: float) -> State:
    """Two waiting areas with a gap between, before the main door of 2 m; the staff door of 1 m is in the east."""
    seats = (Holding("chair", chairs // 2),)
    zones = [replace(make_zone(f"wait-{n}", 20), holdings=seats) for n in (1, 2)]
    task = make_task(hall(12, 10), programme(*zones), score_weights(Settings()), [], [])
    sides = (6 - gap_m / 2, 6 + gap_m / 2)
    return on_own_lines(task, [(0.0, 1.8, sides[0], 4.5), (sides[1], 1.8, 12.0, 4.5)], [0, 0], [-1, -1])


def test_people_need_065_m_of_exit_a_hundred_on_the_ground_floor() -> None:
    assert needed_m(laid(400, 3.0), 0) == pytest.approx(2.6)


def test_a_narrow_way_to_a_wide_door_takes_exit_width() -> None:
    """400 people need 2.6 m; the doors have 2 + 1 m. Behind a gap of 1.4 m the wide one counts 1.2 m: 2.2 m are left."""
    assert exit_shortage(laid(400, 3.0)) == 0.0
    assert exit_shortage(laid(400, 1.4)) == pytest.approx(0.4)


def test_few_people_need_no_more_than_narrow_ways_give() -> None:
    assert exit_shortage(laid(300, 1.4)) == 0.0


def test_what_the_doors_themselves_lack_is_no_fault_of_a_layout() -> None:
    assert exit_shortage(laid(2000, 3.0)) == 0.0


def test_it_is_a_part_of_the_score() -> None:
    parts = {part.id: part for part in score_parts(laid(400, 1.4))}
    assert parts["exit_width_short_m"].value == pytest.approx(0.4)
    assert parts["exit_width_short_m"].cost > 0
