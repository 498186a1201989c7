"""hallplan windows: window types, counts and half-hour openings from demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hallplan.cli.common import Call
from hallplan.cli.talk import Interrupt, console, print_json, print_timings, print_warnings
from hallplan.cli.today import tell_today
from hallplan.terms import speaking, text
from hallplan.units import clock

if TYPE_CHECKING:
    from hallplan.model.plan import Plan
    from hallplan.pipeline import Inputs, Run


def windows(
    call: Call,
    project: Annotated[Path, typer.Argument(metavar="PROJECT")] = Path(),
    today: Annotated[Path | None, typer.Option("--today", metavar="LOG", exists=True, dir_okay=False)] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="HH:MM")] = None,
    from_log: Annotated[list[Path] | None, typer.Option("--log", metavar="LOG", exists=True, dir_okay=False)] = None,
    scenario: Annotated[list[str] | None, typer.Option("--scenario", metavar="NAME")] = None,
) -> int:
    """Sizes service windows from demand and writes the Excel plan; with today's log, says what to do next and writes nothing."""
    if today is not None:
        return tell_today(call, project, today, at)
    from hallplan.windows import windows_report

    inputs, plan, written, run = planned(call, project, scenario or (), from_log or ())
    with speaking(call.document_language(inputs.files)):
        report = windows_report(plan.windows, plan.demand.logged)
    run.finish()
    if call.as_json:
        print_json({**report, "files": [str(path) for path in written], "seconds": run.rounded_seconds})
        return 0
    _print_table(plan)
    _print_limits(plan)
    _print_log(plan)
    _print_staff(plan)
    _print_scenarios(plan)
    stale = [text("cli.layout_is_stale")] if _is_stale(plan) else []
    print_warnings([*stale, *inputs.demand.warnings, *plan.windows.warnings], is_verbose=call.verbose)
    for path in written:
        print(path)
    if call.timings:
        print_timings(run.rounded_seconds)
    return 0


def planned(
    call: Call, project: Path, scenarios: Sequence[str] = (), logs: Sequence[Path] = ()
) -> tuple[Inputs, Plan, list[Path], Run]:
    """Returns the inputs, the plan with its windows made afresh, the files written and the run."""
    from hallplan.pipeline import (
        booked_inputs,
        inputs_with_logs,
        plan_of_windows,
        read_inputs,
        scenarios_of,
        size_windows,
        staff_windows,
    )
    from hallplan.read.project import find_project
    from hallplan.write.folder import check_output

    files = find_project(project)
    folder = call.output or files.output
    if not call.dry_run:
        check_output(folder, force=call.force)
    run = call.run(Interrupt())
    with run.compiling_apart(), speaking(call.document_language(files)):
        inputs = read_inputs(files, call.flags, run)
        inputs = booked_inputs(inputs_with_logs(inputs, logs, run) if logs else inputs)
        created = call.document_date(inputs.settings)
        sized = staff_windows(inputs, size_windows(inputs, run), run, created)
        if scenarios:
            sized = scenarios_of(inputs, sized, scenarios, run)
        plan = _into_earlier(plan_of_windows(inputs, sized, created), folder)
        written = [] if call.dry_run else _write(call, plan, folder)
    return inputs, plan, written, run


def _is_stale(plan: Plan) -> bool:
    """Whether the layouts of a plan stand for other windows than it has now."""
    placed = {window for zone in plan.programme.zones for window in zone.windows}
    return bool(plan.alternatives) and placed != {window.id for window in plan.windows.windows}


def _into_earlier(fresh: Plan, folder: Path) -> Plan:
    """The earlier plan of the folder with its demand and windows replaced; a command replaces its own part only."""
    from hallplan.read.plan import read_plan
    from hallplan.write.folder import PLAN_FILE

    if not (folder / PLAN_FILE).is_file():
        return fresh
    earlier = read_plan(folder / PLAN_FILE)
    if not earlier.alternatives:
        return replace(fresh, services=earlier.services)
    return replace(earlier, demand=fresh.demand, windows=fresh.windows, settings=fresh.settings, created=fresh.created)


def _write(call: Call, plan: Plan, folder: Path) -> list[Path]:
    from hallplan.model.plan import plan_to_json
    from hallplan.write.folder import PLAN_FILE, output_folder
    from hallplan.write.page import write_windows_page
    from hallplan.write.workbook import write_plan_workbook

    names = (PLAN_FILE, "plan.xlsx", "windows.html")
    with output_folder(folder, force=call.force) as staging:
        (staging / names[0]).write_text(plan_to_json(plan), "utf-8", newline="\n")
        write_plan_workbook(plan, staging / names[1])
        write_windows_page(plan, staging / names[2])
    return [folder / name for name in names]


def _print_table(plan: Plan) -> None:
    from rich.table import Table

    result = plan.windows
    table = Table(
        title=text("cli.windows_title", share=f"{result.target_share:.0%}", wait=f"{result.target_wait_min:g}")
    )
    for key in ("type", "items", "visitors", "minutes", "count", "open", "wait", "share", "simulated", "use"):
        table.add_column(text(f"cli.windows_{key}"), justify="left" if key == "type" else "right")
    for kind in result.types:
        table.add_row(
            kind.name,
            str(len(kind.items)),
            f"{sum(kind.arrivals) * _slot_hours(result.half_hours):.0f}",
            f"{kind.minutes:.1f}",
            str(kind.windows),
            f"{min(kind.open, default=0)}–{max(kind.open, default=0)}",
            f"{kind.mean_wait_min:.1f}",
            f"{kind.share_within_target:.0%}",
            f"{kind.simulated.share_within_target.value:.0%}",
            f"{kind.utilisation:.0%}",
        )
    out = console()
    out.print(table)
    first, last = (clock(result.half_hours[0]), clock(result.half_hours[-1])) if result.half_hours else ("", "")
    out.print(
        text(
            "cli.windows_sum",
            windows=result.windows_total,
            hours=f"{result.window_hours:.1f}",
            bound=f"{result.window_hours_bound:.1f}",
            gap=f"{result.gap:.1%}",
            first=first,
            last=last,
        )
    )


def _print_limits(plan: Plan) -> None:
    for row in plan.windows.limits:
        mark = "√" if row.is_met else "×"
        what = text(f"windows.limit_{row.what}")
        console().print(text("cli.windows_limit", mark=mark, what=what, limit=row.limit, met=row.met, name=row.where))


def _print_log(plan: Plan) -> None:
    """Faults of the log with their rules, and the forecast."""
    logged = plan.demand.logged
    if logged is None:
        return
    out = console()
    out.print(text("cli.windows_log", source=logged.source, tickets=logged.tickets, days=logged.days))
    for fault in logged.faults:
        out.print(f"  {fault.rule}")
    if logged.forecast:
        out.print(next(row.value for row in plan.demand.assumptions if row.what == text("logs.forecast_what")))


def _print_staff(plan: Plan) -> None:
    staff = plan.windows.staffing
    if staff is None:
        return
    console().print(
        text(
            "cli.staff_sum",
            people=len(staff.duties),
            hours=f"{staff.hours:.1f}",
            bound=f"{staff.hours_bound:.1f}",
            gap=f"{staff.gap:.1%}",
            month=staff.roster.month,
            rostered=len(staff.roster.people),
            short=len(staff.roster.shortfalls),
        )
    )


def _print_scenarios(plan: Plan) -> None:
    from rich.table import Table

    if not plan.windows.scenarios:
        return
    table = Table(title=text("cli.scenarios_title"))
    for key in ("what", "visitors", "windows", "hours", "wait", "share", "plan_share", "worst"):
        table.add_column(text(f"cli.scenarios_{key}"), justify="left" if key in ("what", "worst") else "right")
    for row in plan.windows.scenarios:
        table.add_row(
            row.what, f"{row.visitors_per_day:.0f}", str(row.windows_total), f"{row.window_hours:.1f}",
            f"{row.mean_wait_min:.1f}", f"{row.share_within:.0%}", f"{row.plan_share:.0%}",
            f"{row.worst} {row.worst_share:.0%}",
        )  # fmt: skip
    console().print(table)


def _slot_hours(starts: tuple[int, ...]) -> float:
    steps = [b - a for a, b in pairwise(starts)]
    return min(steps, default=30) / 60
