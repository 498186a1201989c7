"""The search engines of the rectangle problem side by side at equal moves, and what each is worth after exact coordinates.

Usage: python benchmarks/placement_engines.py --instance FILE… [--moves 200000] [--seeds 4]
slicing: annealed slicing trees.  floating: annealed rectangles that may overlap, then exact coordinates, turned on a floor
that stretches where they do not fit.  turning: local search on relations by linear programmes alone, from random floating
rectangles (its work is `solves`, not moves).  Costs are per cent over the best known; null: none that fits. JSON lines.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from hallplan.place.rectangles.problem import Floats, Problem, make_problem
from hallplan.place.rectangles.search import LIMITS, Question, Shard, drift, finish, repair, walk

HALT = np.zeros(1, dtype=bool)
Engine = Callable[[Question, int, int], float]


def slicing(question: Question, key: int, moves: int) -> float:
    """Returns the best exact cost from one annealed tree."""
    costs, rects, _ = walk(question.case, key, moves=moves, halt=HALT)
    return _best(question.problem, [rects[k] for k in range(len(LIMITS)) if np.isfinite(costs[k])], mends=False)


def floating(question: Question, key: int, moves: int) -> float:
    """Returns the exact cost from one walk of floating rectangles."""
    return _best(question.problem, [drift(question.case, key, moves=moves, halt=HALT)[0]], mends=True)


def turning(question: Question, key: int, _: int) -> float:
    """Returns the cost that local search on relations reaches from a random layout."""
    return _best(question.problem, [drift(question.case, key, moves=1, halt=HALT)[0]], mends=True)


def _best(problem: Problem, layouts: list[Floats], *, mends: bool) -> float:
    shard = Shard()
    for rectangles in layouts:
        finish(problem, rectangles, 0, shard.found, shard, HALT)
        if mends and not shard.found:
            repair(problem, rectangles, 0, shard.found, shard, HALT)
    return min(shard.found).cost if shard.found else float("inf")


ENGINES: dict[str, Engine] = {"slicing": slicing, "floating": floating, "turning": turning}


def measure(path: Path, moves: int, seeds: int) -> dict[str, object]:
    """Returns each engine's gaps over the seeds and its processor seconds a run."""
    data = json.loads(path.read_text("utf-8"))
    problem = make_problem(data["floor"], data["areas"], data["width_bounds"], data["flows"], data["metric"])
    question, figures = Question.of(problem), {}
    for name, engine in ENGINES.items():
        engine(question, 0, 1)
        begin = time.process_time()
        gaps = [100 * (engine(question, seed, moves) / data["best_known"] - 1) for seed in range(1, seeds + 1)]
        spent = (time.process_time() - begin) / seeds
        rounded = [round(gap, 2) if np.isfinite(gap) else None for gap in sorted(gaps)]
        figures[name] = {"gap_percent": rounded, "cpu_s": round(spent, 2)}
    return {"instance": path.stem, "zones": problem.n, "fill": round(problem.fill, 4), "moves": moves} | figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instance", type=Path, nargs="+", required=True)
    parser.add_argument("--moves", type=int, default=200_000)
    parser.add_argument("--seeds", type=int, default=4)
    options = parser.parse_args()
    for path in options.instance:
        print(json.dumps(measure(path, options.moves, options.seeds)), flush=True)


if __name__ == "__main__":
    main()
