"""Ways of staff that leave their own ground only where they must, and cross the ways of visitors as seldom as can be."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from hallplan.flow.grounds import Grounds
from hallplan.flow.walks import Spot, Walk, drawn, same_part
from hallplan.geometry import Walkable
from hallplan.geometry.graph import Links, spread
from hallplan.geometry.polygons import Floats
from hallplan.model.shapes import Point
from hallplan.terms import read_data

Counts = NDArray[np.int64]
Bools = NDArray[np.bool_]
SHORT_CELLS = 3
"""Own ground touched for fewer cells than this is not worth turning into."""
_STEPS = ((1, 0), (0, 1), (1, 1), (1, -1))


class ApartWays:
    """Walks of staff through a layout, given the lines that visitors walk along on each floor."""

    def __init__(self, grounds: Grounds, lines: dict[str, BaseGeometry]) -> None:
        self.grounds, self.lines = grounds, lines
        self._made: dict[tuple[str, float], _Raster] = {}

    def walk(self, start: Spot, end: Spot, width_m: float) -> Walk | None:
        """Returns the way of least toll between two spots of a floor, None when they are not joined for that width.

        A metre of own ground counts once, of visitors' ground more, a visitors' line that is crossed as many metres.
        """
        whole = self.grounds.walkable(start.floor, "all", width_m)
        pair = same_part(whole, start, end)
        if pair is None:
            return None
        direct = whole.path(*pair).points
        raster = self._raster(start.floor, width_m)
        found = [(round(raster.toll_of(points), 3), points) for points in (direct, *raster.ways(*pair))]
        toll, points = min(found, key=lambda one: one[0])
        return replace(drawn(self.grounds, start, end, points), toll_m=toll)

    def _raster(self, floor: str, width_m: float) -> _Raster:
        key = floor, width_m
        if key not in self._made:
            whole, own = (self.grounds.walkable(floor, extent, width_m) for extent in ("all", "staff"))
            zones = self.grounds.public_zones(floor)
            self._made[key] = _Raster(whole, own, zones, self.lines.get(floor, LineString()))
        return self._made[key]


class _Raster:
    """The ground of a floor as cells that cost what walking there costs, and the way of least cost through them."""

    def __init__(self, whole: Walkable, own: Walkable, zones: BaseGeometry, lines: BaseGeometry) -> None:
        self.whole, self.own, self.zones, self.lines = whole, own, zones, lines
        self._tolls = read_data("flow.toml")["apart"]
        cell = self._tolls["cell_m"]
        x0, y0, x1, y1 = whole.area.bounds
        x, y = np.arange(x0, x1, cell), np.arange(y0, y1, cell)
        boxes = shapely.box(x[:, None], y[None, :], x[:, None] + cell, y[None, :] + cell)
        shapely.prepare(whole.area)
        walkable = np.asarray(shapely.intersects(whole.area, boxes))
        self._number = np.where(walkable, np.cumsum(walkable.ravel()).reshape(walkable.shape) - 1, -1)
        self.at = np.stack([np.broadcast_to(x[:, None], walkable.shape), np.broadcast_to(y, walkable.shape)], -1)
        self.at = np.ascontiguousarray(self.at[walkable] + cell / 2)
        self.is_own = self._touches(own.area, boxes[walkable])
        toll = self._toll(boxes[walkable], cell)
        self._links = _links(self._number, toll, cell)

    def _touches(self, shape: BaseGeometry, boxes: NDArray[np.object_]) -> Bools:
        """Which boxes a shape touches, its pieces looked up one by one: hundreds of ways at once are looked through for each box."""
        found = np.zeros(len(boxes), np.bool_)
        found[shapely.STRtree(boxes).query(shapely.get_parts(shape), predicate="intersects")[1]] = True
        return found

    def _toll(self, boxes: NDArray[np.object_], cell: float) -> Floats:
        """What a metre in each cell costs; two cells on each visitors' line hold the price of crossing it."""
        toll = np.where(self.is_own, 1.0, self._tolls["shared"])
        toll = np.where(~self.is_own & self._touches(self.zones, boxes), self._tolls["zones"], toll)
        return np.asarray(toll + self._touches(self.lines, boxes) * self._tolls["crossing_m"] / (2 * cell))

    @cached_property
    def _own_ground(self) -> BaseGeometry:
        """The ground of the staff with a hair around it, so that lines along its edge lie in it."""
        return self.own.area.buffer(1e-3)

    def toll_of(self, points: Sequence[Point]) -> float:
        """Returns what walking a line costs: its metres by the ground they lie on, and the lines it crosses."""
        if len(points) < 2:
            return 0.0
        line = LineString(points)
        own = line.intersection(self._own_ground).length
        among = line.difference(self._own_ground).intersection(self.zones).length
        shared = line.length - own - among
        cost = own + self._tolls["shared"] * shared + self._tolls["zones"] * among
        near = self._among.geometries[self._among.query(line, predicate="intersects")]
        return float(cost + self._tolls["crossing_m"] * _meetings(line, near))

    @cached_property
    def _among(self) -> shapely.STRtree:
        """The pieces of visitors' lines, to look up those that a line meets: all of them at once take long where there are many."""
        return shapely.STRtree(shapely.get_parts(self.lines))

    def ways(self, a: Point, b: Point) -> Iterator[tuple[Point, ...]]:
        """Yields the way of least toll as exact lines where it keeps to one ground, and as the cells have it."""
        cells = self._cells(a, b)
        if len(cells):
            yield self._exact(a, b, cells)
            middle = shapely.get_coordinates(shapely.simplify(LineString([a, *self.at[cells], b]), 0.1))
            yield tuple((float(x), float(y)) for x, y in middle)

    def _cells(self, a: Point, b: Point) -> Counts:
        """The cells of least toll from one place to another, none where they are not joined."""
        first, last = (int(np.argmin(np.hypot(*(self.at - place).T))) for place in (a, b))
        n = len(self.at)
        tail = np.full(n, np.inf)
        tail[last] = 0.0
        rest = np.hypot(*(self.at - self.at[last]).T)
        _, came, end = spread(np.array([first]), np.zeros(1), rest, tail, self._links)
        way = [end] if end == last else []
        while way and came[way[-1]] >= 0:
            way.append(int(came[way[-1]]))
        return np.array(way[::-1], np.int64)

    def _exact(self, a: Point, b: Point, cells: Counts) -> tuple[Point, ...]:
        """The shortest lines through each ground in turn, from where the cells change it to where they do again."""
        points: list[Point] = [a]
        runs = _runs(self.is_own[cells])
        for n, (is_own, _, stop) in enumerate(runs):
            goal = b if n == len(runs) - 1 else (float(self.at[cells[stop]][0]), float(self.at[cells[stop]][1]))
            points += self._piece(points[-1], goal, self.own if is_own else self.whole)[1:]
        return tuple(points)

    def _piece(self, start: Point, goal: Point, ground: Walkable) -> list[Point]:
        for walk in (ground, self.whole):
            if not walk.parts:
                continue
            ends = shapely.points([start, goal])
            gaps = [float(shapely.distance(part, ends).sum()) for part in walk.parts]
            part = int(np.argmin(gaps))
            if gaps[part] <= 2 * self._tolls["cell_m"]:
                return [start, *walk.path(walk.snap(start, part), walk.snap(goal, part)).points, goal]
        return [start, goal]


def _meetings(line: LineString, others: NDArray[np.object_]) -> int:
    """How often a line crosses others: places nearer to each other than a way's width are one."""
    found = line.intersection(shapely.multilinestrings(others))
    return len(shapely.get_parts(found.buffer(0.6))) if not found.is_empty else 0


def _runs(is_own: Bools) -> list[tuple[bool, int, int]]:
    """Stretches of one ground as (own, first, last), short ones of own ground within others counted with these."""
    edges = [0, *(np.flatnonzero(np.diff(is_own)) + 1).tolist(), len(is_own)]
    runs: list[tuple[bool, int, int]] = []
    for start, stop in itertools.pairwise(edges):
        own = bool(is_own[start]) and stop - start >= SHORT_CELLS
        if runs and runs[-1][0] == own:
            runs[-1] = (own, runs[-1][1], stop - 1)
        else:
            runs.append((own, start, stop - 1))
    return runs


def _links(number: NDArray[np.int64], toll: Floats, cell: float) -> Links:
    """The steps between neighbouring cells, eight from each, with what they cost."""
    starts, ends, costs = [], [], []
    for dx, dy in _STEPS:
        one, other = _shifted(number, dx, dy)
        joined = (one >= 0) & (other >= 0)
        if dx and dy:  # not round the corner of what is not free
            beside, across = _beside(number, dy)
            joined &= (beside >= 0) & (across >= 0)
        a, b = one[joined], other[joined]
        cost = cell * np.hypot(dx, dy) * (toll[a] + toll[b]) / 2
        starts += [a, b]
        ends += [b, a]
        costs += [cost, cost]
    start, end, cost = np.concatenate(starts), np.concatenate(ends), np.concatenate(costs)
    order = np.lexsort((end, start))
    rows = np.concatenate([[0], np.cumsum(np.bincount(start, minlength=len(toll)))]).astype(np.int64)
    return rows, end[order].astype(np.int64), cost[order]


def _shifted(number: NDArray[np.int64], dx: int, dy: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if dy < 0:
        return number[: number.shape[0] - dx, -dy:], number[dx:, :dy]
    return number[: number.shape[0] - dx, : number.shape[1] - dy], number[dx:, dy:]


def _beside(number: NDArray[np.int64], dy: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The two cells that a diagonal step passes between."""
    if dy < 0:
        return number[:-1, :-1], number[1:, 1:]
    return number[1:, :-1], number[:-1, 1:]
