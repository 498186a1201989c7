"""Zones that the grid's lines made larger than they may be, cut back to their greatest area."""

from __future__ import annotations

from hallplan.place import kernels as k
from hallplan.place.state import State, reached

RectM = tuple[float, float, float, float]


def trimmed(state: State) -> list[RectM]:
    """Returns the rectangles of a state in m, none above the programme's greatest area if its least side allows.

    A zone is cut back from the side opposite to its way first, then from the sides between.
    """
    task = state.task
    rects = [task.grids[floor].rect(rect) for floor, rect in zip(state.floor, state.rects, strict=True)]
    for floor in range(len(task.grids)):
        over = [z for z, there in enumerate(state.floor) if there == floor and _excess(state, z) > 0]
        reach = reached(state, floor) if over else None
        for z in over if reach is not None else ():
            spec, way = task.specs[z], task.grids[floor].ways[min(task.grids[floor].ways)]
            side = state.front[z]
            if side < 0 and reach is not None:
                dist = reach.staff if spec.is_staff else reach.public[spec.way_m]
                way = way if spec.is_staff else task.grids[floor].ways[spec.way_m]
                gaps = [(k.touch(dist, way.reach_x, way.reach_y, state.rects[z], turn)[0], turn) for turn in range(4)]
                side = min(gaps)[1]
            rects[z] = _cut(state, z, rects[z], side)
    return rects


def _most(state: State, z: int) -> float:
    zone = state.task.programme.zones[z]
    return max(zone.max_m2, zone.min_side_m**2)


def _excess(state: State, z: int) -> float:
    if state.task.specs[z].zone.fixed_area is not None:
        return 0.0
    return state.net_area(z) - _most(state, z)


def _cut(state: State, z: int, rect: RectM, side: int) -> RectM:
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
