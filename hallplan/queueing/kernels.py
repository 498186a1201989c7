"""Compiled loops: a queue's state through one slot, the visitor behind those ahead, and days of events.

The model is the Markov chain of people present with Poisson arrivals, exponential service and `c` windows:
one down at rate min(n, c)/s.  A visitor who finds n present starts once fewer than c(t) of those are left, and while
all windows are busy these leave at rate c(t)/s, so that their number is Poisson however the windows change.
"""

from __future__ import annotations

from math import ceil, exp, lgamma, log, sqrt

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SMALL = 1e-11
DUST = 1e-14
LONGEST_STEP = 300.0
"""Most expected jumps in one step of the uniformised chain; exp(-300) is far from underflow."""


@njit(cache=True, nogil=True)
def poisson(mean: float, pmf: Floats) -> int:
    """Fills `pmf` with P(Poisson(mean) = k) and returns how many entries, from 0, may differ from zero."""
    size = pmf.shape[0]
    pmf[:] = 0.0
    if mean <= 0.0:
        pmf[0] = 1.0
        return 1
    mode = min(int(mean), size - 1)
    pmf[mode] = exp(mode * log(mean) - mean - lgamma(mode + 1.0))
    k = mode
    while k > 0 and pmf[k] > 1e-300:
        pmf[k - 1] = pmf[k] * k / mean
        k -= 1
    k = mode
    while k + 1 < size and (pmf[k] > 1e-18 or k < mean):
        pmf[k + 1] = pmf[k] * mean / (k + 1)
        k += 1
    return int(k + 1)


@njit(cache=True, nogil=True)
def advance(p: Floats, lo: int, hi: int, up: float, mu: float, c: int, minutes: float, area: Floats) -> tuple[int, int]:
    """Moves the distribution `p` (zero outside lo..hi) on by `minutes`; adds its time integral to `area` if it has size.

    Returns the new lo, hi.  Uniformisation: exact but for truncation below 1e-10 a step.
    """
    rate = up + c * mu
    if rate * minutes <= 0.0:
        if area.size:
            area[lo : hi + 1] += minutes * p[lo : hi + 1]
        return lo, hi
    size = p.shape[0]
    n_steps = ceil(rate * minutes / LONGEST_STEP)
    mean = rate * minutes / n_steps
    down, stay = np.empty(size + 1), np.empty(size)
    for n in range(size + 1):
        down[n] = min(n, c) * mu / rate
    for n in range(size):
        stay[n] = 1.0 - down[n] - (up / rate if n < size - 1 else 0.0)
    states, total = np.zeros((2, size + 2)), np.zeros(size)
    for _ in range(n_steps):
        states[:] = 0.0
        states[0, 1 + lo : 2 + hi] = p[lo : hi + 1]
        lo, hi = _mix(states, total, down, stay, lo, hi, mean, area, 1.0 / rate)
        p[lo : hi + 1] = total[lo : hi + 1]
        while hi > lo and p[hi] < DUST:
            p[hi] = 0.0
            hi -= 1
        while lo < hi and p[lo] < DUST:
            p[lo] = 0.0
            lo += 1
    return lo, hi


@njit(cache=True, nogil=True)
def _mix(
    states: Floats,
    total: Floats,
    down: Floats,
    stay: Floats,
    lo: int,
    hi: int,
    mean: float,
    area: Floats,
    length: float,
) -> tuple[int, int]:
    """Fills `total` with the Poisson(mean) mixture of the jumped chain; `states` (2, n) are shifted by one."""
    state, other = states[0], states[1]
    size, up = total.shape[0], 1.0 - stay[0]
    weight = exp(-mean)
    left = 1.0 - weight
    most = mean + 12.0 * sqrt(mean) + 30.0
    total[:] = 0.0
    for n in range(lo, hi + 1):
        total[n] = weight * state[n + 1]
    if area.size:
        for n in range(lo, hi + 1):
            area[n] += left * length * state[n + 1]
    k = 0
    while left > SMALL and k < most:
        k += 1
        lo = max(lo - 1, 0)
        hi = min(hi + 1, size - 1)
        weight *= mean / k
        left = max(left - weight, 0.0)
        for n in range(lo, hi + 1):
            other[n + 1] = up * state[n] + stay[n] * state[n + 1] + down[n + 1] * state[n + 2]
        if other[hi + 1] < DUST and hi > 0:
            other[hi + 1] = 0.0
            hi -= 1
        if other[lo + 1] < DUST and lo < hi:
            other[lo + 1] = 0.0
            lo += 1
        for n in range(lo, hi + 1):
            total[n] += weight * other[n + 1]
        if area.size:
            for n in range(lo, hi + 1):
                area[n] += left * length * other[n + 1]
        state, other = other, state
    return lo, hi


@njit(cache=True, nogil=True)
def still_ahead(behind: Floats, c: int, mu: float, minutes: float, out: Floats, pmf: Floats) -> None:
    """Fills out[y]: the chance that one with y ahead has not started after `minutes` with c windows and does not later.

    behind[y] is that chance from there on, for one who is still waiting with y ahead.
    """
    n_pmf = poisson(c * mu * minutes, pmf)
    for y in range(out.shape[0]):
        out[y] = 0.0
        for j in range(min(y - c + 1, n_pmf)):
            out[y] += pmf[j] * behind[y - j]


@njit(cache=True, nogil=True)
def late_after(windows: Ints, mu: float, slot: float, wait: float, size: int) -> Floats:
    """Returns for y < size the chance that one with y ahead at the first slot's start waits more than `wait`.

    windows: those open in this slot and the next ones; the last one's stay.
    """
    behind, out, pmf = np.ones(size), np.ones(size), np.empty(size)
    last = min(int(wait / slot), windows.shape[0] - 1)
    for k in range(last, -1, -1):
        span = wait - k * slot
        still_ahead(behind, windows[k], mu, span if k == last else slot, out, pmf)
        behind[:] = out
    return out


@njit(cache=True, nogil=True)
def slot_start(
    p: Floats, bounds: Ints, up: float, mu: float, c: int, times: Floats, nodes: Floats, area: Floats
) -> float:
    """Moves `p` through one slot with c windows, keeping it at `times` (rising, the last the slot's end) in `nodes`.

    `area` is the integral of p over the time to times[0]; `bounds` the first and last state in use, and the last one
    in use at any time of the slot.
    Returns the mean number of busy windows over the slot: what came and did not stay left through them.
    """
    nothing = np.empty(0)
    area[:] = 0.0
    present = 0.0
    for n in range(bounds[0], bounds[1] + 1):
        present += n * p[n]
    lo, hi = advance(p, bounds[0], bounds[1], up, mu, c, times[0], area)
    nodes[0] = p
    top = max(bounds[1], hi)
    for i in range(1, times.shape[0]):
        lo, hi = advance(p, lo, hi, up, mu, c, times[i] - times[i - 1], nothing)
        nodes[i] = p
        top = max(top, hi)
    bounds[0], bounds[1], bounds[2] = lo, hi, top
    for n in range(lo, hi + 1):
        present -= n * p[n]
    return float(max(up + present / times[times.shape[0] - 1], 0.0) / mu)


@njit(cache=True, nogil=True)
def late_integral(
    nodes: Floats, area: Floats, times: Floats, weights: Floats, windows: Ints, mu: float, wait: float, top: int
) -> float:
    """Returns the time integral over a slot of the chance that one who comes then waits more than `wait`.

    windows: of this slot and the next ones.  nodes, area, times: as `slot_start` left them; the first time is that
    from which a wait can reach into the next slot, the last the slot's end; weights: of the times in the integral.
    """
    c = windows[0]
    size = top + 1
    slot = times[times.shape[0] - 1]
    pmf, ones, late = np.empty(size), np.ones(size), np.empty(size)
    total = 0.0
    if times[0] > 0.0:
        still_ahead(ones, c, mu, wait, late, pmf)
        for n in range(c, size):
            total += area[n] * late[n]
    for i in range(1, times.shape[0] - 1):
        left = slot - times[i]
        if windows.shape[0] == 1 or wait <= left:
            still_ahead(ones, c, mu, wait, late, pmf)
        else:
            behind = late_after(windows[1:], mu, slot, max(wait - left, 0.0), size)
            still_ahead(behind, c, mu, left, late, pmf)
        for n in range(c, size):
            total += weights[i] * nodes[i, n] * late[n]
    return total


@njit(cache=True, nogil=True)
def mean_wait_behind(windows: Ints, mu: float, slot: float, size: int) -> Floats:
    """Returns (slots + 1, size): mean wait in minutes of one with y ahead at the start of each slot; inf when never."""
    n_slots = windows.shape[0]
    out = np.zeros((n_slots + 1, size))
    for y in range(size):
        c = windows[n_slots - 1]
        out[n_slots, y] = 0.0 if y < c else ((y - c + 1) / (c * mu) if c > 0 else np.inf)
    for k in range(n_slots - 1, -1, -1):
        wait_within(out[k + 1], windows[k], mu, slot, out[k])
    return out


@njit(cache=True, nogil=True)
def wait_within(after: Floats, c: int, mu: float, minutes: float, out: Floats) -> None:
    """Fills out[y]: mean wait of one with y ahead when `after` holds it at the end of `minutes` with c windows."""
    size = out.shape[0]
    pmf = np.empty(size)
    n_pmf = poisson(c * mu * minutes, pmf)
    for y in range(size):
        out[y] = 0.0
        if y < c:
            continue
        if c == 0:
            out[y] = minutes + after[y]
            continue
        left = 1.0
        for j in range(y - c + 1):
            chance = pmf[j] if j < n_pmf else 0.0
            left = max(left - chance, 0.0)
            out[y] += left / (c * mu)
            if chance > 0.0:
                out[y] += chance * after[y - j]


@njit(cache=True, nogil=True)
def run_days(
    rates: Floats,
    windows: Ints,
    slot: float,
    mean: float,
    cv: float,
    wait: float,
    days: int,
    seed: int,
    hands_back: bool,
) -> tuple[Floats, Floats, Ints]:
    """Simulates days of one first come, first served queue, event by event.

    rates: arrivals a minute in each slot.  cv: of lognormal service, below 0 for exponential service.
    The last slot's windows stay until the hall is empty.
    hands_back: a closing window gives its visitor back to the head of the queue (who goes on where they stopped);
    otherwise it finishes with that visitor first.
    Returns (days,) sums of waits, (days, slots) visitors within `wait` and (days, slots) visitors.
    """
    np.random.seed(seed)
    waits = np.zeros(days)
    within = np.zeros((days, rates.shape[0]))
    came = np.zeros((days, rates.shape[0]), np.int64)
    expected = rates.sum() * slot
    arrival = np.empty(int(expected + 12.0 * sqrt(expected) + 50.0))
    for day in range(days):
        n = 0
        for k in range(rates.shape[0]):
            first = n
            for _ in range(np.random.poisson(rates[k] * slot)):
                if n < arrival.shape[0]:
                    arrival[n] = (k + np.random.random()) * slot
                    n += 1
            arrival[first:n].sort()
            came[day, k] = n - first
        waits[day] = run_day(arrival[:n], windows, slot, mean, cv, wait, hands_back, within[day])
    return waits, within, came


@njit(cache=True, nogil=True)
def run_day(
    arrival: Floats, windows: Ints, slot: float, mean: float, cv: float, wait: float, hands_back: bool, within: Floats
) -> float:
    """Runs one day's `arrival` times (rising), counts those within `wait` by slot of arrival; returns the sum of waits."""
    n, last = arrival.shape[0], windows.shape[0] - 1
    ends, resumed = np.empty(n), np.empty(n)
    head, joined, busy, n_resumed, k, total = 0, 0, 0, 0, 0, 0.0
    while head < n or busy > 0 or n_resumed > 0:
        next_slot = (k + 1) * slot if k < last else np.inf
        next_end = ends[0] if busy > 0 else np.inf
        now = min(next_slot, next_end, arrival[joined] if joined < n else np.inf)
        if now == np.inf:
            break
        if now == next_slot:
            k += 1
            while hands_back and busy > windows[k]:
                busy -= 1
                resumed[n_resumed] = ends[busy] - now
                n_resumed += 1
        elif now == next_end:
            busy -= 1
            sift_down(ends, busy)
        else:
            joined += 1
        while busy < windows[k] and (n_resumed > 0 or head < joined):
            if n_resumed > 0:
                n_resumed -= 1
                sift_up(ends, busy, now + resumed[n_resumed])
            else:
                total += now - arrival[head]
                if now - arrival[head] <= wait:
                    within[min(int(arrival[head] / slot), last)] += 1.0
                head += 1
                sift_up(ends, busy, now + draw_service(mean, cv))
            busy += 1
    return total


@njit(cache=True, nogil=True)
def draw_service(mean: float, cv: float) -> float:
    """Returns a lognormal service time with this mean and cv; exponential when cv is below 0."""
    if cv < 0.0:
        return float(np.random.exponential(mean))
    sigma = sqrt(log(1.0 + cv * cv))
    return mean * exp(sigma * np.random.standard_normal() - 0.5 * sigma * sigma)


@njit(cache=True, nogil=True)
def sift_up(heap: Floats, size: int, value: float) -> None:
    """Adds `value` to the heap of the first `size` entries."""
    i = size
    while i > 0 and heap[(i - 1) // 2] > value:
        heap[i] = heap[(i - 1) // 2]
        i = (i - 1) // 2
    heap[i] = value


@njit(cache=True, nogil=True)
def sift_down(heap: Floats, size: int) -> None:
    """Removes the least entry of a heap that has size + 1 entries."""
    value = heap[size]
    i = 0
    while 2 * i + 1 < size:
        child = 2 * i + 1
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= value:
            break
        heap[i] = heap[child]
        i = child
    heap[i] = value
