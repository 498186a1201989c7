"""What zones of a state float over, and where those that lie fast are: the grids, wishes and walks as arrays."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import numpy as np

from hallplan.place.board import DAYLIGHT, board_of, links_of
from hallplan.place.building import points_out
from hallplan.place.grid import Grid
from hallplan.place.ground import BEGIN, END, PER_M, Afloat, Ground
from hallplan.place.kernels import Bools, Floats, Ints
from hallplan.place.question import barred_cells, wanted_cells
from hallplan.place.spec import Spec
from hallplan.place.state import State
from hallplan.place.task import Task
from hallplan.place.weights import DRAFTS, WEIGHTS


def lying_of(state: State) -> Afloat:
    """Where the zones that are placed lie, and doors; the others anywhere yet."""
    task, doors = state.task, state.task.doors
    n = len(task.specs) + len(doors)
    at, floors = np.zeros((n, 16)), np.full(n, -1, np.int32)
    fronts, sides = np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    for z, (rect, floor) in enumerate(zip(state.rects, state.floor, strict=True)):
        if floor >= 0:
            at[z] = np.tile(task.grids[floor].rect(rect), 4)
            floors[z], fronts[z] = floor, state.front[z]
            if state.front[z] >= 0:
                at[z, BEGIN : BEGIN + 4] = at[z, END : END + 4] = np.tile(state.access_point(z), 2)
    for q, (floor, x, y) in enumerate(doors, len(task.specs)):
        at[q], floors[q] = np.tile((x, y), 8), floor
    return Afloat(at, floors, fronts, sides, np.zeros(n, np.int32))


def ground_of(state: State, movable: Ints) -> Ground:
    """What zones float over: the floors, what lies there already taken off them."""
    task, grids, board = state.task, state.task.grids, board_of(state.task)
    frame = np.array([(grid.xs[0], grid.ys[0], grid.xs[-1] - grid.xs[0], grid.ys[-1] - grid.ys[0]) for grid in grids])
    many = np.array([grid.inside.shape for grid in grids], np.int32)
    shape = board.planes.shape[2:]
    lost, masks = _lost(state, shape, movable)
    wanted, goals = _wanted(task, shape)
    shapes, spans = _listed(_sized(spec, task.weights.area) for spec in task.specs)
    flows = _flows(task)
    rows, lists = _company(task, flows)
    own = task.weights
    price = (own.daylight, own.escape, DRAFTS.staff, DRAFTS.wanted, own.escape_m, DRAFTS.gap_m, DRAFTS.detour, WEIGHTS.apart_m,
             WEIGHTS.second_way_m, DRAFTS.taken, DRAFTS.shared)  # fmt: skip
    return Ground(
        board.lines, many, _near(board.lines, many), frame, lost, np.array([_table(grid, _unwalkable(state, f), shape) for f, grid in enumerate(grids)]),
        np.zeros((len(grids), shape[0] + 1, shape[1] + 1)), board.planes[:, DAYLIGHT], wanted,
        _ways_out(grids), _points(grid.staff_seeds for grid in grids), np.array(links_of(task), np.float64).reshape(-1, 6),
        np.array([grid.floor.level for grid in grids], np.int32), shapes, _rows(task, spans, lists, movable), masks, goals, rows,
        task.pairs.wishes, flows, np.array(price),
    )  # fmt: skip


def _near(lines: Floats, many: Ints) -> Ints:
    """By floor and axis the last grid line at or before each of many places."""
    ends = [[lines[f, axis, many[f, axis]] - lines[f, axis, 0] for axis in range(2)] for f in range(len(many))]
    found = np.zeros((len(many), 2, int(np.max(ends) * PER_M) + 1), np.int32)
    for f, axis in itertools.product(range(len(many)), range(2)):
        own = lines[f, axis, : many[f, axis] + 1]
        places = own[0] + np.arange(found.shape[2]) / PER_M
        found[f, axis] = np.clip(np.searchsorted(own, places, side="right") - 1, 0, many[f, axis])
    return found


def _table(grid: Grid, cells: Bools, shape: tuple[int, int]) -> Floats:
    """A counting table of the area of cells, m²."""
    table = np.pad((cells * grid.cell_m2).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    return np.pad(table, [(0, most + 1 - size) for most, size in zip(shape, table.shape, strict=True)], mode="edge")


def _unwalkable(state: State, floor: int) -> Bools:
    unwalkable: Bools = ~state.task.grids[floor].walk | (state.occupied[floor] > 0)
    return unwalkable


def _lost(state: State, shape: tuple[int, int], movable: Ints) -> tuple[Floats, Ints]:
    """Tables of the floor that zones may not cover, each once, and by zone and floor which one holds; -1 where it may not lie."""
    known: dict[bytes, int] = {}
    tables: list[Floats] = []
    masks = np.full((len(state.task.specs), len(state.task.grids)), -1, np.int32)
    for z in movable.tolist():
        spec = state.task.specs[z]
        for floor in spec.floors:
            cells = barred_cells(spec, state.task.grids[floor]) | (state.occupied[floor] > 0) | (state.kept[floor] > 0)
            key = bytes([floor]) + np.packbits(cells).tobytes()
            masks[z, floor] = known.setdefault(key, len(tables))
            if masks[z, floor] == len(tables):
                tables.append(_table(state.task.grids[floor], cells, shape))
    return np.array(tables), masks


def _wanted(task: Task, shape: tuple[int, int]) -> tuple[Floats, Ints]:
    """Distances to cells that zones are to cover, each once, and by zone and floor which."""
    known: dict[bytes, int] = {}
    fields: list[Floats] = []
    goals = np.full((len(task.specs), len(task.grids)), -1, np.int32)
    for spec in task.specs:
        for floor in spec.floors:
            cells, least = wanted_cells(spec, task.grids[floor])
            if least and cells.any():
                goals[spec.index, floor] = known.setdefault(bytes([floor]) + np.packbits(cells).tobytes(), len(fields))
                if goals[spec.index, floor] == len(fields):
                    far = task.grids[floor].distance_to(cells)
                    fields.append(
                        np.pad(
                            far, [(0, most - size) for most, size in zip(shape, far.shape, strict=True)], mode="edge"
                        )
                    )
    return np.array(fields).reshape(-1, *shape), goals


def _rows(task: Task, spans: Ints, lists: Ints, movable: Ints) -> Ints:
    floats = np.isin(np.arange(len(task.specs)), movable)
    known = [(s.is_staff, s.needs_staff and s.zone.fixed_area is None, s.zone.wants_daylight) for s in task.specs]
    return np.column_stack([spans, lists, np.array(known), floats]).astype(np.int32)


def _sized(spec: Spec, price: float) -> Floats:
    """Returns (n, 5) widths, depths, fronts, ways and what their area costs of a zone's shapes: one that has no front needs its way at any side."""
    rows: Floats = spec.shapes[:, :5].copy()
    rows[rows[:, 2] < 0, 3] = spec.way_m
    rows[:, 4] = price * np.abs(rows[:, 0] * rows[:, 1] - spec.zone.target_m2)
    return rows


def _flows(task: Task) -> Floats:
    """Flows as walks: from what is no long counter where one is, doors numbered after the zones."""
    n = len(task.specs)
    is_long = [bool(spec.zone.forms) and spec.has_front for spec in task.specs] + [False] * len(task.doors)
    rows = []
    for one, other, price in task.pairs.flows.tolist():
        a, b = (int(stop) if stop >= 0 else n - 1 - int(stop) for stop in (one, other))
        a, b = (b, a) if is_long[a] and not is_long[b] else (a, b)
        rows.append((a, b, price, is_long[b]))
    return np.array(rows, np.float64).reshape(-1, 4)


def _listed(blocks: Iterable[np.ndarray]) -> tuple[np.ndarray, Ints]:
    """Rows one below the other, and where each block begins and ends."""
    found = list(blocks)
    ends = np.cumsum([0, *(len(block) for block in found)])
    return np.concatenate(found), np.column_stack([ends[:-1], ends[1:]]).astype(np.int32)


def _company(task: Task, flows: Floats) -> tuple[Ints, Ints]:
    """By zone the numbers of its wishes, then of its flows, one list; and where each begins and ends."""
    rows: list[int] = []
    ends = np.zeros((len(task.specs), 4), np.int32)
    for z, (k, table) in itertools.product(range(len(task.specs)), enumerate((task.pairs.wishes, flows))):
        mine = np.flatnonzero((table[:, 0] == z) | (table[:, 1] == z)).tolist()
        ends[z, 2 * k : 2 * k + 2] = len(rows), len(rows) + len(mine)
        rows += mine
    return np.array(rows, np.int32), ends


def _ways_out(grids: tuple[Grid, ...]) -> Floats:
    """Returns (q, 4) floor and place of each way out, and whether staff alone leave by it."""
    rows = [
        (float(floor), *point, float(point not in points_out(grid, is_staff=False)))
        for floor, grid in enumerate(grids)
        for point in points_out(grid, is_staff=True)
    ]
    return np.array(rows, np.float64).reshape(-1, 4)


def _points(floors: Iterable[Iterable[tuple[float, float]]]) -> Floats:
    rows = [(float(floor), *point) for floor, points in enumerate(floors) for point in points]
    return np.array(rows, np.float64).reshape(-1, 3)
