"""The cells of a grid as shapes, drawn only near to what is asked: how much of each a shape covers, which lie within one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from hallplan.geometry.polygons import prepared, segments_of
from hallplan.place.kernels import Bools, Floats

LEAST_M2 = 0.02
"""What is less than this of a cell is not in it."""
PIECE_M = 4.0
"""Boundaries are looked at in pieces up to so long: few cells lie within the bounds of a piece that runs askew."""
TOL_M2 = 1e-9
"""A shape that differs by less from its bounds is all of them."""
Window = tuple[slice, slice]
ALL = slice(None), slice(None)


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells between grid lines along x and y, m."""

    xs: Floats
    ys: Floats

    @property
    def m2(self) -> Floats:
        """Area of each cell."""
        return np.outer(np.diff(self.xs), np.diff(self.ys))

    def boxes(self, near: Window = ALL) -> np.ndarray:
        """Returns the cells of a window as shapes."""
        x0, x1, y0, y1 = self.xs[:-1][near[0]], self.xs[1:][near[0]], self.ys[:-1][near[1]], self.ys[1:][near[1]]
        return np.asarray(shapely.box(x0[:, None], y0[None, :], x1[:, None], y1[None, :]))

    def window(self, bounds: tuple[float, float, float, float]) -> Window:
        """Returns the columns and rows of cells that meet a rectangle, m."""
        across, up = (
            slice(int(np.searchsorted(lines[1:], low)), int(np.searchsorted(lines[:-1], high, side="right")))
            for lines, low, high in ((self.xs, bounds[0], bounds[2]), (self.ys, bounds[1], bounds[3]))
        )
        return across, up

    def covered_m2(self, shape: BaseGeometry) -> Floats:
        """Returns how much of each cell a shape covers."""
        covered = np.zeros((self.xs.size - 1, self.ys.size - 1))
        if shape.is_empty:
            return covered
        near = self.window(shape.bounds)
        if _is_upright_box(shape):
            (x0, y0, x1, y1), (across, up) = shape.bounds, near
            widths = np.minimum(self.xs[1:][across], x1) - np.maximum(self.xs[:-1][across], x0)
            depths = np.minimum(self.ys[1:][up], y1) - np.maximum(self.ys[:-1][up], y0)
            covered[near] = np.outer(np.maximum(widths, 0.0), np.maximum(depths, 0.0))
            return covered
        some = self.boxes(near)
        if some.size:
            with prepared(shape):
                meets = np.asarray(shapely.intersects(some, shape))
            covered[near][meets] = shapely.area(shapely.intersection(some[meets], shape))
        return covered

    def meeting(
        self, shape: BaseGeometry, is_met: Callable[[BaseGeometry, np.ndarray], Bools], gap: float = 0.0
    ) -> Bools:
        """Returns the cells of which something is so beside a shape, looked at only within a gap of its bounds, m."""
        met = np.zeros((self.xs.size - 1, self.ys.size - 1), np.bool_)
        if not shape.is_empty:
            x0, y0, x1, y1 = shape.bounds
            near = self.window((x0 - gap, y0 - gap, x1 + gap, y1 + gap))
            with prepared(shape):
                met[near] = is_met(shape, self.boxes(near))
        return met

    def touching(self, shape: BaseGeometry) -> Bools:
        """Returns the cells that a shape covers a part of."""
        return self.covered_m2(shape) > LEAST_M2

    def within(self, area: BaseGeometry) -> Bools:
        """Returns the cells that lie wholly in an area: those that its boundary passes are looked at, of the others their middles."""
        is_near = np.zeros((self.xs.size - 1, self.ys.size - 1), np.bool_)
        for x0, y0, x1, y1 in segments_of([shapely.segmentize(area, PIECE_M)]).tolist():
            is_near[self.window((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))] = True
        inside = np.zeros_like(is_near)
        i, j = np.nonzero(~is_near)
        k, m = np.nonzero(is_near)
        with prepared(area):
            inside[i, j] = shapely.contains_xy(
                area, (self.xs[i] + self.xs[i + 1]) / 2, (self.ys[j] + self.ys[j + 1]) / 2
            )
            inside[k, m] = shapely.covers(area, shapely.box(self.xs[k], self.ys[m], self.xs[k + 1], self.ys[m + 1]))
        return inside


def _is_upright_box(shape: BaseGeometry) -> bool:
    """Whether a shape is all of its bounds: a rectangle along the axes."""
    x0, y0, x1, y1 = shape.bounds
    return shape.geom_type == "Polygon" and bool(abs(shape.area - (x1 - x0) * (y1 - y0)) < TOL_M2)
