"""How a shape was moved: the turn, mirroring and shift that carry one set of points to another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely.affinity import affine_transform
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Motion:
    """p' = M · p + shift, M a rotation or a reflection; `error_m` is the greatest distance left."""

    matrix: tuple[float, float, float, float]
    shift: tuple[float, float]
    error_m: float

    @property
    def turn_deg(self) -> float:
        """The turn anticlockwise in degrees, in (-180, 180]."""
        return math.degrees(math.atan2(self.matrix[2], self.matrix[0]))

    def point(self, at: tuple[float, float]) -> tuple[float, float]:
        """Returns where a point goes."""
        a, b, c, d = self.matrix
        return a * at[0] + b * at[1] + self.shift[0], c * at[0] + d * at[1] + self.shift[1]

    def direction(self, angle_deg: float) -> float:
        """Returns where a direction turns to, in degrees in [0, 360)."""
        x, y = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
        a, b, c, d = self.matrix
        return round(math.degrees(math.atan2(c * x + d * y, a * x + b * y)), 6) % 360.0

    def shape(self, shape: BaseGeometry) -> BaseGeometry:
        """Returns where a shape goes."""
        return affine_transform(shape, [*self.matrix, *self.shift])


def motion(source: Floats, target: Floats) -> Motion | None:
    """Returns the rigid motion that carries points (n, 2) to as many others best, None when their numbers differ.

    Source: Kabsch, with a reflection where that fits better, as the MIRROR command leaves it.
    """
    if len(source) != len(target) or len(source) < 2:
        return None
    found = [_fitted(source, target, is_mirrored=mirrored) for mirrored in (False, True)]
    return min(
        found,
        key=lambda one: one.error_m + (1e-6 if one.matrix[0] * one.matrix[3] < one.matrix[1] * one.matrix[2] else 0.0),
    )


def ring_motion(source: Floats, target: Floats) -> Motion | None:
    """Returns the rigid motion of a ring whose first point and direction may have changed."""
    if len(source) != len(target):
        return None
    turns: Sequence[Floats] = [target, target[::-1]] if len(target) > 2 else [target]
    found = [motion(source, np.roll(ring, n, axis=0)) for ring in turns for n in range(len(ring))]
    fits = [one for one in found if one is not None]
    return min(fits, key=lambda one: (round(one.error_m, 4), abs(one.turn_deg))) if fits else None


def _fitted(source: Floats, target: Floats, *, is_mirrored: bool) -> Motion:
    middle, other = source.mean(axis=0), target.mean(axis=0)
    u, _, v = np.linalg.svd((source - middle).T @ (target - other))
    sign = np.sign(np.linalg.det(u @ v)) * (-1.0 if is_mirrored else 1.0)
    turn = v.T @ np.diag([1.0, sign or 1.0]) @ u.T
    shift = other - turn @ middle
    error = float(np.hypot(*((source @ turn.T + shift) - target).T).max())
    a, b, c, d = (float(value) for value in turn.reshape(-1))
    return Motion((a, b, c, d), (float(shift[0]), float(shift[1])), error)


def corners(points: Floats, tol_m: float = 1e-4) -> Floats:
    """Returns the true corners of a ring (n, 2): no point twice, none on the straight line between its neighbours."""
    kept = [point for n, point in enumerate(points) if np.hypot(*(point - points[n - 1])) > tol_m]
    out = []
    for n, point in enumerate(kept):
        before, after = kept[n - 1], kept[(n + 1) % len(kept)]
        along = after - before
        length = float(np.hypot(*along))
        across = (
            abs(along[0] * (point - before)[1] - along[1] * (point - before)[0]) / length if length > tol_m else 1.0
        )
        if across > tol_m:
            out.append(point)
    return np.array(out).reshape(-1, 2) if len(out) > 2 else points
