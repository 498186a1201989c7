"""Lines of a grid: along walls, along what it is asked for, and in even steps between."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from shapely.geometry import MultiPolygon, box

from hallplan.model.shapes import Frame
from hallplan.model.site import Floor
from hallplan.place.grid import make_grid
from hallplan.place.lines import grid_lines, lattice

JAMBS = (10.02, 11.52)
STEP_M = 0.45


def floor() -> Floor:
    """Two rooms of 6 m one beyond the other, 20 m wide, joined by an opening of 1.5 m in a wall of 0.4 m."""
    rooms = box(0.018, 0.021, 20.018, 6.021).union(box(0.018, 6.421, 20.018, 12.421))
    usable = rooms.union(box(JAMBS[0], 5.9, JAMBS[1], 6.5))
    return Floor("F1", "F1", 1, Frame(), box(0, 0, 20.1, 12.5), MultiPolygon([usable]))


def test_a_side_on_the_edge_of_a_floor_is_that_edge_though_it_was_rounded() -> None:
    low = floor().usable.bounds[0]
    # a hair outside, and another side 0.1 m inside that would else take the edge's place
    lines = grid_lines(floor(), STEP_M, 0, [(low - 2e-5, 1.0, 5.0, 2.0), (low + 0.1, 3.0, 5.0, 4.0)])
    assert lines[0] == low


@pytest.mark.parametrize("keeps_walls", [False, True])
def test_ways_through_openings_are_on_lines_beside_them_too_where_walls_keep_theirs(keeps_walls: bool) -> None:
    beside = (JAMBS[0] + 0.16, 1.0, JAMBS[1] - 0.16, 2.0)
    grid = make_grid(floor(), STEP_M, [beside], keeps_walls=keeps_walls)
    assert {beside[0], beside[2]} <= {round(float(x), 4) for x in grid.xs}
    assert all(np.abs(grid.xs - jamb).min() < 1e-6 for jamb in JAMBS) is keeps_walls
    assert (len(grid.ways[1.2].portals) == 0) is keeps_walls


def test_multiples_begin_where_most_walls_lie_on_them() -> None:
    assert lattice(floor(), 0.05) == (pytest.approx(0.018), pytest.approx(0.021))


@pytest.mark.parametrize(("taken", "n"), [((10.4, 6.1, 11.1, 6.3), 0), ((2.0, 2.0, 4.0, 4.0), 1)])
def test_a_passage_that_a_zone_lies_in_is_none(taken: tuple[float, float, float, float], n: int) -> None:
    """Between rooms of 120 m² through an opening of 1.0 m."""
    rooms = box(0, 0, 20, 6).union(box(0, 6.4, 20, 12.4)).union(box(10.3, 5.9, 11.3, 6.5))
    grid = make_grid(replace(floor(), usable=MultiPolygon([rooms])), STEP_M, [taken])
    middles = (grid.xs[:-1] + grid.xs[1:]) / 2, (grid.ys[:-1] + grid.ys[1:]) / 2
    within = [(values > low) & (values < high) for values, low, high in zip(middles, taken[:2], taken[2:], strict=True)]
    found = grid.open_among(np.outer(*within))
    assert len(grid.ways[1.2].portals) == 1
    assert len(found.ways[1.2].portals) == n
    assert found.leads == grid.leads
