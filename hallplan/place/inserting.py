"""Putting zones in: each, alone or with its office and waiting area, at the cheapest place that cuts nothing off."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from hallplan.place import kernels as k
from hallplan.place import spots
from hallplan.place.kernels import Floats
from hallplan.place.question import question
from hallplan.place.standing import is_whole
from hallplan.place.state import State
from hallplan.place.task import Spec

BLOCKS = 3
TRIES = 8
MOST_SHAPES = 7


def lying(state: State, floor: int, row: Sequence[float], shapes: Floats) -> list[int]:
    """Movable zones that lie in a found place or on the way before it, or whose own way it would cover."""
    grid = state.task.grids[floor]
    i0, j0, i1, j1, s = (int(value) for value in row[1:])
    there = [state.occupied[floor][i0:i1, j0:j1]]
    if shapes[s, 2] >= 0:
        a, b, c, d = k.strip(grid.xs, grid.ys, (i0, j0, i1, j1), int(shapes[s, 2]), shapes[s, 3])
        there.append(state.occupied[floor][a:c, b:d])
    found = {int(one) - 1 for cells in there for one in np.unique(cells)} - {-1}
    for other in range(len(state.floor)):
        strip = state.front_strip(other) if state.floor[other] == floor else None
        if strip is not None and i0 < strip[2] and strip[0] < i1 and j0 < strip[3] and strip[1] < j1:
            found.add(other)
    specs = state.task.specs
    return sorted(one for one in found if specs[one].zone.fixed_area is None and not specs[one].opens)


def recreate(state: State, zones: list[int], rng: np.random.Generator, noise: float) -> None:
    """Puts zones back in, each at the cheapest place that cuts nothing off."""
    for z in zones:
        if state.is_placed(z):
            continue
        if not insert(state, z, rng, noise) and not state.is_tight:
            insert_tight(state, z, rng, noise)


def insert(state: State, z: int, rng: np.random.Generator, noise: float) -> bool:
    """Places zone z, as a group with its back office behind and its waiting area before it where these are still out."""
    spec = state.task.specs[z]
    for group in _groups(state, z, rng):
        shapes = grouped_shapes(spec, *(state.task.specs[one] if one is not None else None for one in group))
        shapes = some_shapes(shapes, spec.zone.min_m2 if state.is_tight else math.inf, rng)
        if len(shapes) and _insert(state, spec, shapes, group, rng, noise):
            return True
    return False


def insert_tight(state: State, z: int, rng: np.random.Generator, noise: float) -> bool:
    """Places zone z alone and at its least area."""
    spec = state.task.specs[z]
    shapes = some_shapes(spec.shapes, spec.zone.min_m2, rng)
    return bool(len(shapes)) and _insert(state, spec, shapes, (None, None), rng, noise)


def some_shapes(shapes: Floats, least_m2: float, rng: np.random.Generator) -> Floats:
    """At most MOST_SHAPES of the shapes, drawn at random; only small ones where a least area is given."""
    if math.isfinite(least_m2):
        size = shapes[:, 0] * shapes[:, 1]
        shapes = shapes[size <= max(1.08 * least_m2, float(size.min(initial=math.inf)) * 1.02)]
    if len(shapes) <= MOST_SHAPES:
        return shapes
    return shapes[np.sort(rng.choice(len(shapes), MOST_SHAPES, replace=False))]


def _groups(state: State, z: int, rng: np.random.Generator) -> list[tuple[int | None, int | None]]:
    """Groups to try, the largest first: with office and waiting area, with either, alone."""
    office, wait = state.task.partners.get(z), state.task.waits.get(z)
    office = None if office is None or state.is_placed(office) else office
    wait = None if wait is None or state.is_placed(wait) else wait
    groups = [(office, wait), (None, wait), (office, None), (None, None)]
    if rng.random() < 0.1:
        groups = groups[2:]
    return list(dict.fromkeys(groups))


def _insert(
    state: State,
    spec: Spec,
    shapes: Floats,
    group: tuple[int | None, int | None],
    rng: np.random.Generator,
    noise: float,
) -> bool:
    rows: list[tuple[float, ...]] = []
    for floor in spec.floors:
        found = spots.scan(*question(state, spec, floor, shapes, noise), BLOCKS, int(rng.integers(1 << 30)))
        order = np.argsort(found[:, 0], kind="stable")
        parts = order % (BLOCKS * BLOCKS)
        firsts = order[np.sort(np.unique(parts, return_index=True)[1])]
        picked = np.concatenate([order[: TRIES // 2], firsts])
        picked = picked[np.isfinite(found[picked, 0])]
        rows += [(row[0], floor, *row[1:]) for row in found[picked].tolist()]
    for row in sorted(set(rows))[: TRIES * len(spec.floors) + TRIES // 2]:
        floor, i0, j0, i1, j1, s = (int(value) for value in row[1:])
        grid, rect = state.task.grids[floor], (i0, j0, i1, j1)
        state.put(spec.index, floor, rect, int(shapes[s, 2]))
        for is_before, member in enumerate(group):
            if member is not None:
                state.put(member, floor, spots.tail_of(grid.xs, grid.ys, rect, shapes[s], bool(is_before)), -1)
        if all(member is None or _is_allowed(state, member) for member in group) and is_whole(state, floor):
            return True
        for member in (*group, spec.index):
            if member is not None:
                state.take(member)
    return False


def _is_allowed(state: State, z: int) -> bool:
    """Whether a zone has its area, least side, aspect and floor."""
    zone = state.task.specs[z].zone
    x0, y0, x1, y1 = state.task.grids[state.floor[z]].rect(state.rects[z])
    short, long = sorted((x1 - x0, y1 - y0))
    return (
        zone.min_m2 - 1e-6 <= state.net_area(z) <= zone.max_m2 + 1e-6
        and short >= zone.min_side_m - 1e-6
        and long <= zone.max_aspect * short + 1e-6
        and state.floor[z] in state.task.specs[z].floors
    )


@lru_cache(maxsize=512)
def grouped_shapes(spec: Spec, office: Spec | None, wait: Spec | None) -> Floats:
    """Shapes of a counter zone with a back office behind it and a waiting area before it, each along a part of it."""
    rows = []
    for shape in spec.shapes:
        along = float(shape[0] if int(shape[2]) in (k.NORTH, k.SOUTH) else shape[1])
        for behind in _strips(office, along):
            for before in _strips(wait, along):
                rows.append((*shape[:4], *behind, *before))
    return np.array(rows).reshape(-1, 10)


def _strips(spec: Spec | None, along: float) -> list[tuple[float, float, float]]:
    """Ways in which a zone lies along a front: alignment, length, depth; one of length 0 for no zone, none when it cannot."""
    if spec is None:
        return [(0.0, 0.0, 0.0)]
    zone = spec.zone
    least = max(zone.min_side_m, math.sqrt(zone.target_m2 / zone.max_aspect))
    strips = []
    for depth in {max(least, zone.target_m2 / along), max(least, 1.3 * zone.target_m2 / along)}:
        length = min(along, zone.target_m2 / depth)
        if length < zone.min_side_m or depth > zone.max_aspect * length or length * depth < zone.min_m2:
            continue
        ends = (-1.0, 0.0, 1.0) if length < along - 1.0 else (1.0,)
        strips += [(end, length, depth) for end in ends]
    return sorted(strips)
