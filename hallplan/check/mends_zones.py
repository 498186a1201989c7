"""The mend of a zone that is absent: put where the floor is in no use."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from hallplan.check.case import Case, Task, fresh
from hallplan.check.guide import missing_zones
from hallplan.geometry.rectangles import largest_rectangle
from hallplan.model.catalogue import ZoneType, zone_types
from hallplan.model.findings import Finding
from hallplan.model.layout import PlacedZone
from hallplan.model.unused import unused_ground
from hallplan.terms import read_data, text

OWN_DOOR = ("entrance", "self_24h")
"""Zones that lie at an outside door of their own."""


def add_zones(case: Case, task: Task, finding: Finding) -> tuple[str, Case] | None:
    """Each zone type that is absent gets an upright rectangle of floor in no use, its target area or at least its least.

    What has counters, drains or an outside door of its own is not simply put somewhere.
    """
    del finding
    copy, told = case, []
    for id in missing_zones(case, task):
        if zone_types()[id].side == "both" or zone_types()[id].family == "fixed" or id in OWN_DOOR:
            return None
        zone = _placed(copy, zone_types()[id])
        if zone is None:
            return None
        copy = fresh(copy, layout=replace(copy.layout, zones=(*copy.layout.zones, zone)))
        middle = case.site.floor(zone.floor).frame.point_to_drawing_m((zone.area.centroid.x, zone.area.centroid.y))
        told.append(
            text(
                "check.mend_zone",
                name=zone_types()[id].name,
                area=f"{zone.area_m2:.1f}",
                x=f"{middle[0]:.1f}",
                y=f"{middle[1]:.1f}",
            )
        )
    return (text("check.comma").join(told), copy) if told else None


def _placed(case: Case, kind: ZoneType) -> PlacedZone | None:
    """A zone of a kind on the first floor with room for it; None where no floor has."""
    for floor in case.site.floors:
        area = _room(unused_ground(floor, case.layout, case.routes), kind)
        if area is not None:
            return PlacedZone(f"X-{kind.id}", kind.id, floor.id, area, round(area.area, 2), kind.target_m2)
    return None


def _room(spare: BaseGeometry, kind: ZoneType) -> Polygon | None:
    """The largest upright rectangle of spare floor, cut down to the target; None when it is too small or too narrow."""
    cell = float(read_data("check.toml")["mends"]["zone_cell_m"])
    spare = spare.buffer(-cell / 2, join_style="mitre")
    if spare.is_empty:
        return None
    x0, y0, x1, y1 = spare.bounds
    xs, ys = np.arange(x0 + cell / 2, x1, cell), np.arange(y0 + cell / 2, y1, cell)
    shapely.prepare(spare)
    free = np.asarray(shapely.contains_xy(spare, xs[:, None], ys[None, :]))
    cells = largest_rectangle(free, math.ceil(kind.min_side_m / cell)) if free.size else None
    if cells is None:
        return None
    width, depth = (cells[2] - cells[0]) * cell, (cells[3] - cells[1]) * cell
    if width * depth < kind.min_m2:
        return None
    side = max(kind.min_side_m, math.sqrt(kind.target_m2))
    width = min(width, max(side, kind.target_m2 / depth))
    depth = min(depth, max(kind.min_side_m, kind.target_m2 / width))
    left, low = x0 + cells[0] * cell, y0 + cells[1] * cell
    return box(left, low, left + width, low + depth)
