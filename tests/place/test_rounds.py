"""Rounds over whole states in compiled code: what they come to is whole, costs what is said of it, and is the same again."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from shapely.geometry import box

from hallplan.place.rounds import Rounds
from hallplan.place.standing import standing
from hallplan.place.state import State
from hallplan.place.worth import Worth
from tests.place.test_board import whole_state
from tests.place.test_place import _township


@pytest.fixture(scope="module")
def state() -> State:
    """A whole layout that can be bettered."""
    return whole_state(*_township(), rounds=2)


def _trials(state: State, rounds: Rounds, seed: int, many: int = 200) -> list[tuple[State, float]]:
    cost, word, n, found = rounds.worth(state), np.array([seed], np.uint64), 0, []
    while n < many:
        before = n
        n, trial, most = rounds.next(state, cost, (n, many), word)
        assert before < n <= many
        if trial is not None:
            found.append((trial, most))
    return found


def test_trials_are_whole_and_cost_what_they_cost_anew(state: State) -> None:
    rounds = Rounds(Worth())
    cost, word, n, seen = rounds.worth(state), np.array([7], np.uint64), 0, 0
    while n < 200:
        n, trial, most = rounds.next(state, cost, (n, 200), word)
        if trial is None:
            continue
        seen += 1
        assert not trial.unplaced
        assert trial.rects != state.rects
        assert all(standing(trial, floor).is_whole for floor in range(len(state.task.grids)))
        assert rounds.worth(trial, most) in (math.inf, pytest.approx(Worth()(trial)))
    assert seen > 2


def test_the_same_word_gives_the_same_trials(state: State) -> None:
    one, other = (_trials(state, Rounds(Worth()), 11) for _ in range(2))
    assert [(t.rects, most) for t, most in one] == [(t.rects, most) for t, most in other]
    assert [t.rects for t, _ in one] != [t.rects for t, _ in _trials(state, Rounds(Worth()), 12)]


def test_zones_in_trouble_come_out_each_time(state: State) -> None:
    """With a share of one, and all other zones hardly touched."""
    movable = [spec.index for spec in state.task.specs if spec.zone.fixed_area is None and not spec.opens]
    z = movable[-1]
    found = _trials(state, Rounds(Worth(), lambda _: (z,), 1.0), 5)
    moved = [sum(a != b for a, b in zip(trial.rects, state.rects, strict=True)) for trial, _ in found]
    assert found
    assert max(moved) <= 1 + 3
    others = _trials(state, Rounds(Worth()), 5)
    share = np.mean([trial.rects[z] != state.rects[z] for trial, _ in found])
    assert share > np.mean([trial.rects[z] != state.rects[z] for trial, _ in others])


def test_where_all_is_fixed_there_is_nothing_to_try(state: State) -> None:
    specs = tuple(replace(spec, zone=replace(spec.zone, fixed_area=box(0, 0, 1, 1))) for spec in state.task.specs)
    fixed = replace(state, task=replace(state.task, specs=specs))
    assert Rounds(Worth()).next(fixed, 1.0, (0, 50), np.ones(1, np.uint64)) == (50, None, math.inf)
