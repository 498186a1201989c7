"""The rectangle engine on instances of the literature, beside published values and the plain MILP; prints JSON.

Usage: python benchmarks/placement.py --instance FILE… --seconds 20 [--seeds 1 2 3 4 5] [--jobs 2] [--starts N]
       [--milp] [--scaling] [--save FOLDER] [--json]
Each layout is checked by code that the engine does not share (tests/place/rectangle_checker.py). Costs and gaps are of layouts
with all zones placed; `open_…` and `fillers_free` tell them with fillers (zones without flow and of free shape) given up, as
some published values have it. --milp solves the plain big-M model (benchmarks/plain_milp.py) in ten times the seconds, in the
same run; `exact_cost` is its layout with areas as asked (by tangents they are a little small, which is cheaper). --scaling repeats
the first seed on one thread in as many seconds and gives the ratio of moves made, and compares the layouts of four starts on one
and on two threads. --save writes each instance's best layout. Time asked for is wall time; `cpu_s` says how much of the machine
the run got.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from benchmarks.plain_milp import solve
from hallplan.place.rectangles import RectangleLayout, place_rectangles
from hallplan.place.rectangles.problem import make_problem
from hallplan.place.rectangles.search import Found, Shard, finish, repair
from tests.place.rectangle_checker import cost_of, faults_of

MILP_FACTOR = 10
SAME_STARTS, NEVER_S = 4, 1e4


def search(instance: Mapping[str, Any], seed: int, options: argparse.Namespace) -> RectangleLayout:
    """Returns what the engine finds."""
    return place_rectangles(
        instance["floor"], instance["areas"], instance["width_bounds"], instance["flows"], metric=instance["metric"],
        seconds=options.seconds, seed=seed, starts=options.starts, jobs=options.jobs,
    )  # fmt: skip


def one_run(instance: Mapping[str, Any], layout: RectangleLayout, seed: int) -> dict[str, Any]:
    """Returns the figures of a run, its layout checked."""
    rectangles, best = layout.rectangles.tolist(), instance.get("best_known")
    open_, opened = layout.open_cost, layout.open_rectangles
    return {
        "seed": seed, "cost": round(layout.cost, 6), "checked_cost": round(cost_of(instance, rectangles), 6),
        "gap_percent": _gap(layout.cost, best), "open_cost": open_, "open_gap_percent": _gap(open_, best),
        "bound": round(layout.bound, 6), "faults": faults_of(instance, rectangles),
        "open_faults": [] if opened is None else faults_of(instance, opened.tolist()), "starts": layout.starts,
        "moves": layout.moves, "solves": layout.solves, "stopped_by": layout.stopped_by,
    }  # fmt: skip


def _gap(cost: float | None, best: float | None) -> float | None:
    return None if cost is None or not best else round(100 * (cost / best - 1), 4)


def measure(path: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Returns the figures of an instance over the seeds."""
    instance = json.loads(path.read_text("utf-8"))
    runs, best = [], None
    for seed in options.seeds:
        wall, cpu = time.perf_counter(), time.process_time()
        layout = search(instance, seed, options)
        runs.append(one_run(instance, layout, seed))
        runs[-1] |= {"wall_s": round(time.perf_counter() - wall, 2), "cpu_s": round(time.process_time() - cpu, 2)}
        if best is None or layout.cost < best.cost:
            best = layout
    if options.save and best is not None:
        _save(options.save / f"{path.stem}.json", instance, best)
    costs, opened = [run["cost"] for run in runs], [run["open_cost"] for run in runs]
    known = instance.get("best_known")
    summary = {
        "instance": path.stem, "zones": len(instance["areas"]), "metric": instance["metric"], "best_known": known,
        "proven": instance.get("proven_optimal", False), "published": instance.get("published", {}),
        "best": min(costs), "median_gap_percent": _gap(statistics.median(costs), known),
        "worst_gap_percent": _gap(max(costs), known), "runs": runs,
    }  # fmt: skip
    if None not in opened:
        summary["fillers_free"] = {
            "best": round(min(opened), 6), "median_gap_percent": _gap(statistics.median(opened), known),
            "worst_gap_percent": _gap(max(opened), known), "best_checked_with_fillers": _verified(instance),
        }  # fmt: skip
    if options.scaling:
        summary["scaling"] = _scaling(instance, options, runs[0])
    if options.milp:
        summary["milp"] = _milp(instance, MILP_FACTOR * options.seconds)
        least = summary["milp"]["exact_cost"]
        summary["never_worse"] = least is None or max(costs) <= least * (1 + 1e-6)
    return summary


def _milp(instance: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    """What the plain model finds, by how much its areas are too small, and what its layout costs with all areas as asked: made exact
    as the engine does with its own, None where that comes to nothing."""
    answer, found = solve(instance, seconds), list[Found]()
    told = {"cost": answer.cost, "bound": answer.bound, "status": answer.status, "seconds": seconds}
    if answer.rectangles is None:
        return told | {"small_percent": None, "exact_cost": None}
    keys = ("floor", "areas", "width_bounds", "flows")
    problem = make_problem(*(instance[key] for key in keys), metric=instance["metric"])
    rectangles = np.array(answer.rectangles)
    small = 1 - rectangles[:, 2] * rectangles[:, 3] / problem.areas
    for make_exact in (finish, repair):
        if not found:
            make_exact(problem, rectangles, 0, found, Shard(), np.zeros(1, np.bool_))
    exact = min((one.cost for one in found), default=None)
    return told | {"small_percent": round(100 * float(small.max()), 3), "exact_cost": exact}


def _verified(instance: Mapping[str, Any]) -> float | None:
    """Least cost of layouts whose rectangles, fillers too, were checked by whoever made the file."""
    return min(instance.get("verified_layout_cost", {}).values(), default=None)


def _scaling(instance: Mapping[str, Any], options: argparse.Namespace, run: Mapping[str, Any]) -> dict[str, Any]:
    """Moves of the run by those of one thread in as much time; and whether so many starts give one layout on 1 and 2 threads."""
    seed, given = run["seed"], vars(options)
    alone = search(instance, seed, argparse.Namespace(**given | {"jobs": 1}))
    fixed = {"starts": SAME_STARTS, "seconds": NEVER_S}
    one, two = (search(instance, seed, argparse.Namespace(**given | fixed | {"jobs": jobs})) for jobs in (1, 2))
    return {
        "jobs": options.jobs, "times_the_moves_of_one": round(run["moves"] / alone.moves, 2),
        "same_layout": bool((one.rectangles == two.rectangles).all() and one.moves == two.moves),
    }  # fmt: skip


def _save(path: Path, instance: Mapping[str, Any], layout: RectangleLayout) -> None:
    """Writes the instance with a layout of it unless a cheaper one is there; NaN rows, fillers given up, become null."""
    if path.exists() and json.loads(path.read_text("utf-8"))["cost"] <= layout.cost:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = ("name", "floor", "areas", "width_bounds", "flows", "metric", "best_known")
    document = {key: instance[key] for key in kept} | {"cost": layout.cost, "rectangles": layout.rectangles.tolist()}
    if layout.open_rectangles is not None:
        rows = [None if math.isnan(row[0]) else row for row in layout.open_rectangles.tolist()]
        document |= {"open_cost": layout.open_cost, "open_rectangles": rows}
    path.write_text(json.dumps(document) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instance", type=Path, nargs="+", required=True)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--starts", type=int)
    parser.add_argument("--milp", action="store_true")
    parser.add_argument("--scaling", action="store_true")
    parser.add_argument("--save", type=Path)
    parser.add_argument("--json", action="store_true", help="one line of JSON an instance, nothing else")
    options = parser.parse_args()
    for path in options.instance:
        summary = measure(path, options) | {"load_average": round(os.getloadavg()[0], 2)}
        print(json.dumps(summary, indent=None if options.json else 1, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
