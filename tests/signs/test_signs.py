"""Signs of a hand-made county hall, reading distances by hand."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from importlib.resources import files

import jsonschema
import numpy as np
import pytest
from shapely.geometry import Polygon, box

from hallplan.flow import route_visitors
from hallplan.geometry.visibility import SightField
from hallplan.model.flow import Routes
from hallplan.model.layout import Furniture, Layout
from hallplan.model.signs import Sign, SignPlan
from hallplan.settings import Settings
from hallplan.signs import plan_signs, signs_report
from hallplan.signs.legibility import catchment, reading_distance_m, reads, sign_reach_m
from tests.builders import make_layout, make_programme, make_site


def sign(char_mm: float = 120, height_m: float = 2.6, **more: object) -> Sign:
    values = {"mount": "hung", **more}
    return Sign(
        "S1", "direction", "F1", (0.0, 0.0), 0.0, "", "", ("wait-1",), char_mm, height_m=height_m, width_m=1, **values
    )


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
    assert reads(sign(), np.array(eyes), free).tolist() == [True, False]


def test_a_sign_is_not_read_from_behind_unless_it_has_two_faces() -> None:
    eye = np.array([(-3.0, 0.0)])
    assert not reads(sign(), eye, SightField([])).any()
    assert reads(sign(is_double=True), eye, SightField([])).all()


def test_a_column_hides_a_sign() -> None:
    eye = np.array([(6.0, 0.0)])
    assert reads(sign(), eye, SightField([])).all()
    assert not reads(sign(), eye, SightField([box(2.7, -0.3, 3.3, 0.3)])).any()


def test_a_catchment_in_the_open_is_the_whole_disc() -> None:
    floor = replace(make_site().floors[0], outline=box(-40, -40, 40, 40), obstacles=())
    shown = catchment(sign(), floor, Polygon())
    reach = sign_reach_m(sign())
    # a 64-sided polygon lacks 0.16 % of its disc
    assert shown is not None
    assert shown.area == pytest.approx(math.pi * reach**2 / 4, rel=0.004)


def test_every_zone_for_visitors_carries_its_name(walked: tuple[Layout, Routes, SignPlan]) -> None:
    named = {name for sign in walked[2].signs if sign.kind == "zone" for name in sign.names}
    public = {zone.id for zone in make_programme().zones if zone.side != "staff"}
    assert named == public


def test_signs_are_numbered_once_and_windows_carry_plates(walked: tuple[Layout, Routes, SignPlan]) -> None:
    ids = [sign.id for sign in walked[2].signs]
    assert len(set(ids)) == len(ids)
    assert {f"N-A{n:02d}" for n in range(1, 17)} <= set(ids)


def test_direction_signs_serve_every_decision_point_and_are_as_few_as_can_be(
    walked: tuple[Layout, Routes, SignPlan],
) -> None:
    plan = walked[2]
    assert all(entry.sign for entry in plan.served)
    assert plan.placement is not None
    assert plan.placement.added == plan.placement.bound
    arrows = [sign.text_zh for sign in plan.signs if sign.kind == "direction"]
    assert arrows
    assert all(text[0] in "↑←→↓" for text in arrows)


def test_an_arrow_points_the_way_its_reader_must_turn(walked: tuple[Layout, Routes, SignPlan]) -> None:
    _, routes, plan = walked
    places = {decision.id: decision for decision in routes.decisions}
    signs = {sign.id: sign for sign in plan.signs if sign.kind == "direction"}
    for entry in plan.served:
        if entry.sign in signs and "→" in signs[entry.sign].text_zh and len(signs[entry.sign].names) == 1:
            route = next(r for r in routes.routes if r.id == entry.route)
            leg = min((leg for leg in route.legs), key=lambda leg: leg.end != entry.goal)
            along = leg.line.project(type(leg.line.centroid)(places[entry.decision].at))
            ahead = leg.line.interpolate(along + 4)
            looking = math.radians(signs[entry.sign].facing_deg + 180)
            dx, dy = ahead.x - places[entry.decision].at[0], ahead.y - places[entry.decision].at[1]
            assert math.cos(looking) * dy - math.sin(looking) * dx < 0
    assert signs


def test_a_wall_of_shelves_makes_a_route_less_readable(walked: tuple[Layout, Routes, SignPlan]) -> None:
    layout, routes, plan = walked
    shelves = tuple(Furniture(f"W{n}", "shelf", "F1", "", (20 + n, 17.9), (1.0, 0.3), 90, 2.2) for n in range(12))
    hidden = plan_signs(
        make_site(), make_programme(), replace(layout, furniture=layout.furniture + shelves), routes, Settings()
    )
    share = {reading.route: reading.readable_share for reading in plan.readings}
    less = {reading.route: reading.readable_share for reading in hidden.readings}
    assert less["R-general"] < share["R-general"]


def test_blind_stretches_are_the_unread_share(walked: tuple[Layout, Routes, SignPlan]) -> None:
    _, routes, plan = walked
    lengths = {route.id: route.length_m for route in routes.routes}
    for reading in plan.readings:
        blind = sum(end - begin for begin, end in reading.blind)
        assert blind / lengths[reading.route] == pytest.approx(1 - reading.readable_share, abs=0.06)


def test_the_report_keeps_its_schema(walked: tuple[Layout, Routes, SignPlan]) -> None:
    schema = json.loads(files("hallplan").joinpath("data/schemas/signs.schema.json").read_text("utf-8"))
    report = signs_report(walked[2], walked[1])
    jsonschema.validate(json.loads(json.dumps(report)), schema)
    assert report["decision_points"]["served"] == report["decision_points"]["total"]
