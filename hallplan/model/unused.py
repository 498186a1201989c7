"""Floor that nothing of a layout needs: what may be kept in reserve, or given to a zone that is absent."""

from __future__ import annotations

import math

import shapely
from shapely.affinity import translate
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.model.flow import Routes
from hallplan.model.layout import Layout
from hallplan.model.site import Floor, ObstacleKind
from hallplan.model.space import ground
from hallplan.terms import read_data


def unused_ground(floor: Floor, layout: Layout, routes: Routes) -> BaseGeometry:
    """Returns the free ground that no zone, front of counters, way of anybody or approach of a door takes.

    Sizes: data/space.toml [unused].
    """
    sizes = read_data("space.toml")["unused"]
    used: list[BaseGeometry] = [zone.area for zone in layout.zones if zone.floor == floor.id]
    used += _fronts(floor, layout, float(sizes["front_m"]))
    for route in routes.routes:
        half = max(route.clearance_m / 2, sizes["way_m"][route.network] / 2)
        used += [leg.line.buffer(half, cap_style="square") for leg in route.legs if leg.floor == floor.id]
    doors = [door for door in floor.openings if floor.usable.dwithin(door.line, sizes["wall_m"])]
    used += [Point(door.at).buffer(max(sizes["door_m"], door.width_m / 2)) for door in doors]
    used += [Point(door.at).buffer(sizes["door_m"]) for door in layout.doors if door.floor == floor.id]
    used += [obstacle.area for obstacle in floor.obstacles if obstacle.kind is not ObstacleKind.COLUMN]
    free = ground(floor, layout)
    whole = free if isinstance(free, MultiPolygon | Polygon) else free.buffer(0)
    return whole.difference(shapely.union_all(used))


def _fronts(floor: Floor, layout: Layout, depth: float) -> list[BaseGeometry]:
    """The ground before the fronts of zones that people come to."""
    moved = []
    for zone in layout.zones:
        if zone.floor == floor.id and zone.front_deg is not None:
            turn = math.radians(zone.front_deg)
            moved.append(translate(zone.area, depth * math.cos(turn), depth * math.sin(turn)))
    return moved
