"""Wall bodies from paired lines, and which of them must stay."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.geometry.clipping import clipped
from hallplan.model.site import Opening
from hallplan.read.drawing.linework import Floats, union
from hallplan.read.drawing.symbols import close_pairs, unions
from hallplan.read.drawing.vocabulary import sizes, span
from hallplan.settings import Drawing

_PARALLEL = 0.035
_SLACK_M = 0.005
TOUCH_M = 0.05
"""A wall this near a place is the one meant by it."""


@dataclass(frozen=True, slots=True)
class Slab:
    """Straight pieces of wall: shapes (n,), thickness (n,) in metres, and whether each is on a structural layer."""

    shapes: NDArray[np.object_]
    thickness: Floats
    is_structural: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Walls:
    """Wall bodies of a floor, joined: outer walls, other fixed walls, removable partitions, and all of them."""

    outer: BaseGeometry
    fixed: BaseGeometry
    partitions: BaseGeometry
    every: BaseGeometry
    count: int


def pair_lines(
    segments: Floats, is_structural: NDArray[np.bool_], apart: tuple[float, float] | None = None
) -> tuple[Slab, Floats]:
    """Returns the slabs between parallel lines (n, 4) and, per line, the share of its length that faces another.

    apart: least and greatest distance in metres, that of walls unless given.
    """
    low, high = apart or span("walls", "thickness_m")
    count = len(segments)
    empty = Slab(np.zeros(0, dtype=object), np.zeros(0), np.zeros(0, dtype=bool))
    if count < 2:
        return empty, np.zeros(count)
    delta = segments[:, 2:] - segments[:, :2]
    size = np.hypot(delta[:, 0], delta[:, 1])
    d = delta / size[:, None]
    pairs = close_pairs(segments, high)
    i, j = np.where(size[pairs[:, 0]] >= size[pairs[:, 1]], pairs.T, pairs.T[::-1])
    parallel = np.abs(d[i, 0] * d[j, 1] - d[i, 1] * d[j, 0]) < _PARALLEL
    i, j = i[parallel], j[parallel]
    first, last = _along(segments, d, i, segments[j, :2]), _along(segments, d, i, segments[j, 2:])
    t0, t1 = np.maximum(np.minimum(first, last), 0.0), np.minimum(np.maximum(first, last), size[i])
    middle = (segments[j, :2] + segments[j, 2:]) / 2 - segments[i, :2]
    offset = d[i, 0] * middle[:, 1] - d[i, 1] * middle[:, 0]
    thick = np.abs(offset)
    good = (t1 - t0 > 0.04) & (thick >= low) & (thick <= high) & (t1 - t0 > 0.35 * np.minimum(thick, 0.3))
    i, j, t0, t1, offset, thick = (array[good] for array in (i, j, t0, t1, offset, thick))
    if not len(i):
        return empty, np.zeros(count)
    normal = np.column_stack([-d[i, 1], d[i, 0]]) * offset[:, None]
    a, b = segments[i, :2] + t0[:, None] * d[i], segments[i, :2] + t1[:, None] * d[i]
    rings = np.stack([a, b, b + normal, a + normal, a], axis=1)
    faced = np.zeros(count)
    np.add.at(faced, i, t1 - t0)
    np.add.at(faced, j, t1 - t0)
    slab = Slab(shapely.polygons(rings), thick, is_structural[i] & is_structural[j])
    return slab, np.minimum(faced / size, 1.0)


def _along(segments: Floats, d: Floats, i: NDArray[np.int64], points: Floats) -> Floats:
    shift = points - segments[i, :2]
    return np.asarray((shift * d[i]).sum(axis=1))


def build_walls(
    segments: Floats,
    is_structural: NDArray[np.bool_],
    outline: Polygon,
    rules: Drawing,
    kept: Sequence[BaseGeometry] = (),
) -> tuple[Walls, Floats]:
    """Returns the wall bodies of a floor and the lines (n, 4) that stand alone as single-line walls.

    Outer walls and structural ones always stay; others stay when at least `fixed_wall_m` thick, unless infill may go.
    kept: places in the plan frame; a partition that one of them touches stays.
    """
    slab, faced = pair_lines(segments, is_structural)
    outer = _is_outer(slab.shapes, outline)
    least_m = rules.fixed_wall_m - _SLACK_M
    sure = slab.is_structural | rules.keep_partitions | outer
    fixed = sure | ((slab.thickness >= least_m) & (not rules.remove_infill))
    fixed &= sure | ~_are_jambs(slab, fixed, least_m)
    lengths = np.hypot(*(segments[:, 2:] - segments[:, :2]).T)
    single = segments[(faced < 0.3) & (lengths > 0.3)]
    is_single_line = bool((faced * lengths).sum() < 0.3 * lengths.sum())
    lone = _lone_walls(single, outline, is_single_line)
    bodies = [_join(slab.shapes[mask]) for mask in (outer, ~outer & fixed, ~outer & ~fixed)]
    solid = union(bodies[:2])
    light = shapely.difference(union([bodies[2], lone]), solid)
    if rules.keep_partitions:
        bodies[1], light = union([bodies[1], light]), Polygon()
    if kept:
        stays = _touched([*slab.shapes[~outer & ~fixed], *shapely.get_parts(lone)], kept)
        bodies[1] = union([bodies[1], shapely.intersection(light, shapely.buffer(stays, TOUCH_M, join_style="mitre"))])
        light = shapely.difference(light, bodies[1])
    inner = shapely.difference(bodies[1], bodies[0])
    count = sum(_n_walls(body) for body in (bodies[0], inner, light))
    return Walls(bodies[0], inner, light, union([bodies[0], inner, light]), count), single


def with_doorways(walls: Walls, doors: Iterable[Opening]) -> Walls:
    """Returns the walls with an opening at each door that a fixed wall is drawn across, as where a door is put on a finished wall."""
    holes = union([hole for door in doors if (hole := _doorway(walls, door)) is not None])
    if holes.is_empty:
        return walls
    return replace(walls, fixed=shapely.difference(walls.fixed, holes), every=shapely.difference(walls.every, holes))


def _doorway(walls: Walls, door: Opening) -> BaseGeometry | None:
    """Returns what a door takes out of the wall across it, as wide as the door: of the wall that it lies in or on and no other.

    None where its line lies in a gap of a wall, or where something stands before or behind it.
    """
    rules = sizes("doorways")
    turn = math.radians(door.inward_deg - 90.0)
    square = round(turn / (math.pi / 2)) * (math.pi / 2)
    # a leaf that is drawn ajar tells its opening a little askew
    turn = square if abs(turn - square) < math.radians(rules["askew_deg"]) else turn
    (x, y), along, half = door.at, (math.cos(turn), math.sin(turn)), door.width_m / 2

    def at(far: float, off: float) -> tuple[float, float]:
        return x + far * along[0] - off * along[1], y + far * along[1] + off * along[0]

    opening, around = LineString([at(-half, 0.0), at(half, 0.0)]), rules["thick_m"]
    reach = shapely.buffer(opening, rules["reach_m"])
    solid = shapely.intersection(clipped(walls.fixed, reach.bounds), reach)
    near = shapely.buffer(solid, rules["beside_m"], join_style="mitre")
    if shapely.intersection(door.line, near).length < rules["along"] * door.line.length:
        return None
    jambs = [Point(at(side * (half + rules["jamb_m"]), 0.0)) for side in (-1.0, 1.0)]
    if not solid.intersects(Point(x, y)) and all(solid.intersects(jamb) for jamb in jambs):
        return None
    fronts = [LineString([at(0.0, side * around), at(0.0, side * rules["front_m"])]) for side in (-1.0, 1.0)]
    if any(clipped(walls.every, front.buffer(TOUCH_M).bounds).intersects(front) for front in fronts):
        return None
    whole = shapely.buffer(opening, around, cap_style="flat")
    pieces = shapely.get_parts(shapely.intersection(solid, whole))
    return union(pieces[shapely.dwithin(pieces, door.line, rules["beside_m"])])


def _are_jambs(slab: Slab, fixed: NDArray[np.bool_], least_m: float) -> NDArray[np.bool_]:
    """Which pieces are short ends of thinner walls, as beside their doors: the faces of both ends stand as far apart as those of a thick wall.

    They are shorter than a wall that stays is thick, make no long wall together (as the chords of a round one do), and no wall that stays
    runs into them or goes on beyond a door beside them.
    """
    lengths = shapely.area(slab.shapes) / slab.thickness
    is_short: NDArray[np.bool_] = fixed & (lengths < least_m)
    if not is_short.any():
        return is_short
    bodies = shapely.get_parts(shapely.buffer(union(slab.shapes[is_short]), TOUCH_M / 2, join_style="mitre"))
    rest = union(bodies[shapely.minimum_bounding_radius(bodies) > sizes("jambs")["longest_m"] / 2])
    shapely.prepare(rest)
    is_short &= ~shapely.intersects(rest, slab.shapes)
    is_short[is_short] = ~_go_on(slab.shapes[is_short], slab.shapes[fixed & (lengths >= least_m)])
    return is_short


def _go_on(short: NDArray[np.object_], long: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Which short pieces a long one runs into, or goes on from in their line as far off as a door is wide."""
    out, tree = np.zeros(len(short), dtype=bool), shapely.STRtree(long)
    out[tree.query(short, predicate="dwithin", distance=TOUCH_M)[0]] = True
    along, reach = _faces(short), sizes("jambs")["door_m"]
    way = (along[:, 1] - along[:, 0]) / np.hypot(*(along[:, 1] - along[:, 0]).T)[:, None]
    middle = shapely.get_coordinates(shapely.centroid(short))
    lines = shapely.linestrings(np.stack([middle - reach * way, middle + reach * way], axis=1))
    piece, other = tree.query(lines, predicate="intersects")
    other_way = _faces(long[other])[:, 1] - _faces(long[other])[:, 0]
    across = np.abs(other_way[:, 0] * way[piece, 1] - other_way[:, 1] * way[piece, 0])
    out[piece[across < _PARALLEL * np.hypot(*other_way.T)]] = True
    return out


def _faces(shapes: NDArray[np.object_]) -> Floats:
    """Returns the first side (n, 2, 2) of each piece, one of its faces."""
    return np.array([shape.exterior.coords[:2] for shape in shapes], dtype=float).reshape(-1, 2, 2)


def _touched(shapes: Sequence[BaseGeometry], places: Sequence[BaseGeometry]) -> BaseGeometry:
    """The straight pieces of wall at one of the places."""
    return union([shape for shape in shapes if any(shape.distance(place) <= TOUCH_M for place in places)])


def _is_outer(shapes: NDArray[np.object_], outline: Polygon) -> NDArray[np.bool_]:
    band = shapely.buffer(outline.exterior, sizes("walls")["exterior_m"] + 0.1, cap_style="flat", join_style="mitre")
    shapely.prepare(band)
    if not len(shapes):
        return np.zeros(0, dtype=bool)
    inside = np.asarray(shapely.contains_properly(band, shapes))
    some = np.flatnonzero(~inside & shapely.intersects(band, shapes))
    inside[some] = shapely.area(shapely.intersection(shapes[some], band)) > 0.6 * shapely.area(shapes[some])
    return inside


def _join(shapes: NDArray[np.object_]) -> BaseGeometry:
    """Returns the union with corners filled: pairs of lines leave out the square where two walls meet."""
    if not len(shapes):
        return Polygon()
    joined = union(shapes)
    closed = shapely.buffer(shapely.buffer(joined, 0.13, join_style="mitre"), -0.13, join_style="mitre")
    return union([joined, closed])


def _lone_walls(single: Floats, outline: Polygon, is_single_line: bool) -> BaseGeometry:
    """Returns bodies for lines that have no partner, away from the outer wall.

    Where a whole plan is drawn in single lines, those that end at the outer wall run up to it, so that rooms close.
    """
    if not len(single):
        return Polygon()
    lines = shapely.intersection(shapely.linestrings(single.reshape(-1, 2, 2)), outline)
    rim = shapely.buffer(outline.exterior, 0.3)
    inside = shapely.difference(lines, rim)
    if is_single_line:
        at_rim = shapely.length(lines) - shapely.length(inside)
        inside = np.where(at_rim < np.minimum(0.8, 0.4 * shapely.length(lines)), lines, inside)
    keep = inside[shapely.length(inside) > 0.3]
    half = sizes("walls")["single_m"] / 2
    return union(shapely.buffer(keep, half, cap_style="square")) if len(keep) else Polygon()


def _n_walls(body: BaseGeometry) -> int:
    return sum(part.area > 0.02 for part in shapely.get_parts(body))


def pieces(body: BaseGeometry, least_m2: float = 0.02) -> list[Polygon]:
    """Returns the separate polygons of a wall body, in a fixed order."""
    parts = [part for part in shapely.get_parts(body) if part.geom_type == "Polygon" and part.area >= least_m2]
    return sorted(parts, key=lambda part: tuple(round(v, 3) for v in part.bounds))


def open_up(shape: BaseGeometry, by: float) -> MultiPolygon:
    """Returns the shape less everything narrower than twice `by`."""
    opened = shapely.buffer(shapely.buffer(shape, -by, join_style="mitre"), by, join_style="mitre", mitre_limit=2.0)
    parts = [part for part in shapely.get_parts(shapely.intersection(opened, shape)) if part.geom_type == "Polygon"]
    return MultiPolygon(sorted(parts, key=lambda part: tuple(round(v, 3) for v in part.bounds)))


def joined_lines(segments: Floats) -> NDArray[np.int64]:
    """Returns a group number per line; lines that touch are one group."""
    return unions(len(segments), close_pairs(segments, 0.01))
