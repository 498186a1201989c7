"""Necks of a floor: doors and passages narrower than a way, and the cells beside them and before doors that zones keep off."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.affinity import rotate
from shapely.geometry import Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from hallplan.kept import kept
from hallplan.model.site import Floor, ObstacleKind, Opening, OpeningRole
from hallplan.place import kernels as k
from hallplan.place.anchors import Way, seeds_of
from hallplan.place.cells import Cells
from hallplan.place.floods import join
from hallplan.place.kernels import Bools, Ints
from hallplan.place.portals import EXACT_M
from hallplan.place.weights import WEIGHTS

if TYPE_CHECKING:
    from hallplan.place.grid import Grid

KEEP_FREE, KEEP_MAIN, KEEP_H24, KEEP_NECK = 1, 2, 3, 4
LEAF_ROOM_M2 = 45.0
BESIDE_M = 0.2
DOOR_REACH_M = 0.9
FLOORS_KEPT, _DOORS_KEPT = 16, 4000
"""Of how many floors and doors is kept what their grids ask for: a layout is looked at on grids of its own, some dozens of them."""
ROUND_DOOR_M = 1.0
"""A way that leads round a door no farther from it than this, on top of its own width, makes the door no neck."""


def with_necks_of(grid: Grid, coarse: Grid) -> Grid:
    """Returns a grid with the narrow doors of another too, all of whose lines it has."""
    across, up = ([int(np.argmin(np.abs(fine - line))) for line in lines.tolist()] for fine, lines in
                  ((grid.xs, coarse.xs), (grid.ys, coarse.ys)))  # fmt: skip
    ways = {}
    for width, way in grid.ways.items():
        rows = [(across[a], up[b], across[c], up[d], cm) for a, b, c, d, cm in coarse.ways[width].portals.tolist()]
        necks = np.concatenate([way.portals, np.array(rows, np.int32).reshape(-1, 5)])
        ways[width] = replace(way, portals=necks)
    return replace(grid, ways=ways)


def with_necks(grid: Grid, used: Sequence[tuple[float, tuple[int, int], tuple[int, int]]]) -> Grid:
    """Returns a grid with those of its necks alone that are named by width of way and both ends."""
    ends = {(width, frozenset(pair)) for width, *pair in used}
    ways = {
        width: without_necks(way, [row for row in way.portals.tolist() if (width, frozenset(_both(row))) not in ends])
        for width, way in grid.ways.items()
    }
    return replace(grid, ways=ways)


def _both(row: Sequence[int]) -> tuple[tuple[int, int], tuple[int, int]]:
    return (row[0], row[1]), (row[2], row[3])


def without_necks(way: Way, rows: Sequence[Sequence[int]]) -> Way:
    """Returns a way without some of its necks."""
    kept = [row for row in way.portals.tolist() if row not in rows]
    return replace(way, portals=np.array(kept, np.int32).reshape(-1, 5))


def neck_ends(grid: Grid) -> Iterator[tuple[int, int, int, int]]:
    """Yields the windows at both ends of each neck, in cells [i0, j0, i1, j1)."""
    for way in grid.ways.values():
        for row in way.portals.tolist():
            for i, j in (row[:2], row[2:4]):
                yield i, j, int(way.reach_x[i]), int(way.reach_y[j])


def approach(opening: Opening, depth_m: float, outward: bool = False) -> Polygon:
    """Returns the strip before a door that stays free: its width, `depth_m` deep from the wall's face."""
    half, (x, y) = opening.width_m / 2, opening.at
    strip = box(x, y - half, x + depth_m + 0.2, y + half)
    turn = opening.inward_deg + (180.0 if outward else 0.0)
    return rotate(strip, turn, origin=(x, y))


def door_portals(floor: Floor, way: Way, valid: Bools) -> Ints:
    """Passages through the doors inside: a door may be narrower than a way, or off the grid's lines; not narrower than a neck."""
    rows = []
    for door in floor.openings:
        if door.is_exterior or door.width_m < WEIGHTS.neck_m - 2 * EXACT_M or goes_with_its_wall(floor, door):
            continue
        if not floor.usable.dwithin(Point(door.at), 0.05):
            continue
        sides = []
        for turn in (door.inward_deg, door.inward_deg + 180.0):
            reach, angle = 0.2 + way.width_m / 2, math.radians(turn)
            sides.append((door.at[0] + reach * math.cos(angle), door.at[1] + reach * math.sin(angle)))
        one, other = (way.nearest(valid, side, DOOR_REACH_M) for side in sides)
        if one is not None and other is not None and one != other and not _is_wide(way, valid, door, (one, other)):
            rows.append((*one, *other, round(100 * (way.width_m + 0.4))))
    return np.array(rows, np.int32).reshape(-1, 5)


def _is_wide(way: Way, valid: Bools, door: Opening, ends: Sequence[tuple[int, int]]) -> bool:
    """Whether the way itself leads from one side of a door to the other, through it or just beside it: a leaf that stands in the open,
    its partition gone, is no neck, and zones may not make it one.
    """
    reach = way.width_m + ROUND_DOOR_M
    i0, i1 = np.searchsorted(way.at_x, (door.at[0] - reach, door.at[0] + reach)).tolist()
    j0, j1 = np.searchsorted(way.at_y, (door.at[1] - reach, door.at[1] + reach)).tolist()
    (a, b), (c, d) = ((i - i0, j - j0) for i, j in ends)
    near = np.ascontiguousarray(valid[i0:i1, j0:j1])
    if not all(0 <= i < near.shape[0] and 0 <= j < near.shape[1] for i, j in ((a, b), (c, d))):
        return False
    return bool(join(near, np.array([(a, b)], np.int32), np.zeros((0, 5), np.int32))[c, d] == 0.0)


@dataclass(frozen=True, eq=False)
class Kept:
    """What zones keep off, by cell.

    keep: KEEP_*.  approaches: those of it that the drawing says, wherever the grid's lines lie: before doors, and what stays clear.
    rooms: cells of small rooms that only their own doors lead to: the zone that fills one may stand at its door.
    """

    keep: Ints
    approaches: Ints
    rooms: Bools


def kept_cells(
    floor: Floor,
    cells: Cells,
    inside: Bools,
    ways: Mapping[float, Way],
    walk: Bools,
    sources: Sequence[tuple[float, float]],
) -> Kept:
    """Returns what zones keep off: approaches, necks with their ends, and where people come off stairs."""
    way = ways[min(ways)]
    valid = way.anchors(walk)
    part, parts = k.label(valid, way.reach_x, way.reach_y)
    area = np.bincount(parts.ravel(), weights=(cells.m2 * inside).ravel())
    is_room = area <= LEAF_ROOM_M2
    for i, j in seeds_of(way, valid, sources):
        is_room[part[i, j]] = False
    is_room[0] = False
    rooms = is_room[parts]
    keep = np.zeros(inside.shape, np.int32)
    for one in ways.values():
        for row in parting(one, walk):
            keep[cells.touching(passage(one, row)) & inside & ~rooms] = KEEP_NECK
    for row in way.portals:
        for at in ((int(row[0]), int(row[1])), (int(row[2]), int(row[3]))):
            keep[way.cells(at)] = 0 if is_room[part[at]] else KEEP_FREE
    approaches = _approaches(floor, cells, inside & ~rooms)
    keep = np.where(approaches != 0, approaches, keep)
    for link in floor.links:
        stop = way.nearest(valid, link.at, 6.0)
        if stop is not None:
            keep[way.cells(stop)] = KEEP_FREE
    return Kept(keep, approaches, rooms)


def parting(way: Way, walk: Bools) -> Iterator[list[int]]:
    """Yields the passages between parts of the empty floor that the way itself does not join."""
    parts, _ = k.label(way.anchors(walk), way.reach_x, way.reach_y)
    for row in way.portals.tolist():
        if parts[row[0], row[1]] != parts[row[2], row[3]]:
            yield row


def _approaches(floor: Floor, cells: Cells, free: Bools) -> Ints:
    """KEEP_* by cell of the floor before doors, as far as it is free of walls and no small room, and of what stays clear."""
    keep = np.zeros(free.shape, np.int32)
    for kind, step in _doorsteps(floor):
        keep[cells.touching(step) & free] = kind
    for area_clear in floor.keep_clear:
        keep[cells.touching(area_clear)] = KEEP_FREE
    return keep


@kept(FLOORS_KEPT)
def _doorsteps(floor: Floor) -> tuple[tuple[int, Polygon], ...]:
    """KEEP_* and the floor before each side of each door: a layout's grids ask again and again."""
    kinds = {OpeningRole.MAIN: KEEP_MAIN, OpeningRole.H24: KEEP_H24}
    found = []
    for opening in floor.openings:
        if goes_with_its_wall(floor, opening):
            continue
        # a main way begins at each main door
        deep = max(WEIGHTS.approach_m, WEIGHTS.main_way_m) if opening.role is OpeningRole.MAIN else WEIGHTS.approach_m
        for outward in (False, True) if not opening.is_exterior else (False,):
            found.append((kinds.get(opening.role, KEEP_FREE), approach(opening, deep, outward)))
    return tuple(found)


def passage(way: Way, row: Sequence[int], *, with_ends: bool = False) -> BaseGeometry:
    """Returns the floor between the ends of a passage that is narrower than a way, or lies across the grid's lines; the search itself
    sees whether the ends are free.
    """
    ends = shapely.union_all([
        box(way.xs[i], way.ys[j], way.xs[way.reach_x[i]], way.ys[way.reach_y[j]]) for i, j in (row[:2], row[2:4])
    ])  # fmt: skip
    hull = shapely.convex_hull(ends)
    return hull if with_ends else hull.difference(ends)


@kept(_DOORS_KEPT)
def goes_with_its_wall(floor: Floor, opening: Opening) -> bool:
    """Whether a room door stands in a removable partition alone: a zone may take its place, wall and all."""
    if opening.role != OpeningRole.ROOM or opening.is_exterior:
        return False
    near = [wall for wall in floor.of_kind(ObstacleKind.WALL) if wall.area.distance(opening.line) < BESIDE_M]
    return bool(near) and not any(wall.is_fixed for wall in near)
