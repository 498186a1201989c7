"""How a window plan is run: how busy windows are, what to do when a day differs, what the plan saves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hallplan.model.interval import Interval

AdviceKind = Literal["merge", "split", "retime"]


@dataclass(frozen=True, slots=True)
class WindowLoad:
    """How busy one window is: people a day, share of its open time that is busy (above 1: more work than time)."""

    window: str
    type: str
    visitors: float
    utilisation: float


@dataclass(frozen=True, slots=True)
class Advice:
    """What would even out the load: kind, the window types it concerns, in words, window-hours a day it saves."""

    kind: AdviceKind
    types: tuple[str, ...]
    words: str
    window_hours: float


@dataclass(frozen=True, slots=True)
class Balance:
    """忙闲: utilisation by window in the plan and today. spread: standard deviation over windows, weighted by open hours."""

    windows: tuple[WindowLoad, ...]
    spread: float
    today: tuple[WindowLoad, ...]
    today_spread: float
    advice: tuple[Advice, ...]


@dataclass(frozen=True, slots=True)
class Trigger:
    """When to open or close a window of a type in one half-hour.

    start: minutes after midnight.  windows: open by the plan.  levels: for each number of windows open now, from `least` on:
    (close one when at most so many wait and a window is free: -1 never, open one when at least so many wait: 0 never).
    helpers: types that can lend a window, the nearest first.
    """

    type: str
    start: int
    windows: int
    least: int
    levels: tuple[tuple[int, int], ...]
    helpers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """The fixed plan and the rules on the same simulated days of one kind."""

    type: str
    days: str
    fixed_share: Interval
    rules_share: Interval
    fixed_wait_min: Interval
    rules_wait_min: Interval
    fixed_hours: float
    rules_hours: float
    worst_fixed: float
    worst_rules: float


@dataclass(frozen=True, slots=True)
class Adjusting:
    """动态调整: rules, how often they are looked at, minutes until a window opens, and how they did in simulation."""

    look_every_min: float
    delay_min: float
    triggers: tuple[Trigger, ...]
    tried: tuple[Tried, ...]


@dataclass(frozen=True, slots=True)
class Saving:
    """One figure of today against the plan; `what` is a key of messages (saving_windows, saving_people…)."""

    what: str
    unit: str
    before: float
    after: float
    basis: str
