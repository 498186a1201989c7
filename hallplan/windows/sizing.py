"""Windows of one type by half-hour: exact time-varying sizing, checked and mended by simulation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hallplan.model.windows import Interval, Simulated
from hallplan.queueing import (
    Goals,
    PoolDays,
    Transient,
    find_staffing,
    first_missed,
    meet_goals,
    simulate_pool,
    transient,
    wait_quantile,
    wait_tail,
)
from hallplan.queueing.goals import P99
from hallplan.settings import Settings
from hallplan.terms import read_data
from hallplan.windows.slots import SLOT_MIN, Slots

HIGHEST_FACTOR = 4.0


@dataclass(frozen=True, slots=True)
class Target:
    """Share of visitors called within `wait_min`, and the greatest share of window time that may be busy.

    mean_wait_min, p99_wait_min, queue: greatest mean wait, 99th percentile and people waiting (95th percentile) of every
    half-hour; infinite where nothing is asked.
    """

    share: float
    wait_min: float
    max_busy: float
    mean_wait_min: float = math.inf
    p99_wait_min: float = math.inf
    queue: float = math.inf

    @classmethod
    def of(cls, settings: Settings) -> Target:
        """Returns the target of the settings."""
        service = settings.service
        limits = (service.mean_wait_min, service.p99_wait_min, float(service.longest_queue))
        return cls(
            service.target_share, service.wait_min, service.max_utilisation, *(limit or math.inf for limit in limits)
        )

    def goals(self, load: Load) -> Goals:
        """Returns the target of the model with exponential service, whose waits and queues a wider spread makes longer."""
        factor = max(load.factor, 1.0)
        return Goals(
            self.share, self.wait_min / load.factor, self.mean_wait_min / factor, self.p99_wait_min / factor,
            math.floor(self.queue / factor) if math.isfinite(self.queue) else math.inf, self.max_busy,
        )  # fmt: skip

    @property
    def tail(self) -> Target:
        """The 99th percentile as a share within a wait."""
        return Target(P99, self.p99_wait_min, self.max_busy)


@dataclass(frozen=True, slots=True)
class Load:
    """What one type receives: visits per hour by half-hour, mean minutes of a visit and their variation."""

    per_hour: tuple[float, ...]
    minutes: float
    cv: float

    @property
    def factor(self) -> float:
        """How much longer (or shorter) waits are than with exponential service. Source: Kingman; Allen and Cunneen."""
        return min((1.0 + self.cv**2) / 2.0, HIGHEST_FACTOR)


@dataclass(frozen=True, slots=True)
class Sized:
    """Windows open in each half-hour, what visitors meet, and a lower bound on the sum of `open`."""

    open: tuple[int, ...]
    bound: int
    added: int
    mean_wait_min: float
    share_within: float
    p99_wait_min: float
    waiting_p95: int
    utilisation: float
    simulated: Simulated
    slot_wait_min: float = 0.0
    late_slots: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class _Session:
    """One session's windows with the simulation that checked them."""

    open: tuple[int, ...]
    bound: int
    added: int
    days: PoolDays


def size_type(load: Load, slots: Slots, target: Target, seed: int, *, is_flat: bool = False) -> Sized:
    """Returns the windows of one type; at least one is open whenever the hall is, all day the same if `is_flat`.

    Sessions (before and after lunch) are days of their own.  The exact model has exponential service, so that the wait
    of the target is divided by (1 + cv²)/2; simulation with lognormal service then adds a window wherever the
    target is still missed.
    """
    if not any(load.per_hour) or load.minutes <= 0:
        return _unused(slots)
    size = _size_flat if is_flat else _size_session
    sessions = [size(load, span, target, seed + n) for n, span in enumerate(slots.sessions)]
    if is_flat:
        most = max(session.open[0] for session in sessions)
        sessions = [
            replace(session, open=(most,) * len(session.open), bound=most * len(session.open)) for session in sessions
        ]
    plan = tuple(count for session in sessions for count in session.open)
    return _measured(load, slots, target, sessions, plan, is_flat)


def _unused(slots: Slots) -> Sized:
    nothing = Interval(0.0, (0.0, 0.0))
    simulated = Simulated(nothing, Interval(1.0, (1.0, 1.0)), 0)
    n = len(slots.starts)
    return Sized((1,) * n, n, 0, 0.0, 1.0, 0.0, 0, 0.0, simulated)


def _size_session(load: Load, span: tuple[int, int], target: Target, seed: int) -> _Session:
    rates = load.per_hour[span[0] : span[1]]
    found = find_staffing(
        rates,
        load.minutes,
        share=target.share,
        wait_min=target.wait_min / load.factor,
        slot_minutes=SLOT_MIN,
        least=(1,) * len(rates),
        max_busy=target.max_busy,
    )
    windows, goals = found.windows, target.goals(load)
    if goals.has_more:
        windows = meet_goals(rates, load.minutes, windows, goals, slot_minutes=SLOT_MIN, least=(1,) * len(rates))
    counts, days = _mend(load, rates, list(windows), target, seed)
    if math.isfinite(target.p99_wait_min):
        counts, _ = _mend(load, rates, counts, target.tail, seed)
        days = _simulate(load, rates, counts, target, seed)
    return _Session(tuple(counts), found.bound, sum(counts) - sum(windows), days)


def _size_flat(load: Load, span: tuple[int, int], target: Target, seed: int) -> _Session:
    """The fewest windows, the same in each half-hour, that keep the target over all visitors of the session."""
    rates = load.per_hour[span[0] : span[1]]
    count = 1
    while (days := _simulate(load, rates, [count] * len(rates), target, seed)).share_within < target.share:
        count += 1
    goals = replace(target.goals(load), share=0.0)
    while goals.has_more and first_missed(rates, load.minutes, [count] * len(rates), goals) is not None:
        count += 1
    return _Session((count,) * len(rates), count * len(rates), 0, days)


def _mend(
    load: Load, rates: Sequence[float], counts: list[int], target: Target, seed: int
) -> tuple[list[int], PoolDays]:
    """Adds a window in the first half-hour whose simulated share misses the target, until none does."""
    data = read_data("windows.toml")["simulation"]
    for _ in range(data["most_rounds"]):
        days = _simulate(load, rates, counts, target, seed)
        missed = [k for k, share in enumerate(days.slot_share) if share < target.share - data["share_tol"]]
        if not missed:
            return counts, days
        counts = [count + (k == missed[0]) for k, count in enumerate(counts)]
    return counts, _simulate(load, rates, counts, target, seed)


def _simulate(load: Load, rates: Sequence[float], counts: Sequence[int], target: Target, seed: int) -> PoolDays:
    return simulate_pool(
        rates, load.minutes, counts, cv=load.cv, wait_min=target.wait_min, seed=seed, slot_minutes=SLOT_MIN,
        days=read_data("windows.toml")["simulation"]["days"],
    )  # fmt: skip


def _measured(
    load: Load, slots: Slots, target: Target, sessions: Sequence[_Session], plan: tuple[int, ...], is_flat: bool
) -> Sized:
    """What visitors meet with these windows: the exact model with its waits scaled by the factor, and the simulation.

    Steadier service than exponential is no promise: while more come than can be served, waits do not depend on its spread.

    By Little's law the queue is longer by the same factor as the wait.
    """
    spans = [(load.per_hour[a:b], plan[a:b]) for a, b in slots.sessions]
    factor = max(load.factor, 1.0)
    wait = target.wait_min / factor
    exact = [transient(rates, load.minutes, counts, wait_min=wait, slot_minutes=SLOT_MIN) for rates, counts in spans]
    tails = [wait_tail(rates, load.minutes, counts, slot_minutes=SLOT_MIN) for rates, counts in spans]
    weights = [tail.visitors for tail in tails]
    late = [
        (a + k, share)
        for session, (a, _) in zip(sessions, slots.sessions, strict=True)
        for k, share in enumerate(session.days.slot_share)
        if not is_flat and share < target.share - read_data("windows.toml")["simulation"]["share_tol"]
    ]
    return Sized(
        plan,
        sum(session.bound for session in sessions),
        sum(session.added for session in sessions),
        factor * _mean([day.over_day(day.mean_wait_min) for day in exact], weights),
        _mean([day.over_day(day.share_within) for day in exact], weights),
        factor * wait_quantile(tails, 0.99),
        math.ceil(load.factor * max(value for day in exact for value in day.waiting_p95)),
        math.fsum(busy for day in exact for busy in day.busy) / sum(plan),
        _joined([session.days for session in sessions], weights),
        factor * _worst_wait(exact),
        tuple(late),
    )


def _worst_wait(days: Sequence[Transient]) -> float:
    """The longest mean wait of any half-hour with visitors."""
    pairs = ((r, w) for day in days for r, w in zip(day.arrivals_per_hour, day.mean_wait_min, strict=True))
    return max(float(wait) for rate, wait in pairs if rate > 0)


def _joined(sessions: Sequence[PoolDays], weights: Sequence[float]) -> Simulated:
    """The day of independent sessions: means weighted by visitors, half-widths combined as of independent errors."""
    wait = _interval([(s.mean_wait_min, s.mean_wait_ci95) for s in sessions], weights, math.inf)
    share = _interval([(s.share_within, s.share_within_ci95) for s in sessions], weights, 1.0)
    return Simulated(wait, share, sessions[0].days)


def _interval(parts: Sequence[tuple[float, tuple[float, float]]], weights: Sequence[float], most: float) -> Interval:
    value = _mean([mean for mean, _ in parts], weights)
    total = math.fsum(weights)
    halves = [w / total * (ci[1] - ci[0]) / 2.0 for (_, ci), w in zip(parts, weights, strict=True)]
    half = math.sqrt(math.fsum(h * h for h in halves))
    return Interval(value, (max(value - half, 0.0), min(value + half, most)))


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    pairs = [(v, w) for v, w in zip(values, weights, strict=True) if w > 0]
    return math.fsum(v * w for v, w in pairs) / math.fsum(w for _, w in pairs)
