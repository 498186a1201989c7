"""The plan that a later command starts from: the one in the output folder, or a fresh one when there is none."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hallplan.cli.common import Call
from hallplan.cli.talk import Interrupt, print_warnings
from hallplan.terms import text, word

if TYPE_CHECKING:
    from hallplan.model.edit import Edit
    from hallplan.model.plan import Plan
    from hallplan.pipeline import RulePacks
    from hallplan.read.project import ProjectFiles
    from hallplan.settings import Settings


def settings_in(call: Call, folder: Path) -> Settings:
    """Returns the settings of a folder: its hallplan.toml, the environment, the flags."""
    from hallplan.read.project import read_values
    from hallplan.settings import FILE_NAME, environment_values, make_settings

    beside = folder / FILE_NAME
    values = read_values(beside) if beside.is_file() else {}
    layers = {"file": values, "environment": environment_values(), "flag": call.flags}
    return make_settings(layers, str(beside))[0]


def load_or_make_plan(call: Call, files: ProjectFiles) -> tuple[Plan, Settings]:
    """Returns the plan in the output folder, or makes one when there is none, and the settings of the project."""
    from hallplan.pipeline import effective_settings, make_plan, read_inputs
    from hallplan.read.plan import read_plan
    from hallplan.write.folder import PLAN_FILE

    folder: Path = call.output or files.output
    if (folder / PLAN_FILE).is_file():
        plan = read_plan(folder / PLAN_FILE)
        if plan.alternatives:
            return plan, effective_settings(files, call.flags)[0]
    interrupt = Interrupt()
    run = call.run(interrupt)
    with interrupt.installed():
        inputs = read_inputs(files, call.flags, run)
        plan = make_plan(inputs, run, call.document_date(inputs.settings))
    run.finish()
    return plan, inputs.settings


def load_edited(
    call: Call, files: ProjectFiles, number: int, edited: Path | None
) -> tuple[Plan, Settings, dict[str, Any]]:
    """Returns the plan with alternative `number` as an edited drawing shows it, the settings, and what to print of it.

    Without a drawing the plan is as it was saved. What changed and what could not be read goes to stderr.
    """
    plan, settings = load_or_make_plan(call, files)
    if edited is None:
        return plan, settings, {}
    from hallplan.read.rules import read_rule_packs

    plan, told, _ = read_back(call, plan, settings, number, edited, read_rule_packs(files.folder, settings))
    return plan, settings, told


def read_back(
    call: Call, plan: Plan, settings: Settings, number: int, edited: Path, extra: RulePacks | None = None
) -> tuple[Plan, dict[str, Any], Edit]:
    """Returns the plan with an edited drawing read into it, what to print of it in JSON, and the edit itself."""
    from hallplan.pipeline import edited_plan

    plan, edit = edited_plan(plan, number, edited, settings, call.run(Interrupt()), extra)
    if not call.as_json and not call.quiet:
        _print_changes(edit, edited)
    if not call.quiet:
        print_warnings(list(edit.warnings), is_verbose=call.verbose)
    return plan, {"edit": edit_report(edit, edited)}, edit


def edit_report(edit: Edit, drawing: Path) -> dict[str, Any]:
    """Returns what an edited drawing changed, for JSON."""
    changes = [
        {"kind": c.kind, "id": c.id, "what": c.what, "by_m": c.by_m, "turn_deg": c.turn_deg} for c in edit.changes
    ]
    return {"drawing": str(drawing), "changes": changes, "warnings": list(edit.warnings)}


def _print_changes(edit: Edit, drawing: Path) -> None:
    counts = Counter((change.kind, change.what) for change in edit.changes)
    parts = [
        text("cli.edit_part", kind=word("edit", kind), what=word("edit", what), count=n)
        for (kind, what), n in sorted(counts.items())
    ]
    told = text("cli.edit_separator").join(parts) or text("cli.edit_none")
    print(text("cli.edit_read", path=drawing, changes=told), file=sys.stderr)
