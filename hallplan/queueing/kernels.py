"""Compiled loops: a queue's state through one slot, the visitor behind those ahead, and a day of events.

The model is the Markov chain of people present with Poisson arrivals, exponential service and `c` windows:
one down at rate min(n, c)/s.  A visitor who finds n present starts once fewer than c(t) of those are left, and while
all windows are busy these leave at rate c(t)/s, so that their number is Poisson however the windows change.
Loops are written out and each is compiled for one signature only: whole-array expressions took most of the compile
time.  Callers give contiguous float64 and int64 arrays, floats and ints.
"""

from __future__ import annotations

from math import ceil, exp, lgamma, log, sqrt

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Records = NDArray[np.void]

SMALL = 1e-11
DUST = 1e-14
LIGHT = 1e-18
"""Chances that are left out: a state at the edge, what the next jumps still hold, a weight in a sum."""
LONGEST_STEP = 300.0
"""Most expected jumps in one step of the uniformised chain; exp(-300) is far from underflow."""
WORK_ROWS = 5
"""Rows of the array that `slot_start` works in: two states, their mixture, chances to go down and to stay."""


@njit(cache=True, nogil=True, error_model="numpy")
def poisson(mean: float, pmf: Floats) -> int:
    """Fills `pmf` with P(Poisson(mean) = k) and returns how many entries, from 0, may differ from zero."""
    size = pmf.shape[0]
    for k in range(size):
        pmf[k] = 0.0
    if mean <= 0.0:
        pmf[0] = 1.0
        return 1
    k = min(int(mean), size - 1)
    pmf[k] = exp(k * log(mean) - mean - lgamma(k + 1.0))
    for j in range(k, 0, -1):
        if pmf[j] < 1e-300:
            break
        pmf[j - 1] = pmf[j] * j / mean
    while k + 1 < size and (pmf[k] > 1e-18 or k < mean):
        pmf[k + 1] = pmf[k] * mean / (k + 1)
        k += 1
    return int(k + 1)


@njit(cache=True, nogil=True, error_model="numpy")
def jump(
    before: Floats, after: Floats, up: float, stay: Floats, down: Floats, mixed: Floats, weight: float, area: Floats,
    part: float, first: int, last: int,
) -> None:  # fmt: skip
    """Moves the chain one jump on and adds it to the mixture and to the time integral.

    The states lie shifted by one in `before` and `after`.  Unsigned places are what lets the compiler take several states
    at once: half of the time and more.
    """
    one, two = np.uint64(1), np.uint64(2)
    for n in range(np.uint64(first), np.uint64(last + 1)):
        value = up * before[n] + stay[n] * before[n + one] + down[n + one] * before[n + two]
        after[n + one] = value
        mixed[n] += weight * value
        area[n] += part * value


@njit(cache=True, nogil=True, error_model="numpy")
def mix_jumps(work: Floats, bounds: Ints, mean: float, area: Floats, length: float) -> None:
    """Fills work[2] with the Poisson(mean) mixture of the jumped chain from the state in work[0] (shifted by one).

    bounds: first and last state in use, moved on.  length: mean minutes between jumps; the time integral of the
    chain is added to `area` unless it is 0.
    """
    old, now, mixed, down, stay = work[0], work[1], work[2], work[3], work[4]
    size, lo, hi = mixed.shape[0] - 2, bounds[0], bounds[1]
    first, last = lo, hi
    up = 1.0 - stay[0]
    weight = exp(-mean)
    left = 1.0 - weight
    most = int(mean + 12.0 * sqrt(mean) + 30.0)
    for n in range(lo, hi + 1):
        mixed[n] = weight * old[n + 1]
        area[n] += left * length * old[n + 1]
    for k in range(1, most + 1):
        if left <= SMALL:
            break
        lo, hi = max(lo - 1, 0), min(hi + 1, size - 1)
        weight *= mean / k
        left = max(left - weight, 0.0)
        jump(old, now, up, stay, down, mixed, weight, area, left * length, lo, hi)
        if now[hi + 1] < DUST and hi > 0:
            now[hi + 1] = 0.0
            hi -= 1
        if now[lo + 1] < DUST and lo < hi:
            now[lo + 1] = 0.0
            lo += 1
        first, last = min(first, lo), max(last, hi)
        old, now = now, old
    while last > first and mixed[last] < DUST:
        last -= 1
    while first < last and mixed[first] < DUST:
        first += 1
    bounds[0], bounds[1] = first, last


@njit(cache=True, nogil=True, error_model="numpy")
def slot_start(
    p: Floats, bounds: Ints, up: float, mu: float, c: int, times: Floats, nodes: Floats, area: Floats, work: Floats
) -> float:
    """Moves `p` through one slot with c windows, keeping it at `times` (rising, the last the slot's end) in `nodes`.

    `area` is the integral of p over the time to times[0]; `bounds` the first and last state in use, and the last one
    in use at any time of the slot; `work` (WORK_ROWS, states + 2) is overwritten.  Uniformisation: exact but for
    truncation below 1e-10 a step.
    Returns the mean number of busy windows over the slot: what came and did not stay left through them.
    """
    size, rate, top, present, now = p.shape[0], max(up + c * mu, 1e-6), bounds[1], 0.0, 0.0
    for n in range(size):
        work[3, n], area[n] = min(n, c) * mu / rate, 0.0
        work[4, n] = 1.0 - work[3, n] - (up / rate if n < size - 1 else 0.0)
        present += n * p[n]
    work[3, size] = 0.0
    for i in range(times.shape[0]):
        n_steps = ceil(rate * (times[i] - now) / LONGEST_STEP)
        for _ in range(n_steps):
            for n in range(size + 2):
                work[0, n] = p[n - 1] if bounds[0] < n <= bounds[1] + 1 else 0.0
                work[1, n] = 0.0
                work[2, n] = 0.0
            mix_jumps(work, bounds, rate * (times[i] - now) / n_steps, area, 1.0 / rate if i == 0 else 0.0)
            for n in range(size):
                p[n] = work[2, n] if bounds[0] <= n <= bounds[1] else 0.0
        for n in range(size):
            nodes[i, n] = p[n]
        top, now = max(top, bounds[1]), times[i]
    bounds[2] = top
    for n in range(size):
        present -= n * p[n]
    return max(up + present / now, 0.0) / mu


@njit(cache=True, nogil=True, error_model="numpy")
def add_scaled(sums: Floats, values: Floats, factor: float) -> None:
    for n in range(values.shape[0]):
        sums[n] += factor * values[n]


@njit(cache=True, nogil=True, error_model="numpy")
def late_integral(
    nodes: Floats, area: Floats, times: Floats, weights: Floats, windows: Ints, mu: float, wait: float, top: int
) -> float:
    """Returns the time integral over a slot of the chance that one who comes then waits more than `wait`.

    windows: of this slot and the next ones, of which the last one's stay.  nodes, area, times: as `slot_start` left
    them; the first time is that from which a wait can reach into the next slot, the last the slot's end; weights: of
    the times in the integral.
    """
    slot, total = times[times.shape[0] - 1], 0.0
    late, behind, pmf = np.empty(top + 1), np.empty(top + 1), np.empty(top + 1)
    for i in range(times.shape[0] - 1):
        if i == 0 and times[0] <= 0.0:
            continue
        left = slot - times[i]
        last = 0 if i == 0 or wait <= left else min(1 + int((wait - left) / slot), windows.shape[0] - 1)
        for k in range(last, -1, -1):
            # The last of these windows have what remains of the wait, the first what remains of the slot.
            span = wait if last == 0 else left if k == 0 else slot if k < last else wait - left - (last - 1) * slot
            c, chance = windows[k], 0.0
            n_pmf = poisson(c * mu * span, pmf)
            for y in range(top + 1):
                behind[y], late[y] = late[y], 0.0
            for y in range(c, top + 1):
                if k == last:
                    chance += pmf[y - c]
                    late[y] = chance
            if k < last:
                for j in range(min(top - c + 1, n_pmf)):
                    if pmf[j] > LIGHT:
                        add_scaled(late[c + j :], behind[c : top + 1 - j], pmf[j])
        for n in range(windows[0], top + 1):
            total += (area[n] if i == 0 else weights[i] * nodes[i, n]) * late[n]
    return total


@njit(cache=True, nogil=True, error_model="numpy")
def run_day(
    arrival: Floats, service: Floats, windows: Ints, slot: float, wait: float, hands_back: bool, within: Floats
) -> float:
    """Runs one day of a first come, first served queue; counts those within `wait` by slot of arrival.

    arrival: times, rising.  service: minutes, in the order in which visitors are called.  The last slot's windows stay
    until the hall is empty.  hands_back: a closing window gives its visitor back to the head of the queue (who goes
    on where they stopped); otherwise it finishes with that visitor first.
    Returns the sum of waits.
    """
    n, last = arrival.shape[0], windows.shape[0] - 1
    ends, resumed = np.empty(n), np.empty(n)
    head, joined, busy, n_resumed, k, total = 0, 0, 0, 0, 0, 0.0
    while head < n or busy > 0 or n_resumed > 0:
        next_slot = (k + 1) * slot if k < last else np.inf
        next_end = ends[busy - 1] if busy > 0 else np.inf
        now = min(next_slot, next_end, arrival[joined] if joined < n else np.inf)
        if now == np.inf:
            break
        if now == next_slot:
            k += 1
            while hands_back and busy > windows[k]:
                # Any visitor, chosen by what has nothing to do with when their service ends.
                place = (7919 * head + 104729 * k) % busy
                resumed[n_resumed] = ends[place] - now
                n_resumed += 1
                busy -= 1
                for i in range(place, busy):
                    ends[i] = ends[i + 1]
        elif now == next_end:
            busy -= 1
        else:
            joined += 1
        while busy < windows[k] and (n_resumed > 0 or head < joined):
            if n_resumed > 0:
                n_resumed -= 1
                end = now + resumed[n_resumed]
            else:
                total += now - arrival[head]
                within[min(int(arrival[head] / slot), last)] += 1.0 if now - arrival[head] <= wait else 0.0
                end = now + service[head]
                head += 1
            place = busy
            while place > 0 and ends[place - 1] < end:
                ends[place] = ends[place - 1]
                place -= 1
            ends[place] = end
            busy += 1
    return total
