"""A drawing as flat arrays: segments, arcs, circles, rings and texts."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ARC_STEP_DEG = 9.0
ASIDE = "\0"
"""Ends the layer name of lines whose linetype says that they are axes or hang above, until the drawing is arrays."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text with its place and height."""

    at: tuple[float, float]
    words: str
    height: float
    layer: str


@dataclass(frozen=True, slots=True)
class Ring:
    """A closed polyline or a hatch boundary; points (n, 2), not repeated."""

    points: Floats
    layer: str
    is_hatch: bool = False


Corners = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class BlockUse:
    """One insert of a block: its name, its layer, the upright box of what it draws, and the corners of the box that the block's own axes have."""

    name: str
    layer: str
    box: tuple[float, float, float, float]
    corners: Corners = ()


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension: measured length in drawing units, and the number written over it if any."""

    measured: float
    written: str


@dataclass(frozen=True, slots=True)
class Linework:
    """A drawing as arrays, in drawing units until scaled.

    segments: (n, 4) x0, y0, x1, y1.  segment_layer: (n,) index into `layers`.  is_curve: (n,) from an arc or curve.
    arcs: (m, 5) centre x, y, radius, start and end angle in degrees anticlockwise.  circles: (k, 3).
    aside: indices of layers whose lines are, by their linetype, axes or things above the floor.
    """

    layers: tuple[str, ...]
    segments: Floats
    segment_layer: Ints
    is_curve: NDArray[np.bool_]
    arcs: Floats
    arc_layer: Ints
    circles: Floats
    circle_layer: Ints
    rings: tuple[Ring, ...] = ()
    labels: tuple[Label, ...] = ()
    blocks: tuple[BlockUse, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    proxies: int = 0
    notes: tuple[str, ...] = ()
    aside: frozenset[int] = frozenset()

    @property
    def lengths(self) -> Floats:
        """Length of each segment."""
        return np.hypot(self.segments[:, 2] - self.segments[:, 0], self.segments[:, 3] - self.segments[:, 1])

    def near(self, box: tuple[float, float, float, float], lines: Ints) -> tuple[Linework, Ints]:
        """Returns what lies in or across a box, and where the given lines (indices) are in it."""
        x0, y0, x1, y1 = box
        low = np.minimum(self.segments[:, :2], self.segments[:, 2:])
        high = np.maximum(self.segments[:, :2], self.segments[:, 2:])
        keep = (high[:, 0] >= x0) & (low[:, 0] <= x1) & (high[:, 1] >= y0) & (low[:, 1] <= y1)
        keep[lines] = True

        def around(points: Floats, reach: Floats) -> NDArray[np.bool_]:
            x, y = points[:, 0], points[:, 1]
            return np.asarray((x + reach >= x0) & (x - reach <= x1) & (y + reach >= y0) & (y - reach <= y1))

        arcs, circles = around(self.arcs, self.arcs[:, 2]), around(self.circles, self.circles[:, 2])
        rings = _rings_meeting(self.rings, box)
        labels = tuple(label for label in self.labels if x0 <= label.at[0] <= x1 and y0 <= label.at[1] <= y1)
        blocks = tuple(
            b for b in self.blocks if b.box[2] >= x0 and b.box[0] <= x1 and b.box[3] >= y0 and b.box[1] <= y1
        )
        part = replace(
            self, segments=self.segments[keep], segment_layer=self.segment_layer[keep], is_curve=self.is_curve[keep],
            arcs=self.arcs[arcs], arc_layer=self.arc_layer[arcs], circles=self.circles[circles],
            circle_layer=self.circle_layer[circles], rings=rings, labels=labels, blocks=blocks,
        )  # fmt: skip
        return part, np.asarray(np.cumsum(keep)[lines] - 1)

    def moved(self, scale: float, turn_deg: float = 0.0, shift: tuple[float, float] = (0.0, 0.0)) -> Linework:
        """Returns the same drawing scaled, then turned anticlockwise, then shifted."""
        angle = math.radians(turn_deg)
        turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]]) * scale
        offset = np.asarray(shift)

        def move(points: Floats) -> Floats:
            # written out: a product of matrices so narrow is handed to threads that wait for one another
            x, y = points[:, :1], points[:, 1:]
            return np.asarray(x * turn[0] + y * turn[1] + offset)

        arcs, circles = self.arcs.copy(), self.circles.copy()
        arcs[:, :2], arcs[:, 2], arcs[:, 3:] = move(arcs[:, :2]), arcs[:, 2] * scale, arcs[:, 3:] + turn_deg
        circles[:, :2], circles[:, 2] = move(circles[:, :2]), circles[:, 2] * scale
        return replace(
            self,
            segments=move(self.segments.reshape(-1, 2)).reshape(-1, 4),
            arcs=arcs,
            circles=circles,
            rings=_moved_rings(self.rings, move),
            labels=_moved_labels(self.labels, move, scale),
            blocks=tuple(_moved_block(use, move) for use in self.blocks),
        )


def _rings_meeting(rings: Sequence[Ring], box: tuple[float, float, float, float]) -> tuple[Ring, ...]:
    if not rings:
        return ()
    points = np.concatenate([ring.points for ring in rings])
    starts = np.cumsum([0, *(len(ring.points) for ring in rings[:-1])])
    low, high = np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)
    meets = np.all((high >= np.array(box[:2])) & (low <= np.array(box[2:])), axis=1).tolist()
    return tuple(ring for ring, is_met in zip(rings, meets, strict=True) if is_met)


def _moved_rings(rings: Sequence[Ring], move: Callable[[Floats], Floats]) -> tuple[Ring, ...]:
    """All rings moved at once: there may be hundreds of thousands of few points each."""
    if not rings:
        return ()
    points = move(np.concatenate([ring.points for ring in rings]))
    ends = np.cumsum([len(ring.points) for ring in rings]).tolist()
    starts = [0, *ends[:-1]]
    return tuple(Ring(points[a:b], ring.layer, ring.is_hatch) for ring, a, b in zip(rings, starts, ends, strict=True))


def _moved_labels(labels: Sequence[Label], move: Callable[[Floats], Floats], scale: float) -> tuple[Label, ...]:
    if not labels:
        return ()
    places = move(np.asarray([label.at for label in labels])).tolist()
    return tuple(
        Label((x, y), label.words, label.height * scale, label.layer)
        for label, (x, y) in zip(labels, places, strict=True)
    )


def _moved_block(use: BlockUse, move: Callable[[Floats], Floats]) -> BlockUse:
    x0, y0, x1, y1 = use.box
    corners = move(np.asarray([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]))
    low, high = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    return BlockUse(use.name, use.layer, (low[0], low[1], high[0], high[1]), moved_corners(use.corners, move))


def moved_corners(corners: Floats | Sequence[tuple[float, float]], move: Callable[[Floats], Floats]) -> Corners:
    """Returns corners where a move puts them."""
    return tuple((x, y) for x, y in move(np.asarray(corners)).tolist()) if len(corners) else ()


def arc_points(x: float, y: float, radius: float, start_deg: float, end_deg: float) -> Floats:
    """Returns points (n, 2) along an arc, anticlockwise from start to end."""
    sweep = (end_deg - start_deg) % 360.0 or 360.0
    angles = np.radians(start_deg + np.linspace(0.0, sweep, max(2, math.ceil(sweep / ARC_STEP_DEG) + 1)))
    return np.column_stack([x + radius * np.cos(angles), y + radius * np.sin(angles)])


def first_of_each(segments: Floats, layer: Ints) -> NDArray[np.bool_]:
    """Returns which segments are not drawn before on their layer, to a millionth of the drawing's extent and in either direction."""
    mask = np.zeros(len(segments), dtype=bool)
    if len(segments):
        with np.errstate(invalid="ignore"):
            grid = max(float(np.nanpercentile(np.ptp(segments, axis=0), 50)), 1e-9) * 1e-7
            a, b = np.round(segments[:, :2] / grid), np.round(segments[:, 2:] / grid)
        swap = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
        rows = np.where(swap[:, None], np.hstack([b, a]), np.hstack([a, b]))
        rows = np.column_stack([rows, layer])
        mask[np.unique(rows, axis=0, return_index=True)[1]] = True
    return mask


def drawn(value: float) -> str:
    """Returns a coordinate of the drawing as a user would type it: to the millimetre or better in any unit."""
    shown = f"{value:.1f}" if abs(value) >= 10000.0 else f"{value:.3f}"
    shown = shown.rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown


def union(shapes: Sequence[BaseGeometry] | NDArray[np.object_]) -> BaseGeometry:
    """Returns the union of shapes, empty when there are none.

    Of a few large shapes, parts that do not touch are joined apart, which is faster; of many small ones that would
    leave pieces apart that touch within rounding. Mitred buffers may cross themselves; such shapes are made valid first.
    """
    few = np.asarray(shapes, dtype=object)
    try:
        return shapely.disjoint_subset_union_all(few) if len(few) < 8 else shapely.union_all(few)
    except shapely.errors.GEOSException:
        return shapely.union_all(shapely.make_valid(few), grid_size=1e-6)
