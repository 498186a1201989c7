"""The outer boundary of a building from loose lines: closed by sweeping radii until the area stands still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiLineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from hallplan.errors import Fault, PlanFileError
from hallplan.geometry.clipping import clipped
from hallplan.model.site import Gap
from hallplan.read.drawing.linework import first_of_each, union
from hallplan.read.drawing.vocabulary import sizes

Floats = NDArray[np.float64]
_TOUCH_M = 0.1


@dataclass(frozen=True, slots=True)
class Boundary:
    """An outline and the gaps that were closed to get it; `is_stable` False when no radius gave a standing area."""

    outline: Polygon
    gaps: tuple[Gap, ...]
    radius_m: float
    is_stable: bool
    is_given: bool = False


class OpenOutlineError(PlanFileError):
    """The outer wall does not close.

    gaps: the breaks, widest first, as numbered in the message; lines: the linework; both in metres in the drawing's axes.
    closed_m2: what the best closing holds.
    """

    gaps: tuple[Gap, ...] = ()
    lines: MultiLineString = MultiLineString()
    closed_m2: float = 0.0

    @classmethod
    def around(cls, fault: Fault, gaps: Sequence[Gap], lines: MultiLineString, closed_m2: float) -> OpenOutlineError:
        """Returns the error with what a picture of it shows."""
        error = cls(fault)
        error.gaps, error.lines, error.closed_m2 = tuple(gaps), lines, closed_m2
        return error


def thinned(segments: Floats, most: int) -> MultiLineString:
    """Returns the `most` longest of segments (n, 4), in their order."""
    lengths = np.hypot(*(segments[:, 2:] - segments[:, :2]).T)
    return as_lines(segments[np.sort(np.argsort(-lengths, kind="stable")[:most])])


def as_lines(segments: Floats) -> MultiLineString:
    """Returns segments (n, 4) as one multi-line."""
    return shapely.multilinestrings(shapely.linestrings(segments.reshape(-1, 2, 2)))


def grow(lines: BaseGeometry, radius: float) -> BaseGeometry:
    """Returns the lines thickened with square ends, which shrinking by the same radius undoes."""
    return union(shapely.buffer(shapely.get_parts(lines), radius, cap_style="square"))


def _fill(grown: BaseGeometry) -> BaseGeometry:
    """Returns the parts with their holes filled; only what is outside matters to an outline."""
    return union([Polygon(part.exterior) for part in shapely.get_parts(grown)])


@dataclass(slots=True)
class _Closings:
    """Lines thickened ever more, each time from what they were before: that has far fewer corners than the lines. radius: theirs now, m."""

    filled: BaseGeometry
    radius: float

    def at(self, radius: float) -> Polygon:
        """Returns what the lines close at a radius, no less than the one before."""
        if radius > self.radius:
            wider = shapely.buffer(self.filled, radius - self.radius, join_style="mitre", mitre_limit=2.0)
            self.filled, self.radius = _fill(wider), radius
        return _shrunk(self.filled, radius)


def _shrunk(filled: BaseGeometry, radius: float) -> Polygon:
    """Returns the largest part with its holes filled, shrunk back."""
    parts = [Polygon(part.exterior) for part in shapely.get_parts(filled)]
    if not parts:
        return Polygon()
    largest = max(parts, key=lambda part: part.area)
    return biggest(shapely.buffer(largest, -radius, join_style="mitre", mitre_limit=2.0))


def biggest(shape: BaseGeometry) -> Polygon:
    """Returns the largest polygon of a shape, empty when it has none."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return max(parts, key=lambda part: part.area) if parts else Polygon()


def find_boundary(segments: Floats, max_gap_m: float) -> Boundary:
    """Returns the boundary around wall, window, door and column lines (n, 4) in metres.

    The smallest radius is taken at which the area stays within 1 % at the next one and nearly all of the lines lie inside;
    where there is none, that which holds the most of them.  Wider gaps than asked for are closed where they are a slight
    part of the outline.
    """
    rules = sizes("outline")
    lines = as_lines(segments[first_of_each(segments, np.zeros(len(segments), dtype=np.int64))])
    thin = grow(lines, rules["radii_m"][0])
    closings = _Closings(_fill(thin), rules["radii_m"][0])
    radii, beyond = _radii(max_gap_m)
    found: list[tuple[float, Polygon]] = []
    best: tuple[float, float, Polygon] | None = None
    for radius in [*radii, *beyond[:1]]:
        shape = closings.at(radius)
        cover = _standing(found[-1][1], shape, lines) if found else 0.0
        if cover > (best[0] + 0.01 if best else 0.0):
            best = (cover, *found[-1])
        if best and best[0] >= rules["full_cover"]:
            break
        found.append((radius, shape))
    if best is not None:
        outline, gaps = _follow_lines(best[2], thin)
        return Boundary(outline, gaps, best[1], True)
    for radius in beyond[1:]:
        found.append((radius, closings.at(radius)))
    pick = next((f for n, f in enumerate(found[:-1]) if _standing(f[1], found[n + 1][1], lines)), None)
    radius, shape = pick or found[-1]
    outline, gaps = _follow_lines(shape, thin)
    is_slight = pick is not None and sum(gap.width_m for gap in gaps) <= rules["slight"] * outline.length
    if is_slight or _is_thin(lines.convex_hull):  # a single wall has no gap that could be closed
        return Boundary(outline, gaps, radius, True)
    return Boundary(outline, tuple(g for g in gaps if g.width_m > max_gap_m) or gaps, radius, False)


def _radii(max_gap_m: float) -> tuple[list[float], list[float]]:
    """Returns the radii that close gaps of up to `max_gap_m`, and wider ones to compare with."""
    every = sizes("outline")["radii_m"]
    radii = [r for r in every if 2 * r <= max_gap_m + 1e-9]
    if not radii or max_gap_m - 2 * radii[-1] > 0.2:
        radii.append(max_gap_m / 2 + 0.02)
    return radii, [r for r in every if r > radii[-1]] or [1.4 * radii[-1]]


def _is_thin(shape: BaseGeometry) -> bool:
    """Whether a shape is a wall's own: thinner on average than any room."""
    return bool(2.0 * shape.area < sizes("outline")["least_thick_m"] * shape.length)


def _standing(shape: Polygon, wider: Polygon, lines: BaseGeometry) -> float:
    """Returns the share of the lines inside a shape whose area stands still, 0.0 for any other or one with too few inside."""
    rules = sizes("outline")
    if _is_thin(shape):
        return 0.0
    if shape.area < rules["least_m2"] or abs(wider.area - shape.area) > rules["plateau"] * wider.area:
        return 0.0
    share = share_inside(shape, lines)
    return share if share >= rules["cover"] else 0.0


def share_inside(shape: Polygon, lines: BaseGeometry) -> float:
    """Returns the share of the length of lines, each taken at its middle, that lies in a shape or within 0.2 m of it."""
    parts = shapely.get_parts(lines)
    middles = shapely.line_interpolate_point(parts, 0.5, normalized=True)
    around = shapely.buffer(shape, 0.2)
    shapely.prepare(around)
    lengths = shapely.length(parts)
    return float((shapely.contains(around, middles) * lengths).sum() / max(lengths.sum(), 1e-9))


def _follow_lines(shape: Polygon, thin: BaseGeometry) -> tuple[Polygon, tuple[Gap, ...]]:
    """Returns the outline along the drawn lines, with straight closings where there are none, and those closings.

    A rolling closing rounds recesses off; only the stretches whose ends are not joined by lines nearby are real gaps.
    """
    radius = sizes("outline")["radii_m"][0]
    along = shapely.buffer(shape.exterior, 2 * _TOUCH_M, quad_segs=1)
    skin = _skin(shapely.intersection(thin, along), radius)
    loose = shapely.get_parts(shapely.line_merge(shapely.difference(shape.exterior, skin)))
    bridges = [bridge for piece in loose if (bridge := _bridge(piece, thin, radius)) is not None]
    tight = union([thin, *(grow(bridge, radius) for bridge in bridges)])
    outline = _shrunk(_fill(tight), radius)
    if outline.area < 0.9 * shape.area:
        outline = shape
    gaps = tuple(Gap((b.centroid.x, b.centroid.y), b.length) for b in bridges)
    return _tidy(outline), gaps


def _skin(thin: BaseGeometry, radius: float) -> BaseGeometry:
    """Returns lines thickened by a radius as thick as what touches them."""
    return shapely.buffer(thin, _TOUCH_M - radius, quad_segs=1)


def _bridge(piece: BaseGeometry, thin: BaseGeometry, radius: float) -> LineString | None:
    """Returns the straight closing of a loose stretch, None when lines near it, thickened by a radius, already join its ends."""
    ends = np.asarray(piece.coords)[[0, -1]]
    width = float(np.hypot(*(ends[1] - ends[0])))
    if width < 2 * _TOUCH_M:
        return None
    reach = max(0.8 * width, 0.5)
    x0, y0 = ends.min(axis=0) - reach
    x1, y1 = ends.max(axis=0) + reach
    around = clipped(thin, (x0 - _TOUCH_M, y0 - _TOUCH_M, x1 + _TOUCH_M, y1 + _TOUCH_M))
    near = shapely.get_parts(shapely.intersection(_skin(around, radius), box(x0, y0, x1, y1)))
    a, b = shapely.points(ends)
    if any(part.distance(a) < 0.02 and part.distance(b) < 0.02 for part in near):
        return None
    # the skin reaches past the ends of the walls by its thickness: the gap is that much wider on both sides
    along = (ends[1] - ends[0]) / width * _TOUCH_M
    return LineString([ends[0] - along, ends[1] + along])


def _tidy(outline: Polygon) -> Polygon:
    """Drops hairs and points that stand on a straight line."""
    opened = shapely.buffer(
        shapely.buffer(outline, -0.05, join_style="mitre"), 0.05, join_style="mitre", mitre_limit=2.0
    )
    return Polygon(biggest(shapely.simplify(opened, 0.005)).exterior)


def turn_of(segments: Floats) -> float:
    """Returns the main direction of walls in degrees, -45 to 45, weighted by length."""
    delta = segments[:, 2:] - segments[:, :2]
    lengths = np.hypot(delta[:, 0], delta[:, 1])
    angles = np.degrees(np.arctan2(delta[:, 1], delta[:, 0])) % 90.0
    counts, edges = np.histogram(angles, bins=180, range=(0.0, 90.0), weights=lengths)
    smooth = counts + np.roll(counts, 1) + np.roll(counts, -1)
    peak = edges[int(np.argmax(np.round(smooth, 6)))] + 0.25
    off = (angles - peak + 45.0) % 90.0 - 45.0
    near = np.abs(off) < 1.0
    angle = peak + float(np.average(off[near], weights=lengths[near])) if near.any() else peak
    angle = (angle + 45.0) % 90.0 - 45.0
    return 0.0 if abs(angle) < 0.02 else angle


_MOST_STEPS = 10_000_000
"""Lines that run for thousands of kilometres in all are followed in longer steps."""


def clusters(segments: Floats, apart_m: float) -> list[NDArray[np.int64]]:
    """Returns index arrays of segments that lie within about `apart_m` of one another, the most lines first.

    Found on a grid of half that size, so that it costs the same however tangled the lines are.
    """
    cell = apart_m / 2
    steps = np.maximum(1, np.ceil(np.hypot(*(segments[:, 2:] - segments[:, :2]).T) / (0.7 * cell)).astype(np.int64))
    steps = np.maximum(1, steps // max(1, int(steps.sum()) // _MOST_STEPS))
    owner = np.repeat(np.arange(len(segments)), steps + 1)
    begin = np.r_[0, np.cumsum(steps + 1)[:-1]]
    along = (np.arange(len(owner)) - begin[owner]) / steps[owner]
    points = segments[owner, :2] + along[:, None] * (segments[owner, 2:] - segments[owner, :2])
    cells, index = np.unique(np.floor(points / cell).astype(np.int64), axis=0, return_inverse=True)
    group = _join_cells(cells)[np.ravel(index)]
    of_segment = group[begin]
    ids, counts = np.unique(of_segment, return_counts=True)
    return [np.flatnonzero(of_segment == ids[n]) for n in np.argsort(-counts, kind="stable")]


def _join_cells(cells: NDArray[np.int64]) -> NDArray[np.int64]:
    """Returns a group number per grid cell; cells that touch, corners included, are one group."""
    at = {(x, y): n for n, (x, y) in enumerate(cells.tolist())}
    group = np.full(len(cells), -1, dtype=np.int64)
    for place, n in at.items():
        if group[n] >= 0:
            continue
        group[n], todo = n, [place]
        while todo:
            x, y = todo.pop()
            for near in ((x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)):
                other = at.get(near)
                if other is not None and group[other] < 0:
                    group[other] = n
                    todo.append(near)
    return group


def sweep_around(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """Returns the union of shapes, empty when there are none."""
    return union(list(shapes)) if shapes else Polygon()
