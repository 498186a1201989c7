"""Seconds to furnish the hand-made county hall, and free runs of a strip against trying every place with shapely.

Prints one JSON object. Run from the checkout's root: python -m benchmarks.furnishing
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from shapely import union_all
from shapely.geometry import Polygon, box

from hallplan.furnish import furnish
from hallplan.furnish.ground import Block, Ground
from hallplan.settings import Settings
from tests.builders import make_layout, make_programme, make_site, make_windows

WIDTH_M, DEPTH_M, STRIP_M, STEP_M = 60.0, 12.0, 0.6, 0.05


def columns() -> list[Polygon]:
    """Columns on an 8 × 6 m grid and forty pieces of furniture."""
    pillars = [box(x, y, x + 0.6, y + 0.6) for x in range(4, 60, 8) for y in (3, 9)]
    pieces = [box(1.3 * i, 0.5 + (i * 7 % 10), 1.3 * i + 0.6, 1.1 + (i * 7 % 10)) for i in range(40)]
    return pillars + pieces


def seconds(work: Callable[[], object], repeat: int = 5) -> float:
    """Best processor time of a call."""
    best = float("inf")
    for _ in range(repeat):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def by_runs(ground: Ground) -> float:
    """Free metres of every strip, from the packing helper."""
    view = ground.view(270.0)
    return sum(b - a for k in range(18) for a, b in view.runs(k * STRIP_M, (k + 1) * STRIP_M))


def by_trying(area: Polygon, blocks: list[Polygon]) -> float:
    """The same by moving a slot along each strip and asking shapely each time."""
    taken = union_all(blocks)
    free = 0.0
    for k in range(18):
        for i in range(int(WIDTH_M / STEP_M)):
            slot = box(i * STEP_M, k * STRIP_M + 1e-4, (i + 1) * STEP_M, (k + 1) * STRIP_M - 1e-4)
            free += STEP_M * (area.covers(slot) and not taken.intersects(slot))
    return free


def main() -> None:
    """Prints the figures."""
    hall = make_site(), make_programme(), make_windows(), make_layout(), Settings()
    area, blocks = box(0, 0, WIDTH_M, DEPTH_M), columns()
    runs = seconds(lambda: by_runs(Ground(area, [Block(b) for b in blocks])))
    tries = seconds(lambda: by_trying(area, blocks), repeat=1)
    exact = by_runs(Ground(area, [Block(b) for b in blocks]))
    placed = furnish(*hall)
    figures = {
        "furnish_county_s": round(seconds(lambda: furnish(*hall)), 4),
        "furniture": len(placed.furniture),
        "shortfalls": len(placed.shortfalls),
        "strips_s": round(runs, 6),
        "strips_by_trying_s": round(tries, 4),
        "strips_ratio": round(tries / runs, 1),
        "free_m": round(exact, 2),
        "free_m_by_trying": round(by_trying(area, blocks), 2),
    }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
