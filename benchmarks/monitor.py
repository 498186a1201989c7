"""Queue logs: reading and grouping a million rows beside pandas; ten years kept and reported; a day imported again.

Run: python benchmarks/monitor.py [--rows 1000000] [--days 2500] [--log FILE]
Prints JSON. `--log` uses a real log, repeated to the number of rows, in place of a made one. Times are seconds of this
process's own time (process_time), the least of two runs, ours and the peer's in turn; compiling is done before.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

HEAD = "ticket\tdate\ttaken\tcalled\tstarted\tfinished\twindow\tstaff\titem\toutcome\n"


def clocks(seconds: np.ndarray) -> list[str]:
    """Returns H:MM:SS of seconds after midnight."""
    return [f"{s // 3600}:{s // 60 % 60:02d}:{s % 60:02d}" for s in seconds.astype(int).tolist()]


def make_log(path: Path, rows: int, per_day: int = 3000) -> None:
    """Writes a made log of a hall with 40 windows and 60 items."""
    random = np.random.default_rng(1)
    day = np.datetime64("2016-01-04")
    with path.open("w", encoding="utf-8") as stream:
        stream.write(HEAD)
        for first in range(0, rows, per_day):
            n = min(per_day, rows - first)
            taken = np.sort(random.integers(8 * 3600, 17 * 3600, n))
            wait, service = random.exponential(400, n), random.exponential(480, n)
            columns = [clocks(x) for x in (taken, taken + wait, taken + wait, taken + wait + service)]
            window, item = random.integers(1, 41, n).tolist(), random.integers(1, 61, n).tolist()
            left = (random.random(n) < 0.05).tolist()
            for k in range(n):
                a, b, c, d = (column[k] for column in columns)
                done = f"{b}\t{c}\t{d}\tW{window[k]}\tS{window[k]}" if not left[k] else "\t\t\t\t"
                outcome = "left" if left[k] else "served"
                stream.write(f"T{first + k}\t{day}\t{a}\t{done}\tI{item[k]}\t{outcome}\n")
            day += 3 if (day.astype(int) + 3) % 7 == 4 else 1


def repeat_log(source: Path, path: Path, rows: int) -> None:
    """Writes a real log again and again, its second column made different each time, up to a number of rows."""
    lines = source.read_text("utf-8").splitlines()
    with path.open("w", encoding="utf-8") as stream:
        stream.write(lines[0] + "\n")
        for n in range(rows):
            fields = lines[1 + n % (len(lines) - 1)].split("\t")
            fields[1] += f"-{n // (len(lines) - 1)}"
            stream.write("\t".join(fields) + "\n")


def least(runs: int, *calls: Callable[[], object]) -> list[float]:
    """Returns the least process time of each call, run in turn."""
    best = [float("inf")] * len(calls)
    for _ in range(runs):
        for k, call in enumerate(calls):
            begin = time.process_time()
            call()
            best[k] = min(best[k], time.process_time() - begin)
    return [round(value, 3) for value in best]


def beside_pandas(path: Path, is_bank: bool) -> dict[str, object]:
    """Reads and groups a log with both; pandas turns clock times to seconds only where it groups by them."""
    import pandas

    from hallplan.operate import measure
    from hallplan.read.log import read_log
    from hallplan.settings import Settings

    def ours() -> None:
        measure(read_log([path], Settings()))

    def ours_reading() -> None:
        read_log([path], Settings())

    def peer() -> None:
        table = pandas.read_csv(path, sep="\t")
        if is_bank:
            served = table[(table["outcome"] == "AGENT") & (table["server"] != "NO_SERVER")]
            served.groupby("server")["ser_time"].agg(["count", "sum", "mean"])
            slot = pandas.to_timedelta(served["vru_entry"]).dt.total_seconds() // 1800
            served.groupby(slot)["q_time"].agg(["count", "mean"])
            served["q_time"].quantile([0.5, 0.9])
        else:
            served = table[table["outcome"] == "served"].copy()
            for name in ("taken", "called", "started", "finished"):
                served[name] = pandas.to_timedelta(served[name]).dt.total_seconds()
            served["wait"], served["service"] = (
                served["called"] - served["taken"],
                served["finished"] - served["started"],
            )
            served.groupby("window")["service"].agg(["count", "sum", "mean"])
            served.groupby(served["taken"] // 1800)["wait"].agg(["count", "mean"])
            served["wait"].quantile([0.5, 0.9])

    def peer_reading() -> None:
        pandas.read_csv(path, sep="\t")

    ours()
    a, b, c, d = least(2, ours_reading, peer_reading, ours, peer)
    return {
        "ours_read_s": a, "pandas_read_s": b, "ours_read_and_group_s": c, "pandas_read_and_group_s": d,
        "ratio": round(c / d, 2),
    }  # fmt: skip


def whole_command(path: Path, *more: str) -> dict[str, object]:
    """Runs the command by itself: wall time and the most memory it held."""
    begin = time.perf_counter()
    run = subprocess.Popen(
        [sys.executable, "-m", "hallplan", "monitor", str(path), "--json", *more], stdout=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    told = run.stdout.read()
    _, state, used = os.wait4(run.pid, 0)
    wall = time.perf_counter() - begin
    if os.waitstatus_to_exitcode(state):
        raise SystemExit(f"monitor ended with {os.waitstatus_to_exitcode(state)}")
    result, memory = json.loads(told), used.ru_maxrss / 1024
    return {"wall_s": round(wall, 2), "most_mib": round(memory), "tickets": result["tickets"], "stages_s": result["seconds"], "stored": result.get("stored")}  # fmt: skip


def ten_years(folder: Path, days: int) -> dict[str, object]:
    """Imports and reports ten years, then imports one day of them again."""
    path, project = folder / "years.tsv", folder / "project"
    project.mkdir()
    make_log(path, days * 3000)
    with path.open(encoding="utf-8") as stream, (folder / "day.tsv").open("w", encoding="utf-8") as out:
        for _ in range(3001):
            out.write(stream.readline())
    first = whole_command(path, "--project", str(project))
    again = whole_command(folder / "day.tsv", "--project", str(project))
    history = whole_command(folder / "day.tsv", "--project", str(project), "--history")
    return {"import_and_report": first, "a_day_again": again, "history": history}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=2500)
    parser.add_argument("--log", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "million.tsv"
        if asked.log:
            repeat_log(asked.log, path, asked.rows)
        else:
            make_log(path, asked.rows)
        found: dict[str, object] = {"rows": asked.rows, "mb": round(path.stat().st_size / 1e6)}
        found |= {"command": whole_command(path), "beside_pandas": beside_pandas(path, asked.log is not None)}
        path.unlink()
        if asked.days:
            found["ten_years"] = ten_years(Path(name), asked.days)
    found["own_most_mib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
