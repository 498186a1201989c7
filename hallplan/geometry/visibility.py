"""What can be seen: exact visible areas, and sight tests between many points past many walls."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.errors import InputError
from hallplan.geometry.grid import SegmentGrid, pairs_clear
from hallplan.geometry.polygons import Floats, polygons_of, segments_of
from hallplan.terms import text

ON_WALL_M = 1e-9


def visible_area(outline: Polygon, obstacles: Iterable[BaseGeometry], point: Point | tuple[float, float]) -> Polygon:
    """Returns the part of a room that is seen from a point, as one polygon.

    outline: the room, holes are walls.  obstacles: polygons or lines that hide what lies behind; they may touch,
    overlap, share corners or stick out of the room.  point: in the room, or on a wall or corner.
    Raises InputError when the point lies outside the room or inside an obstacle.
    Source: angular sweep; between two successive vertex directions one wall is nearest, and the area is a triangle.
    """
    x, y = (point.x, point.y) if isinstance(point, Point) else (float(point[0]), float(point[1]))
    shapes = [shape for shape in obstacles if not shape.is_empty]
    solid = shapely.union_all([shape for shape in shapes if shapely.get_dimensions(shape) == 2])
    lines = [shape for shape in shapes if shapely.get_dimensions(shape) == 1]
    free = outline.difference(solid)
    eye = Point(x, y)
    if free.distance(eye) > ON_WALL_M:
        remedy = text("geometry.move_point")
        raise InputError.at(f"({x:.3f}, {y:.3f})", text("geometry.eye_not_free"), remedy=remedy)
    walls = shapely.union_all([shapely.boundary(outline), shapely.boundary(solid), *lines])
    segments = segments_of([shapely.line_merge(walls) if walls.geom_type == "MultiLineString" else walls])
    seen = _star(segments, x, y)
    if shapely.boundary(free).distance(eye) <= ON_WALL_M:
        return _from_wall(seen, free, eye)
    return Polygon(seen)


def _from_wall(ring: Floats, free: BaseGeometry, eye: Point) -> Polygon:
    """An eye on a wall looks into the wall as well: that part is cut off."""
    parts = polygons_of(shapely.make_valid(Polygon(ring)).intersection(free))
    near = [part for part in parts if part.distance(eye) <= ON_WALL_M]
    joined = shapely.union_all(near)
    return joined if isinstance(joined, Polygon) else (near[0] if near else Polygon())


def _star(segments: Floats, x: float, y: float) -> Floats:
    """Returns the ring of the star-shaped area seen from (x, y), (n, 2)."""
    ends = segments - np.array([x, y, x, y])
    a, b = ends[:, :2], ends[:, 2:]
    turn = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    # a wall that points at the eye hides nothing
    spread = np.hypot(b[:, 0] - a[:, 0], b[:, 1] - a[:, 1])
    kept = np.abs(turn) > ON_WALL_M * spread
    a, b, turn = a[kept], b[kept], turn[kept]
    flip = turn < 0
    a, b = np.where(flip[:, None], b, a), np.where(flip[:, None], a, b)
    start, end = np.arctan2(a[:, 1], a[:, 0]), np.arctan2(b[:, 1], b[:, 0])
    bearings = np.unique(np.concatenate([start, end]))
    nearest = _nearest(a, b, start, end, bearings)
    ring: Floats = np.asarray(_ring(a, b, start, end, bearings, nearest)) + np.array([x, y])
    return ring


def _nearest(a: Floats, b: Floats, start: Floats, end: Floats, bearings: Floats) -> NDArray[np.int64]:
    """Returns the nearest wall in each gap between successive bearings (the last gap wraps round), -1 where none."""
    count = len(bearings)
    first, last = np.searchsorted(bearings, start), np.searchsorted(bearings, end)
    spans = np.where(last >= first, last - first, last - first + count)
    wall = np.repeat(np.arange(len(a)), spans)
    offset = np.arange(spans.sum()) - np.repeat(np.cumsum(spans) - spans, spans)
    gap = (first[wall] + offset) % count
    following = np.where(gap + 1 < count, bearings[(gap + 1) % count], bearings[0] + 2 * np.pi)
    middle = (bearings[gap] + following) / 2
    reach = _reach(a[wall], b[wall], np.cos(middle), np.sin(middle))
    order = np.lexsort((wall, reach, gap))
    gaps, where = np.unique(gap[order], return_index=True)
    nearest = np.full(count, -1, dtype=np.int64)
    nearest[gaps] = wall[order][where]
    return nearest


def _reach(a: Floats, b: Floats, ux: Floats, uy: Floats) -> Floats:
    """Distance from the origin along (ux, uy) to the lines a–b."""
    dx, dy = b[:, 0] - a[:, 0], b[:, 1] - a[:, 1]
    return np.asarray((a[:, 0] * dy - a[:, 1] * dx) / (ux * dy - uy * dx))


def _ring(
    a: Floats, b: Floats, start: Floats, end: Floats, bearings: Floats, nearest: NDArray[np.int64]
) -> list[tuple[float, float]]:
    """Corner after corner anticlockwise; a wall's own end is taken as it is, not computed again."""
    ring: list[tuple[float, float]] = []
    count = len(bearings)
    for gap in range(count):
        wall, before, after = nearest[gap], nearest[gap - 1], nearest[(gap + 1) % count]
        if wall < 0:
            ring.append((0.0, 0.0))
            continue
        if wall != before:
            ring.append(_hit(a[wall], b[wall], bearings[gap], start[wall], end[wall]))
        if wall != after:
            ring.append(_hit(a[wall], b[wall], bearings[(gap + 1) % count], start[wall], end[wall]))
    return ring


def _hit(a: Floats, b: Floats, bearing: float, start: float, end: float) -> tuple[float, float]:
    if bearing == start:
        return float(a[0]), float(a[1])
    if bearing == end:
        return float(b[0]), float(b[1])
    ux, uy = np.cos(bearing), np.sin(bearing)
    dx, dy = b[0] - a[0], b[1] - a[1]
    # along the wall and not along the ray: stays on the wall for walls seen at a grazing angle
    share = (ux * a[1] - uy * a[0]) / (uy * dx - ux * dy)
    share = min(1.0, max(0.0, float(share)))
    return float(a[0] + share * dx), float(a[1] + share * dy)


class SightField:
    """Walls in a uniform grid, for sight tests between many pairs of points in compiled code.

    >>> field = SightField([Polygon([(4, 4), (6, 4), (6, 6), (4, 6)])])
    >>> field.clear([[0, 5], [0, 0]], [[10, 5], [10, 0]]).tolist()
    [False, True]
    """

    def __init__(self, walls: Iterable[BaseGeometry] | Floats, heights: Iterable[tuple[float, float]] = ()) -> None:
        """walls: shapes whose boundaries hide, or (n, 4) of x0, y0, x1, y1.

        heights: lower and upper edge of each of `walls`, none where all reach from the floor to the ceiling.
        """
        edges = tuple(heights)
        if isinstance(walls, np.ndarray):
            segments = np.ascontiguousarray(walls, dtype=np.float64)
            spans = np.array(edges, dtype=np.float64) if edges else None
        else:
            parts = [segments_of([shape]) for shape in walls]
            segments = np.ascontiguousarray(np.vstack([np.empty((0, 4)), *parts]))
            spans = np.repeat(np.array(edges), [len(part) for part in parts], axis=0) if edges else None
        self.grid = SegmentGrid(segments, spans)

    def clear(self, eyes: Floats | list[list[float]], marks: Floats | list[list[float]]) -> NDArray[np.bool_]:
        """Returns for each pair whether the straight line from eye to mark meets no wall; touching one counts as met.

        eyes, marks: (n, 2), or (n, 3) with heights; one of them may be a single row for all.
        """
        (a, az), (b, bz) = _apart(eyes), _apart(marks)
        count = max(len(a), len(b))
        if len(a) not in (1, count) or len(b) not in (1, count):
            raise ValueError(f"eyes and marks do not pair: {len(a)} and {len(b)}")
        found: NDArray[np.bool_] = pairs_clear(a, az, b, bz, count if len(a) and len(b) else 0, *self.grid.arrays)
        return found


def _apart(points: Floats | list[list[float]]) -> tuple[Floats, Floats]:
    """Places (n, 2) and heights (n,), or (1,) where none are given."""
    xyz = np.atleast_2d(np.asarray(points, dtype=np.float64))
    heights = xyz[:, 2] if xyz.shape[1] == 3 else np.zeros(1)
    return np.ascontiguousarray(xyz[:, :2]), np.ascontiguousarray(heights)
