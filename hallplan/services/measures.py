"""Service measures: which the plan provides, in which zone, and how many people the queue model gives them."""

from __future__ import annotations

from typing import Any

from hallplan.model.catalogue import zone_types
from hallplan.model.demand import Demand
from hallplan.model.service_inputs import GivenMeasure, ServiceInputs
from hallplan.model.services import Measure
from hallplan.model.windows import WindowPlan
from hallplan.queueing import staffing_levels
from hallplan.settings import Settings
from hallplan.terms import in_turn, language, read_data, text
from hallplan.units import MINUTES_PER_HOUR

USUAL_END = 17 * 60 + 30
LUNCH = (12 * 60, 13 * 60)


def plan_measures(
    demand: Demand, inputs: ServiceInputs, windows: WindowPlan, settings: Settings
) -> tuple[Measure, ...]:
    """Returns every measure of data/services.toml for a hall; what the workbook says of one wins over what the plan implies."""
    return tuple(
        _measure(id, entry, _given(entry, inputs), demand, windows, settings)
        for id, entry in read_data("services.toml")["measures"].items()
    )


def _given(entry: dict[str, Any], inputs: ServiceInputs) -> GivenMeasure | None:
    return next((g for g in inputs.measures if any(word in g.id for word in entry["words"])), None)


def _given_words(given: GivenMeasure) -> str:
    """What the sheet says of a measure, place and rule included."""
    parts = [text("services.measure_given" if given.is_provided else "services.measure_denied")]
    parts += [text("services.measure_place", place=given.place)] if given.place else []
    parts += [text("services.measure_rule", rule=given.document)] if given.document else []
    return in_turn(parts)


def _measure(
    id: str, entry: dict[str, Any], given: GivenMeasure | None, demand: Demand, windows: WindowPlan, settings: Settings
) -> Measure:
    staff, basis = _staff(entry, windows)
    is_implied, why = _is_implied(id, entry, demand, settings)
    is_provided = is_implied
    if given and given.is_provided is not None:
        is_provided, why = given.is_provided, _given_words(given)
    if given and given.staff is not None:
        basis = text("services.staff_given", given=given.staff, need=staff, basis=basis) if staff else basis
    return Measure(
        id=id,
        name=entry[language()],
        is_provided=is_provided,
        zone=entry["zone"],
        staff=staff,
        basis=basis or why,
        lacking=_lacking(entry, given, staff) if "standard" in entry else (),
    )


def _staff(entry: dict[str, Any], windows: WindowPlan) -> tuple[int, str]:
    """People at the busiest time, and the words for it; 0 for a measure that needs nobody of its own."""
    if "share" not in entry or not windows.types:
        return 0, ""
    slot_min = min((b - a for a, b in zip(windows.half_hours, windows.half_hours[1:], strict=False)), default=30)
    rates = [entry["share"] * sum(slot) for slot in zip(*(kind.arrivals for kind in windows.types), strict=True)]
    people = max(
        staffing_levels(
            rates, entry["minutes"], share=entry["share_within"], wait_min=entry["wait_min"], slot_minutes=slot_min
        ),
        default=0,
    )
    basis = text(
        "services.staff_basis", share=f"{entry['share']:.0%}", minutes=f"{entry['minutes']:g}",
        within=f"{entry['share_within']:.0%}", wait=f"{entry['wait_min']:g}", peak=f"{max(rates, default=0.0):.0f}",
        busy=f"{max(rates, default=0.0) * entry['minutes'] / MINUTES_PER_HOUR / max(people, 1):.0%}",
    )  # fmt: skip
    return people, basis


def _is_implied(id: str, entry: dict[str, Any], demand: Demand, settings: Settings) -> tuple[bool, str]:
    """Whether the plan itself provides the measure, and why."""
    if entry.get("built_in"):
        return True, text("services.built_in")
    if "share" in entry or id == "disclosure":
        kind = zone_types()[entry["zone"]]
        has = settings.project.level in kind.levels or kind.id in settings.zones.add
        return has and kind.id not in settings.zones.skip, text("services.zone_planned" if has else "services.no_zone")
    if words := entry.get("item_words"):
        count = sum(any(word in item.name for word in words) for item in demand.admitted)
        return count > 0, text("services.items_with_words", count=count)
    if id == "late":
        starts = demand.arrivals.starts
        return any(at >= USUAL_END or LUNCH[0] <= at < LUNCH[1] for at in starts), text("services.by_hours")
    return False, text("services.nobody_said")


def _lacking(entry: dict[str, Any], given: GivenMeasure | None, staff: int) -> tuple[str, ...]:
    """What the standard of the measure asks for and the workbook does not say."""
    said = {
        "place": bool(given and given.place),
        "staff": bool(given and given.staff) or not staff,
        "document": bool(given and given.document),
    }
    return tuple(
        text(f"services.lacks_{what}", standard=entry["standard"]) for what in entry["lacks"] if not said[what]
    )
