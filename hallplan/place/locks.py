"""Where the user locks a zone: its floor, and the rectangle of it that the search places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from hallplan.geometry.rectangles import main_rectangle
from hallplan.model.programme import Zone
from hallplan.model.site import Floor
from hallplan.place.weights import WEIGHTS
from hallplan.units import round_m

ON_FLOOR = 0.99
"""Share of a locked area that is floor which zones may lie on: a room of the building has less."""
AROUND_M = 2.0
"""What lies this near to a locked zone is looked at for ways."""
EDGE_M, LEAST_M2 = 1e-3, 0.01


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
    return Lock(area, rect) if is_within and _is_out_of_ways(area.difference(rect), rect, free) else None


def _is_out_of_ways(beside: BaseGeometry, rect: Polygon, free: BaseGeometry) -> bool:
    """Whether what is left beside a rectangle lies so along walls that no way of others fits there."""
    near = free.intersection(rect.buffer(AROUND_M, join_style="mitre")).difference(rect)
    half = WEIGHTS.second_way_m / 2 - EDGE_M
    walked = near.buffer(-half, join_style="mitre").buffer(half, join_style="mitre")
    return bool(walked.intersection(beside.buffer(-EDGE_M)).area < LEAST_M2)
