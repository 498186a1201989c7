"""The ways of staff while rows are filled: off the aisles wherever that can be, against a plain walk over the same windows."""

from __future__ import annotations

from collections import deque

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallplan.place import bays
from hallplan.place.bays.crossing import NO_WAY_M, crossed_m
from hallplan.place.bays.hall import AISLE
from hallplan.place.bays.laying import Laid, lay_all
from hallplan.place.bays.search import empty_laid
from hallplan.place.state import State
from tests.place.test_bays import _drafts


def _laid(draft: bays.Draft) -> Laid:
    laid = empty_laid(draft.hall)
    lay_all(draft.hall, draft.genes, laid)
    return laid


def _floor(draft: bays.Draft, state: State, *, with_aisles: bool) -> np.ndarray:
    """(nx, ny): where staff may walk."""
    ground, grid = draft.hall.ground[0], state.task.grids[0]
    walk = ((ground == AISLE) & with_aisles) | ((ground > 0) & (ground != AISLE))
    movable = [z for z in draft.genes.order.tolist() if state.is_placed(z)]
    for z in movable:
        i0, j0, i1, j1 = state.rects[z]
        walk[i0:i1, j0:j1] = False
    for z in movable:
        spec = state.task.specs[z]
        if spec.needs_staff:
            i0, j0, i1, j1 = state.rects[z] if spec.is_staff else state.back_band(z)
            walk[i0:i1, j0:j1] = True
    assert walk.shape == grid.inside.shape
    return walk


def _come_to(draft: bays.Draft, state: State, *, with_aisles: bool) -> tuple[int, int]:
    """How many places of staff can be come to from their door, and how many there are."""
    grid = state.task.grids[0]
    way = grid.ways[min(grid.ways)]
    valid = way.anchors(_floor(draft, state, with_aisles=with_aisles))
    near = [
        (int(i), int(j))
        for i, j in np.argwhere(valid)
        for x, y in grid.staff_seeds
        if abs(grid.xs[i] + 0.6 - x) <= 2.0 and abs(grid.ys[j] + 0.6 - y) <= 2.0
    ]
    seen, queue = set(near), deque(near)
    while queue:
        i, j = queue.popleft()
        for at in ((i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)):
            if 0 <= at[0] < valid.shape[0] and 0 <= at[1] < valid.shape[1] and valid[at] and at not in seen:
                seen.add(at)
                queue.append(at)
    goals = [z for z in draft.genes.order.tolist() if state.is_placed(z) and state.task.specs[z].needs_staff]
    count = 0
    for z in goals:
        i0, j0, i1, j1 = state.rects[z] if state.task.specs[z].is_staff else state.back_band(z)
        corners = ((i, j, int(way.reach_x[i]) - 1, int(way.reach_y[j]) - 1) for i, j in seen)
        count += any(
            (i0 <= i < i1 and j0 <= j < j1) or (i0 <= a < i1 and j0 <= b < j1) for i, j, a, b in corners
        )  # fmt: skip
    return count, len(goals)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_staff_cross_aisles_only_where_they_must(seed: int) -> None:
    """Nothing is counted just when every place is come to without an aisle; places cut off count NO_WAY_M each."""
    for draft in _drafts(seed)[:1]:
        state, metres = bays.state_of(draft), crossed_m(draft.hall, _laid(draft))
        free, many = _come_to(draft, state, with_aisles=False)
        at_all, _ = _come_to(draft, state, with_aisles=True)
        assert (metres == 0.0) == (free == many)
        assert metres >= NO_WAY_M * (many - at_all) - 1e-9
        if at_all == many:
            assert metres < NO_WAY_M * many


def test_the_same_floor_gives_the_same_metres() -> None:
    draft = _drafts(3)[0]
    assert crossed_m(draft.hall, _laid(draft)) == pytest.approx(crossed_m(draft.hall, _laid(draft)), abs=0)
