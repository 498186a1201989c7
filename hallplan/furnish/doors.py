"""Where a room's door goes: on the edge that meets the right way, with room to open and to walk up to it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.furnish.behind import AT_BACK, StaffWalk, is_onto, lined_sides, staff_floor, staff_walk
from hallplan.furnish.bench import Hall, limit
from hallplan.furnish.coming import VisitorWalk, visitor_walk
from hallplan.furnish.edges import Edge, Walls, bare, edges_of
from hallplan.geometry.clipping import clipped
from hallplan.kept import kept
from hallplan.model.layout import Network, NewDoor, PlacedZone
from hallplan.model.programme import Need, Zone
from hallplan.model.site import Floor, ObstacleKind, Opening, OpeningRole
from hallplan.model.space import opens_into, standing_doors
from hallplan.units import round_m

_STEP_M = 0.2
_HARDLY_FARTHER_M = 2.0
"""Doors to which those who come walk so much farther than to the nearest are taken as no farther."""
_NOWHERE = 9.0
_BEHIND, _BESIDE, _AT_SEATS = 0.5, 0.55, 0.6
"""How bad doors onto the floor behind counters are: through their back, their side, and their side where the chairs stand."""
_FROM_BACK = 1.0
"""How bad a door through the back of counters is where they are too shallow for it, or staff come no better to their own door."""
_ON_WAY, _PARTLY = 0.4, 0.1
"""A door opens onto a way that has this share of the floor before it. How bad a door of staff is for the rest of that floor: this counts on
one edge alone, not between edges."""
_AMONG_M = 0.5
"""Walks among visitors that differ by less are the same."""
_AMONG_OTHERS = 6.0
"""A door of staff onto floor of the visitors, of a zone of theirs or before counters: only where there is no other."""
_AT_WALL, _ACROSS = 8.0, 0.1
"""A door before which the wall of another room ends, or runs: only where there is no other. Share of the floor before it beyond that wall."""
AROUND_M = 3.0
"""What lies this near to a room is looked at for its doors."""
_KEPT = 200
"""Of how many rooms the places for doors are kept: those of all of a layout, which is furnished with different doors of them."""
DoorSpot = tuple[float, Edge, float]
"""How bad the way before a door is, its edge, and metres along it."""


@dataclass(frozen=True, slots=True)
class Door:
    """A new door, its opening from jamb to jamb, and the floor on both sides that must stay free."""

    door: NewDoor
    line: LineString
    clear: tuple[Polygon, ...]
    is_shutter: bool


@dataclass(frozen=True, slots=True)
class DoorWays:
    """What the doors of staff rooms may do: join parts of the staff's ground, lead onto the floor behind counters before others.

    spared: zones into which no door opens that only joins.  central: rooms whose door lies nearest the middle of an edge, however
    far those who come walk to it.
    """

    is_joining: bool = True
    is_behind: bool = True
    spared: frozenset[str] = frozenset()
    central: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ask:
    """A room that wants doors, with what lies around it."""

    zone: Zone
    placed: PlacedZone
    network: Network
    width: float
    blocked: BaseGeometry
    ways: BaseGeometry
    usable: BaseGeometry
    floor: Floor


def choose_doors(
    hall: Hall, floor: Floor, zone: Zone, placed: PlacedZone, building: Walls, ways: DoorWays
) -> list[Door]:
    """Returns the doors of one enclosed zone; notes a shortfall when it can have none."""
    network: Network = "staff" if zone.side == "staff" else "public"
    is_24h = Need.H24_DOOR in zone.needs
    if is_24h:
        own = any(opens_into(opening, placed.area) for opening in floor.with_role(OpeningRole.H24))
        hall.lacks(zone.id, "door", 1, int(own), "no_outside_door")
    width = limit("door.shutter_m") if is_24h else limit(f"door.{network}_m")
    ask = ask_of(hall, floor, zone, placed, network, width)
    x0, y0, x1, y1 = placed.area.bounds
    spots: Sequence[DoorSpot] = spots_of(hall, ask, building)
    if network == "staff":
        spots = _leading_on(staff_walk(hall, floor), ask, spots, is_behind=ways.is_behind)
    if network == "public" and not is_24h and all(spot[0] >= 1.0 for spot in spots):
        least = replace(
            ask, width=limit("door.public_least_m")
        )  # a way may meet the room over no more than its own width
        narrow = [spot for spot in spots_of(hall, least, building) if spot[0] < 1.0]
        ask, spots = (least, narrow) if narrow else (ask, spots)
    walk = staff_walk(hall, floor) if network == "staff" else visitor_walk(hall, floor)
    outer = [opening.at for opening in floor.with_role(OpeningRole.H24) if opens_into(opening, placed.area)]
    if is_24h and outer:
        chosen = _beside(spots, outer[0])
    else:
        spots = spots if zone.id in ways.central else _nearest(walk, spots)
        chosen = _even(spots, is_shallow=min(x1 - x0, y1 - y0) < limit("door.shallow_m"))
    if not chosen and not any(_touches(opening, placed) for opening in _inner(floor)):
        hall.lacks(zone.id, "door", 1, 0, "no_door")
    return [door_at(ask, edge, along, number, is_24h) for number, (_, edge, along) in enumerate(chosen, 1)]


def door_into(
    hall: Hall, floor: Floor, zone: Zone, placed: PlacedZone, edge: Edge, width: float
) -> tuple[float, NewDoor, LineString] | None:
    """Returns how bad, the door and its opening of the best staff door of some width on a stretch; None where none fits."""
    ask = ask_of(hall, floor, zone, placed, "staff", width)
    margin = width / 2
    steps = max(0, int((edge.length - 2 * margin) // _STEP_M))
    alongs = [margin + k * (edge.length - 2 * margin) / max(1, steps) for k in range(steps + 1)]
    costs = _costs(hall, ask, edge, alongs)
    cost, along = min((cost, abs(a - edge.length / 2), a) for cost, a in zip(costs, alongs, strict=True))[::2]
    if cost >= _NOWHERE:
        return None
    made = door_at(ask, edge, along, 0, is_shutter=False)
    return cost, replace(made.door, id=f"{zone.id}-S1"), made.line


@kept(_KEPT)
def ask_of(hall: Hall, floor: Floor, zone: Zone, placed: PlacedZone, network: Network, width: float) -> Ask:
    """Returns what is looked at around a zone for its doors."""
    ways = hall.staff_ways(floor.id) if network == "staff" else hall.public_ways(floor.id)
    x0, y0, x1, y1 = placed.area.bounds
    near = x0 - AROUND_M, y0 - AROUND_M, x1 + AROUND_M, y1 + AROUND_M
    solid = [o.area for o in floor.obstacles if o.is_fixed and o.kind != ObstacleKind.VOID]
    around = [
        shapely.union_all(clipped(np.array(shapes, dtype=object), near)) for shapes in (solid, ways, [floor.usable])
    ]
    shapely.prepare(around[0])
    return Ask(zone, placed, network, width, around[0], around[1], around[2], floor)


def openings_clear(floor: Floor, zones: list[Polygon], demolished: Sequence[LineString]) -> list[Polygon]:
    """Returns the floor that must stay free before the drawing's doors: inside of outer ones, both sides of inner ones.

    demolished: lines along which walls come down; a door goes with its wall.
    """
    clear = []
    for opening in standing_doors(floor, demolished):
        depth = limit("door.exterior_approach_m" if opening.is_exterior else "door.approach_m")
        turn = math.radians(opening.inward_deg)
        inward = math.cos(turn), math.sin(turn)
        half = opening.width_m / 2
        side = -inward[1] * half, inward[0] * half
        back = 0.0 if opening.is_exterior else -depth
        (x, y), (nx, ny), (sx, sy) = opening.at, inward, side
        reach = depth + 0.3  # the wall's own thickness
        corners = [
            (x + nx * d + sx * k, y + ny * d + sy * k) for d, k in ((back, -1), (back, 1), (reach, 1), (reach, -1))
        ]
        strip = Polygon(corners)
        if opening.is_exterior or not _is_deep(zones, shapely.Point(opening.at), depth):
            clear.append(strip)
    return clear


def _is_deep(zones: list[Polygon], spot: shapely.Point, depth: float) -> bool:
    """Whether a point lies in a zone with more than `depth` of it all round."""
    within = np.array(zones, dtype=object)[shapely.contains(zones, spot)] if zones else []
    return any(zone.boundary.distance(spot) > depth for zone in within)


def _inner(floor: Floor) -> list[Opening]:
    return [opening for opening in floor.openings if not opening.is_exterior]


def _touches(opening: Opening, placed: PlacedZone) -> bool:
    return bool(placed.area.distance(opening.line) < limit("door.reach_m"))


@kept(_KEPT)
def spots_of(hall: Hall, ask: Ask, building: Walls) -> tuple[DoorSpot, ...]:
    """Returns the possible doors on the stretches of the zone's edge that are no building wall."""
    is_least = ask.width < limit(f"door.{ask.network}_m") - 1e-6
    margin = ask.width / 2 + limit("door.jamb_least_m" if is_least else "door.jamb_m")
    spots: list[DoorSpot] = []
    for edge in edges_of(ask.placed.area):
        for part in bare(edge, building.along(edge, limit("partition.along_m")), 2 * margin):
            steps = int((part.length - 2 * margin) // (2 * _STEP_M))
            alongs = [part.length / 2 + k * _STEP_M for k in range(-steps, steps + 1)]
            alongs = [margin, *alongs, part.length - margin] if is_least else alongs
            costs = _costs(hall, ask, part, alongs)
            spots += [(cost, part, along) for cost, along in zip(costs, alongs, strict=True) if cost < _NOWHERE]
    return tuple(spots)


def _beside(spots: Sequence[DoorSpot], outer: tuple[float, float]) -> list[DoorSpot]:
    """The best spot nearest to an outside door, so that the far side is left for machines and the room behind them."""
    far = [(cost, round(math.dist(edge.at(along), outer), 2), edge.a, along) for cost, edge, along in spots]
    best = min(range(len(spots)), key=far.__getitem__, default=None)
    return [] if best is None else [spots[best]]


def _nearest(walk: StaffWalk | VisitorWalk, spots: Sequence[DoorSpot]) -> Sequence[DoorSpot]:
    """The spots on the edges to whose best door they walk least of all edges with one as good, or hardly more."""
    best = {edge: min((spot for spot in spots if spot[1] == edge), key=_order) for edge in {spot[1] for spot in spots}}
    least = min((_grade(cost) for cost, _, _ in best.values()), default=0.0)
    good = sorted((spot for spot in best.values() if _grade(spot[0]) <= least), key=_order)
    if len(good) < 2:
        return spots
    before = [edge.at(along, limit("door.approach_m") / 2) for _, edge, along in good]
    lengths = walk.lengths_m(before)
    near = {spot[1] for spot, length in zip(good, lengths, strict=True) if length <= lengths.min() + _HARDLY_FARTHER_M}
    return [spot for spot in spots if spot[1] in near]


def _even(spots: Sequence[DoorSpot], *, is_shallow: bool) -> list[DoorSpot]:
    """The best spot nearest the middle of its edge, of a shallow room nearest its end; on a long edge several, evenly apart."""
    if not spots:
        return []
    _, edge, _ = min(spots, key=_order)
    here = [spot for spot in spots if spot[1] == edge]
    count = 1 + int(edge.length // limit("door.one_per_m"))
    if is_shallow and count == 1:  # a door in the middle would leave no corner for a table
        return [min(here, key=lambda s: (s[0], round(min(s[2], edge.length - s[2]), 3), s[2]))]
    chosen = []
    for number in range(count):
        goal = edge.length * (number + 0.5) / count
        near = [spot for spot in here if abs(spot[2] - goal) <= edge.length / count / 2]
        if near:
            chosen.append(min(near, key=lambda s: (s[0], round(abs(s[2] - goal), 3), s[2])))
    return chosen


def _costs(hall: Hall, ask: Ask, edge: Edge, alongs: list[float]) -> list[float]:
    """How bad each door along an edge is: what lies before it, with room to open it and to stand on both sides."""
    half, reach = ask.width / 2, limit("door.approach_m")
    outer = np.array([edge.strip(along - half, along + half, 0.0, reach) for along in alongs])
    inner = np.array([edge.strip(along - half, along + half, -ask.width, 0.0) for along in alongs])
    size = ask.width * reach
    fits = shapely.area(shapely.intersection(inner, ask.placed.area)) >= 0.98 * ask.width**2
    fits &= ~shapely.intersects(ask.blocked, inner) & ~shapely.intersects(ask.blocked, outer)
    fits &= shapely.area(shapely.intersection(outer, ask.usable)) >= 0.9 * size
    on_ways = shapely.area(shapely.intersection(outer, ask.ways)) / size
    costs = 1.0 - np.minimum(1.0, on_ways / _ON_WAY)
    if ask.network == "staff":  # what is not theirs before a door is visitors', as a rule
        costs = np.where(on_ways >= _ON_WAY, _PARTLY * (1.0 - on_ways), costs)
    beyond = edge.strip(0.0, edge.length, 0.0, reach)
    for other in hall.layout.zones:
        if other.floor == ask.floor.id and other.area.intersects(beyond):
            zone, share = hall.programme.zone(other.zone), shapely.area(shapely.intersection(outer, other.area)) / size
            if zone.is_enclosed:
                costs = np.where((share > _ACROSS) & (share < 1.0 - _ACROSS), np.maximum(costs, _AT_WALL), costs)
            if other.zone == ask.zone.id:
                continue
            meets = share > 0.05
            if zone.side == "both":
                behind = np.array([_behind(hall, ask, other, edge, before) for before in outer])
                costs = np.where(meets, np.where(costs > 1.0, np.maximum(costs, behind), behind), costs)
            else:
                costs = np.where(meets, np.maximum(costs, _into(hall, ask, other)), costs)
    return [float(cost) for cost in np.where(fits, np.round(costs, 2), _NOWHERE)]


def _behind(hall: Hall, ask: Ask, counters: PlacedZone, edge: Edge, before: Polygon) -> float:
    """How bad a door into counters is with the floor `before` it: staff enter from behind, or from a side behind the line."""
    if ask.network == "public" or counters.front_deg is None:
        return _NOWHERE
    faces_back = _faces_back(edge, counters)
    if is_onto(staff_floor(hall, counters), before):
        if faces_back:
            return _BEHIND
        return _BESIDE if is_onto(staff_floor(hall, counters, seats=False), before) else _AT_SEATS
    if not faces_back:
        return _NOWHERE
    return _AMONG_OTHERS if AT_BACK in lined_sides(hall, counters) else _FROM_BACK


def _faces_back(edge: Edge, counters: PlacedZone) -> bool:
    out = math.degrees(math.atan2(edge.out[1], edge.out[0]))
    return math.cos(math.radians(out - (counters.front_deg or 0.0))) > 0.9


def _leading_on(walk: StaffWalk, ask: Ask, spots: Sequence[DoorSpot], *, is_behind: bool) -> list[DoorSpot]:
    """The doors of a staff room, those onto the floor behind counters only where staff come from there to their own door, and
    walk no further among visitors than from the best of the others; those through the back stay as one way among others.
    """
    into = {spot: counters for spot in spots if (counters := _counters_at(walk, ask, spot)) is not None}
    least = min((spot for spot in spots if spot not in into), key=_order, default=None)
    among_m = math.inf if least is None else walk.among_m(*least[1:])
    leading = {}
    for edge in {spot[1] for spot in into}:
        far = walk.among_m(*min((spot for spot in into if spot[1] == edge), key=_order)[1:])
        leading[edge] = is_behind and far < math.inf and far <= among_m + _AMONG_M
    found = []
    for spot in spots:
        if spot not in into or leading[spot[1]]:
            found.append(spot)
        elif _faces_back(spot[1], into[spot]):
            found.append((_FROM_BACK, *spot[1:]))
    return found


def _counters_at(walk: StaffWalk, ask: Ask, spot: DoorSpot) -> PlacedZone | None:
    cost, edge, along = spot
    if not _BEHIND <= cost <= _AT_SEATS:
        return None
    half = ask.width / 2
    return walk.counters_at(edge.strip(along - half, along + half, 0.0, limit("door.approach_m")))


def _order(spot: DoorSpot) -> tuple[float, float, float, tuple[float, float], float]:
    """The least bad first, those nearest to the middle of their edge, those on long edges."""
    cost, edge, along = spot
    return _grade(cost), round(abs(along - edge.length / 2), 3), -edge.length, edge.a, along


def _grade(cost: float) -> float:
    """How bad a door is, but for how much of the floor before it is no way where most is."""
    return cost if cost >= _PARTLY else 0.0


def _into(hall: Hall, ask: Ask, other: PlacedZone) -> float:
    """How bad a door into another zone without counters is; visitors may enter any open public zone."""
    zone = hall.programme.zone(other.zone)
    if zone.side != ask.network:
        return _NOWHERE if ask.network == "public" else _AMONG_OTHERS
    return 4.0 if zone.is_enclosed else 2.0


def door_at(ask: Ask, edge: Edge, along: float, number: int, is_shutter: bool) -> Door:
    """Returns the door of a room at a place on its edge, with the floor on both sides that it needs."""
    half = ask.width / 2
    x, y = edge.at(along)
    out = math.degrees(math.atan2(edge.out[1], edge.out[0])) % 360.0
    id = f"{ask.zone.id}-D{number}"
    door = NewDoor(
        id, ask.floor.id, (round_m(x), round_m(y)), ask.width, round(out, 4), ask.zone.id, ask.network
    )  # fmt: skip
    clear = (
        edge.strip(along - half, along + half, -max(ask.width, limit("door.approach_m")), 0.0),
        edge.strip(along - half, along + half, 0.0, limit("door.approach_m") + 0.2),
    )
    return Door(door, edge.part(along - half, along + half).line(), clear, is_shutter)
