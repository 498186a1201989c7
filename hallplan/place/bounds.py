"""How far each rectangle of a layout may move and how small it may get."""

from __future__ import annotations

import math

import numpy as np

from hallplan.model.site import ObstacleKind
from hallplan.place import kernels as k
from hallplan.place.board import line_m
from hallplan.place.grid import Grid
from hallplan.place.kernels import Bools
from hallplan.place.question import wanted_cells
from hallplan.place.rows import EPS, ROUND_M, Relations, band_of, chosen_form, strip_of
from hallplan.place.spec import Spec
from hallplan.place.state import Rect, State
from hallplan.place.ways import growth
from hallplan.terms import read_data

REACH_M = 5.0
"""How far a side may move out."""
CLOSE_M = 1.2
LEAST_SLACK_M = 1e-4
"""Coordinates are rounded to 0.1 mm at the finest."""
LEAN_COST = 0.12
LACK_FACTOR = 3.0
"""Area under the target counts more than in the score: a zone gets what it asked for before ways are shortened."""
BAND_M = 1.8
"""Depth behind a counter front in which no column should come to stand where one stands in the line of seats behind it."""


def _solid(state: State, floor: int) -> Bools:
    """Cells of zones that the drawing fixes."""
    fixed = [s.index + 1 for s in state.task.specs if state.floor[s.index] == floor and s.zone.fixed_area is not None]
    return np.isin(state.occupied[floor], fixed)


def allowed(state: State, spec: Spec, *, is_moved: bool = False) -> Bools:
    """Returns the cells that a zone may lie on as far as the building goes.

    is_moved: without what depends on where the grid's lines lie, which was looked at before the zone was moved from line to line.
    """
    floor = state.floor[spec.index]
    grid = state.task.grids[floor]
    ok: Bools = (grid.inside if is_moved else grid.reachable) & ~_solid(state, floor)
    if spec.regions:
        ok &= ~grid.barred(spec.regions)
    if not (spec.is_passable and spec.is_loose):
        keep = grid.kept.approaches if is_moved else grid.keep
        ok &= (keep == 0) | (keep == spec.opens)
    return ok


def bound_zone(relations: Relations, spec: Spec) -> None:
    state, model, z = relations.state, relations.model, spec.index
    box, floor, rect = relations.boxes[z], relations.state.floor[z], relations.state.rects[z]
    grid = state.task.grids[floor]
    ok = allowed(state, spec)
    if _is_of_one_size(spec, grid):
        ok = _with_its_columns(relations, spec, ok)
    bounds = growth(grid, ok, rect, REACH_M)
    model.within(box, bounds)
    _lean(relations, spec, bounds)
    strip = state.front_strip(z)
    if strip is not None:
        ok = grid.walk & ~_solid(state, floor)
        model.within(strip_of(box, state.front[z], spec.zone.front_way_m), growth(grid, ok, strip, REACH_M))
    if spec.zone.forms and state.front[z] >= 0:
        _clear_of_columns(relations, spec, grid)
    _keep_door(relations, spec, grid, rect)


def _is_of_one_size(spec: Spec, grid: Grid) -> bool:
    """Whether a column more or less within a zone makes it too small or too large."""
    largest = max((column.area.area for column in grid.floor.of_kind(ObstacleKind.COLUMN)), default=0.0)
    return spec.zone.max_m2 - spec.zone.min_m2 < largest


def _with_its_columns(relations: Relations, spec: Spec, ok: Bools) -> Bools:
    """Keeps a zone over the columns that it holds; returns the cells that it may lie on without others."""
    grid, rect = relations.state.task.grids[relations.state.floor[spec.index]], relations.state.rects[spec.index]
    own = np.zeros_like(ok)
    own[rect[0] : rect[2], rect[1] : rect[3]] = True
    held = np.argwhere(own & grid.inside & ~grid.walk)
    if len(held):
        (i0, j0), (i1, j1) = held.min(axis=0).tolist(), held.max(axis=0).tolist()
        relations.model.covers(relations.boxes[spec.index], grid.rect((i0, j0, i1 + 1, j1 + 1)))
    return ok & (grid.walk | own)


def _lean(relations: Relations, spec: Spec, bounds: tuple[float, float, float, float]) -> None:
    """Wishes a side that is near the end of its free room to reach it, unless a way runs between."""
    state, model = relations.state, relations.model
    now, box = relations.now(spec.index), relations.boxes[spec.index]
    for side in range(4):
        edge = (side + 2) % 4
        gap = abs(bounds[edge] - now[edge])
        if gap < CLOSE_M and state.front[spec.index] != side:
            length = now[3 - side % 2] - now[1 - side % 2]
            model.costs[box[edge][0]] += LEAN_COST * length * (-1.0 if side in (k.EAST, k.NORTH) else 1.0)


def _clear_of_columns(relations: Relations, spec: Spec, grid: Grid) -> None:
    """Keeps columns out of the counters of a zone that has none in them now: out of all of the line, else out of the counters alone."""
    side = relations.state.front[spec.index]
    for depth in (line_m() + read_data("furnish.toml")["general"]["column_m"], BAND_M):
        i0, j0, i1, j1 = _line_cells(relations, spec.index, grid, depth)
        if grid.walk[i0:i1, j0:j1].all():
            band = band_of(relations.boxes[spec.index], side, depth)
            relations.model.within(band, growth(grid, grid.walk, (i0, j0, i1, j1), REACH_M))
            return


def _line_cells(relations: Relations, z: int, grid: Grid, depth: float) -> Rect:
    """The cells behind the front of a zone to a depth, m."""
    side, (i0, j0, i1, j1) = relations.state.front[z], relations.state.rects[z]
    x0, y0, x1, y1 = grid.rect((i0, j0, i1, j1))
    least = min(depth, x1 - x0 if side in (k.EAST, k.WEST) else y1 - y0)
    if side == k.EAST:
        return k.before(grid.xs, i1, least), j0, i1, j1
    if side == k.WEST:
        return i0, j0, k.beyond(grid.xs, i0, least), j1
    if side == k.NORTH:
        return i0, k.before(grid.ys, j1, least), i1, j1
    return i0, j0, i1, k.beyond(grid.ys, j0, least)


def _keep_door(relations: Relations, spec: Spec, grid: Grid, rect: Rect) -> None:
    """Keeps a zone over the cells of its own door, and at the facade where it needs one."""
    i0, j0, i1, j1 = rect
    model, box = relations.model, relations.boxes[spec.index]
    for near in grid.ways[min(grid.ways)].portals.tolist():
        for i, j in ((near[0], near[1]), (near[2], near[3])):
            if i0 <= i < i1 and j0 <= j < j1:
                model.covers(box, grid.rect((i, j, i + 1, j + 1)))
    cells, least = wanted_cells(spec, grid)
    own = cells[i0:i1, j0:j1]
    if not least or not own.any():
        return
    if (cells == grid.facade).all():
        for edge, share in zip((2, 3, 0, 1), (own[-1], own[:, -1], own[0], own[:, 0]), strict=True):
            if share.mean() > 0.5:
                now = relations.now(spec.index)[edge]
                model.at_least(box[edge], now)
                model.at_most(box[edge], now)
        return
    xs, ys = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
    model.covers(box, grid.rect((i0 + xs[0], j0 + ys[0], i0 + xs[-1] + 1, j0 + ys[-1] + 1)))


def size_zone(relations: Relations, spec: Spec) -> None:
    """Least sides, aspect, counters, and the columns for area missing and too much."""
    model, z, zone = relations.model, spec.index, spec.zone
    x0, y0, x1, y1 = relations.boxes[z]
    a, b, c, d = relations.now(z)
    width, depth = c - a, d - b
    least = [_up(zone.min_side_m, min(width, depth), relations.slack)] * 2
    form = chosen_form(relations.state, z)
    if form is not None:
        sides = (form.front_m, form.depth_m)
        if relations.state.front[z] in (k.EAST, k.WEST):
            sides = (form.depth_m, form.front_m)
        least = [
            max(value, _up(side, now, relations.slack))
            for value, side, now in zip(least, sides, (width, depth), strict=True)
        ]
    model.apart(x0, x1, least[0])
    model.apart(y0, y1, least[1])
    now = max(width, depth) / min(width, depth)
    aspect = max(spec.max_aspect, now)
    # each side may be rounded by `slack` at both ends, outward the long one, inward the short one
    is_kept = now <= spec.max_aspect + EPS
    spare = 2 * max(relations.slack, LEAST_SLACK_M) * (1 + aspect) if is_kept else 0.0
    model.row([(x1, 1.0), (x0, -1.0), (y1, -aspect), (y0, aspect)], high=-spare, is_firm=is_kept)
    model.row([(y1, 1.0), (y0, -1.0), (x1, -aspect), (x0, aspect)], high=-spare, is_firm=is_kept)
    price = relations.state.task.weights.area
    # the tangents below the target take what is missing for more than it is: the least area has rows of its own
    relations.lacks[z] = model.column(0.0, 2.0 * zone.target_m2, LACK_FACTOR * price)
    relations.extras[z] = model.column(0.0, max(0.0, zone.max_m2 - zone.target_m2), price)


def _up(least: float, now: float, slack: float) -> float:
    """A least length, rounded up where it already is that long, so that rounding of sides leaves it.

    slack: as in `relate`: 0 where sides are rounded as finely as they can be, and one at the floor's edge is not.
    """
    step, more = (ROUND_M, 0.0) if slack else (LEAST_SLACK_M, LEAST_SLACK_M)
    rounded = math.ceil(least / step - EPS) * step + more
    return rounded if rounded <= now + EPS else min(least, now)


def bound_runs(relations: Relations) -> None:
    model, state = relations.model, relations.state
    for run, box in zip(relations.ways.runs, relations.runs, strict=True):
        grid = state.task.grids[run.floor]
        model.within(box, growth(grid, grid.walk & ~_solid(state, run.floor), run.rect, REACH_M))
        model.apart(box[0], box[2], run.width_m)
        model.apart(box[1], box[3], run.width_m)
    for n, cells in relations.ways.pins:
        model.covers(relations.runs[n], state.task.grids[relations.ways.runs[n].floor].rect(cells))
