"""What chapters 7 to 9 planned: items, machines, systems, and what each change does to the hall."""

from __future__ import annotations

from dataclasses import dataclass, field

from hallplan.model.findings import Status


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something in the data that a person must look at: kind, what it is about, the words for it."""

    kind: str
    subject: str
    message: str


@dataclass(frozen=True, slots=True)
class ItemMatch:
    """A hall item found in the catalogue. how: name, code or confirmed."""

    item: str
    name: str
    catalogue_key: str
    catalogue_item: str
    confidence: float
    how: str
    is_admitted: bool


@dataclass(frozen=True, slots=True)
class UnsureMatch:
    """A hall item with catalogue items that it may be, most likely first."""

    item: str
    name: str
    candidates: tuple[str, ...]
    confidences: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Ratio:
    """An admission ratio: items in the hall of those in the catalogue, for one group."""

    group: str
    admitted: int
    total: int

    @property
    def share(self) -> float:
        """In [0, 1]."""
        return self.admitted / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class MissingItem:
    """A catalogue item that the hall does not handle, and what bringing it in costs.

    reason_kind: secret, site, none or other.  may_be: the hall item that it perhaps is.  is_assumed: volume or minutes
    were taken from like items.  windows, seats, area_m2: marginal, fractions of a window count.
    """

    key: str
    name: str
    department: str
    reason: str
    reason_kind: str
    visitors_per_day: float
    minutes: float
    windows: float
    seats: float
    area_m2: float
    is_assumed: bool
    may_be: str = ""

    @property
    def visitors_per_m2(self) -> float:
        """Visitors a day served for each m² that it takes."""
        return self.visitors_per_day / self.area_m2 if self.area_m2 > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Measure:
    """A service measure: whether the plan provides it, in which zone, with how many people, and why so many."""

    id: str
    name: str
    is_provided: bool | None
    zone: str
    staff: int
    basis: str
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BundleCover:
    """A 一件事: which of its items the hall has, the windows that serve it, visits and papers it saves a year."""

    id: str
    name: str
    year: str
    source: str
    is_covered: bool
    items: tuple[str, ...]
    missing: tuple[str, ...]
    windows: tuple[str, ...]
    visits_saved: float
    documents_saved: float
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class BundleList:
    """A yearly national list of matters done as one: how many it has and how many are held here.

    count: 0 for matters of a province, in no national list.  read: named in a report or a paper about the list.
    placed: name read on a province's platform, the list inferred.
    """

    year: str
    document: str
    count: int
    held: int
    read: int
    placed: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """A public or value-added service: items that carry it, the zone and windows it needs."""

    id: str
    name: str
    is_provided: bool
    items: tuple[str, ...]
    zone: str
    windows: float
    people_per_day: float = 0.0


@dataclass(frozen=True, slots=True)
class GuideGap:
    """Fields of the service guide that an item lacks."""

    item: str
    name: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What one change does to the window plan: windows, window-hours a day and seats, before and after."""

    name: str
    windows_before: int
    windows_after: int
    hours_before: float
    hours_after: float
    seats_before: int
    seats_after: int
    area_m2: float

    @property
    def windows_saved(self) -> int:
        """Windows that the change saves; below 0 when it needs more."""
        return self.windows_before - self.windows_after


@dataclass(frozen=True, slots=True)
class ItemsPlan:
    """Chapter 7: admission, missing items, measures, bundles, public and value-added services, guides."""

    catalogue: str
    notice: str
    overall: Ratio
    target: float | None
    by_department: tuple[Ratio, ...]
    by_level: tuple[Ratio, ...]
    by_type: tuple[Ratio, ...]
    matched: tuple[ItemMatch, ...]
    unsure: tuple[UnsureMatch, ...]
    beyond: tuple[str, ...]
    missing: tuple[MissingItem, ...]
    measures: tuple[Measure, ...]
    bundles: tuple[BundleCover, ...]
    public_services: tuple[Offer, ...]
    value_added: tuple[Offer, ...]
    guide_missing: tuple[GuideGap, ...]
    flaws: tuple[Flaw, ...] = ()
    effects: tuple[Effect, ...] = ()
    bundle_lists: tuple[BundleList, ...] = ()

    @property
    def status(self) -> Status:
        """Whether the ratio keeps the target of the rule pack; undecided while the national figure is not published."""
        if self.target is None:
            return "undecided"
        return "pass" if self.overall.share >= self.target - 1e-9 else "fail"


@dataclass(frozen=True, slots=True)
class Need:
    """Machines or facilities of one kind: how many are needed, how many there are, why, and where they go.

    low: accessible ones among them.  wait_min, share_within: at the peak half-hour.  cost: yuan for those to buy.
    placed, places: how many the first layout draws and in which zones, None before one is made or where nothing is drawn.
    status, missing: whether the layout keeps it, and what it lacks or what nobody can tell.
    """

    type: str
    name: str
    need: int
    have: int
    basis: str
    zone: str
    furniture: str = ""
    low: int = 0
    wait_min: float = 0.0
    share_within: float = 1.0
    price: float = 0.0
    area_m2: float = 0.0
    items: int = 0
    placed: int | None = None
    places: str = ""
    status: Status | None = None
    missing: str = ""

    @property
    def lacking(self) -> int:
        """How many are to be bought."""
        return max(0, self.need - self.have)


@dataclass(frozen=True, slots=True)
class Cover:
    """A self-service item and the kind of machine that does it at its peak (machines' worth of load)."""

    item: str
    name: str
    type: str
    load: float


@dataclass(frozen=True, slots=True)
class Choice:
    """Integrated machines against single-purpose ones: counts by kind, money over the life, m², proven gap."""

    name: str
    counts: tuple[tuple[str, int], ...]
    price: float
    area_m2: float
    gap: float


@dataclass(frozen=True, slots=True)
class MachineUse:
    """What a machine's log says, and what to do with it. repair_share: repair cost a year over its price a year."""

    id: str
    kind: str
    place: str
    sessions: int
    sessions_per_hour: float
    idle_share: float
    availability: float
    faults_per_1000: float
    advice: str
    to: str
    why: str
    is_listed: bool = True
    repair_share: float = 0.0
    next_service_days: float = 0.0


@dataclass(frozen=True, slots=True)
class NightArea:
    """The 24-hour area: sessions outside hours, machines for them, and what it must have (rule, True, False or None)."""

    sessions_per_day: float
    machines: int
    basis: str
    rules: tuple[tuple[str, bool | None], ...]


@dataclass(frozen=True, slots=True)
class EquipmentPlan:
    """Chapter 8."""

    needs: tuple[Need, ...]
    covers: tuple[Cover, ...]
    choices: tuple[Choice, ...]
    use: tuple[MachineUse, ...]
    night: NightArea
    facilities: tuple[Need, ...]
    flaws: tuple[Flaw, ...] = ()

    def count(self, *types: str) -> int:
        """Returns how many machines of these kinds are needed."""
        return sum(need.need for need in (*self.needs, *self.facilities) if need.type in types)


@dataclass(frozen=True, slots=True)
class SystemFigures:
    """One system: items and cases a year in it, logins and screens it adds, fields typed again, what it could take over.

    island: number of its island, 0 for the one with the acceptance system.
    """

    name: str
    island: int
    items: int
    cases: float
    needs_login: bool
    repeated_fields: float
    shareable_fields: float
    unused_licences: tuple[str, ...]
    minutes_per_year: float


@dataclass(frozen=True, slots=True)
class RoadStep:
    """One step of the roadmap: the system joined, minutes a year it saves after the steps before it, windows and m²."""

    step: int
    system: str
    minutes_saved: float
    windows_saved: int
    hours_saved: float
    area_m2: float
    islands_left: int
    windows_after: int
    kind: str = "integrate"


@dataclass(frozen=True, slots=True)
class Helper:
    """An AI helper as a scenario. break_even: share of visitors that must take it to pay for itself, None when none can."""

    id: str
    name: str
    cost_per_year: float
    minutes_saved: float
    break_even: float | None
    basis: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure with its limit; is_kept is None where data or limit are missing."""

    id: str
    name: str
    value: float | None
    limit: float | None
    unit: str
    is_kept: bool | None


@dataclass(frozen=True, slots=True)
class SystemsPlan:
    """Chapter 9."""

    systems: tuple[SystemFigures, ...]
    islands: tuple[tuple[str, ...], ...]
    cycles: tuple[tuple[str, ...], ...]
    logins_per_item: float
    screens_per_item: float
    repeated_fields: float
    minutes_per_year: float
    shareable_fields: float
    roadmap: tuple[RoadStep, ...]
    helpers: tuple[Helper, ...]
    indicators: tuple[Indicator, ...]
    flaws: tuple[Flaw, ...] = ()


@dataclass(frozen=True, slots=True)
class Services:
    """What chapters 7 to 9 planned; a part is None until its command or `layout` has run."""

    items: ItemsPlan | None = None
    equipment: EquipmentPlan | None = None
    systems: SystemsPlan | None = None
    applied: tuple[str, ...] = field(default=())
