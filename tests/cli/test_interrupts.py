"""Ctrl-C, and a cap in seconds, while layouts are mended: what is there so far is written."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

from hallplan.place import candidates
from tests.cli.test_bad_drawings import run

SAMPLE = Path(__file__).parents[2] / "samples/township"
ENDLESS = 10**9
"""Rounds that nobody waits for."""


def project(folder: Path) -> Path:
    folder.mkdir()
    for name in ("plan.dxf", "demand.xlsx", "hallplan.toml"):
        shutil.copy(SAMPLE / name, folder)
    return folder


def endless(monkeypatch: pytest.MonkeyPatch, *, is_told: bool) -> None:
    """Makes the mending of each layout go on until it is told to end; is_told: the first of them sends SIGINT to the run."""
    mended, here = candidates._mended, os.getpid()

    def mend(one: candidates.Candidate, seed: tuple[int, int], rounds: int, end: float) -> list[candidates.Bare]:
        del rounds
        if is_told and seed[1] == 0:
            assert os.getpid() != here
            os.kill(here, signal.SIGINT)
        return mended(one, seed, ENDLESS, end)

    monkeypatch.setattr(candidates, "_mended", mend)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="layouts are mended in processes of their own on Linux alone")
def test_an_interrupt_while_layouts_are_mended_writes_the_best_so_far(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless(monkeypatch, is_told=True)
    code, out, err = run("layout", project(tmp_path / "hall"), "--effort", "quick", "--jobs", "2", "--json")
    assert code == 130, err
    assert json.loads(out)["stopped_by"] == "interrupt"
    assert (tmp_path / "hall/out/plan.json").is_file()


@pytest.mark.slow
def test_a_cap_in_seconds_ends_the_mending_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    endless(monkeypatch, is_told=False)
    code, out, err = run("layout", project(tmp_path / "hall"), "--effort", "quick", "--seconds", "8", "--json")
    assert code in (0, 1), err
    assert len(json.loads(out)["alternatives"]) >= 1
