"""The whole walk as a user takes it: init, inspect, windows, layout, check, signs; on the samples and on wrong input."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from typing import Any

import ezdxf
import jsonschema
import openpyxl
import pytest
from shapely.geometry import Polygon
from typer.testing import CliRunner

from hallplan.cli.commands import app
from hallplan.model.plan import Plan, plan_from_json
from hallplan.model.site import ObstacleKind

DELIVERABLES = {
    "plan.json", "layout.dxf", "layout-overlay.dxf", "layout.svg", "layout.png", "layout.pdf", "alternatives.pdf", "plan.xlsx",
    "report.html",
}  # fmt: skip


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def valid(command: str, out: str) -> dict[str, Any]:
    """The command's JSON, checked against its published schema."""
    schema = json.loads(files("hallplan").joinpath("data", "schemas", f"{command}.schema.json").read_text("utf-8"))
    result: dict[str, Any] = json.loads(out)
    jsonschema.validate(result, schema)
    return result


@pytest.fixture(scope="module")
def township(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The township sample, laid out once."""
    project = tmp_path_factory.mktemp("walk") / "hall"
    assert run("init", project, "--sample", "township")[0] == 0
    code, out, err = run("layout", project, "--effort", "quick", "--date", "2026-01-02", "--json")
    assert code in (0, 1), err
    (project / "result.json").write_text(out, "utf-8")
    return project


def check_plan_by_meaning(plan: Plan) -> None:
    """Zones lie inside the floor, overlap nothing, have their areas; counters and plates agree; furniture is on its floor."""
    for alternative in plan.alternatives:
        layout = alternative.layout
        for floor in plan.site.floors:
            zones = [zone for zone in layout.zones if zone.floor == floor.id and not zone.is_fixed]
            for a, b in combinations(zones, 2):
                assert a.area.intersection(b.area).area < 0.01, (a.zone, b.zone)
            walls = [o.area for o in floor.obstacles if o.is_fixed and o.kind != ObstacleKind.COLUMN]
            for zone in zones:
                assert zone.area.difference(floor.outline.buffer(0.05)).area < 0.05, zone.zone
                assert all(zone.area.intersection(wall).area < 0.3 for wall in walls), zone.zone
        assert {zone.zone for zone in layout.zones} == {zone.id for zone in plan.programme.zones}
        plates = [piece.window for piece in layout.furniture if piece.kind.startswith("counter") and piece.window]
        assert len(plates) == len(set(plates))
        missing = sum(short.asked - short.placed for short in layout.shortfalls if short.kind.startswith("counter"))
        assert len(plates) + missing >= plan.windows.windows_total


def test_layout_writes_every_deliverable(township: Path) -> None:
    written = {path.name for path in (township / "out").iterdir()}
    assert written >= DELIVERABLES
    result = valid("layout", (township / "result.json").read_text("utf-8"))
    assert {Path(name).name for name in result["files"]} <= written


def test_the_plan_holds_by_meaning(township: Path) -> None:
    check_plan_by_meaning(plan_from_json((township / "out/plan.json").read_text("utf-8")))


def test_the_alternatives_differ_and_are_ranked(township: Path) -> None:
    result = json.loads((township / "result.json").read_text("utf-8"))
    shapes = [
        tuple(sorted((zone["id"], *map(round, Polygon(zone["polygon"]).centroid.coords[0])) for zone in entry["zones"]))
        for entry in result["alternatives"]
    ]
    assert len(set(shapes)) == len(shapes)
    assert [entry["id"] for entry in result["alternatives"]] == [str(n + 1) for n in range(len(shapes))]


def test_the_drawing_keeps_the_architects_entities_and_audits_clean(township: Path) -> None:
    theirs = ezdxf.readfile(township / "plan.dxf")
    ours = ezdxf.readfile(township / "out/layout.dxf")
    assert not ours.audit().errors
    kept = {entity.dxf.handle for entity in theirs.modelspace()}
    assert kept <= {entity.dxf.handle for entity in ours.modelspace()}
    assert {"HP-功能区", "HP-柜台", "HP-座椅"} <= {layer.dxf.name for layer in ours.layers}
    assert any("平面布置图" in name for name in ours.layout_names())


def test_the_workbook_opens_with_its_sheets(township: Path) -> None:
    names = openpyxl.load_workbook(township / "out/plan.xlsx").sheetnames
    assert {
        "功能区面积分配表",
        "窗口设置方案",
        "窗口一览表",
        "事项归窗表",
        "分时段窗口开放计划",
        "家具设备表",
        "核查结果",
        "假设与来源",
    } <= set(names)


def test_the_page_is_one_file_without_references(township: Path) -> None:
    page = (township / "out/report.html").read_text("utf-8")
    assert "<svg" in page
    for word in ("http://", "https://", 'src="/', "<script src", '<link rel="stylesheet'):
        assert word not in page.replace("http://www.w3.org", "")


@pytest.mark.parametrize("command", ["check", "signs"])
def test_later_commands_start_from_the_plan(township: Path, command: str) -> None:
    code, out, err = run(command, township, "--json")
    assert code in (0, 1), err
    valid(command, out)


def test_windows_alone_take_the_workbook(township: Path, tmp_path: Path) -> None:
    shutil.copy(township / "demand.xlsx", tmp_path / "demand.xlsx")
    code, out, err = run("windows", tmp_path / "demand.xlsx", "--json", "-o", tmp_path / "out")
    assert code == 0, err
    assert valid("windows", out)["windows_total"] >= 2
    assert {"plan.json", "plan.xlsx"} <= {path.name for path in (tmp_path / "out").iterdir()}


def test_inspect_prints_and_draws(township: Path, tmp_path: Path) -> None:
    code, out, err = run("inspect", township / "plan.dxf", "--json", "-o", tmp_path / "seen")
    assert code == 0, err
    assert valid("inspect", out)["floors"][0]["outline_area_m2"] > 100
    assert (tmp_path / "seen/inspect.png").read_bytes().startswith(b"\x89PNG")


def test_windows_calls_a_layout_stale_only_when_its_windows_are_others(
    township: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "重新运行" not in run("windows", township, "-n")[2]
    monkeypatch.setenv("HALLPLAN_SERVICE__RESERVE_WINDOWS", "1")
    assert "重新运行" in run("windows", township, "-n")[2]


def test_report_rebuilds_the_same_documents(township: Path, tmp_path: Path) -> None:
    code, _, err = run("report", township, "-o", tmp_path / "again")
    assert code == 0, err
    for name in ("plan.json", "layout.svg", "layout.dxf", "plan.xlsx", "report.html"):
        assert (tmp_path / "again" / name).read_bytes() == (township / "out" / name).read_bytes(), name


def test_a_wrong_workbook_leaves_earlier_results_untouched(township: Path, tmp_path: Path) -> None:
    project = tmp_path / "hall"
    shutil.copytree(township, project)
    before = digests(project / "out")
    (project / "demand.xlsx").write_bytes(b"not a workbook")
    code, out, err = run("layout", project)
    assert (code, out) == (3, "")
    assert "demand.xlsx" in err
    assert digests(project / "out") == before


def test_a_dry_run_writes_nothing(township: Path, tmp_path: Path) -> None:
    code, _, err = run("windows", township, "-n", "-o", tmp_path / "out")
    assert code == 0, err
    assert not (tmp_path / "out").exists()


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def start(project: Path, out: Path, *more: str, **environment: str) -> subprocess.Popen[str]:
    """`layout` in a process of its own."""
    command = [sys.executable, "-m", "hallplan", "layout", str(project), "-o", str(out), "--date", "2026-01-02", *more]
    return subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


@pytest.mark.slow
def test_the_same_inputs_give_the_same_bytes_elsewhere(township: Path, tmp_path: Path) -> None:
    one = start(township, tmp_path / "a", "--effort", "quick", "--jobs", "1", PYTHONHASHSEED="1", TZ="Asia/Shanghai")
    two = start(
        township,
        tmp_path / "b",
        "--effort",
        "quick",
        "--jobs",
        "2",
        PYTHONHASHSEED="2",
        TZ="America/New_York",
        LC_ALL="C",
    )
    for process in (one, two):
        _, err = process.communicate(timeout=600)
        assert process.returncode in (0, 1), err
    first, second = digests(tmp_path / "a"), digests(tmp_path / "b")
    assert [name for name in first if first[name] != second[name]] == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
def test_an_interrupt_in_the_search_writes_the_best_so_far(tmp_path: Path) -> None:
    project = tmp_path / "hall"
    assert run("init", project, "--sample", "county")[0] == 0
    process = start(project, tmp_path / "out", "--effort", "best", "--json")
    deadline = time.monotonic() + 600
    time.sleep(20)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=deadline - time.monotonic())
    assert process.returncode == 130, err
    if out:  # the signal came within the search
        assert json.loads(out)["stopped_by"] == "interrupt"
        assert (tmp_path / "out/plan.json").is_file()
    else:
        assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.parametrize("sample", ["county", "city"])
def test_the_larger_samples_walk_too(sample: str, tmp_path: Path) -> None:
    project = tmp_path / sample
    assert run("init", project, "--sample", sample)[0] == 0
    code, out, err = run("layout", project, "--effort", "quick", "--json")
    assert code in (0, 1), err
    result = valid("layout", out)
    assert len(result["alternatives"]) >= (3 if sample == "county" else 1)
    plan = plan_from_json((project / "out/plan.json").read_text("utf-8"))
    check_plan_by_meaning(plan)
    assert len({zone.floor for zone in plan.alternatives[0].layout.zones}) == len(plan.site.floors)
    for name in ("layout.dxf", "layout-overlay.dxf"):
        assert not ezdxf.readfile(project / "out" / name).audit().errors
