"""Places on routes where visitors must choose their way."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString

from hallplan.flow.grounds import Grounds
from hallplan.geometry.polygons import heading_deg, points_along, turn_deg
from hallplan.geometry.visibility import SightField
from hallplan.model.flow import DecisionPoint, Leg, Route
from hallplan.model.shapes import Point
from hallplan.model.space import sight_blockers
from hallplan.terms import read_data
from hallplan.units import round_m

EYE_M = 1.55
RANK = ("entrance", "link", "branch", "turn", "arrival")


@dataclass(frozen=True, slots=True)
class _Walked:
    """A leg of a route with the zone (or door) that its walker is after."""

    route: Route
    leg: Leg
    goal: str


@dataclass(frozen=True, slots=True)
class _Found:
    at: Point
    reason: str
    heading_deg: float
    weight: float


def find_decisions(grounds: Grounds, routes: Sequence[Route]) -> tuple[DecisionPoint, ...]:
    """Returns the decision points of visitors' routes: entrances, heads of stairs and lifts, where ways of different
    kinds part, turns into what was not in sight before, and zones from which one must find the next; merged when near.
    """
    walked = [w for route in routes if route.is_reading for w in _with_goals(route)]
    points: list[DecisionPoint] = []
    for floor in grounds.site.floors:
        here = [w for w in walked if w.leg.floor == floor.id]
        if not here:
            continue
        blockers = sight_blockers(floor, grounds.layout, EYE_M)
        found = [*_ends(here), *_branches(here), *_turns(here, SightField([blockers]))]
        lines = np.array([w.leg.line for w in here], dtype=object)
        for spot in _merged(found):
            goals = _goals_at(here, lines, spot.at)
            if goals:
                id = f"D{len(points) + 1}"
                points.append(DecisionPoint(id, floor.id, spot.at, spot.reason, goals, spot.heading_deg))
    return tuple(points)


def _with_goals(route: Route) -> Iterator[_Walked]:
    for n, leg in enumerate(route.legs):
        ends = (later.end for later in route.legs[n:])
        yield _Walked(route, leg, next((end for end in ends if not end.startswith("link:")), leg.end))


def _ends(walked: Sequence[_Walked]) -> Iterator[_Found]:
    for w in walked:
        xy = w.leg.line.coords
        reason = (
            "entrance" if w.leg.start.startswith("door:") else "link" if w.leg.start.startswith("link:") else "arrival"
        )
        step = w.leg.line.interpolate(min(1.0 if reason == "entrance" else 0.0, w.leg.length_m / 2))
        yield _Found(_rounded(step.x, step.y), reason, heading_deg(xy[0], xy[1]), w.route.per_day)


def _branches(walked: Sequence[_Walked]) -> Iterator[_Found]:
    """Where two legs that ran together for a while part."""
    sizes = read_data("flow.toml")["decision"]
    lines = {w.leg.line.wkb: w for w in walked}
    shapely.prepare([w.leg.line for w in lines.values()])
    for one in lines.values():
        points = points_along(one.leg.line, sizes["sample_m"])
        spots = shapely.points(points)
        for two in lines.values():
            if two is one or two.goal == one.goal:
                continue
            near = shapely.dwithin(two.leg.line, spots, sizes["apart_m"])
            for n in _partings(near, sizes["sample_m"]) if near.any() and not near.all() else ():
                if _same_way(one.leg.line, two.leg.line, n * sizes["sample_m"]):
                    heading = heading_deg(tuple(points[max(0, n - 2)]), tuple(points[n]))
                    weight = one.route.per_day + two.route.per_day
                    yield _Found(_rounded(*points[n]), "branch", heading, weight)


def _partings(near: np.ndarray, step: float) -> list[int]:
    """Samples at which a stretch of at least 2 m together ends, not within the last 2 m."""
    count = round(2.0 / step)
    if len(near) < 2 * count + 1:
        return []
    held = np.concatenate([[0], np.cumsum(near)])
    ends = np.arange(count, len(near) - count)
    together = held[ends + 1] - held[ends - count] == count + 1
    apart = held[ends + count + 1] == held[ends + 1]
    return [int(n) for n in ends[together & apart]]


def _same_way(one: LineString, two: LineString, along: float) -> bool:
    """Whether both walk the same way before they part, not towards each other."""
    a0, a1 = one.interpolate(max(0.0, along - 1.5)), one.interpolate(along)
    place = two.project(a1)
    b0, b1 = two.interpolate(max(0.0, place - 1.5)), two.interpolate(place)
    if a0.distance(a1) < 0.1 or b0.distance(b1) < 0.1:
        return False
    first, second = heading_deg((a0.x, a0.y), (a1.x, a1.y)), heading_deg((b0.x, b0.y), (b1.x, b1.y))
    return abs(turn_deg(first, second)) < 60


def _turns(walked: Sequence[_Walked], sight: SightField) -> Iterator[_Found]:
    """Bends after which one sees what was hidden a few steps before."""
    sizes = read_data("flow.toml")["decision"]
    for w in walked:
        line, window = w.leg.line, sizes["turn_window_m"] / 2
        bends = [line.project(shapely.Point(xy)) for xy in line.coords[1:-1]]
        for along in bends:
            if along < window or along > line.length - window:
                continue
            places = along + np.array([-sizes["look_back_m"], -window, 0.0, window, sizes["look_ahead_m"]])
            back, before, at, after, ahead = shapely.get_coordinates(
                shapely.line_interpolate_point(line, np.clip(places, 0, line.length))
            ).tolist()
            coming, going = heading_deg(tuple(before), tuple(at)), heading_deg(tuple(at), tuple(after))
            if abs(turn_deg(coming, going)) >= sizes["turn_deg"] and not sight.clear([back], [ahead])[0]:
                yield _Found(_rounded(*at), "turn", coming, w.route.per_day)


def _merged(found: Sequence[_Found]) -> list[_Found]:
    """One point for those near each other: the most telling reason, then the most people."""
    radius = read_data("flow.toml")["decision"]["merge_m"]
    kept: list[_Found] = []
    for spot in sorted(found, key=lambda f: (RANK.index(f.reason), -f.weight, f.at, f.heading_deg)):
        if all(math.dist(spot.at, other.at) > radius for other in kept):
            kept.append(spot)
    return kept


def _goals_at(walked: Sequence[_Walked], lines: NDArray[np.object_], at: Point) -> tuple[tuple[str, str], ...]:
    """The goals of those who pass a place and still have some way to go, as (route, goal).

    lines: of the legs walked, (n,).
    """
    sizes = read_data("flow.toml")["decision"]
    spot = shapely.Point(at)
    near = np.flatnonzero(shapely.distance(lines, spot) <= sizes["near_m"])
    along = shapely.line_locate_point(lines[near], spot)
    here = [walked[n] for n in near.tolist()]
    passing = zip(here, along.tolist(), strict=True)
    found = {(w.route.id, w.goal) for w, passed in passing if w.leg.length_m - passed >= sizes["least_ahead_m"]}
    return tuple(sorted(found))


def _rounded(x: float, y: float) -> Point:
    return round_m(float(x)), round_m(float(y))
