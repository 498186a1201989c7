"""People counters joined with the log."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hallplan.errors import SheetError
from hallplan.model.monitor import PeopleCount
from hallplan.operate.crowd import join_crowd
from hallplan.read.counts import read_people_counts
from hallplan.settings import Settings
from tests.cli.test_calls import run
from tests.queue_logs import read_text

COUNTS = "时间,出入口,进,出\n2026-03-05 9:00,主入口,10,0\n2026-03-05 9:30,主入口,30,5\n2026-03-05 10:00,主入口,20,5\n2026-03-05 10:30,主入口,5,45\n合计,,65,55\n"
LOG = "取号时间,等候时长(分钟),服务时长,窗口\n" + "".join(
    f"2026-03-05 {clock},{wait},60,1\n" for clock, wait in (("9:05", 2), ("9:40", 20), ("10:05", 30), ("10:35", 25))
)


def test_the_trigger_is_the_fewest_people_from_which_most_half_hours_are_late(tmp_path: Path) -> None:
    (tmp_path / "counts.csv").write_text(COUNTS, "utf-8")
    counts = read_people_counts(tmp_path / "counts.csv")
    assert [(c.minute, c.came, c.left) for c in counts] == [(540, 10, 0), (570, 30, 5), (600, 20, 5), (630, 5, 45)]
    found = join_crowd(read_text(tmp_path, LOG), counts, Settings())
    assert {count.door for count in counts} == {"主入口"}
    # in the hall: 10, 35, 50, 10; from 10 people on three of four half-hours wait over 15 min
    assert found is not None
    assert (found.days, found.most_people, found.trigger_people) == (1, 50, 10)
    assert found.people_per_ticket == 65 / 4


def test_short_waits_need_no_trigger_and_other_days_tell_nothing(tmp_path: Path) -> None:
    log = read_text(tmp_path, LOG.replace(",20,", ",1,").replace(",30,", ",1,").replace(",25,", ",1,"))
    counts = [PeopleCount(20517, 540 + 30 * k, 10, 0) for k in range(4)]
    found = join_crowd(log, counts, Settings())
    assert found is not None
    assert found.trigger_people is None
    assert join_crowd(log, [PeopleCount(1, 540, 1, 0)], Settings()) is None


def test_the_command_joins_them(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(LOG, "utf-8")
    (tmp_path / "counts.csv").write_text(COUNTS, "utf-8")
    code, out, _ = run(
        "monitor", tmp_path / "log.csv", "--counts", tmp_path / "counts.csv", "-o", tmp_path / "o", "--json"
    )
    assert code == 0
    assert json.loads(out)["crowd"]["trigger_people"] == 10
    assert "触发值" in (tmp_path / "o" / "monitor.html").read_text("utf-8")


def test_a_table_without_counts_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("时间,数\n1,2\n", "utf-8")
    with pytest.raises(SheetError):
        read_people_counts(tmp_path / "a.csv")
