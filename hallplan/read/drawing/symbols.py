"""Shapes that mean something by themselves: door swings, stair treads, crossed boxes, columns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiPoint, Polygon, box

from hallplan.read.drawing.layers import LayerKinds
from hallplan.read.drawing.linework import Floats, Linework, union
from hallplan.read.drawing.vocabulary import sizes, span

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cross:
    """A box with both diagonals drawn; corners in order around it."""

    box: Polygon
    side_m: float


def unions(count: int, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Returns a group number for each of `count` things joined by pairs (n, 2)."""
    parent = list(range(count))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for a, b in pairs.tolist():
        first, second = sorted((root(a), root(b)))
        parent[second] = first
    return np.array([root(node) for node in range(count)], dtype=np.int64)


def close_pairs(segments: Floats, reach: float) -> NDArray[np.int64]:
    """Returns index pairs i < j (n, 2) of segments within `reach` of each other."""
    lines = shapely.linestrings(segments.reshape(-1, 2, 2))
    i, j = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=reach)
    return np.asarray(np.column_stack([i, j])[i < j])


def find_treads(segments: Floats, kind: str = "stairs") -> Bools:
    """Returns which segments (n, 4) are stair treads: at least five parallel lines of one length, evenly spaced.

    kind: section of the recognition data with the lengths and spacings; "patterns" finds paving and glass roofs.
    """
    mask = np.zeros(len(segments), dtype=bool)
    low, high = span(kind, "length_m")
    near, far = span(kind, "tread_m")
    lengths = np.hypot(*(segments[:, 2:] - segments[:, :2]).T)
    pick = np.flatnonzero((lengths >= low) & (lengths <= high))
    if len(pick) < sizes(kind)["treads"]:
        return mask
    some, size = segments[pick], lengths[pick]
    d = (some[:, 2:] - some[:, :2]) / size[:, None]
    middle = (some[:, 2:] + some[:, :2]) / 2
    a, b = _near_middles(middle, far)
    shift = middle[b] - middle[a]
    across = np.abs(d[a, 0] * shift[:, 1] - d[a, 1] * shift[:, 0])
    along = np.abs(d[a, 0] * shift[:, 0] + d[a, 1] * shift[:, 1])
    good = np.abs(d[a, 0] * d[b, 1] - d[a, 1] * d[b, 0]) < 0.02
    good &= (across > near) & (along < 0.15 * np.minimum(size[a], 2.0)) & (np.abs(size[a] - size[b]) < 0.12 * size[a])
    group = unions(len(pick), np.column_stack([a, b])[good])
    ids, counts = np.unique(group, return_counts=True)
    for n in ids[counts >= sizes(kind)["treads"]]:
        members = np.flatnonzero(group == n)
        if _is_even(middle[members], d[members[0]]):
            mask[pick[members]] = True
    return mask


def _near_middles(middle: Floats, far: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Returns index pairs i < j of points within `far` of each other, a little more for treads that are not square."""
    points = shapely.points(middle)
    i, j = shapely.STRtree(points).query(points, predicate="dwithin", distance=1.05 * far)
    return i[i < j], j[i < j]


def _is_even(middles: Floats, direction: Floats) -> bool:
    """Returns whether most steps across are one size; the edges of a landing or a wall beside it may differ."""
    steps = np.diff(np.unique(np.round(middles @ np.array([-direction[1], direction[0]]), 3)))
    steps = steps[steps > 0.05]
    if len(steps) < 4:
        return False
    alike = np.abs(steps - np.median(steps)) < 0.12 * np.median(steps)
    return int(alike.sum()) >= 4 and float(alike.mean()) >= 0.6


def find_flights(segments: Floats, treads: Bools, walls: Bools) -> list[Polygon]:
    """Returns the ground that each group of treads covers; flights side by side make one stair, on the two sides of a wall they are two.

    Layers named for stairs may hold aprons and ramps around the whole building: ground with few lines on it for its size is no flight, and
    is looked at again without its long lines, for a flight that these run past.
    """
    longest = span("stairs", "length_m")[1]
    found = []
    for lines, hull in _grounds(segments[treads], segments[walls]):
        if _is_ruled(lines, hull):
            found.append(hull)
            continue
        short = lines[np.hypot(*(lines[:, 2:] - lines[:, :2]).T) <= longest]
        found += [ground for some, ground in _grounds(short, segments[walls]) if _is_ruled(some, ground)]
    return found


def _grounds(lines: Floats, walls: Floats) -> Iterator[tuple[Floats, Polygon]]:
    """Yields the lines (n, 4) that lie together with no wall between them, and the smallest rectangle around them."""
    pairs = close_pairs(lines, sizes("stairs")["together_m"])
    group = unions(len(lines), pairs[~_are_walled_off(lines, pairs, walls)])
    for n in np.unique(group):
        own = lines[group == n]
        hull = shapely.minimum_rotated_rectangle(MultiPoint(own.reshape(-1, 2)))
        if hull.geom_type == "Polygon" and hull.area > 1.0:
            yield own, hull


def _are_walled_off(lines: Floats, pairs: NDArray[np.int64], walls: Floats) -> Bools:
    """Returns which pairs of lines have a wall between them: a face that their shortest link crosses, or both, where each is drawn over one.

    A link along a face, as of two treads that end on it, is none.
    """
    if not len(walls) or not len(pairs):
        return np.zeros(len(pairs), dtype=bool)
    drawn = shapely.linestrings(lines.reshape(-1, 2, 2))
    ends = shapely.get_coordinates(shapely.shortest_line(drawn[pairs[:, 0]], drawn[pairs[:, 1]])).reshape(-1, 2, 2)
    middle = ends.mean(axis=1)
    tree = shapely.STRtree(shapely.linestrings(walls.reshape(-1, 2, 2)))

    def on_face(places: Floats) -> Bools:
        found = np.zeros(len(places), dtype=bool)
        found[tree.query(shapely.points(places), predicate="dwithin", distance=0.01)[0]] = True
        return found

    is_within = on_face(ends[:, 0]) & on_face(ends[:, 1])
    crossed = np.zeros(len(pairs), dtype=bool)
    crossed[tree.query(shapely.linestrings(0.9 * ends + 0.1 * middle[:, None]), predicate="crosses")[0]] = True
    is_long = np.hypot(*(ends[:, 1] - ends[:, 0]).T) > 0.05
    return np.asarray(is_long & (crossed | (is_within & ~on_face(middle))))


def _is_ruled(lines: Floats, ground: Polygon) -> bool:
    """Whether the lines on some ground are as many as those of a flight with its landings."""
    return bool(np.hypot(*(lines[:, 2:] - lines[:, :2]).T).sum() >= sizes("stairs")["lines_per_m"] * ground.area)


def find_crosses(segments: Floats, least_m: float = 0.4) -> list[Cross]:
    """Returns boxes with both diagonals: pairs of equal segments that cross at their middles."""
    lengths = np.hypot(*(segments[:, 2:] - segments[:, :2]).T)
    pick = np.flatnonzero(lengths > least_m)
    if len(pick) < 2:
        return []
    middle = (segments[pick, 2:] + segments[pick, :2]) / 2
    points = shapely.points(middle)
    i, j = shapely.STRtree(points).query(points, predicate="dwithin", distance=0.03)
    i, j = i[i < j], j[i < j]
    d = (segments[pick, 2:] - segments[pick, :2]) / lengths[pick, None]
    same = np.abs(lengths[pick[i]] - lengths[pick[j]]) < 0.03 * lengths[pick[i]]
    slant = np.abs(d[i, 0] * d[j, 1] - d[i, 1] * d[j, 0])
    crosses = {}
    for a, b in zip(pick[i[same & (slant > 0.3)]], pick[j[same & (slant > 0.3)]], strict=True):
        corners = [segments[a, :2], segments[b, :2], segments[a, 2:], segments[b, 2:]]
        shape = Polygon(corners)
        short = min(np.hypot(*(corners[1] - corners[0])), np.hypot(*(corners[2] - corners[1])))
        crosses[tuple(np.round(shape.bounds, 2))] = Cross(shape, float(short))
    return [crosses[key] for key in sorted(crosses)]


def find_folds(segments: Floats) -> list[Polygon]:
    """Returns boxes of the bent line that stands for a void: two slanting lines that meet near one corner of it.

    Where a drawing has such lines, one of its arms may run along the box's edge elsewhere.
    """
    least, _ = span("crosses", "fold_m")
    delta = segments[:, 2:] - segments[:, :2]
    is_long = np.hypot(*delta.T) > least / 2
    slanting = np.flatnonzero(is_long & (np.abs(delta).min(axis=1) > 0.12))
    square = np.flatnonzero(is_long & (np.abs(delta).min(axis=1) <= 0.12))
    full = _bends(segments[slanting], segments[slanting], need_both=True)
    alone = slanting[~_has_partner(segments, slanting)] if full else slanting[:0]
    half = _bends(segments[alone], segments[square], need_both=False) if len(alone) else {}
    found = {key: corners for key, corners in (half | full).items() if _is_walled(corners, segments[square])}
    return [box(*found[key]) for key in sorted(found)]


def _is_walled(corners: tuple[float, ...], square: Floats) -> bool:
    """Returns whether lines along the axes run beside at least three sides of a box for most of their length."""
    rules, sides = sizes("crosses"), 0
    x0, y0, x1, y1 = corners
    for axis, at, (low, high) in ((0, x0, (y0, y1)), (0, x1, (y0, y1)), (1, y0, (x0, x1)), (1, y1, (x0, x1))):
        across, along = square[:, [axis, axis + 2]], np.sort(square[:, [1 - axis, 3 - axis]], axis=1)
        near = (np.abs(across - at).max(axis=1) < rules["beside_m"]) & (along[:, 0] < high) & (along[:, 1] > low)
        pieces = [LineString([(max(a, low), 0.0), (min(b, high), 0.0)]) for a, b in along[near].tolist()]
        sides += bool(union(pieces).length > rules["walled"] * (high - low)) if pieces else False
    return sides >= 3


def _bends(arms: Floats, others: Floats, *, need_both: bool) -> dict[tuple[float, ...], tuple[float, ...]]:
    """Returns boxes whose opposite corners two lines join, bent near a third corner, by their rounded corners.

    need_both: whether the bend lies off both sides of that corner.
    """
    least, most = span("crosses", "fold_m")
    found: dict[tuple[float, ...], tuple[float, ...]] = {}
    if not len(arms) or not len(others):
        return found
    ends, far = np.vstack([arms[:, :2], arms[:, 2:]]), np.vstack([others[:, :2], others[:, 2:]])
    i, j = shapely.STRtree(shapely.points(far)).query(shapely.points(ends), predicate="dwithin", distance=0.01)
    for a, b in zip(i.tolist(), j.tolist(), strict=True):
        knee = ends[a]
        p, q = ends[(a + len(arms)) % len(ends)], far[(b + len(others)) % len(far)]
        low, high = np.minimum(p, q), np.maximum(p, q)
        sides, off = high - low, np.minimum(knee - low, high - knee)
        bent = off > np.minimum(0.03 * sides, 0.2)
        is_bent = bent.all() if need_both else bent.any()
        if (
            is_bent
            and (off > -0.02).all()
            and (off < 0.3 * sides).all()
            and least <= sides.min()
            and sides.max() <= most
        ):
            found[tuple(np.round([*low, *high], 2).tolist())] = (*low.tolist(), *high.tolist())
    return found


def _has_partner(segments: Floats, picked: NDArray[np.int64]) -> Bools:
    """Returns which of some lines run beside a parallel one as the two faces of a wall do."""
    lines = shapely.linestrings(segments.reshape(-1, 2, 2))
    i, j = shapely.STRtree(lines).query(lines[picked], predicate="dwithin", distance=span("walls", "thickness_m")[1])
    delta = segments[:, 2:] - segments[:, :2]
    way = delta / np.maximum(np.hypot(*delta.T), 1e-9)[:, None]
    a, b = way[picked[i]], way[j]
    beside = (np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) < 0.01) & (picked[i] != j)
    beside &= np.hypot(*delta[j].T) > 0.5 * np.hypot(*delta[picked[i]].T)
    out = np.zeros(len(picked), dtype=bool)
    out[i[beside]] = True
    return out


def find_columns(work: Linework, kinds: LayerKinds) -> list[Polygon]:
    """Returns column sections: closed polylines, hatches and circles on column layers or four loose lines there."""
    low, high = span("columns", "side_m")
    rings = [r.points for r in work.rings if kinds.kind(r.layer) == "column"]
    on_layer = kinds.mask(work.segment_layer, "column")
    shapes = [shapely.make_valid(Polygon(points)) for points in rings if len(points) > 2]
    picked = work.segments[on_layer]
    if len(picked):
        group = unions(len(picked), close_pairs(picked, 0.005))
        order = np.argsort(group, kind="stable")
        starts = np.flatnonzero(np.r_[True, np.diff(group[order]) != 0])
        shapes += [MultiPoint(picked[m].reshape(-1, 2)).convex_hull for m in np.split(order, starts[1:])]
    circles = work.circles[kinds.mask(work.circle_layer, "column")]
    shapes += [shapely.Point(x, y).buffer(r, quad_segs=4) for x, y, r in circles.tolist()]
    good = [*(shape for shape in shapes if _is_column(shape, low, high)), *_posts(work, kinds)]
    return _merge(good or _loose_posts(work, kinds))


def _posts(work: Linework, kinds: LayerKinds) -> list[Polygon]:
    """Returns the sections of columns drawn on wall layers: squarish closed lines or hatches of one size, several of them."""
    rules, most = sizes("columns"), 2.0 * span("columns", "post_m")[1]
    found: dict[tuple[int, int], list[Polygon]] = {}
    for ring in work.rings:
        is_small = 3 < len(ring.points) < 9 and np.ptp(ring.points, axis=0).max() < most
        if is_small and kinds.kind(ring.layer) in ("wall", "structure"):
            shape = shapely.make_valid(Polygon(ring.points))
            short, long = rectangle_sides(shape)
            if _is_post(shape, short, long):
                found.setdefault((round(short * 20), round(long * 20)), []).append(shape)
    groups = [alike for alike in found.values() if len(alike) >= rules["posts"]]
    return [shape for alike in groups if not _at_desks(alike, work) for shape in alike]


def _loose_posts(work: Linework, kinds: LayerKinds) -> list[Polygon]:
    """Returns columns drawn as four lines on layers of walls or without a name: boxes of one size, several, well apart."""
    rules, (low, high) = sizes("columns"), span("columns", "post_m")
    lengths = work.lengths
    mask = kinds.mask(work.segment_layer, "wall", "structure", "other") & (lengths >= low) & (lengths <= high)
    found: dict[tuple[int, int], list[Polygon]] = {}
    for shape in _boxes(work.segments[mask & ~work.is_curve]):
        short, long = rectangle_sides(shape)
        if _is_post(shape, short, long):
            found.setdefault((round(short * 20), round(long * 20)), []).append(shape)
    groups = [alike for alike in found.values() if len(alike) > rules["posts"] and _stand_apart(alike)]
    return [shape for alike in groups if not _at_desks(alike, work) for shape in alike]


def _at_desks(alike: Sequence[Polygon], work: Linework) -> bool:
    """Returns whether most of the shapes have a desk close by that they do not touch, as chairs have: a longer closed line."""
    rules, (least, most) = sizes("columns"), span("columns", "desk_m")
    reach = [(ring, float(np.ptp(ring.points, axis=0).max())) for ring in work.rings if len(ring.points) > 2]
    desks = [Polygon(ring.points) for ring, far in reach if least <= far <= most]
    area = float(np.median([shape.area for shape in alike]))
    desks = [desk for desk in desks if desk.area > rules["desk_share"] * area]
    if not desks or _stand_apart(alike, "bay_m"):
        return False
    off = shapely.STRtree(desks).query_nearest(list(alike), return_distance=True, all_matches=False)[1]
    return bool(((off > 0.01) & (off < rules["chair_m"])).mean() > 0.6)


def _boxes(segments: Floats) -> list[Polygon]:
    """Returns the rectangles of four lines that meet at their ends, to a centimetre."""
    ends = np.round(segments.reshape(-1, 2) * 100.0).astype(np.int64).reshape(-1, 4)
    at: dict[tuple[int, int], set[tuple[int, int]]] = {}
    for x0, y0, x1, y1 in ends.tolist():
        if (x0, y0) != (x1, y1):
            at.setdefault((x0, y0), set()).add((x1, y1))
            at.setdefault((x1, y1), set()).add((x0, y0))
    found = {}
    for a, around in at.items():
        for b, d in combinations(sorted(around), 2):
            u, v = (b[0] - a[0], b[1] - a[1]), (d[0] - a[0], d[1] - a[1])
            is_square = abs(u[0] * v[0] + u[1] * v[1]) < 0.03 * math.hypot(*u) * math.hypot(*v)
            near = ((b[0] + v[0] + i, b[1] + v[1] + j) for i in (0, -1, 1) for j in (0, -1, 1))
            c = next((p for p in near if p in at.get(b, ()) and p in at.get(d, ())), None) if is_square else None
            if c is not None and a == min(a, b, c, d):
                found[frozenset((a, b, c, d))] = Polygon(np.array([a, b, c, d]) / 100.0)
    return list(found.values())


def _stand_apart(shapes: Sequence[Polygon], name: str = "apart_m") -> bool:
    """Returns whether most of the shapes stand as far from each other as columns do, which chairs and desks do not."""
    middles = [shape.centroid for shape in shapes]
    _, off = shapely.STRtree(middles).query_nearest(middles, return_distance=True, all_matches=False, exclusive=True)
    return bool(np.median(off) >= sizes("columns")[name])


def _is_post(shape: shapely.Geometry, short: float, long: float) -> bool:
    rules = sizes("columns")
    low, high = span("columns", "post_m")
    fits = low <= short and long <= min(high, rules["post_aspect"] * short)
    return bool(fits and shape.geom_type == "Polygon" and shape.area > 0.9 * short * long)


def _is_column(shape: shapely.Geometry, low: float, high: float) -> bool:
    if shape.geom_type != "Polygon" or shape.is_empty:
        return False
    a, b = rectangle_sides(shape)
    return low <= a and b <= high and b <= sizes("columns")["aspect"] * a


def rectangle_sides(shape: shapely.Geometry) -> tuple[float, float]:
    """Returns the short and the long side of the smallest rectangle around a shape."""
    hull = shapely.minimum_rotated_rectangle(shape)
    if hull.geom_type != "Polygon":
        return 0.0, float(shape.length)
    points = np.asarray(hull.exterior.coords)
    first, second = np.hypot(*(points[1] - points[0])), np.hypot(*(points[2] - points[1]))
    return float(min(first, second)), float(max(first, second))


def _merge(shapes: Sequence[Polygon]) -> list[Polygon]:
    """Returns shapes with those that overlap (a section drawn twice, a lining around it) made one."""
    if not shapes:
        return []
    merged = shapely.get_parts(union(list(shapes)))
    return sorted(
        (Polygon(part.exterior) for part in merged), key=lambda p: (round(p.bounds[0], 3), round(p.bounds[1], 3))
    )
