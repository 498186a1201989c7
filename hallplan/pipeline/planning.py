"""All stages, one after the other, for a project."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from hallplan import __version__
from hallplan.errors import InfeasibleError
from hallplan.model.demand import Demand
from hallplan.model.layout import Layout
from hallplan.model.plan import Plan
from hallplan.model.programme import Programme
from hallplan.model.site import Site
from hallplan.model.windows import WindowPlan
from hallplan.parallel import side_by_side
from hallplan.pipeline.choosing import choose
from hallplan.pipeline.following import followed, furnish_layout
from hallplan.pipeline.run import Inputs, Run
from hallplan.pipeline.settling import settled
from hallplan.pipeline.sizing import chapters_of, plan_services, planned_inputs, staff_windows
from hallplan.read.project import source_of
from hallplan.read.rules import read_rule_packs
from hallplan.settings import Settings
from hallplan.terms import text
from hallplan.units import Unit

SPARE_LAYOUTS = 1
"""Layouts placed and furnished beyond those asked for: only furnishing tells whether all counters clear the columns."""


def make_plan(inputs: Inputs, run: Run, created: str) -> Plan:
    """Returns the whole plan of a project with its alternatives, best first.

    created: ISO date for the documents.  Raises InputError, DemandError or InfeasibleError from the stages.
    """
    from hallplan.check import rule_texts
    from hallplan.pipeline.chapters import stood_in, with_chapters
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
    programme, placed = _placed(inputs, site, (demand, windows), settings, run)
    known = (site, demand, windows, programme)
    with run.stage("furnish"):
        fitted = side_by_side([partial(furnish_layout, known, layout, settings) for layout in placed], run.jobs)
    ranked, notes = choose(
        fitted,
        settings.place.alternatives,
        lambda layouts: followed(known, layouts, settings, run, extra),
        rule_texts(settings, extra),
    )
    plan = Plan(
        settings.project.title or files.name,
        created,
        f"hallplan {__version__}",
        tuple(source_of(path) for path in (files.require_drawing(), files.require_workbook())),
        _settings_table(settings, inputs.origin),
        *known,
        ranked,
        services=replace(stood_in(services, site, ranked[0], settings.project.level), applied=(*applied, *needed)),
        notes=(*_unkept(programme, ranked[0].layout), *notes),
    )
    return settled(plan)


def _placed(
    inputs: Inputs, site: Site, asked: tuple[Demand, WindowPlan], settings: Settings, run: Run
) -> tuple[Programme, tuple[Layout, ...]]:
    """The programme and its layouts; raises InfeasibleError with the changes that were found to make it fit."""
    from hallplan.pipeline.relaxing import with_relaxations
    from hallplan.place import place_zones
    from hallplan.programme import size_zones

    seconds = settings.place.seconds
    end = math.inf if seconds is None else time.monotonic() + seconds
    try:
        with run.stage("programme"):
            programme = size_zones(site, *asked, settings)
        with run.stage("place"), run.searching():
            spare = SPARE_LAYOUTS
            kept = dict(_without_kept(inputs, settings)) if inputs.start is None else {}
            found = place_zones(
                site, programme, settings, spare=spare, start=inputs.start, without=kept, stop=run.stop, jobs=run.jobs
            )
    except InfeasibleError as error:
        raise with_relaxations(error, inputs, (site, *asked), settings, run, end) from error
    return programme, found


def _without_kept(inputs: Inputs, settings: Settings) -> Iterator[tuple[str, Site]]:
    """Each region that the user keeps free or as it is, in words, with the site as it is read without it."""
    from hallplan.read.drawing import read_site

    for key in ("keep_out", "keep_as_is"):
        regions = getattr(settings.place, key)
        for n in range(len(regions)):
            place = settings.place.model_copy(update={key: [*regions[:n], *regions[n + 1 :]]})
            words = text(f"place.wish_{key}", n=n + 1)
            yield words, read_site(inputs.files.require_drawing(), settings.model_copy(update={"place": place}))


def _unkept(programme: Programme, layout: Layout) -> tuple[str, ...]:
    """Says which pairs that the user asked for a layout does not keep, and which locked counters have no front."""
    from hallplan.place import standing_locks, unkept_wishes

    locks = tuple(text("place.lock_only_stands", a=name) for name in standing_locks(programme, layout))
    return locks + tuple(
        text(f"place.{'unkept_together' if weight > 0 else 'unkept_apart'}", a=a, b=b, gap=f"{gap_m:.1f}")
        if math.isfinite(gap_m)
        else text("place.unkept_floors", a=a, b=b)
        for a, b, weight, gap_m in unkept_wishes(programme, layout)
    )


def plan_of_windows(inputs: Inputs, windows: WindowPlan, created: str) -> Plan:
    """Returns a plan that holds demand and windows alone, for halls without a drawing."""
    workbook = inputs.files.require_workbook()
    title = inputs.settings.project.title or inputs.files.name
    site, programme = Site("", "", "", Unit.M, ()), Programme((), (), (), 0.0, 0.0, 0.0)
    table = _settings_table(inputs.settings, inputs.origin)
    generator = f"hallplan {__version__}"
    return Plan(title, created, generator, (source_of(workbook),), table, site, inputs.demand, windows, programme, ())


def _settings_table(settings: Settings, origin: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    rows = []
    for key, source in sorted(origin.items()):
        value: object = settings
        for part in key.split("."):
            value = getattr(value, part)
        rows.append((key, str(value), source))
    return tuple(rows)
