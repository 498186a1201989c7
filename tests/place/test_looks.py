"""What a look tells of floors on which nothing moved is what it would tell anew."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hallplan.place.looks import Told
from hallplan.place.rounds import Rounds
from hallplan.place.state import State
from hallplan.place.worth import Worth
from tests.place.test_board import _two_storeys, whole_state

ROUNDS = 120


@pytest.fixture(scope="module")
def state() -> State:
    """A whole layout on two floors that can be bettered."""
    return whole_state(*_two_storeys(), rounds=2)


def _told(worth: Worth) -> Told:
    assert worth.told is not None
    return worth.told[1]


@pytest.mark.parametrize("seed", [7, 8])
def test_what_is_told_again_is_what_is_told_anew(state: State, seed: int) -> None:
    """The floors above and below change in turn; each state let in is looked at again by one who knows nothing."""
    worth = Worth()
    rounds, cost = Rounds(worth), worth(state)
    word, n, let_in, same = np.array([seed], np.uint64), 0, 0, 0
    while n < ROUNDS:
        n, trial, most = rounds.next(state, cost, (n, ROUNDS), word)
        found = math.inf if trial is None else worth(trial, most)
        if trial is None or not math.isfinite(found):
            continue
        assert worth.known is not None
        same += int(worth.known[1].is_same.sum())
        anew = Worth()
        assert found == pytest.approx(anew(trial), abs=1e-9)
        for mine, its in zip(_told(worth), _told(anew), strict=True):
            assert mine.tolist() == pytest.approx(its.tolist(), abs=1e-9) if mine.ndim == 1 else np.allclose(mine, its)
        state, cost, let_in = trial, found, let_in + 1
    assert let_in > 3
    assert same > 0


def test_of_another_state_nothing_is_known(state: State) -> None:
    worth = Worth()
    worth(state)
    assert worth.look(state.task, state).is_known
    assert not worth.look(state.task, state.copy()).is_known
    assert not worth.look(state.task).is_known
