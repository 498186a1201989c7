"""What zones take in at their sides has edges that somebody would build: no stairs along slanted walls, nothing behind something else."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import rotate
from shapely.geometry import LineString, MultiLineString, Polygon, box

from hallplan.place.kernels import EAST, NORTH, SOUTH, WEST
from hallplan.place.outward import straight_out

RECT = 0.0, 0.0, 4.0, 4.0
NO_WALLS = MultiLineString()


def beside(*columns: tuple[float, float]) -> Polygon:
    """Floor east of the rectangle as bands one above the other, each so high and so deep, from the south."""
    low, bands = 0.0, []
    for height, deep in columns:
        bands.append(box(4.0, low, 4.0 + deep, low + height))
        low += height
    return shapely.union_all(bands)


def found(piece: Polygon, walls: MultiLineString | LineString = NO_WALLS, side: int = EAST) -> shapely.Geometry:
    return shapely.union_all(straight_out(piece, RECT, side, walls))


def is_same(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    return bool(one.symmetric_difference(other).area < 1e-6)


def test_of_stairs_one_rectangle_is_left() -> None:
    """The largest that is no nib: 3.8 m at the least depth in the first, 1.2 m at 1.9 in the second."""
    assert is_same(found(beside((2.0, 0.6), (0.6, 1.2), (0.6, 1.8), (0.6, 2.4))), box(4, 0, 4.6, 3.8))
    assert is_same(found(beside((0.6, 0.6), (0.6, 1.2), (0.6, 1.9), (0.6, 2.4))), box(4, 1.2, 5.9, 2.4))


def test_steps_at_other_zones_are_filled() -> None:
    piece = beside((2.0, 0.3), (2.0, 0.5))
    assert is_same(found(piece, piece.exterior), piece)


def test_a_notch_is_no_place_for_a_nib() -> None:
    """Three stretches of 0.25 m, the middle one the least deep: all of them are a nib, and so is what is left when two are cut off."""
    assert found(beside((0.25, 0.3), (0.25, 0.2), (0.25, 0.3))).is_empty


def test_a_finger_is_cut_off() -> None:
    assert found(beside((1.5, 1.0), (0.4, 2.4), (1.5, 1.0))).area == pytest.approx(3.4)


def test_floor_behind_something_is_not_taken() -> None:
    behind = box(5.0, 0.0, 6.0, 2.0)
    piece = shapely.union_all([box(4.0, 2.0, 6.0, 4.0), behind])
    assert is_same(found(piece), box(4, 2, 6, 4))


def test_a_wedge_up_to_a_slanted_wall_is_taken_whole() -> None:
    wedge = Polygon([(4, 0), (4.5, 0), (6.5, 4), (4, 4)])
    assert found(wedge, LineString([(4.5, 0), (6.5, 4)])).area == pytest.approx(wedge.area)


def test_a_narrow_deep_gap_up_to_a_wall_is_left() -> None:
    gap = box(4, 3.6, 6, 4)
    assert found(gap, LineString([(6, 0), (6, 5)])).is_empty


HEIGHTS, DEPTHS = st.sampled_from([0.3, 0.6, 1.0, 1.5]), st.sampled_from([0.4, 0.6, 1.2, 2.0])


@given(st.lists(st.tuples(HEIGHTS, DEPTHS), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_each_side_is_like_the_others_and_no_stairs_are_left(columns: list[tuple[float, float]]) -> None:
    piece = beside(*columns)
    taken = found(piece)
    assert taken.difference(piece).area < 1e-6
    assert taken.is_empty or taken.area == pytest.approx(shapely.box(*taken.bounds).area)
    for side, turn in ((NORTH, 90), (WEST, 180), (SOUTH, 270)):  # of two that are as large any may be taken
        there = rotate(found(rotate(piece, turn, origin=(2, 2)), side=side), -turn, origin=(2, 2))
        assert there.difference(piece).area < 1e-6
        assert there.area == pytest.approx(taken.area)


def test_what_is_found_lies_on_no_grid_of_its_own() -> None:
    """Floor of a strange drawing that such a piece was cut from was no longer valid, and the next cut raised."""
    (taken,) = straight_out(beside((2.0, 0.6), (2.0, 1.2)), RECT, EAST, NO_WALLS)
    assert shapely.get_precision(taken) == 0.0
