"""hallplan check: every rule of the chosen packs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hallplan.cli.common import Call
from hallplan.cli.layout import LEVELS, FailOn, exit_code
from hallplan.cli.saved import load_edited
from hallplan.cli.talk import console, print_json
from hallplan.terms import speaking, text, word


def check(
    call: Call,
    project: Annotated[Path, typer.Argument(metavar="PROJECT")] = Path(),
    alternative: Annotated[int, typer.Option("--alternative", min=1, max=9)] = 1,
    fail_on: Annotated[FailOn | None, typer.Option("--fail-on")] = None,
    edited: Annotated[Path | None, typer.Option("--drawing", metavar="LAYOUT.dxf")] = None,
) -> int:
    """Prints each finding with clause and place."""
    from hallplan.check import check_plan, check_report
    from hallplan.read.project import find_project

    files = find_project(project)
    with speaking(call.document_language(files)):
        plan, settings, told = load_edited(call, files, alternative, edited)
        chosen = plan.alternative(alternative)
        known = (plan.site, plan.demand, plan.windows, plan.programme)
        findings = check_plan(*known, chosen.layout, chosen.routes, chosen.signs, settings)
        report = check_report(findings, plan.site)
    if call.as_json:
        print_json({**report, **told})
    else:
        out = console()
        order = sorted(findings, key=lambda f: (f.status != "fail", f.status != "undecided", LEVELS.index(f.level)))
        for finding in order:
            if finding.status != "pass" or call.verbose:
                head = f"{word('status', finding.status)} [{word('level', finding.level)}] {finding.rule}"
                out.print(f"{head}  {finding.message}（{finding.clause}）", markup=False)
        out.print(text("cli.check_sum", **report["summary"]))
    return exit_code(findings, fail_on.value if fail_on else settings.rules.fail_on)
