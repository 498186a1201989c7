"""The two networks of a layout, that of visitors and that of the staff, each led round the other where there is a way round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from hallplan.place import kernels as k
from hallplan.place.anchors import Way
from hallplan.place.grid import Grid
from hallplan.place.kernels import Bools, Floats
from hallplan.place.state import STAFF_TOLL, Reach, State, reached, staff_goal, tolled
from hallplan.place.walking import Walks, nearest_inside, overlapping


@dataclass(frozen=True, eq=False)
class Networks:
    """The ways of a floor. own: free cells that staff walk on, the way from their door to where an office sends them too so far as
    visitors do not walk there; shared: those of them that are visitors' ways too; crossing: zones whose staff come there;
    apart_m: straight metres between offices and zones to which no ground leads from them; streams: cells that visitors pass on their
    walks between stops; begins: by office, how far it is from there."""

    reach: Reach
    own: Bools
    shared: Bools
    crossing: tuple[int, ...]
    apart_m: float
    streams: Bools
    begins: Mapping[int, Floats]

    @property
    def public(self) -> Bools:
        """The cells of visitors' ways."""
        return self.reach.public_ways

    def shared_m(self, grid: Grid) -> float:
        """Returns metres of staff ways that are public ways too: their area over the way's width."""
        return float(grid.cell_m2[self.shared].sum()) / min(grid.ways) + self.apart_m


def networks(state: State, floor: int, walks: Walks | None = None) -> Networks | None:
    """Returns the ways of a floor, or None where something is cut off.

    Visitors go the shortest ways and staff round them; where these meet all the same, visitors go round the staff as well, if
    less is shared then: on the ways from the doors that they may be led, not on their walks between stops.
    walks: those of the state, where they are known.
    """
    streams = (walks or Walks.of(state)).streams(floor)
    first = _of(state, floor, reached(state, floor, streams=streams), streams)
    if first is None or not (first.shared & ~streams).any():
        return first
    other = _of(state, floor, reached(state, floor, first.own, streams), streams)
    grid = state.task.grids[floor]
    return min((one for one in (first, other) if one is not None), key=lambda one: one.shared_m(grid))


def _of(state: State, floor: int, reach: Reach | None, streams: Bools) -> Networks | None:
    if reach is None:
        return None
    grid = state.task.grids[floor]
    way, free = grid.ways[min(grid.ways)], state.occupied[floor] == 0
    public = reach.public_ways | (state.kept[floor] > 0)
    # from an office they may have to come through zones that visitors walk through, which is all visitors' ground
    let_in = state.public_cells(floor) & ~free
    sent = sorted({one for _, one in sent_from(state, floor) if one is not None})
    begins = from_offices(state, floor, public | let_in, sent)
    own, by_door, crossing, apart_m = np.zeros_like(free), np.zeros_like(free), set[int](), 0.0
    for z, office in sent_from(state, floor):
        goal = staff_goal(state, state.task.specs[z])
        mask = way_back(way, reach.staff if office is None else begins[office], goal)
        if office is not None:
            by_door |= way_back(way, reach.staff, goal) & free
        if office is not None and not mask.any():
            apart_m += way.width_m + shapely.box(*grid.rect(state.rects[office])).distance(
                shapely.box(*grid.rect(goal))
            )
            crossing.add(z)
        mask &= free if office is None else free | let_in
        own |= mask
        crossing |= {z} if (mask & (public | let_in)).any() else set()
    shared = own & (public | let_in)
    own |= by_door & ~(public | let_in)
    return Networks(reach, own, shared, tuple(sorted(crossing)), apart_m, streams, begins)


def way_back(way: Way, dist: Floats, goal: tuple[int, int, int, int]) -> Bools:
    """Returns the cells of the shortest way to inside some cells from where distances begin; none where it does not lead there."""
    at, mask = nearest_inside(dist, way, goal), np.zeros(dist.shape, np.bool_)
    if at is not None:
        k.trace(dist, way.portals, at, way.reach_x, way.reach_y, mask)
    return mask


def sent_from(state: State, floor: int) -> list[tuple[int, int | None]]:
    """Returns the zones of a floor that staff come to, each with the office on the floor that they come from, None for where staff come in."""
    offices: dict[int, list[int | None]] = {}
    for one, other in state.task.errands:
        if one >= 0 and state.floor[one] == state.floor[other] == floor:
            offices.setdefault(other, []).append(one)
    here = [spec.index for spec in state.task.specs if spec.needs_staff and state.floor[spec.index] == floor]
    return [(z, office) for z in here for office in offices.get(z, [None])]


def from_offices(state: State, floor: int, public: Bools, offices: Iterable[int]) -> dict[int, Floats]:
    """Returns how far it is for staff from the cells of some offices on a floor, round visitors' ways where they can."""
    grid = state.task.grids[floor]
    way = grid.ways[min(grid.ways)]
    valid = way.anchors(state.staff_cells(floor) | state.public_cells(floor))
    found = {}
    for office in offices:
        inside = valid & overlapping(way, state.rects[office])
        found[office] = way.flood(valid, np.argwhere(inside).astype(np.int32), tolled(way, public, STAFF_TOLL))
    return found


def all_networks(state: State, walks: Walks | None = None) -> list[Networks | None]:
    """Returns the ways of each floor.  walks: those of the state, where they are known."""
    walks = walks or Walks.of(state)
    return [networks(state, floor, walks) for floor in range(len(state.task.grids))]


def staff_crossing(state: State) -> tuple[float, tuple[int, ...]]:
    """Returns metres of staff ways that are public ways too, and the zones whose staff walk there."""
    return crossing_of(state, all_networks(state))


def crossing_of(state: State, networks: Sequence[Networks | None]) -> tuple[float, tuple[int, ...]]:
    """Returns what `staff_crossing` does, where the ways of each floor are known."""
    total, zones = 0.0, list[int]()
    for grid, found in zip(state.task.grids, networks, strict=True):
        if found is not None:
            total += found.shared_m(grid)
            zones += found.crossing
    return total, tuple(zones)


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
    for (one, other), people in errands.items():
        dist = found.begins.get(one, found.reach.staff)
        at = nearest_inside(dist, way, staff_goal(state, state.task.specs[other]))
        if at is not None:
            total += people * k.length_m(dist, way.portals, way.at_x, way.at_y, *at)
    return total
