"""Dimensions in millimetres (GB/T 50001): overall, main zones, and runs of furniture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from hallplan.model.layout import Layout
from hallplan.model.site import Floor
from hallplan.scene.primitives import XY, Bounds, Shape, Stroke, Words
from hallplan.scene.style import drawing_data, text_mm
from hallplan.scene.symbols import footprint
from hallplan.units import MM_PER_M

_MAIN_TYPES = ("window_general", "window_special", "one_matter", "wait", "self_service", "self_24h", "back_office")
_SHORTEST_M = 1.5
_BESIDE_M = 1.1


@dataclass(frozen=True, slots=True)
class Dimension:
    """A length from `start` to `end` along x or y, drawn at `level` on the other axis; `foot` where its thing lies."""

    along: Literal["x", "y"]
    start: float
    end: float
    level: float
    foot: float

    @property
    def words(self) -> str:
        """The length in mm."""
        return f"{round((self.end - self.start) * MM_PER_M)}"

    def point(self, along: float, across: float) -> XY:
        """Returns a place by its distances along and across the dimension."""
        return (along, across) if self.along == "x" else (across, along)


def dimensions(floor: Floor, layout: Layout, mode: str, mm: float) -> list[Dimension]:
    """Returns the dimensions of a sheet; `mode` is overall, zones or furniture; `mm` metres per mm of paper."""
    x0, y0, x1, y1 = floor.outline.bounds
    chain = drawing_data()["chain_mm"]
    outer, inner = chain["second"] * mm, chain["first"] * mm
    if mode == "overall":
        outer = inner
    dims = [Dimension("x", x0, x1, y1 + outer, y1), Dimension("y", y0, y1, x0 - outer, x0)]
    if mode in ("zones", "furniture"):
        dims += _zone_chain(floor, layout, y1 + inner, "x", floor.outline.bounds)
        dims += _zone_chain(floor, layout, x0 - inner, "y", floor.outline.bounds)
    if mode == "furniture":
        dims += _counter_runs(floor, layout)
    return dims


def _zone_chain(
    floor: Floor, layout: Layout, level: float, along: Literal["x", "y"], outline: Bounds
) -> list[Dimension]:
    """Main zones on one chain, those nearest to it first, so that no two lie over each other."""
    spans = []
    for zone in layout.zones:
        if zone.floor != floor.id or zone.type not in _MAIN_TYPES:
            continue
        x0, y0, x1, y1 = zone.area.bounds
        low, high, gap, edge = (x0, x1, outline[3] - y1, y1) if along == "x" else (y0, y1, x0 - outline[0], x0)
        rank = _MAIN_TYPES.index(zone.type)
        spans.append((round(gap, 2) + rank * 0.5, low, high, edge))
    chosen: list[tuple[float, float, float]] = []
    for _, low, high, edge in sorted(spans):
        if high - low >= _SHORTEST_M and all(high <= a + 0.05 or low >= b - 0.05 for a, b, _ in chosen):
            chosen.append((low, high, edge))
    return [Dimension(along, low, high, level, edge) for low, high, edge in sorted(chosen)]


def _counter_runs(floor: Floor, layout: Layout) -> list[Dimension]:
    """The run of counters of each zone and the distance of its ends to the zone's ends, beside the counters."""
    dims: list[Dimension] = []
    for zone in layout.zones:
        pieces = [
            footprint(f)
            for f in layout.furniture
            if f.zone == zone.zone and f.floor == floor.id and f.kind.startswith("counter")
        ]
        if zone.floor != floor.id or len(pieces) < 2:
            continue
        x0, y0 = min(p.bounds[0] for p in pieces), min(p.bounds[1] for p in pieces)
        x1, y1 = max(p.bounds[2] for p in pieces), max(p.bounds[3] for p in pieces)
        zx0, zy0, zx1, zy1 = zone.area.bounds
        if x1 - x0 >= y1 - y0:
            cuts, level, foot = (zx0, x0, x1, zx1), y1 + _BESIDE_M, y1
            dims += [Dimension("x", a, b, level, foot) for a, b in pairwise(cuts) if b - a > 0.3]
        else:
            cuts, level, foot = (zy0, y0, y1, zy1), x1 + _BESIDE_M, x1
            dims += [Dimension("y", a, b, level, foot) for a, b in pairwise(cuts) if b - a > 0.3]
    return dims


def dimension_shapes(dims: list[Dimension], mm: float) -> Iterator[Shape]:
    """Yields line, ticks, short extension lines and figure of each dimension."""
    chain = drawing_data()["chain_mm"]
    tick, reach, height = chain["tick"] * mm / 2, chain["extension"] * mm, text_mm("dimension") * mm
    for dim in dims:
        yield Stroke("dimension", (dim.point(dim.start, dim.level), dim.point(dim.end, dim.level)))
        side = 1.0 if dim.level > dim.foot else -1.0
        for end in (dim.start, dim.end):
            near = dim.level - side * 2.5 * mm
            yield Stroke("dimension", (dim.point(end, near), dim.point(end, dim.level + side * reach)))
            x, y = dim.point(end, dim.level)
            yield Stroke("dimension_tick", ((x - tick, y - tick), (x + tick, y + tick)))
        shift = height * 0.75 if dim.along == "x" else -height * 0.75
        at = dim.point((dim.start + dim.end) / 2, dim.level + shift)
        fits = len(dim.words) * height * 0.6 < dim.end - dim.start
        yield Words(
            "text_quiet", at, dim.words, height if fits else height * 0.8, angle_deg=0.0 if dim.along == "x" else 90.0
        )
