"""Where the user locks a zone: its floor, and the rectangle of it that the search places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import shapely
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from hallplan.geometry.rectangles import main_rectangle
from hallplan.model.programme import Zone
from hallplan.model.site import Floor
from hallplan.units import round_m

ON_FLOOR = 0.99
"""Share of a locked area that is floor which zones may lie on: a room of the building has less."""
THIN_M = 0.5
"""What is left beside the rectangle, as between pilasters, is no wider."""
OPEN_M = 2 * THIN_M
"""So much of the outline of each such piece may lie open, at its ends: along a wall no way comes onto it."""
EDGE_M = 1e-3


@dataclass(frozen=True, eq=False)
class Lock:
    """Where a locked zone lies. area: its floor.  rect: the largest upright rectangle in it."""

    area: Polygon
    rect: Polygon


def lock_of(zone: Zone, floors: Iterable[Floor]) -> Lock | None:
    """Returns where a zone is locked; None for one that is not, a room of the building, or an area that is far from a rectangle."""
    floor = next((one for one in floors if one.id == zone.fixed_floor), None)
    area = zone.fixed_area
    if area is None or floor is None or area.interiors:
        return None
    free = floor.usable.difference(floor.large_columns)
    if free.intersection(area).area < ON_FLOOR * area.area:
        return None
    x0, y0, x1, y1 = (round_m(value) for value in main_rectangle(area))
    rect = box(x0, y0, x1, y1)
    is_within = rect.difference(area).buffer(-EDGE_M).is_empty
    beside = shapely.get_parts(area.difference(rect.buffer(EDGE_M, join_style="mitre")))
    return Lock(area, rect) if is_within and all(_is_beside_wall(part, rect, free) for part in beside) else None


def _is_beside_wall(part: Polygon, rect: Polygon, free: BaseGeometry) -> bool:
    """Whether a piece beside a rectangle is thin and lies along walls, so that no way of others can lie on it."""
    known = shapely.union_all([rect.boundary, free.boundary]).buffer(5 * EDGE_M)
    return bool(part.buffer(-THIN_M / 2).is_empty and part.boundary.difference(known).length <= OPEN_M)
