"""Visitors of the coming open days with an interval, from the days of a log; statsmodels is an extra, imported late."""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from hallplan.model.log import QueueLog
from hallplan.model.logged import Forecast, ForecastDay
from hallplan.terms import read_data
from hallplan.windows.logs.fit import DAYS_PER_WEEK, EPOCH, Floats, Marks

Dates = Sequence[datetime.date]


def forecast_log(log: QueueLog, *, holidays: Collection[str] = (), extra_days: Collection[str] = ()) -> Forecast | None:
    """Returns the forecast after the last day of a log; None when it has too few open days.

    holidays, extra_days: dates (ISO) on which the hall is closed or open against its week.  Raises ImportError without
    statsmodels.  Source: local level with regressors in logarithms (Harvey, 1989), fitted by maximum likelihood.
    """
    rules = read_data("logs.toml")["forecast"]
    counted = log.pick(log.counted)
    days = counted.days
    counts = np.array([np.count_nonzero(counted.day == day) for day in days], dtype=np.float64)
    kept = counts >= rules["least_share"] * np.median(counts) if counts.size else np.zeros(0, np.bool_)
    dates = [EPOCH + datetime.timedelta(days=int(day)) for day in days[kept]]
    if len(dates) < rules["least_days"]:
        return None
    seen = counts[kept]
    coming = _coming(dates, int(rules["horizon_days"]), holidays, extra_days)
    groups = _groups(dates)
    level, low, high, effects = _forecast(dates, seen, coming, groups)
    tried, inside, error = _tried(dates, seen, groups)
    rows = zip(coming, level, low, high, strict=True)
    return Forecast(
        tuple(ForecastDay(date.isoformat(), *(round(float(v), 1) for v in values)) for date, *values in rows),
        float(rules["probability"]), tuple((name, round(float(v), 4)) for name, v in effects.items()),
        round(float(seen.mean()), 1), tried, inside, error, int((~kept).sum()),
    )  # fmt: skip


def _coming(dates: Dates, horizon: int, holidays: Collection[str], extra: Collection[str]) -> list[datetime.date]:
    """Open days after the last one: weekdays that were mostly open."""
    span = [dates[0] + datetime.timedelta(days=n) for n in range((dates[-1] - dates[0]).days + 1)]
    seen, least = set(dates), float(read_data("logs.toml")["forecast"]["least_seen"])
    is_open = [
        sum(date in seen for date in span if date.weekday() == n) >= least * sum(date.weekday() == n for date in span)
        for n in range(DAYS_PER_WEEK)
    ]
    ahead = [dates[-1] + datetime.timedelta(days=n) for n in range(1, horizon + 1)]
    return [d for d in ahead if d.isoformat() in extra or (is_open[d.weekday()] and d.isoformat() not in holidays)]


def _is_in(name: str, date: datetime.date) -> bool:
    rules = read_data("logs.toml")
    if name == "month_start":
        return bool(date.day <= rules["season"]["month_start_days"])
    if name == "school_start":
        first, last = rules["forecast"]["school_start"]
        return bool(first <= date.strftime("%m-%d") <= last)
    return name == f"weekday_{date.weekday()}"


def _groups(dates: Dates) -> list[str]:
    """Kinds of days whose effect the log can tell; the weekday seen first is what the others are compared with."""
    least = int(read_data("logs.toml")["forecast"]["least_group"])
    names = [f"weekday_{n}" for n in range(DAYS_PER_WEEK) if n != dates[0].weekday()] + ["month_start", "school_start"]
    marks = {name: sum(_is_in(name, date) for date in dates) for name in names}
    return [name for name, count in marks.items() if least <= count <= len(dates) - least]


def _regressors(dates: Dates, groups: Sequence[str]) -> Floats | None:
    return np.array([[float(_is_in(name, date)) for name in groups] for date in dates]) if groups else None


def _forecast(
    dates: Dates, seen: Floats, coming: Dates, groups: Sequence[str]
) -> tuple[Floats, Floats, Floats, dict[str, float]]:
    """Most likely visitors and interval of coming days, and the factor of each kind of day."""
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = UnobservedComponents(np.log(seen), level="local level", exog=_regressors(dates, groups))
        fitted: Any = model.fit(disp=False, maxiter=200)
        ahead = fitted.get_forecast(len(coming), exog=_regressors(coming, groups))
    between = np.asarray(ahead.conf_int(alpha=1.0 - float(read_data("logs.toml")["forecast"]["probability"])))
    factors = np.exp(np.asarray(fitted.params)[len(fitted.params) - len(groups) :])
    mean = np.exp(np.asarray(ahead.predicted_mean))
    return mean, np.exp(between[:, 0]), np.exp(between[:, 1]), dict(zip(groups, factors.tolist(), strict=True))


def _tried(dates: Dates, seen: Floats, groups: Sequence[str]) -> tuple[int, float, float]:
    """Days at the end forecast without having been seen: how many, share inside the interval, mean error."""
    rules = read_data("logs.toml")["forecast"]
    count = int(rules["tried_share"] * len(dates))
    if len(dates) < 2 * rules["least_days"]:
        return 0, 0.0, 0.0
    known = [name for name in groups if name in _groups(dates[:-count])]
    mean, low, high, _ = _forecast(dates[:-count], seen[:-count], dates[-count:], known)
    inside: Marks = (seen[-count:] >= low) & (seen[-count:] <= high)
    return count, float(inside.mean()), float(np.mean(np.abs(mean - seen[-count:]) / seen[-count:]))
