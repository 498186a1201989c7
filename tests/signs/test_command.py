"""hallplan signs: judged, placed, walked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


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
    wrong = run("signs", str(hall), "--walk", "nobody")
    assert wrong.returncode == 3
    assert "general" in wrong.stderr
