from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import rotate
from shapely.geometry import Point, box

from hallplan.place.cells import Cells

LINES = Cells(np.array([0.0, 1.0, 1.5, 3.0, 4.0, 6.0, 9.0]), np.array([0.0, 0.5, 2.0, 3.0, 5.0, 8.0]))


@settings(max_examples=80, deadline=None)
@given(st.floats(-1, 5), st.floats(-1, 5), st.floats(0.5, 9), st.floats(0.5, 9), st.floats(0, 90), st.floats(0.1, 2.5))
def test_cells_within_an_area_are_those_it_covers(
    x: float, y: float, width: float, depth: float, turn: float, hole: float
) -> None:
    area = rotate(box(x, y, x + width, y + depth), turn).difference(Point(x + width / 2, y + depth / 2).buffer(hole))
    assert (LINES.within(area) == shapely.covers(area, LINES.boxes())).all()


def test_an_area_that_ends_on_lines_holds_the_cells_up_to_them() -> None:
    inside = LINES.within(box(1.0, 0.5, 4.0, 5.0))
    assert inside.sum() == 9
    assert inside[1:4, 1:4].all()


def test_nothing_lies_within_nothing() -> None:
    assert not LINES.within(shapely.Polygon()).any()
    assert LINES.covered_m2(shapely.Polygon()).sum() == 0.0


@settings(max_examples=60, deadline=None)
@given(st.floats(-1, 8), st.floats(-1, 7), st.floats(0.2, 6), st.floats(0, 90) | st.sampled_from([0.0, 90.0]))
def test_what_a_shape_covers_of_all_cells_is_what_lies_on_the_grid(
    x: float, y: float, size: float, turn: float
) -> None:
    shape = rotate(box(x, y, x + size, y + size / 2), turn)
    on_grid = shape.intersection(box(0.0, 0.0, 9.0, 8.0)).area
    assert LINES.covered_m2(shape).sum() == pytest.approx(on_grid, abs=1e-9)
    assert LINES.covered_m2(shape) == pytest.approx(shapely.area(shapely.intersection(LINES.boxes(), shape)), abs=1e-9)
    assert ((LINES.covered_m2(shape) > 0.02) == LINES.touching(shape)).all()
