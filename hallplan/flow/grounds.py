"""Ground ready for walking, made once for each floor, network and width."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from hallplan.geometry import Walkable
from hallplan.geometry.polygons import moved, polygons_of
from hallplan.model import space
from hallplan.model.layout import Layout, PlacedZone
from hallplan.model.shapes import Point
from hallplan.model.site import Floor, Opening, Site
from hallplan.terms import read_data

Extent = Literal["ways", "public", "out", "staff", "all"]
"""ways: aisles, free ground and public fronts; public: with public zones; out: with staff's ways over open floor, which nothing
shuts off from who flees; staff: apart from the public; all: whatever is free."""
TOLERANCE_M = 0.01
"""A way is not lost for a centimetre: walls in drawings are no more exact than that."""
DOOR_STEP_M = 0.1
Shapes = NDArray[np.object_]


class Grounds:
    """The walkable grounds of a layout on a site."""

    def __init__(self, site: Site, layout: Layout) -> None:
        self.site, self.layout = site, layout
        self._made: dict[tuple[str, Extent, float], Walkable] = {}
        self._narrowed: dict[tuple[str, Extent, float], Shapes] = {}
        self._floors: dict[str, FloorGround] = {floor.id: FloorGround(floor, layout) for floor in site.floors}

    def walkable(self, floor: str, extent: Extent, width_m: float) -> Walkable:
        """Returns the ground of a floor for people who need `width_m`."""
        key = floor, extent, width_m
        if key not in self._made:
            shape = self._for_ways(floor, extent, width_m)
            self._made[key] = Walkable(shape, max(0.0, width_m - TOLERANCE_M) / 2, quarter_segments=3)
        return self._made[key]

    def narrowed(self, floor: str, extent: Extent, width_m: float) -> Shapes:
        """Returns the connected parts of the ground on which the middle of something of a width can be, (n,)."""
        key = floor, extent, width_m
        if key not in self._narrowed:
            inner = shapely.buffer(self._for_ways(floor, extent, width_m), -width_m / 2, quad_segs=3)
            parts = np.array(polygons_of(inner), dtype=object)
            shapely.prepare(parts)
            self._narrowed[key] = parts
        return self._narrowed[key]

    def _for_ways(self, floor: str, extent: Extent, width_m: float) -> BaseGeometry:
        return space.for_ways(self._floors[floor].shape(extent), self.site.floor(floor), self.layout, width_m)

    def cleared(self, floor: str) -> BaseGeometry:
        """Returns all free ground of a floor when chairs at desks and counters are pushed aside."""
        movable = read_data("space.toml")["movable"]
        return space.ground(self.site.floor(floor), self.layout, ignore=movable)

    def free(self, floor: str) -> BaseGeometry:
        """Returns all free ground of a floor."""
        return self._floors[floor].free

    def public_zones(self, floor: str) -> BaseGeometry:
        """Returns the public zones of a floor that only those who want something there enter."""
        return self._floors[floor].public_zones

    def zone(self, id: str) -> PlacedZone | None:
        """Returns a placed zone, None when the layout has none of that id."""
        return next((zone for zone in self.layout.zones if zone.zone == id), None)

    def zone_at(self, floor: str, at: Point) -> PlacedZone | None:
        """Returns the zone that a place lies in, None when it lies in none."""
        spot = shapely.Point(at)
        return next((zone for zone in self.layout.zones if zone.floor == floor and zone.area.covers(spot)), None)


class FloorGround:
    """The free ground of one floor, and its parts."""

    def __init__(self, floor: Floor, layout: Layout) -> None:
        self.floor, self.layout = floor, layout

    def shape(self, extent: Extent) -> BaseGeometry:
        """Returns the ground of an extent."""
        if extent == "all":
            return self.free
        if extent == "staff":
            return self.free.difference(space.public_only(self.floor, self.layout))
        if extent == "public":
            return self._public
        if extent == "out":
            return self.free.difference(space.staff_zones(self.floor, self.layout))
        through = read_data("flow.toml")["walk"]["through"]
        return self._public.difference(space.off_the_ways(self.floor, self.layout, through))

    @cached_property
    def free(self) -> BaseGeometry:
        """All free ground."""
        return space.ground(self.floor, self.layout)

    @cached_property
    def _public(self) -> BaseGeometry:
        return self.free.difference(space.staff_only(self.floor, self.layout))

    @cached_property
    def public_zones(self) -> BaseGeometry:
        """Public zones that only those who want something there enter."""
        return space.off_the_ways(self.floor, self.layout, ())


def door_step(door: Opening, floor: Floor, width_m: float) -> Point:
    """Returns the first place inside a door with room for `width_m`."""
    wall = floor.usable.distance(LineString([door.at, moved(door.at, door.inward_deg, 1e-3)]))
    reach = wall + max(0.0, width_m - TOLERANCE_M) / 2 + DOOR_STEP_M
    return moved(door.at, door.inward_deg, reach if math.isfinite(reach) else DOOR_STEP_M)
