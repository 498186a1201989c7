"""Further doors of staff rooms that the staff walk through: where a room alone joins two parts of their ground."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.furnish.behind import staff_floor
from hallplan.furnish.bench import Hall, limit
from hallplan.furnish.doors import Ask, Door, DoorSpot, DoorWays, ask_of, door_at, spots_of
from hallplan.furnish.edges import Walls
from hallplan.geometry.polygons import moved, polygons_of
from hallplan.kept import kept
from hallplan.model.layout import PlacedZone
from hallplan.model.programme import Zone
from hallplan.model.site import Floor, Opening
from hallplan.model.space import box_at

KEPT = 8
"""For how many floors of layouts that are furnished the floor of the visitors is kept."""
SPARED = 4
"""Of each of them doors are kept for so many groups of zones that they may not open onto."""
BAND_M = 1.2
"""How deep the way behind counters is at least."""
PART_M2, OPEN_M2 = 3.0, 6.0
"""Smaller pieces of ground, of the staff's and of the visitors', lead nowhere."""
MOST_COST = 4.0
"""What a door opens onto: at most this bad (see doors), so onto ways of the staff, behind counters, or into another room."""
_ON_SHARE = 0.3
_SLACK_M = 0.01
_Choice = tuple[float, float, int, int, DoorSpot, Ask]
"""How bad a door is, how far off the middle, the two parts that it joins, where it is, and its room."""
_OUTSIDE, _LAST = -1, 10.0
"""Stands for the ways of visitors among parts, onto which a room has a further door only where no way leads out else."""


def through_doors(
    hall: Hall,
    floor: Floor,
    rooms: Sequence[tuple[Zone, PlacedZone]],
    building: Walls,
    stand: tuple[Sequence[Opening], Sequence[Door]],
    may: DoorWays,
) -> tuple[list[Door], list[Door]]:
    """Returns the fewest further doors of staff rooms that join the parts of the staff's ground, and rooms, that nothing joins:
    first those without which one could not walk out of a part, then, where they may be joined, the others.

    Onto ways of the staff and behind counters first, from room to room where nothing else will do.
    stand: the drawing's doors whose wall stays, and those that rooms have so far.
    """
    drawn, doors = stand
    among, ways = _parts(hall, floor, rooms), visitors_floor(hall, floor)
    parts, staff = among.areas, among.rooms
    first = len(parts) - len(staff)
    groups = _Groups(
        [_leads_outside(floor, part) or (n < first and _is_beside(ways, part)) for n, part in enumerate(parts)]
    )
    for one, other in _joined_by_doors(drawn, parts, ways):
        groups.join(one, other)
    count: dict[str, int] = {}
    for n, (zone, _) in enumerate(staff, first):
        mine = [door for door in doors if door.door.zone == zone.id]
        count[zone.id] = len(mine)
        for door in mine:
            other = among.at(door.clear[1])
            if other != _OUTSIDE or _is_onto(ways, door.clear[1]):
                groups.join(n, other)
    needed: list[Door] = []
    joining: list[Door] = []
    passes = [(needed, groups.is_wanted, spared) for spared in dict.fromkeys((may.spared, frozenset[str]()))]
    passes += [(joining, groups.are_apart, may.spared)] if may.is_joining else []
    for found, wants, spared in passes:
        for *_, n, other, spot, ask in _choices(hall, floor, among, building, spared):
            if wants(n, other):
                groups.join(n, other)
                count[ask.zone.id] += 1
                found.append(door_at(ask, spot[1], spot[2], count[ask.zone.id], is_shutter=False))
    return needed, joining


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of the staff's ground, the last of which are their rooms, found fast by place."""

    areas: Sequence[Polygon]
    rooms: Sequence[tuple[Zone, PlacedZone]]
    tree: shapely.STRtree

    def at(self, before: Polygon) -> int:
        """Returns the part that the floor before a door lies on, that of the visitors else."""
        best, part = 0.0, _OUTSIDE
        for n in sorted(self.tree.query(before).tolist()):
            share = self.areas[n].intersection(before).area / before.area
            if share > best:
                best, part = share, n
        return part if best >= _ON_SHARE else _OUTSIDE


@dataclass(frozen=True, slots=True)
class _Ground:
    """The parts of the staff's ground and their rooms, the floor of the visitors, and floor that no door is to open onto."""

    parts: _Parts
    ways: BaseGeometry
    spared: BaseGeometry


class _Groups:
    """Which parts are joined, and from which of these one can walk out."""

    def __init__(self, is_open: Sequence[bool]) -> None:
        self._group = list(range(len(is_open)))
        self._is_open = list(is_open)

    def join(self, one: int, other: int) -> None:
        """Joins two parts, or one with the ways of visitors."""
        if other == _OUTSIDE:
            self._is_open[one] = True
            return
        old, new = self._group[one], self._group[other]
        self._group = [new if number == old else number for number in self._group]

    def are_apart(self, one: int, other: int) -> bool:
        """Returns whether nothing joins two parts of the staff's."""
        return other != _OUTSIDE and self._group[one] != self._group[other]

    def is_wanted(self, one: int, other: int) -> bool:
        """Returns whether two parts are to be joined since no way leads out of one of them."""
        if other == _OUTSIDE:
            return self._is_shut(one)
        return self.are_apart(one, other) and (self._is_shut(one) or self._is_shut(other))

    def _is_shut(self, one: int) -> bool:
        here = self._group[one]
        return not any(is_open for number, is_open in zip(self._group, self._is_open, strict=True) if number == here)


def _leads_outside(floor: Floor, part: Polygon) -> bool:
    """Whether a door to the outside opens into a part."""
    reach = limit("door.reach_m")
    doors = (door for door in floor.openings if door.is_exterior)
    return any(part.covers(Point(moved(door.at, door.inward_deg, reach))) for door in doors)


def _joined_by_doors(
    drawn: Sequence[Opening], parts: Sequence[Polygon], ways: BaseGeometry
) -> Iterator[tuple[int, int]]:
    """The parts that inner doors of the drawing join with each other, or with the floor of the visitors."""
    reach = limit("door.reach_m")
    for door in drawn:
        if door.is_exterior:
            continue
        sides = [Point(moved(door.at, door.inward_deg + turn, reach)) for turn in (0.0, 180.0)]
        one, other = (next((n for n, part in enumerate(parts) if part.covers(side)), _OUTSIDE) for side in sides)
        if one != _OUTSIDE and (other != _OUTSIDE or ways.covers(sides[1])):
            yield one, other
        elif other != _OUTSIDE and ways.covers(sides[0]):
            yield other, one


@kept(KEPT)
def visitors_floor(hall: Hall, floor: Floor) -> BaseGeometry:
    """Returns the floor that visitors walk on: what is neither the staff's nor in rooms and behind counters, but for pieces that lead nowhere."""
    closed = [placed.area for placed in hall.layout.zones if placed.floor == floor.id and _is_closed(hall, placed)]
    rest = polygons_of(floor.usable.difference(shapely.union_all([*closed, *hall.staff_ways(floor.id)])))
    ways = shapely.union_all(hall.public_ways(floor.id))
    led_to = [
        part for part in rest if part.area >= OPEN_M2 and (ways.is_empty or part.intersection(ways).area > _SLACK_M)
    ]
    joined = shapely.union_all(led_to)
    shapely.prepare(joined)
    return joined


def _is_closed(hall: Hall, placed: PlacedZone) -> bool:
    zone = hall.programme.zone(placed.zone)
    return zone.is_enclosed or zone.side != "public"


def _is_onto(ways: BaseGeometry, before: Polygon) -> bool:
    """Whether the floor before a door is that of the visitors."""
    if not ways.intersects(before):
        return False
    return bool(before.intersection(ways).area >= _ON_SHARE * before.area)


def _is_beside(ways: BaseGeometry, part: Polygon) -> bool:
    """Whether a way out leads from a part onto the floor of the visitors: something so wide can be pushed from one to the other."""
    half = limit("door.through_m") / 2
    near = ways.intersection(part.buffer(4 * half)).buffer(_SLACK_M, join_style="mitre")
    joined = shapely.union_all([part, near]).buffer(_SLACK_M - half, join_style="mitre")
    own = part.buffer(-half / 2)
    return any(core.intersects(own) and core.intersects(near.difference(part)) for core in polygons_of(joined))


@kept(KEPT)
def _parts(hall: Hall, floor: Floor, rooms: Sequence[tuple[Zone, PlacedZone]]) -> _Parts:
    staff = [(zone, placed) for zone, placed in rooms if zone.side == "staff"]
    areas = [*_own_parts(hall, floor), *(placed.area for _, placed in staff)]
    return _Parts(areas, staff, shapely.STRtree(areas))


@kept(KEPT * SPARED)
def _choices(hall: Hall, floor: Floor, parts: _Parts, building: Walls, spared: frozenset[str]) -> list[_Choice]:
    """For each room the best door onto each other part, and onto the floor of visitors, the least bad first; where none so wide as doors of
    staff fits, one that is as wide as a way out.  spared: zones onto which none is to open.  Kept: drafts of one layout ask for the same."""
    shy = shapely.union_all([placed.area for placed in hall.layout.zones if placed.zone in spared])
    ground, found = _Ground(parts, visitors_floor(hall, floor), shy), list[_Choice]()
    for n, (zone, placed) in enumerate(parts.rooms, len(parts.areas) - len(parts.rooms)):
        met = {n}
        for width in (limit("door.staff_m"), limit("door.through_m")):
            ask = ask_of(hall, floor, zone, placed, "staff", width)
            best = _best_spots(ground, spots_of(hall, ask, building), ask.width)
            for other, (cost, off, spot) in best.items():
                if other not in met:
                    found.append((cost + _LAST * (other == _OUTSIDE), off, n, other, spot, ask))
            met |= best.keys()
    return sorted(found, key=lambda one: one[:4])


def _own_parts(hall: Hall, floor: Floor) -> list[Polygon]:
    """The connected parts of what is the staff's outside rooms: their ways, open zones, and the ways behind counters."""
    own = [*hall.staff_ways(floor.id)]
    for placed in hall.layout.zones:
        zone = hall.programme.zone(placed.zone)
        if placed.floor == floor.id and zone.side == "staff" and not zone.is_enclosed:
            own.append(placed.area)
        if placed.floor == floor.id and zone.side == "both" and placed.front_deg is not None:
            own += [_behind(placed), staff_floor(hall, placed)]
    joined = shapely.union_all(own).buffer(0.05, join_style="mitre")
    return [part for whole in polygons_of(joined) for part in _cut_at_necks(whole) if part.area >= PART_M2]


def _cut_at_necks(whole: Polygon) -> list[Polygon]:
    """The parts of a piece of floor between which it is narrower than a way out and the walls beside it; those parts of it alone
    that are as wide, unless none is."""
    half = limit("general.way_m") / 2 - _SLACK_M
    cores = polygons_of(whole.buffer(-half, join_style="mitre"))
    if len(cores) < 2:
        return [whole]
    return [part for core in cores for part in polygons_of(core.buffer(half, join_style="mitre").intersection(whole))]


def _behind(placed: PlacedZone) -> Polygon:
    """The strip at the back of a counter zone."""
    turn, (x, y) = math.radians((placed.front_deg or 0.0) + 180.0), placed.area.centroid.coords[0]
    x0, y0, x1, y1 = placed.area.bounds
    wide, deep = x1 - x0, y1 - y0
    reach = (wide if abs(math.cos(turn)) > abs(math.sin(turn)) else deep) / 2 - BAND_M / 2
    at = x + math.cos(turn) * reach, y + math.sin(turn) * reach
    return box_at(at, deep + wide, BAND_M, math.degrees(turn)).intersection(placed.area)


def _best_spots(ground: _Ground, spots: Sequence[DoorSpot], width: float) -> dict[int, tuple[float, float, DoorSpot]]:
    """By part, the door onto it that is least bad and nearest to the middle of its edge: how bad, how far off, the door."""
    best: dict[int, tuple[float, float, DoorSpot]] = {}
    half = width / 2
    for cost, edge, along in spots:
        if cost > MOST_COST:
            continue
        before = edge.strip(along - half, along + half, 0.0, limit("door.approach_m"))
        if ground.spared.intersects(before) and before.intersection(ground.spared).area > _SLACK_M:
            continue
        n, off = ground.parts.at(before), round(abs(along - edge.length / 2), 3)
        if n == _OUTSIDE and not _is_onto(ground.ways, before):
            continue
        if n not in best or (cost, off) < best[n][:2]:
            best[n] = (cost, off, (cost, edge, along))
    return best
