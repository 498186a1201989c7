"""What a 24-hour area must have, told from where it lies: its own door, no way into the hall, watch, power, staff side."""

from __future__ import annotations

from dataclasses import replace

import shapely
from shapely.geometry.base import BaseGeometry

from hallplan.model.catalogue import zone_types
from hallplan.model.layout import Layout, PlacedZone
from hallplan.model.site import Floor, ObstacleKind, OpeningRole, Site
from hallplan.model.space import box_at, in_front, opens_into
from hallplan.terms import read_data

MACHINES = ("kiosk", "kiosk_low")
ROLES = (OpeningRole.H24, OpeningRole.SECOND)


def night_rules(site: Site, layout: Layout, machines: int) -> dict[str, bool | None]:
    """Returns each rule of the 24-hour area: kept, not kept, or None where the layout has no such area.

    machines: planned for it.  Closed off: with shutters and doors shut, the floor one can reach from inside the area ends at
    its edge.  Watch: a place with a monitoring desk.  Power: every planned machine stands, each is drawn with its points.
    Staff side: the machines' backs are in a room of their own with a staff door, or staff zones or ways lie along an edge of
    the area, from where a door to the backs can open.
    """
    zones = [zone for zone in layout.zones if zone.type == "self_24h"]
    if not zones:
        return dict.fromkeys(("own_entrance", "closed_off", "watch", "power", "staff_side"))
    standing = sum(piece.kind in MACHINES and piece.zone in {z.zone for z in zones} for piece in layout.furniture)
    is_watched = any(piece.kind == "monitor_desk" for piece in layout.furniture)
    return {
        "own_entrance": all(own_doors(site.floor(zone.floor), zone) for zone in zones),
        "closed_off": all(is_closed(site.floor(zone.floor), layout, zone) for zone in zones),
        "watch": is_watched or _has_monitor_room(site),
        "power": standing >= max(machines, 1),
        "staff_side": all(is_serviced(site.floor(zone.floor), layout, zone) for zone in zones),
    }


def own_doors(floor: Floor, zone: PlacedZone) -> bool:
    """Returns whether an outside door of its own opens into the area."""
    return any(door.role in ROLES and door.is_exterior and opens_into(door, zone.area) for door in floor.openings)


def is_closed(floor: Floor, layout: Layout, zone: PlacedZone) -> bool:
    """Returns whether nobody gets from the area to other floor once shutters and doors are shut."""
    sizes = read_data("check.toml")["night"]
    free = floor.usable.difference(shapely.union_all([*_shut(floor, layout)]))
    walked = shapely.get_parts(free.buffer(-sizes["gap_m"] / 2, join_style="mitre"))
    rooms = [part for part in walked if part.intersects(zone.area.buffer(-sizes["edge_m"]))]
    outside = shapely.union_all(rooms).difference(zone.area.buffer(sizes["edge_m"]))
    return bool(shapely.area(outside) < sizes["leak_m2"])


def _shut(floor: Floor, layout: Layout) -> list[BaseGeometry]:
    """Partitions, shutters and doors as bodies without a gap, old partitions that stay."""
    sizes = read_data("check.toml")["night"]
    gone = shapely.union_all([line.buffer(sizes["edge_m"], cap_style="flat") for line in layout.demolished])
    old = [o.area.difference(gone) for o in floor.obstacles if o.kind is ObstacleKind.WALL or o.is_fixed]
    new = [
        wall.line.buffer(max(wall.thickness_m / 2, sizes["thin_m"]), cap_style="square")
        for wall in layout.partitions
        if wall.floor == floor.id
    ]
    new += [box_at(d.at, d.width_m, 2 * sizes["thin_m"], d.facing_deg) for d in layout.doors if d.floor == floor.id]
    inner = [door.line.buffer(sizes["thin_m"], cap_style="square") for door in floor.openings if not door.is_exterior]
    return [*old, *new, *inner]


def is_serviced(floor: Floor, layout: Layout, zone: PlacedZone) -> bool:
    """Returns whether staff get at the machines' backs without going through the part that is open at night."""
    sizes = read_data("check.toml")["night"]
    if staff_edge_m(layout, zone) >= sizes["staff_edge_m"]:
        return True
    doors = [door for door in layout.doors if door.zone == zone.zone and door.network == "staff"]
    machines = [piece for piece in layout.furniture if piece.zone == zone.zone and piece.kind in MACHINES]
    if not doors or not machines:
        return False
    shut = shapely.union_all([*_shut(floor, layout)])
    rooms = shapely.get_parts(zone.area.difference(shut).buffer(-sizes["thin_m"], join_style="mitre"))
    behind = [box_at(door.at, door.width_m, 2 * sizes["near_m"], door.facing_deg) for door in doors]
    served = [room for room in rooms if any(room.intersects(door) for door in behind)]
    fronts = [in_front(piece, sizes["edge_m"]) for piece in machines]
    closed = [room for room in served if not any(room.intersects(front) for front in fronts)]
    backs = [in_front(replace(p, facing_deg=p.facing_deg + 180.0), sizes["edge_m"]) for p in machines]
    return all(any(room.intersects(back) for room in closed) for back in backs)


def staff_edge_m(layout: Layout, zone: PlacedZone) -> float:
    """Returns how many metres of the area's edge have a staff zone or a staff way beside them."""
    near = read_data("check.toml")["night"]["near_m"]
    staff = [z.area for z in layout.zones if z.floor == zone.floor and zone_types()[z.type].side == "staff"]
    staff += [way.area for way in layout.aisles if way.floor == zone.floor and way.network == "staff"]
    return float(zone.area.exterior.intersection(shapely.union_all(staff).buffer(near)).length)


def _has_monitor_room(site: Site) -> bool:
    words = read_data("check.toml")["night"]["monitor_words"]
    names = [room.name for floor in site.floors for room in floor.rooms]
    names += [o.name for floor in site.floors for o in floor.obstacles if o.is_fixed]
    return any(word in name for name in names for word in words)
