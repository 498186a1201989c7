"""Signs: covers of 1,200 points by 600 candidates, in the open and along ways, and a full check of a sample. JSON on stdout.

python benchmarks/signs.py [--sample county] [--covers]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import box

from hallplan.geometry.visibility import SightField
from hallplan.signs.cover import cover
from hallplan.signs.greedy import greedy
from hallplan.signs.legibility import reads, within_reach
from hallplan.signs.question import Question
from hallplan.signs.reducing import Option

POINTS, CANDIDATES = 1_200, 600
OPEN = [(5.0, 7), (6.0, 7), (6.0, 1), (8.0, 7), (8.0, 1), (8.0, 2), (8.0, 3), (10.0, 1), (12.0, 1)]
"""Reach (m) and seed of covers of points at random; those at 6 and 8 m are the hardest."""
WAYS = [(8.0, 1), (10.0, 2), (15.0, 3)]
"""The same for points along ways through a hall of columns and blocks."""


class Face:
    """A sign at eye height."""

    height_m = 1.55

    def __init__(self, at: tuple[float, float], facing_deg: float, reach_m: float) -> None:
        self.at, self.facing_deg, self.reach_m = at, facing_deg, reach_m


def in_the_open(reach_m: float, seed: int) -> Question:
    """Random points, and signs that face one of four ways; the farther they reach the harder it is."""
    rng = np.random.default_rng(seed)
    points = rng.uniform((0, 0), (60, 40), (POINTS, 2))
    places, looks = rng.uniform((0, 0), (60, 40), (CANDIDATES, 2)), rng.integers(0, 4, CANDIDATES) * 90.0
    faces = [Face((float(x), float(y)), float(look), reach_m) for (x, y), look in zip(places, looks, strict=True)]
    return asked([within_reach(face, points, 1.55) for face in faces])


def along_ways(reach_m: float, seed: int) -> Question:
    """Points along bent ways between columns and blocks, read with a view of 60 degrees to both sides."""
    rng = np.random.default_rng(seed)
    solids = [box(x - 0.4, y - 0.4, x + 0.4, y + 0.4) for x in np.arange(7.5, 60, 7.5) for y in np.arange(8, 40, 8)]
    for (x, y), (w, d) in zip(rng.uniform((2, 2), (56, 36), (25, 2)), rng.uniform(1, 5, (25, 2)), strict=True):
        solids.append(box(x, y, x + w, y + d))
    solid, field = shapely.union_all(solids), SightField(solids)
    points, headings = _walked(rng, solid)
    faces: list[Face] = []
    while len(faces) < CANDIDATES:
        x, y = rng.uniform((0.3, 0.3), (59.7, 39.7)).tolist()
        if not solid.contains(shapely.Point(x, y)):
            faces.append(Face((x, y), float(rng.integers(0, 4)) * 90.0, reach_m))
    return asked([_read_on_the_way(face, points, headings, field) for face in faces])


def _walked(rng: np.random.Generator, solid: shapely.Geometry) -> tuple[np.ndarray, np.ndarray]:
    points, headings, count = [], [], 0
    while count < POINTS:
        start, end = rng.uniform((1, 1), (59, 39), (2, 2))
        way = end - start
        if np.hypot(*way) < 10:
            continue
        share = np.linspace(0, 1, int(np.hypot(*way) / 0.5))[:, None]
        line = start + way * share + np.sin(share * np.pi) * rng.uniform(-3, 3, 2)
        line = line[~shapely.contains_xy(solid, line[:, 0], line[:, 1])]
        points.append(line)
        headings.append(np.full(len(line), np.arctan2(way[1], way[0])))
        count += len(line)
    return np.vstack(points)[:POINTS], np.concatenate(headings)[:POINTS]


def _read_on_the_way(face: Face, points: np.ndarray, headings: np.ndarray, field: SightField) -> np.ndarray:
    off = np.arctan2(face.at[1] - points[:, 1], face.at[0] - points[:, 0]) - headings
    in_view = np.abs((off + np.pi) % (2 * np.pi) - np.pi) <= np.radians(60.0)
    return reads(face, points, 1.55, field) & in_view


def asked(rows: list[np.ndarray]) -> Question:
    """The cover of points by candidates; a row for each says which points it serves."""
    options = [Option(n, 0, "way", frozenset(np.flatnonzero(row).tolist())) for n, row in enumerate(rows) if row.any()]
    return Question(options, CANDIDATES, [1.0] * POINTS)


def covered(question: Question) -> dict[str, object]:
    """Processor seconds to the proven fewest signs, and those of a greedy choice."""
    begin = time.process_time()
    answer = cover(question)
    seconds = time.process_time() - begin
    alone = greedy(question)
    return {
        "points": len(question.wanted()), "candidates": len(question.options), "seconds": round(seconds, 3),
        "signs": len(answer.signs), "bound": answer.bound, "optimal": answer.is_optimal, "greedy": len(alone.signs),
    }  # fmt: skip


def covers() -> dict[str, dict[str, object]]:
    """All covers, after one that compiles."""
    cover(in_the_open(6.0, 9))
    found = {f"open {reach:g} m, seed {seed}": covered(in_the_open(reach, seed)) for reach, seed in OPEN}
    for reach, seed in WAYS:
        question = along_ways(reach, seed)
        found |= {
            f"ways {reach:g} m, seed {seed}{name}": covered(one) for name, one in variants(question, seed).items()
        }
    return found


def variants(question: Question, seed: int) -> dict[str, Question]:
    """A question as it is, with each need met twice, at least cost, and with most served by 40 signs."""
    prices = np.random.default_rng(seed).choice([1200, 2400, 3600], question.n_signs)
    return {
        "": question,
        ", twice": replace(question, redundancy=2),
        ", least cost": replace(question, costs=tuple(prices.tolist())),
        ", 40 signs": replace(question, budget=40),
    }


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
    parser.add_argument("--covers", action="store_true", help="the covers alone")
    arguments = parser.parse_args()
    report: dict[str, object] = {"covers": covers()}
    if not arguments.covers:
        report |= {"memory": memory(), "check": checked(arguments.sample)}
    print(json.dumps(report, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
