"""Figures of routes: turns, back-tracking, narrow places, streams that cross against each other, a score of the layout."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from hallplan.flow.grounds import Grounds
from hallplan.geometry.polygons import Floats, points_along, segments_of
from hallplan.model.flow import Leg, Route, Routes
from hallplan.model.layout import Layout
from hallplan.model.site import Site
from hallplan.terms import read_data

STEP_M = 0.5


@dataclass(frozen=True, slots=True)
class RouteFigures:
    """Figures of one route.

    turns: bends of more than the turn of data/flow.toml.  backtrack_m: walked twice, there and back.  narrowest_m: clear
    width at its narrowest; narrow_m: metres narrower than a crowd wants.  crossings: other streams met against.
    """

    route: str
    turns: int
    backtrack_m: float
    narrowest_m: float
    narrow_m: float
    crossings: int


def route_figures(site: Site, layout: Layout, routes: Routes) -> tuple[RouteFigures, ...]:
    """Returns the figures of visitors' routes in their order, those of people who read no signs last."""
    grounds = Grounds(site, layout)
    walls = {floor.id: shapely.STRtree(_edges(grounds.free(floor.id))) for floor in site.floors}
    visitors = [route for route in routes.routes if route.network in ("public", "access") and route.legs]
    mine = sorted(visitors, key=lambda route: not route.is_reading)
    streams = _Streams(mine)
    return tuple(_figures(route, mine, walls, streams) for route in mine)


def layout_score(routes: Routes) -> float:
    """Returns metres that visitors walk in a day, each kind weighted by its number."""
    return round(sum(r.length_m * r.per_day for r in routes.routes if r.network in ("public", "access")), 1)


def _figures(
    route: Route, others: Sequence[Route], walls: dict[str, shapely.STRtree], streams: _Streams
) -> RouteFigures:
    data = read_data("flow.toml")
    turns = sum(_turns(leg.line, data["decision"]["turn_deg"]) for leg in route.legs)
    widths = np.concatenate([_widths(leg.line, walls[leg.floor]) for leg in route.legs])
    narrow = widths < data["figures"]["crowd_m"]
    crossings = sum(streams.crosses(route, other) for other in others if other.id != route.id)
    return RouteFigures(
        route.id, turns, round(min(route.length_m, streams.backtrack_m(route)), 1), round(float(widths.min()), 2), round(float(narrow.sum()) * STEP_M, 1),
        crossings,
    )  # fmt: skip


def _turns(line: LineString, least_deg: float) -> int:
    xy = shapely.get_coordinates(shapely.simplify(line, 0.3))
    step = np.diff(xy, axis=0)
    heading = np.degrees(np.arctan2(step[:, 1], step[:, 0]))
    bend = np.abs((np.diff(heading) + 180.0) % 360.0 - 180.0)
    return int((bend >= least_deg).sum())


def _edges(free: BaseGeometry) -> NDArray[np.object_]:
    """The straight pieces of what bounds free ground."""
    return np.asarray(shapely.linestrings(segments_of([free]).reshape(-1, 2, 2)))


def _widths(line: LineString, walls: shapely.STRtree) -> Floats:
    """Twice the distance to what is not free, at samples off both ends, where one stands before a counter or in a door."""
    points = points_along(line, STEP_M)
    inner = points[2:-2] if len(points) > 5 else points[len(points) // 2 : len(points) // 2 + 1]
    (spot, _), distance = walls.query_nearest(shapely.points(inner), all_matches=False, return_distance=True)
    return np.asarray(2.0 * distance[np.argsort(spot)])


class _Streams:
    """How far each leg runs against each other leg, within half a metre; the same line counts once."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._number: dict[tuple[str, bytes], int] = {}
        legs = [leg for route in routes for leg in route.legs]
        for leg in legs:
            self._number.setdefault((leg.floor, leg.line.wkb), len(self._number))
        self._numbers = {route.id: [self.number(leg) for leg in route.legs] for route in routes}
        self.against_m = np.zeros((len(self._number), len(self._number)))
        first = {self.number(leg): leg for leg in legs}
        for floor in dict.fromkeys(leg.floor for leg in legs):
            self._measure([(n, leg) for n, leg in sorted(first.items()) if leg.floor == floor])

    def number(self, leg: Leg) -> int:
        """Returns the number of a leg's line."""
        return self._number[leg.floor, leg.line.wkb]

    def _measure(self, legs: Sequence[tuple[int, Leg]]) -> None:
        parts = [points_along(leg.line, STEP_M) for _, leg in legs]
        owner = np.repeat([n for n, _ in legs], [len(part) for part in parts])
        ways = np.vstack([np.gradient(part, axis=0) for part in parts])
        ways /= np.maximum(np.hypot(*ways.T), 1e-9)[:, None]
        spots = shapely.points(np.vstack(parts))
        one, other = shapely.STRtree(spots).query(spots, predicate="dwithin", distance=0.5)
        opposed = np.einsum("ij,ij->i", ways[one], ways[other]) < math.cos(math.radians(135))
        spot, leg = np.divmod(
            np.unique(one[opposed] * len(self.against_m) + owner[other[opposed]]), len(self.against_m)
        )
        np.add.at(self.against_m, (owner[spot], leg), STEP_M)

    def backtrack_m(self, route: Route) -> float:
        """Returns metres that a route walks against the way it came before."""
        numbers = self._numbers[route.id]
        return float(sum(self.against_m[n, earlier] for k, n in enumerate(numbers) for earlier in set(numbers[:k])))

    def crosses(self, one: Route, other: Route) -> bool:
        """Whether two routes run against each other for at least two metres."""
        return bool((self.against_m[np.ix_(self._numbers[one.id], self._numbers[other.id])] >= 2.0).any())
