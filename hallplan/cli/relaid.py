"""hallplan layout --from-plan: the saved plan, or a drawing of it edited in CAD, as what a new layout starts from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hallplan.errors import UsageError
from hallplan.terms import text

if TYPE_CHECKING:
    from hallplan.model.layout import Layout
    from hallplan.model.plan import Plan
    from hallplan.pipeline import Run
    from hallplan.read.project import ProjectFiles
    from hallplan.settings import Settings


def require_start(idle: str | None, drawing: Path | None, *, is_from_plan: bool) -> None:
    """Raises UsageError when --idle or --drawing come without --from-plan, or both together."""
    if idle is not None and drawing is not None:
        raise UsageError.at("--idle --drawing", text("cli.idle_or_drawing"), "--from-plan --drawing LAYOUT.dxf")
    if idle is not None and not is_from_plan:
        raise UsageError.at("--idle", text("cli.idle_alone"), "--from-plan --idle ZONE[=TYPE]")
    if drawing is not None and not is_from_plan:
        raise UsageError.at("--drawing", text("cli.idle_alone"), "--from-plan --drawing LAYOUT.dxf")


def given_layout(files: ProjectFiles, drawing: Path | None, *, is_from_plan: bool) -> Layout | None:
    """Returns the best alternative of the saved plan, as an edited drawing shows it if there is one, in drawing units.

    None when nothing is given to start from.  Raises InputError where there is no plan, PlanFileError where the drawing shows none of its zones.
    """
    from hallplan.read.edited import read_edit
    from hallplan.read.plan import read_plan
    from hallplan.write.folder import PLAN_FILE

    if not is_from_plan:
        return None
    plan = read_plan(files.output / PLAN_FILE)
    layout = plan.alternative(1).layout if drawing is None else read_edit(drawing, plan, 1).layout
    frames = {floor.id: floor.frame for floor in plan.site.floors}
    zones = tuple(replace(zone, area=frames[zone.floor].to_drawing(zone.area)) for zone in layout.zones)
    aisles = tuple(replace(aisle, area=frames[aisle.floor].to_drawing(aisle.area)) for aisle in layout.aisles)
    return replace(layout, zones=zones, aisles=aisles)


def relay(files: ProjectFiles, idle: str, flags: dict[str, Any], run: Run) -> tuple[Plan, Settings]:
    """Returns the saved plan, its best alternative with the idle zone put to another use, and the settings."""
    from hallplan.pipeline import effective_settings
    from hallplan.pipeline.relaid import relaid_plan
    from hallplan.read.plan import read_plan
    from hallplan.read.rules import read_rule_packs
    from hallplan.write.folder import PLAN_FILE

    settings, _ = effective_settings(files, flags)
    plan = read_plan(files.output / PLAN_FILE)
    zone, _, kind = idle.partition("=")
    extra = read_rule_packs(files.folder, settings)
    return relaid_plan(plan, 1, zone.strip(), kind.strip(), settings, run, extra), settings
