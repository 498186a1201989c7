"""The JSON that `hallplan windows --json` prints."""

from __future__ import annotations

import math
from typing import Any

from hallplan.model.demand import Bookings
from hallplan.model.logged import Forecast, LogSummary
from hallplan.model.windows import Interval, WindowPlan, WindowType
from hallplan.units import clock
from hallplan.windows.grouping.report import grouping_report
from hallplan.windows.running_report import running_report
from hallplan.windows.staff.report import staff_report

DIGITS = 6


def windows_report(plan: WindowPlan, logged: LogSummary | None = None) -> dict[str, Any]:
    """Returns the plan as data/schemas/windows.schema.json asks, with what a queue log brought in. Source: design.md 7."""
    return {
        "schema": 1,
        "types": [_type(kind) for kind in plan.types],
        "half_hours": [clock(start) for start in plan.half_hours],
        "windows_total": plan.windows_total,
        "window_hours": _round(plan.window_hours),
        "window_hours_bound": _round(plan.window_hours_bound),
        "gap": _round(plan.gap),
        "target": {"share": plan.target_share, "wait_min": plan.target_wait_min},
        "limits": [
            {"what": row.what, "limit": row.limit, "met": row.met, "where": row.where, "is_met": row.is_met}
            for row in plan.limits
        ],
        "visitors_per_day": _round(plan.visitors_per_day),
        "kiosks": plan.kiosks,
        "kiosk_users_per_day": _round(plan.kiosk_users_per_day),
        "windows": [
            {
                "id": window.id,
                "type": window.type,
                "department": window.department,
                "items": window.items,
                "visitors_per_day": window.visitors_per_day,
                "hours": [[clock(start), clock(end)] for start, end in window.hours],
                "is_low": window.is_low,
            }
            for window in plan.windows
        ],
        "changes": [
            {"existing": row.existing, "fate": row.fate, "into": row.into, "reason": row.reason} for row in plan.changes
        ],
        "assumptions": [
            {"what": entry.what, "value": entry.value, "basis": entry.basis, "where": entry.where}
            for entry in plan.assumptions
        ],
        "warnings": list(plan.warnings),
        "appointments": _bookings(plan.bookings) if plan.bookings else None,
        "log": _log(logged) if logged else None,
        "staff": staff_report(plan.staffing) if plan.staffing else None,
        **running_report(plan),
        **grouping_report(plan),
    }


def _bookings(booked: Bookings) -> dict[str, Any]:
    return {
        "share": booked.share,
        "slot_min": booked.slot_min,
        "no_show": booked.no_show,
        "quotas": [{"time": clock(time), "share": part} for time, part in zip(booked.times, booked.parts, strict=True)],
    }


def _log(logged: LogSummary) -> dict[str, Any]:
    return {
        "source": logged.source,
        "tickets": logged.tickets,
        "days": logged.days,
        "faults": [{"kind": fault.kind, "count": fault.count, "rule": fault.rule} for fault in logged.faults],
        "seasons": [{"what": season.what, "factor": season.factor, "days": season.days} for season in logged.seasons],
        "trend": logged.trend,
        "forecast": _forecast(logged.forecast) if logged.forecast else None,
    }


def _forecast(forecast: Forecast) -> dict[str, Any]:
    return {
        "days": [
            {"date": day.date, "visitors": day.visitors, "interval": [day.low, day.high]} for day in forecast.days
        ],
        "probability": forecast.probability,
        "effects": dict(forecast.effects),
        "tried": {"days": forecast.tried, "inside": _round(forecast.inside), "error": _round(forecast.error)},
        "left_out": forecast.left_out,
    }


def _type(kind: WindowType) -> dict[str, Any]:
    return {
        "id": kind.id,
        "name": kind.name,
        "kind": kind.kind,
        "zone": kind.zone,
        "sub_type": kind.sub_type,
        "items": list(kind.items),
        "arrivals": [_round(rate) for rate in kind.arrivals],
        "minutes": _round(kind.minutes),
        "cv": _round(kind.cv),
        "overflow": list(kind.overflow),
        "windows": kind.windows,
        "open": list(kind.open),
        "mean_wait_min": _round(kind.mean_wait_min),
        "share_within_target": _round(kind.share_within_target),
        "p99_wait_min": _round(kind.p99_wait_min),
        "utilisation": _round(kind.utilisation),
        "waiting_p95": kind.waiting_p95,
        "low_units": kind.low_units,
        "reviewers": kind.reviewers,
        "basis": kind.basis,
        "simulated": {
            "mean_wait_min": _interval(kind.simulated.mean_wait_min),
            "share_within_target": _interval(kind.simulated.share_within_target),
            "days": kind.simulated.days,
        },
    }


def _interval(interval: Interval) -> dict[str, Any]:
    return {"value": _round(interval.value), "ci95": [_round(bound) for bound in interval.ci95]}


def _round(value: float) -> float:
    """Rounded for printing; a wait without end is the length of a day, for JSON knows no infinity."""
    return round(value, DIGITS) + 0.0 if math.isfinite(value) else 1440.0
