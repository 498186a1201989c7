"""Local search on relations: pairs that bind are turned, zones change places, each trial a warm linear programme.

It reaches layouts that no slicing tree has (pinwheels). Prices of the separation rows say which pairs to turn first.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from hallplan.place.rectangles.exact import RelationLP, reduced, relations_of
from hallplan.place.rectangles.problem import Floats, Ints, Problem

PRICE_TOL = 1e-7
GAIN = 1e-8
STRETCH_PRICES = (1.0, 4.0, 32.0)
"""What 1 m² more floor costs, as multiples of the layout's cost by m² of floor."""
STRETCH_TOL = 1e-6
MOST_ROWS = 6
"""A programme with more rows than this times its first number is built afresh."""


class Turning:
    """A layout and its relations under local search. `solves` counts linear programmes.

    stretch: price of 1 m² more floor, so that layouts that do not fit are walked through; None: none of them.
    `cost` counts that price.
    """

    def __init__(
        self, problem: Problem, rectangles: Floats, halt: NDArray[np.bool_], stretch: float | None = None
    ) -> None:
        self.problem, self.rectangles, self.halt, self.stretch = problem, rectangles, halt, stretch
        self.solves = 0
        self.cost = self.stretched = np.inf
        self._renew()

    def _renew(self) -> None:
        self.codes = relations_of(self.rectangles)
        self._lp = RelationLP(self.problem, self.rectangles, self.stretch, self.halt)
        self._first = self._lp.n_rows
        self._solve_own()

    def _solve_own(self) -> None:
        self._lp.relate(reduced(self.codes))
        cost = self._lp.solve()
        if self.halt[0] and not np.isfinite(cost):
            return
        self.cost = cost
        self.stretched = self._lp.stretched if np.isfinite(self.cost) else np.inf
        if np.isfinite(self.cost):
            self.rectangles = self._lp.rectangles

    def set_stretch(self, price: float) -> None:
        """Changes what a stretched floor costs."""
        self.stretch = price
        self._lp.set_stretch(price)
        self._solve_own()

    def _try(self, codes: Ints) -> bool:
        """Takes relations over when their best layout is better."""
        before = self._lp.solves
        self._lp.relate(reduced(codes))
        cost = self._lp.solve(self.cost * (1 - GAIN))
        self.solves += self._lp.solves - before
        if cost >= self.cost * (1 - GAIN):
            return False
        self.cost, self.rectangles = cost, self._lp.rectangles
        self.stretched = self._lp.stretched
        self.codes = relations_of(self.rectangles)
        return True

    def descend(self, most: int) -> None:
        """Turns and swaps until nothing helps or `most` programmes are solved."""
        most += self.solves
        while self._pass(most):
            if self._lp.n_rows > MOST_ROWS * self._first:
                self._renew()

    def _pass(self, most: int) -> bool:
        """One look round all neighbours; True as soon as one is better."""
        self._solve_own()
        for codes in self._neighbours():
            if self.solves >= most or self.halt[0]:
                return False
            if self._try(codes):
                return True
        return False

    def _neighbours(self) -> Iterator[Ints]:
        prices = self._lp.prices
        reach = _closures(self.codes)
        for (axis, i, j), price in sorted(prices.items(), key=lambda item: (-item[1], item[0])):
            if price > PRICE_TOL:
                for a, b in ((i, j), (j, i)):
                    if not reach[1 - axis][b, a]:
                        yield _turned(self.codes, a, b, 2 - axis)
        for i in range(self.problem.n):
            for j in range(i + 1, self.problem.n):
                yield _swapped(self.codes, i, j)


def through_stretched(
    problem: Problem, rectangles: Floats, most: int, halt: NDArray[np.bool_]
) -> tuple[Floats | None, int]:
    """Returns a layout that fits, found from one that may not by turning relations on a floor that stretches at a price.

    The price rises from one too low to keep the floor's sides to one that none can pay (strategic oscillation).
    Also the number of programmes solved; None when the end does not fit.
    """
    scale = problem.cost(rectangles) / (problem.floor[0] * problem.floor[1])
    turning = Turning(problem, rectangles, halt, scale * STRETCH_PRICES[0])
    for price in STRETCH_PRICES:
        turning.set_stretch(scale * price)
        turning.descend(most // len(STRETCH_PRICES))
    return (turning.rectangles if turning.stretched < STRETCH_TOL else None), turning.solves


def _turned(codes: Ints, a: int, b: int, code: int) -> Ints:
    """Relations with a before b by another axis."""
    new = codes.copy()
    new[a, b], new[b, a] = code, -code
    return new


def _swapped(codes: Ints, i: int, j: int) -> Ints:
    """Relations with two zones in each other's place."""
    order = np.arange(len(codes))
    order[i], order[j] = j, i
    return codes[np.ix_(order, order)]


def _closures(codes: Ints) -> list[NDArray[np.bool_]]:
    """Which zone comes before which, through any number of steps, by axis."""
    found = []
    for axis in (0, 1):
        reach = codes == axis + 1
        for k in range(len(codes)):
            reach |= np.outer(reach[:, k], reach[k])
        found.append(reach)
    return found
