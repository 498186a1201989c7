"""Packs of one's own, rules left out, contradictions, mends tried, and the files for pipelines."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from shapely.geometry import LineString, Polygon, box

from hallplan.check import check_and_mend, check_plan
from hallplan.check.explain import explain_rule
from hallplan.check.packs import pack_names, read_packs
from hallplan.errors import InputError, SettingsError, UsageError
from hallplan.flow import route_visitors
from hallplan.model.findings import Finding
from hallplan.model.layout import Furniture, Partition, Shortfall
from hallplan.read.rules import read_baseline, read_rule_packs
from hallplan.settings import Settings
from hallplan.write.findings import fingerprint, write_baseline, write_junit, write_sarif
from tests.check.test_rules import (
    BREAKS,
    Hall,
    adding,
    asking,
    hall,
    moved_zone,
    narrow_doors,
    only_main,
    signs_of,
    taller,
    types,
    with_layout,
    without,
)
from tests.cli.test_calls import run

__all__ = ["hall"]
OWN = {
    "clause": "院内标准 3", "level": "own", "check": "door_clear", "which": "egress", "limit": 1.0, "unit": "m",
    "confidence": "C", "zh": "疏散门净宽（院标）", "en": "Doors (ours)",
}  # fmt: skip


def choosing(**rules: object) -> Settings:
    return Settings.model_validate({"rules": rules})


def test_a_pack_of_ones_own_is_read_and_checked(hall: Hall, tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(
        '[our_screen]\nclause = "院标 1"\nlevel = "own"\ncheck = "kinds_present"\nkinds = ["call_screen"]\nlimit = 5\n'
        'confidence = "C"\nzh = "叫号屏"\nen = "Screens"\n', "utf-8",
    )  # fmt: skip
    settings = choosing(packs=[], extra=["ours.toml"])
    found = check_plan(*replace(hall, settings=settings).parts(), read_rule_packs(tmp_path, settings))
    assert [(f.rule, f.status, f.value, f.limit) for f in found] == [("our_screen", "fail", 1, 5)]


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({**OWN, "check": "door_cleer"}, "door_clear"),
        ({key: value for key, value in OWN.items() if key != "clause"}, "clause"),
        ({**OWN, "level": "must"}, "must"),
    ],
)
def test_a_rule_with_an_unknown_check_level_or_missing_field_is_refused(entry: dict[str, object], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        read_packs(Settings(), {"ours": {"our_door": entry}})


def test_an_id_used_twice_is_refused() -> None:
    with pytest.raises(SettingsError, match="egress"):
        read_packs(Settings(), {"ours": {"egress_door_clear": OWN}})


def test_two_packs_that_contradict_are_both_shown_and_the_stricter_wins(hall: Hall) -> None:
    found = check_plan(*narrow_doors(hall, 0.9).parts(), {"ours": {"our_door": OWN}})
    mine = {f.rule: f for f in found if f.rule in ("egress_door_clear", "our_door")}
    assert {f.status for f in mine.values()} == {"fail"}
    assert {f.limit for f in mine.values()} == {1.0}
    assert "our_door 1" in mine["egress_door_clear"].message
    assert "egress_door_clear 0.8" in mine["our_door"].message
    assert "取较严" in mine["our_door"].message


def test_the_shipped_example_of_a_local_standard_is_stricter_on_balance(hall: Hall) -> None:
    settings = choosing(packs=["guide", "local_js"])
    tasks = {task.rule.id: task for pack in read_packs(settings) for task in pack.tasks}
    assert tasks["guide_window_balance"].rule.limit == tasks["js_balance"].rule.limit == 0.3
    assert hall.settings.rules.packs.count("local_js") == 0


def test_a_rule_left_out_is_shown_with_its_reason(hall: Hall) -> None:
    settings = choosing(packs=["egress"], off={"egress_door_clear": "门已由消防验收"})
    found = [f for f in check_plan(*replace(hall, settings=settings).parts()) if f.rule == "egress_door_clear"]
    assert [f.status for f in found] == ["undecided"]
    assert "门已由消防验收" in found[0].message
    with pytest.raises(SettingsError):
        read_packs(choosing(off={"egress_door": "x"}))


def mended(hall: Hall, rule: str) -> list[Finding]:
    return [f for f in check_and_mend(*hall.parts()) if f.rule == rule and f.status == "fail"]


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("access_low_machine", "低位"), ("access_desk_height", "0.85"), ("access_sign_continuous", "标识"),
        ("access_wheelchair_place", "移动"), ("hall_furniture", "移"), ("access_voice_text", "叫号屏"),
        ("egress_exits", "增设"), ("egress_exit_separation", "增设"), ("egress_width", "加宽"),
        ("egress_room_travel", "增设"), ("hall_overlap", "让出"), ("hall_inside", "裁掉"),
        ("guide_window_service", "增开"), ("access_route_width", "留出"), ("access_main_width", "留出"),
        ("egress_corridor_width", "留出"),
    ],
)  # fmt: skip
def test_a_mend_is_tried_on_a_copy_and_checked_again(hall: Hall, rule: str, says: str) -> None:
    broken = BREAKS[rule](hall)
    before = broken.layout
    found = mended(broken, rule)
    assert found
    assert says in found[0].mend
    assert "符合" in found[0].mend
    assert "仍不符合" not in found[0].mend
    assert broken.layout is before


def test_doors_gates_and_signs_are_mended(hall: Hall) -> None:
    assert "加宽到 0.80 m" in mended(narrow_doors(hall, 0.75), "egress_door_clear")[0].mend
    assert "抬高到 2.20 m" in mended(signs_of(hall, height_m=1.9, mount="hung"), "sign_hung_height")[0].mend


def test_missing_terminals_are_put_where_there_is_room(hall: Hall) -> None:
    (found,) = mended(without(hall, "kiosk"), "guide_kiosks")
    assert "台自助终端" in found.mend
    assert "仍不符合" not in found.mend


def test_missing_pieces_are_put_on_free_ground_and_a_full_zone_says_that_it_is_not_enough(hall: Hall) -> None:
    few = with_layout(hall, shortfalls=(Shortfall("wait-1", "kiosk", 2, 1, "放不下"),))
    assert "仍不符合" not in mended(few, "hall_counts")[0].mend
    many = with_layout(hall, shortfalls=(Shortfall("wait-1", "kiosk", 5000, 1, "放不下"),))
    assert "仍不符合" in mended(many, "hall_counts")[0].mend


def test_an_absent_zone_is_put_on_floor_in_no_use(hall: Hall) -> None:
    (found,) = mended(BREAKS["guide_value_added"](hall), "guide_value_added")
    assert re.search(r"\d m² 的“增值服务区”", found.mend)
    assert "仍不符合" not in found.mend


def test_a_missing_counter_is_not_simply_put_somewhere(hall: Hall) -> None:
    short = with_layout(hall, shortfalls=(Shortfall("wait-1", "counter", 2, 1, "放不下"),))
    assert not mended(short, "hall_counts")[0].mend


def area_mend(hall: Hall, zone: str, area: Polygon) -> str:
    changed = moved_zone(hall, zone, area=area, area_m2=area.area)
    (found,) = [f for f in mended(changed, "hall_area") if f.where.zone == zone]
    return found.mend


def test_a_zone_too_small_grows_onto_free_ground_beside_it(hall: Hall) -> None:
    # form-1 wants 12.75 m2 at least: 12 m2 are left, and the rest is free beside it
    assert area_mend(hall, "form-1", box(9.4, 4.4, 13.4, 7.4)).startswith("试改：把“填单区”向旁边空地扩 0.")


def test_a_zone_that_is_shut_in_takes_from_the_neighbour_that_can_spare_it(hall: Hall) -> None:
    # complaint-1 wants 10.6 m2; a child-1 around it on all sides has 60 m2 and wants 21 at most
    ring = box(9.4, 9.3, 15.1, 16.5).difference(box(11, 12, 13, 14))
    shut = moved_zone(
        moved_zone(hall, "child-1", area=ring, area_m2=ring.area), "complaint-1", area=box(11, 12, 13, 14)
    )
    found = area_mend(shut, "complaint-1", box(11, 12, 13, 14))
    assert "让出" in found
    assert "复核：符合" in found


def test_a_zone_too_large_gives_some_back(hall: Hall) -> None:
    assert "缩小" in area_mend(hall, "value_added-1", box(35.6, 0.4, 48.0, 3.6))
    assert "复核：符合" in area_mend(hall, "value_added-1", box(35.6, 0.4, 48.0, 3.6))


def test_windows_move_from_the_idlest_type_to_the_busiest(hall: Hall) -> None:
    (found,) = mended(types(hall, utilisation=0.35), "guide_window_balance")
    assert re.search("综合窗口(调|少开) ?[1-9] 个窗口.*复核：符合", found.mend), found.mend


def test_a_new_exit_shortens_the_ways_out(hall: Hall) -> None:
    """A hall with its main door alone: the far corner is over 37.5 m from it, and a door cut nearby mends that."""
    closed = only_main(hall)
    closed = replace(closed, routes=route_visitors(closed.site, closed.programme, closed.layout, Settings()))
    strict = asking(closed, egress_travel=25.0)
    (found,) = mended(strict, "egress_travel")
    assert re.search("增设 2 个净宽 1.40 m 的安全出口.*复核：符合", found.mend), found.mend


def test_files_for_pipelines_hold_every_finding(hall: Hall, tmp_path: Path) -> None:
    found = check_and_mend(*taller(hall, "counter_low", 0.95).parts())
    write_sarif(found, "plan.dxf", tmp_path / "a.sarif")
    write_junit(found, tmp_path / "a.xml")
    run = json.loads((tmp_path / "a.sarif").read_text("utf-8"))["runs"][0]
    assert len(run["results"]) == len(found)
    assert {r["level"] for r in run["results"] if r["kind"] != "fail"} == {"none"}
    failed = [r for r in run["results"] if r["kind"] == "fail"]
    assert {run["tool"]["driver"]["rules"][r["ruleIndex"]]["id"] for r in failed} == {"access_desk_height"}
    suite = ElementTree.parse(tmp_path / "a.xml").getroot()
    assert int(suite.get("failures", "0")) == len(suite.findall("testcase/failure")) == len(failed)
    assert int(suite.get("tests", "0")) == len(found)


def test_a_baseline_accepts_what_it_holds_and_nothing_else(hall: Hall, tmp_path: Path) -> None:
    found = check_plan(*narrow_doors(hall, 0.75).parts())
    write_baseline(found, tmp_path / "known.json")
    accepted = read_baseline(tmp_path / "known.json")
    assert {fingerprint(f) for f in found if f.status == "fail"} == set(accepted)
    other = check_plan(*taller(hall, "counter_low", 0.95).parts())
    assert not {fingerprint(f) for f in other if f.status == "fail"} & accepted
    (tmp_path / "bad.json").write_text("[]", "utf-8")
    for name in ("bad.json", "none.json"):
        with pytest.raises(InputError):
            read_baseline(tmp_path / name)


def test_every_rule_can_be_explained() -> None:
    settings = choosing(packs=list(pack_names()))
    for pack in read_packs(settings):
        for task in pack.tasks:
            found = explain_rule(task.rule.id, settings)
            assert found["decides"], task.rule.id
            assert found["confidence_means"]
    with pytest.raises(UsageError, match="egress_door_clear"):
        explain_rule("egress_door", settings)


def test_wrong_pack_files_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("[x\n", "utf-8")
    with pytest.raises(SettingsError) as caught:
        read_rule_packs(tmp_path, choosing(extra=["bad.toml", "none.toml"]))
    assert len(caught.value.faults) == 2


def test_the_command_explains_a_rule_without_making_a_plan(tmp_path: Path) -> None:
    (tmp_path / "hallplan.toml").write_text("[rules]\nparameters = { egress_door_clear = 0.9 }\n", "utf-8")
    code, out, _ = run("check", tmp_path, "--explain", "egress_door_clear", "--json")
    assert code == 0
    found = json.loads(out)
    assert (found["standard_limit"], found["limit"], found["has_mend"]) == (0.8, 0.9, True)
    assert run("check", tmp_path, "--explain", "egress_dor_clear")[0] == 2


def test_no_exit_is_cut_in_the_wall_of_an_upper_floor(hall: Hall) -> None:
    closed = only_main(hall)
    upper = replace(closed.site.floors[0], level=3)
    closed = replace(closed, site=replace(closed.site, floors=(upper,)))
    assert all(not found.mend for found in mended(closed, "egress_exits"))


def test_a_piece_that_narrows_a_way_is_named_and_taken_away(hall: Hall) -> None:
    """A desk leaves 0.7 m on either side between two new walls; without it the way is wide."""
    walls = [LineString([(0.3, 4.2), (29.0, 4.2)]), LineString([(32.0, 4.2), (61.7, 4.2)])]
    built = tuple(Partition(f"PX{n}", "F1", line) for n, line in enumerate(walls))
    rack = Furniture("RACK", "form_desk", "F1", "", (30.5, 4.2), (1.5, 0.4), 90.0, 1.0)
    broken = with_layout(adding(hall, rack), partitions=(*hall.layout.partitions, *built))
    found = mended(broken, "access_route_width")
    assert found
    assert "移走 RACK" in found[0].mend
    assert "符合" in found[0].mend
    assert not mended(with_layout(broken, furniture=hall.layout.furniture), "access_route_width")
