"""A saved plan changed: its drawing edited, its signs judged or placed anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hallplan.model.edit import Edit
from hallplan.model.plan import Alternative, Plan
from hallplan.pipeline.following import RulePacks
from hallplan.pipeline.run import Run
from hallplan.pipeline.settling import settled
from hallplan.settings import Settings
from hallplan.terms import text


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
    return settled(replace(plan, alternatives=alternatives)), edit


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
