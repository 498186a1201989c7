"""Waiting rows: pitch, aisles, wheelchair places and screens."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import rotate
from shapely.geometry import Polygon, box

from hallplan.furnish import furnish
from hallplan.furnish.rows import RowRule, plan_blocks
from hallplan.model.layout import Layout
from hallplan.model.programme import Holding
from hallplan.model.site import Obstacle, ObstacleKind
from hallplan.settings import Settings
from tests.builders import ell, make_zone
from tests.furnish.halls import (
    columns,
    counters_of,
    empty_hall,
    faults,
    layout_of,
    programme_of,
    reads,
    short_of,
    stands_on,
    wait_zone,
    window_plan,
    window_zone,
)

PLAN = window_plan(("general", "window_general", 8, 1.6))
RULE = RowRule(0.6, 1.2, 0.15, 10, 5)


def seated(area, chairs: int, wheels: int = 0, site=None, turn: float = 0.0) -> Layout:
    """A waiting zone south of a line of eight counters whose front is at y = 50; all turned about the middle."""
    line = rotate(box(33, 50, 47, 54.8), turn, origin=(40, 40))
    zone = rotate(area, turn, origin=(40, 40))
    layout = layout_of(("window_general-1", line, (270.0 + turn) % 360), ("wait-1", zone, (90.0 + turn) % 360))
    programme = programme_of(window_zone(PLAN), wait_zone(chairs, wheels))
    return furnish(site or empty_hall(), programme, PLAN, layout, Settings())


def rows_of(layout: Layout) -> dict[float, list[float]]:
    rows = defaultdict(list)
    for seat in layout.of_kind("chair"):
        rows[round(seat.at[1], 3)].append(round(seat.at[0], 3))
    return {y: sorted(xs) for y, xs in sorted(rows.items())}


def test_rows_keep_pitch_and_blocks_keep_to_ten() -> None:
    layout = seated(box(32, 40, 48, 48), 70)
    rows = rows_of(layout)
    ys = list(rows)
    assert min(b - a for a, b in pairwise(ys)) >= 1.3 - 1e-3
    assert sum(len(xs) for xs in rows.values()) == 70
    for xs in rows.values():
        block = 1
        for a, b in pairwise(xs):
            block = block + 1 if b - a < 0.61 else 1
            assert block <= 10
            assert b - a < 0.61 or b - a - 0.6 >= 1.2 - 1e-3


@given(
    width=st.floats(3.2, 24), depth=st.floats(3.2, 12), chairs=st.integers(1, 120), wheels=st.integers(0, 4),
    turn=st.sampled_from([0.0, 90.0, 180.0, 270.0]),
    pillars=st.lists(st.tuples(st.floats(-10, 10), st.floats(-6, 6)), max_size=3),
)  # fmt: skip
@settings(max_examples=30, deadline=None)
def test_any_waiting_zone(width, depth, chairs, wheels, turn, pillars) -> None:
    site = empty_hall(*columns(*[(40 + x, 42 + y) for x, y in pillars]))
    layout = seated(box(40 - width / 2, 48 - depth, 40 + width / 2, 48), chairs, wheels, site, turn)
    assert faults(site, layout) == []
    counts = Counter(f.kind for f in layout.furniture)
    assert counts["chair"] + short_of(layout, "chair") == chairs
    assert counts["wheelchair_place"] + short_of(layout, "wheelchair_place") == wheels
    fronts = [stands_on(c) for c in counters_of(layout)]
    unread = 0
    for seat in layout.of_kind("chair", "wheelchair_place"):
        assert min(stands_on(seat).distance(front) for front in fronts) >= 3.0 - 1e-3
        unread += not any(reads(seat, s, 11.97, 60.01) for s in layout.of_kind("call_screen"))
    assert unread == short_of(layout, "call_screen")


def test_an_l_shaped_zone_keeps_its_aisles_straight() -> None:
    area = ell(16.0, 8.0, 6.0, 4.0)
    from shapely.affinity import translate

    layout = seated(translate(area, 32, 39.8), 60)
    assert faults(empty_hall(), layout) == []
    assert len(layout.of_kind("chair")) >= 55


def test_chairs_that_rows_leave_over_stand_where_columns_leave_room_beside_these() -> None:
    pillars = columns((35.29, 46.37), (35.23, 47.43))
    wall = Obstacle("W1", ObstacleKind.COLUMN, box(32.8, 43.4, 32.95, 49.0))
    site = empty_hall(*pillars, wall)
    layout = seated(box(33, 43.4, 36, 49), 10, site=site)
    assert short_of(layout, "chair") == 0
    assert faults(site, layout) == []


def test_wheelchair_places_stand_at_row_ends() -> None:
    layout = seated(box(32, 40, 48, 48), 60, 2)
    assert short_of(layout, "wheelchair_place") == 0
    for place in layout.of_kind("wheelchair_place"):
        near = [c for c in layout.of_kind("chair") if stands_on(c).distance(stands_on(place)) < 0.5]
        assert near


def test_a_wheelchair_place_stands_at_the_end_that_one_reaches() -> None:
    """Rows in a bay: beyond their inner end there is room for a wheelchair, but no way to it."""
    walls = [box(33.8, 41.8, 34.0, 46.2), box(33.8, 41.8, 40.0, 42.0), box(33.8, 46.0, 40.0, 46.2)]
    site = empty_hall(*(Obstacle(f"W{n}", ObstacleKind.COLUMN, wall) for n, wall in enumerate(walls)))
    layout = seated(box(34.05, 42.05, 40.0, 45.95), 13, 1, site)
    (place,) = layout.of_kind("wheelchair_place")
    beside = [c for c in layout.of_kind("chair") if abs(c.at[1] - place.at[1]) < 0.5]
    assert beside
    assert max(chair.at[0] for chair in beside) < place.at[0]
    assert faults(site, layout) == []


@pytest.mark.parametrize("other", [box(40.4, 42.0, 44.0, 48.0), box(30.0, 42.0, 33.6, 48.0)], ids=["east", "west"])
def test_seats_of_one_zone_leave_the_wheelchair_place_of_another_a_way(other: Polygon) -> None:
    """A passage full of rows with a mouth at either end, and a second waiting area before one of its ends."""
    walls = [
        box(34.0, 41.8, 40.0, 42.0),
        box(34.0, 46.0, 40.0, 46.2),
        box(34.0, 42.0, 34.2, 44.3),
        box(39.8, 42.0, 40.0, 44.3),
    ]
    site = empty_hall(*(Obstacle(f"W{n}", ObstacleKind.COLUMN, wall) for n, wall in enumerate(walls)))
    places = (
        ("window_general-1", box(33, 50, 47, 54.8), 270.0),
        ("wait-1", box(34.25, 42.05, 39.75, 45.95), 90.0),
        ("wait-2", other, 90.0),
    )
    more = make_zone("wait-2", 26.0, holdings=(Holding("chair", 20, "general"),))
    layout = furnish(
        site, programme_of(window_zone(PLAN), wait_zone(12, 1), more), PLAN, layout_of(*places), Settings()
    )
    (place,) = layout.of_kind("wheelchair_place")
    taken = [*walls, box(33, 50, 47, 54.8), *(stands_on(chair) for chair in layout.of_kind("chair"))]
    parts = shapely.get_parts(shapely.buffer(box(0.3, 0.3, 79.7, 79.7).difference(shapely.union_all(taken)), -0.59))
    (outside,) = (part for part in parts if part.covers(shapely.Point(20.0, 20.0)))
    assert outside.distance(stands_on(place)) < 0.8


def test_a_zone_beside_the_counters_seats_people_behind_their_line() -> None:
    """The three metres before a counter are on the side of its visitors."""
    layout = seated(box(48, 50, 54, 56), 15)
    assert short_of(layout, "chair") == 0
    assert min(stands_on(c).bounds[1] for c in layout.of_kind("chair")) < 53.0


def test_a_shallow_zone_keeps_its_wheelchair_place_and_turns_to_seat_more() -> None:
    layout = seated(box(33, 40, 37.9, 43.7), 13, 1)
    assert short_of(layout, "wheelchair_place") == 0
    assert short_of(layout, "chair") <= 5
    assert faults(empty_hall(), layout) == []


def test_a_room_right_before_a_waiting_zone_leaves_its_first_row_room_and_a_screen_that_all_read() -> None:
    """Counters beyond a meeting room: seats stood 0.15 m from its partition, and the screen hung too steeply above them."""
    seats = box(33, 38, 47, 44)
    layout = layout_of(
        ("window_general-1", box(33, 50, 47, 54.8), 270.0),
        ("meeting-1", box(33, 44, 47, 48), None),
        ("wait-1", seats, 90.0),
    )
    programme = programme_of(window_zone(PLAN), make_zone("meeting-1", 56.0), wait_zone(20, 1))
    found = furnish(empty_hall(), programme, PLAN, layout, Settings())
    chairs = [stands_on(seat) for seat in found.of_kind("chair")]
    assert len(chairs) == 20
    assert min(44.0 - chair.bounds[3] for chair in chairs) > 0.69
    assert short_of(found, "call_screen") == 0


def test_seats_for_two_groups_read_their_own_screens() -> None:
    plan = window_plan(("general", "window_general", 4, 1.6), ("tax", "window_special", 4, 1.6))
    general = window_zone(plan, "window_general-1")
    general = type(general)(
        **{**_fields(general), "windows": ("A01", "A02", "A03", "A04"), "window_types": ("general",)}
    )
    tax = make_zone("window_special-1", 40.0, windows=("B01", "B02", "B03", "B04"), window_types=("tax",))
    wait = make_zone("wait-1", 100.0, holdings=(Holding("chair", 40, "general"), Holding("chair", 20, "tax")))
    layout = layout_of(
        ("window_general-1", box(30, 50, 40, 54.8), 270.0), ("window_special-1", box(52, 38, 56.8, 48), 180.0),
        ("wait-1", box(30, 40, 48, 48), 90.0),
    )  # fmt: skip
    layout = furnish(empty_hall(), programme_of(general, tax, wait), plan, layout, Settings())
    assert {s.group for s in layout.of_kind("call_screen")} == {"general", "tax"}
    for seat in layout.of_kind("chair"):
        assert seat.facing_deg == 90.0
        assert any(reads(seat, s, 11.97, 60.01) for s in layout.of_kind("call_screen") if seat.group in s.group.split())


def _fields(value):
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


@pytest.mark.parametrize(
    ("width", "is_open", "seats"),
    [
        (6.3, (True, True), [10]),  # 10 × 0.6 + 2 × 0.15
        (13.5, (True, True), [10, 10]),  # and an aisle of 1.2 m between
        (3.3, (True, False), [5]),  # one aisle: five
        (7.5, (True, False), [10]),  # an own aisle at the closed end, or 5 + 5 beside an aisle in the middle
        (4.5, (False, False), [5]),
        (0.5, (True, True), []),
    ],
)
def test_blocks_by_hand(width: float, is_open: tuple[bool, bool], seats: list[int]) -> None:
    assert [count for _, count in plan_blocks((0.0, width), is_open, RULE)] == seats


def test_fewer_seats_are_spread_evenly() -> None:
    assert [count for _, count in plan_blocks((0.0, 13.5), (True, True), RULE, most=14)] == [7, 7]
