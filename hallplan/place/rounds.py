"""Compiled: rounds of a search over whole states, up to the next one that may be let in by what is seen of it first."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numba
import numpy as np
from numba import njit

from hallplan.place import board as d
from hallplan.place.board import Board, Lay, board_of, inner, lay_of, lean
from hallplan.place.kernels import Bools, Floats, Ints
from hallplan.place.looks import Look, Seen
from hallplan.place.putting import access_point, draw, put_in, take
from hallplan.place.state import State
from hallplan.place.task import Pairs, Task
from hallplan.place.weights import WEIGHTS
from hallplan.place.worth import Worth, sight

COOLEST = 0.05
NOISE = WEIGHTS.noise
MOST_OUT, AWAY, PARTNERS = 6, 0.5, 0.8
"""So many zones are taken out at most; how often the first of them is to leave its place; how often what goes with it comes out too."""
FAR_M = 1e3
"""How far apart zones on two floors count as."""
NEIGHBOURS = 3
"""At most this many zones beside one in trouble are taken out with it."""
ALL, MOST_ALL = 0.6, 6
"""How often all zones in trouble are taken out together, and how many at most: they lie beside one another, behind one way."""
FEW_SHAPES = 3
"""Shapes of each zone that a round tries: with more it takes longer and comes no farther."""
LOOKED_M = 10.0
"""So far apart two zones change places as easily as two of which one is 2.7 times the other."""
CHUNK_CELLS = 100_000
"""Between two looks at the clock there are so many rounds as, times the cells of all floors, come to this: some hundredths of a second."""


class Pool(NamedTuple):
    """What rounds choose from: zones that may be taken out; those of them at no door, and of these those that staff come to;
    by zone its place in the order in which zones are put in."""

    movable: Ints
    loose: Ints
    staffed: Ints
    rank: Ints


def pool_of(task: Task) -> Pool:
    """Returns what rounds of a task choose from."""
    movable = [spec for spec in task.specs if spec.zone.fixed_area is None]
    loose = [spec for spec in movable if not spec.opens]
    staffed = [spec for spec in loose if spec.needs_staff]
    columns = ([spec.index for spec in specs] for specs in (movable, loose, staffed))
    rank = [task.rank[z] for z in range(len(task.specs))]
    return Pool(*(np.array(column, np.int32) for column in (*columns, rank)))


def _in_no_trouble(_: State) -> tuple[int, ...]:
    return ()


@dataclass(eq=False)
class Rounds:
    """Rounds over whole states of one task: some zones out, put back in, and a look at what is known first.

    worth: what states are worth.  troubled: the zones of a state that break what must hold.  share: how often these are taken out where
    there are any; with 1 always they, or zones that staff come to.
    """

    worth: Worth
    troubled: Callable[[State], Sequence[int]] = _in_no_trouble
    share: float = 0.0
    _now: tuple[State, Lay, Lay, Ints, Pool] | None = field(default=None, repr=False)

    def next(
        self, state: State, cost: float, rounds: tuple[int, int], rng: np.ndarray
    ) -> tuple[int, State | None, float]:
        """Returns the number of the round after the next one that may be let in, what it came to and the cost below which it is; None for
        what it came to when there was none in some rounds.

        rounds: the number of the first and how many there are in all.  rng: a word of random state, changed in place.
        """
        task, board = state.task, board_of(state.task)
        if self._now is None or self._now[0] is not state:
            lay = lay_of(state, board)
            trial = Lay(*(np.empty_like(one) for one in lay))
            self._now = (state, lay, trial, np.array(self.troubled(state), np.int32), pool_of(task))
        _, lay, trial, troubled, pool = self._now
        if not pool.movable.size:
            return rounds[1], None, math.inf
        look = self.worth.look(task, state)
        end = min(rounds[1], rounds[0] + max(1, CHUNK_CELLS // board.planes[:, 0].size))
        turn = (troubled, self.share, cost, NOISE * 2.0 * task.scale, (rounds[0], end, rounds[1]))
        n, most, seen = _next(board, lay, trial, task.pairs, pool, turn, look, rng)
        if seen[1] == np.inf:
            return n, None, most
        found = state.copy()
        found.become(trial.zones[:, :4], trial.zones[:, d.FLOOR], trial.zones[:, d.FRONT], *trial.grids)
        self.worth.known = found, look, Seen(*seen)
        return n, found, most


def compile_rounds(state: State) -> None:
    """Compiles what goes round over whole states of a task, where it is not kept from an earlier call."""
    board, pairs = board_of(state.task), state.task.pairs
    lay = lay_of(state, board)
    turn = (np.zeros(0, np.int32), 0.0, 0.0, 0.0, (0, 0, 0))
    args = (board, lay, lay, pairs, pool_of(state.task), turn, Worth().look(state.task), np.ones(1, np.uint64))
    _next.compile(tuple(map(numba.typeof, args)))


Turn = tuple[Ints, float, float, float, tuple[int, int, int]]
"""Zones in trouble, how often they are taken out, what the state costs, the heat at first; the number of the first round, where to stop, rounds in all."""


@njit(cache=True, nogil=True)
def _next(
    b: Board, s: Lay, trial: Lay, pairs: Pairs, pool: Pool, turn: Turn, look: Look, rng: np.ndarray
) -> tuple[int, float, tuple[float, float, float, float, float]]:
    """Goes round until a trial may be let in; returns the number of the round after, the limit, and what `sight` tells: infinite for none."""
    troubled, share, cost, hottest, (first, end, rounds) = turn
    away = np.empty(6, np.int32)
    for n in range(first, end):
        heat = hottest * COOLEST ** (n / rounds)
        trial.zones[:], trial.grids[:], trial.bits[:] = s.zones, s.grids, s.bits
        away[:] = -1
        if share >= 1.0 or (troubled.size > 0 and draw(rng) < share):
            out = _in_trouble(b, s, pool, troubled, rng)
        else:
            out = _ruined(b, s, pool, away, rng)
        for z in out:
            take(b, trial, z)
        order, seed = _shuffled(pool, out, rng), int(draw(rng) * (1 << 30))
        put_in(b, trial, order, heat / 2.0, np.bool_(False), away, seed, np.int64(FEW_SHAPES))
        if (trial.zones[:, d.FLOOR] < 0).any() or (trial.zones == s.zones).all():
            continue
        if look.is_known:
            _compare(s, trial, look.is_same)
        most = cost - heat * np.log(max(draw(rng), 1e-12))
        seen = sight(b, trial, pairs, most, look)
        if seen[1] < np.inf:
            return n + 1, most, seen
    return end, np.inf, (np.inf, np.inf, np.inf, np.inf, np.inf)


@lean
def _compare(s: Lay, trial: Lay, is_same: Bools) -> None:
    """Tells on which floors all zones of a trial lie as they did."""
    is_same[:] = True
    for z in range(s.zones.shape[0]):
        for c in range(s.zones.shape[1]):
            if s.zones[z, c] != trial.zones[z, c]:
                is_same[s.zones[z, d.FLOOR]] = is_same[trial.zones[z, d.FLOOR]] = False


@inner
def _shuffled(pool: Pool, out: Ints, rng: np.ndarray) -> Ints:
    """Zones in the order in which they are put in, some of them moved at random."""
    rank = np.empty(out.size)
    for k in range(out.size):
        rank[k] = pool.rank[out[k]]
        if draw(rng) < 0.5:  # normal, of a deviation of three (Box and Muller 1958)
            rank[k] += 3.0 * np.sqrt(-2.0 * np.log(max(draw(rng), 1e-12))) * np.cos(2.0 * np.pi * draw(rng))
    return out[np.argsort(rank, kind="mergesort")]


@inner
def _gaps(b: Board, s: Lay, first: int, others: Ints) -> Floats:
    """How far apart access points are."""
    at, gaps = access_point(b, s, first), np.full(others.size, FAR_M)
    for k in range(others.size):
        if s.zones[others[k], d.FLOOR] == s.zones[first, d.FLOOR]:
            x, y = access_point(b, s, others[k])
            gaps[k] = np.hypot(x - at[0], y - at[1])
    return gaps


@inner
def _ruined(b: Board, s: Lay, pool: Pool, away: Ints, rng: np.ndarray) -> Ints:
    """A zone and some of those around it, with what goes with it; away: filled with its place where it is to leave that."""
    movable = pool.movable
    first = movable[int(draw(rng) * movable.size)]
    many = 1 + int(draw(rng) * min(MOST_OUT, movable.size))
    gaps = _gaps(b, s, first, movable)
    for k in range(movable.size):
        gaps[k] *= 0.6 + 0.8 * draw(rng)
    out = np.empty(many + 2, np.int32)
    out[:many] = movable[np.argsort(gaps, kind="mergesort")[:many]]
    for other in (b.zone[first, d.PARTNER], b.zone[first, d.WAIT]):
        if other >= 0 and b.zone[other, d.FIXED] == 0 and not (out[:many] == other).any() and draw(rng) < PARTNERS:
            out[many] = other
            many += 1
    if draw(rng) < AWAY:
        away[0], away[1], away[2:6] = first, s.zones[first, d.FLOOR], s.zones[first, :4]
    return out[:many]


@inner
def _in_trouble(b: Board, s: Lay, pool: Pool, troubled: Ints, rng: np.ndarray) -> Ints:
    """A zone that breaks what must hold, or all of these, else any that staff come to, and some that it could change places with."""
    chosen, loose = _chosen(pool, troubled, rng), pool.loose
    if chosen.size == 0:
        return chosen
    fits = _gaps(b, s, chosen[0], loose) / LOOKED_M
    for k in range(loose.size):
        if draw(rng) < 0.5:
            fits[k] = abs(np.log(b.size[loose[k], d.TARGET] / b.size[chosen[0], d.TARGET]))
        fits[k] = np.inf if (chosen == loose[k]).any() else fits[k] * (0.5 + draw(rng))
    others = min(int(draw(rng) * (NEIGHBOURS + 1)), loose.size - chosen.size)
    return np.concatenate((chosen, loose[np.argsort(fits, kind="mergesort")[:others]]))


@inner
def _chosen(pool: Pool, troubled: Ints, rng: np.ndarray) -> Ints:
    """One zone in trouble or, now and then, all of them, MOST_ALL at most; where there is none, one that staff come to, or any."""
    found, some = np.empty(pool.loose.size, np.int32), 0
    for z in pool.loose:
        if (troubled == z).any():
            found[some] = z
            some += 1
    many = 1
    if some > 0:
        many = min(some, MOST_ALL) if draw(rng) < ALL else 1
        found = found[:some]
    else:
        found = (pool.staffed if pool.staffed.size > 0 else pool.loose).copy()
    many = min(many, found.size)
    for k in range(many):  # drawn without putting back
        m = k + int(draw(rng) * (found.size - k))
        found[k], found[m] = found[m], found[k]
    return found[:many]
