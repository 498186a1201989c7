"""What the scan for one zone's places is asked: where it may lie, who walks to it, what it should be near."""

from __future__ import annotations

import numpy as np

from hallplan.model.site import OpeningRole
from hallplan.place import kernels as k
from hallplan.place.bits import packed
from hallplan.place.grid import Grid
from hallplan.place.kernels import Bools, Floats
from hallplan.place.necks import KEEP_H24, KEEP_MAIN
from hallplan.place.spec import Spec, meeting
from hallplan.place.spots import Ask, Fields, Tables
from hallplan.place.state import State, between_floors, meeting_edge
from hallplan.place.task import Task
from hallplan.place.weights import WEIGHTS

NEAR_DOOR_M = 8.0
BEHIND_SHARE = 0.5
"""Share of the floor behind an inner door that a zone covers which begins there."""
OWN_DOOR = {KEEP_MAIN: OpeningRole.MAIN, KEEP_H24: OpeningRole.H24}
"""The role of the doors that a zone is to lie at, by `Spec.opens`."""


def question(
    state: State,
    spec: Spec,
    floor: int,
    shapes: Floats,
    noise: float,
    *,
    is_bare: bool = False,
    is_packing: bool = False,
) -> tuple[Floats, Floats, Tables, Fields, Ask]:
    """Returns what the scan for a zone's places on a floor is given.

    is_bare: as if no movable zone lay there.  is_packing: places are the better the more they lean on, whoever walks there.
    """
    task, grid = state.task, state.task.grids[floor]
    weights, zone = task.weights, spec.zone
    wanted, least = wanted_cells(spec, grid)
    limits = (zone.min_m2, zone.target_m2, zone.max_m2, zone.min_side_m, spec.max_aspect,
              0.0 if spec.is_passable else spec.way_m, least, noise)  # fmt: skip
    own = (weights.area, WEIGHTS.contact, WEIGHTS.alignment, WEIGHTS.column_band,
           weights.daylight if zone.wants_daylight else 0.0, WEIGHTS.pull)  # fmt: skip
    if is_packing:
        own = (0.0, WEIGHTS.pack_contact, WEIGHTS.alignment, WEIGHTS.column_band, 0.0, 0.0)
    points, rects = (np.zeros((0, 3)), np.zeros((0, 6))) if is_packing else _company(state, spec, floor)
    ask = Ask(shapes, np.array(limits), np.array(own), points, rects)
    tables = _tables(state, spec, floor, wanted, is_bare)
    line_x, line_y = _lines_used(state, floor)
    fields = Fields(grid.daylight, grid.staff_pull if spec.is_staff else grid.public_pull, line_x, line_y)
    return grid.xs, grid.ys, tables, fields, ask


def _tables(state: State, spec: Spec, floor: int, wanted: np.ndarray, is_bare: bool) -> Tables:
    grid, used = state.task.grids[floor], state.occupied[floor] > 0
    if is_bare:
        movable = [one.index + 1 for one in state.task.specs if one.zone.fixed_area is None and not one.opens]
        used = used & ~np.isin(state.occupied[floor], movable)
    blocked = used | barred_cells(spec, grid)
    if not spec.is_passable and not is_bare:
        blocked = blocked | (state.kept[floor] > 0)
    if state.away is not None and state.away[:2] == (spec.index, floor):
        i0, j0, i1, j1 = state.away[2]
        blocked[(i0 + i1) // 2, (j0 + j1) // 2] = True
    cells = (~blocked, used | ~grid.inside, grid.walk & ~used, grid.room_doors & ~used)
    free, taken, walkable, doors = packed(np.array(cells))
    return Tables(free, taken, walkable, doors, grid.column_table, k.integral(wanted))


def barred_cells(spec: Spec, grid: Grid) -> Bools:
    """Returns the cells of a floor that a zone may not cover whatever else lies there."""
    blocked: Bools = ~grid.reachable
    if not spec.crosses:
        blocked = blocked | grid.is_kept(spec.opens)
    if spec.regions:
        blocked = blocked | grid.barred(spec.regions)
    return blocked


def wanted_cells(spec: Spec, grid: Grid) -> tuple[np.ndarray, float]:
    """Returns the cells that a zone must cover and how many: those inside its own door, or along the facade."""
    role = OWN_DOOR.get(spec.opens)
    if spec.is_behind:
        return _behind(spec, grid)
    if spec.is_loose and spec.is_passable:
        return grid.reachable & (grid.public_pull <= np.min(grid.public_pull) + NEAR_DOOR_M), 4.0
    if spec.is_loose:
        return grid.facade, 2.0
    if role is not None:
        if spec.abreast and (beside := grid.door_cells(role, spec.abreast)).any():
            # all but what it may leave of one, so that it leaves no more of any
            return beside, max(1.0, float(beside.sum()) * (1.0 - (1.0 - spec.door_share) / len(spec.abreast)))
        cells = grid.door_cells(role)
        doors = len(grid.floor.with_role(role))
        if cells.any():
            return cells, max(1.0, spec.door_share * float(cells.sum()) / doors)
        if role == OpeningRole.MAIN:
            return np.zeros_like(grid.inside), 0.0
        return grid.facade, 2.0
    if any(need == "facade" for need in spec.zone.needs):
        return grid.facade, 2.0
    return np.zeros_like(grid.inside), 0.0


def _behind(spec: Spec, grid: Grid) -> tuple[np.ndarray, float]:
    """The cells behind the inner doors of a lobby that is too small for a zone, and how many of them it covers."""
    zone = spec.zone
    small = [
        (cells, doors)
        for m2, side, cells, doors in grid.lobbies
        if (m2 < zone.min_m2 or side < zone.min_side_m) and cells.any()
    ]
    if not small:
        return np.zeros_like(grid.inside), 1.0
    cells, doors = small[0]
    return cells, max(1.0, BEHIND_SHARE * float(cells.sum()) / doors)


def _company(state: State, spec: Spec, floor: int) -> tuple[Floats, Floats]:
    """Where people of this zone walk to and from, and the zones it wishes to be near or far from."""
    task, weights = state.task, state.task.weights
    points, rects = [], []
    for other, people, wish in task.near[spec.index]:
        if other >= 0 and not state.is_placed(other):
            continue
        there, x, y = task.doors[-1 - other] if other < 0 else (state.floor[other], *state.access_point(other))
        if there != floor:
            x, y = _link_point(task, floor, there, x, y)
        if people:
            points.append((x, y, weights.walking * people))
        if wish and other >= 0 and there == floor:
            edge = meeting_edge(state, other, spec.index)
            rects.append((*edge, weights.adjacency * wish, float(meeting(spec, task.specs[other]))))
    return np.array(points).reshape(-1, 3), np.array(rects).reshape(-1, 6)


def _link_point(task: Task, floor: int, there: int, x: float, y: float) -> tuple[float, float]:
    """The stair or lift on `floor` by which one gets to a place on another floor."""
    other = {link.id for link in task.grids[there].floor.visitors_links}
    links = [link for link in task.grids[floor].floor.visitors_links if link.id in other]
    if not links:
        seeds = task.grids[floor].public_seeds
        return seeds[0] if seeds else (float(task.grids[floor].xs[0]), float(task.grids[floor].ys[0]))
    return min(links, key=lambda link: (between_floors(task, (floor, *link.at), (there, x, y)), link.id)).at


def _lines_used(state: State, floor: int) -> tuple[Floats, Floats]:
    """How many zone edges lie on each grid line, up to two: an edge on such a line is aligned."""
    grid = state.task.grids[floor]
    here = [rect for rect, on in zip(state.rects, state.floor, strict=True) if on == floor]
    edges = np.array(here, np.int64).reshape(-1, 4)
    x = np.bincount(edges[:, ::2].ravel(), minlength=grid.xs.size)
    y = np.bincount(edges[:, 1::2].ravel(), minlength=grid.ys.size)
    return np.minimum(x, 2).astype(np.float64), np.minimum(y, 2).astype(np.float64)
