"""A task and its aisles as the arrays that the compiled annealing reads."""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hallplan.place import kernels as k
from hallplan.place.bays.network import Network, Strip
from hallplan.place.kernels import Floats, Ints
from hallplan.place.spec import Spec, meeting
from hallplan.place.state import State
from hallplan.place.task import FLOOR_CHANGE_M, Task
from hallplan.place.weights import WEIGHTS

NODE_M, MOST_NODES = 3.0, 700
"""Nodes along aisles lie so far apart, farther where the aisles of all floors would have more nodes than that."""
UNPLACED = 150.0
LEAST_DEPTH_M, LEAST_LENGTH_M = 2.0, 2.4
NO_NODE_M = 200.0
FLOOR, AISLE = 1, 2
"""What a cell of the ground is, where people can walk."""

Shorts = NDArray[np.int16]


class Hall(NamedTuple):
    """The floors as padded arrays (F, NX, NY), the rows along their aisles, and what the zones ask.

    base: -1 where nothing may lie.  column: (F, NX+1, NY+1) counting tables of column area.
    node: (F, NX, NY) the aisle's node, -1 none.  dist: (N, N) m between nodes.  light: m to glazing.
    rows: (R, 8) floor, axis, first line outward, direction ±1, first and end cell along, is rear, width in cm.
    limits: (Z, 8) min, target, max, least side, aspect, way in cm, daylight weight, front way.
    traits: (Z, 5) side (0 public, 1 both, 2 staff), has a front, needs staff, is fixed, forms.
    forms: (Z, 4, 2) front and depth.  floors: (Z, F) whether it may lie there.
    fixed: (Z, 5) node and rectangle in m of zones already placed.  fixed_at: (Z, 2) floor and front.
    flows: (K, 3) a, b, weight; wishes: (K, 5) a, b, weight, side met of each; stops below 0 are doors.
    doors: node of each door.  staff: (S, 5) floor and rectangle in m of where staff come in.
    weights: area, adjacency, daylight, staff, contact, column band, unplaced, apart, alignment, metre between
    areas of staff, metres for each aisle that staff step into.
    ground: (F, NX, NY) FLOOR or AISLE where people can walk, else 0.  reach_x, reach_y: (F, N) where windows of narrow ways end.
    """

    xs: Floats
    ys: Floats
    base: Shorts
    column: Floats
    node: Ints
    dist: Floats
    light: Floats
    rows: Ints
    limits: Floats
    traits: Ints
    forms: Floats
    floors: Ints
    fixed: Floats
    fixed_at: Ints
    flows: Floats
    wishes: Floats
    doors: Ints
    staff: Floats
    weights: Floats
    ground: Shorts
    reach_x: Ints
    reach_y: Ints


def make_hall(state: State, networks: tuple[Network, ...]) -> Hall:
    """Returns the arrays of a state in which the zones bound to doors lie, with aisles drawn."""
    task = state.task
    grids = task.grids
    n, nx, ny = len(grids), max(g.xs.size for g in grids) - 1, max(g.ys.size for g in grids) - 1
    xs, ys = np.zeros((n, nx + 1)), np.zeros((n, ny + 1))
    base = np.full((n, nx, ny), -1, np.int16)
    column, light = np.zeros((n, nx + 1, ny + 1)), np.zeros((n, nx, ny))
    for f, (grid, network) in enumerate(zip(grids, networks, strict=True)):
        a, b = grid.xs.size - 1, grid.ys.size - 1
        xs[f, : a + 1], ys[f, : b + 1] = grid.xs, grid.ys
        xs[f, a + 1 :], ys[f, b + 1 :] = grid.xs[-1], grid.ys[-1]
        free = grid.reachable & (grid.keep == 0) & (state.occupied[f] == 0) & (state.kept[f] == 0) & ~network.mask
        base[f, :a, :b] = np.where(free, 0, -1)
        column[f, : a + 1, : b + 1] = grid.column_table
        light[f, :a, :b] = grid.daylight
    node, places = _nodes(task, networks, (n, nx, ny))
    dist = _distances(task, networks, places)
    limits, traits, forms, floors = _zones(task)
    fixed, fixed_at = _fixed(state, places)
    return Hall(
        xs, ys, base, column, node, dist, light, _rows(networks, base, xs, ys), limits, traits, forms, floors,
        fixed, fixed_at, _flows(task), _wishes(task), _doors(task, places), _staff(task), _weights(task),
        *_ground(state, networks, (n, nx, ny)),
    )  # fmt: skip


class Places(NamedTuple):
    """Nodes: (N, 4) floor, x, y, strip."""

    at: Floats

    def nearest(self, floor: int, x: float, y: float) -> int:
        """Returns the node nearest to a point on a floor, -1 when the floor has none."""
        gap = np.where(self.at[:, 0] == floor, np.abs(self.at[:, 1] - x) + np.abs(self.at[:, 2] - y), math.inf)
        return int(np.argmin(gap)) if gap.size and math.isfinite(gap.min()) else -1


def _nodes(task: Task, networks: tuple[Network, ...], shape: tuple[int, int, int]) -> tuple[Ints, Places]:
    node = np.full(shape, -1, np.int32)
    places: list[tuple[float, float, float, float]] = []
    apart = max(NODE_M, _length(task, networks) / MOST_NODES)
    for f, network in enumerate(networks):
        grid = task.grids[f]
        for s, strip in enumerate(network.strips):
            x0, y0, x1, y1 = grid.rect(strip.rect)
            low, high = (x0, x1) if strip.axis == 0 else (y0, y1)
            points = np.linspace(low, high, max(2, round((high - low) / apart) + 1))
            first = len(places)
            middle = (y0 + y1) / 2 if strip.axis == 0 else (x0 + x1) / 2
            places += [(f, p, middle, s) if strip.axis == 0 else (f, middle, p, s) for p in points.tolist()]
            lines = grid.xs if strip.axis == 0 else grid.ys
            a, b = strip.rect[strip.axis], strip.rect[strip.axis + 2]
            centres = (lines[a:b] + lines[a + 1 : b + 1]) / 2
            own = first + np.argmin(np.abs(centres[:, None] - points[None]), axis=1)
            i0, j0, i1, j1 = strip.rect
            node[f, i0:i1, j0:j1] = own[:, None] if strip.axis == 0 else own[None, :]
    return node, Places(np.array(places).reshape(-1, 4))


def _ground(state: State, networks: tuple[Network, ...], shape: tuple[int, int, int]) -> tuple[Shorts, Ints, Ints]:
    """Where people can walk beside the zones placed already, and where the windows of narrow ways end."""
    n, nx, ny = shape
    ground = np.zeros(shape, np.int16)
    reach_x, reach_y = np.full((n, nx), -1, np.int32), np.full((n, ny), -1, np.int32)
    for f, (grid, network) in enumerate(zip(state.task.grids, networks, strict=True)):
        a, b = grid.xs.size - 1, grid.ys.size - 1
        way = grid.ways[min(grid.ways)]
        reach_x[f, :a], reach_y[f, :b] = way.reach_x, way.reach_y
        on_aisle = network.mask | (state.kept[f] > 0)
        ground[f, :a, :b] = np.where(grid.walk & (state.occupied[f] == 0), np.where(on_aisle, AISLE, FLOOR), 0)
    return ground, reach_x, reach_y


def _length(task: Task, networks: tuple[Network, ...]) -> float:
    """Metres of aisle on all floors."""
    total = 0.0
    for grid, network in zip(task.grids, networks, strict=True):
        for strip in network.strips:
            x0, y0, x1, y1 = grid.rect(strip.rect)
            total += x1 - x0 if strip.axis == 0 else y1 - y0
    return total


def _distances(task: Task, networks: tuple[Network, ...], places: Places) -> Floats:
    """Shortest ways between nodes along the aisles and, over stairs and lifts, between floors."""
    at = places.at
    n = len(at)
    dist = np.full((n, n), NO_NODE_M)
    np.fill_diagonal(dist, 0.0)

    def join(a: int, b: int, length: float) -> None:
        dist[a, b] = dist[b, a] = min(dist[a, b], length)

    for a, b in itertools.pairwise(range(n)):
        if at[a, 0] == at[b, 0] and at[a, 3] == at[b, 3]:
            join(a, b, float(np.abs(at[a, 1:3] - at[b, 1:3]).sum()))
    for f, network in enumerate(networks):
        for (s, one), (t, other) in itertools.combinations(enumerate(network.strips), 2):
            if _touching(one, other):
                mine = np.flatnonzero((at[:, 0] == f) & (at[:, 3] == s))
                theirs = np.flatnonzero((at[:, 0] == f) & (at[:, 3] == t))
                gaps = np.abs(at[mine, None, 1:3] - at[None, theirs, 1:3]).sum(axis=2)
                a, b = divmod(int(np.argmin(gaps)), theirs.size)
                join(int(mine[a]), int(theirs[b]), float(gaps[a, b]))
    links = [(f, link) for f, grid in enumerate(task.grids) for link in grid.floor.visitors_links]
    for (f, here), (g, there) in itertools.combinations(links, 2):
        if f != g and here.id == there.id:
            levels = abs(task.grids[f].floor.level - task.grids[g].floor.level) or 1
            ends = (places.nearest(f, *here.at), places.nearest(g, *there.at))
            if min(ends) >= 0:
                join(ends[0], ends[1], FLOOR_CHANGE_M * levels)
    for m in range(n):
        np.minimum(dist, dist[:, m, None] + dist[None, m, :], out=dist)
    return dist


def _touching(a: Strip, b: Strip) -> bool:
    p, q = a.rect, b.rect
    return p[0] <= q[2] and q[0] <= p[2] and p[1] <= q[3] and q[1] <= p[3]


def _rows(networks: tuple[Network, ...], base: Shorts, xs: Floats, ys: Floats) -> Ints:
    """Both sides of every aisle, as a front row and as the row behind it."""
    rows = []
    for f, network in enumerate(networks):
        for strip in network.strips:
            i0, j0, i1, j1 = strip.rect
            sides = ((j1, 1), (j0 - 1, -1)) if strip.axis == 0 else ((i1, 1), (i0 - 1, -1))
            low, high = (i0, i1) if strip.axis == 0 else (j0, j1)
            for line, step in sides:
                if _holds(base[f], xs[f], ys[f], strip.axis, line, step, low, high):
                    for is_rear in (0, 1):
                        rows.append((f, strip.axis, line, step, low, high, is_rear, round(100 * strip.width_m)))
    return np.array(rows, np.int32).reshape(-1, 8)


def _holds(base: Shorts, xs: Floats, ys: Floats, axis: int, line: int, step: int, low: int, high: int) -> bool:
    """Whether anything can lie along one side of an aisle."""
    cells = base if axis == 0 else base.T
    along, across = (xs, ys) if axis == 0 else (ys, xs)
    if not 0 <= line < cells.shape[1]:
        return False
    run = 0.0
    for a in range(low, high):
        outward = cells[a, line:] if step > 0 else cells[a, line::-1]
        n = int(outward.size if (outward == 0).all() else np.argmax(outward != 0))
        depth = across[line + n] - across[line] if step > 0 else across[line + 1] - across[line + 1 - n]
        run = run + float(along[a + 1] - along[a]) if depth >= LEAST_DEPTH_M else 0.0
        if run >= LEAST_LENGTH_M:
            return True
    return False


SIDES = {"public": 0, "both": 1, "staff": 2}


def _zones(task: Task) -> tuple[Floats, Ints, Floats, Ints]:
    n = len(task.specs)
    limits, traits = np.zeros((n, 8)), np.zeros((n, 5), np.int32)
    forms, floors = np.zeros((n, 4, 2)), np.zeros((n, len(task.grids)), np.int32)
    for z, spec in enumerate(task.specs):
        zone = spec.zone
        light = task.weights.daylight if zone.wants_daylight else 0.0
        limits[z] = (zone.min_m2, zone.target_m2, zone.max_m2, zone.min_side_m, spec.max_aspect,
                     round(100 * spec.way_m), light, zone.front_way_m if spec.has_front else 0.0)  # fmt: skip
        usable = _forms(spec)
        traits[z] = (SIDES[zone.side], spec.has_front, spec.needs_staff, _is_bound(spec), len(usable))
        for n_form, form in enumerate(usable):
            forms[z, n_form] = form
        floors[z, list(spec.floors)] = 1
    return limits, traits, forms, floors


def _forms(spec: Spec) -> list[tuple[float, float]]:
    flat = [form for form in spec.zone.forms if form.name != "island"] or list(spec.zone.forms)
    return [(form.front_m, form.depth_m) for form in flat[:4]]


def _is_bound(spec: Spec) -> bool:
    """Whether a zone is placed before the rows are filled: fixed by the drawing, or by its own door."""
    return spec.zone.fixed_area is not None or bool(spec.opens)


def _fixed(state: State, places: Places) -> tuple[Floats, Ints]:
    n = len(state.task.specs)
    fixed, fixed_at = np.zeros((n, 5)), np.full((n, 2), -1, np.int32)
    fixed[:, 0] = -1
    for spec in state.task.specs:
        z = spec.index
        if _is_bound(spec) and state.is_placed(z):
            floor = state.floor[z]
            fixed[z] = (places.nearest(floor, *state.access_point(z)), *state.task.grids[floor].rect(state.rects[z]))
            fixed_at[z] = (floor, state.front[z])
    return fixed, fixed_at


def _flows(task: Task) -> Floats:
    rows = [(a, b, task.weights.walking * people) for (a, b), people in sorted(task.flows.items())]
    return np.array(rows).reshape(-1, 3)


def _wishes(task: Task) -> Floats:
    rows = [
        (a, b, task.weights.adjacency * w, meeting(task.specs[a], task.specs[b]), meeting(task.specs[b], task.specs[a]))
        for (a, b), w in sorted(task.wishes.items())
    ]
    return np.array(rows, np.float64).reshape(-1, 5)


def _doors(task: Task, places: Places) -> Ints:
    return np.array([places.nearest(floor, x, y) for floor, x, y in task.doors], np.int32)


def _staff(task: Task) -> Floats:
    rows = []
    for f, grid in enumerate(task.grids):
        for x, y in grid.staff_seeds:
            rows.append((f, x - 0.9, y - 0.9, x + 0.9, y + 0.9))
    return np.array(rows).reshape(-1, 5)


def _weights(task: Task) -> Floats:
    w = task.weights
    return np.array(
        (w.area, w.adjacency, w.daylight, WEIGHTS.staff_factor * w.staff_crossing, WEIGHTS.contact, WEIGHTS.column_band, UNPLACED,
         WEIGHTS.apart_m, WEIGHTS.alignment, WEIGHTS.staff_gap, WEIGHTS.staff_aisle_m)
    )  # fmt: skip


EAST, NORTH, WEST, SOUTH = k.EAST, k.NORTH, k.WEST, k.SOUTH
