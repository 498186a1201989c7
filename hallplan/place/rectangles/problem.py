"""The plain problem: rectangles of given areas on a rectangular floor, close where much flows between them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hallplan.errors import Fault, InfeasibleError, InputError

Metric = Literal["rectilinear", "euclidean"]
Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
FIT_TOL = 1e-9
FREE_TOL = 1e-3
LANES = 32
"""Numbers that a compiled loop takes in one step: rows end at a multiple of it, what is over would go one by one."""
DENSE = 0.2
"""Share of pairs with a flow from which on walks read the whole matrix."""


class Case(NamedTuple):
    """A problem in the arrays that compiled loops read. near, weights: neighbours of zone i at starts[i]:starts[i+1].

    matrix: (n, n) weights, with zeros up to a multiple of LANES, where so many pairs have one that reading all is faster than reading neighbours, else empty.
    """

    width: float
    height: float
    areas: Floats
    low: Floats
    high: Floats
    starts: Ints
    near: Ints
    weights: Floats
    matrix: Floats
    is_euclidean: bool


@dataclass(frozen=True, eq=False)
class Problem:
    """floor: width, height in m.  areas: (n,) m².  low, high: (n,) least and greatest width, the floor folded in.
    pairs: (m, 2) zones i < j, each pair once.  weights: (m,) > 0.
    """

    floor: tuple[float, float]
    areas: Floats
    low: Floats
    high: Floats
    pairs: Ints
    weights: Floats
    metric: Metric

    @property
    def n(self) -> int:
        """Number of zones."""
        return len(self.areas)

    @property
    def fill(self) -> float:
        """Share of the floor that the zones take."""
        return float(self.areas.sum()) / (self.floor[0] * self.floor[1])

    def case(self) -> Case:
        """Returns the problem for compiled loops."""
        both = np.concatenate([self.pairs, self.pairs[:, ::-1]])
        weights = np.concatenate([self.weights, self.weights])
        order = np.lexsort((both[:, 1], both[:, 0]))
        starts = np.searchsorted(both[order, 0], np.arange(self.n + 1)).astype(np.int32)
        return Case(
            self.floor[0], self.floor[1], self.areas, self.low, self.high, starts,
            np.ascontiguousarray(both[order, 1]), np.ascontiguousarray(weights[order]), self._matrix(),
            self.metric == "euclidean",
        )  # fmt: skip

    def _matrix(self) -> Floats:
        if 2 * len(self.pairs) < DENSE * self.n**2:
            return np.zeros((0, 0))
        matrix = np.zeros((self.n, -(-self.n // LANES) * LANES))
        matrix[self.pairs[:, 0], self.pairs[:, 1]] = matrix[self.pairs[:, 1], self.pairs[:, 0]] = self.weights
        return matrix

    @property
    def is_filler(self) -> NDArray[np.bool_]:
        """Zones without flow and of any shape that the floor allows: they only fill it, (n,)."""
        idle = ~np.isin(np.arange(self.n), self.pairs)
        any_width = self.low <= self.areas / self.floor[1] * (1 + FREE_TOL)
        return np.asarray(idle & any_width & (self.high >= self.floor[0] * (1 - FREE_TOL)))

    def without_fillers(self) -> Problem:
        """Returns the problem of the other zones, in their order."""
        real = ~self.is_filler
        number = np.cumsum(real) - 1
        return replace(
            self, areas=self.areas[real], low=self.low[real], high=self.high[real],
            pairs=number[self.pairs].astype(np.int32),
        )  # fmt: skip

    def holds(self, rectangles: Floats) -> bool:
        """Tells whether (n, 4) rectangles x, y, w, h have their areas and widths, lie on the floor and do not overlap."""
        low, sizes = rectangles[:, :2], rectangles[:, 2:]
        high, unit = low + sizes, math.sqrt(self.floor[0] * self.floor[1]) * FIT_TOL
        widths = (sizes[:, 0] >= self.low * (1 - FIT_TOL)) & (sizes[:, 0] <= self.high * (1 + FIT_TOL))
        areas = np.abs(sizes.prod(axis=1) - self.areas) <= FIT_TOL * self.areas
        over = (np.minimum(high[:, None], high[None]) - np.maximum(low[:, None], low[None])).min(axis=2)
        inside = (low >= -unit).all() and (high <= np.array(self.floor) + unit).all()
        return bool(widths.all() and areas.all() and inside and (over[np.triu_indices(self.n, 1)] <= unit).all())

    def cost(self, rectangles: Floats) -> float:
        """Returns the sum of weight × distance between centroids of (n, 4) rectangles x, y, w, h."""
        centres = rectangles[:, :2] + rectangles[:, 2:] / 2
        gaps = np.abs(centres[self.pairs[:, 0]] - centres[self.pairs[:, 1]])
        lengths = np.hypot(gaps[:, 0], gaps[:, 1]) if self.metric == "euclidean" else gaps.sum(axis=1)
        return float(self.weights @ lengths)


def make_problem(
    floor: Sequence[float], areas: ArrayLike, width_bounds: ArrayLike, flows: ArrayLike, metric: str
) -> Problem:
    """Returns the problem, checked.

    Raises InputError with every fault for figures that are no areas, widths or weights, InfeasibleError when the areas
    are more than the floor or a zone is wider or deeper than it.
    """
    size, given = np.asarray(floor, float), np.asarray(areas, float)
    bounds, rows = np.asarray(width_bounds, float), np.asarray(flows, float).reshape(-1, 3)
    faults = list(_shape_faults(size, given, bounds, metric)) or list(_faults(size, given, bounds, rows))
    if faults:
        raise InputError.of(faults)
    low, high = np.maximum(bounds[:, 0], given / size[1]), np.minimum(bounds[:, 1], size[0])
    _require_room(size, given, low, high)
    pairs, weights = _merged(rows)
    return Problem(
        (float(size[0]), float(size[1])), given, np.minimum(low, high), high, pairs, weights,
        "euclidean" if metric == "euclidean" else "rectilinear",
    )  # fmt: skip


def _shape_faults(size: Floats, areas: Floats, bounds: Floats, metric: str) -> Iterator[Fault]:
    if size.shape != (2,):
        yield Fault("floor", f"has shape {size.shape};", "width and height expected:", "give two lengths in m")
    if areas.ndim != 1 or len(areas) == 0:
        yield Fault("areas", f"have shape {areas.shape};", "(n,) with n >= 1 expected:", "give one area a zone")
    elif bounds.shape != (len(areas), 2):
        yield Fault(
            "width_bounds", f"have shape {bounds.shape};", f"({len(areas)}, 2) expected:", "give least, greatest"
        )
    if metric not in ("rectilinear", "euclidean"):
        yield Fault("metric", f"is {metric!r};", "rectilinear or euclidean expected:", "name one of them")


def _faults(size: Floats, areas: Floats, bounds: Floats, rows: Floats) -> Iterator[Fault]:
    for n, value in enumerate(size):
        if not (math.isfinite(value) and value > 0):
            yield Fault(f"floor[{n}]", f"is {value:g};", "a length over 0 m expected:", "give the side of the floor")
    for n, value in enumerate(areas):
        if not (math.isfinite(value) and value > 0):
            yield Fault(
                f"areas[{n}]", f"is {value:g};", "an area over 0 m² expected:", "give the zone's area or drop it"
            )
    for n, (low, high) in enumerate(bounds):
        if not (math.isfinite(low) and math.isfinite(high) and 0 <= low <= high and high > 0):
            yield Fault(
                f"width_bounds[{n}]", f"are {low:g}, {high:g};", "0 <= least <= greatest expected:", "mend them"
            )
    for n, (i, j, weight) in enumerate(rows):
        if not all(end in range(len(areas)) for end in (i, j)) or i == j:
            yield Fault(
                f"flows[{n}]", f"joins {i:g} and {j:g};", f"two zones of 0–{len(areas) - 1} expected:", "mend it"
            )
        if not (math.isfinite(weight) and weight >= 0):
            yield Fault(f"flows[{n}]", f"weighs {weight:g};", "a weight of 0 or more expected:", "mend it or drop it")


def _require_room(size: Floats, areas: Floats, low: Floats, high: Floats) -> None:
    floor, total = float(size[0] * size[1]), float(areas.sum())
    if total > floor * (1 + FIT_TOL):
        raise InfeasibleError.at(
            "areas", f"sum to {total:.6g} m²;", f"the floor has {floor:.6g} m²:", f"take {total - floor:.6g} m² away"
        )
    faults = [
        Fault(
            f"width_bounds[{n}]", f"ask for {low[n]:.6g} m or more at a depth of {areas[n] / high[n]:.6g} m or more;",
            f"the floor is {size[0]:.6g} × {size[1]:.6g} m:", "allow another shape or a smaller area",
        )
        for n in range(len(areas)) if low[n] > high[n] * (1 + FIT_TOL)
    ]  # fmt: skip
    if faults:
        raise InfeasibleError.of(faults)


def _merged(rows: Floats) -> tuple[Ints, Floats]:
    """Pairs i < j with their weights added up; those of no weight left out."""
    total: dict[tuple[int, int], float] = {}
    for i, j, weight in rows:
        pair = (int(min(i, j)), int(max(i, j)))
        total[pair] = total.get(pair, 0.0) + float(weight)
    kept = sorted((pair, weight) for pair, weight in total.items() if weight > 0)
    return np.array([pair for pair, _ in kept], np.int32).reshape(-1, 2), np.array([weight for _, weight in kept])
