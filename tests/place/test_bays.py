"""Aisles drawn first, zones in rows along them: what any draft keeps, whatever its random numbers."""

from __future__ import annotations

import itertools
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallplan.place import bays
from hallplan.place.bays.laying import lay_all
from hallplan.place.bays.network import draw_network
from hallplan.place.bays.search import empty_laid
from hallplan.place.search import Clock, never, put_fixed
from hallplan.place.state import State, reached
from hallplan.place.task import Task, make_task
from hallplan.place.weights import BayBudget, score_weights
from hallplan.settings import Settings
from tests.builders import make_programme, make_site

FEW = BayBudget(starts=1, stages=((2, 300), (2, 300)))


@lru_cache(maxsize=1)
def _task() -> Task:
    return make_task(make_site(), make_programme(), score_weights(Settings()), [], [])


def _drafts(seed: int) -> list[bays.Draft]:
    found = (bays.run_start(_task(), (seed, n), FEW, Clock(never)) for n in range(40))
    return next(drafts for drafts in found if drafts)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000))
def test_no_draft_lays_zones_over_each_other_on_aisles_or_off_the_floor(seed: int) -> None:
    for draft in _drafts(seed):
        state = bays.state_of(draft)
        placed = [z for z in draft.genes.order.tolist() if state.is_placed(z)]
        for z in placed:
            i0, j0, i1, j1 = state.rects[z]
            assert (draft.hall.base[state.floor[z], i0:i1, j0:j1] == 0).all()
        for a, b in itertools.combinations(placed, 2):
            (a0, a1, a2, a3), (b0, b1, b2, b3) = state.rects[a], state.rects[b]
            assert a2 <= b0 or b2 <= a0 or a3 <= b1 or b3 <= a1


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000))
def test_what_a_draft_lays_has_its_areas_sides_and_counters(seed: int) -> None:
    for draft in _drafts(seed):
        state = bays.state_of(draft)
        for z in (z for z in draft.genes.order.tolist() if state.is_placed(z)):
            zone = state.task.specs[z].zone
            x0, y0, x1, y1 = state.task.grids[state.floor[z]].rect(state.rects[z])
            assert zone.min_m2 - 1e-6 <= state.net_area(z) <= zone.max_m2 + 1e-6
            assert min(x1 - x0, y1 - y0) >= zone.min_side_m - 1e-6
            along, behind = (x1 - x0, y1 - y0) if state.front[z] % 2 else (y1 - y0, x1 - x0)
            assert not zone.forms or any(f.front_m <= along + 1e-6 and f.depth_m <= behind + 1e-6 for f in zone.forms)


@pytest.mark.parametrize("seed", range(6))
def test_aisles_are_one_network_that_leads_to_every_door(seed: int) -> None:
    task = _task()
    state = State.empty(task)
    put_fixed(state)
    network = draw_network(state, 0, np.random.default_rng(seed))
    grid = task.grids[0]
    way = grid.ways[min(grid.ways)]
    valid = way.anchors(network.mask)
    first = tuple(np.argwhere(valid)[0])
    joined = np.isfinite(way.flood(valid, np.array([first], np.int32), grid.ones))
    assert joined[valid].all()
    for point in grid.open_exits:
        assert way.nearest(joined, point, 4.0) is not None


def test_the_same_seed_lays_the_same_draft() -> None:
    one, other = _drafts(3)[0], _drafts(3)[0]
    assert one.cost == other.cost
    assert bays.state_of(one).rects == bays.state_of(other).rects


def test_a_complete_draft_can_be_walked() -> None:
    more = BayBudget(starts=1, stages=((8, 3000), (3, 15000)))
    states = [bays.state_of(draft) for draft in bays.run_start(_task(), (1, 0), more, Clock(never))]
    whole = [state for state in states if not state.unplaced]
    assert whole
    assert any(reached(state, 0) is not None for state in whole)


def test_a_zone_is_laid_where_its_row_begins() -> None:
    draft = _drafts(5)[0]
    hall, genes = draft.hall, draft.genes
    laid = empty_laid(hall)
    lay_all(hall, genes, laid)
    for q in range(len(hall.rows)):
        f, axis, line, step = hall.rows[q, :4].tolist()
        mine = [z for z in genes.order.tolist() if laid.floor[z] >= 0 and genes.row[z] == q and not hall.rows[q, 6]]
        for z in mine:
            edge = laid.cells[z, 1 - axis] if step > 0 else laid.cells[z, 3 - axis] - 1
            assert (int(laid.floor[z]), int(edge)) == (f, line)
