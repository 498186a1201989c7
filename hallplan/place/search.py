"""Taking zones out and putting them back in at the best places: many starts, each its own random numbers."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from hallplan.model.layout import StoppedBy
from hallplan.place import kernels as k
from hallplan.place import spots
from hallplan.place.kernels import Floats
from hallplan.place.question import question
from hallplan.place.state import State, is_whole, total_cost
from hallplan.place.task import Spec, Task
from hallplan.place.weights import WEIGHTS

BLOCKS = 3
TRIES = 8
COOLEST = 0.05
MOST_SHAPES = 14
SEARCH_SHARE = 0.8
"""Share of the seconds given that the search may take; the rest is for making its layouts exact."""
RESCUE = 4
"""Times the rounds of a start that go on while some zone has no place."""
THEMES = (None, 2, 1, 3, 0)
"""Quarter turns of the main counters' front from the way visitors come in: any, facing them, to either side, away."""


@dataclass(eq=False)
class Clock:
    """Tells a search to stop: `stop` asks, and the time cap, both looked at between rounds."""

    stop: Callable[[], StoppedBy | None]
    deadline: float | None = None
    stopped: StoppedBy | None = None
    seconds: float | None = None

    @classmethod
    def of(cls, stop: Callable[[], StoppedBy | None], begin: float, seconds: float | None) -> Clock:
        """Returns the clock of a search that began at a time and may take its share of the seconds given."""
        return cls(stop, None if seconds is None else begin + SEARCH_SHARE * seconds, seconds=seconds)

    def check(self) -> StoppedBy | None:
        """Returns why to stop, None to go on."""
        if self.stopped is None:
            self.stopped = self.stop()
        if self.stopped is None and self.deadline is not None and time.monotonic() > self.deadline:
            self.stopped = "time"
        return self.stopped


@dataclass(eq=False)
class Start:
    """One start of the search: its best states found, cheapest first, and the zones that found no place how often."""

    best: list[tuple[float, State]] = field(default_factory=list)
    failures: dict[int, int] = field(default_factory=dict)

    def keep(self, cost: float, state: State, most: int = 6) -> None:
        """Keeps a state among the best."""
        if all(abs(cost - other) > 1e-6 for other, _ in self.best):
            self.best.append((cost, state.copy()))
            self.best.sort(key=lambda pair: pair[0])
            del self.best[most:]


def loosened(task: Task) -> Task:
    """Returns the task with the zones that fit nowhere at their own door let loose from it."""
    empty = State.empty(task)
    put_fixed(empty)

    def fits(spec: Spec) -> bool:
        rng = np.random.default_rng(0)
        return any(
            np.isfinite(
                spots.scan(*question(empty, spec, floor, spec.shapes, 0.0), BLOCKS, int(rng.integers(9)))[:, 0]
            ).any()
            for floor in spec.floors
        )

    def eased(spec: Spec) -> Spec:
        if not spec.opens or spec.zone.fixed_area is not None:
            return spec
        ways = (spec, *spec.loosened())
        return next((one for one in ways if fits(one)), ways[-1])

    return replace(task, specs=tuple(eased(spec) for spec in task.specs))


def eased(task: Task) -> tuple[Task, ...]:
    """Returns tasks that ask less: areas below their least, then narrower ways before all counters but the largest, then
    no way of its own to the door of each toilet or stair: in a small station one passes through the guide's area.
    """
    least = [replace(s.zone, min_m2=s.zone.min_m2 * WEIGHTS.least_share) for s in task.specs]
    counters = sorted((zone for zone in least if zone.forms), key=lambda zone: (-zone.target_m2, zone.id))
    second = WEIGHTS.second_way_m
    narrow = [
        replace(zone, front_way_m=second) if zone.front_way_m > second and zone not in counters[:1] else zone
        for zone in least
    ]
    asking = [
        replace(task, specs=tuple(s.asking(zone) for s, zone in zip(task.specs, zones, strict=True)))
        for zones in (least, narrow)
    ]
    passing = tuple(replace(grid, room_reach_m=math.inf) for grid in task.grids)
    return (*asking, replace(task, grids=passing), replace(asking[-1], grids=passing))


def themed(task: Task, n: int) -> Task:
    """Returns the task of start n: every other start has its main counters face one way only, so that kinds differ."""
    side = THEMES[n % len(THEMES)]
    main = [spec for spec in task.specs if spec.zone.forms and spec.zone.fixed_area is None]
    if side is None or not main:
        return task
    first = max(main, key=lambda spec: (spec.zone.target_m2, spec.zone.id))
    turned = replace(first, shapes=first.shapes[first.shapes[:, 2] == (task.entry_side + side) % 4])
    return replace(task, specs=tuple(turned if spec is first else spec for spec in task.specs))


def run_start(task: Task, seed: tuple[int, int], rounds: int, clock: Clock) -> Start:
    """Returns what one start finds in a number of rounds."""
    rng = np.random.default_rng(seed)
    state = State.empty(themed(task, seed[1]))
    put_fixed(state)
    return go_on(state, rng, rounds, clock)


def mend(state: State, seed: tuple[int, int], rounds: int, clock: Clock) -> Start:
    """Returns what a start finds that begins with some zones placed."""
    return go_on(state.copy(), np.random.default_rng(seed), rounds, clock)


class PutBack(Protocol):
    """Puts zones that are out back in, as `recreate` does."""

    def __call__(self, state: State, zones: list[int], rng: np.random.Generator, start: Start, noise: float) -> None:
        """Places what can be placed of the zones."""


def go_on(
    state: State,
    rng: np.random.Generator,
    rounds: int,
    clock: Clock,
    *,
    cost_of: Callable[[State], float] = total_cost,
    put_back: PutBack | None = None,
) -> Start:
    """Places what is still out, then takes zones out and puts them back for a number of rounds."""
    start, put_back = Start(), put_back or recreate
    put_back(state, [z for z in state.task.order if not state.is_placed(z)], rng, start, noise=3 * WEIGHTS.noise)
    cost = cost_of(state)
    start.keep(cost, state)
    n = 0
    while n < rounds or (n < RESCUE * rounds and start.best[0][1].unplaced):
        if clock.check():
            break
        heat = WEIGHTS.noise * 2.0 * (COOLEST ** (min(n, rounds) / max(1, rounds)))
        trial = state.copy()
        trial.is_tight = bool(state.unplaced) and rng.random() < 0.7
        out = (make_room(trial, rng) if rng.random() < 0.7 else None) or ruin(trial, rng)
        put_back(trial, _shuffled(trial, out, rng), rng, start, noise=heat / 2)
        new = cost_of(trial)
        n += 1
        if new < cost - heat * math.log(max(rng.random(), 1e-12)):
            state, cost = trial, new
            start.keep(cost, state)
    return start


def _shuffled(state: State, out: tuple[list[int], list[int]], rng: np.random.Generator) -> list[int]:
    """Zones in the task's order, some of them moved at random; those that had no place first, more often than not."""
    unplaced, taken = out
    rank = {z: n + (rng.normal(0, 3) if rng.random() < 0.5 else 0.0) for n, z in enumerate(state.task.order)}
    if rng.random() < 0.7:
        rank.update({z: rank[z] - 100.0 for z in unplaced})
    return sorted([*unplaced, *taken], key=lambda z: (rank[z], z))


def ruin(state: State, rng: np.random.Generator) -> tuple[list[int], list[int]]:
    """Takes out one zone and some of those around it; returns all that had no place, and these."""
    task = state.task
    movable = [s.index for s in task.specs if state.is_placed(s.index) and s.zone.fixed_area is None]
    unplaced = state.unplaced
    if not movable:
        return unplaced, []
    first = movable[int(rng.integers(len(movable)))]
    many = int(rng.integers(1, min(7, len(movable)) + 1)) + (3 if unplaced else 0)
    x, y = state.access_point(first)

    def gap(z: int) -> float:
        if state.floor[z] != state.floor[first]:
            return 1e3 + rng.random()
        px, py = state.access_point(z)
        return math.hypot(px - x, py - y) * (0.6 + 0.8 * rng.random())

    out = sorted(movable, key=gap)[:many]
    for partner in (task.partners.get(first), task.waits.get(first)):
        if partner in movable and partner not in out and rng.random() < 0.8:
            out.append(partner)
    for z in out:
        state.take(z)
    return unplaced, out


def make_room(state: State, rng: np.random.Generator) -> tuple[list[int], list[int]] | None:
    """Puts a zone without a place at one of its cheapest places on the bare floor, taking out what lies there.

    Returns the zones still without a place and those taken out; None when there is nothing to do or nowhere.
    """
    unplaced = state.unplaced
    if not unplaced:
        return None
    z = unplaced[int(rng.integers(len(unplaced)))]
    spec = state.task.specs[z]
    shapes = _some(spec.shapes, spec.zone.min_m2 if rng.random() < 0.7 else math.inf, rng)
    rows = []
    for floor in spec.floors:
        asked = question(state, spec, floor, shapes, WEIGHTS.noise, is_bare=True)
        found = spots.scan(*asked, BLOCKS, int(rng.integers(1 << 30)))
        rows += [(len(_lying(state, floor, row, shapes)), row[0], floor, *row[1:]) for row in found.tolist()
                 if math.isfinite(row[0])]  # fmt: skip
    if not rows:
        return None
    rows.sort()
    row = rows[min(int(rng.exponential(2.0)), len(rows) - 1)]
    out = _lying(state, row[2], (row[1], *row[3:]), shapes)
    for one in out:
        state.take(one)
    i0, j0, i1, j1, s = (int(value) for value in row[3:])
    state.put(z, row[2], (i0, j0, i1, j1), int(shapes[s, 2]))
    if not is_whole(state, row[2]):
        state.take(z)
    return [one for one in unplaced if not state.is_placed(one)], out


def _lying(state: State, floor: int, row: Sequence[float], shapes: Floats) -> list[int]:
    """Movable zones that lie in a found place or on the way before it, or whose own way it would cover."""
    grid = state.task.grids[floor]
    i0, j0, i1, j1, s = (int(value) for value in row[1:])
    there = [state.occupied[floor][i0:i1, j0:j1]]
    if shapes[s, 2] >= 0:
        a, b, c, d = k.strip(grid.xs, grid.ys, (i0, j0, i1, j1), int(shapes[s, 2]), shapes[s, 3])
        there.append(state.occupied[floor][a:c, b:d])
    found = {int(one) - 1 for cells in there for one in np.unique(cells)} - {-1}
    for other in range(len(state.floor)):
        strip = state.front_strip(other) if state.floor[other] == floor else None
        if strip is not None and i0 < strip[2] and strip[0] < i1 and j0 < strip[3] and strip[1] < j1:
            found.add(other)
    specs = state.task.specs
    return sorted(one for one in found if specs[one].zone.fixed_area is None and not specs[one].opens)


def recreate(state: State, zones: list[int], rng: np.random.Generator, start: Start, noise: float) -> None:
    """Puts zones back in, each at the cheapest place that cuts nothing off."""
    for z in zones:
        if state.is_placed(z):
            continue
        if not insert(state, z, rng, noise) and (state.is_tight or not insert_tight(state, z, rng, noise)):
            start.failures[z] = start.failures.get(z, 0) + 1


def insert(state: State, z: int, rng: np.random.Generator, noise: float) -> bool:
    """Places zone z, as a group with its back office behind and its waiting area before it where these are still out."""
    spec = state.task.specs[z]
    for group in _groups(state, z, rng):
        shapes = grouped_shapes(spec, *(state.task.specs[one] if one is not None else None for one in group))
        shapes = _some(shapes, spec.zone.min_m2 if state.is_tight else math.inf, rng)
        if len(shapes) and _insert(state, spec, shapes, group, rng, noise):
            return True
    return False


def insert_tight(state: State, z: int, rng: np.random.Generator, noise: float) -> bool:
    """Places zone z alone and at its least area."""
    spec = state.task.specs[z]
    shapes = _some(spec.shapes, spec.zone.min_m2, rng)
    return bool(len(shapes)) and _insert(state, spec, shapes, (None, None), rng, noise)


def _some(shapes: Floats, least_m2: float, rng: np.random.Generator) -> Floats:
    """At most MOST_SHAPES of the shapes, drawn at random; only small ones where a least area is given."""
    if math.isfinite(least_m2):
        size = shapes[:, 0] * shapes[:, 1]
        shapes = shapes[size <= max(1.08 * least_m2, float(size.min(initial=math.inf)) * 1.02)]
    if len(shapes) <= MOST_SHAPES:
        return shapes
    return shapes[np.sort(rng.choice(len(shapes), MOST_SHAPES, replace=False))]


def _groups(state: State, z: int, rng: np.random.Generator) -> list[tuple[int | None, int | None]]:
    """Groups to try, the largest first: with office and waiting area, with either, alone."""
    office, wait = state.task.partners.get(z), state.task.waits.get(z)
    office = None if office is None or state.is_placed(office) else office
    wait = None if wait is None or state.is_placed(wait) else wait
    groups = [(office, wait), (None, wait), (office, None), (None, None)]
    if rng.random() < 0.1:
        groups = groups[2:]
    return list(dict.fromkeys(groups))


def _insert(
    state: State,
    spec: Spec,
    shapes: Floats,
    group: tuple[int | None, int | None],
    rng: np.random.Generator,
    noise: float,
) -> bool:
    rows: list[tuple[float, ...]] = []
    for floor in spec.floors:
        found = spots.scan(*question(state, spec, floor, shapes, noise), BLOCKS, int(rng.integers(1 << 30)))
        order = np.argsort(found[:, 0], kind="stable")
        parts = order % (BLOCKS * BLOCKS)
        firsts = order[np.sort(np.unique(parts, return_index=True)[1])]
        picked = np.concatenate([order[: TRIES // 2], firsts])
        picked = picked[np.isfinite(found[picked, 0])]
        rows += [(row[0], floor, *row[1:]) for row in found[picked].tolist()]
    for row in sorted(set(rows))[: TRIES * len(spec.floors) + TRIES // 2]:
        floor, i0, j0, i1, j1, s = (int(value) for value in row[1:])
        grid, rect = state.task.grids[floor], (i0, j0, i1, j1)
        state.put(spec.index, floor, rect, int(shapes[s, 2]))
        for is_before, member in enumerate(group):
            if member is not None:
                state.put(member, floor, spots.tail_of(grid.xs, grid.ys, rect, shapes[s], bool(is_before)), -1)
        if all(member is None or _is_allowed(state, member) for member in group) and is_whole(state, floor):
            return True
        for member in (*group, spec.index):
            if member is not None:
                state.take(member)
    return False


def _is_allowed(state: State, z: int) -> bool:
    """Whether a zone has its area, least side, aspect and floor."""
    zone = state.task.specs[z].zone
    x0, y0, x1, y1 = state.task.grids[state.floor[z]].rect(state.rects[z])
    short, long = sorted((x1 - x0, y1 - y0))
    return (
        zone.min_m2 - 1e-6 <= state.net_area(z) <= zone.max_m2 + 1e-6
        and short >= zone.min_side_m - 1e-6
        and long <= zone.max_aspect * short + 1e-6
        and state.floor[z] in state.task.specs[z].floors
    )


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


def put_fixed(state: State) -> None:
    """Places the zones that the drawing or a lock fixes: the cells their area covers for the most part."""
    for spec in state.task.specs:
        area = spec.zone.fixed_area
        if area is None:
            continue
        floors = [n for n, grid in enumerate(state.task.grids) if grid.floor.id == spec.zone.fixed_floor]
        floor = floors[0] if floors else spec.floors[0]
        state.put_fixed(spec.index, floor, area)
