"""Published person rosters (Curtois and Qu, 2014) through our wall to PuLP and HiGHS: `python benchmarks/nurses.py Instance1.txt …`.

The instances are public (schedulingbenchmarks.org, "shift scheduling") and are not shipped. Best known values of 1 to 7: 607, 828,
1001, 1716, 1143, 1950, 1056. What is compared is what `hallplan.lp` does with the usual integer programme of that problem, with the
same solver, one thread and a budget of nodes as every roster of hallplan; the roster of a hall is a smaller problem of its
own (`benchmarks/staffing.py`). Prints JSON.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import defaultdict
from pathlib import Path

from hallplan.lp import Limits, LinearProgramme

BEST = {1: 607, 2: 828, 3: 1001, 4: 1716, 5: 1143, 6: 1950, 7: 1056}
LIMITS = Limits(nodes=2_000, gap=0.0)


def read_instance(path: Path) -> dict[str, list[list[str]]]:
    """Returns the rows of each section, comments left out."""
    sections: dict[str, list[list[str]]] = defaultdict(list)
    name = ""
    for raw in path.read_text("utf-8").splitlines():
        line = raw.strip()
        if line.startswith("SECTION_"):
            name = line.removeprefix("SECTION_")
        elif line and not line.startswith("#"):
            sections[name].append([part.strip() for part in line.split(",")])
    return sections


def build(data: dict[str, list[list[str]]]) -> LinearProgramme:
    """Returns the integer programme: x of person, day and shift; w of person and weekend; too few and too many of each cover."""
    n_days = int(data["HORIZON"][0][0])
    shifts = {row[0]: int(row[1]) for row in data["SHIFTS"]}
    after = {row[0]: [one for one in row[2].split("|") if one] for row in data["SHIFTS"]}
    off = {row[0]: {int(day) for day in row[1:] if day} for row in data["DAYS_OFF"]}
    cost: dict[tuple[str, int, str], float] = defaultdict(float)
    fixed = 0.0
    for name, day, shift, weight in data["SHIFT_ON_REQUESTS"]:
        cost[name, int(day), shift] -= float(weight)
        fixed += float(weight)
    for name, day, shift, weight in data["SHIFT_OFF_REQUESTS"]:
        cost[name, int(day), shift] += float(weight)
    lp = LinearProgramme("nurses")
    lp.add_variable("fixed", low=1.0, high=1.0, cost=fixed)
    for row in data["STAFF"]:
        person = row[0]
        for day in range(n_days):
            for shift in shifts:
                high = 0.0 if day in off.get(person, set()) else 1.0
                lp.add_variable(x(person, day, shift), high=high, cost=cost[person, day, shift], is_whole=True)
        add_person(lp, row, n_days, shifts, after)
    add_cover(lp, data, [row[0] for row in data["STAFF"]])
    return lp


def x(person: str, day: int, shift: str) -> str:
    return f"x_{person}_{day}_{shift}"


def add_person(
    lp: LinearProgramme, row: list[str], n_days: int, shifts: dict[str, int], after: dict[str, list[str]]
) -> None:
    person, limits = row[0], dict(part.split("=") for part in row[1].split("|") if part)
    most_min, least_min, most_run, least_run, least_off, weekends = (int(value) for value in row[2:8])
    on = [{x(person, day, shift): 1.0 for shift in shifts} for day in range(n_days)]
    for day in range(n_days):
        lp.add_row(f"one_{person}_{day}", on[day], high=1.0)
        if day + 1 < n_days:
            for shift in shifts:
                banned = {x(person, day + 1, other): 1.0 for other in after[shift]}
                if banned:
                    lp.add_row(f"after_{person}_{day}_{shift}", {x(person, day, shift): 1.0, **banned}, high=1.0)
    for shift, most in limits.items():
        lp.add_row(f"max_{person}_{shift}", {x(person, day, shift): 1.0 for day in range(n_days)}, high=float(most))
    minutes = {x(person, day, shift): float(length) for day in range(n_days) for shift, length in shifts.items()}
    lp.add_row(f"minutes_{person}", minutes, low=float(least_min), high=float(most_min))
    for first in range(n_days - most_run):
        run = {id: 1.0 for day in on[first : first + most_run + 1] for id in day}
        lp.add_row(f"run_{person}_{first}", run, high=float(most_run))
    add_least(lp, person, on, least_run, is_off=False)
    add_least(lp, person, on, least_off, is_off=True)
    n_weekends = n_days // 7
    for week in range(n_weekends):
        lp.add_variable(f"w_{person}_{week}", high=1.0, is_whole=True)
        for day in (7 * week + 5, 7 * week + 6):
            lp.add_row(f"weekend_{person}_{day}", {**on[day], f"w_{person}_{week}": -1.0}, high=0.0)
    lp.add_row(f"weekends_{person}", {f"w_{person}_{week}": 1.0 for week in range(n_weekends)}, high=float(weekends))


def add_least(lp: LinearProgramme, person: str, on: list[dict[str, float]], least: int, *, is_off: bool) -> None:
    """No run of `length` days on (off) shorter than `least` between days off (on); runs over the ends are free."""
    sign = -1.0 if is_off else 1.0
    for length in range(1, least):
        for first in range(len(on) - length - 1):
            edges = {id: sign for day in (first, first + length + 1) for id in on[day]}
            inner = {id: -sign for day in range(first + 1, first + length + 1) for id in on[day]}
            low = -1.0 if is_off else 1.0 - length
            lp.add_row(f"least_{is_off}_{person}_{length}_{first}", {**edges, **inner}, low=low)


def add_cover(lp: LinearProgramme, data: dict[str, list[list[str]]], people: list[str]) -> None:
    for day, shift, need, under, over in data["COVER"]:
        few, many = f"few_{day}_{shift}", f"many_{day}_{shift}"
        lp.add_variable(few, cost=float(under))
        lp.add_variable(many, cost=float(over))
        there = {x(person, int(day), shift): 1.0 for person in people}
        lp.add_row(f"cover_{day}_{shift}", {**there, few: 1.0, many: -1.0}, low=float(need), high=float(need))


def main() -> None:
    results = {}
    for name in sys.argv[1:]:
        number = int(re.sub(r"\D", "", Path(name).stem) or 0)
        lp = build(read_instance(Path(name)))
        start = time.process_time()
        found = lp.solve(LIMITS)
        results[Path(name).stem] = {
            "objective": round(found.objective, 6),
            "bound": round(found.bound, 3),
            "best_known": BEST.get(number),
            "status": found.status,
            "seconds": round(time.process_time() - start, 1),
        }
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
