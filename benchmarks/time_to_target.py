"""Processor seconds until the rectangle engine is at the best known value, over seeds; one line of JSON an instance.

Usage: python benchmarks/time_to_target.py --instance FILE… [--seeds 1 2 3 4 5] [--within 0.1] [--cpu-seconds 40] [--jobs 1]
A run ends with the first start that ends at most --within per cent above the best known value, or with the first that ends
after --cpu-seconds of the process (20 s on two cores are 40). Processor time, not wall time: it means the same on a busy
machine. Where an instance has fillers, `open` tells the same of layouts with the fillers given up, from the same runs.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from hallplan.place.rectangles.problem import Problem, make_problem
from hallplan.place.rectangles.run import Run
from hallplan.place.rectangles.search import Found, Question, Shard
from tests.place.rectangle_checker import cost_of, faults_of

NEVER_S = 1e5


@dataclass(frozen=True)
class Mark:
    """After how much work a run was at which cost; open_cost: with the fillers given up."""

    cpu_s: float
    starts: int
    moves: int
    cost: float
    open_cost: float


@dataclass(eq=False)
class TracedRun(Run):
    """A run that notes its best after each start and ends at a cost or a processor time."""

    target: float = -float("inf")
    most_cpu_s: float = float("inf")
    marks: list[Mark] = field(default_factory=list)
    _begin: float = field(default_factory=time.process_time)

    def _merge(self, shard: Shard) -> None:
        super()._merge(shard)
        spent = time.process_time() - self._begin
        self.marks.append(Mark(spent, self.done, self.total.moves, best(self.total.found), best(self.total.opened)))
        if self.marks[-1].cost <= self.target or spent >= self.most_cpu_s:
            self._stop("time")


def best(found: Sequence[Found]) -> float:
    """Returns the least cost; inf when there is none."""
    return found[0].cost if found else float("inf")


def traced(
    problem: Problem, seed: int, *, target: float = -float("inf"), most_cpu_s: float = float("inf"),
    starts: int | None = None, jobs: int = 1,
) -> TracedRun:  # fmt: skip
    """Returns a finished run; what compiles does so before its time begins."""
    question = Question.of(problem)
    Run(question, seed, 1, 1).go(1e-3)
    run = TracedRun(question, seed, jobs, starts, target=target, most_cpu_s=most_cpu_s)
    run.go(NEVER_S)
    return run


def measure(path: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Returns the figures of an instance over the seeds."""
    instance = json.loads(path.read_text("utf-8"))
    known = instance["best_known"]
    target = known * (1 + options.within / 100)
    problem = make_problem(
        instance["floor"], instance["areas"], instance["width_bounds"], instance["flows"], instance["metric"]
    )
    runs = [
        traced(problem, seed, target=target, most_cpu_s=options.cpu_seconds, jobs=options.jobs)
        for seed in options.seeds
    ]
    summary: dict[str, Any] = {"instance": path.stem, "zones": problem.n, "best_known": known, "seeds": options.seeds}
    summary |= reached([[(mark.cpu_s, mark.cost) for mark in run.marks] for run in runs], known, target)
    if problem.is_filler.any():
        summary["open"] = reached([[(mark.cpu_s, mark.open_cost) for mark in run.marks] for run in runs], known, target)
    return summary | {"faults": [fault for run in runs for fault in faults(instance, run)]}


def reached(runs: Sequence[Sequence[tuple[float, float]]], known: float, target: float) -> dict[str, Any]:
    """Returns how many runs came to the target, after how long, and where each ended."""
    times = [next((cpu_s for cpu_s, cost in run if cost <= target), None) for run in runs]
    ends = [100 * (run[-1][1] / known - 1) for run in runs]
    return {
        "reached": sum(spent is not None for spent in times),
        "cpu_s": [None if spent is None else round(spent, 2) for spent in times],
        "gap_percent": [round(gap, 3) for gap in ends],
    }


def faults(instance: Mapping[str, Any], run: TracedRun) -> list[str]:
    """Returns what code that the engine does not share finds wrong with the layout or its cost."""
    if not run.total.found:
        return ["nothing that fits"]
    rectangles, cost = run.total.found[0].rectangles.tolist(), run.total.found[0].cost
    wrong = abs(cost_of(instance, rectangles) - cost) > 1e-6 * cost
    return faults_of(instance, rectangles) + (["cost"] if wrong else [])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instance", type=Path, nargs="+", required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--within", type=float, default=0.1)
    parser.add_argument("--cpu-seconds", type=float, default=40.0)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    for path in options.instance:
        print(json.dumps(measure(path, options), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
