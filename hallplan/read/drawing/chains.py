"""Polylines and the boundaries of hatches as points, segments and arcs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from ezdxf.math import Z_AXIS, bulge_to_arc
from shapely.geometry import LinearRing, LineString

from hallplan.read.drawing.linework import Floats, Ring, arc_points
from hallplan.read.drawing.parts import Part, put_arc


def is_same(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    """Returns whether two places are one, to a millionth of a unit."""
    return math.isclose(a[0], b[0], abs_tol=1e-6) and math.isclose(a[1], b[1], abs_tol=1e-6)


def bulged(part: Part, layer: str, vertices: list[tuple[float, float, float]], closed: bool) -> Floats:
    """Adds a polyline's straight parts as segments and its bulges as arcs; returns its points, closed if it is."""
    if not any(vertex[2] for vertex in vertices):
        points = np.asarray([vertex[:2] for vertex in vertices], dtype=float)
        if closed:
            points = np.vstack([points, points[:1]])
        part.chain(layer, points, is_curve=False)
        return points
    ends = [*vertices[1:], vertices[0]] if closed else vertices[1:]
    out: list[tuple[float, float]] = [vertices[0][:2]]
    for start, end in zip(vertices, ends, strict=False):
        a, b, bulge = start[:2], end[:2], start[2]
        if abs(bulge) < 1e-9 or is_same(a, b):
            part.line(layer, a, b)
            out.append(b)
            continue
        centre, first, last, radius = bulge_to_arc(a, b, bulge)
        angles = (math.degrees(first), math.degrees(last))
        put_arc(part, layer, (centre.x, centre.y), radius, angles)
        curve = arc_points(centre.x, centre.y, radius, *angles)
        out.extend(map(tuple, (curve if bulge > 0 else curve[::-1])[1:].tolist()))
    return np.asarray(out, dtype=float)


def width_of(entity: Any) -> float:
    """Returns the width that a polyline is drawn with."""
    name = "const_width" if entity.dxftype() == "LWPOLYLINE" else "default_start_width"
    return float(entity.dxf.get(name, 0.0))


def put_band(part: Part, layer: str, points: Floats, width: float, closed: bool) -> None:
    """Adds the edges of a polyline that is drawn with a width, as walls often are: its band, cut off square at the ends."""
    if not np.isfinite(points).all() or not np.ptp(points, axis=0).any():
        return
    path = LinearRing(points) if closed and len(points) > 2 else LineString(points)
    band = path.buffer(width / 2, cap_style="flat", join_style="mitre")
    for piece in getattr(band, "geoms", [band]):
        if not piece.is_empty:
            for ring in (piece.exterior, *piece.interiors):
                part.chain(layer, np.asarray(ring.coords), is_curve=False)
            outer = points if closed else np.asarray(piece.exterior.coords)[:-1]
            part.rings.append(Ring(outer, layer))


def flip_of(entity: Any) -> float:
    """Returns -1 for an entity drawn seen from below, whose own x runs against the drawing's, else 1."""
    return -1.0 if entity.dxf.get("extrusion", Z_AXIS).z < 0 else 1.0


def _rounded(vertices: list[tuple[float, float, float]]) -> list[tuple[float, float]]:
    """Returns the points of a closed chain of vertices (x, y, bulge), its arcs as chords."""
    out: list[tuple[float, float]] = []
    for n, (x, y, bulge) in enumerate(vertices):
        out.append((x, y))
        end = vertices[(n + 1) % len(vertices)]
        if abs(bulge) > 1e-9 and not is_same((x, y), end):
            centre, first, last, radius = bulge_to_arc((x, y), end[:2], bulge)
            curve = arc_points(centre.x, centre.y, radius, math.degrees(first), math.degrees(last))
            out.extend(map(tuple, (curve if bulge > 0 else curve[::-1])[1:-1].tolist()))
    return out


def hatch_points(path: Any) -> list[tuple[float, float]]:
    """Returns the corners of one boundary of a hatch, its arcs as chords."""
    if hasattr(path, "vertices"):
        return _rounded([(float(x), float(y), float(bulge)) for x, y, bulge in path.vertices])
    points: list[tuple[float, float]] = []
    for edge in path.edges:
        if hasattr(edge, "start") and hasattr(edge, "end"):
            points.append((edge.start[0], edge.start[1]))
        elif hasattr(edge, "radius"):
            curve = arc_points(edge.center[0], edge.center[1], edge.radius, edge.start_angle, edge.end_angle)
            points.extend(map(tuple, curve.tolist()))
    return points
