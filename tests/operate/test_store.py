"""The project's database of logs: each day adds, nothing twice, nothing lost, one at a time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

from hallplan.errors import InputError, OutputError
from hallplan.operate import measure
from hallplan.read.store import read_history
from hallplan.write.store import store_log
from tests.cli.test_calls import run
from tests.operate.test_figures import SCHEMA
from tests.operate.test_week import made_log
from tests.queue_logs import HEAD, ROWS, read_text

duckdb = pytest.importorskip("duckdb", reason="the extra `logs` is not installed")


def test_the_same_log_twice_changes_nothing_and_a_new_day_adds(tmp_path: Path) -> None:
    log = read_text(tmp_path, HEAD + ROWS)
    assert store_log(log, tmp_path).added == 3
    assert (store_log(log, tmp_path).added, store_log(log, tmp_path).total) == (0, 3)
    later = read_text(tmp_path, HEAD + ROWS + ROWS.replace("2026-03-05", "2026-03-06"))
    assert store_log(later, tmp_path).added == 3


def test_history_says_what_the_logs_said(tmp_path: Path) -> None:
    rows = made_log(8).splitlines(keepends=True)
    middle = 500
    for part in (rows[1:middle], rows[middle:]):
        store_log(read_text(tmp_path, rows[0] + "".join(part) + "2026-03-09,9:00:00,1,1,W1,甲,作废\n"), tmp_path)
    whole = measure(read_text(tmp_path, "".join(rows) + "2026-03-09,9:00:00,1,1,W1,甲,作废\n"))
    kept = measure(read_history(tmp_path))
    for name in (
        "tickets",
        "served",
        "excluded",
        "days",
        "mean_wait_s",
        "p90_wait_s",
        "windows",
        "items",
        "half_hours",
        "by_day",
    ):
        assert getattr(kept, name) == getattr(whole, name), name


def test_a_database_of_a_newer_version_is_refused_for_reading_and_writing(tmp_path: Path) -> None:
    log = read_text(tmp_path, HEAD + ROWS)
    store_log(log, tmp_path)
    with duckdb.connect(str(tmp_path / "monitor.duckdb")) as base:
        base.execute("UPDATE meta SET version = 99")
    for call in (lambda: store_log(log, tmp_path), lambda: read_history(tmp_path)):
        with pytest.raises(InputError, match="99"):
            call()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "monitor.duckdb").write_bytes(b"not a database" * 1000)
    with pytest.raises((InputError, OutputError)):
        store_log(read_text(tmp_path, HEAD + ROWS), tmp_path)
    assert (tmp_path / "monitor.duckdb").read_bytes().startswith(b"not a database")


HOLD = "import duckdb, sys, time; b = duckdb.connect(sys.argv[1]); {} print('ready', flush=True); time.sleep(60)"


def held(path: Path, doing: str = "") -> subprocess.Popen[str]:
    """Another process that has the database open."""
    child = subprocess.Popen([sys.executable, "-c", HOLD.format(doing), str(path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "ready"
    return child


def test_two_runs_at_once_are_kept_apart_and_told(tmp_path: Path) -> None:
    log = read_text(tmp_path, HEAD + ROWS)
    store_log(log, tmp_path)
    child = held(tmp_path / "monitor.duckdb")
    try:
        with pytest.raises(OutputError, match="正在使用"):
            store_log(log, tmp_path)
    finally:
        child.kill()
        child.wait()
    assert store_log(log, tmp_path).total == 3


def test_a_kill_in_mid_import_loses_nothing_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    log = read_text(tmp_path, HEAD + ROWS)
    store_log(log, tmp_path)
    doing = "b.execute('BEGIN'); b.execute('INSERT INTO tickets SELECT print_a + 1, * EXCLUDE (print_a) FROM tickets');"
    child = held(tmp_path / "monitor.duckdb", doing)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert read_history(tmp_path).n == 3
    later = read_text(tmp_path, HEAD + ROWS.replace("2026-03-05", "2026-03-06"))
    assert (store_log(later, tmp_path).added, store_log(later, tmp_path).added) == (3, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files")
def test_a_full_disk_is_told_and_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    import resource

    store_log(read_text(tmp_path, HEAD + ROWS), tmp_path)
    large = read_text(tmp_path, made_log(60))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, hard))
    try:
        with pytest.raises(OutputError, match="磁盘"):
            store_log(large, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert read_history(tmp_path).n == 3
    assert store_log(large, tmp_path).added == 60 * 120


@pytest.mark.slow
def test_a_kill_at_any_moment_of_a_real_import_leaves_all_or_nothing(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(made_log(60), "utf-8")
    code = "import sys; from hallplan.cli.app import main; sys.argv = ['hallplan', *sys.argv[1:]]; main()"
    call = [sys.executable, "-c", code, "monitor", str(tmp_path / "log.csv"), "--project", str(tmp_path), "--json"]
    for delay in (0.8, 1.2, 1.6, 2.0, 2.6):
        child = subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        child.kill()
        child.wait()
        if (tmp_path / "monitor.duckdb").exists():
            with duckdb.connect(str(tmp_path / "monitor.duckdb")) as base:
                tables = {name for (name,) in base.execute("SHOW TABLES").fetchall()}
                count = base.execute("SELECT count(*) FROM tickets").fetchone()[0] if "tickets" in tables else 0
            assert count in (0, 60 * 120)
    assert subprocess.run(call, capture_output=True, check=False).returncode == 0
    assert read_history(tmp_path).n == 60 * 120


def test_the_command_keeps_reports_and_writes_the_page(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text(made_log(7), "utf-8")
    (tmp_path / "two.csv").write_text(made_log(14), "utf-8")
    assert run("monitor", tmp_path / "one.csv", "--project", tmp_path)[0] == 0
    code, out, _ = run("monitor", tmp_path / "two.csv", "--project", tmp_path, "--history", "--json")
    report = json.loads(out)
    jsonschema.validate(report, SCHEMA)
    assert code == 0
    assert (report["tickets"], report["stored"]["added"]) == (14 * 120, 7 * 120)
    page = (tmp_path / "out" / "monitor.html").read_text("utf-8")
    assert "集约化原则对照" in page
    assert "http" not in page.replace("http-equiv", "")
    kept = json.loads((tmp_path / "out" / "monitor.json").read_text("utf-8"))
    jsonschema.validate(kept, SCHEMA)


def test_a_watched_folder_is_reported_on_as_files_lie_in_it(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.csv").write_text(HEAD + ROWS, "utf-8")
    (inbox / "b.csv").write_text(HEAD + ROWS.replace("2026-03-05", "2026-03-06"), "utf-8")
    code, out, _ = run("monitor", "--watch", inbox, "--once", "--json")
    assert (code, json.loads(out)["tickets"]) == (0, 6)
    assert (inbox / "out" / "monitor.html").is_file()


@pytest.mark.parametrize("call", [("monitor",), ("monitor", "--history")])
def test_a_call_without_a_log_or_project_exits_with_2(call: tuple[str, ...]) -> None:
    assert run(*call)[0] == 2


def test_an_absent_log_or_an_empty_history_exits_with_3(tmp_path: Path) -> None:
    assert run("monitor", tmp_path / "no.csv")[0] == 3
    assert run("monitor", "--project", tmp_path, "--history")[0] == 3


def test_a_file_that_is_no_database_is_told_as_such(tmp_path: Path) -> None:
    """Issue 9: it was called locked, or unwritable for want of space."""
    (tmp_path / "monitor.duckdb").write_text("hello")
    log = read_text(tmp_path, HEAD + ROWS)
    for keep in (lambda: store_log(log, tmp_path), lambda: read_history(tmp_path)):
        with pytest.raises(InputError, match="DuckDB 数据库，或已损坏"):
            keep()


def test_one_bad_file_in_a_watched_folder_keeps_nobody_from_the_rest(tmp_path: Path) -> None:
    """Issue 9: with a file that is no log beside them, no other log was reported on."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "notes.csv").write_text("hello\n")
    (inbox / "day.csv").write_text(HEAD + ROWS, "utf-8")
    call = [sys.executable, "-m", "hallplan", "monitor", "--watch", str(inbox)]
    with subprocess.Popen(
        call, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as watch:
        for _ in range(600):
            if (inbox / "out" / "monitor.json").exists() or watch.poll() is not None:
                break
            time.sleep(0.1)
        watch.terminate()
        _, said = watch.communicate()
    assert json.loads((inbox / "out" / "monitor.json").read_text("utf-8"))["tickets"] == 3
    assert "notes.csv" in said
