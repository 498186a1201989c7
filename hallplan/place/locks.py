"""Where the user locks a zone: the rectangle of free floor that its area is."""

from __future__ import annotations

from collections.abc import Iterable

import shapely
from shapely.geometry import Polygon, box

from hallplan.model.programme import Zone
from hallplan.model.site import Floor
from hallplan.place.lines import large_columns
from hallplan.units import round_m

FILLED, KEPT = 0.99, 0.5
"""Shares: of its bounds that floor fills which counts as a rectangle, of a locked area that must be free floor."""


def lock_of(zone: Zone, floors: Iterable[Floor]) -> Polygon | None:
    """Returns the rectangle that a zone is locked to, cut off at the walls that its area reaches into; None for a zone that is not
    locked, a room of the building, or an area that is no upright rectangle.
    """
    floor = next((one for one in floors if one.id == zone.fixed_floor), None)
    if zone.fixed_area is None or floor is None:
        return None
    free = floor.usable.difference(large_columns(floor)).intersection(zone.fixed_area)
    if free.is_empty or free.area < KEPT * zone.fixed_area.area:
        return None
    x0, y0, x1, y1 = (round_m(value) for value in shapely.bounds(free).tolist())
    return box(x0, y0, x1, y1) if free.area >= FILLED * (x1 - x0) * (y1 - y0) else None
