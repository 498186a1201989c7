"""What `hallplan signs --json` says of routes besides how signs serve them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from hallplan.flow.figures import route_figures
from hallplan.model.flow import Route, Routes
from hallplan.model.layout import Layout
from hallplan.model.site import Site
from hallplan.units import clock

PER_HOUR = 2.0
"""Half-hours in an hour."""


def routes_report(
    site: Site, layout: Layout, routes: Routes, half_hours: Sequence[int]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Returns figures and volumes of the routes of those who read signs, in their order, and of those on tactile paving.

    half_hours: starts in minutes after midnight, as the window plan has them.
    """
    by_id = {route.id: route for route in routes.routes}
    reading, tactile = [], []
    for entry in route_figures(site, layout, routes):
        route = by_id[entry.route]
        row = {key: value for key, value in asdict(entry).items() if key != "route"} | _volumes(route, half_hours)
        if route.is_reading:
            reading.append(row)
        else:
            tactile.append({"kind": route.kind, "length_m": round(route.length_m, 2), **row})
    return reading, tactile


def _volumes(route: Route, half_hours: Sequence[int]) -> dict[str, Any]:
    """Visitors a day, in each half-hour, and when most set out."""
    found: dict[str, Any] = {"visitors_per_day": route.per_day, "per_half_hour": list(route.per_half_hour)}
    if route.per_half_hour and len(route.per_half_hour) == len(half_hours):
        most = max(range(len(half_hours)), key=lambda n: (route.per_half_hour[n], -n))
        found["peak"] = {"at": clock(half_hours[most]), "per_hour": round(PER_HOUR * route.per_half_hour[most], 2)}
    return found
