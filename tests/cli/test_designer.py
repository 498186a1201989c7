"""The designer stays in charge: what hallplan.toml says of zones, regions, walls and pairs is kept, or refused with a reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from shapely.geometry import box

from hallplan.model.plan import Plan, plan_from_json
from hallplan.model.site import ObstacleKind
from hallplan.place import unkept_wishes
from hallplan.read.drawing import read_site
from hallplan.settings import Placement, Settings
from tests.cli.test_bad_drawings import run
from tests.place.checker import faults

SAMPLE = Path(__file__).parents[2] / "samples/township"
"""One floor, x 20000–35000 and y 16000–26500 in the drawing, a room with removable partitions in its north-west corner."""


def project(tmp_path: Path, section: str, lines: str) -> Path:
    """A fresh project with some lines added to a section of its settings."""
    folder = tmp_path / "hall"
    shutil.copytree(SAMPLE, folder)
    toml = folder / "hallplan.toml"
    toml.write_text(toml.read_text("utf-8").replace(f"[{section}]\n", f"[{section}]\n{lines}\n", 1), "utf-8")
    return folder


def planned(tmp_path: Path, section: str, lines: str) -> Plan:
    """The plan of a quick search with these settings."""
    folder = project(tmp_path, section, lines)
    code, _, err = run("layout", folder, "--effort", "quick", "--alternatives", "1", "--fail-on", "never", "-q")
    assert code == 0, err
    return plan_from_json((folder / "out/plan.json").read_text("utf-8"))


REFUSED = [
    ("place", 'together = [["foo", "wait"]]', ["[place] together foo", "form"]),
    ("place", 'together = [["wait"]]', ["place.together.0", "2"]),
    ("place", 'together = [["wait", "guide"]]\napart = [["guide", "wait"]]', ["together, apart"]),
    ("place", 'apart = [["wait", "等候休息区"]]', ["[place] apart"]),
    ("place", "locked = { wait = [1, 2, 3] }", ["place.locked.wait", "4"]),
    ("place", "locked = { wait = [600000, 600000, 610000, 610000] }", ["[place.locked] wait", "20000–35000"]),
    (
        "place",
        "locked = { wait = [21000, 17000, 26000, 21000], guide = [25000, 18000, 29000, 21000] }",
        ["guide, wait"],
    ),
    ("place", "locked = { wait = [26000, 16200, 30000, 19000] }", ["[place.locked] wait", "D2"]),
    ("place", "keep_out = [[0, 0, 100, 100]]", ["[place] keep_out 1", "20000–35000"]),
    ("place", "within = { wait = [0, 0, 100, 100] }", ["[place] within wait"]),
    ("drawing", "keep_walls = [[27000, 20000]]", ["[drawing] keep_walls 1"]),
    ("entrances", "main = [[0, 0]]", ["[entrances] main 1"]),
    (
        "place",
        "locked = { guide = [30500, 16500, 34500, 18500] }\nwithin = { guide = [20000, 16000, 28000, 26500] }",
        ["[place.locked] guide-1", "within"],
    ),
]


@pytest.mark.parametrize(("section", "lines", "said"), REFUSED, ids=[lines[:24] for _, lines, _ in REFUSED])
def test_what_cannot_be_meant_is_refused_at_its_place(
    section: str, lines: str, said: list[str], tmp_path: Path
) -> None:
    folder = project(tmp_path, section, lines)
    code, out, err = run("layout", folder, "--alternatives", "1")
    assert (code, out) == (3, "")
    assert all(words in err for words in said), err
    assert err.count("错误") == 1
    assert not (folder / "out").exists()


@pytest.mark.slow
def test_what_does_not_fit_is_told_with_a_change_that_was_tried_and_does(tmp_path: Path) -> None:
    lines = "within = { wait = [28000, 16000, 31000, 18000] }"
    folder = project(tmp_path, "place", lines)
    code, out, err = run("layout", folder, "--effort", "quick", "--alternatives", "1", "--lang", "en")
    assert (code, out) == (4, "")
    assert "wait-1: Not even on the empty floor" in err
    assert "without [place.within] wait: then a layout is there" in err
    toml = folder / "hallplan.toml"
    toml.write_text(toml.read_text("utf-8").replace(lines, "", 1), "utf-8")
    again = ("layout", folder, "--effort", "quick", "--alternatives", "1", "--fail-on", "never", "-q", "--force")
    assert run(*again)[0] == 0
    assert (folder / "out/plan.json").exists()


def test_a_region_kept_as_it_is_keeps_its_walls_and_is_free_of_zones() -> None:
    """The room in the north-west corner; what is marked as kept clear no zone may lie on."""
    settings = Settings(place=Placement(keep_as_is=[[20000, 23000, 24450, 26500]]))
    floor = read_site(SAMPLE / "plan.dxf", settings).floors[0]
    room = box(0.0, 7.0, 4.45, 10.5)
    assert [area.symmetric_difference(room).area < 0.01 for area in floor.keep_clear] == [True]
    walls = [wall for wall in floor.of_kind(ObstacleKind.WALL) if wall.area.intersects(room)]
    assert walls
    assert all(wall.is_fixed for wall in walls)


@pytest.mark.slow
@pytest.mark.parametrize("key", ["keep_out", "keep_as_is"])
def test_floor_that_is_kept_has_a_price(key: str, tmp_path: Path) -> None:
    """A corner of 2.4 m² that no zone may lie on: what it costs is told, in the plan and in its notes."""
    plan = planned(tmp_path, "place", f"{key} = [[33000, 25300, 35000, 26500]]")
    (price,) = plan.alternatives[0].layout.prices
    assert f"{key} 第 1 处" in price.wish
    assert price.points >= 0.0
    assert any(price.wish in note for note in plan.notes)


@pytest.mark.slow
def test_a_zone_stays_within_its_region_and_out_of_another(tmp_path: Path) -> None:
    lines = "within = { wait = [28000, 16000, 35000, 24000] }\navoid = { guide = [20000, 16000, 26000, 20000] }"
    plan = planned(tmp_path, "place", lines)
    layout = plan.alternatives[0].layout
    assert [zone.regions != () for zone in plan.programme.zones if zone.type in ("wait", "guide")] == [True, True]
    said = faults(plan.site, plan.programme, layout)
    assert not [words for words in said if "region" in words or "must not" in words or "overlaps" in words], said


@pytest.mark.slow
def test_pairs_asked_for_are_kept_or_said_not_to_be(tmp_path: Path) -> None:
    """In the small station there is little room to keep apart: a quick search may miss a pair, never in silence."""
    plan = planned(tmp_path, "place", 'together = [["self_service", "guide"]]\napart = [["guide", "wait"]]')
    layout = plan.alternatives[0].layout
    missed = unkept_wishes(plan.programme, layout)
    at = {zone.zone: zone.area for zone in layout.zones}
    pairs = {("guide-1", "self_service-1"): True, ("guide-1", "wait-1"): False}
    unkept = {pair for pair, is_near in pairs.items() if (at[pair[0]].distance(at[pair[1]]) <= 2.4) != is_near}
    assert {(a, b) for a, b, *_ in missed} == unkept
    assert next(part.value for part in layout.parts if part.id == "unkept_pairs") == len(unkept) < 2
    assert sum(a in note and b in note for a, b in unkept for note in plan.notes) == len(unkept)


@pytest.mark.slow
def test_a_plan_begun_with_itself_stays_as_it_is_whatever_its_shapes(tmp_path: Path) -> None:
    """Zones of the small station are L shapes and its ways are eased; a zone then pushed away moves alone."""
    first = planned(tmp_path, "place", "")
    folder = tmp_path / "hall"
    again = ("layout", folder, "--from-plan", "--effort", "quick", "--fail-on", "never", "-q")
    assert run(*again)[0] == 0
    second = plan_from_json((folder / "out/plan.json").read_text("utf-8"))
    old = {zone.zone: zone.area for zone in first.alternatives[0].layout.zones}
    for zone in second.alternatives[0].layout.zones:
        assert zone.area.symmetric_difference(old[zone.zone]).area < 0.01, zone.zone


@pytest.mark.slow
def test_locked_counters_hold_their_windows_and_are_walked_to(tmp_path: Path) -> None:
    """Off every line of the search; before, visitors reached them over 0 m, windows had no place and an office lay on them."""
    plan = planned(tmp_path, "place", "locked = { window_general = [23413, 21937, 29713, 26207] }")
    alternative = plan.alternatives[0]
    zone = next(one for one in alternative.layout.zones if one.type == "window_general")
    assert zone.is_fixed
    assert zone.area.bounds == pytest.approx((3.413, 5.937, 9.713, 10.207), abs=1e-4)
    assert zone.front_deg is not None
    others = [one for one in alternative.layout.zones if one is not zone]
    assert max(one.area.intersection(zone.area).area for one in others) < 1e-4
    assert all(gap.zone != zone.zone for gap in alternative.layout.shortfalls)
    legs = [leg for route in alternative.routes.routes for leg in route.legs if leg.end == zone.zone]
    assert legs
    assert min(leg.length_m for leg in legs) > 1.0
