"""What is to be placed: each zone as shapes and limits, who walks between which, what should be near what."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from shapely.geometry import Polygon

from hallplan.model.programme import Need, Programme, Region, Zone
from hallplan.model.site import OpeningRole, Site
from hallplan.place import kernels as k
from hallplan.place.grid import Grid, make_grid
from hallplan.place.kernels import Floats
from hallplan.place.locks import lock_of
from hallplan.place.necks import KEEP_H24, KEEP_MAIN
from hallplan.place.weights import USER_WISH, WEIGHTS, ScoreWeights

FINE_M, COARSE_M = 0.3, 0.6
FINE_UP_TO_M2 = 600.0
NEAR_M, NEAR_FACTOR = 30.0, 1.5
"""On very large floors lines are fine within this distance of the entrances, or this often the side of a square of all zones."""
ARRIVAL_M = 2.4
"""Depth kept free where visitors come out of the entrance zone."""
BESIDE_SHARE = 0.3
"""Share of a door's inside that an entrance zone takes in where a pier stands before the door."""
FLOOR_CHANGE_M = 18.0
"""What a change of floor counts as on top of the way to the stair, in metres walked."""
UNLINKED_M = 60.0
"""What the way to a stair counts as between floors that no stair or lift joins, in metres walked."""


@dataclass(frozen=True, eq=False)
class Spec:
    """One zone as the search sees it.

    floors: grids it may lie on.  shapes: (n, 10) as in kernels.Ask.  way_m: width of the public way it needs, 0 none.
    opens: KEEP_* of the door that leads into it, 0 none.  has_front: counters face a front.
    crosses: it may take in the approaches of other doors, being walked through.
    door_share: how much of the floor just inside its own door it takes in.
    is_behind: its door leads into a lobby too small for it, so it begins behind the lobby's inner doors.
    is_loose: it fits nowhere at its own door (a porch, say), so near it will do.
    band_m: depth of the floor behind its counters that staff walk on.
    place: the one place that a lock leaves it, its front free, m; None for all others.  locks: what locks say of where it may lie: in its
    own place, or off those of others.
    """

    index: int
    zone: Zone
    floors: tuple[int, ...]
    shapes: Floats
    way_m: float
    opens: int
    has_front: bool
    crosses: bool = False
    door_share: float = 0.8
    is_behind: bool = False
    is_loose: bool = False
    band_m: float = WEIGHTS.second_way_m
    place: Polygon | None = None
    locks: tuple[Region, ...] = ()

    @property
    def regions(self) -> tuple[Region, ...]:
        """Where the user wants it, or does not, and what locks say."""
        return (*self.zone.regions, *self.locks)

    @property
    def is_settled(self) -> bool:
        """Whether the drawing or a lock says where it lies."""
        return self.zone.fixed_area is not None or self.place is not None

    @property
    def is_staff(self) -> bool:
        """Whether only staff come here."""
        return self.zone.side == "staff"

    @property
    def is_public(self) -> bool:
        """Whether visitors come to it."""
        return self.zone.side != "staff"

    @property
    def needs_staff(self) -> bool:
        """Whether staff must reach it."""
        return self.zone.side != "public"

    @property
    def is_passable(self) -> bool:
        """Whether the public way goes through it."""
        return self.opens == KEEP_MAIN

    @property
    def max_aspect(self) -> float:
        """Longest side over shortest: the zone's, or that of its counters where these ask for more."""
        ratios = [form.front_m / form.depth_m for form in self.zone.forms]
        return max([self.zone.max_aspect, *ratios, *(1 / ratio for ratio in ratios)])

    def asking(self, zone: Zone) -> Spec:
        """Returns this spec with other limits of its zone, ways no wider, and less room where people arrive."""
        if self.zone.fixed_area is not None:
            return self
        way = min(self.way_m, 0.0 if zone.side == "staff" else way_width(zone.front_way_m))
        if self.place is not None:
            rows = self.shapes.copy()
            rows[:, 3] = np.minimum(rows[:, 3], zone.front_way_m)
            return replace(self, zone=replace(self.zone, front_way_m=zone.front_way_m), way_m=way, shapes=rows)
        rows = _shapes(zone, self.has_front)
        fronts = set(self.shapes[:, 2].tolist())
        rows = rows[[front in fronts for front in rows[:, 2].tolist()]]
        if self.is_passable:
            rows = np.concatenate([rows, _shapes(zone, False)])
            rows[:, 3] = np.minimum(rows[:, 3], WEIGHTS.second_way_m)
        return replace(self, zone=zone, shapes=rows, way_m=way)

    def loosened(self) -> tuple[Spec, ...]:
        """Returns this zone bound to its door ever less: across other doors' approaches, then with no room kept before it where
        people come out, as in a porch or a gallery, then beside the middle of its door, behind the lobby there, then merely near it.
        """
        if not self.is_passable:
            return (replace(self, is_loose=True),)
        crossing = replace(self, crosses=True)
        shallow = replace(crossing, shapes=_shapes(self.zone, False))
        beside, behind = replace(shallow, door_share=BESIDE_SHARE), replace(crossing, is_behind=True)
        return crossing, shallow, beside, behind, replace(shallow, is_behind=True), replace(shallow, is_loose=True)


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

    @cached_property
    def order(self) -> tuple[int, ...]:
        """Zones in the order in which they are put in: fixed to doors, counters, then the large ones."""

        def rank(spec: Spec) -> tuple[int, float, str]:
            group = 0 if spec.opens else 1 if spec.has_front and spec.zone.forms else 2
            return group, -spec.zone.target_m2, spec.zone.id

        return tuple(spec.index for spec in sorted(self.specs, key=rank))

    @cached_property
    def rank(self) -> dict[int, int]:
        """The place of each zone in that order."""
        return {z: n for n, z in enumerate(self.order)}

    @cached_property
    def entry_side(self) -> int:
        """The way (EAST …) that visitors come in, NORTH when no main door tells."""
        return min(_inward_sides(list(self.grids)), default=k.NORTH)

    @cached_property
    def with_own_ways(self) -> Task:
        """The task with ways as wide as the programme asks, and as much kept free before counters."""
        return replace(self, specs=tuple(self._with_own_way(spec) for spec in self.specs))

    def _with_own_way(self, spec: Spec) -> Spec:
        front_way = self.programme.zones[spec.index].front_way_m
        zone = replace(spec.zone, front_way_m=front_way)
        return replace(spec, zone=zone, way_m=way_width(front_way) if spec.is_public else spec.way_m)

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


def meeting(spec: Spec, other: Spec) -> int:
    """Which side of a counter zone another zone should be near: 1 its front, 2 its back, 0 any."""
    if not spec.has_front or spec.is_passable or other.zone.side == "both":
        return 0
    return 1 if other.zone.side == "public" else 2


def make_task(
    site: Site, programme: Programme, weights: ScoreWeights, together: list[list[str]], apart: list[list[str]]
) -> Task:
    """Returns the task of placing a programme on a site; `together` and `apart` are pairs of zone ids or types."""
    lines = [*_lines_asked(site, programme)]
    near_m = max(NEAR_M, NEAR_FACTOR * math.sqrt(sum(zone.max_m2 for zone in programme.zones)))
    grids = tuple(
        make_grid(floor, _module(site), [ends for on, ends in lines if on == floor.id], near_m=near_m)
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
    return Task(
        programme, grids, specs, flows, wishes, doors, _partners(specs, wishes), _waits(specs, flows, wishes), weights
    )


def _lines_asked(site: Site, programme: Programme) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """Floors and bounds of what the user told: where zones are wanted or not, and where they are locked."""
    for zone in programme.zones:
        yield from ((region.floor, region.area.bounds) for region in zone.regions)
        if (place := lock_of(zone, site.floors)) is not None:
            yield zone.fixed_floor, place.bounds


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
        if kind.network == "staff":
            continue
        stops = [_stop(name, index, doors) for name in kind.chain]
        known = [stop for stop in stops if stop is not None]
        for a, b in itertools.pairwise(known):
            if a != b:
                key = (min(a, b), max(a, b))
                flows[key] = flows.get(key, 0.0) + kind.per_day
    return flows


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


def _roomy(zone: Zone, module: float) -> Zone:
    """The zone with a greatest area that some rectangle of its least side meets on lines a module apart."""
    short = zone.min_side_m + module
    least = short * max(short, zone.min_m2 / short + module)
    return zone if zone.fixed_area is not None or zone.max_m2 >= least else replace(zone, max_m2=least)


def _snapped(zone: Zone, shapes: Floats, module: float) -> Zone:
    """The zone with a greatest area that some size of it keeps when its sides go on to the next line, a module apart."""
    least = float((np.ceil(shapes[:, :2] / module - 1e-6) * module).prod(axis=1).min(initial=np.inf)) + 1e-6
    is_as_is = zone.fixed_area is not None or zone.max_m2 >= least or not len(shapes)
    return zone if is_as_is else replace(zone, max_m2=least)


def spec_of(n: int, zone: Zone, grids: tuple[Grid, ...]) -> Spec:
    """Returns what is known of zone n of a programme before the search begins."""
    zone = _roomy(zone, max(grid.module_m for grid in grids))
    floors = tuple(g for g, grid in enumerate(grids) if not zone.floors or grid.floor.id in zone.floors)
    opens = 0
    if Need.MAIN_DOOR in zone.needs:
        opens = KEEP_MAIN
    elif Need.H24_DOOR in zone.needs:
        opens = KEEP_H24
    role = {KEEP_MAIN: OpeningRole.MAIN, KEEP_H24: OpeningRole.H24}.get(opens)
    if role is not None:
        floors = tuple(g for g in floors if grids[g].door_cells(role).any()) or floors
    has_front = bool(zone.forms) or zone.side == "both" or opens == KEEP_MAIN
    way = 0.0 if zone.side == "staff" else way_width(zone.front_way_m)
    shapes = _shapes(zone, has_front)
    if opens == KEEP_MAIN:
        shapes = _facing(shapes, _inward_sides([grids[g] for g in floors or range(len(grids))]))
    zone = _snapped(zone, shapes, max(grid.module_m for grid in grids))
    return Spec(n, zone, floors or tuple(range(len(grids))), shapes, way, opens, has_front)


def _inward_sides(grids: list[Grid]) -> set[int]:
    """The ways (EAST …) that the main doors lead into the hall."""
    return {round(door.inward_deg / 90.0) % 4 for grid in grids for door in grid.floor.with_role(OpeningRole.MAIN)}


def _facing(shapes: Floats, sides: set[int]) -> Floats:
    """The shapes with one of these fronts, ARRIVAL_M kept free before them; all of them when no side is known."""
    shapes = shapes.copy()
    shapes[:, 3] = np.maximum(shapes[:, 3], ARRIVAL_M)
    return shapes[np.isin(shapes[:, 2], list(sides))] if sides else shapes


def way_width(front_way: float) -> float:
    """Returns the width of the ways that come to a zone with so much kept free before it, m."""
    return WEIGHTS.main_way_m if front_way > WEIGHTS.second_way_m + 0.05 else WEIGHTS.second_way_m


def _shapes(zone: Zone, has_front: bool) -> Floats:
    sizes = list(_counter_sizes(zone)) if zone.forms else list(_open_sizes(zone))
    rows = []
    for along, behind in sizes:
        for front in (k.EAST, k.NORTH, k.WEST, k.SOUTH) if has_front else (-1,):
            is_upright = front in (k.EAST, k.WEST)
            width, depth = (behind, along) if is_upright else (along, behind)
            rows.append((width, depth, front, zone.front_way_m if has_front else 0.0, *[0.0] * 6))
    return np.array(sorted(set(rows)))


def _counter_sizes(zone: Zone) -> Iterator[tuple[float, float]]:
    """Sizes that hold one of the counter forms, no side below the least: as it is, or longer or deeper until the least or
    target area is met.
    """
    flat = [form for form in zone.forms if form.name != "island"] or list(zone.forms)
    for form in flat:
        front, depth = max(form.front_m, zone.min_side_m), max(form.depth_m, zone.min_side_m)
        for area in (zone.min_m2, zone.target_m2):
            yield front, max(depth, area / front)
            yield max(front, area / depth), depth


def _open_sizes(zone: Zone) -> Iterator[tuple[float, float]]:
    least = zone.min_side_m**2  # a small zone is a square of its least side, above its area as that may be
    for area in sorted({max(one, least) for one in (zone.min_m2, zone.target_m2, (zone.min_m2 + zone.target_m2) / 2)}):
        short = min(max(zone.min_side_m, math.sqrt(area / zone.max_aspect)), math.sqrt(area))
        for aspect in (1.0, 1.25, 1.6, 2.1, 2.8, 3.6, 5.0, 7.0):
            width = math.sqrt(area * aspect)
            if aspect <= zone.max_aspect and area / width >= zone.min_side_m:
                yield width, area / width
                yield area / width, width
        yield short, area / short
        yield area / short, short
