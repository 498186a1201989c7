"""Shortest ways with clearance, by hand-worked lengths and properties."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from hallplan.errors import InputError
from hallplan.geometry import Walkable, shortest_path
from hallplan.geometry.walking import _corners

ROOM = box(0, 0, 10, 10)
BAFFLE = ROOM.difference(box(4, 0, 6, 6))


def test_a_clear_way_is_straight() -> None:
    points, length = shortest_path(ROOM, (1, 1), (4, 5), 0.5)
    assert points == ((1, 1), (4, 5))
    assert length == 5


def test_a_way_bends_at_corners() -> None:
    way = shortest_path(BAFFLE, (2, 2), (8, 2), 0.0)
    # twice hypot(2, 4) and 2 along the top
    assert way.length == pytest.approx(2 * math.hypot(2, 4) + 2, abs=1e-5)
    assert len(way.points) == 4


def test_clearance_goes_round_corners_in_arcs() -> None:
    # tangent from (2, 2) to the circle of 0.5 around (4, 6), arc, 2 along the top, and the same back
    reach = math.hypot(2, 4)
    tangent = math.sqrt(reach**2 - 0.25)
    arc = 0.5 * (math.atan2(4, 2) + math.asin(0.5 / reach))
    assert shortest_path(BAFFLE, (2, 2), (8, 2), 0.5).length == pytest.approx(2 * (tangent + arc) + 2, rel=1e-3)


def test_two_blocks_that_touch_at_a_corner_let_nobody_through() -> None:
    free = ROOM.difference(MultiPolygon([box(0, 4, 5, 5), box(5, 5, 10, 6)]))
    with pytest.raises(InputError, match="连通"):
        shortest_path(free, (1, 1), (9, 9), 0.0)


def test_a_way_does_not_cut_a_block_along_its_diagonal() -> None:
    free = ROOM.difference(box(4, 4, 6, 6))
    assert shortest_path(free, (3, 3), (7, 7), 0.0).length == pytest.approx(2 * math.hypot(1, 3), abs=1e-5)


@pytest.mark.parametrize(
    ("start", "end", "clearance", "said"),
    [
        ((5, 3), (8, 2), 0.3, "障碍物内"),
        ((20, 3), (8, 2), 0.3, "轮廓外"),
        ((3.9, 2), (8, 2), 0.3, "0.10 m"),
        ((2, 2), (8, 2), 6.0, "没有任何"),
    ],
)
def test_a_refusal_says_why(start, end, clearance, said) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError, match=said):
        shortest_path(BAFFLE, start, end, clearance)


def test_a_gap_of_twice_the_clearance_is_the_narrowest_that_lets_through() -> None:
    wall = box(4, 0, 4.2, 4).union(box(4, 5.2, 4.2, 10))
    assert shortest_path(ROOM.difference(wall), (1, 4.6), (8, 4.6), 0.599).length == pytest.approx(7, abs=0.01)
    with pytest.raises(InputError, match="连通"):
        shortest_path(ROOM.difference(wall), (1, 4.6), (8, 4.6), 0.601)


def test_distances_equal_ways() -> None:
    walk = Walkable(BAFFLE, 0.25)
    points = np.array([[1.0, 1.0], [9.0, 1.0], [5.0, 8.0], [8.5, 4.0]])
    goals = [(9.0, 9.0), (1.0, 3.0)]
    expected = [[walk.path(goal, tuple(point)).length for point in points] for goal in goals]
    assert walk.distances(goals, points) == pytest.approx(np.array(expected))


spot = st.tuples(st.floats(0.5, 19.5), st.floats(0.5, 19.5))
blocks = st.lists(st.tuples(st.floats(1, 16), st.floats(1, 16), st.floats(0.3, 4), st.floats(0.3, 4)), max_size=6)


@settings(deadline=None, max_examples=60)
@given(blocks, spot, spot, spot)
def test_ways_keep_clear_obey_the_triangle_and_are_never_below_the_straight_line(boxes, a, b, c) -> None:  # type: ignore[no-untyped-def]
    solid = shapely.union_all([box(x, y, x + w, y + h) for x, y, w, h in boxes])
    free = box(0, 0, 20, 20).difference(solid)
    walk = Walkable(free, 0.25)
    a, b, c = (walk.snap(point, 0) for point in (a, b, c))
    ab, bc, ac = walk.path(a, b), walk.path(b, c), walk.path(a, c)
    assert ab.length >= math.dist(a, b) - 1e-6
    assert ac.length <= ab.length + bc.length + 1e-5
    assert walk.path(b, a).length == pytest.approx(ab.length, abs=1e-6)
    if len(ab.points) > 1:
        assert LineString(ab.points).length == pytest.approx(ab.length)
        assert walk.area.buffer(1e-5).covers(LineString(ab.points))
    assert walk.area.distance(Point(a)) < 1e-6


def test_a_hole_smaller_than_the_slack_is_no_corner() -> None:
    speck = [(5.0, 5.0), (5.0 + 1e-12, 5.0), (5.0, 5.0 + 1e-12)]
    nodes, before, after = _corners([Polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [speck])])
    assert (len(nodes), len(before), len(after)) == (0, 0, 0)
