"""Promised figures of a window plan beside what simulation of it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hallplan.model.interval import Interval

Figure = Literal["share_within_target", "mean_wait_min", "p99_wait_min", "utilisation", "longest_queue"]


@dataclass(frozen=True, slots=True)
class Promise:
    """One figure of one window type: promised by the sizing model, simulated with its 95 % interval, and whether it is kept.

    A promise is kept when the simulated figure is at least as good, or equal to it within interval and tolerance.
    """

    type: str
    name: str
    figure: Figure
    promised: float
    simulated: Interval
    is_kept: bool
