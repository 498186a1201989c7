"""What is to be placed: all zones, who walks between which, what should be near what."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from hallplan.model.programme import Programme, VisitorKind
from hallplan.model.reviews import HEAVIEST
from hallplan.model.site import OpeningRole, Site
from hallplan.place import kernels as k
from hallplan.place.grid import Grid, make_grid
from hallplan.place.kernels import Floats
from hallplan.place.locks import lock_of
from hallplan.place.near import fine_reach, wanted_on
from hallplan.place.sightlines import Sight, sights_of
from hallplan.place.spec import Spec, inward_sides, meeting, spec_of, way_width
from hallplan.place.weights import USER_WISH, WEIGHTS, ScoreWeights

FINE_M, COARSE_M = 0.3, 0.6
FINE_UP_TO_M2 = 600.0
FLOOR_CHANGE_M = 18.0
"""What a change of floor counts as on top of the way to the stair, in metres walked."""
USUAL, LARGEST = 500.0, 20.0
"""What scores of a county hall come to, as `Task.scale` reckons; so many times that at most."""
UNLINKED_M = 60.0
"""What the way to a stair counts as between floors that no stair or lift joins, in metres walked."""


class Pairs(NamedTuple):
    """Who goes with whom, as arrays.

    wishes: (m, 5) zones a, b, price a metre, side of a and of b that meets (0 any, 1 front, 2 back).
    flows: (k, 3) zones or doors (negative) a, b, price a metre.  doors: (d, 3) floor, x, y.
    ways: (zones) width of the way before each zone, m.
    """

    wishes: Floats
    flows: Floats
    doors: Floats
    ways: Floats


@dataclass(frozen=True, eq=False)
class Task:
    """Everything a search needs, unchanged through it.

    flows: (a, b) of zone index or -1 - door index to people a day.  wishes: (a, b) to weight.
    doors: floor and place of each door that people start from.
    partners, waits: counter zone to the back office behind it and to the waiting area before it.
    sights: what is to be in sight from where.  errands: from where to which zone (a, b) staff walk, and how often a day.
    """

    programme: Programme
    grids: tuple[Grid, ...]
    specs: tuple[Spec, ...]
    flows: dict[tuple[int, int], float]
    wishes: dict[tuple[int, int], float]
    doors: tuple[tuple[int, float, float], ...]
    partners: dict[int, int]
    waits: dict[int, int]
    weights: ScoreWeights
    sights: tuple[Sight, ...] = ()
    errands: dict[tuple[int, int], float] = field(default_factory=dict)

    @cached_property
    def order(self) -> tuple[int, ...]:
        """Zones in the order in which they are put in: fixed to doors or locked, counters, then the large ones."""

        def rank(spec: Spec) -> tuple[int, float, str]:
            group = 0 if spec.opens or spec.lock is not None else 1 if spec.has_front and spec.zone.forms else 2
            return group, -spec.zone.target_m2, spec.zone.id

        return tuple(spec.index for spec in sorted(self.specs, key=rank))

    @cached_property
    def rank(self) -> dict[int, int]:
        """The place of each zone in that order."""
        return {z: n for n, z in enumerate(self.order)}

    @cached_property
    def entry_side(self) -> int:
        """The way (EAST …) that visitors come in, NORTH when no main door tells."""
        return min(inward_sides(list(self.grids)), default=k.NORTH)

    def change_m(self, a: int, b: int) -> float:
        """Returns what a change from one floor to another counts as, in metres walked; 0 for none."""
        levels = abs(self.grids[a].floor.level - self.grids[b].floor.level) or 1
        return FLOOR_CHANGE_M * levels if a != b else 0.0

    @cached_property
    def with_own_ways(self) -> Task:
        """The task with ways as wide as the programme asks, and as much kept free before counters."""
        return replace(self, specs=tuple(self._with_own_way(spec) for spec in self.specs))

    def _with_own_way(self, spec: Spec) -> Spec:
        front_way = self.programme.zones[spec.index].front_way_m
        zone = replace(spec.zone, front_way_m=front_way)
        return replace(spec, zone=zone, way_m=way_width(front_way) if spec.is_public else spec.way_m)

    @cached_property
    def scale(self) -> float:
        """How many times as much scores of the task come to as those of a county hall, by the side of all its zones times what a metre of
        all walks and wishes costs; at least 1. What is weighed against scores grows with it."""
        metre = self.weights.walking * sum(self.flows.values())
        # the wishes of the data: with those of the user, or without one that is priced, a search would be another
        wishes = (abs(wish.weight) for wish in self.programme.adjacencies)
        metre += self.weights.adjacency * sum(wish for wish in wishes if wish <= HEAVIEST)
        side_m = math.sqrt(sum(spec.zone.target_m2 for spec in self.specs))
        return min(LARGEST, max(1.0, metre * side_m / USUAL))

    @property
    def unmix(self) -> float:
        """What a metre of public way that staff use costs while layouts are mended, and a metre of the walk out above its limit, on top of
        what the score says."""
        return WEIGHTS.unmix * self.scale

    @property
    def window(self) -> float:
        """What a window without a place in its line counts as while layouts are mended and ranked."""
        return WEIGHTS.window * self.scale

    @cached_property
    def pairs(self) -> Pairs:
        """Flows and wishes as arrays."""
        weights, specs = self.weights, self.specs
        wishes = [
            (a, b, weights.adjacency * wish, meeting(specs[a], specs[b]), meeting(specs[b], specs[a]))
            for (a, b), wish in self.wishes.items()
        ]
        flows = [(a, b, weights.walking * people) for (a, b), people in self.flows.items()]
        return Pairs(
            np.array(wishes, np.float64).reshape(-1, 5),
            np.array(flows, np.float64).reshape(-1, 3),
            np.array(self.doors, np.float64).reshape(-1, 3),
            np.array([spec.way_m for spec in specs]),
        )

    @cached_property
    def near(self) -> tuple[tuple[tuple[int, float, float], ...], ...]:
        """For each zone: others (or doors, negative) with people a day and wish weight."""
        rows: list[dict[int, list[float]]] = [{} for _ in self.specs]
        for table, slot in ((self.flows, 0), (self.wishes, 1)):
            for (a, b), value in table.items():
                for one, other in ((a, b), (b, a)):
                    if one >= 0:
                        rows[one].setdefault(other, [0.0, 0.0])[slot] += value
        return tuple(tuple((other, *values) for other, values in sorted(row.items())) for row in rows)  # type: ignore[misc]


def make_task(
    site: Site, programme: Programme, weights: ScoreWeights, together: list[list[str]], apart: list[list[str]]
) -> Task:
    """Returns the task of placing a programme on a site; `together` and `apart` are pairs of zone ids or types."""
    lines = [*_lines_asked(site, programme)]
    near_m = fine_reach(site, sum(zone.max_m2 for zone in programme.zones))
    grids = tuple(
        make_grid(
            floor,
            _module(site),
            [ends for on, ends in lines if on == floor.id],
            near_m=near_m,
            wanted=[*wanted_on(programme, floor)],
        )
        for floor in site.floors
    )
    index = {zone.id: n for n, zone in enumerate(programme.zones)}
    doors, door_index = _doors(grids)
    specs = tuple(spec_of(n, zone, grids) for n, zone in enumerate(programme.zones))
    flows = _flows(programme, index, door_index)
    wishes = {
        (index[w.zone_a], index[w.zone_b]): w.weight
        for w in programme.adjacencies
        if w.zone_a in index and w.zone_b in index
    }
    for pairs, weight in ((together, USER_WISH), (apart, -USER_WISH)):
        for pair in pairs:
            wishes.update(dict.fromkeys(named(programme, pair), weight))
    partners, waits, sights = (
        _partners(specs, wishes),
        _waits(specs, flows, wishes),
        sights_of(programme, grids, index),
    )
    errands = errands_of(programme, grids)
    return Task(programme, grids, specs, flows, wishes, doors, partners, waits, weights, sights, errands)


def _lines_asked(site: Site, programme: Programme) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """Floors and bounds of what the user told: where zones are wanted or not, and where they are locked."""
    for zone in programme.zones:
        yield from ((region.floor, region.area.bounds) for region in zone.regions)
        if (lock := lock_of(zone, site.floors)) is not None:
            yield zone.fixed_floor, lock.rect.bounds


def _module(site: Site) -> float:
    return FINE_M if site.free_area_m2 <= FINE_UP_TO_M2 else COARSE_M


def named(programme: Programme, pair: list[str]) -> Iterator[tuple[int, int]]:
    """Yields the zones, as numbers, that a pair of ids or types stands for."""
    groups = [[n for n, zone in enumerate(programme.zones) if name in (zone.id, zone.type)] for name in pair[:2]]
    if len(groups) == 2:
        yield from ((a, b) for a in groups[0] for b in groups[1] if a != b)


def _doors(grids: tuple[Grid, ...]) -> tuple[tuple[tuple[int, float, float], ...], dict[str, int]]:
    """Places of doors by role, the first of each role; a main door always exists."""
    places: list[tuple[int, float, float]] = []
    names: dict[str, int] = {}
    for n, grid in enumerate(grids):
        for opening in sorted(grid.floor.openings, key=lambda door: (-door.width_m, door.id)):
            if opening.role != OpeningRole.ROOM and opening.role not in names:
                names[str(opening.role)] = len(places)
                places.append((n, *opening.at))
    if str(OpeningRole.MAIN) not in names:
        names[str(OpeningRole.MAIN)] = len(places)
        seeds = next(((n, *grid.public_seeds[0]) for n, grid in enumerate(grids) if grid.public_seeds), (0, 0.0, 0.0))
        places.append(seeds)
    return tuple(places), names


def _flows(programme: Programme, index: dict[str, int], doors: dict[str, int]) -> dict[tuple[int, int], float]:
    flows: dict[tuple[int, int], float] = {}
    for kind in programme.visitors:
        if kind.network != "staff":
            for a, b in _legs(kind, index, doors):
                key = (min(a, b), max(a, b))
                flows[key] = flows.get(key, 0.0) + kind.per_day
    return flows


def errands_of(programme: Programme, grids: tuple[Grid, ...]) -> dict[tuple[int, int], float]:
    """Returns staff's walks to zones, those from one stop together: from where to which zone, and how often a day."""
    index, doors = {zone.id: n for n, zone in enumerate(programme.zones)}, _doors(grids)[1]
    errands: dict[tuple[int, int], float] = {}
    for kind in programme.visitors:
        if kind.network == "staff":
            for a, b in _legs(kind, index, doors):
                if b >= 0:
                    errands[a, b] = errands.get((a, b), 0.0) + kind.per_day
    return dict(sorted(errands.items()))


def _legs(kind: VisitorKind, index: dict[str, int], doors: dict[str, int]) -> Iterator[tuple[int, int]]:
    """The stops that people of one kind walk between."""
    stops = (_stop(name, index, doors) for name in kind.chain)
    yield from (leg for leg in itertools.pairwise(stop for stop in stops if stop is not None) if leg[0] != leg[1])


def _stop(name: str, index: dict[str, int], doors: dict[str, int]) -> int | None:
    if name.startswith("door:"):
        return -1 - doors.get(name.removeprefix("door:"), doors[str(OpeningRole.MAIN)])
    return index.get(name)


def _partners(specs: tuple[Spec, ...], wishes: dict[tuple[int, int], float]) -> dict[int, int]:
    """The back office that goes behind each counter zone: the one most wished, else the largest."""
    offices = [spec for spec in specs if spec.zone.type == "back_office" and spec.zone.fixed_area is None]
    partners = {}
    for spec in specs:
        if spec.zone.forms and offices:
            ranked = [
                (_both(wishes, spec.index, office.index), office.zone.target_m2, office.index) for office in offices
            ]
            partners[spec.index] = max(ranked)[2]
    return partners


def _waits(
    specs: tuple[Spec, ...], flows: dict[tuple[int, int], float], wishes: dict[tuple[int, int], float]
) -> dict[int, int]:
    """The waiting area that goes before each counter zone: the one from which most people come to it, each given once."""
    areas = [spec for spec in specs if spec.zone.type == "wait" and spec.zone.fixed_area is None]
    ranked = sorted(
        (
            (
                -_both(flows, counter.index, area.index),
                -_both(wishes, counter.index, area.index),
                counter.index,
                area.index,
            )
            for counter in specs
            for area in areas
            if counter.zone.forms
        ),
    )
    waits: dict[int, int] = {}
    for people, wish, counter, area in ranked:
        if (people or wish) and counter not in waits and area not in waits.values():
            waits[counter] = area
    return waits


def _both(table: dict[tuple[int, int], float], a: int, b: int) -> float:
    return table.get((a, b), 0.0) + table.get((b, a), 0.0)
