"""hallplan check: every rule of the chosen packs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hallplan.cli.common import Call
from hallplan.cli.layout import LEVELS, FailOn, exit_code
from hallplan.cli.saved import load_edited, settings_in
from hallplan.cli.talk import console, print_json
from hallplan.errors import OutputError
from hallplan.terms import speaking, text, word

if TYPE_CHECKING:
    from hallplan.model.findings import Finding
    from hallplan.model.plan import Plan


def check(
    call: Call,
    project: Annotated[Path, typer.Argument(metavar="PROJECT")] = Path(),
    alternative: Annotated[int, typer.Option("--alternative", min=1, max=9)] = 1,
    fail_on: Annotated[FailOn | None, typer.Option("--fail-on")] = None,
    edited: Annotated[Path | None, typer.Option("--drawing", metavar="LAYOUT.dxf")] = None,
    explain: Annotated[str | None, typer.Option("--explain", metavar="RULE")] = None,
    sarif: Annotated[Path | None, typer.Option("--sarif", metavar="FILE")] = None,
    junit: Annotated[Path | None, typer.Option("--junit", metavar="FILE")] = None,
    baseline: Annotated[Path | None, typer.Option("--baseline", metavar="FILE")] = None,
    draw: Annotated[Path | None, typer.Option("--draw", metavar="FILE")] = None,
    new_baseline: Annotated[Path | None, typer.Option("--write-baseline", metavar="FILE")] = None,
) -> int:
    """Prints each finding with clause and place, and what would mend it."""
    from hallplan.check import check_and_mend, check_report, missing_in
    from hallplan.read.project import find_project
    from hallplan.read.rules import read_rule_packs

    if explain is not None:
        return _explain(call, project if project.is_dir() else project.parent, explain)
    files = find_project(project)
    with speaking(call.document_language(files)):
        accepted = _accepted(baseline)
        plan, settings, told = load_edited(call, files, alternative, edited)
        extra = read_rule_packs(files.folder, settings)
        chosen = plan.alternative(alternative)
        known = (plan.site, plan.demand, plan.windows, plan.programme)
        missing = missing_in(plan.site, plan.demand, plan.programme, chosen.layout) if plan.stands else None
        every = check_and_mend(*known, chosen.layout, chosen.routes, chosen.signs, settings, extra, missing)
        findings = tuple(finding for finding in every if not _is_accepted(finding, accepted))
        findings = _in_order(findings)
        _write(every, findings, str(edited or plan.site.source), sarif, junit, new_baseline)
        if draw:
            _draw(plan, alternative, findings, draw)
        report = check_report(findings, plan.site) | {"accepted": len(every) - len(findings)}
        if call.as_json:
            print_json({**report, **told})
        else:
            _print(findings, report, is_verbose=call.verbose)
    return exit_code(findings, fail_on.value if fail_on else settings.rules.fail_on)


def _explain(call: Call, folder: Path, rule: str) -> int:
    """Prints everything that is known of one rule, as the settings of a folder have it if it holds any."""
    from hallplan.check.explain import explain_rule
    from hallplan.read.rules import read_rule_packs

    settings = settings_in(call, folder)
    with speaking(settings.output.lang):
        found = explain_rule(rule, settings, read_rule_packs(folder, settings))
        if call.as_json:
            print_json(found)
            return 0
        for key, value in found.items():
            shown = text(f"cli.{str(value).lower()}") if isinstance(value, bool) else value
            if shown not in ("", None):
                console().print(f"{text(f'cli.explain_{key}')}  {shown}", markup=False)
    return 0


def _accepted(baseline: Path | None) -> frozenset[str]:
    from hallplan.read.rules import read_baseline

    return read_baseline(baseline) if baseline else frozenset()


def _is_accepted(finding: Finding, accepted: frozenset[str]) -> bool:
    from hallplan.write.findings import fingerprint

    return bool(accepted) and finding.status == "fail" and fingerprint(finding) in accepted


def _write(
    every: Sequence[Finding], findings: Sequence[Finding], source: str, sarif: Path | None, junit: Path | None,
    baseline: Path | None,
) -> None:  # fmt: skip
    """The files asked for; raises OutputError for one that cannot be written."""
    from hallplan.write.findings import write_baseline, write_junit, write_sarif

    try:
        if sarif:
            write_sarif(findings, source, sarif)
        if junit:
            write_junit(findings, junit)
        if baseline:
            write_baseline(every, baseline)
    except OSError as error:
        raise OutputError.at(
            str(error.filename), error.strerror or str(error), remedy=text("folder.elsewhere")
        ) from error


def _in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Failures first, then what cannot be decided, the graver level first."""
    return tuple(sorted(findings, key=lambda f: (f.status != "fail", f.status != "undecided", LEVELS.index(f.level))))


def _draw(plan: Plan, alternative: int, findings: Sequence[Finding], path: Path) -> None:
    """Every floor with a numbered mark where a rule fails."""
    from hallplan.scene import SheetKind, build_scene
    from hallplan.scene.findings import mark_findings
    from hallplan.write.png import png_bytes
    from hallplan.write.svg import stacked_svg, used_floors

    numbered = [(n, f) for n, f in enumerate(findings, 1) if f.status == "fail"]
    floors = used_floors(plan, alternative)
    svg = stacked_svg([mark_findings(build_scene(plan, alternative, f, SheetKind.FURNITURE), numbered) for f in floors])
    try:
        path.write_bytes(png_bytes(svg) if path.suffix.lower() == ".png" else svg.encode("utf-8"))
    except OSError as error:
        raise OutputError.at(str(path), error.strerror or str(error), remedy=text("folder.elsewhere")) from error


def _print(findings: Sequence[Finding], report: dict[str, Any], *, is_verbose: bool) -> None:
    out = console()
    for number, finding in enumerate(findings, 1):
        if finding.status != "pass" or is_verbose:
            head = f"{number}. {word('status', finding.status)} [{word('level', finding.level)}] {finding.rule}"
            out.print(f"{head}  {finding.message}（{finding.clause}）{finding.mend}", markup=False)
    out.print(text("cli.check_sum", **report["summary"]))
    if report["accepted"]:
        out.print(text("cli.check_accepted", count=report["accepted"]))
