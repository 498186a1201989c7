"""Whether the columns in counter zones leave room for all windows in a line."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import shapely

from hallplan.model.site import ObstacleKind
from hallplan.place import kernels as k
from hallplan.place.grid import Grid
from hallplan.place.kernels import Floats
from hallplan.place.state import State
from hallplan.terms import read_data


def windows_lacking(state: State) -> int:
    """Returns how many planned windows find no place in all, as `lacking_by` counts them."""
    return sum(lacking_by(state).values())


def lacking_by(state: State) -> dict[int, int]:
    """Returns by zone how many planned windows find no place in the lines of their zones, each line set back from its front as far
    as furniture allows, columns keeping out of counters and staff chairs.

    A line as furnishing lays it may still pass a column between two chairs: so this is not below what furnishing lacks by much.
    """
    zones = [spec.index for spec in state.task.specs if spec.zone.forms and spec.zone.windows]
    return {z: many for z in zones if (many := _lacking(state, z))}


def _lacking(state: State, z: int) -> int:
    spec, floor = state.task.specs[z], state.floor[z]
    if floor < 0 or state.front[z] < 0 or spec.zone.fixed_area is not None:
        return 0
    rect = state.task.grids[floor].rect(state.rects[z])
    columns = _columns(state.task.grids[floor])
    inside = columns[
        (columns[:, 0] < rect[2]) & (columns[:, 2] > rect[0]) & (columns[:, 1] < rect[3]) & (columns[:, 3] > rect[1])
    ]
    if not len(inside):
        return 0
    many = len(spec.zone.windows)
    along, behind = _turned(inside, rect, state.front[z])
    length = rect[2] - rect[0] if state.front[z] in (k.NORTH, k.SOUTH) else rect[3] - rect[1]
    depth = rect[3] - rect[1] if state.front[z] in (k.NORTH, k.SOUTH) else rect[2] - rect[0]
    held = max(
        (_held(along, behind, length, depth, form.front_m / many, form.depth_m) for form in spec.zone.forms
         if form.name in ("straight", "l", "u")),
        default=many,
    )  # fmt: skip
    return max(0, many - held)


@lru_cache(maxsize=8)
def _columns(grid: Grid) -> Floats:
    """The bounds of a floor's columns, (n, 4)."""
    gap = read_data("furnish.toml")["general"]["column_m"]
    columns = [shape.area for shape in grid.floor.of_kind(ObstacleKind.COLUMN)]
    found = shapely.bounds(np.array(columns, dtype=object)).reshape(-1, 4) if columns else np.zeros((0, 4))
    return np.asarray(found + np.array([-gap, -gap, gap, gap]))


def _turned(columns: Floats, rect: tuple[float, float, float, float], front: int) -> tuple[Floats, Floats]:
    """Where columns begin and end along the front of a rectangle, and behind it; (n, 2) each."""
    x0, y0, x1, y1 = rect
    across = columns[:, [0, 2]] - x0, columns[:, [1, 3]] - y0
    if front in (k.NORTH, k.SOUTH):
        behind = y1 - columns[:, [3, 1]] if front == k.NORTH else columns[:, [1, 3]] - y0
        return across[0], behind
    behind = x1 - columns[:, [2, 0]] if front == k.EAST else columns[:, [0, 2]] - x0
    return across[1], behind


def _held(along: Floats, behind: Floats, length: float, depth: float, pitch: float, need_m: float) -> int:
    """The most windows of a pitch that a line holds, over all distances that it may stand back from the front."""
    sizes = read_data("furnish.toml")["counter"]
    deep = sizes["visitor_m"] + sizes["seat_least_m"] + read_data("furniture.toml")["counter"]["depth_m"]
    best = 0
    for step in range(sizes["setbacks"] + 1):
        back = step * sizes["setback_step_m"]
        if step and depth - back < need_m - 1e-6:
            break
        hit = (behind[:, 0] < back + deep) & (behind[:, 1] > back)
        best = max(best, _fitting(along[hit], length, pitch))
    return best


def _fitting(taken: Floats, length: float, pitch: float) -> int:
    """How many windows fit beside what is taken along a line."""
    at, held = 0.0, 0
    for start, end in sorted(taken.tolist()):
        held += max(0, math.floor((start - at) / pitch + 1e-6))
        at = max(at, end)
    return held + max(0, math.floor((length - at) / pitch + 1e-6))
