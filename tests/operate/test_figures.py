"""The figures of logs, beside an independent computation."""

from __future__ import annotations

import json
import statistics
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from hallplan.operate import measure, monitor_report
from hallplan.read.log import read_log
from hallplan.settings import Settings
from tests.cli.test_calls import run
from tests.queue_logs import BANK, HEAD, ROWS, bank_rows, read_text

SCHEMA = json.loads(files("hallplan").joinpath("data/schemas/monitor.schema.json").read_text("utf-8"))
needs_bank = pytest.mark.skipif(not BANK.exists(), reason="the shared data is not here")


def test_the_figures_of_three_tickets(tmp_path: Path) -> None:
    figures = measure(read_text(tmp_path, HEAD + ROWS))
    assert (figures.tickets, figures.served, figures.abandoned, len(figures.days)) == (3, 2, 1, 1)
    assert (figures.mean_wait_s, figures.p50_wait_s, figures.p90_wait_s) == (180, 180, pytest.approx(276))
    assert figures.mean_service_s == 450
    assert [(w.id, w.tickets, w.busy_s, w.utilisation) for w in figures.windows] == [
        ("1号", 1, 420, 1),
        ("2号", 1, 480, 1),
    ]
    assert [(h.start_min, h.arrivals, h.mean_wait_s) for h in figures.half_hours] == [(540, 2, 180), (570, 1, None)]


def test_a_window_is_open_between_its_services_unless_they_lie_far_apart(tmp_path: Path) -> None:
    spans = (("9:00", "9:10"), ("9:20", "9:30"), ("11:00", "11:10"))
    rows = "".join(f"2026-03-05,{a},{a},{b},1\n" for a, b in spans)
    load = measure(read_text(tmp_path, "日期,取号时间,开始时间,结束时间,窗口\n" + rows)).windows[0]
    # 9:00 to 9:30 and 11:00 to 11:10: 2,400 s open, 1,800 s busy
    assert (load.open_s, load.busy_s, load.utilisation) == (2400, 1800, 0.75)


def test_a_hall_that_was_closed_gives_zeros_and_no_error(tmp_path: Path) -> None:
    log = read_text(tmp_path, "取号时间,窗口,结果\n2026-03-05 9:00,1,作废\n")
    figures = measure(log)
    report = json.loads(json.dumps({"schema": 1, **monitor_report(figures, log.notes)}))
    jsonschema.validate(report, SCHEMA)
    assert (report["served"], report["mean_wait_s"], report["windows"]) == (0, 0.0, [])
    assert figures.mean_wait_s is None


def test_windows_of_several_halls_are_kept_apart(tmp_path: Path) -> None:
    figures = measure(
        read_text(tmp_path, "大厅,取号时间,窗口,服务时长\n甲,2026-03-05 9:00,1,60\n乙,2026-03-05 9:00,1,30\n")
    )
    assert [(w.id, w.busy_s) for w in figures.windows] == [("乙 1", 30), ("甲 1", 60)]


@needs_bank
def test_the_real_log_gives_the_figures_of_an_independent_computation() -> None:
    code, out, _ = run("monitor", BANK, "--json")
    report = json.loads(out)
    assert code == 0
    jsonschema.validate(report, SCHEMA)
    served = [row for row in bank_rows() if row["outcome"] == "AGENT" and row["server"] != "NO_SERVER"]
    waits = [int(row["q_time"]) for row in served]
    assert report["mean_wait_s"] == round(statistics.fmean(waits), 6)
    assert report["p50_wait_s"] == statistics.median(waits)
    assert report["p90_wait_s"] == round(float(np.percentile(waits, 90)), 6)
    assert report["mean_service_s"] == round(statistics.fmean(int(row["ser_time"]) for row in served), 6)
    assert (report["tickets"], report["served"], report["abandoned"], report["days"]) == (17456, len(served), 2908, 14)
    assert {e["reason"]: e["count"] for e in report["excluded"]} == {"outcome PHANTOM": 143, "window NO_SERVER": 275}
    busy, count = defaultdict(int), defaultdict(int)
    for row in served:
        busy[row["server"]] += int(row["ser_time"])
        count[row["server"]] += 1
    assert {w["id"]: (w["tickets"], w["busy_s"]) for w in report["windows"]} == {s: (count[s], busy[s]) for s in busy}


@needs_bank
def test_the_half_hours_of_the_real_log_are_those_of_an_independent_computation() -> None:
    slots = {slot.start_min: slot for slot in measure(read_log([BANK], Settings())).half_hours}
    arrivals, waits = defaultdict(int), defaultdict(list)
    for row in bank_rows():
        hour, minute, _ = row["vru_entry"].split(":")
        start = int(hour) * 60 + int(minute) // 30 * 30
        if row["outcome"] == "HANG" or (row["outcome"] == "AGENT" and row["server"] != "NO_SERVER"):
            arrivals[start] += 1
        if row["outcome"] == "AGENT" and row["server"] != "NO_SERVER":
            waits[start].append(int(row["q_time"]))
    assert {start: slot.arrivals for start, slot in slots.items() if slot.arrivals} == dict(arrivals)
    for start, values in waits.items():
        assert slots[start].mean_wait_s == pytest.approx(statistics.fmean(values), rel=1e-12)


def test_a_clock_that_goes_back_makes_no_negative_mean(tmp_path: Path) -> None:
    head = "日期,取号时间,叫号时间,结束时间,窗口\n"
    log = read_text(tmp_path, head + "2026-03-05,9:00,9:10,9:20,1\n2026-03-05,9:25,9:21,9:30,1\n")
    figures = measure(log)
    assert (figures.served, figures.mean_wait_s, figures.p90_wait_s) == (2, 600, 600)
    assert [half.mean_wait_s for half in figures.half_hours] == [600]
    assert figures.by_day[0].mean_wait_s == 600
    assert "negative_wait" in {note.kind for note in log.notes}
