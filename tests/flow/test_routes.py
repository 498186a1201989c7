"""Routes through a hand-made county hall."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely
from shapely.geometry import LineString, Point, box

from hallplan.errors import InputError
from hallplan.flow import layout_score, route_figures, route_visitors
from hallplan.flow.gaps import LEAST_M, narrowest
from hallplan.flow.grounds import Grounds
from hallplan.flow.walks import Spot
from hallplan.model.flow import Leg, Route, Routes
from hallplan.model.layout import Aisle, Furniture, Layout, Partition, PlacedZone
from hallplan.model.programme import Programme, VisitorKind
from hallplan.model.shapes import Frame
from hallplan.model.site import Floor, Obstacle, ObstacleKind, Opening, OpeningRole, Site, VerticalLink
from hallplan.model.space import ground, staff_only, staff_zones
from hallplan.settings import Settings
from tests.builders import door, make_layout, make_programme, make_site, make_zone
from tests.place.test_bad_input import hall, programme


def routes_of(layout: Layout, site: Site | None = None) -> Routes:
    return route_visitors(site or make_site(), make_programme(), layout, Settings())


@pytest.fixture(scope="module")
def routes() -> Routes:
    return routes_of(make_layout())


def chair(n: int, x: float, y: float) -> Furniture:
    return Furniture(f"S{n}", "chair", "F1", "wait-1", (x, y), (0.6, 0.6), 90, 0.85)


def furnished() -> Layout:
    rows = [chair(n, 16 + 0.6 * (n % 18), 10.5 + 1.3 * (n // 18)) for n in range(72)]
    desks = [
        Furniture(
            f"K{n}", kind, "F1", "window_general-1", (12 + 1.6 * n, 20.0), (1.5, 0.7), 270, 0.75, window=f"A{n:02d}"
        )
        for n, kind in enumerate(["counter_low", *["counter"] * 15])
    ]
    return replace(make_layout(), furniture=(*rows, *desks))


def test_every_kind_walks_its_whole_chain(routes: Routes) -> None:
    for kind in make_programme().visitors:
        route = next(route for route in routes.routes if route.kind == kind.id)
        assert [route.legs[0].start, *(leg.end for leg in route.legs)] == list(kind.chain)
        assert route.per_day == kind.per_day


def test_legs_join_and_lengths_are_those_of_the_lines(routes: Routes) -> None:
    for route in routes.routes:
        for leg, following in zip(route.legs, route.legs[1:], strict=False):
            assert Point(leg.line.coords[-1]).distance(Point(following.line.coords[0])) < 1.0
            assert leg.length_m == pytest.approx(leg.line.length, abs=1e-3)


def test_no_line_crosses_furniture_columns_or_walls() -> None:
    layout = furnished()
    site = make_site()
    free = ground(site.floors[0], layout).union(box(0, 0, 62, 0.31)).union(box(0, 26.69, 62, 27)).buffer(1e-3)
    for route in routes_of(layout, site).routes:
        for leg in route.legs:
            assert free.covers(leg.line), (route.id, leg.start, leg.end)


def test_visitors_stay_out_of_staff_ground() -> None:
    layout = furnished()
    closed = staff_only(make_site().floors[0], layout).buffer(-0.02)
    for route in routes_of(layout).routes:
        if route.network in ("public", "access"):
            assert not any(leg.line.intersects(closed) for leg in route.legs), route.id


def test_wheelchair_users_are_led_to_a_low_counter() -> None:
    routes = routes_of(furnished())
    leg = next(
        leg for leg in next(r for r in routes.routes if r.network == "access").legs if leg.end == "window_general-1"
    )
    assert Point(leg.line.coords[-1]).distance(Point(12, 20)) < 2.6


def test_a_wall_around_a_zone_is_told_as_blocked() -> None:
    x0, y0, x1, y1 = 33.0, 9.4, 44.6, 16.4
    ring = LineString([(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)])
    routes = routes_of(replace(make_layout(), partitions=(Partition("P1", "F1", ring, zone="wait-2"),)))
    assert ("special", "ticket-1", "wait-2") in {(b.kind, b.start, b.end) for b in routes.blocked}
    assert ("egress", "wait-2") in {(b.kind, b.start) for b in routes.blocked}


def test_what_blocks_is_told_with_the_width_and_place_of_the_gap() -> None:
    # a ring of walls around wait-2 that leaves 0.50 m open
    ring = LineString([(38.7, 9.4), (33.0, 9.4), (33.0, 16.4), (44.6, 16.4), (44.6, 9.4), (39.2, 9.4)])
    routes = routes_of(replace(make_layout(), partitions=(Partition("P1", "F1", ring, zone="wait-2"),)))
    entry = next(b for b in routes.blocked if b.kind == "special" and b.end == "wait-2")
    assert entry.gap_m == pytest.approx(0.5, abs=0.02)
    assert entry.at is not None
    assert Point(entry.at).distance(Point(38.95, 9.4)) < 0.2


def test_ways_that_are_blocked_on_the_same_ground_share_what_is_left_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A drawing of 500 walls took a minute to say what blocked fifty ways."""
    grounds = Grounds(make_site(), make_layout())
    ends = [Spot("F1", (x, 12.0), 2.0) for x in (6.0, 20.0, 34.0)]
    widths: list[float] = []
    buffer = shapely.buffer
    monkeypatch.setattr(shapely, "buffer", lambda shape, by, **how: widths.append(by) or buffer(shape, by, **how))
    first = narrowest(grounds, ends[0], ends[1], 1.2, "all")
    assert -LEAST_M / 2 in widths
    widths.clear()
    assert narrowest(grounds, ends[0], ends[1], 1.2, "all") == first
    narrowest(grounds, ends[0], ends[2], 1.2, "all")
    assert -LEAST_M / 2 not in widths


def test_a_chain_that_names_no_zone_is_refused_with_its_kind() -> None:
    programme = make_programme()
    kinds = (replace(programme.visitors[0], chain=("door:main", "sauna-1", "door:main")), *programme.visitors[1:])
    with pytest.raises(InputError, match="sauna-1"):
        route_visitors(make_site(), replace(programme, visitors=kinds), make_layout(), Settings())


def test_a_shutter_stands_open_by_day() -> None:
    ring = LineString([(33.0, 9.4), (44.6, 9.4), (44.6, 16.4), (33.0, 16.4), (33.0, 9.4)])
    routes = routes_of(replace(make_layout(), partitions=(Partition("P1", "F1", ring, "shutter"),)))
    assert not routes.blocked


def test_each_used_exit_has_its_farthest_way_out(routes: Routes) -> None:
    ways = [route for route in routes.routes if route.network == "egress"]
    assert {way.legs[-1].end for way in ways} >= {"exit:D1", "exit:D2", "exit:D3"}
    # no place of a 62 × 27 m hall with four doors lies farther than half its length and depth
    assert max(way.length_m for way in ways) < 31 + 27


def test_visitors_flee_over_staffs_ways_that_lie_open_but_not_behind_the_counters() -> None:
    across = Aisle("staff-9", "F1", "staff", box(0.0, 4.4, 62.0, 5.6), 1.2)
    crossed, bare = (routes_of(replace(make_layout(), aisles=aisles)) for aisles in ((across,), ()))
    fled, before = ([way for way in found.routes if way.kind == "egress_public"] for found in (crossed, bare))
    far, far_before = ({way.legs[-1].end: way.length_m for way in found} for found in (fled, before))
    # places on the aisle itself are not asked about
    assert far == pytest.approx(far_before, abs=1.6)
    behind = staff_zones(make_site().floors[0], make_layout()).buffer(-0.05)
    assert not any(leg.line.intersects(behind) for way in fled for leg in way.legs)


def test_decision_points_lie_apart_and_name_their_goals(routes: Routes) -> None:
    points = [Point(d.at) for d in routes.decisions]
    assert len(points) >= 5
    assert all(a.distance(b) > 2 for i, a in enumerate(points) for b in points[:i])
    assert all(decision.goals for decision in routes.decisions)
    entrance = next(d for d in routes.decisions if d.reason == "entrance")
    assert ("R-general", "guide-1") in entrance.goals
    assert entrance.heading_deg == pytest.approx(90)


def test_staff_and_public_that_cross_are_reported() -> None:
    layout = make_layout()
    # the back office in the south-west: staff must walk through the hall
    zones = tuple(
        replace(z, area=box(9.4, 0.4, 16.4, 3.6)) if z.zone == "back_office-1"
        else replace(z, area=box(9.4, 23.2, 40.0, 26.6)) if z.zone == "convenience-1" else z
        for z in layout.zones
    )  # fmt: skip
    assert routes_of(replace(layout, zones=zones)).crossings


def two_floors(link: ObstacleKind) -> Site:
    site = make_site()
    links = (VerticalLink("L1", link, (58.0, 12.0)),)
    upper = Floor("F2", "二层", 2, Frame(), site.floors[0].outline, site.floors[0].usable, links=links)
    return replace(site, floors=(replace(site.floors[0], links=links), upper))


@pytest.mark.parametrize(
    ("link", "blocked"),
    [(ObstacleKind.LIFT, set()), (ObstacleKind.STAIR, {"wheelchair"}), (ObstacleKind.ESCALATOR, {"wheelchair"})],
)
def test_routes_change_floors_and_wheelchairs_only_by_lift(link: ObstacleKind, blocked: set[str]) -> None:
    layout = make_layout()
    zones = tuple(replace(z, floor="F2") if z.zone == "window_general-1" else z for z in layout.zones)
    aisles = tuple(a for a in layout.aisles if a.id != "S1")
    routes = routes_of(replace(layout, zones=zones, aisles=aisles), two_floors(link))
    general = next(route for route in routes.routes if route.kind == "general")
    assert {"link:L1"} <= {leg.end for leg in general.legs}
    assert {b.kind for b in routes.blocked if b.kind == "wheelchair"} == blocked


def with_stair(site: Site) -> Site:
    """The site with a stair of 2 × 2 m in the middle of both floors besides, its door in the south."""
    core = box(41.0, 12.0, 43.0, 14.0)
    drawn = replace(door("D9", OpeningRole.ROOM, (41.5, 11.9), (42.5, 11.9), 90), is_exterior=False)
    floors = [
        replace(
            floor,
            usable=floor.usable.difference(core.buffer(0.15, join_style="mitre")),
            links=(*floor.links, VerticalLink("L2", ObstacleKind.STAIR, (42.0, 13.0))),
            obstacles=(*floor.obstacles, Obstacle("L2", ObstacleKind.STAIR, core)),
            openings=(*floor.openings, drawn),
        )
        for floor in site.floors
    ]
    return replace(site, floors=tuple(floors))


def test_visitors_leave_the_stair_away_from_the_lift_to_the_staff_who_come_to_its_door() -> None:
    layout, site = make_layout(), with_stair(two_floors(ObstacleKind.LIFT))
    zones = tuple(replace(z, floor="F2") if z.zone == "window_general-1" else z for z in layout.zones)
    routes = {route.kind: route for route in routes_of(replace(layout, zones=zones, aisles=()), site).routes}
    assert {"link:L1"} == {leg.end for leg in routes["general"].legs if leg.end.startswith("link:")}
    (up,) = (leg for leg in routes["staff"].legs if leg.end.startswith("link:"))
    assert up.end == "link:L2"
    assert Point(up.line.coords[-1]).distance(Point(42.0, 11.0)) < 0.6


def test_the_same_layout_gives_the_same_routes(routes: Routes) -> None:
    again = routes_of(make_layout())
    assert [leg.line.wkb for r in again.routes for leg in r.legs] == [
        leg.line.wkb for r in routes.routes for leg in r.legs
    ]
    assert shapely.union_all([leg.line for r in again.routes for leg in r.legs]).is_valid


def test_a_route_there_and_back_is_walked_twice_and_narrow_places_are_measured(routes: Routes) -> None:
    figures = {entry.route: entry for entry in route_figures(make_site(), make_layout(), routes)}
    there = next(route for route in routes.routes if route.kind == "general")
    entry = figures[there.id]
    assert 0 <= entry.backtrack_m <= there.length_m
    assert entry.narrowest_m >= there.clearance_m - 0.05
    assert entry.narrow_m <= there.length_m + 1
    assert layout_score(routes) == pytest.approx(
        sum(r.length_m * r.per_day for r in routes.routes if r.network in ("public", "access")), abs=0.1
    )


def test_turns_and_back_tracking_of_a_line_by_hand() -> None:
    leg = Leg("door:main", "wait-1", "F1", LineString([(10, 5), (20, 5), (20, 8)]), 13.0)
    back = Leg("wait-1", "door:main", "F1", LineString([(20, 8), (20, 5), (10, 5)]), 13.0)
    route = Route("R-x", "x", "x", "public", (leg, back), 10.0, 0.9)
    bare = replace(make_layout(), zones=(), aisles=(), furniture=(), partitions=())
    (entry,) = route_figures(make_site(), bare, Routes((route,), ()))
    # one bend each way; the whole way back is walked against the way there
    assert entry.turns == 2
    assert entry.backtrack_m == pytest.approx(13.0, abs=1.5)


def test_on_the_aisles_a_crowd_keeps_its_width_where_there_is_room(routes: Routes) -> None:
    """A shortest way turns at corners: as far from them as its clearance, 0.9 m for a crowd and not 0.45 m."""
    layout = make_layout()
    aisles = shapely.union_all([aisle.area for aisle in layout.aisles])
    zones = shapely.boundary(shapely.union_all([zone.area for zone in layout.zones]))
    public = [leg for route in routes.routes if route.network == "public" for leg in route.legs]
    turns = [Point(xy) for leg in public for xy in leg.line.coords[1:-1]]
    gaps = [zones.distance(turn) for turn in turns if aisles.contains(turn)]
    # without a crowd's width one of these turns keeps 0.9 m by chance
    assert sum(0.88 <= gap <= 0.95 for gap in gaps) >= 5


def with_toilet() -> tuple[Site, Programme, Layout]:
    """The county hall with its toilets in the south-east corner as a zone of the building, its door in their north wall."""
    site, layout = make_site(), make_layout()
    line = LineString([(56.0, 5.4), (57.0, 5.4)])
    door = Opening("D9", OpeningRole.ROOM, (56.5, 5.4), 1.0, line, 90.0, is_exterior=False)
    toilet = PlacedZone("toilet-1", "toilet", "F1", box(53.4, 0.3, 61.7, 5.4), 42.0, 42.0, None, "", is_fixed=True)
    floor = replace(site.floors[0], openings=(*site.floors[0].openings, door))
    programme = make_programme()
    kind = replace(programme.visitors[0], id="toilet", chain=("door:main", "toilet-1"))
    programme = replace(programme, zones=(*programme.zones, make_zone("toilet-1", 42.0)), visitors=(kind,))
    return replace(site, floors=(floor,)), programme, replace(layout, zones=(*layout.zones, toilet))


def test_one_walks_to_the_door_of_a_toilet_not_to_where_its_wall_is_nearest() -> None:
    site, programme, layout = with_toilet()
    (route,) = (route for route in route_visitors(site, programme, layout, Settings()).routes if route.kind == "toilet")
    assert route.legs[-1].line.coords[-1] == pytest.approx((56.5, 5.4))


def test_a_toilet_whose_door_is_blocked_is_not_reached_through_a_wall() -> None:
    site, programme, layout = with_toilet()
    shut = Partition("P1", "F1", LineString([(55.5, 5.4), (55.5, 6.6), (57.5, 6.6), (57.5, 5.4)]), "wall", 0.1, "")
    routes = route_visitors(site, programme, replace(layout, partitions=(shut,)), Settings())
    assert [(one.kind, one.end) for one in routes.blocked] == [("toilet", "toilet-1")]


def test_of_two_toilets_beside_each_other_each_is_reached_by_its_own_door() -> None:
    """The door of the eastern one lies 0.3 m from the western one."""
    site, _programme, _layout = with_toilet()
    line = LineString([(57.9, 5.4), (58.9, 5.4)])
    other = Opening("D10", OpeningRole.ROOM, (58.4, 5.4), 1.0, line, 90.0, is_exterior=False)
    west, east = box(53.4, 0.3, 57.6, 5.4), box(57.7, 0.3, 61.7, 5.4)
    floor = replace(site.floors[0], openings=(*site.floors[0].openings, other))
    assert [door.id for door, _ in floor.fronts_of(west)] == ["D9"]
    assert [door.id for door, _ in floor.fronts_of(east)] == ["D10"]


def test_a_waiting_area_that_the_user_locks_beside_a_toilet_is_not_reached_by_the_door_of_that() -> None:
    site, programme, layout = with_toilet()
    toilet = layout.zones[-1]
    wait = replace(toilet, zone="wait-9", type="wait", area=box(53.4, 5.5, 61.7, 8.5))
    layout = replace(layout, zones=(*layout.zones[:-1], wait), aisles=layout.aisles)
    kind = replace(programme.visitors[0], chain=("door:main", "wait-9"))
    programme = replace(programme, zones=(*programme.zones, make_zone("wait-9", 25.0)), visitors=(kind,))
    (route,) = (route for route in route_visitors(site, programme, layout, Settings()).routes if route.kind == kind.id)
    assert Point(route.legs[-1].line.coords[-1]).distance(Point(56.5, 5.4)) > 1.0


def test_staff_come_by_the_door_on_their_own_ground_not_across_a_way_of_visitors() -> None:
    """An office 2 m from the staff's door in the east, a way of visitors between; farther off a door of theirs in the north on their own way."""
    (floor,) = hall(20, 12).floors
    north = door("D3", OpeningRole.STAFF, (2.5, 12.15), (3.5, 12.15), 270)
    site = replace(hall(20, 12), floors=(replace(floor, openings=(*floor.openings, north)),))
    visitors = (
        VisitorKind("a", "a", ("door:main", "wait-1"), 50.0),
        VisitorKind("s", "s", ("door:staff", "back_office-1"), 5.0, "staff"),
    )
    wanted = replace(programme(make_zone("back_office-1", 60), make_zone("wait-1", 4)), visitors=visitors)
    ways = (
        Aisle("S1", "F1", "staff", box(2, 9, 7, 12), 3.0),
        Aisle("M1", "F1", "public", box(17.6, 0, 20, 10), 2.4),
        Aisle("M2", "F1", "public", box(0, 0, 17.6, 4), 4.0),
    )
    places = ("back_office-1", box(5, 4, 17.6, 9)), ("wait-1", box(18, 10, 20, 12))
    zones = tuple(PlacedZone(id, id[:-2], "F1", area, area.area, area.area, None, "") for id, area in places)
    layout = replace(make_layout(), zones=zones, aisles=ways)
    routes = route_visitors(site, wanted, layout, Settings())
    assert not routes.crossings
    (way,) = (route for route in routes.routes if route.kind == "s")
    assert way.legs[0].line.coords[0] == pytest.approx((3.0, 12.15), abs=0.5)


@pytest.mark.parametrize(("role", "is_crossed"), [(OpeningRole.FIRE, False), (OpeningRole.SECOND, True)])
def test_staff_who_walk_past_a_second_entrance_cross_those_who_come_in_there(
    role: OpeningRole, is_crossed: bool
) -> None:
    """A way of staff along the east wall, from their door in the north to an office in the south-east, past a door in that wall."""
    (floor,) = hall(20, 12).floors
    staff = door("D3", OpeningRole.STAFF, (18.0, 12.15), (19.0, 12.15), 270)
    other = door("D4", role, (20.15, 7.0), (20.15, 8.5), 180)
    site = replace(hall(20, 12), floors=(replace(floor, openings=(floor.openings[0], staff, other)),))
    visitors = (VisitorKind("s", "s", ("door:staff", "back_office-1"), 5.0, "staff"),)
    wanted = replace(programme(make_zone("back_office-1", 16)), visitors=visitors)
    zones = (PlacedZone("back_office-1", "back_office", "F1", box(16, 0, 20, 4), 16.0, 16.0, None, ""),)
    layout = replace(make_layout(), zones=zones, aisles=(Aisle("S1", "F1", "staff", box(17.5, 4, 20, 12), 2.5),))
    assert bool(route_visitors(site, wanted, layout, Settings()).crossings) is is_crossed
