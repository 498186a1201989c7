"""The stage: a programme on a site becomes ranked layouts that differ in kind."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from shapely.geometry import box

from hallplan.errors import Fault, HallplanError, InfeasibleError, Interrupted
from hallplan.model.layout import Layout, PlacedZone, ScorePart, StoppedBy
from hallplan.model.programme import Programme
from hallplan.model.site import Site
from hallplan.parallel import side_by_side
from hallplan.place import kernels as k
from hallplan.place.aisles import make_aisles
from hallplan.place.alternatives import LEAST_MOVE, SMALL_MOVE, differ, name_all
from hallplan.place.polish import polish
from hallplan.place.score import least_score, on_own_lines, score_parts
from hallplan.place.search import THEMES, Clock, Start, eased, loosened
from hallplan.place.starts import Starts
from hallplan.place.state import State, reached
from hallplan.place.task import Task, make_task
from hallplan.place.trim import trimmed
from hallplan.place.weights import budget, score_weights
from hallplan.settings import Settings
from hallplan.terms import text
from hallplan.units import round_m

SPARE = 2
Scored = tuple[float, State, tuple[ScorePart, ...]]


def never() -> StoppedBy | None:
    """Never stops a search."""
    return None


def place_zones(
    site: Site,
    programme: Programme,
    settings: Settings,
    *,
    spare: int = 0,
    stop: Callable[[], StoppedBy | None] = never,
    jobs: int = 2,
) -> tuple[Layout, ...]:
    """Returns layouts that differ in kind, the best first, with ids "1", "2", …

    spare: layouts to return beyond the alternatives asked for, where the search has found them.
    stop: asked between rounds; when it names a reason the best so far is returned with it.
    jobs: threads, and processes; the result is the same whatever their number.
    Raises InfeasibleError when no layout keeps what must hold, naming the zones without a place, or none was found in
    the time given; Interrupted when it was stopped before there was a layout.
    """
    wish = settings.place
    task = loosened(make_task(site, programme, score_weights(wish), wish.together, wish.apart))
    work = budget(wish.effort)
    clock = Clock(stop, time.monotonic() + wish.seconds if wish.seconds is not None else None)
    search = Starts(task, work, wish.seed, clock, jobs)
    starts = search.in_bays()
    chosen = _choose(starts, wish.alternatives + spare)
    for numbers in (range(work.starts), range(work.starts, work.starts + len(THEMES) + 1)):
        if len(chosen) < wish.alternatives and not clock.check():
            starts += search.ruined(numbers)
            chosen = _choose(starts, wish.alternatives + spare)
    if not chosen:
        starts += _eased(search, wish.alternatives)
        chosen = _choose(starts, wish.alternatives + spare)
    if not chosen:
        raise _stopped(clock.stopped, wish.seconds) if clock.stopped else _infeasible(task, starts)
    if len(chosen) < wish.alternatives:
        chosen = _choose(starts, wish.alternatives, SMALL_MOVE)
    chosen = _polished(chosen, jobs)
    bound = least_score(task)
    names = name_all([state for _, state, _ in chosen])
    why: StoppedBy = clock.stopped or "effort"
    return tuple(
        _layout(str(n), name, one, bound, why) for n, (name, one) in enumerate(zip(names, chosen, strict=True), 1)
    )


def _eased(search: Starts, many: int) -> list[Start]:
    """Starts that ask less and less until some layout is complete, then more of that kind."""
    found: list[Start] = []
    for task in eased(search.task):
        easier, n = replace(search, task=task), search.budget.starts
        for numbers in (range(n), range(n, 4 * n)):
            if search.clock.check() or (numbers.start and not _complete(found)) or len(_complete(found)) >= many:
                break
            found += easier.ruined(numbers)
        if _complete(found):
            break
    return found


def _complete(starts: list[Start]) -> list[tuple[float, State]]:
    """All states with every zone placed: each start's best first, then their second bests, and so on."""
    pairs = [(rank, cost, n, state) for n, s in enumerate(starts) for rank, (cost, state) in enumerate(s.best)]
    whole = [entry for entry in pairs if not entry[3].unplaced]
    return [(cost, state) for _, cost, _, state in sorted(whole, key=lambda entry: entry[:3])]


def _scored(state: State) -> Scored:
    exact = on_own_lines(state.task, trimmed(state), state.floor, state.front)
    if any(reached(exact, floor) is None for floor in range(len(exact.task.grids))):
        grids = state.task.grids
        rects = [grids[floor].rect(rect) for floor, rect in zip(state.floor, state.rects, strict=True)]
        exact = on_own_lines(state.task, rects, state.floor, state.front)
    parts = score_parts(exact)
    return sum(part.cost for part in parts), exact, parts


def _choose(starts: list[Start], many: int, least_move: float = LEAST_MOVE) -> list[Scored]:
    """The best layouts that differ in kind, by the search's own cost, then ranked by score."""
    kinds: list[State] = []
    for _, state in sorted(_complete(starts), key=lambda pair: pair[0]):
        if len(kinds) < many + SPARE and all(differ(state, other, least_move) for other in kinds):
            kinds.append(state)
    return sorted((_scored(state) for state in kinds), key=lambda one: one[0])[:many]


def _polished(chosen: list[Scored], jobs: int) -> list[Scored]:
    """The layouts made exact, ranked anew."""
    found = side_by_side([partial(polish, state, parts) for _, state, parts in chosen], jobs)
    return sorted(((one.score, one.state, one.parts) for one in found), key=lambda one: one[0])


def _layout(id: str, name: str, scored: Scored, bound: float, why: StoppedBy) -> Layout:
    score, state, parts = scored
    zones = tuple(_placed(state, spec.index) for spec in state.task.specs)
    return Layout(id, name, zones, make_aisles(state), round(score, 6), parts, round(min(bound, score), 6), why)


def _placed(state: State, z: int) -> PlacedZone:
    spec, grid = state.task.specs[z], state.task.grids[state.floor[z]]
    zone, front = spec.zone, state.front[z]
    if zone.fixed_area is not None:
        area = zone.fixed_area
        return PlacedZone(zone.id, zone.type, grid.floor.id, area, round(area.area, 4), zone.target_m2, None, "", True)
    area = box(*(round_m(value) for value in grid.rect(state.rects[z])))
    facing = 90.0 * front if front >= 0 else _public_side(state, z)
    return PlacedZone(
        zone.id, zone.type, grid.floor.id, area, round(state.net_area(z), 4), zone.target_m2, facing, _form(state, z)
    )


def _form(state: State, z: int) -> str:
    """The counter form that the rectangle holds, the one that fills it best."""
    zone, front = state.task.specs[z].zone, state.front[z]
    if not zone.forms:
        return ""
    x0, y0, x1, y1 = state.task.grids[state.floor[z]].rect(state.rects[z])
    along, behind = (x1 - x0, y1 - y0) if front in (k.NORTH, k.SOUTH) else (y1 - y0, x1 - x0)
    fits = [form for form in zone.forms if form.front_m <= along + 1e-6 and form.depth_m <= behind + 1e-6]
    return max(fits or zone.forms, key=lambda form: (form.name != "island", form.front_m * form.depth_m)).name


def _public_side(state: State, z: int) -> float | None:
    """The side of a public zone that most way lies along."""
    spec, floor = state.task.specs[z], state.floor[z]
    if spec.is_staff:
        return None
    grid, rect = state.task.grids[floor], state.rects[z]
    cells = state.public_cells(floor)
    best, side = 0.0, None
    for turn in (k.SOUTH, k.NORTH, k.EAST, k.WEST):
        i0, j0, i1, j1 = k.strip(grid.xs, grid.ys, rect, turn, 0.9)
        if i0 < 0:
            continue
        share = cells[i0:i1, j0:j1]
        open_m = float(share.all(axis=0 if turn in (k.EAST, k.WEST) else 1).mean()) if share.size else 0.0
        length = (
            grid.ys[rect[3]] - grid.ys[rect[1]] if turn in (k.EAST, k.WEST) else grid.xs[rect[2]] - grid.xs[rect[0]]
        )
        if open_m * length > best + 1e-6:
            best, side = open_m * length, 90.0 * turn
    return side


def _stopped(why: StoppedBy, seconds: float | None) -> HallplanError:
    """A search cut short has not shown that there is no place."""
    if why == "time":
        found, remedy = text("place.no_layout_in_time", seconds=seconds), text("place.remedy_time")
        return InfeasibleError.at(text("place.where"), found, remedy=remedy)
    return Interrupted.at(text("place.where"), text("place.no_layout_yet"))


def _infeasible(task: Task, starts: list[Start]) -> InfeasibleError:
    free = float(sum((grid.inside * np.outer(np.diff(grid.xs), np.diff(grid.ys))).sum() for grid in task.grids))
    need = sum(spec.zone.min_m2 for spec in task.specs if spec.zone.fixed_area is None)
    if free <= 0:
        return InfeasibleError(Fault(text("place.where"), text("place.no_floor")))
    faults = []
    if need > 0.85 * free:
        short = need - 0.8 * free
        remedy = text("place.remedy_area", short=short, scale=max(0.1, 0.8 * free / need))
        faults.append(
            Fault(
                text("place.where"),
                text("place.too_little_area", need=need, free=free),
                text("place.expected_area"),
                remedy,
            )
        )
    best = min((pair for start in starts for pair in start.best), key=lambda pair: len(pair[1].unplaced), default=None)
    for z in best[1].unplaced if best is not None else []:
        zone = task.specs[z].zone
        if zone.forms:
            form = min(zone.forms, key=lambda form: form.front_m * form.depth_m)
            found = text("place.no_counter_place", zone=zone.name, front=form.front_m, depth=form.depth_m)
        else:
            found = text("place.no_place", zone=zone.name, area=zone.min_m2, side=zone.min_side_m)
        faults.append(Fault(zone.id, found, text("place.expected_place"), text("place.remedy_place", type=zone.type)))
    return InfeasibleError(*faults)
