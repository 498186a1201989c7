"""Visible areas and sight tests; exact figures from shared notes on routes and sightlines."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon, box

from hallplan.errors import InputError
from hallplan.geometry.visibility import SightField, visible_area
from tests.builders import ell
from tests.geometry.exact import Place, visible_area_exact

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


def walls_of(*shapes: shapely.Geometry) -> list[tuple[Place, Place]]:
    rings = [[(Fraction(x), Fraction(y)) for x, y in shapely.get_coordinates(shape)] for shape in shapes]
    return [wall for ring in rings for wall in pairwise(ring)]


whole = st.integers(1, 15)
shape = st.one_of(
    st.tuples(whole, whole, st.integers(1, 4), st.integers(1, 4)).map(
        lambda b: box(b[0], b[1], b[0] + b[2], b[1] + b[3])
    ),
    st.tuples(whole, whole, st.integers(1, 4), st.integers(1, 4)).map(
        lambda t: Polygon([(t[0], t[1]), (t[0] + t[2], t[1]), (t[0], t[1] + t[3])])
    ),
)


@settings(deadline=None, max_examples=150)
@given(st.lists(shape, max_size=7), st.integers(1, 39), st.integers(1, 39))
def test_visible_areas_are_those_of_exact_arithmetic(shapes, x, y) -> None:  # type: ignore[no-untyped-def]
    """On whole and half metres, so that blocks share corners and edges and eyes look along walls."""
    eye = x / 2, y / 2
    if any(block.distance(Point(eye)) == 0 for block in shapes):
        return
    expected = visible_area_exact(walls_of(ROOM, *shapes), (Fraction(eye[0]), Fraction(eye[1])))
    assert visible_area(ROOM, shapes, eye).area == pytest.approx(float(expected), rel=1e-9)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(coordinate, coordinate, st.floats(0.01, 4), st.floats(0.01, 4)), min_size=1, max_size=6),
    coordinate,
    coordinate,
)
def test_any_place_gives_the_exact_area(boxes, x, y) -> None:  # type: ignore[no-untyped-def]
    blocks = [box(a, b, a + w, b + h) for a, b, w, h in boxes]
    if any(block.distance(Point(x, y)) < 1e-6 for block in blocks):
        return
    inside = [block.intersection(ROOM) for block in blocks]
    expected = visible_area_exact(walls_of(ROOM, *inside), (Fraction(x), Fraction(y)))
    assert visible_area(ROOM, blocks, (x, y)).area == pytest.approx(float(expected), rel=1e-9)


def test_nobody_sees_through_a_corner_that_two_blocks_share() -> None:
    blocks = [box(4, 8, 8, 12), box(8, 4, 12, 8)]
    eye, behind = (2.0, 2.0), (18.0, 18.0)
    assert not visible_area(ROOM, blocks, eye).covers(Point(behind))
    assert not SightField(blocks).clear([eye], [behind])[0]


def test_sight_passes_over_what_is_lower_and_under_what_hangs() -> None:
    field = SightField([box(4, 0, 5, 1), box(7, 0, 8, 1)], [(0.0, 1.2), (2.0, 2.6)])
    eye, seated = [0.0, 0.5, 1.55], [0.0, 0.5, 1.0]
    # at x = 4 the line from 1.0 to 1.1 is below 1.2; at x = 7 the line from 1.55 to 2.6 is at 2.285 and meets what hangs
    assert field.clear([eye, seated, eye], [[10, 0.5, 1.6], [10, 0.5, 1.1], [10, 0.5, 2.6]]).tolist() == [
        True, False, False,
    ]  # fmt: skip
