"""Staff rooms that alone join two parts of the staff's ground have doors to be walked through."""

from __future__ import annotations

from dataclasses import replace

from shapely.geometry import Point, box

from hallplan.furnish import furnish
from hallplan.model.layout import Aisle, Layout
from hallplan.settings import Settings
from tests.builders import make_layout, make_programme, make_site, make_windows


def _halved() -> Layout:
    """The county hall with the staff's way in two parts, its back office reaching the north wall between them."""
    layout = make_layout()
    office = next(zone for zone in layout.zones if zone.zone == "back_office-1")
    x0, y0, x1, _ = office.area.bounds
    ways = tuple(
        Aisle(f"S{n}", "F1", "staff", box(a, y0, b, 26.7), 1.5)
        for n, (a, b) in enumerate(((x0 - 4, x0), (x1, x1 + 4)), 1)
    )
    public = tuple(way for way in layout.aisles if way.network == "public")
    zones = tuple(
        zone
        for zone in layout.zones
        if zone.area.intersection(box(x0 - 4, y0, x1 + 4, 26.7)).area < 0.1 or zone is office
    )
    return replace(layout, aisles=(*public, *ways), zones=zones)


def test_a_room_between_two_ways_of_the_staff_has_a_door_to_each() -> None:
    programme = make_programme()
    office = replace(programme.zone("back_office-1"), is_enclosed=True)
    programme = replace(programme, zones=tuple(office if zone.id == office.id else zone for zone in programme.zones))
    layout = furnish(make_site(), programme, make_windows(), _halved(), Settings())
    doors = [door for door in layout.doors if door.zone == "back_office-1"]
    for way in (aisle for aisle in layout.aisles if aisle.network == "staff"):
        assert any(way.area.distance(Point(door.at)) < 0.3 for door in doors), way.id
    assert len({door.id for door in layout.doors}) == len(layout.doors)
