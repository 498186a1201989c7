"""Lines of counters in zones of any size, shape and direction."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import rotate
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from hallplan.furnish import furnish
from hallplan.model.layout import Aisle, Layout
from hallplan.model.site import Obstacle, ObstacleKind, Opening, OpeningRole
from hallplan.settings import Settings
from tests.builders import ell, make_zone
from tests.furnish.halls import (
    columns,
    counters_of,
    empty_hall,
    faults,
    furnish_one,
    layout_of,
    programme_of,
    short_of,
    stands_on,
    window_plan,
    window_zone,
)

TWENTY = window_plan(("general", "window_general", 20, 1.6))
CENTRE = (40.0, 40.0)


def line_of(count: int, pitch: float = 1.6, kind: str = "general", zone: str = "window_general"):
    return window_plan((kind, zone, count, pitch))


def ways_behind(layout: Layout, front: float) -> float:
    """The least free depth behind the staff chairs of a straight line."""
    zone = layout.zones[0].area
    turned = [rotate(stands_on(f), 270 - front, origin=CENTRE) for f in layout.of_kind("staff_chair")]
    back = rotate(zone, 270 - front, origin=CENTRE).bounds[3]
    cabinets = [rotate(stands_on(f), 270 - front, origin=CENTRE).bounds[1] for f in layout.of_kind("cabinet")]
    return min([back, *cabinets]) - max(chair.bounds[3] for chair in turned)


@pytest.mark.parametrize("front", [0.0, 90.0, 180.0, 270.0])
def test_a_line_looks_the_way_its_front_looks(front: float) -> None:
    plan = line_of(6)
    area = rotate(box(34.6, 37.6, 45.4, 42.4), front - 270, origin=CENTRE)
    layout = furnish_one(window_zone(plan), area, front, plan)
    assert short_of(layout, "counter") == 0
    assert faults(empty_hall(), layout) == []
    assert {c.facing_deg for c in counters_of(layout)} == {front}
    assert {f.facing_deg for f in layout.of_kind("staff_chair")} == {front}
    assert {f.facing_deg for f in layout.of_kind("visitor_chair")} == {(front + 180) % 360}
    assert ways_behind(layout, front) >= 1.2


def test_rotated_halls_are_furnished_alike() -> None:
    plan = line_of(9)
    spots = []
    for front in (270.0, 0.0, 90.0, 180.0):
        area = rotate(box(32.0, 37.6, 48.0, 42.4), front - 270, origin=CENTRE)
        pillars = columns((36.0, 39.0))
        site = empty_hall(*[_turned(pillar, front) for pillar in pillars])
        layout = furnish_one(window_zone(plan), area, front, plan, site)
        assert faults(site, layout) == []
        turned = [rotate(stands_on(f), 270 - front, origin=CENTRE).centroid for f in layout.furniture]
        spots.append([(round(p.x, 2), round(p.y, 2)) for p in turned])
    assert spots[0] == spots[1] == spots[2] == spots[3]


def _turned(pillar, front: float):
    return replace(pillar, area=rotate(pillar.area, front - 270, origin=CENTRE))


@given(
    width=st.floats(6, 40), depth=st.floats(4.3, 6), count=st.integers(1, 24),
    pitch=st.sampled_from([1.6, 2.0]), front=st.sampled_from([0.0, 90.0, 180.0, 270.0]),
    pillars=st.lists(st.tuples(st.floats(-20, 20), st.floats(-3, 3)), max_size=4),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_counts_are_the_plan_or_a_shortfall_says_so(width, depth, count, pitch, front, pillars) -> None:
    plan = line_of(count, pitch)
    area = rotate(box(40 - width / 2, 40 - depth / 2, 40 + width / 2, 40 + depth / 2), front - 270, origin=CENTRE)
    site = empty_hall(*columns(*[(40 + x, 40 + y) for x, y in pillars]))
    layout = furnish_one(window_zone(plan), area, front, plan, site)
    assert len(counters_of(layout)) + short_of(layout, "counter") == count
    assert faults(site, layout) == []
    if width >= count * pitch + 0.8 * (count // 12) + 1.5 and not pillars:
        assert short_of(layout, "counter") == 0
    if counters_of(layout):
        assert layout.of_kind("counter_low")


def test_a_column_in_the_line_is_skipped() -> None:
    plan = line_of(6)
    site = empty_hall(*columns((40.0, 38.9)))
    layout = furnish_one(window_zone(plan), box(33.5, 37.6, 46.5, 42.4), 270.0, plan, site)
    assert short_of(layout, "counter") == 0
    assert faults(site, layout) == []


def test_a_door_in_a_wall_that_comes_down_keeps_no_floor_free() -> None:
    """A wall right across the zone with a door 0.3 m from its side: what lies before the door took a window its place in the line."""
    plan = line_of(7)
    walls = [
        Obstacle(f"W{n}", ObstacleKind.WALL, box(x0, 39.65, x1, 39.75), is_fixed=False)
        for n, (x0, x1) in enumerate([(30.0, 33.9), (35.1, 50.0)])
    ]
    line = LineString([(33.9, 39.7), (35.1, 39.7)])
    door = Opening("D1", OpeningRole.ROOM, (34.5, 39.7), 1.2, line, 90.0, is_exterior=False)
    layout = furnish_one(
        window_zone(plan), box(33.6, 37.6, 46.0, 42.4), 270, plan, empty_hall(*walls, openings=(door,))
    )
    assert {counter.facing_deg for counter in counters_of(layout)} == {270.0}


@pytest.mark.parametrize("has_other", [False, True])
def test_no_cabinets_stand_where_another_line_ends_at_the_back(has_other: bool) -> None:
    """Staff come from the one line to the other behind both: cabinets between them sent them along the visitors' side."""
    plan = window_plan(("special", "window_special", 7, 1.6), ("general", "window_general", 6, 1.6))
    zones = [
        replace(window_zone(plan, id), windows=tuple(w.id for w in plan.windows if w.type == type))
        for id, type in (("window_special-1", "special"), ("window_general-1", "general"))
    ]
    placed = [
        ("window_special-1", box(10.0, 10.0, 14.8, 22.0), 180.0),
        ("window_general-1", box(14.8, 12.4, 26.0, 17.2), 270.0),
    ]
    many = 2 if has_other else 1
    layout = furnish(empty_hall(), programme_of(*zones[:many]), plan, layout_of(*placed[:many]), Settings())
    cabinets = [piece for piece in layout.of_kind("cabinet") if piece.zone == "window_special-1"]
    beside = [piece for piece in cabinets if 12.4 < piece.at[1] < 17.2]
    assert cabinets
    assert bool(beside) is not has_other
    assert faults(empty_hall(), layout) == []


@pytest.mark.parametrize("behind_m", [0.0, 0.1])
def test_cabinets_leave_a_passage_wherever_a_way_of_the_staff_comes_to_the_back(behind_m: float) -> None:
    """Staff come in at one end of the floor behind a line and go on at the other: a row of cabinets shut one of them.

    behind_m: how deep a strip of floor joins both ways along the back, too narrow to walk.
    """
    plan = line_of(7)
    ends = box(10.0, 14.8, 12.5, 20.0), box(19.0, 14.8, 22.0, 20.0)
    area = shapely.union_all([*ends, box(10.0, 14.8, 22.0, 14.8 + behind_m)] if behind_m else [*ends])
    ways = tuple(Aisle(f"S{n}", "F1", "staff", part, 2.0, "main") for n, part in enumerate(shapely.get_parts(area)))
    placed = ("window_general-1", box(10.0, 10.0, 22.0, 14.8), 270.0)
    layout = furnish(empty_hall(), programme_of(window_zone(plan)), plan, layout_of(placed, aisles=ways), Settings())
    row = shapely.union_all([stands_on(piece) for piece in layout.of_kind("cabinet")])
    assert not row.is_empty
    for end in ends:
        x0, _, x1, _ = end.bounds
        open_parts = shapely.get_parts(box(x0, 14.4, x1, 14.8).difference(row.buffer(0.01)))
        assert max((part.bounds[2] - part.bounds[0] for part in open_parts), default=0.0) >= 0.8
    assert faults(empty_hall(), layout) == []


def test_two_windows_of_a_wide_pitch_have_two_visitors_each() -> None:
    plan = line_of(3, 2.0)
    layout = furnish_one(window_zone(plan), box(35, 37.6, 45, 42.4), 270.0, plan)
    per_window = [sum(f.window == c.window for f in layout.of_kind("visitor_chair")) for c in counters_of(layout)]
    assert per_window == [1, 2, 2]  # beside the low counter one place stays free for a wheelchair


@pytest.mark.parametrize(("form", "width", "depth"), [("l", 17.05, 7.45), ("u", 12.0, 9.1), ("island", 10.8, 6.5)])
def test_forms_hold_more_than_a_straight_line(form: str, width: float, depth: float) -> None:
    plan = line_of(12)
    area = box(40 - width / 2, 40 - depth / 2, 40 + width / 2, 40 + depth / 2)
    layout = furnish_one(window_zone(plan), area, 270.0, plan, form=form)
    assert faults(empty_hall(), layout) == []
    assert short_of(layout, "counter") == 0
    assert len({c.facing_deg for c in counters_of(layout)}) == {"l": 2, "u": 3, "island": 2}[form]


@pytest.mark.parametrize(("east_m", "has_floor"), [(2.0, True), (0.0, False)])
def test_a_line_stands_along_a_side_where_visitors_can_come_before_it(east_m: float, has_floor: bool) -> None:
    # 4.8 m of front and 12 m of depth, walls in the west and the north: six windows find room if there is floor in the east
    plan, area = line_of(6), box(38, 30, 42.8, 42)
    site = empty_hall()
    hall = box(30, 20, 50, 30).union(box(38, 30, 42.8 + east_m, 42))
    site = replace(site, floors=(replace(site.floors[0], usable=MultiPolygon([hall])),))
    layout = furnish_one(window_zone(plan), area, 270.0, plan, site)
    assert faults(site, layout) == []
    assert (0.0 in {counter.facing_deg for counter in counters_of(layout)}) is has_floor
    assert (short_of(layout, "counter") == 0) is has_floor


@pytest.mark.parametrize(
    ("behind_deg", "staffed", "lacking"),
    [(0.0, True, 0), (180.0, True, 1), (0.0, False, 1)],
    ids=["their backs", "their front", "no staff there"],
)
def test_staff_come_to_counters_from_behind_others(behind_deg: float, staffed: bool, lacking: int) -> None:
    """Two windows between walls, as wide as these: staff come from behind the counters of the zone at their back where they come to
    these, else past one of the two."""
    plan = window_plan(("general", "window_general", 4, 1.6), ("tax", "window_special", 2, 1.6))
    general = make_zone("window_general-1", 40.0, windows=("A01", "A02", "A03", "A04"), window_types=("general",))
    tax = make_zone("window_special-1", 13.0, windows=("B01", "B02"), window_types=("tax",))
    walls = [box(30.0, 38.0, 33.6, 40.0), box(30.0, 43.6, 33.6, 46.0)]
    site = empty_hall(*(Obstacle(f"W{n}", ObstacleKind.COLUMN, wall) for n, wall in enumerate(walls)))
    places = (
        ("window_special-1", box(30.0, 40.0, 33.6, 43.6), 180.0),
        ("window_general-1", box(33.6, 38.0, 38.4, 46.0), behind_deg),
    )
    way = Aisle("S1", "F1", "staff", box(33.6, 46.0, 38.4, 48.0), 2.0, "main")
    layout = furnish(
        site, programme_of(general, tax), plan, layout_of(*places, aisles=(way,) if staffed else ()), Settings()
    )
    assert short_of(layout, "counter") == lacking
    if not lacking:
        taken = [
            *walls,
            *(stands_on(piece) for piece in layout.furniture if piece.kind in ("counter", "counter_low", "cabinet")),
        ]
        free = box(29.0, 38.0, 39.0, 48.0).difference(shapely.union_all(taken)).buffer(-0.45)
        (behind,) = (part for part in shapely.get_parts(free) if part.intersects(way.area))
        assert behind.distance(Point(32.9, 41.8)) < 0.3


def test_an_l_shaped_zone_uses_both_parts_of_its_front() -> None:
    plan = line_of(10)
    area = rotate(ell(18.0, 9.6, 8.0, 4.8), 180, origin=CENTRE)  # the cut lies south-west: two fronts look south
    layout = furnish_one(window_zone(plan), area, 270.0, plan)
    assert faults(empty_hall(), layout) == []
    assert short_of(layout, "counter") == 0


def test_a_slanted_edge_is_kept() -> None:
    plan = line_of(5)
    area = Polygon([(30, 40), (44, 40), (41, 44.8), (33, 44.8)])
    layout = furnish_one(window_zone(plan), area, 270.0, plan)
    assert faults(empty_hall(), layout) == []
    assert len(counters_of(layout)) + short_of(layout, "counter") == 5


def test_several_types_in_one_line_have_a_low_counter_each() -> None:
    plan = window_plan(("police", "window_special", 3, 1.6), ("estate", "window_special", 3, 2.0))
    layout = furnish_one(window_zone(plan, "window_special-1"), box(32, 37.6, 48, 42.4), 270.0, plan)
    assert {c.group for c in layout.of_kind("counter_low")} == {"police", "estate"}
    assert [c.window for c in counters_of(layout)] == [w.id for w in plan.windows]


def test_too_many_windows_are_reported_with_a_reason() -> None:
    layout = furnish_one(window_zone(TWENTY), box(35, 38, 43, 42.6), 270.0, TWENTY)
    assert short_of(layout, "counter") == 20 - len(counters_of(layout)) > 0
    assert all(s.reason for s in layout.shortfalls)
