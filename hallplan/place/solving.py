"""The coordinates of least cost that a layout's relations allow, areas exact."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from hallplan.lp import INFINITY, WarmLP
from hallplan.place.rows import Box, Relations
from hallplan.place.score import RectM

CUTS, FREE_CUTS = 40, 12
AREA_TOL = 1e-7


def solve(relations: Relations) -> tuple[list[RectM], list[RectM]] | None:
    """Returns the rectangles in m of least cost, of the zones and of the runs of way, areas exact; None if there are none."""
    lp = relations.model.solver()
    holders = _AreaRows(relations, lp)
    for n in range(CUTS):
        if lp.solve() != "optimal" and not (holders.retreat() and lp.solve() == "optimal"):
            return None
        values = lp.values
        if not holders.tighten(values, is_free=n < FREE_CUTS):
            break
    return _rects(relations.boxes, lp.values), _rects(relations.runs, lp.values)


def _rects(boxes: Sequence[Box], values: np.ndarray) -> list[RectM]:
    rects = []
    for box in boxes:
        x0, y0, x1, y1 = (offset + (float(values[column]) if column >= 0 else 0.0) for column, offset in box)
        rects.append((x0, y0, x1, y1))
    return rects


class _AreaRows:
    """Rows that hold the areas: tangents of w·h = area, more of them as they are needed."""

    def __init__(self, relations: Relations, lp: WarmLP) -> None:
        self.relations, self.lp = relations, lp
        self.upper: dict[tuple[int, bool], int] = {}
        self.columns: dict[int, float] = {}
        self.is_retreated = False
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
        least = min(zone.min_m2 + margin, zone.target_m2, max(zone.min_m2, self.relations.state.net_area(z)))
        return zone.target_m2 + self.columns[z], least + self.columns[z]

    def _most(self, z: int, width: float, depth: float) -> float:
        """Greatest area, columns on top, less what rounding may add."""
        zone, now = self.relations.state.task.specs[z].zone, self.relations.state.net_area(z)
        margin = min(self.relations.slack * (width + depth), (zone.max_m2 - zone.min_m2) / 2)
        return max(zone.max_m2 - margin, zone.target_m2, min(now, zone.max_m2)) + self.columns[z]

    def retreat(self) -> bool:
        """Puts all lids back where the layout's own shapes keep them, for good; False when they are there already."""
        if self.is_retreated:
            return False
        self.is_retreated = True
        for z, is_top in list(self.upper):
            x0, y0, x1, y1 = self.relations.now(z)
            self.columns[z] = self._column_area(z, (x0, y0, x1, y1))
            target = self._least(z, x1 - x0, y1 - y0)[0]
            top = self._most(z, x1 - x0, y1 - y0)
            self._lid(z, x1 - x0, y1 - y0, top if is_top else target, is_top=is_top)
        return True

    def tighten(self, values: np.ndarray, *, is_free: bool) -> bool:
        """Adds and renews rows where areas are off; False when all are right."""
        off = False
        rects = _rects(self.relations.boxes, values)
        for z in self.relations.lacks:
            x0, y0, x1, y1 = rects[z]
            width, depth = x1 - x0, y1 - y0
            if is_free and not self.is_retreated:
                self.columns[z] = self._column_area(z, rects[z])
            target, least = self._least(z, width, depth)
            lack, extra = float(values[self.relations.lacks[z]]), float(values[self.relations.extras[z]])
            area = width * depth
            if area < max(least, target - lack) * (1 - AREA_TOL):
                self._cut(z, width, depth)
                off = True
            may_move = is_free and not self.is_retreated
            if area > (target + extra) * (1 + AREA_TOL) and (may_move or (z, False) not in self.upper):
                self._lid(z, width, depth, target, is_top=False)
                off = True
            top = self._most(z, width, depth)
            if area > top * (1 + AREA_TOL) and (may_move or (z, True) not in self.upper):
                self._lid(z, width, depth, top, is_top=True)
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

    def _lid(self, z: int, width: float, depth: float, area: float, *, is_top: bool) -> None:
        """Holds the area down at the shape at hand, in place of the lid before; at a price, or (is_top) without."""
        if self.is_retreated:
            x0, y0, x1, y1 = self.relations.now(z)
            width, depth = x1 - x0, y1 - y0
        w, h = _on_curve(width, depth, area)
        columns, factors = self._terms(z, w, h, [] if is_top else [(self.relations.extras[z], -1.0)])
        if (z, is_top) not in self.upper:
            self.upper[z, is_top] = self.lp.n_rows
            self.lp.add_rows([0], columns, factors, [-INFINITY], [2 * area])
            return
        row = self.upper[z, is_top]
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
