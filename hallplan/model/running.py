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

    start: minutes after midnight.  windows: open by the plan.  step: how many open or close at once.
    levels: for numbers of windows open now about the plan's, (open now, close when at least so many are free, open when at
    least so many wait); 0: never.
    helpers: types of the same staff that can lend a window then, the idlest first.
    """

    type: str
    start: int
    windows: int
    step: int
    levels: tuple[tuple[int, int, int], ...]
    helpers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """The fixed plan and the rules on the same simulated days.

    days: a key of messages (days_forecast, days_busy, days_varied, days_late).  hours: window-hours a day.
    worst_fixed, worst_rules: share within the target of the worst half-hour.
    """

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


@dataclass(frozen=True, slots=True)
class TodaySlot:
    """One coming half-hour of today: windows by the plan and as advised, share of its visitors within the target with each."""

    start: int
    planned: int
    advised: int
    share_planned: float
    share_advised: float


@dataclass(frozen=True, slots=True)
class TodayType:
    """A type today: came and expected so far, day factor with its 80 % interval, waiting and in service now, what to do."""

    type: str
    came: int
    expected: float
    factor: Interval
    waiting: int
    in_service: int
    slots: tuple[TodaySlot, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Today:
    """What to do in the next two hours. now: minutes after midnight; unknown: tickets whose type the plan does not know."""

    date: str
    now: int
    tickets: int
    unknown: int
    types: tuple[TodayType, ...]
