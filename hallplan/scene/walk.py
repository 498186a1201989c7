"""A walk along a route: where one is, which way one looks, and which signs can be read from there."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import shapely
import shapely.ops
from shapely.geometry import LineString

from hallplan.errors import InputError
from hallplan.model.flow import Leg, Route
from hallplan.model.plan import Alternative
from hallplan.model.signs import Sign
from hallplan.terms import read_data, text

STEP_M = 1.0
Step = tuple[float, tuple[float, float], float]
"""Metres along a leg, the place there, and where one looks, degrees."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A place on a walk: metres along it, where, looking where, after what, signs that are read, and of them the telling.

    is_there: the goal is reached.
    """

    along_m: float
    floor: str
    at: tuple[float, float]
    heading_deg: float
    goal: str
    read: tuple[str, ...]
    telling: tuple[str, ...]
    is_there: bool = False


def walked_route(alternative: Alternative, kind: str) -> Route:
    """Returns the route of a kind of visitor, by its id or the first word of it; raises InputError naming those there are."""
    routes = [route for route in alternative.routes.routes if route.is_reading]
    for route in routes:
        if kind == route.kind:
            return route
    found = next((route for route in routes if route.kind.split("-")[0] == kind), None)
    if found is None:
        names = ", ".join(dict.fromkeys(route.kind for route in routes))
        unknown, known = text("scene.walk_unknown", kind=kind), text("scene.walk_kinds", kinds=names)
        raise InputError.at("--walk", unknown, known, text("scene.walk_choose"))
    return found


def moments(alternative: Alternative, route: Route, step_m: float = STEP_M) -> Iterator[Moment]:
    """Yields the moments of a walk, one every `step_m`."""
    begin, near = 0.0, read_data("signs.toml")["sample"]["arrived_m"]
    for n, leg in enumerate(route.legs):
        goal = next((later.end for later in route.legs[n:] if not later.end.startswith("link:")), leg.end)
        signs = [sign for sign in alternative.signs.signs if sign.floor == leg.floor]
        steps = list(_steps(leg, [place * step_m for place in range(int(leg.line.length / step_m) + 1)]))
        for (along, at, heading), read in zip(steps, _read_at(steps, signs), strict=True):
            telling = tuple(sign.id for sign in read if goal in sign.names or goal in sign.back_names)
            is_there = leg.end == goal and leg.line.length - along <= near
            yield Moment(
                begin + along, leg.floor, at, heading, goal, tuple(sign.id for sign in read), telling, is_there
            )
        begin += leg.length_m


def _steps(leg: Leg, places: Sequence[float]) -> Iterator[Step]:
    for along in places:
        here = leg.line.interpolate(along)
        ahead = leg.line.interpolate(min(leg.line.length, along + 0.5))
        back = leg.line.interpolate(max(0.0, along - 0.5))
        dx, dy = (ahead.x - back.x, ahead.y - back.y)
        yield along, (float(here.x), float(here.y)), math.degrees(math.atan2(dy, dx))


def _read_at(steps: Sequence[Step], signs: Sequence[Sign]) -> list[list[Sign]]:
    """The signs that are read at each step, in their order: in one of their catchments, and in view."""
    areas = [
        (n, area) for n, sign in enumerate(signs) for area in (sign.catchment, sign.back_catchment) if area is not None
    ]
    tree = shapely.STRtree([area for _, area in areas])
    places, held = tree.query(shapely.points([at for _, at, _ in steps]), predicate="intersects")
    found: list[set[int]] = [set() for _ in steps]
    for place, area in zip(places.tolist(), held.tolist(), strict=True):
        found[place].add(areas[area][0])
    return [
        [signs[n] for n in sorted(mine) if _is_in_view(signs[n], at, heading)]
        for (_, at, heading), mine in zip(steps, found, strict=True)
    ]


def _is_in_view(sign: Sign, at: tuple[float, float], heading: float) -> bool:
    bearing = math.degrees(math.atan2(sign.at[1] - at[1], sign.at[0] - at[0]))
    off = abs((bearing - heading + 180.0) % 360.0 - 180.0)
    return bool(off <= read_data("signs.toml")["view"]["walking_deg"])


def blind_lines(alternative: Alternative, floor: str) -> list[LineString]:
    """Returns the pieces of visitors' ways on a floor from which the next sign is not read, each once."""
    by_id = {route.id: route for route in alternative.routes.routes}
    found = []
    for reading in alternative.signs.readings:
        begin = 0.0
        for leg in by_id[reading.route].legs if reading.route in by_id else ():
            for start, end in reading.blind if leg.floor == floor else ():
                a, b = max(start - begin, 0.0), min(end - begin, leg.line.length)
                if b - a > 0.25:
                    found.append(shapely.ops.substring(leg.line, a, b))
            begin += leg.length_m
    merged = shapely.line_merge(shapely.union_all(found)) if found else LineString()
    return [line for line in shapely.get_parts(merged) if isinstance(line, LineString) and line.length > 0.25]
