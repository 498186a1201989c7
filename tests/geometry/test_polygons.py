"""Helpers on shapes leave what they are given as it was."""

from __future__ import annotations

import pytest
import shapely
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from hallplan.geometry.polygons import grid_points, prepared


def test_points_are_looked_up_in_a_shape_that_stays_as_it_was() -> None:
    bare, ready = box(0, 0, 3, 2), box(0, 0, 3, 2)
    shapely.prepare(ready)
    assert len(grid_points(bare, 0.5)) == len(grid_points(ready, 0.5)) == 24
    assert not shapely.is_prepared(bare)
    assert shapely.is_prepared(ready)


def _failing(shape: BaseGeometry) -> None:
    with prepared(shape):
        assert shapely.is_prepared(shape)
        raise ZeroDivisionError


def test_a_shape_stays_as_it_was_though_the_looking_up_fails() -> None:
    bare = box(0, 0, 3, 2)
    with pytest.raises(ZeroDivisionError):
        _failing(bare)
    assert not shapely.is_prepared(bare)
