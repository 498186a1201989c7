"""hallplan windows --today: what to do in the next two hours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hallplan.cli.common import Call
from hallplan.cli.talk import Interrupt, console, print_json, print_timings, print_warnings
from hallplan.errors import UsageError
from hallplan.terms import speaking, text
from hallplan.units import MINUTES_PER_DAY, MINUTES_PER_HOUR, clock

if TYPE_CHECKING:
    from hallplan.model.running import Today
    from hallplan.model.windows import WindowPlan
    from hallplan.pipeline import Inputs, Run


def tell_today(call: Call, project: Path, log: Path, at: str | None) -> int:
    """Prints advice by the saved plan of the folder, or by one made afresh; writes nothing."""
    from hallplan.pipeline import advise_windows, read_inputs
    from hallplan.read.project import find_project
    from hallplan.windows import today_report

    now = None if at is None else _minutes(at)
    files = find_project(project)
    run = call.run(Interrupt())
    with run.compiling_apart(), speaking(call.document_language(files)):
        inputs = read_inputs(files, call.flags, run)
        plan = _plan(inputs, call.output or files.output, run)
        today = advise_windows(inputs, plan, log, now, run)
    run.finish()
    if call.as_json:
        print_json({"schema": 1, "today": today_report(today), "seconds": run.rounded_seconds})
        return 0
    _print(today, plan)
    unknown = [text("cli.today_unknown", count=today.unknown, tickets=today.tickets)] if today.unknown else []
    print_warnings(unknown, is_verbose=call.verbose)
    if call.timings:
        print_timings(run.rounded_seconds)
    return 0


def _minutes(at: str) -> int:
    hour, _, minute = at.replace("：", ":").partition(":")
    if hour.isdigit() and minute.isdigit() and int(minute) < MINUTES_PER_HOUR:
        minutes = int(hour) * int(MINUTES_PER_HOUR) + int(minute)
        if minutes <= MINUTES_PER_DAY:
            return minutes
    raise UsageError.at("--at", at, "HH:MM")


def _plan(inputs: Inputs, folder: Path, run: Run) -> WindowPlan:
    """The plan that staff follow is the saved one, if it was made from this workbook."""
    from hallplan.pipeline import size_windows
    from hallplan.read.plan import read_plan
    from hallplan.read.project import source_of
    from hallplan.write.folder import PLAN_FILE

    if (folder / PLAN_FILE).is_file():
        saved = read_plan(folder / PLAN_FILE)
        if source_of(inputs.files.require_workbook()) in saved.sources:
            return saved.windows
    return size_windows(inputs, run)


def _print(today: Today, plan: WindowPlan) -> None:
    from rich.table import Table

    names = {kind.id: kind.name for kind in plan.types}
    table = Table(title=text("cli.today_title", date=today.date, now=clock(today.now)))
    starts = next((kind.slots for kind in today.types if kind.slots), ())
    for key in ("type", "came", "waiting", "factor"):
        table.add_column(text(f"cli.today_{key}"), justify="left" if key == "type" else "right")
    for slot in starts:
        table.add_column(clock(slot.start), justify="right")
    table.add_column(text("cli.today_what"))
    for kind in today.types:
        cells = [
            f"{slot.planned}" if slot.planned == slot.advised else f"{slot.planned}→{slot.advised}"
            for slot in kind.slots
        ]
        cells += [""] * (len(starts) - len(cells))
        came = f"{kind.came}/{kind.expected:.0f}"
        table.add_row(names[kind.type], came, str(kind.waiting), f"{kind.factor.value:.0%}", *cells, kind.words)
    console().print(table)
