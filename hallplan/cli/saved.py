"""The plan that a later command starts from: the one in the output folder, or a fresh one when there is none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hallplan.cli.common import Call
from hallplan.cli.talk import Interrupt

if TYPE_CHECKING:
    from hallplan.model.plan import Plan
    from hallplan.read.project import ProjectFiles
    from hallplan.settings import Settings


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
