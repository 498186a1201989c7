"""hallplan report: rebuilds the documents from the plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hallplan.cli.common import Call
from hallplan.cli.saved import load_standing, read_back, standing_drawing
from hallplan.cli.talk import print_json
from hallplan.terms import speaking

if TYPE_CHECKING:
    from hallplan.model.plan import Plan
    from hallplan.read.project import ProjectFiles
    from hallplan.settings import Settings


def report(
    call: Call,
    project: Annotated[Path, typer.Argument(metavar="PROJECT")] = Path(),
    alternative: Annotated[int, typer.Option("--alternative", min=1, max=9)] = 1,
    edited: Annotated[Path | None, typer.Option("--drawing", metavar="LAYOUT.dxf")] = None,
) -> int:
    """Rebuilds drawings, workbook and page from plan.json, or from it and an edited drawing."""
    from hallplan.read.project import find_project
    from hallplan.write.deliverables import ALTERNATIVE_FILES, write_deliverables
    from hallplan.write.folder import PLAN_FILE, output_folder

    files = find_project(project)
    folder = call.output or files.output
    written: list[Path] = []
    with speaking(call.document_language(files)):
        plan, settings, told, bases = _plan(call, files, alternative, edited)
        if not call.dry_run:
            known = (edited,) if edited else ()
            with output_folder(folder, force=call.force, replaces=ALTERNATIVE_FILES, read_in=known) as staging:
                write_deliverables(plan, staging, files.drawing, settings, bases, jobs=call.jobs)
                written = [folder / path.name for path in sorted(staging.iterdir())]
    if call.as_json:
        print_json({"plan": str(folder / PLAN_FILE), "files": [str(path) for path in written], **told})
    elif not call.quiet:
        for path in written:
            print(path)
    return 0


def _plan(
    call: Call, files: ProjectFiles, alternative: int, edited: Path | None
) -> tuple[Plan, Settings, dict[str, Any], dict[int, Path]]:
    """Returns the saved plan, with an edited drawing read into it if there is one, and which drawing carries which alternative."""
    from hallplan.pipeline import effective_settings
    from hallplan.read.plan import read_plan
    from hallplan.write.folder import PLAN_FILE

    standing = standing_drawing(call, files, edited)
    if standing is not None:
        plan, settings, told = load_standing(call, files, standing)
        return plan, settings, told, {1: standing}
    plan = read_plan(files.output / PLAN_FILE)
    settings, _ = effective_settings(files, call.flags)
    if edited is None:
        return plan, settings, {}, {}
    plan, told, edit = read_back(call, plan, settings, alternative, edited)
    return plan, settings, told, {alternative: edited} if edit.can_carry else {}
