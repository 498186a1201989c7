"""What bringing a missing item in costs: its visitors, windows, seats and m² at the margin."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from hallplan.model.demand import Demand, Item
from hallplan.model.service_inputs import CatalogueItem
from hallplan.model.services import MissingItem
from hallplan.model.windows import WindowPlan
from hallplan.services.admission import Admission, reason_kind
from hallplan.settings import Settings
from hallplan.terms import read_data
from hallplan.units import MINUTES_PER_HOUR


@dataclass(frozen=True, slots=True)
class Rates:
    """The hall's own figures at the margin.

    peak_share: share of a day's visitors who come in the busiest hour.  seats_per_visitor: waiting seats for each
    visitor a day.  busy: greatest share of window time that is used.
    """

    peak_share: float
    seats_per_visitor: float
    busy: float
    seat_m2: float

    @classmethod
    def of(cls, demand: Demand, windows: WindowPlan, settings: Settings) -> Rates:
        """Returns them for a demand with its window plan."""
        hours = demand.arrivals.slot_min / MINUTES_PER_HOUR
        people = windows.visitors_per_day - windows.kiosk_users_per_day
        seats = sum(kind.waiting_p95 for kind in windows.types) * settings.zones.seats_share
        return cls(
            max(demand.arrivals.shares, default=0.0) / hours,
            seats / people if people > 0 else 0.0,
            settings.service.max_utilisation,
            settings.zones.wait_area_per_person_m2,
        )


def missing_items(
    demand: Demand, admission: Admission, windows: WindowPlan, settings: Settings
) -> tuple[MissingItem, ...]:
    """Returns the missing items with what they cost, most visitors served for each m² first.

    Volume and minutes come from the hall's own row where it has one, else from the median of admitted items of the same
    kind, which is marked as assumed.  Source: windows = visitors × busiest hour's share × minutes / 60 / greatest use.
    """
    rates, likes = Rates.of(demand, windows, settings), _Likes(demand.admitted)
    found = [
        _missing(known, here, demand, rates, likes, admission.may_be.get(known.key, ""))
        for known, here in admission.open
    ]
    return tuple(sorted(found, key=lambda item: (-item.visitors_per_m2, item.key)))


def as_demand_item(item: MissingItem, demand: Demand) -> Item:
    """Returns a missing item as an admitted one, so that the window model can size the hall with it."""
    like = _alike(demand.admitted or demand.items, item.department, "")
    cases = item.visitors_per_day * demand.working_days / max(demand.arrivals.peak_day, 1e-9)
    steps = like[0].minutes
    share = item.minutes / steps.accept if steps.accept else 1.0
    minutes = type(steps)(0.0, item.minutes, steps.review * share, 0.0, steps.std * share)
    return Item(
        f"+{item.key}", item.name, item.department, like[0].theme, like[0].item_type, like[0].level, cases, 0.0, minutes
    )


class _Likes:
    """Medians of the admitted items that are like a department and a type, worked out once for each pair."""

    def __init__(self, admitted: Sequence[Item]) -> None:
        self._admitted = admitted
        self._known: dict[tuple[str, str], tuple[float, float, float]] = {}

    def of(self, known: CatalogueItem) -> tuple[float, float, float]:
        """Returns visits a year, minutes a visit and minutes in the back office."""
        key = (known.department, known.item_type)
        if key not in self._known:
            self._known[key] = _medians(_alike(self._admitted, *key))
        return self._known[key]


def _medians(items: Sequence[Item]) -> tuple[float, float, float]:
    return (
        _middle([item.visits_per_year for item in items]),
        _middle([_minutes_per_visit(item) for item in items]),
        _middle([item.minutes.review for item in items]),
    )


def _missing(
    known: CatalogueItem, here: Item | None, demand: Demand, rates: Rates, likes: _Likes, may_be: str
) -> MissingItem:
    is_own = here is not None and here.visits_per_year > 0
    visits, minutes, office = _medians([here]) if is_own and here else likes.of(known)
    per_day = visits / demand.working_days * demand.arrivals.peak_day
    windows = per_day * rates.peak_share * minutes / MINUTES_PER_HOUR / rates.busy
    seats = per_day * rates.seats_per_visitor
    data = read_data("services.toml")["missing"]
    review = per_day * office / _office_minutes(rates)
    area = windows * data["m2_per_window"] + seats * rates.seat_m2 + review * data["office_m2"]
    reason = here.reason_out if here is not None else ""
    return MissingItem(
        key=known.key,
        name=known.name,
        department=known.department,
        reason=reason,
        reason_kind=reason_kind(reason),
        visitors_per_day=round(per_day, 4),
        minutes=round(minutes, 2),
        windows=round(windows, 4),
        seats=round(seats, 4),
        area_m2=round(area, 4),
        is_assumed=not is_own,
        may_be=may_be,
    )


def _minutes_per_visit(item: Item) -> float:
    visits = item.visits_per_year
    if visits <= 0:
        return item.minutes.accept
    spent = item.counter_cases * (item.minutes.accept + item.minutes.deliver) + item.consults * item.minutes.consult
    return spent / visits


def _office_minutes(rates: Rates) -> float:
    return float(read_data("windows.toml")["rules"]["staff_minutes_per_day"]) * rates.busy


def _alike(admitted: Sequence[Item], department: str, item_type: str) -> list[Item]:
    """Admitted items like one: of its department and type, else of its type, else all."""
    least = int(read_data("services.toml")["missing"]["least_alike"])
    both = [item for item in admitted if item.department == department and item.item_type == item_type]
    if len(both) >= least:
        return both
    one = [item for item in admitted if item.item_type == item_type]
    return one if len(one) >= least else list(admitted)


def _middle(values: Sequence[float]) -> float:
    return statistics.median(values) if values else 0.0
