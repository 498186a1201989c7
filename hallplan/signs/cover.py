"""Fewest signs that tell everyone the way: an integer programme with names on faces, solved to the end.

The relaxation proves how many signs it takes at least, a small programme over the signs it leans on finds an answer that
is mostly as good, and only what lies between the two is searched, without the columns whose price says that they cannot
be in a better answer (reduced-cost fixing).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from hallplan.lp import Limits
from hallplan.signs.greedy import greedy
from hallplan.signs.programme import TOL, Programme, Values
from hallplan.signs.question import Answer, Question
from hallplan.signs.reducing import leading_needs, leading_options


@dataclass(frozen=True, slots=True)
class Effort:
    """Work on the small programme, signs in it at least, and work on what lies between (see WarmLP.solve).

    row_steps: of the simplex method in the first relaxation at most, each as many as the programme has rows, by which it takes
    longer; None for no end.  Where they do not do, signs are chosen greedily.
    """

    part_checks: int
    leant_on: int
    checks: int
    nodes: int
    row_steps: int | None = None


SWAPS, BRANCHES = 100_000, 60
"""Swaps tried on a plain cover, and nodes of the own search before the solver takes over."""
_NONE = Answer((), (), 0.0, False)
"""In place of an answer that would miss some need, and be thrown away for one to all needs."""
THOROUGH, SHORT = Effort(1000, 60, 6000, 20_000), Effort(150, 30, 400, 200, 500_000_000)


def cover(question: Question, *, is_exact: bool = True) -> Answer:
    """Returns the fewest signs (the least cost) that meet every need that can be met, and what each face says.

    is_exact: False is content with what a small programme finds among the signs that the relaxation leans on; how far it
    may be from the fewest is in the answer's bound.

    A need that only signs too near to each other, or one face with two arrows to a goal, could meet stays missed.
    """
    answer = _covered(question, is_exact=is_exact, is_led=True)
    if question.budget is None and not answer.is_cut and _is_short(question, answer):
        # needs that others bring with them count for themselves where those others are missed
        answer = _covered(question, is_exact=is_exact, is_led=False)
    return answer


def _is_short(question: Question, answer: Answer) -> bool:
    """Whether some need has fewer signs than it asks for."""
    signs: dict[int, set[int]] = {}
    for o in answer.options:
        for need in question.options[o].needs:
            signs.setdefault(need, set()).add(question.options[o].sign)
    return any(len(signs.get(need, ())) < count for need, count in question.wanted().items())


def _covered(question: Question, *, is_exact: bool, is_led: bool) -> Answer:
    kept = _leading(question, is_led=is_led) if question.budget is None else list(range(len(question.options)))
    if not kept:
        return Answer((), (), 0.0, True, tuple(question.wanted()))
    small, signs = question.of(kept)
    answer = _Search(small, THOROUGH if is_exact else SHORT, is_led=is_led).answer(is_exact=is_exact)
    return replace(
        answer,
        options=tuple(kept[o] for o in answer.options),
        signs=tuple(signs[sign] for sign in answer.signs),
    )


def _leading(question: Question, *, is_led: bool) -> list[int]:
    """Numbers of options that may be in an answer, reduced in turn with the needs that bring all others until nothing goes.

    is_led: False keeps all needs, as must be where some are missed.
    """
    wanted = question.wanted()
    is_loose = question.redundancy == 1 and not question.spacing_m and not question.costs
    kept, before = list(range(len(question.options))), -1
    while len(kept) != before:
        before, options = len(kept), [question.options[o] for o in kept]
        needs = leading_needs(options, wanted) if is_led else set(wanted)
        kept = [kept[o] for o in leading_options(options, needs, question.most_names, by_sign=is_loose)]
    return kept


@dataclass(slots=True)
class _Found:
    """The best answer so far and the least that any could cost."""

    objective: float
    values: Values | None
    bound: float


class _Search:
    """relaxed: bound, prices and values of the columns of the last relaxation of the whole."""

    def __init__(self, question: Question, effort: Effort, *, is_led: bool) -> None:
        self.question, self.effort, self.is_led = question, effort, is_led
        self.limits = Limits(nodes=effort.nodes, gap=1e-6)
        self.programme = Programme(question, self.limits, is_compact=question.budget is None, is_led=is_led)
        self.found = _Found(math.inf, None, -math.inf)
        self.relaxed: tuple[float, Values, Values] = -math.inf, np.empty(0), np.empty(0)

    def answer(self, *, is_exact: bool) -> Answer:
        """Returns the optimum; the best found, or a greedy choice, when the search ran out of nodes or of steps."""
        lp, row_steps = self.programme.lp, self.effort.row_steps
        status = lp.solve(iterations=None if row_steps is None else row_steps // max(1, lp.n_rows))
        if status == "limit" and row_steps is not None:
            return replace(greedy(self.question, is_hung=True), is_cut=True)
        self.relaxed = lp.objective, lp.reduced_costs, lp.values
        if self.question.budget is None and status == "optimal":
            self.found.bound = self.programme.whole(self.relaxed[0])
            if self.is_led and self._misses_some:
                return _NONE
            self._search(is_exact=is_exact)
        else:
            self.programme.require_whole()
            if is_exact:
                self.programme.lp.branch_quickly()
            self._run()
        if self.found.values is None:
            return greedy(self.question, is_hung=True)
        return self._answer(self.found.values)

    def _search(self, *, is_exact: bool) -> None:
        """What a relaxation leads to: an answer among the signs that it leans on, then the proof that none is better."""
        shares = self.relaxed[2]
        is_torn = int(((shares > TOL) & (shares < 1.0 - TOL)).sum()) > self.effort.leant_on
        if is_exact and is_torn and self.programme.is_plain:
            self._swap(SWAPS)
        else:
            self._lean_on()
        if is_exact and self._is_open:
            self._prove()
        if (is_exact or self.found.values is None) and self._is_open:
            self.programme.require_whole()
            self.programme.lp.branch_quickly()
            self._improve()

    @property
    def _is_open(self) -> bool:
        return self.found.objective > self.found.bound + TOL

    @property
    def _misses_some(self) -> bool:
        """Whether the bound alone says that some need is missed, whatever goes up."""
        return self.found.bound > float(self.programme.prices.sum()) + TOL

    def _swap(self, steps: int) -> None:
        """Looks for a plain cover by swaps from a greedy one."""
        from hallplan.signs.swapping import swapped_cover

        up = swapped_cover(self.programme.meets.T, round(self.found.bound / self.programme.step), steps)
        objective = float(up.sum()) * self.programme.step
        if objective < self.found.objective - TOL:
            self.found.objective = objective
            self.found.values = up.astype(np.float64)

    def _prove(self) -> None:
        """Cuts and branches until nothing better than the best so far is left, or a budget ends that."""
        from hallplan.signs.branching import Tree

        self.programme.lp.relax()
        tree = Tree(self.programme, self.found.objective)
        values = tree.tighten()
        self.found.bound = max(self.found.bound, tree.bound)
        if values is None or not self._is_open:
            return
        self.relaxed = self.programme.lp.objective, self.programme.lp.reduced_costs, values
        tree.search(BRANCHES)
        self.found.bound = max(self.found.bound, tree.bound)
        if tree.values is not None:
            self.found.objective, self.found.values = tree.best, tree.values

    def _lean_on(self) -> None:
        """Looks among the signs that the relaxation puts up, in part at least, and those nearly worth it."""
        _, prices, shares = self.relaxed
        n = self.programme.n_signs
        self.programme.require_whole()
        order = np.lexsort((np.arange(n), prices[:n], -np.round(shares[:n], 6)))
        allowed = np.ones(self.programme.count, dtype=np.bool_)
        allowed[order[max(self.effort.leant_on, int((shares[:n] > TOL).sum())) :]] = False
        allowed[self.programme.first_need :] = shares[self.programme.first_need :] > TOL
        self.programme.lp.stop_at(self.found.bound + TOL)
        self.programme.allow(allowed)
        self._run(is_part=True)
        if self.found.values is None and self.programme.can_miss:
            # a need that the relaxation meets in shares may be one that signs as a whole cannot meet
            allowed[self.programme.first_need :] = True
            self.programme.allow(allowed)
            self._run(is_part=True)

    def _improve(self) -> None:
        """Searches what may be better than the best so far until nothing is or the nodes run out."""
        bound, prices, _ = self.relaxed
        while self.found.objective > self.found.bound + TOL:
            before = self.found.objective
            self.programme.require_less_than(before)
            self.programme.allow(prices <= before - self.programme.step - bound + TOL)
            self._run()
            if self.found.objective >= before:
                break
        self.programme.require_less_than(math.inf)

    def _run(self, *, is_part: bool = False) -> None:
        """Solves and keeps what is better; what a part of the programme proves is of that part alone."""
        lp, found = self.programme.lp, self.found
        effort = self.effort
        checks = effort.part_checks if is_part else effort.checks
        status = lp.solve(iterations=self.limits.iterations, nodes=effort.nodes, checks=checks)
        best = found.objective
        if lp.has_values and lp.objective < best - TOL:
            found.objective, found.values = lp.objective, lp.values
        if is_part or self.question.budget is not None:
            if status == "optimal" and not is_part:
                found.bound = found.objective
        elif status == "infeasible":
            found.bound = best
        elif math.isfinite(lp.bound):
            # a search that was cut short proves nothing of what it has not looked at yet
            most = best - self.programme.step if status == "limit" else found.objective
            found.bound = max(found.bound, min(found.objective, most, self.programme.whole(lp.bound)))

    def _answer(self, values: Values) -> Answer:
        is_optimal = self.found.objective <= self.found.bound + TOL
        options = self.programme.options(values)
        if self.question.budget is None:
            options = self._tidied(options)
        signs = sorted({self.question.options[o].sign for o in options})
        cost = sum(self.question.cost(sign) for sign in signs)
        bound = max(0.0, cost - (self.found.objective - self.found.bound)) if self.question.budget is None else cost
        return Answer(tuple(options), tuple(signs), float(round(bound, 6)), is_optimal, self.programme.missed(options))

    def _tidied(self, options: list[int]) -> list[int]:
        """The fewest names with the signs that are up; `options` when that is not found."""
        up = {self.question.options[o].sign for o in options}
        kept = [o for o, option in enumerate(self.question.options) if option.sign in up]
        programme = Programme(self.question.of(kept)[0], Limits(nodes=SHORT.nodes, gap=1e-6), is_led=self.is_led)
        names, missed = sorted(programme.says), set(self.programme.missed(options))
        programme.require_whole()
        allowed = np.ones(programme.count, dtype=np.bool_)
        if programme.can_miss:
            first = programme.first_need
            allowed[first : first + len(programme.wanted)] = [need in missed for need in programme.wanted]
        programme.allow(allowed)
        programme.lp.set_costs(names, np.ones(len(names)))
        programme.lp.solve()
        if not programme.lp.has_values:
            return options
        return [kept[o] for o in programme.options(programme.lp.values)]
