"""Why a place cannot be reached: how wide the widest way there is, where it is narrowest, and what stands there."""

from __future__ import annotations

from dataclasses import dataclass

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from hallplan.flow.grounds import Extent, Grounds
from hallplan.flow.walks import Spot
from hallplan.geometry.polygons import polygons_of
from hallplan.model.flow import Why
from hallplan.model.shapes import Point as Place
from hallplan.model.space import footprint
from hallplan.units import round_m

STEPS = 7
NEAR_M = 0.3
LEAST_M = 0.02
"""What is narrower is no way at all."""


@dataclass(frozen=True, slots=True)
class Gap:
    """The narrowest place of the widest way: its width, 0 where there is none at all, and what stands beside it."""

    width_m: float
    at: Place | None
    beside: tuple[str, ...]
    why: Why = ""


def narrowest(grounds: Grounds, start: Spot, end: Spot, wanted_m: float, extent: Extent) -> Gap:
    """Returns where the widest way between two spots of a floor is too narrow for `wanted_m`, to about a centimetre."""
    free = grounds.walkable(start.floor, extent, wanted_m).free
    low, high = 0.0, wanted_m
    for spot in (start, end):
        if not _parts(free, spot, LEAST_M):
            is_inside = grounds.site.floor(spot.floor).outline.covers(Point(spot.at))
            beside = _beside(grounds, spot.floor, spot.at, spot.reach_m) if is_inside else ()
            return Gap(0.0, spot.at, beside, "no_ground" if is_inside else "outside")
    if _joined(free, start, end, LEAST_M) is None:
        at = _between(free, start, end, LEAST_M)
        return Gap(0.0, at, _beside(grounds, start.floor, at, LEAST_M))
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _joined(free, start, end, middle) is not None else (low, middle)
    at = _between(free, start, end, high)
    return Gap(round_m(round(low, 2)), at, _beside(grounds, start.floor, at, high))


def _parts(free: BaseGeometry, spot: Spot, width: float) -> list[BaseGeometry]:
    inner = polygons_of(shapely.buffer(free, -width / 2, quad_segs=3))
    return [part for part in inner if part.distance(Point(spot.at)) <= spot.reach_m]


def _joined(free: BaseGeometry, start: Spot, end: Spot, width: float) -> BaseGeometry | None:
    """The part of the ground for a width that both spots reach."""
    there = _parts(free, end, width)
    return next((part for part in _parts(free, start, width) if any(part.equals(other) for other in there)), None)


def _between(free: BaseGeometry, start: Spot, end: Spot, width: float) -> Place | None:
    """The middle of the shortest step from what one spot reaches to what the other does."""
    one, other = _parts(free, start, width), _parts(free, end, width)
    if not one or not other:
        return None
    step = shapely.shortest_line(shapely.union_all(one), shapely.union_all(other))
    middle = step.interpolate(0.5, normalized=True)
    return round_m(middle.x), round_m(middle.y)


def _beside(grounds: Grounds, floor: str, at: Place | None, width: float) -> tuple[str, ...]:
    """The nearest two of furniture, partitions, columns and walls that reach to within a way's half width of a place."""
    if at is None:
        return ()
    layout, drawn = grounds.layout, grounds.site.floor(floor)
    things: list[tuple[str, BaseGeometry]] = [(o.id, o.area) for o in drawn.obstacles]
    things += [(piece.id, footprint(piece)) for piece in layout.furniture if piece.floor == floor]
    things += [(wall.id, wall.line.buffer(wall.thickness_m / 2)) for wall in layout.partitions if wall.floor == floor]
    near = sorted((round(shape.distance(Point(at)), 3), id) for id, shape in things)
    return tuple(id for distance, id in near[:2] if distance <= width / 2 + NEAR_M)
