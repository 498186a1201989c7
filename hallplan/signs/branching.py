"""The proof that no answer is better: cuts from small patches of needs, then branches, on the relaxation kept warm."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hallplan.signs.programme import TOL, Programme, Values
from hallplan.signs.tightening import Tightener

ROUNDS, BRANCH_ROUNDS = 16, 3
"""Rounds of cuts before the first branch and in each."""
LEAST_GAIN, LEAST_BRANCH_GAIN = 0.03, 0.05
"""What a round must raise the bound by for another to follow, in steps of the objective."""
TRIED = 4
"""Columns tried out for a branch."""
STEPS, MOST_STEPS = 40, 1_000_000
"""Steps of the simplex method when a column is tried out, and otherwise."""


@dataclass(frozen=True, slots=True, eq=False)
class _Relaxed:
    """A solved relaxation."""

    objective: float
    values: Values
    prices: Values


@dataclass(frozen=True, slots=True, eq=False)
class _Node:
    """Bounds of the columns, and what an answer within them costs at least."""

    low: Values
    high: Values
    bound: float


class Tree:
    """Searches a programme for answers better than the best so far; `bound`: what any answer costs at least.

    The programme is a relaxation all the time (Programme.lp.relax).
    """

    def __init__(self, programme: Programme, best: float) -> None:
        self.programme, self.lp = programme, programme.lp
        self.best, self.values, self.bound, self._is_sure = best, None, -math.inf, True
        self._tightener = Tightener(programme.meets)
        self._root: _Relaxed | None = None

    best: float
    values: Values | None
    bound: float

    def tighten(self) -> Values | None:
        """Adds cuts until they raise the bound no more; returns the values of the relaxation, None when it has none."""
        n = self.programme.count
        self._bound_by(_Node(np.zeros(n), np.ones(n), 0.0))
        self._root = self._solved()
        if self._root is not None:
            self._root = self._cut(self._root, ROUNDS, LEAST_GAIN)
        if self._root is None:
            return None
        self.bound = self.programme.whole(self._root.objective)
        return self._root.values

    def search(self, nodes: int) -> None:
        """Branches depth first, as many nodes as that at most."""
        if self._root is None or self._is_done(self.bound):
            return
        n = self.programme.count
        nodes_left = [_Node(np.zeros(n), np.ones(n), self._root.objective)]
        while nodes_left and nodes > 0:
            nodes -= 1
            node = nodes_left.pop()
            if not self._is_done(node.bound):
                nodes_left += self._branches(node)
        if self._is_sure:
            self.bound = min([self.best, *(self.programme.whole(node.bound) for node in nodes_left)])
        self._bound_by(_Node(np.zeros(n), np.ones(n), 0.0))

    def _branches(self, node: _Node) -> list[_Node]:
        """What is left of a node after cuts: nothing, or two nodes, the likelier one last."""
        self._bound_by(node)
        relaxed = self._solved()
        if relaxed is not None:
            relaxed = self._cut(relaxed, BRANCH_ROUNDS, LEAST_BRANCH_GAIN)
        if relaxed is None or self._is_done(relaxed.objective):
            return []
        if np.abs(relaxed.values - np.round(relaxed.values)).max() < TOL:
            self.best, self.values = relaxed.objective, np.round(relaxed.values)
            return []
        return self._split(self._priced_out(node, relaxed), relaxed)

    def _priced_out(self, node: _Node, relaxed: _Relaxed) -> _Node:
        """The node without columns, or with those, whose change alone would cost as much as the best so far."""
        room = self.best - self.programme.step - relaxed.objective + TOL
        low, high = node.low.copy(), node.high.copy()
        high[(relaxed.prices > room) & (low < 0.5)] = 0.0
        low[(relaxed.prices < -room) & (high > 0.5)] = 1.0
        narrowed = _Node(low, high, relaxed.objective)
        self._bound_by(narrowed)
        return narrowed

    def _split(self, node: _Node, relaxed: _Relaxed) -> list[_Node]:
        """The two sides of the column, among a few near to a half, that raises both bounds most."""
        off = np.round(np.abs(relaxed.values - 0.5), 6)
        chosen, sure, best = -1, (0.0, 0.0), -1.0
        torn = np.flatnonzero(off < 0.5 - TOL)
        for j in torn[np.argsort(off[torn], kind="stable")][:TRIED].tolist():
            (without, bound), (with_it, other) = self._tried(node, j, 0.0), self._tried(node, j, 1.0)
            most = self.best - relaxed.objective
            gain = math.prod(max(1e-3, min(found - relaxed.objective, most)) for found in (without, with_it))
            if gain > best:
                chosen, sure, best = j, (bound, other), gain
        sides = []
        for value, bound in zip((0.0, 1.0), sure, strict=True):
            low, high = node.low.copy(), node.high.copy()
            low[chosen] = high[chosen] = value
            sides.append(_Node(low, high, max(node.bound, bound)))
        return sorted(sides, key=lambda side: -side.bound)

    def _tried(self, node: _Node, j: int, value: float) -> tuple[float, float]:
        """What fixing a column raises the objective to in a few steps, and how much of that is proven."""
        self.lp.set_bounds([j], [value], [value])
        status = self.lp.solve(iterations=STEPS)
        found = math.inf if status == "infeasible" else self.lp.objective
        self.lp.set_bounds([j], node.low[j : j + 1], node.high[j : j + 1])
        return found, found if status in ("infeasible", "optimal") else node.bound

    def _cut(self, relaxed: _Relaxed, rounds: int, least_gain: float) -> _Relaxed | None:
        """The relaxation after rounds of cuts; None when nothing is left."""
        for _ in range(rounds):
            if self._is_done(relaxed.objective):
                break
            cuts = self._tightener.cuts(relaxed.values[: self.programme.first_need])
            if not cuts:
                break
            self.programme.add_cuts(cuts)
            before, after = relaxed.objective, self._solved()
            if after is None:
                return None
            relaxed = after
            self.programme.drop_idle_cuts()
            if relaxed.objective - before < least_gain * self.programme.step:
                break
        return relaxed

    def _solved(self) -> _Relaxed | None:
        status = self.lp.solve(iterations=MOST_STEPS)
        if status != "optimal":
            self._is_sure = self._is_sure and status == "infeasible"
            return None
        return _Relaxed(self.lp.objective, self.lp.values, self.lp.reduced_costs)

    def _bound_by(self, node: _Node) -> None:
        self.lp.set_bounds(np.arange(self.programme.count), node.low, node.high)

    def _is_done(self, bound: float) -> bool:
        """Whether nothing better than the best so far is left."""
        return self.programme.whole(bound) > self.best - self.programme.step + TOL
