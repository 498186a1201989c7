"""hallplan signs: judged, placed, walked."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from shapely.geometry import Polygon


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "hallplan", *arguments], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signs") / "hall"
    assert run("init", str(folder), "--sample", "township", "-q").returncode == 0
    assert (
        run("layout", str(folder), "-q", "--effort", "quick", "--alternatives", "1", "--fail-on", "never").returncode
        == 0
    )
    return folder


@pytest.mark.slow
def test_placing_keeps_the_blind_limit_and_rewrites_the_plan(hall: Path) -> None:
    done = run("signs", str(hall), "--place", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["placement"]["optimal"]
    assert report["placement"]["added"] == report["placement"]["bound"] <= report["placement"]["greedy"]
    assert report["longest_blind_m"] <= 15.0
    again = json.loads(run("signs", str(hall), "--json").stdout)
    assert again["routes"] == report["routes"]


@pytest.mark.slow
def test_more_redundancy_takes_no_fewer_signs_and_a_budget_is_kept(hall: Path) -> None:
    added = [
        json.loads(run("signs", str(hall), "--place", "--json", "-n", *more).stdout)["placement"]["added"]
        for more in ((), ("--redundancy", "2"), ("--budget", "2"))
    ]
    assert added[1] >= added[0]
    assert added[2] <= 2


@pytest.mark.slow
def test_a_walk_is_drawn_and_an_unknown_kind_names_those_there_are(hall: Path) -> None:
    done = run("signs", str(hall), "--walk", "general", "-q")
    assert done.returncode == 0, done.stderr
    strips = list((hall / "out").glob("walk-general*.svg"))
    assert len(strips) == 1
    assert strips[0].read_text("utf-8").count("<use ") > 3
    for more in ((), ("-n",), ("--json",)):
        wrong = run("signs", str(hall), "--walk", "nobody", *more)
        assert (wrong.returncode, wrong.stdout) == (3, "")
        assert "general" in wrong.stderr


@pytest.mark.slow
def test_a_sign_in_a_wall_and_characters_without_glyphs_are_told(hall: Path, tmp_path: Path) -> None:
    folder = tmp_path / "hall"
    shutil.copytree(hall, folder)
    path = folder / "out" / "plan.json"
    plan = json.loads(path.read_text("utf-8"))
    wall = next(o for o in plan["site"]["floors"][0]["obstacles"] if o["kind"] == "wall")
    inside = Polygon(wall["area"][0]).representative_point()
    sign = next(s for s in plan["alternatives"][0]["signs"]["signs"] if s["kind"] == "zone")
    sign |= {"at": [inside.x, inside.y], "text_zh": "\ue123区"}
    path.write_text(json.dumps(plan, ensure_ascii=False), "utf-8")
    report = json.loads(run("signs", str(folder), "--json").stdout)
    assert {"sign": sign["id"], "what": "in_wall"} in report["faults"]
    assert report["missing_glyphs"] == "\ue123"
    told = run("signs", str(folder)).stdout
    assert "U+E123" in told
    assert sign["id"] in told


@pytest.mark.slow
def test_two_budgets_are_one_too_many(hall: Path) -> None:
    done = run("signs", str(hall), "--place", "-n", "--budget", "2", "--yuan", "5000")
    assert done.returncode == 2
    assert "--yuan" in done.stderr


@pytest.mark.slow
def test_faces_and_walls_are_drawn_for_the_maker(hall: Path) -> None:
    done = run("signs", str(hall), "--faces", "-q")
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (hall / "out").glob("signs.*")} == {"signs.pdf", "signs.dxf"}
