"""Floor that nobody can come to, or too narrow for any way, given to the zones beside it."""

from __future__ import annotations

import math

import numpy as np

from hallplan.place import kernels as k
from hallplan.place.bounds import allowed
from hallplan.place.kernels import Bools
from hallplan.place.rows import ROUND_M
from hallplan.place.score import RectM
from hallplan.place.spec import Spec
from hallplan.place.state import Rect, State, reached

LEAST_M2 = 0.3
SIDES = (k.EAST, k.NORTH, k.WEST, k.SOUTH)


def grown_rects(state: State) -> list[RectM] | None:
    """Returns the rectangles in m with zones grown over lost floor, up to their greatest areas; None when none can."""
    rects = [state.task.grids[floor].rect(rect) for floor, rect in zip(state.floor, state.rects, strict=True)]
    is_grown = False
    for floor in range(len(state.task.grids)):
        lost = lost_cells(state, floor)
        grown: set[int] = set()
        while lost is not None:
            found = max(
                (
                    gain
                    for spec in state.task.specs
                    if spec.index not in grown
                    for gain in _gains(state, spec, floor, lost)
                ),
                default=None,
            )
            if found is None:
                break
            _, minus_z, _, cells, rect = found
            lost[cells[0] : cells[2], cells[1] : cells[3]] = False
            rects[-minus_z] = rect
            grown.add(-minus_z)
            is_grown = True
    return rects if is_grown else None


def lost_cells(state: State, floor: int) -> Bools | None:
    """Free cells where no way that begins at a door can go."""
    reach, grid = reached(state, floor), state.task.grids[floor]
    if reach is None:
        return None
    way = grid.ways[min(grid.ways)]
    known = k.covered(np.isfinite(reach.public[way.width_m]) | np.isfinite(reach.staff), way.reach_x, way.reach_y)
    free: Bools = grid.inside & (state.occupied[floor] == 0) & (state.kept[floor] == 0) & (grid.keep == 0)
    return free & ~known


def _gains(state: State, spec: Spec, floor: int, lost: Bools) -> list[tuple[float, int, int, Rect, RectM]]:
    """What a zone can gain on each of its sides: m², -zone, side, cells and its rectangle then."""
    z, zone = spec.index, spec.zone
    if state.floor[z] != floor or spec.is_settled or spec.is_passable:
        return []
    grid, gains = state.task.grids[floor], []
    ok = lost & allowed(state, spec)
    x0, y0, x1, y1 = sides = grid.rect(state.rects[z])
    for side in SIDES:
        if side == state.front[z]:
            continue
        cells = _beside(ok, state.rects[z], side)
        edge, reach = (side + 2) % 4, grid.rect(cells)
        length = y1 - y0 if side % 2 == 0 else x1 - x0
        depth = x1 - x0 if side % 2 == 0 else y1 - y0
        far = reach[2] - reach[0] if side % 2 == 0 else reach[3] - reach[1]
        most = min((zone.max_m2 - state.net_area(z)) / length, zone.max_aspect * length - depth)
        step = far if far <= most else math.floor(most / ROUND_M) * ROUND_M
        if step * length >= LEAST_M2:
            moved = list(sides)
            moved[edge] += step if side in (k.EAST, k.NORTH) else -step
            gains.append((round(step * length, 6), -z, side, cells, (moved[0], moved[1], moved[2], moved[3])))
    return gains


def _beside(ok: Bools, rect: Rect, side: int) -> Rect:
    """The cells beyond one side of a rectangle over its whole length that are all `ok`."""
    i0, j0, i1, j1 = rect
    lines = np.asarray(ok[:, j0:j1].all(axis=1) if side % 2 == 0 else ok[i0:i1].all(axis=0))
    start = (i1, j1, i0, j0)[side]
    ahead = lines[start:] if side in (k.EAST, k.NORTH) else lines[:start][::-1]
    n = int(ahead.size if ahead.all() else np.argmin(ahead))
    return ((i1, j0, i1 + n, j1), (i0, j1, i1, j1 + n), (i0 - n, j0, i0, j1), (i0, j0 - n, i1, j0))[side]
