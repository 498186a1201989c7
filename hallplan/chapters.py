"""Chapters 7 to 9 chained with the window model: what is offered, with what, and what each change of it does to the windows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from hallplan.model.demand import Demand
from hallplan.model.services import Catalogue, ItemsPlan, ServiceInputs
from hallplan.model.windows import WindowPlan
from hallplan.read.project import ProjectFiles
from hallplan.settings import Settings
from hallplan.terms import read_data, text

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
    demand: Demand, chapters: Chapters, windows: WindowPlan, settings: Settings, size: Sizer | None = None
) -> ItemsPlan:
    """Returns chapter 7; with `size`, also what all missing items and appointments would do to windows and seats."""
    from hallplan.services import effect_of, plan_items, with_appointments, with_missing

    plan = plan_items(demand, chapters.catalogue, chapters.inputs, windows, settings)
    if size is None or not windows.types:
        return plan
    share = settings.services.appointment_share or float(read_data("services.toml")["appointment"]["share"])
    more = with_missing(demand, plan)
    effects = [effect_of(text("services.effect_appointments", share=f"{share:.0%}"), windows, size(with_appointments(demand, share)), settings)]  # fmt: skip
    if len(more.items) > len(demand.items):
        count = len(more.items) - len(demand.items)
        effects.append(effect_of(text("services.effect_missing", count=count), windows, size(more), settings))
    return replace(plan, effects=tuple(effects))
