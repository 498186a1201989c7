"""A linear programme in arrays for loops that change a few numbers and solve again."""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np
from numpy.typing import ArrayLike, NDArray

from hallplan.lp.limits import STATUS, Limits, Status


class WarmLP:
    """A linear programme in arrays that is changed and solved again from the last basis, in HiGHS itself.

    costs, lower, upper: (n_columns,).  Rows are added in compressed rows: `starts` (n_rows,), `columns` and
    `factors` (n_nonzeros,), `low` and `high` (n_rows,) with ±INFINITY where open.
    """

    def __init__(self, costs: ArrayLike, lower: ArrayLike, upper: ArrayLike, *, limits: Limits | None = None) -> None:
        costs = np.ascontiguousarray(costs, dtype=np.float64)
        self._highs = highspy.Highs()
        for option, value in {**(limits or Limits()).options(), "solver": "simplex", "presolve": "off"}.items():
            self._highs.setOptionValue(option, value)
        none = np.empty(0, dtype=np.int32)
        bounds = np.ascontiguousarray(lower, dtype=np.float64), np.ascontiguousarray(upper, dtype=np.float64)
        self._highs.addCols(len(costs), costs, *bounds, 0, none, none, np.empty(0))
        self.n_columns, self.n_rows = len(costs), 0
        self.status: Status = "failed"
        self._checks_left: int | None = None

    def add_rows(
        self, starts: ArrayLike, columns: ArrayLike, factors: ArrayLike, low: ArrayLike, high: ArrayLike
    ) -> None:
        """Adds rows low <= factors · columns <= high after those there are."""
        index, lows, highs = _arrays(columns, low, high)
        starts = np.ascontiguousarray(starts, dtype=np.int32)
        self._highs.addRows(
            len(starts), lows, highs, len(index), starts, index, np.ascontiguousarray(factors, dtype=np.float64)
        )
        self.n_rows += len(starts)

    def delete_rows(self, rows: ArrayLike) -> None:
        """Takes rows away; those behind them move up."""
        index = np.unique(np.ascontiguousarray(rows, dtype=np.int32))
        self._highs.deleteRows(len(index), index)
        self.n_rows -= len(index)

    def set_bounds(self, columns: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> None:
        """Changes bounds of columns."""
        index, low, high = _arrays(columns, lower, upper)
        self._highs.changeColsBounds(len(index), index, low, high)

    def set_row_bounds(self, rows: ArrayLike, low: ArrayLike, high: ArrayLike) -> None:
        """Changes the sides of rows."""
        index, lows, highs = _arrays(rows, low, high)
        self._highs.changeRowsBounds(len(index), index, lows, highs)

    def set_costs(self, columns: ArrayLike, costs: ArrayLike) -> None:
        """Changes costs of columns."""
        index, values, _ = _arrays(columns, costs, costs)
        self._highs.changeColsCost(len(index), index, values)

    def set_factor(self, row: int, column: int, factor: float) -> None:
        """Changes one entry of the matrix."""
        self._highs.changeCoeff(row, column, factor)

    def require_whole(self, columns: ArrayLike) -> None:
        """Makes columns whole-numbered: the programme is now a MILP and solved with presolve, without prices."""
        self._set_kinds(columns, highspy.HighsVarType.kInteger)
        self._highs.setOptionValue("solver", "choose")
        self._highs.setOptionValue("presolve", "choose")

    def relax(self) -> None:
        """Makes all columns continuous again: the programme is an LP solved by the simplex method."""
        self._set_kinds(np.arange(self.n_columns), highspy.HighsVarType.kContinuous)
        self._highs.setOptionValue("solver", "simplex")
        self._highs.setOptionValue("presolve", "off")

    def _set_kinds(self, columns: ArrayLike, kind: highspy.HighsVarType) -> None:
        index = np.ascontiguousarray(columns, dtype=np.int32)
        self._highs.changeColsIntegrality(len(index), index, np.full(len(index), int(kind), dtype=np.uint8))

    def branch_quickly(self) -> None:
        """Lets a MILP branch by what earlier branches gave and not try branches out first: many nodes that cost little."""
        self._highs.setOptionValue("mip_pscost_minreliable", 0)

    def stop_above(self, objective: float) -> None:
        """Lets the dual simplex stop, with status `limit`, once the objective is proven to be above a value."""
        self._highs.setOptionValue("objective_bound", objective)

    def stop_at(self, objective: float) -> None:
        """Lets a MILP stop, with status `limit`, once it has a solution as good as a value; -inf: never."""
        self._highs.setOptionValue("objective_target", objective)

    def suggest(self, values: Sequence[float] | NDArray[np.float64]) -> None:
        """Gives a MILP a solution to start from."""
        solution = highspy.HighsSolution()
        solution.col_value = list(values)
        self._highs.setSolution(solution)

    def solve(self, *, iterations: int | None = None, nodes: int | None = None, checks: int | None = None) -> Status:
        """Returns the status of a solve from the basis of the last one; budgets hold for this and later solves.

        checks: how often a MILP may ask whether to go on, a measure of work that does not depend on the clock and that ends
        long searches at one node too.
        """
        if checks is not None:
            self._watch(checks)
        if iterations is not None:
            self._highs.setOptionValue("simplex_iteration_limit", iterations)
        if nodes is not None:
            self._highs.setOptionValue("mip_max_nodes", nodes)
        self._highs.run()
        self.status = STATUS.get(self._highs.getModelStatus(), "failed")
        return self.status

    def _watch(self, checks: int) -> None:
        if self._checks_left is None:
            self._highs.cbMipInterrupt.subscribe(self._check)
        self._checks_left = checks

    def _check(self, event: highspy.HighsCallbackEvent) -> None:
        self._checks_left = (self._checks_left or 0) - 1
        if self._checks_left < 0:
            event.interrupt()

    @property
    def has_values(self) -> bool:
        """Whether the last solve left a feasible point."""
        return bool(self._highs.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible)

    @property
    def objective(self) -> float:
        """Objective of the last solve."""
        return float(self._highs.getInfo().objective_function_value)

    @property
    def bound(self) -> float:
        """Best proven objective of a MILP; the objective of a solved LP."""
        info = self._highs.getInfo()
        return float(info.mip_dual_bound if info.mip_node_count >= 0 else info.objective_function_value)

    @property
    def iterations(self) -> int:
        """Simplex iterations of the last solve."""
        return int(self._highs.getInfo().simplex_iteration_count)

    @property
    def values(self) -> NDArray[np.float64]:
        """Values of the columns, (n_columns,)."""
        return np.asarray(self._highs.getSolution().col_value)

    @property
    def reduced_costs(self) -> NDArray[np.float64]:
        """Reduced costs of the columns, (n_columns,)."""
        return np.asarray(self._highs.getSolution().col_dual)

    @property
    def row_values(self) -> NDArray[np.float64]:
        """Values of the rows, (n_rows,)."""
        return np.asarray(self._highs.getSolution().row_value)

    @property
    def prices(self) -> NDArray[np.float64]:
        """Duals of the rows, (n_rows,)."""
        return np.asarray(self._highs.getSolution().row_dual)

    def forget(self) -> None:
        """Drops the basis, so that the next solve does not depend on those before it."""
        self._highs.clearSolver()


def _arrays(
    index: ArrayLike, low: ArrayLike, high: ArrayLike
) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]:
    return (
        np.ascontiguousarray(index, dtype=np.int32),
        np.ascontiguousarray(low, dtype=np.float64),
        np.ascontiguousarray(high, dtype=np.float64),
    )
