"""A floor as a grid whose lines follow walls and columns, with the ways that can be walked on it."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.kept import kept
from hallplan.model.programme import Region
from hallplan.model.site import Floor, ObstacleKind, OpeningRole
from hallplan.place.anchors import Way, largest_square, make_way, seeds_of
from hallplan.place.cells import Cells
from hallplan.place.entrances import fallback, first_joined, leads_far, lobbies, room_fronts, second_entrances, sources
from hallplan.place.kernels import Bools, Floats, Ints
from hallplan.place.lines import grid_lines, is_absorbed
from hallplan.place.near import fine_stretches
from hallplan.place.necks import FLOORS_KEPT, Kept, approach, door_portals, kept_cells, parting, passage, without_necks
from hallplan.place.portals import find_portals
from hallplan.place.weights import WEIGHTS

FAR = 1.0e6
LARGE_M2 = 12_000.0
"""Usable area above which lines are fine near the entrances only."""
EXIT_REACH_M, ROOM_REACH_M = 3.5, 1.3
AT_DOOR_M = 0.6
"""How near ways come to exits and second entrances, to a place a main way's half inside them; EXIT_REACH_M where the bare floor lets none."""
BEFORE_DOOR_M = 0.9
"""How deep the floor just inside a door is that its zone takes in."""
SHUT_M2 = 0.02
"""A passage that zones take so much of is none."""
BEHIND_M = 1.1
"""How far behind a lobby's inner doors a zone begins that has no room in the lobby."""


class Goal(NamedTuple):
    """A point that a way of visitors must come to, how near in m, and whether they walk there day by day: to second entrances, toilets,
    lifts and the like, but not to an exit or a stair of the staff, which these may come by."""

    point: tuple[float, float]
    near_m: float
    is_daily: bool


@dataclass(frozen=True, eq=False)
class Grid:
    """One floor on a grid.

    xs, ys: lines in m.  inside: cells wholly usable.  column: column area by cell, m².
    kept: what zones keep off.  ways: those 1.2 and 1.8 m wide.
    public_seeds, staff_seeds: points where the networks begin.  exits: points that a way must reach.
    room_reach_m: how near a way must come to the doors of rooms that nobody moves; infinite where none need.
    near_m: how far from the entrances its lines are fine; infinite where they are so everywhere.
    asked: the goals of ways where they are known already; found on the bare floor else.  joined: the same of `leads`.
    has_staff_ways: floor is closed to visitors as ways of the staff, which may lie before exits: who flees walks over it.
    """

    floor: Floor
    xs: Floats
    ys: Floats
    inside: Bools
    column: Floats
    kept: Kept
    ways: dict[float, Way]
    public_seeds: tuple[tuple[float, float], ...]
    staff_seeds: tuple[tuple[float, float], ...]
    exits: tuple[tuple[float, float], ...]
    room_reach_m: float = ROOM_REACH_M
    near_m: float = math.inf
    asked: tuple[Goal, ...] | None = None
    joined: dict[float, tuple[int, ...]] | None = None
    has_staff_ways: bool = False
    _barred: dict[tuple[Region, ...], Bools] = field(default_factory=dict)
    _distances: dict[bytes, Floats] = field(default_factory=dict)

    @property
    def keep(self) -> Ints:
        """KEEP_* by cell: what zones keep off."""
        return self.kept.keep

    @cached_property
    def walk(self) -> Bools:
        """Cells that a way may use: no column stands in them."""
        areas = np.diff(self.xs)[:, None] * np.diff(self.ys)[None, :]
        return self.inside & (self.column < 0.02 * areas)

    @cached_property
    def module_m(self) -> float:
        """The greatest step of its fine lines."""
        if math.isfinite(self.near_m):
            return float(max(np.percentile(np.diff(lines), 25) for lines in (self.xs, self.ys)))
        return float(max(np.diff(lines).max() for lines in (self.xs, self.ys)))

    @cached_property
    def ones(self) -> Floats:
        """A toll of one everywhere."""
        return np.ones(self.inside.shape)

    @cached_property
    def column_table(self) -> Floats:
        """Counting table of column areas."""
        table = np.zeros((self.xs.size, self.ys.size))
        table[1:, 1:] = self.column.cumsum(0).cumsum(1)
        return table

    @cached_property
    def wall_table(self) -> Floats:
        """Counting table of the metres of removable wall in each cell: their area there over their thickness."""
        metres = np.zeros(self.inside.shape)
        for wall in self.floor.of_kind(ObstacleKind.WALL):
            if not wall.is_fixed and wall.area.area > 0.0:
                # 2 · area / perimeter is the thickness of a thin wall
                metres += self._cells.covered_m2(wall.area) * wall.area.length / (2.0 * wall.area.area)
        return np.pad(metres.cumsum(0).cumsum(1), ((1, 0), (1, 0)))

    @cached_property
    def public_pull(self) -> Floats:
        """Walking distance in m from the public entrances to each cell of the empty floor, FAR where none leads."""
        return self._pull(self.public_seeds)

    @cached_property
    def staff_pull(self) -> Floats:
        """The same from the staff entrances."""
        return self._pull(self.staff_seeds)

    @cached_property
    def open_exits(self) -> tuple[tuple[float, float], ...]:
        """Exits that visitors can come to on the empty floor."""
        way = self.ways[min(self.ways)]
        valid = way.anchors(self.walk)
        dist = way.flood(valid, seeds_of(way, valid, self.public_seeds), self.ones)
        return tuple(point for point in self.exits if way.nearest(np.isfinite(dist), point, 3.0) is not None)

    @cached_property
    def leads(self) -> dict[float, tuple[int, ...]]:
        """By width of way, for each public entrance the first that such ways join it to on the empty floor, -1 where none begins.

        In a layout they stay joined, so that what is come to from one entrance is come to from all. Stairs and lifts stand alone.
        """
        if self.joined is not None:
            return self.joined
        is_one = not self.floor.with_role(OpeningRole.MAIN, OpeningRole.SECOND)
        return {
            width: first_joined(way, self.walk, self.public_seeds, is_alone=is_one) for width, way in self.ways.items()
        }

    @cached_property
    def goals(self) -> tuple[Goal, ...]:
        """Points that a way of visitors must come to: exits, and the doors of rooms that nobody moves but those of the stairs that
        staff come up by."""
        if self.asked is not None:
            return self.asked
        way = self.ways[min(self.ways)]
        valid = way.anchors(self.walk)
        joined = np.isfinite(way.flood(valid, seeds_of(way, valid, self.public_seeds), self.ones))
        doors = (
            point
            for point in room_fronts(self.floor)
            if point not in self.staff_seeds and way.nearest(joined, point, self.room_reach_m) is not None
        )
        stairs = {self.floor.landing(stair) for stair in self.floor.staff_stairs}
        seconds = second_entrances(self.floor)
        at_door = {point for point in self.open_exits if way.nearest(joined, point, AT_DOOR_M) is not None}
        led_to = {point for point in at_door if point in seconds or not self.has_staff_ways}
        exits = (
            Goal(point, AT_DOOR_M if point in led_to else EXIT_REACH_M, is_daily=point in seconds)
            for point in self.open_exits
        )
        return (*exits, *(Goal(point, self.room_reach_m, is_daily=point not in stairs) for point in doors))

    @cached_property
    def passages(self) -> tuple[Ints, Ints]:
        """Both ends of every door narrower than a way, each way round: (2p, 2) anchors, and those on the other side."""
        rows = self.ways[min(self.ways)].portals
        ends = np.stack([rows[:, :4], rows[:, [2, 3, 0, 1]]], axis=1).reshape(-1, 4)
        return ends[:, :2], ends[:, 2:]

    def open_among(self, taken: Bools) -> Grid:
        """Returns the grid without the passages that lead over cells taken by zones between their ends."""
        blocked = taken & ~self.kept.rooms
        ways = {
            width: without_necks(way, [row for row in parting(way, self.walk) if self._is_shut(way, row, blocked)])
            for width, way in self.ways.items()
        }
        if all(len(way.portals) == len(self.ways[width].portals) for width, way in ways.items()):
            return self
        return replace(self, ways=ways, joined=self.leads)

    def _is_shut(self, way: Way, row: list[int], blocked: Bools) -> bool:
        a, b, c, d, _ = row
        near = (slice(min(a, c), way.reach_x[max(a, c)]), slice(min(b, d), way.reach_y[max(b, d)]))
        if not blocked[near].any():
            return False
        return bool(self._cells.covered_m2(passage(way, row))[blocked].sum() > SHUT_M2)

    @cached_property
    def cell_m2(self) -> Floats:
        """Area of each cell."""
        return self._cells.m2

    @cached_property
    def reachable(self) -> Bools:
        """Cells that people can come to at all."""
        return self.inside & ((self.public_pull < FAR) | (self.staff_pull < FAR))

    def _pull(self, points: Sequence[tuple[float, float]]) -> Floats:
        way = self.ways[min(self.ways)]
        valid = way.anchors(self.walk)
        dist = way.flood(valid, seeds_of(way, valid, points), self.ones)
        out = np.where(np.isfinite(dist), dist, FAR)
        for _ in range(6):
            out[1:] = np.minimum(out[1:], out[:-1] + 0.3)
            out[:, 1:] = np.minimum(out[:, 1:], out[:, :-1] + 0.3)
            out[:-1] = np.minimum(out[:-1], out[1:] + 0.3)
            out[:, :-1] = np.minimum(out[:, :-1], out[:, 1:] + 0.3)
        return np.where(self.inside, out, FAR)

    @cached_property
    def daylight(self) -> Floats:
        """Distance in m from each cell to the nearest glazing, 0 everywhere where none is drawn: the least of a rectangle of cells is
        its own, whatever the grid."""
        if not self.floor.glazing:
            return np.zeros(self.inside.shape)
        return np.asarray(shapely.distance(self._cells.boxes(), self._glazing))

    def dark_m(self, r: Sequence[int]) -> float:
        """Returns the distance in m from cells [i0, j0, i1, j1) to the nearest glazing, as `daylight` tells it, without that of all others."""
        return float(shapely.distance(shapely.box(*self.rect(r)), self._glazing)) if self.floor.glazing else 0.0

    @cached_property
    def _glazing(self) -> BaseGeometry:
        return shapely.union_all(self.floor.glazing)

    def distance_to(self, cells: Bools) -> Floats:
        """Returns the distance in m from each cell to the nearest of some cells."""
        key = np.packbits(cells).tobytes()
        if key not in self._distances:
            boxes = self._cells.boxes()
            self._distances[key] = np.asarray(shapely.distance(boxes, shapely.union_all(boxes[cells])))
        return self._distances[key]

    @cached_property
    def facade(self) -> Bools:
        """Cells along the building's outer boundary."""
        return self.inside & self._near(self.floor.outline.exterior, 0.9)

    def barred(self, regions: tuple[Region, ...]) -> Bools:
        """Returns the cells that a zone with these regions may not lie on."""
        if regions not in self._barred:
            mask = np.zeros_like(self.inside)
            for region in regions:
                here = region.floor == self.floor.id
                if region.is_forbidden and here:
                    mask |= self.touching(region.area)
                elif not region.is_forbidden:
                    room = shapely.buffer(region.area, 2e-3, join_style="mitre")
                    mask |= ~self._cells.meeting(room, shapely.covers) if here else True
            self._barred[regions] = mask
        return self._barred[regions]

    def is_kept(self, opens: int) -> Bools:
        """Returns the cells at doors that a zone keeps off, all but those at doors of kind `opens`."""
        kept: Bools = (self.keep != 0) & (self.keep != opens)
        return kept

    def door_cells(self, role: OpeningRole, ids: Collection[str] = ()) -> Bools:
        """Returns the cells just inside the doors with a role; with ids, of these doors alone."""
        mask = np.zeros_like(self.inside)
        for area in self.before_doors(role, ids):
            mask |= self.touching(area)
        return mask & self.inside

    def before_doors(self, role: OpeningRole, ids: Collection[str] = ()) -> list[Polygon]:
        """Returns the strips just inside the doors with a role, their parts in the wall too; with ids, of these doors alone."""
        doors = (opening for opening in self.floor.with_role(role) if not ids or opening.id in ids)
        return [approach(opening, BEFORE_DOOR_M) for opening in doors]

    @cached_property
    def lobbies(self) -> tuple[tuple[float, float, Bools, int], ...]:
        """What lies just inside the main doors between narrower inner doors, largest first: its m², the side of the largest square in it,
        m, the cells just behind these doors and how many they are."""
        found = lobbies(self.ways[max(self.ways)], self.walk, self.floor)
        rows = [
            (
                float(self.cell_m2[inner].sum()),
                largest_square(self.xs, self.ys, inner),
                behind & self._near(shapely.union_all(self._cells.boxes()[inner]), BEHIND_M),
                doors,
            )
            for inner, behind, doors in found
        ]
        return tuple(
            sorted(((m2, side, cells & self.inside, doors) for m2, side, cells, doors in rows), key=lambda row: -row[0])
        )

    @cached_property
    def room_doors(self) -> Bools:
        """Cells at the inner ends of doors that are narrower than a way."""
        mask = np.zeros_like(self.inside)
        way = self.ways[min(self.ways)]
        for row in way.portals:
            mask[way.cells((int(row[0]), int(row[1])))] = True
            mask[way.cells((int(row[2]), int(row[3])))] = True
        return mask

    @cached_property
    def _cells(self) -> Cells:
        return Cells(self.xs, self.ys)

    def _near(self, shape: BaseGeometry, gap: float) -> Bools:
        return self._cells.meeting(shape, partial(shapely.dwithin, distance=gap), gap)

    def touching(self, shape: Polygon) -> Bools:
        return self._cells.touching(shape)

    def rect(self, r: Sequence[int]) -> tuple[float, float, float, float]:
        """Returns cells [i0, j0, i1, j1) as x0, y0, x1, y1."""
        return float(self.xs[r[0]]), float(self.ys[r[1]]), float(self.xs[r[2]]), float(self.ys[r[3]])


def make_grid(
    floor: Floor,
    module_m: float,
    extra: Sequence[tuple[float, float, float, float]] = (),
    room_reach_m: float = ROOM_REACH_M,
    near_m: float = math.inf,
    *,
    keeps_walls: bool = False,
    wanted: Sequence[tuple[float, float, float, float]] = (),
) -> Grid:
    """Returns the floor on a grid of cells of about `module_m`; `extra` rectangles have lines along their sides too.

    near_m: how far from the entrances cells are that small on a floor above LARGE_M2; elsewhere they are FAR_M wide.
    keeps_walls: the lines along walls are those of the grid without `extra`, so that ways through doors are on both.
    wanted: rectangles in which cells are that small too, wherever they lie.
    """
    near_m = near_m if floor.usable.area > LARGE_M2 else math.inf
    xs, ys = (
        grid_lines(floor, module_m, axis, extra, fine_stretches(floor, axis, near_m, wanted), keeps_walls=keeps_walls)
        for axis in (0, 1)
    )
    cells = Cells(xs, ys)
    inside = cells.within(_solid(floor))
    column = _column_area(floor, cells)
    walk = inside & (column < 0.02 * cells.m2)
    ways = {}
    for width in (WEIGHTS.second_way_m, WEIGHTS.main_way_m):
        way = make_way(width, xs, ys)
        valid = way.anchors(walk)
        necks = find_portals(floor.usable, xs, ys, way, valid)
        ways[width] = make_way(width, xs, ys, np.concatenate([necks, door_portals(floor, way, valid)]))
    public, staff, exits = sources(floor)
    second = ways[WEIGHTS.second_way_m]
    if not public:
        public = fallback(second, walk)
    staff = tuple(point for point in staff if leads_far(second, walk, point))
    kept = kept_cells(floor, cells, inside, ways, walk, (*public, *staff, *exits))
    return Grid(floor, xs, ys, inside, column, kept, ways, public, staff or public, exits, room_reach_m, near_m)


@kept(FLOORS_KEPT)
def _solid(floor: Floor) -> BaseGeometry:
    """What zones may lie on, columns that none absorbs taken off, 2 mm wider: all grids of a floor ask for it."""
    return shapely.buffer(floor.usable.difference(floor.large_columns), 2e-3, join_style="mitre")


def _column_area(floor: Floor, cells: Cells) -> Floats:
    area = np.zeros(cells.m2.shape)
    for column in floor.of_kind(ObstacleKind.COLUMN):
        if not is_absorbed(column.area):
            continue
        area += cells.covered_m2(column.area)
    return area
