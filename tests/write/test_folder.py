"""The output folder keeps what is not ours and is written whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hallplan.errors import OutputError
from hallplan.write.folder import output_folder


def write(folder: Path, files: dict[str, str], force: bool = False, replaces: tuple[str, ...] = ()) -> None:
    with output_folder(folder, force=force, replaces=replaces) as staging:
        for name, content in files.items():
            (staging / name).write_text(content)


def test_our_unedited_files_are_replaced(tmp_path: Path) -> None:
    write(tmp_path / "out", {"plan.json": "1", "layout-3.dxf": "old"})
    write(tmp_path / "out", {"plan.json": "2"}, replaces=("layout-3.dxf",))
    assert (tmp_path / "out/plan.json").read_text() == "2"
    assert not (tmp_path / "out/layout-3.dxf").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out"]


def test_a_file_that_we_did_not_write_stays_though_ours_bear_its_name(tmp_path: Path) -> None:
    write(tmp_path / "out", {"plan.json": "1"})
    (tmp_path / "out/partial.png").write_text("mine")
    write(tmp_path / "out", {"plan.json": "2"}, replaces=("partial.png",))
    assert (tmp_path / "out/partial.png").read_text() == "mine"


def test_an_edited_file_is_kept_unless_forced(tmp_path: Path) -> None:
    write(tmp_path / "out", {"plan.json": "1"})
    (tmp_path / "out/plan.json").write_text("mine")
    with pytest.raises(OutputError, match=r"plan\.json"):
        write(tmp_path / "out", {"plan.json": "2"})
    assert (tmp_path / "out/plan.json").read_text() == "mine"
    write(tmp_path / "out", {"plan.json": "2"}, force=True)
    assert (tmp_path / "out/plan.json").read_text() == "2"


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(OutputError):
        write(tmp_path, {"plan.json": "1"})
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


def test_a_file_of_the_users_in_our_folder_stays(tmp_path: Path) -> None:
    write(tmp_path / "out", {"plan.json": "1"})
    (tmp_path / "out/notes.txt").write_text("mine")
    write(tmp_path / "out", {"plan.json": "2"})
    assert (tmp_path / "out/notes.txt").read_text() == "mine"


def test_a_failure_leaves_the_earlier_results(tmp_path: Path) -> None:
    write(tmp_path / "out", {"plan.json": "1"})

    def fail() -> None:
        with output_folder(tmp_path / "out") as staging:
            (staging / "plan.json").write_text("2")
            raise RuntimeError("a stage failed")

    with pytest.raises(RuntimeError):
        fail()
    assert (tmp_path / "out/plan.json").read_text() == "1"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out"]


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OutputError):
        write(tmp_path / "out", {"plan.json": "1"})


def test_an_edited_result_that_this_run_read_may_be_replaced(tmp_path: Path) -> None:
    for content in ("first", "second"):
        with output_folder(tmp_path / "out", read_in=(tmp_path / "out/layout.dxf",)) as staging:
            (staging / "layout.dxf").write_text(content)
        assert (tmp_path / "out/layout.dxf").read_text() == content
        (tmp_path / "out/layout.dxf").write_text("edited in CAD")
    with pytest.raises(OutputError), output_folder(tmp_path / "out") as staging:
        (staging / "layout.dxf").write_text("third")


def test_what_a_killed_run_left_long_ago_is_removed_and_a_running_one_is_not(tmp_path: Path) -> None:
    old, running = tmp_path / ".hallplan-old", tmp_path / ".hallplan-running"
    old.mkdir()
    running.mkdir()
    os.utime(old, (0, 0))
    with output_folder(tmp_path / "out"):
        pass
    assert (old.exists(), running.exists()) == (False, True)
