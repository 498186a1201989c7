"""Layouts that start from one that is there: what can stay stays."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from shapely.affinity import translate

from hallplan.errors import InfeasibleError
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


def adapted(given: Layout, programme: Programme | None = None) -> Layout:
    """Returns what a start from a layout gives; the site's frame is the drawing's own, in metres."""
    site, usual = _township()
    (layout,) = place_zones(site, programme or usual, ONE, start=given)
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
