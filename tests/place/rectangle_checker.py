"""An independent look at layouts of the plain rectangle problem, in shapely; shares no code with the engine."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from shapely.geometry import Polygon, box
from shapely.strtree import STRtree

LENGTH_TOL = 1e-6
AREA_TOL = 1e-6


def faults_of(instance: Mapping[str, Any], rectangles: Sequence[Sequence[float]]) -> list[str]:
    """Returns what is wrong with rectangles x, y, w, h for an instance as its file states it; NaN rows are left out."""
    wide, deep = instance["floor"]
    floor = box(-LENGTH_TOL, -LENGTH_TOL, wide + LENGTH_TOL, deep + LENGTH_TOL)
    shapes: dict[int, Polygon] = {}
    faults = [] if len(rectangles) == len(instance["areas"]) else ["number of rectangles"]
    for n, (x, y, w, h) in enumerate(rectangles):
        if math.isnan(x):
            continue
        shapes[n] = box(x, y, x + w, y + h)
        area, (low, high) = instance["areas"][n], instance["width_bounds"][n]
        if abs(shapes[n].area - area) > AREA_TOL * area:
            faults.append(f"{n}: {shapes[n].area} m², not {area}")
        if not low * (1 - LENGTH_TOL) <= w <= high * (1 + LENGTH_TOL):
            faults.append(f"{n}: {w} m wide, not {low}–{high}")
        if not floor.contains(shapes[n]):
            faults.append(f"{n}: outside the floor")
    return faults + overlaps(shapes)


def overlaps(shapes: Mapping[int, Polygon]) -> list[str]:
    """Returns pairs that overlap by more than a hair along their common border."""
    names, polygons = list(shapes), list(shapes.values())
    found = []
    for a, b in STRtree(polygons).query(polygons, predicate="intersects").T:
        common = polygons[a].intersection(polygons[b])
        if a < b and common.area > LENGTH_TOL * (1 + common.length):
            found.append(f"{names[a]} and {names[b]} overlap by {common.area} m²")
    return found


def cost_of(instance: Mapping[str, Any], rectangles: Sequence[Sequence[float]]) -> float:
    """Returns the sum of weight × distance of centroids."""
    centres = [box(x, y, x + w, y + h).centroid if not math.isnan(x) else None for x, y, w, h in rectangles]
    total = 0.0
    for i, j, weight in instance["flows"]:
        one, two = centres[i], centres[j]
        dx, dy = abs(one.x - two.x), abs(one.y - two.y)
        total += weight * (math.hypot(dx, dy) if instance["metric"] == "euclidean" else dx + dy)
    return total
