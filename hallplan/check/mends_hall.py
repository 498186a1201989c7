"""Mends of the hall itself: exits cut or widened, areas grown or taken back, windows opened or moved."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from hallplan.check.case import Case, Task, fresh
from hallplan.check.egress import BODY_M
from hallplan.geometry import Walkable
from hallplan.geometry.polygons import polygons_of
from hallplan.model.findings import Finding
from hallplan.model.flow import Route
from hallplan.model.layout import PlacedZone
from hallplan.model.shapes import Point as Spot
from hallplan.model.site import Floor, Opening, OpeningRole
from hallplan.model.windows import WindowType
from hallplan.terms import read_data, text

HALVINGS = 25
Mended = tuple[str, Case] | None


def add_exit(case: Case, task: Task, finding: Finding) -> Mended:
    """Doors are cut in the outer wall of the ground floor: nearest to what is too far, as few as will do, or far from the others."""
    if not finding.where.floor or case.site.floor(finding.where.floor).level > 1:
        return None
    known = read_data("check.toml")["mends"]
    floor, width = case.site.floor(finding.where.floor), float(known["exit_width_m"])
    is_travel = task.rule.check == "travel_distance"
    near = finding.where.at if is_travel or task.rule.check == "room_travel" else None
    cut: list[Spot] = []
    for number in range(1, (int(known["exits_most"]) if is_travel else 1) + 1):
        spot = _best_spot(case, case.site.floor(floor.id), near)
        if spot is None:
            break
        case = _with_exit(case, case.site.floor(floor.id), spot, f"X-{number}", width)
        cut.append(floor.frame.point_to_drawing_m(spot[0]))
        far = _farthest(case, floor.id)
        if far is None or not isinstance(finding.limit, int | float) or far.length_m <= float(finding.limit):
            break
        near = far.legs[0].line.coords[0][:2]
    if not cut:
        return None
    at = text("check.list").join(f"({x:.1f}, {y:.1f})" for x, y in cut)
    return text("check.mend_exit", floor=floor.title, at=at, count=len(cut), value=f"{width:.2f}"), case


def _best_spot(case: Case, floor: Floor, near: Spot | None) -> tuple[Spot, float] | None:
    """The place of the outer wall nearest to a place, or else farthest from the exits there are, with the way in."""
    others = [door.line for door in case.exits(floor, staff=True)]
    spots = list(_spots(case, floor, others))
    if near is not None:
        return min(spots, key=lambda spot: (math.dist(spot[0], near), spot), default=None)
    apart = {at: min((shapely.Point(at).distance(line) for line in others), default=0.0) for at, _ in spots}
    return max(spots, key=lambda spot: (apart[spot[0]], spot), default=None)


def _with_exit(case: Case, floor: Floor, spot: tuple[Spot, float], id: str, width: float) -> Case:
    """The hall with one exit more, ways out led through it where that is shorter."""
    at, inward = spot
    along = math.radians(inward + 90.0)
    half = width / 2 * math.cos(along), width / 2 * math.sin(along)
    line = LineString([(at[0] - half[0], at[1] - half[1]), (at[0] + half[0], at[1] + half[1])])
    door = Opening(id, OpeningRole.FIRE, at, width, line, inward, is_exterior=True)
    floors = tuple(replace(f, openings=(*f.openings, door)) if f.id == floor.id else f for f in case.site.floors)
    routes = replace(case.routes, routes=tuple(_shortened(case, floor, at)))
    return fresh(case, site=replace(case.site, floors=floors), routes=routes)


def _farthest(case: Case, floor: str) -> Route | None:
    """The longest way out that begins on a floor."""
    ways = [r for r in case.routes.routes if r.network == "egress" and r.legs[0].floor == floor]
    return max(ways, key=lambda route: (route.length_m, route.id), default=None)


def _spots(case: Case, floor: Floor, others: Sequence[BaseGeometry]) -> Iterator[tuple[Spot, float]]:
    """Places of the outer wall, with the way in, that open onto free ground away from the exits there are."""
    known = read_data("check.toml")["mends"]
    ring, free = floor.outline.exterior, case.ground(floor.id, "free")
    for metres in np.arange(known["exit_step_m"] / 2, ring.length, known["exit_step_m"]).tolist():
        before, here, after = (ring.interpolate((metres + d) % ring.length) for d in (-0.1, 0.0, 0.1))
        if here.distance(free) > known["wall_m"] or any(here.distance(line) < known["exit_apart_m"] for line in others):
            continue
        turn = math.degrees(math.atan2(after.y - before.y, after.x - before.x))
        inward = (turn + (90.0 if ring.is_ccw else -90.0)) % 360.0
        yield (round(here.x, 3), round(here.y, 3)), round(inward, 3)


def _shortened(case: Case, floor: Floor, at: Spot) -> Iterator[Route]:
    """Ways out, those that a new exit of the floor makes shorter leading to it."""
    ways = [r for r in case.routes.routes if r.network == "egress" and r.legs[0].floor == floor.id]
    walk = Walkable(case.ground(floor.id, "free"), BODY_M / 2, quarter_segments=2)
    starts = np.array([r.legs[0].line.coords[0][:2] for r in ways], float).reshape(-1, 2)
    lengths = dict(zip([r.id for r in ways], walk.distances([at], starts)[0].tolist(), strict=True))
    for route in case.routes.routes:
        length = lengths.get(route.id, math.inf)
        if length < route.length_m:
            first = route.legs[0]
            line = LineString([first.line.coords[0][:2], at])
            yield replace(route, legs=(replace(first, end="exit:X-1", line=line, length_m=float(length)),))
        else:
            yield route


def widen_exits(case: Case, task: Task, finding: Finding) -> Mended:
    """The exits of the floor become wider by the same share, to what its people need together."""
    del task
    floor = case.site.floor(finding.where.floor)
    doors = {door.id for door in case.exits(floor, staff=True)}
    width = sum(door.width_m for door in floor.openings if door.id in doors)
    if not width or not isinstance(finding.limit, int | float):
        return None
    share = float(finding.limit) / width
    openings = tuple(replace(d, width_m=d.width_m * share) if d.id in doors else d for d in floor.openings)
    floors = tuple(replace(f, openings=openings) if f.id == floor.id else f for f in case.site.floors)
    what = text("check.mend_exits", count=len(doors), more=f"{float(finding.limit) - width:.2f}")
    return what, fresh(case, site=replace(case.site, floors=floors))


def _with_zones(case: Case, *changed: PlacedZone) -> Case:
    by_id = {zone.zone: zone for zone in changed}
    zones = tuple(by_id.get(zone.zone, zone) for zone in case.layout.zones)
    return fresh(case, layout=replace(case.layout, zones=zones))


def _shaped(zone: PlacedZone, area: BaseGeometry) -> PlacedZone | None:
    """A zone with another outline, None when it would fall apart or vanish."""
    parts = polygons_of(area)
    if len(parts) != 1 or parts[0].area <= 0:
        return None
    net = zone.area_m2 / zone.area.area if zone.area.area else 1.0
    return replace(zone, area=parts[0], area_m2=round(parts[0].area * min(1.0, net), 4))


def resize_zone(case: Case, task: Task, finding: Finding) -> Mended:
    """A zone too small grows onto free ground beside it, or its neighbour's that can spare it; one too large gives some back."""
    zone = case.zones.get(finding.where.zone)
    if zone is None or not isinstance(finding.limit, int | float):
        return None
    wanted = float(finding.limit)
    del task
    if zone.area_m2 > wanted:
        return _smaller(case, zone, wanted)
    others = [z for z in case.layout.zones if z.floor == zone.floor and z is not zone]
    aisles = [aisle.area for aisle in case.layout.aisles if aisle.floor == zone.floor]
    usable = case.site.floor(zone.floor).usable
    free = usable.difference(shapely.union_all([*(z.area for z in others), *aisles]))
    grown = _to_area(partial(_grown, zone.area, free), wanted * zone.area.area / max(zone.area_m2, 1e-9))
    shaped = _shaped(zone, grown) if grown is not None else None
    if shaped is not None:
        words = {"zone": case.name(zone.zone), "more": f"{shaped.area_m2 - zone.area_m2:.1f}"}
        return text("check.mend_grow", **words), _with_zones(case, shaped)
    return _from_neighbour(case, zone, wanted, others)


def _smaller(case: Case, zone: PlacedZone, wanted: float) -> Mended:
    """Cut from the zone's long end, where no furniture stands if that will do."""
    pieces = shapely.union_all([_stand(case, zone), shapely.Point()])
    west, south, east, north = zone.area.bounds
    is_wide = east - west >= north - south
    tried = []
    for at_end in (False, True):
        cut = _to_area(partial(_cut, zone.area, is_wide, at_end), wanted * zone.area.area / max(zone.area_m2, 1e-9))
        shaped = _shaped(zone, cut) if cut is not None else None
        if shaped is not None:
            tried.append((round(pieces.difference(shaped.area).area, 3), at_end, shaped))
    if not tried:
        return None
    lost, _, shaped = min(tried, key=lambda one: one[:2])
    key = "check.mend_shrink_move" if lost > 0 else "check.mend_shrink"
    words = {"zone": case.name(zone.zone), "less": f"{zone.area_m2 - shaped.area_m2:.1f}"}
    return text(key, **words), _with_zones(case, shaped)


def _stand(case: Case, zone: PlacedZone) -> BaseGeometry:
    from hallplan.model.space import footprint

    return shapely.union_all([footprint(p) for p in case.layout.furniture if p.zone == zone.zone])


def _grown(area: BaseGeometry, free: BaseGeometry, share: float) -> BaseGeometry:
    reach = share * float(read_data("check.toml")["mends"]["grow_m"])
    near = [part for part in polygons_of(area.buffer(reach, join_style="mitre").intersection(free)) if part.distance(area) < 1e-6]  # fmt: skip
    return shapely.union_all([area, *(part.buffer(1e-6, join_style="mitre").intersection(free.union(area)) for part in near)])  # fmt: skip


def _cut(area: BaseGeometry, is_wide: bool, at_end: bool, share: float) -> BaseGeometry:
    """The part of a zone that a share of its longer side keeps, from one end."""
    west, south, east, north = area.bounds
    if is_wide:
        edge = (east - west) * share
        box = (east - edge, south, east, north) if at_end else (west, south, west + edge, north)
    else:
        edge = (north - south) * share
        box = (west, north - edge, east, north) if at_end else (west, south, east, south + edge)
    return area.intersection(shapely.box(*box))


def _to_area(shape: Callable[[float], BaseGeometry], wanted: float) -> BaseGeometry | None:
    """The shape whose area is what is wanted, of shapes that grow as a share goes from 0 to 1; None when none is."""
    low, high = 0.0, 1.0
    if shape(high).area < wanted:
        return None
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if shape(middle).area >= wanted else (middle, high)
    return shape(high)


def _from_neighbour(case: Case, zone: PlacedZone, wanted: float, others: Sequence[PlacedZone]) -> Mended:
    """The zone takes a strip of the neighbour that has most to spare."""
    spare = [
        (z.area_m2 - case.wanted[z.zone].min_m2, z)
        for z in others
        if z.zone in case.wanted and not z.is_fixed and z.area.distance(zone.area) < 1e-3
    ]
    for _, other in sorted((s for s in spare if s[0] > wanted - zone.area_m2), key=lambda s: (-s[0], s[1].zone)):
        grown = _to_area(partial(_grown, zone.area, other.area), wanted * zone.area.area / max(zone.area_m2, 1e-9))
        mine = _shaped(zone, grown) if grown is not None else None
        theirs = _shaped(other, other.area.difference(mine.area)) if mine is not None else None
        if mine is not None and theirs is not None:
            words = {"zone": case.name(zone.zone), "more": f"{mine.area_m2 - zone.area_m2:.1f}"}
            what = text("check.mend_take_from", other=case.name(other.zone), **words)
            return what, _with_zones(case, mine, theirs)
    return None


def take_back(case: Case, task: Task, finding: Finding) -> Mended:
    """The larger of two zones that share ground gives it up."""
    del task
    here = shapely.Point(finding.where.at) if finding.where.at else None
    both = [z for z in case.layout.zones if here is not None and z.floor == finding.where.floor and z.area.covers(here)]
    if len(both) < 2:
        return None
    large, small = sorted(both, key=lambda z: (-z.area_m2, z.zone))[:2]
    shaped = _shaped(large, large.area.difference(small.area))
    if shaped is None:
        return None
    words = {"zone": case.name(large.zone), "other": case.name(small.zone)}
    return text("check.mend_take_back", **words), _with_zones(case, shaped)


def clip_zone(case: Case, task: Task, finding: Finding) -> Mended:
    """What of a zone lies off usable ground is cut away."""
    del task
    zone = case.zones.get(finding.where.zone)
    shaped = _shaped(zone, zone.area.intersection(case.site.floor(zone.floor).usable)) if zone else None
    return None if shaped is None else (text("check.mend_clip", zone=case.name(shaped.zone)), _with_zones(case, shaped))


def put_back(case: Case, task: Task, finding: Finding) -> Mended:
    """A fixed zone lies where the drawing fixes it."""
    del task
    zone, wanted = case.zones.get(finding.where.zone), case.wanted.get(finding.where.zone)
    if zone is None or wanted is None or wanted.fixed_area is None:
        return None
    shaped = _shaped(zone, wanted.fixed_area)
    return None if shaped is None else (text("check.mend_put_back", zone=case.name(zone.zone)), _with_zones(case, shaped))  # fmt: skip


def open_more(case: Case, task: Task, finding: Finding) -> Mended:
    """One window more in every half-hour, the share within the target by the exact queue (exponential service)."""
    from hallplan.queueing import transient

    del task
    short = [k for k in case.windows.types if k.share_within_target == finding.value and sum(k.arrivals) > 0]
    if not short:
        return None
    kind = short[0]
    counts = [n + 1 if n or rate > 0 else 0 for n, rate in zip(kind.open, kind.arrivals, strict=True)]
    day = transient(kind.arrivals, kind.minutes, counts, wait_min=case.windows.target_wait_min)
    share = day.over_day(day.share_within)
    more = replace(
        kind, open=tuple(counts), windows=max(kind.windows, *counts), share_within_target=share,
        utilisation=kind.utilisation * sum(kind.open) / max(1, sum(counts)),
    )  # fmt: skip
    what = text("check.mend_open", kind=kind.name, count=more.windows, share=f"{share:.0%}")
    return what, _with_types(case, more)


def move_window(case: Case, task: Task, finding: Finding) -> Mended:
    """Window by window, one of the idlest type changes to another type or closes, while that makes all more evenly busy."""
    del finding
    kinds = {kind.id: kind for kind in case.windows.types if kind.windows > 1}
    moves: dict[tuple[str, str], int] = {}
    while len(kinds) > 1 and _spread(kinds) > task.limit:
        idle = min(kinds.values(), key=lambda kind: (kind.utilisation, kind.id))
        if idle.windows < 2:
            break
        steps = [(other, _moved(kinds, idle.id, other)) for other in (*sorted(set(kinds) - {idle.id}), "")]
        other, after = min(steps, key=lambda step: (round(_spread(step[1]), 6), not step[0], step[0]))
        if _spread(after) >= _spread(kinds) - 1e-6:
            break
        kinds = after
        moves[idle.id, other] = moves.get((idle.id, other), 0) + 1
    if not moves:
        return None
    names = {kind.id: kind.name for kind in case.windows.types}
    told = [
        text("check.mend_move_window" if other else "check.mend_close_window", idle=names[idle], busy=names.get(other, ""), count=count)
        for (idle, other), count in moves.items()
    ]  # fmt: skip
    return text("check.comma").join(told), _with_types(case, *kinds.values())


def _spread(kinds: Mapping[str, WindowType]) -> float:
    """How much busier the busiest type with several windows is than the idlest."""
    busy = [kind.utilisation for kind in kinds.values() if kind.windows > 1]
    return max(busy) - min(busy) if len(busy) > 1 else 0.0


def _moved(kinds: Mapping[str, WindowType], idle: str, other: str) -> dict[str, WindowType]:
    """The types with one window of one of them given to another, or closed."""
    after = {**kinds, idle: _resized(kinds[idle], -1)}
    return {**after, other: _resized(kinds[other], 1)} if other else after


def _resized(kind: WindowType, more: int) -> WindowType:
    """A type with more or fewer windows, as busy as its work makes them."""
    counts = tuple(max(1, n + more) if n else 0 for n in kind.open)
    busy = min(1.0, kind.utilisation * sum(kind.open) / max(1, sum(counts)))
    return replace(kind, open=counts, windows=kind.windows + more, utilisation=busy)


def _with_types(case: Case, *changed: WindowType) -> Case:
    by_id = {kind.id: kind for kind in changed}
    types = tuple(by_id.get(kind.id, kind) for kind in case.windows.types)
    return fresh(case, windows=replace(case.windows, types=types))


MENDS_OF_HALL = {
    "exit_count": add_exit, "exit_separation": add_exit, "travel_distance": add_exit, "room_travel": add_exit,
    "egress_width": widen_exits, "zone_area": resize_zone, "zone_overlap": take_back, "zone_inside": clip_zone,
    "fixed_kept": put_back, "service_target": open_more, "balance": move_window,
}  # fmt: skip
