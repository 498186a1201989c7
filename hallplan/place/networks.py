"""The two networks of a layout, that of visitors and that of the staff, each led round the other where there is a way round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hallplan.place import kernels as k
from hallplan.place.kernels import Bools, Floats
from hallplan.place.state import STAFF_TOLL, Reach, State, reached, staff_goal, staff_start, tolled


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


def all_networks(state: State) -> list[Networks | None]:
    """Returns the ways of each floor."""
    return [networks(state, floor) for floor in range(len(state.task.grids))]


def staff_crossing(state: State) -> tuple[float, tuple[int, ...]]:
    """Returns metres of staff ways that are public ways too (their area over the way's width), and the zones whose staff walk there."""
    return crossing_of(state, all_networks(state))


def crossing_of(state: State, networks: Sequence[Networks | None]) -> tuple[float, tuple[int, ...]]:
    """Returns what `staff_crossing` does, where the ways of each floor are known."""
    total, zones = 0.0, list[int]()
    for grid, found in zip(state.task.grids, networks, strict=True):
        if found is not None:
            total += float(grid.cell_m2[found.shared].sum()) / min(grid.ways)
            zones += found.crossing
    return total, tuple(zones)


def nearest_inside(dist: Floats, reach_x: k.Ints, reach_y: k.Ints, rect: Sequence[int]) -> tuple[int, int] | None:
    """Returns the anchor of least distance whose window overlaps a rectangle."""
    inside = np.where(_overlapping(reach_x, reach_y, rect), dist, np.inf)
    at = divmod(int(np.argmin(inside)), dist.shape[1])
    return at if np.isfinite(inside[at]) else None


def _overlapping(reach_x: k.Ints, reach_y: k.Ints, rect: Sequence[int]) -> Bools:
    """Which windows overlap a rectangle, (nx, ny)."""
    i0, j0, i1, j1 = rect
    rows, columns = (np.arange(reach_x.size) < i1) & (reach_x > i0), (np.arange(reach_y.size) < j1) & (reach_y > j0)
    return np.asarray(rows[:, None] & columns[None, :])


def staff_metres(state: State, found: Sequence[Networks | None]) -> float:
    """Returns the metres that staff walk in a day, round visitors' ways where they can.

    They begin at the cells of an office, or where staff come in on the floor they go to; a change of floor counts as it does for visitors.
    """
    task = state.task
    total = sum(n * task.change_m(_floor(state, a), _floor(state, b)) for (a, b), n in task.errands.items())
    for floor, ways in enumerate(found):
        here = {pair: n for pair, n in task.errands.items() if state.floor[pair[1]] == floor}
        if ways is not None and here:
            total += _walked(state, floor, ways, here)
    return total


def _floor(state: State, stop: int) -> int:
    return state.floor[stop] if stop >= 0 else state.task.doors[-1 - stop][0]


def _walked(state: State, floor: int, found: Networks, errands: dict[tuple[int, int], float]) -> float:
    grid, total = state.task.grids[floor], 0.0
    way = grid.ways[min(grid.ways)]
    valid, _ = staff_start(state, floor, grid)
    toll = tolled(way, found.public | (state.kept[floor] > 0), STAFF_TOLL)
    dists: dict[int, Floats] = {}
    for (one, other), people in errands.items():
        dist = found.reach.staff
        if one >= 0 and state.floor[one] == floor:
            if one not in dists:
                inside = valid & _overlapping(way.reach_x, way.reach_y, state.rects[one])
                dists[one] = way.flood(valid, np.argwhere(inside).astype(np.int32), toll)
            dist = dists[one]
        at = nearest_inside(dist, way.reach_x, way.reach_y, staff_goal(state, state.task.specs[other]))
        if at is not None:
            total += people * k.length_m(dist, way.portals, way.at_x, way.at_y, *at)
    return total
