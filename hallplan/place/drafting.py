"""Drafts: zones float over the plan until they lie well, with ways open among them, then each is put in as near to there as it can be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from hallplan.place import spots
from hallplan.place.board import board_of, lay_of
from hallplan.place.channels import channels
from hallplan.place.floating import anneal, scatter
from hallplan.place.ground import Afloat, Ground, fix
from hallplan.place.grounding import ground_of, lying_of
from hallplan.place.inserting import recreate
from hallplan.place.kernels import Ints
from hallplan.place.putting import BLOCKS
from hallplan.place.question import question
from hallplan.place.standing import is_whole
from hallplan.place.state import State
from hallplan.place.weights import DRAFTS
from hallplan.place.worth import access_of

MOST_TRIED = 8
"""Of the places nearest to where a zone floats so many are tried."""


def drafted(state: State, seed: int, stop: Callable[[], object] = lambda: None) -> State:
    """Returns a state with the zones it lacks put in near the places they float to, as far as they find any there.

    stop: asked while zones float and before each is put in; no more is done when it names a reason.
    """
    state, rng = state.copy(), np.random.default_rng(seed)
    if stop():
        return state
    recreate(state, [z for z in _lacking(state) if state.task.specs[z].opens], rng, 0.0)
    lacking = _lacking(state)
    if not lacking:
        return state
    ground, floating = floated(state, seed, stop)
    for n, z in enumerate(lacking):
        if stop():
            return state
        off = _settle(state, ground, floating, z, rng)
        rest = np.array(lacking[n + 1 :], np.int32)
        if rest.size and off > 0.0:
            _float_on(state, ground, floating, rest, seed + n, is_far=off > DRAFTS.off_m)
    recreate(state, _lacking(state), rng, 0.0)
    return state


def floated(state: State, seed: int, stop: Callable[[], object] = lambda: None) -> tuple[Ground, Afloat]:
    """Returns where the zones that a state lacks float to, ways held open among them, and what they float over.

    stop: asked now and then; they float no further when it names a reason.
    """
    movable = np.array(_lacking(state), np.int32)
    ground, floating = ground_of(state, movable), lying_of(state)
    scatter(ground, floating, movable, seed)
    moves = min(DRAFTS.moves * movable.size, DRAFTS.most) // DRAFTS.stages
    widest = float(ground.frame[:, 2:].max()) / 2
    reach = (widest + DRAFTS.reach_m[1], widest * DRAFTS.nearest + DRAFTS.reach_m[1])
    shares = np.linspace(0.0, 1.0, DRAFTS.stages + 1)
    heat, lost, far = (first * (last / first) ** shares for first, last in (DRAFTS.heat, DRAFTS.lost, reach))
    for k in range(DRAFTS.stages):
        if stop():
            break
        if shares[k] >= DRAFTS.open_from:
            _open_ways(state, ground, floating)
        anneal(ground, floating, movable, moves, heat[k : k + 2], lost[k : k + 2], far[k : k + 2], seed + k)
    _open_ways(state, ground, floating)
    return ground, floating


def kernels(state: State) -> list[tuple[Any, tuple[object, ...]]]:
    """Returns the compiled functions that drafts of a state call, with what each is given."""
    movable, board, pair = np.array(_lacking(state), np.int32), board_of(state.task), np.ones(2)
    ground, floating = ground_of(state, movable), lying_of(state)
    return [
        (scatter, (ground, floating, movable, 0)),
        (anneal, (ground, floating, movable, 0, pair, pair, pair, 0)),
        (channels, (ground, floating, board, lay_of(state, board))),
        (fix, (ground, floating, 0, (0.0, 0.0, 0.0, 0.0), 0, 0)),
    ]


def _lacking(state: State) -> list[int]:
    return [z for z in state.task.order if not state.is_placed(z)]


def _open_ways(state: State, ground: Ground, floating: Afloat) -> None:
    board = board_of(state.task)
    channels(ground, floating, board, lay_of(state, board))


def _float_on(state: State, ground: Ground, floating: Afloat, rest: Ints, seed: int, *, is_far: bool) -> None:
    """Lets zones give way to one that could not be put in where it floated; is_far: ways go elsewhere then."""
    if is_far:
        _open_ways(state, ground, floating)
    lost = np.full(2, DRAFTS.lost[1])
    anneal(
        ground,
        floating,
        rest,
        DRAFTS.again * rest.size,
        np.array(DRAFTS.again_heat),
        lost,
        np.array(DRAFTS.reach_m),
        seed,
    )


def _settle(state: State, ground: Ground, floating: Afloat, z: int, rng: np.random.Generator) -> float:
    """Puts a zone in near to where it floats, facing as it does there if it can, where it cuts nothing off; not at all where it cannot.

    Returns how far from there its sides lie, m: 0 where it has no place.
    """
    task, floor, front = state.task, int(floating.floors[z]), floating.fronts[z]
    spec, afloat = task.specs[z], floating.at[z, :4].copy()
    x0, y0, x1, y1 = afloat.tolist()
    at = access_of((x0, y0, x1, y1), floating.fronts, task.pairs.ways, z)
    alike = spec.shapes[spec.shapes[:, 2] == front]
    for shapes in (alike, spec.shapes) if len(alike) < len(spec.shapes) else (alike,):
        xs, ys, tables, fields, ask = question(state, spec, floor, shapes, 0.0)
        ask = ask._replace(points=np.concatenate([ask.points, [(*at, DRAFTS.pull)]]))
        rows = spots.scan(xs, ys, tables, fields, ask, BLOCKS, int(rng.integers(1 << 30)))
        rows = rows[np.isfinite(rows[:, 0])]
        for row in rows[np.argsort(rows[:, 0], kind="stable")][:MOST_TRIED]:
            i0, j0, i1, j1, s = (int(value) for value in row[1:])
            rect = task.grids[floor].rect((i0, j0, i1, j1))
            if _gap_m(rect, afloat) > DRAFTS.near_m:
                continue
            state.put(z, floor, (i0, j0, i1, j1), int(shapes[s, 2]))
            if is_whole(state, floor):
                fix(ground, floating, z, rect, floor, state.front[z])
                return float(np.abs(np.array(rect) - afloat).max())
            state.take(z)
    return 0.0


def _gap_m(one: tuple[float, float, float, float], other: np.ndarray) -> float:
    """The rectilinear way in m between the middles of two rectangles."""
    return float(abs(one[0] + one[2] - other[0] - other[2]) + abs(one[1] + one[3] - other[1] - other[3])) / 2
