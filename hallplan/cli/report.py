"""hallplan report: rebuilds the documents from the plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hallplan.cli.common import Call
from hallplan.cli.talk import print_json
from hallplan.terms import speaking


def report(call: Call, project: Annotated[Path, typer.Argument(metavar="PROJECT")] = Path()) -> int:
    """Rebuilds drawings, workbook and page from plan.json."""
    from hallplan.pipeline import effective_settings
    from hallplan.read.plan import read_plan
    from hallplan.read.project import find_project
    from hallplan.write.deliverables import ALTERNATIVE_FILES, write_deliverables
    from hallplan.write.folder import PLAN_FILE, output_folder

    files = find_project(project)
    folder = call.output or files.output
    plan = read_plan(files.output / PLAN_FILE)
    settings, _ = effective_settings(files, call.flags)
    written: list[Path] = []
    with speaking(settings.output.lang):
        if not call.dry_run:
            with output_folder(folder, force=call.force, replaces=ALTERNATIVE_FILES) as staging:
                write_deliverables(plan, staging, files.drawing, settings)
                written = [folder / path.name for path in sorted(staging.iterdir())]
    if call.as_json:
        print_json({"plan": str(folder / PLAN_FILE), "files": [str(path) for path in written]})
    elif not call.quiet:
        for path in written:
            print(path)
    return 0
