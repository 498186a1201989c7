"""The question which signs go up and what they say, and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hallplan.signs.reducing import Option

FLOORS_APART_M = 1e6


@dataclass(frozen=True, slots=True)
class Question:
    """What to cover and with what.

    n_signs: that could go up.  weights: visitors a day of each need.  redundancy: signs each need asks for.
    already: signs that meet each need without any new one.  most_names: on one face.  costs: of each sign, whole numbers;
    1 each when empty.  budget: what signs may cost in all, None for as much as it takes; with a budget that is too small as
    many visitors as can be are served.
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
    costs: Sequence[int] = ()

    def cost(self, sign: int) -> int:
        """Returns what a sign costs, in signs when costs are not known."""
        return self.costs[sign] if self.costs else 1

    def wanted(self) -> dict[int, int]:
        """Returns how many new signs each need asks for, no more than could meet it; needs that ask for none left out."""
        could: dict[int, set[int]] = {}
        for option in self.options:
            for need in option.needs:
                could.setdefault(need, set()).add(option.sign)
        had = dict(enumerate(self.already))
        found = {need: min(self.redundancy - had.get(need, 0), len(could[need])) for need in sorted(could)}
        return {need: count for need, count in found.items() if count > 0}

    def of(self, kept: Sequence[int]) -> tuple[Question, list[int]]:
        """Returns the question with some options and their signs alone, numbered anew, and the old numbers of the signs."""
        signs = sorted({self.options[o].sign for o in kept})
        number = {sign: n for n, sign in enumerate(signs)}
        options = [replace(self.options[o], sign=number[self.options[o].sign]) for o in kept]
        spots = [self.spots[sign] for sign in signs] if self.spots else ()
        costs = [self.costs[sign] for sign in signs] if self.costs else ()
        return replace(self, options=options, n_signs=len(signs), spots=spots, costs=costs), signs


def joined(questions: Sequence[Question]) -> Question:
    """Returns the question of several floors that share one budget: their needs are numbered together already, their signs
    and faces are numbered on, and signs of two floors are never too near to each other.
    """
    first, signs, faces = questions[0], 0, 0
    options: list[Option] = []
    spots: list[tuple[float, float]] = []
    for floor, one in enumerate(questions):
        options += [replace(o, sign=o.sign + signs, face=o.face + faces) for o in one.options]
        spots += [(x + floor * FLOORS_APART_M, y) for x, y in one.spots]
        signs += one.n_signs
        faces += max((option.face for option in one.options), default=-1) + 1
    costs = [cost for one in questions for cost in one.costs]
    return replace(first, options=options, n_signs=signs, spots=spots, costs=costs)


@dataclass(frozen=True, slots=True)
class Answer:
    """Options to put up, and what is proven: no answer that misses as few has fewer signs (or costs less) than `bound`.

    missed: needs that have fewer signs than they ask for.  is_cut: the work ran out before anything was proven.
    """

    options: tuple[int, ...]
    signs: tuple[int, ...]
    bound: float
    is_optimal: bool
    missed: tuple[int, ...] = field(default=())
    is_cut: bool = False
