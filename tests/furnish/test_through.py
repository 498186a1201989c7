"""Staff rooms that alone join two parts of the staff's ground have doors to be walked through."""

from __future__ import annotations

from dataclasses import replace

from shapely.geometry import Point, box

from hallplan.furnish import furnish
from hallplan.model.layout import Aisle, Layout
from hallplan.model.site import Obstacle, ObstacleKind, Opening, OpeningRole
from hallplan.settings import Settings
from tests.builders import door, make_layout, make_programme, make_site, make_windows, make_zone
from tests.furnish.halls import empty_hall, layout_of, programme_of, window_plan


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


def test_a_door_of_a_partition_that_comes_down_joins_nothing() -> None:
    """Thin walls with a door stand in the office just beside two of its edges, where none are wanted."""
    programme, layout, site = make_programme(), _halved(), make_site()
    office = replace(programme.zone("back_office-1"), is_enclosed=True)
    programme = replace(programme, zones=tuple(office if zone.id == office.id else zone for zone in programme.zones))
    x0, y0, x1, y1 = next(zone for zone in layout.zones if zone.zone == office.id).area.bounds
    (floor,), walls, doors = site.floors, list[Obstacle](), list[Opening]()
    for n, x in enumerate((x0 + 0.45, x1 - 0.45)):
        area, middle = box(x - 0.05, y0 + 0.5, x + 0.05, y1 - 0.5), (y0 + y1) / 2
        walls.append(Obstacle(f"W9{n}", ObstacleKind.WALL, area, is_fixed=False))
        drawn = door(f"D9{n}", OpeningRole.ROOM, (x, middle - 0.5), (x, middle + 0.5), 0)
        doors.append(replace(drawn, is_exterior=False))
    floor = replace(floor, obstacles=(*floor.obstacles, *walls), openings=(*floor.openings, *doors))
    found = furnish(replace(site, floors=(floor,)), programme, make_windows(), layout, Settings())
    assert found.demolished
    own = [one for one in found.doors if one.zone == office.id]
    for way in (aisle for aisle in found.aisles if aisle.network == "staff"):
        assert any(way.area.distance(Point(one.at)) < 0.3 for one in own), way.id


def test_a_door_of_staff_opens_onto_their_way_all_over() -> None:
    """Half of a room's edge lies on the staff's way, the rest, with its middle, on visitors'."""
    room = make_zone("records-1", 24)
    ways = (
        Aisle("S1", "F1", "staff", box(10, 14, 13.4, 16), 2.0),
        Aisle("M1", "F1", "public", box(13.4, 14, 30, 16), 2.0),
    )
    layout = layout_of(("records-1", box(10, 10, 16, 14), None), aisles=ways)
    found = furnish(empty_hall(), programme_of(room), window_plan(), layout, Settings())
    (one,) = found.doors
    assert one.at[1] == 14.0
    assert one.at[0] + one.width_m / 2 <= 13.4


def test_where_no_wide_door_fits_staff_have_one_as_wide_as_a_way_out() -> None:
    """South of a room the staff's way lies along 1.25 m of its edge only, beside another room."""
    ways = (
        Aisle("S1", "F1", "staff", box(10, 14, 16, 16), 2.0),
        Aisle("S2", "F1", "staff", box(10, 6, 11.25, 10), 1.25),
        Aisle("M1", "F1", "public", box(10, 4, 30, 6), 2.0),
    )
    rooms = ("records-1", box(10, 10, 16, 14), None), ("meeting-1", box(11.25, 6, 16, 10), None)
    wanted = programme_of(make_zone("records-1", 24), make_zone("meeting-1", 18))
    found = furnish(empty_hall(), wanted, window_plan(), layout_of(*rooms, aisles=ways), Settings())
    (south,) = (one for one in found.doors if one.zone == "records-1" and one.at[1] == 10.0)
    assert south.width_m == 1.1
    assert 10.0 < south.at[0] - 0.55 < south.at[0] + 0.55 < 11.25
