"""Window types, service windows and when they are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hallplan.model.demand import Assumption, Bookings
from hallplan.model.grouping import PolicyWindow, TypeChoice
from hallplan.model.interval import Interval
from hallplan.model.proof import Promise
from hallplan.model.running import Adjusting, Balance, Saving
from hallplan.model.scenario import Scenario
from hallplan.model.staff import StaffPlan

__all__ = [
    "Interval",
    "Limit",
    "ServiceWindow",
    "Simulated",
    "WindowChange",
    "WindowPlan",
    "WindowType",
    "plate_runs",
]


@dataclass(frozen=True, slots=True)
class Simulated:
    """What an event simulation of the plan, independent of the sizing formulas, gives."""

    mean_wait_min: Interval
    share_within_target: Interval
    days: int


@dataclass(frozen=True, slots=True)
class WindowType:
    """A kind of counter position and how many of it are needed.

    zone: zone type it stands in (window_general, window_special, pickup, complaint, one_matter…).
    arrivals: people per hour in each half-hour.  open: windows open in each half-hour.
    minutes, cv: mean and coefficient of variation of a visit at the window.
    waiting_p95: 95th percentile of people waiting at the worst moment of the day.
    reviewers: back-office seats that its 审批 load needs.  low_units: accessible low counters among the windows.
    duties: zone types (complaint, pickup, one_matter) whose work its windows do, so that these have no window of their own.
    overflow: types whose free windows serve its visitors too, from overflow_from waiting on.
    """

    id: str
    name: str
    kind: str
    zone: str
    items: tuple[str, ...]
    arrivals: tuple[float, ...]
    minutes: float
    cv: float
    windows: int
    open: tuple[int, ...]
    mean_wait_min: float
    share_within_target: float
    p99_wait_min: float
    utilisation: float
    waiting_p95: int
    pitch_m: float
    simulated: Simulated
    sub_type: str = ""
    overflow: tuple[str, ...] = ()
    reviewers: int = 0
    low_units: int = 0
    basis: str = ""
    duties: tuple[str, ...] = ()
    overflow_from: int = 0


@dataclass(frozen=True, slots=True)
class ServiceWindow:
    """One counter position: `id` is the number on its plate (A01…)."""

    id: str
    name: str
    type: str
    department: str
    items: int
    visitors_per_day: float
    hours: tuple[tuple[int, int], ...]
    is_low: bool = False


@dataclass(frozen=True, slots=True)
class WindowChange:
    """What becomes of one of today's windows (整合前后对比)."""

    existing: str
    fate: str
    into: str
    reason: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A target beside the share within a wait (mean_wait_min, p99_wait_min, longest_queue, seats).

    met: the worst of the plan, at the type named `where`.
    """

    what: str
    limit: float
    met: float
    where: str
    is_met: bool


@dataclass(frozen=True, slots=True)
class Thing:
    """Furniture of one kind that demand asks for in a type of zone; `area_m2` each with its clear way."""

    kind: str
    zone: str
    count: int
    area_m2: float = 0.0


@dataclass(frozen=True, slots=True)
class WindowPlan:
    """窗口设置方案: how many windows of each type exist and how many are open each half-hour.

    half_hours: slot starts in minutes after midnight.  window_hours: open window-hours a day, with a lower bound on them.
    visitors_per_day: people who come on a planning day, kiosk users included.  kiosks: self-service terminals needed, `kiosks_24h`
    of them in the 24-hour area where that was worked out.  things: machines and facilities counted from demand.
    choice: which themes share windows, and what other choices cost.  policy: windows that policy asks for.
    proof: every promised figure beside the simulated one.  scenarios: other demands beside it, where asked for.
    limits: targets beside the share, where the settings name them.
    bookings: appointments among the visitors, and booked_share of those who come in each half-hour.
    staffing, balance, adjusting, savings: shifts and rosters, 忙闲, 动态调整, today against the plan; None where not worked out.
    """

    types: tuple[WindowType, ...]
    windows: tuple[ServiceWindow, ...]
    half_hours: tuple[int, ...]
    target_share: float
    target_wait_min: float
    window_hours: float
    window_hours_bound: float
    visitors_per_day: float
    kiosk_users_per_day: float
    kiosks: int
    kiosk_basis: str = ""
    kiosks_24h: int | None = None
    things: tuple[Thing, ...] = ()
    changes: tuple[WindowChange, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    warnings: tuple[str, ...] = ()
    staffing: StaffPlan | None = None
    balance: Balance | None = None
    adjusting: Adjusting | None = None
    savings: tuple[Saving, ...] = ()
    choice: TypeChoice | None = None
    policy: tuple[PolicyWindow, ...] = ()
    proof: tuple[Promise, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    limits: tuple[Limit, ...] = ()
    bookings: Bookings | None = None
    booked_share: tuple[float, ...] = ()

    @property
    def windows_total(self) -> int:
        """Number of windows of all types."""
        return sum(kind.windows for kind in self.types)

    @property
    def gap(self) -> float:
        """Open window-hours above the bound, as a share of the bound."""
        return (
            (self.window_hours - self.window_hours_bound) / self.window_hours_bound if self.window_hours_bound else 0.0
        )


def plate_runs(plates: Sequence[str]) -> list[str]:
    """Returns window numbers with runs shortened: A01–A09, B02."""
    runs: list[list[str]] = []
    for plate in plates:
        if runs and _follows(runs[-1][-1], plate):
            runs[-1].append(plate)
        else:
            runs.append([plate])
    return [run[0] if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]


def _follows(before: str, after: str) -> bool:
    numbered = before[1:].isdigit() and after[1:].isdigit()
    return numbered and before[0] == after[0] and int(after[1:]) == int(before[1:]) + 1
