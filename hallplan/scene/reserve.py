"""Floor that no zone, way or front needs, as few clear areas: kept in reserve rather than spread over the zones."""

from __future__ import annotations

import math

import numpy as np
import shapely
from shapely.affinity import translate
from shapely.geometry import MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from hallplan.geometry.rectangles import largest_rectangle
from hallplan.model.layout import Layout
from hallplan.model.plan import Alternative
from hallplan.model.site import Floor, ObstacleKind
from hallplan.model.space import ground
from hallplan.scene.style import drawing_data


def reserve_areas(floor: Floor, alternative: Alternative) -> tuple[Polygon, ...]:
    """Returns the areas of a floor kept in reserve, the largest first: made of upright rectangles that are large enough.

    No zone, front of counters, way of anybody or approach of a door lies in them. Sizes: data/drawing.toml [reserve].
    """
    sizes = drawing_data()["reserve"]
    cell, found = float(sizes["cell_m"]), []
    spare = _spare(floor, alternative).buffer(-cell / 2, join_style="mitre")
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


def _spare(floor: Floor, alternative: Alternative) -> BaseGeometry:
    """The free ground less all that is in use."""
    layout, sizes = alternative.layout, drawing_data()["reserve"]
    used: list[BaseGeometry] = [zone.area for zone in layout.zones if zone.floor == floor.id]
    used += _fronts(floor, layout, float(sizes["front_m"]))
    for route in alternative.routes.routes:
        half = max(route.clearance_m / 2, sizes["way_m"][route.network] / 2)
        used += [leg.line.buffer(half, cap_style="square") for leg in route.legs if leg.floor == floor.id]
    doors = [door for door in floor.openings if floor.usable.dwithin(door.line, sizes["wall_m"])]
    used += [Point(door.at).buffer(max(sizes["door_m"], door.width_m / 2)) for door in doors]
    used += [Point(door.at).buffer(sizes["door_m"]) for door in layout.doors if door.floor == floor.id]
    used += [obstacle.area for obstacle in floor.obstacles if obstacle.kind is not ObstacleKind.COLUMN]
    free = ground(floor, layout)
    whole = free if isinstance(free, MultiPolygon | Polygon) else free.buffer(0)
    return whole.difference(shapely.union_all(used))


def _fronts(floor: Floor, layout: Layout, depth: float) -> list[BaseGeometry]:
    """The ground before the fronts of zones that people come to."""
    moved = []
    for zone in layout.zones:
        if zone.floor == floor.id and zone.front_deg is not None:
            turn = math.radians(zone.front_deg)
            moved.append(translate(zone.area, depth * math.cos(turn), depth * math.sin(turn)))
    return moved
