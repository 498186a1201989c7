"""From where a sign can be read: distance from character height, angle, and what stands between."""

from __future__ import annotations

import math

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from hallplan.geometry.polygons import Floats, moved, polygons_of
from hallplan.geometry.visibility import SightField, visible_area
from hallplan.model.shapes import Point as Place
from hallplan.model.signs import Sign
from hallplan.model.site import Floor
from hallplan.terms import read_data
from hallplan.units import MM_PER_M

CIRCLE_SEGMENTS = 16
FACE_STEP_M = 0.12
"""A sight line ends this far before the face, so that what the sign hangs on does not hide it."""


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


def sign_reach_m(sign: Sign) -> float:
    """Returns the farthest distance straight before a sign from which it is read."""
    table = read_data("signs.toml")["reading"]
    if sign.kind == "exit":
        return float(min(table["most_m"], table["z_lit"] * sign.char_mm / MM_PER_M))
    return reading_distance_m(sign.char_mm, sign.height_m)


def reads(sign: Sign, eyes: Floats, sight: SightField) -> NDArray[np.bool_]:
    """Returns from which of `eyes` (n, 2) a sign can be read: inside the circle that touches its face, nothing between.

    Source: catchment L(θ) = D·cos θ, Xie, Filippidis, Galea and others 2007.
    """
    found = within_reach(sign, eyes)
    if found.any():
        mark = np.array([_face(sign.at, sign.facing_deg)])
        back = np.array([_face(sign.at, sign.facing_deg + 180)])
        is_before = _before(sign, eyes[found]) > 0
        found[found] = np.where(is_before, sight.clear(eyes[found], mark), sight.clear(eyes[found], back))
    return found


def within_reach(sign: Sign, eyes: Floats) -> NDArray[np.bool_]:
    """Returns which of `eyes` (n, 2) lie in the reading circle of a sign, whatever stands between."""
    distance = np.hypot(eyes[:, 0] - sign.at[0], eyes[:, 1] - sign.at[1])
    before = _before(sign, eyes)
    before = np.abs(before) if sign.is_double else before
    near = read_data("signs.toml")["reading"]["near_m"] if sign.mount == "hung" else 0.0
    # distance ≤ D·cos θ with cos θ = before / distance
    return np.asarray((distance**2 <= sign_reach_m(sign) * before) & (distance >= near))


def catchment(sign: Sign, floor: Floor, blockers: BaseGeometry) -> Polygon | None:
    """Returns the area from which a sign is read on its front side, None when its face is walled in.

    blockers: what hides at eye height, as space.sight_blockers gives it.
    """
    face = _face(sign.at, sign.facing_deg)
    if not floor.outline.contains(Point(face)) or blockers.distance(Point(face)) < 1e-6:
        return None
    radius = sign_reach_m(sign) / 2
    disc = Point(moved(sign.at, sign.facing_deg, radius)).buffer(radius, quad_segs=CIRCLE_SEGMENTS)
    room = floor.outline.intersection(disc.envelope.buffer(1.0))
    shown = [part for part in polygons_of(room) if part.contains(Point(face))]
    if not shown:
        return None
    near = shapely.intersection(blockers, shown[0])
    parts = polygons_of(visible_area(shown[0], polygons_of(near), face).intersection(disc))
    return parts[0] if parts else None


def _before(sign: Sign, eyes: Floats) -> Floats:
    turn = math.radians(sign.facing_deg)
    return np.asarray((eyes[:, 0] - sign.at[0]) * math.cos(turn) + (eyes[:, 1] - sign.at[1]) * math.sin(turn))


def _face(at: Place, facing_deg: float) -> Place:
    return moved(at, facing_deg, FACE_STEP_M)
