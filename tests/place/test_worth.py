"""The search's own cost of a whole layout is its score, walls left aside."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from hallplan.place.fitting import loosened
from hallplan.place.lined import windows_lacking
from hallplan.place.score import score_parts
from hallplan.place.search import Clock, empty_state, mend
from hallplan.place.state import State
from hallplan.place.task import Pairs, make_task
from hallplan.place.weights import WEIGHTS, Work, score_weights
from hallplan.place.worth import Worth, broken_cost, nearness, places
from hallplan.settings import Settings
from tests.place.looked import ways_seen
from tests.place.test_place import _township


@pytest.fixture(scope="module")
def state() -> State:
    site, programme = _township()
    task = loosened(make_task(site, programme, score_weights(Settings()), [], []))
    found = mend(empty_state(task, 0), (1, 0), Work(5, 50), Clock(lambda: None)).best[0][1]
    assert not found.unplaced
    return found


def test_a_whole_layout_costs_its_score_without_walls_and_what_it_breaks(state: State) -> None:
    """Staff's walks from offices as the crow flies."""
    parts = [part for part in score_parts(state) if part.id not in ("moved_walls_m", "staff_metres_per_day")]
    broken = broken_cost({part.id: part.value for part in parts}) + WEIGHTS.window * windows_lacking(state)
    _, errands, _ = ways_seen(state)
    assert Worth(1e-9)(state) == pytest.approx(sum(part.cost for part in parts) + errands + broken, abs=1e-3)
    assert errands <= next(part.cost for part in score_parts(state) if part.id == "staff_metres_per_day") + 1e-6


def test_what_must_hold_counts_on_top_where_it_does_not() -> None:
    assert broken_cost({"staff_crossing_m": 0.4, "escape_over_m": 0.0, "adjacency": 900.0}) == 0.0
    assert broken_cost({"staff_crossing_m": 2.0, "escape_over_m": 1.0}) == 2.0 * 5.0 + 1.0 * 10.0


def test_what_costs_more_than_wanted_is_not_looked_at_further(state: State) -> None:
    score = Worth()(state)
    assert Worth()(state, score + 1.0) == score
    assert Worth()(state, 0.01) == math.inf


def test_what_is_known_first_is_never_above_the_score(state: State) -> None:
    near, walked, _ = nearness(*places(state), state.task.pairs, 8.0)
    parts = {part.id: part.cost for part in score_parts(state)}
    assert near == pytest.approx(parts["adjacency"], abs=1e-3)
    assert 0.0 <= walked <= parts["visitor_metres_per_day"]


def test_walks_are_guessed_from_those_of_the_last_layout_let_in(state: State) -> None:
    """A door to a zone, 10 m and more straight: a detour of a hundred times is above any limit."""
    walked = replace(state.task, flows={(0, -1): 100.0})
    with_walks = replace(state, task=walked)
    judge = Worth()
    score = judge(with_walks)
    assert judge.detours is not None
    assert 0.0 < judge.detours[0] < 10.0
    assert judge(with_walks, score + 0.1) == score
    assert Worth(detours=np.array([1e6]))(with_walks, score + 0.1) == math.inf


def test_a_layout_that_lacks_a_zone_costs_more_than_any_whole_one(state: State) -> None:
    fewer = state.copy()
    fewer.take(next(spec.index for spec in state.task.specs if spec.zone.fixed_area is None))
    assert Worth()(fewer) > Worth()(state) + 500.0


def test_gaps_count_from_side_to_side() -> None:
    """Zones 3 m and 4 m apart: 7 m of a wish, 5 m straight less the 1.8 m that one way may touch; a door 10 m away."""
    at = np.array([[0.0, 0.0, 2.0, 2.0], [5.0, 6.0, 8.0, 9.0]])
    wishes, flows = np.array([[0.0, 1.0, 2.0, 0.0, 0.0]]), np.array([[0.0, 1.0, 3.0], [0.0, -1.0, 1.0]])
    pairs = Pairs(wishes, flows, np.array([[0.0, 12.0, 1.0]]), np.zeros(2))
    near, walked, straight = nearness(at, np.zeros(2, np.int32), np.full(2, -1, np.int32), pairs, 8.0)
    assert (near, walked) == (pytest.approx(14.0), pytest.approx(3 * 3.2 + 8.2))
    assert straight == pytest.approx(3 * (5.5 + 6.5) + 11.0)
