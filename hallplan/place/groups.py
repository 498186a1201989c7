"""Shapes of a counter zone with what goes with it: its office behind it, its waiting area before it."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from hallplan.place import kernels as k
from hallplan.place.kernels import Floats
from hallplan.place.spec import Spec


@lru_cache(maxsize=512)
def grouped_shapes(spec: Spec, office: Spec | None, wait: Spec | None) -> Floats:
    """Shapes of a counter zone with a back office behind it and a waiting area before it, each along a part of it."""
    rows = []
    for shape in spec.shapes:
        along = float(shape[0] if int(shape[2]) in (k.NORTH, k.SOUTH) else shape[1])
        for behind in _strips(office, along):
            for before in _strips(wait, along):
                rows.append((*shape[:4], *behind, *before))
    return np.array(rows).reshape(-1, 10)


def _strips(spec: Spec | None, along: float) -> list[tuple[float, float, float]]:
    """Ways in which a zone lies along a front: alignment, length, depth; one of length 0 for no zone, none when it cannot."""
    if spec is None:
        return [(0.0, 0.0, 0.0)]
    zone = spec.zone
    least = max(zone.min_side_m, math.sqrt(zone.target_m2 / zone.max_aspect))
    strips = []
    for depth in {max(least, zone.target_m2 / along), max(least, 1.3 * zone.target_m2 / along)}:
        length = min(along, zone.target_m2 / depth)
        if length < zone.min_side_m or depth > zone.max_aspect * length or length * depth < zone.min_m2:
            continue
        ends = (-1.0, 0.0, 1.0) if length < along - 1.0 else (1.0,)
        strips += [(end, length, depth) for end in ends]
    return sorted(strips)
