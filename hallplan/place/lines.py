"""Where the lines of a grid lie: along walls and columns first, then in even steps."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from shapely.geometry import Polygon

from hallplan.model.site import Floor, ObstacleKind, is_large
from hallplan.place.kernels import Floats

EDGE_M = OWN_M = 1e-3
OWN = 1e6
"""Weight of the lines that a grid is asked to have, and how near to each other they may be."""
FAR_M = 6.0
"""Step of the lines of a very large floor away from its entrances."""


def is_absorbed(column: Polygon) -> bool:
    """Whether a column is small enough to stand within a zone."""
    return not is_large(column)


def column_bounds(floor: Floor, gap_m: float) -> Floats:
    """Returns the bounds of a floor's columns with a gap all round, (n, 4) x0, y0, x1, y1 in m."""
    columns = np.array([shape.area for shape in floor.of_kind(ObstacleKind.COLUMN)], dtype=object)
    return np.asarray(shapely.bounds(columns).reshape(-1, 4) + np.array([-gap_m, -gap_m, gap_m, gap_m]))


def grid_lines(
    floor: Floor,
    module: float,
    axis: int,
    extra: Sequence[tuple[float, float, float, float]],
    near: Sequence[tuple[float, float]] = (),
    *,
    keeps_walls: bool = False,
) -> Floats:
    """Returns grid lines along one axis: walls first, then columns, then even steps of about a module between them.

    near: stretches of the axis outside of which steps are FAR_M; none where all of it is to have fine lines.
    keeps_walls: lines along walls are those that there would be without `extra`; else an extra line takes the place of one beside it.
    """
    bounds = floor.usable.bounds
    low, high = bounds[axis], bounds[axis + 2]
    weights: dict[float, float] = {}
    for r in extra:
        for value in (r[axis], r[axis + 2]):
            # a side on the floor's own edge is that edge, whatever it was rounded to
            edge = next((end for end in (low, high) if abs(value - end) < EDGE_M), round(value, 4))
            weights[edge] = OWN
    for value, length in _wall_lines(floor, axis):
        weights[value] = weights.get(value, 0.0) + length
    for column in floor.of_kind(ObstacleKind.COLUMN):
        weight = 0.2 if is_absorbed(column.area) else 2.0
        for value in (column.area.bounds[axis], column.area.bounds[axis + 2]):
            key = round(value, 3)
            if low < value < high:
                weights[key] = weights.get(key, 0.0) + weight
    for value in (end for stretch in near for end in stretch):
        if low < value < high:
            weights[round(value, 3)] = weights.get(round(value, 3), 0.0) + 1.0
    return _spaced(low, high, weights, module, near, OWN_M if keeps_walls else None)


def lattice(floor: Floor, step: float) -> tuple[float, float]:
    """Returns where the multiples of a step begin along both axes, m, so that most metres of wall lie on them: drawings begin anywhere."""
    x, y = (_most_common(_wall_lines(floor, axis), step) for axis in (0, 1))
    return x, y


def _most_common(lines: Iterator[tuple[float, float]], step: float) -> float:
    lengths: dict[float, float] = {}
    for value, length in lines:
        rest = round(value % step, 3) % step
        lengths[rest] = lengths.get(rest, 0.0) + length
    return max(lengths, key=lambda rest: (round(lengths[rest], 3), -rest), default=0.0)


def _wall_lines(floor: Floor, axis: int) -> Iterator[tuple[float, float]]:
    """Places of walls across an axis with their lengths; a wall a little askew counts with both its ends."""
    for part in floor.usable.geoms:
        for ring in (part.exterior, *part.interiors):
            points = np.asarray(ring.coords)
            for a, b in itertools.pairwise(points):
                length = abs(a[1 - axis] - b[1 - axis])
                askew = abs(a[axis] - b[axis])
                if length >= 0.3 and askew <= max(0.004, length / 60):
                    yield round(float(a[axis]), 3), length / 2
                    yield round(float(b[axis]), 3), length / 2


def _spaced(
    low: float,
    high: float,
    weights: dict[float, float],
    module: float,
    near: Sequence[tuple[float, float]],
    beside_own: float | None,
) -> Floats:
    least = min(0.2, module / 2)
    own: list[float] = []
    lines: list[float] = []
    ranked = sorted(weights, key=lambda v: (-weights[v], v))
    for value in (*ranked, low, high):
        is_own = weights.get(value, 0.0) >= OWN
        from_own, from_others = (OWN_M, OWN_M) if is_own else (least if beside_own is None else beside_own, least)
        if (
            low <= value <= high
            and all(abs(value - line) >= from_own for line in own)
            and all(abs(value - line) >= from_others for line in lines)
        ):
            (own if is_own else lines).append(value)
    lines += own
    lines.sort()

    def step(middle: float) -> float:
        return module if not near or any(start <= middle <= end for start, end in near) else max(module, FAR_M)

    gaps = [(a, b, step((a + b) / 2)) for a, b in itertools.pairwise(lines)]
    steps = [np.linspace(a, b, max(1, int((b - a) / each + 1e-6)) + 1)[:-1] for a, b, each in gaps]
    return np.append(np.concatenate(steps), lines[-1])
