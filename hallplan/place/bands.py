"""Floor behind counters that staff walk on: as deep as their ways are wide, where the lines of a grid make it deeper."""

from __future__ import annotations

import numpy as np

from hallplan.place import kernels as k
from hallplan.place.grid import Grid
from hallplan.place.kernels import Bools
from hallplan.place.regaining import with_own_bands
from hallplan.place.score import on_own_lines
from hallplan.place.spec import Spec
from hallplan.place.standing import standing
from hallplan.place.state import State, staff_goal, staff_start

THIN_M = 0.02
"""Floor thinner than this is not looked at."""


def with_narrow_bands(state: State) -> State | None:
    """Returns the layout with the floor behind counters as deep as staff's ways are wide, where the lines it was found on make it deeper:
    what staff then walk on beside counters is needed too. None where none is deeper."""
    if not any(_too_deep(state, floor).any() for floor in range(len(state.task.grids))):
        return None
    task = with_own_bands(state.task)
    rects = [state.task.grids[floor].rect(rect) for floor, rect in zip(state.floor, state.rects, strict=True)]
    return on_own_lines(task, rects, state.floor, state.front, keeps_lines=True, has_bands=True)


def shut_off(state: State) -> tuple[int, ...]:
    """Returns the zones that staff come to only where floor behind counters counts deeper than it is: through the seats of others."""
    if all(_is_manned(state, floor) for floor in range(len(state.task.grids))):
        return ()
    narrow = with_narrow_bands(state)
    if narrow is None:
        return ()
    found = {z for floor in range(len(state.task.grids)) for z in standing(narrow, floor).unmanned}
    return tuple(sorted(found))


def _is_manned(state: State, floor: int) -> bool:
    """Whether staff come to all zones of theirs over bands no deeper than they should be, on the lines at hand: no look at others is needed."""
    grid, deep = state.task.grids[floor], _too_deep(state, floor)
    if not deep.any():
        return True
    way, specs = grid.ways[min(grid.ways)], _manned(state, floor)
    valid, start = staff_start(state, floor, grid)
    valid = valid & way.anchors(~deep)
    dist = way.join(valid, start[valid[start[:, 0], start[:, 1]]])
    goals = np.array([staff_goal(state, spec) for spec in specs], np.int32)
    return bool(k.manned(dist, way.reach_x, way.reach_y, goals).all())


def _manned(state: State, floor: int) -> list[Spec]:
    """The zones of a floor that staff come to."""
    here = (spec for spec in state.task.specs if state.floor[spec.index] == floor)
    return [spec for spec in here if spec.needs_staff and spec.zone.fixed_area is None]


def _too_deep(state: State, floor: int) -> Bools:
    """The cells behind counters that lie deeper than staff's ways are wide."""
    grid = state.task.grids[floor]
    found = np.zeros(state.occupied[floor].shape, np.bool_)
    for spec in _manned(state, floor):
        if state.front[spec.index] >= 0 and not spec.is_staff:
            i0, j0, i1, j1 = state.back_band(spec.index)
            found[i0:i1, j0:j1] |= _beyond(grid, (i0, j0, i1, j1), state.front[spec.index])
    return found


def _beyond(grid: Grid, band: tuple[int, int, int, int], front: int) -> Bools:
    """Which cells of a band end farther from its back than staff's ways are wide."""
    (i0, j0, i1, j1), width = band, min(grid.ways) + THIN_M
    xs, ys = grid.xs[i0 : i1 + 1], grid.ys[j0 : j1 + 1]
    along_x = front in (k.EAST, k.WEST)
    lines = xs if along_x else ys
    is_beyond = lines[1:] - lines[0] > width if front in (k.EAST, k.NORTH) else lines[-1] - lines[:-1] > width
    out = np.broadcast_to(is_beyond[:, None] if along_x else is_beyond[None, :], (i1 - i0, j1 - j0))
    return np.asarray(out)
