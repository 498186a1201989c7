"""Simulated days of a hall: what those met who joined each line, or every visitor."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hallplan.queueing.checks import require_count
from hallplan.queueing.compiling import Compiled, blank_hall, blank_visitors, compile_hall
from hallplan.queueing.days import BIN_MIN, CALLED, GONE, NEVER, WAIT, WITHIN, Tally, record_days, run_days
from hallplan.queueing.hall import Estimate, HallDays, HallModel, LineDays
from hallplan.queueing.kernels import Floats, Ints
from hallplan.queueing.loop import Visitors
from hallplan.queueing.simulation import Z95, ratio_interval, ratio_intervals

BINS = 2400
"""Waits are counted up to ten hours; longer ones in the last bin."""
QUANTILES = (0.5, 0.9, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Records:
    """Every visitor of simulated days: one row each in `visitors`; day d is rows starts[d]:starts[d + 1]."""

    visitors: Visitors
    starts: Ints


def simulate_hall(model: HallModel, *, days: int = 200, seed: int = 1, first_day: int = 0) -> HallDays:
    """Returns what `days` days of a hall give, by line, with 95 % confidence intervals over days.

    Raises DemandError when the model cannot be.  Each day has random numbers of its own: days 0–99 and 100–199 apart
    are the same as 0–199 at once.  Source: event simulation, sharing nothing with the sizing formulas.
    """
    compiled, count = compile_hall(model), require_count("windows", days)
    tally = _blank_tally(compiled, count)
    run_days(
        compiled.plan, compiled.coming, blank_visitors(compiled, compiled.room), blank_hall(compiled), tally,
        compiled.limits, np.zeros(2, np.uint64), float(model.slot_minutes), int(seed),
        int(first_day), count, bool(model.clears), compiled.is_straight,
    )  # fmt: skip
    lines = tuple(_line(compiled, tally, n) for n in range(len(model.lines)))
    busy = tally.busy.mean(axis=0) / model.slot_minutes
    return HallDays(count, lines, tuple(tuple(float(v) for v in row) for row in busy), _mean(tally.closing))


def record_hall(model: HallModel, *, days: int = 1, seed: int = 1) -> Records:
    """Returns every visitor of the same days that `simulate_hall` counts."""
    compiled, count = compile_hall(model), require_count("windows", days)
    mean = model.visitors_per_day * count
    people = blank_visitors(compiled, int(mean + 14.0 * math.sqrt(mean) + 60.0) + compiled.room)
    starts = np.zeros(count + 1, np.int64)
    record_days(
        compiled.plan, compiled.coming, people, blank_hall(compiled), np.zeros(2, np.uint64), starts,
        float(model.slot_minutes), int(seed), count, bool(model.clears), compiled.is_straight,
    )  # fmt: skip
    n = int(starts[-1])
    return Records(Visitors(people.who[:n], people.at[:n], people.steps[:n]), starts)


def _blank_tally(compiled: Compiled, days: int) -> Tally:
    lines, groups, slots = len(compiled.model.lines), len(compiled.model.groups), compiled.model.n_slots
    return Tally(
        np.zeros((days, lines, slots, 5)), np.zeros((lines, BINS), np.int64), np.zeros((days, groups, slots)),
        np.zeros((days, lines), np.int64), np.zeros(days),
    )  # fmt: skip


def _line(compiled: Compiled, tally: Tally, n: int) -> LineDays:
    counts = np.ascontiguousarray(tally.counts[:, n].transpose(2, 1, 0))
    day, sums = counts.sum(axis=1), counts.sum(axis=2)
    came = day[CALLED] + day[GONE] + day[NEVER]
    share, half = ratio_intervals(counts[WITHIN], counts[CALLED], nobody=1.0)
    return LineDays(
        compiled.model.lines[n].id,
        float(came.mean()),
        _ratio(day[WAIT], day[CALLED], math.inf),
        _ratio(day[WITHIN], day[CALLED], 1.0, nobody=1.0),
        _ratio(day[GONE], came, 1.0),
        _quantiles(tally.bins[n]),
        int(np.quantile(tally.most[:, n], 0.95, method="inverted_cdf")),
        tuple(share.tolist()),
        tuple(half.tolist()),
        tuple((sums[WAIT] / np.maximum(sums[CALLED], 1.0)).tolist()),
        tuple((sums[CALLED] / counts.shape[2]).tolist()),
    )


def _ratio(sums: Floats, counts: Floats, most: float, nobody: float = 0.0) -> Estimate:
    value, half = ratio_interval(sums, counts, nobody)
    return Estimate(value, (max(value - half, 0.0), min(value + half, most)))


def _mean(values: Floats) -> Estimate:
    half = Z95 * float(values.std(ddof=1)) / math.sqrt(values.size) if values.size > 1 else math.inf
    return Estimate(float(values.mean()), (float(values.mean()) - half, float(values.mean()) + half))


def _quantiles(bins: Ints) -> tuple[float, float, float, float]:
    """Upper ends of the bins at which these shares of all who were served are reached; 0 for an empty line."""
    total = int(bins.sum())
    if not total:
        return 0.0, 0.0, 0.0, 0.0
    reached = np.cumsum(bins)
    p50, p90, p95, p99 = (float(np.searchsorted(reached, share * total)) * BIN_MIN for share in QUANTILES)
    return p50, p90, p95, p99
