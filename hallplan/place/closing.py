"""Floor that staff have to themselves where their ways and visitors' would meet: closed to visitors, who go round it, as a zone of its own
that nothing is put on.

It is no zone of the programme: layouts show it among the ways of the staff.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from shapely.geometry import box

from hallplan.model.programme import Zone
from hallplan.place.kernels import Bools
from hallplan.place.networks import networks
from hallplan.place.spec import STAFF_WAY, Spec
from hallplan.place.standing import standing
from hallplan.place.state import Rect, State, placed_as
from hallplan.place.task import Task

TRIES = 8
"""Visitors who are led round one place may meet staff at another: so often that is closed too."""
Shut = list[tuple[int, Rect]]
"""Floors, and the cells of each that are closed."""


def closed(state: State) -> State | None:
    """Returns a complete layout with the floor closed to visitors at which staff would come onto their ways; zones that visitors then come
    to no more, or that need that floor before them, are taken out.  None where nothing is to be closed, or doors and exits were cut off.
    """
    found = state
    for _ in range(TRIES):
        shut = _crossed(found)
        if not shut:
            return None if found is state else found
        found = _with_ways(found, shut)
        seen = [standing(found, floor) for floor in range(len(found.task.grids))]
        out = {*(z for one in seen for z in one.cut), *_before_counters(found, shut)}
        if not all(one.is_open for one in seen):
            return None
        if out:
            for z in sorted(out):
                found.take(z)
            return found
    return None


def opened(state: State) -> State:
    """Returns a layout with all floor open that was closed; the layout itself where none was."""
    many = n_zones(state.task)
    if many == len(state.task.specs):
        return state
    zones = state.task.programme.zones[:many]
    task = replace(state.task, programme=replace(state.task.programme, zones=zones), specs=state.task.specs[:many])
    return placed_as(_with_staff_ways(task, has_any=False), state)


def closed_cells(state: State, floor: int) -> Bools:
    """Returns the cells of a floor that are closed to visitors."""
    ways = [spec.index + 1 for spec in state.task.specs if spec.is_staff_way]
    return np.isin(state.occupied[floor], ways)


def n_zones(task: Task) -> int:
    """Returns how many zones of a task are the programme's own; closed floor follows these."""
    return sum(not spec.is_staff_way for spec in task.specs)


def _crossed(state: State) -> Shut:
    """The cells at which staff come onto visitors' ways; none where somebody is cut off."""
    shut: Shut = []
    for floor in range(len(state.task.grids)):
        found = networks(state, floor)
        if found is None:
            return []
        shut += [(floor, rect) for rect in _rectangles(found.shared & (state.occupied[floor] == 0))]
    return shut


def _rectangles(cells: Bools) -> Iterator[Rect]:
    """Rectangles that some cells are made of, grown from the first that is left, along x and then y or the other way round."""
    left = cells.copy()
    while left.any():
        i, j = divmod(int(left.argmax()), left.shape[1])
        rect = max((_grown(left, i, j), _turned(_grown(left.T, j, i))), key=lambda r: (r[2] - r[0]) * (r[3] - r[1]))
        left[rect[0] : rect[2], rect[1] : rect[3]] = False
        yield rect


def _grown(cells: Bools, i: int, j: int) -> Rect:
    """The rectangle from a cell on, as far along x as there are cells, then along y."""
    beyond_x = cells[i:, j].argmin() or cells.shape[0] - i
    rows = cells[i : i + beyond_x, j:].all(axis=0)
    return i, j, i + int(beyond_x), j + int(rows.argmin() or rows.size)


def _turned(rect: Rect) -> Rect:
    return rect[1], rect[0], rect[3], rect[2]


def _with_ways(state: State, shut: Shut) -> State:
    """The layout with some floor closed besides what is."""
    task = state.task
    specs = [_way(task, n, *place) for n, place in enumerate(shut, len(task.specs))]
    zones = (*task.programme.zones, *(spec.zone for spec in specs))
    wider = replace(task, programme=replace(task.programme, zones=zones), specs=(*task.specs, *specs))
    found = placed_as(_with_staff_ways(wider, has_any=True), state)
    for spec in specs:
        if spec.zone.fixed_area is not None:
            found.put_fixed(spec.index, spec.floors[0], spec.zone.fixed_area)
    return found


def _with_staff_ways(task: Task, *, has_any: bool) -> Task:
    """The task on grids that know whether floor is closed."""
    return replace(task, grids=tuple(replace(grid, has_staff_ways=has_any) for grid in task.grids))


def _way(task: Task, n: int, floor: int, rect: Rect) -> Spec:
    """Closed floor as the search sees it: a zone of the staff that lies where it lies."""
    area = box(*task.grids[floor].rect(rect))
    id, drawn = f"{STAFF_WAY}-{n}", task.grids[floor].floor
    zone = Zone(id, STAFF_WAY, id, "staff", 0.0, 0.0, area.area, 0.0, np.inf, fixed_area=area, fixed_floor=drawn.id)
    return Spec(n, zone, (floor,), np.empty((0, 10)), 0.0, 0, has_front=False)


def _before_counters(state: State, shut: Shut) -> Iterator[int]:
    """The zones before whose front closed floor lies."""
    for spec in state.task.specs:
        strip = state.front_strip(spec.index)
        here = (rect for floor, rect in shut if floor == state.floor[spec.index])
        if strip is not None and any(_overlap(strip, rect) for rect in here):
            yield spec.index


def _overlap(one: Rect, other: Rect) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
