"""A partial layout on grids: which cells each zone takes, what a way can still reach, what it costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import Polygon

from hallplan.place import kernels as k
from hallplan.place import spots
from hallplan.place.anchors import Way, seeds_of
from hallplan.place.bits import packed, turned
from hallplan.place.grid import FAR, Grid
from hallplan.place.kernels import Bools, Floats, Ints
from hallplan.place.leads import followers, leads_of
from hallplan.place.spec import Spec, meeting
from hallplan.place.task import UNLINKED_M, Task
from hallplan.place.weights import WEIGHTS

Rect = tuple[int, int, int, int]
NO_RECT: Rect = (0, 0, 0, 0)
STAFF_TOLL, AVOID_TOLL = 30.0, 12.0
"""What a metre counts as for staff on visitors' ways, and for visitors on those of staff: each goes far round the other."""
DOOR_M = 1.2
"""A room's door with its jambs."""


@dataclass(eq=False)
class State:
    """Places found so far. occupied: zone + 1 by cell; kept: how many fronts keep a cell free.

    strips, bands: the cells kept free before each zone's counters, and those behind them where its staff walk.
    is_tight: zones are put in at their least areas. away: a zone, and the floor and place it is to leave. Changed in place.
    """

    task: Task
    rects: list[Rect]
    floor: list[int]
    front: list[int]
    occupied: list[np.ndarray]
    kept: list[np.ndarray]
    strips: list[Rect | None]
    bands: list[Rect]
    is_tight: bool = False
    away: tuple[int, int, Rect] | None = None
    _access: Floats | None = None

    @classmethod
    def empty(cls, task: Task) -> State:
        """Returns the state with nothing placed."""
        n = len(task.specs)
        occupied = [np.zeros(grid.inside.shape, np.int16) for grid in task.grids]
        kept = [np.zeros_like(cells) for cells in occupied]
        return cls(task, [NO_RECT] * n, [-1] * n, [-1] * n, occupied, kept, [None] * n, [NO_RECT] * n)

    def copy(self) -> State:
        """Returns an independent copy."""
        occupied, kept = [cells.copy() for cells in self.occupied], [cells.copy() for cells in self.kept]
        rects, floor, front = list(self.rects), list(self.floor), list(self.front)
        return State(
            self.task,
            rects,
            floor,
            front,
            occupied,
            kept,
            list(self.strips),
            list(self.bands),
            _access=self.access_points,
        )

    def is_placed(self, z: int) -> bool:
        """Whether zone z has a place."""
        return self.floor[z] >= 0

    @property
    def unplaced(self) -> list[int]:
        """Zones without a place."""
        return [z for z, floor in enumerate(self.floor) if floor < 0]

    def put(self, z: int, floor: int, rect: Rect, front: int) -> None:
        """Places zone z."""
        self._access, self.rects[z], self.floor[z], self.front[z] = None, rect, floor, front
        self.strips[z], self.bands[z] = self._strip(z), self._band(z)
        i0, j0, i1, j1 = rect
        self.occupied[floor][i0:i1, j0:j1] = z + 1
        self._keep_front(z, 1)

    def put_fixed(self, z: int, floor: int, area: Polygon) -> None:
        """Places zone z where the drawing has it: only the cells that lie in its area are taken."""
        grid = self.task.grids[floor]
        x0, y0, x1, y1 = area.bounds
        (i0, i1), (j0, j1) = _span(grid.xs, x0, x1), _span(grid.ys, y0, y1)
        self._access, self.rects[z], self.floor[z] = None, (i0, j0, i1, j1), floor
        self.bands[z] = self._band(z)
        x = (grid.xs[i0:i1] + grid.xs[i0 + 1 : i1 + 1]) / 2
        y = (grid.ys[j0:j1] + grid.ys[j0 + 1 : j1 + 1]) / 2
        mask = np.asarray(shapely.contains_xy(area, x[:, None], y[None, :]))
        self.occupied[floor][i0:i1, j0:j1][mask] = z + 1

    def take(self, z: int) -> None:
        """Takes zone z out."""
        self._keep_front(z, -1)
        i0, j0, i1, j1 = self.rects[z]
        self.occupied[self.floor[z]][i0:i1, j0:j1] = 0
        self._access, self.rects[z], self.floor[z], self.front[z] = None, NO_RECT, -1, -1
        self.strips[z], self.bands[z] = None, NO_RECT

    def become(self, rects: Ints, floor: Ints, front: Ints, occupied: np.ndarray, kept: np.ndarray) -> None:
        """Takes over places found elsewhere: (n, 4), (n,), (n,), and what lies on and keeps the cells, (floors, x, y) or more."""
        self._access, found = None, zip(map(tuple, rects.tolist()), floor.tolist(), front.tolist(), strict=True)
        for z, place in enumerate(found):
            if place != (self.rects[z], self.floor[z], self.front[z]):
                self.rects[z], self.floor[z], self.front[z] = place
                is_out = self.floor[z] < 0
                self.strips[z], self.bands[z] = (None, NO_RECT) if is_out else (self._strip(z), self._band(z))
        for mine, its in ((self.occupied, occupied), (self.kept, kept)):
            for cells, new in zip(mine, its, strict=True):
                cells[:] = new[: cells.shape[0], : cells.shape[1]]

    def front_strip(self, z: int) -> Rect | None:
        """Returns the cells kept free before a zone's counters."""
        return self.strips[z]

    def _strip(self, z: int) -> Rect | None:
        spec, grid = self.task.specs[z], self.task.grids[self.floor[z]]
        if not spec.has_front or self.front[z] < 0:
            return None
        strip = k.strip(grid.xs, grid.ys, self.rects[z], self.front[z], spec.zone.front_way_m)
        return None if strip[0] < 0 else strip

    def _keep_front(self, z: int, change: int) -> None:
        strip = self.front_strip(z)
        if strip is not None:
            i0, j0, i1, j1 = strip
            self.kept[self.floor[z]][i0:i1, j0:j1] += change

    def back_band(self, z: int) -> Rect:
        """Returns the cells at the back of a counter zone where its staff walk."""
        return self.bands[z]

    def _band(self, z: int) -> Rect:
        grid, (i0, j0, i1, j1) = self.task.grids[self.floor[z]], self.rects[z]
        back, width = (self.front[z] + 2) % 4, self.task.specs[z].band_m
        if back == k.EAST:
            return max(i0, _line_before(grid.xs, i1, width)), j0, i1, j1
        if back == k.WEST:
            return i0, j0, min(i1, _line_after(grid.xs, i0, width)), j1
        if back == k.NORTH:
            return i0, max(j0, _line_before(grid.ys, j1, width)), i1, j1
        return i0, j0, i1, min(j1, _line_after(grid.ys, j0, width))

    def public_cells(self, floor: int) -> Bools:
        """Cells that visitors can walk on."""
        grid, occupied = self.task.grids[floor], self.occupied[floor]
        cells: Bools = grid.walk & (occupied == 0)
        for spec in self.task.specs:
            if spec.is_passable and self.floor[spec.index] == floor:
                cells |= grid.walk & (occupied == spec.index + 1)
        return cells

    def staff_cells(self, floor: int, *, with_rooms: bool = True) -> Bools:
        """Cells that staff can walk on: free ones, staff zones, behind counters, and the entrance zone where that is their way in.

        with_rooms: also in zones of theirs that walls enclose.
        """
        grid = self.task.grids[floor]
        shared = grid.staff_seeds == grid.public_seeds
        cells: Bools = self.public_cells(floor) if shared else grid.walk & (self.occupied[floor] == 0)
        for spec in self.task.specs:
            is_let_in = (
                spec.needs_staff
                and not _is_shut(spec)
                and (with_rooms or not (spec.is_staff and spec.zone.is_enclosed))
            )
            if self.floor[spec.index] == floor and is_let_in:
                i0, j0, i1, j1 = self.rects[spec.index] if spec.is_staff else self.back_band(spec.index)
                cells[i0:i1, j0:j1] = grid.inside[i0:i1, j0:j1]
        return cells

    def access_point(self, z: int) -> tuple[float, float]:
        """Returns where people come to a zone, roughly: before its counters, else its middle."""
        x0, y0, x1, y1 = self.task.grids[self.floor[z]].rect(self.rects[z])
        x, y, half = (x0 + x1) / 2, (y0 + y1) / 2, self.task.specs[z].way_m / 2
        if self.front[z] == k.EAST:
            return x1 + half, y
        if self.front[z] == k.WEST:
            return x0 - half, y
        if self.front[z] == k.NORTH:
            return x, y1 + half
        if self.front[z] == k.SOUTH:
            return x, y0 - half
        return x, y

    @property
    def access_points(self) -> Floats:
        """Floors and access points of all zones, (n, 3), floor -1 where one has no place; kept until a zone is put or taken."""
        if self._access is None:
            found = [
                (floor, *self.access_point(z)) if floor >= 0 else (-1, 0.0, 0.0) for z, floor in enumerate(self.floor)
            ]
            self._access = np.array(found, np.float64).reshape(-1, 3)
        return self._access

    def net_area(self, z: int) -> float:
        """Returns a zone's area less columns."""
        grid, (i0, j0, i1, j1) = self.task.grids[self.floor[z]], self.rects[z]
        x0, y0, x1, y1 = grid.rect(self.rects[z])
        t = grid.column_table
        return float((x1 - x0) * (y1 - y0) - (t[i1, j1] - t[i0, j1] - t[i1, j0] + t[i0, j0]))


def placed_as(task: Task, state: State) -> State:
    """Returns the zones of a state where they lie, as those of another task on the same grids that begins with the same, or has fewer."""
    found = State.empty(task)
    for spec, floor, rect, front in zip(task.specs, state.floor, state.rects, state.front, strict=False):
        if spec.zone.fixed_area is not None:
            found.put_fixed(spec.index, floor, spec.zone.fixed_area)
        elif floor >= 0:
            found.put(spec.index, floor, rect, front)
    return found


def _is_shut(spec: Spec) -> bool:
    """Whether a zone is counters that the drawing or a lock fixes whatever way leads there: nobody knows what lies behind them."""
    return spec.zone.fixed_area is not None and not spec.is_staff


def _span(lines: Floats, low: float, high: float) -> tuple[int, int]:
    """The lines nearest to both ends of a stretch, at least one cell apart."""
    start = min(int(np.argmin(np.abs(lines - low))), lines.size - 2)
    return start, max(int(np.argmin(np.abs(lines - high))), start + 1)


def _line_after(lines: Floats, start: int, length: float) -> int:
    return int(lines.searchsorted(lines[start] + length - 1e-6))


def _line_before(lines: Floats, end: int, length: float) -> int:
    return int(lines.searchsorted(lines[end] - length + 1e-6, side="right")) - 1


@dataclass(frozen=True, eq=False)
class Reach:
    """What can be reached on one floor: distances by way width, and the staff's, tolled where they use public ways; the cells of visitors'
    ways day by day, and of those to exits alone."""

    public: dict[float, Floats]
    staff: Floats
    public_ways: Bools
    exit_ways: Bools


def staff_goal(state: State, spec: Spec) -> Rect:
    """Returns where staff must come to: their own zone, or the band behind the counters."""
    return state.rects[spec.index] if spec.is_staff else state.back_band(spec.index)


def staff_start(state: State, floor: int, grid: Grid) -> tuple[Bools, Ints]:
    """Returns the anchors that staff can use, and where they begin."""
    second = grid.ways[min(grid.ways)]
    valid = second.anchors(state.staff_cells(floor))
    seeds = seeds_of(second, valid, grid.staff_seeds)
    return valid, seeds if len(seeds) else seeds_of(second, valid, grid.public_seeds)


def reached(state: State, floor: int, avoid: Bools | None = None, streams: Bools | None = None) -> Reach | None:
    """Returns the walking distances on a floor, or None when a placed zone, its staff side or an exit is cut off.

    avoid: cells that visitors go round where they can, their lengths counted as more there.  streams: cells that they pass besides.
    """
    grid = state.task.grids[floor]
    here = [spec for spec in state.task.specs if state.floor[spec.index] == floor and spec.zone.fixed_area is None]
    cells = state.public_cells(floor)
    public, ways = {}, np.zeros_like(cells) if streams is None else streams.copy()
    for width, way in grid.ways.items():
        valid = way.anchors(cells)
        toll = grid.ones if avoid is None else tolled(way, avoid, AVOID_TOLL)
        public[width] = way.flood(valid, leads_of(grid, way, valid), toll)
        for at in followers(grid, way, valid):
            if at is None or not math.isfinite(public[width][at]):
                return None
            k.trace(public[width], way.portals, at, way.reach_x, way.reach_y, ways)
    for spec in here:
        if spec.is_public and not spec.is_passable and not _trace(state, spec, grid, public, ways):
            return None
    second = grid.ways[min(grid.ways)]
    out = np.zeros_like(cells)
    for point, near, is_daily in grid.goals:
        at = second.nearest(np.isfinite(public[second.width_m]), point, near)
        if at is None:
            return None
        marked = ways if is_daily else out
        k.trace(public[second.width_m], second.portals, at, second.reach_x, second.reach_y, marked)
    staff = _staff(state, floor, grid, ways)
    for spec in here:
        goal = staff_goal(state, spec) if spec.needs_staff else NO_RECT
        if spec.needs_staff and not math.isfinite(k.within(staff, second.reach_x, second.reach_y, goal)):
            return None
    return Reach(public, staff, ways, out)


def _staff(state: State, floor: int, grid: Grid, public_ways: Bools) -> Floats:
    valid, seeds = staff_start(state, floor, grid)
    way = grid.ways[min(grid.ways)]
    return way.flood(valid, seeds, tolled(way, public_ways | (state.kept[floor] > 0), STAFF_TOLL))


def tolled(way: Way, cells: Bools, toll: float) -> Floats:
    """Returns the factor on steps to each anchor: a toll where its window meets some cells, else 1."""
    return np.where(way.anchors(~cells), 1.0, toll)


def _trace(state: State, spec: Spec, grid: Grid, public: dict[float, Floats], ways: Bools) -> bool:
    """Marks the way to a zone; False when there is none."""
    way, dist = grid.ways[spec.way_m], public[spec.way_m]
    side = state.front[spec.index] if spec.has_front else -1
    rect = state.rects[spec.index]
    _, i, j = touch(way, dist, spec, rect, side)
    if i >= 0:
        k.trace(dist, way.portals, (i, j), way.reach_x, way.reach_y, ways)
        return True
    return any(math.isfinite(dist[end]) for end in room_door_ends(state, spec.index))


def touch(way: Way, dist: Floats, spec: Spec, rect: Rect, side: int) -> tuple[float, int, int]:
    """Returns the least distance of a way that comes to a zone, and its anchor, -1 for none; side -1 is any.

    A way that comes to a room lies along its wall over the length of a door.
    """
    return way.touch(dist, rect, side, DOOR_M if spec.zone.is_enclosed else None)


def room_door_ends(state: State, z: int) -> list[tuple[int, int]]:
    """Returns the far anchors of narrow doors whose near end lies in a zone: the doors of a room that it fills.

    None for one with a front: who comes in there stands behind its counters.
    """
    near, far = state.task.grids[state.floor[z]].passages
    if not len(near) or state.task.specs[z].has_front:
        return []
    i0, j0, i1, j1 = state.rects[z]
    within = (near[:, 0] >= i0) & (near[:, 0] < i1) & (near[:, 1] >= j0) & (near[:, 1] < j1)
    return [(int(i), int(j)) for i, j in far[within]]


def reached_all(state: State) -> list[Reach | None]:
    """Returns what can be reached on each floor, None for one where something is cut off."""
    return [reached(state, floor) for floor in range(len(state.task.grids))]


def total_cost(state: State, reaches: Sequence[Reach | None] | None = None) -> float:
    """Returns the search's own cost of a state, walking by straight rectilinear ways; infinite when something is cut off.

    reaches: what can be reached on each floor, where that is known already.
    """
    task, weights = state.task, state.task.weights
    reaches = reached_all(state) if reaches is None else reaches
    if any(reach is None for reach in reaches):
        return math.inf
    cost = sum(WEIGHTS.unplaced * task.scale + task.specs[z].zone.target_m2 for z in state.unplaced)
    cost += weights.walking * sum(n * apart(state, a, b) for (a, b), n in task.flows.items())
    cost += weights.adjacency * sum(wish_cost(state, a, b, w) for (a, b), w in task.wishes.items())
    for spec in task.specs:
        if state.is_placed(spec.index) and spec.zone.fixed_area is None:
            cost += _own_cost(state, spec, reaches[state.floor[spec.index]])  # type: ignore[arg-type]
    for floor, grid in enumerate(task.grids):
        way = grid.ways[min(grid.ways)]
        free = state.public_cells(floor)
        lost = free & ~k.covered(way.anchors(free), way.reach_x, way.reach_y)
        areas = np.diff(grid.xs)[:, None] * np.diff(grid.ys)[None, :]
        cost += weights.leftover * float(areas[lost & grid.reachable].sum())
    return cost


def _own_cost(state: State, spec: Spec, reach: Reach) -> float:
    weights, grid, z = state.task.weights, state.task.grids[state.floor[spec.index]], spec.index
    cost = weights.area * abs(state.net_area(z) - spec.zone.target_m2)
    i0, j0, i1, j1 = state.rects[z]
    if spec.zone.wants_daylight:
        cost += weights.daylight * float(grid.daylight[i0:i1, j0:j1].min())
    if spec.needs_staff:
        way = grid.ways[min(grid.ways)]
        rect = state.rects[z] if spec.is_staff else state.back_band(z)
        cost += 0.15 * weights.staff_crossing * k.within(reach.staff, way.reach_x, way.reach_y, rect)
    pull = grid.staff_pull if spec.is_staff else grid.public_pull
    cost += WEIGHTS.pull * min(float(pull[(i0 + i1) // 2, (j0 + j1) // 2]), FAR)
    used = state.occupied[state.floor[z]] > 0
    taken = packed(used | ~grid.inside)
    return cost - WEIGHTS.contact * spots.contact(
        taken, turned(taken), grid.xs, grid.ys, state.rects[z], state.front[z]
    )


def apart(state: State, a: int, b: int) -> float:
    """Returns the rectilinear way in m between two zones (or doors, negative), by the stairs where floors differ."""
    if (a >= 0 and not state.is_placed(a)) or (b >= 0 and not state.is_placed(b)):
        return 0.0
    fa, xa, ya = _at(state, a)
    fb, xb, yb = _at(state, b)
    if fa == fb:
        return abs(xa - xb) + abs(ya - yb)
    return between_floors(state.task, (fa, xa, ya), (fb, xb, yb))


def between_floors(task: Task, a: tuple[int, float, float], b: tuple[int, float, float]) -> float:
    """Returns the least way over a stair or lift that both floors have."""
    there = {link.id: link.at for link in task.grids[b[0]].floor.visitors_links}
    ways = [
        abs(link.at[0] - a[1]) + abs(link.at[1] - a[2]) + abs(there[link.id][0] - b[1]) + abs(there[link.id][1] - b[2])
        for link in task.grids[a[0]].floor.visitors_links
        if link.id in there
    ]
    return min(ways, default=UNLINKED_M) + task.change_m(a[0], b[0])


def _at(state: State, a: int) -> tuple[int, float, float]:
    return state.task.doors[-1 - a] if a < 0 else (state.floor[a], *state.access_point(a))


def meeting_edge(state: State, a: int, b: int) -> tuple[float, float, float, float]:
    """Returns the side of zone a from which b is near: its front for visitors' zones, its back for the staff's."""
    rect = state.task.grids[state.floor[a]].rect(state.rects[a])
    meets = meeting(state.task.specs[a], state.task.specs[b])
    if meets == 0 or state.front[a] < 0:
        return rect
    return spots.edge(*rect, state.front[a] if meets == 1 else (state.front[a] + 2) % 4)


def wish_cost(state: State, a: int, b: int, weight: float) -> float:
    """Returns weight × gap in m for a wish to be near; for one to be apart, what is missing."""
    if not (state.is_placed(a) and state.is_placed(b)):
        return 0.0
    if state.floor[a] != state.floor[b]:
        return weight * 30.0 if weight > 0 else 0.0
    x0, y0, x1, y1 = meeting_edge(state, a, b)
    gap = spots.gap_between(x0, y0, x1, y1, meeting_edge(state, b, a))
    if weight <= 0:
        return -weight * max(0.0, WEIGHTS.apart_m - gap)
    return weight * (gap + _wrong_side(state, a, b) + _wrong_side(state, b, a))


def _wrong_side(state: State, a: int, b: int) -> float:
    """How far b lies on the wrong side of the counters of a, in m."""
    grid, specs = state.task.grids[state.floor[a]], state.task.specs
    meets = meeting(specs[a], specs[b])
    return float(spots.wrong_side(grid.rect(state.rects[a]), grid.rect(state.rects[b]), state.front[a], meets))
