"""Windows taken out of a plan that stands: their work goes to those that are left."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from hallplan.errors import InputError
from hallplan.model.windows import WindowPlan, WindowType
from hallplan.queueing import transient
from hallplan.terms import text
from hallplan.units import MINUTES_PER_HOUR

GENERAL = "window_general"
DUTIES = ("complaint", "pickup", "one_matter")


def withdraw_windows(plan: WindowPlan, numbers: Collection[str]) -> tuple[WindowPlan, dict[str, str]]:
    """Returns the plan without some windows, and for each type that has none left the type that does its work.

    That is the general type with most windows.  Waits of the types changed are those of the exact queue with exponential
    service; rosters, rules and comparisons of the old windows are left out, to be made anew by `hallplan windows`.
    Raises InputError when no general window is left to take over.
    """
    left = tuple(window for window in plan.windows if window.id not in numbers)
    counts = {kind.id: sum(window.type == kind.id for window in left) for kind in plan.types}
    gone = [kind for kind in plan.types if not counts[kind.id] and kind.windows]
    heirs = [kind for kind in plan.types if kind.zone == GENERAL and counts[kind.id]]
    if gone and not heirs:
        raise InputError.at("--idle", text("windows.no_heir", names=text("windows.comma").join(k.name for k in gone)))
    heir = max(heirs, key=lambda kind: (counts[kind.id], kind.id), default=None)
    types = []
    for kind in plan.types:
        if kind in gone:
            continue
        merged = _merged(kind, gone) if heir is not None and kind.id == heir.id else kind
        fewer = counts[kind.id] < kind.windows
        types.append(_resized(merged, counts[kind.id], plan) if fewer or merged is not kind else kind)
    items = {kind.id: len(kind.items) for kind in types}
    fresh = replace(
        plan, types=tuple(types), windows=tuple(replace(w, items=items[w.type]) for w in left),
        window_hours=sum(sum(kind.open) for kind in types) * _slot_hours(plan),
        window_hours_bound=0.0, staffing=None, balance=None, adjusting=None, savings=(), proof=(), scenarios=(),
        warnings=(*plan.warnings, text("windows.withdrawn", ids=text("windows.comma").join(sorted(numbers)))),
    )  # fmt: skip
    return fresh, {kind.id: heir.id for kind in gone if heir is not None}


def _slot_hours(plan: WindowPlan) -> float:
    starts = plan.half_hours
    return (starts[1] - starts[0]) / MINUTES_PER_HOUR if len(starts) > 1 else 0.5


def _merged(kind: WindowType, gone: Collection[WindowType]) -> WindowType:
    """A type that does the work of others too."""
    every = (kind, *gone)
    arrivals = tuple(sum(rates) for rates in zip(*(k.arrivals for k in every), strict=True))
    weights = [sum(k.arrivals) for k in every]
    total = sum(weights)
    if not total:
        return kind
    minutes = sum(w * k.minutes for w, k in zip(weights, every, strict=True)) / total
    # second moments add up: E[s²] of a mixture is the mean of those of its parts
    square = sum(w * k.minutes**2 * (1 + k.cv**2) for w, k in zip(weights, every, strict=True)) / total
    duties = tuple(dict.fromkeys((*kind.duties, *(k.zone for k in gone if k.zone in DUTIES))))
    return replace(
        kind, items=tuple(dict.fromkeys(item for k in every for item in k.items)), arrivals=arrivals, minutes=minutes,
        cv=max(0.0, square / minutes**2 - 1.0) ** 0.5, duties=duties,
    )  # fmt: skip


def _resized(kind: WindowType, count: int, plan: WindowPlan) -> WindowType:
    """A type with another number of windows, open as before as far as there are any, and its waits then."""
    opened = tuple(min(n, count) for n in kind.open)
    day = transient(kind.arrivals, kind.minutes, opened, wait_min=plan.target_wait_min)
    work = sum(kind.arrivals) * kind.minutes / MINUTES_PER_HOUR
    return replace(
        kind, windows=count, open=opened, share_within_target=day.over_day(day.share_within),
        mean_wait_min=day.over_day(day.mean_wait_min), utilisation=min(1.0, work / max(1, sum(opened))),
        waiting_p95=max(day.waiting_p95, default=0),
    )  # fmt: skip
