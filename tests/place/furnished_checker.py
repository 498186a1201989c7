"""An independent check of furnished halls, by shapely alone: what they break of what must hold, in words."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.model.flow import Routes
from hallplan.model.layout import Furniture, Layout
from hallplan.model.programme import Programme
from hallplan.model.site import Floor, ObstacleKind, OpeningRole, Site

TOL_M2 = 1e-3
PERSON_M = 0.6
DOOR_REACH_M = 1.5
HUNG_FROM_M = 2.0


def faults(site: Site, programme: Programme, layout: Layout, routes: Routes) -> list[str]:
    """Returns what is wrong with a furnished layout; nothing when every constraint holds."""
    found: list[str] = []
    for floor in site.floors:
        columns = shapely.union_all([o.area for o in floor.of_kind(ObstacleKind.COLUMN)])
        found += [*_counters(floor, layout, columns), *_doors(floor, layout, columns), *_aisles(floor, layout, columns)]
        found += [*_rooms(floor, programme, layout), *_cores(floor, layout), *_night(floor, layout)]
        found += _lines(floor, layout, columns, routes)
    return found


def staff_meets_public(routes: Routes, apart_m: float = 4.0) -> list[tuple[str, Point]]:
    """Returns where the lines of staff and of visitors meet, places nearer than `apart_m` once."""
    legs = [(leg, route.network) for route in routes.routes for leg in route.legs]
    found: list[tuple[str, Point]] = []
    for (one, first), (other, second) in itertools.product(legs, legs):
        if first == "staff" and second in ("public", "access") and one.floor == other.floor:
            for part in (p for p in shapely.get_parts(one.line.intersection(other.line)) if not p.is_empty):
                at = part.representative_point()
                if all(floor != one.floor or at.distance(known) > apart_m for floor, known in found):
                    found.append((one.floor, at))
    return found


def _shape(piece: Furniture, before: float = 0.0) -> Polygon:
    """A piece's rectangle, with the floor before it up to some metres."""
    turn, (width, depth) = math.radians(piece.facing_deg), piece.size_m
    fx, fy = math.cos(turn), math.sin(turn)
    corners = [
        (depth / 2 + before, width / 2),
        (depth / 2 + before, -width / 2),
        (-depth / 2, -width / 2),
        (-depth / 2, width / 2),
    ]
    return Polygon([(piece.at[0] + f * fx - s * fy, piece.at[1] + f * fy + s * fx) for f, s in corners])


def _counters(floor: Floor, layout: Layout, columns: BaseGeometry) -> Iterator[str]:
    """No column in a counter or where its visitor sits; no counter in another."""
    desks = [p for p in layout.furniture if p.floor == floor.id and p.kind.startswith("counter") and p.window]
    for desk in desks:
        if _shape(desk, 0.5).intersection(columns).area > TOL_M2:
            yield f"{desk.id}: a column stands in the counter or before it"
    for one, other in itertools.combinations(desks, 2):
        if _shape(one).intersection(_shape(other)).area > TOL_M2:
            yield f"{one.id} overlaps {other.id}"


def _doors(floor: Floor, layout: Layout, columns: BaseGeometry) -> Iterator[str]:
    for door in layout.doors:
        if (
            door.floor == floor.id
            and Point(door.at).buffer(door.width_m / 2 - 0.05).intersection(columns).area > TOL_M2
        ):
            yield f"{door.id}: a column stands in the door"


def _aisles(floor: Floor, layout: Layout, columns: BaseGeometry) -> Iterator[str]:
    """Aisles hold no zone; what stands in them hangs or is flush with the floor."""
    zones = shapely.union_all([zone.area for zone in layout.zones if zone.floor == floor.id])
    for aisle in layout.aisles:
        if aisle.floor != floor.id:
            continue
        if aisle.area.intersection(zones).area > 5e-3:
            yield f"{aisle.id}: a zone lies in the way"
        clear = aisle.area.buffer(-aisle.width_m / 2 + 0.02, join_style="mitre")
        if clear.intersection(columns).area > TOL_M2:
            yield f"{aisle.id}: a column stands amid the way"


def _rooms(floor: Floor, programme: Programme, layout: Layout) -> Iterator[str]:
    """Every room that the plan encloses has a door in its wall, of the drawing or new."""
    for placed in layout.zones:
        if placed.floor != floor.id or placed.is_fixed or not programme.zone(placed.zone).is_enclosed:
            continue
        edge = placed.area.exterior
        new = [door for door in layout.doors if door.zone == placed.zone and edge.distance(Point(door.at)) < 0.6]
        old = [door for door in floor.openings if placed.area.distance(door.line) < 0.6]
        if not new and not old:
            yield f"{placed.zone}: a room without a door"


def _cores(floor: Floor, layout: Layout) -> Iterator[str]:
    """Nobody builds on shafts, stairs, lifts and toilets, and their doors stay free."""
    zones = [zone for zone in layout.zones if zone.floor == floor.id and not zone.is_fixed]
    kinds = (ObstacleKind.STAIR, ObstacleKind.LIFT, ObstacleKind.SHAFT, ObstacleKind.TOILET)
    for core in (shape for kind in kinds for shape in floor.of_kind(kind)):
        for zone in zones:
            if zone.area.intersection(core.area).area > 0.05:
                yield f"{zone.zone} lies on {core.id}"
    pieces = shapely.union_all([_shape(p) for p in layout.furniture if p.floor == floor.id and _stands(p)])
    for opening in floor.openings:
        if opening.is_exterior and opening.line.buffer(PERSON_M / 2).intersection(pieces).area > 0.02:
            yield f"{opening.id}: furniture stands in the door"


def _stands(piece: Furniture) -> bool:
    return 0.0 < piece.height_m < HUNG_FROM_M and not piece.kind.endswith("chair")


def _night(floor: Floor, layout: Layout) -> Iterator[str]:
    """The 24-hour area has an outside door of its own, and a line to the hall that closes."""
    outer = floor.with_role(OpeningRole.H24)
    for placed in layout.zones:
        if placed.floor != floor.id or placed.type != "self_24h" or not outer:
            continue
        if min(placed.area.distance(door.line) for door in outer) > DOOR_REACH_M:
            yield f"{placed.zone} is not at its outside door"
        if not any(wall.zone == placed.zone and wall.kind == "shutter" for wall in layout.partitions):
            yield f"{placed.zone} cannot be closed to the hall"


def _lines(floor: Floor, layout: Layout, columns: BaseGeometry, routes: Routes) -> Iterator[str]:
    """No way runs through a column or over what stands on the floor; visitors' ways keep out of staff rooms."""
    staff = shapely.union_all([
        zone.area.buffer(-0.05) for zone in layout.zones
        if zone.floor == floor.id and zone.type in ("back_office", "staff_support", "records", "equipment_rooms")
    ])  # fmt: skip
    for route in routes.routes:
        for leg in route.legs:
            if leg.floor != floor.id:
                continue
            if leg.line.intersection(columns).length > 0.01:
                yield f"{route.id}: runs through a column"
            if route.network in ("public", "access") and LineString(leg.line).intersection(staff).length > 0.01:
                yield f"{route.id}: visitors walk through a staff room"
