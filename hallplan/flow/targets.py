"""The place in a zone that people of a network walk to."""

from __future__ import annotations

import math

from shapely.geometry import Polygon

from hallplan.geometry.polygons import moved
from hallplan.model.flow import RouteNetwork
from hallplan.model.layout import Furniture, Layout, PlacedZone
from hallplan.model.shapes import Point
from hallplan.terms import read_data

SEATED = ("counter", "counter_low", "info_desk")
MACHINES = ("queue_machine", "queue_machine_low", "kiosk", "kiosk_low", "locker", "form_desk", "form_desk_low",
            "counter_standing", "display_board", "copier", "water")  # fmt: skip
LOW = ("counter_low", "kiosk_low", "queue_machine_low", "form_desk_low", "wheelchair_place")


def target_in(zone: PlacedZone, layout: Layout, network: RouteNetwork) -> Point:
    """Returns where people stand in a zone: before its counters or machines (wheelchair users before a low one),
    behind the counters for staff, inside the door of a room, else in the middle of it."""
    sizes = read_data("flow.toml")["walk"]
    pieces = [piece for piece in layout.furniture if piece.zone == zone.zone]
    if network == "staff":
        return _for_staff(zone, layout, pieces, sizes["behind_counter_m"])
    piece = _wanted(pieces, network, zone)
    if piece is not None:
        before = sizes["before_seat_m" if piece.kind in SEATED else "before_machine_m"]
        return moved(piece.at, piece.facing_deg, piece.size_m[1] / 2 + before)
    place = next((p for p in pieces if p.kind == "wheelchair_place"), None) if network == "access" else None
    if place is not None:
        return place.at
    seats = [piece for piece in pieces if piece.kind == "chair"] if network == "access" else []
    if seats:
        # without a place of their own they wait at the end of the outermost row
        cx, cy = _centre(zone.area)
        return max(seats, key=lambda p: (round(math.hypot(p.at[0] - cx, p.at[1] - cy), 3), p.id)).at
    return _door_inside(zone, layout) or _at_front(zone, sizes["inside_door_m"])


def _for_staff(zone: PlacedZone, layout: Layout, pieces: list[Furniture], behind: float) -> Point:
    counters = [piece for piece in pieces if piece.kind in (*SEATED, "counter_standing")]
    piece = _middle(counters, zone)
    if piece is not None:
        return moved(piece.at, piece.facing_deg + 180, piece.size_m[1] / 2 + behind)
    if zone.front_deg is not None and zone.form:
        middle = zone.area.centroid
        return moved((middle.x, middle.y), zone.front_deg + 180, 1.0)
    return _door_inside(zone, layout) or _centre(zone.area)


def _wanted(pieces: list[Furniture], network: RouteNetwork, zone: PlacedZone) -> Furniture | None:
    for kinds in (SEATED, MACHINES):
        found = [piece for piece in pieces if piece.kind in kinds]
        low = [piece for piece in found if piece.kind in LOW]
        usual = [piece for piece in found if piece.kind not in LOW]
        if found:
            return _middle(low if network == "access" and low else usual or found, zone)
    return None


def _middle(pieces: list[Furniture], zone: PlacedZone) -> Furniture | None:
    if not pieces:
        return None
    cx, cy = _centre(zone.area)
    return min(pieces, key=lambda piece: (round(math.hypot(piece.at[0] - cx, piece.at[1] - cy), 3), piece.id))


def _door_inside(zone: PlacedZone, layout: Layout) -> Point | None:
    doors = sorted((door for door in layout.doors if door.zone == zone.zone), key=lambda d: (d.network, d.id))
    if not doors:
        return None
    return moved(doors[0].at, doors[0].facing_deg + 180, read_data("flow.toml")["walk"]["inside_door_m"])


def _at_front(zone: PlacedZone, inside: float) -> Point:
    """In counter zones not furnished yet just inside the front, else in the middle."""
    cx, cy = _centre(zone.area)
    if zone.front_deg is None or not zone.form:
        return cx, cy
    x0, y0, x1, y1 = zone.area.bounds
    turn = math.radians(zone.front_deg)
    reach = abs(math.cos(turn)) * (x1 - x0) / 2 + abs(math.sin(turn)) * (y1 - y0) / 2
    return moved((cx, cy), zone.front_deg, reach - inside)


def _centre(area: Polygon) -> Point:
    middle = area.centroid if area.contains(area.centroid) else area.representative_point()
    return middle.x, middle.y
