"""Furnished samples keep every hard constraint, by a checker that shares no code with the engine; and the checker sees faults."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from shapely.affinity import translate
from shapely.geometry import LineString, box

from hallplan.model.flow import Leg, Route, Routes
from hallplan.model.layout import Layout
from hallplan.model.plan import Alternative, Plan, plan_from_json
from hallplan.model.site import Obstacle, ObstacleKind
from tests.cli.test_calls import run
from tests.place.furnished_checker import faults, staff_meets_public


@pytest.fixture(scope="module")
def township(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return _planned("township", tmp_path_factory.mktemp("township"))


def _planned(sample: str, folder: Path, effort: str = "quick") -> Plan:
    assert run("init", folder, "--sample", sample, "--force")[0] == 0
    code, _, err = run("layout", folder, "--effort", effort)
    assert code in (0, 1), err
    return plan_from_json((folder / "out" / "plan.json").read_text("utf-8"))


def _kept(plan: Plan, one: Alternative) -> list[str]:
    return faults(plan.site, plan.programme, one.layout, one.routes)


def test_every_township_alternative_keeps_what_must_hold(township: Plan) -> None:
    for one in township.alternatives:
        assert _kept(township, one) == []


def test_the_first_alternative_fails_the_fewest_mandatory_rules_and_has_all_windows(township: Plan) -> None:
    failed = [
        {f.rule for f in one.findings if f.status == "fail" and f.level == "mandatory"} for one in township.alternatives
    ]
    assert failed[0] == set()
    # those that break a constraint go last, whatever they fail
    order = [(bool(one.layout.breaches), len(rules)) for one, rules in zip(township.alternatives, failed, strict=True)]
    assert order == sorted(order)
    for one in township.alternatives:
        placed = {piece.window for piece in one.layout.furniture if piece.kind.startswith("counter") and piece.window}
        assert placed == {window.id for window in township.windows.windows}


def test_crossings_are_told_where_the_lines_meet(township: Plan) -> None:
    for one in township.alternatives:
        assert bool(staff_meets_public(one.routes)) == bool(one.routes.crossings)


@pytest.mark.slow
def test_every_county_alternative_keeps_what_must_hold(tmp_path: Path) -> None:
    plan = _planned("county", tmp_path, "normal")
    assert [_kept(plan, one) for one in plan.alternatives] == [[]] * len(plan.alternatives)


def _with(plan: Plan, layout: Layout) -> list[str]:
    return faults(plan.site, plan.programme, layout, plan.alternatives[0].routes)


def test_a_column_in_a_counter_is_seen(township: Plan) -> None:
    layout = township.alternatives[0].layout
    desk = next(piece for piece in layout.furniture if piece.window)
    x, y = desk.at
    column = Obstacle("C-X", ObstacleKind.COLUMN, box(x - 0.2, y - 0.2, x + 0.2, y + 0.2))
    floor = replace(township.site.floors[0], obstacles=(*township.site.floors[0].obstacles, column))
    found = faults(replace(township.site, floors=(floor,)), township.programme, layout, township.alternatives[0].routes)
    assert any(fault.startswith(f"{desk.id}: a column") for fault in found)


def test_a_room_without_a_door_and_a_counter_on_another_are_seen(township: Plan) -> None:
    layout = township.alternatives[0].layout
    one, other = [piece for piece in layout.furniture if piece.window and piece.kind.startswith("counter")][:2]
    moved = tuple(replace(p, at=one.at, facing_deg=one.facing_deg) if p is other else p for p in layout.furniture)
    assert any("overlaps" in fault for fault in _with(township, replace(layout, furniture=moved)))
    zone = next(z for z in layout.zones if not z.is_fixed)
    wanted = replace(township.programme.zone(zone.zone), is_enclosed=True)
    programme = replace(
        township.programme, zones=tuple(wanted if z.id == wanted.id else z for z in township.programme.zones)
    )
    far = replace(zone, area=translate(box(0, 0, 1, 1), 1e3, 1e3))
    alone = replace(layout, zones=(far,), doors=(), aisles=())
    assert f"{zone.zone}: a room without a door" in faults(township.site, programme, alone, Routes((), ()))


def test_lines_that_cross_are_counted_once_within_four_metres() -> None:
    def route(id: str, network: str, *points: tuple[float, float]) -> Route:
        line = LineString(points)
        return Route(id, id, id, network, (Leg("a", "b", "F1", line, line.length),), 1.0, 0.9)  # type: ignore[arg-type]

    public = [route("p", "public", (0, 0), (20, 0)), route("w", "access", (0, 1), (20, 1))]
    staff = [route("s", "staff", (5, -5), (5, 5)), route("t", "staff", (15, -5), (15, 5))]
    assert len(staff_meets_public(Routes((*public, *staff), ()))) == 2
    assert staff_meets_public(Routes((*public,), ())) == []
