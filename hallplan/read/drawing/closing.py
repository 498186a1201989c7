"""The outline of one floor: drawn on a layer, closed from its lines, or open, with the gaps named."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.errors import Fault
from hallplan.model.site import Guess
from hallplan.read.drawing.floor_drawing import FloorDrawing
from hallplan.read.drawing.linework import Floats, drawn, union
from hallplan.read.drawing.outline import (
    Boundary,
    OpenOutlineError,
    as_lines,
    biggest,
    find_boundary,
    share_inside,
    thinned,
)
from hallplan.read.drawing.vocabulary import sizes
from hallplan.settings import Settings
from hallplan.terms import text

Closed = tuple[FloorDrawing, Boundary, list[Guess]]
"""A floor's drawing with the lines that bound it, the boundary, and what was guessed about that."""


def bound(path: Path, part: FloorDrawing, settings: Settings) -> tuple[FloorDrawing, Boundary, list[Guess]]:
    """Returns the floor's drawing, its boundary and what was guessed about that.

    A closed line on a layer mapped to `outline` wins; then the closing of the lines, unless a closed line on a layer
    named for areas holds all of them and says otherwise. Raises OpenOutlineError when neither is there.
    """
    ring = part.outline_ring()
    if ring is not None:
        return part, Boundary(ring, (), 0.0, True, is_given=True), []
    closers = np.array([[*door.a, *door.b] for door in part.doors], dtype=float).reshape(-1, 4)
    limit = settings.drawing.max_gap_m
    wider, boundary, guesses = _closed(part, closers, limit)
    named = _named_ring(part, boundary)
    if named is not None:
        layer, shape = named
        agrees = boundary.is_stable and abs(shape.area / boundary.outline.area - 1.0) < sizes("outline")["plateau"]
        if not agrees:
            return part, Boundary(shape, (), 0.0, True, is_given=True), [_layer_guess(layer, shape, boundary)]
    if not boundary.is_stable:
        raise _open_outline(path, boundary, part, limit)
    return wider, boundary, [*guesses, *_gap_guess(boundary)]


def _closed(part: FloorDrawing, closers: Floats, limit: float) -> Closed:
    """Returns the closing of the building's lines; with lines of unnamed layers where those alone leave it open.

    Where the lines alone leave bays that lines of other layers shut, such as glazing drawn on layer 0, the bays are taken in.
    """
    boundary = find_boundary(np.vstack([part.work.segments[part.lines], closers]), limit)
    if not boundary.is_stable:
        wider = part.with_other_lines()
        second = find_boundary(np.vstack([wider.work.segments[wider.lines], closers]), limit)
        return (wider, second, []) if second.is_stable else (part, boundary, [])
    if _is_lacking(part, boundary) and (found := _with_edges(part, boundary, closers, limit)) is not None:
        return found
    rules = sizes("bays")
    fuller = part.with_lines_across(_mouths(boundary.outline), rules["mouth_m"], rules["mouth_share"])
    if len(fuller.lines) > len(part.lines):
        second = find_boundary(np.vstack([fuller.work.segments[fuller.lines], closers]), limit)
        gained = second.outline.area / boundary.outline.area - 1.0
        if second.is_stable and gained > rules["least"]:
            return fuller, second, []
    return part, boundary, []


def _is_lacking(part: FloorDrawing, boundary: Boundary) -> bool:
    """Returns whether a closing leaves some of the building's lines outside, or much of it is closed gaps."""
    rules = sizes("fuller")
    if part.kinds.named(part.work, "wall", "structure", "outline").sum() < 4:
        return False
    near = as_lines(part.work.segments[np.r_[part.lines, part.loose]])
    closed = sum(gap.width_m for gap in boundary.gaps) / boundary.outline.length
    return bool(1.0 - share_inside(boundary.outline, near) > rules["outside"] or closed > rules["gaps"])


def _with_edges(part: FloorDrawing, boundary: Boundary, closers: Floats, limit: float) -> Closed | None:
    """Returns the closing that lines of unnamed layers give, such as railings and the edge of a terrace, where it is better.

    It is when it holds the first and what stands loose beside that, reaches hardly beyond the building's lines and needs
    less closed; only those of the lines that it follows are taken for walls.
    """
    rules = sizes("fuller")
    both = np.union1d(part.lines, part.loose)
    wider = replace(part, lines=both).with_other_lines()
    second = find_boundary(np.vstack([wider.work.segments[wider.lines], closers]), limit)
    building = as_lines(part.work.segments[both])
    hull = shapely.buffer(shapely.convex_hull(building), rules["near_m"])
    beyond = max(
        shapely.difference(second.outline, hull).area, shapely.difference(boundary.outline, second.outline).area
    )
    closed = [sum(gap.width_m for gap in one.gaps) / one.outline.length for one in (second, boundary)]
    held = share_inside(second.outline, building)
    if not second.is_stable or beyond > rules["beyond_hull"] * second.outline.area or closed[0] > closed[1]:
        return None
    if 1.0 - held > rules["outside"]:
        return None
    rim = shapely.buffer(second.outline.exterior, rules["near_m"])
    more = np.setdiff1d(wider.lines, both)
    followed = more[shapely.contains(rim, shapely.linestrings(part.work.segments[more].reshape(-1, 2, 2)))]
    return replace(part, lines=np.union1d(both, followed)), second, [_edge_guess(part, followed, boundary)]


def _edge_guess(part: FloorDrawing, followed: NDArray[np.int64], boundary: Boundary) -> Guess:
    names = sorted({part.work.layers[n] for n in part.work.segment_layer[followed]})
    what = text(
        "read_drawing.guess_edges",
        layers=text("read_drawing.comma").join(names[:6]),
        derived=f"{boundary.outline.area:.1f}",
    )
    quoted = ", ".join(f'"{name}"' for name in names[:6])
    return Guess(what, 0.6, f"[drawing.layers] ignore = [{quoted}]")


def _mouths(outline: Polygon) -> list[BaseGeometry]:
    """Returns lines across the mouths of the bays of an outline that a closing of a few metres fills."""
    rules = sizes("bays")
    reach = rules["reach_m"]
    closed = shapely.buffer(shapely.buffer(outline, reach, join_style="mitre"), -reach, join_style="mitre")
    rest = shapely.difference(Polygon(biggest(closed).exterior), outline)
    bays = [
        bay for bay in shapely.get_parts(shapely.buffer(rest, -0.3, join_style="mitre")) if bay.area > rules["least_m2"]
    ]
    rim = shapely.buffer(outline.exterior, 0.5)
    return [mouth for bay in bays if not (mouth := shapely.difference(bay.exterior, rim)).is_empty]


def _named_ring(part: FloorDrawing, boundary: Boundary) -> tuple[str, Polygon] | None:
    """Returns the outline that closed lines on a layer named for areas give, with the layer, None when no layer does.

    It must hold nearly all of the building's lines, and be no larger than a building with such lines can be.
    """
    rules = sizes("outline")
    lines = as_lines(part.work.segments[part.lines])
    most = rules["ring_most"] * shapely.convex_hull(lines).area
    found = []
    for layer, shapes in part.rings_by_layer("area", "outline").items():
        shape = Polygon(biggest(union([shapely.buffer(s, 0.02, join_style="mitre") for s in shapes])).exterior)
        shape = Polygon(biggest(shapely.buffer(shape, -0.02, join_style="mitre")).exterior)
        fits = rules["least_m2"] < shape.area < most
        if fits and share_inside(shape, lines) >= rules["ring_cover"]:
            found.append((round(shape.area, 3), layer, shape))
    del boundary
    return min(found)[1:] if found else None


def _layer_guess(layer: str, shape: Polygon, boundary: Boundary) -> Guess:
    what = text(
        "read_drawing.guess_area_layer", layer=layer, area=f"{shape.area:.1f}", derived=f"{boundary.outline.area:.1f}"
    )
    return Guess(what, 0.85, f'[drawing.layers] ignore = ["{layer}"]')


def _gap_guess(boundary: Boundary) -> list[Guess]:
    """Returns what was closed; the more of the outline that is, the less sure it is."""
    if not boundary.gaps:
        return []
    widest = max(gap.width_m for gap in boundary.gaps)
    share = sum(gap.width_m for gap in boundary.gaps) / boundary.outline.length
    what = text("read_drawing.guess_gaps", count=len(boundary.gaps), width=f"{widest:.2f}")
    return [Guess(what, round(max(0.2, 0.8 - 3.0 * share), 2), f"[drawing] max_gap_m = {widest:.1f}")]


def _open_outline(path: Path, boundary: Boundary, part: FloorDrawing, limit: float) -> OpenOutlineError:
    frame = part.frame
    widest = sorted(boundary.gaps, key=lambda gap: (-round(gap.width_m, 3), gap.at))
    named = []
    for n, gap in enumerate(widest[: sizes("outline")["named_gaps"]], 1):
        x, y = frame.point_to_drawing(gap.at)
        named.append(text("read_drawing.gap_at", n=n, x=drawn(x), y=drawn(y), width=f"{gap.width_m:.2f}"))
    fault = Fault(
        str(path),
        text(
            "read_drawing.open_outline",
            gaps=text("read_drawing.semicolon").join(named) or text("read_drawing.gap_unknown"),
        ),
        text("read_drawing.expect_closed", limit=f"{limit:g}"),
        _remedy(math.ceil(max((gap.width_m for gap in widest), default=limit) * 10) / 10, limit),
    )
    lines = thinned(part.work.segments[part.lines], sizes("outline")["drawn_lines"])
    gaps = [replace(gap, at=frame.point_to_drawing_m(gap.at)) for gap in widest]
    return OpenOutlineError.around(fault, gaps, frame.to_drawing_m(lines), boundary.outline.area)


def _remedy(gap_m: float, limit: float) -> str:
    """What to do about gaps; to close wider ones only where that has not been tried."""
    if gap_m <= limit:
        return text("read_drawing.draw_outline")
    return text("read_drawing.close_gaps", gap=f"{gap_m:g}")
