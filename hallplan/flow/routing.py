"""Routes of all kinds of people through a layout."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import shapely
from shapely.geometry.base import BaseGeometry

from hallplan.errors import Fault, InputError
from hallplan.flow.apart import ApartWays
from hallplan.flow.decisions import find_decisions
from hallplan.flow.egress import route_egress
from hallplan.flow.gaps import Gap, narrowest
from hallplan.flow.grounds import Extent, Grounds, door_step
from hallplan.flow.targets import target_in
from hallplan.flow.walks import Spot, Walk, walk
from hallplan.model.flow import Blocked, Leg, Route, RouteNetwork, Routes, Why
from hallplan.model.layout import Layout
from hallplan.model.programme import Programme, VisitorKind
from hallplan.model.reviews import as_reviewed
from hallplan.model.shapes import Point
from hallplan.model.site import Floor, ObstacleKind, Opening, OpeningRole, Site, VerticalLink
from hallplan.settings import Settings
from hallplan.terms import listed, read_data, text
from hallplan.units import round_m

DOOR = "door:"
LINK = "link:"
STAND_IN = {
    OpeningRole.MAIN: OpeningRole.SECOND,
    OpeningRole.STAFF: OpeningRole.SECOND,
    OpeningRole.H24: OpeningRole.MAIN,
}
"""The door taken when a hall has none of the wanted role."""
EXTENTS: dict[RouteNetwork, tuple[Extent, ...]] = {
    "public": ("public",), "access": ("public",), "staff": ("staff", "all"), "egress": ("all",),
}  # fmt: skip
"""Where each network walks; staff come onto visitors' ground (all) only for the stretch that needs it."""


def route_visitors(site: Site, programme: Programme, layout: Layout, settings: Settings) -> Routes:
    """Returns the routes of every kind of visitor and of staff, the ways out, where people must choose their way,
    what cannot be reached with the width needed, and where staff and public cross. Lines never run through furniture.
    """
    del settings
    programme = as_reviewed(programme, dict(layout.reviews))
    _require_known(programme)
    grounds = Grounds(site, layout)
    router = _Router(grounds)
    blocked: list[Blocked] = []
    walked: dict[str, Route] = {}
    # visitors first: the ways of staff avoid theirs
    entering = router.entering()
    for kind in sorted(programme.visitors, key=lambda kind: kind.network == "staff"):
        if kind.network == "staff" and router.apart is None:
            router.keep_apart([*(leg for route in walked.values() for leg in route.legs), *entering])
        walked[kind.id], missing = router.route(kind)
        blocked += missing
    routes = [walked[kind.id] for kind in programme.visitors if walked[kind.id].legs]
    ways_out, shut_in = route_egress(grounds)
    decisions = find_decisions(grounds, routes)
    unique = tuple(dict.fromkeys([*blocked, *shut_in]))
    return Routes((*routes, *ways_out), decisions, unique, _crossings(routes, entering))


def _require_known(programme: Programme) -> None:
    """Raises InputError when a chain names what is no zone of the programme and no kind of door."""
    zones, doors = {zone.id for zone in programme.zones}, {f"{DOOR}{role.value}" for role in OpeningRole}
    faults = [
        Fault(
            text("flow.kind", kind=kind.id),
            stop,
            text("flow.stops", zones=listed(sorted(zones))),
            text("flow.mend_chain"),
        )
        for kind in programme.visitors
        for stop in dict.fromkeys(kind.chain)
        if stop not in zones and stop not in doors
    ]
    faults += [
        Fault(
            text("flow.kind", kind=kind.id), listed(kind.chain) or "–", text("flow.two_stops"), text("flow.mend_chain")
        )
        for kind in programme.visitors
        if len(kind.chain) < 2
    ]
    if faults:
        raise InputError.of(faults[:20])


@dataclass(frozen=True, slots=True)
class _Way:
    """One stretch between two stops of a chain: its legs, what its walks count as, and the width that it keeps."""

    legs: tuple[Leg, ...]
    counted_m: float
    width_m: float
    at: Spot


class _Router:
    def __init__(self, grounds: Grounds) -> None:
        self.grounds = grounds
        self.apart: ApartWays | None = None
        self._data = read_data("flow.toml")
        self.walk = lru_cache(maxsize=None)(self._walk)
        self.gap = lru_cache(maxsize=None)(self._gap)

    def keep_apart(self, legs: Sequence[Leg]) -> None:
        """From now on staff leave their own ground only where they must, with the fewest of these ways of visitors crossed."""
        floors = dict.fromkeys(leg.floor for leg in legs)
        lines = {floor: _joined(leg for leg in legs if leg.floor == floor) for floor in floors}
        self.apart = ApartWays(self.grounds, lines)

    def entering(self) -> list[Leg]:
        """Returns the ways from second entrances to the main ones, from where all are led on: nobody says how many come by them."""
        start, end = f"{DOOR}{OpeningRole.SECOND.value}", f"{DOOR}{OpeningRole.MAIN.value}"
        doors = {(floor.id, _inside(door)) for floor in self.grounds.site.floors for door in floor.second_entrances}
        width = self._data["width_m"]["public"][0]
        spots = [spot for spot in self._spots(start, "public", width) if (spot.floor, spot.door) in doors]
        goals = self._spots(end, "public", width)
        ways = (self._best("public", start, end, [spot], goals) for spot in spots)
        return [leg for way in ways if way is not None for leg in way.legs]

    def route(self, kind: VisitorKind) -> tuple[Route, list[Blocked]]:
        """Returns the route along a chain of stops; stops that cannot be reached are left out and told."""
        network: RouteNetwork = kind.network
        legs: list[Leg] = []
        blocked: list[Blocked] = []
        widths = self._data["width_m"][network]
        width, here = widths[0], ""
        spots: list[Spot] = []
        for stop in kind.chain:
            goals = self._spots(stop, network, widths[0])
            if not here:
                here, spots = stop, goals
                if not spots:
                    blocked.append(Blocked(kind.id, stop, kind.chain[-1], "", widths[0], why=_lack(stop)))
                continue
            way = self._best(network, here, stop, spots, goals)
            if way is None:
                blocked.append(self._blocked(kind, (here, stop), widths[-1], spots, goals))
                here, spots = (here, spots) if spots else (stop, goals)
                continue
            legs += way.legs
            width, here, spots = min(width, way.width_m), stop, [way.at]
        route = Route(
            f"R-{kind.id}", kind.id, kind.name, network, tuple(legs), kind.per_day, width, kind.eye, kind.per_half_hour
        )
        return route, blocked

    def _blocked(
        self, kind: VisitorKind, ends: tuple[str, str], width: float, starts: list[Spot], goals: list[Spot]
    ) -> Blocked:
        """What is blocked, with the widest of the gaps on the floors that the way would lead over."""
        floor = (goals or starts or [Spot("", (0, 0), 0)])[0].floor
        entry, extent = Blocked(kind.id, *ends, floor, width), EXTENTS[kind.network][-1]
        if not starts or not goals:
            return replace(entry, why=_lack(ends[1] if starts else ends[0]))
        walks = [pair for a in starts for b in goals for pair in self._stages(kind.network, a, b)]
        gaps = [(self.gap(a, b, width, extent), a.floor) for a, b in walks if self.walk(a, b, extent, width) is None]
        if not gaps:
            return replace(entry, why="no_link")
        gap, floor = max(gaps, key=lambda found: found[0].width_m)
        return replace(entry, floor=floor, gap_m=gap.width_m, at=gap.at, beside=gap.beside, why=gap.why)

    def _stages(self, network: RouteNetwork, a: Spot, b: Spot) -> list[tuple[Spot, Spot]]:
        """The walks on single floors that lead from one spot to another, over each of the links between their floors."""
        if a.floor == b.floor:
            return [(a, b)]
        found = []
        for here, there in self._links(network, a.floor, b.floor):
            found += [(a, here), (there, b)]
        return found

    def _links(self, network: RouteNetwork, one: str, other: str) -> list[tuple[Spot, Spot]]:
        """Both ends of the stairs and lifts that two floors have, for visitors those of theirs; lifts alone for wheelchair users."""
        lower, above = self.grounds.site.floor(one), self.grounds.site.floor(other)
        upper = {link.id: link for link in above.links}
        return [
            (self._landing(lower, link), self._landing(above, upper[link.id]))
            for link in (lower.links if network == "staff" else lower.visitors_links)
            if link.id in upper and (network != "access" or link.kind is ObstacleKind.LIFT)
        ]

    def _landing(self, floor: Floor, link: VerticalLink) -> Spot:
        """Where people come to a stair or lift: before its door, near its middle where none is drawn."""
        at, walk = floor.landing(link), self._data["walk"]
        return Spot(floor.id, at, walk["link_reach_m" if at == link.at else "door_reach_m"], name=link.id)

    def _gap(self, start: Spot, end: Spot, width: float, extent: Extent) -> Gap:
        return narrowest(self.grounds, start, end, width, extent)

    def _best(self, network: RouteNetwork, here: str, stop: str, starts: list[Spot], goals: list[Spot]) -> _Way | None:
        """The way that counts least from any start to any goal, with the widest width and the strictest ground that has one."""
        for extent in EXTENTS[network]:
            for width in self._data["width_m"][network]:
                found = [self._way(network, extent, width, (here, stop), a, b) for a in starts for b in goals]
                ways = [way for way in found if way is not None]
                if ways:
                    return min(ways, key=lambda way: round(way.counted_m, 3))
        return None

    def _way(
        self, network: RouteNetwork, extent: Extent, width: float, ends: tuple[str, str], a: Spot, b: Spot
    ) -> _Way | None:
        if a.floor == b.floor:
            found = self.walk(a, b, extent, width)
            if found is None:
                return None
            return _Way((_leg(ends[0], ends[1], a.floor, found),), found.counted_m, width, b)
        return self._by_link(network, extent, width, ends, a, b)

    def _by_link(
        self, network: RouteNetwork, extent: Extent, width: float, ends: tuple[str, str], a: Spot, b: Spot
    ) -> _Way | None:
        """Over stairs or a lift that both floors have; lifts alone for wheelchair users. Staff take stairs of their own if they can."""
        links = self._links(network, a.floor, b.floor)
        own = {stair.id for stair in self.grounds.site.floor(a.floor).staff_stairs} if network == "staff" else set()
        apart = [pair for pair in links if pair[0].name in own]
        way = self._over(apart, extent, width, ends, a, b)
        if way is not None or (apart and extent != EXTENTS[network][-1]):
            return way
        return self._over([pair for pair in links if pair not in apart], extent, width, ends, a, b)

    def _over(
        self, links: list[tuple[Spot, Spot]], extent: Extent, width: float, ends: tuple[str, str], a: Spot, b: Spot
    ) -> _Way | None:
        """The way that counts least over one of some stairs and lifts."""
        best: _Way | None = None
        for before, after in links:
            name = f"{LINK}{before.name}"
            here, there = self.walk(a, before, extent, width), self.walk(after, b, extent, width)
            if here is None or there is None:
                continue
            legs = _leg(ends[0], name, a.floor, here), _leg(name, ends[1], b.floor, there)
            way = _Way(legs, here.counted_m + there.counted_m, width, b)
            if best is None or way.counted_m < best.counted_m - 1e-6:
                best = way
        return best

    def _walk(self, a: Spot, b: Spot, extent: Extent, width: float) -> Walk | None:
        if extent == "all" and self.apart is not None:
            return self.apart.walk(a, b, width)
        return walk(self.grounds, a, b, extent, width)

    def _spots(self, stop: str, network: RouteNetwork, width: float) -> list[Spot]:
        """The places that a stop of a chain stands for: every door of a role or of a room of the building, else a zone's own."""
        reach = self._data["walk"]["staff_door_reach_m" if network == "staff" else "reach_m"]
        if stop.startswith(DOOR):
            role = OpeningRole(stop.removeprefix(DOOR))
            return [
                Spot(floor, door_step(door, self.grounds.site.floor(floor), width), reach, door=_inside(door))
                for floor, door in self._doors(role)
            ]
        reach, zone = self._data["walk"]["reach_m"], self.grounds.zone(stop)
        if zone is None:
            return []
        floor = self.grounds.site.floor(zone.floor)
        if zone.is_fixed and not floor.usable.covers(zone.area.representative_point()):
            near = self._data["walk"]["door_reach_m"]
            fronts = [
                Spot(zone.floor, front, near, self.grounds.zone_at(zone.floor, front), _inside(door))
                for door, front in floor.fronts_of(zone.area)
            ]
            if fronts:
                return fronts
        return [Spot(zone.floor, target_in(zone, self.grounds.layout, network), reach, zone)]

    def _doors(self, role: OpeningRole) -> list[tuple[str, Opening]]:
        for wanted in (role, STAND_IN.get(role), STAND_IN.get(STAND_IN.get(role, role))):
            found = [(f.id, door) for f in self.grounds.site.floors for door in f.openings if door.role == wanted]
            if found:
                return found
        return []


def _lack(stop: str) -> Why:
    return "no_door" if stop.startswith(DOOR) else "not_placed"


def _inside(door: Opening) -> Point:
    return round_m(door.at[0]), round_m(door.at[1])


def _leg(start: str, end: str, floor: str, found: Walk) -> Leg:
    return Leg(start, end, floor, found.line, round_m(found.length_m))


def _joined(legs: Iterable[Leg]) -> BaseGeometry:
    """The lines of legs as one geometry; many kinds walk the same line, which is put in once."""
    return shapely.union_all(list({leg.line.wkb: leg.line for leg in legs}.values()))


def _crossings(routes: Iterable[Route], entering: Sequence[Leg]) -> tuple[tuple[str, Point], ...]:
    """Where a staff route meets a public one, or a way from a second entrance, as (floor, place)."""
    legs = [(route.network == "staff", leg) for route in routes for leg in route.legs]
    legs += [(False, leg) for leg in entering]
    found = set()
    for floor in sorted({leg.floor for _, leg in legs}):
        here = [(is_staff, leg) for is_staff, leg in legs if leg.floor == floor]
        staff, public = (_joined(leg for is_staff, leg in here if is_staff == of_staff) for of_staff in (True, False))
        for part in (p for p in shapely.get_parts(staff.intersection(public)) if not p.is_empty):
            x, y = shapely.get_coordinates(part)[0]
            found.add((floor, (round_m(float(x)), round_m(float(y)))))
    return tuple(sorted(found))
