"""How many signs are read from where, and where none is: shapes for the sight sheet."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from hallplan.kept import kept
from hallplan.model.plan import Alternative
from hallplan.model.site import Floor
from hallplan.model.space import ground, staff_only
from hallplan.scene.building import polygons
from hallplan.scene.primitives import Fill, Shape, Stroke
from hallplan.scene.style import drawing_data
from hallplan.scene.walk import blind_lines

Floats = NDArray[np.float64]
KEPT = 8
"""For how many floors the heat map is kept: sheets and drawings ask for it again."""


@kept(KEPT)
def heat_areas(alternative: Alternative, floor: Floor) -> list[tuple[int, list[Polygon]]]:
    """Returns the ground of visitors by how many direction signs and zone names are read from there, the last for more."""
    data = drawing_data()["heat"]
    public = ground(floor, alternative.layout).difference(staff_only(floor, alternative.layout))
    areas = [
        area
        for sign in alternative.signs.signs
        if sign.floor == floor.id and sign.kind in data["kinds"]
        for area in (sign.catchment, sign.back_catchment)
        if area is not None and not area.is_empty
    ]
    if public.is_empty:
        return []
    cell = float(data["cell_m"])
    x0, y0, x1, y1 = public.bounds
    xs, ys = np.arange(x0, x1, cell), np.arange(y0, y1, cell)
    middles = np.meshgrid(xs + cell / 2, ys + cell / 2)
    shapely.prepare(public)
    inside = shapely.contains_xy(public, *middles)
    counts = np.zeros(inside.shape, dtype=np.int64)
    for area in areas:
        shapely.prepare(area)
        counts += shapely.contains_xy(area, *middles)
    most, found = int(data["most"]), []
    for count in range(most + 1):
        mine = inside & ((counts == count) if count < most else (counts >= most))
        found.append((count, polygons(shapely.union_all(_strips(mine, xs, ys, cell)).intersection(public))))
    return found


def _strips(cells: NDArray[np.bool_], xs: Floats, ys: Floats, cell: float) -> NDArray[np.object_]:
    """Cells (len(ys), len(xs)) that lie side by side as one rectangle each: many times fewer to join than the cells."""
    edges = np.diff(np.pad(cells, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, first = np.nonzero(edges == 1)
    last = np.nonzero(edges == -1)[1] - 1
    return np.asarray(shapely.box(xs[first], ys[rows], xs[last] + cell, ys[rows] + cell))


def heat_shapes(alternative: Alternative, floor: Floor) -> Iterator[Shape]:
    """Yields the tints of the heat map."""
    for count, areas in heat_areas(alternative, floor):
        yield from (Fill(f"heat_{count}", area) for area in areas if area.area > 0.05)


def blind_shapes(alternative: Alternative, floor: str) -> Iterator[Shape]:
    """Yields the stretches of way without a sign in reach."""
    for line in blind_lines(alternative, floor):
        yield Stroke("blind", tuple((float(x), float(y)) for x, y, *_ in line.coords))
