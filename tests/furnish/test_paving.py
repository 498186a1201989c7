"""Tactile paving from the main entrance to the information desk."""

from __future__ import annotations

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, box

from hallplan.furnish import furnish
from hallplan.model.layout import Layout
from hallplan.model.programme import Holding
from hallplan.model.site import Opening, OpeningRole
from hallplan.settings import Settings
from tests.builders import make_layout, make_programme, make_site, make_windows, make_zone
from tests.furnish.halls import PAVED, columns, empty_hall, layout_of, programme_of, stands_on, window_plan


def hall_with_desk(x: float, y: float, *obstacles: object) -> Layout:
    """An 80 × 80 m hall, its main door in the middle of the south wall, a guide zone with its lower left corner at (x, y)."""
    door = Opening("D1", OpeningRole.MAIN, (40.0, 0.15), 2.0, LineString([(39, 0.15), (41, 0.15)]), 90.0, True)
    site = empty_hall(*obstacles, openings=(door,))  # type: ignore[arg-type]
    zone = make_zone("guide-1", 36.0, holdings=(Holding("info_desk", 1),))
    place = ("guide-1", box(x, y, x + 6, y + 6), 270.0)
    return furnish(site, programme_of(zone), window_plan(), layout_of(place), Settings())


def paved(layout: Layout) -> shapely.Geometry:
    return shapely.union_all([stands_on(piece) for piece in layout.of_kind(*PAVED)])


def test_paving_leads_in_one_piece_from_the_main_door_to_the_desk_and_nothing_stands_on_it() -> None:
    layout = furnish(make_site(), make_programme(), make_windows(), make_layout(), Settings())
    path = paved(layout)
    assert len(shapely.get_parts(path.buffer(0.02))) == 1
    (desk,) = layout.of_kind("info_desk")
    assert path.distance(stands_on(desk)) <= 0.7
    doors = [door for door in make_site().floors[0].openings if door.role is OpeningRole.MAIN]
    assert min(path.distance(door.line) for door in doors) <= 0.7
    over = {*PAVED, "gate", "call_screen", "window_light", "speaker"}
    assert [p.id for p in layout.furniture if p.kind not in over and stands_on(p).intersection(path).area > 1e-6] == []


@settings(max_examples=12, deadline=None)
@given(st.integers(5, 68), st.integers(6, 60))
def test_an_open_floor_is_crossed_along_the_axes_with_at_most_one_bend(x: int, y: int) -> None:
    layout = hall_with_desk(float(x), float(y))
    assert {piece.facing_deg % 90 for piece in layout.of_kind("tactile")} <= {0.0}
    assert len(layout.of_kind("tactile_stop")) <= 3


def test_a_column_in_the_straight_way_is_gone_round() -> None:
    layout = hall_with_desk(37.0, 30.0, *columns((40.0, 15.0), half=0.6))
    path = paved(layout)
    assert len(shapely.get_parts(path.buffer(0.02))) == 1
    assert path.distance(box(39.4, 14.4, 40.6, 15.6)) >= 0.19


def test_paving_leads_round_what_narrows_no_way() -> None:
    """One walks past a first aid box at an open edge, but it may not stand on paving."""
    door = Opening("D1", OpeningRole.MAIN, (40.0, 0.15), 2.0, LineString([(39, 0.15), (41, 0.15)]), 90.0, True)
    guide = make_zone("guide-1", 36.0, holdings=(Holding("info_desk", 1),))
    convenience = make_zone("convenience-1", 6.0)
    places = ("guide-1", box(37, 30, 43, 36), 270.0), ("convenience-1", box(37.9, 10, 42, 11.5), 270.0)
    layout = furnish(
        empty_hall(openings=(door,)), programme_of(guide, convenience), window_plan(), layout_of(*places), Settings()
    )
    (aid,) = layout.of_kind("aed")
    assert stands_on(aid).distance(LineString([(40, 0), (40, 30)])) == 0.0  # straight before the door and the desk
    assert layout.of_kind("tactile")
    assert paved(layout).distance(stands_on(aid)) > 0.0


def test_paving_ends_before_the_part_of_a_desk_that_nothing_stands_before() -> None:
    """The main door in the south, a desk at the south edge of its zone, a column right before its middle."""
    door = Opening("D1", OpeningRole.MAIN, (20.0, 0.15), 2.0, LineString([(19, 0.15), (21, 0.15)]), 90.0, True)
    guide = make_zone("guide-1", 36.0, holdings=(Holding("info_desk", 1),))
    site = empty_hall(*columns((40.0, 29.2), half=0.5), openings=(door,))
    layout = furnish(
        site, programme_of(guide), window_plan(), layout_of(("guide-1", box(37, 30, 43, 32.3), 270.0)), Settings()
    )
    (desk,) = layout.of_kind("info_desk")
    assert layout.of_kind("tactile")
    assert paved(layout).distance(stands_on(desk)) <= 0.7


def test_a_desk_that_is_walled_in_is_a_shortfall() -> None:
    layout = hall_with_desk(37.0, 30.0, *columns(*((x, 28.0) for x in range(31, 50)), *((x, 38.0) for x in range(31, 50)), *((31.0, y) for y in range(28, 39)), *((49.0, y) for y in range(28, 39)), half=0.5))  # fmt: skip
    assert layout.of_kind(*PAVED) == ()
    assert [(s.zone, s.kind) for s in layout.shortfalls if s.kind == "tactile"] == [("guide-1", "tactile")]
