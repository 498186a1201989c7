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
    from hallplan.model.standing import StandingHall
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


def standing_drawing(call: Call, files: ProjectFiles, edited: Path | None) -> Path | None:
    """Returns the drawing of a finished hall that a command is to look at; None where there is a plan of ours, or one can be made."""
    from hallplan.write.folder import PLAN_FILE

    if edited is not None:
        from hallplan.read.edited import is_ours  # brings the drawing library, which nothing else here needs

        return None if is_ours(edited) else edited
    has_plan = ((call.output or files.output) / PLAN_FILE).is_file()
    is_alone = files.workbook is None and (not has_plan or files.is_drawing)
    return files.drawing if is_alone else None


def load_standing(call: Call, files: ProjectFiles, drawing: Path) -> tuple[Plan, Settings, dict[str, Any]]:
    """Returns a finished hall as a plan of what stands, the settings, and what to print of it in JSON."""
    from hallplan.pipeline import effective_settings, read_inputs, standing_plan
    from hallplan.read.rules import read_rule_packs

    run = call.run_without_search()
    demand = None
    settings, _ = effective_settings(files, call.flags)
    if files.workbook is not None:
        inputs = read_inputs(files, call.flags, run)
        settings, demand = inputs.settings, inputs.demand
    extra = read_rule_packs(files.folder, settings)
    plan, hall = standing_plan(drawing, settings, run, call.document_date(settings), demand, extra)
    run.finish()
    if not call.quiet:
        print_warnings(list(hall.warnings), is_verbose=call.verbose)
    report = standing_report(hall, drawing)
    if not call.as_json and not call.quiet:
        _print_standing(report)
    return plan, settings, {"hall": report}


def standing_report(hall: StandingHall, drawing: Path) -> dict[str, Any]:
    """Returns what was read of a finished hall, for JSON."""
    zones = [
        {"id": zone.placed.zone, "type": zone.placed.type, "name": zone.name, "floor": zone.placed.floor, "area_m2": round(zone.placed.area_m2, 2)}
        for zone in hall.zones
    ]  # fmt: skip
    counts = Counter(piece.kind for piece in hall.furniture)
    guesses = [{"what": g.what, "confidence": g.confidence, "setting": g.setting} for g in hall.guesses]
    return {
        "drawing": str(drawing), "zones": zones, "furniture": dict(sorted(counts.items())),
        "windows": [piece.window for piece in hall.windows], "guesses": guesses, "warnings": list(hall.warnings),
    }  # fmt: skip


def _print_standing(report: dict[str, Any]) -> None:
    from hallplan.model.catalogue import furniture_types

    types = furniture_types()
    comma = text("read_finished.comma")
    zones = comma.join(f"{zone['name']} {zone['area_m2']:.0f} m²" for zone in report["zones"])
    things = comma.join(
        f"{types[kind].name if kind in types else text('read_finished.other')} {count}"
        for kind, count in report["furniture"].items()
    )
    print(text("cli.standing_read", path=report["drawing"], zones=zones or "–", things=things or "–"), file=sys.stderr)


def load_edited(
    call: Call, files: ProjectFiles, number: int, edited: Path | None
) -> tuple[Plan, Settings, dict[str, Any]]:
    """Returns the plan with alternative `number` as an edited drawing shows it, the settings, and what to print of it.

    Without a drawing the plan is as it was saved, its ways found anew where its file was edited since. A finished hall that
    another office drew is read as it stands. What changed and what could not be read goes to stderr.
    """
    standing = standing_drawing(call, files, edited)
    if standing is not None:
        return load_standing(call, files, standing)
    plan, settings = load_or_make_plan(call, files)
    if edited is None:
        return _walked(call, plan, number, settings), settings, {}
    from hallplan.read.rules import read_rule_packs

    plan, told, _ = read_back(call, plan, settings, number, edited, read_rule_packs(files.folder, settings))
    return plan, settings, told


def _walked(call: Call, plan: Plan, number: int, settings: Settings) -> Plan:
    """The plan with the ways of an alternative as its rooms, doors and chains are now, whoever changed its file."""
    from hallplan.pipeline import is_edited, walked_anew

    if plan.stands or not is_edited(plan, number):
        return plan
    if plan.alternative(number).routes.of and not call.quiet:
        print(text("cli.plan_edited"), file=sys.stderr)
    return walked_anew(plan, number, settings)


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
