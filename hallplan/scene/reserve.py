"""Floor that no zone, way or front needs, as few clear areas: kept in reserve rather than spread over the zones."""

from __future__ import annotations

import math
from collections import OrderedDict

import numpy as np
import shapely
from shapely.geometry import Polygon, box

from hallplan.geometry.rectangles import largest_rectangle
from hallplan.model.plan import Alternative
from hallplan.model.site import Floor
from hallplan.model.unused import unused_ground
from hallplan.scene.style import drawing_data

KEPT = 24
_found: OrderedDict[tuple[int, int], tuple[Floor, Alternative, tuple[Polygon, ...]]] = OrderedDict()
"""What was found last, by the identity of floor and alternative: every sheet, drawing and summary asks for it again."""


def reserve_areas(floor: Floor, alternative: Alternative) -> tuple[Polygon, ...]:
    """Returns the areas of a floor kept in reserve, as `find_reserve` finds them; those of the same plan only once."""
    key = (id(floor), id(alternative))
    known = _found.get(key)
    if known is None or known[0] is not floor or known[1] is not alternative:
        _found[key] = known = (floor, alternative, find_reserve(floor, alternative))
        if len(_found) > KEPT:
            _found.popitem(last=False)
    return known[2]


def find_reserve(floor: Floor, alternative: Alternative) -> tuple[Polygon, ...]:
    """Returns the areas of a floor kept in reserve, the largest first: made of upright rectangles that are large enough.

    No zone, front of counters, way of anybody or approach of a door lies in them. Sizes: data/drawing.toml [reserve], data/space.toml [unused].
    """
    sizes = drawing_data()["reserve"]
    cell, found = float(sizes["cell_m"]), []
    spare = unused_ground(floor, alternative.layout, alternative.routes).buffer(-cell / 2, join_style="mitre")
    if spare.is_empty:
        return ()
    x0, y0, x1, y1 = spare.bounds
    xs, ys = np.arange(x0 + cell / 2, x1, cell), np.arange(y0 + cell / 2, y1, cell)
    if not xs.size or not ys.size:
        return ()
    shapely.prepare(spare)
    free = np.asarray(shapely.contains_xy(spare, xs[:, None], ys[None, :]))
    for _ in range(int(sizes["most"])):
        cells = largest_rectangle(free, math.ceil(sizes["least_side_m"] / cell))
        if cells is None or (cells[2] - cells[0]) * (cells[3] - cells[1]) * cell**2 < sizes["least_m2"]:
            break
        i0, j0, i1, j1 = cells
        free[i0:i1, j0:j1] = False
        found.append(box(x0 + i0 * cell, y0 + j0 * cell, x0 + i1 * cell, y0 + j1 * cell))
    whole = shapely.union_all(found, grid_size=1e-4)
    parts = [part for part in shapely.get_parts(whole) if isinstance(part, Polygon)]
    return tuple(sorted(parts, key=lambda part: (-round(part.area, 3), part.bounds)))


def reserve_m2(floors: tuple[Floor, ...], alternative: Alternative) -> float:
    """Returns the area kept in reserve on all floors."""
    return float(sum(area.area for floor in floors for area in reserve_areas(floor, alternative)))
