"""Visible areas and sight tests; exact figures from shared notes on routes and sightlines."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, box

from hallplan.errors import InputError
from hallplan.geometry.visibility import SightField, visible_area
from tests.builders import ell

ROOM = box(0, 0, 20, 20)
BLOCK = box(8, 8, 12, 12)


@pytest.mark.parametrize(("eye", "area"), [((2.5, 2.5), 75), ((9, 1), 62.5), ((9, 4), 53.125)])
def test_an_l_room_shows_what_its_corner_leaves(eye: tuple[float, float], area: float) -> None:
    assert visible_area(ell(10, 10, 5, 5), [], eye).area == pytest.approx(area, rel=1e-9)


@pytest.mark.parametrize(("eye", "area"), [((4, 10), 280), ((2, 2), 294.4)])
def test_a_block_hides_as_a_hole_and_as_an_obstacle(eye: tuple[float, float], area: float) -> None:
    assert visible_area(ROOM.difference(BLOCK), [], eye).area == pytest.approx(area, rel=1e-9)
    assert visible_area(ROOM, [BLOCK], Point(eye)).area == pytest.approx(area, rel=1e-9)


def test_a_convex_room_is_seen_whole_from_inside_wall_and_corner() -> None:
    for eye in ((3, 7), (0, 7), (0, 0)):
        assert visible_area(ROOM, [], eye).area == pytest.approx(400, rel=1e-12)


def test_an_eye_on_an_obstacle_does_not_look_into_it() -> None:
    # from the corner (8, 8) the quarter behind the block is hidden: 400 − 12 × 12
    assert visible_area(ROOM, [BLOCK], (8, 8)).area == pytest.approx(256)
    assert visible_area(ROOM, [BLOCK], (10, 12)).area == pytest.approx(20 * 8)


def test_obstacles_that_share_an_edge_or_a_corner_hide_as_one() -> None:
    halves = [box(8, 8, 10, 12), box(10, 8, 12, 12)]
    assert visible_area(ROOM, halves, (2, 2)).area == pytest.approx(294.4, rel=1e-9)
    diagonal = [box(4, 8, 8, 12), box(8, 4, 12, 8)]
    seen = visible_area(ROOM, diagonal, (2, 2))
    assert seen.distance(Point(18, 18)) > 1


def test_a_wall_without_thickness_hides() -> None:
    # wall x = 10 from y = 0 to 10, eye (5, 0): 10 × 20 left half, and right of it above the line through (10, 10)
    seen = visible_area(ROOM, [LineString([(10, 0), (10, 10)])], (5, 0))
    assert seen.area == pytest.approx(200 + 10 * 5 / 2, rel=1e-9)


def test_an_eye_in_an_obstacle_is_refused() -> None:
    with pytest.raises(InputError, match="10"):
        visible_area(ROOM, [BLOCK], (10, 10))


coordinate = st.floats(0.5, 19.5)


@settings(deadline=None)
@given(
    st.lists(st.tuples(coordinate, coordinate, st.floats(0.2, 4), st.floats(0.2, 4)), max_size=6),
    coordinate,
    coordinate,
)
def test_what_is_seen_lies_in_the_free_room_and_agrees_with_sight_tests(boxes, x, y) -> None:  # type: ignore[no-untyped-def]
    blocks = [box(a, b, min(20, a + w), min(20, b + h)) for a, b, w, h in boxes]
    solid = shapely.union_all(blocks)
    free = ROOM.difference(solid)
    if shapely.distance(solid, Point(x, y)) < 1e-3 if blocks else False:
        return
    seen = visible_area(ROOM, blocks, (x, y))
    assert seen.is_valid
    assert seen.area <= free.area * (1 + 1e-9)
    marks = np.random.default_rng(0).uniform(0, 20, (60, 2))
    clear = SightField([solid] if blocks else []).clear([[x, y]], marks)
    inside = shapely.contains_xy(seen, marks[:, 0], marks[:, 1])
    sure = shapely.distance(shapely.boundary(seen), shapely.points(marks)) > 1e-6
    assert (clear[sure] & shapely.contains_xy(free, marks[sure, 0], marks[sure, 1]) == inside[sure]).all()


def test_sight_tests_agree_with_shapely_and_both_ways() -> None:
    rng = np.random.default_rng(3)
    start = rng.uniform((0, 0), (60, 40), (400, 2))
    walls = np.hstack([start, start + rng.normal(0, 1, (400, 2))])
    eyes, marks = rng.uniform((-5, -5), (65, 45), (2, 5000, 2))
    field = SightField(walls)
    peer = shapely.union_all(shapely.linestrings(walls.reshape(-1, 2, 2)))
    expected = ~shapely.intersects(peer, shapely.linestrings(np.stack([eyes, marks], axis=1)))
    assert (field.clear(eyes, marks) == expected).all()
    assert (field.clear(marks, eyes) == expected).all()


def test_without_walls_everything_is_in_sight() -> None:
    assert SightField([]).clear([[0, 0]], [[5, 5], [0, 9]]).all()
