"""Where the user locks a zone: the free floor that its area is, and the rectangle of it that the search places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shapely.geometry import Polygon, box

from hallplan.geometry.polygons import polygons_of
from hallplan.geometry.rectangles import main_rectangle
from hallplan.model.programme import Zone
from hallplan.model.site import Floor
from hallplan.place.lines import large_columns
from hallplan.units import round_m

KEPT = 0.5
"""Share of a locked area that must be free floor: less is a room of the building."""
THIN_M = 0.5
"""What is left beside the rectangle, as between pilasters, is no wider: no way lies there."""
EDGE_M = 1e-3


@dataclass(frozen=True, eq=False)
class Lock:
    """Where a locked zone lies. area: its free floor, up to the walls that it was drawn into.  rect: the largest upright rectangle in it."""

    area: Polygon
    rect: Polygon


def lock_of(zone: Zone, floors: Iterable[Floor]) -> Lock | None:
    """Returns where a zone is locked; None for one that is not, a room of the building, or an area that is far from a rectangle."""
    floor = next((one for one in floors if one.id == zone.fixed_floor), None)
    if zone.fixed_area is None or floor is None:
        return None
    free = floor.usable.difference(large_columns(floor)).intersection(zone.fixed_area)
    area = max(polygons_of(free), key=lambda part: part.area, default=Polygon())
    if area.area < KEPT * zone.fixed_area.area or area.interiors:
        return None
    x0, y0, x1, y1 = (round_m(value) for value in main_rectangle(area))
    rect = box(x0, y0, x1, y1)
    is_within = rect.difference(area).buffer(-EDGE_M).is_empty
    return Lock(area, rect) if is_within and area.difference(rect).buffer(-THIN_M / 2).is_empty else None
