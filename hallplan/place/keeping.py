"""Starting from a layout that is there: what can stay stays, the rest finds a place, and as little as needed moves."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from hallplan.geometry.rectangles import main_rectangle
from hallplan.model.layout import Layout, PlacedZone, ScorePart
from hallplan.place.bounds import allowed
from hallplan.place.closing import closed
from hallplan.place.grid import Grid, make_grid
from hallplan.place.inserting import recreate
from hallplan.place.question import OWN_DOOR, wanted_cells
from hallplan.place.rows import chosen_form
from hallplan.place.score import RectM, fine_module
from hallplan.place.search import Clock, Start, go_on, put_fixed
from hallplan.place.spec import Spec
from hallplan.place.standing import is_whole
from hallplan.place.state import Rect, State, total_cost
from hallplan.place.task import Task
from hallplan.place.weights import CHANGE, Work

OWN_SHARE = 0.5
"""Floor was the staff's where at least this share of it was."""
AREA_TOL, SIDE_TOL = 0.02, 1e-3
"""A zone of a saved plan keeps its place when it misses its limits by no more: m² as a share, m."""


@dataclass(frozen=True, eq=False)
class Home:
    """Where a zone was: floor, cells and front."""

    floor: int
    rect: Rect
    front: int


@dataclass(frozen=True, eq=False)
class Adapted:
    """A layout adapted from another: the start that found it, where zones were at first, and their true shapes."""

    start: Start
    homes: dict[int, Home]
    shapes: dict[int, Polygon]

    def moved(self, state: State) -> list[int]:
        """Zones that had a place and lie elsewhere now."""
        return [z for z, home in sorted(self.homes.items()) if not _is_home(state, z, home)]

    def areas(self, state: State, grown: dict[int, Polygon]) -> dict[int, Polygon]:
        """Returns true shapes: for zones that stay the ones they had, as far as no other zone lies there now, else those grown."""
        rects = {z: box(*state.task.grids[state.floor[z]].rect(state.rects[z])) for z in self.homes}
        areas = {z: area for z, area in grown.items() if z not in self.homes or z in self.moved(state)}
        taken = {**rects, **areas}
        for z in sorted(self.homes.keys() - set(self.moved(state))):
            others = (other for at, other in taken.items() if at != z and state.floor[at] == state.floor[z])
            if all(self.shapes[z].intersection(other).area < SIDE_TOL for other in others):
                areas[z] = taken[z] = self.shapes[z]
        return areas

    def part(self, state: State) -> ScorePart:
        """The part of the score that counts zones moved."""
        many = len(self.moved(state))
        return ScorePart("moved_zones", float(many), CHANGE.zone, round(many * CHANGE.zone, 6))


def adapt(task: Task, given: Layout, seed: int, rounds: int, clock: Clock) -> Adapted:
    """Returns the task's zones placed, beginning with what a layout shows.

    given: areas in the drawing's units, axes and origin. Zones are matched by id. Those whose place still holds them stay;
    what has no place is put in without moving another where that can be, else at the price of moves.
    """
    state, homes = _stayed(task, given)
    shapes = {z: area for z, (_, area, _) in _in_frames(task, given).items() if z in homes}
    task = state.task
    adapted = Adapted(Start(), homes, shapes)
    rng = np.random.default_rng((seed, len(homes)))
    rounds = rounds if state.unplaced else 0

    def cost(state: State, _: float) -> float:
        m2 = sum(task.specs[z].zone.target_m2 for z in adapted.moved(state) if state.is_placed(z))
        return total_cost(state) + CHANGE.zone * len(adapted.moved(state)) + CHANGE.m2 * m2

    def put_back(state: State, zones: list[int], rng: np.random.Generator, noise: float) -> None:
        for z in zones:
            if z in homes and not state.is_placed(z):
                stay(state, z, homes[z])
        recreate(state, zones, rng, noise)

    return replace(adapted, start=go_on(state, rng, Work(rounds), clock, cost, put_back=put_back))


def closed_as_given(state: State, given: Layout) -> State:
    """Returns the layout with the floor closed to visitors that was the staff's in a given one and keeps them apart, or as it is."""
    shut = closed(state)
    if shut is None or shut.unplaced:
        return state
    grids, own = state.task.grids, list[BaseGeometry]()
    for grid in grids:
        here = (aisle.area for aisle in given.aisles if (aisle.floor, aisle.network) == (grid.floor.id, "staff"))
        own.append(shapely.union_all([grid.floor.frame.to_plan(area) for area in here]))
    ways = [(spec.floors[0], spec.zone.fixed_area) for spec in shut.task.specs if spec.is_staff_way]
    is_theirs = all(area and own[floor].intersection(area).area >= OWN_SHARE * area.area for floor, area in ways)
    return shut if is_theirs else state


def n_staying(task: Task, given: Layout) -> int:
    """Returns how many zones of a layout can stay where they are as far as a task's demands go."""
    state, homes = _stayed(task, given)
    return sum(state.is_placed(z) for z in homes)


def _stayed(task: Task, given: Layout) -> tuple[State, dict[int, Home]]:
    """What can stay where it is, on grids with lines along it, and where everything was."""
    placed = _in_frames(task, given)
    task = _with_lines(task, placed, given)
    state, homes = State.empty(task), {}
    put_fixed(state)
    for z in task.order:
        if z in placed and task.specs[z].zone.fixed_area is None:
            home = _home(task, z, placed[z])
            if not task.specs[z].is_settled:
                homes[z] = home
            if not state.is_placed(z):
                stay(state, z, home)
    return state, homes


def _in_frames(task: Task, given: Layout) -> dict[int, tuple[int, Polygon, PlacedZone]]:
    """Floor and area in its plan frame of the zones that both have."""
    numbers = {grid.floor.id: n for n, grid in enumerate(task.grids)}
    known = {zone.zone: zone for zone in given.zones}
    found = {}
    for spec in task.specs:
        zone = known.get(spec.zone.id)
        if zone is not None and zone.floor in numbers and zone.type == spec.zone.type:
            area = task.grids[numbers[zone.floor]].floor.frame.to_plan(zone.area)
            if isinstance(area, Polygon) and not area.is_empty:
                found[spec.index] = (numbers[zone.floor], area, zone)
    return found


def _with_lines(task: Task, placed: dict[int, tuple[int, Polygon, PlacedZone]], given: Layout) -> Task:
    """The task on grids with lines along the sides of the zones and ways that are there, on which those ways are seen."""
    grids = []
    for n, grid in enumerate(task.grids):
        sides = [main_rectangle(area) for floor, area, _ in placed.values() if floor == n]
        sides += [spec.lock.rect.bounds for spec in task.specs if spec.lock is not None and n in spec.floors]
        lines = [_before_sides(rect, width) for rect in sides for width in grid.ways]
        for aisle in given.aisles:
            if aisle.floor == grid.floor.id:
                ring = grid.floor.frame.to_plan(aisle.area).exterior.coords
                lines += [(*a, *b) for a, b in itertools.pairwise(ring)]
        lines = [*sides, *(_onto(line, sides) for line in lines)]
        grids.append(make_grid(grid.floor, fine_module(grid), lines, grid.room_reach_m, grid.near_m))
    return replace(task, grids=tuple(grids))


def _onto(line: RectM, sides: Sequence[RectM]) -> RectM:
    """A line moved onto the side of a zone that it all but lies on: of two so near a grid has one, which must be the zone's."""
    moved = list(line)
    for at, value in enumerate(line):
        near = [side[k] for side in sides for k in (at % 2, at % 2 + 2) if abs(side[k] - value) < 2 * SIDE_TOL]
        moved[at] = min(near, key=lambda one: (abs(one - value), one), default=value)
    return moved[0], moved[1], moved[2], moved[3]


def _before_sides(rect: RectM, width: float) -> RectM:
    """The corner at which a way of some width begins that runs along a zone's low sides: its window must end on them."""
    x, y = rect[0] - width, rect[1] - width
    return x, y, x, y


def _home(task: Task, z: int, placed: tuple[int, Polygon, PlacedZone]) -> Home:
    floor, area, zone = placed
    xs, ys = task.grids[floor].xs, task.grids[floor].ys
    lock = task.specs[z].lock
    x0, y0, x1, y1 = main_rectangle(area) if lock is None else lock.rect.bounds
    i0, i1 = (int(np.argmin(np.abs(xs - value))) for value in (x0, x1))
    j0, j1 = (int(np.argmin(np.abs(ys - value))) for value in (y0, y1))
    has_front = task.specs[z].has_front and zone.front_deg is not None
    return Home(floor, (i0, j0, i1, j1), round((zone.front_deg or 0.0) / 90.0) % 4 if has_front else -1)


def _is_home(state: State, z: int, home: Home) -> bool:
    return (state.floor[z], state.rects[z]) == (home.floor, home.rect)


def stay(state: State, z: int, home: Home) -> bool:
    """Puts a zone where it was if that place still holds it and cuts nothing off; tells whether."""
    spec = state.task.specs[z]
    i0, j0, i1, j1 = home.rect
    if i1 <= i0 or j1 <= j0 or home.floor not in spec.floors or (spec.has_front and home.front < 0):
        return False
    taken, kept = state.occupied[home.floor][i0:i1, j0:j1], state.kept[home.floor][i0:i1, j0:j1]
    if (taken > 0).any() or ((kept > 0).any() and not spec.is_passable):
        return False
    state.put(z, home.floor, home.rect, home.front)
    if _holds(state, spec) and is_whole(state, home.floor):
        return True
    state.take(z)
    return False


def _holds(state: State, spec: Spec) -> bool:
    """Whether a zone's place has its area, sides, counters, door and free front."""
    z, zone, floor = spec.index, spec.zone, state.floor[spec.index]
    i0, j0, i1, j1 = state.rects[z]
    x0, y0, x1, y1 = state.task.grids[floor].rect(state.rects[z])
    short, long = sorted((x1 - x0, y1 - y0))
    net, slack = state.net_area(z), AREA_TOL * zone.target_m2
    if not zone.min_m2 - slack <= net <= zone.max_m2 + slack or not allowed(state, spec)[i0:i1, j0:j1].all():
        return False
    if short < zone.min_side_m - SIDE_TOL or long > (spec.max_aspect + SIDE_TOL) * short:
        return False
    if zone.forms and chosen_form(state, z) is None:
        return False
    if not _holds_wanted(state.task.grids[floor], spec, state.rects[z]):
        return False
    return _is_front_free(state, z)


def _holds_wanted(grid: Grid, spec: Spec, rect: Rect) -> bool:
    """Whether a place has its share of the floor that a zone is to cover, by m²: how many cells that is depends on where lines lie."""
    wanted, least = wanted_cells(spec, grid)
    if not least or spec.is_loose:
        return True
    if spec.opens in OWN_DOOR and not spec.is_behind and (strips := grid.before_doors(OWN_DOOR[spec.opens])):
        floor = shapely.intersection(strips, grid.floor.usable)
        covered = shapely.area(shapely.intersection(floor, box(*grid.rect(rect)))).sum()
        return bool(covered >= spec.door_share * (1 - AREA_TOL) * shapely.area(floor).sum() / len(strips))
    i0, j0, i1, j1 = rect
    m2 = np.where(wanted, grid.cell_m2, 0.0)
    share = least * (1 - AREA_TOL) / max(1, int(wanted.sum()))
    return bool(wanted.any() and m2[i0:i1, j0:j1].sum() >= share * m2.sum())


def _is_front_free(state: State, z: int) -> bool:
    """Whether the way along a zone's front runs over free floor."""
    strip = state.front_strip(z)
    if strip is None:
        return not state.task.specs[z].has_front
    i0, j0, i1, j1 = strip
    floor, specs = state.floor[z], state.task.specs
    passable: Sequence[int] = [0, *(spec.index + 1 for spec in specs if spec.is_passable)]
    return bool(np.isin(state.occupied[floor][i0:i1, j0:j1], passable).all())
