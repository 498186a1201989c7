"""Signs: the cover of 1,200 points by 600 candidates, a full check of a sample, and routes beside fdsvismap. JSON on stdout.

fdsvismap (grid cells, Jin's law, clear air) is compared when it is installed; both ask from which part of a route a sign is
read inside D·cos θ with nothing between.

    python benchmarks/signs.py [--sample county]
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import shapely

from hallplan.geometry.visibility import SightField
from hallplan.signs.cover import cover
from hallplan.signs.greedy import greedy
from hallplan.signs.legibility import is_unobstructed, within_reach
from hallplan.signs.question import Question
from hallplan.signs.reducing import Option

POINTS, CANDIDATES, REACH_M, DENSE_M = 1_200, 600, 5.0, 8.0
PEER_M = 8.0
WALLS = [(6.0, 0.0, 6.4, 6.0), (12.0, 4.0, 12.4, 10.0), (8.5, 7.0, 9.5, 8.0)]
SIGNS = [((2.0, 9.8), 270.0), ((9.0, 0.2), 90.0), ((19.8, 5.0), 180.0)]
WAY = [(1.0, 1.0), (5.0, 8.0), (10.0, 6.5), (11.0, 2.0), (18.0, 5.0)]


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


def beside_peer() -> dict[str, object]:
    """The share of a route from which a sign is read, ours exact and fdsvismap's on 0.1 m cells."""
    line = shapely.LineString(WAY)
    places = np.linspace(0.0, line.length, 2001)
    points = shapely.get_coordinates(shapely.line_interpolate_point(line, places))
    field = SightField([shapely.box(*wall) for wall in WALLS])
    seen = np.zeros(len(points), dtype=np.bool_)
    begin = time.process_time()
    for at, facing in SIGNS:
        face = Face(at, facing, PEER_M)
        near = within_reach(face, points, 1.55)
        near[near] = is_unobstructed(face, points[near], 1.55, field)
        seen |= near
    found: dict[str, object] = {
        "ours": round(float(seen.mean()), 4),
        "ours_ms": round((time.process_time() - begin) * 1000, 2),
    }
    if not importlib.util.find_spec("fdsvismap"):
        return {**found, "peer": "fdsvismap is not installed"}
    return {**found, **_peer(points, seen)}


def _peer(points: np.ndarray, seen: np.ndarray) -> dict[str, object]:
    from fdsvismap import VisMap

    begin = time.process_time()
    vis = VisMap()
    vis.set_grid(np.arange(0.05, 20.0, 0.1), np.arange(0.05, 10.0, 0.1))
    vis.set_uniform_extco(0.0, [0.0])
    vis.set_visibility_bounds(0.0, PEER_M)
    for x0, y0, x1, y1 in WALLS:
        vis.add_visual_obstruction(x0, x1, y0, y1)
    for n, (at, facing) in enumerate(SIGNS):
        # degrees clockwise from north there, anticlockwise from east here
        vis.add_sign(n, at[0], at[1], 3.0, (90.0 - facing) % 360.0)
    vis.add_route("way", WAY)
    vis.compute_all()
    cover = np.asarray(vis.get_route_coverage("way", 0.0))
    seconds = time.process_time() - begin
    theirs = np.asarray(vis.get_route_points("way"))
    nearest = np.hypot(theirs[:, None, 0] - points[None, :, 0], theirs[:, None, 1] - points[None, :, 1]).argmin(axis=1)
    return {
        "fdsvismap": round(float(cover.mean()), 4), "fdsvismap_ms": round(seconds * 1000, 1),
        "points_that_differ": round(float((seen[nearest] != cover).mean()), 4),
        "why": "cells of 0.1 m: walls are as thick as cells and rays pass from middle to middle",
    }  # fmt: skip


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
        "beside_fdsvismap": beside_peer(),
        "memory": memory(),
        "check": checked(arguments.sample),
    }
    print(json.dumps(report, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
