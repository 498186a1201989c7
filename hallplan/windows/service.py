"""What visitors of one window type meet with any number of windows open, by the exact model, session by session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from hallplan.model.windows import WindowType
from hallplan.queueing import Transient, transient
from hallplan.windows.sizing import Load
from hallplan.windows.slots import SLOT_MIN

LONGEST_WAIT_MIN = 480.0


@dataclass(frozen=True, slots=True)
class Served:
    """Share within the target and mean wait of those who come in each half-hour, and of all of them."""

    shares: tuple[float, ...]
    share: float
    mean_wait_min: float


def sessions_of(starts: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Returns index ranges of half-hours on end."""
    cuts = [k for k in range(1, len(starts)) if starts[k] != starts[k - 1] + SLOT_MIN]
    edges = [0, *cuts, len(starts)]
    return tuple((a, b) for a, b in pairwise(edges) if a < b)


def serve(kind: WindowType, opened: Sequence[int], starts: Sequence[int], wait_min: float) -> Served:
    """Returns what the visitors of a type meet when `opened` windows are open in each half-hour.

    The target wait is divided and waits are multiplied by (1 + cv²)/2, as in sizing. Those who would wait beyond a
    working day, because nobody opens a window for them, count with one.
    """
    factor = Load(kind.arrivals, kind.minutes, kind.cv).factor
    shares: list[float] = []
    waits: list[float] = []
    for a, b in sessions_of(starts):
        day = _session(kind.arrivals[a:b], kind.minutes, opened[a:b], wait_min / factor)
        shares += day.share_within
        waits += [min(factor * wait, LONGEST_WAIT_MIN) for wait in day.mean_wait_min]
    total = sum(kind.arrivals)
    if total <= 0:
        return Served(tuple(shares), 1.0, 0.0)
    share, wait = (sum(r * v for r, v in zip(kind.arrivals, values, strict=True)) / total for values in (shares, waits))
    return Served(tuple(shares), share, wait)


def _session(rates: Sequence[float], minutes: float, opened: Sequence[int], wait_min: float) -> Transient:
    if minutes <= 0 or not any(rates):
        n = len(rates)
        return Transient((1.0,) * n, (0.0,) * n, (0.0,) * n, (0.0,) * n, (0,) * n, tuple(rates))
    return transient(rates, minutes, opened, wait_min=wait_min, slot_minutes=SLOT_MIN)
