"""Rooms whose every door on a way would have a column just before or behind it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from hallplan.model.site import ObstacleKind
from hallplan.place import kernels as k
from hallplan.place.grid import Grid
from hallplan.place.kernels import Bools, Floats
from hallplan.place.networks import networks
from hallplan.place.state import Rect, State
from hallplan.terms import read_data

STEP_M = 0.2
DOORS = read_data("furnish.toml")["door"]
"""Widths and clear depths of doors, as furnishing has them."""
LEAST_SHARE = 0.3
"""Least share of the floor before a door that is a way of its network."""


def doorless(state: State) -> tuple[int, ...]:
    """Returns the enclosed zones that a way runs along, but nowhere so that a door to it would be clear of columns on both sides.

    Rooms that no way runs along are left out: they are entered through others, or by a door that is there.
    """
    found: list[int] = []
    for floor, grid in enumerate(state.task.grids):
        columns = [column.area for column in grid.floor.of_kind(ObstacleKind.COLUMN)]
        rooms = [
            s
            for s in state.task.specs
            if s.zone.is_enclosed and s.zone.fixed_area is None and state.floor[s.index] == floor
        ]
        ways = networks(state, floor) if columns and rooms else None
        if ways is None:
            continue
        solid = shapely.union_all(columns)
        shapely.prepare(solid)
        for spec in rooms:
            own = ways.own if spec.is_staff else ways.public | (state.kept[floor] > 0)
            own = own & (state.occupied[floor] == 0)
            rect = state.rects[spec.index]
            width = DOORS["staff_m"] if spec.is_staff else DOORS["public_least_m"]
            if not _has_door(grid, rect) and _is_shut(grid, rect, own, solid, width):
                found.append(spec.index)
    return tuple(found)


def _has_door(grid: Grid, rect: Rect) -> bool:
    """Whether a door that is drawn opens into a rectangle."""
    area = shapely.box(*grid.rect(rect))
    return any(not door.is_exterior and area.distance(door.line) < DOORS["reach_m"] for door in grid.floor.openings)


def _is_shut(grid: Grid, rect: Rect, ways: Bools, solid: BaseGeometry, width: float) -> bool:
    """Whether a way runs along a rectangle, and each door on it would meet a column."""
    area = _table(grid, ways)
    doors = [
        (inner, outer) for inner, outer in _doors(grid.rect(rect), width) if _share(grid, area, outer) >= LEAST_SHARE
    ]
    strips = shapely.box(*np.array([_hull(inner, outer) for inner, outer in doors]).reshape(-1, 4).T)
    return bool(doors) and bool(np.all(shapely.intersects(solid, strips)))


RectM = tuple[float, float, float, float]


def _doors(rect: RectM, width: float) -> Iterator[tuple[RectM, RectM]]:
    """The floor behind and before each door that a rectangle may have, on all four sides."""
    x0, y0, x1, y1 = rect
    deep, half, margin = DOORS["approach_m"], width / 2, width / 2 + DOORS["jamb_least_m"]
    for side in range(4):
        low, high = (y0, y1) if side in (k.EAST, k.WEST) else (x0, x1)
        for at in np.arange(low + margin, high - margin + 1e-9, STEP_M).tolist():
            a, b = at - half, at + half
            if side == k.EAST:
                yield (x1 - width, a, x1, b), (x1, a, x1 + deep, b)
            elif side == k.WEST:
                yield (x0, a, x0 + width, b), (x0 - deep, a, x0, b)
            elif side == k.NORTH:
                yield (a, y1 - width, b, y1), (a, y1, b, y1 + deep)
            else:
                yield (a, y0, b, y0 + width), (a, y0 - deep, b, y0)


def _hull(one: RectM, other: RectM) -> RectM:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _table(grid: Grid, cells: Bools) -> Floats:
    """Returns the m² of some cells up to each corner of the grid."""
    return np.pad((grid.cell_m2 * cells).cumsum(0).cumsum(1), ((1, 0), (1, 0)))


def _share(grid: Grid, table: Floats, rect: RectM) -> float:
    """About which share of a rectangle lies on the cells of a table, its sides taken to the nearest lines."""
    i0, i1 = (int(np.argmin(np.abs(grid.xs - x))) for x in (rect[0], rect[2]))
    j0, j1 = (int(np.argmin(np.abs(grid.ys - y))) for y in (rect[1], rect[3]))
    area = table[i1, j1] - table[i0, j1] - table[i1, j0] + table[i0, j0]
    return float(area / ((rect[2] - rect[0]) * (rect[3] - rect[1])))
