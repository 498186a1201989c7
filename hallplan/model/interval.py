"""A simulated mean."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its confidence interval."""

    value: float
    ci95: tuple[float, float]
