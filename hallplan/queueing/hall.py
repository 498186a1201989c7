"""A hall for simulation: classes of visitors, lines, groups of windows; and what days of it gave."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hallplan.queueing.simulation import Z95
from hallplan.units import MINUTES_PER_HOUR

TABLE_POINTS = 257


@dataclass(frozen=True, slots=True)
class Service:
    """A service time: mean minutes with coefficient of variation cv (lognormal; None: exponential; 0: constant).

    quantiles: measured times at even steps of probability, in place of the other two.
    """

    mean: float
    cv: float | None = None
    quantiles: tuple[float, ...] = ()

    @classmethod
    def measured(cls, minutes: Sequence[float]) -> Service:
        """Returns the service time that these measured ones show."""
        points = np.quantile(np.asarray(minutes, dtype=np.float64), np.linspace(0.0, 1.0, TABLE_POINTS))
        return cls(float(np.mean(minutes)), None, tuple(float(value) for value in points))


@dataclass(frozen=True, slots=True)
class Access:
    """A group of windows that serves a line: from how many waiting on, and its turn there (lowest first)."""

    group: str
    from_waiting: int = 1
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One queue, first come first served; `access` in the order in which one who joins looks for a free window.

    wait_min: the target wait of those in it.
    """

    id: str
    access: tuple[Access, ...]
    wait_min: float = 15.0


@dataclass(frozen=True, slots=True)
class Step:
    """A line that a visitor goes through and the service there."""

    line: str
    service: Service


@dataclass(frozen=True, slots=True)
class VisitorClass:
    """Visitors of one sort.

    per_hour: those who come without appointment, by slot.  patience_min: mean of an exponential patience in each line.
    at_door: mean number before the door when the hall opens.  booked: times (minutes from opening) of appointments.
    no_show: share of them who do not come.  punctuality_min: standard deviation of their coming about the time booked.
    """

    id: str
    per_hour: tuple[float, ...]
    steps: tuple[Step, ...]
    patience_min: float = math.inf
    at_door: float = 0.0
    booked: tuple[float, ...] = ()
    no_show: float = 0.0
    punctuality_min: float = 0.0


@dataclass(frozen=True, slots=True)
class Group:
    """Windows of one kind and how many are open in each slot."""

    id: str
    open: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HallModel:
    """A hall and its day.  clears: when all windows of a group close, those who wait by then are still served."""

    classes: tuple[VisitorClass, ...]
    lines: tuple[Line, ...]
    groups: tuple[Group, ...]
    slot_minutes: float = 30.0
    clears: bool = True

    @property
    def n_slots(self) -> int:
        """Slots of the day."""
        return len(self.groups[0].open)

    @property
    def visitors_per_day(self) -> float:
        """Mean number who come on a day, booked ones included."""
        walk = sum(sum(c.per_hour) for c in self.classes) * self.slot_minutes / MINUTES_PER_HOUR
        return walk + sum(c.at_door + len(c.booked) for c in self.classes)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A simulated figure with its 95 % confidence interval over days."""

    value: float
    ci95: tuple[float, float]

    def widened(self, z: float) -> tuple[float, float]:
        """Returns the interval at another normal quantile (2.576 for 99 %)."""
        half = (self.ci95[1] - self.ci95[0]) / 2.0 * z / Z95
        return self.value - half, self.value + half


@dataclass(frozen=True, slots=True)
class LineDays:
    """What those met who joined one line.

    slot_share, slot_half_width, slot_wait_min, slot_served: share within the target of those who joined in each slot,
    half its 95 % interval, their mean wait, and how many were served a day.

    came: people a day.  longest: 95th percentile over days of the longest line.  quantiles: p50, p90, p95, p99 (min).
    """

    id: str
    came: float
    mean_wait_min: Estimate
    share_within: Estimate
    gave_up: Estimate
    quantiles: tuple[float, float, float, float]
    longest: int
    slot_share: tuple[float, ...]
    slot_half_width: tuple[float, ...]
    slot_wait_min: tuple[float, ...]
    slot_served: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class HallDays:
    """What simulated days gave, by line; busy: mean busy windows of each group by slot; closing_min: when it was empty."""

    days: int
    lines: tuple[LineDays, ...]
    busy: tuple[tuple[float, ...], ...]
    closing_min: Estimate

    def line(self, id: str) -> LineDays:
        """Returns the line with this id."""
        return next(line for line in self.lines if line.id == id)
