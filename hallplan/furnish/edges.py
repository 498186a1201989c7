"""Edges of rooms as plain segments: which stretches lie along a wall that is there already."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.kept import kept
from hallplan.model.site import Floor

Spot = tuple[float, float]
_KEPT = 100
"""Of how many floors the walls of the building are kept: each room asks again."""
_PARALLEL = math.sin(math.radians(6.0))


@dataclass(frozen=True, slots=True)
class Edge:
    """A straight stretch from `a` to `b`; the room lies on its left, so `out` points away from it."""

    a: Spot
    b: Spot

    @property
    def length(self) -> float:
        """Its length in metres."""
        return math.dist(self.a, self.b)

    @property
    def way(self) -> Spot:
        """Unit vector from a to b."""
        return (self.b[0] - self.a[0]) / self.length, (self.b[1] - self.a[1]) / self.length

    @property
    def out(self) -> Spot:
        """Unit normal out of the room."""
        return self.way[1], -self.way[0]

    def at(self, along: float, beyond: float = 0.0) -> Spot:
        """Returns the point `along` metres from a and `beyond` metres out of the room."""
        (dx, dy), (nx, ny) = self.way, self.out
        return self.a[0] + dx * along + nx * beyond, self.a[1] + dy * along + ny * beyond

    def part(self, start: float, end: float) -> Edge:
        """Returns the stretch between two distances from a."""
        return Edge(self.at(start), self.at(end))

    def strip(self, start: float, end: float, inner: float, outer: float) -> Polygon:
        """Returns the rectangle along a stretch, from `inner` to `outer` metres out of the room."""
        return Polygon([self.at(start, inner), self.at(end, inner), self.at(end, outer), self.at(start, outer)])

    def line(self) -> LineString:
        """Returns it as a line."""
        return LineString([self.a, self.b])


class Walls:
    """Straight stretches of walls, found fast by place."""

    def __init__(self, lines: Iterable[BaseGeometry]) -> None:
        self.segments = [segment for line in lines for segment in _segments(line)]
        self._tree = shapely.STRtree([LineString(segment) for segment in self.segments])

    def along(self, edge: Edge, tol: float) -> list[tuple[float, float]]:
        """Returns the stretches of an edge, in metres from its start, that have a parallel wall within `tol`."""
        found = []
        for index in sorted(self._tree.query(edge.line().buffer(tol, cap_style="flat"))):
            p, q = self.segments[index]
            stretch = _beside(edge, p, q, tol)
            if stretch:
                found.append(stretch)
        return found

    def hit(self, start: Spot, way: Spot, reach: float) -> float | None:
        """Returns how far a ray runs before it meets a wall, None when it meets none within `reach`."""
        ray = LineString([start, (start[0] + way[0] * reach, start[1] + way[1] * reach)])
        meets = [ray.intersection(LineString(self.segments[i])) for i in sorted(self._tree.query(ray))]
        far = [shapely.Point(start).distance(meet) for meet in meets if not meet.is_empty]
        return min(far, default=None)


@kept(_KEPT)
def building_walls(floor: Floor) -> Walls:
    """Returns the walls around the usable floor."""
    return Walls([part.boundary for part in floor.usable.geoms])


def edges_of(area: Polygon, shortest: float = 0.05) -> list[Edge]:
    """Returns the outer edges of an area, anticlockwise, collinear points dropped."""
    ring = shapely.geometry.polygon.orient(area.simplify(1e-3)).exterior.coords
    edges = [Edge((a[0], a[1]), (b[0], b[1])) for a, b in pairwise(ring)]
    return [edge for edge in edges if edge.length >= shortest]


def bare(edge: Edge, covered: Sequence[tuple[float, float]], shortest: float) -> list[Edge]:
    """Returns the parts of an edge outside the covered stretches, short ones left out."""
    parts, at = [], 0.0
    for start, end in [*sorted(covered), (edge.length, edge.length)]:
        if start - at >= shortest:
            parts.append(edge.part(at, start))
        at = max(at, end)
    return parts


def _segments(line: BaseGeometry) -> list[tuple[Spot, Spot]]:
    found: list[tuple[Spot, Spot]] = []
    for part in shapely.get_parts(line):
        points = [(x, y) for x, y, *_ in part.coords]
        found += [(p, q) for p, q in pairwise(points) if p != q]
    return found


def _beside(edge: Edge, p: Spot, q: Spot, tol: float) -> tuple[float, float] | None:
    (dx, dy), length = edge.way, math.dist(p, q)
    if abs(dx * (q[1] - p[1]) - dy * (q[0] - p[0])) > _PARALLEL * length:
        return None
    spans, offs = [], []
    for x, y in (p, q):
        rx, ry = x - edge.a[0], y - edge.a[1]
        spans.append(rx * dx + ry * dy)
        offs.append(abs(rx * dy - ry * dx))
    start, end = max(0.0, min(spans)), min(edge.length, max(spans))
    return (start, end) if end > start and min(offs) <= tol else None
