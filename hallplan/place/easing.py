"""Asking less of a programme that found no place: whether that can help, found out with little work, then how little will do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from hallplan.place.reasons import is_beyond, is_crowded, is_hopeless
from hallplan.place.search import Start, eased, empty_state, with_less
from hallplan.place.starts import Starts, fullest
from hallplan.place.state import State
from hallplan.place.task import Task

MOST = 0.5
"""Share of the starts by force that place all zones of the easiest task below which nothing that asks more is tried."""
FEW = 10
"""Where so many zones are to be placed at most, they are placed with smaller least areas too."""
BETWEEN = 0.96
"""Share of their least areas then: with less the linear programme gives fewer layouts their areas back, with more fewer lie on the lines."""
TIMES, SEEDS_APART = 3, 1_000_003
"""How often, each time with other random numbers: the kinds of layout that keep staff apart are few, and take little time to find."""
FAR = 0.15
"""Share of the zones left out by the fullest of the first starts above which none goes on."""


@dataclass(eq=False)
class Easing:
    """A search's task asked for less and less. tried: what was found for the easiest of these tasks, complete or not."""

    search: Starts
    tried: list[Start] = field(default_factory=list)

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks, the last of which asks least."""
        return eased(self.search.task)

    @cached_property
    def _may_fit(self) -> bool:
        easiest = self.tasks[-1]
        if is_hopeless(easiest, self.search.clock) or is_beyond(easiest) or self.search.clock.check():
            return False
        self.tried = self._probed(easiest, self.search.budget.probe.more)
        return is_placed(self.tried)

    def may_fit(self) -> bool:
        """Returns whether a search by force, asked once, places all zones of the easiest task.

        What asks more fits only where this one does, so that other searches are of little use when it says no.
        """
        return self._may_fit

    def may_fit_well(self) -> bool:
        """Returns whether most of the starts by force place all zones of the easiest task, so that what asks more has a hope."""
        return self._may_fit and sum(is_placed([start]) for start in self.tried) >= MOST * len(self.tried)

    def between_lines(self, least: int) -> list[Start]:
        """Returns starts of the task with smaller least areas, where zones are so few that this takes little time and there is some.

        A grid's lines waste up to a step along each zone. In a small hall hardly anything lies on them with all of its area, and where it
        does nothing can move; a linear programme gives most of these layouts their areas back (see `regained`).
        """
        movable = sum(not spec.is_settled for spec in self.search.task.specs)
        if movable > FEW or self.search.is_short or self.search.clock.check():
            return []
        search = replace(self.search, task=with_less(self.search.task, BETWEEN))
        found: list[Start] = []
        for n in range(TIMES):
            if not self.search.clock.check():
                found += replace(search, seed=search.seed + n * SEEDS_APART).staged(least)
        return found

    def starts(self, *, is_from_task: bool) -> list[Start]:
        """Returns what is found for the first of the tasks all zones of which a search by force places, that of the search itself
        before them where asked; only for the easiest where that was hard enough."""
        tasks = (self.search.task, *self.tasks[:-1]) if is_from_task else self.tasks
        if self.tried and not self.may_fit_well():
            tasks = ()
        for n, task in enumerate(tasks):
            goes_on = self.search.budget.probe.more if is_from_task and not n else 0
            found = [] if self.search.clock.check() else self._probed(task, goes_on)
            if is_placed(found):
                return (
                    found
                    + self._more(task, found)
                    + replace(self.search, task=task).ruined(range(self.search.budget.starts))
                )
        return self.tried + self._more(self.tasks[-1], self.tried)

    def _probed(self, task: Task, more: int) -> list[Start]:
        """Starts by force, the fullest of which go on for more steps unless all are far from complete; none where counters alone
        do not stand."""
        search, work = replace(self.search, task=task), self.search.budget.probe
        if is_crowded(task, search.clock):
            return []
        found = search.forced([empty_state(task, n) for n in range(work.starts)], 0, work.steps)
        if not more or is_placed(found) or is_far(found) or search.clock.check():
            return found
        return found + search.forced(_fullest(found, work.goes_on), 1, more)

    def _more(self, task: Task, found: Sequence[Start]) -> list[Start]:
        """What comes of complete states of a task."""
        whole = [state for start in found if (state := fullest([start])) is not None and not state.unplaced]
        return replace(self.search, task=task).gone_on(whole) if whole and not self.search.clock.check() else []


def is_placed(starts: Sequence[Start]) -> bool:
    """Whether every zone is placed in some state of some starts."""
    return any(not state.unplaced for start in starts for _, state in start.best)


def is_far(starts: Sequence[Start]) -> bool:
    """Whether even the fullest state leaves out so many zones that going on with it is of little use."""
    state = fullest(starts)
    return state is None or len(state.unplaced) > FAR * len(state.task.specs)


def _fullest(starts: Sequence[Start], many: int) -> list[State]:
    """The fullest states of as many starts."""
    states = [state for start in starts if (state := fullest([start])) is not None]
    return sorted(states, key=lambda state: len(state.unplaced))[:many]
