"""Straight aisles over a floor: a few along its long side, a few across, and the shortest ways from them to every door."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from hallplan.place import kernels as k
from hallplan.place.anchors import Way, seeds_of
from hallplan.place.grid import Grid
from hallplan.place.kernels import Bools, Floats
from hallplan.place.state import Rect, State
from hallplan.place.ways import Anchor, Tree, grow_tree, stretches

LEAST_RUN_M = 6.0
WALL_DEPTHS_M = (3.6, 4.6, 4.6, 6.2, 8.6, 8.6, 10.0)
ISLAND_DEPTHS_M = (3.6, 4.8, 6.2, 7.5, 9.0, 11.0)
CROSS_APART_M = (9.0, 22.0)
CROSS_FACTORS = (1.0, 1.0, 1.6, 2.5)
SEARCH_M = 1.2
"""How far an aisle may lie from where it was drawn, to run clear of columns and walls."""
ON_AISLE_TOLL = 0.25
SMALL_M2, SPARSE_SMALL, SPARSE = 400.0, 0.7, 0.08
"""How often a floor gets no aisles but the ways to its doors: small ones have no room for more."""
DOOR_REACH_M = 4.0


@dataclass(frozen=True, slots=True)
class Strip:
    """A straight aisle: its cells, the axis it runs along (0 x, 1 y) and its width in m."""

    rect: Rect
    axis: int
    width_m: float


@dataclass(frozen=True, eq=False)
class Network:
    """The aisles of one floor and the cells that they take."""

    strips: tuple[Strip, ...]
    mask: Bools


def draw_network(state: State, floor: int, rng: np.random.Generator) -> Network:
    """Returns a random network of aisles on a floor where the zones bound to doors already lie."""
    grid = state.task.grids[floor]
    free = grid.walk & (state.occupied[floor] == 0)
    main, second = grid.ways[max(grid.ways)], grid.ways[min(grid.ways)]
    valid = main.anchors(free)
    seeds = _sources(state, floor, main, valid)
    mask = np.zeros_like(free)
    strips: list[Strip] = []
    is_small = float(grid.floor.usable.area) < SMALL_M2
    if rng.random() > (SPARSE_SMALL if is_small else SPARSE):
        for axis, wanted in _drawn(grid, valid, seeds, rng):
            _add(strips, mask, wanted, axis, main.width_m)
    tree = grow_tree(main, valid, seeds, np.where(mask, ON_AISLE_TOLL, 1.0))
    ends = [_middle(strip, main, tree) for strip in strips] or _some(_door_ends(state, floor, main, tree), rng)
    _connect(strips, mask, main, tree, ends)
    strips = [strip for strip in strips if _is_joined(strip, main, tree)]
    mask[:] = False
    for strip in strips:
        mask[_cells(strip.rect)] = True
    narrow = second.anchors(free)
    starts = [(int(i), int(j)) for i, j in seeds_of(second, narrow, [_point(main, seed) for seed in seeds])]
    tree = grow_tree(second, narrow, starts or seeds, np.where(mask, ON_AISLE_TOLL, 1.0))
    _connect(strips, mask, second, tree, _door_ends(state, floor, second, tree))
    return Network(tuple(strips), mask)


def _some(ends: list[Anchor | None], rng: np.random.Generator) -> list[Anchor | None]:
    """Half of the ends, at least one: the main ways of a floor with no other aisles."""
    known = [end for end in ends if end is not None]
    return [known[n] for n in rng.permutation(len(known))[: (len(known) + 1) // 2].tolist()]


def _sources(state: State, floor: int, way: Way, valid: Bools) -> list[Anchor]:
    """Where visitors come out of the entrance zones, else where they come onto the floor."""
    task, points = state.task, []
    for spec in task.specs:
        if spec.is_passable and state.floor[spec.index] == floor:
            points.append(state.access_point(spec.index))
    found = seeds_of(way, valid, points or task.grids[floor].public_seeds)
    if not len(found):
        found = seeds_of(way, valid, task.grids[floor].public_seeds)
    return [(int(i), int(j)) for i, j in found]


def _point(way: Way, anchor: Anchor) -> tuple[float, float]:
    return float(way.at_x[anchor[0]]), float(way.at_y[anchor[1]])


def _cells(rect: Rect) -> tuple[slice, slice]:
    return slice(rect[0], rect[2]), slice(rect[1], rect[3])


def _drawn(grid: Grid, valid: Bools, seeds: list[Anchor], rng: np.random.Generator) -> Iterator[tuple[int, list[Rect]]]:
    """The aisles along one axis, then those across."""
    way = grid.ways[max(grid.ways)]
    size = (grid.xs[-1] - grid.xs[0], grid.ys[-1] - grid.ys[0])
    long_side = 0 if size[0] >= size[1] else 1
    axis = long_side if rng.random() < 0.75 else 1 - long_side
    along = [rect for at in _positions(grid, way, valid, axis, rng) for rect in _runs(way, valid, at, axis)]
    yield axis, along
    if not along:
        return
    low = min(rect[1 - axis] for rect in along)
    high = max(rect[3 - axis] for rect in along)
    inner = valid.copy()
    if rng.random() < 0.75:
        outside = np.ones(valid.shape[1 - axis], np.bool_)
        outside[low:high] = False
        inner[(slice(None), outside) if axis == 0 else (outside, slice(None))] = False
    across: list[Rect] = []
    for at in _cross_positions(grid, way, inner, axis, seeds, rng):
        runs = [rect for rect in _runs(way, inner, at, 1 - axis, least_m=3.0) if _meets(rect, along)]
        across += runs if rng.random() < 0.5 else [_between(rect, along, axis, rng) for rect in runs]
    yield 1 - axis, across


def _between(rect: Rect, along: list[Rect], axis: int, rng: np.random.Generator) -> Rect:
    """The part of an aisle across that joins two neighbouring aisles along: counters may go on past it elsewhere."""
    low, high = rect[1 - axis], rect[3 - axis]
    ends = sorted({r[1 - axis] for r in along if _meets(rect, [r])})
    if len(ends) < 2:
        return rect
    n = int(rng.integers(len(ends) - 1))
    low, high = max(low, ends[n]), min(high, ends[n + 1])
    return (rect[0], low, rect[2], high) if axis == 0 else (low, rect[1], high, rect[3])


def _meets(rect: Rect, others: Iterable[Rect]) -> bool:
    return any(r[0] <= rect[2] and rect[0] <= r[2] and r[1] <= rect[3] and rect[1] <= r[3] for r in others)


def _gain(way: Way, valid: Bools, axis: int) -> Floats:
    """Metres of clear aisle at each line across an axis, in runs long enough."""
    gain = np.zeros(valid.shape[1 - axis])
    for at in range(gain.size):
        gain[at] = sum(_length(way, rect, axis) for rect in _runs(way, valid, at, axis))
    return gain


def _length(way: Way, rect: Rect, axis: int) -> float:
    centres = way.at_x if axis == 0 else way.at_y
    last = rect[axis + 2] - 1
    return float(centres[min(last, centres.size - 1)] - centres[rect[axis]])


def _runs(way: Way, valid: Bools, at: int, axis: int, least_m: float = LEAST_RUN_M) -> list[Rect]:
    """The stretches of a line of windows that are clear, as rectangles of cells."""
    line = valid[:, at] if axis == 0 else valid[at]
    reach, across = (way.reach_x, way.reach_y) if axis == 0 else (way.reach_y, way.reach_x)
    centres = way.at_x if axis == 0 else way.at_y
    edges = np.flatnonzero(np.diff(np.concatenate([[0], line.astype(np.int8), [0]])))
    rects = []
    for start, end in edges.reshape(-1, 2).tolist():
        if centres[end - 1] - centres[start] + way.width_m >= least_m:
            last = int(reach[end - 1])
            rects.append((start, at, last, int(across[at])) if axis == 0 else (at, start, int(across[at]), last))
    return rects


def _positions(grid: Grid, way: Way, valid: Bools, axis: int, rng: np.random.Generator) -> list[int]:
    """Lines across an axis for aisles along it: from one wall on, with room for a row or two between."""
    lines = grid.ys if axis == 0 else grid.xs
    used = np.flatnonzero(grid.inside.any(axis=axis))
    low, high = float(lines[used[0]]), float(lines[used[-1] + 1])
    gain, starts = _gain(way, valid, axis), lines[:-1]
    from_low = bool(rng.random() < 0.5)
    found: list[int] = []
    at, depth = 0.0, float(rng.choice(WALL_DEPTHS_M))
    while at + depth + way.width_m <= high - low - 2.4:
        want = low + at + depth if from_low else high - at - depth - way.width_m
        worth = np.where(np.abs(starts - want) <= SEARCH_M, gain - 3.0 * np.abs(starts - want), -math.inf)
        best = int(np.argmax(worth))
        if gain[best] >= LEAST_RUN_M and math.isfinite(worth[best]):
            found.append(best)
            at += depth + way.width_m
        else:
            at += 0.6
            continue
        left = high - low - at
        depth = float(rng.choice(ISLAND_DEPTHS_M)) * float(rng.uniform(0.9, 1.1))
        if left < 11.0 and rng.random() < 0.6:
            depth = left - way.width_m - float(rng.choice(WALL_DEPTHS_M))
            if depth < 3.0:
                break
    return found


def _cross_positions(
    grid: Grid, way: Way, valid: Bools, axis: int, seeds: list[Anchor], rng: np.random.Generator
) -> list[int]:
    """Lines for the aisles across: one straight in from each entrance, others at random distances."""
    lines = grid.xs if axis == 0 else grid.ys
    gain = _gain(way, valid, 1 - axis)
    found = sorted({seed[axis] for seed in seeds})
    low, high = float(lines[0]), float(lines[-1])
    factor = float(rng.choice(CROSS_FACTORS))
    apart = (factor * CROSS_APART_M[0], factor * CROSS_APART_M[1])
    at = low + float(rng.uniform(0.0, apart[1]))
    while at < high - way.width_m:
        worth = np.where(np.abs(lines[:-1] - at) <= SEARCH_M, gain, -1.0)
        best = int(np.argmax(worth))
        if worth[best] >= 3.0 and all(abs(lines[best] - lines[other]) >= CROSS_APART_M[0] * 0.6 for other in found):
            found.append(best)
        at += float(rng.uniform(*apart))
    return found


def _add(strips: list[Strip], mask: Bools, rects: Iterable[Rect], axis: int, width: float) -> None:
    for rect in rects:
        strips.append(Strip(rect, axis, width))
        mask[_cells(rect)] = True


def _middle(strip: Strip, way: Way, tree: Tree) -> Anchor | None:
    """The anchor of a strip, near its middle, that the ways come to."""
    dist = tree.dist.min(axis=2)
    anchors = [(i, j) for i, j in _anchors(strip, way) if math.isfinite(dist[i, j])]
    return anchors[len(anchors) // 2] if anchors else None


def _anchors(strip: Strip, way: Way) -> Iterator[Anchor]:
    i0, j0, i1, j1 = strip.rect
    for i, j in itertools.product(range(i0, i1), range(j0, j1)):
        if 0 <= way.reach_x[i] <= i1 and 0 <= way.reach_y[j] <= j1:
            yield i, j


def _is_joined(strip: Strip, way: Way, tree: Tree) -> bool:
    return _middle(strip, way, tree) is not None


def _connect(strips: list[Strip], mask: Bools, way: Way, tree: Tree, ends: Iterable[Anchor | None]) -> None:
    """Adds the ways to these ends, as far as they lie outside the aisles that are there."""
    paths = [tree.anchors_to(end) for end in ends if end is not None]
    for axis, found in enumerate(stretches(paths)):
        for a, b in found:
            rect = (a[0], a[1], int(way.reach_x[b[0]]), int(way.reach_y[b[1]]))
            if not mask[_cells(rect)].all():
                strips.append(Strip(rect, axis, way.width_m))
    for path in paths:
        for anchor in path:
            mask[way.cells(anchor)] = True


def _door_ends(state: State, floor: int, way: Way, tree: Tree) -> list[Anchor | None]:
    """Where the ways to doors, stairs and the zones already placed end."""
    grid, dist = state.task.grids[floor], tree.dist.min(axis=2)
    known = np.isfinite(dist)
    step_x, step_y = np.arange(1, grid.xs.size, dtype=np.int32), np.arange(1, grid.ys.size, dtype=np.int32)
    part, _ = k.label((grid.keep != 0) & (state.occupied[floor] == 0), step_x, step_y)
    ends: list[Anchor | None] = []
    for n in range(1, int(part.max(initial=0)) + 1):
        i, j = np.nonzero(part == n)
        x = float((grid.xs[i] + grid.xs[i + 1]).mean() / 2)
        y = float((grid.ys[j] + grid.ys[j + 1]).mean() / 2)
        ends.append(way.nearest(known, (x, y), DOOR_REACH_M))
    for spec in state.task.specs:
        z = spec.index
        if state.floor[z] == floor and spec.zone.fixed_area is None and not spec.is_passable:
            _, a, b = way.touch(dist, state.rects[z], state.front[z] if spec.has_front else -1)
            ends.append((a, b) if a >= 0 else None)
    ends += [way.nearest(known, point, near) for point, near, _ in grid.goals]
    ends += [way.nearest(known, point, DOOR_REACH_M) for point in grid.staff_seeds]
    return ends
