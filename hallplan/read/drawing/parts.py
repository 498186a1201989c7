"""What one block or the model space draws, and how a block's content is placed by its insert."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from ezdxf.math import Matrix44
from numpy.typing import NDArray

from hallplan.dxf import Lines
from hallplan.read.drawing.linework import (
    ASIDE,
    BlockUse,
    Dimension,
    Floats,
    Ints,
    Label,
    Linework,
    Ring,
    arc_points,
    first_of_each,
    moved_corners,
)


@dataclass(slots=True)
class Part:
    """What one block, or the model space, draws in its own coordinates; layer "0" takes the layer of the insert."""

    segments: list[tuple[float, float, float, float]] = field(default_factory=list)
    segment_layer: list[str] = field(default_factory=list)
    is_curve: list[bool] = field(default_factory=list)
    arcs: list[tuple[float, float, float, float, float]] = field(default_factory=list)
    arc_layer: list[str] = field(default_factory=list)
    circles: list[tuple[float, float, float]] = field(default_factory=list)
    circle_layer: list[str] = field(default_factory=list)
    rings: list[Ring] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    blocks: list[BlockUse] = field(default_factory=list)
    dimensions: list[Dimension] = field(default_factory=list)
    lifted: Lines | None = None
    corners: Floats | None = None

    def settle(self) -> None:
        """Turns lines lifted out of the file into lines like any other, as a block's content must be."""
        if self.lifted is not None:
            self.segments.extend(map(tuple, self.lifted.segments.tolist()))
            self.segment_layer.extend(self.lifted.layers[n] for n in self.lifted.layer.tolist())
            self.is_curve.extend([False] * len(self.lifted.layer))
            self.lifted = None

    def line(self, layer: str, a: tuple[float, float], b: tuple[float, float]) -> None:
        self.segments.append((a[0], a[1], b[0], b[1]))
        self.segment_layer.append(layer)
        self.is_curve.append(False)

    def chain(self, layer: str, points: Floats, is_curve: bool) -> None:
        count = len(points) - 1
        if count > 0:
            self.segments.extend(map(tuple, np.hstack([points[:-1], points[1:]]).tolist()))
            self.segment_layer.extend([layer] * count)
            self.is_curve.extend([is_curve] * count)


def put_arc(part: Part, layer: str, centre: tuple[float, float], radius: float, angles: tuple[float, float]) -> None:
    start = angles[0] % 360.0
    sweep = (angles[1] - angles[0]) % 360.0 or 360.0
    part.arcs.append((centre[0], centre[1], radius, start, start + sweep))
    part.arc_layer.append(layer)


def place_block(part: Part, block: Part, matrix: Matrix44, layer: str, name: str) -> None:
    """Adds a block's content through the insert's matrix; skewed arcs become chains of segments."""

    def inherit(own: str) -> str:
        return layer if own == "0" else layer + ASIDE if own == f"0{ASIDE}" else own

    a, b, c, d = matrix[0, 0], matrix[0, 1], matrix[1, 0], matrix[1, 1]
    shift = np.array([matrix[3, 0], matrix[3, 1]])
    turn = np.array([[a, b], [c, d]])

    def move(points: Floats) -> Floats:
        return np.asarray(points @ turn + shift)

    boxes: list[Floats] = []
    if block.segments:
        moved = move(np.asarray(block.segments, dtype=float).reshape(-1, 2))
        boxes.append(moved)
        part.segments.extend((x0, y0, x1, y1) for x0, y0, x1, y1 in moved.reshape(-1, 4).tolist())
        part.segment_layer.extend(map(inherit, block.segment_layer))
        part.is_curve.extend(block.is_curve)
    scale, other = math.hypot(a, b), math.hypot(c, d)
    is_similar = math.isclose(scale, other, rel_tol=1e-3) and abs(a * c + b * d) < 1e-3 * scale * other
    _place_round(part, block, (move, inherit), (scale, math.degrees(math.atan2(b, a)), a * d - b * c < 0, is_similar))
    for ring in block.rings:
        part.rings.append(Ring(move(ring.points), inherit(ring.layer), ring.is_hatch))
        boxes.append(part.rings[-1].points)
    for label in block.labels:
        x, y = move(np.asarray([label.at]))[0]
        part.labels.append(Label((float(x), float(y)), label.words, label.height * scale, inherit(label.layer)))
    for arc in block.arcs:
        boxes.append(move(arc_points(*arc)))
    for use in block.blocks:
        corners = move(np.asarray(use.box).reshape(2, 2))
        box = (*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist())
        part.blocks.append(BlockUse(use.name, inherit(use.layer), box, moved_corners(use.corners, move)))
    if boxes:
        every = np.vstack(boxes)
        box = (*every.min(axis=0).tolist(), *every.max(axis=0).tolist())
        part.blocks.append(BlockUse(name, layer, box, moved_corners(_corners(block), move)))


def _corners(block: Part) -> Floats:
    """The corners (4, 2) of the box of what a block draws, in its own coordinates; found once, however often it is placed."""
    if block.corners is not None:
        return block.corners
    lines = np.asarray(block.segments, dtype=float).reshape(-1, 2)
    every = np.vstack([lines, *(ring.points for ring in block.rings), *(arc_points(*arc) for arc in block.arcs)])
    (x0, y0), (x1, y1) = every.min(axis=0), every.max(axis=0)
    block.corners = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
    return block.corners


def _place_round(part: Part, block: Part, how: tuple[Any, Any], matrix: tuple[float, float, bool, bool]) -> None:
    (move, inherit), (scale, angle, is_mirrored, is_similar) = how, matrix
    for arc, own in zip(block.arcs, block.arc_layer, strict=True):
        if not is_similar:
            part.chain(inherit(own), move(arc_points(*arc)), is_curve=True)
            continue
        x, y = move(np.asarray([arc[:2]]))[0]
        start, end = (angle - arc[4], angle - arc[3]) if is_mirrored else (angle + arc[3], angle + arc[4])
        put_arc(part, inherit(own), (float(x), float(y)), arc[2] * scale, (start, end))
    for circle, own in zip(block.circles, block.circle_layer, strict=True):
        if is_similar:
            x, y = move(np.asarray([circle[:2]]))[0]
            part.circles.append((float(x), float(y), circle[2] * scale))
            part.circle_layer.append(inherit(own))
        else:
            part.chain(inherit(own), move(arc_points(*circle, 0.0, 360.0)), is_curve=True)


_MOST = 1e12
"""Coordinates beyond are damage: even in thousandths of a millimetre the globe is smaller."""

_REACH = 1000.0
"""Lines farther from the middle than a thousand times the reach of four fifths of all points are strays or damage."""


def as_linework(part: Part, proxies: int) -> Linework:
    """Returns a part as arrays; what is not finite or lies absurdly far from the rest is left out."""
    lifted = {part.lifted.layers[n] for n in np.unique(part.lifted.layer)} if part.lifted is not None else set()
    drawn = {*part.segment_layer, *part.arc_layer, *part.circle_layer, *(ring.layer for ring in part.rings)}
    names = sorted(drawn | lifted)
    index = {name: n for n, name in enumerate(names)}

    def layer_array(layers: Iterable[str]) -> Ints:
        return np.fromiter((index[name] for name in layers), dtype=np.int64)

    segments = np.asarray(part.segments, dtype=float).reshape(-1, 4)
    layer, is_curve = layer_array(part.segment_layer), np.asarray(part.is_curve, dtype=bool)
    if part.lifted is not None:
        segments = np.vstack([segments, part.lifted.segments])
        own = np.array([index.get(name, 0) for name in part.lifted.layers], dtype=np.int64)
        layer = np.concatenate([layer, own[part.lifted.layer]])
        is_curve = np.concatenate([is_curve, np.zeros(len(part.lifted.layer), dtype=bool)])
    arcs, circles = (np.asarray(rows, dtype=float).reshape(-1, n) for rows, n in ((part.arcs, 5), (part.circles, 3)))
    low, high = _reach(segments)
    keep = _within(segments, low, high) & (segments[:, :2] != segments[:, 2:]).any(axis=1)
    keep[keep] = first_of_each(segments[keep], layer[keep])
    keep_arcs = (
        _within(arcs[:, :2], low, high) & _is_radius(arcs[:, 2], low, high) & np.isfinite(arcs[:, 3:]).all(axis=1)
    )
    keep_circles = _within(circles[:, :2], low, high) & _is_radius(circles[:, 2], low, high)
    return Linework(
        tuple(name.removesuffix(ASIDE) for name in names),
        segments[keep],
        layer[keep],
        is_curve[keep],
        arcs[keep_arcs],
        layer_array(part.arc_layer)[keep_arcs],
        circles[keep_circles],
        layer_array(part.circle_layer)[keep_circles],
        _rings_within(part.rings, low, high),
        _labels_within(part.labels, low, high),
        tuple(use for use in part.blocks if _within(np.array([use.box]), low, high)[0]),
        tuple(one for one in part.dimensions if math.isfinite(one.measured)),
        proxies,
        aside=frozenset(n for n, name in enumerate(names) if name.endswith(ASIDE)),
    )


def _reach(segments: Floats) -> tuple[Floats, Floats]:
    """Returns the corners within which a drawing can lie, from where four fifths of its lines begin."""
    points = segments[:, :2]
    points = points[np.isfinite(points).all(axis=1) & (np.abs(points) < _MOST).all(axis=1)]
    if not len(points):
        return np.full(2, -_MOST), np.full(2, _MOST)
    middle = np.median(points, axis=0)
    reach = float(np.quantile(np.abs(points - middle).max(axis=1), 0.8))
    reach = _MOST if reach == 0.0 else _REACH * reach
    return np.maximum(middle - reach, -_MOST), np.minimum(middle + reach, _MOST)


def _within(rows: Floats, low: Floats, high: Floats) -> NDArray[np.bool_]:
    """Returns which rows of x, y, x, y… lie between two corners; what is no number does not."""
    points = rows.reshape(len(rows), rows.shape[1] // 2, 2)
    with np.errstate(invalid="ignore"):
        return np.asarray(((points >= low) & (points <= high)).all(axis=(1, 2)))


def _rings_within(rings: Sequence[Ring], low: Floats, high: Floats) -> tuple[Ring, ...]:
    """All rings asked at once: there may be hundreds of thousands of few points each."""
    if not rings:
        return ()
    outside = ~_within(np.concatenate([ring.points for ring in rings]), low, high)
    of_ring = np.repeat(np.arange(len(rings)), [len(ring.points) for ring in rings])
    is_out = np.bincount(of_ring[outside], minlength=len(rings)).tolist()
    return tuple(ring for ring, count in zip(rings, is_out, strict=True) if not count)


def _labels_within(labels: Sequence[Label], low: Floats, high: Floats) -> tuple[Label, ...]:
    inside = _within(np.array([one.at for one in labels], dtype=float).reshape(-1, 2), low, high).tolist()
    return tuple(one for one, is_in in zip(labels, inside, strict=True) if is_in and math.isfinite(one.height))


def _is_radius(radius: Floats, low: Floats, high: Floats) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return np.asarray((radius > 0.0) & (radius < (high - low).max()))
