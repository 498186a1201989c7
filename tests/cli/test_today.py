"""hallplan windows --today."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hallplan.cli.commands import app

SAMPLE = Path(__file__).parents[2] / "samples" / "township"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copy(SAMPLE / "demand.xlsx", tmp_path)
    shutil.copy(SAMPLE / "hallplan.toml", tmp_path)
    return tmp_path


def log(folder: Path) -> Path:
    rows = ["票号,业务类型,窗口,取号时间,叫号时间,结束时间"]
    rows += [
        f"{n},综合窗口,A0{1 + n % 3},2026-03-02 08:{30 + n}:00,2026-03-02 08:{35 + n}:00,2026-03-02 08:{45 + n}:00"
        for n in range(10)
    ]
    rows += [f"{n},综合窗口,,2026-03-02 08:5{n - 10}:30,," for n in range(10, 18)]
    path = folder / "log" / "today.csv"
    path.parent.mkdir()
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def run(*words: object) -> object:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_advice_for_the_next_two_hours(project: Path) -> None:
    result = run("windows", project, "--today", log(project), "--at", "09:00", "--json")
    assert result.exit_code == 0, result.output
    today = json.loads(result.stdout)["today"]
    (general,) = today["types"]
    assert (today["now"], general["came"], general["waiting"]) == ("09:00", 18, 8)
    assert [slot["start"] for slot in general["half_hours"]] == ["09:00", "09:30", "10:00", "10:30"]
    assert all(slot["advised"] >= 1 for slot in general["half_hours"])
    assert not (project / "out").exists()


def test_the_table_names_every_type(project: Path) -> None:
    result = run("windows", project, "--today", log(project), "--at", "09:00", "--lang", "zh")
    assert result.exit_code == 0
    assert "综合窗口" in result.stdout


def test_a_time_that_is_none_is_a_wrong_call(project: Path) -> None:
    assert run("windows", project, "--today", log(project), "--at", "9点").exit_code == 2
