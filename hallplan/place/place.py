"""The stage: a programme on a site becomes ranked layouts that differ in kind."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from shapely.geometry import Polygon, box

from hallplan.model.layout import Layout, PlacedZone, ScorePart, StoppedBy
from hallplan.model.programme import Programme
from hallplan.model.site import Site
from hallplan.parallel import side_by_side
from hallplan.place import kernels as k
from hallplan.place.aisles import make_aisles
from hallplan.place.alternatives import LEAST_MOVE, SMALL_MOVE, differ, name_all
from hallplan.place.corners import grown_areas, net_m2, with_areas
from hallplan.place.easing import Easing, is_placed
from hallplan.place.keeping import adapt, n_staying
from hallplan.place.lined import windows_lacking
from hallplan.place.polish import polish
from hallplan.place.reasons import is_beyond, is_crowded, is_hopeless, no_layout
from hallplan.place.score import least_score, score_parts
from hallplan.place.search import THEMES, Clock, Start, eased, empty_state, loosened
from hallplan.place.starts import Bare, Starts, bare, clothed, is_joined
from hallplan.place.state import State
from hallplan.place.task import Task, make_task
from hallplan.place.trim import on_lines
from hallplan.place.unmixing import another, apart, unmixed
from hallplan.place.weights import WEIGHTS, Work, budget, score_weights
from hallplan.place.worth import broken_by
from hallplan.settings import Settings
from hallplan.terms import text
from hallplan.units import round_m

SPARE, AREA_TOL = 4, 1e-3
BEHIND = 1e9
"""What a layout that breaks what must hold counts as on top, and half of what one with less than the least areas does."""
HARD, HARDEST, NEARLY = 10, 2, 1.1
"""Where no layout that is nearly as good as the best keeps what must hold, two are gone on with for this many times the rounds of mending."""
FURTHER = 4
"""Where alternatives are missing, others are looked for in this many times the rounds of mending."""
TRIED = 2
"""Of the layouts that keep staff apart best, this many are weighed by the score."""
TRIALS, TRIAL_STEPS = 2, 120
"""Starts that try whether another programme fits, and zones placed by force in each."""
Scored = tuple[float, State, tuple[ScorePart, ...]]
Rank = tuple[bool, bool, float]
Hands = tuple[int, Callable[[], StoppedBy | None]]
"""Processes that work side by side, and what is asked whether they are to stop."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """A layout as the search found it, and with its score on lines of its own."""

    found: State
    scored: Scored

    @property
    def rank(self) -> Rank:
        """What candidates are ordered by."""
        return _rank(*self.scored)

    @classmethod
    def of(cls, found: State) -> Candidate:
        """Returns the candidate that a state of the search is."""
        return cls(found, _scored(found))


@dataclass(frozen=True, eq=False)
class Finished:
    """A layout with its score, the true shapes of zones that are no rectangles, and the side people come to zones from."""

    score: float
    state: State
    parts: tuple[ScorePart, ...]
    areas: dict[int, Polygon]
    sides: dict[int, int]


def never() -> StoppedBy | None:
    """Never stops a search."""
    return None


def place_zones(
    site: Site,
    programme: Programme,
    settings: Settings,
    *,
    spare: int = 0,
    start: Layout | None = None,
    stop: Callable[[], StoppedBy | None] = never,
    jobs: int = 2,
) -> tuple[Layout, ...]:
    """Returns layouts that differ in kind, the best first, with ids "1", "2", …

    spare: layouts to return beyond the alternatives asked for, where the search has found them.
    start: a layout to begin with, areas in the drawing's units, axes and origin: what can stay stays, and it is adapted once.
    stop: asked between rounds; when it names a reason the best so far is returned with it.
    jobs: threads, and processes; the result is the same whatever their number.
    Raises InfeasibleError when no layout keeps what must hold, naming the zones without a place, or none was found in
    the time given; Interrupted when it was stopped before there was a layout.
    """
    wish, begin = settings.place, time.monotonic()
    task = loosened(make_task(site, programme, score_weights(settings), wish.together, wish.apart))
    work = budget(wish.effort)
    clock = Clock.of(stop, begin, wish.seconds)
    end = math.inf if wish.seconds is None else begin + wish.seconds
    if start is not None:
        return (_adapted(task, start, settings, clock),)
    chosen = _found(Starts(task, work, wish.seed, clock, jobs), wish.alternatives, spare)
    rounds, hands = 0 if clock.stopped else work.unmixing, (jobs, stop)
    mending = [partial(_mended, one, (wish.seed, n), rounds, end) for n, one in enumerate(chosen)]
    mended = [clothed(one.found.task, rows) for one, rows in zip(chosen, side_by_side(mending, *hands), strict=True)]
    picked = _with_others(mended, (wish.alternatives, spare), (wish.seed, rounds, end), hands)
    end = time.monotonic() if stop() else end
    exact = [partial(_exact, state, end) for state in picked]
    done = sorted(side_by_side(exact, *hands), key=lambda one: _rank(one.score, one.state, one.parts))
    bound = least_score(task)
    names = name_all([one.state for one in done])
    why: StoppedBy = clock.stopped or stop() or "effort"
    return tuple(
        _layout(str(n), name, one, bound, why) for n, (name, one) in enumerate(zip(names, done, strict=True), 1)
    )


def has_layout(
    site: Site,
    programme: Programme,
    settings: Settings,
    *,
    stop: Callable[[], StoppedBy | None] = never,
    jobs: int = 2,
) -> bool:
    """Returns whether a quick search by force finds a complete layout that asks little less; that it finds none proves nothing."""
    wish = settings.place
    task = eased(loosened(make_task(site, programme, score_weights(settings), wish.together, wish.apart)))[0]
    clock = Clock(stop)
    if is_hopeless(task) or is_beyond(task) or is_crowded(task, clock):
        return False
    return is_placed(
        Starts(task, budget("quick"), wish.seed, clock, jobs).forced([empty_state(task, 0)] * TRIALS, 0, TRIAL_STEPS)
    )


def _found(search: Starts, many: int, spare: int) -> list[Candidate]:
    """The best layouts that differ in kind: from taking zones out, then from more starts while they are fewer than asked.

    When the first of these place all zones nowhere, others follow only if the programme that asks least may fit.
    Raises InfeasibleError when none is complete, Interrupted when it was stopped before one was.
    """
    easing = Easing(search)
    starts = search.staged(many + spare, easing.may_fit_well)
    if not is_placed(starts) and easing.may_fit_well():
        starts += search.in_bays()
    is_eased = not is_placed(starts)
    if is_eased and easing.may_fit():
        starts += easing.starts(is_from_task=True)
    chosen = _choose(starts, many + spare)
    for more in () if is_eased else STARTS:
        if len(chosen) >= many or search.clock.check():
            break
        starts += more(search, easing)
        chosen = _choose(starts, many + spare)
    if not chosen:
        raise no_layout(search.task, [*starts, *easing.tried], search.clock)
    return chosen if len(chosen) >= many else _choose(starts, many, SMALL_MOVE)


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
    whole = _complete([adapted.start])
    if not whole:
        raise no_layout(task, [adapted.start], clock)
    state = whole[0][1]
    _, exact, parts = _scored(state)
    parts = (*parts, adapted.part(state))
    movable = sum(spec.zone.fixed_area is None for spec in task.specs)
    name = text("place.adapted", moved=len(adapted.moved(state)), added=movable - len(adapted.homes))
    finished = _finished((0.0, exact, parts), lambda grown: adapted.areas(state, grown))
    return _layout("1", name, finished, least_score(task), clock.stopped or "effort")


def is_short(state: State) -> bool:
    """Whether a zone has less than the programme's least area: such a layout ranks behind all that keep it."""
    zones = state.task.programme.zones
    return any(
        state.net_area(spec.index) < zones[spec.index].min_m2 * (1 - AREA_TOL)
        for spec in state.task.specs
        if spec.zone.fixed_area is None and state.is_placed(spec.index)
    )


def _rank(score: float, state: State, parts: tuple[ScorePart, ...]) -> Rank:
    """Whether a layout lacks least areas, whether it breaks what must hold, then its score with what that counts as."""
    broken = broken_by(parts)
    return is_short(state), broken > 0.0, score + broken + WEIGHTS.window * windows_lacking(state)


def is_broken(parts: Iterable[ScorePart]) -> bool:
    """Returns whether a layout breaks what is no matter of taste: staff on visitors' ways, ways out that are too long."""
    return broken_by(parts) > 0.0


def _complete(starts: list[Start]) -> list[tuple[float, State]]:
    """All states with every zone placed: each start's best first, then their second bests, and so on."""
    pairs = [(rank, cost, n, state) for n, s in enumerate(starts) for rank, (cost, state) in enumerate(s.best)]
    whole = [entry for entry in pairs if not entry[3].unplaced]
    return [(cost, state) for _, cost, _, state in sorted(whole, key=lambda entry: entry[:3])]


def _scored(state: State) -> Scored:
    """The state with its score: cut back to greatest areas as far as ways allow, on lines of its own, else on those it was found on."""
    exact = next((one for one in on_lines(state) if is_joined(one)), state)
    parts = score_parts(exact)
    return sum(part.cost for part in parts), exact, parts


def _choose(starts: list[Start], many: int, least_move: float = LEAST_MOVE) -> list[Candidate]:
    """The best layouts that differ in kind, by the search's own cost, then ranked by score."""
    kinds: list[State] = []
    for _, state in sorted(_complete(starts), key=lambda pair: (is_short(pair[1]), pair[0])):
        if len(kinds) < many + SPARE and all(differ(state, other, least_move) for other in kinds):
            kinds.append(state)
    return sorted((Candidate.of(state) for state in kinds), key=lambda one: one.rank)[:many]


def _mended(candidate: Candidate, seed: tuple[int, int], rounds: int, end: float) -> list[Bare]:
    """The layout with staff kept off visitors' ways as far as that was found, as long as there is time, and a second one that breaks
    nothing; with their ranks as costs."""
    best = [candidate]
    if time.monotonic() < end:
        found = unmixed(candidate.found, seed, rounds, Clock(never, end)).best
        others = [Candidate.of(state) for _, state in found[:TRIED] if not state.unplaced]
        best = sorted([candidate, *others], key=lambda one: one.rank)
        further = (one for _, one in found[TRIED:] if not one.unplaced and differ(one, best[0].found, SMALL_MOVE))
        best = [best[0], *(one for one in (*best[1:], *map(Candidate.of, further)) if not any(one.rank[:2]))]
    return bare([(_cost_of(one.rank), one.found) for one in best[:2]])


def _cost_of(rank: Rank) -> float:
    """A number that orders layouts as their ranks do."""
    return rank[2] + (BEHIND * rank[1] + 2 * BEHIND * rank[0])


def _picked(mended: Sequence[Sequence[tuple[float, State]]], many: int) -> list[State]:
    """The best layouts, of different kinds where there are enough; those that break what must hold only where none keeps it."""
    pool = sorted(((cost, n, m, state) for m, own in enumerate(mended) for n, (cost, state) in enumerate(own)),
                  key=lambda entry: entry[:3])  # fmt: skip
    if pool[0][0] < BEHIND:
        pool = [entry for entry in pool if not math.floor(entry[0] / BEHIND) % 2]
    picked: list[State] = []
    for least_move in (LEAST_MOVE, SMALL_MOVE):
        for *_, state in pool:
            if len(picked) < many and all(differ(state, other, least_move) for other in picked):
                picked.append(state)
    return picked


def _with_others(
    mended: list[list[tuple[float, State]]], many: tuple[int, int], work: tuple[int, int, float], hands: Hands
) -> list[State]:
    """The best layouts of different kinds, others looked for from those that keep what must hold where these are too few.

    many: layouts asked for, and spare ones.  work: seed, rounds of mending, and the end.
    """
    (asked, spare), (seed, rounds, end), (_, stop) = many, work, hands
    picked, task = _picked(mended, asked + spare), mended[0][0][1].task
    hard = _hard([own[0] for own in mended]) if rounds and not stop() else []
    if hard:
        runs = [partial(_at_length, state, (seed, n), rounds, end) for n, state in enumerate(hard)]
        mended = [*mended, *(clothed(task, rows) for rows in side_by_side(runs, *hands))]
        picked = _picked(mended, asked + spare)
    missing = asked - len(picked)
    if missing <= 0 or not rounds or stop():
        return picked
    others = [partial(_another, picked[n % len(picked)], picked, (seed, n), rounds, end) for n in range(missing + 1)]
    return _picked([*mended, *(clothed(task, rows) for rows in side_by_side(others, *hands))], asked + spare)


def _hard(found: Sequence[tuple[float, State]]) -> list[State]:
    """Layouts to go on with at length: none where the best of all, or nearly, keeps what must hold; else the best that breaks it and
    the best that does not, or the two best."""
    kept, broken = ([one for one in sorted(found, key=lambda one: one[0]) if (one[0] >= BEHIND) == is_broken]
                    for is_broken in (False, True))  # fmt: skip
    if kept and (not broken or kept[0][0] <= NEARLY * (broken[0][0] - BEHIND)):
        return []
    return [state for _, state in (*broken[:1], *kept[:1], *broken[1:])][:HARDEST]


def _at_length(state: State, seed: tuple[int, int], rounds: int, end: float) -> list[Bare]:
    """What many rounds make of a layout that breaks what must hold, where all others do too, with its rank as cost."""
    found = apart(state, (*seed, HARD), Work(HARD * rounds), Clock(never, end)).best
    ranked = sorted((Candidate.of(one) for _, one in found[:TRIED] if not one.unplaced), key=lambda one: one.rank)
    return bare([(_cost_of(one.rank), one.found) for one in ranked])


def _another(state: State, picked: list[State], seed: tuple[int, int], rounds: int, end: float) -> list[Bare]:
    """The best layout found from one that keeps what must hold that does so too and is of another kind, or, every other time, at
    least another one, with its rank as cost."""
    least_move = SMALL_MOVE if seed[1] % 2 else LEAST_MOVE
    work, clock = Work(FURTHER * rounds), Clock(never, end)
    found = another(state, picked, least_move, (*seed, FURTHER), work, clock).best
    whole = (one for _, one in found if not one.unplaced and all(differ(one, other, least_move) for other in picked))
    ranked = sorted(map(Candidate.of, itertools.islice(whole, TRIED)), key=lambda one: one.rank)
    return bare([(_cost_of(one.rank), one.found) for one in ranked[:1]])


def _exact(state: State, end: float) -> Finished:
    """The layout with exact coordinates, as long as there is time, and its corners given away."""
    scored = Candidate.of(state).scored
    if time.monotonic() > end:
        return _finished(scored)
    one = polish(scored[1], scored[2], end)
    return _finished((one.score, one.state, one.parts))


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


def _layout(id: str, name: str, done: Finished, bound: float, why: StoppedBy) -> Layout:
    zones = tuple(_placed(done, spec.index) for spec in done.state.task.specs)
    aisles = make_aisles(done.state)
    return Layout(id, name, zones, aisles, round(done.score, 6), done.parts, round(min(bound, done.score), 6), why)


def _placed(done: Finished, z: int) -> PlacedZone:
    state = done.state
    spec, grid = state.task.specs[z], state.task.grids[state.floor[z]]
    zone = spec.zone
    if zone.fixed_area is not None:
        area = zone.fixed_area
        return PlacedZone(zone.id, zone.type, grid.floor.id, area, round(area.area, 4), zone.target_m2, None, "", True)
    area = done.areas.get(z) or box(*(round_m(value) for value in grid.rect(state.rects[z])))
    facing = 90.0 * done.sides[z] if z in done.sides else None
    m2 = round(net_m2(state, z, area), 4)
    return PlacedZone(zone.id, zone.type, grid.floor.id, area, m2, zone.target_m2, facing, _form(state, z))


def _form(state: State, z: int) -> str:
    """The counter form that the rectangle holds, the one that fills it best."""
    zone, front = state.task.specs[z].zone, state.front[z]
    if not zone.forms:
        return ""
    x0, y0, x1, y1 = state.task.grids[state.floor[z]].rect(state.rects[z])
    along, behind = (x1 - x0, y1 - y0) if front in (k.NORTH, k.SOUTH) else (y1 - y0, x1 - x0)
    fits = [form for form in zone.forms if form.front_m <= along + 1e-6 and form.depth_m <= behind + 1e-6]
    return max(fits or zone.forms, key=lambda form: (form.name != "island", form.front_m * form.depth_m)).name


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
