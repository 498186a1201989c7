"""Growth, peaks and policy side by side: what each needs, and how the plan as it stands would serve it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from hallplan.errors import Fault, UsageError
from hallplan.model.appointments import AppointmentRules, with_bookings
from hallplan.model.demand import Demand, Item
from hallplan.model.scenario import Scenario
from hallplan.model.windows import WindowPlan, WindowType
from hallplan.settings import Settings
from hallplan.terms import read_data, text
from hallplan.windows.plan import plan_windows
from hallplan.windows.proof import simulate_plan

_SHARE = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*%")
_BOOKED = re.compile(r"(\d+(?:\.\d+)?)\s*%(?:\s*/\s*([1-9]\d{0,2}))?")
MOST_PERCENT = 500.0


def compare_scenarios(
    plan: WindowPlan, demand: Demand, settings: Settings, names: Sequence[str]
) -> tuple[Scenario, ...]:
    """Returns the planned demand and each scenario, in the order asked for.

    names: "peak", "+20%" (or -10%), "appointments=30%" (or 30%/15: a slot grid of 15 minutes), "online=+10%", "bundle=THEME".  Raises UsageError naming every
    scenario that cannot be understood.
    """
    changed, faults = [], []
    for name in names:
        found = change_demand(demand, name, settings)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            changed.append((name, *found))
    if faults:
        raise UsageError.of(faults)
    rows = [_row("–", text("windows.scenario_base"), plan, plan)]
    return (*rows, *(_row(name, what, plan_windows(other, settings), plan) for name, what, other in changed))


def change_demand(demand: Demand, name: str, settings: Settings) -> tuple[str, Demand] | Fault:
    """Returns a scenario in words and its demand, or what is wrong with its name."""
    rules = read_data("windows.toml")["scenario"]
    kind, _, value = (part.strip() for part in name.partition("="))
    percent = _SHARE.fullmatch(value or kind)
    share = float(percent[1]) / 100.0 if percent else 0.0
    if kind == "peak" and not value:
        factor = float(rules["peak_factor"])
        return text("windows.scenario_peak", factor=factor), _busier(demand, factor)
    if percent and not value and -1.0 < share <= MOST_PERCENT / 100.0:
        return text("windows.scenario_growth", share=share), _busier(demand, 1.0 + share)
    if kind == "appointments" and (booked := _BOOKED.fullmatch(value)) and float(booked[1]) <= 100.0:
        asked = AppointmentRules.of(settings, float(booked[1]) / 100.0, int(booked[2] or 0))
        return text("windows.scenario_appointments", share=asked.share, slot=asked.slot_min), _booked(demand, asked)
    if kind == "online" and percent and -1.0 <= share <= 1.0:
        items = tuple(_more_online(item, share) for item in demand.items)
        return text("windows.scenario_online", share=share), replace(demand, items=items)
    if kind == "bundle" and value:
        return _bundled(demand, name, value, float(rules["bundle_visits"]))
    return Fault(f"--scenario {name}", text("windows.scenario_unknown"), text("windows.scenario_expected"))


def _busier(demand: Demand, factor: float) -> Demand:
    return replace(demand, arrivals=replace(demand.arrivals, peak_day=demand.arrivals.peak_day * factor))


def _booked(demand: Demand, rules: AppointmentRules) -> Demand:
    return replace(demand, arrivals=with_bookings(demand.arrivals, rules))


def _more_online(item: Item, more: float) -> Item:
    return replace(item, online_share=min(max(item.online_share + more, 0.0), 1.0 - item.kiosk_share))


def _bundled(demand: Demand, name: str, theme: str, visits: float) -> tuple[str, Demand] | Fault:
    """A theme's items done as one matter: fewer visits, at the one-matter windows."""
    members = [item for item in demand.admitted if theme in (item.theme, item.department, item.name)]
    if not members:
        return Fault(f"--scenario {name}", text("windows.scenario_no_theme", theme=theme))
    codes = {item.code for item in members}
    items = tuple(
        replace(item, one_matter=theme, special="", visits_per_case=item.visits_per_case * visits)
        if item.code in codes
        else item
        for item in demand.items
    )
    what = text("windows.scenario_bundle", theme=theme, count=len(members), visits=visits)
    return what, replace(demand, items=items)


def _row(name: str, what: str, needed: WindowPlan, plan: WindowPlan) -> Scenario:
    weights = [math.fsum(kind.arrivals) for kind in needed.types]
    mean = _mean([kind.mean_wait_min for kind in needed.types], weights)
    share = _mean([kind.share_within_target for kind in needed.types], weights)
    served = _served(plan, needed)
    worst = min(served, key=lambda row: (row[1], row[0]), default=("", 1.0, 0.0))
    return Scenario(
        name, what, needed.visitors_per_day, needed.windows_total, needed.window_hours, mean, share,
        _mean([row[1] for row in served], [row[2] for row in served]), worst[0], worst[1],
    )  # fmt: skip


def _served(plan: WindowPlan, needed: WindowPlan) -> list[tuple[str, float, float]]:
    """Name, share within the target and visitors of each type of `needed`, with the windows that `plan` has open for it."""
    have = {kind.id: kind for kind in plan.types}
    kinds = [_with_windows(kind, have.get(kind.id) or have["general"]) for kind in needed.types]
    _, days = simulate_plan(replace(plan, types=tuple(kinds)), days=int(read_data("windows.toml")["scenario"]["days"]))
    names = {kind.id: kind.name for kind in kinds}
    rows = [(line, sum(line.slot_served) / line.came) for line in (days.lines if days else ()) if line.came]
    return [(names[line.id], line.share_within.value * called, line.came) for line, called in rows]


def _with_windows(kind: WindowType, have: WindowType) -> WindowType:
    return replace(kind, open=have.open if kind.id == have.id else (0,) * len(kind.open))


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    total = math.fsum(weights)
    finite = [(v if math.isfinite(v) else 0.0, w) for v, w in zip(values, weights, strict=True)]
    return math.fsum(v * w for v, w in finite) / total if total else 0.0
