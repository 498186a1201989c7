"""The stage `items`: chapter 7 for one hall."""

from __future__ import annotations

from dataclasses import replace

from hallplan.model.appointments import AppointmentRules, with_bookings
from hallplan.model.demand import Demand
from hallplan.model.service_inputs import Catalogue, ServiceInputs
from hallplan.model.services import Effect, ItemsPlan
from hallplan.model.windows import WindowPlan
from hallplan.services.admission import Admission, compare_lists, ratios
from hallplan.services.bundles import bundle_lists, cover_bundles, offers
from hallplan.services.costs import as_demand_item, missing_items
from hallplan.services.guides import guide_gaps
from hallplan.services.measures import plan_measures
from hallplan.settings import Settings
from hallplan.terms import read_data


def plan_items(
    demand: Demand, catalogue: Catalogue, inputs: ServiceInputs, windows: WindowPlan, settings: Settings,
    admission: Admission | None = None,
) -> ItemsPlan:  # fmt: skip
    """Returns what the hall offers against the catalogue, what is missing and what that costs, and how it serves.

    windows: the window plan of the demand, from which marginal windows, seats and areas are taken.  admission: the lists
    compared, where that is done already.
    """
    level = settings.project.level
    admission = admission or compare_lists(demand, catalogue, inputs, level)
    overall, by_department, by_level, by_type = ratios(catalogue, admission.matched, level)
    target = settings.rules.parameters.get(read_data("services.toml")["admission"]["rule"])
    return ItemsPlan(
        catalogue=catalogue.source,
        notice=catalogue.notice,
        overall=overall,
        target=float(target) if isinstance(target, int | float) and not isinstance(target, bool) else None,
        by_department=by_department,
        by_level=by_level,
        by_type=by_type,
        matched=admission.matched,
        unsure=admission.unsure,
        beyond=admission.beyond,
        missing=missing_items(demand, admission, windows, settings),
        measures=plan_measures(demand, inputs, windows, settings),
        bundles=cover_bundles(demand, inputs, windows),
        public_services=offers("public", demand, settings),
        value_added=offers("value", demand, settings),
        guide_missing=guide_gaps(demand, inputs),
        flaws=admission.flaws,
        bundle_lists=bundle_lists(),
    )


def with_missing(demand: Demand, plan: ItemsPlan) -> Demand:
    """Returns the demand with every missing item in it that nothing but a decision keeps out."""
    open_items = [item for item in plan.missing if item.reason_kind == "none" and not item.may_be]
    return replace(demand, items=(*demand.items, *(as_demand_item(item, demand) for item in open_items)))


def with_appointments(demand: Demand, share: float, settings: Settings | None = None) -> Demand:
    """Returns the demand when `share` of visitors take an appointment on the slot grid of the settings."""
    return replace(demand, arrivals=with_bookings(demand.arrivals, AppointmentRules.of(settings or Settings(), share)))


def effect_of(name: str, before: WindowPlan, after: WindowPlan, settings: Settings) -> Effect:
    """Returns what a change does: windows, window-hours, waiting seats, and the m² of both at the rates of data/services.toml."""
    seats = [sum(kind.waiting_p95 for kind in plan.types) for plan in (before, after)]
    data = read_data("services.toml")["missing"]
    windows_m2 = (after.windows_total - before.windows_total) * data["m2_per_window"]
    seats_m2 = (seats[1] - seats[0]) * settings.zones.seats_share * settings.zones.wait_area_per_person_m2
    return Effect(
        name,
        before.windows_total,
        after.windows_total,
        round(before.window_hours, 2),
        round(after.window_hours, 2),
        seats[0],
        seats[1],
        round(windows_m2 + seats_m2, 2),
    )
