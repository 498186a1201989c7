"""Walking distances in a finished state, along the ways that are there."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hallplan.place import kernels as k
from hallplan.place.anchors import Way, seeds_of
from hallplan.place.kernels import Bools, Floats
from hallplan.place.state import State, apart, room_door_ends

SAMPLES = 5
"""Places along a counter front that visitors go to; with these the mean way along a front is at least 0.24 of it."""


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
        there = {link.id: link.at for link in grids[fb].floor.links}
        change_m = self.state.task.change_m(fa, fb)
        ways = [
            self._at_point(fa, da, link.at) + self._at_point(fb, db, there[link.id]) + change_m
            for link in grids[fa].floor.links
            if link.id in there
        ]
        return min(ways, default=math.inf)

    def _at_point(self, floor: int, dist: Floats, point: tuple[float, float]) -> float:
        way = self._way(floor)
        at = way.nearest(np.isfinite(dist), point, 8.0)
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
        floor = self._floor(stop)
        way = self._way(floor)
        if stop < 0:
            return self._at_point(floor, dist, self.state.task.doors[-1 - stop][1:])
        spec, rect = self.state.task.specs[stop], self.state.rects[stop]
        if spec.is_passable:
            return float(k.within(dist, way.reach_x, way.reach_y, rect))
        if self._is_long(stop):
            return float(np.mean([self._at_point(floor, dist, point) for point in self._along_front(stop)]))
        side = self.state.front[stop] if spec.has_front else -1
        best = float(way.touch(dist, rect, side)[0])
        return min([best, *(float(dist[end]) for end in room_door_ends(self.state, stop))])

    def _along_front(self, stop: int) -> list[tuple[float, float]]:
        x0, y0, x1, y1 = self.state.task.grids[self.state.floor[stop]].rect(self.state.rects[stop])
        x, y = self.state.access_point(stop)
        shares = [(n + 0.5) / SAMPLES for n in range(SAMPLES)]
        if self.state.front[stop] in (k.NORTH, k.SOUTH):
            return [(x0 + share * (x1 - x0), y) for share in shares]
        return [(x, y0 + share * (y1 - y0)) for share in shares]
