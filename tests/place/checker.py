"""An independent check of layouts, by shapely alone: what a layout breaks, in words."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import shapely
from shapely.affinity import rotate
from shapely.geometry import Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from hallplan.model.layout import Layout, PlacedZone
from hallplan.model.programme import Programme, Zone
from hallplan.model.site import Floor, ObstacleKind, Opening, OpeningRole, Site

TOL = 1e-3
SECOND_M, MAIN_M = 1.2, 1.8
MITRE = 1.5
"""Right angles stay sharp; a sharper one throws no spike, metres long, that would count as floor."""
JAMB_M, NECK_TOL = 0.35, 0.05


def faults(site: Site, programme: Programme, layout: Layout, *, neck_m: float = math.inf) -> list[str]:
    """Returns what is wrong with a layout; nothing when every hard constraint holds.

    neck_m: ways may narrow to this where the building, with nothing in it, is narrower than they should be: at its doors and
    between its walls; and a wind lobby too small for the zone at a door counts as that door. What a layout makes narrow stays a
    fault.
    """
    found = [
        f"{zone.id}: missing" for zone in programme.zones if zone.id not in {placed.zone for placed in layout.zones}
    ]
    for floor in site.floors:
        here = [zone for zone in layout.zones if zone.floor == floor.id]
        found += [
            *_places(floor, programme, here),
            *_doors(floor, programme, here, neck_m),
            *_ways(floor, programme, here, neck_m),
        ]
        if here and not any(aisle.floor == floor.id and aisle.network == "public" for aisle in layout.aisles):
            found.append(f"{floor.id} has no public way")
    return found


def _places(floor: Floor, programme: Programme, here: list[PlacedZone]) -> Iterator[str]:
    columns = shapely.union_all([column.area for column in floor.of_kind(ObstacleKind.COLUMN)] or [Polygon()])
    for n, placed in enumerate(here):
        zone = programme.zone(placed.zone)
        for other in here[:n]:
            if placed.area.intersection(other.area).area > TOL:
                yield f"{placed.zone} overlaps {other.zone}"
        if placed.is_fixed:
            continue
        if placed.area.difference(floor.usable.buffer(3e-3)).area > TOL:
            yield f"{placed.zone} leaves the usable floor"
        net = placed.area.area - placed.area.intersection(columns).area
        if abs(net - placed.area_m2) > 0.05 or not zone.min_m2 - 0.05 <= net <= zone.max_m2 + 0.05:
            yield f"{placed.zone} has {net:.1f} m²"
        x0, y0, x1, y1 = placed.area.bounds
        short, long = sorted((x1 - x0, y1 - y0))
        if short < zone.min_side_m - TOL or long > _most_aspect(zone) * short + TOL:
            yield f"{placed.zone} is {x1 - x0:.2f} × {y1 - y0:.2f} m"
        yield from _counters(zone, placed)
        yield from _regions(zone, placed)


def _regions(zone: Zone, placed: PlacedZone) -> Iterator[str]:
    for region in zone.regions:
        if region.is_forbidden and region.floor == placed.floor and placed.area.intersection(region.area).area > TOL:
            yield f"{placed.zone} lies where it must not"
        if not region.is_forbidden and (
            region.floor != placed.floor or placed.area.difference(region.area.buffer(3e-3)).area > TOL
        ):
            yield f"{placed.zone} leaves its region"


def _most_aspect(zone: Zone) -> float:
    """The zone's greatest aspect, or that of its counters where these are longer or deeper than it allows."""
    forms = [max(form.front_m / form.depth_m, form.depth_m / form.front_m) for form in zone.forms]
    return max([zone.max_aspect, *forms])


def _counters(zone: Zone, placed: PlacedZone) -> Iterator[str]:
    if not zone.forms:
        return
    if not _holds_counters(zone, placed.front_deg, _core(placed, zone)):
        yield f"{placed.zone} cannot hold its counters"


def _holds_counters(zone: Zone, front_deg: float | None, rect: tuple[float, float, float, float]) -> bool:
    x0, y0, x1, y1 = rect
    along, behind = (x1 - x0, y1 - y0) if front_deg in (90.0, 270.0) else (y1 - y0, x1 - x0)
    return any(form.front_m <= along + TOL and form.depth_m <= behind + TOL for form in zone.forms)


def _doors(floor: Floor, programme: Programme, here: list[PlacedZone], neck_m: float) -> Iterator[str]:
    own = {OpeningRole.MAIN: "main_door", OpeningRole.H24: "self_24h_door"}
    for opening in floor.openings:
        if not opening.is_exterior:
            continue
        (x, y), half = opening.at, opening.width_m / 2 - 0.05
        strip = rotate(box(x, y - half, x + 1.5, y + half), opening.inward_deg, origin=(x, y)).intersection(
            floor.usable
        )
        for placed in here:
            needs = {str(need) for need in programme.zone(placed.zone).needs}
            if own.get(opening.role) not in needs and placed.area.intersection(strip).area > 0.05:
                yield f"{placed.zone} blocks door {opening.id}"
    for placed in here:
        for need, role in (("main_door", OpeningRole.MAIN), ("self_24h_door", OpeningRole.H24)):
            doors = floor.with_role(role)
            needs = {str(one) for one in programme.zone(placed.zone).needs}
            if need in needs and doors and min(_gap(floor, programme, placed, door, neck_m) for door in doors) > 1.0:
                yield f"{placed.zone} is not at its door"


def _gap(floor: Floor, programme: Programme, placed: PlacedZone, door: Opening, neck_m: float) -> float:
    """How far a zone is from its door, or from a lobby behind that door that is too small to hold it."""
    gap = placed.area.distance(Point(door.at))
    if math.isfinite(neck_m) and gap > 1.0:
        bare, zone = _bare(floor), programme.zone(placed.zone)
        lobby = _network(bare, _inside(door.at, door.inward_deg), MAIN_M, bare, math.inf)
        if lobby.area < zone.min_m2 or lobby.buffer(-zone.min_side_m / 2, join_style="mitre").is_empty:
            gap = placed.area.distance(lobby)
    return gap


def _ways(floor: Floor, programme: Programme, here: list[PlacedZone], neck_m: float) -> Iterator[str]:
    mains = floor.with_role(OpeningRole.MAIN)
    if not here or not mains:
        return
    passable = {zone.zone for zone in here if "main_door" in {str(n) for n in programme.zone(zone.zone).needs}}
    bare = _bare(floor)
    free = bare.difference(shapely.union_all([zone.area for zone in here if zone.zone not in passable]))
    nets: dict[float, list[tuple[str, BaseGeometry, BaseGeometry]]] = {}
    for placed in here:
        zone = programme.zone(placed.zone)
        if zone.side == "staff" or placed.zone in passable or placed.is_fixed:
            continue
        if zone.front_way_m not in nets:
            nets[zone.front_way_m] = _nets(mains, free, bare, zone.front_way_m, neck_m)
        edge = _front(placed, zone) if zone.side == "both" else placed.area
        asked = [(id, net) for id, net, empty in nets[zone.front_way_m] if _meets(empty, edge)]
        missed = [id for id, net in asked if not _meets(net, edge)]
        if (missed or not asked) and neck_m < zone.front_way_m and zone.side == "public":
            missed = [door.id for door in mains if not _enters(free, placed, door, zone.front_way_m, bare, neck_m)]
            asked = asked or [("", bare)]
        if missed or not asked:
            yield f"{placed.zone} cannot be reached by a way of {zone.front_way_m} m from {missed or 'any door'}"
    yield from _exits(floor, nets.get(SECOND_M) or _nets(mains, free, bare, SECOND_M, neck_m))
    yield from _staff(floor, programme, here, free, neck_m)


def _exits(floor: Floor, nets: list[tuple[str, BaseGeometry, BaseGeometry]]) -> Iterator[str]:
    """Exits and second entrances that the empty floor lets one come up to, but the layout does not."""
    for door in floor.with_role(OpeningRole.FIRE, OpeningRole.SECOND):
        at = _inside(door.at, door.inward_deg)
        asked = [net for _, net, empty in nets if empty.distance(at) < NECK_TOL]
        if asked and all(net.distance(at) > NECK_TOL for net in asked):
            yield f"nobody can come up to {door.id}"


def _nets(
    doors: tuple[Opening, ...], free: BaseGeometry, bare: BaseGeometry, width: float, neck_m: float
) -> list[tuple[str, BaseGeometry, BaseGeometry]]:
    """For each door its id and what ways from it sweep in the layout, and with nothing in the building.

    A zone that the bare building joins to several entrances is to be come to from each of them.
    """
    starts = [(door.id, _inside(door.at, door.inward_deg)) for door in doors]
    return [
        (id, _network(free, start, width, bare, neck_m), _network(bare, start, width, bare, neck_m))
        for id, start in starts
    ]


def _enters(
    free: BaseGeometry, placed: PlacedZone, door: Opening, width: float, bare: BaseGeometry, neck_m: float
) -> bool:
    """Whether people come from a door into a zone that fills a room, whose own floor begins at the room's door."""
    within = placed.area.buffer(-neck_m / 2, join_style="mitre", mitre_limit=MITRE)
    net = _network(free.union(placed.area), _inside(door.at, door.inward_deg), width, bare, neck_m)
    return bool(not within.is_empty and net.intersection(within).area > TOL)


def _meets(net: BaseGeometry, edge: BaseGeometry) -> bool:
    """Whether a network comes to an edge."""
    return bool(net.distance(edge) <= 0.02 or not net.intersection(edge.buffer(0.02)).is_empty)


def _bare(floor: Floor) -> BaseGeometry:
    """Where people can walk in the building with nothing in it, its inner doors open; corners drawn twice are one."""
    columns = [column.area for column in floor.of_kind(ObstacleKind.COLUMN)]
    doors = [_doorway(door) for door in floor.openings if not door.is_exterior]
    return shapely.union_all([floor.usable, *doors]).difference(shapely.union_all(columns)).simplify(TOL)


def _doorway(door: Opening) -> BaseGeometry:
    (x, y), half = door.at, door.width_m / 2
    return rotate(box(x - JAMB_M, y - half, x + JAMB_M, y + half), door.inward_deg, origin=(x, y))


def _staff(
    floor: Floor, programme: Programme, here: list[PlacedZone], free: BaseGeometry, neck_m: float
) -> Iterator[str]:
    bare = _bare(floor)
    doors = [door for door in floor.with_role(OpeningRole.STAFF) if _leads_far(bare, door, neck_m)]
    doors = doors or list(floor.with_role(OpeningRole.MAIN))
    rooms = [zone.area for zone in here if programme.zone(zone.zone).side == "staff"]
    bands = [_back(one, programme.zone(one.zone)) for one in here if programme.zone(one.zone).side == "both"]
    walkable = shapely.union_all([free, *rooms, *bands]).buffer(1e-4, join_style="mitre", mitre_limit=MITRE)
    starts = [_inside(door.at, door.inward_deg) for door in doors]
    nets = [_network(walkable, start, SECOND_M, bare, neck_m) for start in starts]
    for placed in here:
        zone = programme.zone(placed.zone)
        if zone.side == "public" or placed.is_fixed:
            continue
        goal = placed.area if zone.side == "staff" else _back(placed, zone)
        if all(net.distance(goal) > 0.02 for net in nets):
            yield f"{placed.zone}: staff cannot come to it"


def _leads_far(bare: BaseGeometry, door: Opening, neck_m: float) -> bool:
    """Whether a door opens to a good part of the floor, not to a lobby that ends there."""
    leads_to = _network(bare, _inside(door.at, door.inward_deg), SECOND_M, bare, neck_m)
    return bool(leads_to.area > 0.2 * bare.area)


def _inside(at: tuple[float, float], inward_deg: float, reach: float = 1.1) -> Point:
    turn = math.radians(inward_deg)
    return Point(at[0] + reach * math.cos(turn), at[1] + reach * math.sin(turn))


def _network(free: BaseGeometry, start: Point, width: float, bare: BaseGeometry, neck_m: float) -> BaseGeometry:
    """What a square of a way's width that begins near `start` can sweep, with what lies behind necks of the building.

    A neck is where the bare building is too narrow for that square; one of `neck_m` must fit through.
    """
    half = width / 2 - 5e-3
    middles = _parts(_narrowed(free, half))
    if not middles:
        return Polygon()
    swept = [_swept(part, free, half) for part in middles]
    reached = {min(range(len(middles)), key=lambda n: middles[n].distance(start))}
    if neck_m < width:
        wide = _narrowed(bare, half)
        person = free.buffer(-neck_m / 2 + 5e-3, join_style="mitre", mitre_limit=MITRE)
        necks = _parts(person.difference(wide.buffer(half, join_style="mitre", mitre_limit=MITRE)))
        joined = [{n for n, part in enumerate(swept) if part.distance(neck) < NECK_TOL} for neck in necks]
        joined += _corners(swept, middles, wide, person, width)
        for _ in joined:
            reached |= {n for ends in joined if ends & reached for n in ends}
        swept += [
            _through(neck, person, width).buffer(neck_m / 2, join_style="mitre", mitre_limit=MITRE).intersection(free)
            for neck in necks
        ]
        reached |= {len(middles) + n for n in range(len(necks)) if joined[n] & reached}
    return shapely.union_all([swept[n] for n in sorted(reached)])


@lru_cache(maxsize=16)
def _narrowed(free: BaseGeometry, half: float) -> BaseGeometry:
    """Where the middle of a way can be: of a square of twice `half`, or of what is so far from each wall's line.

    A square of the axes passes a slanted wall's corner that a line beside that wall does not, and the other way round.
    """
    return shapely.union_all([
        free.buffer(-half, join_style="mitre", mitre_limit=MITRE),
        free.difference(_squares_along(free, half)),
    ])  # fmt: skip


def _swept(part: BaseGeometry, free: BaseGeometry, half: float) -> BaseGeometry:
    """What a way sweeps whose middle is in a part of `_narrowed`."""
    beside = part.buffer(half + 5e-3, join_style="mitre", mitre_limit=MITRE)
    on_squares = part.difference(_squares_along(free, half))
    if on_squares.is_empty:
        return beside
    # both are wholly on free floor but for the 5 mm
    return shapely.union_all([beside.intersection(free.buffer(0.01, join_style="mitre", mitre_limit=MITRE)),
                              on_squares, _squares_along(on_squares, half + 5e-3)])  # fmt: skip


@lru_cache(maxsize=64)
def _squares_along(shape: BaseGeometry, half: float) -> BaseGeometry:
    """What a square of twice `half`, its middle led along all edges of a shape, sweeps: one hexagon for each edge."""
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(shapely.get_parts(shape))]
    if not rings:
        return Polygon()
    edges = np.concatenate([np.stack([ring[:-1], ring[1:]], axis=1) for ring in rings])
    corners = np.array([(-half, -half), (half, -half), (half, half), (-half, half)])
    points = (edges[:, :, None, :] + corners).reshape(-1, 8, 2)
    return shapely.union_all(shapely.convex_hull(shapely.multipoints(points)))


def _corners(
    swept: list[BaseGeometry], middles: list[BaseGeometry], wide: BaseGeometry, person: BaseGeometry, width: float
) -> list[set[int]]:
    """Pairs of parts that meet where the bare building too lets no square through from one to the next, but a person."""
    found = []
    for n, m in itertools.combinations(range(len(swept)), 2):
        if swept[n].distance(swept[m]) < NECK_TOL:
            there = (
                swept[n]
                .buffer(NECK_TOL)
                .intersection(swept[m].buffer(NECK_TOL))
                .buffer(width, join_style="mitre", mitre_limit=MITRE)
            )
            ends = [middles[one].intersection(there) for one in (n, m)]
            in_bare, in_layout = (
                any(all(part.distance(end) < NECK_TOL for end in ends) for part in _parts(shape.intersection(there)))
                for shape in (wide, person)
            )
            if in_layout and not in_bare:
                found.append({n, m})
    return found


def _through(neck: BaseGeometry, person: BaseGeometry, width: float) -> BaseGeometry:
    """A neck and what lies just behind it, no farther than a way is wide: a zone that fills a room begins at its door."""
    near = _parts(person.intersection(neck.buffer(width, join_style="mitre", mitre_limit=MITRE)))
    return shapely.union_all([neck, *(part for part in near if part.distance(neck) < NECK_TOL)])


def _parts(shape: BaseGeometry) -> list[BaseGeometry]:
    return [part for part in getattr(shape, "geoms", [shape]) if not part.is_empty]


def _core(placed: PlacedZone, zone: Zone) -> tuple[float, float, float, float]:
    """Bounds of a zone without the corners that were given to it: the largest upright rectangle in it that begins at its front, of
    those that hold its counters if any does; floor given at one side may make a longer but shallower one the largest.
    """
    x0, y0, x1, y1 = placed.area.bounds
    corners = shapely.get_coordinates(placed.area.exterior)
    xs, ys = (sorted({round(float(value), 4) for value in corners[:, axis]}) for axis in (0, 1))
    front = {0.0: (2, x1), 90.0: (3, y1), 180.0: (0, x0), 270.0: (1, y0)}.get(placed.front_deg or 0.0, (2, x1))
    rects = [
        (a, b, c, d)
        for a, c in itertools.combinations(xs, 2)
        for b, d in itertools.combinations(ys, 2)
        if abs((a, b, c, d)[front[0]] - front[1]) < TOL
    ]
    room = placed.area.buffer(TOL, join_style="mitre", mitre_limit=MITRE)
    held = [rect for rect in rects if room.covers(box(*rect))]
    held = [rect for rect in held if _holds_counters(zone, placed.front_deg, rect)] or held
    return max(held, key=lambda r: ((r[2] - r[0]) * (r[3] - r[1]), r), default=(x0, y0, x1, y1))


def _front(placed: PlacedZone, zone: Zone) -> BaseGeometry:
    x0, y0, x1, y1 = _core(placed, zone)
    sides = {0.0: ((x1, y0), (x1, y1)), 90.0: ((x0, y1), (x1, y1)), 180.0: ((x0, y0), (x0, y1))}
    return shapely.LineString(sides.get(placed.front_deg or 0.0, ((x0, y0), (x1, y0))))


def _back(placed: PlacedZone, zone: Zone) -> Polygon:
    x0, y0, x1, y1 = _core(placed, zone)
    w = SECOND_M
    sides = {
        0.0: (x0, y0, x0 + w, y1), 90.0: (x0, y0, x1, y0 + w), 180.0: (x1 - w, y0, x1, y1), 270.0: (x0, y1 - w, x1, y1),
    }  # fmt: skip
    return box(*sides[placed.front_deg or 0.0])
