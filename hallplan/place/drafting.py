"""Drafts: zones float over the plan until they lie well, then each is put in as near to there as it can be."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from hallplan.place import spots
from hallplan.place.board import links_of
from hallplan.place.building import points_out
from hallplan.place.floating import Afloat, Ground, anneal
from hallplan.place.grid import Grid
from hallplan.place.inserting import recreate
from hallplan.place.kernels import Bools, Floats, Ints
from hallplan.place.putting import BLOCKS
from hallplan.place.question import barred_cells, question, wanted_cells
from hallplan.place.standing import is_whole
from hallplan.place.state import State
from hallplan.place.task import Task
from hallplan.place.weights import DRAFTS, WEIGHTS
from hallplan.place.worth import access_of

STEP_M, MOST_STEPS = 0.25, 400
"""Squares of the raster are so wide, wider where a floor would have more of them along a side."""
MOST_TRIED = 8
"""Of the places nearest to where a zone floats so many are tried."""


def drafted(state: State, seed: int, stop: Callable[[], object] = lambda: None) -> State:
    """Returns a state with the zones it lacks put in near the places they float to, as far as they find any there.

    stop: asked before zones float and before each is put in; no more is done when it names a reason.
    """
    state, rng = state.copy(), np.random.default_rng(seed)
    if stop():
        return state
    recreate(state, [z for z in _lacking(state) if state.task.specs[z].opens], rng, 0.0)
    lacking = _lacking(state)
    if not lacking:
        return state
    asked = question_of(state, seed)
    anneal(*asked)
    for z in lacking:
        if stop():
            return state
        _settle(state, asked[1], z, rng)
    recreate(state, _lacking(state), rng, 0.0)
    return state


def question_of(state: State, seed: int) -> tuple[Ground, Afloat, Ints, int, Floats, Floats, int]:
    """Returns what `anneal` is asked to lay the zones that a state lacks."""
    movable = np.array(_lacking(state), np.int32)
    moves = min(DRAFTS.moves * movable.size, DRAFTS.most)
    return _ground(state, movable), _still(state), movable, moves, np.array(DRAFTS.heat), np.array(DRAFTS.lost), seed


def _lacking(state: State) -> list[int]:
    return [z for z in state.task.order if not state.is_placed(z)]


def _settle(state: State, floating: Afloat, z: int, rng: np.random.Generator) -> None:
    """Puts a zone in near to where it floats, facing as it does there if it can, where it cuts nothing off; not at all where it cannot."""
    task, floor, front = state.task, int(floating.floors[z]), floating.fronts[z]
    spec = task.specs[z]
    at = access_of.py_func(floating.at[z], floating.fronts, task.pairs.ways, z)
    alike = spec.shapes[spec.shapes[:, 2] == front]
    for shapes in (alike, spec.shapes) if len(alike) < len(spec.shapes) else (alike,):
        xs, ys, tables, fields, ask = question(state, spec, floor, shapes, 0.0)
        ask = ask._replace(points=np.concatenate([ask.points, [(*at, DRAFTS.pull)]]))
        rows = spots.scan(xs, ys, tables, fields, ask, BLOCKS, int(rng.integers(1 << 30)))
        rows = rows[np.isfinite(rows[:, 0])]
        for row in rows[np.argsort(rows[:, 0], kind="stable")][:MOST_TRIED]:
            i0, j0, i1, j1, s = (int(value) for value in row[1:])
            state.put(z, floor, (i0, j0, i1, j1), int(shapes[s, 2]))
            if is_whole(state, floor):
                return
            state.take(z)


def _still(state: State) -> Afloat:
    """Where the zones that are placed lie; the others anywhere yet."""
    n = len(state.floor)
    at = np.zeros((n, 4))
    for z, (rect, floor) in enumerate(zip(state.rects, state.floor, strict=True)):
        if floor >= 0:
            at[z] = state.task.grids[floor].rect(rect)
    middle = np.column_stack([(at[:, 0] + at[:, 2]) / 2, (at[:, 1] + at[:, 3]) / 2])
    floors, fronts = np.array(state.floor, np.int32), np.array(state.front, np.int32)
    return Afloat(middle, at, np.zeros((n, 4)), floors, fronts, np.zeros(n, np.int32))


def _ground(state: State, movable: Ints) -> Ground:
    """What zones float over: the floors, what lies there already taken off them."""
    task, grids = state.task, state.task.grids
    corner = np.array([(grid.xs[0], grid.ys[0]) for grid in grids])
    size = np.array([(grid.xs[-1], grid.ys[-1]) for grid in grids]) - corner
    step = max(STEP_M, float(size.max()) / MOST_STEPS)
    shape = (math.ceil(float(size[:, 0].max()) / step), math.ceil(float(size[:, 1].max()) / step))
    rasters = [_Raster(grid, step, shape) for grid in grids]
    lost, masks = _lost(state, rasters, movable)
    wanted, goals = _wanted(task, rasters)
    shapes, spans = _listed(spec.shapes[:, :4] for spec in task.specs)
    rows, lists = _company(task)
    own = task.weights
    price = (own.daylight, own.escape, DRAFTS.staff, DRAFTS.wanted, own.escape_m, DRAFTS.gap_m, DRAFTS.detour, WEIGHTS.apart_m,
             WEIGHTS.second_way_m)  # fmt: skip
    return Ground(
        step, corner, size, lost, np.array([one.table(_unwalkable(state, f)) for f, one in enumerate(rasters)]),
        np.array([one.of(grid.daylight) for one, grid in zip(rasters, grids, strict=True)]), wanted,
        _points(points_out(grid) for grid in grids), _points(grid.staff_seeds for grid in grids), np.array(links_of(task), np.float64).reshape(-1, 6),
        np.array([grid.floor.level for grid in grids], np.int32), shapes, _rows(task, spans, movable), masks, goals, lists, rows,
        task.pairs, np.array(price),
    )  # fmt: skip


class _Raster:
    """Squares over the bounds of a floor, each with the cell of the grid that its middle lies in."""

    def __init__(self, grid: Grid, step: float, shape: tuple[int, int]) -> None:
        self.step = step
        self._x, self._y = (
            np.clip(np.searchsorted(lines, lines[0] + (np.arange(n) + 0.5) * step, side="right") - 1, 0, lines.size - 2)
            for lines, n in zip((grid.xs, grid.ys), shape, strict=True)
        )
        x, y = (
            lines[0] + (np.arange(n) + 0.5) * step > lines[-1]
            for lines, n in zip((grid.xs, grid.ys), shape, strict=True)
        )
        self._beyond = x[:, None] | y[None, :]

    def of(self, cells: np.ndarray) -> np.ndarray:
        """Returns what cells hold by square."""
        found: np.ndarray = cells[self._x[:, None], self._y[None, :]]
        return found

    def table(self, cells: Bools) -> Floats:
        """Returns a counting table of the area of cells, m², and of all beyond a floor smaller than the largest."""
        squares = (self.of(cells) | self._beyond) * (self.step * self.step)
        return np.pad(squares.cumsum(0).cumsum(1), ((1, 0), (1, 0)))


def _unwalkable(state: State, floor: int) -> Bools:
    unwalkable: Bools = ~state.public_cells(floor)
    return unwalkable


def _lost(state: State, rasters: Sequence[_Raster], movable: Ints) -> tuple[Floats, Ints]:
    """Tables of the floor that zones may not cover, each once, and by zone and floor which one holds; -1 where it may not lie."""
    known: dict[bytes, int] = {}
    tables: list[Floats] = []
    masks = np.full((len(state.task.specs), len(rasters)), -1, np.int32)
    for z in movable.tolist():
        spec = state.task.specs[z]
        for floor in spec.floors:
            cells = barred_cells(state, spec, floor) | (state.occupied[floor] > 0) | (state.kept[floor] > 0)
            key = bytes([floor]) + np.packbits(cells).tobytes()
            masks[z, floor] = known.setdefault(key, len(tables))
            if masks[z, floor] == len(tables):
                tables.append(rasters[floor].table(cells))
    return np.array(tables), masks


def _wanted(task: Task, rasters: Sequence[_Raster]) -> tuple[Floats, Ints]:
    """Distances to cells that zones are to cover, each once, and by zone and floor which."""
    known: dict[bytes, int] = {}
    fields: list[Floats] = []
    goals = np.full((len(task.specs), len(rasters)), -1, np.int32)
    for spec in task.specs:
        for floor in spec.floors:
            cells, least = wanted_cells(spec, task.grids[floor])
            if least and cells.any():
                goals[spec.index, floor] = known.setdefault(bytes([floor]) + np.packbits(cells).tobytes(), len(fields))
                if goals[spec.index, floor] == len(fields):
                    fields.append(rasters[floor].of(task.grids[floor].distance_to(cells)))
    return np.array(fields).reshape(-1, *rasters[0].of(task.grids[0].inside).shape), goals


def _rows(task: Task, spans: Ints, movable: Ints) -> Ints:
    floats = np.isin(np.arange(len(task.specs)), movable)
    known = [
        (s.is_passable, s.is_staff, s.needs_staff and s.zone.fixed_area is None, s.zone.wants_daylight)
        for s in task.specs
    ]
    return np.column_stack([spans, np.array(known), floats]).astype(np.int32)


def _listed(blocks: Iterable[np.ndarray]) -> tuple[np.ndarray, Ints]:
    """Rows one below the other, and where each block begins and ends."""
    found = list(blocks)
    ends = np.cumsum([0, *(len(block) for block in found)])
    return np.concatenate(found), np.column_stack([ends[:-1], ends[1:]]).astype(np.int32)


def _company(task: Task) -> tuple[Ints, Ints]:
    """By zone the numbers of its wishes, then of its flows, one list; and where each begins and ends."""
    rows: list[int] = []
    ends = np.zeros((len(task.specs), 4), np.int32)
    for z, (k, table) in itertools.product(range(len(task.specs)), enumerate((task.pairs.wishes, task.pairs.flows))):
        mine = np.flatnonzero((table[:, 0] == z) | (table[:, 1] == z)).tolist()
        ends[z, 2 * k : 2 * k + 2] = len(rows), len(rows) + len(mine)
        rows += mine
    return np.array(rows, np.int32), ends


def _points(floors: Iterable[Iterable[tuple[float, float]]]) -> Floats:
    rows = [(float(floor), *point) for floor, points in enumerate(floors) for point in points]
    return np.array(rows, np.float64).reshape(-1, 3)
