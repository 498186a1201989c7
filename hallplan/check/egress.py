"""Checks on ways out: number, distance apart and width of exits, walks to them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from hallplan.check.case import Case, Task
from hallplan.geometry import Walkable
from hallplan.model.findings import Finding, Place
from hallplan.model.site import Floor, ObstacleKind

BODY_M = 0.6
"""Width that one person needs to walk out."""
LENGTH_TOL = 0.005
"""Walks are measured round furniture that will stand a few centimetres elsewhere."""


def exit_count(case: Case, task: Task) -> Iterator[Finding]:
    """Each floor has two exits, or one when it is small and has few people."""
    for floor in case.floors_used():
        doors, stairs = case.exits(floor, staff=True), _stairs(floor)
        count, people = len(doors) + stairs, case.people(floor.id)
        where = Place(floor.id, "", doors[0].at if doors else None)
        area = floor.free_area_m2
        is_small = area <= task.options["single_m2"] and people <= task.options["single_people"]
        words = {"floor": floor.title, "area": f"{area:.0f}", "people": people}
        if count >= task.limit:
            yield task.passed("exits", count, where, **words)
        elif count == 1 and is_small:
            yield task.passed("exit_single", count, where, limit=1, **words)
        else:
            yield task.failed("exits_few", count, where, **words)


def exit_separation(case: Case, task: Task) -> Iterator[Finding]:
    """Doors nearer than the limit count as one exit; of such exits there must be two."""
    for floor in case.floors_used():
        doors = case.exits(floor, staff=True)
        if len(doors) + _stairs(floor) < 2:
            yield task.undecided("one_exit", len(doors), Place(floor.id), floor=floor.title)
            continue
        gaps = sorted((a.line.distance(b.line), a.id, b.id) for a, b in combinations(doors, 2))
        if not gaps:
            yield task.undecided("stairs_apart", None, Place(floor.id), floor=floor.title)
            continue
        apart = [gap for gap, _, _ in gaps if gap >= task.limit - 1e-6]
        where = Place(floor.id, "", next(door.at for door in doors if door.id == gaps[0][1]))
        if apart:
            yield task.passed("exits_apart", min(apart), where, floor=floor.title)
        else:
            yield task.failed("exits_near", gaps[-1][0], where, floor=floor.title)


def egress_width(case: Case, task: Task) -> Iterator[Finding]:
    """The exits of a floor are wide enough together for its people."""
    for floor in case.floors_used():
        per_100 = task.options["per_100"][min(max(floor.level, 1), 4) - 1]
        people = case.people(floor.id)
        needed = round(people / 100 * per_100, 3)
        doors = case.exits(floor, staff=True)
        width = sum(door.width_m for door in doors)
        where = Place(floor.id, "", max(doors, key=lambda d: d.width_m).at if doors else None)
        words = {"floor": floor.title, "people": people, "limit": needed}
        if width >= needed - 1e-6 and doors:
            yield task.passed("exit_width", width, where, **words)
        elif _stairs(floor):
            yield task.undecided("stair_width", width, where, **words)
        else:
            yield task.failed("exit_width_short", width, where, **words)


def travel_distance(case: Case, task: Task) -> Iterator[Finding]:
    """The farthest place is within the limit of an exit, walked round what stands in the way."""
    limit = _travel_limit(case, task)
    ways = [route for route in case.routes.routes if route.network == "egress"]
    far = [route for route in ways if route.length_m > limit * (1 + LENGTH_TOL)]
    floors = dict.fromkeys(route.legs[0].floor for route in far)
    for floor in floors:
        route = max((r for r in far if r.legs[0].floor == floor), key=lambda r: r.length_m)
        leg = route.legs[0]
        where = Place(leg.floor, leg.start, leg.line.coords[0])
        yield task.failed("far", route.length_m, where, limit=limit, start=case.name(leg.start), end=case.name(leg.end))
    if ways and not far:
        longest = max(ways, key=lambda route: route.length_m)
        leg = longest.legs[0]
        where = Place(leg.floor, leg.start, leg.line.coords[0])
        yield task.passed("near", longest.length_m, where, limit=limit)
    if not ways:
        yield task.undecided("no_route")


def room_travel(case: Case, task: Task) -> Iterator[Finding]:
    """The doors of new rooms are within the limit of an exit."""
    limit = _travel_limit(case, task)
    for floor in case.floors_used():
        doors = [door for door in case.layout.doors if door.floor == floor.id]
        exits = [door.at for door in case.exits(floor, staff=True)]
        exits += [link.at for link in floor.links if link.kind is ObstacleKind.STAIR and floor.level > 1]
        if not doors or not exits:
            continue
        walk = Walkable(case.ground(floor.id, "free"), BODY_M / 2, quarter_segments=2)
        lengths = walk.distances(exits, np.array([door.at for door in doors])).min(axis=0)
        worst = int(lengths.argmax())
        where = Place(floor.id, doors[worst].zone, doors[worst].at)
        words = {"zone": case.name(doors[worst].zone), "limit": limit}
        if not np.isfinite(lengths[worst]):
            yield task.failed("room_shut", None, where, **words)
        elif lengths[worst] > limit:
            yield task.failed("room_far", float(lengths[worst]), where, **words)
        else:
            yield task.passed("room_near", float(lengths[worst]), where, **words)
    if not case.layout.doors:
        yield task.passed("no_rooms", None)


def _travel_limit(case: Case, task: Task) -> float:
    return task.limit * (task.options["sprinkler_factor"] if case.settings.rules.sprinklers else 1.0)


def _stairs(floor: Floor) -> int:
    """Stairs are exits on upper floors."""
    return sum(link.kind is ObstacleKind.STAIR for link in floor.links) if floor.level > 1 else 0


CHECKS = {
    "exit_count": exit_count, "exit_separation": exit_separation, "egress_width": egress_width,
    "travel_distance": travel_distance, "room_travel": room_travel,
}  # fmt: skip
