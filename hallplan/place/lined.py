"""Whether the columns in counter zones leave room for all windows in a line."""

from __future__ import annotations

import numpy as np
from numba import njit

from hallplan.place import board as d
from hallplan.place.board import Board, Lay, board_of, inner, lay_of
from hallplan.place.joined import lines
from hallplan.place.kernels import EAST, NORTH, SOUTH, Floats, Ints
from hallplan.place.state import State


def windows_lacking(state: State) -> int:
    """Returns how many planned windows find no place in all, as `lacking_by` counts them."""
    return sum(lacking_by(state).values())


def lacking_by(state: State) -> dict[int, int]:
    """Returns by zone how many planned windows find no place in the lines of their zones, each line set back from its front as far
    as furniture allows, columns keeping out of counters and staff chairs.

    A line as furnishing lays it may still pass a column between two chairs: so this is not below what furnishing lacks by much.
    """
    board = board_of(state.task, has_walls=False)
    many = lacking(board, lay_of(state, board))
    return {z: int(many[z]) for z in np.flatnonzero(many).tolist()}


@njit(cache=True, nogil=True)
def lacking(b: Board, s: Lay) -> Ints:
    """Returns by zone how many planned windows find no place, (n,)."""
    out = np.zeros(s.zones.shape[0], np.int32)
    for z in range(s.zones.shape[0]):
        row = b.zone[z]
        if (
            row[d.WINDOWS] > 0
            and row[d.LONG] == 1
            and row[d.FIXED] == 0
            and s.zones[z, d.FLOOR] >= 0
            and s.zones[z, d.FRONT] >= 0
        ):
            out[z] = _lacking(b, s, z)
    return out


@inner
def _lacking(b: Board, s: Lay, z: int) -> int:
    xs, ys, front = lines(b, s.zones[z, d.FLOOR], 0), lines(b, s.zones[z, d.FLOOR], 1), s.zones[z, d.FRONT]
    rect = (xs[s.zones[z, 0]], ys[s.zones[z, 1]], xs[s.zones[z, 2]], ys[s.zones[z, 3]])
    spans = _turned(b, s.zones[z, d.FLOOR], rect, front)
    many = b.zone[z, d.WINDOWS]
    low, high = b.zone[z, d.FORM_FROM], b.zone[z, d.FORM_TO]
    if spans.shape[0] == 0 or low == high:
        return 0
    width, depth = rect[2] - rect[0], rect[3] - rect[1]
    if front not in (NORTH, SOUTH):
        width, depth = depth, width
    held = 0
    for k in range(low, high):
        held = max(held, _held(b, spans, width, depth, b.rows[k, 0] / many, b.rows[k, 1]))
    return int(max(0, many - held))


@inner
def _turned(b: Board, f: int, rect: tuple[float, float, float, float], front: int) -> Floats:
    """Where the columns in a rectangle begin and end along its front, in order, and behind it; (n, 4)."""
    x0, y0, x1, y1 = rect
    low, high = b.spans[f, d.COLUMNS, 0], b.spans[f, d.COLUMNS, 1]
    out = np.empty((high - low, 4))
    n = 0
    for q in range(low, high):
        a0, b0, a1, b1 = b.rows[q, 0], b.rows[q, 1], b.rows[q, 2], b.rows[q, 3]
        if not (a0 < x1 and a1 > x0 and b0 < y1 and b1 > y0):
            continue
        if front in (NORTH, SOUTH):
            out[n, 0], out[n, 1] = a0 - x0, a1 - x0
            out[n, 2], out[n, 3] = (y1 - b1, y1 - b0) if front == NORTH else (b0 - y0, b1 - y0)
        else:
            out[n, 0], out[n, 1] = b0 - y0, b1 - y0
            out[n, 2], out[n, 3] = (x1 - a1, x1 - a0) if front == EAST else (a0 - x0, a1 - x0)
        n += 1
    found = out[:n]
    return found[np.argsort(found[:, 0], kind="mergesort")]


@inner
def _held(b: Board, spans: Floats, length: float, depth: float, pitch: float, need_m: float) -> int:
    """The most windows of a pitch that a line holds, over all distances that it may stand back from the front."""
    deep, steps, step_m = b.price[d.LINE], int(b.price[d.LINE + 1]), b.price[d.LINE + 2]
    best = 0
    for step in range(steps + 1):
        back = step * step_m
        if step > 0 and depth - back < need_m - 1e-6:
            break
        at, held = 0.0, 0
        for k in range(spans.shape[0]):
            if spans[k, 2] < back + deep and spans[k, 3] > back:
                held += max(0, int(np.floor((spans[k, 0] - at) / pitch + 1e-6)))
                at = max(at, spans[k, 1])
        best = max(best, held + max(0, int(np.floor((length - at) / pitch + 1e-6))))
    return best
