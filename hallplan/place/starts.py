"""The starts of a placement, each on its own random numbers, shared among threads, their results in order."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from hallplan.parallel import side_by_side
from hallplan.place import bays
from hallplan.place.alternatives import LEAST_MOVE, differ
from hallplan.place.drafting import drafted
from hallplan.place.reviewing import reviewed
from hallplan.place.search import SEARCH_SHARE, Clock, Start, empty_state, mend
from hallplan.place.state import Rect, State, reached
from hallplan.place.task import Task
from hallplan.place.unmixing import another, apart
from hallplan.place.warming import warm
from hallplan.place.weights import Budget, Stage, Work
from hallplan.place.worth import Worth

USUAL_CELLS, MOST_CELLS = 4500, 16_000
"""Cells of a usual floor; floors with more than the second get less work, so that a search ends in some minutes there too."""
OF_DRAFTS, CELLS_OF_DRAFTS = 2.0, 600.0
"""A search takes so many times as long as its first drafts, and once more for each so many cells of the floors: 6.9 times on 2,800 cells,
8.2 on 3,600, 9.1 on 4,400. So it is known early what a machine does in the seconds given."""
MOST_DRAFTING = 0.3
"""Where the first drafts take more than this share of the search no others are drawn."""
FEWEST_ON, LEAST_ROUNDS = 2, 12
"""However few seconds are given, so many starts go on, none for fewer rounds than these."""
LEAST_STEPS, MOST_STEPS = 0.5, 2.5
"""Bounds of the factor by which steps by force grow on small floors and shrink on large ones."""
FORCED = 9002
"""Begins the random numbers of starts in which zones are placed by force alone."""
NEAREST = 2
"""How many starts of a first stage without a complete layout go on by force."""
FOCUSED = 9003
"""Begins the random numbers of the best starts, which go on alone at the end; the next numbers, of what follows that."""
OTHERS = 9100
"""Begins the random numbers of further kinds of layouts."""
SEEDS, MOST_SEED = 1009, 2**48
"""Random numbers of drafts are so far apart from one seed to the next."""
PLAIN = 4
"""Of so many starts one begins with the bare floor: where zones fill it, how they float says less."""
FIRST_DRAFTS = 5
"""Starts drawn first, four of which float, as many as fill two processes or four: these tell whether more are worth drawing."""
FIRST_FORCE = 1.3
"""Zones placed by force in all starts of the first stage together, as a multiple of what one start may take: others follow where none fits."""
MENDING = 0.25
"""Share of a start's work that goes into placing what the rows of a draft left out."""
FIRST_BAYS = 2
HOPELESS = 0.15
"""Share of the zones left out by its rows above which a draft is not mended."""


GoOn = Callable[[State, tuple[int, ...], Work, Clock], Start]
"""Goes on with a state, with random numbers of its own."""


def always() -> bool:
    """Says yes."""
    return True


@dataclass(eq=False)
class Starts:
    """What a search may spend on a task. jobs: threads; the result is the same whatever their number.

    whole_s: how long all of its work would take, by its first drafts, s; 0 before these.
    """

    task: Task
    budget: Budget
    seed: int
    clock: Clock
    jobs: int
    whole_s: float = field(default=0.0, init=False)

    def staged(self, least: int, may_fit: Callable[[], bool] = always) -> list[Start]:
        """Returns starts of which the best, of different kinds, went on: at least so many in the last stage.

        They work in processes, and answer when the clock stops them. What must hold is dear in the last stage only.
        Where the first stage has placed all zones nowhere, those with the fewest zones left out go on by force before the next.
        may_fit: asked when that too has placed all zones nowhere; when it says no the others are left out.
        """
        found: list[Start] = []
        first = empty_state(self.task, 0)
        warm(first, self.jobs)
        if self.jobs > 1:
            mend(first, (self.seed, 0), Work(1), self.clock)  # loads what else is compiled once, for all
        for stage, planned in enumerate(self.budget.stages):
            states = self._going_on(found, planned[0], least) if stage else self._begun(planned[0])
            steps = 0 if stage else round(FIRST_FORCE * self.budget.steps / max(1, len(states)))
            work = Work(self._scaled(planned[1]), steps)
            if not states or (stage and self.clock.check()):
                break
            if stage == 1 and all(one.unplaced for one in states) and not may_fit():
                break
            is_last = stage == len(self.budget.stages) - 1
            seeds = [(self.seed, n, stage) for n in range(len(states))]
            found = self._side_by_side(states, seeds, work, apart if is_last else mend)
            if not stage and not any(has_complete(start) for start in found):
                found += self._nearest(found)
        found += self._focused(found)
        return found + self._other_kinds(found, least)

    def _other_kinds(self, found: Sequence[Start], many: int) -> list[Start]:
        """Returns what comes of the best kinds, so many in all, that the last stage has not gone on with, when each of them does and stays
        of a kind of its own: else they would be leftovers of the search."""
        budget = self.budget.others
        if self.is_short or self.clock.check() or not budget.rounds:
            return []
        kinds, work = _kinds(found, many), Work(self._scaled(budget.rounds), cooled=budget.cooled)
        ended = sum(stage.many for stage in self.budget.focus[-1:])
        last = [state for start in found[len(found) - ended :] for _, state in start.best]
        runs, states = [], []
        for n, kind in enumerate(kinds):
            if all(kind is not state for state in last):
                run = partial(_another_kind, kinds[:n] + kinds[n + 1 :])
                states.append(reviewed(kind))
                runs.append(partial(_bare, run, states[-1], (self.seed, OTHERS, n), work, self.clock))
        rows = side_by_side(runs, self.jobs, self.clock.check)
        return [Start(clothed(state.task, one)) for state, one in zip(states, rows, strict=True)]

    def _begun(self, many: int) -> list[State]:
        """Returns what so many starts begin with; only the first few where all of these left out so many zones that more tell no more, or
        where few seconds are given."""
        begin = time.monotonic()
        first = self._drafts(range(min(many, FIRST_DRAFTS)))
        took = time.monotonic() - begin
        self.whole_s = (OF_DRAFTS + min(MOST_CELLS, self._cells) / CELLS_OF_DRAFTS) * took
        if took > MOST_DRAFTING * self._searched_s or all(map(is_sparse, first)):
            return first
        return first + self._drafts(range(FIRST_DRAFTS, many))

    def _going_on(self, found: Sequence[Start], many: int, least: int) -> list[State]:
        """Returns the best of some starts, so many, or fewer where few seconds are given; at least as many as are asked for."""
        return _best_kinds(found, max(self._afforded(many), least))

    def _drafts(self, numbers: range) -> list[State]:
        """Returns what the starts of these numbers begin with: zones put in where they floated to, in all but every fourth."""
        states = {n: empty_state(self.task, n) for n in numbers}
        floating = [n for n in numbers if n % PLAIN != PLAIN - 1]
        runs = [partial(_drafted, states[n], (self.seed * SEEDS + n) % MOST_SEED, self.clock) for n in floating]
        for n, row in zip(floating, side_by_side(runs, self.jobs, self.clock.check), strict=True):
            states[n] = clothed(states[n].task, row)[0][1]
        return list(states.values())

    def _focused(self, found: Sequence[Start]) -> list[Start]:
        """Returns what comes of the best of some starts when these alone go on, fewer and for longer each time."""
        last, out, pace = list(found), list[Start](), 0.0
        plan = [
            Stage(self._afforded(planned.many), self._scaled(planned.rounds), planned.cooled)
            for planned in self.budget.focus
        ]
        for stage, planned in enumerate(plan):
            states = [state for state in _best_kinds(last, planned.many) if not state.unplaced]
            if not states or self.clock.check():
                break
            begin, rounds = time.monotonic(), self._fitting(plan, stage, pace)
            seeds = [(self.seed, FOCUSED + stage, n) for n in range(len(states))]
            last = self._side_by_side(states, seeds, Work(rounds, cooled=planned.cooled), apart)
            pace = (time.monotonic() - begin) / (rounds * self._turns(len(states)))
            out += last
        return out

    def _fitting(self, plan: Sequence[Stage], stage: int, pace: float) -> int:
        """Returns the rounds of a stage of a plan: as planned or, where seconds are given, as many as take its share of what is left of
        them by the pace of the stage before, in s a round of one start: what is cut off before its heat is down is lost."""
        rounds = plan[stage].rounds
        if not pace or self.clock.deadline is None:
            return rounds
        share = rounds / sum(others.rounds * self._turns(others.many) for others in plan[stage:])
        most = self.budget.focus[stage].rounds if self.is_short else rounds
        return max(LEAST_ROUNDS, int(min(most, share * self.clock.left() / pace)))

    def _turns(self, many: int) -> int:
        """How many starts a process goes on with, one after the other, when so many do."""
        return -(-many // max(1, self.jobs))

    def _nearest(self, found: Sequence[Start]) -> list[Start]:
        """What comes of the starts nearest to complete when zones are placed by force at length; briefly on small floors, where other
        starts take as little time."""
        states = [state for state in fullest_first(found)[:NEAREST] if not is_sparse(state)]
        share = min(1.0, self._cells / USUAL_CELLS)
        seeds = [(self.seed, FORCED, 2, n) for n in range(len(states))]
        return self._side_by_side(states, seeds, Work(0, round(share * self.budget.steps)))

    def in_bays(self) -> list[Start]:
        """Returns the starts that draw aisles first and lay zones in rows along them; few where rows hold far from all zones."""
        starts = self._shared(self._bays, range(min(FIRST_BAYS, self.budget.bays.starts)))
        if starts and all(start.is_hopeless for start in starts):
            return starts
        return starts + self._shared(self._bays, range(FIRST_BAYS, self.budget.bays.starts))

    def ruined(self, numbers: range) -> list[Start]:
        """Returns the starts with these numbers that take zones out and put them back."""
        return self._side_by_side(
            [empty_state(self.task, n) for n in numbers], [(self.seed, n) for n in numbers], self._work
        )

    def forced(self, states: Sequence[State], stage: int, steps: int) -> list[Start]:
        """Returns what comes of some states when the zones they lack are placed by force, in so many steps each; in more on
        a small floor, where each takes less time, in fewer on a large one."""
        work = Work(0, round(steps * min(MOST_STEPS, max(LEAST_STEPS, USUAL_CELLS / max(1, self._cells)))))
        return self._side_by_side(states, [(self.seed, FORCED, stage, n) for n in range(len(states))], work)

    def gone_on(self, states: Sequence[State]) -> list[Start]:
        """Returns what comes of complete states when zones are taken out and put back."""
        return self._side_by_side(states, [(self.seed, FORCED, n) for n in range(len(states))], Work(self._work.rounds))

    def _side_by_side(
        self, states: Sequence[State], seeds: Sequence[tuple[int, ...]], work: Work, run: GoOn = mend
    ) -> list[Start]:
        """Goes on with states in processes, each with random numbers of its own, and with its cases dealt to the offices that suit it."""
        states = [reviewed(state) for state in states]
        runs = [partial(_bare, run, state, seed, work, self.clock) for state, seed in zip(states, seeds, strict=True)]
        rows = side_by_side(runs, self.jobs, self.clock.check)
        return [Start(clothed(state.task, one)) for state, one in zip(states, rows, strict=True)]

    def _shared(self, start: Callable[[int], Start], numbers: range) -> list[Start]:
        if self.jobs <= 1:
            return [start(n) for n in numbers]
        with ThreadPoolExecutor(max_workers=self.jobs) as pool:
            return list(pool.map(start, numbers))

    def _bays(self, n: int) -> Start:
        start = Start()
        drafts = bays.run_start(self.task, (self.seed, n), self.budget.bays, self.clock)
        states = [within_regions(bays.state_of(draft)) for draft in drafts]
        for state in states:
            if not state.unplaced and is_joined(state):
                start.keep(Worth()(state), state)
        start.is_hopeless = bool(states) and all(is_sparse(state) for state in states)
        if states and not start.best and not start.is_hopeless and is_joined(states[0]):
            rounds, steps = max(1, round(MENDING * self._work.rounds)), round(MENDING * self._work.steps)
            return mend(states[0], (self.seed, n), Work(rounds, steps), self.clock)
        return start

    @property
    def _work(self) -> Work:
        """Work of a start: fewer rounds on large floors, where each takes longer."""
        return Work(self._scaled(self.budget.rounds), self.budget.steps)

    @property
    def is_short(self) -> bool:
        """Whether starts are fewer, and make fewer rounds, than their effort buys on this floor, since few seconds are given."""
        return self._searched_s < self.whole_s

    def _afforded(self, many: int) -> int:
        """Returns starts of a stage, fewer where few seconds are given."""
        return max(min(many, FEWEST_ON), round(many * self._share)) if self.is_short else many

    def _scaled(self, rounds: int) -> int:
        return max(LEAST_ROUNDS, round(rounds * self._share))

    @property
    def _share(self) -> float:
        """The share of the work that an effort buys that there is on this floor, and in the seconds given."""
        share = share_of_work(self.task)
        return share * self._searched_s / self.whole_s if self.is_short else share

    @property
    def _searched_s(self) -> float:
        """How long the search may take, s."""
        return math.inf if self.clock.seconds is None else SEARCH_SHARE * self.clock.seconds

    @property
    def _cells(self) -> int:
        return _n_cells(self.task)


def share_of_work(task: Task) -> float:
    """Returns the share of the work that an effort buys that there is on floors so large, where all of it takes that much longer."""
    return min(1.0, MOST_CELLS / max(1, _n_cells(task)))


def _n_cells(task: Task) -> int:
    return sum(int(grid.inside.sum()) for grid in task.grids)


Cells = list[np.ndarray]
Bare = tuple[float, tuple[list[Rect], list[int], list[int], Cells, Cells, list[Rect | None], list[Rect]]]
"""A state with its cost, its task left behind: every process has that."""


def _drafted(state: State, seed: int, clock: Clock) -> list[Bare]:
    return bare([(0.0, drafted(state, seed, clock.check))])


def _another_kind(others: Sequence[State], state: State, seed: tuple[int, ...], work: Work, clock: Clock) -> Start:
    """Goes on with a state that is to stay of another kind than others."""
    return another(state, others, LEAST_MOVE, seed, work, clock)


def _bare(run: GoOn, state: State, seed: tuple[int, ...], work: Work, clock: Clock) -> list[Bare]:
    return bare(run(state, seed, work, clock).best)


def bare(found: Sequence[tuple[float, State]]) -> list[Bare]:
    """Returns states with their costs, their task left behind."""
    return [
        (cost, (one.rects, one.floor, one.front, one.occupied, one.kept, one.strips, one.bands)) for cost, one in found
    ]


def clothed(task: Task, rows: Sequence[Bare]) -> list[tuple[float, State]]:
    """Returns bare states of a task with it."""
    return [(cost, State(task, *fields)) for cost, fields in rows]


def _best_kinds(starts: Sequence[Start], many: int) -> list[State]:
    """The best state of each of so many starts, cheapest first; those that differ in kind go before those that do not."""
    ranked = [start.best[0][1] for start in sorted(starts, key=lambda start: start.best[0][0]) if start.best]
    kinds: list[State] = []
    for state in ranked:
        if not state.unplaced and all(differ(state, other) for other in kinds):
            kinds.append(state)
    chosen = (kinds + [state for state in ranked if all(state is not one for one in kinds)])[:many]
    return [state for state in ranked if any(state is one for one in chosen)]


def _kinds(starts: Sequence[Start], many: int) -> list[State]:
    """The best complete states of some starts that differ in kind, cheapest first, at most so many."""
    whole = [(cost, n, rank, state) for n, start in enumerate(starts) for rank, (cost, state) in enumerate(start.best)]
    kinds: list[State] = []
    for *_, state in sorted(whole, key=lambda entry: entry[:3]):
        if len(kinds) < many and not state.unplaced and all(differ(state, other) for other in kinds):
            kinds.append(state)
    return kinds


def is_sparse(state: State) -> bool:
    """Whether a state leaves out so many zones that mending it is worth less than a new beginning."""
    return len(state.unplaced) > HOPELESS * len(state.task.specs)


def has_complete(start: Start) -> bool:
    """Returns whether a start has placed all zones."""
    return any(not state.unplaced for _, state in start.best)


def fullest_first(starts: Sequence[Start]) -> list[State]:
    """Returns the fullest state of each start, that with the fewest zones left out first, the cheapest of these."""
    found = [
        min((len(state.unplaced), cost, n, rank) for rank, (cost, state) in enumerate(start.best))
        for n, start in enumerate(starts)
        if start.best
    ]
    return [starts[n].best[rank][1] for *_, n, rank in sorted(found)]


def fullest(starts: Sequence[Start]) -> State | None:
    """Returns the state with the fewest zones left out, the cheapest of these; None when there is none."""
    return next(iter(fullest_first(starts)), None)


def within_regions(state: State) -> State:
    """Takes out the zones that lie where the user does not want them, and returns the state."""
    for spec in state.task.specs:
        if spec.regions and spec.zone.fixed_area is None and state.is_placed(spec.index):
            i0, j0, i1, j1 = state.rects[spec.index]
            if state.task.grids[state.floor[spec.index]].barred(spec.regions)[i0:i1, j0:j1].any():
                state.take(spec.index)
    return state


def is_joined(state: State) -> bool:
    """Whether every zone, staff side and exit of a state can be walked to."""
    return all(reached(state, floor) is not None for floor in range(len(state.task.grids)))
