"""Layouts that start from one that is there: what can stay stays."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import union_all
from shapely.affinity import translate
from shapely.geometry import box

from hallplan.errors import InfeasibleError
from hallplan.geometry.rectangles import main_rectangle
from hallplan.model.layout import Layout
from hallplan.model.programme import Programme
from hallplan.place import place_zones
from hallplan.settings import Placement, Settings
from tests.builders import make_zone
from tests.place.checker import faults
from tests.place.test_place import _township

ONE = Settings(place=Placement(effort="quick", alternatives=1))


@cache
def first() -> Layout:
    """Returns a layout of a small station placed anew."""
    return place_zones(*_township(), ONE)[0]


def adapted(start: Layout, programme: Programme | None = None) -> Layout:
    """Returns what a start from a layout gives; the site's frame is the drawing's own, in metres."""
    site, usual = _township()
    (layout,) = place_zones(site, programme or usual, ONE, start=start)
    assert faults(site, programme or usual, layout) == []
    return layout


def moved(layout: Layout) -> set[str]:
    """Returns the zones of the first layout that lie elsewhere now."""
    old = {zone.zone: zone.area for zone in first().zones}
    return {
        zone.zone for zone in layout.zones
        if zone.zone in old and zone.area.symmetric_difference(old[zone.zone]).area > 0.01
    }  # fmt: skip


def test_a_layout_that_fits_is_kept_as_it_is() -> None:
    layout = adapted(first())
    assert moved(layout) == set()
    assert {part.id: part.value for part in layout.parts}["moved_zones"] == 0


@pytest.mark.parametrize("seed", range(2, 8))
def test_a_layout_of_any_seed_is_kept_whatever_lines_its_sides_lie_on(seed: int) -> None:
    settings = Settings(place=Placement(effort="quick", alternatives=1, seed=seed))
    (layout,) = place_zones(*_township(), settings)
    (again,) = place_zones(*_township(), settings, start=layout)
    assert {zone.zone: zone.area.bounds for zone in again.zones} == {
        zone.zone: zone.area.bounds for zone in layout.zones
    }


def test_ways_a_hair_beside_zones_move_no_side() -> None:
    aisles = tuple(replace(aisle, area=translate(aisle.area, 0.0009, -0.0008)) for aisle in first().aisles)
    layout = adapted(replace(first(), aisles=aisles))
    assert moved(layout) == set()
    assert {z.zone: z.area.bounds for z in layout.zones} == {z.zone: z.area.bounds for z in first().zones}


def test_a_zone_pushed_onto_another_finds_a_place_and_nothing_else_moves() -> None:
    zones = {zone.zone: zone for zone in first().zones}
    wait, machines = zones["wait-1"].area.centroid, zones["self_service-1"].area.centroid
    pushed = translate(zones["self_service-1"].area, wait.x - machines.x, wait.y - machines.y)
    zones["self_service-1"] = replace(zones["self_service-1"], area=pushed)
    given = replace(first(), zones=tuple(zones.values()))
    assert moved(adapted(given)) <= {"self_service-1", "wait-1"}


def test_a_zone_left_out_of_the_drawing_is_put_in() -> None:
    given = replace(first(), zones=tuple(zone for zone in first().zones if zone.zone != "guide-1"))
    layout = adapted(given)
    assert moved(layout) <= {"guide-1"}
    assert "guide-1" in {zone.zone for zone in layout.zones}


def test_what_has_no_room_is_named() -> None:
    site, programme = _township()
    crowded = replace(programme, zones=(*programme.zones, make_zone("meeting-1", 90)))
    with pytest.raises(InfeasibleError, match=r"meeting|洽谈"):
        place_zones(site, crowded, ONE, start=first())


def test_the_main_rectangle_of_an_l_is_its_larger_leg() -> None:
    """A leg of 4 × 3 m with 1 × 1 m beside it: the box of 5 × 3 m is not the zone."""
    shape = union_all([box(0, 0, 4, 3), box(4, 0, 5, 1)])
    assert main_rectangle(shape) == (0.0, 0.0, 4.0, 3.0)
    assert main_rectangle(box(1, 2, 4, 6)) == (1.0, 2.0, 4.0, 6.0)


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 9), st.integers(2, 9), st.integers(1, 4), st.integers(1, 9))
def test_a_main_rectangle_lies_within_its_zone(width: int, depth: int, wing: int, high: int) -> None:
    shape = union_all([box(0, 0, width, depth), box(width, 0, width + wing, min(high, depth))])
    rect = box(*main_rectangle(shape))
    assert rect.difference(shape).area < 1e-6
    assert rect.area >= max(width * depth, (width + wing) * min(high, depth)) - 1e-6
