"""Counters that people walk to from one door take the floor around it from one another: how far off they are at least, together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely

from hallplan.place.anchors import seeds_of
from hallplan.place.kernels import Floats
from hallplan.place.score import FINE_MODULE_M
from hallplan.place.spec import Spec
from hallplan.place.task import FLOOR_CHANGE_M, UNLINKED_M, Task
from hallplan.place.walking import SAMPLES
from hallplan.place.weights import WEIGHTS

LEAST_SHARE = 0.24
"""The mean way from one place to the places along a counter front is at least this share of the front's length."""
LINES_M = 2 * FINE_MODULE_M
"""What a walk may be shorter by, since it begins and ends at windows of a way that lie on lines: a step of the grid at each end."""
NEAR_M = 8.0
"""A walk over floors may end so far from the stair or lift."""
CELLS, LEAST_CELL_M = 40_000, 0.25
"""Cells in which floor is counted, about, and the least side of one."""
INTO = 12
"""Steps a side in which the mean way from a place at the front to the floor that it has is summed."""
BEFORE_M = WEIGHTS.second_way_m / 2
"""Half the narrowest way before counters: two fronts that face each other share the way."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Zones, by number, that people walk to from a door, people a day to each, and the least metres a day to all of them together."""

    people: Mapping[int, float]
    metres: float


@dataclass(frozen=True, slots=True)
class Ask:
    """What a counter zone takes: people a day from the door; m² of counters and of the way before them; the mean way from places at the
    front to these m²; the least way to it were it alone, m."""

    people: float
    m2: float
    middle_m: float
    least_m: float

    @property
    def alone(self) -> float:
        """Metres a day were it alone."""
        return self.people * self.least_m


@dataclass(frozen=True, eq=False)
class Ground:
    """Floor around a door, nearest first: m² up to each cell, and the sum of m² times metres from the door."""

    m2: Floats
    far: Floats

    @classmethod
    def around(cls, task: Task, door: int) -> Ground:
        """Returns the floor around a door (negative, as in `Task.flows`)."""
        parts = [_cells(task, door, floor) for floor in range(len(task.grids))]
        metres, areas = (np.concatenate(part) for part in zip(*parts, strict=True))
        order = np.argsort(metres, kind="stable")
        m2 = np.concatenate([[0.0], areas[order].cumsum()])
        return cls(m2, np.concatenate([[0.0], (areas * metres)[order].cumsum()]))

    def metres(self, asks: Iterable[Ask]) -> float:
        """Returns the least metres a day to some counters: those with most people for their area have the nearest floor."""
        total = used = 0.0
        for ask in sorted(asks, key=lambda ask: -ask.people / ask.m2):
            low, high = np.interp((used, used + ask.m2), self.m2, self.far)
            total += ask.people * ((high - low) / ask.m2 - ask.middle_m - LINES_M)
            used += ask.m2
        return float(total)


def crowd(task: Task, door: int) -> Crowd:
    """Returns which counter zones around a door (negative, as in `Task.flows`) keep one another away from it, and how far.

    Behind each of SAMPLES places along a front lie an equal share of its length and all of the counters' depth. Whoever walks to a
    place is no nearer than the mean distance of that share of floor less the mean way to it from the place; and no floor is taken twice.
    The least sum has those zones nearest that most people come to for their area (exchanging floor between two zones out of that
    order gains). Zones of which more is known alone are left out, one by one.
    """
    asks, ground = _asks(task, door), Ground.around(task, door)

    def worth(chosen: Iterable[int]) -> float:
        within = set(chosen)
        return ground.metres(asks[z] for z in within) + sum(ask.alone for z, ask in asks.items() if z not in within)

    best, chosen = worth(asks), tuple(sorted(asks))
    while chosen:
        value, fewer = max(
            (worth(rest), rest) for out in chosen if (rest := tuple(z for z in chosen if z != out)) or True
        )
        if value <= best + 1e-9:
            break
        best, chosen = value, fewer
    return Crowd({z: asks[z].people for z in chosen}, ground.metres(asks[z] for z in chosen))


def least_front_m(spec: Spec) -> float:
    """Returns the least mean way in m from one place to those along a zone's front."""
    front = min((form.front_m for form in spec.zone.forms), default=0.0)
    return max(0.0, LEAST_SHARE * front - LINES_M)


def door_place(task: Task, door: int) -> tuple[int, float, float]:
    """Returns the floor of a door and where walks from it begin: the middle of the nearest window of a way on the bare floor."""
    floor, x, y = task.doors[-1 - door]
    grid = task.grids[floor]
    way = grid.ways[min(grid.ways)]
    found = seeds_of(way, way.anchors(grid.walk), [(x, y)])
    return (floor, float(way.at_x[found[0, 0]]), float(way.at_y[found[0, 1]])) if len(found) else (floor, x, y)


def _asks(task: Task, door: int) -> dict[int, Ask]:
    asks = {}
    for (a, b), people in task.flows.items():
        spec = task.specs[b] if a == door and b >= 0 else None
        if spec is not None and spec.zone.forms and spec.zone.fixed_area is None and people > 0:
            taken = [_taken(form.front_m, form.depth_m, spec.way_m / 2) for form in spec.zone.forms]
            m2, middle = min(m2 for m2, _ in taken), max(middle for _, middle in taken)
            asks[b] = Ask(people, m2, middle, least_front_m(spec))
    return asks


@lru_cache(maxsize=256)
def _taken(front: float, depth: float, place: float) -> tuple[float, float]:
    """Floor that counters take, m², and at least its mean distance from the places before their front, m.

    Of the way before them they take the near half, without its ends: at an inner corner these are another front's too.
    place: how far before the front people stand, m.
    """
    behind = front * depth, _mean((0.0, front / SAMPLES / 2), (place, place + depth))
    along = front - 2 * BEFORE_M
    if along <= 0.0:
        return behind
    # places lie evenly along the whole front, so the outermost are off the middle of their share by up to this
    off = BEFORE_M * (1 - 1 / SAMPLES)
    before = along * BEFORE_M, _mean((off, off + along / SAMPLES / 2), (place - BEFORE_M, place))
    m2 = behind[0] + before[0]
    return m2, (behind[0] * behind[1] + before[0] * before[1]) / m2


def _mean(across: tuple[float, float], ahead: tuple[float, float]) -> float:
    """At least the mean distance of a rectangle's points from the origin: that of the corners of its parts, distance being convex."""
    at = np.hypot(np.linspace(*across, INTO + 1)[:, None], np.linspace(*ahead, INTO + 1)[None, :])
    return float((at[1:, 1:] + at[:-1, 1:] + at[1:, :-1] + at[:-1, :-1]).mean() / 4)


def _cells(task: Task, door: int, floor: int) -> tuple[Floats, Floats]:
    """Straight metres from a door to the nearest point of each cell of a floor, and their m²; a cell that the floor touches is all of it."""
    usable = task.grids[floor].floor.usable
    side = max(LEAST_CELL_M, math.sqrt(usable.area / CELLS))
    x0, y0, x1, y1 = usable.bounds
    xs, ys = np.arange(x0 + side / 2, x1 + side, side), np.arange(y0 + side / 2, y1 + side, side)
    x, y = (part.ravel() for part in np.meshgrid(xs, ys))
    on = shapely.contains_xy(usable.buffer(side * math.sqrt(0.5)), x, y)
    x, y = x[on], y[on]
    start, at_x, at_y = door_place(task, door)
    if floor != start:
        return np.full(x.shape, _to_floor(task, start, floor, (at_x, at_y))), np.full(x.shape, side * side)
    across, up = np.maximum(0.0, np.abs(x - at_x) - side / 2), np.maximum(0.0, np.abs(y - at_y) - side / 2)
    return np.hypot(across, up), np.full(x.shape, side * side)


def _to_floor(task: Task, floor: int, there: int, at: tuple[float, float]) -> float:
    """The least way from a place to another floor, m."""
    one, other = task.grids[floor].floor, task.grids[there].floor
    shared = {link.id for link in other.visitors_links}
    ways = [math.dist(link.at, at) - NEAR_M for link in one.visitors_links if link.id in shared]
    return max(0.0, min(ways, default=UNLINKED_M)) + FLOOR_CHANGE_M * (abs(one.level - other.level) or 1)
