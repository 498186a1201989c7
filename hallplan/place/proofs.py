"""What certainly fits nowhere: places of upright rectangles on a floor, exactly, whatever the grid of the search."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.affinity import translate
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.model.programme import Zone
from hallplan.model.site import Floor, OpeningRole
from hallplan.place.necks import KEEP_H24, KEEP_MAIN, approach
from hallplan.place.spec import Spec
from hallplan.place.task import Task
from hallplan.place.weights import WEIGHTS

SLACK_M = 0.01
"""Each side is taken so much smaller: what is proven does not hang on roundings of a drawing."""
STEPS = 6
"""Of the sizes of zones so many are tried as the least of a kind."""
OWN_DOOR = {KEEP_MAIN: OpeningRole.MAIN, KEEP_H24: OpeningRole.H24}


def fits_nowhere(task: Task, spec: Spec) -> bool:
    """Returns whether a zone has certainly no place on the empty floor: a rectangle that it must hold lies nowhere in it.

    What doors to the outside keep free is closed to it, but not to the way before its counters.
    """
    return not any(_has_place(task.grids[n].floor, spec) for n in spec.floors)


def _has_place(floor: Floor, spec: Spec) -> bool:
    own = OWN_DOOR.get(spec.opens)
    doors = [door for door in floor.openings if door.is_exterior and door.role != own and not spec.crosses]
    closed = shapely.union_all([approach(door, WEIGHTS.approach_m - 0.2) for door in doors])
    zone, free, bare = spec.zone, floor.usable.difference(closed), floor.usable
    if not zone.forms:
        return bool(_corners(free, _least_side(zone), _least_side(zone)).area > 0.0)
    return any(_stands(free, bare, form.front_m, form.depth_m, zone.front_way_m) for form in zone.forms)


def _stands(free: BaseGeometry, bare: BaseGeometry, front: float, depth: float, way: float) -> bool:
    """Whether counters lie on free floor, with the way before them on any, their front one of four ways."""
    for wide, deep, x, y in ((front, depth, 0.0, way), (depth, front, way, 0.0)):
        alone, both = _corners(free, wide, deep), _corners(bare, wide + x, deep + y)
        if alone.intersection(both).area > 0.0 or alone.intersection(translate(both, x, y)).area > 0.0:
            return True
    return False


def _least_side(zone: Zone) -> float:
    """The side of a square that any rectangle of a zone's area, sides and aspect holds, or that its counters do."""
    if zone.forms:
        return min(min(form.front_m, form.depth_m) for form in zone.forms)
    return max(0.1, zone.min_side_m, math.sqrt(zone.min_m2 / max(1.0, zone.max_aspect)))


@dataclass(frozen=True, slots=True)
class Excess:
    """More zones of a kind than a task's floors can hold: how many, how many fit at most, and the least area of each, m².

    front_m: least front of counters, 0 where zones of any kind were counted.
    """

    n: int
    most: int
    area_m2: float
    front_m: float


def excess(task: Task) -> Excess | None:
    """Returns counters, or zones from some area on, of which there are more than the floors can certainly hold; None for none.

    A zone lies in one room (a part of the floor that rectangles of its least sides can cover), counters with the way before them.
    That way may serve a second front that faces it. So of a room each takes its own area and half its way's.
    """
    zones = [spec.zone for spec in task.specs if not spec.is_settled]
    counters = [zone for zone in zones if zone.forms]
    floors = [grid.floor.usable for grid in task.grids]
    for front in _steps([_front(zone) for zone in counters]):
        long = [zone for zone in counters if _front(zone) >= front]
        depth = min(form.depth_m for zone in long for form in zone.forms)
        way = min(zone.front_way_m for zone in long)
        each = (front - SLACK_M) * (depth + way / 2 - SLACK_M)
        most = sum(int(room.area / each) for free in floors for room in _rooms(free, front, depth + way))
        if len(long) > most:
            return Excess(len(long), most, each, front)
    for area in _steps([zone.min_m2 for zone in zones]):
        large = [zone for zone in zones if zone.min_m2 >= area]
        side = (
            min(_least_side(zone) for zone in large if not zone.forms) if any(not zone.forms for zone in large) else 0.1
        )
        rooms = (room for free in floors for room in _rooms(free, side, side))
        most = sum(int(room.area / (area - SLACK_M)) for room in rooms)
        if len(large) > most:
            return Excess(len(large), most, area, 0.0)
    return None


def _front(zone: Zone) -> float:
    return min(form.front_m for form in zone.forms)


def _steps(values: Sequence[float]) -> list[float]:
    """At most STEPS of some values, evenly by rank, the largest first."""
    ranked = sorted(set(values), reverse=True)
    return [ranked[round(n)] for n in np.linspace(0, len(ranked) - 1, min(STEPS, len(ranked)))]


def _rooms(free: BaseGeometry, front: float, depth: float) -> list[BaseGeometry]:
    """The parts of a floor that upright rectangles of a size, either way round, can cover."""
    covered = []
    for wide, deep in ((front, depth), (depth, front)):
        corners = _corners(free, wide, deep)
        covered += [_swept(part, 0.0, 0.0, wide - SLACK_M, deep - SLACK_M) for part in _polygons(corners)]
    return _polygons(shapely.union_all(covered)) if covered else []


def _corners(free: BaseGeometry, wide: float, deep: float) -> BaseGeometry:
    """Where the lower left corner of a rectangle lies when all of it lies on the floor: the floor less what its sides, swept
    back by the rectangle, cover."""
    wide, deep = wide - SLACK_M, deep - SLACK_M
    low, high = free.bounds[0], free.bounds[1]
    if free.bounds[2] - low < wide or free.bounds[3] - high < deep:
        return Polygon()
    return free.difference(_sweep(free, -wide, -deep, 0.0, 0.0))


def _swept(shape: Polygon, *by: float) -> BaseGeometry:
    """A shape with what it covers when a rectangle, given by its bounds about the origin, moves over it."""
    return shapely.union_all([shape, _sweep(shape, *by)])


def _sweep(shape: BaseGeometry, x0: float, y0: float, x1: float, y1: float) -> BaseGeometry:
    """What a rectangle covers whose origin runs along the edges of a shape."""
    edges = np.concatenate([
        np.stack([ring[:-1], ring[1:]], axis=1)
        for part in _polygons(shape)
        for ring in (np.asarray(one.coords) for one in (part.exterior, *part.interiors))
    ])  # fmt: skip
    corners = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
    points = (edges[:, :, None, :] + corners[None, None, :, :]).reshape(len(edges), -1, 2)
    lines = shapely.multipoints(shapely.points(points))
    return shapely.union_all(shapely.convex_hull(lines))


def _polygons(shape: BaseGeometry) -> list[Polygon]:
    parts: Sequence[BaseGeometry] = getattr(shape, "geoms", [shape])
    return [part for part in parts if isinstance(part, Polygon) and not part.is_empty]
