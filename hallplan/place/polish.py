"""Layouts made exact: areas to the mark, sides on lines, gaps closed, by linear programmes over relations that hold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hallplan.lp import INFINITY, WarmLP
from hallplan.model.layout import ScorePart
from hallplan.place.bounds import allowed
from hallplan.place.relations import relate
from hallplan.place.rows import ROUND_M, Relations, chosen_form
from hallplan.place.score import RectM, on_own_lines, score_parts
from hallplan.place.state import State, reached
from hallplan.place.task import Spec
from hallplan.place.ways import trace_ways
from hallplan.units import round_m

ROUNDS = 2
CUTS, FREE_CUTS = 40, 12
AREA_TOL = 1e-7


@dataclass(frozen=True, eq=False)
class Polished:
    """A layout after polish with its score; `is_better` False: the one given, since nothing sound was better."""

    state: State
    score: float
    parts: tuple[ScorePart, ...]
    is_better: bool


def polish(state: State, parts: tuple[ScorePart, ...]) -> Polished:
    """Returns a sound layout of the same relations with a score no worse than that given."""
    best = Polished(state, sum(part.cost for part in parts), parts, False)
    for _ in range(ROUNDS):
        found = _improve(best)
        if found is None:
            return best
        best = found
    return best


def _improve(best: Polished) -> Polished | None:
    """The first sound layout of a better score: coordinates on 5 cm, else on 0.1 mm."""
    state = best.state
    ways = trace_ways(state)
    if not ways.is_whole:
        return None
    for step, slack in ((ROUND_M, ROUND_M / 2), (1e-4, 0.0)):
        rects = solve(relate(state, ways, slack))
        if rects is None:
            continue
        rounded = [_rounded(rect, state, z, step) for z, rect in enumerate(rects)]
        trial = on_own_lines(state.task, rounded, state.floor, state.front)
        if not is_sound(trial, rounded, state):
            continue
        parts = score_parts(trial)
        score = sum(part.cost for part in parts)
        if score < best.score - 1e-9:
            return Polished(trial, score, parts, True)
    return None


def _rounded(rect: RectM, state: State, z: int, step: float) -> RectM:
    """Sides on multiples of a step; those that the building holds stay where they are."""
    if state.task.specs[z].zone.fixed_area is not None:
        return rect
    x0, y0, x1, y1 = (round_m(math.floor(value / step + 0.5 + 1e-6) * step) for value in rect)
    return x0, y0, x1, y1


def solve(relations: Relations) -> list[RectM] | None:
    """Returns the rectangles in m of least cost by zone, areas exact where the target can be met; None if there are none."""
    lp = relations.model.solver()
    holders = _AreaRows(relations, lp)
    for n in range(CUTS):
        if lp.solve() != "optimal":
            return None
        values = lp.values
        if not holders.tighten(values, is_free=n < FREE_CUTS):
            break
    return _rects(relations, lp.values)


def _rects(relations: Relations, values: np.ndarray) -> list[RectM]:
    rects = []
    for box in relations.boxes:
        x0, y0, x1, y1 = (offset + (float(values[column]) if column >= 0 else 0.0) for column, offset in box)
        rects.append((x0, y0, x1, y1))
    return rects


class _AreaRows:
    """Rows that hold the areas: tangents of w·h = area, more of them as they are needed."""

    def __init__(self, relations: Relations, lp: WarmLP) -> None:
        self.relations, self.lp = relations, lp
        self.upper: dict[int, int] = {}
        self.columns: dict[int, float] = {}
        for spec in relations.movable:
            x0, y0, x1, y1 = relations.now(spec.index)
            self.columns[spec.index] = self._column_area(spec.index, (x0, y0, x1, y1))
            self._cut(spec.index, x1 - x0, y1 - y0)

    def _column_area(self, z: int, rect: RectM) -> float:
        grid = self.relations.state.task.grids[self.relations.state.floor[z]]
        x = np.maximum(0.0, np.minimum(grid.xs[1:], rect[2]) - np.maximum(grid.xs[:-1], rect[0])) / np.diff(grid.xs)
        y = np.maximum(0.0, np.minimum(grid.ys[1:], rect[3]) - np.maximum(grid.ys[:-1], rect[1])) / np.diff(grid.ys)
        return float(x @ grid.column @ y)

    def _least(self, z: int, width: float, depth: float) -> tuple[float, float]:
        """Target and least area, columns on top; the least with what rounding may take."""
        zone = self.relations.state.task.specs[z].zone
        margin = min(self.relations.slack * (width + depth), (zone.max_m2 - zone.min_m2) / 2)
        least = min(zone.min_m2 + margin, zone.target_m2)
        return zone.target_m2 + self.columns[z], least + self.columns[z]

    def tighten(self, values: np.ndarray, *, is_free: bool) -> bool:
        """Adds and renews rows where areas are off; False when all are right."""
        off = False
        rects = _rects(self.relations, values)
        for z in self.relations.lacks:
            x0, y0, x1, y1 = rects[z]
            width, depth = x1 - x0, y1 - y0
            if is_free:
                self.columns[z] = self._column_area(z, rects[z])
            target, least = self._least(z, width, depth)
            lack, extra = float(values[self.relations.lacks[z]]), float(values[self.relations.extras[z]])
            area = width * depth
            if area < max(least, target - lack) * (1 - AREA_TOL):
                self._cut(z, width, depth)
                off = True
            if area > (target + extra) * (1 + AREA_TOL) and (is_free or z not in self.upper):
                self._lid(z, width, depth, target)
                off = True
        return off

    def _cut(self, z: int, width: float, depth: float) -> None:
        """Adds tangents below target and least area at the shape at hand."""
        target, least = self._least(z, width, depth)
        lack = self.relations.lacks[z]
        self._tangent(z, width, depth, target, [(lack, 1.0)])
        self._tangent(z, width, depth, least, [])

    def _tangent(self, z: int, width: float, depth: float, area: float, more: Sequence[tuple[int, float]]) -> None:
        w, h = _on_curve(width, depth, area)
        columns, factors = self._terms(z, w, h, more)
        self.lp.add_rows([0], columns, factors, [2 * area], [INFINITY])

    def _lid(self, z: int, width: float, depth: float, area: float) -> None:
        """Holds the area down at the shape at hand, in place of the lid before."""
        w, h = _on_curve(width, depth, area)
        columns, factors = self._terms(z, w, h, [(self.relations.extras[z], -1.0)])
        if z not in self.upper:
            self.upper[z] = self.lp.n_rows
            self.lp.add_rows([0], columns, factors, [-INFINITY], [2 * area])
            return
        row = self.upper[z]
        for column, factor in zip(columns, factors, strict=True):
            self.lp.set_factor(row, column, factor)
        self.lp.set_row_bounds([row], [-INFINITY], [2 * area])

    def _terms(self, z: int, w: float, h: float, more: Sequence[tuple[int, float]]) -> tuple[list[int], list[float]]:
        x0, y0, x1, y1 = (column for column, _ in self.relations.boxes[z])
        return [x0, x1, y0, y1, *(c for c, _ in more)], [-h, h, -w, w, *(f for _, f in more)]


def _on_curve(width: float, depth: float, area: float) -> tuple[float, float]:
    """The shape of the same proportions with an area."""
    factor = math.sqrt(area / (width * depth))
    return width * factor, depth * factor


def is_sound(trial: State, rects: Sequence[RectM], before: State) -> bool:
    """Whether a layout keeps all that must hold, looked at on its own lines."""
    return fault(trial, rects, before) == ""


def fault(trial: State, rects: Sequence[RectM], before: State) -> str:
    """Returns the first thing that a polished layout breaks; "" when it breaks nothing."""
    for spec in trial.task.specs:
        z = spec.index
        if spec.zone.fixed_area is not None:
            continue
        grid, zone = trial.task.grids[trial.floor[z]], spec.zone
        i0, j0, i1, j1 = trial.rects[z]
        if max(abs(a - b) for a, b in zip(grid.rect(trial.rects[z]), rects[z], strict=True)) > 1e-3:
            return f"{zone.id}: off its lines"
        if not (trial.occupied[trial.floor[z]][i0:i1, j0:j1] == z + 1).all():
            return f"{zone.id}: overlapped"
        if not _is_free(trial, spec) and _is_free(before, spec):
            return f"{zone.id}: not on free floor"
        net = trial.net_area(z)
        if not zone.min_m2 - 1e-3 <= net <= max(zone.max_m2, before.net_area(z)) + 1e-3:
            return f"{zone.id}: {net:.3f} m²"
        if (form := chosen_form(before, z)) is not None and chosen_form(trial, z) is None:
            return f"{zone.id}: no room for {form.name}"
        strip = trial.front_strip(z)
        if strip is not None and _is_blocked(trial, z, strip):
            return f"{zone.id}: front blocked"
    for floor in range(len(trial.task.grids)):
        if reached(trial, floor) is None:
            return f"floor {floor}: cut off"
    return ""


def _is_free(state: State, spec: Spec) -> bool:
    """Whether a zone keeps to the free floor, seen on the lines of the state."""
    i0, j0, i1, j1 = state.rects[spec.index]
    return bool(allowed(state, spec)[i0:i1, j0:j1].all())


def _is_blocked(state: State, z: int, strip: tuple[int, int, int, int]) -> bool:
    i0, j0, i1, j1 = strip
    owners = state.occupied[state.floor[z]][i0:i1, j0:j1]
    passable = [spec.index + 1 for spec in state.task.specs if spec.is_passable]
    return bool(((owners > 0) & ~np.isin(owners, passable)).any())
