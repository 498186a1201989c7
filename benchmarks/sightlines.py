"""Sight tests a second: ours, a shapely loop, and shapely vectorised on a prepared union; JSON on stdout.

1,000 walls in 60 × 40 m and 100,000 pairs of points; every answer is compared with shapely's. And signs along ways beside
fdsvismap (beside_fdsvismap.py) when that is installed.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from beside_fdsvismap import report as beside_fdsvismap

from hallplan.geometry.visibility import SightField, visible_area

WALLS, PAIRS, LOOP_PAIRS, RUNS = 1_000, 100_000, 2_000, 3


def best(run: Callable[[], Any]) -> tuple[float, Any]:
    """Returns the shortest of some runs in seconds, and the last answer."""
    seconds, answer = math.inf, None
    for _ in range(RUNS):
        start = time.perf_counter()
        answer = run()
        seconds = min(seconds, time.perf_counter() - start)
    return seconds, answer


def scene() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns walls (n, 4), eyes and marks (m, 2), a third of the pairs in sight of each other."""
    rng = np.random.default_rng(1)
    start = rng.uniform((0, 0), (60, 40), (WALLS, 2))
    turn, length = rng.uniform(0, 2 * math.pi, WALLS), rng.uniform(0.3, 1.5, WALLS)
    walls = np.hstack([start, start + np.column_stack([np.cos(turn), np.sin(turn)]) * length[:, None]])
    eyes = rng.uniform((0, 0), (60, 40), (PAIRS, 2))
    away = rng.uniform(0, 2 * math.pi, PAIRS)
    reach = rng.uniform(0, 8, PAIRS)
    return walls, eyes, eyes + np.column_stack([np.cos(away), np.sin(away)]) * reach[:, None]


def main() -> None:
    walls, eyes, marks = scene()
    lines = shapely.linestrings(walls.reshape(-1, 2, 2))
    union = shapely.union_all(lines)
    SightField(walls).clear(eyes[:1], marks[:1])
    build_s, field = best(lambda: SightField(walls))
    ours_s, ours = best(lambda: field.clear(eyes, marks))
    shapely.prepare(union)

    def vectorised() -> np.ndarray:
        return ~shapely.intersects(union, shapely.linestrings(np.stack([eyes, marks], axis=1)))

    prepared_s, expected = best(vectorised)
    bare = shapely.union_all(lines)

    def loop(walls: shapely.Geometry) -> list[bool]:
        pairs = zip(eyes[:LOOP_PAIRS], marks[:LOOP_PAIRS], strict=True)
        return [not walls.intersects(shapely.LineString([a, b])) for a, b in pairs]

    loop_s, _ = best(lambda: loop(bare))
    prepared_loop_s, _ = best(lambda: loop(union))
    room = shapely.box(-1, -1, 61, 41)
    area_s, seen = best(lambda: visible_area(room, list(lines), (30.0, 20.0)))
    rate = {"ours": PAIRS / ours_s, "shapely_prepared": PAIRS / prepared_s, "shapely_loop": LOOP_PAIRS / loop_s}
    rate["shapely_loop_prepared"] = LOOP_PAIRS / prepared_loop_s
    report = {
        "figure": "sight tests, 1,000 walls, 100,000 pairs",
        "per_second": {name: round(value) for name, value in rate.items()},
        "times_loop": round(rate["ours"] / rate["shapely_loop"], 1),
        "times_loop_prepared": round(rate["ours"] / rate["shapely_loop_prepared"], 1),
        "times_prepared": round(rate["ours"] / rate["shapely_prepared"], 2),
        "visible_share": round(float(ours.mean()), 3),
        "mismatches": int((ours != expected).sum()),
        "build_ms": round(build_s * 1000, 2),
        "visible_area_ms": round(area_s * 1000, 2),
        "visible_area_m2": round(seen.area, 3),
        "beside_fdsvismap": beside_fdsvismap(),
    }
    print(json.dumps(report, ensure_ascii=False))


if __name__ == "__main__":
    main()
