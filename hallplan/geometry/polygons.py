"""Small helpers on shapely shapes that more than one room needs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]
_BESIDE_M = 0.1
"""What is nearer to a way than this lies along it."""
_NECK_M = 0.03
"""How much more and less than its width is looked at to find where a way is narrowest: it is known to 0.02 m."""


def polygons_of(shape: BaseGeometry) -> list[Polygon]:
    """Returns the polygons of a shape, none for lines and points, in a fixed order."""
    parts = [part for part in shapely.get_parts(shape) if not part.is_empty]
    found = [part for part in parts if isinstance(part, Polygon)]
    for part in parts:
        if isinstance(part, MultiPolygon):
            found.extend(polygons_of(part))
    return sorted(found, key=lambda area: (-round(area.area, 6), area.bounds))


def segments_of(shapes: Iterable[BaseGeometry]) -> Floats:
    """Returns the straight pieces of boundaries and lines, (n, 4) of x0, y0, x1, y1, those without length left out."""
    pieces = []
    for shape in shapes:
        for line in shapely.get_parts(shapely.get_parts(_as_lines(shape))):
            xy = shapely.get_coordinates(line)
            pieces.append(np.hstack([xy[:-1], xy[1:]]))
    if not pieces:
        return np.empty((0, 4))
    found = np.vstack(pieces)
    return np.ascontiguousarray(found[(found[:, :2] != found[:, 2:]).any(axis=1)])


def _as_lines(shape: BaseGeometry) -> BaseGeometry:
    return shapely.boundary(shape) if shapely.get_dimensions(shape) == 2 else shape


def heading_deg(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Returns the direction from start to end, degrees anticlockwise from east in [0, 360)."""
    return math.degrees(math.atan2(end[1] - start[1], end[0] - start[0])) % 360.0


def turn_deg(first: float, second: float) -> float:
    """Returns the turn from one heading to another in (-180, 180], left positive."""
    turn = (second - first) % 360.0
    return turn - 360.0 if turn > 180.0 else turn


def moved(point: tuple[float, float], heading: float, distance: float) -> tuple[float, float]:
    """Returns the point that lies `distance` from `point` in direction `heading` (degrees)."""
    angle = math.radians(heading)
    return point[0] + math.cos(angle) * distance, point[1] + math.sin(angle) * distance


def turned_box(at: tuple[float, float], along: float, across: float, facing: float) -> Polygon:
    """Returns the rectangle around `at` that looks to `facing`: `along` its front, `across` from front to back."""
    front = math.radians(facing)
    fx, fy = math.cos(front) * across / 2, math.sin(front) * across / 2
    sx, sy = -math.sin(front) * along / 2, math.cos(front) * along / 2
    x, y = at
    corners = [(1, 1), (1, -1), (-1, -1), (-1, 1)]
    return Polygon([(x + f * fx + s * sx, y + f * fy + s * sy) for f, s in corners])


def points_along(line: LineString, step: float) -> Floats:
    """Returns points on a line every `step`, its ends included, (n, 2)."""
    count = max(1, math.ceil(line.length / step - 1e-9))
    places = np.linspace(0.0, line.length, count + 1)
    return np.asarray(shapely.get_coordinates(shapely.line_interpolate_point(line, places)))


@contextmanager
def prepared(shape: BaseGeometry) -> Iterator[None]:
    """Prepares a shape for as long as many points are looked up in it, and no longer.

    Distances to a prepared shape differ in the last digit, and another process gets its copies bare.
    """
    was_prepared = shapely.is_prepared(shape)
    shapely.prepare(shape)
    try:
        yield
    finally:
        if not was_prepared:
            shapely.destroy_prepared(shape)


def grid_points(area: BaseGeometry, step: float) -> Floats:
    """Returns the points of a square grid that lie in an area, (n, 2), row by row."""
    if area.is_empty:
        return np.empty((0, 2))
    x0, y0, x1, y1 = area.bounds
    xs = np.arange(x0 + step / 2, x1, step) if x1 - x0 > step else np.array([(x0 + x1) / 2])
    ys = np.arange(y0 + step / 2, y1, step) if y1 - y0 > step else np.array([(y0 + y1) / 2])
    xy = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    with prepared(area):
        return np.ascontiguousarray(xy[shapely.contains_xy(area, xy[:, 0], xy[:, 1])])


def nearest_in(area: BaseGeometry, point: tuple[float, float]) -> tuple[float, float]:
    """Returns the point of an area nearest to `point`."""
    spot = shapely.shortest_line(area, Point(point))
    x, y = shapely.get_coordinates(spot)[0]
    return float(x), float(y)


def clear_width(
    area: Polygon, least_m: float, ends: Sequence[Point] = (), through: Sequence[Polygon] = (), most_m: float = 6.0
) -> float:
    """Returns the greatest width (m) at which a way through an area stays in one piece; `least_m` when it is no wider.

    ends: places that it leads to. Where two or more of these and of `through`, zones that one walks through too, lie along it, it is
    as wide as the widest way that comes to all of them.
    """
    walked = [zone for zone in through if area.distance(zone) < _BESIDE_M]
    beside = [*(end for end in ends if area.distance(end) < _BESIDE_M), *walked]
    whole = shapely.union_all([area, *walked]) if len(beside) > 1 else area
    low, high = least_m, most_m
    if not _leads_through(whole, low, beside):
        return low
    while high - low > 0.02:
        middle = (low + high) / 2
        low, high = (middle, high) if _leads_through(whole, middle, beside) else (low, middle)
    return round(low, 2)


def neck_of(area: BaseGeometry, width_m: float) -> Point | None:
    """Returns a place at which an area is just as wide as a width (m), one that joins wide parts of it where there is any; None when no
    part of it is.

    Such places are those that a way a little narrower covers and one a little wider does not.
    """
    narrow, wide = (_covered(area, width_m + more) for more in (-_NECK_M, _NECK_M))
    necks = polygons_of(shapely.union_all(narrow).difference(shapely.union_all(wide).buffer(1e-3)))
    joined = [sum(neck.distance(part) < _BESIDE_M for part in wide) for neck in necks]
    best = max(zip(joined, necks, strict=True), key=lambda found: (found[0], found[1].area), default=None)
    return None if best is None else best[1].representative_point()


def _covered(area: BaseGeometry, width_m: float) -> list[Polygon]:
    """What ways of some width cover of an area, in pieces."""
    return [part.buffer(width_m / 2, join_style="mitre") for part in _inner(area, width_m)]


def _inner(area: BaseGeometry, width_m: float) -> list[Polygon]:
    """Where the middle of a way of some width can lie, in pieces."""
    return polygons_of(area.buffer(-width_m / 2, join_style="mitre"))


def _leads_through(area: BaseGeometry, width_m: float, ends: Sequence[BaseGeometry]) -> bool:
    inner = _inner(area, width_m - 2e-3)
    if len(ends) < 2:
        return len(inner) == 1
    covered = (part.buffer(width_m / 2 + _BESIDE_M, join_style="mitre") for part in inner)
    return any(all(part.intersects(end) for end in ends) for part in covered)
