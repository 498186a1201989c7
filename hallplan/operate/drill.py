"""Emergencies: response plans checked, each scenario drilled in simulation, the fault log against its limits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from hallplan.model.drill import Drill, Emergencies, FaultTimes, Readiness, ResponsePlan
from hallplan.model.log import Floats
from hallplan.model.plan import Plan
from hallplan.model.windows import WindowPlan, WindowType
from hallplan.operate.bench import Intervals
from hallplan.queueing.replay import Replay, replay, slots_of
from hallplan.terms import language, read_data
from hallplan.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE

SLOT_S = 1800.0


def drill_hall(windows: WindowPlan, known: Emergencies, plan: Plan | None = None) -> tuple[Readiness, ...]:
    """Returns for each scenario of data/drills.toml what its response plan lacks and what a drill of it shows.

    known: the workbook's sheets.  plan: with a layout, the evacuation is estimated as well.
    """
    return tuple(_readiness(entry, windows, known, plan) for entry in read_data("drills.toml")["scenarios"])


def scenario_of(said: str) -> str:
    """Returns the id of the scenario that a text names, "" when it names none."""
    for entry in read_data("drills.toml")["scenarios"]:
        if said.strip() in (entry["id"], entry["zh"], entry["en"]):
            return str(entry["id"])
    for entry in read_data("drills.toml")["scenarios"]:
        if any(word in said.lower() for word in entry["words"]):
            return str(entry["id"])
    return ""


def _readiness(entry: Mapping[str, Any], windows: WindowPlan, known: Emergencies, plan: Plan | None) -> Readiness:
    own = next((p for p in known.plans if scenario_of(p.scenario) == entry["id"]), None)
    missing = _missing(own)
    is_emptied = entry["id"] == "evacuation"
    drill = None if is_emptied else play(entry, windows)
    seconds = _evacuation_s(plan) if is_emptied and plan else None
    limit = own.limit_min if own else None
    return Readiness(
        entry["id"], entry[language()], own, missing, tuple((role, step) for role, step in entry["steps"]), drill,
        seconds, _status(missing, limit, drill, seconds),
    )  # fmt: skip


def _missing(plan: ResponsePlan | None) -> tuple[str, ...]:
    needed = read_data("drills.toml")["fields"]["needed"]
    return tuple(name for name in needed if plan is None or getattr(plan, name) in ("", None))


def _status(missing: tuple[str, ...], limit: float | None, drill: Drill | None, seconds: float | None) -> str:
    """fail: incomplete but for the limit, or over it; undecided: no limit is set, or nothing could be drilled."""
    if set(missing) - {"limit_min"}:
        return "fail"
    took = seconds / SECONDS_PER_MINUTE if seconds is not None else drill.recover_min if drill else None
    if limit is None or (took is None and drill is None):
        return "undecided"
    return "pass" if took is not None and took <= limit else "fail"


def play(entry: Mapping[str, Any], windows: WindowPlan) -> Drill:
    """Returns what a scenario does to a hall's day that begins at its busiest half-hour.

    The same people come with and without it; each window type is a queue of its own. The windows that stop are shut until
    the fallback works and then serve at its speed until the outage ends. Of several days the one of median recovery is told.
    """
    setting = read_data("drills.toml")["drill"]
    random = np.random.default_rng(setting["seed"])
    days = [_day(entry, windows, random) for _ in range(setting["days"])]
    days.sort(key=lambda d: (d.recover_min is None, d.recover_min or 0.0, d.waiting))
    return days[len(days) // 2]


def _day(entry: Mapping[str, Any], windows: WindowPlan, random: np.random.Generator) -> Drill:
    setting = read_data("drills.toml")["drill"]
    if not windows.half_hours:
        return Drill(0, 0, 0.0, 0.0)
    begin = _busiest(windows)
    usual: list[tuple[Floats, Replay]] = []
    hit: list[tuple[Floats, Replay]] = []
    for kind in windows.types:
        arrive, service = _people(kind, windows, random, setting["cv"])
        more, longer = _crowd(entry, arrive, service, begin, random)
        stay = np.full(arrive.size, np.inf)
        usual.append((arrive, replay(arrive, service, stay, _open(kind, windows))))
        struck, slower = _struck(kind, windows, entry, begin)
        longer = np.where(
            (more >= begin) & (more < begin + entry["outage_min"] * SECONDS_PER_MINUTE), longer * slower, longer
        )
        hit.append((more, replay(more, longer, np.full(more.size, np.inf), struck)))
    grid = begin + np.arange(0.0, setting["most_min"] * SECONDS_PER_MINUTE, SECONDS_PER_MINUTE)
    before, after = _waiting(usual, grid), _waiting(hit, grid)
    over = np.flatnonzero(after > before + setting["calm"])
    recover = None if over.size and over[-1] == grid.size - 1 else float(over[-1] + 1) if over.size else 0.0
    return Drill(int(after.max()), int(before.max()), recover, _mean(hit) - _mean(usual))


def _busiest(windows: WindowPlan) -> float:
    """When the half-hour with most people begins, s after midnight."""
    totals = np.sum([kind.arrivals for kind in windows.types], axis=0)
    return windows.half_hours[int(np.argmax(totals))] * SECONDS_PER_MINUTE


def _people(kind: WindowType, windows: WindowPlan, random: np.random.Generator, cv: float) -> tuple[Floats, Floats]:
    """A day of one type: Poisson arrivals by half-hour, lognormal service."""
    starts = np.array(windows.half_hours) * SECONDS_PER_MINUTE
    counts = random.poisson(np.array(kind.arrivals) * SLOT_S / SECONDS_PER_HOUR)
    arrive = np.sort(np.repeat(starts, counts) + random.random(int(counts.sum())) * SLOT_S)
    return arrive, _services(kind, arrive.size, random, cv)


def _services(kind: WindowType, n: int, random: np.random.Generator, cv: float) -> Floats:
    spread = np.sqrt(np.log(1.0 + (kind.cv or cv) ** 2))
    mean = np.log(max(kind.minutes, 1e-6) * SECONDS_PER_MINUTE) - spread**2 / 2
    return np.asarray(random.lognormal(mean, spread, n))


def _crowd(
    entry: Mapping[str, Any], arrive: Floats, service: Floats, begin: float, random: np.random.Generator
) -> tuple[Floats, Floats]:
    """The people with those who come besides while the hall is crowded."""
    more = float(entry.get("arrivals", 1.0)) - 1.0
    inside = (arrive >= begin) & (arrive < begin + entry["outage_min"] * SECONDS_PER_MINUTE)
    again = np.flatnonzero(inside)[random.random(int(inside.sum())) < more]
    joined, times = np.concatenate([arrive, arrive[again]]), np.concatenate([service, service[again]])
    order = np.argsort(joined, kind="stable")
    return joined[order], times[order]


def _open(kind: WindowType, windows: WindowPlan) -> Intervals:
    """Openings of a type; half-hours may have a lunch gap between them."""
    per_day = np.zeros(int(max(windows.half_hours) // 30) + 1, np.int64)
    for start, count in zip(windows.half_hours, kind.open, strict=True):
        per_day[start // 30] = count
    return slots_of(per_day, 0.0, SLOT_S)


def _struck(kind: WindowType, windows: WindowPlan, entry: Mapping[str, Any], begin: float) -> tuple[Intervals, float]:
    """Openings with the lost windows shut until the fallback works, and how much longer services take meanwhile."""
    respond, end = (begin + entry[key] * SECONDS_PER_MINUTE for key in ("respond_min", "outage_min"))
    back = end if entry["fallback_speed"] <= 0 else min(respond, end)
    lost = round(kind.windows * entry["lost"])
    found: Intervals = []
    for window, opens, closes in _open(kind, windows):
        if window >= lost:
            found.append((window, opens, closes))
            continue
        found += [(window, a, b) for a, b in ((opens, min(closes, begin)), (max(opens, back), closes)) if b > a]
    share = entry["lost"] if entry["fallback_speed"] > 0 else 0.0
    speed = 1.0 - share * (1.0 - entry["fallback_speed"])
    return found, 1.0 / speed


def _waiting(queues: Sequence[tuple[Floats, Replay]], grid: Floats) -> Floats:
    """(grid,) people waiting at each minute, those never served included."""
    total = np.zeros(grid.size)
    for arrive, result in queues:
        start = np.where(np.isnan(result.wait_s), np.inf, arrive + result.wait_s)
        total += np.searchsorted(arrive, grid, side="right") - np.searchsorted(np.sort(start), grid, side="right")
    return total


def _mean(queues: Sequence[tuple[Floats, Replay]]) -> float:
    waits = np.concatenate([result.wait_s[~np.isnan(result.wait_s)] for _, result in queues])
    return float(waits.mean()) / SECONDS_PER_MINUTE if waits.size else 0.0


def _evacuation_s(plan: Plan) -> float | None:
    """Seconds until the fullest floor is empty, by the hydraulic estimate: the farthest walk, then the flow of the exits."""
    if not plan.alternatives:
        return None
    known = read_data("drills.toml")["evacuation"]
    best = plan.alternatives[0]
    people = sum(kind.waiting_p95 + 2 * max(kind.open, default=0) + kind.reviewers for kind in plan.windows.types)
    width = sum(
        max(0.0, door.width_m - 2 * known["boundary_m"])
        for floor in plan.site.floors for door in floor.openings if door.is_exterior
    )  # fmt: skip
    walks = [route.length_m for route in best.routes.routes if route.network == "egress"]
    if not width or not walks:
        return None
    seconds: float = max(walks) / known["walk_ms"] + people / (known["flow_per_ms"] * width)
    return round(seconds, 1)


def fault_times(known: Emergencies) -> tuple[FaultTimes, ...]:
    """Returns each fault with its response and recovery times against the limit of its scenario's plan."""
    limits = {scenario_of(plan.scenario): plan.limit_min for plan in known.plans}
    found = []
    for fault in known.faults:
        scenario = scenario_of(fault.kind)
        limit = limits.get(scenario)
        respond, recover = (_minutes(fault.at, until) for until in (fault.responded, fault.recovered))
        late = limit is not None and recover is not None and recover > limit
        found.append(FaultTimes(fault, scenario, respond, recover, limit, late, not fault.closed))
    return tuple(found)


def _minutes(start: str, end: str) -> float | None:
    if not end:
        return None
    return (dt.datetime.fromisoformat(end) - dt.datetime.fromisoformat(start)).total_seconds() / SECONDS_PER_MINUTE


def drill_report(ready: Sequence[Readiness], faults: Sequence[FaultTimes]) -> dict[str, object]:
    """Returns the result of `hallplan drill` as data/schemas/drill.schema.json describes it."""
    told = [f for f in faults if f.recover_min is not None]
    return {
        "scenarios": [
            {
                "id": r.id, "name": r.name, "status": r.status, "missing": list(r.missing),
                "limit_min": r.plan.limit_min if r.plan else None, "owner": r.plan.owner if r.plan else "",
                "steps": [{"role": role, "step": step} for role, step in r.roles],
                "evacuation_s": r.evacuation_s,
                "drill": None if r.drill is None else {
                    "waiting": r.drill.waiting, "usual": r.drill.usual, "recover_min": r.drill.recover_min,
                    "extra_wait_min": round(r.drill.extra_wait_min, 3),
                },
            }
            for r in ready
        ],
        "faults": {
            "count": len(faults), "late": sum(f.late for f in faults), "undecided": sum(f.limit_min is None for f in faults),
            "mean_recover_min": round(sum(f.recover_min or 0.0 for f in told) / len(told), 2) if told else None,
            "open": [
                {"at": f.fault.at, "kind": f.fault.kind, "scenario": f.scenario, "where": f.fault.source}
                for f in faults if f.is_open
            ],
        },
    }  # fmt: skip
