"""Fewest signs that tell everyone the way: an integer programme with names on faces, solved to the end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from hallplan.lp import INFINITY, Limits, WarmLP
from hallplan.signs.reducing import Option, leading_needs, leading_options

Row = dict[int, float]
NODES = 5


@dataclass(frozen=True, slots=True)
class Question:
    """What to cover and with what.

    n_signs: that could go up.  weights: visitors a day of each need.  redundancy: signs each need asks for.
    already: signs that meet each need without any new one.  most_names: on one face.  budget: signs at most, None for as
    many as it takes; with a budget that is too small as many visitors as can be are served.
    spots: where each sign would be; two nearer to each other than `spacing_m` do not both go up.
    """

    options: Sequence[Option]
    n_signs: int
    weights: Sequence[float]
    redundancy: int = 1
    already: Sequence[int] = ()
    most_names: int = 6
    budget: int | None = None
    spots: Sequence[tuple[float, float]] = ()
    spacing_m: float = 0.0

    def wanted(self) -> dict[int, int]:
        """Returns how many new signs each need asks for, no more than could meet it; needs that ask for none left out."""
        could: dict[int, set[int]] = {}
        for option in self.options:
            for need in option.needs:
                could.setdefault(need, set()).add(option.sign)
        had = dict(enumerate(self.already))
        found = {need: min(self.redundancy - had.get(need, 0), len(could[need])) for need in sorted(could)}
        return {need: count for need, count in found.items() if count > 0}


@dataclass(frozen=True, slots=True)
class Answer:
    """Options to put up, and the fewest signs proven."""

    options: tuple[int, ...]
    signs: tuple[int, ...]
    bound: float
    is_optimal: bool
    missed: tuple[int, ...] = field(default=())


def cover(question: Question) -> Answer:
    """Returns the fewest signs that meet every need that can be met, and what each face says.

    A need that only signs too near to each other, or one face with two arrows to a goal, could meet stays missed.
    """
    kept = list(range(len(question.options)))
    if question.budget is None:
        lead = leading_needs(question.options, question.wanted())
        is_loose = question.redundancy == 1 and not question.spacing_m
        kept = leading_options(question.options, lead, question.most_names, by_sign=is_loose)
    answer = _Programme(_renumbered(question, kept)).solve()
    back = sorted({question.options[o].sign for o in kept})
    signs = tuple(back[sign] for sign in answer.signs)
    return replace(answer, options=tuple(kept[o] for o in answer.options), signs=signs)


def _renumbered(question: Question, kept: Sequence[int]) -> Question:
    """The question with some options and their signs alone."""
    signs = {sign: n for n, sign in enumerate(sorted({question.options[o].sign for o in kept}))}
    options = [replace(question.options[o], sign=signs[question.options[o].sign]) for o in kept]
    spots = [question.spots[sign] for sign in signs] if question.spots else ()
    return replace(question, options=options, n_signs=len(signs), spots=spots)


def _too_near(question: Question) -> list[list[int]]:
    """Groups of signs of which at most one may go up: for each two that are too near, all about the middle of them."""
    if not question.spots or not question.spacing_m:
        return []
    spots = np.asarray(question.spots, dtype=np.float64)
    gaps = np.hypot(*(spots[:, None, :] - spots[None, :, :]).transpose(2, 0, 1))
    groups: set[frozenset[int]] = set()
    for one, other in np.argwhere(np.triu(gaps < question.spacing_m - 1e-9, 1)).tolist():
        middle = (spots[one] + spots[other]) / 2
        near = np.hypot(*(spots - middle).T) < question.spacing_m / 2
        groups.add(
            frozenset([one, other, *np.flatnonzero(near).tolist()]) if gaps[one, other] else frozenset([one, other])
        )
    kept = [group for group in groups if not any(group < more for more in groups)]
    return sorted(sorted(group) for group in kept)


class _Programme:
    """Columns: a sign up or not, an option up or not, a need met (with a budget) or missed (without)."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.n_signs, self.n_options = question.n_signs, len(question.options)
        wanted = question.wanted()
        lead = leading_needs(question.options, wanted) if question.budget is None else wanted.keys()
        self.wanted = {need: wanted[need] for need in wanted if need in lead}
        self.holders: dict[int, list[int]] = {need: [] for need in self.wanted}
        for o, option in enumerate(question.options):
            for need in option.needs & self.wanted.keys():
                self.holders[need].append(o)
        self._dear = float(self.n_signs + 1)
        is_budgeted = question.budget is not None
        # without a budget a last column for each need is what it lacks, dearer than all signs together
        gains = [-max(question.weights[need], 1e-3) if is_budgeted else self._dear for need in self.holders]
        # the number of signs alone is a whole number, which is proven best far sooner than a mixture
        first = [1e-4 if is_budgeted else 1.0] * self.n_signs
        costs = np.array([*first, *([1e-5 if is_budgeted else 0.0] * self.n_options), *gains])
        self.lp = WarmLP(costs, np.zeros(len(costs)), np.ones(len(costs)), limits=Limits(nodes=NODES, gap=1e-6))
        self.lp.require_whole(np.arange(len(costs)))
        self._add(self._rows(is_budgeted))
        self._add([(dict.fromkeys(group, 1.0), -INFINITY, 1.0) for group in _too_near(question)])

    def _rows(self, is_budgeted: bool) -> list[tuple[Row, float, float]]:
        question, first = self.question, self.n_signs
        rows: list[tuple[Row, float, float]] = []
        for z, (need, holders) in enumerate(self.holders.items()):
            row: Row = {first + o: 1.0 for o in holders}
            if is_budgeted:
                row[first + self.n_options + z] = -1.0
                rows.append((row, 0.0, INFINITY))
            else:
                row[first + self.n_options + z] = float(self.wanted[need])
                rows.append((row, float(self.wanted[need]), INFINITY))
        faces: dict[tuple[int, int], list[int]] = {}
        names: dict[tuple[int, int, str], list[int]] = {}
        for o, option in enumerate(question.options):
            faces.setdefault((option.sign, option.face), []).append(o)
            names.setdefault((option.sign, option.face, option.goal), []).append(o)
        for (sign, _), held in faces.items():
            most = float(question.most_names)
            if len(held) > most:
                rows.append(({**{first + o: 1.0 for o in held}, sign: -most}, -INFINITY, 0.0))
            for o in held:
                room = question.options[o].room
                if room is not None and len(held) > room:
                    row = {first + other: 1.0 for other in held}
                    row[first + o] += most - room
                    rows.append(({**row, sign: -most}, -INFINITY, 0.0))
        for (sign, _, _), held in names.items():
            rows.append(({**{first + o: 1.0 for o in held}, sign: -1.0}, -INFINITY, 0.0))
        if question.budget is not None:
            rows.append((dict.fromkeys(range(self.n_signs), 1.0), -INFINITY, float(question.budget)))
        return rows

    def _add(self, rows: Sequence[tuple[Row, float, float]]) -> None:
        if not rows:
            return
        starts = np.cumsum([0, *(len(row) for row, _, _ in rows)])[:-1]
        columns = [column for row, _, _ in rows for column in row]
        factors = [factor for row, _, _ in rows for factor in row.values()]
        self.lp.add_rows(starts, columns, factors, [low for _, low, _ in rows], [high for _, _, high in rows])

    def solve(self) -> Answer:
        """Returns the optimum; a greedy choice when the search ran out of nodes without any.

        First the fewest signs, then, with that many, the cheapest places and the fewest names.
        """
        status = self.lp.solve()
        if not self.lp.has_values:
            return greedy(self.question)
        chosen: NDArray[np.bool_] = self.lp.values > 0.5
        up = np.flatnonzero(chosen[: self.n_signs])
        lacking = self._dear * int(chosen[self.n_signs + self.n_options :].sum())
        bound = len(up) if self.question.budget is not None else math.ceil(self.lp.bound - lacking - 1e-6)
        if self.question.budget is None:
            chosen = self._tidied(up, chosen)
        options = np.flatnonzero(chosen[self.n_signs : self.n_signs + self.n_options]).tolist()
        signs = sorted({self.question.options[o].sign for o in options})
        met = set().union(*(self.question.options[o].needs for o in options)) if options else set()
        missed = tuple(need for need in self.holders if need not in met)
        return Answer(tuple(options), tuple(signs), float(max(0, bound)), status == "optimal", missed)

    def _tidied(self, up: NDArray[np.int64], chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The fewest names with the signs that are up; `chosen` when that is not found."""
        names = np.arange(self.n_signs, self.n_signs + self.n_options)
        down = np.setdiff1d(np.arange(self.n_signs), up)
        self.lp.set_bounds(down, np.zeros(len(down)), np.zeros(len(down)))
        self.lp.set_costs(names, np.ones(len(names)))
        self.lp.solve()
        fewest: NDArray[np.bool_] = self.lp.values > 0.5 if self.lp.has_values else chosen
        self.lp.set_bounds(down, np.zeros(len(down)), np.ones(len(down)))
        self.lp.set_costs(names, np.zeros(len(names)))
        return fewest


def greedy(question: Question) -> Answer:
    """Returns signs chosen one after the other, each time the one that meets most needs still open."""
    open_needs = question.wanted()
    by_sign: dict[int, list[int]] = {}
    for o, option in enumerate(question.options):
        by_sign.setdefault(option.sign, []).append(o)
    chosen: list[int] = []
    signs: list[int] = []
    while open_needs and by_sign and len(signs) < (question.budget or len(by_sign) + len(signs) + 1):
        best = max(
            by_sign,
            key=lambda sign: (len(_met(_filled(question, by_sign[sign], open_needs), question, open_needs)), -sign),
        )
        held = _filled(question, by_sign.pop(best), open_needs)
        met = _met(held, question, open_needs)
        if not met:
            break
        chosen += held
        signs.append(best)
        for need in met:
            open_needs[need] -= 1
            if not open_needs[need]:
                del open_needs[need]
    return Answer(tuple(sorted(chosen)), tuple(sorted(signs)), 0.0, False, tuple(sorted(open_needs)))


def _filled(question: Question, options: Sequence[int], open_needs: dict[int, int]) -> list[int]:
    """What the faces of one sign say best: a goal once a face, the most useful names first."""
    held: list[int] = []
    taken: dict[int, set[str]] = {}
    rooms: dict[int, int] = {}
    worth = {o: len(question.options[o].needs & open_needs.keys()) for o in options}
    for o in sorted(options, key=lambda o: (-worth[o], o)):
        option = question.options[o]
        names = taken.setdefault(option.face, set())
        rooms[option.face] = min(rooms.get(option.face, question.most_names), option.room or question.most_names)
        if worth[o] and option.goal not in names and len(names) < rooms[option.face]:
            names.add(option.goal)
            held.append(o)
    return held


def _met(options: Sequence[int], question: Question, open_needs: dict[int, int]) -> set[int]:
    return {need for o in options for need in question.options[o].needs if need in open_needs}
