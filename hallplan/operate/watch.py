"""Trends, unusual days, and halls beside one another."""

from __future__ import annotations

import numpy as np

from hallplan.model.log import QueueLog
from hallplan.model.monitor import Anomaly, DayFigures, Figures, Peer, Trend
from hallplan.operate.bench import DAYS_A_WEEK
from hallplan.operate.figures import measure
from hallplan.terms import read_data, text
from hallplan.units import weekday

WEEKS_BEFORE = 4
SCALE = 0.6745
FRIDAY = 4


def anomalies(figures: Figures) -> tuple[Anomaly, ...]:
    """Returns days whose visitors or waits are unlike those of other days of the same kind (weekday or weekend).

    Method: modified z-score over median and median absolute deviation.  Source: Iglewicz and Hoaglin (1993).
    """
    found = []
    for kind in (False, True):
        days = [day for day in figures.by_day if (weekday(day.day) > FRIDAY) == kind]
        for what in ("visitors", "p90_wait"):
            found += _unlike(days, what)
    return tuple(sorted(found, key=lambda anomaly: (anomaly.day, anomaly.what)))


def _unlike(days: list[DayFigures], what: str) -> list[Anomaly]:
    limits = read_data("indicators.toml")["anomalies"]
    told = [(day.day, value) for day in days if (value := _value(day, what)) is not None]
    if len(told) < limits["least_days"]:
        return []
    values = np.array([value for _, value in told])
    usual = float(np.median(values))
    spread = float(np.median(np.abs(values - usual)))
    if spread == 0:
        return []
    scores = SCALE * (values - usual) / spread
    return [
        Anomaly(day, text(f"operate.what_{what}"), value, usual, float(score))
        for (day, value), score in zip(told, scores, strict=True)
        if abs(score) > limits["limit"]
    ]


def _value(day: DayFigures, what: str) -> float | None:
    return float(day.served + day.abandoned) if what == "visitors" else day.p90_wait_s


def trends(figures: Figures) -> tuple[Trend, ...]:
    """Returns the last seven days against up to four weeks before; nothing when there is no before."""
    if not figures.by_day:
        return ()
    first = figures.by_day[-1].day - DAYS_A_WEEK + 1
    now = [day for day in figures.by_day if day.day >= first]
    before = [day for day in figures.by_day if first - WEEKS_BEFORE * DAYS_A_WEEK <= day.day < first]
    if not before:
        return ()
    pairs = [(name, unit, _mean_of(now, name), _mean_of(before, name)) for name, unit in _TRENDS]
    return tuple(
        Trend(text(f"operate.trend_{name}"), unit, a, b)
        for name, unit, a, b in pairs
        if a is not None and b is not None
    )


_TRENDS = (("visitors", ""), ("wait", "min"), ("left", "%"), ("hours", "h"))


def _mean_of(days: list[DayFigures], name: str) -> float | None:
    served, left = sum(day.served for day in days), sum(day.abandoned for day in days)
    if name == "visitors":
        return (served + left) / len(days)
    if name == "hours":
        return sum(day.window_hours for day in days) / len(days)
    if name == "left":
        return left / (served + left) if served + left else None
    told = [(day.served, day.mean_wait_s) for day in days if day.mean_wait_s is not None]
    people = sum(n for n, _ in told)
    return sum(n * wait for n, wait in told) / people / 60 if people else None


def peers(log: QueueLog) -> tuple[Peer, ...]:
    """Returns each hall of a log of several beside the others, by name."""
    if len(log.hall.names) < 2:
        return ()
    found = []
    for code, name in enumerate(log.hall.names):
        own = measure(log.pick(log.hall.codes == code))
        came = own.served + own.abandoned
        busy = sum(load.busy_s for load in own.windows) / (own.window_hours * 3600) if own.window_hours else 0.0
        share = own.abandoned / came if came else None
        found.append(
            Peer(name or "–", len(own.days), came / max(1, len(own.days)), own.mean_wait_s, own.p90_wait_s, share, busy, len(own.windows))
        )  # fmt: skip
    return tuple(found)
