"""Where the lines of a very large floor are fine: near where people come in, as far as the zones need, and where the user wants zones."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import shapely
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from hallplan.model.programme import Programme
from hallplan.model.site import Floor, OpeningRole, Site

NEAR_M, STEP_M, FACTOR, ROOM = 30.0, 3.0, 1.5, 2.5
"""Lines are fine within the first of the main entrances at least, the third times the side of a square of all zones at most, and in steps of the
second as far as there is the last times the floor that all zones take."""
ASIDE_M = 12.0
"""How far from the doors of staff and from second entrances they are fine, which are often far from the main ones."""
RectM = tuple[float, float, float, float]


def fine_reach(site: Site, zones_m2: float) -> float:
    """Returns how far from where visitors come onto its floors their lines are fine, if these are very large, m: so that zones of so many m²
    lie there."""
    near, most = NEAR_M, max(NEAR_M, FACTOR * math.sqrt(zones_m2))
    while near < most and sum(floor_near(floor, near).area for floor in site.floors) < ROOM * zones_m2:
        near += STEP_M
    return min(near, most)


def floor_near(floor: Floor, near_m: float) -> BaseGeometry:
    """Returns the usable floor within a distance along each axis of where visitors come onto it."""
    boxes = [box(x - near_m, y - near_m, x + near_m, y + near_m) for x, y in _arrivals(floor)]
    return floor.usable.intersection(shapely.union_all(boxes))


def wanted_on(programme: Programme, floor: Floor) -> Iterator[RectM]:
    """Yields the bounds of where the user wants zones on a floor: what is to lie there needs fine lines however far from the entrances."""
    for zone in programme.zones:
        yield from (one.area.bounds for one in zone.regions if one.floor == floor.id and not one.is_forbidden)


def fine_stretches(floor: Floor, axis: int, near_m: float, wanted: Sequence[RectM]) -> list[tuple[float, float]]:
    """Returns the stretches of an axis on which lines are fine; none where all of it has such lines, as with an infinite distance."""
    if not math.isfinite(near_m):
        return []
    others = [door.at for door in floor.with_role(OpeningRole.SECOND, OpeningRole.STAFF)]
    reaches = [(point, near_m) for point in _arrivals(floor)] + [(point, min(near_m, ASIDE_M)) for point in others]
    stretches = [(point[axis] - reach, point[axis] + reach) for point, reach in reaches]
    return stretches + [(rect[axis], rect[axis + 2]) for rect in wanted]


def _arrivals(floor: Floor) -> list[tuple[float, float]]:
    """Where visitors come onto a floor: its main doors, else its stairs and lifts, else other doors that people come in by."""
    mains = [door.at for door in floor.with_role(OpeningRole.MAIN)] or [link.at for link in floor.links]
    return mains or [door.at for door in floor.with_role(OpeningRole.SECOND, OpeningRole.STAFF)]
