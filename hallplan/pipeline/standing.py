"""A finished hall read from any office's drawing, as a plan with one alternative: what stands there."""

from __future__ import annotations

from pathlib import Path

from hallplan import __version__
from hallplan.model.demand import ArrivalProfile, Demand
from hallplan.model.layout import Layout
from hallplan.model.plan import Alternative, Plan
from hallplan.model.standing import StandingHall
from hallplan.pipeline.following import RulePacks
from hallplan.pipeline.run import Run
from hallplan.pipeline.settling import settled
from hallplan.read.project import source_of
from hallplan.settings import Settings
from hallplan.terms import text

NO_DEMAND = Demand("", (), ArrivalProfile((), ()))


def standing_plan(
    drawing: Path, settings: Settings, run: Run, created: str, demand: Demand | None = None, extra: RulePacks | None = None
) -> tuple[Plan, StandingHall]:  # fmt: skip
    """Returns a hall as its drawing shows it, walked, its signs judged, its rules checked; and what was read.

    demand: of the hall, where there is a workbook.  What the drawing does not tell is left empty, and rules that need it
    are undecided.  Raises PlanFileError where the drawing shows no finished hall.
    """
    from hallplan.check import check_plan, missing_in
    from hallplan.flow import route_visitors
    from hallplan.programme.standing import standing_programme
    from hallplan.read.finished import read_hall
    from hallplan.signs import existing_signs, rate_signs

    with run.stage("drawing"):
        hall = read_hall(drawing, settings)
    windows, programme = standing_programme(hall)
    demand = demand or NO_DEMAND
    layout = _layout(hall)
    with run.stage("flow"):
        routes = route_visitors(hall.site, programme, layout, settings)
    with run.stage("signs"):
        signs = rate_signs(hall.site, layout, routes, existing_signs(hall.site, programme, layout), settings)
    with run.stage("check"):
        missing = missing_in(hall.site, demand, programme, layout)
        known = (hall.site, demand, windows, programme)
        findings = check_plan(*known, layout, routes, signs, settings, extra, missing)
    plan = Plan(
        settings.project.title or drawing.stem, created, f"hallplan {__version__}", (source_of(drawing),), (), *known,
        (Alternative(layout, routes, signs, findings),), stands=True,
    )  # fmt: skip
    return settled(plan), hall


def _layout(hall: StandingHall) -> Layout:
    zones = tuple(zone.placed for zone in hall.zones)
    return Layout(
        "1",
        text("read_finished.as_drawn"),
        zones,
        (),
        0.0,
        (),
        None,
        "proven",
        furniture=hall.furniture,
        doors=hall.doors,
    )
