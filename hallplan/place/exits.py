"""Width of the ways out: what the people of a floor need together, and what a layout leaves of it."""

from __future__ import annotations

import numpy as np

from hallplan.model.programme import Zone
from hallplan.model.site import ObstacleKind, Opening
from hallplan.place import kernels as k
from hallplan.place.building import WAYS_OUT
from hallplan.place.grid import EXIT_REACH_M, Grid
from hallplan.place.kernels import Bools
from hallplan.place.state import State
from hallplan.terms import read_data

PER_100_M = tuple(read_data("rules/egress.toml")["egress_width"]["per_100"])
"""Metres of exit for a hundred people by storey. Source: the rule egress_width."""
STAFFED, SEATED = 2.0, ("chair", "wheelchair_place", "kiosk", "kiosk_low", "desk")
"""People at an open window: its visitor and its clerk. Furniture with one person each."""
MOST = 0.5
"""Wide ways from a door that lead to this share of the floor that narrow ones lead to make it count at its full width."""


def people(zone: Zone) -> float:
    """Returns how many people a zone holds at the worst moment: two at each window, one on each seat, kiosk and desk."""
    seats = sum(holding.count for holding in zone.holdings if holding.kind in SEATED)
    return STAFFED * len(zone.windows) + seats


def needed_m(state: State, floor: int) -> float:
    """Returns the metres of exit that the people of a floor need."""
    on_floor = sum(people(spec.zone) for spec in state.task.specs if state.floor[spec.index] == floor)
    level = state.task.grids[floor].floor.level
    return on_floor / 100.0 * float(PER_100_M[min(max(level, 1), len(PER_100_M)) - 1])


def exit_shortage(state: State) -> float:
    """Returns the metres of exit that a layout takes from what its people need: 0 where its ways lead to wide enough doors.

    A door counts as wide as the ways that lead from it to most of the floor. What the doors of the building themselves lack is no fault of
    a layout. Floors with stairs are left out: how wide these are is not known.
    """
    return sum(_shortage(state, floor) for floor in range(len(state.task.grids)))


def _shortage(state: State, floor: int) -> float:
    needed, left, _ = narrowed_doors(state, floor)
    return max(0.0, needed - left)


def narrowed_doors(state: State, floor: int) -> tuple[float, float, list[Opening]]:
    """Returns the metres of exit that a floor needs of those that it has, what a layout leaves of these, and the doors that count less
    than they are wide."""
    grid = state.task.grids[floor]
    doors = [door for door in grid.floor.with_role(*WAYS_OUT) if door.is_exterior]
    if not doors or (grid.floor.level > 1 and grid.floor.of_kind(ObstacleKind.STAIR)):
        return 0.0, 0.0, []
    wanted = min(needed_m(state, floor), sum(door.width_m for door in doors))
    least = sum(min(door.width_m, min(grid.ways)) for door in doors)
    if wanted <= least:
        return wanted, least, []  # the narrowest ways do, and every exit is on one
    cells = state.public_cells(floor) | state.staff_cells(floor)
    left = [_left(grid, cells, door) for door in doors]
    return wanted, sum(left), [door for door, width in zip(doors, left, strict=True) if width < door.width_m]


def _left(grid: Grid, cells: Bools, door: Opening) -> float:
    """The width that a door has where it comes to count: its own when the wide ways from it lead to most of the floor."""
    narrow, wide = (_area_from(grid, width, cells, door.at) for width in (min(grid.ways), max(grid.ways)))
    if narrow <= 0.0:
        return 0.0
    return door.width_m if wide >= MOST * narrow else min(door.width_m, min(grid.ways))


def _area_from(grid: Grid, width: float, cells: Bools, at: tuple[float, float]) -> float:
    """Free floor in m² that ways of a width lead to from a door."""
    way = grid.ways[width]
    valid = way.anchors(cells)
    start = way.nearest(valid, at, EXIT_REACH_M)
    if start is None:
        return 0.0
    dist = way.flood(valid, np.array([start], np.int32), grid.ones)
    return float(grid.cell_m2[k.covered(np.isfinite(dist), way.reach_x, way.reach_y)].sum())
