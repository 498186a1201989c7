"""Putting zones in: each, alone or with its office and waiting area, at the cheapest place that cuts nothing off."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from hallplan.place import kernels as k
from hallplan.place.board import FLOOR, FRONT, board_of, lay_of
from hallplan.place.kernels import Floats
from hallplan.place.putting import MOST_SHAPES, put_in
from hallplan.place.state import State

NOWHERE = np.full(6, -1, np.int32)
"""No zone that is to leave its place."""


def lying(state: State, floor: int, row: Sequence[float], shapes: Floats) -> list[int]:
    """Movable zones that lie in a found place or on the way before it, or whose own way it would cover."""
    grid = state.task.grids[floor]
    i0, j0, i1, j1, s = (int(value) for value in row[1:])
    there = [state.occupied[floor][i0:i1, j0:j1]]
    if shapes[s, 2] >= 0:
        a, b, c, d = k.strip(grid.xs, grid.ys, (i0, j0, i1, j1), int(shapes[s, 2]), shapes[s, 3])
        there.append(state.occupied[floor][a:c, b:d])
    found = {int(one) - 1 for cells in there for one in np.unique(cells)} - {-1}
    for other in range(len(state.floor)):
        strip = state.front_strip(other) if state.floor[other] == floor else None
        if strip is not None and i0 < strip[2] and strip[0] < i1 and j0 < strip[3] and strip[1] < j1:
            found.add(other)
    specs = state.task.specs
    return sorted(one for one in found if specs[one].zone.fixed_area is None and not specs[one].opens)


def recreate(state: State, zones: list[int], rng: np.random.Generator, noise: float) -> None:
    """Puts zones back in, each at the cheapest place that cuts nothing off: alone or with its office and waiting area, at its
    least area where nothing else fits."""
    board = board_of(state.task)
    lay = lay_of(state, board)
    away = NOWHERE if state.away is None else np.array((*state.away[:2], *state.away[2]), np.int32)
    seed = int(rng.integers(1 << 30))
    put_in(board, lay, np.array(zones, np.int32), noise, state.is_tight, away, seed, MOST_SHAPES)
    state.become(lay.zones[:, :4], lay.zones[:, FLOOR], lay.zones[:, FRONT], *lay.grids)


def some_shapes(shapes: Floats, least_m2: float, rng: np.random.Generator) -> Floats:
    """At most MOST_SHAPES of the shapes, drawn at random; only small ones where a least area is given."""
    if math.isfinite(least_m2):
        size = shapes[:, 0] * shapes[:, 1]
        shapes = shapes[size <= max(1.08 * least_m2, float(size.min(initial=math.inf)) * 1.02)]
    if len(shapes) <= MOST_SHAPES:
        return shapes
    return shapes[np.sort(rng.choice(len(shapes), MOST_SHAPES, replace=False))]
