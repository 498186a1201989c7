"""Turning circles, spoken calls, easy modes and accessible bays in a furnished hall."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from hallplan.furnish import furnish
from hallplan.model.access import accessible_bays
from hallplan.model.layout import Layout
from hallplan.model.site import Bay, Site
from hallplan.model.space import ground
from hallplan.settings import Settings
from tests.builders import make_layout, make_programme, make_site, make_windows
from tests.furnish.halls import stands_on

LOW = ("counter_low", "kiosk_low", "queue_machine_low", "form_desk_low")


def with_bays(count: int, *, gap: float = 0.0, accessible: int = 0) -> Site:
    """The hand-made hall with a row of bays of 2.5 × 5.3 m south of it, from the west."""
    site = make_site()
    row = [box(x, -12.0, x + 2.5, -6.7) for x in (1.0 + n * (2.5 + gap) for n in range(count))]
    return replace(site, parking=tuple(Bay("F1", area, n < accessible) for n, area in enumerate(row)))


@cache
def furnished() -> Layout:
    return furnish(make_site(), make_programme(), make_windows(), make_layout(), Settings())


def parked(site: Site) -> Layout:
    return furnish(site, make_programme(), make_windows(), make_layout(), Settings())


def test_each_low_unit_has_a_circle_before_it_on_free_floor() -> None:
    layout = furnished()
    circles, low = layout.of_kind("turning"), layout.of_kind(*LOW)
    assert len(circles) == len(low) > 5
    free = ground(make_site().floors[0], layout, ignore=("visitor_chair", "staff_chair"))
    for circle in circles:
        assert shapely.Point(circle.at).buffer(0.73).difference(free).area < 1e-3
        assert min(shapely.Point(circle.at).distance(stands_on(unit)) for unit in low) <= 1.6


def test_calls_are_spoken_in_every_zone_with_a_screen_and_at_the_door() -> None:
    layout = furnished()
    zones = {piece.zone for piece in layout.of_kind("call_screen")}
    assert zones <= {piece.zone for piece in layout.of_kind("speaker")}
    assert len(layout.of_kind("speaker")) == len(zones) + 1


def test_every_terminal_carries_its_easy_mode() -> None:
    assert {piece.label for piece in furnished().of_kind("kiosk", "kiosk_low")} == {"大字"}


@pytest.mark.parametrize(("spaces", "need"), [(0, 0), (1, 1), (99, 1), (100, 1), (101, 2), (600, 6)])
def test_bays_follow_the_code(spaces: int, need: int) -> None:
    assert accessible_bays(spaces) == need


def test_the_bay_nearest_to_the_main_door_is_marked_with_a_way_of_its_own() -> None:
    layout = parked(with_bays(20))
    (bay,), (way,) = layout.of_kind("accessible_bay"), layout.of_kind("bay_aisle")
    assert bay.at[0] == pytest.approx(29.75, abs=1.3)  # the door's middle is at 30.2 m
    assert min(way.size_m) == pytest.approx(1.2)
    assert stands_on(way).distance(stands_on(bay)) < 0.01
    assert stands_on(way).intersection(stands_on(bay)).area < 0.01


def test_a_bay_at_a_free_side_gives_up_no_other() -> None:
    site = with_bays(12, gap=1.3)
    (way,) = parked(site).of_kind("bay_aisle")
    assert all(bay.area.intersection(stands_on(way)).area < 0.06 for bay in site.parking)


def test_enough_marked_bays_are_left_as_they_are() -> None:
    assert parked(with_bays(20, accessible=1)).of_kind("accessible_bay") == ()


@settings(max_examples=8, deadline=None)
@given(st.integers(1, 24), st.floats(0.0, 2.0))
def test_bays_and_their_ways_never_overlap_one_another_or_the_building(count: int, gap: float) -> None:
    site = with_bays(count, gap=gap)
    shapes = [stands_on(piece) for piece in parked(site).of_kind("accessible_bay", "bay_aisle")]
    assert len(shapes) in (0, 2)
    assert all(shape.intersection(site.floors[0].outline).area < 0.1 for shape in shapes)
    assert sum(shape.area for shape in shapes) == pytest.approx(shapely.union_all(shapes).area, abs=0.02)
