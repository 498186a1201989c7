"""Zones that the grid's lines made larger than they may be, cut back to their greatest area."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hallplan.place import kernels as k
from hallplan.place.rows import chosen_form
from hallplan.place.score import RectM, on_own_lines
from hallplan.place.spec import Spec
from hallplan.place.state import State, reached
from hallplan.place.task import Task

AREA_TOL = 0.02
"""m² above its greatest area at which a zone is not cut again."""
PASSES = 8
"""Cuts of one zone: where a column stands along half of its side, each takes half of what is still too much."""


def on_lines(state: State) -> Iterator[State]:
    """Yields the state on lines of its own, zones cut back to their greatest areas: all of them, then only those that can be
    with all ways kept, one after the other; then both again on the lines it was found on besides, where every way stays.
    """
    over = [z for z in range(len(state.rects)) if _excess(state, z) > 0]
    sides = {z: _sides(state, z) for z in over}
    for keeps_lines in (False, True):
        yield _drawn(state, {z: sides[z][0] for z in over}, keeps_lines=keeps_lines)
        yield _cut_singly(state, sides, keeps_lines=keeps_lines)


def _drawn(state: State, cuts: dict[int, int], *, keeps_lines: bool) -> State:
    """The state with some zones cut back from all sides but the one given; again where columns went with what was cut."""
    new, task = state, _as_banded(state) if keeps_lines else state.task
    last: list[RectM] = []
    for _ in range(PASSES):
        rects: list[RectM] = []
        for z, (floor, cells) in enumerate(zip(new.floor, new.rects, strict=True)):
            rect = new.task.grids[floor].rect(cells)
            rects.append(_cut(new, z, rect, cuts[z]) if z in cuts and _excess(new, z) > 0 else rect)
        if rects == last:
            break
        new, last = on_own_lines(task, rects, state.floor, state.front, keeps_lines=keeps_lines), rects
        if all(_excess(new, z) <= AREA_TOL for z in cuts):
            break
    return new


def is_trimmed(state: State) -> bool:
    """Returns whether no zone is larger than it may be."""
    return all(_excess(state, z) <= AREA_TOL for z in range(len(state.rects)))


def _as_banded(state: State) -> Task:
    """The task with the floor behind counters as deep as the lines of the state made it, on which the ways of its staff are."""
    return replace(state.task, specs=tuple(replace(spec, band_m=_band_m(state, spec)) for spec in state.task.specs))


def _band_m(state: State, spec: Spec) -> float:
    z = spec.index
    if spec.zone.side != "both" or not state.is_placed(z):
        return spec.band_m
    x0, y0, x1, y1 = state.task.grids[state.floor[z]].rect(state.back_band(z))
    return max(spec.band_m, x1 - x0 if state.front[z] in (k.EAST, k.WEST) else y1 - y0)


def _cut_singly(state: State, sides: dict[int, list[int]], *, keeps_lines: bool) -> State:
    """The state with those of some zones cut back that can be, each from the first of its sides that leaves all ways."""
    cuts: dict[int, int] = {}
    whole = _drawn(state, cuts, keeps_lines=keeps_lines)
    if any(reached(whole, floor) is None for floor in range(len(whole.task.grids))):
        return whole
    for z, kept in sides.items():
        for side in kept:
            trial = _drawn(state, {**cuts, z: side}, keeps_lines=keeps_lines)
            if reached(trial, state.floor[z]) is not None:
                cuts[z], whole = side, trial
                break
    return whole


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
    if state.task.specs[z].is_settled:
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
    """The least size across a side, so that the form of the counters still fits."""
    form = chosen_form(state, z)
    if form is None:
        return 0.0
    return form.depth_m if (turn - state.front[z]) % 2 == 0 else form.front_m
