"""Which of several rooms that the drawing has, such as toilets, visitors go to."""

from __future__ import annotations

from collections.abc import Sequence

from shapely.geometry import MultiPoint, Polygon

from hallplan.geometry.polygons import polygons_of
from hallplan.model.site import Floor, OpeningRole
from hallplan.programme.draft import Draft
from hallplan.terms import read_data


def soonest(floor: Floor, rooms: Sequence[Draft]) -> Draft:
    """Returns the room to which those who come onto a floor go: the first of those beside ground that they reach on the bare floor
    and hardly farther than the nearest from where they come in, by the straight line. Each room has its place (`fixed_area`).
    """
    start = _arrivals(floor)
    if start is None:
        return rooms[0]
    sizes = read_data("visitors.toml")["given"]
    half = sizes["way_m"] / 2
    parts = polygons_of(floor.usable.buffer(-half))
    parts = [min(parts, key=point.distance) for point in start.geoms if parts]
    places = [room.fixed_area or Polygon() for room in rooms]
    is_reached = [any(part.distance(place) <= half + sizes["beside_m"] for part in parts) for place in places]
    far = [start.distance(place) for place in places]
    able = [n for n, reached in enumerate(is_reached) if reached] or list(range(len(rooms)))
    least = min(far[n] for n in able)
    return next(rooms[n] for n in able if far[n] <= least + sizes["as_near_m"])


def _arrivals(floor: Floor) -> MultiPoint | None:
    """The main doors of a floor, its second ones where it has none, else its stairs and lifts; None where there is nothing."""
    for role in (OpeningRole.MAIN, OpeningRole.SECOND):
        if doors := floor.with_role(role):
            return MultiPoint([door.at for door in doors])
    return MultiPoint([link.at for link in floor.links]) if floor.links else None
