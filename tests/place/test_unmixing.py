"""Layouts in which staff come onto visitors' ways are mended without losing a zone or a way."""

from __future__ import annotations

import pytest

from hallplan.place import bays
from hallplan.place.building import escape_excess
from hallplan.place.networks import staff_crossing
from hallplan.place.search import Clock, never
from hallplan.place.starts import is_joined
from hallplan.place.state import State
from hallplan.place.task import make_task
from hallplan.place.unmixing import unmixed
from hallplan.place.weights import budget, score_weights
from hallplan.settings import Settings
from tests.builders import make_programme, make_site

ROUNDS = 60


@pytest.fixture(scope="module")
def drafts() -> list[State]:
    """Complete layouts as the search for aisles and rows leaves them."""
    task = make_task(make_site(), make_programme(), score_weights(Settings()), [], [])
    clock = Clock(never)
    found = [bays.state_of(d) for n in range(3) for d in bays.run_start(task, (1, n), budget("quick").bays, clock)]
    return [state for state in found if not state.unplaced and is_joined(state)]


def _broken_m(state: State) -> float:
    return staff_crossing(state)[0] + escape_excess(state, state.task.weights.escape_m)


def _mended(state: State) -> State:
    return unmixed(state, (1, 1), ROUNDS, Clock(never)).best[0][1]


def test_staff_come_onto_visitors_ways_less_and_no_zone_is_lost(drafts: list[State]) -> None:
    assert drafts
    mended = [_mended(state) for state in drafts]
    assert all(not state.unplaced and is_joined(state) for state in mended)
    assert sum(map(_broken_m, mended)) < sum(map(_broken_m, drafts))


def test_a_layout_is_mended_the_same_way_twice(drafts: list[State]) -> None:
    assert _mended(drafts[0]).rects == _mended(drafts[0]).rects


def test_the_zones_whose_staff_cross_are_named_with_the_metres(drafts: list[State]) -> None:
    for state in drafts:
        metres, zones = staff_crossing(state)
        assert (metres > 0) == bool(zones)
        assert all(state.task.specs[z].needs_staff for z in zones)
