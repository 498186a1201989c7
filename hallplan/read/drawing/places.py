"""Places and regions that the user gives in drawing units: each must lie on a floor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry

from hallplan.errors import Fault, SettingsError
from hallplan.model.site import Floor, Site
from hallplan.read.drawing.vocabulary import sizes
from hallplan.settings import Settings
from hallplan.terms import text

NEAR_WALL_M = 0.3


def require_places(site: Site, settings: Settings) -> None:
    """Raises SettingsError that names every region, wall or entrance of the settings that lies on no floor, each with what
    the drawing spans; and every wall to keep where the drawing has none.
    """
    faults = [
        Fault(
            f"[{where}",
            text("read_drawing.place_found", place=list(place)),
            site.spans,
            text("read_drawing.place_mend"),
        )
        for where, place in _places(settings)
        if not _is_on(site.floors, place)
    ] or [
        Fault(
            f"[drawing] keep_walls {n}",
            text("read_drawing.no_wall_found", place=place),
            "",
            text("read_drawing.no_wall_mend"),
        )
        for n, place in enumerate(settings.drawing.keep_walls, 1)
        if not any(_has_wall(floor, place) for floor in site.floors)
    ]
    if faults:
        raise SettingsError.of(faults)


def _places(settings: Settings) -> Iterator[tuple[str, Sequence[float]]]:
    """Every place of the settings with its key."""
    lists = {
        "drawing] keep_walls": settings.drawing.keep_walls,
        "place] keep_out": settings.place.keep_out,
        "place] keep_as_is": settings.place.keep_as_is,
        **{f"entrances] {role}": places for role, places in settings.entrances.model_dump().items()},
    }
    for key, places in lists.items():
        for n, place in enumerate(places, 1):
            yield f"{key} {n}", place


def _has_wall(floor: Floor, place: Sequence[float]) -> bool:
    """Whether a place is at what nobody can stand on, within a floor: a wall that stays."""
    point = floor.frame.to_plan(Point(*place))
    return bool(floor.outline.distance(point) <= NEAR_WALL_M and floor.usable.boundary.distance(point) <= NEAR_WALL_M)


def _is_on(floors: Sequence[Floor], place: Sequence[float]) -> bool:
    shape: BaseGeometry = Point(*place) if len(place) == 2 else box(*place)
    reach = sizes("entrances")["reach_m"] if len(place) == 2 else 0.0
    return any(floor.outline.distance(floor.frame.to_plan(shape)) <= reach for floor in floors)
