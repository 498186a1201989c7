"""Eyes on their way: samples along routes with heading and goal, and the needs at decision points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point

from hallplan.geometry.polygons import Floats, heading_deg, points_along
from hallplan.model.flow import DecisionPoint, Leg, Route, RouteNetwork, Routes
from hallplan.model.layout import Layout
from hallplan.settings import Settings
from hallplan.terms import read_data

Masks = NDArray[np.bool_]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A leg that people of one network walk towards a goal.

    rows: where its samples lie among all.  arrived: at which one is at the goal.  step_m: between samples.
    eye: standing or seated.
    """

    leg: Leg
    goal: str
    network: RouteNetwork
    rows: slice
    arrived: Masks
    step_m: float
    eye: str

    @property
    def count(self) -> int:
        """Number of samples."""
        return int(self.rows.stop) - int(self.rows.start)


@dataclass(frozen=True, slots=True)
class Need:
    """Someone at a decision point who needs to be told the way to a goal: sample `at` of a stretch, `row` its own eyes."""

    decision: DecisionPoint
    route: Route
    goal: str
    stretch: int
    at: int
    row: int


class Walkers:
    """All eyes: xy (n, 2), heading, half field of view and height (n,), floor number (n,).

    The samples of the stretches come first, then an eye for each place where someone must choose: there one turns the
    head, and at the start of a leg one looks all round.
    stretch_of, column: the stretch of each eye and its number on it, samples before those who must choose, (n,).
    """

    def __init__(self, layout: Layout, routes: Routes, settings: Settings) -> None:
        self._zones = {zone.zone: zone.area for zone in layout.zones}
        self._heights = {"standing": settings.signs.eye_standing_m, "seated": settings.signs.eye_seated_m}
        self._data = read_data("signs.toml")
        self.routes = [route for route in routes.routes if route.is_reading]
        self.stretches: list[Stretch] = []
        self._parts: list[tuple[Floats, Floats, Floats]] = []
        self._size = 0
        numbers: dict[tuple[bytes, str, str, str, str], int] = {}
        self.of_route: dict[str, list[int]] = {route.id: [] for route in self.routes}
        for route in self.routes:
            for n, leg in enumerate(route.legs):
                goal = goal_of(route, n)
                key = leg.line.wkb, leg.floor, goal, route.network, eye_of(route)
                if key not in numbers:
                    numbers[key] = self._add(leg, goal, route)
                self.of_route[route.id].append(numbers[key])
        self.needs = self._needs(routes.decisions)
        self.xy = np.vstack([np.empty((0, 2)), *(part[0] for part in self._parts)])
        self.heading = np.concatenate([np.empty(0), *(part[1] for part in self._parts)])
        self.half_view = np.concatenate([np.empty(0), *(part[2] for part in self._parts)])
        floors = [s.leg.floor for s in self.stretches for _ in range(s.count)]
        heights = [self._heights[s.eye] for s in self.stretches for _ in range(s.count)]
        floors += [self.stretches[s].leg.floor for s, _ in self._choosing]
        heights += [self._heights[self.stretches[s].eye] for s, _ in self._choosing]
        self.floor = np.array(floors, dtype=object)
        self.eye_m = np.array(heights, dtype=np.float64)
        self.stretch_of, self.column = self._columns()

    def _add(self, leg: Leg, goal: str, route: Route) -> int:
        points = points_along(leg.line, self._data["sample"]["step_m"])
        ahead = np.vstack([points[1:], 2 * points[-1] - points[-2]]) - points
        heading = np.degrees(np.arctan2(ahead[:, 1], ahead[:, 0]))
        half = np.full(len(points), float(self._data["view"]["walking_deg"]))
        half[0] = self._data["view"]["standing_deg"]
        self._parts.append((points, heading, half))
        rows = slice(self._size, self._size + len(points))
        self._size += len(points)
        arrived = self._arrived(points, leg, goal)
        step = leg.line.length / max(1, len(points) - 1)
        self.stretches.append(Stretch(leg, goal, route.network, rows, arrived, step, eye_of(route)))
        return len(self.stretches) - 1

    def _arrived(self, points: Floats, leg: Leg, goal: str) -> Masks:
        found = np.hypot(*(points - np.array(leg.line.coords[-1])).T) <= self._data["sample"]["arrived_m"]
        if goal in self._zones and leg.end == goal:
            found |= shapely.contains_xy(self._zones[goal], points[:, 0], points[:, 1])
        return np.asarray(found)

    def _needs(self, decisions: Sequence[DecisionPoint]) -> list[Need]:
        by_id = {route.id: route for route in self.routes}
        rows: dict[tuple[int, int], int] = {}
        found = []
        for decision in decisions:
            for route_id, goal in decision.goals:
                spot = self._spot(by_id[route_id], goal, decision) if route_id in by_id else None
                if spot is None:
                    continue
                row = rows.setdefault(spot, self._size + len(rows))
                found.append(Need(decision, by_id[route_id], goal, *spot, row))
        self._choosing = list(rows)
        for stretch, at in rows:
            self._parts.append(self._eye(stretch, at))
        return found

    def _eye(self, stretch: int, at: int) -> tuple[Floats, Floats, Floats]:
        points, heading, _ = self._parts[stretch]
        starts = at * self.stretches[stretch].step_m <= self._data["view"]["start_m"]
        half = float(self._data["view"]["standing_deg" if starts else "choosing_deg"])
        return points[at : at + 1], heading[max(0, at - 1) : max(0, at - 1) + 1], np.array([half])

    def _spot(self, route: Route, goal: str, decision: DecisionPoint) -> tuple[int, int] | None:
        """The stretch towards the goal that passes nearest to a decision point, and the sample there."""
        mine = [self.stretches[s] for s in self.of_route[route.id]]
        near = [
            (round(s.leg.line.distance(Point(decision.at)), 3), n)
            for n, s in enumerate(mine)
            if s.leg.floor == decision.floor and s.goal == goal
        ]
        if not near:
            return None
        number = self.of_route[route.id][min(near)[1]]
        stretch = self.stretches[number]
        along = stretch.leg.line.project(Point(decision.at))
        return number, min(stretch.count - 1, round(along / max(stretch.step_m, 1e-9)))

    def _columns(self) -> tuple[Numbers, Numbers]:
        counts = np.array([stretch.count for stretch in self.stretches], dtype=np.int64)
        owners = np.array([s for s, _ in self._choosing], dtype=np.int64)
        order = np.argsort(owners, kind="stable")
        places = np.empty(len(owners), dtype=np.int64)
        places[order] = np.arange(len(owners)) - np.searchsorted(owners[order], owners[order])
        samples = [np.arange(count) for count in counts]
        return (
            np.concatenate([np.repeat(np.arange(len(counts)), counts), owners]),
            np.concatenate([*samples, counts[owners] + places]).astype(np.int64),
        )

    @cached_property
    def alike(self) -> dict[int, list[int]]:
        """By eye that must choose the needs, as numbers, that look with it: they differ in their routes alone."""
        found: dict[int, list[int]] = {}
        for n, need in enumerate(self.needs):
            found.setdefault(need.row, []).append(n)
        return found

    @property
    def n_samples(self) -> int:
        """Number of eyes on the way; those of who must choose come after them."""
        return self._size

    @cached_property
    def eyes(self) -> Numbers:
        """How many eyes each stretch has, samples and those who must choose."""
        return np.bincount(self.stretch_of, minlength=len(self.stretches))

    def crowd_at(self, need: Need) -> float:
        """Returns how many a day a need stands for."""
        return need.route.per_day


def eye_of(route: Route) -> str:
    """Returns whether those who walk a route read standing or seated."""
    return route.eye or ("seated" if route.network == "access" else "standing")


def goal_of(route: Route, number: int) -> str:
    """Returns the zone or door that walkers of a leg are after, beyond stairs and lifts."""
    ends = (leg.end for leg in route.legs[number:])
    return next((end for end in ends if not end.startswith("link:")), route.legs[number].end)


def arrows_at(
    places: Floats, which: NDArray[np.intp], stretch: Stretch, looking_deg: Floats
) -> tuple[NDArray[np.int8], Floats, Floats]:
    """Returns for signs at places[which] (n, 2), read looking to `looking_deg` (n,), the way on along a stretch.

    The way on is that of the stretch where it passes nearest. Returns codes into ARROW (−1: behind the reader), metres along
    the stretch of that place, and how far aside the sign hangs.
    """
    sizes = read_data("signs.toml")["place"]
    line = stretch.leg.line
    spots = shapely.points(places)
    along = shapely.line_locate_point(line, spots)
    aside = shapely.distance(line, spots)
    here = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
    ahead = shapely.get_coordinates(
        shapely.line_interpolate_point(line, np.minimum(line.length, along + sizes["arrow_m"]))
    )
    step = (ahead - here)[which]
    going = np.degrees(np.arctan2(step[:, 1], step[:, 0]))
    turn = (going - looking_deg + 180.0) % 360.0 - 180.0
    straight = sizes["straight_deg"]
    codes = np.where(np.abs(turn) <= straight, 0, np.where(turn > 0, 1, 2)).astype(np.int8)
    codes[np.abs(turn) >= 180.0 - straight] = -1
    codes[np.hypot(*step.T) < sizes["least_on_m"]] = 0
    return codes, along[which], aside[which]


ARROW = ("ahead", "left", "right")


def bearing(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Returns the direction from one place to another, degrees."""
    return heading_deg(start, end)
