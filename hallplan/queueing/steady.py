"""Formulas for queues in steady state: M/M/c, M/D/c, M/G/c, M/G/1 and queues that people leave (Erlang A)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hallplan.errors import DemandError
from hallplan.queueing.checks import require, require_count
from hallplan.terms import text
from hallplan.units import MINUTES_PER_HOUR


@dataclass(frozen=True, slots=True)
class Queue:
    """An M/M/c queue in steady state.

    drain_per_min: rate at which a queue shortens while all windows are busy, 1/min.
    """

    delay_probability: float
    mean_wait_min: float
    mean_waiting: float
    utilisation: float
    drain_per_min: float

    def share_within(self, minutes: float) -> float:
        """Returns the share of visitors who wait at most `minutes`."""
        require("wait", minutes)
        return 1.0 - self.delay_probability * math.exp(-self.drain_per_min * minutes)


@dataclass(frozen=True, slots=True)
class Wait:
    """Mean wait (min), mean number waiting and load per window of a queue in steady state."""

    mean_wait_min: float
    mean_waiting: float
    utilisation: float


@dataclass(frozen=True, slots=True)
class ImpatientQueue:
    """A queue that people leave when their patience ends. mean_wait_min: over all who come, those who leave too."""

    delay_probability: float
    abandon_probability: float
    mean_waiting: float
    mean_wait_min: float
    utilisation: float


def erlang_b(load: float, windows: int) -> float:
    """Returns the blocking probability of `windows` without a waiting place. Source: Erlang's recursion, stable."""
    blocking = 1.0
    for k in range(1, windows + 1):
        blocking = load * blocking / (k + load * blocking)
    return blocking


def mmc(arrivals_per_hour: float, minutes_per_case: float, windows: int) -> Queue:
    """Returns the M/M/c queue with these arrivals (1/h), mean minutes of a case and number of windows.

    Raises DemandError when a figure is impossible or the windows cannot keep up.  Source: Erlang C.
    """
    load = _load(arrivals_per_hour, minutes_per_case, windows)
    if load == 0:
        return Queue(0.0, 0.0, 0.0, 0.0, windows / minutes_per_case if minutes_per_case > 0 else 0.0)
    blocking = erlang_b(load, windows)
    delay = windows * blocking / (windows - load * (1.0 - blocking))
    drain = (windows - load) / minutes_per_case
    mean_wait = delay / drain
    return Queue(delay, mean_wait, mean_wait * arrivals_per_hour / MINUTES_PER_HOUR, load / windows, drain)


def mg1(arrivals_per_hour: float, minutes_per_case: float, cv: float) -> Wait:
    """Returns the M/G/1 queue for a service time with coefficient of variation `cv`. Source: Pollaczek and Khinchine."""
    load = _load(arrivals_per_hour, minutes_per_case, 1)
    mean_wait = load * minutes_per_case * (1.0 + require("cv", cv) ** 2) / (2.0 * (1.0 - load))
    return _wait(mean_wait, arrivals_per_hour, load)


def mdc(arrivals_per_hour: float, minutes_per_case: float, windows: int) -> Wait:
    """Returns the M/D/c queue (every case takes equally long), exactly.

    Source: Crommelin (1932); mean queue from the roots of z^c = exp(a(z - 1)) inside the unit circle.
    """
    load = _load(arrivals_per_hour, minutes_per_case, windows)
    turns = np.exp(2j * math.pi * np.arange(1, windows) / windows)
    roots = np.zeros(windows - 1, dtype=np.complex128)
    for _ in range(200):
        image = turns * np.exp(load * (roots - 1.0) / windows)
        step = (image - roots) / (1.0 - load / windows * image)
        roots = roots + step
        if not step.size or np.abs(step).max() < 1e-15:
            break
    spare = windows - load
    waiting = (load**2 - windows * (windows - 1)) / (2.0 * spare) + float(np.sum(1.0 / (1.0 - roots)).real)
    if arrivals_per_hour == 0:
        return Wait(0.0, 0.0, 0.0)
    return _wait(max(waiting, 0.0) * MINUTES_PER_HOUR / arrivals_per_hour, arrivals_per_hour, load / windows)


def mgc(arrivals_per_hour: float, minutes_per_case: float, windows: int, cv: float) -> Wait:
    """Returns the M/G/c queue: cv² parts of M/M/c and 1 - cv² parts of M/D/c.

    Exact for cv 0 and 1 and for one window, an approximation otherwise (within 2 % for usual service times up to
    cv 1; Allen and Cunneen's formula takes half of M/M/c for M/D/c and is up to 12 % low for many windows).
    Source: Tijms, A First Course in Stochastic Models (2003), 9.6.
    """
    square = require("cv", cv) ** 2
    exponential = mmc(arrivals_per_hour, minutes_per_case, windows)
    constant = mdc(arrivals_per_hour, minutes_per_case, windows)
    mean_wait = max(square * exponential.mean_wait_min + (1.0 - square) * constant.mean_wait_min, 0.0)
    return _wait(mean_wait, arrivals_per_hour, exponential.utilisation)


def allen_cunneen(arrivals_per_hour: float, minutes_per_case: float, windows: int, cv: float) -> Wait:
    """Returns the M/G/c queue as (1 + cv²)/2 times M/M/c. Source: Allen and Cunneen; Kingman's heavy-traffic factor."""
    queue = mmc(arrivals_per_hour, minutes_per_case, windows)
    factor = (1.0 + require("cv", cv) ** 2) / 2.0
    return _wait(factor * queue.mean_wait_min, arrivals_per_hour, queue.utilisation)


def erlang_a(arrivals_per_hour: float, minutes_per_case: float, windows: int, patience_min: float) -> ImpatientQueue:
    """Returns the M/M/c+M queue whose visitors leave after a wait of `patience_min` in the mean; never overloaded.

    Source: Palm; Mandelbaum and Zeltyn. State probabilities summed outwards from the most likely one.
    """
    require("arrivals", arrivals_per_hour)
    require("minutes", minutes_per_case, above_zero=True)
    require_count("windows", windows)
    require("patience", patience_min, above_zero=True)
    rate = arrivals_per_hour / MINUTES_PER_HOUR
    if rate == 0:
        return ImpatientQueue(0.0, 0.0, 0.0, 0.0, 0.0)
    states = _impatient_states(rate, minutes_per_case, windows, patience_min)
    n = np.arange(states.size)
    waiting = float(np.dot(np.maximum(n - windows, 0), states))
    busy = float(np.dot(np.minimum(n, windows), states))
    delay = float(states[windows:].sum())
    return ImpatientQueue(delay, waiting / patience_min / rate, waiting, waiting / rate, busy / windows)


def halfin_whitt(beta: float) -> float:
    """Returns the delay probability of many windows at load a with a + beta√a of them. Source: Halfin and Whitt (1981)."""
    density = math.exp(-beta * beta / 2.0) / math.sqrt(2.0 * math.pi)
    below = 0.5 * math.erfc(-beta / math.sqrt(2.0))
    return 1.0 / (1.0 + require("cv", beta) * below / density)


def _impatient_states(rate: float, minutes: float, windows: int, patience: float) -> np.ndarray:
    spread = windows + rate * max(minutes, patience)
    size = int(spread + 40.0 * math.sqrt(spread) + 100.0)
    n = np.arange(1, size)
    down = np.minimum(n, windows) / minutes + np.maximum(n - windows, 0) / patience
    logs = np.concatenate([[0.0], np.cumsum(math.log(rate) - np.log(down))])
    weights = np.exp(logs - logs.max())
    states: np.ndarray = weights / math.fsum(weights)
    return states


def _load(arrivals_per_hour: float, minutes: float, windows: int) -> float:
    require("arrivals", arrivals_per_hour)
    require("minutes", minutes)
    require_count("windows", windows)
    load = arrivals_per_hour * minutes / MINUTES_PER_HOUR
    if load >= windows:
        capacity = windows * MINUTES_PER_HOUR / minutes
        found = text("queueing.overloaded", windows=windows, capacity=capacity, arrivals=arrivals_per_hour)
        remedy = text("queueing.more_windows", needed=math.floor(load) + 1)
        raise DemandError.at(text("queueing.windows"), found, remedy=remedy)
    return load


def _wait(mean_wait: float, arrivals_per_hour: float, utilisation: float) -> Wait:
    return Wait(mean_wait, mean_wait * arrivals_per_hour / MINUTES_PER_HOUR, utilisation)
