"""Routes as drawn: public ways as bands whose width follows the people on them, the others as dashed lines."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.ops import linemerge, unary_union

from hallplan.model.flow import Route, Routes
from hallplan.scene.building import polygons
from hallplan.scene.primitives import XY, Fill, Shape, Stroke
from hallplan.scene.style import drawing_data

_SNAP_M = 0.02


def flows(routes: Iterable[Route], floor: str) -> list[tuple[LineString, float]]:
    """Returns pieces of way on a floor with the people a day on each, legs that share a way added up."""
    legs = [
        (leg.line, route.per_day)
        for route in routes
        for leg in route.legs
        if leg.floor == floor and leg.line.length > _SNAP_M
    ]
    if not legs:
        return []
    lines = [line for line, _ in legs]
    noded = unary_union(lines)
    pieces = [piece for piece in getattr(noded, "geoms", [noded]) if piece.length >= 1e-6]
    middles = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    hits = shapely.STRtree(lines).query(middles, predicate="dwithin", distance=_SNAP_M)
    people = np.zeros(len(pieces))
    order = np.lexsort((hits[1], hits[0]))
    np.add.at(people, hits[0][order], np.array([per_day for _, per_day in legs])[hits[1][order]])
    by_flow: dict[float, list[LineString]] = defaultdict(list)
    for piece, count in zip(pieces, people, strict=True):
        by_flow[round(float(count), 3)].append(piece)
    return [(line, count) for count in sorted(by_flow) for line in _merged(by_flow[count])]


def _merged(pieces: list[LineString]) -> list[LineString]:
    merged = linemerge(pieces) if len(pieces) > 1 else pieces[0]
    return sorted(getattr(merged, "geoms", [merged]), key=lambda line: tuple(line.coords[0]) + tuple(line.coords[-1]))


def route_width_mm(people: float, most: float) -> float:
    """Returns the width on paper of a way with `people` a day when the busiest has `most`."""
    low, high = drawing_data()["dxf"]["route_mm"]["public"]
    return float(low + (high - low) * (people / most if most > 0 else 0.0))


def network_routes(routes: Routes, network: str) -> list[Route]:
    """Returns the routes of one network."""
    return [route for route in routes.routes if route.network == network]


def public_band(routes: Routes, floor: str, metres_per_mm: float) -> list[Polygon]:
    """Returns the area that public ways cover when their width follows their people; those of the last routes are kept."""
    if _kept.routes is not routes:
        _kept.routes, _kept.bands = routes, {}
    key = floor, metres_per_mm
    if key not in _kept.bands:
        _kept.bands[key] = _public_band(routes, floor, metres_per_mm)
    return _kept.bands[key]


class _Kept:
    """Bands of the routes drawn last: most sheets show them."""

    def __init__(self) -> None:
        self.routes: Routes | None = None
        self.bands: dict[tuple[str, float], list[Polygon]] = {}


_kept = _Kept()


def _public_band(routes: Routes, floor: str, metres_per_mm: float) -> list[Polygon]:
    pieces = flows(network_routes(routes, "public"), floor)
    most = max((people for _, people in pieces), default=0.0)
    bands = [line.buffer(route_width_mm(people, most) * metres_per_mm / 2, quad_segs=6) for line, people in pieces]
    return polygons(unary_union(bands)) if bands else []


def route_shapes(routes: Routes, floor: str, networks: Iterable[str], metres_per_mm: float) -> Iterator[Shape]:
    """Yields the shapes of the networks asked for."""
    for network in networks:
        if network == "public":
            yield from (Fill("route_public", band) for band in public_band(routes, floor, metres_per_mm))
            continue
        for line, _ in flows(network_routes(routes, network), floor):
            yield Stroke(f"route_{network}", tuple((float(x), float(y)) for x, y, *_ in line.coords))
        if network == "egress":
            yield from _arrow_heads(routes, floor, network, 2.2 * metres_per_mm)


def _arrow_heads(routes: Routes, floor: str, network: str, size: float) -> Iterator[Shape]:
    ends: set[tuple[XY, int]] = set()
    for route in network_routes(routes, network):
        for leg in route.legs:
            if leg.floor != floor or leg.line.length < 2 * size:
                continue
            (x0, y0), (x1, y1) = leg.line.coords[-2][:2], leg.line.coords[-1][:2]
            key = ((round(x1, 1), round(y1, 1)), round(math.degrees(math.atan2(y1 - y0, x1 - x0)) / 15))
            if key not in ends:
                ends.add(key)
                yield Fill(f"arrow_{network}", arrow_head((x1, y1), math.atan2(y1 - y0, x1 - x0), size))


def arrow_head(tip: XY, angle: float, size: float) -> Polygon:
    """Returns a slim triangle whose tip points along `angle` (radians)."""
    back = (tip[0] - math.cos(angle) * size * 1.6, tip[1] - math.sin(angle) * size * 1.6)
    nx, ny = -math.sin(angle) * size * 0.5, math.cos(angle) * size * 0.5
    return Polygon([tip, (back[0] + nx, back[1] + ny), (back[0] - nx, back[1] - ny)])
