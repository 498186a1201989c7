"""The static check that the window sheet repeats in live formulas."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hallplan.units import MINUTES_PER_HOUR
from hallplan.write.workbook.words import t


@dataclass(frozen=True, slots=True)
class Check:
    """Erlang C of one type at its busiest half-hour, with Allen and Cunneen's factor for the spread of service times."""

    arrivals: float
    minutes: float
    cv: float
    windows: int
    target_min: float

    @property
    def load(self) -> float:
        """Offered load in windows."""
        return self.arrivals * self.minutes / MINUTES_PER_HOUR

    @property
    def delay(self) -> float:
        """Probability of waiting."""
        if self.load >= self.windows:
            return 1.0
        at = (
            math.exp(-self.load + self.windows * math.log(self.load) - math.lgamma(self.windows + 1))
            if self.load
            else 0.0
        )
        below = (
            math.fsum(math.exp(-self.load + k * math.log(self.load) - math.lgamma(k + 1)) for k in range(self.windows))
            if self.load
            else 1.0
        )
        tail = at * self.windows / (self.windows - self.load)
        return tail / (below + tail)

    @property
    def mean_wait(self) -> float | str:
        """Mean wait in minutes, the sign of overload when the load is too high for ever."""
        if self.load >= self.windows:
            return t("overload")
        return self.delay * self.minutes / (self.windows - self.load) * (1 + self.cv**2) / 2

    @property
    def within(self) -> float:
        """Share served within the target."""
        if self.load >= self.windows:
            return 0.0
        if self.load == 0:
            return 1.0
        spread = (1 + self.cv**2) / 2
        return 1 - self.delay * math.exp(-(self.windows - self.load) * self.target_min / (self.minutes * spread))
