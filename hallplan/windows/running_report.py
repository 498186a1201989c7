"""Balance, rules for the day, savings and today's advice in the JSON of `hallplan windows --json`."""

from __future__ import annotations

from typing import Any

from hallplan.model.interval import Interval
from hallplan.model.running import Adjusting, Balance, Today, WindowLoad
from hallplan.model.windows import WindowPlan
from hallplan.units import clock

DIGITS = 4


def running_report(plan: WindowPlan) -> dict[str, Any]:
    """Returns the keys balance, adjusting and savings; None where not worked out."""
    return {
        "balance": _balance(plan.balance) if plan.balance else None,
        "adjusting": _adjusting(plan.adjusting) if plan.adjusting else None,
        "savings": [
            {"what": row.what, "unit": row.unit, "before": _round(row.before), "after": _round(row.after), "basis": row.basis}
            for row in plan.savings
        ],
    }  # fmt: skip


def today_report(today: Today) -> dict[str, Any]:
    """Returns what to do in the next two hours."""
    return {
        "date": today.date,
        "now": clock(today.now),
        "tickets": today.tickets,
        "unknown": today.unknown,
        "types": [
            {
                "id": kind.type, "came": kind.came, "expected": _round(kind.expected), "factor": _round(kind.factor.value),
                "factor_range80": [_round(end) for end in kind.factor.ci95], "waiting": kind.waiting,
                "in_service": kind.in_service, "what": kind.words,
                "half_hours": [
                    {
                        "start": clock(slot.start), "planned": slot.planned, "advised": slot.advised,
                        "share_planned": _round(slot.share_planned), "share_advised": _round(slot.share_advised),
                    }
                    for slot in kind.slots
                ],
            }
            for kind in today.types
        ],
    }  # fmt: skip


def _balance(balance: Balance) -> dict[str, Any]:
    return {
        "windows": [_load(load) for load in balance.windows],
        "spread": _round(balance.spread),
        "today": [_load(load) for load in balance.today],
        "today_spread": _round(balance.today_spread),
        "advice": [
            {"kind": row.kind, "types": list(row.types), "what": row.words, "window_hours": _round(row.window_hours)}
            for row in balance.advice
        ],
    }


def _load(load: WindowLoad) -> dict[str, Any]:
    return {
        "window": load.window,
        "type": load.type,
        "visitors_per_day": _round(load.visitors),
        "utilisation": _round(load.utilisation),
    }


def _adjusting(rules: Adjusting) -> dict[str, Any]:
    return {
        "look_every_min": rules.look_every_min,
        "delay_min": rules.delay_min,
        "triggers": [
            {
                "type": row.type, "start": clock(row.start), "windows": row.windows, "step": row.step,
                "levels": [
                    {"open_now": count, "close_when_free": close, "open_when_waiting": more} for count, close, more in row.levels
                ],
                "helpers": list(row.helpers),
            }
            for row in rules.triggers
        ],
        "tried": [
            {
                "type": row.type, "days": row.days,
                "share_within_target": {"fixed": _interval(row.fixed_share), "rules": _interval(row.rules_share)},
                "mean_wait_min": {"fixed": _interval(row.fixed_wait_min), "rules": _interval(row.rules_wait_min)},
                "window_hours": {"fixed": _round(row.fixed_hours), "rules": _round(row.rules_hours)},
                "worst_half_hour": {"fixed": _round(row.worst_fixed), "rules": _round(row.worst_rules)},
            }
            for row in rules.tried
        ],
    }  # fmt: skip


def _interval(interval: Interval) -> dict[str, Any]:
    return {"value": _round(interval.value), "ci95": [_round(end) for end in interval.ci95]}


def _round(value: float) -> float:
    return round(float(value), DIGITS)
