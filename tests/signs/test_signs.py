"""Signs of a hand-made county hall, reading distances by hand."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from importlib.resources import files

import jsonschema
import numpy as np
import pytest
import shapely
from shapely.geometry import box

from hallplan.flow import route_visitors
from hallplan.geometry.visibility import SightField
from hallplan.model.flow import Route, Routes
from hallplan.model.layout import Furniture, Layout
from hallplan.model.signs import Sign, SignPlan
from hallplan.model.site import Floor, Obstacle, ObstacleKind, VerticalLink
from hallplan.settings import Settings, Signs
from hallplan.signs import plan_signs, rate_signs, signs_report
from hallplan.signs.candidates import hanging_room, panel_line, sign_places
from hallplan.signs.cover import SHORT
from hallplan.signs.crowd import hidden_share
from hallplan.signs.faces import Face, faces_of
from hallplan.signs.faults import sign_faults, turned_from_walls
from hallplan.signs.legibility import catchment, reading_distance_m, reads, sign_reach_m
from hallplan.signs.sights import needed_seconds
from hallplan.signs.task import Task
from hallplan.signs.view import View
from hallplan.signs.walkers import Walkers
from hallplan.signs.words import brief
from hallplan.terms import read_data
from tests.builders import make_layout, make_programme, make_site


def sign(char_mm: float = 120, height_m: float = 2.6, **more: object) -> Sign:
    values = {"mount": "hung", **more}
    return Sign(
        "S1",
        "direction",
        "F1",
        (0.0, 0.0),
        0.0,
        "等候区",
        "",
        ("wait-1",),
        char_mm,
        height_m=height_m,
        width_m=1,
        **values,
    )


EYE_M = 1.55


def front(**more: object) -> Face:
    return faces_of([sign(**more)])[0]


@pytest.fixture(scope="module")
def walked() -> tuple[Layout, Routes, SignPlan]:
    counters = [
        Furniture(
            f"K{n}", kind, "F1", "window_general-1", (12 + 1.6 * n, 20.0), (1.5, 0.7), 270, 0.75, window=f"A{n:02d}"
        )
        for n, kind in enumerate(["counter_low", *["counter"] * 15], 1)
    ]
    layout = replace(make_layout(), furniture=tuple(counters))
    routes = route_visitors(make_site(), make_programme(), layout, Settings())
    return layout, routes, plan_signs(make_site(), make_programme(), layout, routes, Settings())


@pytest.mark.parametrize(
    ("char_mm", "height_m", "distance"),
    [
        (16, 1.5, 1.83),
        (51, 2.6, 4.57),
        (75, 4.0, 6.40),
        (50, 2.6, 0.0),
        # 4.57 + (51 + 3.2 × 10 − 51) / 3.2 × 0.3048
        (83, 2.6, 4.57 + 3.048),
    ],
)
def test_reading_distance_follows_the_ada_table(char_mm: float, height_m: float, distance: float) -> None:
    assert reading_distance_m(char_mm, height_m) == pytest.approx(distance, abs=1e-3)


def test_a_sign_is_read_inside_the_circle_that_touches_its_face() -> None:
    reach = sign_reach_m(sign())
    free = SightField([])
    angle = math.radians(60)
    inside, outside = reach * math.cos(angle) - 0.05, reach * math.cos(angle) + 0.05
    eyes = [(r * math.cos(angle), r * math.sin(angle)) for r in (inside, outside)]
    assert reads(front(), np.array(eyes), EYE_M, free).tolist() == [True, False]


def test_a_sign_is_not_read_from_below_where_one_looks_up_too_steeply() -> None:
    # 2.6 m high, eyes at 1.55 m, 20 degrees: 1.05 / tan 20 degrees = 2.885 m
    eyes = np.array([(2.8, 0.0), (2.95, 0.0)])
    assert reads(front(), eyes, EYE_M, SightField([])).tolist() == [False, True]


def test_a_sign_is_not_read_from_behind_unless_it_has_two_faces() -> None:
    eye = np.array([(-4.0, 0.0)])
    faces = faces_of([sign(is_double=True)])
    assert not reads(front(), eye, EYE_M, SightField([])).any()
    assert [bool(reads(face, eye, EYE_M, SightField([]))[0]) for face in faces] == [False, True]


def test_a_column_hides_a_sign_and_a_low_counter_does_not() -> None:
    eye, block = np.array([(6.0, 0.0)]), box(2.7, -0.3, 3.3, 0.3)
    assert reads(front(), eye, EYE_M, SightField([])).all()
    assert not reads(front(), eye, EYE_M, SightField([block])).any()
    assert reads(front(), eye, EYE_M, SightField([block], [(0.0, 1.2)])).all()


def test_a_shelf_hides_a_sign_from_those_near_to_it_alone() -> None:
    # the line from 1.55 at 8 m to 2.6 at the sign is at 2.0 m where 4.57 m remain
    eye, shelf = np.array([(8.0, 0.0)]), (0.0, 2.0)
    near, far = box(5.0, -0.3, 5.3, 0.3), box(4.0, -0.3, 4.3, 0.3)
    assert not reads(front(), eye, EYE_M, SightField([near], [shelf])).any()
    assert reads(front(), eye, EYE_M, SightField([far], [shelf])).all()


def test_a_catchment_in_the_open_is_the_whole_disc() -> None:
    low = front(height_m=1.55)
    shown = catchment(low, box(-40, -40, 40, 40), [], EYE_M)
    # within 0.1 % of the published circle; a 128-sided polygon lacks 0.04 %
    assert shown is not None
    assert shown.area == pytest.approx(math.pi * low.reach_m**2 / 4, rel=1e-3)


def test_a_catchment_agrees_with_sight_tests_behind_things_of_any_height() -> None:
    things = [(box(3, -1, 4, 0.5), 0.0, 1.9), (box(6, 0, 6.5, 3), -math.inf, math.inf), (box(4, 1, 5, 2), 2.0, 2.5)]
    face = front()
    shown = catchment(face, box(-40, -40, 40, 40), things, EYE_M)
    assert shown is not None
    eyes = np.random.default_rng(2).uniform((0, -6), (12, 6), (3000, 2))
    field = SightField([shape for shape, _, _ in things], [(low, high) for _, low, high in things])
    sure = shapely.distance(shown.boundary, shapely.points(eyes)) > 0.05
    # an eye inside a thing sees nothing that a plan could tell
    sure &= ~shapely.intersects(shapely.union_all([shape for shape, _, _ in things]), shapely.points(eyes))
    expected = reads(face, eyes, EYE_M, field)
    assert (shapely.contains_xy(shown, eyes[:, 0], eyes[:, 1]) == expected)[sure].mean() > 0.995


def test_a_bent_shelf_hides_no_more_than_it_stands_for() -> None:
    """Two arms of a shelf 2.0 m high: from between them a sign of 2.6 m is read; the hull of its shadow hid that."""
    shelf = box(4, -3, 7, -2.5).union(box(4, -3, 4.5, 2))
    face = front()
    shown = catchment(face, box(-40, -40, 40, 40), [(shelf, 0.0, 2.0)], EYE_M)
    assert shown is not None
    eyes = np.random.default_rng(4).uniform((0, -6), (12, 6), (6000, 2))
    expected = reads(face, eyes, EYE_M, SightField([shelf], [(0.0, 2.0)]))
    sure = shapely.distance(shown.boundary, shapely.points(eyes)) > 0.02
    sure &= shapely.distance(shelf, shapely.points(eyes)) > 0
    assert ((shapely.contains_xy(shown, eyes[:, 0], eyes[:, 1]) == expected) | ~sure).all()


def test_a_row_of_shelves_leaves_the_catchment_in_two_pieces() -> None:
    """Behind a shelf of 2.0 m at 3 m, (2.6 - 1.55) / (2.6 - 2.0) = 1.75 times as far, at 5.25 m, the sign is read again."""
    shown = catchment(front(), box(-40, -40, 40, 40), [(box(2.9, -9, 3.0, 9), 0.0, 2.0)], EYE_M)
    assert shown is not None
    inner, outer = sorted(shown.geoms, key=lambda part: part.bounds[0])
    assert inner.bounds[2] == pytest.approx(2.9, abs=0.01)
    # the light is at 0.12 m, where the sight line ends
    assert shapely.intersection(outer, shapely.LineString([(0, 0), (12, 0)])).bounds[0] == pytest.approx(
        0.12 + 1.75 * 2.88, abs=0.01
    )


def test_every_zone_for_visitors_carries_its_name(walked: tuple[Layout, Routes, SignPlan]) -> None:
    named = {name for sign in walked[2].signs if sign.kind == "zone" for name in sign.names}
    public = {zone.id for zone in make_programme().zones if zone.side != "staff"}
    assert named == public


def test_signs_are_numbered_once_and_windows_carry_plates(walked: tuple[Layout, Routes, SignPlan]) -> None:
    ids = [sign.id for sign in walked[2].signs]
    assert len(set(ids)) == len(ids)
    assert {f"N-A{n:02d}" for n in range(1, 17)} <= set(ids)


def test_direction_signs_serve_decision_points_and_are_as_few_as_can_be(
    walked: tuple[Layout, Routes, SignPlan],
) -> None:
    plan = walked[2]
    assert plan.placement is not None
    assert plan.placement.is_optimal
    assert plan.placement.added == plan.placement.bound <= plan.placement.greedy
    assert plan.placement.added <= plan.placement.one_each
    unserved = [entry for entry in plan.served if not entry.sign]
    assert len(unserved) == plan.placement.unserved
    arrows = [sign.text_zh for sign in plan.signs if sign.kind == "direction"]
    assert arrows
    assert all(text[0] in "↑←→" for text in arrows)


def test_every_served_need_passes_its_five_tests(walked: tuple[Layout, Routes, SignPlan]) -> None:
    for entry in walked[2].served:
        if not entry.sign:
            assert entry.failed or entry.proof is None
            continue
        proof = entry.proof
        assert proof is not None
        assert proof.distance_m <= proof.legible_m + 0.01
        assert proof.off_view_deg <= proof.view_deg
        assert proof.is_clear
        assert proof.seconds is None or proof.seconds >= proof.needed_s - 0.01
        assert proof.others <= proof.most_others
        assert proof.hidden_share <= 0.5


def test_an_arrow_points_the_way_its_reader_must_turn(walked: tuple[Layout, Routes, SignPlan]) -> None:
    _, routes, plan = walked
    signs = {sign.id: sign for sign in plan.signs if sign.kind == "direction"}
    checked = 0
    for entry in plan.served:
        sign = signs.get(entry.sign)
        if sign is None:
            continue
        route = next(route for route in routes.routes if route.id == entry.route)
        sides = [(sign.facing_deg + 180, sign.names, sign.arrows), (sign.facing_deg, sign.back_names, sign.back_arrows)]
        said = [
            (arrow, _turns(route, entry.goal, sign.at, math.radians(looking)))
            for looking, names, arrows in sides
            for name, arrow in zip(names, arrows, strict=True)
            if name == entry.goal
        ]
        middle = {"ahead": 0.0, "left": 90.0, "right": -90.0}
        assert any(abs(turn - middle[arrow]) <= 46 for arrow, turns in said for turn in turns), (entry, said)
        checked += 1
    assert checked


def _turns(route: Route, goal: str, at: tuple[float, float], looking: float) -> list[float]:
    """How far to the left of `looking` each leg to a goal goes on from where it passes a place, degrees."""
    found = []
    for leg in route.legs:
        along = leg.line.project(shapely.Point(at))
        here, ahead = leg.line.interpolate(along), leg.line.interpolate(along + 4)
        if leg.end == goal:
            going = math.atan2(ahead.y - here.y, ahead.x - here.x) if here.distance(ahead) >= 0.5 else looking
            found.append((math.degrees(going - looking) + 180) % 360 - 180)
    return found


def test_a_wall_of_shelves_makes_a_route_less_readable(walked: tuple[Layout, Routes, SignPlan]) -> None:
    layout, routes, plan = walked
    shelves = tuple(Furniture(f"W{n}", "shelf", "F1", "", (20 + n, 17.9), (1.0, 0.3), 90, 2.2) for n in range(12))
    crowded = replace(layout, furniture=layout.furniture + shelves)
    hidden = rate_signs(make_site(), crowded, routes, plan.signs, Settings())
    share = {reading.route: reading.readable_share for reading in plan.readings}
    less = {reading.route: reading.readable_share for reading in hidden.readings}
    assert less["R-general"] < share["R-general"]


@pytest.mark.parametrize(
    ("at", "facing", "what"),
    [((-0.5, 10.0), 0.0, "in_wall"), ((0.5, 10.0), 180.0, "faces_wall"), ((0.5, 10.0), 0.0, "")],
)
def test_a_sign_in_a_wall_or_looking_at_one_is_told(
    walked: tuple[Layout, Routes, SignPlan], at: tuple[float, float], facing: float, what: str
) -> None:
    hung = replace(sign(), at=at, facing_deg=facing)
    faults = rate_signs(make_site(), walked[0], walked[1], [hung], Settings()).faults
    assert [fault.what for fault in faults] == ([what] if what else [])


def test_the_chance_that_people_hide_a_sign_is_that_of_people_put_at_random() -> None:
    rng, per_m2, eye, height, distance = np.random.default_rng(3), 0.4, 1.2, 2.4, 9.0
    hidden, runs = 0, 4000
    for _ in range(runs):
        count = rng.poisson(per_m2 * (distance - 0.6) * 0.45)
        along, tall = rng.uniform(0.6, distance, count), rng.normal(1.65, 0.085, count)
        hidden += bool((tall > eye + (height - eye) * along / distance).any())
    expected = float(hidden_share(np.array([distance]), eye, height, per_m2)[0])
    assert hidden / runs == pytest.approx(expected, abs=4 * math.sqrt(0.25 / runs))


@pytest.mark.parametrize(("reach", "area"), [(15.0, 176.7146), (30.0, 706.8583)])
def test_catchments_have_the_published_areas(reach: float, area: float) -> None:
    """Xie, Filippidis, Galea and others 2007: a disc of the legible distance, half the half-disc of the codes."""
    face = replace(front(height_m=EYE_M), reach_m=reach)
    shown = catchment(face, box(-50, -50, 50, 50), [], EYE_M)
    assert shown is not None
    assert shown.area == pytest.approx(area, rel=1e-3)
    assert shown.area == pytest.approx(math.pi * reach**2 / 2 / 2, rel=1e-3)


def test_blind_stretches_are_the_unread_share(walked: tuple[Layout, Routes, SignPlan]) -> None:
    _, routes, plan = walked
    lengths = {route.id: route.length_m for route in routes.routes}
    for reading in plan.readings:
        blind = sum(end - begin for begin, end in reading.blind)
        assert blind / lengths[reading.route] == pytest.approx(1 - reading.readable_share, abs=0.06)


def test_the_report_keeps_its_schema(walked: tuple[Layout, Routes, SignPlan]) -> None:
    schema = json.loads(files("hallplan").joinpath("data/schemas/signs.schema.json").read_text("utf-8"))
    report = signs_report(make_site(), walked[2], walked[1])
    jsonschema.validate(json.loads(json.dumps(report)), schema)
    assert all(use["catchment_m2"] > 0 for use in report["uses"] if use["kind"] == "direction")
    unserved = {entry.decision for entry in walked[2].served if not entry.sign}
    assert report["decision_points"]["total"] - report["decision_points"]["served"] == len(unserved)
    assert report["longest_blind_m"] <= Settings().signs.max_blind_m


def test_a_new_sign_before_a_wall_hangs_across_the_way(walked: tuple[Layout, Routes, SignPlan]) -> None:
    """0.6 m before the north wall it would look at, a sign hangs at right angles to it and has two faces."""
    view = View(make_site(), walked[0])
    edge = make_site().floors[0].outline.bounds[3]
    before = replace(sign(), at=(30.0, edge - 0.8), facing_deg=90.0)
    (turned,) = turned_from_walls(view, [before])
    assert turned.facing_deg == 180.0
    assert turned.is_double
    assert not sign_faults(view, [turned])
    assert turned_from_walls(view, [replace(before, is_existing=True)]) == [replace(before, is_existing=True)]


def test_new_panels_keep_off_walls_columns_and_each_other(walked: tuple[Layout, Routes, SignPlan]) -> None:
    layout, _, plan = walked
    room = hanging_room(make_site().floors[0], layout)
    lines = [panel_line(s) for s in plan.signs if s.kind == "direction" and s.mount == "hung"]
    assert lines
    assert all(room.contains(line) for line in lines)
    assert all(a.distance(b) > 0 for n, a in enumerate(lines) for b in lines[:n])


def test_a_column_narrower_than_a_panel_carries_none(walked: tuple[Layout, Routes, SignPlan]) -> None:
    site, layout = make_site(), walked[0]
    wide = Obstacle("C-wide", ObstacleKind.COLUMN, box(30, 17.0, 32.4, 17.6))
    slim = Obstacle("C-slim", ObstacleKind.COLUMN, box(25, 17.0, 25.6, 17.6))
    floor = replace(site.floors[0], obstacles=(*site.floors[0].obstacles, wide, slim))
    ways = shapely.LineString([(20, 17.8), (40, 17.8)])
    fixed = [p for p in sign_places(floor, layout, ways, [], []) if p.mount == "wall"]
    assert any(wide.area.distance(shapely.Point(p.at)) < 0.2 for p in fixed)
    assert not any(slim.area.distance(shapely.Point(p.at)) < 0.2 for p in fixed)


def test_those_whom_no_usual_place_tells_their_way_are_told_from_near_by(
    walked: tuple[Layout, Routes, SignPlan], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hardly any places over ways and on walls, none ahead of those who must choose."""
    for key, value in (("grid_m", 60.0), ("wall_m", 90.0), ("ahead_m", [])):
        monkeypatch.setitem(read_data("signs.toml")["place"], key, value)
    layout, routes, _ = walked
    plan = plan_signs(make_site(), make_programme(), layout, routes, Settings(), is_exact=False)
    assert plan.placement.unserved == 0


def test_who_can_read_only_places_near_a_sign_that_goes_up_is_told_from_another(
    walked: tuple[Layout, Routes, SignPlan], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Weighed is the best place for each alone; where a sign goes up there for one, none may hang near it for another."""
    monkeypatch.setitem(read_data("signs.toml")["place"], "per_need", 1)
    layout, routes, _ = walked
    plan = plan_signs(make_site(), make_programme(), layout, routes, Settings(), is_exact=False)
    assert all(entry.sign for entry in plan.served)


def test_who_has_no_time_to_read_a_single_name_is_told_nothing(
    walked: tuple[Layout, Routes, SignPlan], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sign that comes into view at the last step counted as one that tells the way, so that none was tried from near by."""
    monkeypatch.setitem(read_data("signs.toml")["time"], "notice_s", 1e6)
    layout, routes, _ = walked
    floor, walkers = make_site().floors[0], Walkers(layout, routes, Settings())
    ways = shapely.union_all([stretch.leg.line for stretch in walkers.stretches])
    task = Task(View(make_site(), layout), walkers, sign_places(floor, layout, ways, [], []), range(len(walkers.needs)))
    in_time = {
        n
        for n, need in enumerate(walkers.needs)
        for _, _, seconds in task.sights.times([need])
        if (seconds >= needed_seconds(1)).any()
    }
    assert 0 < len(in_time) < len(walkers.needs)
    assert task.untold == set(range(len(walkers.needs))) - in_time


def test_places_close_together_lie_around_those_who_are_told_nothing(walked: tuple[Layout, Routes, SignPlan]) -> None:
    floor, layout, eye = make_site().floors[0], walked[0], (9.0, 3.0)
    ways = shapely.LineString([(2.0, 3.0), (20.0, 3.0)])
    usual = sign_places(floor, layout, ways, [], [])
    further = [p for p in sign_places(floor, layout, ways, [], [], [(eye, 180.0)]) if p not in usual]
    assert {p.mount for p in further} == {"hung", "wall"}
    assert all(math.dist(p.at, eye) <= 7.5 for p in further)
    assert all(p.at[0] <= eye[0] + 1.0 for p in further if p.mount == "hung")


def test_a_name_that_lists_much_is_cut_to_what_a_panel_holds() -> None:
    assert brief("专业窗口区（婚姻登记、税务、不动产、工程建设）") == "专业窗口区（婚姻登记、税务等）"
    assert brief("专业窗口区（公安、税务）") == "专业窗口区（公安、税务）"
    assert brief("等候休息区1") == "等候休息区1"


def test_on_two_floors_guides_stand_before_stairs_and_signs_tell_the_floor() -> None:
    """A zone upstairs: the guide before the lift lists both floors, and direction signs below call it 2F."""
    link = (VerticalLink("L1", ObstacleKind.LIFT, (58.0, 12.0)),)
    low = make_site().floors[0]
    site = replace(
        make_site(),
        floors=(replace(low, links=link), Floor("F2", "二层", 2, low.frame, low.outline, low.usable, links=link)),
    )
    plain = make_layout()
    zones = tuple(replace(z, floor="F2") if z.zone == "window_general-1" else z for z in plain.zones)
    layout = replace(plain, zones=zones, aisles=tuple(a for a in plain.aisles if a.id != "S1"))
    programme = make_programme()
    routes = route_visitors(site, programme, layout, Settings())
    signs = plan_signs(site, programme, layout, routes, Settings(), is_exact=False).signs
    for floor in ("F1", "F2"):
        heads = [s for s in signs if s.kind == "board" and s.floor == floor and math.dist(s.at, (58.0, 12.0)) < 6.0]
        assert len(heads) == 1
        assert {"window_general-1", "wait-1"} <= set(heads[0].names)
        # who steps out of the lift looks at its face
        turn = math.radians(heads[0].facing_deg)
        dx, dy = 58.0 - heads[0].at[0], 12.0 - heads[0].at[1]
        assert dx * math.cos(turn) + dy * math.sin(turn) > 0
    told = [s for s in signs if s.kind == "direction" and "window_general-1" in (*s.names, *s.back_names)]
    for sign in told:
        assert ("2F " in sign.text_zh + sign.back_zh) == (sign.floor == "F1")
    assert any(sign.floor == "F1" for sign in told)
    ways_out = [s for s in signs if s.kind == "direction" and s.floor == "F2" and "door:main" in s.names]
    assert all("1F 出口" in sign.text_zh and "1F Way out" in sign.text_en for sign in ways_out)


def test_where_too_many_signs_are_to_be_weighed_they_go_up_one_by_one_until_no_way_is_blind(
    walked: tuple[Layout, Routes, SignPlan], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No step of the relaxation is allowed: all are told their way as with the fewest signs, and no stretch is blind for long."""
    layout, routes, _ = walked
    short = Settings(signs=Signs(max_blind_m=4.0))
    fewest = plan_signs(make_site(), make_programme(), layout, routes, short, is_exact=False)
    monkeypatch.setattr("hallplan.signs.cover.SHORT", replace(SHORT, row_steps=1))
    plan = plan_signs(make_site(), make_programme(), layout, routes, short, is_exact=False)
    assert not plan.placement.is_optimal
    assert plan.placement.added >= fewest.placement.added
    assert sum(bool(entry.sign) for entry in plan.served) >= sum(bool(entry.sign) for entry in fewest.served)
    assert max(end - begin for reading in plan.readings for begin, end in reading.blind) <= 4.0
