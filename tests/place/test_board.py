"""Compiled code sees a state as the model does: on one floor and on two, whole and with zones in each other's way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from shapely.geometry import box

from hallplan.model.programme import Programme
from hallplan.model.site import ObstacleKind, OpeningRole, Site, VerticalLink
from hallplan.place.bits import packed
from hallplan.place.board import board_of, lay_of
from hallplan.place.fitting import loosened
from hallplan.place.inserting import NOWHERE
from hallplan.place.lined import windows_lacking
from hallplan.place.putting import put_in
from hallplan.place.score import score_parts
from hallplan.place.search import Clock, empty_state, mend, ruin
from hallplan.place.standing import is_whole, standing
from hallplan.place.state import State
from hallplan.place.task import make_task
from hallplan.place.weights import WEIGHTS, Work, score_weights
from hallplan.place.worth import Worth
from hallplan.settings import Settings
from tests.builders import door, make_programme, make_site
from tests.place.looked import ways_seen
from tests.place.test_place import _floor, _township


@pytest.fixture(scope="module", params=[1, 2])
def state(request: pytest.FixtureRequest) -> State:
    """A complete layout on one floor, or on two of different sizes."""
    site, programme = _township()
    if request.param == 2:
        site, programme = _two_storeys()
    return whole_state(site, programme, rounds=8)


def whole_state(site: Site, programme: Programme, rounds: int) -> State:
    """Returns a whole layout that can be bettered."""
    task = loosened(make_task(site, programme, score_weights(Settings()), [], []))
    found = mend(empty_state(task, 0), (3, 0), Work(rounds, 200), Clock(lambda: None)).best[0][1]
    assert not found.unplaced
    return found


def _two_storeys() -> tuple[Site, Programme]:
    links = (VerticalLink("S1", ObstacleKind.STAIR, (25.0, 10.0)),)
    below = _floor("F1", box(0, 0, 34, 20), (door("D1", OpeningRole.MAIN, (15, -0.15), (18, -0.15), 90),), links)
    above = _floor("F2", box(0, 0, 27, 18), (), links, level=2)
    programme = make_programme()
    upper = {"back_office-1", "records-1", "staff_support-1", "equipment_rooms-1", "value_added-1"}
    zones = tuple(
        replace(zone, floors=("F2",) if zone.id in upper else ("F1",), needs=())
        for zone in programme.zones
        if zone.id not in {"window_special-1", "wait-2", "self_24h-1"}
    )
    return replace(make_site(), floors=(below, above)), replace(programme, zones=zones)


def test_the_bits_of_a_state_follow_its_cells_as_zones_are_put_in(state: State) -> None:
    board, rng, moved = board_of(state.task), np.random.default_rng(4), 0
    for seed in range(12):
        trial = state.copy()
        ruin(trial, rng)
        lay = lay_of(trial, board)
        put_in(board, lay, np.array(trial.unplaced, np.int32), 1.0, False, NOWHERE, seed, 3)
        assert np.array_equal(lay.bits, packed(lay.grids).swapaxes(0, 1))
        moved += not np.array_equal(lay.zones[:, :4], np.array(state.rects))
    assert moved


def test_a_state_costs_what_its_score_says_on_any_number_of_floors(state: State) -> None:
    left_out = ("moved_walls_m", "staff_metres_per_day")
    cost = sum(part.cost for part in score_parts(state) if part.id not in left_out)
    _, errands, _ = ways_seen(state)
    assert Worth()(state) == pytest.approx(cost + errands + WEIGHTS.window * windows_lacking(state), abs=1e-3)


def test_what_is_cut_off_is_cut_off_for_compiled_code_too(state: State) -> None:
    """Zones taken out, then laid anywhere that is free: about a third of them shut something off."""
    rng, seen = np.random.default_rng(0), set()
    for _ in range(40):
        trial = state.copy()
        _, out = ruin(trial, rng)
        for z in out:
            _lay_anywhere(trial, z, rng)
        for floor in range(len(trial.task.grids)):
            seen.add(is_whole(trial, floor))
            assert is_whole(trial, floor) == standing(trial, floor).is_whole
    assert seen == {True, False}


def _lay_anywhere(state: State, z: int, rng: np.random.Generator) -> None:
    """Lays a zone on free cells, of any size up to a dozen cells a side."""
    floor = int(rng.choice(state.task.specs[z].floors))
    grid = state.task.grids[floor]
    for _ in range(20):
        i, j = int(rng.integers(grid.xs.size - 2)), int(rng.integers(grid.ys.size - 2))
        rect = (
            i,
            j,
            min(grid.xs.size - 1, i + int(rng.integers(2, 12))),
            min(grid.ys.size - 1, j + int(rng.integers(2, 12))),
        )
        here = slice(rect[0], rect[2]), slice(rect[1], rect[3])
        if grid.inside[here].all() and not state.occupied[floor][here].any():
            state.put(z, floor, rect, int(rng.integers(4)) if state.task.specs[z].has_front else -1)
            return


def test_a_state_goes_to_arrays_and_back_unchanged(state: State) -> None:
    lay = lay_of(state, board_of(state.task))
    back = state.copy()
    for z in range(len(back.floor)):
        if back.task.specs[z].zone.fixed_area is None:
            back.take(z)
    back.become(lay.zones[:, :4], lay.zones[:, 4], lay.zones[:, 5], *lay.grids)
    assert (back.rects, back.floor, back.front, back.strips) == (state.rects, state.floor, state.front, state.strips)
    assert all(
        np.array_equal(a, b) for a, b in zip(back.kept + back.occupied, state.kept + state.occupied, strict=True)
    )
