"""The score of a placed layout: walking along the ways that are there, nearness, areas, daylight, staff on public ways."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from hallplan.model.layout import ScorePart
from hallplan.place import kernels as k
from hallplan.place.building import escape_excess, moved_walls
from hallplan.place.commands import unkept
from hallplan.place.exits import exit_shortage
from hallplan.place.grid import Grid, make_grid
from hallplan.place.hidden import out_of_sight
from hallplan.place.necks import with_necks_of
from hallplan.place.networks import all_networks, crossing_of, staff_metres
from hallplan.place.spec import Spec
from hallplan.place.state import State, wish_cost
from hallplan.place.task import Task
from hallplan.place.walking import Walks
from hallplan.place.weights import SPOKEN

FINE_MODULE_M = 0.45

RectM = tuple[float, float, float, float]


def on_own_lines(
    task: Task,
    rects: Sequence[RectM],
    floors: Sequence[int],
    fronts: Sequence[int],
    *,
    keeps_lines: bool = False,
    has_bands: bool = False,
) -> State:
    """Returns the state with exactly these rectangles in m, on grids that have lines along their sides.

    keeps_lines: the grids keep the lines and narrow doors of the task's as well, and have lines a way's width from the zones, so
    that every way on those is one on them, however near lines lie.  has_bands: there are lines where the floor behind counters that staff
    walk on ends, so that none is deeper than it is.
    """
    grids = []
    for n, grid in enumerate(task.grids):
        here = [
            (rect, spec.way_m)
            for rect, floor, spec in zip(rects, floors, task.specs, strict=True)
            if floor == n and spec.has_lines
        ]
        own = [rect for rect, _ in here]
        if has_bands:
            own += [
                _band(rect, front, spec.band_m)
                for rect, floor, front, spec in zip(rects, floors, fronts, task.specs, strict=True)
                if floor == n and front >= 0
            ]
        if keeps_lines:
            own += [*_crossings(grid), *((x0 - way, y0 - way, x1 + way, y1 + way) for (x0, y0, x1, y1), way in here)]
        new = make_grid(grid.floor, fine_module(grid), own, grid.room_reach_m, grid.near_m)
        # a door that only finer lines come to is not asked of a layout that was found without
        grids.append(replace(with_necks_of(new, grid) if keeps_lines else new, asked=grid.goals))
    specs = tuple(_exactly(spec, task) for spec in task.specs)
    state = State.empty(replace(task, grids=tuple(grids), specs=specs))
    for z, (rect, floor, front) in enumerate(zip(rects, floors, fronts, strict=True)):
        fixed = task.specs[z].zone.fixed_area
        if fixed is not None:
            state.put_fixed(z, floor, fixed)
            continue
        xs, ys = grids[floor].xs, grids[floor].ys
        i0, i1 = (int(np.argmin(np.abs(xs - v))) for v in (rect[0], rect[2]))
        j0, j1 = (int(np.argmin(np.abs(ys - v))) for v in (rect[1], rect[3]))
        state.put(z, floor, (i0, j0, i1, j1), front)
    return state


def _band(rect: RectM, front: int, depth: float) -> RectM:
    """The floor behind counters that face a side."""
    x0, y0, x1, y1 = rect
    behind = {
        k.EAST: (x0, y0, x0 + depth, y1),
        k.NORTH: (x0, y0, x1, y0 + depth),
        k.WEST: (x1 - depth, y0, x1, y1),
        k.SOUTH: (x0, y1 - depth, x1, y1),
    }
    return behind[front]


def _crossings(grid: Grid) -> Iterator[RectM]:
    """Points on every line of a grid."""
    for x, y in itertools.zip_longest(grid.xs.tolist(), grid.ys.tolist()):
        at_x, at_y = float(grid.xs[0]) if x is None else x, float(grid.ys[0]) if y is None else y
        yield at_x, at_y, at_x, at_y


def fine_module(grid: Grid) -> float:
    """Returns the side of cells on which layouts are scored."""
    return min(FINE_MODULE_M, grid.module_m)


def _exactly(spec: Spec, task: Task) -> Spec:
    """The spec with the programme's own greatest area: on its own lines a zone needs no slack of the grid."""
    return replace(spec, zone=replace(spec.zone, max_m2=task.programme.zones[spec.index].max_m2))


def score_parts(state: State) -> tuple[ScorePart, ...]:
    """Returns the parts of the score of a sound state; lower is better."""
    task, weights = state.task, state.task.weights
    walks = Walks.of(state)
    walked = sum(n * walks.between(a, b) for (a, b), n in task.flows.items())
    wishes = sum(wish_cost(state, a, b, w) for (a, b), w in task.wishes.items())
    area = sum(abs(state.net_area(s.index) - s.zone.target_m2) for s in task.specs if s.zone.fixed_area is None)
    networks = all_networks(state, walks)
    values: tuple[tuple[str, float, float], ...] = (
        ("visitor_metres_per_day", walked, weights.walking),
        ("adjacency", wishes, weights.adjacency),
        ("area_deviation_m2", area, weights.area),
        ("daylight_m", dark(state), weights.daylight),
        ("out_of_sight", out_of_sight(state), weights.sight),
        ("staff_metres_per_day", staff_metres(state, networks), weights.staff),
        ("compactness_m", sum(out_of_square(state, spec) for spec in task.specs), weights.compact),
        ("staff_crossing_m", crossing_of(state, networks)[0], weights.staff_crossing),
        ("leftover_m2", sum(lost_m2(state, n, grid) for n, grid in enumerate(task.grids)), weights.leftover),
        ("moved_walls_m", moved_walls(state), weights.walls),
        ("escape_over_m", escape_excess(state, weights.escape_m), weights.escape),
        ("exit_width_short_m", exit_shortage(state), weights.escape),
    )
    if any(abs(wish) >= SPOKEN for wish in task.wishes.values()):
        values = (*values, ("unkept_pairs", float(unkept(state)), 0.0))
    return tuple(ScorePart(id, round(value, 4), weight, round(value * weight, 6)) for id, value, weight in values)


def dark(state: State) -> float:
    """Returns the metres from the zones that want daylight to the nearest glazing."""
    total = 0.0
    for spec in state.task.specs:
        if spec.zone.wants_daylight and state.is_placed(spec.index):
            total += state.task.grids[state.floor[spec.index]].dark_m(state.rects[spec.index])
    return total


def out_of_square(state: State, spec: Spec) -> float:
    """Returns the metres by which the outline of a zone is longer than that of a square of its area; 0 for one with counters, which are
    as long as their windows ask, and for one that is there."""
    if spec.zone.fixed_area is not None or spec.zone.forms:
        return 0.0
    x0, y0, x1, y1 = state.task.grids[state.floor[spec.index]].rect(state.rects[spec.index])
    return 2.0 * (x1 - x0 + y1 - y0) - 4.0 * math.sqrt((x1 - x0) * (y1 - y0))


def lost_m2(state: State, floor: int, grid: Grid) -> float:
    """Returns the free area in m² too narrow for any way and given to nobody."""
    way = grid.ways[min(grid.ways)]
    free = state.public_cells(floor)
    lost = free & ~k.covered(way.anchors(free), way.reach_x, way.reach_y) & grid.reachable
    return float((np.diff(grid.xs)[:, None] * np.diff(grid.ys)[None, :])[lost].sum())
