"""Do MILPs that free a few zones of a layout pay, beside as much processor time for more starts? One line of JSON a seed.

Usage: python benchmarks/placement_neighbourhoods.py --instance FILE… [--seeds 1 2] [--first 8] [--free 2] [--calls 6]
       [--nodes 300]
A layout is the best of the engine's first --first starts. Then --calls times: the zone that costs most and was not tried yet, and
those next to it by flow, --free in all, are freed: for their pairs a MILP (PuLP, HiGHS, areas by tangents, at most --nodes
nodes) chooses which lies left of or below which, all other relations stay; its relations are made exact by the engine's own
programme and kept where they cost less. `more_starts` is the best of as many further starts as take the same processor time.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pulp

sys.path.insert(0, str(Path(__file__).parents[1]))

from hallplan.place.rectangles.exact import relations_of
from hallplan.place.rectangles.problem import Floats, Problem, make_problem
from hallplan.place.rectangles.search import Question, Shard, finish, run_start

TANGENTS = 10
MOST_S = 30.0
MANY = 10**12
GAIN = 1e-7
FEASIBLE = 2


class Budgeted(pulp.HiGHS):
    """PuLP's HiGHS that takes what is there when the nodes run out."""

    def findSolutionValues(self, lp: pulp.LpProblem) -> tuple[int, int]:
        for variable, value in zip(lp.variables(), lp.solverModel.getSolution().col_value, strict=True):
            variable.varValue = value
        found = lp.solverModel.getInfo().primal_solution_status == FEASIBLE
        return (pulp.LpStatusOptimal, pulp.LpSolutionIntegerFeasible) if found else (pulp.LpStatusNotSolved, 0)


def freed(problem: Problem, rectangles: Floats, tried: set[int], count: int) -> list[int]:
    """Returns the dearest zone not tried yet and those that it costs most with."""
    centres = rectangles[:, :2] + rectangles[:, 2:] / 2
    matrix = np.zeros((problem.n, problem.n))
    i, j = problem.pairs.T
    matrix[i, j] = matrix[j, i] = problem.weights * np.abs(centres[i] - centres[j]).sum(axis=1)
    first = next(int(k) for k in np.argsort(-matrix.sum(axis=1), kind="stable") if int(k) not in tried)
    others = [int(k) for k in np.argsort(-matrix[first], kind="stable") if k != first]
    return [first, *others[: count - 1]]


def reordered(problem: Problem, rectangles: Floats, zones: list[int], nodes: int) -> Floats | None:
    """Returns rectangles, nearly exact, of the best relations with those zones freed; None when the MILP found none."""
    model, n, (wide, deep) = pulp.LpProblem("near", pulp.LpMinimize), problem.n, problem.floor
    x = [pulp.LpVariable(f"x{i}", 0, wide) for i in range(n)]
    y = [pulp.LpVariable(f"y{i}", 0, deep) for i in range(n)]
    w = [pulp.LpVariable(f"w{i}", problem.low[i], problem.high[i]) for i in range(n)]
    h = [pulp.LpVariable(f"h{i}", problem.areas[i] / problem.high[i], deep) for i in range(n)]
    model += pulp.lpSum(_terms(model, problem, (x, y), (w, h)))
    for i in range(n):
        model += x[i] + w[i] <= wide
        model += y[i] + h[i] <= deep
        for at in [*np.geomspace(problem.low[i], problem.high[i], TANGENTS), rectangles[i, 2]]:
            model += h[i] + problem.areas[i] / at**2 * w[i] >= 2 * problem.areas[i] / at
    codes = relations_of(rectangles)
    for i, j in itertools.combinations(range(n), 2):
        if i in zones or j in zones:
            _either_side(model, (i, j), (x, y), (w, h), (wide, deep))
        else:
            a, b = (i, j) if codes[i, j] > 0 else (j, i)
            at, size = ((x, w), (y, h))[abs(codes[i, j]) - 1]
            model += at[a] + size[a] <= at[b]
    if model.solve(Budgeted(msg=False, timeLimit=MOST_S, threads=1, mip_max_nodes=nodes)) != pulp.LpStatusOptimal:
        return None
    return np.array([[float(v.value()) for v in row] for row in zip(x, y, w, h, strict=True)])


def _terms(model: pulp.LpProblem, problem: Problem, at: Any, size: Any) -> list[Any]:
    terms = []
    for k, ((i, j), weight) in enumerate(zip(problem.pairs, problem.weights, strict=True)):
        for axis in (0, 1):
            part = pulp.LpVariable(f"d{k}_{axis}", 0)
            gap = at[axis][i] - at[axis][j] + (size[axis][i] - size[axis][j]) * 0.5
            model += part >= gap
            model += part >= -1 * gap
            terms.append(float(weight) * part)
    return terms


def _either_side(model: pulp.LpProblem, pair: tuple[int, int], at: Any, size: Any, floor: tuple[float, float]) -> None:
    i, j = pair
    choices = [pulp.LpVariable(f"s{i}_{j}_{k}", cat="Binary") for k in range(4)]
    model += pulp.lpSum(choices) == 1
    for k, (axis, a, b) in enumerate([(0, i, j), (0, j, i), (1, i, j), (1, j, i)]):
        model += at[axis][a] + size[axis][a] <= at[axis][b] + floor[axis] * (1 - choices[k])


def by_milps(problem: Problem, layout: Floats, options: argparse.Namespace) -> tuple[float, int]:
    """Returns the cost after the calls, and how many of them helped."""
    halt, tried, helped = np.zeros(1, dtype=bool), set[int](), 0
    cost = problem.cost(layout)
    for _ in range(min(options.calls, problem.n)):
        zones = freed(problem, layout, tried, options.free)
        tried.add(zones[0])
        near = reordered(problem, layout, zones, options.nodes)
        shard = Shard()
        if near is not None:
            finish(problem, near, 0, shard.found, shard, halt)
        if shard.found and min(shard.found).cost < cost * (1 - GAIN):
            cost, layout, helped, tried = min(shard.found).cost, min(shard.found).rectangles, helped + 1, set()
    return cost, helped


def measure(path: Path, seed: int, options: argparse.Namespace) -> dict[str, Any]:
    """Returns both ways from one start of one seed."""
    data = json.loads(path.read_text("utf-8"))
    problem = make_problem(data["floor"], data["areas"], data["width_bounds"], data["flows"], data["metric"])
    question, halt, known = Question.of(problem), np.zeros(1, dtype=bool), data["best_known"]
    run_start(question, seed, 0, 1, halt)
    base = min(found for start in range(options.first) for found in run_start(question, seed, start, MANY, halt).found)
    begin = time.process_time()
    cost, helped = by_milps(problem, base.rectangles, options)
    spent, begin = time.process_time() - begin, time.process_time()
    best, start = base.cost, options.first - 1
    while time.process_time() - begin < spent:
        start += 1
        best = min([best, *(found.cost for found in run_start(question, seed, start, MANY, halt).found)])
    gaps = {"start": base.cost, "milps": cost, "more_starts": best}
    return {"instance": path.stem, "zones": problem.n, "seed": seed, "free": options.free, "calls": options.calls} | {
        "helped": helped, "cpu_s": round(spent, 1), "starts": start + 1 - options.first,
        "gap_percent": {name: round(100 * (value / known - 1), 3) for name, value in gaps.items()},
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instance", type=Path, nargs="+", required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--first", type=int, default=8)
    parser.add_argument("--free", type=int, default=2)
    parser.add_argument("--calls", type=int, default=6)
    parser.add_argument("--nodes", type=int, default=300)
    options = parser.parse_args()
    for path, seed in itertools.product(options.instance, options.seeds):
        print(json.dumps(measure(path, seed, options)), flush=True)


if __name__ == "__main__":
    main()
