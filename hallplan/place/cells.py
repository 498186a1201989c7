"""How much of each cell of a grid a shape covers."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from hallplan.geometry.polygons import prepared
from hallplan.place.kernels import Bools, Floats

LEAST_M2 = 0.02
"""What is less than this of a cell is not in it."""


def touching(boxes: np.ndarray, shape: BaseGeometry) -> Bools:
    """Returns the cells that a shape covers a part of."""
    return covered_m2(boxes, shape) > LEAST_M2


def covered_m2(boxes: np.ndarray, shape: BaseGeometry) -> Floats:
    """Returns how much of each cell a shape covers; only those within its bounds are looked at."""
    covered = np.zeros(boxes.shape)
    if shape.is_empty:
        return covered
    near = _window(boxes, shape)
    some = boxes[near]
    if some.size:
        with prepared(shape):
            meets = np.asarray(shapely.intersects(some, shape))
        covered[near][meets] = shapely.area(shapely.intersection(some[meets], shape))
    return covered


def _window(boxes: np.ndarray, shape: BaseGeometry) -> tuple[slice, slice]:
    """The columns and rows of cells that meet a shape's bounds."""
    x0, y0, x1, y1 = shape.bounds
    across, up = shapely.bounds(boxes[:, 0]), shapely.bounds(boxes[0, :])
    return (
        slice(int(np.searchsorted(across[:, 2], x0)), int(np.searchsorted(across[:, 0], x1, side="right"))),
        slice(int(np.searchsorted(up[:, 3], y0)), int(np.searchsorted(up[:, 1], y1, side="right"))),
    )
