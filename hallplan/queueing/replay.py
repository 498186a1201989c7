"""Compiled: what would have happened to the people of a log under other openings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hallplan.queueing.kernels import Floats


@dataclass(frozen=True, slots=True)
class Tide:
    """Windows that open when many wait: at `waiting` people one more, `lag_s` later, at most `most` at once.

    One stays `stay_s` and then until nobody waits for it.  None opens while all other windows are closed.
    """

    waiting: int
    most: int
    lag_s: float = 300.0
    stay_s: float = 1800.0


@dataclass(frozen=True, slots=True)
class Replay:
    """A replayed log.

    wait_s: (people,) until the service began, nan for those who left.  overrun_s: worked after closing.
    tide_s: time that windows were open because many waited.  tide_calls: how often one was opened for that.
    """

    wait_s: Floats
    overrun_s: float
    tide_s: float = 0.0
    tide_calls: int = 0

    @property
    def served(self) -> int:
        """People served."""
        return int(np.count_nonzero(~np.isnan(self.wait_s)))

    def quantile(self, share: float) -> float:
        """Returns the wait that a share of those served did not exceed, s; 0 when nobody was."""
        waits = self.wait_s[~np.isnan(self.wait_s)]
        return float(np.quantile(waits, share)) if waits.size else 0.0

    @property
    def mean(self) -> float:
        """Mean wait of those served, s; 0 when nobody was."""
        waits = self.wait_s[~np.isnan(self.wait_s)]
        return float(waits.mean()) if waits.size else 0.0


def replay(
    arrive_s: Floats,
    service_s: Floats,
    patience_s: Floats,
    openings: Sequence[tuple[int, float, float]],
    tide: Tide | None = None,
) -> Replay:
    """Returns the waits of people who come when they came and take as long as they took, first come first served.

    arrive_s: (people,) s, in order.  service_s: s, >= 0.  patience_s: s, inf for those who would stay.
    openings: (window, opens, closes) in s; a service that has begun is finished after closing.  People who cannot be
    served before every window has closed for good leave.  tide: windows besides, opened by the queue itself.
    """
    ordered = sorted(openings)
    windows = sorted({window for window, _, _ in ordered})
    first = np.searchsorted([w for w, _, _ in ordered], [*windows, math.inf]).astype(np.int64)
    opens, closes = (np.array([opening[k] for opening in ordered], float) for k in (1, 2))
    waits, extra = np.full(arrive_s.size, np.nan), np.zeros(3)
    known = tide or Tide(0, 0)
    rule = np.array([known.waiting, known.lag_s, known.stay_s])
    _replay(
        arrive_s, service_s, patience_s, first, opens, closes, rule, np.full((known.most, 3), -np.inf), waits, extra
    )
    return Replay(waits, float(extra[0]), float(extra[1]), int(extra[2]))


@njit(cache=True)
def _earliest(
    arrive: float, first: NDArray[np.int64], at: NDArray[np.int64], free: Floats, opens: Floats, closes: Floats,
    tides: Floats,
) -> tuple[int, float]:  # fmt: skip
    """Returns the window that can begin first (tide windows count on from the last) and when; of several, the longest idle."""
    best, start, idle = -1, np.inf, np.inf
    for w in range(free.size):
        while at[w] < first[w + 1] and max(arrive, free[w]) >= closes[at[w]]:
            at[w] += 1
        if at[w] < first[w + 1]:
            begin = max(arrive, free[w], opens[at[w]])
            if begin < start or (begin == start and free[w] < idle):
                best, start, idle = w, begin, free[w]
    for t in range(tides.shape[0]):
        begin = max(arrive, tides[t, 2], tides[t, 0])
        if begin < tides[t, 1] and begin < start:
            best, start = free.size + t, begin
    return best, start


@njit(cache=True)
def _is_open(moment: float, opens: Floats, closes: Floats) -> bool:
    """Whether any window is open at a moment."""
    return bool(((opens <= moment) & (moment < closes)).any())


@njit(cache=True)
def _close_idle(moment: float, stay: float, tides: Floats) -> float:
    """Closes the tide windows that nobody waited for before a moment; returns how long they were open."""
    total = 0.0
    for t in range(tides.shape[0]):
        over = max(tides[t, 2], tides[t, 0] + stay)
        if tides[t, 1] == np.inf and over < moment:
            tides[t, 1] = over
            total += over - tides[t, 0]
    return total


@njit(cache=True)
def _replay(
    arrive: Floats, service: Floats, patience: Floats, first: NDArray[np.int64], opens: Floats, closes: Floats,
    rule: Floats, tides: Floats, waits: Floats, extra: Floats,
) -> None:  # fmt: skip
    """tides: (windows, 3) when each opened, closes (inf while open) and is free.  extra: [0] overrun, [1] tide time, [2] tide windows opened."""
    at, free = first[:-1].copy(), np.full(first.size - 1, -np.inf)
    asked, last = 0, -np.inf
    for i in range(arrive.size):
        extra[1] += _close_idle(arrive[i], rule[2], tides)
        best, start = _earliest(arrive[i], first, at, free, opens, closes, tides)
        asked = max(asked, i + int(rule[0]) - 1)
        while tides.shape[0] > 0 and asked < arrive.size and arrive[asked] < start:
            now = arrive[asked]
            shut = tides[:, 1].argmin()
            if now >= last + rule[1] and tides[shut, 1] <= now and _is_open(now + rule[1], opens, closes):
                last = now
                extra[2] += 1
                tides[shut, 0], tides[shut, 1], tides[shut, 2] = now + rule[1], np.inf, now + rule[1]
                best, start = _earliest(arrive[i], first, at, free, opens, closes, tides)
            asked += 1
        if best < 0 or start - arrive[i] > patience[i]:
            continue
        waits[i] = start - arrive[i]
        end = start + max(service[i], 0.0)
        if best < free.size:
            free[best] = end
            extra[0] += max(0.0, end - max(closes[at[best]], start))
        else:
            tides[best - free.size, 2] = end
    extra[1] += _close_idle(np.inf, rule[2], tides)


def slots_of(openings: NDArray[np.int64], start_s: float, slot_s: float) -> list[tuple[int, float, float]]:
    """Returns (window, opens, closes) for numbers open in successive slots: the lowest windows open first and stay."""
    found = []
    for window in range(int(openings.max(initial=0))):
        is_open = np.concatenate([[0], (openings > window).astype(np.int64), [0]])
        edges = np.flatnonzero(np.diff(is_open))
        found += [
            (window, start_s + slot_s * float(a), start_s + slot_s * float(b))
            for a, b in zip(edges[::2], edges[1::2], strict=True)
        ]
    return found
