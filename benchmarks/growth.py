"""What more zones cost: the work until the rectangle engine is within 1 % of its long run, from 10 to 40 zones.

Usage: python benchmarks/growth.py [--zones 10 20 30 40] [--starts 32] [--seed 1] [--fill 0.9] [--plot FILE.svg] [--json]
Instances are random (areas of 5 to 40 m², 6 flows a zone, sides up to 1 : 4). The long run has --starts starts; shorter ones,
1, 2, 4, …, are searches of their own with the same seed, so that the first of them within 1 % tells the work. One thread;
`cpu_s` is processor time, `moves` in millions, `peak_mib` the greatest memory of the process so far.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from pathlib import Path
from typing import Any

import numpy as np

from hallplan.place.rectangles import RectangleLayout, place_rectangles

WITHIN = 0.01
WARM = ([10, 10], [20, 20, 20], [[2, 10]] * 3, [(0, 1, 1)])
NEVER_S = 1e5


def instance(n: int, fill: float, seed: int) -> tuple[list[float], list[float], list[list[float]], list[list[float]]]:
    """Returns floor, areas, width bounds and flows of a random instance."""
    rng = np.random.default_rng((seed, n))
    areas = rng.uniform(5, 40, n)
    width = float(np.sqrt(areas.sum() / fill * 1.3))
    flows = [[i, j, float(rng.uniform(1, 9))] for i in range(n) for j in range(i + 1, n) if rng.random() < 6 / n]
    bounds = np.column_stack([np.sqrt(areas / 4), np.sqrt(areas * 4)])
    return [width, float(areas.sum()) / fill / width], areas.tolist(), bounds.tolist(), flows


def run(case: tuple[Any, ...], starts: int, seed: int) -> tuple[RectangleLayout, float]:
    """Returns a layout and the processor seconds it took."""
    begin = time.process_time()
    layout = place_rectangles(*case, seconds=NEVER_S, seed=seed, starts=starts, jobs=1)
    return layout, time.process_time() - begin


def measure(n: int, options: argparse.Namespace) -> dict[str, Any]:
    """Returns the work of one size."""
    case = instance(n, options.fill, options.seed)
    best, whole_s = run(case, options.starts, options.seed)
    starts = 1
    layout, cpu_s = run(case, starts, options.seed)
    while layout.cost > best.cost * (1 + WITHIN) and 2 * starts < options.starts:
        starts *= 2
        layout, cpu_s = run(case, starts, options.seed)
    if layout.cost > best.cost * (1 + WITHIN):
        starts, layout, cpu_s = options.starts, best, whole_s
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "zones": n, "long_cost": round(best.cost, 4), "long_cpu_s": round(whole_s, 2), "starts": starts,
        "cpu_s": round(cpu_s, 2), "moves": round(layout.moves / 1e6, 2),
        "above_percent": round(100 * (layout.cost / best.cost - 1), 3), "peak_mib": round(peak),
    }  # fmt: skip


def plot(rows: list[dict[str, Any]], path: Path) -> None:
    """Writes processor seconds by number of zones as an SVG."""
    most_s, most_n = max(row["cpu_s"] for row in rows) * 1.15, max(row["zones"] for row in rows) * 1.05
    spots = [(60 + 520 * row["zones"] / most_n, 330 - 290 * row["cpu_s"] / most_s, row) for row in rows]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in spots)
    marks = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#1f5fa8"/>'
        f'<text x="{x:.1f}" y="{y - 10:.1f}" text-anchor="middle">{row["cpu_s"]:.1f} s</text>'
        f'<text x="{x:.1f}" y="350" text-anchor="middle">{row["zones"]}</text>'
        for x, y, row in spots
    )
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="620" height="390" font-family="sans-serif" font-size="13">'
        '<rect width="620" height="390" fill="#fff"/><path d="M60 30V330H590" fill="none" stroke="#888"/>'
        f'<polyline points="{line}" fill="none" stroke="#1f5fa8" stroke-width="2"/>{marks}'
        '<text x="325" y="375" text-anchor="middle">zones</text>'
        '<text x="60" y="20">processor seconds to within 1 % of the long run</text></svg>\n',
        "utf-8",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--zones", type=int, nargs="+", default=[10, 20, 30, 40])
    parser.add_argument("--starts", type=int, default=32)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fill", type=float, default=0.9)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--json", action="store_true", help="one line of JSON a size, nothing else")
    options = parser.parse_args()
    run(WARM, 4, 1)
    rows = []
    for n in options.zones:
        rows.append(measure(n, options))
        print(json.dumps(rows[-1], indent=None if options.json else 1), flush=True)
    if options.plot:
        plot(rows, options.plot)


if __name__ == "__main__":
    main()
