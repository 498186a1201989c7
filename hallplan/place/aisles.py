"""The ways of a layout as areas: public main ways, and those of the staff."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon

from hallplan.model.layout import Aisle, Network
from hallplan.place import kernels as k
from hallplan.place.kernels import Bools
from hallplan.place.score import staff_ways
from hallplan.place.state import State, reached
from hallplan.units import round_m

LEAST_M2 = 1.0
PUBLIC, STAFF = 0, 1


def make_aisles(state: State) -> tuple[Aisle, ...]:
    """Returns the free space of a layout in which one can walk, by network, each piece with its narrowest clear width."""
    aisles: list[Aisle] = []
    for floor, grid in enumerate(state.task.grids):
        owner = _owners(state, floor)
        for which, network, letter in ((PUBLIC, "public", "M"), (STAFF, "staff", "S")):
            for n, area in enumerate(_pieces(grid.xs, grid.ys, owner == which), 1):
                id = f"{grid.floor.id}-{letter}{n}"
                aisles.append(Aisle(id, grid.floor.id, _network(network), area, narrowest(area, min(grid.ways))))
    return tuple(aisles)


def _network(name: str) -> Network:
    return "public" if name == "public" else "staff"


def _owners(state: State, floor: int) -> np.ndarray:
    """PUBLIC or STAFF by free cell, -1 elsewhere: what staff walk on and what only they can come to is theirs."""
    grid = state.task.grids[floor]
    way = grid.ways[min(grid.ways)]
    free = grid.walk & (state.occupied[floor] == 0)
    open_cells = free & k.covered(way.anchors(free), way.reach_x, way.reach_y) & grid.reachable
    owner = np.full(free.shape, -1, np.int32)
    staff, shared = staff_ways(state, floor)
    staff = staff & ~shared & open_cells
    reach = reached(state, floor)
    public = state.kept[floor] > 0
    if reach is not None:
        public = public | reach.public_ways
    owner[public & open_cells] = PUBLIC
    owner, _ = k.spread(open_cells & ~staff, owner)
    return np.where(open_cells, np.where(owner == PUBLIC, PUBLIC, STAFF), -1)


def _pieces(xs: np.ndarray, ys: np.ndarray, cells: Bools) -> list[Polygon]:
    i, j = np.nonzero(cells)
    whole = shapely.union_all(shapely.box(xs[i], ys[j], xs[i + 1], ys[j + 1]))
    parts = whole.geoms if isinstance(whole, MultiPolygon) else [whole]
    kept = [part.simplify(1e-6) for part in parts if isinstance(part, Polygon) and part.area >= LEAST_M2]
    return sorted(kept, key=lambda part: (-part.area, part.bounds))


def narrowest(area: Polygon, least_m: float) -> float:
    """Returns the greatest width at which a way through an area stays in one piece, in m; `least_m` when it is no wider."""
    low, high = least_m, 6.0
    if not _is_whole(area, low):
        return round_m(low)
    while high - low > 0.02:
        middle = (low + high) / 2
        low, high = (middle, high) if _is_whole(area, middle) else (low, middle)
    return round_m(round(low, 2))


def _is_whole(area: Polygon, width: float) -> bool:
    inner = area.buffer(-(width / 2 - 1e-3), join_style="mitre")
    return isinstance(inner, Polygon) and not inner.is_empty
