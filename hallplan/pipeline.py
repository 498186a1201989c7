"""The stages, chained: read → windows → programme → place → furnish → flow → signs → check."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hallplan import __version__
from hallplan.model.appointments import AppointmentRules, with_bookings
from hallplan.model.demand import Assumption, Demand
from hallplan.model.edit import Edit
from hallplan.model.layout import Layout, StoppedBy
from hallplan.model.log import QueueLog
from hallplan.model.logged import Forecast
from hallplan.model.plan import Alternative, Plan, plan_from_json, plan_to_json
from hallplan.model.programme import Programme
from hallplan.model.running import Today
from hallplan.model.services import Services
from hallplan.model.site import Site
from hallplan.model.windows import WindowPlan
from hallplan.parallel import side_by_side
from hallplan.read.project import ProjectFiles, source_of
from hallplan.read.rules import read_rule_packs
from hallplan.settings import Settings, environment_values, make_settings
from hallplan.terms import read_data, text
from hallplan.units import Unit

if TYPE_CHECKING:
    from hallplan.chapters import Chapters

COMPILE = "compile"
FOLLOWING = ("flow", "signs", "check")
SPARE_LAYOUTS = 3
"""Layouts placed and furnished beyond those asked for: only furnishing tells whether all counters clear the columns."""
MISSING_COST = 2.0
"""What a chair, desk or machine that did not fit counts as in the score."""
LISTED = ("repeats", "zero_service", "negative_service", "negative_wait", "long_service", "reused_tickets")
"""Notes of a log that its list of faults tells in full."""
RulePacks = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""A user's own packs of rules by name."""


@dataclass(slots=True)
class Run:
    """How a run talks and stops, and how long each stage took (s).

    progress(stage): called when a stage begins; finish() after the last.  stop(): asked between pieces of a search.
    searching(): wraps a search, so that an interrupt in it ends the search and not the run.
    """

    progress: Callable[[str], None] = lambda _: None
    finish: Callable[[], None] = lambda: None
    stop: Callable[[], StoppedBy | None] = lambda: None
    searching: Callable[[], AbstractContextManager[object]] = nullcontext
    jobs: int = 2
    windows: WindowPlan | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def rounded_seconds(self) -> dict[str, float]:
        """Seconds of each stage to the millisecond."""
        return {stage: round(value, 3) for stage, value in self.seconds.items()}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Announces a stage and adds up its time, that of compiling apart."""
        self.progress(name)
        begin, compiled = time.perf_counter(), self.seconds.get(COMPILE, 0.0)
        try:
            yield
        finally:
            spent = time.perf_counter() - begin - (self.seconds.get(COMPILE, 0.0) - compiled)
            self.seconds[name] = self.seconds.get(name, 0.0) + max(0.0, spent)

    def sized(self, inputs: Inputs) -> WindowPlan:
        """Returns the window plan of the inputs, sized once in a run."""
        if self.windows is None:
            self.windows = size_windows(inputs, self)
        return self.windows

    @contextmanager
    def compiling_apart(self) -> Iterator[None]:
        """Counts the time that inner loops take to compile, on the first run of a machine, as a stage of its own."""
        from numba.core import event

        with event.install_timer("numba:compile", self._add_compiling):
            yield

    def _add_compiling(self, seconds: float) -> None:
        self.seconds[COMPILE] = self.seconds.get(COMPILE, 0.0) + seconds


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a run starts from: files, effective settings with the origin of each key, and the demand if there is a workbook.

    start: a layout to adapt, areas in the drawing's units, axes and origin; None to place anew.
    """

    files: ProjectFiles
    settings: Settings
    origin: Mapping[str, str]
    demand: Demand
    start: Layout | None = None


def effective_settings(
    files: ProjectFiles, flags: Mapping[str, Any], parameters: Mapping[str, Any] | None = None
) -> tuple[Settings, dict[str, str]]:
    """Returns the settings of a project and where each key came from: flag > environment > hallplan.toml > 参数 > default."""
    where = str(files.settings_file or files.folder)
    layers = {"workbook": parameters or {}, "file": files.values, "environment": environment_values(), "flag": flags}
    return make_settings(layers, where)


def read_inputs(files: ProjectFiles, flags: Mapping[str, Any], run: Run) -> Inputs:
    """Returns the demand and the settings; raises InputError with every fault of the workbook."""
    from hallplan.read.workbook import parameter_values, read_demand

    with run.stage("demand"):
        settings, _ = effective_settings(files, flags)
        demand = read_demand(files.require_workbook(), settings)
        settings, origin = effective_settings(files, flags, parameter_values(demand))
    return Inputs(files, settings, origin, demand)


def size_windows(inputs: Inputs, run: Run) -> WindowPlan:
    """Returns the window plan of a project."""
    from hallplan.windows import plan_windows

    with run.stage("windows"):
        return plan_windows(inputs.demand, inputs.settings)


def sizer(inputs: Inputs, run: Run) -> Callable[[Demand], WindowPlan]:
    """Returns what sizes the windows of another demand of the same hall."""
    return lambda demand: size_windows(replace(inputs, demand=demand), run)


def chapters_of(inputs: Inputs, run: Run, catalogue: Path | None = None) -> Chapters:
    """Returns the sheets of chapters 7 to 9 and the catalogue of a project."""
    from hallplan.chapters import read_chapters

    with run.stage("chapters"):
        return read_chapters(inputs.files, inputs.settings, catalogue)


def plan_items_chapter(inputs: Inputs, chapters: Chapters, run: Run) -> Services:
    """Returns chapter 7 of a project."""
    from hallplan.chapters import items_chapter

    windows = run.sized(inputs)
    with run.stage("items"):
        plan = items_chapter(inputs.demand, chapters, windows, inputs.settings, sizer(inputs, run))
    return Services(items=plan)


def plan_equipment_chapter(inputs: Inputs, chapters: Chapters, run: Run) -> Services:
    """Returns chapter 8 of a project."""
    from hallplan.chapters import equipment_chapter

    windows = run.sized(inputs)
    with run.stage("equip"):
        return Services(equipment=equipment_chapter(inputs.demand, chapters, windows, inputs.settings))


def plan_systems_chapter(inputs: Inputs, chapters: Chapters, run: Run) -> Services:
    """Returns chapter 9 of a project."""
    from hallplan.chapters import systems_chapter

    windows = run.sized(inputs)
    with run.stage("systems"):
        plan = systems_chapter(inputs.demand, chapters, windows, inputs.settings, sizer(inputs, run))
    return Services(systems=plan)


def plan_services(inputs: Inputs, chapters: Chapters, site: Site, run: Run) -> tuple[WindowPlan, Services]:
    """Returns the windows of the demand that is planned for, with the machines of chapter 8, and chapters 7 to 9.

    Only the first step of the roadmap goes through the window model here; `systems` does them all.
    """
    from hallplan.chapters import equipment_chapter, items_chapter, systems_chapter, with_machines

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
    from hallplan.chapters import planned_demand

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


def make_plan(inputs: Inputs, run: Run, created: str) -> Plan:
    """Returns the whole plan of a project with its alternatives, best first.

    created: ISO date for the documents.  Raises InputError, DemandError or InfeasibleError from the stages.
    """
    from hallplan.chapters import night_decided, with_chapters
    from hallplan.place import place_zones
    from hallplan.programme import size_zones
    from hallplan.read.drawing import read_site

    files, settings = inputs.files, inputs.settings
    extra = read_rule_packs(files.folder, settings)
    with run.stage("drawing"):
        site = read_site(files.require_drawing(), settings)
    chapters = chapters_of(inputs, run)
    inputs, applied = planned_inputs(inputs, chapters, run)
    demand = inputs.demand
    windows, services = plan_services(inputs, chapters, site, run)
    windows, demand, settings, needed = with_chapters(windows, demand, services, settings)
    windows = staff_windows(inputs, windows, run, created)
    with run.stage("programme"):
        programme = size_zones(site, demand, windows, settings)
    with run.stage("place"), run.searching():
        placed = place_zones(
            site, programme, settings, spare=SPARE_LAYOUTS, start=inputs.start, stop=run.stop, jobs=run.jobs
        )
    known = (site, demand, windows, programme)
    with run.stage("furnish"):
        fitted = side_by_side([partial(_furnished, known, layout, settings) for layout in placed], run.jobs)
    layouts = _fullest(fitted, settings.place.alternatives)
    ranked = _rank(_followed(known, layouts, settings, run, extra))
    plan = Plan(
        settings.project.title or files.name,
        created,
        f"hallplan {__version__}",
        tuple(source_of(path) for path in (files.require_drawing(), files.require_workbook())),
        _settings_table(settings, inputs.origin),
        *known,
        ranked,
        services=replace(night_decided(services, site, ranked[0].layout), applied=(*applied, *needed)),
    )
    # what plan.json holds, rounded, is what every writer sees, now and when `report` rebuilds the documents
    return plan_from_json(plan_to_json(plan))


def edited_plan(
    plan: Plan, number: int, drawing: Path, settings: Settings, run: Run, extra: RulePacks | None = None
) -> tuple[Plan, Edit]:
    """Returns the plan with alternative `number` as an edited drawing shows it, its ways, signs and findings made anew.

    Raises PlanFileError when the drawing shows no zone of the plan or one that crosses itself.
    """
    from hallplan.check import check_plan
    from hallplan.flow import route_visitors
    from hallplan.read.edited import read_edit
    from hallplan.signs import rate_signs

    with run.stage("drawing"):
        edit = _scored(plan, number, read_edit(drawing, plan, number), settings)
    with run.stage("flow"):
        routes = route_visitors(plan.site, plan.programme, edit.layout, settings)
    with run.stage("signs"):
        signs = rate_signs(plan.site, edit.layout, routes, edit.signs, settings)
    with run.stage("check"):
        known = (plan.site, plan.demand, plan.windows, plan.programme)
        findings = check_plan(*known, edit.layout, routes, signs, settings, extra)
    mended = Alternative(edit.layout, routes, signs, findings)
    alternatives = (*plan.alternatives[: number - 1], mended, *plan.alternatives[number:])
    return plan_from_json(plan_to_json(replace(plan, alternatives=alternatives))), edit


def _scored(plan: Plan, number: int, edit: Edit, settings: Settings) -> Edit:
    """Returns an edit with the score that its layout has now; with a warning when it has none."""
    from hallplan.place import rescored

    if not any(change.kind == "zone" for change in edit.changes):
        return edit
    planned = plan.alternative(number).layout
    layout = rescored(plan.site, plan.programme, planned, edit.layout, settings)
    if layout is None:
        return replace(edit, warnings=(*edit.warnings, text("read_edit.no_score")))
    told = text("read_edit.rescored", before=f"{planned.score:.1f}", after=f"{layout.score:.1f}")
    return replace(edit, layout=layout, warnings=(*edit.warnings, told))


def rerate(plan: Plan, number: int, settings: Settings, *, is_placing: bool) -> Plan:
    """Returns a plan whose alternative `number` has its signs judged anew by some settings, or placed anew."""
    from hallplan.signs import plan_signs, rate_signs

    old = plan.alternative(number)
    if is_placing:
        signs = plan_signs(plan.site, plan.programme, old.layout, old.routes, settings)
    else:
        rated = rate_signs(plan.site, old.layout, old.routes, old.signs.signs, settings)
        signs = replace(rated, placement=old.signs.placement)
    findings = old.findings
    if is_placing:
        from hallplan.check import check_plan

        known = (plan.site, plan.demand, plan.windows, plan.programme)
        findings = check_plan(*known, old.layout, old.routes, signs, settings)
    new = replace(old, signs=signs, findings=findings)
    others = (new if n == number else other for n, other in enumerate(plan.alternatives, 1))
    return replace(plan, alternatives=tuple(others))


def plan_of_windows(inputs: Inputs, windows: WindowPlan, created: str) -> Plan:
    """Returns a plan that holds demand and windows alone, for halls without a drawing."""
    workbook = inputs.files.require_workbook()
    title = inputs.settings.project.title or inputs.files.name
    site, programme = Site("", "", "", Unit.M, ()), Programme((), (), (), 0.0, 0.0, 0.0)
    table = _settings_table(inputs.settings, inputs.origin)
    generator = f"hallplan {__version__}"
    return Plan(title, created, generator, (source_of(workbook),), table, site, inputs.demand, windows, programme, ())


def furnished(
    known: tuple[Site, Demand, WindowPlan, Programme], layout: Layout, settings: Settings, run: Run
) -> Layout:
    """Returns a layout with its furniture; known: site, demand, windows and programme."""
    with run.stage("furnish"):
        return _furnished(known, layout, settings)


def _furnished(known: tuple[Site, Demand, WindowPlan, Programme], layout: Layout, settings: Settings) -> Layout:
    from hallplan.furnish import furnish

    site, _, windows, programme = known
    return furnish(site, programme, windows, layout, settings)


def _fullest(layouts: list[Layout], many: int) -> list[Layout]:
    """The layouts worth most once furnished: a place that holds no windows is worth little, however short its ways."""
    return sorted(layouts, key=_worth)[:many]


def _worth(layout: Layout) -> tuple[int, float]:
    """Windows that found no place, then the score with what else did not fit."""
    lacks = [(short.kind == "counter", short.asked - short.placed) for short in layout.shortfalls]
    windows = sum(count for is_counter, count in lacks if is_counter)
    return windows, layout.score + MISSING_COST * sum(count for is_counter, count in lacks if not is_counter)


def _followed(
    known: tuple[Site, Demand, WindowPlan, Programme],
    layouts: list[Layout],
    settings: Settings,
    run: Run,
    extra: RulePacks | None,
) -> list[Alternative]:
    """Walks, signs and checks the layouts side by side.

    Each stage counts for its share of the time that all took together.
    """
    begin = time.perf_counter()
    for stage in FOLLOWING:
        run.progress(stage)
    done = side_by_side([partial(_follow_apart, known, one, settings, extra) for one in layouts], run.jobs)
    spent: dict[str, float] = {}
    for _, seconds in done:
        spent = {stage: spent.get(stage, 0.0) + seconds.get(stage, 0.0) for stage in {**spent, **seconds}}
    share = (time.perf_counter() - begin) / max(sum(spent.values()), 1e-9)
    for stage, total in spent.items():
        run.seconds[stage] = run.seconds.get(stage, 0.0) + share * total
    return [alternative for alternative, _ in done]


def _follow_apart(
    known: tuple[Site, Demand, WindowPlan, Programme], layout: Layout, settings: Settings, extra: RulePacks | None
) -> tuple[Alternative, dict[str, float]]:
    run = Run()
    with run.compiling_apart():
        return follow(known, layout, settings, run, extra), run.seconds


def follow(
    known: tuple[Site, Demand, WindowPlan, Programme],
    layout: Layout,
    settings: Settings,
    run: Run,
    extra: RulePacks | None,
) -> Alternative:
    """Walks one furnished layout, signs it and checks it."""
    from hallplan.check import check_plan
    from hallplan.flow import route_visitors
    from hallplan.signs import plan_signs

    site, _, _, programme = known
    with run.stage("flow"):
        routes = route_visitors(site, programme, layout, settings)
    with run.stage("signs"):
        is_exact = (
            settings.place.effort == "best"
        )  # `signs --place` proves the number for the one alternative that is built
        signs = plan_signs(site, programme, layout, routes, settings, is_exact=is_exact)
    with run.stage("check"):
        findings = check_plan(*known, layout, routes, signs, settings, extra)
    return Alternative(layout, routes, signs, findings)


def _rank(alternatives: list[Alternative]) -> tuple[Alternative, ...]:
    """Orders by failed mandatory rules, then by windows without a place, then by score; ids follow the order."""

    def worth(alternative: Alternative) -> tuple[int, int, float]:
        failed = sum(f.status == "fail" and f.level == "mandatory" for f in alternative.findings)
        return failed, *_worth(alternative.layout)

    ranked = sorted(alternatives, key=worth)
    return tuple(replace(a, layout=replace(a.layout, id=str(n))) for n, a in enumerate(ranked, 1))


def _settings_table(settings: Settings, origin: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    rows = []
    for key, source in sorted(origin.items()):
        value: object = settings
        for part in key.split("."):
            value = getattr(value, part)
        rows.append((key, str(value), source))
    return tuple(rows)
