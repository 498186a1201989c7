"""From where a sign can be read: distance from character height, angle, and what stands between."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import affinity
from shapely.geometry import MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from hallplan.geometry.polygons import Floats, moved, polygons_of, segments_of
from hallplan.geometry.visibility import SightField, visible_area
from hallplan.model.shapes import Point as Place
from hallplan.model.signs import Sign
from hallplan.model.space import Relief
from hallplan.terms import read_data
from hallplan.units import MM_PER_M

QUARTER_SEGMENTS = 32
SIDE = math.pi / 2 / QUARTER_SEGMENTS
EQUAL_AREA = math.sqrt(SIDE / math.sin(SIDE))
"""A disc is drawn with 128 sides whose corners lie so much farther out that its area is the disc's."""
FACE_STEP_M = 0.12
"""A sight line ends this far before the face, so that what the sign hangs on does not hide it."""
FAR = 1e3


class Seen(Protocol):
    """What can be looked at: a place, the way it faces, how high and how far it is read."""

    @property
    def at(self) -> Place: ...
    @property
    def facing_deg(self) -> float: ...
    @property
    def height_m(self) -> float: ...
    @property
    def reach_m(self) -> float: ...


def reading_distance_m(char_mm: float, height_m: float) -> float:
    """Returns how far characters can be read, their baseline `height_m` above the floor; 0 when too small for any.

    Source: ADA 2010 table 703.5.5, turned round.
    """
    table = read_data("signs.toml")["reading"]
    row = next(n for n, top in enumerate(table["heights_m"]) if height_m <= top)
    spare = char_mm - table["least_mm"][row]
    if spare < 0:
        return 0.0
    return float(min(table["most_m"], table["up_to_m"][row] + spare / table["mm_per_m"]))


def display_distance_m(char_mm: float, height_m: float) -> float:
    """Returns how far the characters of a lit display can be read; 0 when too small for any.

    Source: California Building Code 11B-703.8.4, turned round.
    """
    table = read_data("signs.toml")["display"]
    row = next(n for n, top in enumerate(table["heights_m"]) if height_m <= top)
    spare = char_mm - table["least_mm"][row]
    if spare < 0:
        return 0.0
    return float(min(table["most_m"], table["up_to_m"][row] + spare / table["mm_per_m"]))


def sign_reach_m(sign: Sign) -> float:
    """Returns the farthest distance straight before a sign from which it is read."""
    table = read_data("signs.toml")["reading"]
    if sign.kind == "exit":
        return float(min(table["most_m"], table["z_lit"] * sign.char_mm / MM_PER_M))
    if sign.kind == "led":
        return display_distance_m(sign.char_mm, sign.height_m)
    return reading_distance_m(sign.char_mm, sign.height_m)


def nearest_reading_m(height_m: float, eye_m: float) -> float:
    """Returns how near one can come to a sign before one looks up too steeply. Source: EN 1838, 20° above the level."""
    steepest = math.tan(math.radians(read_data("signs.toml")["view"]["look_up_deg"]))
    return max(0.0, height_m - eye_m) / steepest


def within_reach(face: Seen, eyes: Floats, eye_m: float | Floats) -> NDArray[np.bool_]:
    """Returns which of `eyes` (n, 2) lie in the catchment of a face, whatever stands between.

    Source: legible where distance ≤ D·cos θ, θ from the normal: Xie, Filippidis, Galea and others 2007.
    """
    away = eyes - np.asarray(face.at)
    turn = math.radians(face.facing_deg)
    before = away[:, 0] * math.cos(turn) + away[:, 1] * math.sin(turn)
    square = np.einsum("ij,ij->i", away, away)
    steepest = math.tan(math.radians(read_data("signs.toml")["view"]["look_up_deg"]))
    near = np.maximum(0.0, face.height_m - np.asarray(eye_m)) / steepest
    return np.asarray((square <= face.reach_m * before) & (square >= near**2) & (square > 0))


def is_unobstructed(face: Seen, eyes: Floats, eye_m: float | Floats, sight: SightField) -> NDArray[np.bool_]:
    """Returns from which of `eyes` (n, 2), at height `eye_m`, nothing stands in the line to a face."""
    if not len(eyes):
        return np.zeros(0, dtype=np.bool_)
    mark = [*moved(face.at, face.facing_deg, FACE_STEP_M), face.height_m]
    return sight.clear(np.column_stack([eyes, np.broadcast_to(eye_m, len(eyes))]), [mark])


def reads(face: Seen, eyes: Floats, eye_m: float | Floats, sight: SightField) -> NDArray[np.bool_]:
    """Returns from which of `eyes` (n, 2) a face can be read: inside its catchment, nothing between."""
    found = within_reach(face, eyes, eye_m)
    if found.any():
        heights = np.broadcast_to(eye_m, len(eyes))[found]
        found[found] = is_unobstructed(face, eyes[found], heights, sight)
    return found


def catchment(face: Seen, outline: Polygon, relief: Sequence[Relief], eye_m: float) -> MultiPolygon | None:
    """Returns the area from which a face is read by eyes at `eye_m`, None when it is walled in.

    The disc of diameter D that touches the face, less the shadows of what stands between. A thing lower than the sign
    throws a shadow of the length that its height gives it: exact for upright things.
    """
    eye = moved(face.at, face.facing_deg, FACE_STEP_M)
    radius = face.reach_m / 2
    centre = moved(face.at, face.facing_deg, radius)
    disc = Point(centre).buffer(radius * EQUAL_AREA, quad_segs=QUARTER_SEGMENTS)
    if disc.is_empty or not outline.contains(Point(eye)):
        return None
    frame = box(*disc.bounds).buffer(1.0)
    whole = [shape.intersection(frame) for shape, low, high in relief if low <= eye_m and high >= face.height_m]
    blockers = [part for shape in whole for part in polygons_of(shape)]
    if any(part.distance(Point(eye)) < 1e-6 for part in blockers):
        return None
    room = next((part for part in polygons_of(outline.intersection(frame)) if part.contains(Point(eye))), None)
    if room is None:
        return None
    steep = nearest_reading_m(face.height_m, eye_m)
    too_near = Point(face.at).buffer(steep * EQUAL_AREA, quad_segs=QUARTER_SEGMENTS)
    hidden = shapely.union_all([too_near, *_shadows(eye, face.height_m, eye_m, relief)])
    seen = visible_area(room, blockers, eye).intersection(disc).difference(hidden)
    return MultiPolygon(polygons_of(seen)) if not seen.is_empty else None


def _shadows(eye: Place, height_m: float, eye_m: float, relief: Sequence[Relief]) -> NDArray[np.object_]:
    """What upright things hide of the level at `eye_m` from a light at the sign, where they end below it or begin above.

    A thing sweeps the level from `first` to `last` times its own distance. What a convex one sweeps is the hull of both
    copies; what another does, the sweeps of its edges besides the copies.
    """
    drop = height_m - eye_m
    swept: list[Floats] = []
    copies: list[BaseGeometry] = []
    for shape, low, high in relief:
        if (low <= eye_m and high >= height_m) or high <= eye_m or low >= height_m:
            continue
        first = max(1.0, drop / (height_m - low)) if low > eye_m else 1.0
        last = drop / (height_m - high) if high < height_m else FAR
        for part in polygons_of(shape):
            if part.convex_hull.area - part.area <= 1e-9:
                swept.append(_scaled(shapely.get_coordinates(part), eye, first, last))
                continue
            edges = segments_of([part]).reshape(-1, 2, 2)
            swept += [_scaled(edge, eye, first, last) for edge in edges]
            copies += [affinity.scale(part, k, k, origin=eye) for k in (first, last)]
    owner = np.repeat(np.arange(len(swept)), [len(points) for points in swept])
    hulls = shapely.convex_hull(shapely.multipoints(np.vstack(swept), indices=owner)) if swept else []
    return np.array([*hulls, *copies], dtype=object)


def _scaled(points: Floats, origin: Place, first: float, last: float) -> Floats:
    """Points (n, 2) at `first` and at `last` times their distance from an origin, (2n, 2)."""
    away = points - np.asarray(origin)
    return np.asarray(np.vstack([away * first, away * last]) + np.asarray(origin))
