"""The two networks of a layout, that of visitors and that of the staff, each led round the other where there is a way round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hallplan.place import kernels as k
from hallplan.place.kernels import Bools, Floats
from hallplan.place.state import Reach, State, reached, staff_goal


@dataclass(frozen=True, eq=False)
class Networks:
    """The ways of a floor. own: free cells that staff walk on; shared: those of them that are visitors' ways too; crossing: zones
    whose staff come there."""

    reach: Reach
    own: Bools
    shared: Bools
    crossing: tuple[int, ...]

    @property
    def public(self) -> Bools:
        """The cells of visitors' ways."""
        return self.reach.public_ways


def networks(state: State, floor: int) -> Networks | None:
    """Returns the ways of a floor, or None where something is cut off.

    Visitors go the shortest ways and staff round them; where these meet all the same, visitors go round the staff as well, if
    less is shared then.
    """
    first = _of(state, floor, reached(state, floor))
    if first is None or not first.shared.any():
        return first
    other = _of(state, floor, reached(state, floor, first.own))
    grid = state.task.grids[floor]
    return min(
        (one for one in (first, other) if one is not None), key=lambda one: float(grid.cell_m2[one.shared].sum())
    )


def _of(state: State, floor: int, reach: Reach | None) -> Networks | None:
    if reach is None:
        return None
    grid = state.task.grids[floor]
    way, free = grid.ways[min(grid.ways)], state.occupied[floor] == 0
    public = free & (reach.public_ways | (state.kept[floor] > 0))
    own, crossing = np.zeros_like(free), []
    for spec in state.task.specs:
        if state.floor[spec.index] != floor or not spec.needs_staff:
            continue
        at = nearest_inside(reach.staff, way.reach_x, way.reach_y, staff_goal(state, spec))
        mask = np.zeros_like(free)
        if at is not None:
            k.trace(reach.staff, way.portals, at, way.reach_x, way.reach_y, mask)
        own |= mask & free
        crossing += [spec.index] if (mask & public).any() else []
    return Networks(reach, own, own & public, tuple(crossing))


def staff_crossing(state: State) -> tuple[float, tuple[int, ...]]:
    """Returns metres of staff ways that are public ways too (their area over the way's width), and the zones whose staff walk there."""
    total, zones = 0.0, list[int]()
    for floor, grid in enumerate(state.task.grids):
        found = networks(state, floor)
        if found is not None:
            total += float(grid.cell_m2[found.shared].sum()) / min(grid.ways)
            zones += found.crossing
    return total, tuple(zones)


def nearest_inside(dist: Floats, reach_x: k.Ints, reach_y: k.Ints, rect: Sequence[int]) -> tuple[int, int] | None:
    """Returns the anchor of least distance whose window overlaps a rectangle."""
    i0, j0, i1, j1 = rect
    rows = (np.arange(dist.shape[0]) < i1) & (reach_x > i0)
    columns = (np.arange(dist.shape[1]) < j1) & (reach_y > j0)
    inside = np.where(rows[:, None] & columns[None, :], dist, np.inf)
    at = divmod(int(np.argmin(inside)), dist.shape[1])
    return at if np.isfinite(inside[at]) else None
