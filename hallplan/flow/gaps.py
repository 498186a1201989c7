"""Why a place cannot be reached: how wide the widest way there is, where it is narrowest, and what stands there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from hallplan.flow.grounds import Extent, Grounds, Shapes
from hallplan.flow.walks import Spot
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
    way = _Way(grounds, extent, start, end)
    for spot in (start, end):
        if not way.parts(spot, LEAST_M).any():
            is_inside = grounds.site.floor(spot.floor).outline.covers(Point(spot.at))
            beside = _beside(grounds, spot.floor, spot.at, spot.reach_m) if is_inside else ()
            return Gap(0.0, spot.at, beside, "no_ground" if is_inside else "outside")
    if not way.is_joined(LEAST_M):
        at = way.between(LEAST_M)
        return Gap(0.0, at, _beside(grounds, start.floor, at, LEAST_M))
    low, high = 0.0, wanted_m
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if way.is_joined(middle) else (low, middle)
    at = way.between(high)
    return Gap(round_m(round(low, 2)), at, _beside(grounds, start.floor, at, high))


@dataclass(frozen=True, slots=True)
class _Way:
    """Two spots of a floor and the ground between them."""

    grounds: Grounds
    extent: Extent
    start: Spot
    end: Spot

    def parts(self, spot: Spot, width: float) -> NDArray[np.bool_]:
        """Which parts of the ground for a width are within reach of a spot."""
        return np.asarray(shapely.dwithin(self._ground(width), Point(spot.at), spot.reach_m))

    def is_joined(self, width: float) -> bool:
        """Whether both spots reach the same part of the ground for a width."""
        return bool((self.parts(self.start, width) & self.parts(self.end, width)).any())

    def between(self, width: float) -> Place | None:
        """The middle of the shortest step from what one spot reaches to what the other does."""
        ground = self._ground(width)
        one, other = (ground[self.parts(spot, width)] for spot in (self.start, self.end))
        if not len(one) or not len(other):
            return None
        step = shapely.shortest_line(shapely.geometrycollections(one), shapely.geometrycollections(other))
        middle = step.interpolate(0.5, normalized=True)
        return round_m(middle.x), round_m(middle.y)

    def _ground(self, width: float) -> Shapes:
        return self.grounds.narrowed(self.start.floor, self.extent, width)


def _beside(grounds: Grounds, floor: str, at: Place | None, width: float) -> tuple[str, ...]:
    """The nearest two of furniture, partitions, columns and walls that reach to within a way's half width of a place."""
    if at is None:
        return ()
    layout, drawn = grounds.layout, grounds.site.floor(floor)
    things: list[tuple[str, BaseGeometry]] = [(o.id, o.area) for o in drawn.obstacles]
    things += [(piece.id, footprint(piece)) for piece in layout.furniture if piece.floor == floor]
    things += [(wall.id, wall.line.buffer(wall.thickness_m / 2)) for wall in layout.partitions if wall.floor == floor]
    far = shapely.distance(np.array([shape for _, shape in things], dtype=object), Point(at)).round(3)
    near = sorted(zip(far.tolist(), (id for id, _ in things), strict=True))
    return tuple(id for distance, id in near[:2] if distance <= width / 2 + NEAR_M)
