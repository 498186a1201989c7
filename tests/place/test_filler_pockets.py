"""The argument why fillers cannot be placed, on cases worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.filler_pockets import Neighbourhood, largest_clear, pocket
from hallplan.place.rectangles.problem import Problem, make_problem


def columns() -> Problem:
    """Two zones of 1 × 2 m at least 1 m wide on 2 × 3 m, that want to lie side by side; 2 m² stay free."""
    return make_problem([2.0, 3.0], [2.0, 2.0], [[1.0, 2.0]] * 2, [[0, 1, 1.0]], "rectilinear")


SIDE_BY_SIDE = np.array([[0.0, 0.5, 1.0, 2.0], [1.0, 0.5, 1.0, 2.0]])


def test_the_largest_clear_rectangle_keeps_off_what_is_covered() -> None:
    """On 2 × 3 m with the middle of the left half taken: above it 2 × 1 m, beside it 1 × 3 m."""
    cores = np.array([[0.0, 1.0, 1.0, 2.0]])
    assert largest_clear(columns(), cores, np.array([0.5, 2.5])) == pytest.approx(2.0)
    assert largest_clear(columns(), cores, np.array([1.5, 2.5])) == pytest.approx(3.0)


def test_ranges_are_those_of_all_layouts_under_the_limit() -> None:
    """Centres 1 m apart cost 1; at 1.2 the zones may lie up to 0.2 m off each other, anywhere in 3 m."""
    ranges = Neighbourhood(columns(), SIDE_BY_SIDE, 1.2).ranges()
    assert ranges[0, 1] == pytest.approx([0.0, 1.0], abs=1e-6)
    assert ranges[0, 2] == pytest.approx([1.0, 1.0], abs=1e-6)


def test_a_filler_larger_than_every_pocket_is_refused_and_one_that_fits_is_not() -> None:
    """Zones held at 0.5–2.5 m leave strips of 2 × 0.5 m: a filler of 1 m² fits there, one of 1.5 m² does not."""
    ranges = np.stack([np.column_stack([sides, sides]) for sides in ([0, 0.5, 1, 2.5], [1, 0.5, 2, 2.5])])
    assert pocket(columns(), ranges, 1.0) is None
    spot = pocket(columns(), ranges, 1.5)
    assert spot is not None
    assert spot["largest_rectangle_m2"] == pytest.approx(1.0)
