"""What to expect of a week: work by half-hour and weekday, and how the hall itself opened its windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hallplan.model.log import Floats, Marks
from hallplan.operate.bench import DAYS_A_WEEK, SLOTS_A_DAY, DayOfPeople
from hallplan.terms import read_data
from hallplan.units import weekday

SMOOTHING = (0.25, 0.5, 0.25)
LEAST_TO_TRIM = 3


@dataclass(frozen=True, slots=True)
class Expected:
    """A week to come, all (7, 48), Monday first.

    load: windows' worth of work.  seen: windows that the hall had open, mean.  is_open: half-hours of its opening hours.
    """

    load: Floats
    seen: Floats
    is_open: Marks


def expect_week(days: Sequence[DayOfPeople]) -> Expected:
    """Returns what days before let expect of a week: weekdays of about the same volume share their shape.

    A half-hour's load is the mean over those days without its highest and lowest, so that one odd hour (a fault, a crowd)
    is not planned for again, smoothed twice.  A weekday keeps as much of its own volume as weeks before show to be lasting.
    """
    on = np.array([weekday(day.day) for day in days])
    loads = np.array([day.load for day in days])
    opened = np.array([day.open_share() for day in days])
    shape = DAYS_A_WEEK, SLOTS_A_DAY
    load, seen, is_open = np.zeros(shape), np.zeros(shape), np.zeros(shape, np.bool_)
    least = read_data("operate.toml")["week"]["least_open"]
    volumes = np.array([_without_peaks(row, hours) for row, hours in zip(loads, opened > least, strict=True)])
    for kind in _kinds(on, volumes, opened > least):
        alike = np.isin(on, kind)
        together = _smooth(_smooth(_trimmed(loads[alike])))
        factors = _lasting(on[alike], loads[alike].sum(axis=1))
        mean_open = opened[alike].mean(axis=0)
        for day in kind:
            load[day] = together * factors[day]
            own = opened[on == day].mean(axis=0) > 0
            is_open[day] = (mean_open > least) & (own | np.roll(own, 1) | np.roll(own, -1))
            seen[day] = mean_open * is_open[day]
    return Expected(load, seen, is_open)


def _without_peaks(load: Floats, is_open: Marks) -> float:
    """The work of a day, a half-hour counted for no more than `peak` times the middle one of its opening hours."""
    busy = load[is_open]
    cap = read_data("operate.toml")["week"]["peak"] * float(np.median(busy)) if busy.size else 0.0
    return float(np.minimum(load, cap).sum())


def _trimmed(rows: Floats) -> Floats:
    """Means of columns without the highest and the lowest of each, where there are enough rows."""
    if len(rows) < LEAST_TO_TRIM:
        return np.asarray(rows.mean(axis=0))
    return np.asarray(np.sort(rows, axis=0)[1:-1].mean(axis=0))


def _smooth(row: Floats) -> Floats:
    padded = np.pad(row, 1, mode="edge")
    return np.asarray(sum(weight * padded[k : k + SLOTS_A_DAY] for k, weight in enumerate(SMOOTHING)))


def _kinds(on: Floats, volumes: Floats, is_open: Marks) -> list[list[int]]:
    """Weekdays of about the same work and hours together: in order of work, a new kind begins at each large step."""
    known = read_data("operate.toml")["week"]
    mean = {day: float(volumes[on == day].mean()) for day in sorted(set(on.tolist()))}
    hours = {day: is_open[on == day].mean(axis=0) >= 0.5 for day in mean}
    kinds: list[list[int]] = []
    for day in sorted(mean, key=lambda one: (-mean[one], one)):
        if mean[day] <= 0:
            continue
        alike = (
            kind for kind in kinds
            if mean[kind[-1]] <= (1.0 + known["same_volume"]) * mean[day]
            and _overlap(hours[kind[-1]], hours[day]) >= known["same_hours"]
        )  # fmt: skip
        if (own := next(alike, None)) is not None:
            own.append(day)
        else:
            kinds.append([day])
    return kinds


def _overlap(a: Marks, b: Marks) -> float:
    """Half-hours that two days have in common, of those that either has; 1 when neither has any."""
    either = np.count_nonzero(a | b)
    return float(np.count_nonzero(a & b) / either) if either else 1.0


def _lasting(on: Floats, volumes: Floats) -> dict[int, float]:
    """Returns what a weekday's volume is of its kind's, drawn to 1 by how little of the difference lasts from week to week.

    Source: shrinkage of group means by their reliability (empirical Bayes; Efron and Morris, 1975).
    """
    by_day = {day: np.log(np.maximum(volumes[on == day], 1e-9)) for day in sorted(set(on.tolist()))}
    means = {day: float(values.mean()) for day, values in by_day.items()}
    centre = float(np.mean(list(means.values())))
    freedom = volumes.size - len(by_day)
    if freedom < 1 or len(by_day) < 2:
        return dict.fromkeys(by_day, 1.0)
    within = sum(float(((values - means[day]) ** 2).sum()) for day, values in by_day.items()) / freedom
    noise = within * float(np.mean([1.0 / values.size for values in by_day.values()]))
    between = max(0.0, float(np.var(list(means.values()), ddof=1)) - noise)
    return {
        day: float(np.exp((means[day] - centre) * between / max(between + within / values.size, 1e-12)))
        for day, values in by_day.items()
    }
