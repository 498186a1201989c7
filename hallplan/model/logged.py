"""What a queue log says about demand, and how well a simulation reproduces it."""

from __future__ import annotations

from dataclasses import dataclass

from hallplan.model.interval import Interval


@dataclass(frozen=True, slots=True)
class ServiceFit:
    """Service times of one type, outliers left out of mean and cv.

    quantiles: measured minutes at even steps of probability.  outliers: how many lie outside [low_min, high_min] and the
    longest of them; zero: how many last no time at all.
    """

    count: int
    mean_min: float
    cv: float
    median_min: float
    p95_min: float
    quantiles: tuple[float, ...]
    outliers: int
    low_min: float
    high_min: float
    longest_min: float
    zero: int


@dataclass(frozen=True, slots=True)
class LogType:
    """One business type of a log.

    arrivals: people an hour in each half-hour, over the open days.  left_at_once: those who left without queueing.
    patience_min: mean of an exponential patience, infinite when nobody left.
    """

    name: str
    tickets: int
    arrivals: tuple[float, ...]
    service: ServiceFit
    left: int
    left_at_once: int
    patience_min: float


@dataclass(frozen=True, slots=True)
class Season:
    """Visitors of some days over those of all: a weekday, the start of a month or of school; `days` of the log behind it."""

    what: str
    factor: float
    days: int


@dataclass(frozen=True, slots=True)
class LogFault:
    """Rows of a log with one kind of fault, and in a sentence what becomes of them."""

    kind: str
    count: int
    rule: str


@dataclass(frozen=True, slots=True)
class ForecastDay:
    """Visitors of a coming day: most likely, and the interval that holds them with the forecast's probability."""

    date: str
    visitors: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """Coming open days as a model of level, weekday, month start and school start sees them.

    probability: of each interval.  effects: visitors of such days over those of others.  tried: days at the end of the log
    that the model was tried on without having seen them; inside: share of them within the interval; error: mean of
    |forecast − seen| / seen.
    """

    days: tuple[ForecastDay, ...]
    probability: float
    effects: tuple[tuple[str, float], ...]
    mean_seen: float
    tried: int
    inside: float
    error: float
    left_out: int


@dataclass(frozen=True, slots=True)
class LogSummary:
    """What a log brought into a plan: tickets, days, faults, season, trend a week, and a forecast where it is long enough."""

    source: str
    tickets: int
    days: int
    faults: tuple[LogFault, ...]
    seasons: tuple[Season, ...]
    trend: float | None
    forecast: Forecast | None = None


@dataclass(frozen=True, slots=True)
class LogDemand:
    """Demand as a log shows it.  half_hours: slot starts in minutes after midnight.  trend: share a week; None: too short."""

    days: int
    half_hours: tuple[int, ...]
    types: tuple[LogType, ...]
    seasons: tuple[Season, ...]
    trend: float | None
    left_out: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ReplayedSlot:
    """A half-hour of a day as logged and as simulated: arrivals, mean wait of those served (min), mean busy windows."""

    start: int
    arrivals: int
    wait_min: float
    simulated_wait_min: float
    busy: float
    simulated_busy: float


@dataclass(frozen=True, slots=True)
class ReplayedDay:
    """A day of a log and what simulation makes of the same arrivals; day: days since 1970-01-01."""

    day: int
    tickets: int
    wait_min: float
    simulated_wait_min: Interval
    left_share: float
    simulated_left_share: Interval
    slots: tuple[ReplayedSlot, ...]


@dataclass(frozen=True, slots=True)
class TriedSlot:
    """A half-hour of a weekday (0 Monday): windows planned, the share promised and that of the days it was tried on."""

    weekday: int
    start: int
    windows: int
    promised: float
    tried: float
    arrivals_per_hour: float
    came_per_hour: float


@dataclass(frozen=True, slots=True)
class TriedPlan:
    """A plan made from some days of a log, tried on others.

    share_within: of all who came on the days it was tried on.  kept: half-hours, weighed by visitors, that met the target.
    """

    target_share: float
    wait_min: float
    share_within: Interval
    kept: float
    window_hours: float
    slots: tuple[TriedSlot, ...]
