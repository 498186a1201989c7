"""Seconds for routes, signs and rules on a furnished county hall, once compiled; JSON on stdout."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from hallplan.check import check_plan
from hallplan.flow import route_visitors
from hallplan.furnish import furnish
from hallplan.settings import Settings
from hallplan.signs import plan_signs
from tests.builders import make_demand, make_layout, make_programme, make_site, make_windows


def main() -> None:
    site, programme, windows, settings = make_site(), make_programme(), make_windows(), Settings()
    layout = furnish(site, programme, windows, make_layout(), settings)
    seconds: dict[str, float] = {}
    for run in ("first", "again"):
        clock = [time.perf_counter()]
        routes = route_visitors(site, programme, layout, settings)
        clock.append(time.perf_counter())
        signs = plan_signs(site, programme, layout, routes, settings)
        clock.append(time.perf_counter())
        findings = check_plan(site, make_demand(), windows, programme, layout, routes, signs, settings)
        clock.append(time.perf_counter())
        for name, a, b in zip(("flow", "signs", "check"), clock[:-1], clock[1:], strict=True):
            seconds[f"{name}_{run}_s"] = round(b - a, 3)
        seconds[f"all_{run}_s"] = round(clock[-1] - clock[0], 3)
    report = {
        "figure": "routes, signs and rules of a county hall",
        **seconds,
        "furniture": len(layout.furniture),
        "routes": len(routes.routes),
        "signs": len(signs.signs),
        "findings": dict(sorted(Counter(finding.status for finding in findings).items())),
    }
    print(json.dumps(report, ensure_ascii=False))


if __name__ == "__main__":
    main()
