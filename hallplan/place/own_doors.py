"""24-hour areas that end a little before their own door to the outside, or lie aslant to it, led up to it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from hallplan.model.site import Opening, OpeningRole
from hallplan.place.grid import Grid
from hallplan.place.necks import KEEP_H24, approach
from hallplan.place.outward import with_part
from hallplan.place.state import State, reached

DOOR_GAP_M, DEEPEST_M, STEP_M = 1.5, 1.5, 0.3
"""An area that ends nearer to its door than the first goes up to it, over floor no deeper than so much more, which is tried in such steps:
a slanted wall leaves a wedge before an upright rectangle."""
LEAST_M2, EDGE_M, ALL_OF_IT = 0.04, 0.02, 0.98


def up_to_doors(state: State, floor: int) -> dict[int, Polygon]:
    """Returns the shapes of the 24-hour areas of a floor with the floor before their own doors, as wide as these: a wall along an area
    would shut its door off, and a door beside it would let people into the hall at night. An area stays as it is where that cuts off others.
    """
    grid, found = state.task.grids[floor], dict[int, Polygon]()
    here = [spec for spec in state.task.specs if state.floor[spec.index] == floor]
    lying = {spec.index: box(*grid.rect(state.rects[spec.index])) for spec in here}
    for spec in here:
        if spec.opens != KEEP_H24 or spec.zone.fixed_area is not None:
            continue
        others = shapely.union_all([area for z, area in lying.items() if z != spec.index])
        for door in grid.floor.with_role(OpeningRole.H24):
            own = found.get(spec.index, lying[spec.index])
            before = _before(grid, door, own, others)
            whole = with_part(own, before) if before.difference(own).area >= LEAST_M2 else None
            if whole is not None and _lets_all_by(state, floor, spec.index, before):
                found[spec.index] = whole
    return found


def _before(grid: Grid, door: Opening, own: Polygon, others: BaseGeometry) -> BaseGeometry:
    """The floor from a door to an area near it: no deeper than it must be for all of the door's width to lead there."""
    gap = own.distance(door.line)
    if gap >= DOOR_GAP_M:
        return Polygon()
    best, most = Polygon(), -1.0
    for depth in _depths(gap):
        strip = approach(door, depth)
        met = _inner_edge(door, depth).intersection(own.buffer(EDGE_M)).length / door.width_m
        if met > most + EDGE_M:
            best, most = strip.intersection(grid.floor.usable).difference(others), met
        if met > ALL_OF_IT:
            break
    return best


def _depths(gap: float) -> Iterator[float]:
    yield from (gap + n * STEP_M for n in range(round(DEEPEST_M / STEP_M) + 1))


def _inner_edge(door: Opening, depth: float) -> LineString:
    """The edge of the floor before a door that lies farthest from it."""
    corners = np.array(approach(door, depth).exterior.coords[:-1])
    turn = math.radians(door.inward_deg)
    far = np.argsort(corners @ (math.cos(turn), math.sin(turn)), kind="stable")[-2:]
    return LineString(corners[far])


def _lets_all_by(state: State, floor: int, z: int, before: BaseGeometry) -> bool:
    """Whether all can still be walked to with the floor before a door given to a zone."""
    grid, trial = state.task.grids[floor], state.copy()
    cells = grid.touching(before.buffer(-EDGE_M)) & grid.inside & (trial.occupied[floor] == 0)
    trial.occupied[floor][cells] = z + 1
    return not cells.any() or reached(trial, floor) is not None
