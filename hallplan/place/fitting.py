"""Tasks fitted to their floors: locked zones get their one place, and those that fit nowhere at their own door are let loose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from hallplan.model.programme import Programme, Region
from hallplan.model.site import Site
from hallplan.place import spots
from hallplan.place.grid import Grid
from hallplan.place.locks import Lock, lock_of
from hallplan.place.putting import BLOCKS
from hallplan.place.question import question
from hallplan.place.search import put_fixed
from hallplan.place.spec import Spec, spec_of
from hallplan.place.standing import is_whole
from hallplan.place.state import Rect, State
from hallplan.place.task import Task, make_task
from hallplan.place.weights import score_weights
from hallplan.settings import Settings

AREA_TOL_M2 = 0.01
"""A locked zone has its own area, to this."""


Held = tuple[Spec, Rect, int]
"""A zone bound to its lock, and the cells and the front that it may have there."""


def fitted_task(site: Site, programme: Programme, settings: Settings) -> Task:
    """Returns the task of placing a programme on a site with what `settings.place` wishes, made ready to be searched."""
    wish = settings.place
    return loosened(locked(make_task(site, programme, score_weights(settings), wish.together, wish.apart)))


def locked(task: Task) -> Task:
    """Returns the task with locked zones bound to their one place, so that ways come to them and before their counters as to all others.

    All other zones keep off it. A lock stays a mere obstacle, as a room of the building is, where its area is far from a rectangle, where it is
    led into by a door of its own (entrance, 24-hour area), and where nobody could come to it on the floor with nothing but the locks on it.
    """
    floors = [grid.floor for grid in task.grids]
    locks = {spec.index: lock_of(spec.zone, floors) for spec in task.specs if not spec.opens}
    held: dict[int, Held] = {}
    while True:  # again while more are: what is bound may let staff through behind its counters
        found = {
            z: bound
            for z, lock in locks.items()
            if lock is not None and z not in held and (bound := _bound(task, task.specs[z], lock, held)) is not None
        }
        if not found:
            break
        held |= found
    if not held:
        return task
    settled = {z: spec for z, (spec, *_) in held.items()}
    ways = [{a: b for a, b in table.items() if a not in settled} for table in (task.partners, task.waits)]
    specs = tuple(settled.get(spec.index) or _kept_off(spec, settled) for spec in task.specs)
    return replace(task, specs=specs, partners=ways[0], waits=ways[1])


def unlocked(task: Task, z: int) -> Task:
    """Returns the task with a locked zone free to lie anywhere."""
    free = spec_of(z, replace(task.programme.zones[z], fixed_area=None), task.grids)
    held = {spec.index: spec for spec in task.specs if spec.lock is not None and spec.index != z}
    return replace(task, specs=tuple(_kept_off(free if spec.index == z else spec, held) for spec in task.specs))


def _kept_off(spec: Spec, held: dict[int, Spec]) -> Spec:
    """A zone that is not locked, kept off the places of those that are."""
    if spec.is_settled:
        return spec
    others = (Region(one.zone.fixed_floor, one.lock.area, True) for one in held.values() if one.lock is not None)
    return replace(spec, locks=tuple(others))


def _bound(task: Task, spec: Spec, lock: Lock, held: dict[int, Held]) -> Held | None:
    """A zone bound to where it is locked, None where it fits with no front or is cut off there whatever else is placed.

    held: zones bound before, which lie with the first of their fronts.
    """
    floor = next(n for n, grid in enumerate(task.grids) if grid.floor.id == spec.zone.fixed_floor)
    bound = _with_lock(spec, lock, floor, task.grids[floor])
    known = {z: one for z, (one, *_) in held.items()} | {spec.index: bound}
    state = State.empty(replace(task, specs=tuple(known.get(one.index, one) for one in task.specs)))
    put_fixed(state)
    for z, (one, rect, front) in held.items():
        state.put(z, one.floors[0], rect, front)
    fits = [(front, rect) for front, rect in _ways_in(state, bound, floor) if _stands(state, bound, floor, rect, front)]
    if not fits:
        return None
    shapes = bound.shapes[np.isin(bound.shapes[:, 2], [front for front, _ in fits])]
    return replace(bound, shapes=shapes), fits[0][1], fits[0][0]


def _ways_in(state: State, spec: Spec, floor: int) -> Iterator[tuple[int, Rect]]:
    """The fronts, and the cells, with which a zone fits its place."""
    for shape in spec.shapes:
        found = spots.scan(*question(state, spec, floor, shape[None], 0.0), 1, 0)
        best = found[found[:, 0].argmin()]
        if np.isfinite(best[0]):
            i0, j0, i1, j1 = (int(value) for value in best[1:5])
            yield int(shape[2]), (i0, j0, i1, j1)


def _stands(state: State, spec: Spec, floor: int, rect: Rect, front: int) -> bool:
    """Whether everybody comes to a zone in its place with nothing but what is fixed on the floor."""
    state.put(spec.index, floor, rect, front)
    stands = is_whole(state, floor)
    state.take(spec.index)
    return stands


def _with_lock(spec: Spec, lock: Lock, floor: int, grid: Grid) -> Spec:
    """A zone as large as its lock, with all the fronts along which its counters fit there; all of them where they fit along none."""
    x0, y0, x1, y1 = lock.rect.bounds
    width, depth = x1 - x0, y1 - y0
    net = grid.floor.net_m2(lock.rect)
    zone = replace(
        spec.zone, fixed_area=None, regions=(), floors=(grid.floor.id,), target_m2=net,
        min_m2=net - AREA_TOL_M2, max_m2=net + AREA_TOL_M2,
        min_side_m=min(spec.zone.min_side_m, width, depth),
        max_aspect=max(spec.zone.max_aspect, width / depth, depth / width),
    )  # fmt: skip
    fronts = [front for front in range(4) if _holds_counters(spec, front, width, depth)] or list(range(4))
    way = zone.front_way_m if spec.has_front else 0.0
    rows = [(width, depth, front, way, *[0.0] * 6) for front in (fronts if spec.has_front else (-1,))]
    lies_there = Region(grid.floor.id, lock.rect, is_forbidden=False)
    return replace(spec, zone=zone, floors=(floor,), shapes=np.array(rows), lock=lock, locks=(lies_there,))


def _holds_counters(spec: Spec, front: int, width: float, depth: float) -> bool:
    along, behind = (depth, width) if front % 2 == 0 else (width, depth)
    return any(form.front_m <= along + 1e-6 and form.depth_m <= behind + 1e-6 for form in spec.zone.forms)


def loosened(task: Task) -> Task:
    """Returns the task with the zones that fit nowhere at their own door let loose from it."""
    empty = State.empty(task)
    put_fixed(empty)

    def fits(spec: Spec) -> bool:
        rng = np.random.default_rng(0)
        return any(
            np.isfinite(
                spots.scan(*question(empty, spec, floor, spec.shapes, 0.0), BLOCKS, int(rng.integers(9)))[:, 0]
            ).any()
            for floor in spec.floors
        )

    def eased(spec: Spec) -> Spec:
        if not spec.opens or spec.zone.fixed_area is not None:
            return spec
        ways = (spec, *spec.loosened())
        return next((one for one in ways if fits(one)), ways[-1])

    return replace(task, specs=tuple(eased(spec) for spec in task.specs))
