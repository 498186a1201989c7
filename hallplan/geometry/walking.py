"""Exact shortest ways that keep a clearance, on the visibility graph of the offset free space."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.errors import InputError
from hallplan.geometry.graph import Corners, Links, corner_graph, links_from, spread
from hallplan.geometry.grid import GridArrays, SegmentGrid, is_clear
from hallplan.geometry.polygons import Floats, nearest_in, polygons_of, segments_of
from hallplan.terms import text

SLACK_M = 1e-7
"""Walls stand this far outside the offset free space, so that ways along its edges and round its corners are clear."""
ON_EDGE_M = 1e-6
FLAT = 1e-9
QUARTER_SEGMENTS = 8

Place = tuple[float, float]
Counts = NDArray[np.int64]


class ShortestPath(NamedTuple):
    """A way: its corners from start to end, and its length; in the unit of the free space."""

    points: tuple[Place, ...]
    length: float


def shortest_path(free: BaseGeometry, start: Place | Point, end: Place | Point, clearance_m: float) -> ShortestPath:
    """Returns the shortest way from start to end on which every point is at least `clearance_m` from what is not free.

    free: polygon or multipolygon of free ground.  Round corners are followed by chords of arcs (8 a quarter turn).
    Raises InputError saying why when start or end has no such clearance, or when no way joins them.
    """
    return Walkable(free, clearance_m).path(start, end)


class Walkable:
    """Free ground less a clearance, made ready once for many ways.

    >>> room = Walkable(shapely.box(0, 0, 10, 10).difference(shapely.box(4, 0, 6, 6)), 0.0)
    >>> round(room.path((2, 2), (8, 2)).length, 3)
    10.944
    """

    def __init__(self, free: BaseGeometry, clearance: float, quarter_segments: int = QUARTER_SEGMENTS) -> None:
        """quarter_segments: chords that a round corner of 90° is drawn with."""
        self.free, self.clearance = free, clearance
        if clearance > 0:
            inner = shapely.buffer(free, -clearance, quad_segs=quarter_segments)
        else:
            inner = shapely.buffer(free, -SLACK_M, join_style="mitre")
        self.parts: list[Polygon] = polygons_of(inner)
        self.area = shapely.MultiPolygon(self.parts)
        self._shapes = np.array(self.parts, dtype=object)
        shapely.prepare(self.area)

    # where nobody finds a way, no one asks for these
    @cached_property
    def _grid(self) -> GridArrays:
        walls = [shapely.buffer(part, SLACK_M / 2, join_style="mitre") for part in self.parts]
        return SegmentGrid(segments_of(walls)).arrays

    @cached_property
    def _corners(self) -> Corners:
        return _corners(self.parts)

    @cached_property
    def _graph(self) -> Links:
        return corner_graph(self._corners, self._grid)

    def distances_to_parts(self, point: Place) -> Floats:
        """Returns how far a point is from each connected part, (n,)."""
        return np.asarray(shapely.distance(self._shapes, Point(point))) if self.parts else np.empty(0)

    def part_of(self, point: Place) -> int:
        """Returns the number of the connected part that a point lies in, -1 when it lies in none."""
        near = np.flatnonzero(self.distances_to_parts(point) <= ON_EDGE_M)
        return int(near[0]) if len(near) else -1

    def snap(self, point: Place, part: int | None = None) -> Place:
        """Returns the nearest point of the ground with clearance, or of one connected part of it.

        Raises InputError when nothing is left of the ground.
        """
        if not self.parts:
            raise InputError.at(f"({point[0]:.2f}, {point[1]:.2f})", self._no_room(), remedy=text("geometry.widen"))
        return nearest_in(self.area if part is None else self.parts[part], point)

    def path(self, start: Place | Point, end: Place | Point) -> ShortestPath:
        """Returns the shortest way; raises InputError as shortest_path does."""
        a, b = self._require(start, "geometry.path_start"), self._require(end, "geometry.path_end")
        if a == b:
            return ShortestPath((a,), 0.0)
        straight = float(np.hypot(b[0] - a[0], b[1] - a[1]))
        if self.part_of(a) != self.part_of(b):
            where = f"({a[0]:.2f}, {a[1]:.2f}) → ({b[0]:.2f}, {b[1]:.2f})"
            found = text("geometry.unreachable", clearance=self.clearance, ax=a[0], ay=a[1], bx=b[0], by=b[1])
            raise InputError.at(where, found, remedy=text("geometry.widen"))
        if is_clear(*a, 0.0, *b, 0.0, *self._grid):
            return ShortestPath((a, b), straight)
        return self._round_corners(a, b)

    def _round_corners(self, a: Place, b: Place) -> ShortestPath:
        nodes = self._corners[0]
        rows, ends, lengths = links_from(np.array([a, b]), self._corners, self._grid)
        tail = np.full(len(nodes), np.inf)
        tail[ends[rows[1] :]] = lengths[rows[1] :]
        rest = np.hypot(nodes[:, 0] - b[0], nodes[:, 1] - b[1])
        far, came, last = spread(ends[: rows[1]], lengths[: rows[1]], rest, tail, self._graph)
        if last < 0:
            found = text("geometry.unreachable", clearance=self.clearance, ax=a[0], ay=a[1], bx=b[0], by=b[1])
            raise InputError.at(f"({a[0]:.2f}, {a[1]:.2f})", found, remedy=text("geometry.widen"))
        way, length, at = [b], float(far[last] + tail[last]), int(last)
        while at >= 0:
            way.append((float(nodes[at, 0]), float(nodes[at, 1])))
            at = int(came[at])
        return ShortestPath((a, *reversed(way)), length)

    def distances(self, goals: Sequence[Place], points: Floats) -> Floats:
        """Returns for each of `points` (n, 2) the length of the way to each of `goals`, (n_goals, n), inf for none.

        Points and goals without the clearance are taken to the nearest place that has it, which adds the step there.
        """
        if not self.parts or not len(points):
            return np.full((len(goals), len(points)), np.inf)
        stands, steps = self._stand(points)
        spots, approach = self._stand(np.array(goals, dtype=np.float64).reshape(-1, 2))
        rows, ends, lengths = links_from(stands, self._corners, self._grid)
        found = np.empty((len(goals), len(points)))
        for g, spot in enumerate(spots):
            found[g] = self._lengths_to(spot, stands, rows, ends, lengths) + steps + approach[g]
        return found

    def _stand(self, points: Floats) -> tuple[Floats, Floats]:
        lines = shapely.get_coordinates(shapely.shortest_line(self.area, shapely.points(points)))
        stands = np.ascontiguousarray(lines[::2])
        return stands, np.hypot(*(stands - points).T)

    def _lengths_to(self, spot: Floats, stands: Floats, rows: Counts, ends: Counts, lengths: Floats) -> Floats:
        nodes = self._corners[0]
        _, first, first_lengths = links_from(spot.reshape(1, 2), self._corners, self._grid)
        nothing, never = np.zeros(len(nodes)), np.full(len(nodes), np.inf)
        far, _, _ = spread(first, first_lengths, nothing, never, self._graph)
        best = np.full(len(stands), np.inf)
        owner = np.repeat(np.arange(len(stands)), np.diff(rows))
        np.minimum.at(best, owner, far[ends] + lengths)
        for n, (x, y) in enumerate(stands):
            straight = float(np.hypot(x - spot[0], y - spot[1]))
            if straight < best[n] and is_clear(x, y, 0.0, spot[0], spot[1], 0.0, *self._grid):
                best[n] = straight
        return best

    def _require(self, place: Place | Point, role: str) -> Place:
        point = (place.x, place.y) if isinstance(place, Point) else (float(place[0]), float(place[1]))
        if not self.parts:
            raise InputError.at(text(role), self._no_room(), remedy=text("geometry.widen"))
        if self.part_of(point) >= 0:
            return point if shapely.intersects_xy(self.area, *point) else nearest_in(self.area, point)
        where = f"{text(role)} ({point[0]:.2f}, {point[1]:.2f})"
        x, y = nearest_in(self.area, point)
        remedy = text("geometry.nearest_spot", x=x, y=y)
        if not shapely.intersects_xy(self.free, *point):
            raise InputError.at(where, text("geometry.point_outside"), remedy=remedy)
        distance = shapely.boundary(self.free).distance(Point(point))
        found = text("geometry.point_too_near", distance=distance, clearance=self.clearance)
        raise InputError.at(where, found, remedy=remedy)

    def _no_room(self) -> str:
        return text("geometry.no_room", clearance=self.clearance)


def _corners(parts: Sequence[Polygon]) -> tuple[Floats, Floats, Floats]:
    """Returns the corners that ways can turn round (inside angle over 180°), and their neighbours; (n, 2) each."""
    nodes, before, after = [], [], []
    for part in parts:
        for number, ring in enumerate((part.exterior, *part.interiors)):
            # as an open line: a ring smaller than the slack would be no ring any more, which GEOS refuses
            line = shapely.linestrings(shapely.get_coordinates(ring))
            xy = shapely.get_coordinates(shapely.remove_repeated_points(line, SLACK_M))[:-1]
            last, following = np.roll(xy, 1, axis=0), np.roll(xy, -1, axis=0)
            u, v = xy - last, following - xy
            turn = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
            # shells anticlockwise and holes clockwise keep the free ground on the left: a right turn is a corner
            turn = turn if bool(shapely.is_ccw(ring)) == (number == 0) else -turn
            sharp = turn < -FLAT * np.hypot(*u.T) * np.hypot(*v.T)
            nodes.append(xy[sharp])
            before.append(last[sharp])
            after.append(following[sharp])
    if not nodes:
        return np.empty((0, 2)), np.empty((0, 2)), np.empty((0, 2))
    return np.vstack(nodes), np.vstack(before), np.vstack(after)
