"""Shapes and the words beside them -> furniture, its kind told by names, its front by what stands around it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.geometry.polygons import moved
from hallplan.model.catalogue import furniture_types
from hallplan.model.layout import Furniture
from hallplan.model.site import Floor, ObstacleKind
from hallplan.model.space import footprint
from hallplan.read.finished.drawn import Drawn, Shape, Words
from hallplan.read.finished.words import is_window, seats_in, size, span, thing_in

ROWS = ("chair", "wheelchair_place")
OTHER = "other"
FLAT = ("call_screen", "speaker", "info_screen", "display_board", "tactile", "tactile_stop")
SEATS = ("chair", "visitor_chair", "staff_chair")
_LOOK_M = 3.0


def read_things(drawn: Drawn, floors: Sequence[Floor]) -> list[tuple[Furniture, Shape]]:
    """Returns furniture with the shape that it was read from, rows of seats one by one; zones are not known yet."""
    found: list[tuple[Furniture, Shape]] = []
    for shape in drawn.shapes:
        kind = shape.kind
        near = _named_beside(shape, drawn.words) if not shape.name and kind in ("", OTHER, "counter", "chair") else ""
        is_small = _is_small(shape.area)
        kind = near if near and is_small else near if near and kind and not near.endswith("_low") else kind
        if kind and _is_size(shape.area, kind):
            found += [(piece, shape) for piece in _pieces(shape, kind)]
    grounds = {floor.id: open_ground(floor) for floor in floors}
    return [(facing_out(piece, grounds[piece.floor]), shape) for piece, shape in _once(found)]


def _named_beside(shape: Shape, words: Iterable[Words]) -> str:
    """The kind that the nearest text in or beside a nameless shape tells; a window's number tells a counter."""
    reach = size("label_m")
    near = [(shape.area.distance(Point(one.at)), one) for one in words if one.floor == shape.floor]
    is_furniture = shape.kind == OTHER
    named = [
        (off, thing_in(one.text) or ("counter" if is_window(one.text, is_bare=is_furniture) else ""))
        for off, one in near
        if off <= reach and len(one.text) <= 12
    ]
    return min((entry for entry in named if entry[1]), default=(0.0, ""))[1]


def _is_small(area: Polygon) -> bool:
    return bool(area.area < size("ring_m2"))


def _is_size(area: Polygon, kind: str) -> bool:
    low, high = span("counter_depth_m" if kind.startswith("counter") else "short_m")
    low = size("flat_m") if kind in FLAT else low
    if kind.startswith("counter") and area.area > size("ring_m2"):
        # a bent counter is as deep as its area over half its girth
        depth = 2.0 * area.area / max(area.length, 1e-9)
        return bool(low <= depth <= high)
    short, long = sides(area)
    return bool(low <= short and (short <= high or kind.startswith("tactile")) and long <= size("long_m"))


def sides(area: Polygon) -> tuple[float, float]:
    """Returns the short and the long side of the smallest rectangle around an area."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(area))
    if len(corners) < 4:
        return 0.0, float(area.length) / 2
    a, b = (float(np.hypot(*(corners[n + 1] - corners[n]))) for n in (0, 1))
    return min(a, b), max(a, b)


def box_of(area: Polygon) -> tuple[tuple[float, float], tuple[float, float], float]:
    """Returns middle, (long, short) side, and the direction across the long side in degrees, of the rectangle around an area."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(area))[:4]
    middle = corners.mean(axis=0)
    first, second = corners[1] - corners[0], corners[2] - corners[1]
    long, short = (first, second) if np.hypot(*first) >= np.hypot(*second) - 1e-9 else (second, first)
    turn = math.degrees(math.atan2(short[1], short[0])) % 360.0
    return (float(middle[0]), float(middle[1])), (float(np.hypot(*long)), float(np.hypot(*short))), turn


def make_piece(kind: str, floor: str, area: Polygon, label: str) -> Furniture:
    """Returns one piece as long as the rectangle around an area; ids and zones come later."""
    at, sizes, turn = box_of(area)
    types = furniture_types()
    height = types[kind].height_m if kind in types else 0.75
    return Furniture("", kind, floor, "", at, sizes, turn, height, label)


def _pieces(shape: Shape, kind: str) -> list[Furniture]:
    whole = make_piece(kind, shape.floor, shape.area, shape.name)
    count = seats_in(shape.name, whole.size_m[0]) if kind in ROWS[:1] else 1
    if count <= 1:
        return [whole]
    step, along = whole.size_m[0] / count, whole.facing_deg - 90.0
    places = [moved(whole.at, along, (n - (count - 1) / 2) * step) for n in range(count)]
    return [replace(whole, at=at, size_m=(round(step, 4), whole.size_m[1])) for at in places]


def _once(found: Sequence[tuple[Furniture, Shape]]) -> list[tuple[Furniture, Shape]]:
    """Leaves out what is drawn twice: a piece of the same kind in the same place."""
    kept: dict[tuple[str, str, int, int], tuple[Furniture, Shape]] = {}
    for piece, shape in found:
        kept.setdefault((piece.kind, piece.floor, round(piece.at[0] * 20), round(piece.at[1] * 20)), (piece, shape))
    return list(kept.values())


def facing_out(piece: Furniture, ground: BaseGeometry) -> Furniture:
    """Returns a piece turned the way it has most room before it; a square one looks four ways."""
    is_square = piece.size_m[0] < 1.15 * piece.size_m[1]
    turns = (0.0, 90.0, 180.0, 270.0) if is_square else (0.0, 180.0)
    ways = [(piece.facing_deg + turn) % 360.0 for turn in turns]
    return replace(piece, facing_deg=max(ways, key=lambda way: _room(piece, ground, way)))


def _room(piece: Furniture, ground: BaseGeometry, way: float) -> float:
    ray = LineString([piece.at, moved(piece.at, way, _LOOK_M + piece.size_m[1])])
    return round(float(ray.intersection(ground).length), 2)


def open_ground(floor: Floor) -> BaseGeometry:
    """Returns the ground of a floor without its walls and columns."""
    solid = [o.area for o in floor.obstacles if o.kind in (ObstacleKind.WALL, ObstacleKind.COLUMN)]
    return floor.usable.difference(shapely.union_all(solid))


def facing_counters(pieces: Sequence[Furniture], counters: Sequence[Furniture]) -> list[Furniture]:
    """Returns the pieces with every seat turned to the nearest counter, as far as its sides let it."""
    out = []
    for piece in pieces:
        here = [counter for counter in counters if counter.floor == piece.floor]
        if piece.kind in SEATS and here:
            near = min(here, key=lambda counter: (math.dist(counter.at, piece.at), counter.at))
            x, y = near.at[0] - piece.at[0], near.at[1] - piece.at[1]
            is_square = piece.size_m[0] < 1.15 * piece.size_m[1]
            ways = [piece.facing_deg + turn for turn in ((0.0, 90.0, 180.0, 270.0) if is_square else (0.0, 180.0))]
            best = max(
                ways, key=lambda way: round(x * math.cos(math.radians(way)) + y * math.sin(math.radians(way)), 3)
            )
            piece = replace(piece, facing_deg=best % 360.0)
        out.append(piece)
    return out


def in_zones(pieces: Sequence[Furniture], zones: Mapping[str, tuple[str, Polygon]]) -> list[Furniture]:
    """Returns pieces with the zone that they stand in, by its middle, else by most of its ground; zones: floor and area by id."""
    out = []
    for piece in pieces:
        ground = footprint(piece)
        shared = {id: area.intersection(ground).area for id, (floor, area) in zones.items() if floor == piece.floor}
        best = max(shared, key=lambda id: (shared[id], id), default="")
        out.append(replace(piece, zone=best if best and shared[best] > 0.3 * ground.area else ""))
    return out
