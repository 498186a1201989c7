"""Marks of a drawing in the plan frame of the floor they lie on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPoint, Point

from hallplan.model.site import Floor, Site
from hallplan.read.edited.marks import Mark

Floats = NDArray[np.float64]
SAME_M = 5e-4
"""Half a millimetre: the plan is kept to a tenth, and drawings are saved with rounding of their own."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark on its floor: points and place in metres, and directions in degrees, of the plan frame."""

    mark: Mark
    floor: str
    points: Floats
    at: tuple[float, float] | None
    facing_deg: float


def placed(marks: Sequence[Mark], site: Site) -> list[Placed]:
    """Returns the marks in the frames of the floors they lie on: where they are counts, then what their XDATA says."""
    outlines = {floor.id: floor.frame.to_drawing(floor.outline) for floor in site.floors}
    for outline in outlines.values():
        shapely.prepare(outline)
    found = []
    for mark in marks:
        middle = Point(*mark.points.mean(axis=0))
        reach = {id: outline.distance(middle) for id, outline in outlines.items()}
        floor = min(site.floors, key=lambda f: (round(reach[f.id], 3), f.id != mark.floor))
        found.append(_on(floor, mark))
    return found


def _on(floor: Floor, mark: Mark) -> Placed:
    points = shapely.get_coordinates(floor.frame.to_plan(MultiPoint(mark.points)))
    at = None
    if mark.at is not None:
        point = floor.frame.to_plan(Point(mark.at))
        at = (float(point.x), float(point.y))
    return Placed(mark, floor.id, points, at, (mark.facing_deg - floor.frame.rotation_deg) % 360.0)


def told(item: Placed, kind: str, id: str) -> Placed:
    """Returns a mark that lost its XDATA with the kind and id that its shape gave away."""
    return replace(item, mark=replace(item.mark, kind=kind, id=id, floor=item.floor))
