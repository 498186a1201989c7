"""What a finished layout asks of the building: walls that come down or go up, and how far one has to run to get out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, box
from shapely.geometry.base import BaseGeometry

from hallplan.kept import kept
from hallplan.model.site import Floor, ObstacleKind, OpeningRole
from hallplan.place import kernels as k
from hallplan.place.anchors import seeds_of
from hallplan.place.grid import Grid
from hallplan.place.kernels import Bools, Floats
from hallplan.place.necks import FLOORS_KEPT
from hallplan.place.state import State
from hallplan.place.weights import TRAVEL
from hallplan.terms import read_data

STANDS_M = 0.2
"""A wall this near to a zone's side stands there already; one this far inside a zone comes down."""
OPEN_WAYS_OUT = (OpeningRole.MAIN, OpeningRole.SECOND, OpeningRole.FIRE)
"""Visitors leave by these doors, staff by their own too."""
WAYS_OUT = (*OPEN_WAYS_OUT, OpeningRole.STAFF)


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
    """Returns by zone the metres from its farthest corner to its nearest way out; nothing where a floor shows no way out.

    Visitors walk over free floor to doors that are not for staff alone; staff behind counters too, and by any door, through no other room.
    """
    grid, found = state.task.grids[floor], dict[int, float]()
    dists = [
        from_exits(grid, flight_cells(state, floor, is_staff=is_staff), is_staff=is_staff) for is_staff in (False, True)
    ]
    way = grid.ways[min(grid.ways)]
    for spec in state.task.specs:
        dist = dists[spec.is_staff]
        if state.floor[spec.index] != floor or spec.zone.fixed_area is not None or dist is None:
            continue
        x0, y0, x1, y1 = grid.rect(state.rects[spec.index])
        near = float(way.touch(dist, state.rects[spec.index], -1)[0])
        if spec.is_passable:
            near = float(k.within(dist, way.reach_x, way.reach_y, state.rects[spec.index]))
        if math.isfinite(near):
            found[spec.index] = near + math.hypot(x1 - x0, y1 - y0)
    return found


def flight_cells(state: State, floor: int, *, is_staff: bool) -> Bools:
    """Returns the cells over which visitors, or staff, walk out: free ones and the entrance zone, for staff also behind counters and in
    zones of theirs that no wall encloses."""
    cells = state.public_cells(floor)
    return cells | state.staff_cells(floor, with_rooms=False) if is_staff else cells


def points_out(grid: Grid, *, is_staff: bool) -> list[tuple[float, float]]:
    """Returns the places of the doors to the outside that visitors, or staff, leave by, and above the ground floor of the stairs.

    Visitors leave by the staff's doors too where no layout could keep the limit to the others: one must be opened to them there.
    """
    roles = OPEN_WAYS_OUT if not is_staff and _is_near_open_doors(grid.floor) else WAYS_OUT
    points = [door.at for door in grid.floor.with_role(*roles) if door.is_exterior]
    if grid.floor.level > 1:
        points += [link.at for link in grid.floor.links if link.kind is ObstacleKind.STAIR]
    return points


@kept(FLOORS_KEPT)
def _is_near_open_doors(floor: Floor) -> bool:
    """Whether all corners of the free floor lie within the limit of a door that is not for staff alone, or of a stair, as the crow flies."""
    ends = [door.at for door in floor.with_role(*OPEN_WAYS_OUT) if door.is_exterior]
    ends += [link.at for link in floor.links if link.kind is ObstacleKind.STAIR and floor.level > 1]
    if not ends:
        return False
    corners, limit = (
        shapely.points(shapely.get_coordinates(floor.usable)),
        read_data("rules/egress.toml")[TRAVEL]["limit"],
    )
    return bool((shapely.distance(corners, shapely.MultiPoint(ends)) <= limit).all())


def from_exits(grid: Grid, cells: Bools, *, is_staff: bool) -> Floats | None:
    """Returns walking distances over some cells from where visitors, or staff, leave a floor; None where they do nowhere."""
    points = points_out(grid, is_staff=is_staff)
    way = grid.ways[min(grid.ways)]
    valid = way.anchors(cells)
    seeds = seeds_of(way, valid, points) if points else np.zeros((0, 2), np.int32)
    return way.flood(valid, seeds, grid.ones) if len(seeds) else None
