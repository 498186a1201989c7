"""The big-M model that a user would write in PuLP for the plain rectangle problem, solved by HiGHS.

Two binaries a pair choose one of four sides; areas are held by tangents (so its zones may be a little small: its task is
the easier one); a euclidean distance is bounded from below by sixteen directions.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import pulp

TANGENTS = 12
DIRECTIONS = 16


@dataclass(frozen=True)
class Answer:
    """cost None: nothing was found. bound: what the solver proved, as it prints it.  rectangles: (n, 4), left, lower, width, height;
    their areas may be a little small."""

    cost: float | None
    bound: float | None
    status: str
    rectangles: list[list[float]] | None


def solve(instance: Mapping[str, Any], seconds: float) -> Answer:
    """Returns what the model finds in the time."""
    wide, deep = instance["floor"]
    n = len(instance["areas"])
    model = pulp.LpProblem("plain", pulp.LpMinimize)
    x = [pulp.LpVariable(f"x{i}", 0, wide) for i in range(n)]
    y = [pulp.LpVariable(f"y{i}", 0, deep) for i in range(n)]
    w = [pulp.LpVariable(f"w{i}", *instance["width_bounds"][i]) for i in range(n)]
    h = [pulp.LpVariable(f"h{i}", 0, deep) for i in range(n)]
    terms = []
    for number, (i, j, weight) in enumerate(instance["flows"]):
        terms.append(weight * _distance(model, number, x[i] - x[j], y[i] - y[j], instance["metric"]))
    model += pulp.lpSum(terms)
    for i, (area, (low, high)) in enumerate(zip(instance["areas"], instance["width_bounds"], strict=True)):
        model += x[i] >= w[i] * 0.5
        model += x[i] <= wide - w[i] * 0.5
        model += y[i] >= h[i] * 0.5
        model += y[i] <= deep - h[i] * 0.5
        model += h[i] <= area / low
        for share in range(TANGENTS):
            at = low ** (1 - share / (TANGENTS - 1)) * high ** (share / (TANGENTS - 1))
            model += h[i] + area / at**2 * w[i] >= 2 * area / at
    for i, j in itertools.combinations(range(n), 2):
        side, axis = (pulp.LpVariable(f"{name}_{i}_{j}", cat="Binary") for name in "sa")
        model += x[i] + (w[i] + w[j]) * 0.5 <= x[j] + wide * (side + axis)
        model += x[j] + (w[i] + w[j]) * 0.5 <= x[i] + wide * (1 - side + axis)
        model += y[i] + (h[i] + h[j]) * 0.5 <= y[j] + deep * (1 + side - axis)
        model += y[j] + (h[i] + h[j]) * 0.5 <= y[i] + deep * (2 - side - axis)
    model.solve(pulp.HiGHS(msg=False, timeLimit=seconds, threads=2))
    # HiGHS keeps the threads of its first solve, and any other number of them fails from then on
    highspy.Highs.resetGlobalScheduler(True)
    return _answer(model, list(zip(x, y, w, h, strict=True)))


def _distance(model: pulp.LpProblem, number: int, dx: Any, dy: Any, metric: str) -> Any:
    if metric == "euclidean":
        length = pulp.LpVariable(f"d{number}", 0)
        for k in range(DIRECTIONS):
            turn = 2 * math.pi * k / DIRECTIONS
            model += length >= math.cos(turn) * dx + math.sin(turn) * dy
        return length
    parts = [pulp.LpVariable(f"d{number}_{axis}", 0) for axis in (0, 1)]
    for part, gap in zip(parts, (dx, dy), strict=True):
        model += part >= gap
        model += part >= -1 * gap
    return parts[0] + parts[1]


def _answer(model: pulp.LpProblem, zones: Sequence[tuple[pulp.LpVariable, ...]]) -> Answer:
    info = model.solverModel.getInfo()
    found = info.primal_solution_status == 2
    bound = info.mip_dual_bound
    sides = [[float(column.value()) for column in zone] for zone in zones] if found else []
    return Answer(
        info.objective_function_value if found else None,
        bound if math.isfinite(bound) and abs(bound) < 1e29 else None,
        model.solverModel.modelStatusToString(model.solverModel.getModelStatus()),
        [[x - w / 2, y - h / 2, w, h] for x, y, w, h in sides] or None,
    )
