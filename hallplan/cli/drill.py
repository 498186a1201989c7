"""hallplan drill: response plans checked and played through, the fault log against its limits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hallplan.cli.common import Call
from hallplan.cli.talk import console, print_json, print_warnings
from hallplan.terms import speaking, text, word

if TYPE_CHECKING:
    from hallplan.model.drill import FaultTimes, Readiness
    from hallplan.model.plan import Plan
    from hallplan.model.windows import WindowPlan
    from hallplan.read.project import ProjectFiles


def drill(call: Call, project: Annotated[Path, typer.Argument(metavar="PROJECT")] = Path()) -> int:
    """Prints how ready the hall is for each scenario, and the faults that are late or open."""
    from hallplan.operate.drill import drill_hall, drill_report, fault_times
    from hallplan.read.project import find_project
    from hallplan.read.workbook.drills import read_emergencies

    files = find_project(project)
    with speaking(call.document_language(files)):
        known = read_emergencies(files.require_workbook())
        windows, plan = _windows(call, files)
        ready, faults = drill_hall(windows, known, plan), fault_times(known)
        if call.as_json:
            print_json(drill_report(ready, faults))
        else:
            _print(ready, faults)
            print_warnings(
                [*known.warnings, *([] if known.plans else [text("operate.no_plans")])], is_verbose=call.verbose
            )
    return 1 if any(entry.status == "fail" for entry in ready) and known.plans else 0


def _windows(call: Call, files: ProjectFiles) -> tuple[WindowPlan, Plan | None]:
    """The windows of the saved plan, or sized afresh when there is none."""
    from hallplan.pipeline import read_inputs, size_windows
    from hallplan.read.plan import read_plan
    from hallplan.write.folder import PLAN_FILE

    path = (call.output or files.output) / PLAN_FILE
    if path.is_file():
        plan = read_plan(path)
        return plan.windows, plan
    run = call.run_without_search()
    found = size_windows(read_inputs(files, call.flags, run), run)
    run.finish()
    return found, None


def _print(ready: Sequence[Readiness], faults: Sequence[FaultTimes]) -> None:
    from rich.table import Table

    table = Table(title=text("cli.drill_title"))
    for key in ("scenario", "status", "limit", "recover", "waiting", "missing"):
        table.add_column(text(f"cli.drill_{key}"), justify="left" if key in ("scenario", "missing") else "right")
    for entry in ready:
        lacks = text("operate.comma").join(text(f"operate.field_{name}") for name in entry.missing)
        table.add_row(entry.name, word("status", entry.status), _shown(entry.plan.limit_min if entry.plan else None), _took(entry), _crowd(entry), lacks)  # fmt: skip
    out = console()
    out.print(table)
    if faults:
        counts = {"count": len(faults), "late": sum(f.late for f in faults), "open": sum(f.is_open for f in faults)}
        out.print(text("cli.drill_faults", **counts))
    for fault in faults:
        if fault.is_open:
            out.print(
                text("cli.drill_open", at=fault.fault.at, kind=fault.fault.kind, where=fault.fault.source), markup=False
            )


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def _took(entry: Readiness) -> str:
    if entry.evacuation_s is not None:
        return f"{entry.evacuation_s / 60:.1f}"
    if entry.drill is None:
        return "–"
    return text("cli.drill_never") if entry.drill.recover_min is None else f"{entry.drill.recover_min:.0f}"


def _crowd(entry: Readiness) -> str:
    return "–" if entry.drill is None else f"{entry.drill.usual} → {entry.drill.waiting}"
