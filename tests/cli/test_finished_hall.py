"""check and report on the drawing of a hall that some other office finished."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import ezdxf
import jsonschema
import pytest

from hallplan.terms import read_data
from tests.cli.test_bad_drawings import SAMPLE, run
from tests.read.finished.halls import save_finished

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("halls")


@pytest.fixture(scope="module")
def ringed(folder: Path) -> Path:
    return save_finished(folder / "ringed.dxf", "ringed")


@pytest.fixture(scope="module")
def bare(folder: Path) -> Path:
    return save_finished(folder / "bare.dxf", "bare")


def checked(path: Path, *more: object) -> dict[str, Any]:
    code, out, err = run("check", path, "--json", *more)
    assert code in (0, 1), err
    return dict(json.loads(out))


def by_rule(report: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for finding in report["findings"]:
        found.setdefault(finding["rule"], []).append(finding)
    return found


@pytest.fixture(scope="module")
def report(ringed: Path) -> dict[str, Any]:
    return checked(ringed)


def test_every_rule_has_a_finding_with_a_reason(report: dict[str, Any]) -> None:
    packs = ("accessibility", "egress", "guide", "hall", "service", "signage", "smart")
    rules = {
        id
        for pack in packs
        for id, rule in read_data(f"rules/{pack}.toml").items()
        if "county" in rule.get("levels", ["county"])
    }
    assert set(by_rule(report)) == rules
    assert all(len(one["message"]) > 20 for one in report["findings"] if one["status"] == "undecided")


def test_what_the_drawing_shows_is_decided(report: dict[str, Any]) -> None:
    found = by_rule(report)
    decided = {rule: entries[0]["status"] for rule, entries in found.items()}
    assert {
        decided[rule]
        for rule in ("egress_exits", "egress_door_clear", "egress_travel", "guide_zones", "hall_furniture")
    } == {"pass"}
    assert found["egress_door_clear"][0]["value"] == pytest.approx(1.0, abs=0.01)
    assert found["egress_exits"][0]["value"] == 3
    assert found["service_waiting"][0]["value"] == pytest.approx(63 / 12)
    assert decided["guide_24h"] == decided["service_complaint"] == "fail"  # no such zone is drawn


def test_faults_of_the_drawing_are_found_at_their_place(report: dict[str, Any]) -> None:
    """The records room was drawn without a door, the form desks without a low one."""
    found = by_rule(report)
    assert found["egress_reached"][0]["status"] == "fail"
    assert found["egress_reached"][0]["where"]["zone"] == "records-1"
    (desk,) = found["access_low_desk"]
    assert (desk["status"], desk["where"]["zone"]) == ("fail", "form-1")
    assert "填单区" in desk["message"]
    x, y = desk["where"]["at"]
    assert 5.4 < x < 10.4
    assert 0.6 < y < 2.6


def test_what_no_drawing_has_is_undecided_and_says_why(report: dict[str, Any]) -> None:
    found = by_rule(report)
    for rule in (
        "guide_window_service",
        "guide_kiosks",
        "hall_counts",
        "smart_online",
        "hall_area",
        "access_desk_height",
    ):
        assert [finding["status"] for finding in found[rule]] == ["undecided"], rule
        assert "图中不足以判定" in found[rule][0]["message"]


def test_nothing_is_invented_where_things_are_not_drawn(bare: Path) -> None:
    found = by_rule(checked(bare))
    for rule, word in (("hall_screen", "叫号屏"), ("access_sign_visible", "标识"), ("access_low_machine", "低位")):
        assert found[rule][0]["status"] == "undecided"
        assert word in found[rule][0]["message"]
    assert found["access_low_desk"][0]["status"] == "pass"


def test_the_report_follows_its_schema_and_lists_what_was_read(report: dict[str, Any]) -> None:
    schema = json.loads((ROOT / "hallplan/data/schemas/check.schema.json").read_text("utf-8"))
    jsonschema.validate(report, schema)
    assert {zone["type"] for zone in report["hall"]["zones"]} >= {"wait", "window_general", "self_service"}
    assert report["hall"]["furniture"]["chair"] == 63


def test_sarif_junit_and_a_marked_picture_are_written(ringed: Path, tmp_path: Path) -> None:
    names = ("found.sarif", "found.xml", "marks.svg", "known.json")
    options = [
        part
        for flag, name in zip(("--sarif", "--junit", "--draw", "--write-baseline"), names, strict=True)
        for part in (flag, tmp_path / name)
    ]
    code, out, err = run("check", ringed, *options)
    assert code == 1, err
    assert "等候区" in err  # what was read is told
    assert "填单区" in out
    results = json.loads((tmp_path / "found.sarif").read_text("utf-8"))["runs"][0]["results"]
    assert "access_low_desk" in {result["ruleId"] for result in results}
    assert "填单区" in json.dumps(results, ensure_ascii=False)
    cases = ET.parse(tmp_path / "found.xml").getroot().iter("testcase")
    assert any(case.find("failure") is not None for case in cases)
    assert "等候区" in (tmp_path / "marks.svg").read_text("utf-8")
    code, _, err = run("check", ringed, "--baseline", tmp_path / "known.json")
    assert code == 0, err


def test_english_is_spoken_when_asked(bare: Path) -> None:
    found = by_rule(checked(bare, "--lang", "en"))
    assert "the drawing does not decide it" in found["guide_kiosks"][0]["message"]


def test_a_workbook_decides_what_items_tell(ringed: Path, tmp_path: Path) -> None:
    shutil.copy(SAMPLE / "demand.xlsx", tmp_path)
    found = by_rule(checked(tmp_path, "--drawing", ringed))
    assert found["guide_admission"][0]["value"] is not None
    assert "国标数值未公布" in found["guide_admission"][0]["message"]
    assert found["guide_window_service"][0]["status"] == "undecided"


def test_a_folder_with_one_drawing_alone_is_checked_as_it_stands(ringed: Path, tmp_path: Path) -> None:
    shutil.copy(ringed, tmp_path / "现状.dxf")
    assert checked(tmp_path)["hall"]["furniture"]["kiosk"] == 6


def test_gbk_bytes_under_a_wrong_code_page_are_read_too(ringed: Path, tmp_path: Path) -> None:
    data = ringed.read_bytes().replace(b"ANSI_936", b"ANSI_1252")
    (tmp_path / "hall.dxf").write_bytes(data)
    assert checked(tmp_path / "hall.dxf")["hall"]["furniture"]["chair"] == 63


def test_report_writes_what_stands_and_no_figures_of_demand(ringed: Path, tmp_path: Path) -> None:
    code, _, err = run("report", ringed, "-o", tmp_path / "out")
    assert code == 0, err
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"layout.dxf", "layout.pdf", "layout.svg", "plan.json", "report.html"} <= names
    assert "plan.xlsx" not in names
    page = (tmp_path / "out/report.html").read_text("utf-8")
    assert "已有大厅核查报告</title>" in page
    assert "综合受理区" in page
    assert "等候达标率" not in page
    zones = [e for e in ezdxf.readfile(tmp_path / "out/layout.dxf").modelspace() if e.dxf.layer == "HP-功能区"]
    assert zones
    # what was written is checked again as a hall that stands
    (tmp_path / "hall.dxf").write_bytes(ringed.read_bytes())
    found = by_rule(checked(tmp_path))
    assert found["hall_counts"][0]["status"] == "undecided"


def test_an_empty_drawing_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "empty.dxf"
    document = ezdxf.new("R2010", units=4)
    for a, b in (
        ((0, 0), (30000, 0)),
        ((30000, 0), (30000, 20000)),
        ((30000, 20000), (0, 20000)),
        ((0, 20000), (0, 0)),
    ):
        document.modelspace().add_line(a, b, {"layer": "墙"})
    document.saveas(path)
    code, _, err = run("check", path)
    assert code == 3
    assert "功能区" in err
    assert "hallplan layout" in err
