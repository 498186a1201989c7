"""Shapes cut to a rectangle, the slow way where the fast one refuses."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely.errors import GEOSException
from shapely.geometry import box

from hallplan.geometry.clipping import clipped


def test_shapes_are_cut_one_by_one() -> None:
    shapes = np.array([box(0, 0, 4, 4), box(10, 10, 11, 11)], dtype=object)
    assert shapely.area(clipped(shapes, (1, 1, 3, 9))).tolist() == [6.0, 0.0]


def test_what_cannot_be_clipped_is_intersected(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise GEOSException("IllegalArgumentException: Invalid number of points in LinearRing found 2")

    monkeypatch.setattr(shapely, "clip_by_rect", refuse)
    assert clipped(box(0, 0, 4, 4), (1, 1, 3, 9)).area == 6.0
