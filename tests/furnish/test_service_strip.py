"""The room behind the machines of a 24-hour area."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon, box

from hallplan.check import night_rules
from hallplan.furnish import furnish
from hallplan.model.layout import Aisle, Layout
from hallplan.model.programme import Holding
from hallplan.model.site import Opening, OpeningRole, Site
from hallplan.settings import Settings
from tests.builders import make_zone
from tests.furnish.halls import empty_hall, faults, layout_of, programme_of, stands_on, window_plan

WAY = Aisle("M1", "F1", "public", box(0.3, 12, 79.7, 14), 2.0)
STAFF = Aisle("M2", "F1", "staff", box(9.0, 0.3, 10.5, 12), 1.5)


def night_hall(area: Polygon, machines: int, *ways: Aisle, front: float = 90.0) -> tuple[Site, Layout]:
    """A 24-hour area against the south wall with its own door near its south-west corner."""
    x = area.bounds[0]
    door = Opening(
        "D1", OpeningRole.H24, (x + 1.4, 0.15), 1.8, LineString([(x + 0.5, 0.15), (x + 2.3, 0.15)]), 90.0, True
    )
    site = empty_hall(openings=(door,))
    zone = make_zone("self_24h-1", area.area, holdings=(Holding("kiosk", machines - 1), Holding("kiosk_low", 1)))
    layout = layout_of(("self_24h-1", area, front), aisles=ways or (WAY,))
    return site, furnish(site, programme_of(zone), window_plan(), layout, Settings())


def kiosks(layout: Layout) -> list[Polygon]:
    return [stands_on(piece) for piece in layout.of_kind("kiosk", "kiosk_low")]


def test_staff_reach_the_backs_by_a_door_of_their_own_and_the_area_stays_shut() -> None:
    site, layout = night_hall(box(1.0, 0.3, 7.4, 6.0), 3)
    assert len(kiosks(layout)) == 3
    (door,) = [door for door in layout.doors if door.network == "staff"]
    assert door.zone == "self_24h-1"
    rules = night_rules(site, layout, 3)
    assert rules["staff_side"] is True
    assert rules["closed_off"] is True
    assert rules["own_entrance"] is True
    assert faults(site, layout) == []


def test_the_door_opens_to_staff_where_staff_pass() -> None:
    _, layout = night_hall(box(1.0, 0.3, 9.0, 6.0), 3, WAY, STAFF)
    (door,) = [door for door in layout.doors if door.network == "staff"]
    assert door.at[0] == pytest.approx(9.0, abs=0.2)


def test_the_door_does_not_open_into_a_pocket_that_staff_cannot_come_to() -> None:
    """A room to the north shuts the floor west of the area off from the hall."""
    area, room = box(1.8, 0.3, 8.2, 5.8), box(0.3, 3.8, 1.8, 6.3)
    openings = (
        Opening("D1", OpeningRole.H24, (6.8, 0.15), 1.8, LineString([(5.9, 0.15), (7.7, 0.15)]), 90.0, True),
        Opening("D2", OpeningRole.STAFF, (40.0, 0.15), 1.8, LineString([(39.1, 0.15), (40.9, 0.15)]), 90.0, True),
    )
    zone = make_zone("self_24h-1", area.area, holdings=(Holding("kiosk", 2), Holding("kiosk_low", 1)))
    layout = layout_of(("self_24h-1", area, 90.0), ("records-1", room, None), aisles=(WAY,))
    site, programme = empty_hall(openings=openings), programme_of(zone, make_zone("records-1", room.area))
    found = furnish(site, programme, window_plan(), layout, Settings())
    assert len(kiosks(found)) == 3
    (door,) = [door for door in found.doors if door.zone == "self_24h-1" and door.network == "staff"]
    assert door.facing_deg != 180.0
    assert night_rules(site, found, 3)["staff_side"] is True


def test_without_the_door_or_the_wall_nobody_services_from_behind() -> None:
    site, layout = night_hall(box(1.0, 0.3, 7.4, 6.0), 3)
    no_door = replace(layout, doors=tuple(door for door in layout.doors if door.network != "staff"))
    assert night_rules(site, no_door, 3)["staff_side"] is False
    no_wall = replace(layout, partitions=tuple(p for p in layout.partitions if not p.id.startswith("F1-S")))
    assert len(no_wall.partitions) == len(layout.partitions) - 1
    assert night_rules(site, no_wall, 3)["staff_side"] is False


def test_the_wall_closes_a_niche_in_the_side_as_well() -> None:
    area = box(1.0, 0.3, 7.4, 6.0).difference(box(7.0, 0.3, 7.4, 0.8))
    site, layout = night_hall(area, 3)
    assert night_rules(site, layout, 3)["staff_side"] is True


def test_an_area_too_small_keeps_its_machines_and_has_no_strip() -> None:
    _, layout = night_hall(box(1.0, 0.3, 4.4, 3.9), 2)
    assert len(kiosks(layout)) == 2
    assert {door.network for door in layout.doors} == {"public"}


@settings(max_examples=10, deadline=None)
@given(st.floats(4.0, 9.0), st.floats(3.6, 8.0), st.integers(2, 5), st.sampled_from([90.0, 0.0]))
def test_machines_stand_before_the_strip_and_nothing_is_lost_to_it(
    width: float, depth: float, count: int, front: float
) -> None:
    area = box(1.0, 0.3, round(1.0 + width, 2), round(0.3 + depth, 2))
    site, layout = night_hall(area, count, front=front)
    there = len(kiosks(layout))
    lacking = sum(s.asked - s.placed for s in layout.shortfalls if s.kind.startswith("kiosk"))
    assert there + lacking == count
    assert [fault for fault in faults(site, layout) if "kiosk" in fault] == []
    has_strip = any(door.network == "staff" for door in layout.doors)
    assert not has_strip or night_rules(site, layout, count)["closed_off"] is True
