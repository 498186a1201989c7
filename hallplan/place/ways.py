"""The ways that a layout needs, as few straight runs: what its fronts, doors and staff are reached by."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from hallplan.place import kernels as k
from hallplan.place.anchors import Way
from hallplan.place.grid import Goal, Grid
from hallplan.place.kernels import Bools, Floats
from hallplan.place.leads import followers, leads_of
from hallplan.place.networks import networks, sent_from
from hallplan.place.spec import Spec
from hallplan.place.state import (
    AVOID_TOLL,
    STAFF_TOLL,
    Rect,
    State,
    room_door_ends,
    staff_goal,
    staff_start,
    tolled,
    touch,
)
from hallplan.place.turning import turning_tree
from hallplan.place.walking import nearest_inside, overlapping

TURN_M = 2.5
"""What a turn counts as in metres walked: ways with few turns are kept."""
Anchor = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Run:
    """A straight stretch of way on a floor, at least `width_m` wide; `rect` the cells its windows sweep."""

    floor: int
    rect: Rect
    width_m: float
    is_staff: bool


@dataclass(frozen=True, slots=True)
class Touch:
    """A run that ends at one side of a zone, or (side -1) inside the room whose door it leads to.

    is_outer: it comes from outside to any side of it, though the run is the staff's, which leads behind counters else.
    """

    run: int
    zone: int
    side: int
    is_outer: bool = False


@dataclass(eq=False)
class Ways:
    """Runs, which of them join (with the width of the joint), what they touch, and windows that they must cover.

    passes: staff zones that staff walk through, from one to the next.
    necks: doors and necks of the building gone through that are narrower than the way: floor, width of the way, whether it is the staff's,
    and the anchors on both sides.
    """

    runs: list[Run] = field(default_factory=list)
    joints: list[tuple[int, int, float]] = field(default_factory=list)
    touches: list[Touch] = field(default_factory=list)
    pins: list[tuple[int, Rect]] = field(default_factory=list)
    passes: list[tuple[int, int]] = field(default_factory=list)
    necks: list[tuple[int, float, bool, Anchor, Anchor]] = field(default_factory=list)
    is_whole: bool = True


@dataclass(eq=False)
class Tree:
    """Ways of least length and turns from the seeds: by anchor and heading (0 along x, 1 along y) where one came from."""

    dist: Floats
    came: np.ndarray

    def anchors_to(self, goal: Anchor) -> list[Anchor]:
        """Returns the anchors from a goal back to its seed."""
        _, ny = self.dist.shape[0], self.dist.shape[1]
        heading = int(np.argmin(self.dist[goal]))
        node = (goal[0] * ny + goal[1]) * 2 + heading
        path = [goal]
        while (node := int(self.came[node])) >= 0:
            at = divmod(node // 2, ny)
            if at != path[-1]:
                path.append(at)
        return path


def grow_tree(way: Way, valid: Bools, seeds: Iterable[Anchor], toll: Floats) -> Tree:
    """Returns the ways from some anchors to all others over valid ones. toll: (nx, ny) factor on steps into a cell."""
    starts = np.array(sorted(seeds), np.int32).reshape(-1, 2)
    step_x, step_y = np.abs(np.diff(way.at_x)), np.abs(np.diff(way.at_y))
    return Tree(*turning_tree(valid, step_x, step_y, toll, starts, way.portals, TURN_M))


def trace_ways(state: State) -> Ways:
    """Returns the ways of a sound state: to public fronts by their widths, to exits, and the staff's.

    `is_whole` is False when some way could not be traced.
    """
    ways = Ways()
    for floor, grid in enumerate(state.task.grids):
        here = [s for s in state.task.specs if state.floor[s.index] == floor and s.zone.fixed_area is None]
        public = [spec for spec in here if spec.is_public and not spec.is_passable]
        cells = state.public_cells(floor)
        mask, found = np.zeros_like(cells), networks(state, floor)
        avoid = np.zeros_like(cells) if found is None else found.own & ~found.shared
        for width in sorted(grid.ways, reverse=True):
            goals = [spec for spec in public if spec.way_m == width]
            exits = grid.goals if width == min(grid.ways) else ()
            _public(ways, state, floor, grid.ways[width], (cells, avoid), goals, exits, mask)
        _staff(ways, state, floor, mask if found is None else mask | found.streams)
    return ways


def _public(
    ways: Ways, state: State, floor: int, way: Way, ground: tuple[Bools, Bools], goals: Sequence[Spec],
    exits: Sequence[Goal], mask: Bools,
) -> None:  # fmt: skip
    """Adds the ways to some zones and exits; `mask` holds the cells of the ways so far that visitors take day by day and grows with them.

    ground: cells that visitors walk on, and those that they go round where they can.
    """
    grid, (cells, avoid) = state.task.grids[floor], ground
    valid = way.anchors(cells)
    doors = {(int(i), int(j)) for i, j in leads_of(grid, way, valid)}
    seeds = doors | _anchors(valid & way.anchors(mask))
    tree = grow_tree(way, valid, seeds, tolled(way, avoid, AVOID_TOLL))
    dist = tree.dist.min(axis=2)
    paths: list[list[Anchor]] = []
    ends: list[tuple[Anchor, int, int]] = []
    others = [at for at in followers(grid, way, valid) if at is not None and math.isfinite(dist[at])]
    pins = {*doors, *others}
    paths += [tree.anchors_to(at) for at in others]
    for spec in goals:
        side = state.front[spec.index] if spec.has_front else -1
        rect = state.rects[spec.index]
        _, i, j = touch(way, dist, spec, rect, side)
        if i >= 0:
            ends.append(((i, j), spec.index, side_of(way, (i, j), rect)))
            paths.append(tree.anchors_to((i, j)))
            continue
        rooms = [end for end in room_door_ends(state, spec.index) if math.isfinite(dist[end])]
        if rooms:
            pins.add(rooms[0])
            ways.necks += _room_necks(grid, floor, rooms[0], rect)
            ends.append((rooms[0], spec.index, -1))
            paths.append(tree.anchors_to(rooms[0]))
        else:
            ways.is_whole = False
    out: list[list[Anchor]] = []
    for point, near, is_daily in exits:
        at = way.nearest(np.isfinite(dist), point, near)
        if at is not None:
            pins.add(at)
            (paths if is_daily else out).append(tree.anchors_to(at))
    add_runs(ways, floor, way, [*paths, *out], pins, ends, is_staff=False)
    for path in paths:
        for at in path:
            mask[way.cells(at)] = True


def _room_necks(grid: Grid, floor: int, end: Anchor, rect: Rect) -> list[tuple[int, float, bool, Anchor, Anchor]]:
    """The door between an anchor and the room that a zone fills; its ends are those of the narrowest ways."""
    near, far = grid.passages
    i0, j0, i1, j1 = rect
    within = [
        (int(i), int(j))
        for (i, j), (p, q) in zip(near.tolist(), far.tolist(), strict=True)
        if (p, q) == end and i0 <= i < i1 and j0 <= j < j1
    ]
    return [(floor, min(grid.ways), False, min(at, end), max(at, end)) for at in within[:1]]


def side_of(way: Way, at: Anchor, rect: Rect) -> int:
    """Returns the side of a rectangle that an anchor's window touches."""
    i, j = at
    sides = ((i == rect[2], k.EAST), (int(way.reach_x[i]) == rect[0], k.WEST), (j == rect[3], k.NORTH))
    return next((side for touches, side in sides if touches), k.SOUTH)


def add_runs(
    ways: Ways, floor: int, way: Way, paths: Sequence[Sequence[Anchor]], pins: set[Anchor],
    ends: Sequence[tuple[Anchor, int, int]], *, is_staff: bool, is_link: bool = False, outer: Sequence[tuple[Anchor, int, int]] = (),
) -> None:  # fmt: skip
    """Adds the straight runs of some paths with their joints, touches and pins.

    is_link: both ends of a path may lie on earlier runs.  ends, outer: anchors at zones and the sides of these, outer as in `Touch`.
    """
    level, upright = stretches(paths)
    first = len(ways.runs)
    at: dict[Anchor, list[int]] = {}
    for a, b in [*level, *upright]:
        rect = (a[0], a[1], int(way.reach_x[b[0]]), int(way.reach_y[b[1]]))
        ways.runs.append(Run(floor, rect, way.width_m, is_staff))
        for i in range(a[0], b[0] + 1):
            for j in range(a[1], b[1] + 1):
                at.setdefault((i, j), []).append(len(ways.runs) - 1)
    for path in paths:
        for step, next_step in itertools.pairwise(path):
            if abs(step[0] - next_step[0]) + abs(step[1] - next_step[1]) > 1:
                pins |= {step, next_step}
                ways.necks.append((floor, way.width_m, is_staff, min(step, next_step), max(step, next_step)))
    for _, runs in sorted(at.items()):
        for n in runs[1:]:
            ways.joints.append((runs[0], n, way.width_m))
    for path in paths:
        if path:
            _join_host(ways, first, floor, way, path[-1], at)
        if path and is_link:
            _join_host(ways, first, floor, way, path[0], at)
    for anchor in sorted(pins & set(at)):
        i, j = anchor
        ways.pins.append((at[anchor][-1], (i, j, int(way.reach_x[i]), int(way.reach_y[j]))))
    for is_outer, touched in ((False, ends), (True, outer)):
        for anchor, zone, side in touched:
            runs = at[anchor]
            ways.touches.append(Touch(runs[-1] if side in (k.NORTH, k.SOUTH) else runs[0], zone, side, is_outer))


def _join_host(ways: Ways, first: int, floor: int, way: Way, anchor: Anchor, at: dict[Anchor, list[int]]) -> None:
    """Joins a path to the earlier run that it begins in, if it begins in one."""
    i, j = anchor
    i1, j1 = int(way.reach_x[i]), int(way.reach_y[j])
    for n in range(first):
        run = ways.runs[n]
        r = run.rect
        if run.floor == floor and r[0] <= i and r[1] <= j and i1 <= r[2] and j1 <= r[3]:
            ways.joints.append((n, at[anchor][0], way.width_m))
            return


def stretches(paths: Sequence[Sequence[Anchor]]) -> tuple[list[tuple[Anchor, Anchor]], list[tuple[Anchor, Anchor]]]:
    """The straight stretches of paths, along x and along y, from their first to their last anchors."""
    level: set[Anchor] = set()
    upright: set[Anchor] = set()
    alone: set[Anchor] = set()
    for path in paths:
        for (a, b), (c, d) in itertools.pairwise(path):
            if b == d and abs(a - c) == 1:
                level.add((min(a, c), b))
            elif a == c and abs(b - d) == 1:
                upright.add((a, min(b, d)))
            else:
                alone |= {(a, b), (c, d)}
        if len(path) == 1:
            alone.add(path[0])
    rows = [((a, b), (c + 1, b)) for (a, b), (c, _) in _chains(level, 0)]
    columns = [((a, b), (a, d + 1)) for (a, b), (_, d) in _chains(upright, 1)]
    covered = {(i, a[1]) for a, b in rows for i in range(a[0], b[0] + 1)}
    covered |= {(a[0], j) for a, b in columns for j in range(a[1], b[1] + 1)}
    return [*rows, *((at, at) for at in sorted(alone - covered))], columns


def _chains(edges: set[Anchor], axis: int) -> list[tuple[Anchor, Anchor]]:
    chains: list[tuple[Anchor, Anchor]] = []
    for edge in sorted(edges, key=lambda e: (e[1 - axis], e[axis])):
        if chains and chains[-1][1][1 - axis] == edge[1 - axis] and chains[-1][1][axis] + 1 == edge[axis]:
            chains[-1] = (chains[-1][0], edge)
        else:
            chains.append((edge, edge))
    return chains


def _staff(ways: Ways, state: State, floor: int, public: Bools) -> None:
    """Adds the ways of the staff over free floor, from where they come in and from the offices that they are sent from, and which
    staff zones they go through.

    public: the cells that visitors walk on.
    """
    grid = state.task.grids[floor]
    way = grid.ways[min(grid.ways)]
    valid, seeds = staff_start(state, floor, grid)
    starts = {(int(i), int(j)) for i, j in seeds}
    toll = tolled(way, public | (state.kept[floor] > 0), STAFF_TOLL)
    trees: dict[int | None, Tree] = {}
    free = way.anchors(grid.walk & (state.occupied[floor] == 0))
    paths: list[list[Anchor]] = []
    ends: list[tuple[Anchor, int, int]] = []
    passes: set[tuple[int, int]] = set()
    for z, office in sent_from(state, floor):
        if state.task.specs[z].zone.fixed_area is not None:
            continue
        goal = staff_goal(state, state.task.specs[z])
        for begin in dict.fromkeys(
            (office, None)
        ):  # where no ground of theirs leads from the office, that from the door is kept
            if begin not in trees:
                at_begin = starts if begin is None else _anchors(valid & overlapping(way, state.rects[begin]))
                trees[begin] = grow_tree(way, valid, at_begin, toll)
            at = nearest_inside(trees[begin].dist.min(axis=2), way, goal)
            if at is not None:
                split(state, floor, way, free, trees[begin].anchors_to(at), z, (paths, ends, passes))
                break
        else:
            ways.is_whole = False
    add_runs(ways, floor, way, paths, starts, sorted(set(ends)), is_staff=True)
    ways.passes += sorted(passes)


def _anchors(which: Bools) -> set[Anchor]:
    return {(int(i), int(j)) for i, j in np.argwhere(which)}


def split(
    state: State, floor: int, way: Way, free: Bools, path: Sequence[Anchor], goal: int,
    found: tuple[list[list[Anchor]], list[tuple[Anchor, int, int]], set[tuple[int, int]]],
) -> None:  # fmt: skip
    """Cuts a path from a zone, -1 where it does not matter which, back to the door into what lies on free floor and the zones it goes through.

    found: added to: paths over free floor, where they end at zones, and zones from one of which the path steps into the other.
    """
    paths, ends, passes = found
    stretch: list[Anchor] = []
    zone = goal
    for at in path:
        if free[at]:
            if not stretch and zone >= 0:
                ends.append((at, zone, _facing(way, at, _through(state, zone))))
            stretch.append(at)
            continue
        owners = state.occupied[floor][way.cells(at)]
        others = sorted({int(n) - 1 for n in np.unique(owners) if n > 0} - {zone})
        if stretch:
            paths.append(stretch)
            if others or zone >= 0:
                zone = others[0] if others else zone
                ends.append((stretch[-1], zone, _facing(way, stretch[-1], _through(state, zone))))
            stretch = []
        elif others:
            passes |= {(min(zone, others[0]), max(zone, others[0]))} if zone >= 0 else set()
            zone = others[0]
    if stretch:
        paths.append(stretch)


def _through(state: State, zone: int) -> Rect:
    is_whole = state.task.specs[zone].is_staff or state.front[zone] < 0
    return state.rects[zone] if is_whole else state.back_band(zone)


def _facing(way: Way, at: Anchor, rect: Rect) -> int:
    """The side of a rectangle on which a window lies."""
    i, j = at
    gaps = (i - rect[2], j - rect[3], rect[0] - int(way.reach_x[i]), rect[1] - int(way.reach_y[j]))
    return int(np.argmax(gaps))


def growth(grid: Grid, ok: Bools, rect: Rect, most_m: float) -> tuple[float, float, float, float]:
    """Returns how far a rectangle of cells can grow over cells that are `ok`, in m: x0, y0, x1, y1."""
    i0, j0, i1, j1 = rect
    table = k.integral(~ok)
    xs, ys = grid.xs, grid.ys
    a, b, c, d = rect
    is_open = [True] * 4
    while any(is_open):
        steps = ((c, b, c + 1, d), (a, d, c, d + 1), (a - 1, b, a, d), (a, b - 1, c, b))
        for side, (p, q, r, s) in enumerate(steps):
            p, q, r, s = ((c, b, c + 1, d), (a, d, c, d + 1), (a - 1, b, a, d), (a, b - 1, c, b))[side]
            within = p >= 0 and q >= 0 and r < xs.size and s < ys.size
            is_open[side] = (
                is_open[side]
                and within
                and (xs[r] - xs[i1] <= most_m and xs[i0] - xs[p] <= most_m)
                and (ys[s] - ys[j1] <= most_m and ys[j0] - ys[q] <= most_m)
                and k.count(table, p, q, r, s) == 0
            )
            if is_open[side]:
                a, b, c, d = min(a, p), min(b, q), max(c, r), max(d, s)
    return float(xs[a]), float(ys[b]), float(xs[c]), float(ys[d])
