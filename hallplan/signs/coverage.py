"""Who can read what: decision points served, and stretches of routes without a sign in reach."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hallplan.geometry.polygons import Floats, points_along
from hallplan.geometry.visibility import SightField
from hallplan.model.flow import DecisionPoint, Leg, Route, RouteNetwork, Routes
from hallplan.model.layout import Layout
from hallplan.model.signs import Reading, Served, Sign
from hallplan.model.site import Floor, Site
from hallplan.model.space import sight_blockers
from hallplan.settings import Settings
from hallplan.signs.legibility import reads
from hallplan.terms import read_data
from hallplan.units import round_m

SERVING = ("zone", "direction", "exit", "board")


class View:
    """What stands in the way of reading on each floor, at the eye height of those who walk there."""

    def __init__(self, site: Site, layout: Layout, settings: Settings) -> None:
        self._site, self.layout = site, layout
        self._eyes: dict[RouteNetwork, float] = {
            "public": settings.signs.eye_standing_m,
            "access": settings.signs.eye_seated_m,
        }
        self.blockers = cache(self._blockers)
        self.sight = cache(self._sight)
        self._zones = {zone.zone: zone.area for zone in layout.zones}

    def floor(self, id: str) -> Floor:
        """Returns a floor of the site."""
        return self._site.floor(id)

    def _blockers(self, floor: str, network: RouteNetwork) -> BaseGeometry:
        return sight_blockers(self.floor(floor), self.layout, self._eyes[network])

    def _sight(self, floor: str, network: RouteNetwork) -> SightField:
        return SightField([self.blockers(floor, network)])

    def served(self, signs: Sequence[Sign], routes: Routes) -> tuple[Served, ...]:
        """Returns for each decision point and goal the nearest sign that tells the way, "" where none does."""
        networks = {route.id: route.network for route in routes.routes}
        seen = self.seen(signs, routes.decisions)
        found = []
        for n, decision in enumerate(routes.decisions):
            for route, goal in decision.goals:
                reading = [
                    (round_m(math.dist(signs[s].at, decision.at)), signs[s].id)
                    for s in np.flatnonzero(seen[networks[route]][:, n]).tolist()
                    if tells(signs[s], goal, decision.floor)
                ]
                distance, sign_id = min(reading, default=(None, ""))
                found.append(Served(decision.id, route, goal, sign_id, distance))
        return tuple(found)

    def seen(self, signs: Sequence[Sign], decisions: Sequence[DecisionPoint]) -> dict[RouteNetwork, NDArray[np.bool_]]:
        """Returns by network which signs can be read from which decision points, (signs, points)."""
        eyes = np.array([decision.at for decision in decisions]).reshape(-1, 2)
        floors = np.array([decision.floor for decision in decisions])
        found = {network: np.zeros((len(signs), len(eyes)), dtype=np.bool_) for network in self._eyes}
        for n, sign in enumerate(signs):
            here = np.flatnonzero(floors == sign.floor)
            if sign.kind in SERVING and len(here):
                for network, matrix in found.items():
                    matrix[n, here] = reads(sign, eyes[here], self.sight(sign.floor, network))
        return found

    def readings(self, signs: Sequence[Sign], routes: Routes) -> tuple[Reading, ...]:
        """Returns for each visitors' route how much of it has its next goal's sign in reach, and where it has not."""
        served = self.served(signs, routes)
        found = []
        for route in routes.routes:
            if route.network not in ("public", "access"):
                continue
            seen = np.concatenate([self._leg_seen(route, n, signs) for n in range(len(route.legs))])
            mine = [entry for entry in served if entry.route == route.id]
            share = round(float(seen[:, 1] @ seen[:, 2] / seen[:, 2].sum()), 4)
            found.append(Reading(route.id, share, _blind(seen), len(mine), sum(bool(entry.sign) for entry in mine)))
        return tuple(found)

    def _leg_seen(self, route: Route, number: int, signs: Sequence[Sign]) -> Floats:
        """Samples of a leg: metres along the route, 1 where its goal can be read or is reached, length stood for."""
        sizes, leg = read_data("signs.toml")["sample"], route.legs[number]
        points = points_along(leg.line, sizes["step_m"])
        goal = next((later.end for later in route.legs[number:] if not later.end.startswith("link:")), leg.end)
        seen = self._arrived(points, leg, goal, sizes["arrived_m"])
        for sign in signs:
            if tells(sign, goal, leg.floor) and not seen.all():
                seen[~seen] = reads(sign, points[~seen], self.sight(leg.floor, route.network))
        begin = sum(earlier.length_m for earlier in route.legs[:number])
        steps = np.full(len(points), leg.length_m / max(1, len(points) - 1))
        steps[[0, -1]] /= 2
        return np.column_stack([begin + np.linspace(0, leg.length_m, len(points)), seen, steps])

    def _arrived(self, points: Floats, leg: Leg, goal: str, near_m: float) -> NDArray[np.bool_]:
        end = np.array(leg.line.coords[-1])
        found = np.hypot(*(points - end).T) <= near_m
        if goal in self._zones and leg.end == goal:
            found |= shapely.contains_xy(self._zones[goal], points[:, 0], points[:, 1])
        return np.asarray(found)


def tells(sign: Sign, goal: str, floor: str) -> bool:
    """Whether a sign on a floor names a goal."""
    return sign.floor == floor and goal in sign.names and sign.kind in SERVING


def _blind(seen: Floats) -> tuple[tuple[float, float], ...]:
    """Stretches of samples without a sign, as (from, to) in metres along the route."""
    stretches: list[tuple[float, float]] = []
    start: float | None = None
    last = 0.0
    for along, is_seen, _ in seen.tolist():
        if not is_seen and start is None:
            start = along
        if is_seen and start is not None:
            stretches.append((round_m(start), round_m(along)))
            start = None
        last = along
    if start is not None:
        stretches.append((round_m(start), round_m(last)))
    return tuple((a, b) for a, b in stretches if b - a > 1e-6)
