"""The rules of the 24-hour area, told from where it lies."""

from __future__ import annotations

from dataclasses import replace

from shapely.geometry import LineString, box

from hallplan.check import night_rules
from hallplan.model.layout import Aisle, Layout, Partition
from hallplan.model.site import OpeningRole
from tests.builders import make_layout, make_site
from tests.check.test_rules import piece


def closed() -> Layout:
    """The hand-made hall with the 24-hour area (0.3 to 8.5 m, against the south and west walls) shut on both inner sides."""
    area = next(zone.area for zone in make_layout().zones if zone.type == "self_24h")
    x0, y0, x1, y1 = area.bounds
    east = Partition("P1", "F1", LineString([(x1, y0), (x1, y1)]), zone="self_24h-1")
    north = Partition("P2", "F1", LineString([(x0, y1), (x1, y1)]), "shutter", zone="self_24h-1")
    machines = tuple(piece(f"Y{n}", "kiosk", "self_24h-1", 1.5, 2.5 + 1.5 * n, 0) for n in range(2))
    desk = piece("M1", "monitor_desk", "equipment_rooms-1", 50.0, 20.0, 0)
    return replace(make_layout(), partitions=(east, north), furniture=(*machines, desk))


def test_an_area_shut_on_all_sides_with_its_own_door_keeps_its_rules() -> None:
    found = night_rules(make_site(), closed(), 2)
    assert found["own_entrance"] is True
    assert found["closed_off"] is True
    assert found["watch"] is True
    assert found["power"] is True


def test_a_gap_in_the_line_leads_into_the_hall() -> None:
    layout = closed()
    assert night_rules(make_site(), replace(layout, partitions=layout.partitions[:1]), 2)["closed_off"] is False


def test_without_a_door_of_its_own_a_desk_and_all_machines_the_rules_fail() -> None:
    site, layout = make_site(), closed()
    doors = tuple(d for d in site.floors[0].openings if d.role is not OpeningRole.H24)
    bare = replace(site, floors=(replace(site.floors[0], openings=doors),))
    found = night_rules(bare, replace(layout, furniture=layout.furniture[:1]), 2)
    assert (found["own_entrance"], found["watch"], found["power"]) == (False, False, False)


def test_a_staff_way_along_an_edge_lets_staff_serve_the_machines() -> None:
    layout = closed()
    assert night_rules(make_site(), replace(layout, aisles=()), 2)["staff_side"] is False
    x1, y1 = next(zone.area for zone in layout.zones if zone.type == "self_24h").bounds[2:]
    way = Aisle("S1", "F1", "staff", box(x1 + 0.1, y1 - 4, x1 + 1.3, y1), 1.2)
    assert night_rules(make_site(), replace(layout, aisles=(way,)), 2)["staff_side"] is True


def test_a_hall_without_the_area_decides_nothing() -> None:
    layout = make_layout()
    none = replace(layout, zones=tuple(zone for zone in layout.zones if zone.type != "self_24h"))
    assert set(night_rules(make_site(), none, 2).values()) == {None}
