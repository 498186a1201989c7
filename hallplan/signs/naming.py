"""Signs that name places: over zone fronts, at room doors, window plates, exits, the floor guide at the entrance."""

from __future__ import annotations

import math
from collections.abc import Iterator

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from hallplan.geometry.polygons import heading_deg, moved, nearest_in
from hallplan.model.layout import Furniture, Layout, PlacedZone
from hallplan.model.programme import Programme
from hallplan.model.shapes import Point as Place
from hallplan.model.signs import Sign
from hallplan.model.site import Floor, Opening, OpeningRole, Site
from hallplan.model.space import ground, public_part
from hallplan.signs.words import both, zone_words
from hallplan.terms import read_data
from hallplan.units import round_m

COUNTERS = ("counter", "counter_low", "counter_standing")
ENTRANCES = (OpeningRole.MAIN, OpeningRole.SECOND)
EXITS = (OpeningRole.MAIN, OpeningRole.SECOND, OpeningRole.FIRE)


def make_sign(
    kind: str, floor: str, at: Place, facing_deg: float, words: tuple[str, str], names: tuple[str, ...], **more: object
) -> Sign:
    """Returns a sign with the sizes of its kind, not numbered yet."""
    entry = read_data("signs.toml")["kinds"][kind]
    values = {**entry, "char_mm": float(entry["char_mm"]), **more}
    shown = {"window": "zone", "room": "zone", "fixed": "direction"}.get(kind, kind)
    at = round_m(at[0]), round_m(at[1])
    return Sign("", shown, floor, at, facing_deg % 360.0, words[0], words[1], names, **values)


def naming_signs(site: Site, programme: Programme, layout: Layout) -> Iterator[Sign]:
    """Returns the signs that say what is where, in a fixed order."""
    names = {zone.id: zone.name for zone in programme.zones}
    open_to = [zone for zone in layout.zones if not public_part(zone, layout).is_empty]
    for floor in site.floors:
        clear = read_data("signs.toml")["place"]["clear_m"]
        solid = shapely.union_all([o.area for o in floor.obstacles if o.is_fixed])
        room = floor.usable.difference(solid).buffer(-clear)
        zones = [zone for zone in open_to if zone.floor == floor.id]
        for zone in zones:
            yield from _zone_signs(zone, layout, room, zone_words(zone, names, layout))
        for door in floor.openings:
            if door.role in EXITS and door.is_exterior:
                yield _exit_sign(door, floor)
        upstairs = [zone for zone in open_to if zone.floor != floor.id]
        yield from _boards(floor, site, layout, [zone.zone for zone in (*zones, *upstairs)])
        yield from _plates(floor, layout)


def _zone_signs(zone: PlacedZone, layout: Layout, room: BaseGeometry, words: tuple[str, str]) -> Iterator[Sign]:
    doors = [door for door in layout.doors if door.zone == zone.zone and door.network == "public"]
    if doors:
        door = min(doors, key=lambda d: d.id)
        yield make_sign("room", zone.floor, moved(door.at, door.facing_deg, 0.1), door.facing_deg, words, (zone.zone,))
        return
    kind = "window" if zone.form else "zone"
    edge, facing = zone.front, zone.front_deg
    if edge is None or facing is None or room.is_empty:
        return
    count = max(1, round(edge.length / read_data("signs.toml")["place"]["front_per_sign_m"]))
    for n in range(count):
        spot = edge.interpolate((n + 0.5) / count, normalized=True)
        at = (spot.x, spot.y) if room.contains(spot) else nearest_in(room, (spot.x, spot.y))
        yield make_sign(kind, zone.floor, at, facing, words, (zone.zone,), is_double=not zone.form)


def _exit_sign(door: Opening, floor: Floor) -> Sign:
    wall = floor.usable.distance(Point(door.at))
    at = moved(door.at, door.inward_deg, wall + 0.1)
    names = ("door:main", "door:second") if door.role in ENTRANCES else (f"door:{door.role.value}",)
    return make_sign("exit", floor.id, at, door.inward_deg, both("signs.exit"), names)


def _boards(floor: Floor, site: Site, layout: Layout, names: list[str]) -> Iterator[Sign]:
    """A floor guide beside each main entrance and before each stair and lift, on the right hand of those who come in."""
    free, sizes = ground(floor, layout).buffer(-0.5), read_data("signs.toml")["place"]
    places = [(door.at, door.inward_deg, door.width_m) for door in floor.with_role(*ENTRANCES)]
    if not free.is_empty:
        places += _heads(floor, site, free)
    for at, inward, width in places if not free.is_empty else []:
        spot = moved(moved(at, inward, sizes["board_ahead_m"]), inward - 90, width / 2 + sizes["board_aside_m"])
        yield make_sign("board", floor.id, nearest_in(free, spot), inward + 180, both("signs.board"), tuple(names))


def _heads(floor: Floor, site: Site, free: BaseGeometry) -> Iterator[tuple[Place, float, float]]:
    """Where one steps from stairs and lifts onto a floor, the way one goes on, and the width; those side by side are one."""
    sizes = read_data("signs.toml")["place"]
    elsewhere = {link.id for other in site.floors if other.id != floor.id for link in other.links}
    found: list[Place] = []
    for link in floor.links:
        head = nearest_in(free, link.at)
        gap = math.dist(head, link.at)
        is_near = any(math.dist(head, other) < sizes["heads_apart_m"] for other in found)
        if link.id in elsewhere and not is_near and gap <= sizes["head_reach_m"]:
            found.append(head)
            middle = free.centroid
            on = heading_deg(link.at, head if gap > 1e-6 else (middle.x, middle.y))
            yield moved(head, on, -sizes["head_back_m"]), on, sizes["head_m"]


def _plates(floor: Floor, layout: Layout) -> Iterator[Sign]:
    for piece in layout.furniture:
        if piece.floor != floor.id or piece.kind not in COUNTERS or not piece.window:
            continue
        at = moved(piece.at, piece.facing_deg, piece.size_m[1] / 2)
        names = (piece.zone,)
        yield make_sign("plate", floor.id, at, piece.facing_deg, (piece.window, piece.window), names)
        if piece.kind == "counter_low":
            yield make_sign("access", floor.id, _beside(piece), piece.facing_deg, both("signs.access"), names)


def _beside(piece: Furniture) -> Place:
    return moved(moved(piece.at, piece.facing_deg, piece.size_m[1] / 2), piece.facing_deg - 90, 0.5)
