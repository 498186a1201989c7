"""A real log (design: data/queue/bank-1999-02a.tsv, not shipped): replayed day by day, and its first week planned for the second.

    python benchmarks/bank.py PATH/TO/bank-1999-02a.tsv

Prints JSON: by day the waits logged and simulated (s), who left, mean gap of busy windows by half-hour; then the share
within the target in the second week with windows planned from the first.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from hallplan.read.log import read_log
from hallplan.settings import Settings
from hallplan.windows.logs import fit_log, replay_log, try_plan

TARGETS = ((0.8, 0.5), (0.8, 1.0), (0.9, 2.0))


def main() -> None:
    log = read_log([Path(sys.argv[1])], Settings())
    days = replay_log(log)
    weights = [day.tickets for day in days]
    middle = log.days[len(log.days) // 2]
    trials = [
        try_plan(log.pick(log.day < middle), log.pick(log.day >= middle), share=share, wait_min=wait)
        for share, wait in TARGETS
    ]
    result = {
        "types": [{"name": t.name, "tickets": t.tickets, "mean_min": round(t.service.mean_min, 2), "outliers": t.service.outliers} for t in fit_log(log).types],
        "wait_s": round(60 * float(np.average([d.wait_min for d in days], weights=weights)), 1),
        "simulated_wait_s": round(60 * float(np.average([d.simulated_wait_min.value for d in days], weights=weights)), 1),
        "days": [
            {
                "day": d.day, "tickets": d.tickets, "wait_s": round(60 * d.wait_min, 1),
                "simulated_wait_s": round(60 * d.simulated_wait_min.value, 1),
                "left": round(d.left_share, 3), "simulated_left": round(d.simulated_left_share.value, 3),
                "busy": round(float(np.mean([s.busy for s in d.slots])), 2),
                "busy_gap": round(float(np.mean([abs(s.busy - s.simulated_busy) for s in d.slots])), 2),
            }
            for d in days
        ],
        "second_week": [
            {
                "target": [t.target_share, t.wait_min], "share_within": round(t.share_within.value, 4),
                "half_hours_kept": round(t.kept, 3), "window_hours": t.window_hours,
            }
            for t in trials
        ],
    }  # fmt: skip
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
