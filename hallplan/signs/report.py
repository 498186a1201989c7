"""What `hallplan signs --json` prints."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from hallplan.model.flow import Blocked, Routes
from hallplan.model.signs import Sign, SignPlacement, SignPlan
from hallplan.model.site import Site
from hallplan.units import round_m

SCHEMA = 1


def signs_report(site: Site, plan: SignPlan, routes: Routes) -> dict[str, Any]:
    """Returns the signs and how they serve the routes, as data/schemas/signs.schema.json describes it.

    Places and catchments are in metres in the axes of the drawing.
    """
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
                "first_seen_m": reading.first_seen_m,
                "signs_per_100m": reading.signs_per_100m,
                "continuity_breaks": reading.breaks,
            }
            for reading in plan.readings
        ],
        "readable_share": round(read / total, 4) if total else 1.0,
        "longest_blind_m": longest_blind_m(plan),
        "decision_points": {"total": len(routes.decisions), "served": len(routes.decisions) - len(unserved)},
    }
    if plan.placement is not None:
        report["placement"] = _placement(plan.placement)
    report["existing"] = _existing(plan)
    blocked = [{**asdict(entry), "at": _in_drawing(site, entry)} for entry in routes.blocked]
    faults = [asdict(fault) for fault in plan.faults]
    report |= {"blocked": blocked, "faults": faults}
    return {**report, "needs": _needs(plan), "uses": _uses(site, plan), **_views(plan)}


def _in_drawing(site: Site, entry: Blocked) -> list[float] | None:
    if entry.at is None:
        return None
    spot = site.floor(entry.floor).frame.to_drawing_m(Point(entry.at))
    return [round_m(spot.x), round_m(spot.y)]


def _needs(plan: SignPlan) -> list[dict[str, Any]]:
    """Each decision point and goal with its sign and the figures of the five tests, or the tests that fail."""
    return [
        {
            "decision": entry.decision,
            "route": entry.route,
            "goal": entry.goal,
            "sign": entry.sign or None,
            "failed": list(entry.failed),
            "tests": asdict(entry.proof) if entry.proof else None,
        }
        for entry in plan.served
    ]


def _placement(placement: SignPlacement) -> dict[str, Any]:
    return {
        "added": placement.added,
        "bound": placement.bound,
        "optimal": placement.is_optimal,
        "greedy": placement.greedy,
        "one_each": placement.one_each,
        "candidates": placement.candidates,
        "unserved": placement.unserved,
        "cost_yuan": placement.cost_yuan,
        "cost_bound_yuan": placement.cost_bound_yuan or None,
    }


def _existing(plan: SignPlan) -> dict[str, int]:
    """How many signs hang already, and how many of them serve someone at a decision point."""
    old = {sign.id for sign in plan.signs if sign.is_existing}
    return {"found": len(old), "used": len(old & {entry.sign for entry in plan.served})}


def _uses(site: Site, plan: SignPlan) -> list[dict[str, Any]]:
    """What each sign is, from where it is read, how many a day it serves, and whether others serve them all."""
    by_id = {sign.id: sign for sign in plan.signs}
    return [
        {
            "sign": use.sign,
            "visitors_per_day": use.visitors_per_day,
            "redundant": use.is_redundant,
            **_sign(site, by_id[use.sign]),
        }
        for use in plan.uses
    ]


def _sign(site: Site, sign: Sign) -> dict[str, Any]:
    frame = site.floor(sign.floor).frame
    sides = [area for area in (sign.catchment, sign.back_catchment) if area is not None]
    spot = frame.to_drawing_m(Point(sign.at))
    return {
        "kind": sign.kind,
        "floor": sign.floor,
        "at": [round_m(spot.x), round_m(spot.y)],
        "facing_deg": round((sign.facing_deg + frame.rotation_deg) % 360.0, 2),
        "text": {"zh": sign.text_zh, "en": sign.text_en},
        "char_mm": sign.char_mm,
        "height_m": sign.height_m,
        "mount": sign.mount,
        "catchment_m2": round(sum(area.area for area in sides), 2),
        "catchment": [ring for area in sides for ring in _rings(frame.to_drawing_m(area))],
    }


def _rings(area: BaseGeometry) -> list[list[list[float]]]:
    """The outer rings of an area and of what is left out of it, corner by corner."""
    lines = shapely.get_rings(shapely.get_parts(area))
    return [[[round_m(x), round_m(y)] for x, y in shapely.get_coordinates(line)[:-1].tolist()] for line in lines]


def _views(plan: SignPlan) -> dict[str, Any]:
    return {"seats": [asdict(view) for view in plan.seats], "desks": [asdict(view) for view in plan.desks]}


def longest_blind_m(plan: SignPlan) -> float:
    """Returns the longest stretch of any route without a sign in reach, metres."""
    return max((round(float(b - a), 2) for reading in plan.readings for a, b in reading.blind), default=0.0)
