"""Starts of the search: each is a fixed piece of work from its seed, so who does it, and when, does not matter."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hallplan.place.rectangles.annealing import anneal, grow
from hallplan.place.rectangles.exact import RelationLP, reduced, relations_of
from hallplan.place.rectangles.floating import float_about
from hallplan.place.rectangles.problem import Case, Floats, Problem
from hallplan.place.rectangles.slicing import FITS, seeded
from hallplan.place.rectangles.turning import Turning, through_stretched

HEATS = ((0.25, 0.015), (1.0, 0.03))
"""First and last heat of walks by the mean change of cost, in turn; with more than TURN_ZONES zones the first only: the second
ends 4 to 19 % above on 47 zones."""
TURN_ZONES = 24
FLOAT_HOT, FLOAT_COLD = 1.0, 0.05
FLOAT_EVERY = 4
LIMITS = np.array([FITS, 0.05, 0.2, 0.5])
UNIT_MOVES = 2_000
"""Moves of the shortest start by the square of the number of zones, of which at most MANY_ZONES count twice."""
MANY_ZONES = 64
POLISHES = 6
TURNS = 15
"""Programmes that turning may solve a start, by the number of zones."""
TURNS_FULL, FULL = 3, 0.995
"""As many on a floor filled to that share: there relations fix the layout, and one turn alone seldom leads to another."""
STEP = 1e-9


@dataclass(frozen=True, eq=False)
class Found:
    """A layout: cost, rectangles (n, 4); ordered by cost, then by the start that found it."""

    cost: float
    start: int
    rectangles: Floats

    def __lt__(self, other: Found) -> bool:
        return (self.cost, self.start) < (other.cost, other.start)


@dataclass(frozen=True, eq=False)
class Question:
    """A problem with its arrays. core: it without its fillers, of the zones `real`, where there are fillers."""

    problem: Problem
    case: Case
    core: Problem | None
    real: NDArray[np.int64]

    @classmethod
    def of(cls, problem: Problem) -> Question:
        """Returns the question for a problem."""
        real = np.flatnonzero(~problem.is_filler)
        core = problem.without_fillers() if 0 < len(real) < problem.n else None
        return cls(problem, problem.case(), core, real)

    def tasks(self, shard: Shard) -> Iterator[tuple[Problem, NDArray[np.int64], list[Found]]]:
        """Yields what layouts are wanted for: all zones, and those that are no fillers; their numbers; where to put them."""
        yield self.problem, np.arange(self.problem.n), shard.found
        if self.core is not None:
            yield self.core, self.real, shard.opened


@dataclass(eq=False)
class Shard:
    """What one start did: layouts, layouts with the fillers given up, moves and LP solves."""

    found: list[Found] = field(default_factory=list)
    opened: list[Found] = field(default_factory=list)
    moves: int = 0
    solves: int = 0
    walk_s: float = 0.0
    is_cut: bool = False


def luby(start: int) -> int:
    """Returns 1, 1, 2, 1, 1, 2, 4, …: lengths that lose little against the best single length.

    Source: Luby, Sinclair and Zuckerman 1993.
    """
    k = (start + 1).bit_length()
    return 1 << (k - 1) if start + 1 == (1 << k) - 1 else luby(start + 1 - (1 << (k - 1)))


def unit_moves(n: int) -> int:
    """Returns the moves of the shortest start."""
    return UNIT_MOVES * n * min(n, MANY_ZONES)


def walk(
    case: Case, key: int, *, moves: int, halt: NDArray[np.bool_], heats: tuple[float, float] = HEATS[0]
) -> tuple[Floats, Floats, int]:
    """Anneals a random tree; returns what `anneal` does."""
    return anneal(case, grow(case, seeded(key)), moves, key, *heats, LIMITS, halt)


def drift(case: Case, key: int, *, moves: int, halt: NDArray[np.bool_]) -> tuple[Floats, int]:
    """Anneals floating rectangles; returns what `float_about` does."""
    return float_about(case, moves, key, FLOAT_HOT, FLOAT_COLD, halt)


def run_start(question: Question, seed: int, start: int, most: int, halt: NDArray[np.bool_]) -> Shard:
    """Searches by at most so many moves, makes the best layouts exact and turns the relations of the best.

    Every FLOAT_EVERY-th start floats rectangles, the others anneal a tree.
    """
    shard, key = Shard(), seed * 1_000_003 + start
    floats, turn = divmod(start, FLOAT_EVERY)
    is_float = turn == FLOAT_EVERY - 1
    number = floats if is_float else start - floats
    moves = unit_moves(question.problem.n) * luby(number)
    begin = time.perf_counter()
    if is_float:
        layout, shard.moves = drift(question.case, key, moves=min(moves, most), halt=halt)
        candidates = [layout]
    else:
        heats = HEATS[number % len(HEATS)] if question.problem.n <= TURN_ZONES else HEATS[0]
        costs, rects, shard.moves = walk(question.case, key, moves=min(moves, most), halt=halt, heats=heats)
        candidates = [rects[k] for k in np.unique(costs[np.isfinite(costs)], return_index=True)[1]]
    shard.walk_s, shard.is_cut = time.perf_counter() - begin, shard.moves < moves
    for problem, kept, found in question.tasks(shard):
        for rectangles in candidates:
            finish(problem, rectangles[kept], start, found, shard, halt)
        if is_float and not found:
            repair(problem, candidates[0][kept], start, found, shard, halt)
        if found:
            turned(problem, found, shard, halt)
    return shard


def repair(
    problem: Problem, rectangles: Floats, start: int, found: list[Found], shard: Shard, halt: NDArray[np.bool_]
) -> None:
    """Adds a layout that fits, turned from one that does not, if that succeeds."""
    fitting, solves = through_stretched(problem, rectangles, TURNS * problem.n, halt)
    shard.solves += solves
    if fitting is not None:
        finish(problem, fitting, start, found, shard, halt)


def turned(problem: Problem, found: list[Found], shard: Shard, halt: NDArray[np.bool_]) -> None:
    """Adds what turning relations makes of the best layout."""
    if halt[0]:
        return
    best = min(found)
    turning = Turning(problem, best.rectangles, halt)
    turns = TURNS_FULL if problem.fill > FULL else TURNS
    turning.descend(turns * problem.n)
    shard.solves += turning.solves
    if np.isfinite(turning.cost):
        found.append(Found(turning.cost, best.start, turning.rectangles))


def finish(
    problem: Problem, rectangles: Floats, start: int, found: list[Found], shard: Shard, halt: NDArray[np.bool_]
) -> None:
    """Adds the best exact layout of these relations, and of those it then shows.

    Once halted, what was walked to is taken as it is where it fits, and only where nothing else was found.
    """
    if halt[0] and found:
        return
    if halt[0] and problem.holds(rectangles):
        found.append(Found(problem.cost(rectangles), start, rectangles))
        return
    lp, best, cost = RelationLP(problem, rectangles, halt=None if halt[0] else halt), rectangles, np.inf
    for _ in range(POLISHES):
        lp.relate(reduced(relations_of(best)))
        now = lp.solve(cost)
        if not now < cost - STEP * abs(now):
            break
        best, cost = lp.rectangles, now
        if halt[0]:
            break
    shard.solves += lp.solves
    if np.isfinite(cost):
        found.append(Found(cost, start, best))
    elif halt[0] and not found and lp.halt is halt:
        finish(problem, rectangles, start, found, shard, halt)
