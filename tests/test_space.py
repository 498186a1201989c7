"""Walls and ground of a layout, which many stages ask for again."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely
from shapely.geometry import LineString, MultiPolygon, box

from hallplan.flow.grounds import Grounds
from hallplan.model.layout import Furniture, Partition
from hallplan.model.site import Floor, Obstacle, ObstacleKind, OpeningRole
from hallplan.model.space import for_ways, ground, standing_walls
from tests.builders import door, make_layout, make_site

WALL = Partition("F1-P01", "F1", LineString([(20, 12), (20, 18)]), "wall", 0.1, "wait-1")


def test_ground_asked_for_again_is_the_same_and_the_askers_own() -> None:
    floor, layout = make_site().floors[0], make_layout()
    first, again = ground(floor, layout), ground(floor, layout)
    shapely.prepare(first)
    assert first.equals_exact(again)
    assert not shapely.is_prepared(again)


def test_a_wall_put_up_or_taken_down_changes_the_ground() -> None:
    floor, layout = make_site().floors[0], make_layout()
    walled = replace(layout, partitions=(*layout.partitions, WALL))
    bare, built = ground(floor, layout), ground(floor, walled)
    assert bare.difference(built).intersects(WALL.line)
    assert ground(floor, layout).equals(bare)


def test_glass_stands_but_hides_nothing() -> None:
    floor, layout = make_site().floors[0], replace(make_layout(), partitions=(replace(WALL, kind="glass"),))
    assert standing_walls(floor, layout).intersects(WALL.line)
    assert not standing_walls(floor, layout, glass=False).intersects(WALL.line)


def two_rooms(width_m: float) -> Floor:
    """A floor of 10 × 6 m with a wall of the building across it and a door in that."""
    doorway = replace(door("D9", OpeningRole.ROOM, (5.0, 2.5), (5.0, 2.5 + width_m), 0), is_exterior=False)
    wall = box(4.9, 0, 5.1, 6).difference(box(4.9, 2.5, 5.1, 2.5 + width_m))
    usable = MultiPolygon([box(0, 0, 10, 6).difference(wall)])
    walls = tuple(Obstacle(f"wall-{n}", ObstacleKind.WALL, part) for n, part in enumerate(wall.geoms, 1))
    floor = make_site().floors[0]
    return replace(floor, outline=box(0, 0, 10, 6), usable=usable, obstacles=walls, openings=(doorway,))


def is_through(floor: Floor, width_m: float, *pieces: Furniture) -> bool:
    """Whether ways of a width lead from one room to the other."""
    layout = replace(make_layout(), zones=(), aisles=(), furniture=pieces)
    site = replace(make_site(), floors=(floor,))
    return len(Grounds(site, layout).narrowed("F1", "all", width_m)) == 1


@pytest.mark.parametrize(("door_m", "way_m", "leads"), [
    (0.9, 0.7, True), (0.9, 1.2, True), (0.8, 1.2, True), (0.9, 1.8, True), (0.75, 0.7, True), (0.75, 1.2, False),
    (1.2, 1.2, True), (1.8, 1.8, True),
])  # fmt: skip
def test_ways_lead_through_doors_that_are_wide_enough_for_doors(door_m: float, way_m: float, leads: bool) -> None:
    assert is_through(two_rooms(door_m), way_m) is leads


def test_what_stands_before_a_door_narrows_the_way_through_it() -> None:
    desk = Furniture("K1", "form_desk", "F1", "form-1", (5.5, 2.6), (0.6, 0.6), 0, 0.75)
    assert is_through(two_rooms(0.9), 1.2)
    assert not is_through(two_rooms(0.9), 1.2, desk)


def test_a_gap_that_is_no_door_is_as_wide_as_it_is() -> None:
    floor = replace(two_rooms(0.9), openings=())
    layout = replace(make_layout(), zones=(), aisles=(), furniture=())
    assert not is_through(floor, 1.2)
    assert for_ways(ground(floor, layout), floor, layout, 1.2).equals(ground(floor, layout))


@pytest.mark.parametrize("depth_m", [0.3, 0.4, 0.6])
def test_no_way_leads_through_the_back_of_a_cupboard(depth_m: float) -> None:
    """A cupboard or shaft behind the door, closed all round."""
    around = box(5.1, 2.3, 5.2 + depth_m, 3.6).difference(box(5.1, 2.4, 5.1 + depth_m, 3.5))
    floor = two_rooms(0.9)
    back = Obstacle("wall-9", ObstacleKind.WALL, around)
    shut = replace(
        floor, obstacles=(*floor.obstacles, back), usable=MultiPolygon(floor.usable.difference(around).geoms)
    )
    layout = replace(make_layout(), zones=(), aisles=(), furniture=())
    assert for_ways(ground(shut, layout), shut, layout, 1.2).equals(ground(shut, layout))


def test_a_lobby_between_two_doors_is_as_wide_as_it_is() -> None:
    """Doors of 1.0 m at both ends of a lobby of 1.3 × 2 m: a wheelchair passes, a way of 1.8 m does not."""
    walls = [box(4.9, 0, 5.1, 2.35), box(4.9, 3.65, 5.1, 6), box(7.1, 0, 7.3, 2.35), box(7.1, 3.65, 7.3, 6)]
    walls += [box(5.1, 2.25, 7.1, 2.35), box(5.1, 3.65, 7.1, 3.75)]
    ends = [box(x, y0, x + 0.2, y1) for x in (4.9, 7.1) for y0, y1 in ((2.35, 2.5), (3.5, 3.65))]
    doors = tuple(
        replace(door(f"D{n}", OpeningRole.ROOM, (x, 2.5), (x, 3.5), 0), is_exterior=False)
        for n, x in enumerate((5.0, 7.2))
    )
    solid = shapely.union_all([*walls, *ends])
    floor = replace(
        two_rooms(0.9), usable=MultiPolygon(box(0, 0, 12, 6).difference(solid).geoms), outline=box(0, 0, 12, 6),
        obstacles=tuple(Obstacle(f"wall-{n}", ObstacleKind.WALL, part) for n, part in enumerate(shapely.get_parts(solid))),
        openings=doors,
    )  # fmt: skip
    layout = replace(make_layout(), zones=(), aisles=(), furniture=())
    grounds = Grounds(replace(make_site(), floors=(floor,)), layout)
    west, east = shapely.Point(2, 3), shapely.Point(10, 3)
    joined = [
        any(part.covers(west) and part.covers(east) for part in grounds.narrowed("F1", "all", width))
        for width in (1.2, 1.8)
    ]
    assert joined == [True, False]
