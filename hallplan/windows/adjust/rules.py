"""Levels at which a window opens or closes, from the queueing model; the best of them by simulation."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hallplan.model.windows import WindowPlan, WindowType
from hallplan.queueing.adjusting import NEVER, DrawnDays, Rules, draw_days, run_adjusted
from hallplan.queueing.goals import P99, Goals
from hallplan.terms import read_data
from hallplan.units import MINUTES_PER_HOUR
from hallplan.windows.limits import target_of
from hallplan.windows.service import sessions_of
from hallplan.windows.sizing import Load, Target
from hallplan.windows.slots import SLOT_MIN

Floats = NDArray[np.float64]
FIRST_SEED, SESSION_SEEDS = 7_001, 101
LONG_QUEUE = 0.05
"""Chance of a longer queue than the longest asked for."""
POISSON_SPREAD = 12.0
"""A Poisson number is this many standard deviations below its mean with a chance that does not count."""


@dataclass(frozen=True, slots=True)
class Levels:
    """open_at, close_at: (n_slots, windows + 1) by half-hour and windows open now; NEVER where no level holds.

    step: how many open or close at once.
    """

    open_at: NDArray[np.int64]
    close_at: NDArray[np.int64]
    step: int

    def rules(self, span: tuple[int, int]) -> Rules:
        """Returns the rules of one session."""
        data = read_data("adjusting.toml")
        a, b = span
        return Rules(self.open_at[a:b], self.close_at[a:b], 1, data["look_min"], data["delay_min"], self.step)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What days gave, by day: visitors, within the target, minutes waited, window-hours; shares by half-hour over all days."""

    visitors: Floats
    within: Floats
    waits_min: Floats
    hours: Floats
    slot_shares: Floats


def derive_levels(kind: WindowType, plan: WindowPlan, wait_part: float, free: int) -> Levels:
    """Returns levels for every half-hour and number of windows.

    Open: whoever joins behind n waiting starts after n + 1 departures of c busy windows, an Erlang time; n is the least for
    which it ends within `wait_part` of the target wait with less than the target share (and so for a 99th percentile), or for
    which its mean is above that part of a mean wait asked for, or n that part of a longest queue.  Close: `free` steps of
    windows are free, and one step fewer keeps every target by Erlang C at the forecast arrivals.  Times are stretched by
    (1 + cv²)/2 as in sizing.
    """
    step, goals = _step(kind), _goals(kind, plan)
    return Levels(_opening(kind, wait_part, goals), _closing(kind, step, goals, free), step)


def _opening(kind: WindowType, wait_part: float, goals: Goals) -> NDArray[np.int64]:
    levels = np.full((len(kind.arrivals), kind.windows + 1), NEVER)
    if kind.minutes > 0:
        for count in range(1, kind.windows):
            levels[:, count] = max(_open_level(count / kind.minutes * wait_part, wait_part, goals), 1)
    return levels


def _closing(kind: WindowType, step: int, goals: Goals, free: int) -> NDArray[np.int64]:
    levels = np.full((len(kind.arrivals), kind.windows + 1), NEVER)
    if kind.minutes > 0:
        kept = _kept(
            np.array(kind.arrivals) / MINUTES_PER_HOUR * kind.minutes, kind.windows - step, kind.minutes, goals
        )
        levels[:, 1 + step :][kept[:, 1:]] = free * step
    return levels


def choose_levels(kind: WindowType, plan: WindowPlan) -> Levels:
    """Returns the levels with the fewest window-hours that serve varied days and days with a late peak as well as asked.

    As well as the fixed plan is enough where it serves worse than asked. Where no levels do, those that miss it least.
    """
    data, target = read_data("adjusting.toml"), target_of(plan, kind)
    n_days = days_to_draw(kind, data["tuning_days"])
    sets = [
        Days.of(kind, plan, varied_factors(n_days, FIRST_SEED), FIRST_SEED),
        Days.of(kind, plan, np.ones(n_days), FIRST_SEED + 1, late_peak(kind.arrivals, plan.half_hours)),
    ]
    asked = [_asked(days.measured(kind, plan, None, target)[1], target) for days in sets]
    tried: list[tuple[float, float, int, Levels]] = []
    for levels in _levels_to_try(kind, plan):
        outcomes = [days.measured(kind, plan, levels, target) for days in sets]
        missing = sum(
            max(want - got, 0.0)
            for wanted, (_, met) in zip(asked, outcomes, strict=True)
            for want, got in zip(wanted, met, strict=True)
        )
        tried.append((missing, float(sum(got.hours.sum() for got, _ in outcomes)), len(tried), levels))
    return min(tried, key=lambda row: row[:3])[3]


def _levels_to_try(kind: WindowType, plan: WindowPlan) -> Iterator[Levels]:
    """`derive_levels` for every part of the wait and number of free windows; what several share is made once."""
    data, goals = read_data("adjusting.toml"), _goals(kind, plan)
    step = _step(kind)
    closing = [_closing(kind, step, goals, free) for free in data["free_windows"]]
    for wait_part in data["wait_parts"]:
        opening = _opening(kind, wait_part, goals)
        for levels in closing:
            yield Levels(opening, levels, step)


def _goals(kind: WindowType, plan: WindowPlan) -> Goals:
    return target_of(plan, kind).goals(Load(kind.arrivals, kind.minutes, kind.cv))


def _step(kind: WindowType) -> int:
    """Windows that open or close at once."""
    return 1 + kind.windows // int(read_data("adjusting.toml")["windows_per_step"])


def _asked(fixed: Sequence[float], target: Target) -> list[float]:
    """What rules must reach of each figure of `Days.measured`, from what the fixed plan does."""
    most = [target.share, P99, -1.0]
    return [min(want, got) - read_data("adjusting.toml")["share_tol"] for want, got in zip(most, fixed, strict=True)]


def late_peak(arrivals: Sequence[float], starts: Sequence[int]) -> list[float]:
    """Returns the same visitors, each session's pattern half an hour later; its last half-hour comes first."""
    moved: list[float] = []
    for a, b in sessions_of(starts):
        session = list(arrivals[a:b])
        moved += [session[-1], *session[:-1]]
    return moved


@dataclass(frozen=True, slots=True)
class Days:
    """Drawn days of a type, session by session."""

    drawn: tuple[tuple[tuple[int, int], DrawnDays], ...]

    @classmethod
    def of(
        cls, kind: WindowType, plan: WindowPlan, factors: Floats, seed: int, arrivals: Sequence[float] | None = None
    ) -> Days:
        """Returns one day for each factor; arrivals: other than the forecast, per hour by half-hour."""
        rates = kind.arrivals if arrivals is None else arrivals
        drawn = [
            (span, draw_days(rates[span[0] : span[1]], kind.minutes, cv=kind.cv, day_factors=factors, seed=seed + SESSION_SEEDS * n, slot_minutes=SLOT_MIN))
            for n, span in enumerate(sessions_of(plan.half_hours))
        ]  # fmt: skip
        return cls(tuple(drawn))

    def measured(
        self, kind: WindowType, plan: WindowPlan, levels: Levels | None, target: Target
    ) -> tuple[Outcome, list[float]]:
        """Returns what these days give and how they meet targets: shares within the wait and the 99th percentile, and less the
        mean wait over the one asked for; where one is not asked for, as if it were met."""
        found = self.run(kind, plan, levels)
        tail, mean = 1.0, -1.0
        if math.isfinite(target.p99_wait_min):
            tail = _share(self.run(kind, plan, levels, target.p99_wait_min))
        if math.isfinite(target.mean_wait_min) and found.visitors.sum():
            mean = -float(found.waits_min.sum() / found.visitors.sum()) / target.mean_wait_min
        return found, [_share(found), tail, mean]

    def run(self, kind: WindowType, plan: WindowPlan, levels: Levels | None, wait_min: float = 0.0) -> Outcome:
        """Returns what the fixed plan gives on these days, or with levels, what the rules give; wait_min: other than the plan's."""
        parts = [
            run_adjusted(
                days, kind.open[a:b], wait_min or plan.target_wait_min, levels.rules((a, b)) if levels else None
            )
            for (a, b), days in self.drawn
        ]
        came = np.concatenate([part.came.sum(axis=0) for part in parts])
        within = np.concatenate([part.within.sum(axis=0) for part in parts])
        return Outcome(
            np.sum([part.visitors for part in parts], axis=0),
            np.sum([part.within.sum(axis=1) for part in parts], axis=0),
            np.sum([part.waits_min for part in parts], axis=0),
            np.sum([part.window_hours for part in parts], axis=0),
            np.where(came > 0, within / np.maximum(came, 1), 1.0),
        )


def days_to_draw(kind: WindowType, days: int) -> int:
    """Returns `days`, or fewer where so many visitors come that fewer days tell as much."""
    a_day = sum(kind.arrivals) * SLOT_MIN / MINUTES_PER_HOUR
    data = read_data("adjusting.toml")
    return min(days, max(int(data["most_visitors"] / max(a_day, 1.0)), int(data["fewest_days"])))


def varied_factors(n_days: int, seed: int) -> Floats:
    """Returns (n_days,) gamma factors of mean 1 by which days differ from the forecast."""
    shape = 1.0 / read_data("adjusting.toml")["day_cv"] ** 2
    return np.random.default_rng(seed).gamma(shape, 1.0 / shape, n_days)


def _share(outcome: Outcome) -> float:
    visitors = float(outcome.visitors.sum())
    return float(outcome.within.sum()) / visitors if visitors else 1.0


def _late_behind(departures: float, share: float) -> int:
    """The least n for which n + 1 departures come in time with less than `share`, when `departures` are expected.

    Counted from where a Poisson number begins to be likely: the chance of none is no number of the machine's above 745.
    """
    n = max(math.floor(departures - POISSON_SPREAD * math.sqrt(departures)), 0)
    term = math.exp(n * math.log(departures) - departures - math.lgamma(n + 1)) if n else math.exp(-departures)
    below = term
    while 1.0 - below >= share:
        n += 1
        term *= departures / n
        below += term
    return n


def _open_level(rate: float, part: float, goals: Goals) -> int:
    """The least number waiting behind which one more would be late; rate: departures a minute times the part of waits."""
    levels = [_late_behind(rate * goals.wait_min, goals.share)]
    if math.isfinite(goals.p99_wait_min):
        levels.append(_late_behind(rate * goals.p99_wait_min, P99))
    if math.isfinite(goals.mean_wait_min):
        levels.append(math.floor(rate * goals.mean_wait_min))
    if math.isfinite(goals.waiting):
        levels.append(math.floor(part * goals.waiting))
    return min(levels)


def _kept(loads: Floats, most: int, minutes: float, goals: Goals) -> NDArray[np.bool_]:
    """Whether stationary queues of 0 to `most` windows meet the goals: (loads, most + 1)."""
    kept = np.zeros((loads.size, max(most, 0) + 1), dtype=np.bool_)
    kept[:, 0] = loads == 0
    blocked = np.ones(loads.size)
    for count in range(1, most + 1):
        blocked = loads * blocked / (count + loads * blocked)
        spare = np.maximum(count - loads, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            delayed = count * blocked / (count - loads * (1.0 - blocked))
            meets = (
                (1.0 - delayed * np.exp(-spare / minutes * goals.wait_min) >= goals.share)
                & (delayed * np.exp(-spare / minutes * goals.p99_wait_min) <= 1.0 - P99)
                & (delayed * minutes / spare <= goals.mean_wait_min)
                & (math.isinf(goals.waiting) | (delayed * (loads / count) ** (goals.waiting + 1.0) <= LONG_QUEUE))
            )
        kept[:, count] = meets & (spare > 0)
    return kept
