"""Whether staff walk from stop to stop on their own floor, in a layout with walls, doors and counters."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from hallplan.furnish.bench import limit
from hallplan.geometry.polygons import moved, polygons_of
from hallplan.model.layout import Layout
from hallplan.model.programme import Programme
from hallplan.model.site import Floor, Site
from hallplan.model.space import ground, public_only
from hallplan.terms import read_data

_DOOR = "door:"


def n_among_visitors(site: Site, programme: Programme, layout: Layout) -> int:
    """Returns how many ways of staff between two stops on one floor lead over floor of the visitors."""
    legs = {leg for kind in programme.visitors if kind.network == "staff" for leg in itertools.pairwise(kind.chain)}
    return sum(not is_own for floor in site.floors for is_own in _are_own(floor, layout, legs))


def _are_own(floor: Floor, layout: Layout, legs: set[tuple[str, str]]) -> Iterator[bool]:
    """By walk that begins and ends on a floor, whether staff's own floor joins both ends."""
    zones = {placed.zone: placed.area for placed in layout.zones if placed.floor == floor.id}
    doors = {f"{_DOOR}{door.role}" for door in floor.openings}
    here = [(a, b) for a, b in sorted(legs) if b in zones and (a in zones or a in doors)]
    if not here:
        return
    own = ground(floor, layout).difference(public_only(floor, layout))
    least_m = read_data("flow.toml")["width_m"]["staff"][-1]
    parts = np.array(polygons_of(own.buffer(-least_m / 2, quad_segs=2)), dtype=object)
    shapely.prepare(parts)
    for a, b in here:
        ends = (_place(floor, zones, stop) for stop in (a, b))
        one, other = (shapely.dwithin(parts, place, reach) for place, reach in ends)
        yield bool((one & other).any())


def _place(floor: Floor, zones: dict[str, shapely.Polygon], stop: str) -> tuple[BaseGeometry, float]:
    """Where staff are at a stop, and how near to it they come, m."""
    if stop in zones:
        return zones[stop], 0.0
    doors = [door for door in floor.openings if f"{_DOOR}{door.role}" == stop]
    deep = limit("general.way_least_m")
    inside = shapely.union_all([Point(moved(door.at, door.inward_deg, deep)) for door in doors])
    return inside, read_data("flow.toml")["walk"]["staff_door_reach_m"]
