"""Walking distances in a finished state, along the ways that are there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hallplan.place import kernels as k
from hallplan.place.anchors import Way, seeds_of
from hallplan.place.kernels import Bools, Floats
from hallplan.place.state import State, apart, room_door_ends

SAMPLES = 5
"""Places along a counter front that visitors go to; with these the mean way along a front is at least 0.24 of it."""
NEAR_M = 8.0
"""Walks end so far from a door, a stair or a place along a front at most."""


@dataclass(eq=False)
class Walks:
    """Walking distances in a finished state, each flood run once."""

    state: State
    valid: list[dict[float, Bools]]
    known: dict[int, tuple[int, Floats]]

    @classmethod
    def of(cls, state: State) -> Walks:
        """Returns the walks of a state."""
        valid = []
        for floor, grid in enumerate(state.task.grids):
            cells = state.public_cells(floor)
            valid.append({width: way.anchors(cells) for width, way in grid.ways.items()})
        return cls(state, valid, {})

    def between(self, a: int, b: int) -> float:
        """Returns the mean way in m from stop a to stop b (zones, or doors as negative numbers)."""
        if self._is_long(a) and not self._is_long(b):
            a, b = b, a
        floor, dist = self._from(a)
        there = self._floor(b)
        way = self._to(b, dist) if there == floor else self._over_floors(a, b)
        return way if math.isfinite(way) else apart(self.state, a, b)

    def _over_floors(self, a: int, b: int) -> float:
        (fa, da), (fb, db) = self._from(a), self._from(b)
        grids = self.state.task.grids
        there = {link.id: link.at for link in grids[fb].floor.visitors_links}
        change_m = self.state.task.change_m(fa, fb)
        ways = [
            self._at_point(fa, da, link.at) + self._at_point(fb, db, there[link.id]) + change_m
            for link in grids[fa].floor.visitors_links
            if link.id in there
        ]
        return min(ways, default=math.inf)

    def streams(self, floor: int) -> Bools:
        """Returns the cells that visitors pass on a floor on their walks between stops; on those to another floor, to the stair or lift nearest to
        where they come from."""
        way, grid = self._way(floor), self.state.task.grids[floor]
        passed = np.zeros((grid.xs.size - 1, grid.ys.size - 1), np.bool_)
        for pair in self.state.task.flows:
            a, b = reversed(pair) if self._is_long(pair[0]) and not self._is_long(pair[1]) else pair
            if self._floor(a) != floor:
                a, b = b, a
            if self._floor(a) != floor or self._floor(b) < 0:
                continue
            dist = self._from(a)[1]
            ends = self._ends(b, dist) if self._floor(b) == floor else self._nearest_link(floor, dist)
            for end in (end for end in ends if end is not None):
                k.trace(dist, way.portals, end, way.reach_x, way.reach_y, passed)
        return passed

    def _nearest_link(self, floor: int, dist: Floats) -> list[tuple[int, int] | None]:
        grids = self.state.task.grids
        elsewhere = {link.id for n, grid in enumerate(grids) if n != floor for link in grid.floor.visitors_links}
        points = [
            link.at
            for link in sorted(grids[floor].floor.visitors_links, key=lambda link: link.id)
            if link.id in elsewhere
        ]
        ends = [self._way(floor).nearest(np.isfinite(dist), point, NEAR_M) for point in points]
        return [min((end for end in ends if end is not None), key=lambda end: float(dist[end]), default=None)]

    def _ends(self, stop: int, dist: Floats) -> list[tuple[int, int] | None]:
        """The anchors at which walks to a stop end, None for one that is not come to."""
        floor = self._floor(stop)
        way = self._way(floor)
        if stop < 0 or self._is_long(stop):
            points = [self.state.task.doors[-1 - stop][1:]] if stop < 0 else self._along_front(stop)
            return [way.nearest(np.isfinite(dist), point, NEAR_M) for point in points]
        spec, rect = self.state.task.specs[stop], self.state.rects[stop]
        if spec.is_passable:
            return [nearest_inside(dist, way, rect)]
        best, i, j = way.touch(dist, rect, self.state.front[stop] if spec.has_front else -1)
        doors = [end for end in room_door_ends(self.state, stop) if dist[end] < best]
        return [min(doors, key=lambda end: float(dist[end])) if doors else (i, j) if i >= 0 else None]

    def _at_point(self, floor: int, dist: Floats, point: tuple[float, float]) -> float:
        way = self._way(floor)
        at = way.nearest(np.isfinite(dist), point, NEAR_M)
        return math.inf if at is None else float(dist[at])

    def _way(self, floor: int) -> Way:
        ways = self.state.task.grids[floor].ways
        return ways[min(ways)]

    def _floor(self, stop: int) -> int:
        return self.state.task.doors[-1 - stop][0] if stop < 0 else self.state.floor[stop]

    def _is_long(self, stop: int) -> bool:
        return stop >= 0 and bool(self.state.task.specs[stop].zone.forms)

    def _from(self, stop: int) -> tuple[int, Floats]:
        if stop not in self.known:
            floor = self._floor(stop)
            way, grid = self._way(floor), self.state.task.grids[floor]
            valid = self.valid[floor][way.width_m]
            self.known[stop] = floor, way.flood(valid, self._seeds(stop, floor, valid), grid.ones)
        return self.known[stop]

    def _seeds(self, stop: int, floor: int, valid: Bools) -> k.Ints:
        way = self._way(floor)
        if stop < 0:
            return seeds_of(way, valid, [self.state.task.doors[-1 - stop][1:]])
        spec, rect = self.state.task.specs[stop], self.state.rects[stop]
        if spec.is_passable or spec.has_front:
            return seeds_of(way, valid, [self.state.access_point(stop)])
        found = way.touching(valid, rect)
        return found if len(found) else np.array(room_door_ends(self.state, stop), np.int32).reshape(-1, 2)

    def _to(self, stop: int, dist: Floats) -> float:
        """The mean way to a stop, infinite where a part of it is not come to."""
        return float(np.mean([math.inf if end is None else dist[end] for end in self._ends(stop, dist)]))

    def _along_front(self, stop: int) -> list[tuple[float, float]]:
        x0, y0, x1, y1 = self.state.task.grids[self.state.floor[stop]].rect(self.state.rects[stop])
        x, y = self.state.access_point(stop)
        shares = [(n + 0.5) / SAMPLES for n in range(SAMPLES)]
        if self.state.front[stop] in (k.NORTH, k.SOUTH):
            return [(x0 + share * (x1 - x0), y) for share in shares]
        return [(x, y0 + share * (y1 - y0)) for share in shares]


def nearest_inside(dist: Floats, way: Way, rect: Sequence[int]) -> tuple[int, int] | None:
    """Returns the anchor of least distance whose window overlaps a rectangle."""
    inside = np.where(overlapping(way, rect), dist, np.inf)
    at = divmod(int(np.argmin(inside)), dist.shape[1])
    return at if np.isfinite(inside[at]) else None


def overlapping(way: Way, rect: Sequence[int]) -> Bools:
    """Which windows overlap a rectangle, (nx, ny)."""
    i0, j0, i1, j1 = rect
    reach_x, reach_y = way.reach_x, way.reach_y
    rows, columns = (np.arange(reach_x.size) < i1) & (reach_x > i0), (np.arange(reach_y.size) < j1) & (reach_y > j0)
    return np.asarray(rows[:, None] & columns[None, :])
