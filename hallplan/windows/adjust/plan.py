"""动态调整: rules for every type and half-hour, and how they do beside the fixed plan."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hallplan.model.interval import Interval
from hallplan.model.running import Adjusting, Tried, Trigger
from hallplan.model.windows import WindowPlan, WindowType
from hallplan.queueing.adjusting import NEVER
from hallplan.terms import read_data
from hallplan.units import MINUTES_PER_HOUR
from hallplan.windows.adjust.rules import Days, Levels, Outcome, choose_levels, days_to_draw, late_peak, varied_factors
from hallplan.windows.staff.day import staff_groups

TRIAL_SEED = 9_001
Z95 = 1.959963984540054
NEAR = 2
"""Steps of windows about the plan for which levels are shown."""


def plan_adjusting(plan: WindowPlan) -> Adjusting:
    """Returns the rules of every type that people come to, tried on days as forecast, busy, varied and with a late peak."""
    data = read_data("adjusting.toml")
    triggers: list[Trigger] = []
    tried: list[Tried] = []
    for kind in plan.types:
        if kind.minutes <= 0 or not any(kind.arrivals):
            continue
        levels = choose_levels(kind, plan)
        triggers += _triggers(kind, plan, levels)
        tried += _trials(kind, plan, levels)
    return Adjusting(data["look_min"], data["delay_min"], tuple(triggers), tuple(tried))


def _triggers(kind: WindowType, plan: WindowPlan, levels: Levels) -> list[Trigger]:
    members = next(types for _, _, types in staff_groups(plan.types) if kind in types)
    rows = []
    for k, start in enumerate(plan.half_hours):
        near = range(
            max(kind.open[k] - NEAR * levels.step, 1), min(kind.open[k] + NEAR * levels.step, kind.windows) + 1
        )
        shown = [
            (count, _shown(levels.close_at[k, count]), _shown(levels.open_at[k, count]))
            for count in near
            if (count - kind.open[k]) % levels.step == 0
        ]
        rows.append(Trigger(kind.id, start, kind.open[k], levels.step, tuple(shown), _helpers(kind, members, k)))
    return rows


def _shown(level: np.int64) -> int:
    return 0 if level >= NEVER else int(level)


def _helpers(kind: WindowType, members: Sequence[WindowType], k: int) -> tuple[str, ...]:
    """Other types of the same staff whose windows are idle enough in this half-hour to lend one."""
    busy = {
        other.id: other.arrivals[k] * other.minutes / MINUTES_PER_HOUR / other.open[k]
        for other in members
        if other.id != kind.id and other.open[k] > 1
    }
    limit = read_data("adjusting.toml")["lend_below"]
    return tuple(sorted((id for id, share in busy.items() if share < limit), key=lambda id: (busy[id], id)))


def _trials(kind: WindowType, plan: WindowPlan, levels: Levels) -> list[Tried]:
    data = read_data("adjusting.toml")
    n_days = days_to_draw(kind, int(data["days"]))
    ones = np.ones(n_days)
    late = late_peak(kind.arrivals, plan.half_hours)
    kinds: list[tuple[str, NDArray[np.float64], Sequence[float] | None]] = [
        ("days_forecast", ones, None),
        ("days_busy", ones * data["busy_factor"], None),
        ("days_varied", varied_factors(n_days, TRIAL_SEED), None),
        ("days_late", ones, late),
    ]
    return [
        _tried(kind, plan, levels, name, Days.of(kind, plan, factors, TRIAL_SEED + n, arrivals))
        for n, (name, factors, arrivals) in enumerate(kinds)
    ]


def _tried(kind: WindowType, plan: WindowPlan, levels: Levels, name: str, days: Days) -> Tried:
    fixed, rules = days.run(kind, plan, None), days.run(kind, plan, levels)
    return Tried(
        kind.id,
        name,
        _ratio(fixed.within, fixed.visitors, most=1.0),
        _ratio(rules.within, rules.visitors, most=1.0),
        _ratio(fixed.waits_min, fixed.visitors),
        _ratio(rules.waits_min, rules.visitors),
        float(fixed.hours.mean()),
        float(rules.hours.mean()),
        _worst(fixed, kind.arrivals),
        _worst(rules, kind.arrivals),
    )


def _worst(outcome: Outcome, arrivals: Sequence[float]) -> float:
    return float(min(share for share, rate in zip(outcome.slot_shares, arrivals, strict=True) if rate > 0))


def _ratio(sums: NDArray[np.float64], counts: NDArray[np.float64], most: float = math.inf) -> Interval:
    """Mean over visitors with its 95 % interval over days (ratio estimator)."""
    total = float(counts.sum())
    if total <= 0:
        return Interval(0.0, (0.0, 0.0))
    mean = float(sums.sum()) / total
    spread = float(np.sqrt(np.sum((sums - mean * counts) ** 2) / max(counts.size - 1, 1)))
    half = Z95 * spread / (total / counts.size) / math.sqrt(counts.size)
    return Interval(mean, (max(mean - half, 0.0), min(mean + half, most)))
