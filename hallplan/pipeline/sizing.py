"""The stages before the floor plan: windows, people behind them, and chapters 7 to 9."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hallplan.model.appointments import AppointmentRules, with_bookings
from hallplan.model.demand import Assumption, Demand
from hallplan.model.log import QueueLog
from hallplan.model.logged import Forecast
from hallplan.model.running import Today
from hallplan.model.services import Services
from hallplan.model.site import Site
from hallplan.model.windows import WindowPlan
from hallplan.parallel import side_by_side
from hallplan.pipeline.run import Inputs, Run
from hallplan.settings import Settings
from hallplan.terms import read_data, text

if TYPE_CHECKING:
    from hallplan.pipeline.chapters import Chapters
    from hallplan.services import Admission

MANY_ITEMS = 400
"""Items from which starting processes takes less time than it saves."""
LISTED = ("repeats", "zero_service", "negative_service", "negative_wait", "long_service", "reused_tickets")
"""Notes of a log that its list of faults tells in full."""


def size_windows(inputs: Inputs, run: Run) -> WindowPlan:
    """Returns the window plan of a project."""
    with run.stage("windows"):
        return _windows_of(inputs)


def _windows_of(inputs: Inputs) -> WindowPlan:
    from hallplan.windows import plan_windows

    return plan_windows(inputs.demand, inputs.settings)


def sized_windows(inputs: Inputs, run: Run) -> WindowPlan:
    """Returns the window plan of the inputs, sized once in a run."""
    if run.windows is None:
        run.windows = size_windows(inputs, run)
    return run.windows


def sizer(inputs: Inputs, run: Run) -> Callable[[Demand], WindowPlan]:
    """Returns what sizes the windows of another demand of the same hall."""
    return lambda demand: size_windows(replace(inputs, demand=demand), run)


def chapters_of(inputs: Inputs, run: Run, catalogue: Path | None = None) -> Chapters:
    """Returns the sheets of chapters 7 to 9 and the catalogue of a project."""
    from hallplan.pipeline.chapters import read_chapters

    with run.stage("chapters"):
        return read_chapters(inputs.files, inputs.settings, catalogue)


def plan_items_chapter(inputs: Inputs, chapters: Chapters, run: Run) -> Services:
    """Returns chapter 7 of a project; with many items what does not depend on one another is done side by side."""
    from hallplan.pipeline.chapters import items_chapter
    from hallplan.services import compare_lists

    demand, settings = inputs.demand, inputs.settings
    jobs = run.jobs if len(demand.items) >= MANY_ITEMS else 1
    compare = partial(compare_lists, demand, chapters.catalogue, chapters.inputs, settings.project.level)
    admission: Admission | None = None
    if jobs > 1 and run.windows is None:
        with run.stage("windows"):
            both: list[Callable[[], Any]] = [partial(_windows_of, inputs), compare]
            run.windows, admission = side_by_side(both, jobs)
    windows = sized_windows(inputs, run)
    with run.stage("items"):
        plan = items_chapter(
            demand, chapters, windows, settings, sizer(inputs, run), admission=admission or compare(), jobs=jobs
        )
    return Services(items=plan)


def plan_equipment_chapter(inputs: Inputs, chapters: Chapters, run: Run) -> Services:
    """Returns chapter 8 of a project."""
    from hallplan.pipeline.chapters import equipment_chapter

    windows = sized_windows(inputs, run)
    with run.stage("equip"):
        return Services(equipment=equipment_chapter(inputs.demand, chapters, windows, inputs.settings))


def plan_systems_chapter(inputs: Inputs, chapters: Chapters, run: Run) -> Services:
    """Returns chapter 9 of a project."""
    from hallplan.pipeline.chapters import systems_chapter

    windows = sized_windows(inputs, run)
    with run.stage("systems"):
        plan = systems_chapter(inputs.demand, chapters, windows, inputs.settings, sizer(inputs, run))
    return Services(systems=plan)


def plan_services(inputs: Inputs, chapters: Chapters, site: Site, run: Run) -> tuple[WindowPlan, Services]:
    """Returns the windows of the demand that is planned for, with the machines of chapter 8, and chapters 7 to 9.

    Only the first step of the roadmap goes through the window model here; `systems` does them all.
    """
    from hallplan.pipeline.chapters import equipment_chapter, items_chapter, systems_chapter, with_machines

    settings, demand = inputs.settings, inputs.demand
    windows = size_windows(inputs, run)
    size = sizer(inputs, Run())
    with run.stage("chapters"):
        tasks: list[Callable[[], Any]] = [
            partial(items_chapter, demand, chapters, windows, settings),
            partial(systems_chapter, demand, chapters, windows, settings, size, most_steps=1),
            partial(equipment_chapter, demand, chapters, windows, settings, site),
        ]
        items, systems, equipment = side_by_side(tasks, run.jobs)
    if settings.services.equipment:
        windows = with_machines(windows, equipment, settings.project.level)
    return windows, Services(items, equipment, systems if systems.systems else None)


def planned_inputs(inputs: Inputs, chapters: Chapters, run: Run) -> tuple[Inputs, tuple[str, ...]]:
    """Returns the inputs with the demand that [services] of the settings plan for, and what was changed in words."""
    from hallplan.pipeline.chapters import planned_demand

    demand, applied = planned_demand(inputs.demand, chapters, inputs.settings, sizer(inputs, run))
    return replace(inputs, demand=demand), applied


def staff_windows(inputs: Inputs, windows: WindowPlan, run: Run, created: str) -> WindowPlan:
    """Returns the window plan with shifts, people against it, and a roster for staff.month, else for the month after the date."""
    from hallplan.operate.people import review_staff
    from hallplan.windows import complete_plan

    year, month = int(created[:4]), int(created[5:7])
    following = f"{year + month // 12}-{month % 12 + 1:02d}"
    with run.stage("staff"):
        done = complete_plan(windows, inputs.demand, inputs.settings, month=inputs.settings.staff.month or following)
        if done.staffing is None:
            return done
        review = review_staff(done, done.staffing, inputs.demand, date=created)
        return replace(done, staffing=replace(done.staffing, review=review))


def inputs_with_logs(inputs: Inputs, logs: Sequence[Path], run: Run) -> Inputs:
    """Returns the inputs with arrivals, volumes and minutes as queue logs measured them; raises SheetError or DemandError."""
    from hallplan.read.log import read_log
    from hallplan.windows.logs import demand_with_log, fit_log, list_faults

    with run.stage("log"):
        log = read_log(list(logs), inputs.settings)
        fit = fit_log(log)
        forecast, unsaid = _forecast(log, inputs.settings)
        source = "、".join(path.name for path in logs)
        demand = demand_with_log(inputs.demand, fit, source, faults=list_faults(log), forecast=forecast)
    notes = [note.text for note in log.notes if note.kind not in LISTED]
    return replace(inputs, demand=replace(demand, warnings=(*demand.warnings, *notes, *unsaid)))


def booked_inputs(inputs: Inputs) -> Inputs:
    """Returns the inputs with the appointments that the settings ask for among the arrivals, and that said as an assumption."""
    rules = AppointmentRules.of(inputs.settings)
    if not rules.share:
        return inputs
    quotas = text("windows.bookings_fill" if rules.fills else "windows.bookings_even")
    value = text(
        "windows.bookings_value", share=rules.share, slot=rules.slot_min, quotas=quotas, no_show=rules.no_show,
        early=rules.early_min, spread=rules.spread_min,
    )  # fmt: skip
    said = Assumption(text("windows.bookings_what"), value, text("windows.bookings_basis"))
    demand, arrivals = inputs.demand, with_bookings(inputs.demand.arrivals, rules)
    return replace(inputs, demand=replace(demand, arrivals=arrivals, assumptions=(*demand.assumptions, said)))


def _forecast(log: QueueLog, settings: Settings) -> tuple[Forecast | None, list[str]]:
    """The forecast, or why there is none."""
    from hallplan.windows.logs import forecast_log

    try:
        found = forecast_log(log, holidays=settings.staff.holidays, extra_days=settings.staff.extra_days)
    except ImportError:
        return None, [text("logs.forecast_missing")]
    least = read_data("logs.toml")["forecast"]["least_days"]
    return found, [] if found else [text("logs.forecast_short", days=log.days.size, least=least)]


def scenarios_of(inputs: Inputs, windows: WindowPlan, names: Sequence[str], run: Run) -> WindowPlan:
    """Returns the plan with the scenarios asked for beside it; raises UsageError when one is not understood."""
    from hallplan.windows import compare_scenarios

    with run.stage("scenarios"):
        return replace(windows, scenarios=compare_scenarios(windows, inputs.demand, inputs.settings, names))


def advise_windows(inputs: Inputs, windows: WindowPlan, log: Path, now: int | None, run: Run) -> Today:
    """Returns what to do in the next two hours, from today's log so far; `now` in minutes after midnight."""
    from hallplan.read.log import read_log
    from hallplan.windows import advise_today, see_today

    with run.stage("today"):
        return advise_today(windows, see_today(read_log([log], inputs.settings), windows, inputs.demand, now))
