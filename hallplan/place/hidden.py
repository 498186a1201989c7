"""What a state hides that is to be in sight: for its score, and compiled for the search."""

from __future__ import annotations

import numpy as np
from numba import njit

from hallplan.place import board as d
from hallplan.place.bits import packed
from hallplan.place.board import Board, Lay, inner, lean
from hallplan.place.joined import lines
from hallplan.place.kernels import Bools
from hallplan.place.putting import in_metres
from hallplan.place.sightlines import NOBODY, Sight, is_clear
from hallplan.place.state import State


def out_of_sight(state: State) -> float:
    """Returns the weights of all wishes to have something in sight that a state does not keep: nothing that would do lies on the
    viewer's floor with a clear line to its middle."""
    rooms = np.array([spec.zone.is_enclosed for spec in state.task.specs], np.bool_)
    floors = [packed(grid.inside) for grid in state.task.grids] if state.task.sights else []
    hidden = (sight for sight in state.task.sights if not _is_kept(state, sight, floors, rooms))
    return float(sum(sight.weight for sight in hidden))


def _is_kept(state: State, sight: Sight, floors: list[np.ndarray], rooms: Bools) -> bool:
    floor, x, y = sight.at if sight.viewer == NOBODY else _middle(state, sight.viewer)
    grid, cells = state.task.grids[floor], state.occupied[floor]
    middles = (_middle(state, zone)[1:] for zone in sight.seen if state.floor[zone] == floor)
    return any(is_clear(grid.xs, grid.ys, floors[floor], cells, rooms, x, y, *middle) for middle in middles)


def _middle(state: State, zone: int) -> tuple[int, float, float]:
    floor = state.floor[zone]
    x0, y0, x1, y1 = state.task.grids[floor].rect(state.rects[zone])
    return floor, (x0 + x1) / 2, (y0 + y1) / 2


@njit(cache=True, nogil=True)
def hidden(b: Board, s: Lay) -> float:
    """Returns what `out_of_sight` counts at its price."""
    total, rooms = 0.0, b.zone[:, d.ENCLOSED] == 1
    q, end = b.spans[0, d.SIGHTS, 0], b.spans[0, d.SIGHTS, 1]
    while q < end:
        wish, is_seen = b.rows[q, 0], False
        while q < end and b.rows[q, 0] == wish:
            is_seen = is_seen or _sees(b, s, q, rooms)
            q += 1
        if not is_seen:
            total += b.rows[q - 1, 6]
    return total


@inner
def _sees(b: Board, s: Lay, q: int, rooms: Bools) -> bool:
    """Whether a row of the table of sights is one that a state keeps."""
    viewer, seen = int(b.rows[q, 1]), int(b.rows[q, 5])
    f, x, y = int(b.rows[q, 2]), b.rows[q, 3], b.rows[q, 4]
    if viewer >= 0:
        f = s.zones[viewer, d.FLOOR]
        x, y = _middle_of(b, s, viewer)
    if s.zones[seen, d.FLOOR] != f:
        return False
    to_x, to_y = _middle_of(b, s, seen)
    xs, ys = lines(b, f, 0), lines(b, f, 1)
    return is_clear(xs, ys, b.bits[f, d.INSIDE], s.grids[0, f], rooms, x, y, to_x, to_y)


@lean
def _middle_of(b: Board, s: Lay, z: int) -> tuple[float, float]:
    x0, y0, x1, y1 = in_metres(b, s, z)
    return (x0 + x1) / 2, (y0 + y1) / 2
