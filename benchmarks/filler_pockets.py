"""Can the fillers be placed in the cheaper layouts that give them up? Prints JSON lines with the argument where they cannot.

Usage: python benchmarks/filler_pockets.py --instance FILE… [--starts 24] [--seed 1]
For each layout without fillers that is cheaper than the best layout with all fillers (of the same starts): between which
values each side of each zone lies, over all layouts that keep its relations (left of, below) and cost no more than that best
one, by two linear programmes a side (PuLP, HiGHS; areas by tangents, so the ranges are too wide, never too narrow). A point
that no zone reaches has to be covered by a filler, where the floor is full. If every rectangle around it that keeps off what
zones cover for certain is smaller than the smallest filler (`pocket`), then no layout with these relations and all fillers
is as cheap: `excluded`. Relations that were not met are not spoken of.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pulp
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.time_to_target import traced
from hallplan.place.rectangles.problem import Problem, make_problem

Floats = NDArray[np.float64]
TANGENTS = 12
FULL, CLEAR = 1e-9, 1e-6


class Neighbourhood:
    """All layouts of zones that keep the relations of one and cost no more than a limit, as a linear programme."""

    def __init__(self, problem: Problem, rectangles: Floats, limit: float) -> None:
        self.problem, self.model = problem, pulp.LpProblem("ranges", pulp.LpMinimize)
        n, (wide, deep) = problem.n, problem.floor
        self.sides = [
            [pulp.LpVariable(f"{name}{i}", 0, most) for i in range(n)]
            for name, most in zip(("a", "b", "c", "d"), (wide, deep, wide, deep), strict=True)
        ]
        for i in range(n):
            self._shape(i)
        for i, j in itertools.permutations(range(n), 2):
            axis = _relation(rectangles[i], rectangles[j])
            if axis is not None:
                self.model += self.sides[axis + 2][i] <= self.sides[axis][j]
        terms = [float(weight) * self._distance(k) for k, weight in enumerate(problem.weights)]
        self.model += pulp.lpSum(terms) <= limit

    def _shape(self, i: int) -> None:
        left, below, right, above = (side[i] for side in self.sides)
        low, high, area = float(self.problem.low[i]), float(self.problem.high[i]), float(self.problem.areas[i])
        self.model += right - left >= low
        self.model += right - left <= high
        self.model += above - below >= area / high
        fall = area / (low * high) if high > low else 0.0
        self.model += (above - below) + fall * (right - left) <= area / low + fall * low
        for width in np.geomspace(low, high, TANGENTS):
            self.model += (above - below) + area / width**2 * (right - left) >= 2 * area / width

    def _distance(self, k: int) -> Any:
        i, j = self.problem.pairs[k]
        parts = []
        for axis in (0, 1):
            near, far = self.sides[axis], self.sides[axis + 2]
            part = pulp.LpVariable(f"d{k}_{axis}", 0)
            gap = (near[i] + far[i] - near[j] - far[j]) * 0.5
            self.model += part >= gap
            self.model += part >= -1 * gap
            parts.append(part)
        return pulp.lpSum(parts)

    def ranges(self) -> Floats:
        """Returns (n, 4, 2): least and greatest left, lower, right and upper side of each zone."""
        found = np.empty((self.problem.n, 4, 2))
        for side, i, end in itertools.product(range(4), range(self.problem.n), (0, 1)):
            self.model.setObjective((1 - 2 * end) * self.sides[side][i])
            self.model.solve(pulp.HiGHS(msg=False))
            if self.model.status != pulp.LpStatusOptimal:
                raise SystemExit(f"a range could not be computed: {pulp.LpStatus[self.model.status]}")
            found[i, side, end] = self.sides[side][i].value()
        return found


def _relation(one: Floats, two: Floats) -> int | None:
    """0: one lies left of two, 1: below, by the wider gap; None: neither."""
    gaps = [two[0] - one[0] - one[2], two[1] - one[1] - one[3], one[0] - two[0] - two[2], one[1] - two[1] - two[3]]
    best = int(np.argmax(gaps))
    return best if best < 2 else None


def pocket(problem: Problem, ranges: Floats, least: float) -> dict[str, Any] | None:
    """Returns a point out of every zone's reach whose every rectangle clear of zones is smaller than `least` m²."""
    hulls = np.column_stack([ranges[:, 0, 0], ranges[:, 1, 0], ranges[:, 2, 1], ranges[:, 3, 1]])
    cores = np.column_stack([ranges[:, 0, 1], ranges[:, 1, 1], ranges[:, 2, 0], ranges[:, 3, 0]])
    cores = cores[(cores[:, 2] > cores[:, 0]) & (cores[:, 3] > cores[:, 1])]
    for point in _points(problem, np.concatenate([hulls, cores])):
        if any((hull[:2] - CLEAR < point).all() and (point < hull[2:] + CLEAR).all() for hull in hulls):
            continue
        area = largest_clear(problem, cores, point)
        if area < least * (1 - CLEAR):
            return {"point": [round(float(v), 3) for v in point], "largest_rectangle_m2": round(area, 4)}
    return None


def _points(problem: Problem, boxes: Floats) -> Iterator[Floats]:
    """The middles of the cells between all sides."""
    middles = []
    for axis in (0, 1):
        lines = np.unique(np.round([0.0, problem.floor[axis], *boxes[:, axis], *boxes[:, axis + 2]], 9))
        middles.append((lines[1:] + lines[:-1]) / 2)
    return (np.array(point) for point in itertools.product(*middles))


def largest_clear(problem: Problem, cores: Floats, point: Floats) -> float:
    """Returns the area of the largest rectangle on the floor that holds a point and no inner point of a core."""
    x, y = point
    lefts = {0.0, *(float(core[2]) for core in cores if core[2] <= x)}
    rights = {problem.floor[0], *(float(core[0]) for core in cores if core[0] >= x)}
    best = 0.0
    for left, right in itertools.product(lefts, rights):
        across = cores[(cores[:, 0] < right) & (cores[:, 2] > left)]
        if ((across[:, 1] < y) & (across[:, 3] > y)).any():
            continue
        low = max([0.0, *across[across[:, 3] <= y, 3]])
        high = min([problem.floor[1], *across[across[:, 1] >= y, 1]])
        best = max(best, (right - left) * (high - low))
    return float(best)


def measure(path: Path, starts: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yields what holds for each cheaper layout without fillers, those of the same cost once."""
    data: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
    problem = make_problem(data["floor"], data["areas"], data["width_bounds"], data["flows"], data["metric"])
    if not problem.is_filler.any() or problem.fill < 1 - FULL or problem.metric != "rectilinear":
        raise SystemExit(f"{path.name}: a full floor with fillers and rectilinear distances is expected")
    core, least = problem.without_fillers(), float(problem.areas[problem.is_filler].min())
    run = traced(problem, seed, starts=starts)
    limit = run.total.found[0].cost * (1 - CLEAR)
    head = {"instance": path.stem, "with_fillers": round(run.total.found[0].cost, 4), "starts": starts}
    for cost in sorted({round(found.cost, 3) for found in run.total.opened if found.cost < limit}):
        layout = next(found for found in run.total.opened if round(found.cost, 3) == cost)
        spot = pocket(core, Neighbourhood(core, layout.rectangles, limit).ranges(), least)
        yield head | {"without_fillers": cost, "least_filler_m2": least, "pocket": spot, "excluded": spot is not None}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instance", type=Path, nargs="+", required=True)
    parser.add_argument("--starts", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for path in options.instance:
        for row in measure(path, options.starts, options.seed):
            print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
