"""The measures that indicators are formulas of: from a log, and from a plan when there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hallplan.model.log import QueueLog
from hallplan.model.monitor import Figures
from hallplan.operate.figures import names_in_use
from hallplan.settings import Settings
from hallplan.terms import read_data
from hallplan.units import SECONDS_PER_DAY, SECONDS_PER_HOUR, SECONDS_PER_MINUTE

if TYPE_CHECKING:
    from hallplan.model.plan import Plan


def measures_of(log: QueueLog, figures: Figures, plan: Plan | None, settings: Settings) -> dict[str, float]:
    """Returns measures by name; one that log and plan do not tell is absent."""
    waits = log.wait_s[log.served & log.waited]
    services = log.service_s[log.served & ~np.isnan(log.service_s)]
    busy = [load.utilisation for load in figures.windows if load.open_s > 0]
    found = {
        "tickets": figures.tickets, "served": figures.served, "abandoned": figures.abandoned,
        "days": len(figures.days), "waits": waits.size, "wait_sum_s": float(waits.sum()),
        "within_target": int(np.count_nonzero(waits <= settings.service.wait_min * SECONDS_PER_MINUTE)),
        "services": services.size, "service_sum_s": float(services.sum()), "windows": len(figures.windows),
        "busy_h": sum(load.busy_s for load in figures.windows) / SECONDS_PER_HOUR, "open_h": figures.window_hours,
        **_ratings(log), **_quality(log, figures),
    }  # fmt: skip
    if figures.p90_wait_s is not None:
        found["p90_wait_s"] = figures.p90_wait_s
    if busy:
        found |= {"busiest": max(busy), "idlest": min(busy)}
    if staff := names_in_use(log.staff):
        found["staff"] = len(staff)
    if waits.size:
        found["peak_waiting"] = peak_waiting(log)
    return {name: float(value) for name, value in found.items()} | (_planned(plan) if plan else {})


def _ratings(log: QueueLog) -> dict[str, float]:
    """How many of those served rated, and how many well; absent when the log has no ratings."""
    if not names_in_use(log.rating):
        return {}
    good = {word.lower() for word in read_data("indicators.toml")["rating"]["good"]}
    is_good = np.array([name.strip().lower() in good for name in log.rating.names])
    is_said = np.array([bool(name) for name in log.rating.names])
    codes = log.rating.codes[log.served]
    return {"rated": float(is_said[codes].sum()), "rated_good": float(is_good[codes].sum())}


def _quality(log: QueueLog, figures: Figures) -> dict[str, float]:
    """Shares of rows that tell what they should; absent for an empty log."""
    served = max(1, figures.served)
    named = np.array([bool(name) for name in log.window.names] or [False])
    if not figures.rows or not figures.served:
        return {}
    return {
        "told_window": float(named[log.window.codes[log.served]].sum()) / served,
        "told_wait": float(np.count_nonzero(log.served & log.waited)) / served,
        "told_service": float(np.count_nonzero(log.service_s[log.served] > 0)) / served,
        "sound_rows": (figures.served + figures.abandoned) / figures.rows,
    }


def peak_waiting(log: QueueLog) -> float:
    """Returns the most people who waited at one time."""
    rows = log.served & (log.wait_s > 0) & ~np.isnan(log.started_s)
    end = log.day[rows] * SECONDS_PER_DAY + log.started_s[rows]
    if not end.size:
        return 0.0
    times = np.concatenate([end - log.wait_s[rows], end])
    steps = np.concatenate([np.ones(end.size), -np.ones(end.size)])
    order = np.lexsort((steps, times))
    return float(np.cumsum(steps[order]).max())


def _planned(plan: Plan) -> dict[str, float]:
    """What the plan says of the same things."""
    windows = plan.windows
    visitors = windows.visitors_per_day - windows.kiosk_users_per_day
    weights = [sum(kind.arrivals) for kind in windows.types]
    total = sum(weights) or 1.0
    found = {
        "planned_windows": windows.windows_total, "planned_window_hours": windows.window_hours,
        "planned_visitors": visitors, "planned_kiosks": windows.kiosks,
        "planned_kiosk_users": windows.kiosk_users_per_day,
        "planned_waiting": sum(kind.waiting_p95 for kind in windows.types),
        "planned_share": sum(w * k.share_within_target for w, k in zip(weights, windows.types, strict=True)) / total,
        "planned_wait_min": sum(w * k.mean_wait_min for w, k in zip(weights, windows.types, strict=True)) / total,
        "planned_service_min": sum(w * k.minutes for w, k in zip(weights, windows.types, strict=True)) / total,
        "planned_busy": sum(w * k.utilisation for w, k in zip(weights, windows.types, strict=True)) / total,
    }  # fmt: skip
    if plan.alternatives:
        zones = plan.alternatives[0].layout.zones
        found["planned_area_m2"] = sum(zone.area_m2 for zone in zones)
        found["planned_wait_area_m2"] = sum(zone.area_m2 for zone in zones if zone.type == "wait")
    return {name: float(value) for name, value in found.items()}
