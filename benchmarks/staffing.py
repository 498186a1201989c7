"""Staff-hours, their bound and time: our shifts against pyworkforce's Erlang C and shift scheduling.

Same demand, same shifts, one core. Both plans are judged by the exact transient with the people who are really there
(the cover of the shifts, not the need). pyworkforce sizes each half-hour by stationary Erlang C; `equal_service` raises the
service level it is asked for until the exact transient keeps the target in every half-hour, and its seconds leave that
check out, while ours contain it. pyworkforce runs in a process of its own: its solver and ours clash in one. Seconds are
of processor time, the least of three runs. Needs `pip install pyworkforce`. Prints JSON; takes about two minutes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from hallplan.model.staff import StaffMember
from hallplan.queueing import find_staffing, transient
from hallplan.settings import Settings
from hallplan.windows import plan_windows
from hallplan.windows.staff import plan_staff
from hallplan.windows.staff.cover import Cover, CoverProgramme, Patterns
from hallplan.windows.staff.day import plan_day
from hallplan.windows.staff.service import staff_service
from hallplan.windows.staff.shifts import offer_shifts
from tests.builders import make_demand

SHARE, WAIT_MIN, MINUTES = 0.8, 5.0, 6.0
DAYS = {
    "two_peaks": (60, 130, 190, 180, 120, 90, 60, 45, 60, 100, 120, 130, 110, 100, 90, 70, 50, 40),
    "morning": (120, 150, 140, 120, 100, 80, 60, 50, 45, 40, 35, 30, 30, 25, 20, 20),
    "small": (10, 18, 24, 22, 16, 12, 8, 6, 10, 14, 16, 12, 8, 6, 5, 5),
    "city": (190, 420, 610, 590, 400, 300, 200, 150, 200, 330, 400, 430, 360, 330, 300, 230, 160, 130),
}
PEER = """
import json, sys, time
from pyworkforce.queuing import ErlangC
from pyworkforce.scheduling import MinRequiredResources
for line in sys.stdin:
    ask = json.loads(line)
    cost = {name: sum(slots) for name, slots in ask["shifts"].items()}
    best = None
    for _ in range(ask["runs"]):
        start = time.process_time()
        need = [
            ErlangC(transactions=rate / 2, asa=ask["wait"], aht=ask["minutes"], interval=30).required_positions(
                service_level=ask["share"]
            )["positions"]
            for rate in ask["rates"]
        ]
        found = MinRequiredResources(
            num_days=1, periods=len(need), shifts_coverage=ask["shifts"], required_resources=[need],
            max_period_concurrency=1000, max_shift_concurrency=1000, cost_dict=cost, num_search_workers=1,
        ).solve()
        spent = time.process_time() - start
        best = spent if best is None else min(best, spent)
    counts = {row["shift"]: row["resources"] for row in found["resources_shifts"]}
    print(json.dumps({"need": need, "counts": counts, "status": found["status"], "seconds": best}), flush=True)
"""


def make_shifts(n_slots: int) -> dict[str, list[int]]:
    """Half days of 4 h and full days of 6 to 8 h with an hour's break, at every start: what both may choose from."""
    shifts = {}
    for length in (8, 12, 14, 16):
        for first in range(n_slots - length + 1):
            run = [int(first <= k < first + length) for k in range(n_slots)]
            if length == 8:
                shifts[f"half_{first}"] = run
                continue
            for at in range(6, min(9, length - 4)):
                worked = [on and not first + at <= k < first + at + 2 for k, on in enumerate(run)]
                shifts[f"full_{length}_{first}_{at}"] = [int(on) for on in worked]
    return shifts


def least_share(rates: Sequence[float], people: Sequence[int]) -> float:
    return min(transient(rates, MINUTES, people, wait_min=WAIT_MIN).share_within)


def timed(work: Callable[[], object], runs: int = 3) -> tuple[object, float]:
    best = float("inf")
    for _ in range(runs):
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return result, best


class Peer:
    """pyworkforce in a process of its own."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PEER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def plan(self, rates: Sequence[float], shifts: dict[str, list[int]], share: float) -> dict[str, object]:
        ask = {"rates": rates, "shifts": shifts, "share": share, "wait": WAIT_MIN, "minutes": MINUTES, "runs": 3}
        self.process.stdin.write(json.dumps(ask) + "\n")
        self.process.stdin.flush()
        found = json.loads(self.process.stdout.readline())
        at_window = np.array([shifts[name] for name in found["counts"]])
        people = np.array(list(found["counts"].values())) @ at_window
        return {
            "staff_hours": float(people.sum()) / 2,
            "least_share": round(least_share(rates, people.tolist()), 4),
            "seconds": found["seconds"],
            "status": found["status"],
        }

    def equal(self, rates: Sequence[float], shifts: dict[str, list[int]]) -> dict[str, object]:
        share, spent = SHARE, 0.0
        while True:
            found = self.plan(rates, shifts, share)
            spent += found["seconds"]
            if found["least_share"] >= SHARE - 1e-9:
                return {**found, "seconds": round(spent, 4), "asked_share": round(share, 4)}
            share += 0.01 if share < 0.98 else (1 - share) / 3


def compare(peer: Peer, rates: Sequence[float]) -> dict[str, object]:
    shifts = make_shifts(len(rates))
    at_window = np.array(list(shifts.values()))
    patterns = Patterns(at_window, at_window.sum(axis=1) / 2, np.zeros(len(shifts), dtype=bool))
    ours, seconds = timed(lambda: staff_service(rates, MINUTES, patterns, share=SHARE, wait_min=WAIT_MIN))
    thorough, thorough_seconds = timed(
        lambda: staff_service(rates, MINUTES, patterns, share=SHARE, wait_min=WAIT_MIN, is_thorough=True)
    )
    proven, proven_seconds = timed(lambda: covered_staffing(rates, patterns), runs=1)
    plain, equal = peer.plan(rates, shifts, SHARE), peer.equal(rates, shifts)
    return {
        "shifts_to_choose_from": len(shifts),
        "ours": shown(rates, ours, seconds),
        "ours_thorough": shown(rates, thorough, thorough_seconds),
        "windows_first_then_shifts": {
            "staff_hours": proven.hours,
            "bound": proven.bound,
            "seconds": round(proven_seconds, 4),
        },
        "pyworkforce": plain,
        "pyworkforce_equal_service": equal,
        "hours_saved": round(1 - ours.hours / equal["staff_hours"], 4),
        "hours_saved_thorough": round(1 - thorough.hours / equal["staff_hours"], 4),
        "times_as_fast": round(equal["seconds"] / seconds, 2),
        "times_as_fast_thorough": round(equal["seconds"] / thorough_seconds, 2),
    }


def shown(rates: Sequence[float], cover: Cover, seconds: float) -> dict[str, object]:
    return {
        "staff_hours": cover.hours,
        "least_share": round(least_share(rates, cover.covered), 4),
        "seconds": round(seconds, 4),
    }


def covered_staffing(rates: Sequence[float], patterns: Patterns) -> object:
    windows = find_staffing(rates, MINUTES, share=SHARE, wait_min=WAIT_MIN).windows
    return CoverProgramme(patterns).solve(windows)


def big_hall() -> dict[str, object]:
    """A hall of some sixty windows of nine types: the product's own shifts and duties, with the gap to their bound."""
    demand = make_demand()
    items = tuple(replace(item, cases=1.4 * item.cases, consults=1.4 * item.consults) for item in demand.items)
    plan = plan_windows(replace(demand, items=items), Settings())
    offer = offer_shifts(plan.half_hours, Settings())
    day, seconds = timed(lambda: plan_day(plan, offer))
    hours, bound = (sum(getattr(group, name) for group in day.groups) for name in ("hours", "hours_bound"))
    return {
        "windows": plan.windows_total,
        "window_hours": plan.window_hours,
        "staff_hours": hours,
        "bound": bound,
        "gap": round(hours / bound - 1, 6),
        "people": len(day.duties),
        "seconds": round(seconds, 3),
    }


def month() -> dict[str, object]:
    """A month for 80 people with skills, part time and leave, in a hall open seven days with two days of rest a week."""
    demand = make_demand()
    skills = [
        ("综合窗口", "公安窗口"),
        ("综合窗口",),
        ("综合窗口", "不动产窗口"),
        ("税务窗口", "综合窗口"),
        ("综合窗口",),
    ]
    staff = tuple(
        StaffMember(
            f"{n:03d}", "受理", "综窗", "审批局", skills[n % len(skills)],
            leave=tuple(f"2026-03-{1 + (7 * n + d) % 31:02d}" for d in range(n % 4)), share=0.5 if n % 9 == 0 else 1.0,
        )
        for n in range(80)
    )  # fmt: skip
    settings = Settings.model_validate({"staff": {"weekdays": [1, 2, 3, 4, 5, 6, 7]}})
    plan = plan_windows(demand, Settings())
    found, seconds = timed(lambda: plan_staff(plan, replace(demand, staff=staff), settings, month="2026-03"), runs=1)
    roster = found.roster
    return {
        "people": len(roster.people),
        "duties": sum(bool(duty) for person in roster.people for duty in person.duties),
        "uncovered": len(roster.shortfalls),
        "hours_spread": roster.hours_spread,
        "seconds": round(seconds, 2),
    }


def compiled() -> float:
    """Seconds that a first call of everything timed takes longer: compiling, or loading what was compiled before."""
    start = time.process_time()
    find_staffing([10.0, 20.0], MINUTES, share=SHARE, wait_min=WAIT_MIN)
    transient([10.0], MINUTES, [2], wait_min=WAIT_MIN)
    patterns = Patterns(np.eye(2, dtype=np.int64), np.full(2, 0.5), np.zeros(2, dtype=bool))
    staff_service([10.0, 20.0], MINUTES, patterns, share=SHARE, wait_min=WAIT_MIN)
    return round(time.process_time() - start, 1)


def main() -> None:
    compile_seconds = compiled()
    peer = Peer()
    result: dict[str, object] = {name: compare(peer, rates) for name, rates in DAYS.items()}
    print(
        json.dumps(
            {
                "compile_seconds": compile_seconds,
                **result,
                "hall_of_60_windows": big_hall(),
                "month_for_80_people": month(),
            },
            indent=1,
        )
    )
    peer.process.stdin.close()


if __name__ == "__main__":
    main()
