"""The largest upright rectangle of free cells, or in an area."""

from __future__ import annotations

import itertools

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon, box

Cells = tuple[int, int, int, int]
NEGLIGIBLE_M2, SIDE_TOL_M = 2e-3, 1e-3
MOST_SIDES = 14
"""Places of corners along an axis, above which an area counts as its bounds."""


def largest_rectangle(free: NDArray[np.bool_], least: int) -> Cells | None:
    """Returns the rectangle [i0, j0, i1, j1) of most free cells, both sides of `least` or more; None where there is none.

    free: (nx, ny).  Of several as large the one found first, by i1, then j1.
    Source: the largest rectangle under a histogram, row by row.
    """
    best: Cells | None = None
    most = 0
    heights = np.zeros(free.shape[1], np.int64)
    for i, row in enumerate(free):
        heights = np.where(row, heights + 1, 0)
        if int(heights.max(initial=0)) < least:
            continue
        for j0, j1, height in _spans([*heights.tolist(), 0]):
            size = height * (j1 - j0)
            if size > most and height >= least and j1 - j0 >= least:
                best, most = (i + 1 - height, j0, i + 1, j1), size
    return best


def _spans(heights: list[int]) -> list[tuple[int, int, int]]:
    """All widest rectangles under a histogram that ends with 0: from, to, height."""
    spans: list[tuple[int, int, int]] = []
    stack: list[tuple[int, int]] = []
    for j, height in enumerate(heights):
        start = j
        while stack and stack[-1][1] >= height:
            start, before = stack.pop()
            spans.append((start, j, before))
        stack.append((start, height))
    return spans


def main_rectangle(area: Polygon) -> tuple[float, float, float, float]:
    """Returns the largest upright rectangle with sides along those of an area that lies in it: zones that took in floor beside
    them are more than their rectangle. The bounds where none is found or the area has very many corners.
    """
    west, south, east, north = (float(v) for v in area.bounds)
    bounds = west, south, east, north
    corners = np.unique(np.round(np.asarray(area.exterior.coords), 4), axis=0)
    xs, ys = np.unique(corners[:, 0]), np.unique(corners[:, 1])
    if box(*area.bounds).area - area.area < NEGLIGIBLE_M2 or max(xs.size, ys.size) > MOST_SIDES:
        return bounds
    sides = [itertools.combinations(values.tolist(), 2) for values in (xs, ys)]
    rects = np.array([(x0, y0, x1, y1) for (x0, x1), (y0, y1) in itertools.product(*sides)])
    inside = shapely.covers(area.buffer(SIDE_TOL_M, join_style="mitre"), shapely.box(*rects.T))
    if not inside.any():
        return bounds
    sizes = np.where(inside, (rects[:, 2] - rects[:, 0]) * (rects[:, 3] - rects[:, 1]), 0.0)
    x0, y0, x1, y1 = (float(v) for v in rects[int(sizes.argmax())])
    return x0, y0, x1, y1
