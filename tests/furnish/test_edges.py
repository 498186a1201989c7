"""What stands with its back to an edge: at walls first, never where those stand whom a desk beyond serves."""

from __future__ import annotations

from shapely.geometry import Polygon, box

from hallplan.furnish import furnish
from hallplan.model.layout import Aisle, Furniture, Layout
from hallplan.model.programme import Holding
from hallplan.model.site import Obstacle, ObstacleKind, OpeningRole
from hallplan.model.space import in_front
from hallplan.settings import Settings
from tests.builders import door, make_zone
from tests.furnish.halls import empty_hall, faults, layout_of, programme_of, short_of, stands_on, window_plan

USUAL = ("copier", "water", "charging", "aed")


def with_usual(area: Polygon, front: float, *obstacles: Obstacle) -> Layout:
    """An open zone for what is convenient to visitors, alone in a hall."""
    site = empty_hall(*obstacles)
    layout = furnish(
        site, programme_of(make_zone("convenience-1", 20.0)), window_plan(), layout_of(("convenience-1", area, front)), Settings()
    )  # fmt: skip
    assert faults(site, layout) == []
    return layout


def usual(layout: Layout) -> list[Furniture]:
    found = list(layout.of_kind(*USUAL))
    assert len(found) == len(USUAL)
    return found


def test_things_stand_at_a_wall_before_they_stand_at_an_open_edge() -> None:
    layout = with_usual(box(0.4, 20, 4.4, 26), 90.0)
    for piece in usual(layout):
        assert stands_on(piece).bounds[0] < 0.5
        assert piece.facing_deg == 0.0


def test_a_wall_inside_the_hall_will_do() -> None:
    wall = Obstacle("W1", ObstacleKind.WALL, box(20, 20, 20.1, 26), is_fixed=True)
    layout = with_usual(box(20.1, 20, 24.0, 26), 90.0, wall)
    assert {piece.facing_deg for piece in usual(layout)} == {0.0}


def test_without_walls_things_stand_at_open_edges() -> None:
    layout = with_usual(box(20, 20, 24, 26), 90.0)
    assert short_of(layout, "aed") == 0
    assert {piece.facing_deg for piece in usual(layout)} <= {0.0, 90.0, 180.0}


def test_nothing_stands_before_the_desk_of_another_zone() -> None:
    guide = make_zone("guide-1", 18.0, holdings=(Holding("info_desk", 1),))
    other = make_zone("self_service-1", 24.0, holdings=(Holding("aed", 1), Holding("water", 2)))
    places = ("guide-1", box(42, 30, 44.8, 36), 180.0), ("self_service-1", box(38, 30, 42, 36), 180.0)
    layout = furnish(empty_hall(), programme_of(guide, other), window_plan(), layout_of(*places), Settings())
    (desk,) = layout.of_kind("info_desk")
    assert desk.facing_deg == 180.0
    assert short_of(layout, "aed") == short_of(layout, "water") == 0
    before = in_front(desk, 1.5)
    assert [p.id for p in layout.of_kind("aed", "water") if stands_on(p).intersection(before).area > 1e-6] == []


def test_a_desk_looks_out_over_an_open_side_not_past_the_corner_of_what_stands_beside() -> None:
    """The way in lies east; the east side is open over 1.4 m of 7.6, the south side all along."""
    guide = make_zone("guide-1", 48.0, type="guide", holdings=(Holding("info_desk", 2),))
    other = make_zone("disclosure-1", 30.0)
    site = empty_hall(openings=(door("D1", OpeningRole.MAIN, (60.0, 0.15), (62.0, 0.15), 90),))
    places = ("guide-1", box(30, 3, 36.3, 10.6), 180.0), ("disclosure-1", box(36.3, 4.4, 41, 10.6), 0.0)
    ways = box(24, 0.3, 62, 3), box(36.3, 3, 62, 4.4)
    aisles = tuple(Aisle(f"M{n}", "F1", "public", way, 2.0) for n, way in enumerate(ways))
    layout = furnish(site, programme_of(guide, other), window_plan(), layout_of(*places, aisles=aisles), Settings())
    assert [desk.facing_deg for desk in layout.of_kind("info_desk")] == [270.0, 270.0]


def test_two_information_desks_stand_side_by_side_with_a_way_between() -> None:
    guide = make_zone("guide-1", 60.0, type="guide", holdings=(Holding("info_desk", 2),))
    layout = furnish(
        empty_hall(), programme_of(guide), window_plan(), layout_of(("guide-1", box(30, 30, 42, 35), 270.0)), Settings()
    )
    one, other = layout.of_kind("info_desk")
    assert one.at[1] == other.at[1]
    assert stands_on(one).distance(stands_on(other)) >= 0.9 - 1e-3
    assert short_of(layout, "info_desk") == 0


def test_a_zone_that_is_no_rectangle_has_a_shorter_desk_where_it_is_narrower() -> None:
    """Towards the way in the zone is 3.2 m wide, 5.2 m in all: a desk for the whole width would stand nowhere."""
    area = box(19.1, 1.8, 27.2, 5.0).union(box(19.1, 5.0, 20.8, 7.0))
    guide = make_zone("guide-1", 29.0, type="guide", holdings=(Holding("info_desk", 1),))
    site = empty_hall(openings=(door("D1", OpeningRole.MAIN, (79.85, 2.4), (79.85, 4.4), 180),))
    aisles = (Aisle("M1", "F1", "public", box(27.2, 1.8, 30, 7), 2.0),)
    layout = furnish(
        site, programme_of(guide), window_plan(), layout_of(("guide-1", area, 0.0), aisles=aisles), Settings()
    )
    (desk,) = layout.of_kind("info_desk")
    assert 1.2 <= desk.size_m[0] < 3.2
    assert area.buffer(1e-3).covers(stands_on(desk))


def test_only_the_row_with_the_low_desk_has_the_room_before_it_that_this_needs() -> None:
    """A low form desk needs 1.5 m before it, a standing one 1.0 m: three rows do where all with 1.5 m made two."""
    form = make_zone("form-1", 44.0, holdings=(Holding("form_desk", 11), Holding("form_desk_low", 1)))
    layout = furnish(
        empty_hall(), programme_of(form), window_plan(), layout_of(("form-1", box(30, 30, 36.6, 36.6), 270.0)), Settings()
    )  # fmt: skip
    assert faults(empty_hall(), layout) == []
    assert short_of(layout, "form_desk") == short_of(layout, "form_desk_low") == 0


def test_machines_at_the_entrance_leave_room_to_gather_behind_the_doors() -> None:
    main = door("D1", OpeningRole.MAIN, (33.0, 0.15), (36.0, 0.15), 90)
    site = empty_hall(openings=(main,))
    entrance = make_zone("entrance-1", 60.0, holdings=(Holding("gate", 2), Holding("xray", 2)))
    for depth, least in ((10.0, 1.9), (3.6, 0.0)):
        places = layout_of(("entrance-1", box(32.4, 0.3, 36.7, 0.3 + depth), 90.0))
        layout = furnish(site, programme_of(entrance), window_plan(), places, Settings())
        machines = layout.of_kind("gate", "xray")
        assert machines
        assert min(stands_on(piece).bounds[1] for piece in machines) >= 0.3 + least - 1e-3


def test_deep_things_find_room_before_shallow_ones_take_the_edges() -> None:
    holdings = (
        Holding("info_desk", 2),
        Holding("info_screen", 7),
        Holding("digital_human", 2),
        Holding("wheelchair_bay", 5),
    )
    guide = make_zone("guide-1", 58.0, type="guide", holdings=holdings)
    places = layout_of(("guide-1", box(30, 30, 36, 39.6), 180.0))
    layout = furnish(empty_hall(), programme_of(guide), window_plan(), places, Settings())
    assert faults(empty_hall(), layout) == []
    assert short_of(layout, "wheelchair_bay") == 0
    assert short_of(layout, "info_screen") <= 2
