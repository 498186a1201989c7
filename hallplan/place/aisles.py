"""The ways of a layout as areas: public main ways, and those of the staff."""

from __future__ import annotations

import math

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon

from hallplan.geometry.polygons import clear_width
from hallplan.model.layout import Aisle, Network
from hallplan.place import kernels as k
from hallplan.place.kernels import Bools
from hallplan.place.score import staff_ways
from hallplan.place.state import State, reached
from hallplan.units import round_m

LEAST_M2 = 1.0
PIECE_M2 = 12.0
"""Pieces smaller than this, cut off from their network, join the other."""
PUBLIC, STAFF = 0, 1


def make_aisles(state: State) -> tuple[Aisle, ...]:
    """Returns the free space of a layout in which one can walk, by network, each piece with its narrowest clear width."""
    aisles: list[Aisle] = []
    for floor, grid in enumerate(state.task.grids):
        owner = _owners(state, floor)
        for which, network, letter in ((PUBLIC, "public", "M"), (STAFF, "staff", "S")):
            for n, area in enumerate(_pieces(grid.xs, grid.ys, owner == which), 1):
                id = f"{grid.floor.id}-{letter}{n}"
                aisles.append(
                    Aisle(id, grid.floor.id, _network(network), area, round_m(clear_width(area, min(grid.ways))))
                )
    return tuple(aisles)


def _network(name: str) -> Network:
    return "public" if name == "public" else "staff"


def _owners(state: State, floor: int) -> np.ndarray:
    """PUBLIC or STAFF by free cell that people can come to, -1 elsewhere.

    Visitors have what lies nearer to their ways; the staff what lies nearer to theirs, or what only they can come to.
    """
    grid = state.task.grids[floor]
    way = grid.ways[min(grid.ways)]
    free = grid.walk & (state.occupied[floor] == 0)
    reach = reached(state, floor)
    if reach is None:
        return np.full(free.shape, -1, np.int32)
    for_public = free & k.covered(np.isfinite(reach.public[way.width_m]), way.reach_x, way.reach_y)
    for_staff = free & k.covered(np.isfinite(reach.staff), way.reach_x, way.reach_y)
    traced, shared = staff_ways(state, floor)
    owner = np.full(free.shape, -1, np.int32)
    owner[for_staff & traced & ~shared] = STAFF
    owner[for_public & (reach.public_ways | (state.kept[floor] > 0))] = PUBLIC
    near, _ = k.spread(for_public | for_staff, owner)
    owner = np.where(for_public & (near != STAFF), PUBLIC, np.where(for_staff, STAFF, PUBLIC))
    owner = np.where(for_public | for_staff, owner, -1)
    return _joined(grid.xs, grid.ys, owner, (for_public, for_staff))


def _joined(xs: np.ndarray, ys: np.ndarray, owner: np.ndarray, may_have: tuple[Bools, Bools]) -> np.ndarray:
    """Gives small pieces of either network, cut off from the rest of it, to the other where that can come to them."""
    areas = np.diff(xs)[:, None] * np.diff(ys)[None, :]
    step_x, step_y = np.arange(1, xs.size, dtype=np.int32), np.arange(1, ys.size, dtype=np.int32)
    for which, other in ((STAFF, PUBLIC), (PUBLIC, STAFF)):
        part, _ = k.label(owner == which, step_x, step_y)
        size = np.bincount(part.ravel(), weights=areas.ravel())
        size[0] = math.inf
        size[1:][size[1:] == size[1:].max(initial=0.0)] = math.inf
        small = (size < PIECE_M2)[part]
        owner = np.where(small & may_have[other], other, owner)
    return owner


def _pieces(xs: np.ndarray, ys: np.ndarray, cells: Bools) -> list[Polygon]:
    i, j = np.nonzero(cells)
    whole = shapely.union_all(shapely.box(xs[i], ys[j], xs[i + 1], ys[j + 1]))
    parts = whole.geoms if isinstance(whole, MultiPolygon) else [whole]
    kept = [part.simplify(1e-6) for part in parts if isinstance(part, Polygon) and part.area >= LEAST_M2]
    return sorted(kept, key=lambda part: (-part.area, part.bounds))
