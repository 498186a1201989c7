"""Windows that keep more than the share within a wait: mean wait, 99th percentile and people waiting, in every slot."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hallplan.queueing.ask import MOST_WINDOWS, SHARE_TOL, Ask, window_shares
from hallplan.queueing.transients import MANY_NODES, Day, transient

P99 = 0.99
LARGE_STEP = 12
"""Of more windows than so many, more than one at once is added."""


@dataclass(frozen=True, slots=True)
class Goals:
    """What those who come in every slot must meet; infinite where nothing is asked.

    share: within wait_min.  mean_wait_min, p99_wait_min: mean and 99th percentile of their waits.  waiting: 95th percentile of
    the people waiting at any time of the slot.  max_busy: greatest share of a slot's window time that may be busy.
    """

    share: float
    wait_min: float
    mean_wait_min: float = math.inf
    p99_wait_min: float = math.inf
    waiting: float = math.inf
    max_busy: float = 1.0

    @property
    def has_more(self) -> bool:
        """Whether more than the share is asked for."""
        return math.isfinite(min(self.mean_wait_min, self.p99_wait_min, self.waiting))


def meet_goals(
    arrivals_per_hour: Sequence[float],
    minutes_per_case: float,
    windows: Sequence[int],
    goals: Goals,
    *,
    slot_minutes: float = 30.0,
    least: Sequence[int] = (),
) -> tuple[int, ...]:
    """Returns windows that meet every goal, from a plan that keeps the share: raised where one is missed, then spared.

    More windows never make a wait longer, so that raising ends; none of the windows returned can be spared by itself.
    The model is that of `staffing_levels`.  Raises DemandError when a figure is impossible.  Source: exact transient.
    """
    goal = _Goal(arrivals_per_hour, minutes_per_case, goals, slot_minutes)
    plan, floor = list(windows), list(least) or [0] * len(windows)
    while (missed := goal.missed(plan)) is not None and plan[missed] < MOST_WINDOWS:
        plan[missed] += max(1, plan[missed] // LARGE_STEP)
    for k in sorted(range(len(plan)), key=lambda k: (-plan[k], k)):
        while plan[k] > floor[k]:
            plan[k] -= 1
            if goal.missed(plan) is not None:
                plan[k] += 1
                break
    return tuple(plan)


def first_missed(
    arrivals_per_hour: Sequence[float],
    minutes_per_case: float,
    windows: Sequence[int],
    goals: Goals,
    *,
    slot_minutes: float = 30.0,
) -> int | None:
    """Returns the first slot whose visitors these windows fail; None when every goal is met."""
    return _Goal(arrivals_per_hour, minutes_per_case, goals, slot_minutes).missed(windows)


def missed_slots(
    arrivals_per_hour: Sequence[float],
    minutes_per_case: float,
    windows: Sequence[int],
    goals: Goals,
    *,
    slot_minutes: float = 30.0,
    present: int = 0,
) -> list[int]:
    """Returns the slots whose visitors these windows fail when `present` people are there at the start."""
    return list(_Goal(arrivals_per_hour, minutes_per_case, goals, slot_minutes, present).all_missed(windows))


class _Goal:
    def __init__(self, rates: Sequence[float], minutes: float, goals: Goals, slot: float, present: int = 0) -> None:
        self._rates, self._minutes, self._goals, self._slot, self._present = rates, minutes, goals, slot, present
        day = Day.of(rates, minutes, wait_min=0.0, slot_minutes=slot)
        self._late = None
        if math.isfinite(goals.p99_wait_min):
            self._late = Ask(replace(day, wait=goals.p99_wait_min), P99, (0,) * len(rates), 1.0, MANY_NODES)

    def missed(self, plan: Sequence[int]) -> int | None:
        """The first slot with visitors that misses a goal; None when all meet theirs."""
        return next(self.all_missed(plan), None)

    def all_missed(self, plan: Sequence[int]) -> Iterator[int]:
        """The slots with visitors that miss a goal."""
        goals = self._goals
        met = transient(
            self._rates, self._minutes, plan, wait_min=goals.wait_min, slot_minutes=self._slot, present=self._present
        )
        tails = window_shares(self._late, plan, self._present)[0] if self._late else [1.0] * len(plan)
        for k, count in enumerate(plan):
            if self._rates[k] > 0 and (
                met.share_within[k] < goals.share - SHARE_TOL
                or met.mean_wait_min[k] > goals.mean_wait_min + SHARE_TOL
                or met.waiting_p95[k] > goals.waiting
                or met.busy[k] > goals.max_busy * count + SHARE_TOL
                or tails[k] < P99 - SHARE_TOL
            ):
                yield k
