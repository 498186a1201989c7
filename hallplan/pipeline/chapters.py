"""Chapters 7 to 9 chained with the window model: what is offered, with what, and what each change of it does to the windows."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hallplan.errors import SettingsError
from hallplan.model.catalogue import zone_types
from hallplan.model.demand import Demand
from hallplan.model.plan import Alternative
from hallplan.model.service_inputs import Catalogue, ServiceInputs
from hallplan.model.services import EquipmentPlan, ItemsPlan, MissingItem, Services, SystemsPlan
from hallplan.model.site import OpeningRole, Site
from hallplan.model.windows import Thing, WindowPlan
from hallplan.parallel import side_by_side
from hallplan.read.project import ProjectFiles
from hallplan.settings import Settings
from hallplan.terms import in_turn, listed, read_data, text

if TYPE_CHECKING:
    from hallplan.services import Admission

Sizer = Callable[[Demand], WindowPlan]


@dataclass(frozen=True, slots=True)
class Chapters:
    """What chapters 7 to 9 start from: the sheets of the workbook and the catalogue."""

    inputs: ServiceInputs
    catalogue: Catalogue


def read_chapters(files: ProjectFiles, settings: Settings, catalogue: Path | None = None) -> Chapters:
    """Returns the sheets of chapters 7 to 9 and the catalogue: of `catalogue`, else of settings, else the one shipped.

    Raises SheetError with every fault of a file.
    """
    from hallplan.read.workbook import read_catalogue, read_service_inputs

    named = files.folder / settings.services.catalogue if settings.services.catalogue else None
    return Chapters(read_service_inputs(files.require_workbook()), read_catalogue(catalogue or named))


def items_chapter(
    demand: Demand, chapters: Chapters, windows: WindowPlan, settings: Settings, size: Sizer | None = None,
    *, admission: Admission | None = None, jobs: int = 1,
) -> ItemsPlan:  # fmt: skip
    """Returns chapter 7; with `size`, also what all missing items and appointments would do to windows and seats.

    admission: the lists compared, where that is done already.  jobs: processes that size windows side by side.
    """
    from hallplan.services import effect_of, plan_items, with_appointments, with_missing

    plan = plan_items(demand, chapters.catalogue, chapters.inputs, windows, settings, admission)
    if size is None or not windows.types:
        return plan
    share = settings.services.appointment_share or float(read_data("services.toml")["appointment"]["share"])
    changes = [(text("services.effect_appointments", share=f"{share:.0%}"), with_appointments(demand, share, settings))]
    more = with_missing(demand, plan)
    if len(more.items) > len(demand.items):
        count = len(more.items) - len(demand.items)
        changes.append((text("services.effect_missing", count=count), more))
    sized = side_by_side([partial(size, changed) for _, changed in changes], jobs)
    effects = [effect_of(name, windows, after, settings) for (name, _), after in zip(changes, sized, strict=True)]
    return replace(plan, effects=tuple(effects))


def equipment_chapter(
    demand: Demand, chapters: Chapters, windows: WindowPlan, settings: Settings, site: Site | None = None
) -> EquipmentPlan:
    """Returns chapter 8; with the drawing, whether the 24-hour area has its own door and how many floors there are."""
    from hallplan.services import plan_equipment

    if site is None:
        return plan_equipment(demand, chapters.inputs, windows, settings)
    doors = any(opening.role == OpeningRole.H24 for floor in site.floors for opening in floor.openings)
    return plan_equipment(
        demand, chapters.inputs, windows, settings, has_night_door=doors, floors=max(1, len(site.floors)),
        drawn_bays=len(site.parking),
    )  # fmt: skip


def systems_chapter(
    demand: Demand, chapters: Chapters, windows: WindowPlan, settings: Settings, size: Sizer, most_steps: int = 99
) -> SystemsPlan:
    """Returns chapter 9; the first `most_steps` of the roadmap go through the window model, one after another.

    The chain of each step: minutes a year saved → windows and window-hours saved → m² saved.
    """
    from hallplan.services import effect_of, plan_systems, reduced_demand

    plan = plan_systems(demand, chapters.inputs)
    joined = [step.system for step in plan.roadmap]
    steps, before = [], windows
    for n, step in enumerate(plan.roadmap):
        if n < most_steps and windows.types and step.minutes_saved > 0:
            after = size(reduced_demand(demand, chapters.inputs, joined[: n + 1]))
            effect = effect_of(step.system, before, after, settings)
            hours = effect.hours_before - effect.hours_after
            step = replace(
                step,
                windows_saved=effect.windows_saved,
                hours_saved=round(hours, 2),
                area_m2=round(0.0 - effect.area_m2, 2) + 0.0,
                windows_after=effect.windows_after,
            )
            before = after
        steps.append(step)
    return replace(plan, roadmap=tuple(steps))


def planned_demand(
    demand: Demand, chapters: Chapters, settings: Settings, size: Sizer
) -> tuple[Demand, tuple[str, ...]]:
    """Returns the demand that the plan is made for, after [services] of the settings, and what was changed in words.

    Raises SettingsError when a system or an item that is named there is not known.
    """
    from hallplan.services import (
        as_demand_item,
        bundle_names,
        bundled_demand,
        plan_items,
        reduced_demand,
        with_appointments,
    )

    wish, said = settings.services, []
    if wish.bring_in:
        plan = plan_items(demand, chapters.catalogue, chapters.inputs, size(demand), settings)
        chosen = _named(plan.missing, wish.bring_in)
        demand = replace(demand, items=(*demand.items, *(as_demand_item(item, demand) for item in chosen)))
        said.append(text("services.applied_items", count=len(chosen)))
    if wish.bundles:
        _require([name for name in wish.bundles if name != "all"], bundle_names(chapters.inputs), "services.bundles")
        demand, done = bundled_demand(demand, chapters.inputs, wish.bundles)
        said.append(text("services.applied_bundles", names=listed(done) or "–"))
    if wish.integrate:
        known = {system.name for system in chapters.inputs.systems}
        _require(wish.integrate, known, "services.integrate")
        demand = reduced_demand(demand, chapters.inputs, wish.integrate)
        said.append(text("services.applied_systems", names=listed(wish.integrate)))
    if wish.appointment_share > 0:
        demand = with_appointments(demand, wish.appointment_share, settings)
        said.append(text("services.effect_appointments", share=f"{wish.appointment_share:.0%}"))
    return demand, tuple(said)


def with_machines(windows: WindowPlan, plan: EquipmentPlan, level: str = "") -> WindowPlan:
    """Returns the window plan with the terminals and things that chapter 8 counts, which programme and furniture follow.

    level: of the hall; small ones are given only the furniture that data/equipment.toml names for them.
    """
    given = read_data("equipment.toml")["furnished"].get(level)
    terminals = [need for need in plan.needs if need.furniture == "kiosk"]
    things = tuple(
        Thing(need.furniture, need.zone, need.need, need.area_m2)
        for need in (*plan.needs, *plan.facilities)
        if need.furniture and need.furniture != "kiosk" and need.need and (given is None or need.furniture in given)
    )
    basis = in_turn(
        text("services.named_basis", name=need.name, count=need.need, basis=need.basis) for need in terminals
    )
    night = plan.night.machines
    count = sum(need.need for need in terminals) + night
    return replace(windows, kiosks=count, kiosks_24h=night, kiosk_basis=basis, things=things)


def with_offers(
    windows: WindowPlan, plan: ItemsPlan, settings: Settings
) -> tuple[WindowPlan, Settings, tuple[str, ...]]:
    """Returns window plan and settings with what the value-added services need, and what that is in words.

    Tables where they are given: as many as their load, one at least.  The zone is added where the level has none by
    itself and the load is enough for it (needs of data/services.toml), unless [zones] leaves it out.
    """
    rule = read_data("services.toml")["needs"]["value_added"]
    given = [offer for offer in plan.value_added if offer.is_provided]
    load = sum(offer.windows for offer in given)
    level_has = settings.project.level in zone_types()[rule["zone"]].levels
    is_wanted = level_has or rule["zone"] in settings.zones.add or load >= rule["from_windows"]
    if not given or not is_wanted or rule["zone"] in settings.zones.skip:
        return windows, settings, ()
    tables = max(1, math.ceil(load - 1e-9))
    added = Thing(rule["kind"], rule["zone"], tables, rule["m2"])
    zones = settings.zones.model_copy(update={"add": [*dict.fromkeys([*settings.zones.add, rule["zone"]])]})
    people = sum(offer.people_per_day for offer in given)
    said = text(
        "services.needs_zone", names=listed(offer.name for offer in given), people=f"{people:.1f}", tables=tables
    )
    return replace(windows, things=(*windows.things, added)), settings.model_copy(update={"zones": zones}), (said,)


def with_chapters(
    windows: WindowPlan, demand: Demand, services: Services, settings: Settings
) -> tuple[WindowPlan, Demand, Settings, tuple[str, ...]]:
    """Returns windows, demand and settings with what chapter 7 asks of zones and of checks, and what was added in words."""
    if services.items is None:
        return windows, demand, settings, ()
    windows, settings, needed = with_offers(windows, services.items, settings)
    return windows, replace(demand, catalogue_share=services.items.overall.share), settings, needed


def stood_in(services: Services, site: Site, drawn: Alternative, level: str) -> Services:
    """Returns the chapters with what a layout shows of them: the rules of the 24-hour area, machines and facilities drawn."""
    from hallplan.check import night_rules
    from hallplan.services import stood

    plan = services.equipment
    if plan is None:
        return services
    found = night_rules(site, drawn.layout, plan.night.machines)
    rules = tuple(
        (rule, found.get(rule, kept) if found.get(rule) is not None else kept) for rule, kept in plan.night.rules
    )
    plan = replace(plan, night=replace(plan.night, rules=rules))
    return replace(services, equipment=stood(plan, drawn.layout, drawn.findings, level))


def _named(missing: Sequence[MissingItem], wanted: Sequence[str]) -> list[MissingItem]:
    if "all" in wanted:
        return [item for item in missing if item.reason_kind == "none"]
    _require(wanted, {key for item in missing for key in (item.name, item.key)}, "services.bring_in")
    return [item for item in missing if item.name in wanted or item.key in wanted]


def _require(wanted: Sequence[str], known: Set[str], key: str) -> None:
    for name in wanted:
        if name not in known:
            near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.3)
            remedy = text("settings.did_you_mean", key=near[0]) if near else ""
            raise SettingsError.at(f"hallplan.toml, {key}", text("settings.bad_value", value=name), remedy=remedy)
