"""Signs: the cover of 1,200 points by 600 candidates, and a full check of a sample. JSON on stdout.

python benchmarks/signs.py [--sample county]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from hallplan.geometry.visibility import SightField
from hallplan.signs.cover import cover
from hallplan.signs.greedy import greedy
from hallplan.signs.legibility import within_reach
from hallplan.signs.question import Question
from hallplan.signs.reducing import Option

POINTS, CANDIDATES, REACH_M, DENSE_M = 1_200, 600, 5.0, 8.0


class Face:
    """A sign at eye height."""

    height_m = 1.55

    def __init__(self, at: tuple[float, float], facing_deg: float, reach_m: float) -> None:
        self.at, self.facing_deg, self.reach_m = at, facing_deg, reach_m


def covered(reach_m: float) -> dict[str, object]:
    """The cover of random points by signs that face one of four ways; the farther they reach the harder it is."""
    rng = np.random.default_rng(7)
    points = rng.uniform((0, 0), (60, 40), (POINTS, 2))
    places, looks = rng.uniform((0, 0), (60, 40), (CANDIDATES, 2)), rng.integers(0, 4, CANDIDATES) * 90.0
    options = []
    for n, (place, look) in enumerate(zip(places, looks, strict=True)):
        face = Face((float(place[0]), float(place[1])), float(look), reach_m)
        near = np.flatnonzero(within_reach(face, points, 1.55))
        if len(near):
            options.append(Option(n, 0, "way", frozenset(near.tolist())))
    question = Question(options, CANDIDATES, [1.0] * POINTS)
    begin = time.process_time()
    answer = cover(question)
    seconds = time.process_time() - begin
    alone = greedy(question)
    return {
        "points": len(question.wanted()), "candidates": len(options), "seconds": round(seconds, 3), "signs": len(answer.signs),
        "bound": answer.bound, "optimal": answer.is_optimal, "greedy": len(alone.signs),
    }  # fmt: skip


def checked(sample: str) -> dict[str, object]:
    """Seconds of `signs` on a sample, whole command in a process of its own, and of its two parts inside."""
    with tempfile.TemporaryDirectory() as folder:
        hall = Path(folder) / "hall"
        base = [sys.executable, "-m", "hallplan"]
        subprocess.run([*base, "init", str(hall), "--sample", sample, "-q"], check=True)
        subprocess.run([*base, "layout", str(hall), "-q", "--fail-on", "never", "--alternatives", "1"], check=True)
        return {"sample": sample, **_command([*base, "signs", str(hall), "--json"]), **_inside(hall)}


def _command(command: list[str]) -> dict[str, object]:
    import resource

    best, used = float("inf"), float("inf")
    for _ in range(3):
        before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, time.perf_counter() - begin)
        used = min(used, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    report = json.loads(done.stdout)
    return {
        "command_s": round(best, 2), "command_cpu_s": round(used, 2), "signs": report["signs"], "readable_share": report["readable_share"],
        "decision_points": report["decision_points"], "placement": report["placement"],
    }  # fmt: skip


def _inside(hall: Path) -> dict[str, float]:
    from hallplan.read.plan import read_plan
    from hallplan.settings import Settings
    from hallplan.signs import plan_signs, rate_signs

    plan, settings = read_plan(hall / "out" / "plan.json"), Settings()
    best = plan.alternatives[0]
    found = {}
    for _ in range(2):
        begin = time.process_time()
        rate_signs(plan.site, best.layout, best.routes, best.signs.signs, settings)
        found["check_cpu_s"] = round(time.process_time() - begin, 3)
        begin = time.process_time()
        plan_signs(plan.site, plan.programme, best.layout, best.routes, settings)
        found["place_cpu_s"] = round(time.process_time() - begin, 3)
    return found


def memory() -> dict[str, float]:
    """Bytes of the grid per wall for 1,000 and 100,000 walls."""
    found = {}
    for count in (1_000, 10_000, 100_000):
        rng = np.random.default_rng(1)
        start = rng.uniform((0, 0), (60, 40), (count, 2))
        walls = np.hstack([start, start + rng.uniform(-0.3, 0.3, (count, 2))])
        arrays = SightField(walls).grid.arrays
        found[f"bytes_per_wall_{count}"] = round(sum(array.nbytes for array in arrays) / count, 1)
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", default="county")
    arguments = parser.parse_args()
    report = {
        "cover": covered(REACH_M),
        "cover_dense": covered(DENSE_M),
        "memory": memory(),
        "check": checked(arguments.sample),
    }
    print(json.dumps(report, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
