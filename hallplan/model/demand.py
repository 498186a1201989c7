"""What people come for: items with volume and time, arrivals over the day, today's windows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hallplan.model.logged import LogSummary
from hallplan.model.staff import StaffMember

CaseType = Literal["instant", "promised"]
"""即办件, 承诺件."""


@dataclass(frozen=True, slots=True)
class ItemMinutes:
    """Minutes of one case by step: 咨询, 受理, 审批 (back office), 出件; `std` is the spread of 受理."""

    consult: float
    accept: float
    review: float
    deliver: float
    std: float


@dataclass(frozen=True, slots=True)
class Item:
    """One service item (事项).

    cases: 年办件量, 1/year.  consults: 年咨询量, 1/year.  online_share, kiosk_share: in [0, 1], sum at most 1.
    visits_per_case: 次均到厅次数.  special: kind of specialist window it must have ("" for none).
    assumed: names of fields that the workbook left out and a default filled, shown as 【估】.
    """

    code: str
    name: str
    department: str
    theme: str
    item_type: str
    level: str
    cases: float
    consults: float
    minutes: ItemMinutes
    online_share: float = 0.0
    kiosk_share: float = 0.0
    visits_per_case: float = 1.0
    subject: str = ""
    case_type: CaseType = "instant"
    collect: str = ""
    companions: float = 0.0
    special: str = ""
    one_matter: str = ""
    is_admitted: bool = True
    reason_out: str = ""
    assumed: tuple[str, ...] = ()
    source: str = ""

    @property
    def visits_per_year(self) -> float:
        """到厅人次 a year: cases not online or self-service times visits each, and consultations. Source: domain.md 2."""
        return self.counter_cases * self.visits_per_case + self.consults

    @property
    def counter_cases(self) -> float:
        """Cases a year that a window accepts."""
        return self.cases * max(0.0, 1.0 - self.online_share - self.kiosk_share)

    @property
    def kiosk_cases(self) -> float:
        """Cases a year that a self-service terminal takes."""
        return self.cases * self.kiosk_share


@dataclass(frozen=True, slots=True)
class Bookings:
    """Appointments in an arrival profile.

    share: of visitors who book; times: offered, minutes after midnight, every slot_min; parts: of all bookings at each, sum 1.
    no_show, early_min, spread_min: share who do not come, how early the others are and how much that varies.
    came: their share of all who come, by slot of the profile.
    """

    share: float
    slot_min: int
    no_show: float
    early_min: float
    spread_min: float
    times: tuple[int, ...]
    parts: tuple[float, ...]
    came: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ArrivalProfile:
    """Share of a day's visitors who come in each slot; shares sum to 1.

    starts: minutes after midnight, one per slot; slots are `slot_min` long and may have a lunch gap between them.
    peak_day: busiest planning day over the mean day.  booked: appointments among the visitors.
    """

    starts: tuple[int, ...]
    shares: tuple[float, ...]
    slot_min: int = 30
    peak_day: float = 1.0
    is_assumed: bool = False
    booked: Bookings | None = None


@dataclass(frozen=True, slots=True)
class ExistingWindow:
    """One of today's windows (现有窗口); `items` are codes or names, hours in minutes after midnight."""

    id: str
    kind: str
    department: str
    items: tuple[str, ...]
    hours: tuple[tuple[int, int], ...]
    area_m2: float | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """Two items that people do in one visit, `times` a year (联办关系)."""

    item_a: str
    item_b: str
    times: float


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value that nobody gave: what it is, the value, why, and where to set it. Always shown marked 【估】."""

    what: str
    value: str
    basis: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Demand:
    """All items with the arrival profile, what the workbook's 参数 sheet asks for, and what a queue log brought in.

    catalogue_share: of the catalogue's items, those that the hall admits; None where the two were not compared.
    """

    source: str
    items: tuple[Item, ...]
    arrivals: ArrivalProfile
    existing: tuple[ExistingWindow, ...] = ()
    relations: tuple[Relation, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    working_days: float = 250.0
    assumptions: tuple[Assumption, ...] = ()
    warnings: tuple[str, ...] = ()
    staff: tuple[StaffMember, ...] = ()
    logged: LogSummary | None = None
    catalogue_share: float | None = None

    @property
    def admitted(self) -> tuple[Item, ...]:
        """Items that are handled in the hall."""
        return tuple(item for item in self.items if item.is_admitted)

    @property
    def visitors_per_day(self) -> float:
        """People who come for a window on a planning day (kiosk users apart)."""
        return sum(item.visits_per_year for item in self.admitted) / self.working_days * self.arrivals.peak_day
