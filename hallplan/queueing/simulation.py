"""Days of one queue, event by event: a check that shares nothing with the formulas."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from hallplan.errors import DemandError
from hallplan.queueing.checks import require, require_count, require_rates
from hallplan.queueing.kernels import Floats, Ints, run_day
from hallplan.terms import text
from hallplan.units import MINUTES_PER_HOUR

Z95 = 1.959963984540054
EXPONENTIAL = -1.0
DRAWN_AT_ONCE = 1_000_000
"""Visitors of days that are drawn together, about: 30 MB."""


@dataclass(frozen=True, slots=True)
class PoolDays:
    """What simulated days gave: means over visitors with 95 % confidence intervals over days.

    slot_share, slot_half_width: share within the target of those who came in each slot, half its 95 % interval.
    """

    days: int
    mean_wait_min: float
    mean_wait_ci95: tuple[float, float]
    share_within: float
    share_within_ci95: tuple[float, float]
    slot_share: tuple[float, ...]
    slot_half_width: tuple[float, ...]


def simulate_pool(
    arrivals_per_hour: Sequence[float],
    minutes_per_case: float,
    windows: Sequence[int],
    *,
    cv: float,
    wait_min: float,
    days: int = 400,
    seed: int = 1,
    slot_minutes: float = 30.0,
    hands_back: bool = False,
) -> PoolDays:
    """Returns what `days` simulated days of one first come, first served queue give.

    arrivals_per_hour, windows: one a slot.  Service is lognormal with this mean and cv; cv=EXPONENTIAL
    makes it exponential.  hands_back: a closing window gives its visitor back to the
    head of the queue; otherwise it finishes with that visitor.  The last slot's windows stay until the hall is empty.
    Raises DemandError when a figure is impossible.
    """
    rates = require_rates(arrivals_per_hour) / MINUTES_PER_HOUR
    require("minutes", minutes_per_case, above_zero=True)
    counts = np.array([require_count("windows", value, 0) for value in windows], dtype=np.int64)
    if counts.size != rates.size:
        found = text("queueing.one_each", slots=rates.size, windows=counts.size)
        raise DemandError.at(text("queueing.windows"), found)
    n_days = require_count("windows", days)
    waits, within, came = np.zeros(days), np.zeros((days, counts.size)), np.zeros((days, counts.size), np.int64)
    draw = np.random.default_rng(seed)
    came[:] = draw.poisson(rates * slot_minutes, came.shape)
    block = max(1, int(DRAWN_AT_ONCE / max(came.sum() / n_days, 1.0)))
    for first in range(0, n_days, block):
        arrivals, services, starts = _drawn(draw, came[first : first + block], slot_minutes, minutes_per_case, cv)
        for day, (a, b) in enumerate(pairwise(starts), first):
            waits[day] = run_day(
                arrivals[a:b],
                services[a:b],
                counts,
                float(slot_minutes),
                float(wait_min),
                bool(hands_back),
                within[day],
            )
    visitors = came.sum(axis=1).astype(np.float64)
    mean, half = ratio_interval(waits, visitors)
    share, share_half = ratio_interval(within.sum(axis=1), visitors, nobody=1.0)
    slots = [ratio_interval(within[:, k], came[:, k].astype(np.float64), nobody=1.0) for k in range(counts.size)]
    return PoolDays(
        days, mean, (max(mean - half, 0.0), mean + half), share, (max(share - share_half, 0.0), min(share + share_half, 1.0)),
        tuple(value for value, _ in slots), tuple(width for _, width in slots),
    )  # fmt: skip


def _drawn(
    draw: np.random.Generator, came: Ints, slot: float, mean: float, cv: float
) -> tuple[Floats, Floats, list[int]]:
    """Returns arrival times and service times of days on end, and where each day starts in them.

    came: (days, slots).  Services are lognormal with this mean and cv; exponential when cv is below 0.
    """
    total, n_slots = int(came.sum()), came.shape[1]
    slots = np.repeat(np.arange(came.size), came.ravel())
    places = np.sort(slots + draw.random(total))
    arrivals = (places - slots // n_slots * n_slots) * slot
    variance = math.log1p(cv * cv)
    services = (
        draw.exponential(mean, total)
        if cv < 0
        else mean * np.exp(draw.normal(-variance / 2.0, math.sqrt(variance), total))
    )
    return arrivals, services, [0, *np.cumsum(came.sum(axis=1)).tolist()]


def ratio_interval(sums: Floats, counts: Floats, nobody: float = 0.0) -> tuple[float, float]:
    """Returns the ratio of sums over days and half its 95 % interval (ratio estimator over independent days)."""
    ratios, halves = ratio_intervals(sums[None], counts[None], nobody)
    return float(ratios[0]), float(halves[0])


def ratio_intervals(sums: Floats, counts: Floats, nobody: float = 0.0) -> tuple[Floats, Floats]:
    """Returns the same for rows of days: sums, counts (rows, days)."""
    days, total = counts.shape[1], counts.sum(axis=1)
    some = np.where(total > 0, total, 1.0)
    ratios = sums.sum(axis=1) / some
    if days < 2:
        halves = np.full(total.shape, math.inf)
    else:
        spread = np.sqrt(np.sum((sums - ratios[:, None] * counts) ** 2, axis=1) / (days - 1))
        halves = Z95 * spread / (some / days) / math.sqrt(days)
    return np.where(total > 0, ratios, nobody), np.where(total > 0, halves, 0.0)
