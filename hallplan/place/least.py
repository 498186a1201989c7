"""A lower bound on the score of any layout: zones as boxes that may overlap, pulled by what is fixed, and counters that crowd a door."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from hallplan.lp import INFINITY, WarmLP
from hallplan.place.crowding import LINES_M, Crowd, crowd, door_place, least_front_m
from hallplan.place.search import empty_state
from hallplan.place.spec import Spec
from hallplan.place.state import State
from hallplan.place.task import FLOOR_CHANGE_M, Task
from hallplan.place.worth import OTHER_FLOOR_M

WINDOW_M = 0.9
"""The middle of a way's window that touches a zone lies no further from it: half a way, and what lines of the grid add."""
AREA_SLACK, AREA_SLACK_M2, ASPECT_SLACK = 1.1, 2.0, 1.1
"""A zone may be so much larger, and longer for its width, than it is asked to be: columns in it are no area, and lines round it up."""
FIXED_M = 0.3
"""What lines of the grid add to a zone that is fixed, on each side."""
TURNS = 6
"""Straight ways are measured in so many directions of a quarter turn, and one more."""

Box = tuple[int, int, int, int]
"""Columns of x0, y0, x1, y1."""


def least_score(task: Task) -> float:
    """Returns a lower bound on the score of any layout.

    A linear programme places each zone as a box no larger than it may be; boxes may overlap. A walk is at least the straight gap
    between two boxes, less what the windows of ways at its ends spare; to a counter front at least a share of its length; a change of floor
    counts as it does in the score. The counters that people walk to from one door keep one another away from it (`crowd`). Wishes
    to be near cost the gaps between boxes. Zones that ask for more than all floor lack area. All other parts of the score may be nil.
    """
    model = _Model(task, empty_state(task, 0))
    for (a, b), people in sorted(task.flows.items()):
        model.walk(a, b, task.weights.walking * people)
    for door in sorted({a for a, _ in task.flows if a < 0}):
        model.crowd(door, crowd(task, door))
    for (a, b), weight in sorted(task.wishes.items()):
        model.near(a, b, task.weights.adjacency * weight)
    return model.least() + task.weights.area * _lacking_m2(task)


def _lacking_m2(task: Task) -> float:
    """What zones ask for beyond all the floor there is, m²."""
    asked = sum(spec.zone.target_m2 for spec in task.specs if spec.zone.fixed_area is None)
    return max(0.0, asked - sum(float(grid.floor.usable.area) for grid in task.grids))


@dataclass(eq=False)
class _Model:
    """The programme as it grows. fixed: the state with only what the drawing or a lock places."""

    task: Task
    fixed: State
    costs: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    rows: list[tuple[list[int], list[float], float]] = field(default_factory=list)
    boxes: dict[int, Box] = field(default_factory=dict)
    walked: dict[tuple[int, int], int] = field(default_factory=dict)
    always: float = 0.0

    def column(self, cost: float, low: float = 0.0, high: float = INFINITY) -> int:
        self.costs.append(cost)
        self.lower.append(low)
        self.upper.append(high)
        return len(self.costs) - 1

    def at_least(self, low: float, *terms: tuple[int, float]) -> None:
        self.rows.append(([column for column, _ in terms], [factor for _, factor in terms], low))

    def walk(self, a: int, b: int, price: float) -> None:
        """Adds the walk between two stops, zones or doors (negative), at a price a metre."""
        fronts = [self.task.specs[stop] for stop in (a, b) if stop >= 0]
        is_placed = all(spec.has_front or spec.is_passable for spec in fronts)
        share = max([0.0, *(least_front_m(spec) for spec in fronts)]) if is_placed else 0.0
        self.walked[a, b] = way = self.column(price, max(share, FLOOR_CHANGE_M * self._levels(a, b)))
        if self._is_one_floor(a, b):
            across, up = self._gaps(a, b)
            spare = self._spare(a) + self._spare(b)
            for turn in range(TURNS + 1):
                angle = math.pi / 2 * turn / TURNS
                self.at_least(-spare, (way, 1.0), (across, -math.cos(angle)), (up, -math.sin(angle)))

    def near(self, a: int, b: int, price: float) -> None:
        """Adds the gap between two zones at a price a metre."""
        if price <= 0:
            return
        if self._levels(a, b):
            self.always += price * OTHER_FLOOR_M
        elif self._is_one_floor(a, b):
            for gap in self._gaps(a, b):
                self.costs[gap] += price

    def crowd(self, door: int, found: Crowd) -> None:
        """Adds that the walks from a door to some zones are so long together."""
        terms = [(self.walked[door, z], people) for z, people in found.people.items() if (door, z) in self.walked]
        if found.metres > 0.0 and len(terms) == len(found.people):
            self.at_least(found.metres, *terms)

    def least(self) -> float:
        """Returns the least cost of it all; what is certain without the programme where that finds no end."""
        programme = WarmLP(self.costs, self.lower, self.upper)
        starts = [0, *itertools.accumulate(len(columns) for columns, _, _ in self.rows)][:-1]
        columns = list(itertools.chain.from_iterable(columns for columns, _, _ in self.rows))
        factors = list(itertools.chain.from_iterable(factors for _, factors, _ in self.rows))
        lows = [low for *_, low in self.rows]
        if lows:
            programme.add_rows(starts, columns, factors, lows, [INFINITY] * len(lows))
        return self.always + (max(0.0, programme.objective) if programme.solve() == "optimal" else 0.0)

    def _floors(self, stop: int) -> tuple[int, ...]:
        if stop < 0:
            return (self.task.doors[-1 - stop][0],)
        return (self.fixed.floor[stop],) if self.fixed.is_placed(stop) else self.task.specs[stop].floors

    def _is_one_floor(self, a: int, b: int) -> bool:
        return len({*self._floors(a), *self._floors(b)}) == 1

    def _levels(self, a: int, b: int) -> int:
        """The least change of levels between two stops, 0 where they may lie on one floor."""
        if {*self._floors(a)} & {*self._floors(b)}:
            return 0
        at = [[self.task.grids[floor].floor.level for floor in self._floors(stop)] for stop in (a, b)]
        return min(abs(one - other) or 1 for one in at[0] for other in at[1])

    def _gaps(self, a: int, b: int) -> tuple[int, int]:
        """Columns of the gaps between two boxes along both axes."""
        one, other = self._box(a), self._box(b)
        gaps = self.column(0.0), self.column(0.0)
        for axis, gap in enumerate(gaps):
            self.at_least(0.0, (gap, 1.0), (other[axis], -1.0), (one[axis + 2], 1.0))
            self.at_least(0.0, (gap, 1.0), (one[axis], -1.0), (other[axis + 2], 1.0))
        return gaps

    def _box(self, stop: int) -> Box:
        if stop not in self.boxes:
            self.boxes[stop] = self._made(stop)
        return self.boxes[stop]

    def _made(self, stop: int) -> Box:
        bounds = self._bounds(stop)
        if bounds is not None:
            x0, y0, x1, y1 = (self.column(0.0, value, value) for value in bounds)
            return x0, y0, x1, y1
        low_x, low_y, high_x, high_y = self.task.grids[self._floors(stop)[0]].floor.usable.bounds
        x0, y0, x1, y1 = (
            self.column(0.0, *ends) for ends in ((low_x, high_x), (low_y, high_y), (low_x, high_x), (low_y, high_y))
        )
        short, long = _sides(self.task.specs[stop])
        # a box of sides from `short` to `long` and no more than short × long has no greater sum of sides than these two
        for low, high in ((x0, x1), (y0, y1)):
            self.at_least(0.0, (high, 1.0), (low, -1.0))
            self.at_least(-long, (high, -1.0), (low, 1.0))
        self.at_least(-short - long, (x1, -1.0), (x0, 1.0), (y1, -1.0), (y0, 1.0))
        return x0, y0, x1, y1

    def _bounds(self, stop: int) -> Sequence[float] | None:
        """Where a door or a fixed zone lies; None for a zone that may move."""
        if stop < 0:
            _, x, y = door_place(self.task, stop)
            return x, y, x, y
        area = self.task.specs[stop].zone.fixed_area
        if area is None or not self.fixed.is_placed(stop):
            return None
        found = np.array([area.bounds, self.task.grids[self.fixed.floor[stop]].rect(self.fixed.rects[stop])])
        return [*(found[:, :2].min(axis=0) - FIXED_M), *(found[:, 2:].max(axis=0) + FIXED_M)]

    def _spare(self, stop: int) -> float:
        """How much nearer to a stop a walk may end than at its edge, m."""
        if stop < 0:
            return LINES_M / 2
        spec = self.task.specs[stop]
        if spec.has_front:
            return WINDOW_M + spec.way_m / 2
        doors = [float(row[4]) for grid in self.task.grids for row in grid.ways[min(grid.ways)].portals]
        return WINDOW_M + max(doors, default=0.0)


def _sides(spec: Spec) -> tuple[float, float]:
    """The shortest and the longest side of the longest box that a zone may be."""
    zone = spec.zone
    most = AREA_SLACK * max([zone.max_m2, *(form.front_m * form.depth_m for form in zone.forms)]) + AREA_SLACK_M2
    aspect = ASPECT_SLACK * max(1.0, spec.max_aspect)
    return math.sqrt(most / aspect), math.sqrt(most * aspect)
