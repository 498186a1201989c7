"""What a solve may spend, and how it may end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import highspy

Status = Literal["optimal", "infeasible", "unbounded", "limit", "failed"]
"""`limit`: a budget ran out; values are there when `has_values` says so."""

INFINITY = highspy.kHighsInf
STATUS: dict[highspy.HighsModelStatus, Status] = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kModelEmpty: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kIterationLimit: "limit",
    highspy.HighsModelStatus.kSolutionLimit: "limit",
    highspy.HighsModelStatus.kObjectiveBound: "limit",
    highspy.HighsModelStatus.kObjectiveTarget: "limit",
    highspy.HighsModelStatus.kInterrupt: "limit",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Work that a solve may spend: simplex iterations, nodes of branch and bound; `gap` relative, good enough to stop.

    tolerance: how far a row or bound may be broken, in the caller's units; 1e-10 is the least.
    """

    iterations: int = 1_000_000
    nodes: int = 20_000
    gap: float = 1e-6
    seed: int = 1
    tolerance: float = 1e-7

    def options(self) -> dict[str, str | int | float | bool]:
        """Returns them as HiGHS options, with one thread and no talk."""
        return {
            "output_flag": False,
            "threads": 1,
            "parallel": "off",
            "random_seed": self.seed,
            "simplex_iteration_limit": self.iterations,
            "mip_max_nodes": self.nodes,
            "mip_rel_gap": self.gap,
            "primal_feasibility_tolerance": self.tolerance,
            "dual_feasibility_tolerance": self.tolerance,
        }
