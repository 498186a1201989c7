"""Starts of the search: each is a fixed piece of work from its seed, so who does it, and when, does not matter."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hallplan.place.rectangles.annealing import anneal, grow
from hallplan.place.rectangles.exact import RelationLP, reduced, relations_of
from hallplan.place.rectangles.problem import Case, Floats, Problem
from hallplan.place.rectangles.slicing import FITS, seeded
from hallplan.place.rectangles.turning import Turning

HOT, COLD = 0.25, 0.003
LIMITS = np.array([FITS, 0.05, 0.2, 0.5])
UNIT_MOVES = 2_000
"""Moves of the shortest start by the square of the number of zones, of which at most MANY_ZONES count twice."""
MANY_ZONES = 20
POLISHES = 6
TURNS = 25
"""Programmes that turning may solve a start, by the number of zones."""
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


def walk(case: Case, key: int, *, moves: int, halt: NDArray[np.bool_]) -> tuple[Floats, Floats, int]:
    """Anneals a random tree; returns what `anneal` does."""
    return anneal(case, grow(case, seeded(key)), moves, key, HOT, COLD, LIMITS, halt)


def run_start(question: Question, seed: int, start: int, most: int, halt: NDArray[np.bool_]) -> Shard:
    """Anneals one tree by at most so many moves, makes its best layouts exact and turns the relations of the best."""
    shard, problem = Shard(), question.problem
    key = seed * 1_000_003 + start
    moves = unit_moves(problem.n) * luby(start)
    begin = time.perf_counter()
    costs, rects, shard.moves = walk(question.case, key, moves=min(moves, most), halt=halt)
    shard.walk_s, shard.is_cut = time.perf_counter() - begin, shard.moves < moves
    for level in np.unique(costs[np.isfinite(costs)], return_index=True)[1]:
        finish(problem, rects[level], start, shard.found, shard)
        if question.core is not None:
            finish(question.core, rects[level][question.real], start, shard.opened, shard)
    for task, found in ((problem, shard.found), (question.core, shard.opened)):
        if found and task is not None:
            turned(task, found, shard, halt)
    return shard


def turned(problem: Problem, found: list[Found], shard: Shard, halt: NDArray[np.bool_]) -> None:
    """Adds what turning relations makes of the best layout."""
    best = min(found)
    turning = Turning(problem, best.rectangles)
    turning.descend(TURNS * problem.n, halt)
    shard.solves += turning.solves
    found.append(Found(turning.cost, best.start, turning.rectangles))


def finish(problem: Problem, rectangles: Floats, start: int, found: list[Found], shard: Shard) -> None:
    """Adds the best exact layout of these relations, and of those it then shows."""
    lp, best, cost = RelationLP(problem, rectangles), rectangles, np.inf
    for _ in range(POLISHES):
        lp.relate(reduced(relations_of(best)))
        now = lp.solve(cost)
        if not now < cost - STEP * abs(now):
            break
        best, cost = lp.rectangles, now
    shard.solves += lp.solves
    if np.isfinite(cost):
        found.append(Found(cost, start, best))
