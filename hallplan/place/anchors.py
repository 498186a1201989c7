"""Ways of one width on a grid: where they can lie, how far it is along them, and what they touch."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from hallplan.place import floods
from hallplan.place import kernels as k
from hallplan.place.kernels import Bools, Floats, Ints

ROUNDED_M = 2e-4
"""A way is as wide as it should be where this much is missing: its two sides are lines that were rounded to 0.1 mm each."""
LINE_TOL_M = 1e-6
SQUARE_STEP_M = 0.05
SEED_M = 3.0
"""Walks begin at the window nearest to a door, so near at most."""


@dataclass(frozen=True, eq=False)
class Way:
    """Ways of one width on a grid: its lines, where each window ends, its centre, and the doors too narrow for it."""

    width_m: float
    xs: Floats
    ys: Floats
    reach_x: Ints
    reach_y: Ints
    at_x: Floats
    at_y: Floats
    portals: Ints

    def anchors(self, walkable: Bools) -> Bools:
        """Returns the anchors whose window is walkable."""
        return k.windows(walkable, self.reach_x, self.reach_y)

    def flood(self, valid: Bools, seeds: Ints, toll: Floats) -> Floats:
        """Returns the walking distance from the seeds to each anchor."""
        return floods.flood(valid, self.at_x, self.at_y, toll, seeds, self.portals)

    def join(self, valid: Bools, seeds: Ints) -> Floats:
        """Returns 0 for each anchor that can be walked to from the seeds, else infinity."""
        return floods.join(valid, seeds, self.portals)

    def nearest(self, valid: Bools, point: tuple[float, float], most_m: float = math.inf) -> tuple[int, int] | None:
        """Returns the valid anchor whose window's centre is nearest to a point, if one is near enough."""
        at = k.nearest(valid, self.at_x, self.at_y, float(point[0]), float(point[1]), float(most_m))
        return at if at[0] >= 0 else None

    def touch(
        self, dist: Floats, rect: tuple[int, int, int, int], side: int, least_m: float | None = None
    ) -> tuple[float, int, int]:
        """Returns the least distance of a way along a side of a rectangle (-1: any), and its anchor, -1 for none.

        It lies along it over a least length, half its width by default.
        """
        least = (self.width_m / 2 if least_m is None else least_m) - LINE_TOL_M
        return k.touch(dist, self.xs, self.ys, self.reach_x, self.reach_y, rect, side, least)

    def touching(self, valid: Bools, rect: tuple[int, int, int, int]) -> Ints:
        """Returns all valid anchors that lie along a side of a rectangle over half their width."""
        least = self.width_m / 2 - LINE_TOL_M
        return k.touching(valid, self.xs, self.ys, self.reach_x, self.reach_y, rect, least)

    def seen(self, dist: Floats, rects: Ints, sides: Ints) -> Bools:
        """Returns for each of some rectangles, (n, 4), whether a reached way lies along its side, as in `touch`."""
        least = self.width_m / 2 - LINE_TOL_M
        return k.seen(dist, self.xs, self.ys, self.reach_x, self.reach_y, rects, sides, least)

    def cells(self, anchor: tuple[int, int]) -> tuple[slice, slice]:
        """Returns the cells of an anchor's window."""
        i, j = anchor
        return slice(i, int(self.reach_x[i])), slice(j, int(self.reach_y[j]))


def make_way(width: float, xs: Floats, ys: Floats, portals: Ints | None = None) -> Way:
    reach_x, at_x = _windows(xs, width)
    reach_y, at_y = _windows(ys, width)
    return Way(width, xs, ys, reach_x, reach_y, at_x, at_y, np.zeros((0, 5), np.int32) if portals is None else portals)


def largest_square(xs: Floats, ys: Floats, cells: Bools) -> float:
    """Returns the side in m of the largest square that lies on some cells, to SQUARE_STEP_M."""
    low, high = 0, int(min(xs[-1] - xs[0], ys[-1] - ys[0]) / SQUARE_STEP_M)
    while low < high:
        middle = (low + high + 1) // 2
        fits = make_way(middle * SQUARE_STEP_M, xs, ys).anchors(cells).any()
        low, high = (middle, high) if fits else (low, middle - 1)
    return low * SQUARE_STEP_M


def _windows(lines: Floats, width: float) -> tuple[Ints, Floats]:
    ends = np.searchsorted(lines, lines[:-1] + width - ROUNDED_M)
    reach = np.where(ends < lines.size, ends, -1).astype(np.int32)
    return reach, (lines[:-1] + lines[np.minimum(ends, lines.size - 1)]) / 2


def seeds_of(way: Way, valid: Bools, points: Iterable[tuple[float, float]]) -> Ints:
    """Returns the valid anchors nearest to the points, those within SEED_M."""
    found = [way.nearest(valid, point, SEED_M) for point in points]
    return np.array([at for at in found if at is not None], np.int32).reshape(-1, 2)
