"""What a finished layout asks of the building: walls that come down or go up, and how far one has to run to get out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, box
from shapely.geometry.base import BaseGeometry

from hallplan.model.site import Floor, ObstacleKind, OpeningRole
from hallplan.place import kernels as k
from hallplan.place.anchors import seeds_of
from hallplan.place.grid import Grid
from hallplan.place.kernels import Bools, Floats
from hallplan.place.state import State

STANDS_M = 0.2
"""A wall this near to a zone's side stands there already; one this far inside a zone comes down."""
WAYS_OUT = (OpeningRole.MAIN, OpeningRole.SECOND, OpeningRole.FIRE, OpeningRole.STAFF)


def moved_walls(state: State) -> float:
    """Returns the metres of removable wall within zones that come down, and of the walls that enclosed zones still lack."""
    return sum(_down(state, n, grid.floor) + _up(state, n, grid.floor) for n, grid in enumerate(state.task.grids))


def _boxes(state: State, floor: int, *, enclosed: bool) -> Iterator[BaseGeometry]:
    for spec in state.task.specs:
        here = state.floor[spec.index] == floor and spec.zone.fixed_area is None
        if here and (spec.zone.is_enclosed or not enclosed):
            yield box(*state.task.grids[floor].rect(state.rects[spec.index]))


def _loose_walls(floor: Floor) -> list[BaseGeometry]:
    return [wall.area for wall in floor.of_kind(ObstacleKind.WALL) if not wall.is_fixed and not wall.area.is_empty]


def _down(state: State, floor: int, drawn: Floor) -> float:
    """Metres of removable wall inside zones: a wall's area over its thickness, which is 2 · area / perimeter when thin."""
    walls = _loose_walls(drawn)
    if not walls:
        return 0.0
    zones = shapely.union_all([zone.buffer(-STANDS_M) for zone in _boxes(state, floor, enclosed=False)])
    areas, lengths = shapely.area(walls), shapely.length(walls)
    inside = shapely.area(shapely.intersection(walls, zones))
    return float((inside * lengths / np.maximum(2.0 * areas, 1e-9)).sum())


def _up(state: State, floor: int, drawn: Floor) -> float:
    """Metres of the sides of enclosed zones where neither the building nor a removable wall nor another's wall stands."""
    standing = _standing(drawn.usable, tuple(_loose_walls(drawn)))
    total, new = 0.0, list[BaseGeometry]()
    for zone in _boxes(state, floor, enclosed=True):
        lacking = zone.boundary.difference(standing).difference(shapely.union_all(new))
        total += lacking.length
        if isinstance(lacking, LineString | MultiLineString):
            new.append(lacking.buffer(STANDS_M))
    return total


@lru_cache(maxsize=16)
def _standing(usable: MultiPolygon, walls: tuple[BaseGeometry, ...]) -> BaseGeometry:
    """The ground near to what stands on a floor, kept for its other layouts."""
    return shapely.union_all([usable.boundary, *walls]).buffer(STANDS_M)


def escape_excess(state: State, limit_m: float) -> float:
    """Returns by how many metres the longest walk from a zone's farthest corner to its nearest way out is above a limit.

    0 where the limit holds or a floor shows no way out. From the side of a zone on, people walk straight to its corner.
    """
    walks = (metres for floor in range(len(state.task.grids)) for metres in corner_walks(state, floor).values())
    return max(0.0, max(walks, default=0.0) - limit_m)


def corner_walks(state: State, floor: int) -> dict[int, float]:
    """Returns by zone the metres from its farthest corner to its nearest way out; nothing where a floor shows no way out."""
    grid, found = state.task.grids[floor], dict[int, float]()
    dist = from_exits(grid, state.public_cells(floor) | state.staff_cells(floor))
    if dist is None:
        return found
    way = grid.ways[min(grid.ways)]
    for spec in state.task.specs:
        if state.floor[spec.index] != floor or spec.zone.fixed_area is not None:
            continue
        x0, y0, x1, y1 = grid.rect(state.rects[spec.index])
        near = float(way.touch(dist, state.rects[spec.index], -1)[0])
        if spec.is_passable:
            near = float(k.within(dist, way.reach_x, way.reach_y, state.rects[spec.index]))
        if math.isfinite(near):
            found[spec.index] = near + math.hypot(x1 - x0, y1 - y0)
    return found


def points_out(grid: Grid) -> list[tuple[float, float]]:
    """Returns the places of the doors to the outside, and above the ground floor of the stairs."""
    points = [door.at for door in grid.floor.with_role(*WAYS_OUT) if door.is_exterior]
    if grid.floor.level > 1:
        points += [link.at for link in grid.floor.links if link.kind is ObstacleKind.STAIR]
    return points


def from_exits(grid: Grid, cells: Bools) -> Floats | None:
    """Returns walking distances over some cells from the doors to the outside, and above the ground floor from the stairs; None without
    any."""
    points = points_out(grid)
    way = grid.ways[min(grid.ways)]
    valid = way.anchors(cells)
    seeds = seeds_of(way, valid, points) if points else np.zeros((0, 2), np.int32)
    return way.flood(valid, seeds, grid.ones) if len(seeds) else None
