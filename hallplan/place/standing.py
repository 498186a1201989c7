"""What the ways of a state come to: the zones cut off, and free floor that nobody can come to."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hallplan.place import kernels as k
from hallplan.place import whole
from hallplan.place.anchors import Way
from hallplan.place.board import board_of, lay_of
from hallplan.place.grid import Grid
from hallplan.place.kernels import Bools, Floats
from hallplan.place.leads import are_joined, leads_of
from hallplan.place.spec import Spec
from hallplan.place.state import State, room_door_ends, staff_goal, staff_start, touch


@dataclass(frozen=True, slots=True)
class Standing:
    """What can be walked to on one floor.

    unseen: zones that visitors cannot come to.  unmanned: zones that staff cannot come to.  is_open: every exit,
    entrance and door of a room that stays is reached.  orphan_m2: floor wide enough for a way that no way from a door leads to.
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
    here = [spec for spec in state.task.specs if state.floor[spec.index] == floor and spec.zone.fixed_area is None]
    visited = [spec for spec in here if spec.is_public and not spec.is_passable]
    unseen: list[int] = []
    orphan_m2, is_open = 0.0, True
    for width, way in grid.ways.items():
        valid = way.anchors(cells)
        dist = way.join(valid, leads_of(grid, way, valid))
        is_open = is_open and are_joined(grid, way, valid, dist)
        orphan_m2 = max(orphan_m2, _lost(grid, valid, dist))
        unseen += _unseen(state, way, dist, [spec for spec in visited if spec.way_m == width])
        if width == min(grid.ways):
            joined = dist == 0.0
            is_open = is_open and all(way.nearest(joined, point, near) is not None for point, near, _ in grid.goals)
    return Standing(tuple(sorted(unseen)), _unmanned(state, floor, here), is_open, orphan_m2)


def is_whole(state: State, floor: int) -> bool:
    """Whether every placed zone, staff side and exit of a floor can be walked to: `standing`, up to the first that cannot."""
    board = board_of(state.task)
    return bool(whole.is_whole(board, lay_of(state, board), floor))


def _lost(grid: Grid, valid: Bools, dist: Floats) -> float:
    return float(grid.cell_m2[valid & (dist > 0.0)].sum())


def _unseen(state: State, way: Way, dist: Floats, specs: list[Spec]) -> list[int]:
    """Those of some zones that no way of their width comes to: to their front, or to the door of the room they fill."""
    if not specs:
        return []
    rects = np.array([state.rects[spec.index] for spec in specs], np.int32)
    sides = np.array([state.front[spec.index] if spec.has_front else -1 for spec in specs], np.int32)
    seen = way.seen(dist, rects, sides)
    left = [
        spec.index
        for spec, side, is_seen in zip(specs, sides.tolist(), seen.tolist(), strict=True)
        if not is_seen or (spec.zone.is_enclosed and not _holds_door(state, way, dist, spec, side))
    ]
    return [z for z in left if not _at_its_door(state, z, dist)]


def _holds_door(state: State, way: Way, dist: Floats, spec: Spec, side: int) -> bool:
    """Whether a way lies along a room's wall over the length of a door."""
    return touch(way, dist, spec, state.rects[spec.index], side)[1] >= 0


def _at_its_door(state: State, z: int, dist: Floats) -> bool:
    return any(math.isfinite(dist[end]) for end in room_door_ends(state, z))


def _unmanned(state: State, floor: int, here: list[Spec]) -> tuple[int, ...]:
    """Zones that staff cannot come to: to their own floor, or behind the counters."""
    grid = state.task.grids[floor]
    specs = [spec for spec in here if spec.needs_staff]
    if not specs:
        return ()
    second = grid.ways[min(grid.ways)]
    dist = second.join(*staff_start(state, floor, grid))
    goals = np.array([staff_goal(state, spec) for spec in specs], np.int32)
    manned = k.manned(dist, second.reach_x, second.reach_y, goals)
    return tuple(spec.index for spec, is_manned in zip(specs, manned.tolist(), strict=True) if not is_manned)
