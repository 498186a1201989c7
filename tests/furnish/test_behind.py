"""Doors of staff rooms beside counters: onto the floor behind the counters, never where visitors come to them."""

from __future__ import annotations

from dataclasses import replace

from shapely.geometry import LineString, Polygon, box

from hallplan.flow import route_visitors
from hallplan.furnish import furnish
from hallplan.geometry.polygons import moved
from hallplan.model.layout import Layout, NewDoor
from hallplan.model.programme import Holding, Programme, VisitorKind
from hallplan.model.site import Obstacle, ObstacleKind, Opening, OpeningRole
from hallplan.model.space import public_part
from hallplan.settings import Settings
from tests.builders import make_zone
from tests.furnish.halls import (
    columns,
    counters_of,
    empty_hall,
    faults,
    layout_of,
    programme_of,
    short_of,
    window_plan,
    window_zone,
)

NORTH, WEST = 79.7, 0.3
OFFICE = box(WEST, NORTH - 5.3, WEST + 3.3, NORTH)
COUNTERS = box(WEST + 3.3, NORTH - 4.7, WEST + 9.3, NORTH)
ENTRANCE = Opening(
    "D1", OpeningRole.STAFF, (11.0, 79.85), 1.2, LineString([(10.4, 79.85), (11.6, 79.85)]), 270.0, is_exterior=True
)
SITE = empty_hall(openings=(ENTRANCE,))
OFFICE_KINDS = Holding("desk", 1), Holding("shelf", 4)


def _programme(windows: int, *more: str) -> Programme:
    plan = window_plan(("general", "window_general", windows, 1.5))
    office = make_zone("back_office-1", 17.0, holdings=OFFICE_KINDS, is_enclosed=True)
    rooms = [make_zone(id, 20.0, is_enclosed=True) for id in more]
    staff = VisitorKind("staff", "staff", ("door:staff", "back_office-1"), 4.0, "staff")
    return replace(programme_of(office, window_zone(plan), *rooms), visitors=(staff,))


def _hall(counters: Polygon, windows: int, **rooms: Polygon) -> Layout:
    """An office in a corner of the hall with counters beside it, which look south."""
    named = {id.replace("_1", "-1"): area for id, area in rooms.items()}
    layout = layout_of(
        ("back_office-1", OFFICE, None),
        ("window_general-1", counters, 270.0),
        *((id, a, None) for id, a in named.items()),
    )
    plan = window_plan(("general", "window_general", windows, 1.5))
    return furnish(SITE, _programme(windows, *named), plan, layout, Settings())


def _doors(layout: Layout) -> list[NewDoor]:
    return [door for door in layout.doors if door.zone == "back_office-1"]


def _fronts(layout: Layout) -> Polygon:
    return public_part(next(zone for zone in layout.zones if zone.zone == "window_general-1"), layout)


def test_an_office_beside_counters_opens_onto_the_floor_behind_them() -> None:
    layout = _hall(COUNTERS, 3)
    (door,) = _doors(layout)
    assert door.facing_deg == 0.0
    behind = max(piece.at[1] + piece.size_m[1] / 2 for piece in counters_of(layout))
    assert door.at[1] - door.width_m / 2 > behind
    assert len(counters_of(layout)) == 3
    assert faults(SITE, layout) == []


def test_staff_do_not_walk_past_the_fronts_of_counters_to_an_office_beside_them() -> None:
    layout = _hall(COUNTERS, 3)
    routes = route_visitors(SITE, _programme(3), layout, Settings())
    assert routes.blocked == ()
    (leg,) = (leg for route in routes.routes if route.network == "staff" for leg in route.legs)
    assert leg.line.distance(_fronts(layout)) > 1.0
    assert leg.length_m < 12.0


def test_an_office_holds_as_much_with_its_door_on_that_side() -> None:
    assert short_of(_hall(COUNTERS, 3), "shelf") == 0


def test_an_office_beside_counters_that_staff_cannot_leave_keeps_its_door_to_the_hall() -> None:
    """A room at the other end shuts the floor behind the counters in."""
    x1 = COUNTERS.bounds[2]
    layout = _hall(
        COUNTERS,
        3,
        records_1=box(x1, NORTH - 4.7, x1 + 1.5, NORTH - 1.5),
        staff_support_1=box(x1, NORTH - 1.5, x1 + 0.6, NORTH),
    )
    assert 270.0 in {door.facing_deg for door in _doors(layout)}


def test_counters_do_not_turn_from_their_front_for_the_door_of_an_office() -> None:
    """Counters that fill their zone, which has no way behind the chairs: a door beside these would take the place of one."""
    counters = box(WEST + 3.3, NORTH - 3.0, WEST + 6.6, NORTH)
    layout = _hall(counters, 2)
    assert [piece.facing_deg for piece in counters_of(layout)] == [270.0, 270.0]
    (door,) = _doors(layout)
    before = moved(door.at, door.facing_deg, 0.5)
    assert box(before[0] - 0.6, before[1] - 0.6, before[0] + 0.6, before[1] + 0.6).disjoint(counters)


def test_an_office_behind_an_island_of_counters_does_not_open_where_visitors_come_to_its_back() -> None:
    """Its long side lies along the back of the island, a short one along open floor."""
    office, island = box(WEST, NORTH - 5.0, WEST + 8.0, NORTH), box(WEST, NORTH - 13.0, WEST + 8.0, NORTH - 5.0)
    layout = layout_of(("back_office-1", office, None), ("window_general-1", island, 270.0), form="island")
    plan = window_plan(("general", "window_general", 8, 1.5))
    found = furnish(SITE, _programme(8), plan, layout, Settings())
    assert [door.facing_deg for door in _doors(found)] == [0.0]


def test_a_chair_that_passes_a_column_does_not_stand_in_the_swing_of_an_office_door() -> None:
    """The line begins nearer to the door where a column may stand between two chairs."""
    site = empty_hall(*columns((WEST + 3.9, NORTH - 1.2)), openings=(ENTRANCE,))
    layout = layout_of(("back_office-1", OFFICE, None), ("window_general-1", COUNTERS, 270.0))
    plan = window_plan(("general", "window_general", 3, 1.5))
    found = furnish(site, _programme(3), plan, layout, Settings())
    assert [door.facing_deg for door in _doors(found)] == [0.0]
    assert len(counters_of(found)) == 3
    assert faults(site, found) == []


def test_an_office_keeps_its_only_door_where_it_turns_a_counter() -> None:
    """A wall of the building shuts its south, so that counters turned or lost are no reason to leave it without a door."""
    wall = Obstacle("W1", ObstacleKind.WALL, box(WEST, NORTH - 3.4, WEST + 3.3, NORTH - 3.0))
    office = box(WEST, NORTH - 3.0, WEST + 3.3, NORTH)
    layout = layout_of(
        ("back_office-1", office, None), ("window_general-1", box(WEST + 3.3, NORTH - 3.0, WEST + 6.6, NORTH), 270.0)
    )
    plan = window_plan(("general", "window_general", 2, 1.5))
    found = furnish(empty_hall(wall, openings=(ENTRANCE,)), _programme(2), plan, layout, Settings())
    assert len(_doors(found)) == 1
