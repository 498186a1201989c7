"""The stage: a programme on a site becomes ranked layouts that differ in kind."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import shapely
from shapely.geometry import Polygon, box

from hallplan.model.layout import Layout, PlacedZone, ScorePart, StoppedBy, WishPrice
from hallplan.model.programme import Programme
from hallplan.model.site import Site
from hallplan.parallel import side_by_side
from hallplan.place import kernels as k
from hallplan.place.aisles import make_aisles
from hallplan.place.alternatives import SMALL_MOVE, name_all
from hallplan.place.breaches import breaches
from hallplan.place.candidates import (
    FURTHER,
    Candidate,
    Mending,
    Scored,
    held,
    known_score,
    rank_of,
    score_of,
    straight,
)
from hallplan.place.choosing import chosen, different, runners_up
from hallplan.place.closing import opened
from hallplan.place.corners import grown_areas, net_m2, with_areas
from hallplan.place.easing import Easing, is_placed
from hallplan.place.fitting import fitted_task
from hallplan.place.keeping import adapt, closed_as_given, n_staying
from hallplan.place.least import least_score
from hallplan.place.narrows import narrows
from hallplan.place.polish import polish
from hallplan.place.prices import wish_prices
from hallplan.place.reasons import is_beyond, is_crowded, is_hopeless, no_layout
from hallplan.place.reviewing import redealt, reviewed, undealt
from hallplan.place.rows import chosen_form, form_rank
from hallplan.place.search import CHOICE_SHARE, THEMES, Clock, Start, eased, empty_state, never
from hallplan.place.starts import Starts, share_of_work
from hallplan.place.state import State
from hallplan.place.task import Task
from hallplan.place.warming import warm
from hallplan.place.weights import Budget, budget
from hallplan.place.worth import broken_by
from hallplan.settings import Settings
from hallplan.terms import text
from hallplan.units import round_m

USUAL_ZONES, MOST_MORE = 30, 8.0
"""Zones of a usual floor; smaller ones have up to so many times as many runners-up: exact coordinates take that much less time there."""
TRIALS, TRIAL_STEPS = 2, 120
"""Starts that try whether another programme fits, and zones placed by force in each."""


@dataclass(frozen=True, eq=False)
class Finished:
    """A layout with its score, the true shapes of zones that are no rectangles, and the side people come to zones from."""

    score: float
    state: State
    parts: tuple[ScorePart, ...]
    areas: dict[int, Polygon]
    sides: dict[int, int]


def place_zones(
    site: Site,
    programme: Programme,
    settings: Settings,
    *,
    spare: int = 0,
    start: Layout | None = None,
    without: Mapping[str, Site] | None = None,
    stop: Callable[[], StoppedBy | None] = never,
    jobs: int = 2,
) -> tuple[Layout, ...]:
    """Returns layouts that differ in kind, the best first, with ids "1", "2", …

    spare: layouts to return beyond the alternatives asked for, where the search has found them.
    start: a layout to begin with, areas in the drawing's units, axes and origin: what can stay stays, and it is adapted once.
    without: sites as they were without something that the user keeps, by that wish in words: each has a price.
    stop: asked between rounds; when it names a reason the best so far is returned with it.
    jobs: threads, and processes; the result is the same whatever their number.
    Raises InfeasibleError when no layout keeps what must hold, naming the zones without a place, or none was found in
    the time given; Interrupted when it was stopped before there was a layout.
    """
    wish = settings.place
    task = fitted_task(site, programme, settings)
    work, clock = budget(wish.effort), Clock.of(stop, _ready(task, wish.seconds, jobs), wish.seconds)
    if start is not None:
        return (_adapted(task, start, settings, clock),)
    search, end = Starts(task, work, wish.seed, clock, jobs), clock.at(1.0)
    best, starts = _found(search, wish.alternatives, spare)
    share = 0.0 if clock.stopped else share_of_work(task)
    rounds, closing = round(share * work.unmixing), round(share * work.closing)
    hands = jobs, stop
    picked = held(best, (wish.alternatives, spare), Mending(wish.seed, rounds, closing, end), hands)
    end = time.monotonic() if stop() else end
    others = runners_up(starts, picked, _n_runners_up(work, task)) if not stop() and time.monotonic() < end else []
    states = [*picked, *others]
    exact: list[Callable[[], Finished | None]] = [partial(_exact, state, best, end) for state in picked]
    exact += [partial(_exact_if_kept, state, end) for state in others]
    known = {n: one for n, one in enumerate(side_by_side(exact, *hands)) if one is not None}
    ranked = sorted(known, key=lambda n: rank_of(known[n].score, known[n].state, known[n].parts))
    order = different(states, ranked, len(picked), wish.alternatives)
    done = [known[n] for n in order]
    prices = (
        wish_prices(opened(states[order[0]]), wish, FURTHER * rounds, hands, end, without)
        if rounds and not stop()
        else ()
    )
    bound = least_score(undealt(task))
    names = name_all([one.state for one in done])
    why: StoppedBy = clock.stopped or stop() or ("time" if search.is_short else "effort")
    named = enumerate(zip(names, done, strict=True), 1)
    return tuple(_layout(str(n), name, one, task, bound, why, () if n > 1 else prices) for n, (name, one) in named)


def _ready(task: Task, seconds: float | None, jobs: int) -> float:
    """The time, s, from which a cap in seconds counts: compiling, once on a machine, is not searching."""
    if seconds is not None:
        warm(empty_state(task, 0), jobs)
    return time.monotonic()


def has_layout(
    site: Site,
    programme: Programme,
    settings: Settings,
    *,
    stop: Callable[[], StoppedBy | None] = never,
    jobs: int = 2,
) -> bool:
    """Returns whether a quick search by force finds a complete layout that asks little less; that it finds none proves nothing."""
    task = eased(fitted_task(site, programme, settings))[0]
    clock = Clock(stop)
    if is_hopeless(task, clock) or is_beyond(task) or is_crowded(task, clock):
        return False
    return is_placed(
        Starts(task, budget("quick"), settings.place.seed, clock, jobs).forced(
            [empty_state(task, 0)] * TRIALS, 0, TRIAL_STEPS
        )
    )


def _n_runners_up(work: Budget, task: Task) -> int:
    """How many runners-up get exact coordinates: more on small floors, where these take least time, fewer on very large ones."""
    movable = sum(not spec.is_settled for spec in task.specs)
    return round(share_of_work(task) * work.runners_up * min(MOST_MORE, math.pow(USUAL_ZONES / max(1, movable), 1.5)))


def _found(search: Starts, many: int, spare: int) -> tuple[list[Candidate], list[Start]]:
    """The best layouts that differ in kind: from taking zones out, then from more starts while they are fewer than asked; and all starts.

    When the first of these place all zones nowhere, others follow only if the programme that asks least may fit.
    Raises InfeasibleError when none is complete, Interrupted when it was stopped before one was.
    """
    easing = Easing(search)
    starts = search.staged(many + spare, easing.may_fit_well)
    starts += easing.between_lines(many + spare) if is_placed(starts) else []
    if not is_placed(starts) and easing.may_fit_well():
        starts += search.in_bays()
    is_eased = not is_placed(starts)
    if is_eased and easing.may_fit():
        starts += easing.starts(is_from_task=True)
    hands, end = (search.jobs, search.clock.check), search.clock.at(CHOICE_SHARE)
    found = chosen(starts, many + spare, hands, end=end)
    for more in () if is_eased else STARTS:
        if len(found) >= many or search.clock.check():
            break
        starts += more(search, easing)
        found = chosen(starts, many + spare, hands, end=end)
    if not found:
        raise no_layout(search.task, [*starts, *easing.tried], search.clock)
    return (found if len(found) >= many else chosen(starts, many, hands, SMALL_MOVE, end)), starts


STARTS: tuple[Callable[[Starts, Easing], list[Start]], ...] = (
    lambda search, _: search.in_bays(),
    lambda search, _: search.ruined(range(search.budget.starts)),
    lambda search, _: search.ruined(range(search.budget.starts, search.budget.starts + len(THEMES) + 1)),
    lambda _, easing: easing.starts(is_from_task=False),
)
"""What follows while there are fewer layouts than asked: aisles first, then other starts, each theme once, then asking less."""


def _adapted(task: Task, given: Layout, settings: Settings, clock: Clock) -> Layout:
    """The given layout with what does not fit any more put elsewhere; raises InfeasibleError when something has no place."""
    # a layout found by asking less is kept by asking as little, not taken apart
    task = max((task, *eased(task)), key=lambda one: n_staying(one, given))
    adapted = adapt(task, given, settings.place.seed, budget(settings.place.effort).rounds, clock)
    state = next((one for _, one in adapted.start.best if not one.unplaced), None)
    if state is None:
        raise no_layout(task, [adapted.start], clock)
    state = closed_as_given(state, given)
    _, exact, parts = score_of(reviewed(state))
    parts = (*parts, adapted.part(state))
    movable = sum(not spec.is_settled for spec in task.specs)
    name = text("place.adapted", moved=len(adapted.moved(state)), added=movable - len(adapted.homes))
    finished = _finished((0.0, exact, parts), lambda grown: adapted.areas(state, grown))
    return _layout("1", name, finished, task, least_score(undealt(task)), clock.stopped or "effort")


def is_broken(parts: Iterable[ScorePart]) -> bool:
    """Returns whether a layout breaks what is no matter of taste: staff on visitors' ways, ways out that are too long."""
    return broken_by(parts) > 0.0


def _exact(state: State, known: Sequence[Candidate], end: float) -> Finished:
    """The layout with exact coordinates, as long as there is time, and its corners given away.  known: layouts that have been scored."""
    scored = straight(known_score(state, known))
    if time.monotonic() > end:
        return _finished(scored)
    one = polish(scored[1], scored[2], end)
    return _finished((one.score, one.state, one.parts))


def _exact_if_kept(state: State, end: float) -> Finished | None:
    """A runner-up with exact coordinates, as long as there is time and it keeps what must hold; else None."""
    if time.monotonic() > end:
        return None
    candidate = Candidate.of(state)
    return None if any(candidate.rank[:2]) else _exact(state, [candidate], end)


def _finished(
    scored: Scored, keep: Callable[[dict[int, Polygon]], dict[int, Polygon]] = lambda grown: grown
) -> Finished:
    """The layout with leftover corners given to the zones beside them, and its score then; keep: says which shapes stay."""
    _, state, parts = scored
    movable = [spec.index for spec in state.task.specs if spec.zone.fixed_area is None]
    sides = {z: side for z in movable if (side := _public_side(state, z)) is not None}
    areas = keep(grown_areas(state, sides))
    parts = with_areas(state, parts, areas)
    return Finished(sum(part.cost for part in parts), state, parts, areas, sides)


def _layout(
    id: str, name: str, done: Finished, task: Task, bound: float, why: StoppedBy, prices: tuple[WishPrice, ...] = ()
) -> Layout:
    zones = tuple(_placed(done, spec.index) for spec in done.state.task.specs if not spec.is_staff_way)
    aisles = make_aisles(done.state)
    broken = breaches(done.state) if is_broken(done.parts) else ()
    score, least = round(done.score, 6), round(min(bound, done.score), 6)
    return Layout(
        id,
        name,
        zones,
        aisles,
        score,
        done.parts,
        least,
        why,
        breaches=broken,
        narrows=narrows(done.state),
        prices=prices,
        reviews=redealt(task, done.state.task),
    )


def _placed(done: Finished, z: int) -> PlacedZone:
    state = done.state
    spec, grid = state.task.specs[z], state.task.grids[state.floor[z]]
    zone = spec.zone
    if zone.fixed_area is not None:
        # a bare copy, as from another process: what was prepared to be looked at is measured otherwise in the last digit
        area = shapely.from_wkb(shapely.to_wkb(zone.fixed_area))
        return PlacedZone(zone.id, zone.type, grid.floor.id, area, round(area.area, 4), zone.target_m2, None, "", True)
    area = (
        spec.lock.area
        if spec.lock is not None
        else done.areas.get(z) or box(*(round_m(value) for value in grid.rect(state.rects[z])))
    )
    facing = 90.0 * done.sides[z] if z in done.sides else None
    m2 = round(net_m2(state, z, area), 4)
    is_locked = spec.lock is not None
    return PlacedZone(zone.id, zone.type, grid.floor.id, area, m2, zone.target_m2, facing, _form(state, z), is_locked)


def _form(state: State, z: int) -> str:
    """The form that a zone's counters are laid out in, the greatest where it holds none."""
    form, forms = chosen_form(state, z), state.task.specs[z].zone.forms
    if form is None and (not forms or state.task.specs[z].lock is not None):
        return ""
    return (form or max(forms, key=form_rank)).name


def _public_side(state: State, z: int) -> int | None:
    """The side that people come to a zone from: its front, else the side of a public zone that most way lies along."""
    spec, floor = state.task.specs[z], state.floor[z]
    if state.front[z] >= 0:
        return state.front[z]
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
            best, side = open_m * length, turn
    return side
