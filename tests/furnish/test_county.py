"""The hand-made county hall, furnished whole."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from shapely.geometry import box

from hallplan.furnish import furnish
from hallplan.model.layout import Layout
from hallplan.settings import Settings
from hallplan.terms import speaking
from tests.builders import make_layout, make_programme, make_site, make_windows
from tests.furnish.halls import counters_of, faults, reads, short_of, stands_on


@pytest.fixture(scope="module")
def hall() -> Layout:
    return furnish(make_site(), make_programme(), make_windows(), make_layout(), Settings())


def test_nothing_overlaps_leaves_its_zone_or_blocks_a_way(hall: Layout) -> None:
    assert faults(make_site(), hall) == []


def test_every_window_has_one_counter_with_its_number_and_staff_chair(hall: Layout) -> None:
    wanted = [window.id for window in make_windows().windows]
    assert [c.id for c in counters_of(hall)] == sorted(wanted)
    assert all(c.label == c.window == c.id for c in counters_of(hall))
    chairs = Counter(f.window for f in hall.of_kind("staff_chair") if f.window)
    assert chairs == Counter(wanted)


def test_windows_run_from_the_visitors_left_to_right(hall: Layout) -> None:
    general = [c for c in counters_of(hall) if c.group == "general"]
    assert [c.at[0] for c in general] == sorted(c.at[0] for c in general)
    police = [c for c in counters_of(hall) if c.group == "police"]  # visitors look east, their left is north
    assert [c.at[1] for c in police] == sorted((c.at[1] for c in police), reverse=True)


def test_the_line_breaks_after_twelve_windows_at_most(hall: Layout) -> None:
    general = sorted((stands_on(c).bounds for c in counters_of(hall) if c.group == "general"), key=lambda b: b[0])
    gaps = [b[0] - a[2] for a, b in pairwise(general)]
    assert [i for i, gap in enumerate(gaps) if gap > 0.6] == [8]


def test_every_type_and_line_has_a_low_counter(hall: Layout) -> None:
    low = {c.window for c in hall.of_kind("counter_low")}
    assert {"A01", "B01", "Y01", "C01", "F01"} <= low


def test_chairs_and_places_are_as_many_as_asked(hall: Layout) -> None:
    for zone in make_programme().zones:
        for kind in ("chair", "wheelchair_place", "kiosk", "kiosk_low", "desk", "queue_machine", "form_desk"):
            asked = sum(h.count for h in zone.holdings if h.kind == kind)
            placed = sum(f.kind == kind and f.zone == zone.id for f in hall.furniture)
            short = sum(s.asked - s.placed for s in hall.shortfalls if s.zone == zone.id and s.kind == kind)
            if asked:
                assert placed + short == asked, (zone.id, kind)
    assert short_of(hall, "chair") == short_of(hall, "wheelchair_place") == short_of(hall, "desk") == 0


def test_first_row_keeps_three_metres_from_the_counters(hall: Layout) -> None:
    fronts = [stands_on(c) for c in counters_of(hall)]
    for seat in hall.of_kind("chair"):
        if seat.zone.startswith("wait"):
            assert min(stands_on(seat).distance(front) for front in fronts) >= 3.0 - 1e-3


def test_seats_face_their_windows_and_read_a_call_screen(hall: Layout) -> None:
    for seat in hall.of_kind("chair", "wheelchair_place"):
        if not seat.zone.startswith("wait"):
            continue
        assert seat.facing_deg == {"wait-1": 90.0, "wait-2": 0.0}[seat.zone]
        screens = [s for s in hall.of_kind("call_screen") if seat.group in s.group.split()]
        # 200 mm characters: 6.1 + (200 - 102) / 5.1 × 0.305 = 11.96 m
        assert any(reads(seat, screen, 11.97, 60.0) for screen in screens), seat.id


def test_enclosed_rooms_have_walls_and_a_door_on_the_right_side(hall: Layout) -> None:
    enclosed = {zone.id: zone.side for zone in make_programme().zones if zone.is_enclosed}
    assert {door.zone for door in hall.doors} == set(enclosed)
    (behind,) = [door for door in hall.doors if door.id.endswith("-S1")]  # staff's, to the machines' backs
    assert (behind.zone, behind.network) == ("self_24h-1", "staff")
    for door in hall.doors:
        assert door is behind or door.network == ("staff" if enclosed[door.zone] == "staff" else "public")
        assert door.width_m >= (0.9 if door.network == "staff" else 1.2)
    assert {p.kind for p in hall.partitions} == {"wall", "glass", "shutter"}
    for zone in hall.zones:
        if zone.zone in enclosed:
            walls = [p.line.buffer(0.4) for p in hall.partitions]
            outer = box(0.7, 0.7, 61.3, 26.3).difference(box(53.0, 0.0, 62.0, 5.8))
            bare = zone.area.exterior.intersection(outer)
            for wall in walls:
                bare = bare.difference(wall)
            doors = sum(door.width_m for door in hall.doors if door.zone == zone.zone)
            assert bare.length <= doors + 0.1, zone.zone


def test_same_again_is_the_same_and_ids_are_unique(hall: Layout) -> None:
    again = furnish(make_site(), make_programme(), make_windows(), make_layout(), Settings())
    assert again == hall
    assert len({f.id for f in hall.furniture}) == len(hall.furniture)
    assert len({p.id for p in hall.partitions}) == len(hall.partitions)


def test_sizes_of_hallplan_toml_win() -> None:
    settings = Settings(furniture={"chair": [0.55, 0.6]})
    layout = furnish(make_site(), make_programme(), make_windows(), make_layout(), settings)
    assert {f.size_m for f in layout.of_kind("chair")} == {(0.55, 0.6)}
    assert faults(make_site(), layout) == []


def test_reasons_speak_english() -> None:
    with speaking("en"):
        layout = furnish(make_site(), make_programme(), make_windows(), make_layout(), Settings())
    assert all(s.reason.isascii() for s in layout.shortfalls)
