"""Machines that break: the M/M/c queue whose servers fail and are repaired, exactly and by events."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hallplan.errors import DemandError
from hallplan.queueing.checks import require, require_count
from hallplan.queueing.kernels import Floats
from hallplan.units import MINUTES_PER_HOUR

TAIL = 1e-9
Z99 = 2.5758293035489004


@dataclass(frozen=True)
class UnreliableQueue:
    """Machines in steady state; people whose machine fails go on with the next free one, before all who wait.

    arrivals, service, fails, repairs: rates per minute.  A wait ends when service first begins.
    Source: quasi-birth-death chain over (people, machines that run), matrix-geometric (Neuts 1981); waits by the chain
    of those ahead.
    """

    arrivals: float
    service: float
    machines: int
    fails: float
    repairs: float

    @property
    def availability(self) -> float:
        """Share of time that a machine runs."""
        return self.repairs / (self.repairs + self.fails) if self.fails else 1.0

    @property
    def utilisation(self) -> float:
        """Busy share of the running machines."""
        return self.arrivals / (self.service * self.machines * self.availability)

    @property
    def is_stable(self) -> bool:
        """Whether the running machines keep up."""
        return self.utilisation < 1.0

    @property
    def mean_wait_min(self) -> float:
        """Mean wait over all who come, min; infinite when the machines do not keep up."""
        if not self.is_stable:
            return math.inf
        waits = self._mean_waits
        return float(sum(p @ m for p, m in zip(self._levels, waits, strict=True)))

    def share_within(self, minutes: float) -> float:
        """Returns the share of people whose service begins within `minutes`."""
        require("wait", minutes)
        if not self.is_stable:
            return 0.0
        levels = np.array(self._levels)
        waiting = self._not_begun(minutes, len(levels))
        return float(1.0 - (levels * waiting).sum())

    @cached_property
    def _phases(self) -> NDArray[np.float64]:
        """Rates between numbers of running machines, diagonal left 0."""
        c = self.machines
        rates = np.zeros((c + 1, c + 1))
        for up in range(c + 1):
            if up:
                rates[up, up - 1] = up * self.fails
            if up < c:
                rates[up, up + 1] = (c - up) * self.repairs
        return rates

    def _down(self, people: int) -> NDArray[np.float64]:
        return np.minimum(people, np.arange(self.machines + 1)) * self.service

    def _local(self, people: int) -> NDArray[np.float64]:
        leave = self._phases.sum(axis=1) + self._down(people) + self.arrivals
        return self._phases - np.diag(leave)

    @cached_property
    def _levels(self) -> list[NDArray[np.float64]]:
        """Probabilities of (people, running machines), people from 0 until the tail is spent."""
        c, come = self.machines, self.arrivals * np.eye(self.machines + 1)
        high = self._tail_matrix(come)
        steps = [high]
        for people in range(c - 1, -1, -1):
            inner = self._local(people + 1) + steps[0] @ np.diag(self._down(people + 2))
            steps.insert(0, come @ np.linalg.inv(-inner))
        first = self._local(0) + steps[0] @ np.diag(self._down(1))
        start = _left_null(first)
        levels = [start]
        for step in steps[:-1]:
            levels.append(levels[-1] @ step)
        total = sum(float(level.sum()) for level in levels[:-1])
        total += float((levels[-1] @ np.linalg.inv(np.eye(c + 1) - high)).sum())
        while levels[-1].sum() / total > TAIL and len(levels) < 20_000:
            levels.append(levels[-1] @ high)
        return [level / total for level in levels]

    def _tail_matrix(self, come: NDArray[np.float64]) -> NDArray[np.float64]:
        """Rates from level to level where all machines can be busy. Source: logarithmic reduction (Latouche, Ramaswami 1993)."""
        one = np.eye(self.machines + 1)
        local, down = self._local(self.machines), np.diag(self._down(self.machines))
        inner = np.linalg.inv(-local)
        up, fall = inner @ come, inner @ down
        first, factor = fall, up
        for _ in range(60):
            spread = np.linalg.inv(one - up @ fall - fall @ up)
            up, fall = spread @ up @ up, spread @ fall @ fall
            step = factor @ fall
            first, factor = first + step, factor @ up
            if np.abs(step).max() < 1e-15:
                break
        return np.asarray(come @ np.linalg.inv(-(local + come @ first)), dtype=np.float64)

    @cached_property
    def _mean_waits(self) -> list[NDArray[np.float64]]:
        """Mean wait of one who finds (people, running machines)."""
        c, waits = self.machines, []
        before = np.zeros(c + 1)
        for people in range(len(self._levels)):
            held = np.arange(c + 1) <= people
            down = self._down(people)
            local = self._phases - np.diag(self._phases.sum(axis=1) + down)
            now = np.zeros(c + 1)
            if held.any():
                inner = local[np.ix_(held, held)]
                now[held] = np.linalg.solve(-inner, 1.0 + down[held] * before[held])
            waits.append(now)
            before = now
        return waits

    def _not_begun(self, minutes: float, n_levels: int) -> NDArray[np.float64]:
        """Probability that service has not begun after `minutes`, by (people ahead, running machines). Source: uniformisation."""
        c = self.machines
        held = np.arange(c + 1)[None, :] <= np.arange(n_levels)[:, None]
        down = np.array([self._down(people) for people in range(n_levels)])
        leave = self._phases.sum(axis=1)[None, :] + down
        rate = float(leave.max()) or 1.0
        fail, mend = np.diag(self._phases, -1), np.diag(self._phases, 1)
        term = held.astype(float)
        result = np.zeros_like(term)
        weight, k = math.exp(-rate * minutes), 0
        spent = 0.0
        while spent < 1.0 - 1e-12 and k < 100_000:
            result += weight * term
            spent += weight
            k += 1
            weight *= rate * minutes / k
            ahead = np.vstack([np.zeros(c + 1), term[:-1]])
            moved = term * (rate - leave) + down * ahead
            moved[:, 1:] += term[:, :-1] * fail
            moved[:, :-1] += term[:, 1:] * mend
            term = moved / rate * held
        return result


def unreliable(
    arrivals_per_hour: float, minutes_per_use: float, machines: int, *, faults_per_hour: float, repair_min: float
) -> UnreliableQueue:
    """Returns the queue of machines that break `faults_per_hour` times an hour each and are repaired in `repair_min`.

    Raises DemandError when a figure is impossible.
    """
    require("arrivals", arrivals_per_hour)
    require("minutes", minutes_per_use, above_zero=True)
    require_count("windows", machines)
    require("arrivals", faults_per_hour)
    require("minutes", repair_min, above_zero=True)
    return UnreliableQueue(
        arrivals_per_hour / MINUTES_PER_HOUR,
        1.0 / minutes_per_use,
        machines,
        faults_per_hour / MINUTES_PER_HOUR,
        1.0 / repair_min,
    )


def fewest_machines(
    arrivals_per_hour: float,
    minutes_per_use: float,
    *,
    share: float,
    wait_min: float,
    faults_per_hour: float,
    repair_min: float,
    most: int = 400,
) -> UnreliableQueue | None:
    """Returns the queue with the fewest machines that begin with `share` of people within `wait_min`; None beyond `most`."""
    alive = 1.0 / (1.0 + faults_per_hour * repair_min / MINUTES_PER_HOUR)
    count = max(1, math.ceil(arrivals_per_hour * minutes_per_use / MINUTES_PER_HOUR / alive))
    while count <= most:
        queue = unreliable(
            arrivals_per_hour, minutes_per_use, count, faults_per_hour=faults_per_hour, repair_min=repair_min
        )
        if queue.is_stable and queue.share_within(wait_min) >= share:
            return queue
        count += 1
    return None


@dataclass(frozen=True, slots=True)
class MachineDays:
    """What simulated machines gave, with 99 % confidence intervals over independent runs."""

    mean_wait_min: float
    mean_wait_ci99: tuple[float, float]
    share_within: float
    share_within_ci99: tuple[float, float]


def simulate_unreliable(
    queue: UnreliableQueue, *, wait_min: float, people: int = 20_000, runs: int = 40, seed: int = 1
) -> MachineDays:
    """Returns what `runs` runs of `people` people give, a tenth of each left out at the start.

    Each person and machine by itself: arrivals, work, faults and repairs are drawn, nothing of the formula is used.
    Raises DemandError when the machines do not keep up.
    """
    if not queue.is_stable:
        raise DemandError.at("machines", f"{queue.utilisation:.2f}", "< 1")
    draw = np.random.default_rng(seed)
    rates = (queue.arrivals, queue.service, queue.fails, queue.repairs)
    waits = np.array([_run(draw, rates, queue.machines, people)[people // 10 :] for _ in range(runs)])
    means, shares = waits.mean(axis=1), (waits <= wait_min).mean(axis=1)
    share, (low, high) = _interval(shares)
    if share in (0.0, 1.0):  # seen for none or for all of them: up to ln 100 in as many may be otherwise
        low, high = max(0.0, low - math.log(100) / waits.size), min(1.0, high + math.log(100) / waits.size)
    return MachineDays(*_interval(means), share, (low, high))


def _interval(values: Floats) -> tuple[float, tuple[float, float]]:
    half = Z99 * float(values.std(ddof=1)) / math.sqrt(values.size)
    mean = float(values.mean())
    return mean, (mean - half, mean + half)


def _run(draw: np.random.Generator, rates: tuple[float, float, float, float], machines: int, people: int) -> Floats:
    from hallplan.queueing.machine_kernel import run_machines

    come, serve, fail, repair = rates
    arrivals = np.cumsum(draw.exponential(1.0 / come, people))
    work = draw.exponential(1.0 / serve, people)
    return np.asarray(
        run_machines(arrivals, work, machines, fail, repair, int(draw.integers(1, 2**31 - 1))), dtype=np.float64
    )


def _left_null(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """The vector that the matrix sends to 0 from the left, by its singular values, scaled to sum 1."""
    vector: NDArray[np.float64] = np.linalg.svd(matrix.T)[2][-1]
    positive: NDArray[np.float64] = np.abs(vector)
    return np.asarray(positive / positive.sum(), dtype=np.float64)
