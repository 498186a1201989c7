"""Checks on ways: reach, width, doors, gates, lifts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from shapely.geometry import LineString, Point

from hallplan.check.case import Case, Extent, Task
from hallplan.geometry.polygons import neck_of
from hallplan.model.findings import Finding, Place
from hallplan.model.flow import Blocked, Leg, Route
from hallplan.model.layout import PlacedZone
from hallplan.model.shapes import Point as Spot
from hallplan.model.site import ObstacleKind, OpeningRole
from hallplan.model.space import footprint
from hallplan.terms import text
from hallplan.units import round_m

ENTRANCE_ROLES = (OpeningRole.MAIN, OpeningRole.SECOND)
SHOWN = 3
"""Places named in one message; the drawing shows them all."""
SAME_PLACE_M = 2.0
"""Narrow places of several routes nearer than this are one place to mend."""


def network_reaches(case: Case, task: Task) -> Iterator[Finding]:
    """Nobody of a network is blocked on their way."""
    network = task.options["network"]
    kinds = {kind.id: kind.name for kind in case.programme.visitors if kind.network == network}
    if network == "egress":
        kinds = {"egress": case.name("")}
    blocked = [entry for entry in case.routes.blocked if entry.kind in kinds]
    gaps: dict[tuple[str, str], list[Blocked]] = {}
    for entry in blocked:
        gaps.setdefault((entry.start, entry.end), []).append(entry)
    for (start, end), entries in gaps.items():
        target = start if network == "egress" else end
        who = dict.fromkeys(kinds[entry.kind] for entry in entries)
        words = {"kind": text("check.list").join(who), "start": case.name(start), "end": case.name(end)}
        key = "shut_in" if network == "egress" else "blocked"
        yield task.failed(key, False, case.zone_place(target), width=f"{entries[0].clearance_m:.2f}", **words)
    walked = [route for route in case.routes.routes if route.network == network]
    if not blocked and walked:
        yield task.passed("reached", True, count=len(walked))
    if not blocked and not walked:
        yield task.undecided("no_route")


def route_width(case: Case, task: Task) -> Iterator[Finding]:
    """Every leg of a network's routes is as wide as the limit, outside the zones it begins and ends in."""
    legs = [leg for route in _of_network(case, task.options["network"]) for leg in route.legs]
    only = task.options.get("only")
    if only:
        legs = [leg for leg in legs if _is_one(leg.start, only) and _is_one(leg.end, only)]
    yield from _leg_widths(case, task, legs, "narrow", "public")


def egress_way_width(case: Case, task: Task) -> Iterator[Finding]:
    """The ways out from the farthest places are as wide as the limit."""
    legs = [leg for route in _of_network(case, "egress") for leg in route.legs]
    yield from _leg_widths(case, task, legs, "narrow", "free")


def _is_one(stop: str, kinds: Sequence[str]) -> bool:
    return any(stop.startswith(kind) for kind in kinds)


def _of_network(case: Case, network: str) -> list[Route]:
    return [route for route in case.routes.routes if route.network == network]


def _leg_widths(case: Case, task: Task, legs: Sequence[Leg], key: str, extent: Extent) -> Iterator[Finding]:
    seen: dict[tuple[str, str, str], Leg] = {}
    for leg in legs:
        seen.setdefault((leg.floor, *sorted((leg.start, leg.end))), leg)  # type: ignore[arg-type]
    if not seen:
        yield task.undecided("no_route")
        return
    narrow = [leg for leg in seen.values() if not case.joins(leg, extent, task.limit)]
    places: dict[Place, list[tuple[float, Leg]]] = {}
    for leg in narrow:
        width = case.widest(lambda w, leg=leg: case.joins(leg, extent, w), task.limit)  # type: ignore[misc]
        at = case.narrowest(leg, extent, width, task.limit)
        zone = leg.end if leg.end in case.zones else leg.start if leg.start in case.zones else ""
        near = (p for p in places if p.floor == leg.floor and math.dist(p.at or at, at) < SAME_PLACE_M)
        places.setdefault(next(near, Place(leg.floor, zone, at)), []).append((width, leg))
    for where, found in places.items():
        width, leg = min(found, key=lambda entry: entry[0])
        yield task.failed(key, width, where, start=case.name(leg.start), end=case.name(leg.end))
    if not narrow:
        yield task.passed("wide", task.limit, count=len(seen))


def zones_reached(case: Case, task: Task) -> Iterator[Finding]:
    """Every zone for visitors is joined to an entrance by a way of the limit's width."""
    missed = []
    for zone in case.layout.zones:
        wanted = case.wanted.get(zone.zone)
        if wanted is None or wanted.side == "staff":
            continue
        legs = _from_entrances(case, zone.zone)

        def joins(width_m: float, legs: list[Leg] = legs) -> bool:
            return any(case.joins(leg, "public", width_m) for leg in legs)

        if legs and not joins(task.limit):
            width = case.widest(joins, task.limit)
            missed.append(task.failed("zone_narrow", width, case.zone_place(zone.zone), zone=case.name(zone.zone)))
    yield from missed
    if not missed:
        yield task.passed("zones_joined", task.limit)


def _from_entrances(case: Case, zone_id: str) -> list[Leg]:
    """Legs to a zone, their lines not walked, from each entrance of its floor; on upper floors from lifts, else stairs."""
    zone = case.zones[zone_id]
    floor = case.site.floor(zone.floor)
    starts = [(f"door:{door.role.value}", door.at) for door in floor.with_role(*_roles(zone.type))]
    if not starts:
        lifts = [link for link in floor.links if link.kind is ObstacleKind.LIFT]
        starts = [(f"link:{link.id}", link.at) for link in lifts or floor.links]
    middle = zone.area.representative_point()
    return [Leg(start, zone_id, floor.id, LineString([at, (middle.x, middle.y)]), 0.0) for start, at in starts]


def _roles(zone_type: str) -> tuple[OpeningRole, ...]:
    return (OpeningRole.H24,) if zone_type == "self_24h" else ENTRANCE_ROLES


def door_clear(case: Case, task: Task) -> Iterator[Finding]:
    """Doors of a kind are as wide as the limit."""
    which = task.options["which"]
    doors: list[tuple[str, float, Place]] = []
    for floor in case.floors_used():
        exits = case.exits(floor, staff=which == "egress")
        wanted = [d for d in exits if d.role in (*ENTRANCE_ROLES, OpeningRole.H24)] if which == "access" else exits
        if which == "public_exit":
            wanted = [d for d in exits if d.role is not OpeningRole.H24]
        doors += [(case.name(f"door:{d.role.value}"), d.width_m, Place(floor.id, "", d.at)) for d in wanted]
    if which != "public_exit":
        kept = [d for d in case.layout.doors if d.network == "public" or which == "egress"]
        doors += [(case.name(d.zone), d.width_m, Place(d.floor, d.zone, d.at)) for d in kept]
    narrow = [entry for entry in doors if entry[1] < task.limit - 1e-6]
    for name, width, where in narrow:
        yield task.failed("door_narrow", width, where, name=name)
    if not doors:
        yield task.undecided("no_door")
    elif not narrow:
        yield task.passed("doors_wide", min(width for _, width, _ in doors), count=len(doors))


def gate_width(case: Case, task: Task) -> Iterator[Finding]:
    """Past the security check there is a way for wheelchairs: a wide gate, or free ground beside the gates."""
    gates = case.pieces("gate")
    if not gates:
        yield task.passed("no_gate", None)
        return
    floor = gates[0].floor
    widest = max(gate.size_m[0] for gate in gates)
    closed = [footprint(gate).buffer(0.05) for gate in gates]
    free = case.ground(floor, "public")
    for shape in closed:
        free = free.difference(shape)
    half = task.limit / 2 - 0.01
    legs = [leg for route in _of_network(case, "access") for leg in route.legs if leg.start.startswith("door:")]
    parts = list(getattr(free.buffer(-half), "geoms", [free.buffer(-half)]))
    beside = any(
        all(part.distance(shape) <= half + 0.6 for shape in (case.stop_shape(leg, leg.start, 0), _beyond(case, leg)))
        for leg in legs
        for part in parts
    )
    where = Place(floor, gates[0].zone, gates[0].at)
    if beside:
        yield task.passed("gate_beside", task.limit, where)
    elif widest >= task.limit - 1e-6:
        yield task.passed("gate_wide", widest, where)
    else:
        yield task.failed("gate_narrow", widest, where)


def _beyond(case: Case, leg: Leg) -> Point:
    """The end of the route that begins with a leg: a place behind the gates."""
    route = next(r for r in case.routes.routes if leg in r.legs)
    following = route.legs[min(1, len(route.legs) - 1)]
    return Point(following.line.coords[-1])


def screened(case: Case, task: Task) -> Iterator[Finding]:
    """Whoever comes in by a main door goes through the entrance zone, where the security check is."""
    zones = [zone for zone in case.layout.zones if zone.type == "entrance"]
    if not case.pieces("gate", "xray"):
        yield task.passed("no_screening", None)
        return
    routes = [route for network in ("public", "access") for route in _of_network(case, network)]
    entering = [route for route in routes if route.legs and route.legs[0].start == f"door:{OpeningRole.MAIN.value}"]
    if not zones or not entering:
        yield task.undecided("no_entering")
        return
    past = [route for route in entering if not _comes_through(route, zones)]
    if past:
        first = past[0].legs[0]
        x, y = first.line.coords[0]
        where = Place(first.floor, zones[0].zone, (round_m(x), round_m(y)))
        names = text("check.list").join(list(dict.fromkeys(route.name for route in past))[:SHOWN])
        yield task.failed("unscreened", len(past), where, kinds=names, zone=case.name(zones[0].zone))
    else:
        yield task.passed("screened", len(entering))


def _comes_through(route: Route, zones: Sequence[PlacedZone]) -> bool:
    """Whether a route crosses one of some zones."""
    return any(leg.floor == zone.floor and leg.line.intersects(zone.area) for leg in route.legs for zone in zones)


def lift(case: Case, task: Task) -> Iterator[Finding]:
    """Upper floors for visitors are reached by lift."""
    served = {z.floor for z in case.layout.zones if z.zone in case.wanted and case.wanted[z.zone].side != "staff"}
    upper = [floor for floor in case.site.floors if floor.id in served and floor.level > 1]
    without = [floor for floor in upper if not any(link.kind is ObstacleKind.LIFT for link in floor.links)]
    for floor in without:
        yield task.failed("no_lift", 0, Place(floor.id), floor=floor.title)
    if not without:
        yield task.passed("lift" if upper else "one_floor", len(upper))


def crossings(case: Case, task: Task) -> Iterator[Finding]:
    """Staff and public routes do not cross."""
    found = case.routes.crossings
    for floor in sorted({floor for floor, _ in found}):
        spots = _apart([at for here, at in found if here == floor], task.options["apart_m"])
        zones = (z.zone for z in case.layout.zones if z.floor == floor and z.area.distance(Point(spots[0])) < 0.1)
        where = Place(floor, next(zones, ""), spots[0])
        shown = text("check.list").join(f"({x:.1f}, {y:.1f})" for x, y in spots[:SHOWN])
        yield task.failed("crosses", len(spots), where, at=shown)
    if not found:
        yield task.passed("no_crossing", 0)


def _apart(spots: Sequence[Spot], least_m: float) -> list[Spot]:
    """Places of which no two are nearer than that: ways that run side by side cross once, not at every bend."""
    kept: list[Spot] = []
    for spot in spots:
        if all(math.dist(spot, other) > least_m for other in kept):
            kept.append(spot)
    return kept


def aisle_width(case: Case, task: Task) -> Iterator[Finding]:
    """Main public aisles are as wide as the limit, those that branch off as wide as theirs."""
    aisles = [aisle for aisle in case.layout.aisles if aisle.network == "public"]
    limits = {"main": task.limit, "second": float(task.options["second"])}
    narrow = [aisle for aisle in aisles if aisle.width_m < limits[aisle.rank] - 1e-3]
    for aisle in narrow:
        neck, limit = neck_of(aisle.area, aisle.width_m), limits[aisle.rank]
        # the neck of a main way may lie in a zone that one comes in through
        near = text("check.aisle_near", x=f"{neck.x:.1f}", y=f"{neck.y:.1f}") if neck else ""
        spot = neck or aisle.area.representative_point()
        where = Place(aisle.floor, "", (round_m(spot.x), round_m(spot.y)))
        yield task.failed(f"aisle_narrow_{aisle.rank}", aisle.width_m, where, id=aisle.id, near=near, limit=limit)
    if aisles and not narrow:
        yield task.passed("aisles_wide", min(aisle.width_m for aisle in aisles), count=len(aisles))
    if not aisles:
        yield task.undecided("no_aisle")


CHECKS = {
    "network_reaches": network_reaches, "route_width": route_width, "egress_way_width": egress_way_width,
    "zones_reached": zones_reached, "door_clear": door_clear, "gate_width": gate_width, "lift": lift,
    "crossings": crossings, "aisle_width": aisle_width, "screened": screened,
}  # fmt: skip
