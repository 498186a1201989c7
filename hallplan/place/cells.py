"""Which cells of a grid a shape covers a part of."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from hallplan.place.kernels import Bools

LEAST_M2 = 0.02
"""What is less than this of a cell is not in it."""


def touching(boxes: np.ndarray, shape: BaseGeometry) -> Bools:
    """The cells that a shape covers a part of; only those within its bounds are looked at."""
    touched = np.zeros(boxes.shape, np.bool_)
    if shape.is_empty:
        return touched
    near = window(boxes, shape)
    some = boxes[near]
    if some.size:
        shapely.prepare(shape)
        meets = np.asarray(shapely.intersects(some, shape))
        meets[meets] = shapely.area(shapely.intersection(some[meets], shape)) > LEAST_M2
        touched[near] = meets
    return touched


def window(boxes: np.ndarray, shape: BaseGeometry) -> tuple[slice, slice]:
    """The columns and rows of cells that meet a shape's bounds."""
    x0, y0, x1, y1 = shape.bounds
    across, up = shapely.bounds(boxes[:, 0]), shapely.bounds(boxes[0, :])
    return (
        slice(int(np.searchsorted(across[:, 2], x0)), int(np.searchsorted(across[:, 0], x1, side="right"))),
        slice(int(np.searchsorted(up[:, 3], y0)), int(np.searchsorted(up[:, 1], y1, side="right"))),
    )
