"""People who staff the windows: who there is, shifts, a day's duties, a month's roster, stand-by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hallplan.units import MINUTES_PER_HOUR

DayKind = Literal["duty", "stand_by", "rest", "leave", "away"]
"""What a person does on a day: 当班, 机动备班, 休息, 请假, 未在岗 (before entry or after exit)."""


@dataclass(frozen=True, slots=True)
class StaffMember:
    """One row of 人员, by number and never by name.

    nature: 性质 (综窗, 派驻, 导办, 后台).  types: 可办窗口类型 as written.  role: AB岗, "A" holds a window, "B" steps in.
    since, until, trained: ISO dates, "" unknown.  leave: ISO dates away.  share: of full working time, in (0, 1].
    """

    id: str
    post: str
    nature: str
    department: str
    types: tuple[str, ...]
    role: str = ""
    since: str = ""
    until: str = ""
    trained: str = ""
    leave: tuple[str, ...] = ()
    share: float = 1.0
    source: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """A pattern of work at a window: spans in minutes after midnight, a break between them; `hours` are those worked."""

    id: str
    name: str
    contract: str
    spans: tuple[tuple[int, int], ...]
    hours: float


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a duty at one type of window; `type` is "" while nobody is needed (机动：导办、后台)."""

    start: int
    end: int
    type: str


@dataclass(frozen=True, slots=True)
class Duty:
    """What one person does on one working day. shifts: one or, before and after noon, two.  group: id of its staff group."""

    id: str
    shifts: tuple[str, ...]
    group: str
    pieces: tuple[Piece, ...]

    @property
    def hours(self) -> float:
        """Hours at windows, those without a window included."""
        return sum(piece.end - piece.start for piece in self.pieces) / MINUTES_PER_HOUR

    @property
    def types(self) -> frozenset[str]:
        """Window types that it serves."""
        return frozenset(piece.type for piece in self.pieces if piece.type)

    @property
    def start(self) -> int:
        """When it begins, minutes after midnight."""
        return self.pieces[0].start

    @property
    def end(self) -> int:
        """When it ends."""
        return self.pieces[-1].end


@dataclass(frozen=True, slots=True)
class StaffGroup:
    """Window types that the same people serve, and what their day takes.

    need, covered: people needed and on shift in each half-hour.  hours: staff-hours of a day, with a lower bound on them.
    """

    id: str
    name: str
    types: tuple[str, ...]
    need: tuple[int, ...]
    covered: tuple[int, ...]
    hours: float
    hours_bound: float
    people: int


@dataclass(frozen=True, slots=True)
class RosterPerson:
    """One person's month. days: what each day is; duties: id of the duty on each day, "" without.

    is_post: a generated post (A岗, B岗), to which the hall assigns somebody.  groups: the staff groups they can serve, the own first.
    types: window types they can serve.
    """

    id: str
    post: str
    groups: tuple[str, ...]
    types: tuple[str, ...]
    is_post: bool
    days: tuple[DayKind, ...]
    duties: tuple[str, ...]
    hours: float


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A duty that nobody can take on a day, and why."""

    date: str
    duty: str
    reason: str


@dataclass(frozen=True, slots=True)
class StandBy:
    """What to do when people of a group are absent.

    absent: how many.  first, then: who takes over, in order.  share: served within the target if nobody did, one window of
    `type` closed all day, by the exact model.
    """

    group: str
    type: str
    absent: int
    first: str
    then: str
    share: float


@dataclass(frozen=True, slots=True)
class Roster:
    """A month by person: dates (ISO), which of them are working days, people, what nobody can take.

    hours_spread: most minus least hours of full-time people of one group, the largest over groups.
    """

    month: str
    dates: tuple[str, ...]
    is_open: tuple[bool, ...]
    people: tuple[RosterPerson, ...]
    shortfalls: tuple[Shortfall, ...]
    hours_spread: float


@dataclass(frozen=True, slots=True)
class TypeCover:
    """Who can serve a window type. need: people at its windows at the peak; wanted: with one who steps in for each dozen begun.

    able: people there who can, of whom general (综窗), posted (派驻) and lent (后台, 导办).  items: its items, of which `visits`
    people come for a year.
    """

    type: str
    need: int
    wanted: int
    able: int
    general: int
    posted: int
    lent: int
    items: int
    visits: float

    @property
    def missing(self) -> int:
        """How many more people are wanted."""
        return max(self.wanted - self.able, 0)


@dataclass(frozen=True, slots=True)
class StaffChange:
    """Somebody who comes or goes near the review's date; `short`: types that then have fewer people than they need."""

    id: str
    date: str
    kind: Literal["entry", "exit", "left"]
    short: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrainingGap:
    """A type with too few people and whom to train for it, or (type "") a person whose training is old or unknown."""

    type: str
    people: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class SinglePoint:
    """Items that one person only, or nobody (person ""), can do."""

    type: str
    person: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StaffReview:
    """The hall's people against the window plan on a date (ISO): cover, changes, training, single points, feasibility."""

    date: str
    people: int
    general: int
    posted: int
    others: int
    types: tuple[TypeCover, ...]
    changes: tuple[StaffChange, ...]
    training: tuple[TrainingGap, ...]
    single_points: tuple[SinglePoint, ...]
    is_feasible: bool
    shortfalls: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StaffPlan:
    """Shifts, a day's duties and the month's roster that keep the opening schedule."""

    shifts: tuple[Shift, ...]
    groups: tuple[StaffGroup, ...]
    duties: tuple[Duty, ...]
    roster: Roster
    stand_by: tuple[StandBy, ...] = ()
    warnings: tuple[str, ...] = ()
    review: StaffReview | None = None

    @property
    def hours(self) -> float:
        """Staff-hours of a working day."""
        return sum(group.hours for group in self.groups)

    @property
    def hours_bound(self) -> float:
        """Lower bound on them with these shifts and this opening schedule."""
        return sum(group.hours_bound for group in self.groups)

    @property
    def gap(self) -> float:
        """Staff-hours above the bound, as a share of the bound."""
        return (self.hours - self.hours_bound) / self.hours_bound if self.hours_bound else 0.0
