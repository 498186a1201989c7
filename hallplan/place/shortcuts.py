"""Ways shorter than those that each zone is reached by from the doors: from stop to stop, and out; kept while coordinates are made exact."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from hallplan.place.anchors import Way, seeds_of
from hallplan.place.building import corner_walks, flight_cells, points_out
from hallplan.place.kernels import Bools, Floats, Ints
from hallplan.place.state import State, room_door_ends, touch
from hallplan.place.ways import Anchor, Ways, add_runs, grow_tree, side_of, split

OFF_FACTOR = 1.5
"""A metre off the ways that are kept anyway counts as so many: what is hardly shorter is not kept besides."""
LONG_SHARE = 0.75
"""Walks out above this share of their limit are kept as they are."""
End = tuple[Anchor, int, int]
"""An anchor at a zone, and the side of it on which it lies."""


def keep_shortcuts(ways: Ways, state: State, *, is_out_kept: bool = True) -> None:
    """Adds to the ways of a state those that visitors take from one stop to the next where these are shorter, and the longest ways out.

    is_out_kept: without it only the former.
    Ways as they are traced lead from the doors to each front and no further: what joins two of their branches could be closed.
    """
    for floor, grid in enumerate(state.task.grids):
        way, cells = grid.ways[min(grid.ways)], state.public_cells(floor)
        kept = np.zeros_like(cells)
        for run in ways.runs:
            if run.floor == floor and not run.is_staff:
                i0, j0, i1, j1 = run.rect
                kept[i0:i1, j0:j1] = True
        shortcuts = _Shortcuts(ways, state, floor, way, cells, kept)
        shortcuts.keep_walks()
        if is_out_kept:
            shortcuts.keep_escapes()


@dataclass(eq=False)
class _Shortcuts:
    """Ways on a floor that more is added to; cells: where visitors walk; kept: the cells of the public ways so far."""

    ways: Ways
    state: State
    floor: int
    way: Way
    cells: Bools
    kept: Bools

    def keep_walks(self) -> None:
        valid = self.way.anchors(self.cells)
        for a, others in self._flows():
            seeds, hosts = self._begin(valid, a), self._hosts(valid)
            if not len(seeds):
                continue
            tree = grow_tree(self.way, valid, map(tuple, seeds.tolist()), np.where(hosts, 1.0, OFF_FACTOR))
            for b in others:
                goal = self._goal(tree.dist.min(axis=2), b)
                if goal is not None:
                    path = tree.anchors_to(goal)
                    self._keep(path, valid & ~self._hosts(valid), {path[0]: b, path[-1]: a})

    def keep_escapes(self) -> None:
        """Keeps the ways out that are near their limit: over free floor and, those of staff, from there into the zones that they go through."""
        limit = LONG_SHARE * self.state.task.weights.escape_m
        long = sorted((-m, z) for z, m in corner_walks(self.state, self.floor).items() if m > limit)
        for is_staff in (False, True):
            zones = [z for _, z in long if self.state.task.specs[z].is_staff == is_staff]
            if zones:
                self._keep_escapes(zones, is_staff=is_staff)

    def _keep_escapes(self, zones: Sequence[int], *, is_staff: bool) -> None:
        """Keeps the ways out from some zones of visitors, or of staff."""
        state, grid = self.state, self.state.task.grids[self.floor]
        valid = self.way.anchors(flight_cells(state, self.floor, is_staff=is_staff))
        seeds = seeds_of(self.way, valid, points_out(grid, is_staff=is_staff))
        if not len(seeds):
            return
        tree = grow_tree(self.way, valid, map(tuple, seeds.tolist()), np.ones(valid.shape))
        free = self.way.anchors(grid.walk & (state.occupied[self.floor] == 0))
        paths: list[list[Anchor]] = []
        ends, outer = list[End](), list[End]()
        passes: set[tuple[int, int]] = set()
        for z in zones:
            _, i, j = self.way.touch(tree.dist.min(axis=2), state.rects[z], -1)
            if i < 0:
                continue
            split(state, self.floor, self.way, free, tree.anchors_to((i, j)), -1, (paths, ends, passes))
            if free[i, j]:
                outer.append(((i, j), z, side_of(self.way, (i, j), state.rects[z])))
        pins = {(int(i), int(j)) for i, j in seeds}
        add_runs(self.ways, self.floor, self.way, paths, pins, sorted(set(ends)), is_staff=True, outer=outer)
        self.ways.passes += sorted(passes - set(self.ways.passes))

    def _flows(self) -> list[tuple[int, list[int]]]:
        """Stops on the floor with those that people go on to from there, the most people first."""
        task, found = self.state.task, dict[int, dict[int, float]]()
        for (a, b), people in task.flows.items():
            if people > 0.0 and self._is_here(a) and self._is_here(b):
                found.setdefault(a, {})[b] = people
        rank = sorted(found, key=lambda a: (-sum(found[a].values()), a))
        return [(a, sorted(found[a], key=lambda b: (-found[a][b], b))) for a in rank]

    def _is_here(self, stop: int) -> bool:
        return (self.state.task.doors[-1 - stop][0] if stop < 0 else self.state.floor[stop]) == self.floor

    def _hosts(self, valid: Bools) -> Bools:
        """Anchors whose window lies on ways that are kept."""
        return valid & self.way.anchors(self.kept)

    def _begin(self, valid: Bools, stop: int) -> Ints:
        """Where walks from a stop begin, (n, 2), as in the score."""
        state = self.state
        if stop < 0:
            return seeds_of(self.way, valid, [state.task.doors[-1 - stop][1:]])
        spec, rect = state.task.specs[stop], state.rects[stop]
        if spec.is_passable or spec.has_front:
            return seeds_of(self.way, valid, [state.access_point(stop)])
        found = self.way.touching(valid, rect)
        rooms = [end for end in room_door_ends(state, stop) if valid[end]]
        return found if len(found) else np.array(rooms, np.int32).reshape(-1, 2)

    def _goal(self, dist: Floats, stop: int) -> Anchor | None:
        """The anchor at which a walk ends at a stop; None when there is none."""
        state = self.state
        if stop < 0 or state.task.specs[stop].is_passable:
            point = state.task.doors[-1 - stop][1:] if stop < 0 else state.access_point(stop)
            return self.way.nearest(np.isfinite(dist), point)
        spec = state.task.specs[stop]
        _, i, j = touch(self.way, dist, spec, state.rects[stop], state.front[stop] if spec.has_front else -1)
        return (i, j) if i >= 0 else None

    def _keep(self, path: Sequence[Anchor], is_new: Bools, stops: dict[Anchor, int]) -> None:
        """Adds the stretches of a path that are new, each with the anchors beside it that lie on kept ways; stops: at its ends."""
        hosts = self.way.anchors(self.kept)
        for new, group in itertools.groupby(range(len(path)), key=lambda n: bool(is_new[path[n]])):
            own = list(group)
            if not new:
                continue
            before, after = path[max(0, own[0] - 1) : own[0]], path[own[-1] + 1 : own[-1] + 2]
            link = [*(at for at in before if hosts[at]), *(path[n] for n in own), *(at for at in after if hosts[at])]
            ends = [
                end for at in dict.fromkeys((link[0], link[-1])) if at in stops for end in self._touched(at, stops[at])
            ]
            add_runs(self.ways, self.floor, self.way, [link], set(), ends, is_staff=False, is_link=True)
            for at in link:
                self.kept[self.way.cells(at)] = True

    def _touched(self, at: Anchor, stop: int) -> Iterator[End]:
        """How a way ends at a stop, if it is a zone that it leads along."""
        if stop < 0 or self.state.task.specs[stop].is_passable:
            return
        (i, j), (i0, j0, i1, j1) = at, self.state.rects[stop]
        end_i, end_j = int(self.way.reach_x[i]), int(self.way.reach_y[j])
        is_beside, is_over = i == i1 or end_i == i0, j == j1 or end_j == j0
        if (is_beside and j < j1 and end_j > j0) or (is_over and i < i1 and end_i > i0):
            yield at, stop, side_of(self.way, at, self.state.rects[stop])
