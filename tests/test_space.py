"""Walls and ground of a layout, which many stages ask for again."""

from __future__ import annotations

from dataclasses import replace

import shapely
from shapely.geometry import LineString

from hallplan.model.layout import Partition
from hallplan.model.space import ground, standing_walls
from tests.builders import make_layout, make_site

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
