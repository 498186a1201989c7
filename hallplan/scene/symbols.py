"""Furniture as symbols: shares of data/drawing.toml made metres."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

from shapely.geometry import Polygon, box

from hallplan.model.layout import Furniture
from hallplan.scene.primitives import XY, Arc, Disc, Fill, Shape, Stroke
from hallplan.scene.style import drawing_data
from hallplan.units import MM_PER_M, round_m

_ROUND_SEGMENTS = 4


def symbol_name(item: Furniture) -> str:
    """Returns the name of a piece's symbol: its kind and size in mm."""
    width, depth = item.size_m
    kind = item.kind if item.kind in drawing_data()["symbol"] else "other"
    return f"{kind}-{round(width * MM_PER_M)}x{round(depth * MM_PER_M)}"


def symbol_shapes(item: Furniture) -> tuple[Shape, ...]:
    """Returns the shapes of a piece around its centre, in metres, its user side towards +y."""
    kind = item.kind if item.kind in drawing_data()["symbol"] else "other"
    return _shapes(kind, round_m(item.size_m[0]), round_m(item.size_m[1]))


@cache
def _shapes(kind: str, width: float, depth: float) -> tuple[Shape, ...]:
    shapes: list[Shape] = []
    for part in drawing_data()["symbol"][kind]:
        shapes.extend(_part(part, width, depth))
    return tuple(shapes)


def _part(part: dict[str, Any], width: float, depth: float) -> list[Shape]:
    style, least = part["style"], min(width, depth)
    if "box" in part:
        return [Fill(style, _box(part["box"], width, depth, part.get("round", 0.0)))]
    if "line" in part:
        return [Stroke(style, tuple((x * width, y * depth) for x, y in part["line"]))]
    if "disc" in part:
        x, y, radius = part["disc"]
        return [Disc(style, (x * width, y * depth), radius * least)]
    x, y, size = part["at"]
    return list(mark_shapes(part["mark"], (x * width, y * depth), size * least, style))


def _box(corners: list[float], width: float, depth: float, rounding: float) -> Polygon:
    x0, y0, x1, y1 = corners[0] * width, corners[1] * depth, corners[2] * width, corners[3] * depth
    radius = rounding * min(x1 - x0, y1 - y0)
    shape = box(x0, y0, x1, y1)
    return shape.buffer(-radius).buffer(radius, quad_segs=_ROUND_SEGMENTS) if radius > 0 else shape


def mark_shapes(name: str, at: XY, size_m: float, style: str) -> tuple[Shape, ...]:
    """Returns a mark (such as the wheelchair) of `size_m` around `at`, head towards +y."""
    mark = drawing_data()["mark"][name]

    def put(x: float, y: float) -> XY:
        return at[0] + x * size_m, at[1] + y * size_m

    lines = [Stroke(style, tuple(put(x, y) for x, y in line)) for line in mark["lines"]]
    arcs = [Arc(style, put(x, y), r * size_m, a, b) for x, y, r, a, b in mark["arcs"]]
    discs = [Disc("access_dot", put(x, y), r * size_m) for x, y, r in mark["discs"]]
    return (*lines, *arcs, *discs)


def footprint(item: Furniture) -> Polygon:
    """Returns the rectangle that a piece covers, in the plan frame."""
    half_w, half_d = item.size_m[0] / 2, item.size_m[1] / 2
    corners = ((-half_w, -half_d), (half_w, -half_d), (half_w, half_d), (-half_w, half_d))
    return Polygon([to_plan(corner, item.at, item.facing_deg) for corner in corners])


def to_plan(local: XY, at: XY, facing_deg: float) -> XY:
    """Returns a place given in a symbol's own axes (+y its user side) in the plan frame."""
    turn = math.radians(facing_deg - 90.0)
    cos, sin = math.cos(turn), math.sin(turn)
    return at[0] + cos * local[0] - sin * local[1], at[1] + sin * local[0] + cos * local[1]
