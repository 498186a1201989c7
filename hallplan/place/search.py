"""Taking zones out and putting them back in at the best places: many starts, each its own random numbers."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from hallplan.model.layout import StoppedBy
from hallplan.parallel import is_told
from hallplan.place import spots
from hallplan.place.ejecting import Ejection
from hallplan.place.inserting import lying, recreate, some_shapes
from hallplan.place.putting import BLOCKS
from hallplan.place.question import question
from hallplan.place.rounds import AWAY, COOLEST, FAR_M, MOST_OUT, NOISE, PARTNERS, Rounds
from hallplan.place.standing import is_whole
from hallplan.place.state import State
from hallplan.place.task import Task
from hallplan.place.weights import WEIGHTS, Work
from hallplan.place.worth import Worth

MOST_KEPT, MOST_SOUND = 6, 2
"""Of the states of a start so many are kept, and beside these so many that break nothing that must hold."""
SEARCH_SHARE = 0.8
"""Share of the seconds given that the search may take; the rest is for looking closely at its layouts and making them exact."""
CHOICE_SHARE = 0.9
"""Share of the seconds given after which no further layout is looked at closely."""
THEMES = (None, 2, 1, 3, 0)
"""Quarter turns of the main counters' front from the way visitors come in: any, facing them, to either side, away."""


def never() -> StoppedBy | None:
    """Never stops a search."""
    return None


@dataclass(eq=False)
class Clock:
    """Tells a search to stop: `stop` asks, and the time cap, both looked at between rounds."""

    stop: Callable[[], StoppedBy | None]
    deadline: float | None = None
    stopped: StoppedBy | None = None
    seconds: float | None = None

    @classmethod
    def of(cls, stop: Callable[[], StoppedBy | None], begin: float, seconds: float | None) -> Clock:
        """Returns the clock of a search that began at a time and may take its share of the seconds given."""
        return cls(stop, None if seconds is None else begin + SEARCH_SHARE * seconds, seconds=seconds)

    def check(self) -> StoppedBy | None:
        """Returns why to stop, None to go on."""
        if self.stopped is None:
            told = is_told()  # which may have asked this clock
            self.stopped = self.stopped or ("interrupt" if told else self.stop())
        if self.stopped is None and self.deadline is not None and time.monotonic() > self.deadline:
            self.stopped = "time"
        return self.stopped

    def left(self) -> float:
        """Returns how many seconds the search may still take; infinite where none are given."""
        return math.inf if self.deadline is None else max(0.0, self.deadline - time.monotonic())

    def at(self, share: float) -> float:
        """Returns when a share of the seconds given is over, on the clock of time.monotonic(), s; infinite where none are given."""
        if self.deadline is None or self.seconds is None:
            return math.inf
        return self.deadline + (share - SEARCH_SHARE) * self.seconds

    def check_end(self) -> StoppedBy | None:
        """Returns why to end altogether: all of the seconds given are over, not only the share of the search."""
        return self.stop() or ("time" if time.monotonic() > self.at(1.0) else None)


@dataclass(eq=False)
class Start:
    """One start of the search: its best states found, cheapest first. is_hopeless: its drafts left out too many zones to go on."""

    best: list[tuple[float, State]] = field(default_factory=list)
    is_hopeless: bool = False

    def keep(self, cost: float, state: State, most: int = MOST_KEPT) -> None:
        """Keeps a state among the best."""
        if all(abs(cost - other) > 1e-6 for other, _ in self.best):
            self.best.append((cost, state.copy()))
            self.best.sort(key=lambda pair: pair[0])
            del self.best[most:]


def eased(task: Task) -> tuple[Task, ...]:
    """Returns tasks that ask less: areas below their least, then narrower ways before all counters but the largest, then
    no way of its own to the door of each toilet or stair: in a small station one passes through the guide's area.  In none does the
    entrance zone lie inside all main doors that stand beside one another.
    """
    task = replace(task, specs=tuple(replace(spec, abreast=()) for spec in task.specs))
    less = with_less(task, WEIGHTS.least_share)
    least = [spec.zone for spec in less.specs]
    counters = sorted((zone for zone in least if zone.forms), key=lambda zone: (-zone.target_m2, zone.id))
    second = WEIGHTS.second_way_m
    narrow = [
        replace(zone, front_way_m=second) if zone.front_way_m > second and zone not in counters[:1] else zone
        for zone in least
    ]
    asking = [
        less,
        replace(task, specs=tuple(s.asking(zone) for s, zone in zip(task.specs, narrow, strict=True))),
    ]
    passing = tuple(replace(grid, room_reach_m=math.inf) for grid in task.grids)
    return (*asking, replace(task, grids=passing), replace(asking[-1], grids=passing))


def with_less(task: Task, share: float) -> Task:
    """Returns the task with a share of its least areas."""
    return replace(task, specs=tuple(s.asking(replace(s.zone, min_m2=s.zone.min_m2 * share)) for s in task.specs))


def themed(task: Task, n: int) -> Task:
    """Returns the task of start n: every other start has its main counters face one way only, so that kinds differ."""
    side = THEMES[n % len(THEMES)]
    main = [spec for spec in task.specs if spec.zone.forms and not spec.is_settled]
    if side is None or not main:
        return task
    first = max(main, key=lambda spec: (spec.zone.target_m2, spec.zone.id))
    turned = replace(first, shapes=first.shapes[first.shapes[:, 2] == (task.entry_side + side) % 4])
    return replace(task, specs=tuple(turned if spec is first else spec for spec in task.specs))


def empty_state(task: Task, n: int) -> State:
    """Returns what start n begins with: only what the drawing or a lock fixes is placed."""
    state = State.empty(themed(task, n))
    put_fixed(state)
    return state


def mend(state: State, seed: tuple[int, ...], work: Work, clock: Clock) -> Start:
    """Returns what a start finds that begins with some zones placed, or all."""
    worth = Worth()
    return go_on(state.copy(), np.random.default_rng(seed), work, clock, worth, swift=Rounds(worth))


class PutBack(Protocol):
    """Puts zones that are out back in, as `recreate` does."""

    def __call__(self, state: State, zones: list[int], rng: np.random.Generator, noise: float) -> None:
        """Places what can be placed of the zones."""


def go_on(
    state: State,
    rng: np.random.Generator,
    work: Work,
    clock: Clock,
    cost_of: Callable[[State, float], float],
    *,
    put_back: PutBack = recreate,
    swift: Rounds | None = None,
) -> Start:
    """Places what is still out, by force where it must be, then takes zones out and puts them back.

    swift: rounds over whole states, where `cost_of` asks for no more than their worth lets through.
    """
    start, sound = Start(), Start()
    put_back(state, [z for z in state.task.order if not state.is_placed(z)], rng, noise=3 * WEIGHTS.noise)
    if state.unplaced and work.steps:
        start.keep(cost_of(state, math.inf), state)
        state = Ejection(state, rng).run(work.steps, clock.check)
    cost = cost_of(state, math.inf)
    start.keep(cost, state)
    rounds = 0 if state.unplaced and work.steps else round(work.rounds / (1.0 - work.cooled))
    word, n = rng.integers(1, 1 << 63, 1, np.uint64), rounds - work.rounds if rounds else 0
    while n < rounds and not clock.check():
        trial: State | None = None
        if swift and not state.unplaced:
            n, trial, most = swift.next(state, cost, (n, rounds), word)
        else:
            heat = NOISE * 2.0 * COOLEST ** (n / rounds)
            trial, most = _round(state, rng, heat, put_back), cost - heat * math.log(max(rng.random(), 1e-12))
            n += 1
        new = math.inf if trial is None else cost_of(trial, most)
        if trial is None or not new < most:
            continue
        state, cost = trial, new
        start.keep(cost, state)
        if swift and not state.unplaced and not swift.worth.broken:
            sound.keep(cost, state, MOST_SOUND)
    for one in sound.best:
        start.keep(*one, most=MOST_KEPT + MOST_SOUND)
    return start


def _round(state: State, rng: np.random.Generator, heat: float, put_back: PutBack) -> State | None:
    """Returns a state with some zones taken out and put back in, None where all lies as before."""
    trial = state.copy()
    trial.is_tight = bool(state.unplaced) and rng.random() < 0.7
    out = (make_room(trial, rng) if rng.random() < 0.7 else None) or ruin(trial, rng)
    put_back(trial, _shuffled(trial, out, rng), rng, noise=heat / 2)
    return None if (trial.rects, trial.front, trial.floor) == (state.rects, state.front, state.floor) else trial


def _shuffled(state: State, out: tuple[list[int], list[int]], rng: np.random.Generator) -> list[int]:
    """Zones in the task's order, some of them moved at random; those that had no place first, more often than not."""
    unplaced, taken = out
    rank = {z: state.task.rank[z] + (rng.normal(0, 3) if rng.random() < 0.5 else 0.0) for z in (*unplaced, *taken)}
    if rng.random() < 0.7:
        rank.update({z: rank[z] - 100.0 for z in unplaced})
    return sorted(rank, key=lambda z: (rank[z], z))


def ruin(state: State, rng: np.random.Generator) -> tuple[list[int], list[int]]:
    """Takes out one zone and some of those around it; returns all that had no place, and these."""
    task = state.task
    movable = [s.index for s in task.specs if state.is_placed(s.index) and s.zone.fixed_area is None]
    unplaced = state.unplaced
    if not movable:
        return unplaced, []
    first = movable[int(rng.integers(len(movable)))]
    many = int(rng.integers(1, min(MOST_OUT, len(movable)) + 1)) + (3 if unplaced else 0)
    at = state.access_points[movable]
    gaps = np.hypot(at[:, 1] - at[movable.index(first), 1], at[:, 2] - at[movable.index(first), 2])
    gaps = np.where(at[:, 0] == state.floor[first], gaps * (0.6 + 0.8 * rng.random(len(movable))), FAR_M)
    out = [movable[n] for n in np.argsort(gaps, kind="stable")[:many].tolist()]
    for partner in (task.partners.get(first), task.waits.get(first)):
        if partner in movable and partner not in out and rng.random() < PARTNERS:
            out.append(partner)
    if rng.random() < AWAY:
        state.away = (first, state.floor[first], state.rects[first])
    for z in out:
        state.take(z)
    return unplaced, out


def make_room(state: State, rng: np.random.Generator) -> tuple[list[int], list[int]] | None:
    """Puts a zone without a place at one of its cheapest places on the bare floor, taking out what lies there.

    Returns the zones still without a place and those taken out; None when there is nothing to do or nowhere.
    """
    unplaced = state.unplaced
    if not unplaced:
        return None
    z = unplaced[int(rng.integers(len(unplaced)))]
    spec = state.task.specs[z]
    shapes = some_shapes(spec.shapes, spec.zone.min_m2 if rng.random() < 0.7 else math.inf, rng)
    rows = []
    for floor in spec.floors:
        asked = question(state, spec, floor, shapes, WEIGHTS.noise, is_bare=True)
        found = spots.scan(*asked, BLOCKS, int(rng.integers(1 << 30)))
        rows += [(len(lying(state, floor, row, shapes)), row[0], floor, *row[1:]) for row in found.tolist()
                 if math.isfinite(row[0])]  # fmt: skip
    if not rows:
        return None
    rows.sort()
    row = rows[min(int(rng.exponential(2.0)), len(rows) - 1)]
    out = lying(state, row[2], (row[1], *row[3:]), shapes)
    for one in out:
        state.take(one)
    i0, j0, i1, j1, s = (int(value) for value in row[3:])
    state.put(z, row[2], (i0, j0, i1, j1), int(shapes[s, 2]))
    if not is_whole(state, row[2]):
        state.take(z)
    return [one for one in unplaced if not state.is_placed(one)], out


def put_fixed(state: State) -> None:
    """Places the zones that the drawing or a lock fixes: the cells their area covers for the most part."""
    for spec in state.task.specs:
        area = spec.zone.fixed_area
        if area is None:
            continue
        floors = [n for n, grid in enumerate(state.task.grids) if grid.floor.id == spec.zone.fixed_floor]
        floor = floors[0] if floors else spec.floors[0]
        state.put_fixed(spec.index, floor, area)
