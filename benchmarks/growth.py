"""What more zones cost: the work until the rectangle engine is within 1 % of its long run, from 10 to 40 zones.

Usage: python benchmarks/growth.py [--zones 10 15 … 40] [--instances 3] [--cpu-seconds 60] [--seed 1] [--fill 0.9] [--plot FILE.svg]
Instances are random (areas of 5 to 40 m², 6 flows a zone, sides up to 1 : 4). A long run takes --cpu-seconds on one thread;
`cpu_s` is the processor time at which its best was first within 1 % of its end, an entry an instance, `moves` in millions.
`peak_mib` is the greatest memory of the process so far. One line of JSON a size.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.time_to_target import traced
from hallplan.place.rectangles.problem import make_problem

WITHIN = 0.01


def instance(n: int, fill: float, seed: int) -> tuple[list[float], list[float], list[list[float]], list[list[float]]]:
    """Returns floor, areas, width bounds and flows of a random instance."""
    rng = np.random.default_rng((seed, n))
    areas = rng.uniform(5, 40, n)
    width = float(np.sqrt(areas.sum() / fill * 1.3))
    flows = [[i, j, float(rng.uniform(1, 9))] for i in range(n) for j in range(i + 1, n) if rng.random() < 6 / n]
    bounds = np.column_stack([np.sqrt(areas / 4), np.sqrt(areas * 4)])
    return [width, float(areas.sum()) / fill / width], areas.tolist(), bounds.tolist(), flows


def measure(n: int, options: argparse.Namespace) -> dict[str, Any]:
    """Returns the work of one size, one number an instance."""
    times, moves, long = [], [], []
    for number in range(options.instances):
        problem = make_problem(*instance(n, options.fill, options.seed + number), "rectilinear")
        run = traced(problem, options.seed, most_cpu_s=options.cpu_seconds)
        first = next(mark for mark in run.marks if mark.cost <= run.marks[-1].cost * (1 + WITHIN))
        times.append(first.cpu_s)
        moves.append(first.moves / 1e6)
        long.append(run.marks[-1].cpu_s)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "zones": n, "median_cpu_s": round(statistics.median(times), 2), "cpu_s": [round(t, 2) for t in times],
        "moves": [round(m, 2) for m in moves], "long_cpu_s": [round(t, 1) for t in long], "peak_mib": round(peak),
    }  # fmt: skip


def plot(rows: list[dict[str, Any]], path: Path) -> None:
    """Writes processor seconds by number of zones as an SVG."""
    most_s, most_n = max(max(row["cpu_s"]) for row in rows) * 1.15, max(row["zones"] for row in rows) * 1.05
    spots = [(60 + 520 * row["zones"] / most_n, 330 - 290 * row["median_cpu_s"] / most_s, row) for row in rows]
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{330 - 290 * one / most_s:.1f}" r="3" fill="none" stroke="#1f5fa8"/>'
        for x, _, row in spots
        for one in row["cpu_s"]
    )
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in spots)
    marks = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#1f5fa8"/>'
        f'<text x="{x:.1f}" y="{y - 10:.1f}" text-anchor="middle" stroke="#fff" stroke-width="4" paint-order="stroke">{row["median_cpu_s"]:.1f} s</text>'
        f'<text x="{x:.1f}" y="350" text-anchor="middle">{row["zones"]}</text>'
        for x, y, row in spots
    )
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="620" height="390" font-family="sans-serif" font-size="13">'
        '<rect width="620" height="390" fill="#fff"/><path d="M60 30V330H590" fill="none" stroke="#888"/>'
        f'<polyline points="{line}" fill="none" stroke="#1f5fa8" stroke-width="2"/>{dots}{marks}'
        '<text x="325" y="375" text-anchor="middle">zones</text>'
        '<text x="60" y="20">processor seconds to within 1 % of the long run: median (filled) and instances</text></svg>\n',
        "utf-8",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--zones", type=int, nargs="+", default=list(range(10, 41, 5)))
    parser.add_argument("--instances", type=int, default=3)
    parser.add_argument("--cpu-seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fill", type=float, default=0.9)
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    rows = []
    for n in options.zones:
        rows.append(measure(n, options))
        print(json.dumps(rows[-1]), flush=True)
    if options.plot:
        plot(rows, options.plot)


if __name__ == "__main__":
    main()
