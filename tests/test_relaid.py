"""A zone that stands empty put to another use, all others where they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from shapely.geometry import Point

from hallplan.cli.relaid import given_layout
from hallplan.errors import InputError
from hallplan.model.plan import Plan, plan_from_json, plan_to_json
from hallplan.pipeline import Run
from hallplan.pipeline.relaid import relaid_plan
from hallplan.programme import retype_zone, uses_of
from hallplan.read.project import ProjectFiles
from hallplan.settings import Settings
from tests.cli.test_calls import run
from tests.scene.furnished import furnished_plan

IDLE, NEW = "wait-2", "self_service-2"


@pytest.fixture(scope="module")
def before() -> Plan:
    return plan_from_json(plan_to_json(furnished_plan()))


@pytest.fixture(scope="module")
def after(before: Plan) -> Plan:
    return relaid_plan(before, 1, IDLE, "self_service", Settings(), Run())


def test_the_idle_zone_has_its_new_use_on_the_floor_it_had(before: Plan, after: Plan) -> None:
    was = next(zone for zone in before.alternatives[0].layout.zones if zone.zone == IDLE)
    now = next(zone for zone in after.alternatives[0].layout.zones if zone.zone == NEW)
    assert now.area.equals(was.area)
    assert (now.type, now.floor, now.area_m2) == ("self_service", was.floor, was.area_m2)
    kiosks = [thing for thing in after.alternatives[0].layout.furniture if thing.zone == NEW]
    assert {thing.kind for thing in kiosks} == {"kiosk", "kiosk_low", "turning"}
    assert all(was.area.contains(Point(thing.at)) for thing in kiosks)
    assert len({thing.id for thing in after.alternatives[0].layout.furniture}) == len(
        after.alternatives[0].layout.furniture
    )


def test_all_else_stays_where_it_is(before: Plan, after: Plan) -> None:
    old, new = before.alternatives[0].layout, after.alternatives[0].layout
    assert [zone for zone in old.zones if zone.zone != IDLE] == [zone for zone in new.zones if zone.zone != NEW]
    assert [thing for thing in old.furniture if thing.zone != IDLE] == [
        thing for thing in new.furniture if thing.zone != NEW
    ]
    assert old.aisles == new.aisles


def test_nobody_walks_to_the_zone_that_is_gone(after: Plan) -> None:
    assert not [walk for walk in after.programme.visitors if IDLE in walk.chain]
    assert all(a != b for walk in after.programme.visitors for a, b in zip(walk.chain, walk.chain[1:], strict=False))
    assert after.alternatives[0].routes.routes
    assert after.alternatives[0].findings


def test_what_the_hall_lacks_comes_first_among_uses(before: Plan) -> None:
    zone = before.programme.zone(IDLE)
    assert uses_of(zone, before.programme)[0] == "value_added"


@pytest.mark.parametrize("zone", ["window_general-1", "back_office-1"])
def test_a_zone_whose_windows_stay_or_one_for_staff_cannot_be_put_to_another_use(before: Plan, zone: str) -> None:
    placed = next(one for one in before.alternatives[0].layout.zones if one.zone == zone)
    with pytest.raises(InputError, match=zone):
        retype_zone(before.programme, placed)


def test_a_zone_with_windows_gives_their_work_to_those_left(before: Plan) -> None:
    """Issue 9: a zone with windows that stood empty could not be re-typed."""
    zone = before.programme.zone("one_matter-1")
    after = relaid_plan(before, 1, zone.id, "value_added", Settings(), Run())
    old, new = ({kind.id: kind for kind in plan.windows.types} for plan in (before, after))
    assert "one_matter" not in new
    assert not {window.id for window in after.windows.windows} & set(zone.windows)
    assert sum(new["general"].arrivals) == pytest.approx(sum(old["general"].arrivals) + sum(old["one_matter"].arrivals))
    assert set(old["one_matter"].items) <= set(new["general"].items)
    assert new["general"].windows == old["general"].windows
    work = sum(new["general"].arrivals) * new["general"].minutes / 60
    assert new["general"].utilisation == pytest.approx(work / sum(new["general"].open))
    layout = after.alternatives[0].layout
    assert not {thing.window for thing in layout.furniture} & set(zone.windows)
    assert not [thing for thing in layout.furniture if thing.group == "one_matter"]
    assert any("window_general-1" in walk.chain for walk in after.programme.visitors)
    assert zone.id not in {step for walk in after.programme.visitors for step in walk.chain}


def test_the_last_general_windows_cannot_be_withdrawn(before: Plan) -> None:
    with pytest.raises(InputError, match="综合窗口"):
        relaid_plan(before, 1, "window_general-1", "", Settings(), Run())


def test_an_unknown_zone_or_use_names_those_there_are(before: Plan) -> None:
    with pytest.raises(InputError, match=IDLE):
        relaid_plan(before, 1, "garden", "", Settings(), Run())
    with pytest.raises(InputError, match="value_added"):
        relaid_plan(before, 1, IDLE, "pool", Settings(), Run())


def test_idle_and_drawing_want_a_plan_to_start_from_and_not_each_other(tmp_path: Path) -> None:
    edited = tmp_path / "layout.dxf"
    assert run("layout", tmp_path, "--idle", IDLE)[0] == 2
    assert run("layout", tmp_path, "--drawing", edited)[0] == 2
    assert run("layout", tmp_path, "--from-plan", "--idle", IDLE, "--drawing", edited)[0] == 2


@pytest.mark.parametrize(("given", "other"), [("--drawing", "--idle"), ("--idle", "--drawing")])
def test_what_wants_a_plan_to_start_from_is_named_alone(tmp_path: Path, given: str, other: str) -> None:
    """Who gave --drawing reads nothing of --idle, in what is wrong and in how to mend it."""
    code, _, err = run("layout", tmp_path, given, "layout.dxf")
    assert code == 2
    assert given in err
    assert f"--from-plan {given}" in err
    assert other not in err


def test_starting_from_a_plan_that_is_not_there_says_so(tmp_path: Path) -> None:
    for name in ("plan.dxf", "demand.xlsx"):
        (tmp_path / name).write_bytes(b"")
    code, _, err = run("layout", tmp_path, "--from-plan")
    assert code == 3
    assert "plan.json" in err


def test_what_a_layout_starts_from_lies_where_the_drawing_has_it(before: Plan, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "plan.json").write_text(plan_to_json(before), "utf-8")
    given = given_layout(ProjectFiles(tmp_path, None, None, None, {}), None, is_from_plan=True)
    assert given is not None
    frame, zones = before.site.floors[0].frame, before.alternatives[0].layout.zones
    back = [frame.to_plan(zone.area) for zone in given.zones]
    assert all(a.symmetric_difference(b.area).area < 1e-6 for a, b in zip(back, zones, strict=True))


def test_the_command_starts_from_the_saved_plan(before: Plan, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "plan.json").write_text(plan_to_json(before), "utf-8")
    for name in ("plan.dxf", "demand.xlsx"):
        (tmp_path / name).write_bytes(b"")
    code, out, err = run("layout", tmp_path, "--from-plan", "--idle", IDLE, "-n", "--json", "--fail-on", "never")
    assert code == 0, err
    (alternative,) = json.loads(out)["alternatives"]
    ids = {zone["id"] for zone in alternative["zones"]}
    assert "value_added-1" in ids
    assert IDLE not in ids
