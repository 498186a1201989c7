"""Where words go: a raster of what is taken, and the free spot nearest to where a label belongs."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from hallplan.geometry.polygons import prepared
from hallplan.scene.primitives import XY, Bounds

Grid = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for a label's box: its centre, and whether it covers something."""

    at: XY
    covers: float


DRAWN = 8
_drawn: OrderedDict[tuple[object, ...], tuple[BaseGeometry, Grid]] = OrderedDict()
"""Cells of the shapes drawn last, by the identity of the shape and the place of the canvas."""


class Canvas:
    """What is taken on a floor, in cells of `cell_m`; `hard` must not be covered, `soft` (routes) should not."""

    def __init__(self, bounds: Bounds, cell_m: float) -> None:
        self.cell = cell_m
        self.x0, self.y0 = bounds[0], bounds[1]
        shape = (int((bounds[3] - bounds[1]) / cell_m) + 2, int((bounds[2] - bounds[0]) / cell_m) + 2)
        self.hard: Grid = np.zeros(shape, dtype=np.bool_)
        self.soft: Grid = np.zeros(shape, dtype=np.bool_)

    def block(self, shape: BaseGeometry, *, soft: bool = False) -> None:
        """Marks the cells that a shape touches as taken."""
        x0, y0, x1, y1 = shape.bounds if not shape.is_empty else (0.0, 0.0, -1.0, -1.0)
        if shape.area > 0.999 * (x1 - x0) * (y1 - y0):
            self._block_box(x0, y0, x1, y1, soft=soft)
            return
        grown = shape.buffer(self.cell * 0.5, quad_segs=2)
        rows, columns, inside = self._cells(grown)
        (self.soft if soft else self.hard)[rows, columns] |= inside

    def block_drawn(self, shape: BaseGeometry) -> None:
        """Marks the cells that a shape touches as taken, as `block` does; one that many sheets show is worked out once."""
        key = id(shape), self.x0, self.y0, self.cell, self.hard.shape
        if key not in _drawn:
            alone = Canvas((self.x0, self.y0, self.x0, self.y0), self.cell)
            alone.hard, alone.soft = np.zeros_like(self.hard), self.soft
            alone.block(shape)
            _drawn[key] = shape, alone.hard
            if len(_drawn) > DRAWN:
                _drawn.popitem(last=False)
        self.hard |= _drawn[key][1]

    def _block_box(self, x0: float, y0: float, x1: float, y1: float, *, soft: bool) -> None:
        n_rows, n_columns = self.hard.shape
        rows = slice(max(int((y0 - self.y0) / self.cell), 0), max(min(int((y1 - self.y0) / self.cell) + 1, n_rows), 0))
        columns = slice(
            max(int((x0 - self.x0) / self.cell), 0), max(min(int((x1 - self.x0) / self.cell) + 1, n_columns), 0)
        )
        (self.soft if soft else self.hard)[rows, columns] = True

    def _cells(self, shape: BaseGeometry) -> tuple[slice, slice, Grid]:
        x0, y0, x1, y1 = shape.bounds if not shape.is_empty else (self.x0, self.y0, self.x0, self.y0)
        rows = self._span(y0 - self.y0, y1 - self.y0, self.hard.shape[0])
        columns = self._span(x0 - self.x0, x1 - self.x0, self.hard.shape[1])
        xs = self.x0 + (np.arange(columns.start, columns.stop) + 0.5) * self.cell
        ys = self.y0 + (np.arange(rows.start, rows.stop) + 0.5) * self.cell
        if not len(xs) or not len(ys):
            return rows, columns, np.zeros((len(ys), len(xs)), dtype=np.bool_)
        grid_x, grid_y = np.meshgrid(xs, ys)
        with prepared(shape):
            return rows, columns, shapely.contains_xy(shape, grid_x, grid_y)

    def _span(self, low: float, high: float, most: int) -> slice:
        start = min(max(int(low / self.cell) - 1, 0), most)
        return slice(start, min(max(int(high / self.cell) + 2, start), most))

    def best_spot(
        self, within: BaseGeometry, size: XY, near: XY, *, soft_cost: float, may_cover: bool = False
    ) -> Spot | None:
        """Returns the free place for a box of `size` inside `within` that is nearest to `near`, or None.

        soft_cost: metres of distance that covering a whole box of soft cells is worth.
        may_cover: then the place that covers least is returned when none is free.
        """
        rows, columns, inside = self._cells(within)
        n_rows, n_columns = max(1, round(size[1] / self.cell)), max(1, round(size[0] / self.cell))
        if inside.shape[0] < n_rows or inside.shape[1] < n_columns:
            return None
        taken = _window_sums(~inside | self.hard[rows, columns], n_rows, n_columns)
        crossed = _window_sums(self.soft[rows, columns], n_rows, n_columns) / (n_rows * n_columns)
        ys = self.y0 + (rows.start + np.arange(taken.shape[0]) + n_rows / 2) * self.cell
        xs = self.x0 + (columns.start + np.arange(taken.shape[1]) + n_columns / 2) * self.cell
        cost = np.hypot(xs[None, :] - near[0], ys[:, None] - near[1]) + soft_cost * crossed
        cost = np.round(cost, 6)
        if not (taken == 0).any():
            if not may_cover:
                return None
            cost = cost + 1e3 * taken / (n_rows * n_columns)
        else:
            cost = np.where(taken == 0, cost, np.inf)
        row, column = divmod(int(np.argmin(cost)), cost.shape[1])
        return Spot((float(xs[column]), float(ys[row])), float(taken[row, column]) / (n_rows * n_columns))


def _window_sums(taken: Grid, n_rows: int, n_columns: int) -> npt.NDArray[np.int64]:
    sums = np.zeros((taken.shape[0] + 1, taken.shape[1] + 1), dtype=np.int64)
    sums[1:, 1:] = taken.cumsum(axis=0, dtype=np.int64).cumsum(axis=1)
    high, low = sums[n_rows:], sums[:-n_rows]
    return high[:, n_columns:] - high[:, :-n_columns] - low[:, n_columns:] + low[:, :-n_columns]
