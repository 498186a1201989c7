"""Public entrances that ways join on the empty floor, and stay joined in a layout: the first of each group, and the others."""

from __future__ import annotations

import math

from hallplan.place.anchors import SEED_M, Way, seeds_of
from hallplan.place.grid import Grid
from hallplan.place.kernels import Bools, Floats, Ints


def leads_of(grid: Grid, way: Way, valid: Bools) -> Ints:
    """Returns the valid anchors at the entrances that others are joined to."""
    leads = grid.leads[way.width_m]
    return seeds_of(way, valid, [point for n, point in enumerate(grid.public_seeds) if leads[n] == n])


def followers(grid: Grid, way: Way, valid: Bools) -> list[tuple[int, int] | None]:
    """Returns the valid anchors at the other entrances, which must be joined to these; None where nothing begins any more."""
    leads = grid.leads[way.width_m]
    return [way.nearest(valid, point, SEED_M) for n, point in enumerate(grid.public_seeds) if 0 <= leads[n] < n]


def are_joined(grid: Grid, way: Way, valid: Bools, dist: Floats) -> bool:
    """Returns whether all entrances that the empty floor joins are come to."""
    return all(at is not None and math.isfinite(dist[at]) for at in followers(grid, way, valid))
