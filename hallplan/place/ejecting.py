"""Finding a place for every zone: one without a place takes that of others, which then look for one (ejection search).

After Nagata and Bräysy (2009): each zone that could not be put in counts as harder, those easiest to place are taken out for
it, and the rest is shaken in between. Zones are put in at about their least areas; nearness and walking count little here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from hallplan.model.layout import StoppedBy
from hallplan.place import spots
from hallplan.place.inserting import lying, some_shapes
from hallplan.place.kernels import Floats
from hallplan.place.question import question
from hallplan.place.standing import standing
from hallplan.place.state import Rect, State
from hallplan.place.through import Through
from hallplan.place.weights import WEIGHTS

BLOCKS = 4
TRIES = 12
FORCED = 10
MENDS = 4
"""How often what a forced place cuts off is taken out too before that place is given up."""
SHAKES, SHAKEN = 2, 3
CHEAPEST = 6
ROOMY_NOISE = 4.0
Home = tuple[int, Rect, int]


@dataclass(eq=False)
class Ejection:
    """An ejection search that goes on from a state, which it changes, for some zones, all that are out by default.

    hard: how hard each zone has been to place.
    """

    state: State
    rng: np.random.Generator
    zones: Sequence[int] | None = None
    hard: Floats = field(init=False)
    pool: list[int] = field(init=False)
    best: State = field(init=False)

    def __post_init__(self) -> None:
        rank = {z: n for n, z in enumerate(self.state.task.order)}
        self.hard = np.ones(len(rank))
        self.pool = sorted(self.state.unplaced if self.zones is None else self.zones, key=lambda z: -rank[z])
        self.best = self.state.copy()

    def run(self, steps: int, check: Callable[[], StoppedBy | None]) -> State:
        """Returns the fullest state found in a number of steps, each of them one zone put in by force."""
        done = 0
        while self.pool and done < steps and not check():
            z = self.pool.pop()
            if not put_in(self.state, z, self.rng, self.noise):
                done += 1
                self._force(z)
            if len(self.state.unplaced) < len(self.best.unplaced):
                self.best = self.state.copy()
        return self.best

    @property
    def noise(self) -> float:
        """Noise on what places cost."""
        return WEIGHTS.eject_noise

    def _force(self, z: int) -> None:
        """Puts a zone in the place of those that are easiest to place elsewhere, then moves some others about."""
        self.hard[z] += 1
        out = forced(self.state, z, self.rng, self.hard)
        if out is None:
            self.pool.insert(0, z)
        else:
            self.pool += sorted(out, key=lambda one: (self.hard[one], one))
        for _ in range(SHAKES):
            self.state = shaken(self.state, self.rng, self.noise)


def put_in(state: State, z: int, rng: np.random.Generator, noise: float) -> bool:
    """Places a zone, small, where it cuts nothing off and leaves no floor behind that nobody can come to; tells whether."""
    shapes = _small(state, z, rng)
    before: dict[int, float] = {}
    for _, floor, rect, s in _free_places(state, z, shapes, rng, noise):
        if floor not in before:
            before[floor] = standing(state, floor).orphan_m2
        state.put(z, floor, rect, int(shapes[s, 2]))
        stands = standing(state, floor)
        if stands.is_whole and stands.orphan_m2 <= before[floor] + WEIGHTS.orphan_m2:
            return True
        state.take(z)
    return False


def _small(state: State, z: int, rng: np.random.Generator) -> Floats:
    """Shapes of about the least area; a zone bound to a door is as large as that door asks."""
    spec = state.task.specs[z]
    return some_shapes(spec.shapes, math.inf if spec.opens else spec.zone.min_m2, rng)


Place = tuple[float, int, Rect, int]


def _free_places(state: State, z: int, shapes: Floats, rng: np.random.Generator, noise: float) -> list[Place]:
    """The cheapest free places of a zone, and the cheapest of each part of the floors."""
    rows: list[Place] = []
    spec = state.task.specs[z]
    for floor in spec.floors if len(shapes) else ():
        places = sorted(_scanned(state, z, floor, shapes, rng, noise, is_bare=False))
        nx, ny = state.occupied[floor].shape
        seen: set[tuple[int, int]] = set()
        for n, place in enumerate(places):
            part = (place[2][0] * BLOCKS // nx, place[2][1] * BLOCKS // ny)
            if n < CHEAPEST or part not in seen:
                rows.append(place)
            seen.add(part)
    return sorted(rows)[:TRIES]


def _scanned(
    state: State, z: int, floor: int, shapes: Floats, rng: np.random.Generator, noise: float, *, is_bare: bool
) -> Iterator[Place]:
    asked = question(state, state.task.specs[z], floor, shapes, noise, is_bare=is_bare, is_packing=True)
    for cost, i0, j0, i1, j1, s in spots.scan(*asked, BLOCKS, int(rng.integers(1 << 30))).tolist():
        if math.isfinite(cost):
            yield cost, floor, (int(i0), int(j0), int(i1), int(j1)), int(s)


def forced(state: State, z: int, rng: np.random.Generator, hard: Floats) -> list[int] | None:
    """Puts a zone where those in its way are together the easiest to place, and returns these; None when nowhere will do."""
    spec, shapes = state.task.specs[z], _small(state, z, rng)
    rows = []
    for floor in spec.floors if len(shapes) else ():
        for cost, _, rect, s in _scanned(state, z, floor, shapes, rng, ROOMY_NOISE, is_bare=True):
            out = lying(state, floor, (cost, *rect, s), shapes)
            rows.append((float(sum(hard[one] for one in out)), cost, floor, rect, s, out))
    best: tuple[float, int, Rect, int, list[int]] | None = None
    through = Through(state.copy(), hard)
    for least, _, floor, rect, s, out in sorted(rows)[:FORCED]:
        if best is not None and least >= best[0]:
            break
        most = best[0] if best is not None else math.inf
        front = int(shapes[s, 2])
        all_out = _tried(state, z, (floor, rect, front), out, through, most)
        if all_out is not None:
            best = (float(sum(hard[one] for one in all_out)), floor, rect, front, all_out)
    if best is None:
        return None
    for one in best[4]:
        state.take(one)
    state.put(z, *best[1:4])
    return best[4]


def _tried(state: State, z: int, place: Home, out: Sequence[int], through: Through, most: float) -> list[int] | None:
    """All that must go for a zone to lie at a place, together easier to place than `most`; None when that does not help."""
    homes: dict[int, Home] = {}
    _eject(state, out, homes)
    state.put(z, *place)
    found = None
    for _ in range(MENDS):
        stands = standing(state, place[0])
        if stands.is_whole:
            found = list(homes)
            break
        more = _in_the_way(state, z, stands.unseen, stands.unmanned, through) if stands.is_open else []
        specs = state.task.specs
        if not more or any(specs[one].opens or specs[one].zone.fixed_area is not None for one in more):
            break
        _eject(state, more, homes)
        if sum(through.hard[one] for one in homes) >= most:
            break
    state.take(z)
    for one, home in homes.items():
        state.put(one, *home)
    return found


def _in_the_way(state: State, z: int, unseen: Sequence[int], unmanned: Sequence[int], through: Through) -> list[int]:
    """Zones to take out: those on the easiest way to this one while it is cut off, else those that it cuts off."""
    if z in unseen:
        return through.public(state, z)
    if z in unmanned:
        return through.staff(state, z)
    return sorted({*unseen, *unmanned})


def _eject(state: State, zones: Sequence[int], homes: dict[int, Home]) -> None:
    for one in zones:
        if one not in homes:
            homes[one] = (state.floor[one], state.rects[one], state.front[one])
            state.take(one)


def shaken(state: State, rng: np.random.Generator, noise: float) -> State:
    """Returns the state with one to three neighbouring zones put elsewhere; the state itself when one finds no place."""
    specs = state.task.specs
    movable = [s.index for s in specs if state.is_placed(s.index) and s.zone.fixed_area is None and not s.opens]
    if not movable:
        return state
    first = movable[int(rng.integers(len(movable)))]
    many = int(rng.integers(1, SHAKEN + 1))
    x, y = state.access_point(first)

    def gap(z: int) -> float:
        px, py = state.access_point(z)
        away = 0.0 if state.floor[z] == state.floor[first] else 1e3
        return away + math.hypot(px - x, py - y) * (0.6 + 0.8 * rng.random())

    trial, out = state.copy(), sorted(movable, key=gap)[:many]
    for z in out:
        trial.take(z)
    for n in rng.permutation(len(out)).tolist():
        if not put_in(trial, out[n], rng, noise):
            return state
    return trial
