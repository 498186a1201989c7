"""Free runs of a zone, exactly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

from hallplan.furnish.ground import Block, Ground, spread


def test_a_column_cuts_a_strip_in_two() -> None:
    ground = Ground(box(0, 0, 10, 4), [Block(box(4, 1, 5, 2))])
    assert ground.view(270).runs(0.5, 1.5) == [(0.0, 4.0), (5.0, 10.0)]
    assert ground.view(270).runs(2.0, 3.0) == [(0.0, 10.0)]


def test_from_the_other_side_left_is_right() -> None:
    ground = Ground(box(0, 0, 10, 4), [Block(box(1, 0, 2, 1))])
    assert ground.view(90).runs(3.0, 4.0) == [(0.0, 8.0), (9.0, 10.0)]
    assert ground.view(0).runs(8.0, 9.0) == [(1.0, 4.0)]


def test_a_slanted_edge_gives_what_is_free_all_through() -> None:
    ground = Ground(Polygon([(0, 0), (10, 0), (6, 4), (0, 4)]))
    (run,) = ground.view(270).runs(1.0, 2.0)
    assert run == pytest.approx((0.0, 8.0), abs=1e-3)


def test_soft_floor_stops_things_but_not_other_soft_floor() -> None:
    ground = Ground(box(0, 0, 10, 4))
    view = ground.view(270)
    view.take((0, 0, 5, 4), soft=True)
    assert view.runs(0, 1) == [(5.0, 10.0)]
    assert view.runs(0, 1, soft=False) == [(0.0, 10.0)]
    assert not view.fits((4, 0, 6, 1))


def test_undo_gives_the_floor_back() -> None:
    ground = Ground(box(0, 0, 10, 4))
    mark, view = ground.mark(), ground.view(180)
    view.take((0, 0, 4, 10))
    assert view.runs(0, 1) == []
    ground.undo(mark)
    view.take((0, 0, 1, 1))
    assert view.runs(0, 1) == [(1.0, 4.0)]


@given(
    st.lists(st.tuples(st.floats(0, 9), st.floats(0, 3), st.floats(0.1, 2), st.floats(0.1, 2)), max_size=6),
    st.floats(0, 3),
    st.sampled_from([0.0, 37.0, 90.0, 180.0, 270.0]),
)
def test_runs_are_free_and_between_them_is_not(taken, y: float, front: float) -> None:
    blocks = [box(x, b, x + w, b + d) for x, b, w, d in taken]
    ground = Ground(box(0, 0, 10, 4), [Block(b) for b in blocks])
    view = ground.view(front)
    y = min(y, view.depth - 1.0)
    at = 0.0
    for start, end in view.runs(y, y + 1.0):
        strip = view.plan_rect((start, y, end, y + 1.0))
        assert strip.difference(ground.area).area < 0.05
        assert all(strip.intersection(b).area < 1e-2 for b in blocks)
        assert start >= at
        at = end


def test_spread_centres_and_counts() -> None:
    assert spread((0.0, 10.0), 2.0, 3) == pytest.approx([2.0, 4.0, 6.0])
    assert len(spread((0.0, 5.9), 2.0, 9)) == 2
    assert spread((0.0, 1.0), 2.0, 1) == []
