"""Further doors of staff rooms that the staff walk through: where a room alone joins two parts of their ground."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from shapely.geometry import Polygon

from hallplan.furnish.behind import staff_floor
from hallplan.furnish.bench import Hall, limit
from hallplan.furnish.doors import Ask, Door, DoorSpot, ask_of, door_at, spots_of
from hallplan.furnish.edges import Walls
from hallplan.geometry.polygons import polygons_of
from hallplan.model.layout import PlacedZone
from hallplan.model.programme import Zone
from hallplan.model.site import Floor
from hallplan.model.space import box_at

BAND_M = 1.2
"""How deep the way behind counters is at least."""
PART_M2 = 3.0
"""Smaller pieces of ground lead nowhere."""
MOST_COST = 4.0
"""What a door opens onto: at most this bad (see doors), so onto ways of the staff, behind counters, or into another room."""
_ON_SHARE = 0.3
_Choice = tuple[float, float, int, int, DoorSpot, Ask]
"""How bad a door is, how far off the middle, the two parts that it joins, where it is, and its room."""


def through_doors(
    hall: Hall, floor: Floor, rooms: Sequence[tuple[Zone, PlacedZone]], building: Walls, doors: Sequence[Door]
) -> list[Door]:
    """Returns the fewest further doors of staff rooms that join the parts of the staff's ground, and rooms, that nothing joins.

    Onto ways of the staff and behind counters first, from room to room where nothing else will do.
    """
    staff = [(zone, placed) for zone, placed in rooms if zone.side == "staff"]
    parts = [*_own_parts(hall, floor), *(placed.area for _, placed in staff)]
    first = len(parts) - len(staff)
    group = list(range(len(parts)))
    count: dict[str, int] = {}
    for n, (zone, _) in enumerate(staff, first):
        mine = [door for door in doors if door.door.zone == zone.id]
        count[zone.id] = len(mine)
        for door in mine:
            _join(group, n, _part_at(parts, door.clear[1]))
    found: list[Door] = []
    for *_, n, other, spot, ask in sorted(_choices(hall, floor, staff, building, parts), key=lambda one: one[:4]):
        if group[n] != group[other]:
            _join(group, n, other)
            count[ask.zone.id] += 1
            found.append(door_at(ask, spot[1], spot[2], count[ask.zone.id], is_shutter=False))
    return found


def _join(group: list[int], one: int, other: int | None) -> None:
    if other is not None:
        old, new = group[one], group[other]
        group[:] = [new if number == old else number for number in group]


def _choices(
    hall: Hall, floor: Floor, staff: Sequence[tuple[Zone, PlacedZone]], building: Walls, parts: Sequence[Polygon]
) -> Iterator[_Choice]:
    """For each room the best door onto each other part."""
    for n, (zone, placed) in enumerate(staff, len(parts) - len(staff)):
        ask = ask_of(hall, floor, zone, placed, "staff", limit("door.staff_m"))
        for other, (cost, off, spot) in sorted(_best_spots(parts, spots_of(hall, ask, building), ask.width).items()):
            if other != n:
                yield cost, off, n, other, spot, ask


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
    return [part for part in polygons_of(joined) if part.area >= PART_M2]


def _behind(placed: PlacedZone) -> Polygon:
    """The strip at the back of a counter zone."""
    turn, (x, y) = math.radians((placed.front_deg or 0.0) + 180.0), placed.area.centroid.coords[0]
    x0, y0, x1, y1 = placed.area.bounds
    wide, deep = x1 - x0, y1 - y0
    reach = (wide if abs(math.cos(turn)) > abs(math.sin(turn)) else deep) / 2 - BAND_M / 2
    at = x + math.cos(turn) * reach, y + math.sin(turn) * reach
    return box_at(at, deep + wide, BAND_M, math.degrees(turn)).intersection(placed.area)


def _part_at(parts: Sequence[Polygon], before: Polygon) -> int | None:
    """The part that the floor before a door lies on."""
    shares = shapely.area(shapely.intersection(np.array(parts, dtype=object), before)) / before.area
    return int(np.argmax(shares)) if len(shares) and shares.max() >= _ON_SHARE else None


def _best_spots(
    parts: Sequence[Polygon], spots: Sequence[DoorSpot], width: float
) -> dict[int, tuple[float, float, DoorSpot]]:
    """By part, the door onto it that is least bad and nearest to the middle of its edge: how bad, how far off, the door."""
    best: dict[int, tuple[float, float, DoorSpot]] = {}
    half = width / 2
    for cost, edge, along in spots:
        if cost > MOST_COST:
            continue
        n = _part_at(parts, edge.strip(along - half, along + half, 0.0, limit("door.approach_m")))
        off = round(abs(along - edge.length / 2), 3)
        if n is not None and (n not in best or (cost, off) < best[n][:2]):
            best[n] = (cost, off, (cost, edge, along))
    return best
