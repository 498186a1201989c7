"""Whether the columns in counter zones, and the floor before their sides, leave room for all windows in their lines."""

from __future__ import annotations

import numpy as np
from numba import njit

from hallplan.model.programme import CounterForm
from hallplan.place import board as d
from hallplan.place.bits import Bits, is_set
from hallplan.place.board import SIDE_FRONTS, Board, Lay, board_of, inner, lay_of
from hallplan.place.joined import lines
from hallplan.place.kernels import EAST, NORTH, SOUTH, WEST, Bools, Floats, Ints
from hallplan.place.shared import stood_on
from hallplan.place.state import State


def windows_lacking(state: State) -> int:
    """Returns how many planned windows find no place in all, as `lacking_by` counts them."""
    return sum(lacking_by(state).values())


def lacking_by(state: State) -> dict[int, int]:
    """Returns by zone how many planned windows find no place in the lines of their zones, each line set back from its front as far
    as furniture allows, columns keeping out of counters and staff chairs; lines along a side count where visitors can stand before it, off the ways of staff.

    A line as furnishing lays it may still pass a column between two chairs: so this is not below what furnishing lacks by much.
    """
    board = board_of(state.task, is_scored=False)
    lay = lay_of(state, board)
    many = lacking(board, lay, visited(board, lay))
    return {z: int(many[z]) for z in np.flatnonzero(many).tolist()}


def usable_forms(state: State, z: int) -> tuple[CounterForm, ...]:
    """Returns the forms of a zone's counters that have visitors' floor before all their fronts, the one in front taken for granted."""
    forms = state.task.specs[z].zone.forms
    if state.front[z] < 0 or all(form.name not in SIDE_FRONTS or not SIDE_FRONTS[form.name] for form in forms):
        return forms
    board = board_of(state.task, is_scored=False)
    lay = lay_of(state, board)
    told = dict(
        zip(
            (form.name for form in forms if form.name in SIDE_FRONTS),
            _usable(board, lay, visited(board, lay, state.floor[z]), z).tolist(),
            strict=True,
        )
    )
    return tuple(form for form in forms if told.get(form.name, True))


def side_fronts(state: State, z: int, form: CounterForm) -> list[tuple[int, float, float]]:
    """Returns the sides of a zone that a form's further counters stand at, as many as it needs and visitors can come to, with how far
    from the front they begin and the public floor before them, m.
    """
    board, front = board_of(state.task, is_scored=False), state.front[z]
    deep, before, lay = float(board.price[d.LINE]), float(board.price[d.BEFORE]), lay_of(state, board)
    both = _sides_open(board, lay, visited(board, lay, state.floor[z]), z, form.depth_m - deep)
    sides = (WEST, EAST) if front in (NORTH, SOUTH) else (SOUTH, NORTH)
    return [(side, deep, before) for side, is_open in zip(sides, both, strict=True) if is_open][
        : SIDE_FRONTS.get(form.name, 0)
    ]


@njit(cache=True, nogil=True)
def _sides_open(b: Board, s: Lay, stood: Bits, z: int, least: float) -> tuple[bool, bool]:
    return _open_sides(b, s, stood, z, least)


@inner
def free(b: Board, s: Lay) -> Bits:
    """Returns the cells that are walked on by anybody, (F, nx, words)."""
    out: Bits = b.bits[:, d.WALK] & ~s.bits[:, d.USED]
    return out


@njit(cache=True, nogil=True)
def visited(b: Board, s: Lay, floor: int = -1) -> Bits:
    """Returns the cells that visitors may stand on, (F, nx, words), as `shared.stood_on` tells them; of one floor alone, or of all (-1)."""
    out = np.zeros((b.bits.shape[0], *s.bits.shape[2:]), np.uint64)
    for f in range(out.shape[0]):
        if floor in (-1, f):
            out[f] = stood_on(b, s, f)
    return out


@njit(cache=True, nogil=True)
def lacking(b: Board, s: Lay, stood: Bits) -> Ints:
    """Returns by zone how many planned windows find no place, (n,); stood: (F, nx, words) where visitors may stand."""
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
            out[z] = _lacking(b, s, stood, z)
    return out


@inner
def _lacking(b: Board, s: Lay, stood: Bits, z: int) -> int:
    xs, ys, front = lines(b, s.zones[z, d.FLOOR], 0), lines(b, s.zones[z, d.FLOOR], 1), s.zones[z, d.FRONT]
    rect = (xs[s.zones[z, 0]], ys[s.zones[z, 1]], xs[s.zones[z, 2]], ys[s.zones[z, 3]])
    spans = _turned(b, s.zones[z, d.FLOOR], rect, front)
    many = b.zone[z, d.WINDOWS]
    low, high = b.zone[z, d.FORM_FROM], b.zone[z, d.FORM_TO]
    if low == high:
        return 0
    width, depth = rect[2] - rect[0], rect[3] - rect[1]
    if front not in (NORTH, SOUTH):
        width, depth = depth, width
    held = 0
    if spans.shape[0] == 0 and b.rows[low, 2] == 0 and width >= b.rows[low, 0] - 1e-6:
        return 0
    for k in range(low, high):
        if not _is_usable(b, s, stood, z, k):
            continue
        held = max(held, _held(b, spans, width, depth, b.rows[k, 0] / many, b.rows[k, 1]))
    return int(max(0, many - held))


@njit(cache=True, nogil=True)
def _usable(b: Board, s: Lay, stood: Bits, z: int) -> Bools:
    low, high = b.zone[z, d.FORM_FROM], b.zone[z, d.FORM_TO]
    out = np.zeros(high - low, np.bool_)
    for k in range(low, high):
        out[k - low] = _is_usable(b, s, stood, z, k)
    return out


@inner
def _is_usable(b: Board, s: Lay, stood: Bits, z: int, k: int) -> bool:
    """Whether visitors can come to the sides of a zone at which counters of a form stand."""
    sides = int(b.rows[k, 2])
    return sides == 0 or sum(_open_sides(b, s, stood, z, b.rows[k, 1] - b.price[d.LINE])) >= sides


@inner
def _open_sides(b: Board, s: Lay, stood: Bits, z: int, least: float) -> tuple[bool, bool]:
    """Whether the lower and the upper side beside a zone's front have public floor before a stretch so long, behind the counters at the front."""
    f, front = s.zones[z, d.FLOOR], s.zones[z, d.FRONT]
    is_level = front in (NORTH, SOUTH)
    low, high = (s.zones[z, 1], s.zones[z, 3]) if is_level else (s.zones[z, 0], s.zones[z, 2])
    near, far = (s.zones[z, 0], s.zones[z, 2]) if is_level else (s.zones[z, 1], s.zones[z, 3])
    along, across = (lines(b, f, 1), lines(b, f, 0)) if is_level else (lines(b, f, 0), lines(b, f, 1))
    begin, end = along[low], along[high]
    if front in (NORTH, EAST):
        end -= b.price[d.LINE]
    else:
        begin += b.price[d.LINE]
    lower = upper = False
    for is_far in (False, True):
        run = best = 0.0
        for n in range(low, high):
            if _is_open(b, stood[f], n, far if is_far else near, across, is_far, is_level):
                run += max(0.0, min(end, along[n + 1]) - max(begin, along[n]))
                best = max(best, run)
            else:
                run = 0.0
        if is_far:
            upper = best >= least - 1e-6
        else:
            lower = best >= least - 1e-6
    return lower, upper


@inner
def _is_open(b: Board, stood: Bits, n: int, edge: int, across: Floats, is_far: bool, is_level: bool) -> bool:
    """Whether visitors can stand before one cell of a zone's edge, the n-th along it; is_far: beyond its higher end."""
    depth = b.price[d.BEFORE] - 1e-6
    at, step = (int(edge), 1) if is_far else (int(edge) - 1, -1)
    while True:
        if at < 0 or at + 1 >= across.size:
            return False
        i, j = (at, int(n)) if is_level else (int(n), at)
        if not is_set(stood, i, j):
            return False
        if (across[at + 1] - across[edge] if is_far else across[edge] - across[at]) >= depth:
            return True
        at += step


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
