"""What doors of staff rooms can spoil: counters without a place, turned from their front, or with a door before them."""

from __future__ import annotations

import math

from shapely.geometry import Point, Polygon

from hallplan.furnish.bench import limit
from hallplan.furnish.doors import AROUND_M
from hallplan.geometry.polygons import moved
from hallplan.model.layout import Layout, NewDoor, PlacedZone
from hallplan.model.programme import Programme
from hallplan.model.space import box_at, public_part

_TOUCH_M = 0.05
"""A door that meets visitors' floor by less than this much touches it only."""


def spoilt(layout: Layout, programme: Programme) -> tuple[int, int, int]:
    """Returns what doors of staff rooms can spoil: how many windows have no place and rooms no door, how many doors lie where
    visitors come to counters, how many counters are turned off the front.
    """
    lost = sum(short.asked - short.placed for short in layout.shortfalls if short.kind in ("counter", "door"))
    return lost, len(_before_counters(layout, programme)), len(_turned(layout))


def spoilt_zones(layout: Layout, programme: Programme) -> set[str]:
    """Returns the zones of counters without a place, turned from their front, or with a door before them."""
    before = _before_counters(layout, programme)
    lost = {short.zone for short in layout.shortfalls if short.kind == "counter"} | set(_turned(layout))
    return lost | {counters.zone for door, counters in _into_counters(layout, programme) if door in before}


def lacking(layout: Layout) -> int:
    """Returns how many pieces found no place."""
    return sum(short.asked - short.placed for short in layout.shortfalls)


def cramped(layout: Layout, programme: Programme) -> frozenset[str]:
    """Returns the rooms in which something found no place."""
    return frozenset(short.zone for short in layout.shortfalls if programme.zone(short.zone).is_enclosed)


def around_cramped(layout: Layout, programme: Programme) -> frozenset[str]:
    """Returns the rooms in which something found no place, and those whose doors may lie before theirs."""
    rooms = [placed for placed in layout.zones if programme.zone(placed.zone).is_enclosed]
    short = [room for room in rooms if room.zone in cramped(layout, programme)]
    return frozenset(room.zone for room in rooms if any(_is_near(room, one) for one in short))


def _is_near(room: PlacedZone, other: PlacedZone) -> bool:
    return room.floor == other.floor and bool(room.area.distance(other.area) <= AROUND_M)


def _turned(layout: Layout) -> list[str]:
    """The zones of counters that do not look the way of the public front, one for each such counter."""
    fronts = {placed.zone: placed.front_deg for placed in layout.zones if placed.front_deg is not None}
    windows = [piece for piece in layout.furniture if piece.window and piece.kind.startswith("counter")]
    return [
        one.zone
        for one in windows
        if math.cos(math.radians(one.facing_deg - fronts.get(one.zone, one.facing_deg))) < 0.9
    ]


def is_marred(layout: Layout, programme: Programme) -> bool:
    """Returns whether doors of staff rooms into counters lie on visitors' side of them, or something there or in those rooms lacks or is turned."""
    doors = _into_counters(layout, programme)
    touched = {door.zone for door, _ in doors} | {counters.zone for _, counters in doors}
    amiss = {short.zone for short in layout.shortfalls} | set(_turned(layout))
    return bool(_before_counters(layout, programme)) or not touched.isdisjoint(amiss)


def _into_counters(layout: Layout, programme: Programme) -> list[tuple[NewDoor, PlacedZone]]:
    """The doors of staff rooms that lead into counter zones, with these."""
    both = [placed for placed in layout.zones if programme.zone(placed.zone).side == "both"]
    staff = [door for door in layout.doors if door.network == "staff"]
    return [
        (door, placed)
        for door in staff
        for placed in both
        if placed.floor == door.floor
        and placed.area.contains(Point(*moved(door.at, door.facing_deg, door.width_m / 2)))
    ]


def _before_counters(layout: Layout, programme: Programme) -> list[NewDoor]:
    """The doors of staff rooms that open where visitors come to counters."""
    return [
        door
        for door, counters in _into_counters(layout, programme)
        if _outside(door).intersects(public_part(counters, layout).buffer(-_TOUCH_M))
    ]


def _outside(door: NewDoor) -> Polygon:
    """The floor that one steps on out of a door."""
    deep = limit("door.approach_m")
    return box_at(moved(door.at, door.facing_deg, deep / 2), door.width_m, deep, door.facing_deg)
