"""Walls that are not drawn as lines: arcs and circles on wall layers as chords, filled wall hatches as their edges."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hallplan.read.drawing.doors import swings
from hallplan.read.drawing.layers import LayerKinds
from hallplan.read.drawing.linework import Floats, Ints, Linework
from hallplan.read.drawing.vocabulary import sizes, span

WALLS = ("wall", "structure", "window", "outline", "room")
_STEPS_DEG = (9.0, 6.0, 4.5, 3.0, 2.0, 1.5, 1.0)


def with_curved_walls(work: Linework, kinds: LayerKinds) -> Linework:
    """Returns a drawing in metres with arcs and circles of wall layers as chords too, and wall hatches as lines.

    Swings of doors stay arcs. Where no layer says wall, arcs of unnamed layers count as well.
    """
    is_named = kinds.mask(work.segment_layer, "wall", "structure", "outline").sum() >= 4
    wanted = WALLS if is_named else (*WALLS, "other")
    arcs = kinds.mask(work.arc_layer, *wanted) & ~swings(work, span("doors", "ajar_deg")[0])
    circles = kinds.mask(work.circle_layer, *wanted) & (work.circles[:, 2] > span("columns", "side_m")[1] / 2)
    rows = [(*_chords(*arc), layer) for arc, layer in zip(work.arcs[arcs].tolist(), work.arc_layer[arcs], strict=True)]
    for (x, y, radius), layer in zip(work.circles[circles].tolist(), work.circle_layer[circles], strict=True):
        rows.append((*_chords(x, y, radius, 0.0, 360.0), layer))
    rows += [(edges, False, layer) for edges, layer in _hatch_edges(work, kinds)]
    return _extended(work, rows) if rows else work


def _chords(x: float, y: float, radius: float, start: float, end: float) -> tuple[Floats, bool]:
    """Returns the chords (n, 4) of an arc, broken at round angles so that arcs about one centre have parallel chords."""
    reach = 2.0 * np.degrees(np.arccos(1.0 - min(1.0, sizes("walls")["sagitta_m"] / max(radius, 1e-6))))
    step = next((step for step in _STEPS_DEG if step <= reach), _STEPS_DEG[-1])
    inner = np.arange(np.ceil(start / step + 0.01), np.floor(end / step - 0.01) + 1.0) * step
    angles = np.radians(np.r_[start, inner, end])
    points = np.column_stack([x + radius * np.cos(angles), y + radius * np.sin(angles)])
    return np.hstack([points[:-1], points[1:]]), True


def _hatch_edges(work: Linework, kinds: LayerKinds) -> list[tuple[Floats, int]]:
    """Returns the edges of hatches on wall layers that are as thin as walls or stand free, with their layer's index."""
    index = {name: n for n, name in enumerate(work.layers)}
    is_named = any(kind in ("wall", "structure") for kind in kinds.kinds)
    found = []
    for ring in work.rings:
        kind = kinds.kind(ring.layer)
        is_wall = kind in ("wall", "structure") or (not is_named and kind == "other" and _is_thin(ring.points))
        if ring.is_hatch and is_wall and len(ring.points) > 2:
            edges = np.hstack([ring.points, np.roll(ring.points, -1, axis=0)])
            found.append((edges, index.get(ring.layer, -1)))
    return [(edges, layer) for edges, layer in found if layer >= 0]


def _is_thin(points: Floats) -> bool:
    """Returns whether a filled area is as thin as a wall, and several times as long."""
    low, high = span("walls", "typical_m")
    x, y = points.T
    area = abs(float(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))) / 2
    girth = float(np.hypot(*(np.roll(points, -1, axis=0) - points).T).sum())
    thick = 2.0 * area / max(girth - 2.0 * low, 1e-9)
    return low <= thick <= high and girth > 6.0 * thick


def _extended(work: Linework, rows: list[tuple[Floats, bool, int]]) -> Linework:
    segments = np.vstack([edges for edges, _, _ in rows])
    counts = [len(edges) for edges, _, _ in rows]
    keep = np.hypot(*(segments[:, 2:] - segments[:, :2]).T) > 1e-6
    layer: Ints = np.repeat([int(row[2]) for row in rows], counts)[keep]
    curve = np.repeat([row[1] for row in rows], counts)[keep]
    return replace(
        work,
        segments=np.vstack([work.segments, segments[keep]]),
        segment_layer=np.r_[work.segment_layer, layer],
        is_curve=np.r_[work.is_curve, curve],
    )
