"""What the running hall shows: figures of a log, openings, recommendations."""

from __future__ import annotations

from dataclasses import dataclass

SLOT_MIN = 30


@dataclass(frozen=True, slots=True)
class Load:
    """What one window, member of staff or item had to do.

    open_s: time from the first start to the last end of each session, summed.  utilisation: busy over open, in [0, 1].
    """

    id: str
    tickets: int
    busy_s: float
    open_s: float
    mean_service_s: float

    @property
    def utilisation(self) -> float:
        """Share of the open time that was busy, in [0, 1]; 0 when it was never open."""
        return min(1.0, max(0.0, self.busy_s / self.open_s)) if self.open_s > 0 else 0.0


@dataclass(frozen=True, slots=True)
class HalfHour:
    """A half-hour of the day, over all days of a log.  waits are over people served of those who came in it."""

    start_min: int
    arrivals: int
    served: int
    abandoned: int
    mean_wait_s: float | None
    p90_wait_s: float | None
    windows_open: float


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One day of one log."""

    day: int
    tickets: int
    served: int
    abandoned: int
    mean_wait_s: float | None
    p90_wait_s: float | None
    window_hours: float


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a log.  p50, p90: linear between order statistics.  Means of nobody are None."""

    tickets: int
    rows: int
    repeats: int
    served: int
    abandoned: int
    excluded: tuple[tuple[str, int], ...]
    days: tuple[int, ...]
    mean_wait_s: float | None
    p50_wait_s: float | None
    p90_wait_s: float | None
    mean_service_s: float | None
    window_hours: float
    windows: tuple[Load, ...]
    items: tuple[Load, ...]
    half_hours: tuple[HalfHour, ...]
    by_day: tuple[DayFigures, ...]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What to change, why, and the effect a model or a replay computed.  hall: "" when the log is of one."""

    what: str
    why: str
    effect: str
    hall: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What openings would have given, by replay of the log.

    hours: window-hours, tide and overrun included; tide_hours: those of tide windows, which opened `tide_calls` times.
    """

    name: str
    hours: float
    p90_wait_s: float
    mean_wait_s: float
    served: int
    tide_hours: float = 0.0
    tide_calls: int = 0


@dataclass(frozen=True, slots=True)
class WeekPlan:
    """Openings for a week: windows open by weekday (Monday first) and half-hour, and the rule for tide windows.

    open: (7, 48).  tide_waiting: people waiting at which one more opens, 0 for none; it stays `tide_stay_s`.
    types: the openings of each queue of a hall whose windows serve different items, which `open` is the sum of; the
    rule for tide windows is then that of the largest.
    """

    open: tuple[tuple[int, ...], ...]
    tide_waiting: int
    tide_most: int
    tide_lag_s: float
    tide_stay_s: float
    types: tuple[TypeOpenings, ...] = ()

    @property
    def hours(self) -> float:
        """Window-hours a week without tide windows."""
        return sum(sum(day) for day in self.open) / 2

    def runs(self, weekday: int) -> tuple[tuple[int, int, int], ...]:
        """Returns (from, to, windows) of a day, Monday 0, in minutes after midnight, as long as the number stays; none open left out."""
        counts = self.open[weekday]
        edges = [k for k in range(len(counts)) if k == 0 or counts[k] != counts[k - 1]]
        spans = zip(edges, [*edges[1:], len(counts)], strict=True)
        return tuple((SLOT_MIN * a, SLOT_MIN * b, counts[a]) for a, b in spans if counts[a])


@dataclass(frozen=True, slots=True)
class TypeOpenings:
    """The openings of one queue: the items it is for, the windows that serve them, its plan."""

    items: tuple[str, ...]
    windows: tuple[str, ...]
    plan: WeekPlan


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A plan made from the days before a week, and what it and other openings give in that week, by replay."""

    first_day: int
    n_days: int
    plan: WeekPlan
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class HallAdvice:
    """What one hall should change, its openings for next week, and their proof on the last.

    hall: "" when the log is of one.  plan: with tide windows; firm: for a hall that can call nobody up.
    tomorrow: the first day after the log on which the plan opens windows, days since 1970-01-01.
    """

    hall: str
    items: tuple[Recommendation, ...]
    held_out: HeldOut | None
    plan: WeekPlan | None
    firm: WeekPlan | None
    tomorrow: int | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """指标: a figure of the running hall by its formula.  value, planned: None when a measure is missing or it divides by zero."""

    id: str
    group: str
    name: str
    formula: str
    unit: str
    value: float | None
    planned: float | None
    target: float | None
    better: str
    status: str
    source: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Anomaly:
    """A day unlike others of its kind.  score: modified z-score."""

    day: int
    what: str
    value: float
    usual: float
    score: float


@dataclass(frozen=True, slots=True)
class Trend:
    """An indicator in the last seven days against the four weeks before."""

    name: str
    unit: str
    now: float
    before: float


@dataclass(frozen=True, slots=True)
class Peer:
    """One hall beside others."""

    hall: str
    days: int
    visitors_per_day: float
    mean_wait_s: float | None
    p90_wait_s: float | None
    left: float | None
    busy: float
    windows: int


@dataclass(frozen=True, slots=True)
class Board:
    """What the page of a running hall shows.

    periods: (key, figures) of the last day, week and month and of everything.  sources: names of the logs.
    halls: by tickets, the largest first.  advice: that of all halls, then what the plan's zones could become.
    """

    title: str
    sources: tuple[str, ...]
    periods: tuple[tuple[str, Figures], ...]
    indicators: tuple[Indicator, ...]
    advice: tuple[Recommendation, ...]
    halls: tuple[HallAdvice, ...]
    trends: tuple[Trend, ...]
    anomalies: tuple[Anomaly, ...]
    peers: tuple[Peer, ...]
    notes: tuple[str, ...]
    causes: tuple[Cause, ...] = ()
    crowd: Crowd | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """One rating, comment or complaint.  day: days since 1970-01-01, -1 when untold.  score: as written."""

    day: int
    window: str
    score: str
    words: str


@dataclass(frozen=True, slots=True)
class Cause:
    """Complaints of one cause.  windows: those named most, with how often.  example: one text."""

    id: str
    name: str
    count: int
    share: float
    windows: tuple[tuple[str, int], ...]
    example: str


@dataclass(frozen=True, slots=True)
class PeopleCount:
    """What a counter at a door saw from a moment on.  minute: after midnight of `day` (days since 1970-01-01).

    door: where it hangs as the table names it, a door of the hall or a zone; "" when untold.
    """

    day: int
    minute: int
    came: float
    left: float
    door: str = ""


@dataclass(frozen=True, slots=True)
class Crowd:
    """People counters joined with the queue log.

    trigger_people: fewest people in the hall from which on waits miss their target, None when they never do.
    """

    days: int
    people_per_ticket: float | None
    most_people: int
    trigger_people: int | None
    target_wait_min: float
