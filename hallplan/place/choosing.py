"""The layouts that go on from a search: the best of each kind, looked at closely side by side, no more of them than are needed."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Sequence
from functools import partial

from hallplan.parallel import side_by_side
from hallplan.place.alternatives import LEAST_MOVE, SMALL_MOVE, differ
from hallplan.place.candidates import Candidate, Hands, Rank, Scored, is_short
from hallplan.place.reviewing import reviewed
from hallplan.place.search import Start
from hallplan.place.state import State

SPARE, MOST_ALIKE = 4, 3
NEAR = 1.1
"""Spare kinds are looked at where they cost no more than this many times the last that is asked for, or where one that is asked for breaks
what must hold."""
NEAR_BEST = 1.12
"""Runners-up cost no more than this many times the best."""
SAME_MOVE = 0.002
"""Layouts whose zones lie no farther apart than this, as a share of the floor's diagonal, are one."""


def chosen(
    starts: Sequence[Start], many: int, hands: Hands, least_move: float = LEAST_MOVE, end: float = math.inf
) -> list[Candidate]:
    """Returns the best layouts that differ in kind, by the search's own cost, then ranked by score: of those that keep all areas and ways on
    the lines they were found on, and of the others, which may keep them on lines of their own.

    hands: processes, and what is asked whether to stop: then fewer are looked at, though no process idles.
    end: on the clock of time.monotonic(), s; after it nothing is looked at but as many layouts as are asked for.
    """
    whole = _complete(starts)
    parted = [[entry for entry in whole if is_short(entry[1]) == word] for word in (False, True)]
    found = [_chosen_of(part, many, hands, least_move, end) for part in parted if part]
    if len(found) < 2:
        return found[0] if found else []
    out: list[Candidate] = []
    for one in sorted(itertools.chain(*found), key=lambda one: one.rank):
        if all(differ(one.found, other.found, least_move) for other in out):
            out.append(one)
    return out[:many]


def _chosen_of(
    whole: Sequence[tuple[float, State]], many: int, hands: Hands, least_move: float, end: float
) -> list[Candidate]:
    """The same of some layouts, cheapest first."""
    kinds: list[tuple[float, State]] = []
    for cost, state in whole:
        if len(kinds) < many + SPARE and all(differ(state, other, least_move) for _, other in kinds):
            kinds.append((cost, state))
    is_late = bool(hands[1]())
    near = min(len(kinds), max(many, hands[0])) if is_late else _n_near(kinds, many)
    found = _looked_at([state for _, state in kinds[:near]], whole, (MOST_ALIKE, least_move), end, hands)
    if sum(not any(one.rank[:2]) for one in found) < many and time.monotonic() < end:
        rest = [state for _, state in kinds[near:]]
        found += _looked_at(rest, whole, (0 if is_late else MOST_ALIKE, least_move), end, hands)
    return sorted(found, key=lambda one: one.rank)[:many]


def runners_up(starts: Sequence[Start], picked: Sequence[State], many: int) -> list[State]:
    """Returns the next best layouts of a search, by its own cost and of any kind, that differ from those picked, then those that are all
    but the same: between the lines of the grid one of them may be the best, as exact coordinates make some better by a tenth and others
    by nothing."""
    whole = [(cost, state) for cost, state in _complete(starts) if not is_short(state)]
    near = [state for cost, state in whole if cost <= NEAR_BEST * whole[0][0]]
    found: list[State] = []
    for least_move in (SMALL_MOVE, SAME_MOVE):
        for state in near:
            if len(found) < many and all(differ(state, other, least_move) for other in (*picked, *found)):
                found.append(state)
    return found


def different(states: Sequence[State], order: Sequence[int], many: int, asked: int) -> list[int]:
    """Returns the numbers of so many of some states, in an order, that differ in kind; where these are fewer than asked for, of others that
    differ at all too."""
    out: list[int] = []
    for least_move, most in ((LEAST_MOVE, many), (SMALL_MOVE, asked), (-1.0, asked)):
        for n in order:
            is_other = least_move < 0.0 or all(differ(states[n], states[m], least_move) for m in out)
            if len(out) < most and n not in out and is_other:
                out.append(n)
    return sorted(out, key=order.index)


def _complete(starts: Sequence[Start]) -> list[tuple[float, State]]:
    """All states with every zone placed, with what the search says they cost: those that keep least areas and ways first, cheapest first."""
    pairs = [(cost, rank, n, state) for n, s in enumerate(starts) for rank, (cost, state) in enumerate(s.best)]
    whole = [(is_short(entry[3]), *entry) for entry in pairs if not entry[3].unplaced]
    return [(cost, state) for _, cost, *_, state in sorted(whole, key=lambda entry: entry[:4])]


def _n_near(kinds: Sequence[tuple[float, State]], many: int) -> int:
    """How many kinds are looked at at leisure, the cheapest first."""
    if len(kinds) <= many:
        return len(kinds)
    most = NEAR * kinds[many - 1][0]
    return many + sum(cost <= most and not is_short(state) for cost, state in kinds[many:])


def _looked_at(
    kinds: Sequence[State], whole: Sequence[tuple[float, State]], alike: tuple[int, float], end: float, hands: Hands
) -> list[Candidate]:
    """What comes of layouts.  alike: of how many of its kind one may come besides, and from how far moved on layouts are no longer that."""
    runs = [partial(_best_alike, state, whole, *alike, end) for state in kinds]
    return [Candidate(reviewed(whole[n][1]), scored, rank) for n, scored, rank in side_by_side(runs, *hands)]


def _best_alike(
    state: State, others: Sequence[tuple[float, State]], most: int, least_move: float, end: float
) -> tuple[int, Scored, Rank]:
    """Which of some layouts comes of one, with its score and rank: itself or, where it breaks what must hold when it is looked at closely,
    the best of the next few of its kind."""
    at = next(n for n, (_, one) in enumerate(others) if one is state)
    alike = (
        n for n, (_, one) in enumerate(others) if not differ(one, state, least_move) and differ(one, state, SMALL_MOVE)
    )
    found = [(at, Candidate.of(state))]
    while found[-1][1].rank[1] and len(found) <= most and time.monotonic() < end:
        n = next(alike, None)
        if n is None:
            break
        found.append((n, Candidate.of(others[n][1])))
    best, one = min(found, key=lambda pair: pair[1].rank)
    return best, one.scored, one.rank
