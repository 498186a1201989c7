"""Doors and necks of the building that are narrower than the ways through them are told with place, width and width wanted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shapely.geometry import MultiPolygon, box

from hallplan.model.layout import Narrow
from hallplan.model.site import OpeningRole, Site
from hallplan.place import place_zones
from hallplan.settings import Placement, Settings
from hallplan.terms import speaking
from tests.builders import door, make_zone
from tests.place.test_bad_input import hall, programme


def two_rooms(neck_m: float, *, has_door: bool) -> Site:
    """A hall of 12 × 8 m and a room of 8 × 8 m in the east, joined by an opening of a width in a wall of 0.2 m."""
    site = hall(12, 8)
    low, high = 4.0 - neck_m / 2, 4.0 + neck_m / 2
    usable = MultiPolygon([box(0, 0, 12, 8).union(box(12.2, 0, 20, 8)).union(box(11.9, low, 12.3, high))])
    inner = replace(door("D9", OpeningRole.ROOM, (12.1, low), (12.1, high), 0), is_exterior=False)
    openings = (site.floors[0].openings[0], *([inner] if has_door else []))
    floor = replace(site.floors[0], usable=usable, outline=box(0, 0, 20, 8), openings=openings)
    return replace(site, floors=(floor,))


def found(neck_m: float, *, has_door: bool = False) -> tuple[Narrow, ...]:
    """What is told of a layout with a zone of 40 m² that only the room in the east has room for, beside one of 60 m² in the hall."""
    east, west = replace(make_zone("form-1", 40), min_m2=40.0), replace(make_zone("wait-1", 60), min_m2=58.0)
    settings = Settings(place=Placement(effort="quick", alternatives=1))
    layout = place_zones(two_rooms(neck_m, has_door=has_door), programme(west, east), settings)[0]
    return layout.narrows


@pytest.mark.parametrize("has_door", [False, True])
def test_an_opening_narrower_than_its_way_is_told_with_place_and_widths(has_door: bool) -> None:
    (narrow,) = found(0.9, has_door=has_door)
    assert narrow.width_m == pytest.approx(0.9, abs=0.02)
    assert narrow.wanted_m == 1.2
    assert narrow.at == (pytest.approx(12.1, abs=0.3), pytest.approx(4.0, abs=0.2))
    assert narrow.door == ("D9" if has_door else "")


def test_the_narrowest_neck_that_counts_is_told_as_wide_as_it_is() -> None:
    assert [narrow.width_m for narrow in found(0.8)] == [pytest.approx(0.8, abs=0.01)]


def test_a_wide_opening_is_not_told_of() -> None:
    assert found(2.4) == ()
    with speaking("en"):
        assert found(2.4, has_door=True) == ()
