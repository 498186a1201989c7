"""The public face of the rectangle engine."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from hallplan.errors import Fault, InfeasibleError, InputError
from hallplan.place.rectangles.bound import lower_bound
from hallplan.place.rectangles.problem import Floats, Metric, Problem, make_problem
from hallplan.place.rectangles.run import Run, StoppedBy
from hallplan.place.rectangles.search import Question


@dataclass(frozen=True, eq=False)
class RectangleLayout:
    """Rectangles on a floor, and what it took to find them.

    rectangles: (n, 4) lower left x, y, width, height in m, areas exact.  cost: sum of weight × distance of centroids.
    bound: no layout costs less; loose, see `lower_bound`.  open_rectangles, open_cost: the best with the fillers given
    up (NaN rows), which literature that leaves floor empty compares with; None where there are no fillers.
    """

    rectangles: Floats
    cost: float
    bound: float
    open_rectangles: Floats | None
    open_cost: float | None
    starts: int
    moves: int
    solves: int
    stopped_by: StoppedBy


def place_rectangles(
    floor: Sequence[float], areas: ArrayLike, width_bounds: ArrayLike, flows: ArrayLike, *,
    metric: Metric = "rectilinear", seconds: float, seed: int, starts: int | None = None, jobs: int | None = None,
) -> RectangleLayout:  # fmt: skip
    """Returns the best layout found of rectangles of exact areas on a floor, close where much flows between them.

    floor: width and height in m.  areas: (n,) m².  width_bounds: (n, 2) least and greatest width; height is area / width.
    flows: (m, 3) zone, zone, weight >= 0 of the distance between their centroids.  seconds: time after which the search
    stops.  starts: work after which it stops; the same seed and starts give the same layout on any number of `jobs`
    (threads; default one a core) unless the time ran out first.
    Raises InputError for figures that make no sense, InfeasibleError when a zone or all together cannot fit, or no
    layout that fits was found.
    """
    problem = make_problem(floor, areas, width_bounds, flows, metric)
    _require_budget(seconds, starts, jobs)
    if problem.n == 1:
        return _alone(problem)
    run = Run(Question.of(problem), seed, jobs or os.cpu_count() or 1, starts).go(seconds)
    if not run.total.found:
        raise InfeasibleError.at(
            "areas, width_bounds", f"no layout that fits was found in {run.total.moves} moves;",
            "this is no proof that there is none:", "allow wider shapes, less area or more seconds",
        )  # fmt: skip
    best, opened = run.total.found[0], run.total.opened[0] if run.total.opened else None
    return RectangleLayout(
        best.rectangles, best.cost, lower_bound(problem),
        None if opened is None else _with_gaps(problem, opened.rectangles), None if opened is None else opened.cost,
        run.done, run.total.moves, run.total.solves, run.stopped_by,
    )  # fmt: skip


def _with_gaps(problem: Problem, rectangles: Floats) -> Floats:
    full = np.full((problem.n, 4), np.nan)
    full[~problem.is_filler] = rectangles
    return full


def _require_budget(seconds: float, starts: int | None, jobs: int | None) -> None:
    faults = []
    if not (math.isfinite(seconds) and seconds > 0):
        faults.append(Fault("seconds", f"is {seconds:g};", "a time over 0 s expected:", "give the search some time"))
    for name, value in (("starts", starts), ("jobs", jobs)):
        if value is not None and value < 1:
            faults.append(Fault(name, f"is {value};", "1 or more expected:", "leave it out for the default"))
    if faults:
        raise InputError.of(faults)


def _alone(problem: Problem) -> RectangleLayout:
    """A single zone, in the corner, as square as it may be."""
    width = float(np.clip(math.sqrt(problem.areas[0]), problem.low[0], problem.high[0]))
    rectangles = np.array([[0.0, 0.0, width, problem.areas[0] / width]])
    return RectangleLayout(rectangles, 0.0, 0.0, None, None, 0, 0, 0, "work")
