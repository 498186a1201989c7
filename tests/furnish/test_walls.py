"""Partitions, doors and what is taken down."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely
from shapely.affinity import translate
from shapely.geometry import LineString, Polygon, box

from hallplan.furnish import furnish
from hallplan.model.layout import Aisle, Layout, Network
from hallplan.model.programme import Holding
from hallplan.model.site import Obstacle, ObstacleKind, Opening, OpeningRole
from hallplan.model.space import partitions_left, standing_doors, standing_walls
from hallplan.settings import Drawing, Settings
from tests.builders import make_zone
from tests.furnish.halls import empty_hall, faults, layout_of, programme_of, window_plan

NONE = window_plan()
WAY = Aisle("M1", "F1", "public", box(10, 14, 40, 16), 2.0)


def wall(id: str, x0: float, y0: float, x1: float, y1: float) -> Obstacle:
    return Obstacle(id, ObstacleKind.WALL, box(x0, y0, x1, y1), is_fixed=False)


def rooms(*obstacles: Obstacle, settings: Settings | None = None, openings=()):
    meeting = make_zone("meeting-1", 20.0, holdings=(Holding("meeting_table", 1),))
    nursing = make_zone("nursing-1", 12.0)
    layout = layout_of(
        ("meeting-1", box(10, 10, 15, 14), 90.0), ("nursing-1", box(15.1, 10, 18.1, 14), 90.0), aisles=(WAY,)
    )
    return furnish(
        empty_hall(*obstacles, openings=openings), programme_of(meeting, nursing), NONE, layout, settings or Settings()
    )


def test_a_shared_edge_is_one_partition() -> None:
    layout = rooms()
    total = sum(p.line.length for p in layout.partitions) + sum(d.width_m for d in layout.doors)
    # two boxes of 5 × 4 and 3 × 4 m that share one side of 4 m; ends stretch 0.1 m over the gap
    assert total == pytest.approx(18 + 10 - 0, abs=0.5) or total == pytest.approx(18 + 10, abs=0.5)


def test_doors_open_to_the_way() -> None:
    layout = rooms()
    assert {(d.zone, d.facing_deg, d.width_m) for d in layout.doors} == {
        ("meeting-1", 90.0, 1.2), ("nursing-1", 90.0, 1.2),
    }  # fmt: skip
    for door in layout.doors:
        assert door.at[1] == pytest.approx(14.0)
        assert all(p.line.distance(_spot(door.at)) > 0.5 for p in layout.partitions)
    assert faults(empty_hall(), layout) == []


def _spot(at):
    from shapely.geometry import Point

    return Point(at)


def test_old_partitions_in_zones_are_taken_down_and_wanted_ones_stay() -> None:
    across = wall("W1", 9, 12, 17, 12.1)  # runs through both rooms
    along = wall("W2", 9.95, 10, 10.05, 14)  # stands where the meeting room wants its wall
    far = wall("W3", 30, 30, 35, 30.1)
    layout = rooms(across, along, far)
    assert sum(line.length for line in layout.demolished) == pytest.approx(7.0, abs=0.35)
    assert all(line.distance(LineString([(30, 30), (35, 30)])) > 1 for line in layout.demolished)
    assert not any(p.line.buffer(0.05).contains(LineString([(10, 11), (10, 13)])) for p in layout.partitions)


def test_walls_between_cells_that_one_wall_encloses_are_taken_down_too() -> None:
    """A block of eight cells of 2 × 2 m whose walls are one outline with eight holes, in the meeting room and beyond it."""
    cells = [box(9.1 + 2.1 * i, 10.0 + 2.1 * j, 11.1 + 2.1 * i, 12.0 + 2.1 * j) for i in range(4) for j in range(2)]
    block = replace(wall("W1", 9, 9.9, 17.5, 14.2), area=box(9, 9.9, 17.5, 14.2).difference(shapely.union_all(cells)))
    hall = empty_hall(block)
    layout = rooms(block)
    inner = shapely.box(10.2, 10.2, 14.8, 13.8)  # of the meeting room, off its own walls
    assert block.area.intersection(inner).area > 1.0
    assert standing_walls(hall.floors[0], layout).intersection(inner).area < 0.02
    assert len({line.wkb for line in layout.demolished}) == len(layout.demolished)


def test_kept_partitions_stay() -> None:
    settings = Settings(drawing=Drawing(keep_partitions=True))
    layout = rooms(wall("W1", 9, 12, 17, 12.1), settings=settings)
    assert layout.demolished == ()
    assert faults(empty_hall(replace(wall("W1", 9, 12, 17, 12.1), is_fixed=True)), layout) == []


def test_a_24_hour_zone_closes_with_a_shutter_and_misses_its_own_door() -> None:
    zone = make_zone("self_24h-1", 40.0, holdings=(Holding("kiosk", 4), Holding("kiosk_low", 1)))
    layout = layout_of(("self_24h-1", box(10, 0.4, 18, 14), 90.0), aisles=(WAY,))
    bare = furnish(empty_hall(), programme_of(zone), NONE, layout, Settings())
    assert [p.kind for p in bare.partitions if p.kind == "shutter"] == ["shutter"]
    assert [s.kind for s in bare.shortfalls] == ["door"]
    line = LineString([(12, 0.15), (14, 0.15)])
    own = Opening("D1", OpeningRole.H24, (13.0, 0.15), 2.0, line, 90.0, is_exterior=True)
    with_door = furnish(empty_hall(openings=(own,)), programme_of(zone), NONE, layout, Settings())
    assert with_door.shortfalls == ()
    strip = box(12, 0.3, 14, 1.5)
    assert all(strip.distance(box(*_bounds(f))) > 0 for f in with_door.of_kind("kiosk", "kiosk_low"))


def _bounds(piece):
    (x, y), half = piece.at, 0.4
    return x - half, y - half, x + half, y + half


def test_a_room_against_outer_walls_only_gets_the_missing_sides() -> None:
    zone = make_zone("records-1", 40.0)
    layout = layout_of(("records-1", box(0.4, 0.4, 8, 6), None), aisles=(replace(WAY, area=box(8, 0.3, 10, 12)),))
    placed = furnish(empty_hall(), programme_of(zone), NONE, layout, Settings())
    length = sum(p.line.length for p in placed.partitions) + sum(d.width_m for d in placed.doors)
    assert length == pytest.approx(7.6 + 5.6, abs=0.3)


def test_no_door_opens_onto_the_end_of_a_wall_between_two_other_rooms() -> None:
    """A staff room in a corner of the hall; two stores lie along its north, their common wall right before its middle, one along its east."""
    room = box(0.3, 0.3, 6.3, 4.3)
    stores = box(0.3, 4.3, 3.3, 8.3), box(3.3, 4.3, 6.3, 8.3), box(6.3, 0.3, 10.3, 8.3)
    areas = {f"records-{n}": area for n, area in enumerate(stores, 1)} | {"back_office-1": room}
    way = replace(WAY, network="staff", area=box(0.3, 8.3, 12.3, 10.3))
    layout = layout_of(*((name, area, None) for name, area in areas.items()), aisles=(way,))
    zones = [make_zone(name, area.area, is_enclosed=True) for name, area in areas.items()]
    placed = furnish(empty_hall(), programme_of(*zones), NONE, layout, Settings())
    doors = [door for door in placed.doors if door.zone == "back_office-1"]
    assert doors
    for door in doors:
        before = translate(box(-0.4, 0.1, 0.4, 1.1) if door.facing_deg == 90.0 else box(0.1, -0.4, 1.1, 0.4), *door.at)
        assert all(wall.line.disjoint(before) for wall in placed.partitions)


def furnish_beside(
    id: str,
    network: Network,
    role: OpeningRole,
    x: float,
    area: Polygon,
    holding: Holding | None = None,
    column: Obstacle | None = None,
) -> Layout:
    """A room with a way on its west and on its east, joined in the south, and a door of the hall at x in its south wall."""
    strips = (box(8, 0.3, 10, 30), box(15, 0.3, 17, 30), box(10, 0.3, 15, 2.3))
    aisles = tuple(Aisle(f"M{n}", "F1", network, strip, 2.0) for n, strip in enumerate(strips))
    door = Opening("D1", role, (x, 0.15), 1.8, LineString([(x - 0.9, 0.15), (x + 0.9, 0.15)]), 90.0, is_exterior=True)
    programme = programme_of(make_zone(id, area.area, holdings=(holding,) if holding else ()))
    site = empty_hall(*([column] if column else ()), openings=(door,))
    return furnish(site, programme, NONE, layout_of((id, area, None), aisles=aisles), Settings())


@pytest.mark.parametrize(
    ("id", "network", "role"),
    [("records-1", "staff", OpeningRole.STAFF), ("meeting-1", "public", OpeningRole.MAIN)],
)
def test_a_door_opens_to_the_side_from_which_they_come(id: str, network: Network, role: OpeningRole) -> None:
    for x, facing_deg in ((16.0, 0.0), (9.0, 180.0)):
        layout = furnish_beside(id, network, role, x, box(10, 10, 15, 14))
        assert [door.facing_deg for door in layout.doors] == [facing_deg]


def test_a_door_farther_off_is_better_than_a_room_without_its_table() -> None:
    area, table = box(10, 10, 15, 12.8), Holding("meeting_table", 1)
    near = furnish_beside("meeting-1", "public", OpeningRole.MAIN, 16.0, area, table)
    assert ([door.facing_deg for door in near.doors], near.shortfalls) == ([0.0], ())
    column = Obstacle("C1", ObstacleKind.COLUMN, box(11.7, 11.3, 12.3, 11.9))
    far = furnish_beside("meeting-1", "public", OpeningRole.MAIN, 16.0, area, table, column)
    assert ([door.facing_deg for door in far.doors], far.shortfalls) == ([180.0], ())


@pytest.mark.parametrize(("is_fixed", "stands"), [(True, True), (False, False)])
def test_a_door_stands_as_long_as_a_wall_carries_it(is_fixed: bool, stands: bool) -> None:
    """A door of 1.0 m in a wall, with a partition that ends 0.1 m from it and is taken down, as is the wall where it is none."""
    walls = [
        Obstacle(f"W{n}", ObstacleKind.WALL, box(*ends), is_fixed=is_fixed)
        for n, ends in enumerate([(10.0, 20.0, 14.0, 20.2), (15.0, 20.0, 20.0, 20.2)])
    ]
    line = LineString([(14.0, 20.1), (15.0, 20.1)])
    door = Opening("D1", OpeningRole.ROOM, (14.5, 20.1), 1.0, line, 90.0, is_exterior=False)
    floor = empty_hall(*walls, wall("P1", 14.4, 20.3, 14.5, 25.0), openings=(door,)).floors[0]
    gone = [LineString([(14.45, 20.3), (14.45, 25.0)])]
    gone += [] if is_fixed else [LineString([(10.0, 20.1), (14.0, 20.1)]), LineString([(15.0, 20.1), (20.0, 20.1)])]
    assert bool(standing_doors(floor, gone)) is stands


def test_a_stub_that_is_left_of_a_wall_goes_with_it_and_with_its_door() -> None:
    """Strange drawings break walls at each door; a stub of 0.15 m beside one kept its leaf on the plan, in the middle of the hall."""
    walls = wall("W1", 10.0, 20.0, 14.0, 20.1), wall("W2", 15.0, 20.0, 20.0, 20.1), wall("W3", 30.0, 30.0, 30.1, 30.1)
    line = LineString([(14.0, 20.05), (15.0, 20.05)])
    door = Opening("D1", OpeningRole.ROOM, (14.5, 20.05), 1.0, line, 90.0, is_exterior=False)
    floor = empty_hall(*walls, openings=(door,)).floors[0]
    almost = [LineString([(10.0, 20.05), (13.85, 20.05)]), LineString([(15.0, 20.05), (20.0, 20.05)])]
    assert standing_doors(floor, almost) == ()
    assert [part.bounds for part in partitions_left(floor, almost)] == [walls[2].area.bounds]
    assert standing_doors(floor, almost[:1]) == (door,)


@pytest.mark.parametrize(("beyond_m", "left"), [(0.8, 0), (2.5, 1)])
def test_what_little_is_left_of_a_wall_comes_down_with_it(beyond_m: float, left: int) -> None:
    """A wall through the meeting room that ends so far beyond the main way behind it."""
    across = wall("W1", 12.0, 11.0, 12.1, 16.0 + beyond_m)
    layout = rooms(across)
    assert len(partitions_left(empty_hall(across).floors[0], layout.demolished)) == left


def test_a_pier_goes_with_the_wall_beside_it_and_no_other_does() -> None:
    """Pieces of 0.6 m: beside the end of a wall that comes down, at the outer wall, beside a wall that stays, and alone far off."""
    through, stays = wall("W1", 11.0, 11.0, 13.0, 11.1), wall("W2", 30.0, 30.0, 36.0, 30.1)
    beside, held = wall("P0", 11.0, 8.8, 11.1, 9.4), wall("P1", 40.0, 0.3, 40.1, 0.9)
    others = wall("P2", 36.1, 30.0, 36.7, 30.1), wall("P3", 12.0, 20.0, 12.1, 20.6)
    upright = wall("W4", 11.0, 10.0, 11.1, 13.0)
    walls = (through, upright, beside, stays, held, *others)
    left = partitions_left(empty_hall(*walls).floors[0], rooms(*walls).demolished)
    assert {part.bounds for part in left} == {one.area.bounds for one in (stays, held, *others)}


def test_a_pier_between_doors_whose_walls_stand_stays() -> None:
    """A wall that comes down ends 0.4 m before a pier between two doors of a wall that stays; the doors stay with it."""
    a, pier, b = wall("A", 20.0, 12.0, 24.0, 12.1), wall("P", 25.0, 12.0, 25.4, 12.1), wall("B", 26.4, 12.0, 30.0, 12.1)
    down = wall("W", 25.15, 12.5, 25.25, 16.0)
    lines = [LineString([(24.0, 12.05), (25.0, 12.05)]), LineString([(25.4, 12.05), (26.4, 12.05)])]
    doors = tuple(
        Opening(f"D{n}", OpeningRole.ROOM, (line.centroid.x, 12.05), 1.0, line, 90.0, is_exterior=False)
        for n, line in enumerate(lines)
    )
    layout, floor = rooms(a, pier, b, down, openings=doors), empty_hall(a, pier, b, down, openings=doors).floors[0]
    assert layout.demolished
    assert pier.area.bounds in {part.bounds for part in partitions_left(floor, layout.demolished)}
    assert set(standing_doors(floor, layout.demolished)) == set(doors)


def test_a_shaft_of_thin_walls_is_no_stub() -> None:
    shaft = replace(
        wall("S", 12.6, 12.6, 13.5, 13.5), area=box(12.6, 16.2, 13.5, 17.1).difference(box(12.7, 16.3, 13.4, 17.0))
    )
    down = wall("W", 12.0, 11.0, 12.1, 16.0)
    layout = rooms(shaft, down)
    assert any(
        part.equals(shaft.area) for part in partitions_left(empty_hall(shaft, down).floors[0], layout.demolished)
    )
