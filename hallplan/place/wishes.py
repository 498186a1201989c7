"""What a polished layout is to be good at: short walks, nearness, sides on lines, no narrow gaps, no long ways out."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from hallplan.place import kernels as k
from hallplan.place.building import corner_walks, points_out
from hallplan.place.rows import Box, Relations, Term, band_of, keep_apart, shared, shifted, sides_apart
from hallplan.place.spec import meeting
from hallplan.place.weights import WEIGHTS

SNAP_M = 0.6
NEIGHBOUR_M = 12.0
CLOSE_M = 1.2
CLOSE_COST, FAR_CLOSE_COST, SNAP_COST = 0.12, 0.03, 0.06
OVERLAP_M = 0.3
ROUNDING_M = 0.1
"""How much longer a walk out may get when coordinates are rounded."""


def _gap_box(a: Sequence[float], b: Sequence[float], side: int) -> tuple[float, float, float, float]:
    """The room between two facing rectangles."""
    if side % 2 == 0:
        left, right = (a, b) if side == k.EAST else (b, a)
        return left[2], max(a[1], b[1]), right[0], min(a[3], b[3])
    below, above = (a, b) if side == k.NORTH else (b, a)
    return max(a[0], b[0]), below[3], min(a[2], b[2]), above[1]


def may_close(relations: Relations, a: int, b: int, side: int) -> bool:
    """Whether two zones face each other with neither a way, a front nor another zone between."""
    state = relations.state
    now_a, now_b = relations.now(a), relations.now(b)
    if shared(now_a, now_b, 1 - side % 2) < OVERLAP_M or state.front[a] == side or state.front[b] == (side + 2) % 4:
        return False
    gap, floor = _gap_box(now_a, now_b, side), state.floor[a]
    grid = state.task.grids[floor]
    between = [grid.rect(run.rect) for run in relations.ways.runs if run.floor == floor]
    between += [relations.now(z) for z in range(len(state.floor)) if z not in (a, b) and state.floor[z] == floor]
    return all(shared(gap, r, 0) <= 0.01 or shared(gap, r, 1) <= 0.01 for r in between)


def wish_closed(relations: Relations, a: int, b: int, side: int, gap: float) -> None:
    model = relations.model
    share = shared(relations.now(a), relations.now(b), 1 - side % 2)
    column = model.column(cost=(CLOSE_COST if gap < CLOSE_M else FAR_CLOSE_COST) * share)
    one, other = relations.boxes[a], relations.boxes[b]
    edge = (side + 2) % 4
    sign = 1.0 if side in (k.EAST, k.NORTH) else -1.0
    model.row([(other[side], sign), (one[edge], -sign), ((column, 0.0), -1.0)], high=0.0)


def _access(relations: Relations, stop: int) -> tuple[list[tuple[Term, float]], list[tuple[Term, float]]]:
    """Where people come to a stop, as sums of terms in x and in y."""
    state = relations.state
    if stop < 0:
        _, x, y = state.task.doors[-1 - stop]
        return [((-1, x), 1.0)], [((-1, y), 1.0)]
    x0, y0, x1, y1 = relations.boxes[stop]
    front, half = state.front[stop], state.task.specs[stop].way_m / 2
    middle_x, middle_y = [(x0, 0.5), (x1, 0.5)], [(y0, 0.5), (y1, 0.5)]
    if front in (k.EAST, k.WEST):
        middle_x = [(shifted(x1, half) if front == k.EAST else shifted(x0, -half), 1.0)]
    if front in (k.NORTH, k.SOUTH):
        middle_y = [(shifted(y1, half) if front == k.NORTH else shifted(y0, -half), 1.0)]
    return middle_x, middle_y


def add_walks(relations: Relations) -> None:
    """Visitor-metres by straight rectilinear ways."""
    state, model = relations.state, relations.model
    for (a, b), people in sorted(state.task.flows.items()):
        floors = [state.task.doors[-1 - s][0] if s < 0 else state.floor[s] for s in (a, b)]
        cost = state.task.weights.walking * people
        if floors[0] != floors[1] or cost <= 0:
            continue
        for one, other in zip(_access(relations, a), _access(relations, b), strict=True):
            far = ((model.column(cost=cost), 0.0), 1.0)
            ahead = [(term, -factor) for term, factor in other]
            model.row([far, *one, *ahead], low=0.0)
            model.row([far, *((t, -f) for t, f in one), *other], low=0.0)


def add_wishes(relations: Relations) -> None:
    """Gaps between zones that wish to be near; those that wish to be apart keep what they have."""
    state, model = relations.state, relations.model
    for (a, b), weight in sorted(state.task.wishes.items()):
        cost = state.task.weights.adjacency * weight
        if state.floor[a] != state.floor[b]:
            continue
        if cost < 0:
            side, gap = sides_apart(relations.now(a), relations.now(b))
            keep_apart(model, relations.boxes[a], relations.boxes[b], side, min(max(gap, 0.0), WEIGHTS.apart_m))
            continue
        one, other = _meeting_box(relations, a, b), _meeting_box(relations, b, a)
        for axis in (0, 1):
            gap_column = ((model.column(cost=cost), 0.0), 1.0)
            model.row([gap_column, (one[axis + 2], 1.0), (other[axis], -1.0)], low=0.0)
            model.row([gap_column, (other[axis + 2], 1.0), (one[axis], -1.0)], low=0.0)


def _meeting_box(relations: Relations, a: int, b: int) -> Box:
    state, box = relations.state, relations.boxes[a]
    meets = meeting(state.task.specs[a], state.task.specs[b])
    if meets == 0 or state.front[a] < 0:
        return box
    side = state.front[a] if meets == 1 else (state.front[a] + 2) % 4
    return band_of(box, side, 0.0)


def add_escapes(relations: Relations, *, spare_m: float | None = None) -> None:
    """What walks out cost above their limit, from zones as large as they get: their far corner is walked to straight across them.

    spare_m: metres that walks stay below their limit; they get as much longer as zones move away from their way out, along either axis.
    Without it walks stay as long as they are now.
    """
    state, model, weights = relations.state, relations.model, relations.state.task.weights
    price = weights.escape + (0.0 if spare_m is None else state.task.unmix)
    for floor in range(len(state.task.grids)):
        ends = [points_out(state.task.grids[floor], is_staff=is_staff) for is_staff in (False, True)]
        for z, walk in corner_walks(state, floor).items():
            points = ends[state.task.specs[z].is_staff]
            x0, y0, x1, y1 = relations.now(z)
            across = math.hypot(x1 - x0, y1 - y0)
            over = ((model.column(cost=price), 0.0), -1.0)
            boxed = relations.boxes[z]
            slope_x, slope_y = (x1 - x0) / across, (y1 - y0) / across
            spread = [(boxed[2], slope_x), (boxed[0], -slope_x), (boxed[3], slope_y), (boxed[1], -slope_y)]
            most = across + max(0.0, weights.escape_m - ROUNDING_M - walk)
            if spare_m is not None:
                most -= spare_m
                out_x, out_y = min(points, key=lambda at: math.dist(at, ((x0 + x1) / 2, (y0 + y1) / 2)))
                for low, high, out in ((0, 2, out_x), (1, 3, out_y)):
                    middle = (relations.now(z)[low] + relations.now(z)[high]) / 2
                    away = 0.5 if middle >= out else -0.5
                    spread += [(boxed[low], away), (boxed[high], away)]
                    most += 2.0 * away * middle
            model.row([*spread, over], high=most)


def add_alignment(relations: Relations) -> None:
    """Sides of one kind that nearly lie on a line wish to do so, each with the next along the axis."""
    state, model = relations.state, relations.model
    for floor, edge in itertools.product(range(len(state.task.grids)), range(4)):
        sides = sorted(
            (relations.now(s.index)[edge], s.index) for s in state.task.specs if state.floor[s.index] == floor
        )
        for n, (at, a) in enumerate(sides):
            near = [
                b for other, b in sides[n + 1 :]
                if other - at <= SNAP_M and sides_apart(relations.now(a), relations.now(b))[1] <= NEIGHBOUR_M
            ][:2]  # fmt: skip
            for b in near:
                one, other_side = relations.boxes[a][edge], relations.boxes[b][edge]
                off = ((model.column(cost=SNAP_COST), 0.0), 1.0)
                model.row([off, (one, 1.0), (other_side, -1.0)], low=0.0)
                model.row([off, (one, -1.0), (other_side, 1.0)], low=0.0)
