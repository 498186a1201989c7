"""Zones that the grid's lines made larger than they may be, cut back to their greatest area."""

from __future__ import annotations

from collections.abc import Iterator

from hallplan.place import kernels as k
from hallplan.place.score import RectM, on_own_lines
from hallplan.place.state import State, reached


def on_lines(state: State) -> Iterator[State]:
    """Yields the state on lines of its own, zones cut back to their greatest areas: all of them, then only those that can be
    with all ways kept, one after the other.
    """
    task, floors, fronts = state.task, state.floor, state.front
    rects = [task.grids[floor].rect(rect) for floor, rect in zip(floors, state.rects, strict=True)]
    over = [z for z in range(len(rects)) if _excess(state, z) > 0]
    sides = {z: _sides(state, z) for z in over}
    cut = [_cut(state, z, rect, sides[z][0]) if z in sides else rect for z, rect in enumerate(rects)]
    yield on_own_lines(task, cut, floors, fronts)
    whole = on_own_lines(task, rects, floors, fronts)
    for z in over:
        for side in sides[z]:
            trial = on_own_lines(task, [*rects[:z], _cut(state, z, rects[z], side), *rects[z + 1 :]], floors, fronts)
            if reached(trial, floors[z]) is not None:
                rects[z], whole = trial.task.grids[floors[z]].rect(trial.rects[z]), trial
                break
    yield whole


def _sides(state: State, z: int) -> list[int]:
    """The sides that a zone keeps when it is cut back from the others: that of its way, then, where it has no front, the rest."""
    if state.front[z] >= 0:
        return [state.front[z]]
    spec, grid = state.task.specs[z], state.task.grids[state.floor[z]]
    reach = reached(state, state.floor[z])
    if reach is None:
        return list(range(4))
    way = grid.ways[min(grid.ways) if spec.is_staff else spec.way_m]
    dist = reach.staff if spec.is_staff else reach.public[spec.way_m]
    gap = {turn: float(way.touch(dist, state.rects[z], turn)[0]) for turn in range(4)}
    return sorted(gap, key=lambda turn: (gap[turn], turn))


def _most(state: State, z: int) -> float:
    zone = state.task.programme.zones[z]
    return max(zone.max_m2, zone.min_side_m**2)


def _excess(state: State, z: int) -> float:
    if state.task.specs[z].zone.fixed_area is not None:
        return 0.0
    return state.net_area(z) - _most(state, z)


def _cut(state: State, z: int, rect: RectM, side: int) -> RectM:
    """The rectangle cut back from the side opposite to the one kept first, then from the side between."""
    zone = state.task.programme.zones[z]
    x0, y0, x1, y1 = rect
    excess = _excess(state, z) + 1e-3
    for turn in ((side + 2) % 4, (side + 1) % 4):
        along, across = (y1 - y0, x1 - x0) if turn in (k.EAST, k.WEST) else (x1 - x0, y1 - y0)
        least = max(zone.min_side_m, along / zone.max_aspect, _least(state, z, turn))
        cut = max(0.0, min(excess / along, across - least))
        excess -= cut * along
        x0, y0 = x0 + cut * (turn == k.WEST), y0 + cut * (turn == k.SOUTH)
        x1, y1 = x1 - cut * (turn == k.EAST), y1 - cut * (turn == k.NORTH)
    return x0, y0, x1, y1


def _least(state: State, z: int, turn: int) -> float:
    """The least size across a side, so that a form of the counters still fits."""
    forms = state.task.specs[z].zone.forms
    x0, y0, x1, y1 = state.task.grids[state.floor[z]].rect(state.rects[z])
    is_depth = (turn - state.front[z]) % 2 == 0
    along, behind = (x1 - x0, y1 - y0) if state.front[z] in (k.NORTH, k.SOUTH) else (y1 - y0, x1 - x0)
    fits = [form for form in forms if form.front_m <= along + 1e-6 and form.depth_m <= behind + 1e-6]
    return min((form.depth_m if is_depth else form.front_m for form in fits), default=0.0)
