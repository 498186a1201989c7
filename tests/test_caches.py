"""What is kept between calls is only ever a shortcut: damaged, absent or unwritable, the result is the same."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hallplan.caches import MOST_COMPILED, MOST_KEPT, cache_folder, code_stamp, compiled_folder, kept
from hallplan.late import without


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))


def test_a_thing_is_made_once() -> None:
    made: list[int] = []
    for _ in range(3):
        assert kept("things", "key", lambda: bytes(made.append(1) or b"one\ntwo")) == b"one\ntwo"
    assert len(made) == 1


def test_another_key_is_another_thing() -> None:
    assert kept("things", "a", lambda: b"A") == b"A"
    assert kept("things", "b", lambda: b"B") == b"B"


def test_a_damaged_file_is_made_again() -> None:
    kept("things", "key", lambda: b"sound")
    (path,) = (cache_folder() / "things").iterdir()
    path.write_bytes(path.read_bytes()[:-1])
    assert kept("things", "key", lambda: b"sound") == b"sound"


def test_a_folder_that_cannot_be_used_is_none(tmp_path: Path) -> None:
    (tmp_path / "hallplan").write_text("a file where the folder should be")
    assert kept("things", "key", lambda: b"sound") == b"sound"


def test_the_oldest_of_too_many_go() -> None:
    for n in range(MOST_KEPT + 5):
        kept("things", str(n), lambda: b"x")
    assert len(list((cache_folder() / "things").iterdir())) == MOST_KEPT


@pytest.mark.parametrize("name", ["a.py", "data/figures.toml", "b/new.py"])
def test_loops_are_compiled_anew_where_any_code_or_data_has_changed(tmp_path: Path, name: str) -> None:
    for file in ("a.py", "b/c.py", "data/figures.toml", "notes.md"):
        (tmp_path / "package" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "package" / file).write_text("x = 1\n", "utf-8")
    before = code_stamp(tmp_path / "package")
    (tmp_path / "package" / "notes.md").write_text("more\n", "utf-8")
    assert code_stamp(tmp_path / "package") == before
    (tmp_path / "package" / name).write_text("x = 22\n", "utf-8")
    assert code_stamp(tmp_path / "package") != before


def test_compiled_loops_of_code_that_is_gone_go_too() -> None:
    for n in range(MOST_COMPILED + 2):
        (cache_folder() / "compiled" / str(n)).mkdir(parents=True)
    assert compiled_folder().is_dir()
    assert compiled_folder() == compiled_folder()
    assert len(list((cache_folder() / "compiled").iterdir())) == MOST_COMPILED


def test_a_library_looks_absent_within_the_block_only() -> None:
    name = "hallplan_has_no_such_library"
    with without(name), pytest.raises(ImportError):
        __import__(name)
    assert name not in sys.modules


def test_a_library_that_is_loaded_stays() -> None:
    with without("json"):
        assert __import__("json").loads("1") == 1
