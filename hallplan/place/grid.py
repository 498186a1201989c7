"""A floor as a grid whose lines follow walls and columns, with the ways that can be walked on it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import shapely
from shapely.affinity import rotate
from shapely.geometry import Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from hallplan.model.programme import Region
from hallplan.model.site import Floor, ObstacleKind, Opening, OpeningRole
from hallplan.place import floods
from hallplan.place import kernels as k
from hallplan.place.kernels import Bools, Floats, Ints
from hallplan.place.lines import grid_lines, is_absorbed
from hallplan.place.portals import find_portals
from hallplan.place.weights import WEIGHTS

KEEP_FREE, KEEP_MAIN, KEEP_H24, KEEP_NECK = 1, 2, 3, 4
PUBLIC_ROLES = (OpeningRole.MAIN, OpeningRole.SECOND)
LEAF_ROOM_M2 = 45.0
BESIDE_M = 0.2
LINE_TOL_M = 1e-6
DOOR_REACH_M = 0.9
FAR = 1.0e6
LARGE_M2 = 12_000.0
"""Usable area above which lines are fine near the entrances only."""
EXIT_REACH_M, ROOM_REACH_M = 3.5, 1.3
FRONT_M = 0.9
"""How far before a room's door people stand: half a second way and half a wall."""


@dataclass(frozen=True, eq=False)
class Way:
    """Ways of one width on a grid: its lines, where each window ends, its centre, and the doors too narrow for it."""

    width_m: float
    xs: Floats
    ys: Floats
    reach_x: Ints
    reach_y: Ints
    at_x: Floats
    at_y: Floats
    portals: Ints

    def anchors(self, walkable: Bools) -> Bools:
        """Returns the anchors whose window is walkable."""
        return k.windows(walkable, self.reach_x, self.reach_y)

    def flood(self, valid: Bools, seeds: Ints, toll: Floats) -> Floats:
        """Returns the walking distance from the seeds to each anchor."""
        return floods.flood(valid, self.at_x, self.at_y, toll, seeds, self.portals)

    def join(self, valid: Bools, seeds: Ints) -> Floats:
        """Returns 0 for each anchor that can be walked to from the seeds, else infinity."""
        return floods.join(valid, seeds, self.portals)

    def nearest(self, valid: Bools, point: tuple[float, float], most_m: float = math.inf) -> tuple[int, int] | None:
        """Returns the valid anchor whose window's centre is nearest to a point, if one is near enough."""
        at = k.nearest(valid, self.at_x, self.at_y, float(point[0]), float(point[1]), float(most_m))
        return at if at[0] >= 0 else None

    def touch(
        self, dist: Floats, rect: tuple[int, int, int, int], side: int, least_m: float | None = None
    ) -> tuple[float, int, int]:
        """Returns the least distance of a way along a side of a rectangle (-1: any), and its anchor, -1 for none.

        It lies along it over a least length, half its width by default.
        """
        least = (self.width_m / 2 if least_m is None else least_m) - LINE_TOL_M
        return k.touch(dist, self.xs, self.ys, self.reach_x, self.reach_y, rect, side, least)

    def touching(self, valid: Bools, rect: tuple[int, int, int, int]) -> Ints:
        """Returns all valid anchors that lie along a side of a rectangle over half their width."""
        least = self.width_m / 2 - LINE_TOL_M
        return k.touching(valid, self.xs, self.ys, self.reach_x, self.reach_y, rect, least)

    def seen(self, dist: Floats, rects: Ints, sides: Ints) -> Bools:
        """Returns for each of some rectangles, (n, 4), whether a reached way lies along its side, as in `touch`."""
        least = self.width_m / 2 - LINE_TOL_M
        return k.seen(dist, self.xs, self.ys, self.reach_x, self.reach_y, rects, sides, least)

    def cells(self, anchor: tuple[int, int]) -> tuple[slice, slice]:
        """Returns the cells of an anchor's window."""
        i, j = anchor
        return slice(i, int(self.reach_x[i])), slice(j, int(self.reach_y[j]))


def _way(width: float, xs: Floats, ys: Floats, portals: Ints | None = None) -> Way:
    reach_x, at_x = _windows(xs, width)
    reach_y, at_y = _windows(ys, width)
    return Way(width, xs, ys, reach_x, reach_y, at_x, at_y, np.zeros((0, 5), np.int32) if portals is None else portals)


def _windows(lines: Floats, width: float) -> tuple[Ints, Floats]:
    ends = np.searchsorted(lines, lines[:-1] + width - 1e-6)
    reach = np.where(ends < lines.size, ends, -1).astype(np.int32)
    return reach, (lines[:-1] + lines[np.minimum(ends, lines.size - 1)]) / 2


@dataclass(frozen=True, eq=False)
class Grid:
    """One floor on a grid.

    xs, ys: lines in m.  inside: cells wholly usable.  column: column area by cell, m².
    keep: KEEP_* by cell, approaches of doors.  main, second, wide: ways 1.2 and 1.8 m wide.
    public_seeds, staff_seeds: points where the networks begin.  exits: points that a way must reach.
    room_reach_m: how near a way must come to the doors of rooms that nobody moves; infinite where none need.
    near_m: how far from the entrances its lines are fine; infinite where they are so everywhere.
    asked: the goals of ways where they are known already; found on the bare floor else.
    """

    floor: Floor
    xs: Floats
    ys: Floats
    inside: Bools
    column: Floats
    keep: Ints
    ways: dict[float, Way]
    public_seeds: tuple[tuple[float, float], ...]
    staff_seeds: tuple[tuple[float, float], ...]
    exits: tuple[tuple[float, float], ...]
    has_staff_door: bool
    room_reach_m: float = ROOM_REACH_M
    near_m: float = math.inf
    asked: tuple[tuple[tuple[float, float], float], ...] | None = None
    _barred: dict[tuple[Region, ...], Bools] = field(default_factory=dict)

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
                near = _window(self._boxes, wall.area)
                per_m2 = wall.area.length / (
                    2.0 * wall.area.area
                )  # 2 · area / perimeter is the thickness of a thin wall
                metres[near] += per_m2 * shapely.area(shapely.intersection(self._boxes[near], wall.area))
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
    def goals(self) -> tuple[tuple[tuple[float, float], float], ...]:
        """Points that a way must come to, each with how near in m: exits, and the doors of rooms that nobody moves."""
        if self.asked is not None:
            return self.asked
        way = self.ways[min(self.ways)]
        valid = way.anchors(self.walk)
        joined = np.isfinite(way.flood(valid, seeds_of(way, valid, self.public_seeds), self.ones))
        doors = (
            point for point in _room_fronts(self.floor) if way.nearest(joined, point, self.room_reach_m) is not None
        )
        return (*((point, EXIT_REACH_M) for point in self.open_exits), *((point, self.room_reach_m) for point in doors))

    @cached_property
    def passages(self) -> tuple[Ints, Ints]:
        """Both ends of every door narrower than a way, each way round: (2p, 2) anchors, and those on the other side."""
        rows = self.ways[min(self.ways)].portals
        ends = np.stack([rows[:, :4], rows[:, [2, 3, 0, 1]]], axis=1).reshape(-1, 4)
        return ends[:, :2], ends[:, 2:]

    @cached_property
    def cell_m2(self) -> Floats:
        """Area of each cell."""
        return np.outer(np.diff(self.xs), np.diff(self.ys))

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
        return np.asarray(shapely.distance(self._boxes, shapely.union_all(self.floor.glazing)))

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
                    mask |= self._touching(region.area)
                elif not region.is_forbidden:
                    room = shapely.buffer(region.area, 2e-3, join_style="mitre")
                    mask |= ~np.asarray(shapely.covers(room, self._boxes)) if here else True
            self._barred[regions] = mask
        return self._barred[regions]

    def is_kept(self, opens: int) -> Bools:
        """Returns the cells at doors that a zone keeps off, all but those at doors of kind `opens`."""
        kept: Bools = (self.keep != 0) & (self.keep != opens)
        return kept

    def door_cells(self, role: OpeningRole) -> Bools:
        """Returns the cells just inside the doors with a role."""
        mask = np.zeros_like(self.inside)
        for opening in self.floor.with_role(role):
            mask |= self._touching(approach(opening, 0.9))
        return mask & self.inside

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
    def _boxes(self) -> np.ndarray:
        return np.asarray(shapely.box(self.xs[:-1, None], self.ys[None, :-1], self.xs[1:, None], self.ys[None, 1:]))

    def _near(self, shape: BaseGeometry, gap: float) -> Bools:
        return np.asarray(shapely.dwithin(self._boxes, shape, gap))

    def _touching(self, shape: Polygon) -> Bools:
        return _touching(self._boxes, shape)

    def rect(self, r: Sequence[int]) -> tuple[float, float, float, float]:
        """Returns cells [i0, j0, i1, j1) as x0, y0, x1, y1."""
        return float(self.xs[r[0]]), float(self.ys[r[1]]), float(self.xs[r[2]]), float(self.ys[r[3]])


def with_necks_of(grid: Grid, coarse: Grid) -> Grid:
    """Returns a grid with the narrow doors of another too, all of whose lines it has."""
    across, up = ([int(np.argmin(np.abs(fine - line))) for line in lines.tolist()] for fine, lines in
                  ((grid.xs, coarse.xs), (grid.ys, coarse.ys)))  # fmt: skip
    ways = {}
    for width, way in grid.ways.items():
        rows = [(across[a], up[b], across[c], up[d], cm) for a, b, c, d, cm in coarse.ways[width].portals.tolist()]
        necks = np.concatenate([way.portals, np.array(rows, np.int32).reshape(-1, 5)])
        ways[width] = replace(way, portals=necks)
    return replace(grid, ways=ways)


def seeds_of(way: Way, valid: Bools, points: Iterable[tuple[float, float]]) -> Ints:
    """Returns the valid anchors nearest to the points, those within 3 m."""
    found = [way.nearest(valid, point, 3.0) for point in points]
    return np.array([at for at in found if at is not None], np.int32).reshape(-1, 2)


def _touching(boxes: np.ndarray, shape: BaseGeometry) -> Bools:
    """The cells that a shape covers a part of; only those within its bounds are looked at."""
    touched = np.zeros(boxes.shape, np.bool_)
    if shape.is_empty:
        return touched
    near = _window(boxes, shape)
    some = boxes[near]
    if some.size:
        shapely.prepare(shape)
        meets = np.asarray(shapely.intersects(some, shape))
        meets[meets] = shapely.area(shapely.intersection(some[meets], shape)) > 0.02
        touched[near] = meets
    return touched


def _window(boxes: np.ndarray, shape: BaseGeometry) -> tuple[slice, slice]:
    """The columns and rows of cells that meet a shape's bounds."""
    x0, y0, x1, y1 = shape.bounds
    across, up = shapely.bounds(boxes[:, 0]), shapely.bounds(boxes[0, :])
    return (
        slice(int(np.searchsorted(across[:, 2], x0)), int(np.searchsorted(across[:, 0], x1, side="right"))),
        slice(int(np.searchsorted(up[:, 3], y0)), int(np.searchsorted(up[:, 1], y1, side="right"))),
    )


def approach(opening: Opening, depth_m: float, outward: bool = False) -> Polygon:
    """Returns the strip before a door that stays free: its width, `depth_m` deep from the wall's face."""
    half, (x, y) = opening.width_m / 2, opening.at
    strip = box(x, y - half, x + depth_m + 0.2, y + half)
    turn = opening.inward_deg + (180.0 if outward else 0.0)
    return rotate(strip, turn, origin=(x, y))


def make_grid(
    floor: Floor,
    module_m: float,
    extra: Sequence[tuple[float, float, float, float]] = (),
    room_reach_m: float = ROOM_REACH_M,
    near_m: float = math.inf,
) -> Grid:
    """Returns the floor on a grid of cells of about `module_m`; `extra` rectangles have lines along their sides too.

    near_m: how far from the entrances cells are that small on a floor above LARGE_M2; elsewhere they are FAR_M wide.
    """
    near_m = near_m if floor.usable.area > LARGE_M2 else math.inf
    xs, ys = (grid_lines(floor, module_m, axis, extra, _near(floor, axis, near_m)) for axis in (0, 1))
    boxes = shapely.box(xs[:-1, None], ys[None, :-1], xs[1:, None], ys[None, 1:])
    usable = shapely.buffer(floor.usable.difference(_large_columns(floor)), 2e-3, join_style="mitre")
    shapely.prepare(usable)
    inside = np.asarray(shapely.covers(usable, boxes))
    column = _column_area(floor, boxes)
    areas = np.diff(xs)[:, None] * np.diff(ys)[None, :]
    walk = inside & (column < 0.02 * areas)
    ways = {}
    for width in (WEIGHTS.second_way_m, WEIGHTS.main_way_m):
        way = _way(width, xs, ys)
        valid = way.anchors(walk)
        necks = find_portals(floor.usable, xs, ys, way, valid)
        ways[width] = _way(width, xs, ys, np.concatenate([necks, _door_portals(floor, way, valid)]))
    public, staff, exits = _sources(floor)
    second = ways[WEIGHTS.second_way_m]
    if not public:
        public = _fallback(second, walk)
    staff = tuple(point for point in staff if _leads_far(second, walk, point))
    keep = _keep(floor, boxes, inside, ways, walk, (*public, *staff, *exits))
    has_staff = bool(floor.with_role(OpeningRole.STAFF))
    return Grid(
        floor, xs, ys, inside, column, keep, ways, public, staff or public, exits, has_staff, room_reach_m, near_m
    )


def _door_portals(floor: Floor, way: Way, valid: Bools) -> Ints:
    """Passages through the doors inside: a door may be narrower than a way, or off the grid's lines."""
    rows = []
    for door in floor.openings:
        if door.is_exterior or _goes_with_its_wall(floor, door) or not floor.usable.dwithin(Point(door.at), 0.05):
            continue
        sides = []
        for turn in (door.inward_deg, door.inward_deg + 180.0):
            reach, angle = 0.2 + way.width_m / 2, math.radians(turn)
            sides.append((door.at[0] + reach * math.cos(angle), door.at[1] + reach * math.sin(angle)))
        ends = [way.nearest(valid, side, DOOR_REACH_M) for side in sides]
        if ends[0] is not None and ends[1] is not None and ends[0] != ends[1]:
            rows.append((*ends[0], *ends[1], round(100 * (way.width_m + 0.4))))
    return np.array(rows, np.int32).reshape(-1, 5)


def _leads_far(way: Way, walk: Bools, point: tuple[float, float]) -> bool:
    """Whether a door opens to a good part of the floor, not to a lobby that ends there."""
    valid = way.anchors(walk)
    dist = way.flood(valid, seeds_of(way, valid, [point]), np.ones(walk.shape))
    return int(np.isfinite(dist).sum()) > 0.2 * int(valid.sum())


def _fallback(way: Way, walk: Bools) -> tuple[tuple[float, float], ...]:
    """A floor without any door or stair begins at the anchor nearest to the south of its largest part."""
    part, _ = k.label(way.anchors(walk), way.reach_x, way.reach_y)
    if not part.any():
        return ()
    largest = int(np.argmax(np.bincount(part[part > 0])))
    i, j = np.argwhere(part == largest)[0]
    return ((float(way.at_x[i]), float(way.at_y[j])),)


def _near(floor: Floor, axis: int, near_m: float) -> list[tuple[float, float]]:
    """The stretches of an axis within a distance of the doors to the outside that people come in by, and of lifts."""
    if not math.isfinite(near_m):
        return []
    doors = [door.at for door in floor.with_role(OpeningRole.MAIN, OpeningRole.SECOND, OpeningRole.STAFF)]
    points = doors or [link.at for link in floor.links]
    return [(point[axis] - near_m, point[axis] + near_m) for point in points]


def _sources(floor: Floor) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Points just inside the public entrances, the staff entrances and the other doors to the outside."""

    def points(roles: Iterable[OpeningRole]) -> tuple[tuple[float, float], ...]:
        doors = sorted(
            floor.with_role(*roles), key=lambda door: (door.role != OpeningRole.MAIN, -door.width_m, door.id)
        )
        return tuple(_inner_point(door) for door in doors)

    # what only a stair leads to is out of reach for wheelchairs
    ranked = sorted(floor.links, key=lambda link: link.id)
    links = tuple(link.at for link in [one for one in ranked if one.kind is ObstacleKind.LIFT] or ranked)
    public = points([OpeningRole.MAIN]) or points([OpeningRole.SECOND]) or links
    if not public:
        public = points(role for role in OpeningRole if role not in (OpeningRole.ROOM, OpeningRole.STAFF))
    staff = points([OpeningRole.STAFF]) or points([OpeningRole.GOODS]) or points([OpeningRole.SECOND])
    exits = points([OpeningRole.FIRE, OpeningRole.SECOND])
    return public, staff, exits


def _room_fronts(floor: Floor) -> Iterator[tuple[float, float]]:
    """Points before the doors of rooms outside the usable floor: toilets, stairs, lifts, shafts."""
    for door in floor.openings:
        if door.is_exterior or door.role != OpeningRole.ROOM:
            continue
        sides = []
        for turn in (door.inward_deg, door.inward_deg + 180.0):
            angle = math.radians(turn)
            sides.append((door.at[0] + FRONT_M * math.cos(angle), door.at[1] + FRONT_M * math.sin(angle)))
        within = [point for point in sides if floor.usable.covers(Point(point))]
        if len(within) == 1:
            yield within[0]


def _inner_point(door: Opening) -> tuple[float, float]:
    turn, reach = math.radians(door.inward_deg), 0.2 + WEIGHTS.main_way_m / 2
    return door.at[0] + reach * math.cos(turn), door.at[1] + reach * math.sin(turn)


def _large_columns(floor: Floor) -> BaseGeometry:
    """Columns too large to stand within a zone: as hard as a wall."""
    large = [column.area for column in floor.of_kind(ObstacleKind.COLUMN) if not is_absorbed(column.area)]
    return shapely.union_all(large) if large else Polygon()


def _column_area(floor: Floor, boxes: np.ndarray) -> Floats:
    area = np.zeros(boxes.shape)
    for column in floor.of_kind(ObstacleKind.COLUMN):
        if not is_absorbed(column.area):
            continue
        near = _window(boxes, column.area)
        area[near] += shapely.area(shapely.intersection(boxes[near], column.area))
    return area


def _keep(
    floor: Floor,
    boxes: np.ndarray,
    inside: Bools,
    ways: Mapping[float, Way],
    walk: Bools,
    sources: Sequence[tuple[float, float]],
) -> Ints:
    """KEEP_* by cell. Inside a small room that only its own door leads to, the zone that fills it may stand at the door."""
    way = ways[min(ways)]
    valid = way.anchors(walk)
    part, cells = k.label(valid, way.reach_x, way.reach_y)
    area = np.bincount(cells.ravel(), weights=(shapely.area(boxes) * inside).ravel())
    is_room = area <= LEAF_ROOM_M2
    for i, j in seeds_of(way, valid, sources):
        is_room[part[i, j]] = False
    is_room[0] = False
    keep = np.zeros(inside.shape, np.int32)
    for one in ways.values():
        parts, _ = k.label(one.anchors(walk), one.reach_x, one.reach_y)
        for row in one.portals.tolist():
            if parts[row[0], row[1]] != parts[row[2], row[3]]:
                keep[_touching(boxes, _passage(one, row)) & inside & ~is_room[cells]] = KEEP_NECK
    for row in way.portals:
        for at in ((int(row[0]), int(row[1])), (int(row[2]), int(row[3]))):
            keep[way.cells(at)] = 0 if is_room[part[at]] else KEEP_FREE
    kinds = {OpeningRole.MAIN: KEEP_MAIN, OpeningRole.H24: KEEP_H24}
    for opening in floor.openings:
        if _goes_with_its_wall(floor, opening):
            continue
        for outward in (False, True) if not opening.is_exterior else (False,):
            mask = _touching(boxes, approach(opening, WEIGHTS.approach_m, outward)) & inside & ~is_room[cells]
            keep[mask] = kinds.get(opening.role, KEEP_FREE)
    for area_clear in floor.keep_clear:
        keep[_touching(boxes, area_clear)] = KEEP_FREE
    for link in floor.links:
        stop = way.nearest(valid, link.at, 6.0)
        if stop is not None:
            keep[way.cells(stop)] = KEEP_FREE
    return keep


def _passage(way: Way, row: Sequence[int]) -> BaseGeometry:
    """The floor between the ends of a passage that is narrower than a way, or lies across the grid's lines; the search itself sees
    whether the ends are free.
    """
    ends = shapely.union_all([
        box(way.xs[i], way.ys[j], way.xs[way.reach_x[i]], way.ys[way.reach_y[j]]) for i, j in (row[:2], row[2:4])
    ])  # fmt: skip
    return shapely.convex_hull(ends).difference(ends)


def _goes_with_its_wall(floor: Floor, opening: Opening) -> bool:
    """Whether a room door stands in a removable partition alone: a zone may take its place, wall and all."""
    if opening.role != OpeningRole.ROOM or opening.is_exterior:
        return False
    near = [wall for wall in floor.of_kind(ObstacleKind.WALL) if wall.area.distance(opening.line) < BESIDE_M]
    return bool(near) and not any(wall.is_fixed for wall in near)
