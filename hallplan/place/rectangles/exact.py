"""Exact coordinates by linear programming: which zone lies left of or below which is given, sides and places are free.

Areas are tangents of w·h = area, added where a solve falls short; a rectilinear distance is linear in the order of the
centres at hand, with an excess column once that order turns; a euclidean one is tangents of its cone. Every row is valid
for all layouts, so rows gathered for one set of relations serve the next, and a solve is a lower bound for its relations.
Source: ε-accurate outer linearisation of areas, Castillo and Westerlund 2005; the rest ours.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hallplan.lp import INFINITY, Limits, WarmLP
from hallplan.place.rectangles.problem import Floats, Ints, Problem

ROUNDS = 40
MOST_STRETCH = 2.0
AREA_TOL = 1e-9
LENGTH_TOL = 1e-8
LP_TOL = 1e-9
START_SHAPES = 5
NEAR_SHARE = 0.1
"""Centres nearer than this share of the floor get their excess row at once."""

Relation = tuple[int, int, int]
"""axis (0 left of, 1 below), the zone before, the zone behind."""


class RelationLP:
    """The programme of one problem, warm from solve to solve. `solves` counts them.

    stretch: price of 1 m² that the floor grows by at its far sides, None: it must not.  halt[0]: set from outside, ends
    a solve without a layout.  Lengths inside are shares of the root of the floor's area, weights of the greatest weight.
    """

    def __init__(
        self, problem: Problem, start: Floats, stretch: float | None = None, halt: NDArray[np.bool_] | None = None
    ) -> None:
        self.problem, self.stretch = problem, stretch
        self.halt = np.zeros(1, dtype=bool) if halt is None else halt
        self.unit = math.sqrt(problem.floor[0] * problem.floor[1])
        self.weight = float(problem.weights.max()) if len(problem.weights) else 1.0
        self.areas = problem.areas / self.unit**2
        self.n, self.m = problem.n, len(problem.weights)
        self.solves = 0
        self.now = start / self.unit
        self._rows: dict[Relation, int] = {}
        self._on: set[Relation] = set()
        self._lp = self._columns()
        self._shapes()
        if stretch is not None:
            self._stretch_rows()
            self.set_stretch(stretch)
        self._is_active = np.zeros((2, self.m), dtype=bool)
        if problem.metric == "euclidean":
            self._cone(np.arange(self.m), *self._gaps(self.now))
        else:
            span = np.array(problem.floor)[:, None] / self.unit * NEAR_SHARE
            self._excess_rows(np.abs(self._gaps(self.now)) < span)

    def _columns(self) -> WarmLP:
        """x0, y0, x1, y1 of zones, then two excesses (or one length) a pair."""
        p, n, m = self.problem, self.n, self.m
        width, height = p.floor[0] / self.unit, p.floor[1] / self.unit
        is_cone = p.metric == "euclidean"
        costs = np.zeros(4 * n + (m if is_cone else 2 * m))
        weights = p.weights / self.weight
        if is_cone:
            costs[4 * n :] = weights
        else:
            self._signs = np.where(self._gaps(self.now) >= 0, 1.0, -1.0)
            costs[4 * n :] = np.concatenate([2 * weights, 2 * weights])
            for axis in (0, 1):
                for edge in (axis, axis + 2):
                    np.add.at(costs, edge * n + p.pairs[:, 1], weights * self._signs[axis] / 2)
                    np.add.at(costs, edge * n + p.pairs[:, 0], -weights * self._signs[axis] / 2)
        if self.stretch is not None:
            costs = np.append(costs, [0.0, 0.0])
        upper = np.full(len(costs), INFINITY)
        room = 1.0 if self.stretch is None else MOST_STRETCH
        upper[: 4 * n] = np.tile(np.repeat([width * room, height * room], n), 2)
        return WarmLP(costs, np.zeros(len(costs)), upper, limits=Limits(tolerance=LP_TOL))

    def _stretch_rows(self) -> None:
        """Far sides of zones lie on the floor and what it grows by."""
        zones, last = np.arange(self.n), self._lp.n_columns
        for axis in (0, 1):
            columns = np.column_stack([(axis + 2) * self.n + zones, np.full(self.n, last - 2 + axis)])
            self._add(columns, np.tile([1.0, -1.0], (self.n, 1)), -INFINITY, self.problem.floor[axis] / self.unit)

    def set_stretch(self, price: float) -> None:
        """Changes what a stretched floor costs."""
        self.stretch, last = price, self._lp.n_columns
        prices = np.array(self.problem.floor[::-1]) * price / self.weight
        self._lp.set_costs([last - 2, last - 1], prices)

    @property
    def stretched(self) -> float:
        """By how many m the floor grew in the last solve, both sides together."""
        return 0.0 if self.stretch is None else float(self._lp.values[-2:].sum()) * self.unit

    def _shapes(self) -> None:
        """Least and greatest sides, and tangents at some shapes of each zone and at the one it has."""
        n, p = self.n, self.problem
        low, high = p.low / self.unit, p.high / self.unit
        zones = np.arange(n)
        for axis, (least, most) in enumerate(((low, high), (self.areas / high, self.areas / low))):
            columns = np.column_stack([axis * n + zones, (axis + 2) * n + zones])
            self._add(columns, np.tile([-1.0, 1.0], (n, 1)), least * (1 - AREA_TOL), most * (1 + AREA_TOL))
        for share in np.linspace(0.0, 1.0, START_SHAPES):
            self._tangents(zones, low ** (1 - share) * high**share)
        self._tangents(zones, np.clip(self.now[:, 2], low, high))

    def _add(self, columns: NDArray[np.int64], factors: Floats, low: Floats | float, high: Floats | float) -> None:
        count, width = columns.shape
        sides = np.broadcast_to(np.asarray(low, float), count), np.broadcast_to(np.asarray(high, float), count)
        self._lp.add_rows(np.arange(count) * width, columns.ravel(), factors.ravel(), *sides)

    def _tangents(self, zones: NDArray[np.int64], widths: Floats) -> None:
        """Adds tangents of the area curve at widths, as shares of the area: w / w' + h / h' >= 2."""
        n = self.n
        steep, flat = 1 / widths, widths / (self.areas[zones] * (1 - AREA_TOL))
        columns = np.column_stack([zones, zones + 2 * n, zones + n, zones + 3 * n])
        self._add(columns, np.column_stack([-steep, steep, -flat, flat]), 2.0, INFINITY)

    def _gaps(self, rectangles: Floats) -> Floats:
        """Centre of the second less that of the first zone of each pair, (2, m)."""
        centres = rectangles[:, :2] + rectangles[:, 2:] / 2
        return np.asarray((centres[self.problem.pairs[:, 1]] - centres[self.problem.pairs[:, 0]]).T)

    def _between(self, pairs: NDArray[np.int64], axis: int) -> NDArray[np.int64]:
        """Columns whose half sum, the second pair of them less the first, is the gap of centres."""
        i, j, n = self.problem.pairs[pairs, 0], self.problem.pairs[pairs, 1], self.n
        return np.column_stack([i + axis * n, i + (axis + 2) * n, j + axis * n, j + (axis + 2) * n]).astype(np.int64)

    def _excess_rows(self, wanted: NDArray[np.bool_]) -> None:
        """Lets the excess of pairs count how far their order is turned."""
        for axis in (0, 1):
            pairs = np.flatnonzero(wanted[axis] & ~self._is_active[axis])
            if len(pairs):
                columns = np.column_stack([self._between(pairs, axis), 4 * self.n + axis * self.m + pairs])
                half = self._signs[axis, pairs][:, None] * np.array([-0.5, -0.5, 0.5, 0.5])
                self._add(columns, np.column_stack([half, np.ones(len(pairs))]), 0.0, INFINITY)
                self._is_active[axis, pairs] = True

    def _cone(self, pairs: NDArray[np.int64], dx: Floats, dy: Floats) -> None:
        """Adds tangents of the length of pairs in the directions of gaps."""
        if len(pairs) == 0:
            return
        length = np.maximum(np.hypot(dx, dy), 1e-12)
        ux, uy = (dx / length)[:, None], (dy / length)[:, None]
        half = np.array([[0.5, 0.5, -0.5, -0.5]])
        columns = np.column_stack([self._between(pairs, 0), self._between(pairs, 1), 4 * self.n + pairs])
        self._add(columns, np.hstack([ux * half, uy * half, np.ones((len(pairs), 1))]), 0.0, INFINITY)

    def relate(self, relations: Sequence[Relation]) -> None:
        """Makes these relations hold, and no others."""
        wanted = set(relations)
        new = [relation for relation in relations if relation not in self._rows]
        if new:
            table, first, n = np.array(new), self._lp.n_rows, self.n
            columns = np.column_stack([(table[:, 0] + 2) * n + table[:, 1], table[:, 0] * n + table[:, 2]])
            self._add(columns, np.tile([-1.0, 1.0], (len(new), 1)), 0.0, INFINITY)
            self._rows.update({relation: first + k for k, relation in enumerate(new)})
        on = [self._rows[r] for r in relations if r not in self._on and r not in new]
        off = [self._rows[r] for r in sorted(self._on - wanted)]
        if on or off:
            low = [0.0] * len(on) + [-INFINITY] * len(off)
            self._lp.set_row_bounds(on + off, low, [INFINITY] * len(low))
        self._on = wanted

    def solve(self, below: float = math.inf) -> float:
        """Returns the least cost, with that of a stretched floor; inf when there is none or it is not below a value.

        The layout is in `rectangles` afterwards.
        """
        limit = below / (self.unit * self.weight)
        self._lp.stop_above(limit if math.isfinite(limit) else INFINITY)
        for _ in range(ROUNDS):
            if self.halt[0]:
                break
            self.solves += 1
            if self._lp.solve() != "optimal" or self._lp.objective >= limit:
                return math.inf
            if not self._tighten(self._lp.values):
                whole = self.unit * self.weight
                return self.problem.cost(self.rectangles) if self.stretch is None else self._lp.objective * whole
        return math.inf

    def _tighten(self, values: Floats) -> bool:
        """Adds rows where areas or distances fall short; False when none does."""
        n = self.n
        box = values[: 4 * n].reshape(4, n)
        self.now = np.column_stack([box[0], box[1], box[2] - box[0], box[3] - box[1]])
        short = np.flatnonzero(self.now[:, 2] * self.now[:, 3] < self.areas * (1 - 5 * AREA_TOL))
        if len(short):
            w, h = self.now[short, 2], self.now[short, 3]
            self._tangents(short, np.maximum(w, 1e-9) * np.sqrt(self.areas[short] / np.maximum(w * h, 1e-18)))
        gaps = self._gaps(self.now)
        if self.problem.metric == "euclidean":
            far = np.flatnonzero(values[4 * n : 4 * n + self.m] < np.hypot(*gaps) - LENGTH_TOL)
            self._cone(far, gaps[0, far], gaps[1, far])
            return len(short) > 0 or len(far) > 0
        turned = (gaps * self._signs < -LENGTH_TOL) & ~self._is_active
        self._excess_rows(turned)
        return len(short) > 0 or bool(turned.any())

    @property
    def rectangles(self) -> Floats:
        """The layout of the last solve in m, (n, 4), areas exact, each zone as near its LP shape as that allows."""
        p = self.problem
        place = self.now * self.unit
        w, h = place[:, 2], place[:, 3]
        centres = place[:, :2] + place[:, 2:] / 2
        factor = np.sqrt(p.areas / np.maximum(w * h, 1e-300))
        widths = np.clip(w * factor, np.maximum(p.low, p.areas / np.maximum(h, 1e-300)), np.minimum(p.high, w))
        widths = np.clip(widths, p.low, p.high)
        sizes = np.column_stack([widths, p.areas / widths])
        return np.column_stack([centres - sizes / 2, sizes])

    @property
    def prices(self) -> dict[Relation, float]:
        """What each relation in force costs, a length of 1 m more room between the two, > 0 where it binds."""
        duals = self._lp.prices
        return {relation: abs(float(duals[self._rows[relation]])) * self.weight for relation in sorted(self._on)}

    @property
    def n_rows(self) -> int:
        """Rows gathered so far."""
        return self._lp.n_rows


def relations_of(rectangles: Floats) -> Ints:
    """Returns (n, n): 1 where i lies left of j, 2 where below, -1 and -2 the other way, by the wider gap of the two."""
    low, high = rectangles[:, :2], rectangles[:, :2] + rectangles[:, 2:]
    gaps = np.stack([
        low[None, :, 0] - high[:, None, 0], low[None, :, 1] - high[:, None, 1],
        low[:, None, 0] - high[None, :, 0], low[:, None, 1] - high[None, :, 1],
    ])  # fmt: skip
    codes = np.array([1, 2, -1, -2], np.int32)[np.argmax(gaps, axis=0)]
    upper = np.triu(codes, 1)
    return np.asarray(upper - upper.T, dtype=np.int32)


def reduced(codes: Ints) -> list[Relation]:
    """Returns the relations that none of the others imply."""
    found: list[Relation] = []
    for axis in (0, 1):
        before = codes == axis + 1
        direct = before & ~((before.astype(np.float32) @ before.astype(np.float32)) > 0)
        found += [(axis, int(i), int(j)) for i, j in zip(*np.nonzero(direct), strict=True)]
    return found
