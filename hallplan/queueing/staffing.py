"""How few windows keep a service target for those who arrive in every slot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hallplan.errors import DemandError
from hallplan.queueing.checks import require_count, require_share
from hallplan.queueing.kernels import Floats, Ints, late_integral, slot_start
from hallplan.queueing.transient import Day, Times, states_needed, times_in_slot
from hallplan.terms import text

MOST_WINDOWS = 20_000
FIRST_WIDTH = 12
"""Labels kept a slot in the search for a good plan; the proof keeps all that could still beat it, up to WIDTH."""
WIDTH = 600
SHARE_TOL = 1e-9


@dataclass(frozen=True, slots=True)
class Staffing:
    """Windows open in each slot, and a lower bound on their sum for every plan that keeps the target.

    is_proven: no plan has fewer slot-windows (the wait's target not longer than a slot).
    """

    windows: tuple[int, ...]
    bound: int
    is_proven: bool


@dataclass(frozen=True)
class Ask:
    """A day with the target, the fewest windows of each slot and the greatest share of their time they may be busy."""

    day: Day
    share: float
    least: tuple[int, ...]
    max_busy: float

    @property
    def n_slots(self) -> int:
        return len(self.day.rates)

    @cached_property
    def times(self) -> Times:
        return times_in_slot(self.day.slot, self.day.reach)

    @cached_property
    def load(self) -> Floats:
        """(slots + 1,) mean number present at slot starts if nobody waited (M_t/M/∞)."""
        load = np.zeros(self.n_slots + 1)
        keep = math.exp(-self.day.mu * self.day.slot)
        for k, rate in enumerate(self.day.rates):
            load[k + 1] = load[k] * keep + rate / self.day.mu * (1.0 - keep)
        return load

    @cached_property
    def size(self) -> int:
        """States of the chain that are kept: a plan near the target holds far fewer people."""
        a = float(max(self.load.max(), max(self.least, default=0)))
        queue = 2.0 * a * self.day.mu * self.day.wait / (1.0 - self.share) ** 0.5
        everyone = float(self.day.rates.sum()) * self.day.slot
        return int(min(everyone + 12.0 * math.sqrt(everyone) + 20.0, a + queue + 14.0 * math.sqrt(a + 1.0) + 60.0)) + 2


@dataclass(slots=True)
class Passed:
    """A slot with its windows: people at its start and end, and what its arrivals need to know of their waits."""

    start: Floats
    end: Floats
    bounds: Ints
    nodes: Floats
    area: Floats
    busy: float


@dataclass(slots=True)
class Label:
    """A plan for the slots so far."""

    windows: tuple[int, ...]
    cost: int
    last: Passed


def staffing_levels(
    arrivals_per_hour: Sequence[float],
    minutes_per_case: float,
    *,
    share: float,
    wait_min: float,
    slot_minutes: float = 30,
) -> tuple[int, ...]:
    """Returns the windows open in each slot, as few as keep P(W ≤ wait_min) ≥ share for those who arrive in every slot.

    arrivals_per_hour: one a slot, 1/h.  The model: exponential service, first come first served, the hall starts empty,
    a closing window hands its visitor back to the head of the queue, a waiter sees the windows of every slot the wait
    spans, the last slot's windows stay.  A slot in which nobody comes may have no windows.
    Raises DemandError when a figure is impossible.  Source: labels over slots, ours; the chain by uniformisation.
    """
    return find_staffing(
        arrivals_per_hour, minutes_per_case, share=share, wait_min=wait_min, slot_minutes=slot_minutes
    ).windows


def find_staffing(
    arrivals_per_hour: Sequence[float],
    minutes_per_case: float,
    *,
    share: float,
    wait_min: float,
    slot_minutes: float = 30,
    least: Sequence[int] = (),
    max_busy: float = 1.0,
) -> Staffing:
    """Returns the windows of each slot as `staffing_levels`, with a bound, given the fewest that each slot may have.

    max_busy: greatest share of a slot's window time that may be busy.  Labels are plans up to a slot; one is dropped
    when another with the same windows in that slot costs no more and had no more people (in distribution) at its
    start, for then every continuation serves as well.
    """
    day = Day.of(arrivals_per_hour, minutes_per_case, wait_min=wait_min, slot_minutes=slot_minutes)
    floor = tuple(require_count("windows", value, 0) for value in least) or (0,) * len(day.rates)
    ask = Ask(day, require_share(share), floor, max_busy)
    if not day.rates.any():
        return Staffing(floor, sum(floor), True)
    fewest = [_fewest(ask, k) for k in range(ask.n_slots)]
    later = [*np.cumsum(fewest[::-1])[::-1].tolist(), 0]
    best, is_whole = _search(ask, fewest, later, math.inf, FIRST_WIDTH)
    is_proven = is_whole and day.wait <= day.slot
    if day.wait > day.slot:
        best = _reduce(ask, best)
    return Staffing(best, sum(best) if is_proven else int(later[0]), is_proven)


def window_shares(ask: Ask, windows: Sequence[int]) -> list[float]:
    """Returns the exact share within the target wait, slot by slot."""
    counts = np.array(windows, dtype=np.int64)
    size = states_needed(ask.day.rates, ask.day.mu, list(windows), ask.day.slot)
    p, bounds = np.zeros(size), np.zeros(3, np.int64)
    p[0] = 1.0
    shares = []
    for k in range(ask.n_slots):
        passed = _pass(ask, p, bounds, k, int(counts[k]))
        shares.append(_share(ask, passed, counts[k:]))
        p, bounds = passed.end, passed.bounds
    return shares


def _pass(ask: Ask, start: Floats, bounds: Ints, k: int, c: int) -> Passed:
    end, after = start.copy(), bounds.copy()
    nodes, area = np.empty((ask.times.at.size, start.size)), np.empty(start.size)
    busy = slot_start(end, after, ask.day.rates[k], ask.day.mu, c, ask.times.at, nodes, area)
    return Passed(start, end, after, nodes, area, busy)


def _share(ask: Ask, passed: Passed, windows: Ints) -> float:
    """Share within the target for a slot's arrivals, `windows` from that slot on."""
    late = late_integral(
        passed.nodes, passed.area, ask.times.at, ask.times.weights, windows, ask.day.mu, ask.day.wait, passed.bounds[2]
    )
    return 1.0 - late / ask.day.slot


def _keeps(ask: Ask, k: int, passed: Passed, *windows: int) -> bool:
    if ask.day.rates[k] <= 0:
        return True
    return _share(ask, passed, np.array(windows, dtype=np.int64)) >= ask.share - SHARE_TOL


def _is_free(ask: Ask, c: int, passed: Passed) -> bool:
    """Whether the windows are not busier than they may be."""
    return ask.max_busy >= 1.0 or passed.busy <= ask.max_busy * c + SHARE_TOL


def _fewest(ask: Ask, k: int) -> int:
    """Fewest windows of slot k in any plan: even if nobody waited before, and the next slot had one for everybody."""
    start = np.exp(_log_poisson(ask.load[k], ask.size))
    bounds = np.array([0, ask.size - 1, 0], dtype=np.int64)

    def serves(c: int) -> bool:
        passed = _pass(ask, start, bounds, k, c)
        return _is_free(ask, c, passed) and _keeps(ask, k, passed, c, ask.size)

    low, high = ask.least[k], max(ask.least[k], 1)
    if serves(low):
        return low
    while not serves(high):
        low, high = high, 2 * high
        if high > MOST_WINDOWS:
            raise DemandError.at(
                text("queueing.windows"),
                text("queueing.too_many", most=MOST_WINDOWS),
                remedy=text("queueing.check_units"),
            )
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if serves(middle) else (middle, high)
    return high


def _log_poisson(mean: float, size: int) -> Floats:
    n = np.arange(size)
    if mean <= 0:
        return np.where(n == 0, 0.0, -np.inf)
    return n * math.log(mean) - mean - np.array([math.lgamma(value + 1.0) for value in n])


def _search(
    ask: Ask, fewest: Sequence[int], later: Sequence[float], below: float, width: int
) -> tuple[tuple[int, ...], bool]:
    """Cheapest plan of cost under `below` (empty if none) and whether no label was dropped for want of room."""
    labels, is_whole = [_empty(ask)], True
    for k in range(ask.n_slots):
        children: list[Label] = []
        for label in labels:
            children += _extend(ask, label, k, fewest[k], below - 1 - later[k + 1])
        labels = _undominated(children)
        if len(labels) > width:
            labels, is_whole = _most_promising(labels, width), False
    last = ask.n_slots - 1
    done = [label for label in labels if _keeps(ask, last, label.last, label.windows[-1])]
    best = min(done, key=lambda label: (label.cost, label.windows), default=None)
    return (best.windows if best else ()), is_whole


def _empty(ask: Ask) -> Label:
    p = np.zeros(ask.size)
    p[0] = 1.0
    nothing = np.zeros(0)
    return Label((), 0, Passed(p, p, np.zeros(3, np.int64), nothing, nothing, 0.0))


def _extend(ask: Ask, label: Label, k: int, fewest: int, most_cost: float) -> list[Label]:
    """The label with each number of windows for slot k that keeps the target in slot k - 1 and may keep it in k.

    Without a cost limit the first six of them; more are never better but by chance.
    """
    children: list[Label] = []
    c = fewest
    while label.cost + c <= most_cost and (most_cost < math.inf or len(children) < 6):
        if k == 0 or _keeps(ask, k - 1, label.last, label.windows[-1], c):
            passed = _pass(ask, label.last.end, label.last.bounds, k, c)
            if _is_free(ask, c, passed) and _keeps(ask, k, passed, c, ask.size):
                children.append(Label((*label.windows, c), label.cost + c, passed))
        c += 1
    return children


def _undominated(labels: list[Label]) -> list[Label]:
    """Labels that no other one with the same last windows matches at no greater cost and with no more people."""
    kept: list[Label] = []
    chosen: dict[int, list[tuple[int, Floats]]] = {}
    for label in sorted(labels, key=lambda label: (label.cost, _present(label), label.windows)):
        below = np.cumsum(label.last.start)
        rivals = chosen.setdefault(label.windows[-1], [])
        if not any(np.all(other >= below - SHARE_TOL) for _, other in rivals):
            rivals.append((label.cost, below))
            kept.append(label)
    return kept


def _present(label: Label) -> float:
    return float(label.last.end @ np.arange(label.last.end.size))


def _most_promising(labels: list[Label], width: int) -> list[Label]:
    """The labels with least cost, counting a person still present as the windows that one more costs (about one)."""
    return sorted(labels, key=lambda label: (label.cost + 0.7 * _present(label), label.windows))[:width]


def _reduce(ask: Ask, windows: tuple[int, ...]) -> tuple[int, ...]:
    """Takes windows away, one by one or one for another, while every slot keeps the target."""
    now = list(windows)
    improved = True
    while improved:
        improved = False
        for k in range(len(now)):
            trial = [*now[:k], now[k] - 1, *now[k + 1 :]]
            if now[k] > ask.least[k] and _all_keep(ask, trial):
                now, improved = trial, True
    return tuple(now)


def _all_keep(ask: Ask, windows: Sequence[int]) -> bool:
    shares = window_shares(ask, windows)
    return all(rate <= 0 or share >= ask.share - SHARE_TOL for rate, share in zip(ask.day.rates, shares, strict=True))
