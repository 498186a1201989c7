"""Seconds to check a hall by every shipped rule, per hundred rules, without and with mends tried.

Run: python benchmarks/rules.py [--plan out/plan.json] [--sample city]
Without a plan the sample is laid out first (quick, one alternative), outside the clock. Process time, the least of three. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from hallplan.check import check_and_mend, check_plan
from hallplan.check.packs import pack_names, read_packs
from hallplan.model.plan import Plan
from hallplan.pipeline import Run, make_plan, read_inputs
from hallplan.read.plan import read_plan
from hallplan.read.project import find_project
from hallplan.settings import Settings
from hallplan.write.project import sample_folder


def sample_plan(name: str) -> Plan:
    """Returns a quick plan of a sample."""
    run = Run()
    flags = {"place": {"effort": "quick", "alternatives": 1}}
    return make_plan(read_inputs(find_project(sample_folder(name)), flags, run), run, "2026-01-01")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plan", type=Path)
    parser.add_argument("--sample", default="city")
    asked = parser.parse_args()
    plan = read_plan(asked.plan) if asked.plan else sample_plan(asked.sample)
    settings = Settings.model_validate({"project": {"level": "city"}, "rules": {"packs": list(pack_names())}})
    rules = sum(len(pack.tasks) for pack in read_packs(settings))
    best = plan.alternatives[0]
    parts = (plan.site, plan.demand, plan.windows, plan.programme, best.layout, best.routes, best.signs, settings)
    seconds = {}
    for name, call in (("check", check_plan), ("check_and_mend", check_and_mend)):
        least = float("inf")
        for _ in range(3):
            begin = time.process_time()
            findings = call(*parts)
            least = min(least, time.process_time() - begin)
        seconds[name] = round(least, 3)
    per_100 = {f"{name}_s_per_100_rules": round(100 * value / rules, 3) for name, value in seconds.items()}
    print(json.dumps({"rules": rules, "findings": len(findings), "furniture": len(best.layout.furniture), **seconds, **per_100}, indent=1))  # fmt: skip


if __name__ == "__main__":
    main()
