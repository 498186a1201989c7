"""Helpers on shapes: what they are given stays as it was; how wide a way is."""

from __future__ import annotations

import pytest
import shapely
from shapely.geometry import Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from hallplan.geometry.polygons import clear_width, grid_points, neck_of, prepared


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


SQUARE, ARM = box(0, 0, 5, 5), box(5, 2, 9, 3.3)
"""A place of 5 m and an arm of 1.3 m that leads off it."""
WEST, END = Point(0, 2.5), Point(9, 2.65)


def test_a_way_is_as_wide_as_where_one_comes_to_all_that_it_leads_to() -> None:
    way = SQUARE.union(ARM)
    assert clear_width(way, 0.8, (WEST, END)) == pytest.approx(1.3, abs=0.03)
    # what nothing lies at the end of is no part of the way, and what lies along no side of it no end
    assert clear_width(way, 0.8, (WEST, Point(2.5, 5), Point(30, 2.5))) == pytest.approx(5.0, abs=0.03)


def test_a_way_leads_on_through_the_zone_that_one_comes_in_by() -> None:
    """Both halves of a square of 5 m meet in the zone alone."""
    halves = box(0, 0, 2, 5).union(box(3, 0, 5, 5)).union(box(1.9, 4.9, 3.1, 5))
    assert clear_width(halves, 0.8, (WEST, Point(5, 2.5))) == 0.8
    assert clear_width(halves, 0.8, (WEST, Point(5, 2.5)), (box(2, 0, 3, 5),)) == pytest.approx(5.0, abs=0.03)


def test_without_ends_a_way_is_as_wide_as_it_stays_in_one_piece() -> None:
    assert clear_width(SQUARE.union(ARM).union(box(9, 0, 14, 5)), 0.8) == pytest.approx(1.3, abs=0.03)
    assert clear_width(SQUARE, 6.0) == 6.0


ROOMS = box(0, 0, 5, 10), box(10, 0, 15, 10)
ARM_BELOW, ARM_ABOVE = box(5, 1, 10, 2.3), box(5, 7, 10, 8.6)
BENT = box(5, 1, 8, 2.3).union(box(6.7, 1, 8, 6)).union(box(6.7, 4.7, 10, 6))


@pytest.mark.parametrize(
    ("pieces", "neck"),
    [
        ((*ROOMS, ARM_BELOW), ARM_BELOW),
        ((*ROOMS, BENT), BENT),
        ((*ROOMS, ARM_BELOW, ARM_ABOVE), ARM_BELOW),
        ((ROOMS[0], ARM_BELOW), ARM_BELOW),
    ],
    ids=["arm", "bend", "two arms", "dead end"],
)
def test_the_neck_of_an_area_lies_where_it_is_that_narrow(pieces: tuple[Polygon, ...], neck: Polygon) -> None:
    spot = neck_of(shapely.union_all(pieces), 1.3)
    assert spot is not None
    assert neck.covers(spot)


def test_an_area_that_is_nowhere_so_narrow_has_no_neck() -> None:
    assert neck_of(SQUARE, 1.3) is None
    assert neck_of(Polygon(), 1.3) is None
