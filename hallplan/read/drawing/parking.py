"""Parking bays that a drawing shows beside the building: closed shapes, boxes of blocks or rows of lines on parking layers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from shapely.geometry import Point, Polygon, box
from shapely.strtree import STRtree

from hallplan.model.site import Bay, Floor
from hallplan.read.drawing.linework import Linework
from hallplan.read.drawing.vocabulary import matches, sizes, span

_SAME_SHARE = 0.5


def drawn_bays(work: Linework, floors: Sequence[Floor]) -> tuple[Bay, ...]:
    """Returns the parking bays within reach of the lowest floors, each once, from left to right and bottom to top.

    work: in metres, in the drawing's axes.  A bay belongs to the nearest floor, the lowest of those equally near.
    """
    faces = _once([face for face in (*_faces(work), *_blocks(work)) if _is_bay(face)])
    outlines = [(floor, floor.frame.to_drawing_m(floor.outline)) for floor in sorted(floors, key=lambda f: f.level)]
    if not faces or not outlines:
        return ()
    marks = [Point(label.at) for label in work.labels if matches("parking", "accessible", label.words)]
    marks += [Point(use.box[0], use.box[1]) for use in work.blocks if matches("parking", "accessible", use.name)]
    bays = []
    for face in faces:
        floor, outline = min(outlines, key=lambda pair: round(face.distance(pair[1]), 2))
        if face.distance(outline) <= sizes("parking")["reach_m"]:
            is_marked = any(face.buffer(0.05).contains(mark) for mark in marks)
            bays.append(Bay(floor.id, floor.frame.to_plan_from_m(face), is_marked))
    return tuple(sorted(bays, key=lambda bay: (bay.floor, *(round(v, 2) for v in bay.area.bounds[1::-1]))))


def _faces(work: Linework) -> Iterator[Polygon]:
    """Closed shapes that the lines on parking layers make, alone or together."""
    layers = [n for n, name in enumerate(work.layers) if matches("parking", "layers", name)]
    chosen = work.segments[np.isin(work.segment_layer, layers)] if layers else work.segments[:0]
    if 0 < len(chosen) <= sizes("parking")["lines"]:
        lines = shapely.union_all(shapely.linestrings(chosen.reshape(-1, 2, 2)), grid_size=1e-3)
        yield from shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    for ring in work.rings:
        if not ring.is_hatch and len(ring.points) > 3 and matches("parking", "layers", ring.layer):
            yield Polygon(ring.points)


def _blocks(work: Linework) -> Iterator[Polygon]:
    for use in work.blocks:
        if matches("parking", "blocks", use.name):
            yield box(*use.box)


def _is_bay(face: Polygon) -> bool:
    """Whether a shape is a rectangle of the size of a bay."""
    frame = face.minimum_rotated_rectangle if face.is_valid else Polygon()
    if frame.is_empty or not isinstance(frame, Polygon):
        return False
    corners = list(frame.exterior.coords)
    sides = sorted(math.dist(a, b) for a, b in itertools.pairwise(corners[:3]))
    ranges = span("parking", "width_m"), span("parking", "length_m")
    fits = all(low <= side <= high for side, (low, high) in zip(sides, ranges, strict=True))
    return fits and face.area >= sizes("parking")["full_share"] * frame.area


def _once(faces: list[Polygon]) -> list[Polygon]:
    """Leaves out what covers the same ground as one before it."""
    tree, kept = STRtree(faces), set[int]()
    for i, face in enumerate(faces):
        near = kept.intersection(int(j) for j in tree.query(face))
        if not any(face.intersection(faces[j]).area > _SAME_SHARE * face.area for j in near):
            kept.add(i)
    return [faces[i] for i in sorted(kept)]
