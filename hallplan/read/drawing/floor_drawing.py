"""The drawing in a floor's plan frame, and which of its lines are walls, stairs and doors of this floor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.model.shapes import Frame
from hallplan.read.drawing.doors import (
    Door,
    doors_of_blocks,
    doors_of_lines,
    find_leaves,
    leaf_lines,
    pair_leaves,
    swings,
)
from hallplan.read.drawing.layers import LayerKinds, name_kind
from hallplan.read.drawing.linework import Floats, Label, Linework, union
from hallplan.read.drawing.spaces import stair_flights
from hallplan.read.drawing.symbols import find_columns, find_folds, find_treads
from hallplan.read.drawing.vocabulary import span


@dataclass(frozen=True)
class FloorDrawing:
    """The drawing in a floor's plan frame, and which of its lines bound this floor.

    loose: lines of walls and columns beside it that are part of no plan on the sheet.
    """

    work: Linework
    kinds: LayerKinds
    lines: NDArray[np.int64]
    frame: Frame
    title: str
    level: int
    id: str
    loose: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @cached_property
    def _is_wall(self) -> NDArray[np.bool_]:
        mask = np.zeros(len(self.work.segments), dtype=bool)
        mask[self.lines] = True
        mask &= ~self.treads & ~self.kinds.mask(self.work.segment_layer, "column") & ~self._in_flights
        mask &= ~self._in_folds & ~self._in_columns
        mask &= ~leaf_lines(self.work, self.kinds, span("doors", "ajar_deg")[0])
        picked = np.flatnonzero(mask)
        mask[picked[find_treads(self.work.segments[picked], "patterns")]] = False
        return mask

    @cached_property
    def _in_flights(self) -> NDArray[np.bool_]:
        """Which lines lie within stair flights: strings, handrails and breaks, not walls."""
        inside = np.zeros(len(self.work.segments), dtype=bool)
        lines = shapely.linestrings(self.work.segments.reshape(-1, 2, 2))
        tree = shapely.STRtree(lines)
        for flight in self.flights:
            near = tree.query(flight, predicate="intersects")
            core, around = (shapely.buffer(flight, by, join_style="mitre") for by in (-0.12, 0.1))
            within = shapely.length(shapely.intersection(lines[near], core)) > np.minimum(
                0.3, 0.5 * self.work.lengths[near]
            )
            inside[near] |= within | (shapely.contains(around, lines[near]) & self._is_cross(near, flight))
        return inside

    @cached_property
    def folds(self) -> list[Polygon]:
        """Boxes that a bent line marks as open to below."""
        return find_folds(self.work.segments[self.lines])

    @cached_property
    def _in_folds(self) -> NDArray[np.bool_]:
        inside = np.zeros(len(self.work.segments), dtype=bool)
        if self.folds:
            cores = union([shapely.buffer(fold, -0.1) for fold in self.folds])
            lines = shapely.linestrings(self.work.segments[self.lines].reshape(-1, 2, 2))
            inside[self.lines] = shapely.length(shapely.intersection(lines, cores)) > 0.3
        return inside

    @cached_property
    def columns(self) -> list[Polygon]:
        """Sections of columns of the whole drawing."""
        return find_columns(self.work, self.kinds)

    @cached_property
    def _in_columns(self) -> NDArray[np.bool_]:
        """Which lines are the sides of columns that stand on wall layers."""
        inside = np.zeros(len(self.work.segments), dtype=bool)
        near = self.lines[self.work.lengths[self.lines] < span("columns", "side_m")[1]]
        if self.columns and len(near):
            tree = shapely.STRtree(shapely.linestrings(self.work.segments[near].reshape(-1, 2, 2)))
            around = [shapely.buffer(column, 0.01, join_style="mitre") for column in self.columns]
            inside[near[tree.query(around, predicate="contains")[1]]] = True
        return inside

    def _is_cross(self, near: NDArray[np.int64], flight: Polygon) -> NDArray[np.bool_]:
        """Returns which of some lines run along the treads of a flight: its first and last step, or a landing's edge."""
        steps = self.work.segments[self.treads]
        own = steps[shapely.contains(flight.buffer(0.1), shapely.points((steps[:, :2] + steps[:, 2:]) / 2))]
        if not len(own):
            return np.zeros(len(near), dtype=bool)
        way = (own[0, 2:] - own[0, :2]) / np.hypot(*(own[0, 2:] - own[0, :2]))
        delta = self.work.segments[near, 2:] - self.work.segments[near, :2]
        return np.asarray(np.abs(delta @ np.array([-way[1], way[0]])) < 0.03 * self.work.lengths[near])

    @cached_property
    def flights(self) -> list[Polygon]:
        """Ground of stair flights: recognised treads and lines on stair layers."""
        return stair_flights(self.work, self.kinds, self.treads)

    @cached_property
    def walls(self) -> Floats:
        """Lines (n, 4) of walls and windows of this floor, less stairs and columns."""
        return self.work.segments[self._is_wall]

    @cached_property
    def is_structural(self) -> NDArray[np.bool_]:
        """Which of `walls` are on structural layers."""
        return self.kinds.mask(self.work.segment_layer, "structure")[self._is_wall]

    @cached_property
    def treads(self) -> NDArray[np.bool_]:
        """Which lines of the drawing are stair treads."""
        mask = (
            ~self.kinds.mask(self.work.segment_layer, "ignore", "hidden", "area", "mark", "column")
            & ~self.work.is_curve
        )
        out = np.zeros(len(mask), dtype=bool)
        out[mask] = find_treads(self.work.segments[mask])
        return out

    @cached_property
    def doors(self) -> list[Door]:
        """Doors within reach of this floor's lines."""
        x0, y0, x1, y1 = self.box
        drawn = swings(self.work, span("doors", "ajar_deg")[0])
        doors = pair_leaves(find_leaves(self.work, self.kinds, self.walls, drawn))
        doors += doors_of_blocks(self.work, self.kinds, self.work.segments[self.lines], doors)
        doors += doors_of_lines(self.work, self.kinds, doors, drawn)
        return [d for d in doors if x0 - 1 < d.at[0] < x1 + 1 and y0 - 1 < d.at[1] < y1 + 1]

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """Box of this floor's lines."""
        points = self.work.segments[self.lines].reshape(-1, 2)
        (x0, y0), (x1, y1) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
        return x0, y0, x1, y1

    def outline_ring(self) -> Polygon | None:
        """Returns the largest closed polyline on a layer that the settings map to `outline`."""
        x0, y0, x1, y1 = self.box
        rings = [
            Polygon(r.points)
            for r in self.work.rings
            if r.layer in self.kinds.mapped and self.kinds.kind(r.layer) == "outline"
        ]
        near = [ring for ring in rings if ring.is_valid and ring.intersects(shapely.box(x0, y0, x1, y1))]
        return max(near, key=lambda ring: ring.area) if near else None

    def rings_by_layer(self, *wanted: str) -> dict[str, list[Polygon]]:
        """Returns the closed lines near this floor on layers of some kinds by name, off or not, by layer."""
        near = shapely.box(*self.box)
        found: dict[str, list[Polygon]] = {}
        for ring in self.work.rings:
            kind = self.kinds.kind(ring.layer)
            is_named = kind in wanted or (kind == "hidden" and name_kind(ring.layer) in wanted)
            if is_named and not ring.is_hatch and len(ring.points) > 2:
                shape = shapely.make_valid(Polygon(ring.points))
                if shape.intersects(near):
                    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
                    found.setdefault(ring.layer, []).extend(parts)
        return found

    def area_rings(self) -> list[Polygon]:
        """Returns the closed lines near this floor on layers named for areas or rooms."""
        return [ring for rings in self.rings_by_layer("area", "room").values() for ring in rings]

    def with_other_lines(self) -> FloorDrawing:
        """Returns the drawing with lines of unnamed layers taken for walls too."""
        x0, y0, x1, y1 = self.box
        middle = (self.work.segments[:, :2] + self.work.segments[:, 2:]) / 2
        near = (middle[:, 0] > x0 - 2) & (middle[:, 0] < x1 + 2) & (middle[:, 1] > y0 - 2) & (middle[:, 1] < y1 + 2)
        more = np.flatnonzero(near & self.kinds.mask(self.work.segment_layer, "other", "door", "stair"))
        return replace(self, lines=np.union1d(self.lines, more))

    def with_lines_across(self, mouths: Sequence[BaseGeometry], reach: float, share: float) -> FloorDrawing:
        """Returns the drawing with lines of unnamed layers taken for walls too where they run across a mouth.

        mouths: lines across openings; reach: how far off lines may run; share: of a mouth's length that they must cover.
        """
        segments = self.work.segments
        free = np.flatnonzero(self.kinds.mask(self.work.segment_layer, "other", "door", "stair"))
        if not len(free) or not mouths:
            return self
        lines = shapely.linestrings(segments[free].reshape(-1, 2, 2))
        tree, found = shapely.STRtree(lines), [self.lines]
        for mouth in mouths:
            inside = tree.query(shapely.buffer(mouth, reach, cap_style="square"), predicate="contains")
            covered = shapely.intersection(mouth, union(shapely.buffer(lines[inside], reach, cap_style="flat")))
            if covered.length >= share * mouth.length:
                found.append(free[inside])
        return replace(self, lines=np.unique(np.concatenate(found)))

    def labels_within(self, reach: float) -> tuple[Label, ...]:
        """Returns the texts within `reach` of this floor."""
        x0, y0, x1, y1 = self.box
        return tuple(
            t for t in self.work.labels if x0 - reach < t.at[0] < x1 + reach and y0 - reach < t.at[1] < y1 + reach
        )
