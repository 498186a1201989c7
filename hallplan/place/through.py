"""Ways to a place through the zones that lie before it: which of them to take out."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from hallplan.place.anchors import Way, seeds_of
from hallplan.place.kernels import Floats
from hallplan.place.leads import leads_of
from hallplan.place.state import State, staff_goal
from hallplan.place.walking import nearest_inside
from hallplan.place.ways import Anchor, Tree, grow_tree

TOLL = 20.0
"""What a metre through a zone counts as, times how hard that zone is to place."""


@dataclass(eq=False)
class Through:
    """Ways through the zones of a state, cheapest through those easy to place. hard: by zone how hard it is to place."""

    base: State
    hard: Floats
    trees: dict[tuple[int, float, bool], tuple[Tree, Floats]] = field(default_factory=dict)

    def public(self, state: State, z: int) -> list[int]:
        """Returns the zones on the easiest way that visitors could have to zone z of a state, none when there is none."""
        spec, floor = state.task.specs[z], state.floor[z]
        way = state.task.grids[floor].ways[spec.way_m]
        tree, dist = self._tree(floor, spec.way_m, is_staff=False)
        _, i, j = way.touch(dist, state.rects[z], state.front[z] if spec.has_front else -1)
        return self._on(state, way, tree, (i, j), z, is_staff=False) if i >= 0 else []

    def staff(self, state: State, z: int) -> list[int]:
        """Returns the zones on the easiest way that staff could have to zone z of a state, none when there is none."""
        floor = state.floor[z]
        ways = state.task.grids[floor].ways
        tree, dist = self._tree(floor, min(ways), is_staff=True)
        at = nearest_inside(dist, ways[min(ways)], staff_goal(state, state.task.specs[z]))
        return self._on(state, ways[min(ways)], tree, at, z, is_staff=True) if at is not None else []

    def _tree(self, floor: int, width: float, *, is_staff: bool) -> tuple[Tree, Floats]:
        key = (floor, width, is_staff)
        if key not in self.trees:
            tree = self._grown(floor, width, is_staff=is_staff)
            self.trees[key] = tree, tree.dist.min(axis=2)
        return self.trees[key]

    def _grown(self, floor: int, width: float, *, is_staff: bool) -> Tree:
        grid = self.base.task.grids[floor]
        way, owner = grid.ways[width], self.base.occupied[floor]
        price, is_hard = self._prices(is_staff=is_staff)
        valid = way.anchors(grid.walk & ~is_hard[owner])
        toll = 1.0 + TOLL * _mean(way, price[owner])
        seeds = seeds_of(way, valid, grid.staff_seeds) if is_staff else leads_of(grid, way, valid)
        if not len(seeds):
            seeds = seeds_of(way, valid, grid.public_seeds)
        return grow_tree(way, valid, [(int(i), int(j)) for i, j in seeds], toll)

    def _prices(self, *, is_staff: bool) -> tuple[Floats, np.ndarray]:
        """By what lies on a cell: how dear a way through it is, and whether none may go through it."""
        specs = self.base.task.specs
        price, is_hard = np.zeros(len(specs) + 1), np.zeros(len(specs) + 1, np.bool_)
        for spec in specs:
            is_hard[spec.index + 1] = spec.zone.fixed_area is not None or (spec.opens and not spec.is_passable)
            if not spec.is_passable and not (is_staff and spec.is_staff):
                price[spec.index + 1] = self.hard[spec.index]
        return price, is_hard

    def _on(self, state: State, way: Way, tree: Tree, goal: Anchor, z: int, *, is_staff: bool) -> list[int]:
        """The zones that a way to an anchor goes through, those left out that people may walk through."""
        owner, specs = state.occupied[state.floor[z]], state.task.specs
        found: set[int] = set()
        for anchor in tree.anchors_to(goal):
            found.update(np.unique(owner[way.cells(anchor)]).tolist())
        zones = {int(one) - 1 for one in found} - {-1, z}
        return sorted(one for one in zones if not specs[one].is_passable and not (is_staff and specs[one].is_staff))


def _mean(way: Way, values: Floats) -> Floats:
    """The mean of some values by cell over each anchor's window."""
    nx, ny = values.shape
    table = np.zeros((nx + 1, ny + 1))
    table[1:, 1:] = values.cumsum(0).cumsum(1)
    i, j = np.arange(nx)[:, None], np.arange(ny)[None, :]
    a, b = np.maximum(way.reach_x, 0)[:, None], np.maximum(way.reach_y, 0)[None, :]
    cells = np.maximum((a - i) * (b - j), 1)
    return np.asarray(np.maximum(table[a, b] - table[i, b] - table[a, j] + table[i, j], 0.0) / cells)
