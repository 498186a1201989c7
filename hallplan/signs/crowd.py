"""The chance that people who stand between hide a sign."""

from __future__ import annotations

import math

import numpy as np

from hallplan.geometry.polygons import Floats
from hallplan.terms import read_data


def hidden_share(distance_m: Floats, eye_m: Floats | float, sign_m: Floats | float, per_m2: float) -> Floats:
    """Returns the chance that at least one of the people who stand between hides a sign, (n,).

    People stand at random, `per_m2` of them; they are a body's width wide and as tall as data/signs.toml says. At s
    metres from the eye the line is z(s) = eye + (sign − eye)·s/d high, so those who hide it are Poisson with mean
    per_m2 · width · ∫ P(height > z(s)) ds, which the normal distribution gives in closed form.
    Source: ours; the question is that of Nassar and Al-Kaisy 2008.
    """
    data = read_data("signs.toml")["crowd"]
    distance = np.asarray(distance_m, dtype=np.float64)
    eye = np.broadcast_to(np.asarray(eye_m, dtype=np.float64), distance.shape)
    length = np.maximum(0.0, distance - data["own_space_m"])
    first = eye + (sign_m - eye) * np.where(distance > 0, 1.0 - length / np.maximum(distance, 1e-9), 0.0)
    rise = sign_m - first
    level = np.abs(rise) < 1e-6
    mean, spread = data["height_m"], data["spread_m"]
    low, high = (first - mean) / spread, (sign_m - mean) / spread
    tail = _tail(low)
    over = _over(low, tail, spread) - _over(high, _tail(high), spread)
    share = np.where(level, tail, over / np.where(level, 1.0, rise))
    return np.asarray(1.0 - np.exp(-per_m2 * data["width_m"] * length * np.clip(share, 0.0, 1.0)))


def _tail(u: Floats | float) -> Floats:
    """P(standard normal > u), each value worked out once."""
    values, which = np.unique(np.atleast_1d(u), return_inverse=True)
    return np.array([0.5 * math.erfc(value / math.sqrt(2.0)) for value in values.tolist()])[which]


def _over(u: Floats | float, tail: Floats, spread: float) -> Floats:
    """∫ of the tail from u on, times the spread."""
    values = np.atleast_1d(np.asarray(u, dtype=np.float64))
    density = np.exp(-0.5 * values**2) / math.sqrt(2.0 * math.pi)
    return np.asarray(spread * (density - values * tail))
