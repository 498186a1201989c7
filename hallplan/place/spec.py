"""One zone as the search sees it: its floors, shapes and limits, the door it is bound to, the ways that must come to it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from hallplan.model.programme import Need, Region, Zone
from hallplan.model.site import OpeningRole
from hallplan.place import kernels as k
from hallplan.place.entrances import abreast
from hallplan.place.grid import Grid
from hallplan.place.kernels import Floats
from hallplan.place.locks import Lock
from hallplan.place.necks import KEEP_H24, KEEP_MAIN
from hallplan.place.weights import WEIGHTS

ARRIVAL_M = 2.4
"""Depth kept free where visitors come out of the entrance zone."""
STAFF_WAY = "staff_way"
"""The type of floor that staff have to themselves, which the search takes for a zone (see closing): none of the data."""
BESIDE_SHARE = 0.3
"""Share of a door's inside that an entrance zone takes in where a pier stands before the door."""
ASLANT_SHARES = 0.5, 0.25
"""Shares of its own door's inside that a 24-hour area takes in where the wall is slanted; the rest up to the door is given to it at the end."""


@dataclass(frozen=True, eq=False)
class Spec:
    """One zone as the search sees it.

    floors: grids it may lie on.  shapes: (n, 10) as in kernels.Ask.  way_m: width of the public way it needs, 0 none.
    opens: KEEP_* of the door that leads into it, 0 none.  has_front: counters face a front.
    crosses: it may take in the approaches of other doors, being walked through.
    door_share: how much of the floor just inside its own door it takes in.  abreast: ids of main doors beside one another, inside all of
    which it does; none where one will do.
    is_behind: its door leads into a lobby too small for it, so it begins behind the lobby's inner doors.
    is_loose: it fits nowhere at its own door (a porch, say), so near it will do.
    band_m: depth of the floor behind its counters that staff walk on.
    lock: the one place that the user leaves it, its front free; None for all others.  locks: what locks say of where it may lie: in its
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
    abreast: tuple[str, ...] = ()
    lock: Lock | None = None
    locks: tuple[Region, ...] = ()

    @property
    def regions(self) -> tuple[Region, ...]:
        """Where the user wants it, or does not, and what locks say."""
        return (*self.zone.regions, *self.locks)

    @property
    def is_settled(self) -> bool:
        """Whether the drawing or a lock says where it lies."""
        return self.zone.fixed_area is not None or self.lock is not None

    @property
    def is_staff_way(self) -> bool:
        """Whether it is no zone of the programme but floor that staff have to themselves."""
        return self.zone.type == STAFF_WAY

    @property
    def has_lines(self) -> bool:
        """Whether grids that are made for a layout have lines along its sides: not along those of rooms of the building."""
        return self.zone.fixed_area is None or self.is_staff_way

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
        if self.lock is not None:
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
        """Returns this zone bound to its door ever less: to fewer of those beside one another, across other doors' approaches, then with no
        room kept before it where people come out, as in a porch or a gallery, then beside the middle of its door, behind the lobby there, then
        merely near it.  A 24-hour area takes in less and less of the floor inside its door.
        """
        if self.abreast:
            fewer = (
                self.abreast[first : first + many]
                for many in range(len(self.abreast) - 1, 1, -1)
                for first in range(len(self.abreast) - many + 1)
            )
            one = replace(self, abreast=())
            return *(replace(self, abreast=doors) for doors in fewer), one, *one.loosened()
        if not self.is_passable:
            aslant = (replace(self, door_share=share) for share in ASLANT_SHARES)
            return (*aslant, replace(self, is_loose=True))
        crossing = replace(self, crosses=True)
        shallow = replace(crossing, shapes=_shapes(self.zone, False))
        beside, behind = replace(shallow, door_share=BESIDE_SHARE), replace(crossing, is_behind=True)
        return crossing, shallow, beside, behind, replace(shallow, is_behind=True), replace(shallow, is_loose=True)


def meeting(spec: Spec, other: Spec) -> int:
    """Which side of a counter zone another zone should be near: 1 its front, 2 its back, 0 any."""
    if not spec.has_front or spec.is_passable or other.zone.side == "both":
        return 0
    return 1 if other.zone.side == "public" else 2


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
        shapes = _facing(shapes, inward_sides([grids[g] for g in floors or range(len(grids))]))
    zone = _snapped(zone, shapes, max(grid.module_m for grid in grids))
    beside = abreast([grids[g].floor for g in floors]) if opens == KEEP_MAIN else ()
    return Spec(n, zone, floors or tuple(range(len(grids))), shapes, way, opens, has_front, abreast=beside)


def inward_sides(grids: list[Grid]) -> set[int]:
    """Returns the ways (EAST …) that the main doors lead into the hall."""
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
