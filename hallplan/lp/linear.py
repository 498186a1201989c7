"""A linear or mixed-integer programme by ids, in PuLP's words, solved by HiGHS."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import highspy
import pulp

from hallplan.lp.limits import STATUS, Limits, Status

MISS_TOL = 1e-7
_PULP_STATUS = {
    "optimal": (pulp.LpStatusOptimal, pulp.LpSolutionOptimal),
    "infeasible": (pulp.LpStatusInfeasible, pulp.LpSolutionInfeasible),
    "unbounded": (pulp.LpStatusUnbounded, pulp.LpSolutionUnbounded),
    "limit": (pulp.LpStatusNotSolved, pulp.LpSolutionIntegerFeasible),
    "failed": (pulp.LpStatusNotSolved, pulp.LpSolutionNoSolutionFound),
}


@dataclass(frozen=True, slots=True)
class Solution:
    """What a solve gave, by the caller's ids.

    prices: dual of each row, the change of the objective for one more on its right-hand side.
    reduced: reduced cost of each variable.  missed: for an elastic solve, how far each elastic row fails (0 left out).
    bound: best proven value of the objective; equal to it when optimal.
    """

    status: Status
    objective: float = math.nan
    bound: float = math.nan
    values: Mapping[str, float] = field(default_factory=dict)
    prices: Mapping[str, float] = field(default_factory=dict)
    reduced: Mapping[str, float] = field(default_factory=dict)
    missed: Mapping[str, float] = field(default_factory=dict)

    @property
    def gap(self) -> float:
        """Distance from objective to bound as a share of the objective."""
        return abs(self.objective - self.bound) / max(abs(self.objective), 1e-12)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rows and bounds of variables that cannot hold together; taking any one away mends it. Ids as given."""

    rows: tuple[str, ...]
    variables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Variable:
    low: float | None
    high: float | None
    cost: float
    is_whole: bool


@dataclass(frozen=True, slots=True)
class _Row:
    terms: Mapping[str, float]
    low: float | None
    high: float | None
    price: float | None


class _Solver(pulp.HiGHS):
    """PuLP's HiGHS, taught the statuses of work limits that PuLP 3.3 does not know."""

    def findSolutionValues(self, lp: pulp.LpProblem) -> tuple[int, int]:
        solution = lp.solverModel.getSolution()
        for variable, value, reduced in zip(lp.variables(), solution.col_value, solution.col_dual, strict=True):
            variable.varValue, variable.dj = value, reduced
        for constraint, price in zip(lp.constraints(), solution.row_dual, strict=True):
            constraint.pi = price
        found: tuple[int, int] = _PULP_STATUS[STATUS.get(lp.solverModel.getModelStatus(), "failed")]
        return found


class LinearProgramme:
    """A linear or mixed-integer programme by ids, minimised. Rows are low <= sum of terms <= high.

    >>> lp = LinearProgramme("areas")
    >>> lp.add_variable("wait", low=20, high=60, cost=-1)
    >>> lp.add_row("floor", {"wait": 1}, high=50)
    >>> lp.solve().values["wait"]
    50.0
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.labels: dict[str, str] = {}
        self._variables: dict[str, _Variable] = {}
        self._rows: dict[str, _Row] = {}

    def add_variable(
        self, id: str, *, low: float | None = 0.0, high: float | None = None, cost: float = 0.0,
        is_whole: bool = False, label: str = "",
    ) -> None:  # fmt: skip
        """Adds a variable in [low, high] with its cost in the objective; `label` names it in messages.

        Raises ValueError when the id is taken.
        """
        if id in self._variables:
            raise ValueError(f"variable {id!r} is there already")
        self._variables[id] = _Variable(low, high, cost, is_whole)
        self.labels[id] = label or id

    def add_row(
        self, id: str, terms: Mapping[str, float], *, low: float | None = None, high: float | None = None,
        price: float | None = None, label: str = "",
    ) -> None:  # fmt: skip
        """Adds a row; `price` is what one unit of missing it costs in an elastic solve, None: it must hold.

        Raises ValueError when the id is taken, KeyError when a term names no variable.
        """
        if id in self._rows:
            raise ValueError(f"row {id!r} is there already")
        for name in terms:
            self._variables[name]
        self._rows[id] = _Row(dict(terms), low, high, price)
        self.labels[id] = label or id

    def solve(self, limits: Limits | None = None, *, elastic: bool = False) -> Solution:
        """Returns the solution; with `elastic`, rows that have a price may fail at that price."""
        built = _Built(self.name, self._variables, self._rows, elastic)
        built.problem.solve(_Solver(msg=False, **(limits or Limits()).options()))
        return self._solution(built)

    def conflict(self) -> Conflict:
        """Returns rows and variable bounds that clash, none of which can be spared; empty when the programme is feasible.

        Source: HiGHS infeasible subsystem, iis_strategy 2 (the default strategy returns none), then a deletion filter.
        """
        built = _Built(self.name, self._variables, self._rows, elastic=False)
        built.problem.solve(_Solver(msg=False, mip=False, **Limits().options()))
        highs = built.problem.solverModel
        if STATUS.get(highs.getModelStatus()) != "infeasible":
            return Conflict((), ())
        highs.setOptionValue("iis_strategy", 2)
        _, found = highs.getIis()
        names = [variable.name for variable in built.problem.variables()]
        by_name = {variable.name: id for id, variable in built.variables.items()}
        rows = sorted({built.sides[n][0] for n in found.row_index_}) or sorted(self._rows)
        bounds = sorted(by_name[names[n]] for n in found.col_index_) or sorted(self._variables)
        return self._spare(rows, bounds)

    def _spare(self, rows: list[str], bounds: list[str]) -> Conflict:
        for id in list(bounds):
            fewer = [other for other in bounds if other != id]
            bounds = fewer if self._is_infeasible(rows, fewer) else bounds
        for id in list(rows):
            fewer = [other for other in rows if other != id]
            rows = fewer if self._is_infeasible(fewer, bounds) else rows
        return Conflict(tuple(rows), tuple(bounds))

    def _is_infeasible(self, rows: Sequence[str], bounds: Sequence[str]) -> bool:
        free = _Variable(None, None, 0.0, False)
        variables = {id: replace(kind, cost=0.0) if id in bounds else free for id, kind in self._variables.items()}
        built = _Built(self.name, variables, {id: self._rows[id] for id in rows}, elastic=False)
        built.problem.solve(_Solver(msg=False, mip=False, **Limits().options()))
        return STATUS.get(built.problem.solverModel.getModelStatus()) == "infeasible"

    def _solution(self, built: _Built) -> Solution:
        highs = built.problem.solverModel
        status, info = STATUS.get(highs.getModelStatus(), "failed"), highs.getInfo()
        if status in ("infeasible", "unbounded"):
            return Solution(status)
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return Solution("failed" if status == "optimal" else status)
        has_whole = any(variable.is_whole for variable in self._variables.values())
        objective = float(info.objective_function_value)
        prices = dict.fromkeys(self._rows, 0.0)
        for id, side in built.sides:
            prices[id] += float(side.pi or 0.0)
        missed = {id: sum(float(slack.varValue) for slack in parts) for id, parts in built.slacks.items()}
        return Solution(
            status=status,
            objective=objective,
            bound=float(info.mip_dual_bound) if has_whole else objective if status == "optimal" else -math.inf,
            values={id: _tidy(float(variable.varValue)) for id, variable in built.variables.items()},
            prices=prices,
            reduced={id: float(variable.dj or 0.0) for id, variable in built.variables.items()},
            missed={id: amount for id, amount in missed.items() if amount > MISS_TOL},
        )


class _Built:
    """The same programme in PuLP's words; `sides` are its constraints in order, each with the id of its row."""

    def __init__(self, name: str, variables: Mapping[str, _Variable], rows: Mapping[str, _Row], elastic: bool) -> None:
        self.problem = pulp.LpProblem(name, pulp.LpMinimize)
        self.variables = {id: self._add(f"x{n:05d}", kind) for n, (id, kind) in enumerate(variables.items())}
        self.slacks: dict[str, list[pulp.LpVariable]] = {}
        self.sides: list[tuple[str, pulp.LpConstraint]] = []
        self._costs = [(self.variables[id], kind.cost) for id, kind in variables.items()]
        for id, row in rows.items():
            price = row.price if elastic else None
            if row.low is not None:
                self._add_side(id, row.terms, pulp.LpConstraintGE, row.low, price)
            if row.high is not None:
                self._add_side(id, row.terms, pulp.LpConstraintLE, row.high, price)
        self.problem.setObjective(pulp.LpAffineExpression(self._costs))

    def _add(self, name: str, kind: _Variable) -> pulp.LpVariable:
        category = pulp.LpInteger if kind.is_whole else pulp.LpContinuous
        return self.problem.add_variable(name, kind.low, kind.high, category)

    def _add_side(self, id: str, terms: Mapping[str, float], sense: int, limit: float, price: float | None) -> None:
        expression = [(self.variables[name], factor) for name, factor in terms.items()]
        if price is not None:
            slack = self.problem.add_variable(f"s{len(self.sides):05d}", 0)
            self.slacks.setdefault(id, []).append(slack)
            self._costs.append((slack, price))
            expression.append((slack, -1.0 if sense == pulp.LpConstraintLE else 1.0))
        side = pulp.LpConstraint(pulp.LpAffineExpression(expression), sense, f"r{len(self.sides):05d}", limit)
        self.problem.addConstraint(side)
        self.sides.append((id, side))


def _tidy(value: float) -> float:
    return round(value, 9) + 0.0
