"""The floor behind counters: which doors of staff rooms lead onto it, and how staff come from there to their own door."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import shapely
from shapely.affinity import translate
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.furnish.bench import Hall, contact_m, limit, listed
from hallplan.furnish.coming import nearest_m, standing
from hallplan.furnish.edges import Edge
from hallplan.furnish.ground import Ground
from hallplan.geometry import Walkable
from hallplan.geometry.polygons import Floats, moved
from hallplan.kept import kept
from hallplan.model.layout import NewDoor, PlacedZone
from hallplan.model.programme import Zone
from hallplan.model.site import Floor, OpeningRole

AT_BACK = 180.0
"""The back of counters, turned from their front; an island has some there too."""
_ON_SHARE = 0.9
"""A door leads onto a floor when at least this share of what is kept free before it lies there."""
_KEPT = 200
"""How many floors behind counters are kept: those of all zones of a layout, as each place for a door beside them asks again."""
_WALKS_KEPT = 20
"""For how many floors the walks of staff are kept: those of a layout, as each of its staff rooms asks again."""


@kept(_KEPT)
def staff_floor(hall: Hall, placed: PlacedZone, *, seats: bool = True) -> BaseGeometry:
    """Returns the floor of a counter zone that lies behind the counters of every side that has some; without the seats on request."""
    if placed.front_deg is None:
        return Polygon()
    zone = hall.programme.zone(placed.zone)
    deep = line_m(hall, zone) + (0.0 if seats else limit("counter.seat_least_m"))
    floor: BaseGeometry = placed.area
    for turned in (0.0, *lined_sides(hall, placed)):
        turn = math.radians(placed.front_deg + turned)
        floor = floor.intersection(translate(placed.area, -deep * math.cos(turn), -deep * math.sin(turn)))
    return floor


def line_m(hall: Hall, zone: Zone) -> float:
    """Returns the depth from the front edge of a zone to the back of its counters, m."""
    windows = {window.id: window.type for window in hall.windows.windows}
    types = [kind for kind in hall.windows.types if kind.id in _types(zone, windows)]
    standing = bool(types) and all(kind.kind in listed("counter.standing") for kind in types)
    kinds = ("counter_standing", "counter_low") if standing else ("counter", "counter_low", "counter_standing")
    visitor = limit("counter.standing_visitor_m" if standing else "counter.visitor_m")
    return visitor + max(hall.kinds[kind].depth_m for kind in kinds)


def _types(zone: Zone, windows: dict[str, str]) -> set[str]:
    return {windows[id] for id in zone.windows if id in windows} or set(zone.window_types)


def lined_sides(hall: Hall, placed: PlacedZone) -> tuple[float, ...]:
    """Returns the sides of a zone that have counters besides its public front, turned from that, degrees."""
    return fronts_by_form(hall, placed, placed.front_deg or 0.0).get(placed.form, ())


def fronts_by_form(hall: Hall, placed: PlacedZone, front_deg: float) -> dict[str, tuple[float, ...]]:
    """Returns the further fronts of each form of counters, turned from the public front, degrees; sides along public ways first."""
    ground, ways = Ground(placed.area), hall.public_ways(placed.floor)

    def contact(turned: float) -> float:
        return contact_m(ground.view(front_deg + turned), ways, limit("counter.near_m"))

    sides = tuple(sorted((90.0, 270.0), key=lambda turned: -contact(turned)))
    return {"straight": (), "l": sides[:1], "u": sides, "island": (AT_BACK,)}


def is_onto(floor: BaseGeometry, before: Polygon) -> bool:
    """Whether the floor before a door lies on some floor."""
    return bool(floor.intersection(before).area >= _ON_SHARE * before.area)


@kept(_WALKS_KEPT)
def staff_walk(hall: Hall, floor: Floor) -> StaffWalk:
    """Returns the walks of staff on a floor, the same for all its rooms."""
    return StaffWalk(hall, floor)


@dataclass
class StaffWalk:
    """Walks of staff from the doors of rooms to their own door, on one floor of a layout that is not furnished yet."""

    hall: Hall
    floor: Floor

    def counters_at(self, before: Polygon) -> PlacedZone | None:
        """Returns the counter zone behind whose counters the floor before a door lies, None for any other floor."""
        return next((placed for placed, behind in self._behind if is_onto(behind, before)), None)

    def leads_out(self, door: NewDoor) -> bool:
        """Returns whether staff come to a door from their own, where they have one."""
        return (
            not self._goals or self._among_m(moved(door.at, door.facing_deg, limit("door.approach_m") / 2)) < math.inf
        )

    def lengths_m(self, spots: Sequence[tuple[float, float]]) -> Floats:
        """Returns how far staff walk on their own floor from each of some spots to the nearest of their doors, m, (n,); inf for no way."""
        return nearest_m(self._own_ground, self._goals, spots)

    def among_m(self, edge: Edge, along: float) -> float:
        """Returns how far staff walk from a door among visitors before they reach their own, m; inf where they cannot."""
        return self._among_m(edge.at(along, limit("door.approach_m") / 2))

    def _among_m(self, start: tuple[float, float]) -> float:
        ground = self._ground
        near = limit("general.way_least_m")
        parts = {int(part) for part in (ground.distances_to_parts(start) <= near).nonzero()[0]}
        ways = []
        for goal in self._goals:
            for part in sorted(parts & {int(p) for p in (ground.distances_to_parts(goal) <= near).nonzero()[0]}):
                ways.append(ground.path(ground.snap(start, part), ground.snap(goal, part)))
        if not ways:
            return math.inf
        points = min(ways, key=lambda way: way.length).points
        return float(LineString(points).difference(self._own).length) if len(points) > 1 else 0.0

    @cached_property
    def _goals(self) -> Sequence[tuple[float, float]]:
        """Places inside the staff's doors of the floor, else the stairs and lifts that they come up by."""
        doors = self.floor.with_role(OpeningRole.STAFF) or self.floor.with_role(OpeningRole.SECOND)
        inside = [moved(door.at, door.inward_deg, limit("general.way_least_m")) for door in doors]
        links = self.floor.staff_stairs or self.floor.links
        return inside or [self.floor.landing(link) for link in links]

    @cached_property
    def _zones(self) -> list[tuple[Zone, PlacedZone]]:
        here = [placed for placed in self.hall.layout.zones if placed.floor == self.floor.id]
        return [(self.hall.programme.zone(placed.zone), placed) for placed in here]

    @cached_property
    def _behind(self) -> list[tuple[PlacedZone, BaseGeometry]]:
        both = [placed for zone, placed in self._zones if zone.side == "both" and placed.front_deg is not None]
        return [(placed, staff_floor(self.hall, placed)) for placed in both]

    @cached_property
    def _own(self) -> BaseGeometry:
        """The staff's own floor, a hair wider so that ways along its edge lie on it: their ways, open zones and behind counters."""
        own: list[BaseGeometry] = [*self.hall.staff_ways(self.floor.id)]
        own += [behind for _, behind in self._behind]
        own += [placed.area for zone, placed in self._zones if zone.side == "staff" and not zone.is_enclosed]
        return shapely.union_all(own).buffer(limit("general.column_m"))

    @cached_property
    def _ground(self) -> Walkable:
        """Floor that no room, no line of counters and nothing built stands on."""
        taken = [placed.area for zone, placed in self._zones if zone.is_enclosed]
        taken += [placed.area.difference(behind) for placed, behind in self._behind]
        free = self.floor.usable.difference(shapely.union_all([*standing(self.floor), *taken]))
        return Walkable(free, limit("general.way_least_m") / 2, quarter_segments=1)

    @cached_property
    def _own_ground(self) -> Walkable:
        """That floor as far as it is the staff's own."""
        return Walkable(self._ground.free.intersection(self._own), limit("general.way_least_m") / 2, quarter_segments=1)
