"""What every function here asks of its figures."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hallplan.errors import DemandError
from hallplan.terms import text


def require(name: str, value: float, *, above_zero: bool = False) -> float:
    """Returns `value` as a float; raises DemandError unless it is finite and at least (or above) zero."""
    if not math.isfinite(value) or value < 0 or (above_zero and value == 0):
        expected = text("queueing.positive" if above_zero else "queueing.not_negative")
        raise DemandError.at(text(f"queueing.{name}"), text("queueing.found", value=value), expected)
    return float(value)


def require_count(name: str, value: int, least: int = 1) -> int:
    """Returns `value`; raises DemandError unless it is a whole number of at least `least`."""
    if not math.isfinite(value) or value != int(value) or value < least:
        expected = text("queueing.whole", least=least)
        raise DemandError.at(text(f"queueing.{name}"), text("queueing.found", value=value), expected)
    return int(value)


def require_share(value: float) -> float:
    """Returns `value`; raises DemandError unless it lies between 0 and 1."""
    if not 0 < value < 1:
        raise DemandError.at(text("queueing.share"), text("queueing.found", value=value), text("queueing.open_share"))
    return float(value)


def require_rates(values: Sequence[float]) -> NDArray[np.float64]:
    """Returns arrivals per hour as an array; raises DemandError unless each is finite and not negative."""
    return np.array([require("arrivals", float(value)) for value in values], dtype=np.float64)
