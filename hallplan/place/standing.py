"""What the ways of a state come to: the zones cut off, and free floor that nobody can come to."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hallplan.place import kernels as k
from hallplan.place.grid import Grid, seeds_of
from hallplan.place.kernels import Bools, Floats
from hallplan.place.state import State, has_way, staff_goal, staff_start


@dataclass(frozen=True, slots=True)
class Standing:
    """What can be walked to on one floor.

    unseen: zones that visitors cannot come to.  unmanned: zones that staff cannot come to.  is_open: every exit and the
    door of every room that stays is reached.  orphan_m2: floor wide enough for a way that no way from a door leads to.
    """

    unseen: tuple[int, ...]
    unmanned: tuple[int, ...]
    is_open: bool
    orphan_m2: float

    @property
    def is_whole(self) -> bool:
        """Whether everything can be walked to."""
        return self.is_open and not self.unseen and not self.unmanned

    @property
    def cut(self) -> set[int]:
        """All zones that somebody cannot come to."""
        return {*self.unseen, *self.unmanned}


def standing(state: State, floor: int) -> Standing:
    """Returns what can be walked to on a floor."""
    grid = state.task.grids[floor]
    cells = state.public_cells(floor)
    public, orphan_m2 = {}, 0.0
    for width, way in grid.ways.items():
        valid = way.anchors(cells)
        public[width] = way.join(valid, seeds_of(way, valid, grid.public_seeds))
        orphan_m2 = max(orphan_m2, _lost(grid, valid, public[width]))
    second = grid.ways[min(grid.ways)]
    joined = public[second.width_m] == 0.0
    is_open = all(second.nearest(joined, point, near) is not None for point, near in grid.goals)
    here = [spec for spec in state.task.specs if state.floor[spec.index] == floor and spec.zone.fixed_area is None]
    visited = (spec for spec in here if spec.is_public and not spec.is_passable)
    unseen = tuple(spec.index for spec in visited if not has_way(state, spec, grid, public))
    staff = second.join(*staff_start(state, floor, grid))
    unmanned = tuple(
        spec.index
        for spec in here
        if spec.needs_staff and math.isinf(k.within(staff, second.reach_x, second.reach_y, staff_goal(state, spec)))
    )
    return Standing(unseen, unmanned, is_open, orphan_m2)


def _lost(grid: Grid, valid: Bools, dist: Floats) -> float:
    return float(grid.cell_m2[valid & (dist > 0.0)].sum())
