"""What `hallplan signs --json` prints."""

from __future__ import annotations

from typing import Any

from hallplan.model.flow import Routes
from hallplan.model.signs import SignPlan

SCHEMA = 1


def signs_report(plan: SignPlan, routes: Routes) -> dict[str, Any]:
    """Returns the signs and how they serve the routes, as data/schemas/signs.schema.json describes it."""
    by_id = {route.id: route for route in routes.routes}
    lengths = {reading.route: by_id[reading.route].length_m for reading in plan.readings}
    total = sum(lengths.values())
    read = sum(reading.readable_share * lengths[reading.route] for reading in plan.readings)
    unserved = {entry.decision for entry in plan.served if not entry.sign}
    report: dict[str, Any] = {
        "schema": SCHEMA,
        "signs": len(plan.signs),
        "routes": [
            {
                "kind": by_id[reading.route].kind,
                "length_m": round(lengths[reading.route], 2),
                "readable_share": reading.readable_share,
                "blind": [{"from_m": a, "to_m": b} for a, b in reading.blind],
                "decision_points": reading.decisions,
                "served": reading.served,
            }
            for reading in plan.readings
        ],
        "readable_share": round(read / total, 4) if total else 1.0,
        "longest_blind_m": longest_blind_m(plan),
        "decision_points": {"total": len(routes.decisions), "served": len(routes.decisions) - len(unserved)},
    }
    if plan.placement is not None:
        placement = plan.placement
        report["placement"] = {"added": placement.added, "bound": placement.bound, "optimal": placement.is_optimal}
    return report


def longest_blind_m(plan: SignPlan) -> float:
    """Returns the longest stretch of any route without a sign in reach, metres."""
    return max((round(float(b - a), 2) for reading in plan.readings for a, b in reading.blind), default=0.0)
