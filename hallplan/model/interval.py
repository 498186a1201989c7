"""A simulated mean."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """A simulated mean with its 95 % confidence interval."""

    value: float
    ci95: tuple[float, float]
