"""Ways of staff: lines of visitors are looked up, not gone through, and what many walk is one line."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, box

from hallplan.flow.apart import _Raster
from hallplan.flow.routing import _joined
from hallplan.geometry import Walkable
from hallplan.model.flow import Leg

LEVEL = [LineString([(1, y), (19, y)]) for y in (2.0, 2.3, 5.0, 8.0)]


@pytest.fixture(scope="module")
def raster() -> _Raster:
    """A hall of 20 × 10 m with no ground of the staff's own, four lines of visitors along it, two of which are as good as one."""
    whole, own = Walkable(box(0, 0, 20, 10), 0.4), Walkable(shapely.Polygon(), 0.4)
    return _Raster(whole, own, shapely.Polygon(), shapely.union_all(LEVEL))


@pytest.mark.parametrize(("top_m", "crossed"), [(1.0, 0), (2.5, 1), (6.0, 2), (9.0, 3)])
def test_a_way_pays_for_each_line_that_it_crosses(raster: _Raster, top_m: float, crossed: int) -> None:
    """A metre of visitors' ground counts 4, a line crossed 100."""
    assert raster.toll_of([(10.0, 0.5), (10.0, top_m)]) == pytest.approx(4.0 * (top_m - 0.5) + 100.0 * crossed)


@pytest.mark.parametrize(("length_m", "crosses"), [(10.0, False), (18.0, True)])
def test_staff_walk_round_a_line_of_visitors_where_that_is_not_too_far(length_m: float, crosses: bool) -> None:
    line = LineString([(0, 5), (length_m, 5)])
    whole, own = Walkable(box(0, 0, 20, 10), 0.4), Walkable(shapely.Polygon(), 0.4)
    hall = _Raster(whole, own, shapely.Polygon(), line)
    way = min(hall.ways((2.0, 1.0), (2.0, 9.0)), key=hall.toll_of)
    assert LineString(way).intersects(line) is crosses


def test_lines_that_many_walk_are_put_together_once() -> None:
    legs = [Leg("a", "b", "F1", line, line.length) for line in LEVEL]
    one, many = _joined(legs), _joined(legs * 40)
    assert len(shapely.get_parts(many)) == len(LEVEL)
    assert np.array_equal(shapely.get_coordinates(one), shapely.get_coordinates(many))
