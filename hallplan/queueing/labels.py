"""The cheapest plan of windows by slot: labels over slots, bounded from behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from hallplan.queueing.ask import MOST_WINDOWS, SHARE_TOL, Ask, Passed, is_free, keeps, optimistic_start, pass_slot
from hallplan.queueing.kernels import Floats

BEAM_WIDTH = 8
BEAM_CHOICES = 4
PERSON_COST = 0.6
"""What a person still present is worth in windows when labels of a slot are ranked."""
HORIZON = 4
"""Slots that the bound looks ahead with nobody waiting at its start; what waited longer ago hardly matters."""
PASSES = 500
"""Slots that may be worked through in the proof of a day, and a tenth of it in one bound."""


@dataclass(frozen=True, slots=True)
class Staffing:
    """Windows open in each slot, and a lower bound on their sum for every plan that keeps the target.

    is_proven: no plan has fewer slot-windows.
    """

    windows: tuple[int, ...]
    bound: int
    is_proven: bool


@dataclass(slots=True)
class Label:
    """A plan for the slots so far; `last` is the slot it ends with."""

    windows: tuple[int, ...]
    cost: int
    last: Passed
    present: float = 0.0


@dataclass(slots=True)
class Search:
    """Work on one ask: fewest windows of each slot in any plan, passes still allowed, and bounds on what follows."""

    ask: Ask
    fewest: Sequence[int]
    passes: int
    later: list[int] = field(default_factory=list)
    most_open: int = MOST_WINDOWS

    def children(self, label: Label, k: int, most_cost: float, most: int) -> list[Label]:
        """The label with each number of windows for slot k that keeps the target in slot k - 1 and may keep it in k."""
        highest = min(int(min(most_cost, MOST_WINDOWS + label.cost)) - label.cost, self.most_open)
        made: list[Label] = []
        c = self._least(label, k, highest, made)
        while c < highest and 0 < len(made) < most and self.passes > 0:
            c += 1
            self._try(label, k, c, made)
        return made

    def _least(self, label: Label, k: int, highest: int, made: list[Label]) -> int:
        """The least number of windows that serves, whose label is put into `made`: more windows never serve worse."""
        low, c, step = self.fewest[k] - 1, self.fewest[k], 1
        while c <= highest and self.passes > 0 and not self._try(label, k, c, made):
            low, c, step = c, c + step, 2 * step
        high = c if made else highest + 1
        if not made and c > highest > low and self.passes > 0 and self._try(label, k, highest, made):
            high = highest
        while made and high - low > 1 and self.passes > 0:
            middle, found = (low + high) // 2, made[:]
            made.clear()
            if self._try(label, k, middle, made):
                high = middle
            else:
                low, made[:] = middle, found
        return high

    def _try(self, label: Label, k: int, c: int, made: list[Label]) -> bool:
        """Puts the label with c windows for slot k into `made` if the target may be kept."""
        if label.windows and not keeps(self.ask, k - 1, label.last, label.windows[-1], c):
            return False
        self.passes -= 1
        passed = pass_slot(self.ask, label.last.end, label.last.bounds, k, c)
        next_slot = (self.ask.size,) if k + 1 < self.ask.n_slots else ()
        if not (is_free(self.ask, c, passed) and keeps(self.ask, k, passed, c, *next_slot)):
            return False
        made.append(Label((*label.windows, c), label.cost + c, passed, _present(passed)))
        return True

    def cheapest(self, first: int, end: int, start: Label, limit: float) -> Label | None:
        """Cheapest plan for slots first..end - 1 of cost at most `limit` less what must follow; None if there is none.

        At the end of the day the last windows stay; before it, windows for everybody follow.
        """
        labels = [start]
        for k in range(first, end):
            spare = limit - (self.later[k + 1] - self.later[end])
            labels = undominated([child for label in labels for child in self.children(label, k, spare, 10**6)])
        return min(labels, key=lambda label: (label.cost, label.windows), default=None)


def search_labels(ask: Ask, fewest: Sequence[int]) -> Staffing:
    """Returns the cheapest plan found, with a lower bound.

    A label is a plan up to a slot; one is dropped when another with the same windows in that slot costs no more and
    had no more people (in distribution) at its start, for then every continuation serves as well.  Bounds come from
    the last slot backwards (Russian dolls): the cheapest plan of a few slots when nobody had to wait before them.
    """
    room = ask.room
    plan = _beam(Search(ask, fewest, 10**9), max(1, round(BEAM_WIDTH * room)), max(2, round(BEAM_CHOICES * room)))
    search = Search(ask, fewest, 0, [0] * (ask.n_slots + 1))
    for k in range(ask.n_slots - 1, -1, -1):
        search.later[k] = _later(search, k, int(PASSES * room) // 10)
    found = _prove(search, plan, int(PASSES * room))
    return replace(found, windows=_lower_peak(search, found.windows, int(PASSES * room) // 4))


def _prove(search: Search, plan: tuple[int, ...], passes: int) -> Staffing:
    """Raises the bound to the cost of a plan: the given one, or a cheaper one that is found."""
    ask, bound, search.passes = search.ask, search.later[0], passes
    while bound < sum(plan):
        better = search.cheapest(0, ask.n_slots, _start(ask, 0), bound)
        if search.passes <= 0:
            return Staffing(plan, bound, False)
        if better is not None:
            return Staffing(better.windows, better.cost, True)
        bound += 1
    return Staffing(plan, bound, True)


def _lower_peak(search: Search, plan: tuple[int, ...], passes: int) -> tuple[int, ...]:
    """A plan that costs no more with a lower peak, if one is found: it saves a counter."""
    search.passes = passes
    while True:
        search.most_open = max(plan) - 1
        lower = search.cheapest(0, search.ask.n_slots, _start(search.ask, 0), sum(plan))
        if lower is None:
            return plan
        plan = lower.windows


def _later(search: Search, k: int, passes: int) -> int:
    """A lower bound on the windows of slots k and later, whatever was before."""
    end = min(k + HORIZON, search.ask.n_slots)
    bound = search.fewest[k] + search.later[k + 1]
    search.passes = passes
    search.later[k] = bound
    start = _start(search.ask, k)
    while True:
        found = search.cheapest(k, end, start, bound - search.later[end])
        if found is not None or search.passes <= 0:
            return bound
        bound += 1


def _start(ask: Ask, k: int) -> Label:
    p, bounds = optimistic_start(ask, k)
    nothing = np.zeros(0)
    return Label((), 0, Passed(p, p, bounds, nothing, nothing, 0.0))


def _beam(search: Search, width: int, choices: int) -> tuple[int, ...]:
    """A good plan: the most promising labels of each slot."""
    ask = search.ask
    labels = [_start(ask, 0)]
    for k in range(ask.n_slots):
        children = [c for label in labels for c in search.children(label, k, np.inf, choices)]
        labels = sorted(undominated(children), key=lambda c: (c.cost + PERSON_COST * c.present, c.windows))[:width]
    return min(labels, key=lambda label: (label.cost, label.windows)).windows


def undominated(labels: Sequence[Label]) -> list[Label]:
    """Returns the labels that no other one with the same last windows matches at no greater cost and no more people."""
    kept: list[Label] = []
    chosen: dict[int, list[Floats]] = {}
    for label in sorted(labels, key=lambda label: (label.cost, label.present, label.windows)):
        below = np.cumsum(label.last.start)
        rivals = chosen.setdefault(label.windows[-1], [])
        if not any(np.all(other >= below - SHARE_TOL) for other in rivals):
            rivals.append(below)
            kept.append(label)
    return kept


def _present(passed: Passed) -> float:
    return float(passed.end @ np.arange(passed.end.size))
