"""Items grouped into window types, and the visits a day that each type receives."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field

from hallplan.errors import DemandError, Fault
from hallplan.model.demand import Demand, Item
from hallplan.settings import Settings
from hallplan.terms import read_data, text
from hallplan.windows.grouping.choose import choose_types
from hallplan.windows.kinds import WindowKind, other_kind, special_kind, window_kinds
from hallplan.windows.slots import half_hours


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits of one sort: `per_day`, their mean minutes at the window and standard deviation."""

    per_day: float
    minutes: float
    std: float


@dataclass(slots=True)
class Stream:
    """What comes to one window type on a planning day.

    review_min: 审批 minutes a day for the back office.  companions: people who come along, a day.
    duties: kinds that have no window of their own and are handled here.
    """

    kind: WindowKind
    items: list[Item] = field(default_factory=list)
    visits: list[Visits] = field(default_factory=list)
    review_min: float = 0.0
    companions: float = 0.0
    duties: list[str] = field(default_factory=list)

    @property
    def per_day(self) -> float:
        """Visits a day."""
        return math.fsum(visit.per_day for visit in self.visits)

    @property
    def minutes(self) -> float:
        """Mean minutes of a visit."""
        return math.fsum(v.per_day * v.minutes for v in self.visits) / self.per_day if self.per_day else 0.0

    @property
    def cv(self) -> float:
        """Coefficient of variation of a visit's minutes, over all sorts of visits together."""
        mean = self.minutes
        if mean <= 0:
            return 0.0
        square = math.fsum(v.per_day * (v.std**2 + v.minutes**2) for v in self.visits) / self.per_day
        return math.sqrt(max(square - mean**2, 0.0)) / mean

    @property
    def load_min(self) -> float:
        """Minutes of window work a day."""
        return self.per_day * self.minutes

    @property
    def companions_per_visit(self) -> float:
        """People who come along with a visitor, in the mean."""
        return self.companions / self.per_day if self.per_day else 0.0

    def add(self, per_day: float, minutes: float, std: float, companions: float) -> None:
        """Adds visits, if any."""
        if per_day > 0 and minutes > 0:
            self.visits.append(Visits(per_day, minutes, std))
            self.companions += per_day * companions

    def take(self, other: Stream) -> None:
        """Adds everything that comes to another stream; its items are not moved."""
        self.visits.extend(other.visits)
        self.review_min += other.review_min
        self.companions += other.companions


@dataclass(frozen=True, slots=True)
class Grouping:
    """The streams of a hall, general windows first, with what was merged: (name, daily load in windows)."""

    streams: tuple[Stream, ...]
    merged: tuple[tuple[str, float], ...]
    lockers_per_day: float


def group_items(demand: Demand, settings: Settings, open_minutes: float) -> Grouping:
    """Returns the streams that the admitted items bring; raises DemandError when a figure is impossible.

    open_minutes: of a day, which one window has; a smaller queue is merged unless the workbook asks for its window.
    """
    _check(demand)
    homes = {item.code: _home(item, settings) for item in demand.admitted} | _chosen_homes(demand, settings)
    merged = _small(demand, homes, settings, open_minutes)
    streams: dict[str, Stream] = {"general": Stream(window_kinds()["general"])}
    others: dict[str, WindowKind] = {}
    for name in sorted({home for home, _ in homes.values() if home not in window_kinds()}):
        others[name] = other_kind(name, len(others))
    pickup = Stream(window_kinds()["pickup"])
    lockers = 0.0
    for item in demand.admitted:
        home = homes[item.code][0]
        home = "general" if home in dict(merged) else home
        kind = window_kinds().get(home) or others[home]
        stream = streams.setdefault(home, Stream(kind))
        lockers += _add(item, stream, pickup, demand, settings)
    ordered = sorted(streams.values(), key=lambda s: (_order(s.kind), s.kind.id))
    return Grouping((*ordered, pickup), merged, lockers)


def free_items(demand: Demand, settings: Settings) -> list[Item]:
    """Returns the items that no rule, setting or column of the workbook puts at windows of some kind."""
    levels = read_data("windows.toml")["rules"]["one_matter_levels"]
    return [
        item
        for item in demand.admitted
        if not item.special
        and not any(word in (item.theme, item.department) for word in settings.service.special_themes)
        and not (item.one_matter and settings.project.level in levels)
    ]


def _chosen_homes(demand: Demand, settings: Settings) -> dict[str, tuple[str, bool]]:
    """Homes by the cheapest grouping of themes where the settings ask for it: the largest group is the general one."""
    if settings.service.service_mode != "优化":
        return {}
    choice = choose_types(demand, free_items(demand, settings), half_hours(demand.arrivals, settings), settings)
    return {
        code: ("general" if n == 0 else _special_name("、".join(group.themes)), True)
        for n, group in enumerate(choice.groups)
        for code in group.items
    }


def _order(kind: WindowKind) -> int:
    ids = list(window_kinds())
    return ids.index(kind.id) if kind.id in ids else ids.index("one_matter")


def _check(demand: Demand) -> None:
    if not demand.admitted:
        raise DemandError.at(
            f"{demand.source}, {text('windows.items_sheet')}",
            text("windows.no_items"),
            text("windows.items_expected"),
            text("windows.items_remedy"),
        )
    faults = [fault for item in demand.admitted for fault in _faults(item)]
    if not (math.isfinite(demand.working_days) and demand.working_days > 0):
        found = text("windows.bad_figure", item=demand.source, what=text("windows.days"), value=demand.working_days)
        faults.append(Fault(demand.source, found, text("windows.figure_expected")))
    if faults:
        raise DemandError.of(faults)


def _faults(item: Item) -> list[Fault]:
    steps = item.minutes
    asked = [
        *(("what_minutes", v) for v in (steps.consult, steps.accept, steps.review, steps.deliver, steps.std)),
        *(("what_volume", v) for v in (item.cases, item.consults, item.visits_per_case, item.companions)),
    ]
    return [
        Fault(
            item.source or item.code,
            text("windows.bad_figure", item=item.name, what=text(f"windows.{what}"), value=value),
            text("windows.figure_expected"),
        )
        for what, value in asked
        if not math.isfinite(value) or value < 0
    ]


def _home(item: Item, settings: Settings) -> tuple[str, bool]:
    """The kind id (or own name) of the item's window, and whether the workbook or the settings ask for it."""
    if item.special:
        return _special_name(item.special), True
    asked = [word for word in settings.service.special_themes if word in (item.theme, item.department)]
    if asked:
        return _special_name(asked[0]), True
    if item.one_matter:
        levels = read_data("windows.toml")["rules"]["one_matter_levels"]
        return ("one_matter" if settings.project.level in levels else "general"), True
    if settings.service.service_mode == "部门专窗" and item.department:
        return _special_name(item.department), False
    if settings.service.service_mode == "混合":
        kind = special_kind(item.theme, item.department)
        return (kind.id, False) if kind else ("general", True)
    return "general", True


def _special_name(name: str) -> str:
    kind = special_kind(name)
    return kind.id if kind else name


def _small(
    demand: Demand, homes: dict[str, tuple[str, bool]], settings: Settings, open_minutes: float
) -> tuple[tuple[str, float], ...]:
    """Kinds that nobody asked for and whose daily load one window would not be filled by."""
    load: dict[str, float] = defaultdict(float)
    asked: set[str] = set()
    for item in demand.admitted:
        home, must = homes[item.code]
        probe = Stream(window_kinds()["general"])
        _add(item, probe, Stream(window_kinds()["pickup"]), demand, settings)
        load[home] += probe.load_min / open_minutes
        if must:
            asked.add(home)
    limit = float(read_data("windows.toml")["rules"]["merge_below_windows"])
    return tuple((home, load[home]) for home in sorted(load) if home not in asked and load[home] < limit)


def _add(item: Item, front: Stream, pickup: Stream, demand: Demand, settings: Settings) -> float:
    """Adds the item's visits to its window and to the collection windows; returns cases a day for lockers."""
    per_day = demand.arrivals.peak_day / demand.working_days
    cv = float(read_data("windows.toml")["rules"]["repeat_cv"])
    cases = item.counter_cases * per_day
    steps, visits = item.minutes, item.visits_per_case
    at_window, at_locker = _collected(item)
    is_own = settings.service.service_mode == "部门专窗"
    again = min(1.0, max(0.0, visits - 1.0)) if item.case_type == "promised" else 0.0
    first = max(visits - again, 0.0)
    hand_over = steps.deliver if is_own or (item.case_type == "instant" and not at_window) else 0.0
    if first > 0:
        fewer = min(first, 1.0)
        front.add(cases * first, (steps.accept + hand_over) / fewer, steps.std / fewer, item.companions)
    front.add(item.consults * per_day, steps.consult, cv * steps.consult, item.companions)
    if at_window and not is_own:
        pickup.add(cases * at_window, steps.deliver, cv * steps.deliver, item.companions)
        if steps.deliver > 0 and cases > 0:
            pickup.items.append(item)
    front.review_min += cases * steps.review
    front.items.append(item)
    return cases * at_locker


def _collected(item: Item) -> tuple[float, float]:
    """Shares of an item's cases collected at a window and from a locker."""
    rules = read_data("windows.toml")["rules"]
    said = item.collect.lower()
    if any(word in said for word in rules["collect_locker"]):
        return 0.0, 1.0
    if any(word in said for word in rules["collect_window"]):
        return 1.0, 0.0
    if any(word in said for word in rules["collect_none"]) or item.case_type == "instant":
        return 0.0, 0.0
    return min(1.0, max(0.0, item.visits_per_case - 1.0)), 0.0


def stream_of_item(item: Item, demand: Demand, settings: Settings) -> Stream:
    """Returns all visits to windows that one item brings on a planning day, collection at a window included."""
    stream, pickup = Stream(window_kinds()["general"]), Stream(window_kinds()["pickup"])
    _add(item, stream, pickup, demand, settings)
    stream.take(pickup)
    return stream
