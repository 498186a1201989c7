"""200 shortest ways with clearance on 6,000 m²: ours, against extremitypathfinder when it is installed; JSON on stdout.

The peer gets the same offset free space; its lengths must be ours.
"""

from __future__ import annotations

import importlib.util
import json
import time

import numpy as np
import shapely

from hallplan.geometry import Walkable

WIDTH_M, DEPTH_M, BLOCKS, WAYS, CLEARANCE_M = 100.0, 60.0, 60, 200, 0.6


def hall() -> shapely.Geometry:
    """Returns a hall of 6,000 m² with 60 blocks."""
    rng = np.random.default_rng(4)
    corners, sizes = rng.uniform((2, 2), (WIDTH_M - 6, DEPTH_M - 6), (BLOCKS, 2)), rng.uniform(0.6, 5, (BLOCKS, 2))
    blocks = [shapely.box(x, y, x + w, y + h) for (x, y), (w, h) in zip(corners, sizes, strict=True)]
    return shapely.box(0, 0, WIDTH_M, DEPTH_M).difference(shapely.union_all(blocks))


def pairs(walk: Walkable) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Returns starts and ends on the largest connected part."""
    spots = np.random.default_rng(5).uniform((1, 1), (WIDTH_M - 1, DEPTH_M - 1), (WAYS * 2, 2))
    snapped = [walk.snap((float(x), float(y)), 0) for x, y in spots]
    return list(zip(snapped[::2], snapped[1::2], strict=True))


def peer_lengths(
    walk: Walkable, ways: list[tuple[tuple[float, float], tuple[float, float]]]
) -> tuple[float, list[float]]:
    """Returns seconds (preparing included) and lengths by extremitypathfinder on the same offset ground."""
    from extremitypathfinder import PolygonEnvironment

    start = time.perf_counter()
    # a hair wider, so that starts and ends on an edge lie inside for the peer as well
    ground = shapely.orient_polygons(walk.parts[0].buffer(1e-7, join_style="mitre"))
    holes = [np.array(ring.coords)[:-1] for ring in ground.interiors]
    environment = PolygonEnvironment()
    environment.store(np.array(ground.exterior.coords)[:-1], holes, validate=False)
    lengths = [environment.find_shortest_path(a, b)[1] for a, b in ways]
    return time.perf_counter() - start, lengths


def main() -> None:
    free = hall()
    ways = pairs(Walkable(free, CLEARANCE_M))
    Walkable(free, CLEARANCE_M).path(*ways[0])
    start = time.perf_counter()
    walk = Walkable(free, CLEARANCE_M)
    built = time.perf_counter() - start
    ours = [walk.path(a, b).length for a, b in ways]
    seconds = time.perf_counter() - start
    report: dict[str, object] = {
        "figure": "200 shortest ways with 0.6 m clearance, 6,000 m²",
        "seconds": round(seconds, 4),
        "build_s": round(built, 4),
        "ms_per_way": round((seconds - built) / WAYS * 1000, 3),
        "mean_m": round(float(np.mean(ours)), 3),
    }
    if importlib.util.find_spec("extremitypathfinder"):
        peer_s, theirs = peer_lengths(walk, ways)
        report["peer_s"] = round(peer_s, 3)
        report["times_peer"] = round(peer_s / seconds, 1)
        report["largest_difference"] = float(np.max(np.abs(np.array(ours) / np.array(theirs) - 1)))
    else:
        report["peer"] = "extremitypathfinder is not installed"
    print(json.dumps(report, ensure_ascii=False))


if __name__ == "__main__":
    main()
