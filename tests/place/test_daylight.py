from __future__ import annotations

import pickle
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString

from hallplan.place.grid import make_grid
from tests.builders import make_site

FLOOR = make_site().floors[0]
LIT = replace(FLOOR, glazing=(LineString([(1, 14), (9, 14)]), LineString([(0, 2), (0, 5)])))
GRID = make_grid(LIT, 1.0)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_zone_is_as_far_from_daylight_as_its_lightest_cell(data: st.DataObject) -> None:
    nx, ny = GRID.inside.shape
    i0, j0 = data.draw(st.integers(0, nx - 1)), data.draw(st.integers(0, ny - 1))
    i1, j1 = data.draw(st.integers(i0 + 1, nx)), data.draw(st.integers(j0 + 1, ny))
    assert GRID.dark_m((i0, j0, i1, j1)) == pytest.approx(GRID.daylight[i0:i1, j0:j1].min(), abs=1e-9)


def test_where_no_glazing_is_drawn_nothing_is_dark() -> None:
    assert make_grid(replace(FLOOR, glazing=()), 1.0).dark_m((0, 0, 3, 3)) == 0.0


def test_a_grid_goes_to_another_process_without_the_boxes_of_its_cells() -> None:
    """They take ten times as long to copy as to make; what was worked out from them goes along, and they are made again where asked for."""
    daylight, rows = GRID.daylight, pickle.dumps(GRID)
    copied = pickle.loads(rows)
    assert "_boxes" not in vars(copied)
    assert (copied.daylight == daylight).all()
    assert (copied.facade == GRID.facade).all()
