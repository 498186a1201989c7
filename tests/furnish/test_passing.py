"""Rooms of the staff: one can walk out of each, through others too, past what stands there."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon, box

from hallplan.furnish import furnish
from hallplan.geometry.polygons import polygons_of
from hallplan.model.layout import Aisle, Layout
from hallplan.model.programme import Holding
from hallplan.model.site import Obstacle, ObstacleKind, Site
from hallplan.model.space import ground
from hallplan.settings import Settings
from tests.builders import make_zone
from tests.furnish.halls import empty_hall, faults, layout_of, programme_of, window_plan, window_zone

NONE = window_plan()
WAY_OUT_M = 1.1


def walled(*walls: Polygon) -> Site:
    """A hall with walls of the building, which are no floor."""
    site = empty_hall(*(Obstacle(f"W{n}", ObstacleKind.WALL, wall) for n, wall in enumerate(walls, 1)))
    rest = site.floors[0].usable.difference(shapely.union_all(walls))
    return replace(site, floors=(replace(site.floors[0], usable=MultiPolygon(polygons_of(rest))),))


def way(id: str, network: str, *sides: float) -> Aisle:
    return Aisle(id, "F1", network, box(*sides), 1.5)


def is_joined(site: Site, layout: Layout, a: tuple[float, float], b: tuple[float, float], width_m: float) -> bool:
    """Whether one walks from one place to another over ground so wide; chairs stand where they stand."""
    parts = shapely.get_parts(ground(site.floors[0], layout).buffer(0.01 - width_m / 2))
    return any(part.distance(Point(a)) < 0.6 and part.distance(Point(b)) < 0.6 for part in parts)


def test_a_pocket_of_staff_ways_between_rooms_is_walked_out_of_through_one_of_them() -> None:
    """Records open onto a pocket that an office alone keeps from the visitors' ways."""
    records, office = make_zone("records-1", 24.0, holdings=(Holding("shelf", 4),)), make_zone("back_office-1", 40.0)
    layout = layout_of(
        ("records-1", box(10, 16, 16, 20), None), ("back_office-1", box(10, 10, 20, 14), None),
        aisles=(way("S1", "staff", 10, 14, 20, 16), way("M1", "public", 10, 5, 20, 10)),
    )  # fmt: skip
    site = walled(box(9.7, 10, 10, 20.3), box(9.7, 20, 20.3, 20.3), box(16, 16, 20.3, 20.3), box(20, 10, 20.3, 20.3))
    placed = furnish(site, programme_of(records, office), NONE, layout, Settings())
    assert is_joined(site, placed, (13, 17), (15, 8), WAY_OUT_M)
    assert len([door for door in placed.doors if door.zone == "back_office-1"]) == 2


@pytest.mark.parametrize("desks", [4, 6, 8])
def test_a_way_out_stays_open_from_door_to_door_of_a_room_that_is_walked_through(desks: int) -> None:
    """Records lie behind an office, which has its door at the far end: what stands in the office leaves a way out between them."""
    records = make_zone("records-1", 20.0, holdings=(Holding("shelf", 4),))
    office = make_zone("back_office-1", 45.0, holdings=(Holding("desk", desks), Holding("cabinet", 4)))
    layout = layout_of(
        ("records-1", box(10, 10, 15, 14), None), ("back_office-1", box(15, 10, 26, 14), None),
        aisles=(way("S1", "staff", 26, 10, 28, 14),),
    )  # fmt: skip
    shell = box(9.7, 9.7, 26, 14.3).difference(box(10, 10, 26, 14))
    site = walled(shell)
    placed = furnish(site, programme_of(records, office), NONE, layout, Settings())
    inside = next(door for door in placed.doors if door.zone == "records-1").at
    assert is_joined(site, placed, (inside[0] - 0.7, inside[1]), (27, 12), WAY_OUT_M)
    assert len([piece for piece in placed.furniture if piece.kind == "desk"]) >= min(desks, 6)
    assert faults(site, placed) == []


def test_a_door_opens_the_old_partition_that_stands_on_its_rooms_edge() -> None:
    office = make_zone("back_office-1", 20.0)
    old = Obstacle("W1", ObstacleKind.WALL, box(14.95, 9, 15.05, 15), is_fixed=False)
    layout = layout_of(("back_office-1", box(10, 10, 15, 14), None), aisles=(way("S1", "staff", 15, 10, 17, 14),))
    site = empty_hall(old)
    placed = furnish(site, programme_of(office), NONE, layout, Settings())
    door = placed.doors[0]
    assert door.at[0] == pytest.approx(15.0)
    assert is_joined(site, placed, (13, 12), (16, 12), WAY_OUT_M)
    standing = old.area.difference(
        shapely.union_all([line.buffer(0.3, cap_style="flat") for line in placed.demolished])
    )
    assert standing.area > 0.2  # beside the door it stays


def test_a_window_keeps_its_place_where_there_is_another_way_out_than_behind_it() -> None:
    """Records open onto a pocket; the floor behind counters beside them leads out, and so does an office, at the cost of no window."""
    plan = window_plan(("general", "window_general", 4, 1.6))
    records, office = make_zone("records-1", 24.0), make_zone("back_office-1", 16.0)
    layout = layout_of(
        ("window_general-1", box(10, 10, 13.2, 17), 0.0), ("records-1", box(10, 17, 16, 21), None),
        ("back_office-1", box(16, 17, 20, 21), None),
        aisles=(way("M1", "public", 13.2, 5, 20, 17), way("M2", "public", 10, 5, 13.2, 10), way("M3", "public", 20, 5, 24, 26),
                way("S1", "staff", 10, 21, 16, 23)), form="straight",
    )  # fmt: skip
    site = walled(box(9.7, 10, 10, 23.3), box(9.7, 23, 20, 23.3), box(16, 21, 20, 23))
    placed = furnish(site, programme_of(window_zone(plan), records, office), plan, layout, Settings())
    assert is_joined(site, placed, (15.2, 19), (17, 8), WAY_OUT_M)
    assert len([piece for piece in placed.furniture if piece.kind.startswith("counter")]) == 4
