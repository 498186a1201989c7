"""The farthest places from the exits, and the ways out from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry import Point

from hallplan.flow.grounds import Extent, Grounds, door_step
from hallplan.flow.walks import Spot, walk
from hallplan.geometry.polygons import Floats, grid_points, polygons_of
from hallplan.model.flow import Blocked, Leg, Route
from hallplan.model.site import Floor, ObstacleKind
from hallplan.model.space import staff_only
from hallplan.terms import read_data, word
from hallplan.units import round_m


def route_egress(grounds: Grounds) -> tuple[list[Route], list[Blocked]]:
    """Returns the ways out from the farthest places, and what is shut in.

    One for each exit that is the nearest for some visitors, from the farthest of them; for staff the longest of all.
    Visitors leave by doors that are not for staff alone, over staff's ways too where these lie open; staff by any. On upper
    floors stairs are exits.
    """
    routes: list[Route] = []
    blocked: list[Blocked] = []
    for floor in grounds.site.floors:
        for extent, roles in (("out", "roles"), ("all", "staff_roles")):
            exits = floor_exits(floor, read_data("flow.toml")["egress"][roles])
            found, shut = _from_floor(grounds, floor, extent, exits)  # type: ignore[arg-type]
            routes += found if extent == "out" else found[:1]
            blocked += shut
    return [replace(route, id=f"E-{n}") for n, route in enumerate(routes, 1)], blocked


def floor_exits(floor: Floor, roles: Sequence[str]) -> list[tuple[str, Spot]]:
    """Returns the exits of a floor by name: doors to the outside of those roles, stairs on upper floors."""
    width = read_data("flow.toml")["width_m"]["egress"][0]
    sizes = read_data("flow.toml")["walk"]
    exits = [
        (f"exit:{door.id}", Spot(floor.id, door_step(door, floor, width), sizes["reach_m"], door=door.at))
        for door in floor.openings
        if door.role.value in roles and door.is_exterior
    ]
    if floor.level > 1:
        stairs = [link for link in floor.links if link.kind is ObstacleKind.STAIR]
        exits += [(f"link:{s.id}", Spot(floor.id, s.at, sizes["link_reach_m"])) for s in stairs]
    return exits


def _from_floor(
    grounds: Grounds, floor: Floor, extent: Extent, exits: list[tuple[str, Spot]]
) -> tuple[list[Route], list[Blocked]]:
    """The ways out of one floor, longest first."""
    width = read_data("flow.toml")["width_m"]["egress"][0]
    ground = grounds.walkable(floor.id, extent, width)
    staffed = staff_only(floor, grounds.layout)
    area = ground.area.difference(staffed) if extent == "out" else ground.area.intersection(staffed)
    places = grid_points(area, read_data("flow.toml")["egress"]["step_m"])
    if not len(places):
        return [], []
    lengths = ground.distances([spot.at for _, spot in exits], places) if exits else np.full((1, len(places)), np.inf)
    shortest = lengths.min(axis=0)
    routes = []
    for n, (name, spot) in enumerate(exits):
        mine = np.flatnonzero((lengths.argmin(axis=0) == n) & np.isfinite(shortest))
        if len(mine):
            farthest = places[mine[int(np.argmax(np.round(shortest[mine], 6)))]]
            routes += _way_out(grounds, extent, Spot(floor.id, _point(farthest), 0.1), name, spot)
    routes.sort(key=lambda route: -route.length_m)
    return routes, _shut_in(grounds, floor, places[~np.isfinite(shortest)], width)


def _way_out(grounds: Grounds, extent: Extent, start: Spot, name: str, end: Spot) -> list[Route]:
    width = read_data("flow.toml")["width_m"]["egress"][0]
    found = walk(grounds, start, end, extent, width, is_direct=True)
    if found is None:
        return []
    leg = Leg(_zone_at(grounds, start), name, start.floor, found.line, round_m(found.length_m))
    who = "public" if extent == "out" else "staff"
    return [Route("", f"egress_{who}", word("network", "egress"), "egress", (leg,), 0.0, width)]


def _shut_in(grounds: Grounds, floor: Floor, places: Floats, width: float) -> list[Blocked]:
    """Zones of which a sizeable part has no way out even when chairs are pushed aside; small pockets do not count."""
    data = read_data("flow.toml")["egress"]
    held: dict[str, int] = {}
    for x, y in _still_shut(grounds, floor, places, width) if len(places) else ():
        zone = _zone_at(grounds, Spot(floor.id, (float(x), float(y)), 0.0))
        if zone:
            held[zone] = held.get(zone, 0) + 1
    least = data["pocket_m2"] / data["step_m"] ** 2
    return [
        Blocked("egress", zone, "exit", floor.id, width, why="shut_in")
        for zone, count in sorted(held.items())
        if count > least
    ]


def _still_shut(grounds: Grounds, floor: Floor, places: Floats, width: float) -> Floats:
    parts = polygons_of(grounds.cleared(floor.id).buffer(-width / 2, quad_segs=2))
    exits = [Point(spot.at) for _, spot in floor_exits(floor, read_data("flow.toml")["egress"]["staff_roles"])]
    reach = read_data("flow.toml")["walk"]["reach_m"]
    open_parts = [part for part in parts if any(part.distance(exit) <= reach for exit in exits)]
    shut: Floats = places[shapely.distance(shapely.union_all(open_parts), shapely.points(places)) > width]
    return shut


def _zone_at(grounds: Grounds, spot: Spot) -> str:
    point = Point(spot.at)
    zones = (zone for zone in grounds.layout.zones if zone.floor == spot.floor and zone.area.intersects(point))
    return next((zone.zone for zone in zones), "")


def _point(xy: Floats) -> tuple[float, float]:
    return round_m(float(xy[0])), round_m(float(xy[1]))
