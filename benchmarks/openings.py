"""Next week's openings on weeks held out of a real log: the last one, and mixtures of its weeks.

Run: python benchmarks/openings.py LOG [--splits 40]
The log is to hold two weeks or more. A split makes the plan from each weekday of one of the last two weeks, drawn at random
(seed 0), and tries it on the same weekday of the other. Peers: the openings there were, and those of the other week. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from hallplan.model.monitor import Outcome
from hallplan.operate.bench import DayOfPeople, as_logged, of_counts, of_plan, outcome, people_of, tide_of
from hallplan.operate.report import held_out_report
from hallplan.operate.week import firm_week, hold_out, plan_week
from hallplan.read.log import read_log
from hallplan.settings import Settings
from hallplan.units import weekday


def tried(known: list[DayOfPeople], unknown: list[DayOfPeople]) -> dict[str, Outcome]:
    """Returns what each way of opening windows gives on days that it does not know."""
    plan, firm = plan_week(known), firm_week(known)
    before = {weekday(day.day): day.slots_open() for day in known}
    return {
        "actual": outcome("", unknown, as_logged),
        "plan": outcome("", unknown, of_plan(plan), tide_of(plan)),
        "firm": outcome("", unknown, of_plan(firm)),
        "last_week": outcome("", unknown, lambda day: of_counts(before[weekday(day.day)])),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log", type=Path)
    parser.add_argument("--splits", type=int, default=40)
    asked = parser.parse_args()
    log = read_log([asked.log], Settings())
    held_out = hold_out(log)
    days = people_of(log, log.days.tolist()[-14:])
    both = {n: [day for day in days if weekday(day.day) == n] for n in range(7)}
    pairs = [pair for pair in both.values() if len(pair) == 2]
    random = np.random.default_rng(0)
    found = []
    for choice in random.integers(0, 2, (asked.splits, len(pairs))).tolist():
        known = [pair[n] for pair, n in zip(pairs, choice, strict=True)]
        found.append(tried(known, [pair[1 - n] for pair, n in zip(pairs, choice, strict=True)]))
    means = {
        name: {
            "window_hours": round(float(np.mean([one[name].hours for one in found])), 1),
            "p90_wait_s": round(float(np.mean([one[name].p90_wait_s for one in found])), 1),
            "shorter_waits": sum(one[name].p90_wait_s < one["actual"].p90_wait_s for one in found),
            "no_more_hours": sum(one[name].hours <= one["actual"].hours for one in found),
        }
        for name in ("actual", "plan", "firm", "last_week")
    }
    report = held_out_report(held_out) if held_out else None
    print(json.dumps({"held_out": report, "splits": asked.splits, "mean_of_splits": means}, indent=1))


if __name__ == "__main__":
    main()
