"""Tasks side by side do what they do one after another."""

from __future__ import annotations

import os
import signal
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from hallplan.errors import OutputError
from hallplan.parallel import is_told, side_by_side
from hallplan.settings import Settings
from hallplan.terms import language, speaking
from hallplan.write.deliverables import write_deliverables
from tests.scene.furnished import furnished_plan


def interrupted() -> str:
    os.kill(os.getpid(), signal.SIGINT)
    return "done"


def refuse(name: str) -> None:
    raise OutputError.at(name, "full")


def test_all_files_are_the_same_on_two_processes(tmp_path: Path) -> None:
    plan = furnished_plan()
    for jobs in (1, 2):
        (tmp_path / str(jobs)).mkdir()
        write_deliverables(plan, tmp_path / str(jobs), None, Settings(), jobs=jobs)
    names = sorted(path.name for path in (tmp_path / "1").iterdir())
    assert {"layout.dxf", "layout.pdf", "plan.json", "plan.xlsx", "report.html"} <= set(names)
    assert names == sorted(path.name for path in (tmp_path / "2").iterdir())
    differing = [name for name in names if (tmp_path / "1" / name).read_bytes() != (tmp_path / "2" / name).read_bytes()]
    assert differing == []


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_results_come_in_the_order_of_the_tasks_and_in_the_language_of_the_run(jobs: int) -> None:
    with speaking("en"):
        assert side_by_side([partial(pow, 2, n) for n in range(9)], jobs) == [2**n for n in range(9)]
        assert side_by_side([language, language], jobs) == ["en", "en"]
    assert side_by_side([], jobs) == []


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
def test_an_interrupt_is_for_the_parent_to_answer() -> None:
    assert side_by_side([interrupted, interrupted], 2) == ["done", "done"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_fault_of_one_task_is_raised_as_it_was(jobs: int) -> None:
    with pytest.raises(OutputError, match=r"b\.dxf: full"):
        side_by_side([partial(print, end=""), partial(refuse, "b.dxf")], jobs)


def until_told() -> bool:
    deadline = time.monotonic() + 60.0
    while not is_told() and time.monotonic() < deadline:
        time.sleep(0.01)
    return is_told()


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
def test_tasks_are_told_to_stop_when_the_parent_is() -> None:
    assert side_by_side([until_told, until_told], 2, stop=lambda: "interrupt") == [True, True]
    assert not is_told()
