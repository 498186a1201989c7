"""hallplan layout --from-plan --idle: another use for a zone of the saved plan that stands empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hallplan.errors import UsageError
from hallplan.terms import text

if TYPE_CHECKING:
    from hallplan.model.plan import Plan
    from hallplan.pipeline import Run
    from hallplan.read.project import ProjectFiles
    from hallplan.settings import Settings


def require_idle(idle: str | None, *, is_from_plan: bool) -> None:
    """Raises UsageError unless --from-plan and --idle come together."""
    if is_from_plan != (idle is not None):
        raise UsageError.at("--from-plan --idle", text("cli.idle_together"), "--from-plan --idle ZONE[=TYPE]")


def relay(files: ProjectFiles, idle: str, flags: dict[str, Any], run: Run) -> tuple[Plan, Settings]:
    """Returns the saved plan, its best alternative with the idle zone put to another use, and the settings."""
    from hallplan.pipeline import effective_settings
    from hallplan.read.plan import read_plan
    from hallplan.read.rules import read_rule_packs
    from hallplan.relaid import relaid_plan
    from hallplan.write.folder import PLAN_FILE

    settings, _ = effective_settings(files, flags)
    plan = read_plan(files.output / PLAN_FILE)
    zone, _, kind = idle.partition("=")
    extra = read_rule_packs(files.folder, settings)
    return relaid_plan(plan, 1, zone.strip(), kind.strip(), settings, run, extra), settings
