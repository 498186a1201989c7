"""Checks on the layout itself: counts, areas, overlaps, fixed zones, signs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from hallplan.check.case import Case, Task
from hallplan.check.furniture import kind_name
from hallplan.check.night import is_closed, own_doors
from hallplan.model.findings import Finding, Place
from hallplan.model.flow import Route
from hallplan.model.layout import PlacedZone, Shortfall
from hallplan.terms import text

COUNTERS = ("counter", "counter_low", "counter_standing")
_SHORT = {"call_screen": "check.short_screen"}
"""Shortfalls told in their own words: of call screens it is seats that are counted."""


def shortfalls(case: Case, task: Task) -> Iterator[Finding]:
    """Nothing that the programme asked for was left out."""
    short: dict[str, list[Shortfall]] = {}
    for entry in case.layout.shortfalls:
        short.setdefault(entry.zone, []).append(entry)
    for zone, entries in short.items():
        lacks = text("check.comma").join(
            text(_SHORT.get(e.kind, "check.short_one"), asked=e.asked, placed=e.placed, kind=kind_name(e.kind))
            for e in entries
        )
        reason = text("check.comma").join(dict.fromkeys(e.reason.rstrip("。.") for e in entries))
        asked, placed = sum(e.asked for e in entries), sum(e.placed for e in entries)
        where = case.zone_place(zone)
        yield task.failed("short", placed, where, limit=asked, zone=case.name(zone), lacks=lacks, reason=reason)
    if not case.layout.furniture:
        yield task.undecided("no_such_furniture")
    elif not case.layout.shortfalls:
        yield task.passed("all_placed", len(case.layout.furniture))


def window_count(case: Case, task: Task) -> Iterator[Finding]:
    """Each service window of the plan has its counter."""
    if not case.layout.furniture:
        yield task.undecided("no_such_furniture")
        return
    wanted = {window.id for window in case.windows.windows}
    standing = {piece.window for piece in case.pieces(*COUNTERS) if piece.window}
    missing = sorted(wanted - standing)
    if missing:
        yield task.failed(
            "windows_missing", len(standing & wanted), limit=len(wanted), ids=text("check.list").join(missing)
        )
    else:
        yield task.passed("windows_stand", len(wanted), limit=len(wanted))


def zone_area(case: Case, task: Task) -> Iterator[Finding]:
    """Each zone's net area lies between its least and its most."""
    outside = 0
    for zone in case.layout.zones:
        wanted = case.wanted.get(zone.zone)
        if wanted is None or zone.is_fixed:
            continue
        low, high = wanted.min_m2 * (1 - task.limit), wanted.max_m2 * (1 + task.limit)
        if low - 1e-6 <= zone.area_m2 <= high + 1e-6:
            continue
        outside += 1
        is_small = zone.area_m2 < low
        bound = wanted.min_m2 if is_small else wanted.max_m2
        key = "zone_small" if is_small else "zone_large"
        where = case.zone_place(zone.zone)
        yield task.failed(key, zone.area_m2, where, limit=round(bound, 1), zone=case.name(zone.zone))
    if not outside:
        yield task.passed("areas", len(case.layout.zones))


def zone_overlap(case: Case, task: Task) -> Iterator[Finding]:
    """No two zones of a floor share ground."""
    found = 0
    for a, b in combinations(sorted(case.layout.zones, key=lambda z: z.zone), 2):
        if a.floor != b.floor:
            continue
        shared = a.area.intersection(b.area)
        if shared.area > task.limit:
            found += 1
            middle = shared.representative_point()
            where = Place(a.floor, a.zone, (middle.x, middle.y))
            yield task.failed("zones_overlap", shared.area, where, one=case.name(a.zone), two=case.name(b.zone))
    if not found:
        yield task.passed("zones_apart", 0.0)


def zone_inside(case: Case, task: Task) -> Iterator[Finding]:
    """Zones lie on usable ground."""
    outside = 0
    for zone in case.layout.zones:
        over = zone.area.difference(case.site.floor(zone.floor).usable)
        if over.area > task.limit and not zone.is_fixed:
            outside += 1
            yield task.failed("zone_outside", over.area, case.zone_place(zone.zone), zone=case.name(zone.zone))
    if not outside:
        yield task.passed("zones_inside", 0.0)


def fixed_kept(case: Case, task: Task) -> Iterator[Finding]:
    """Zones that the drawing or a lock fixes lie where they were."""
    fixed = [zone for zone in case.programme.zones if zone.fixed_area is not None]
    moved = 0
    for zone in fixed:
        placed = case.zones.get(zone.id)
        where = case.zone_place(zone.id)
        if placed is None:
            moved += 1
            yield task.failed("fixed_gone", None, where, zone=case.name(zone.id))
        elif _moved_m2(placed, zone.fixed_area) > task.limit:
            moved += 1
            yield task.failed("fixed_moved", _moved_m2(placed, zone.fixed_area), where, zone=case.name(zone.id))
    if not moved:
        yield task.passed("fixed_kept", len(fixed))


def _moved_m2(placed: PlacedZone, fixed: object) -> float:
    return float(placed.area.symmetric_difference(fixed).area)


def self_24h(case: Case, task: Task) -> Iterator[Finding]:
    """A 24-hour zone has its own outside door and, by partitions or walls, no open edge to the hall."""
    zones = [zone for zone in case.layout.zones if zone.type == "self_24h"]
    if not zones:
        yield task.passed("no_24h", None)
    for zone in zones:
        floor = case.site.floor(zone.floor)
        where = case.zone_place(zone.zone)
        walls = [wall for wall in case.layout.partitions if wall.zone == zone.zone]
        if not own_doors(floor, zone):
            yield task.failed("no_own_door", False, where)
        elif not walls and not zone.is_fixed:
            yield task.undecided("no_partition", None, where)
        elif not is_closed(floor, case.layout, zone):
            yield task.failed("not_closed", False, where)
        else:
            yield task.passed("own_door", True, where)


def decisions_served(case: Case, task: Task) -> Iterator[Finding]:
    """At each decision point of a network a sign names each next goal."""
    network = task.options["network"]
    routes = {route.id for route in case.routes.routes if route.network == network}
    places = {decision.id: decision for decision in case.routes.decisions}
    mine = [entry for entry in case.signs.served if entry.route in routes]
    silent: dict[str, set[str]] = {}
    for entry in mine:
        if not entry.sign:
            silent.setdefault(entry.decision, set()).add(case.name(entry.goal))
    for floor in dict.fromkeys(places[id].floor for id in silent):
        here = sorted((id for id in silent if places[id].floor == floor), key=lambda id: (-len(silent[id]), id))
        goals = text("check.list").join(sorted(set().union(*(silent[id] for id in here))))
        where = Place(floor, "", places[here[0]].at)
        yield task.failed("unserved", len(here), where, limit=0, id=text("check.list").join(here), goals=goals)
    if mine and not silent:
        yield task.passed("served", len({entry.decision for entry in mine}))
    if not mine:
        yield task.undecided("no_route")


def blind_length(case: Case, task: Task) -> Iterator[Finding]:
    """No stretch of a route without a sign in reach is longer than the settings allow."""
    limit = task.rule.limit if isinstance(task.rule.limit, float) else case.settings.signs.max_blind_m
    routes = {route.id: route for route in case.routes.routes}
    long = [
        (end - begin, begin, routes[reading.route])
        for reading in case.signs.readings
        if reading.route in routes
        for begin, end in reading.blind
        if end - begin > limit + 1e-6
    ]
    if long:
        longest, begin, route = max(long, key=lambda entry: (entry[0], entry[2].id))
        count = len({entry[2].id for entry in long})
        where = _along(route, begin + longest / 2)
        yield task.failed("blind", longest, where, limit=limit, route=route.name, begin=f"{begin:.0f}", count=count)
    if case.signs.readings and not long:
        longest = max((b - a for reading in case.signs.readings for a, b in reading.blind), default=0.0)
        yield task.passed("not_blind", longest, limit=limit)
    if not case.signs.readings:
        yield task.undecided("no_route")


def _along(route: Route, metres: float) -> Place:
    for leg in route.legs:
        if metres <= leg.length_m:
            spot = leg.line.interpolate(metres)
            return Place(leg.floor, "", (spot.x, spot.y))
        metres -= leg.length_m
    return Place()


CHECKS = {
    "shortfalls": shortfalls, "window_count": window_count, "zone_area": zone_area, "zone_overlap": zone_overlap,
    "zone_inside": zone_inside, "fixed_kept": fixed_kept, "self_24h": self_24h, "decisions_served": decisions_served,
    "blind_length": blind_length,
}  # fmt: skip
