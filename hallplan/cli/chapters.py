"""hallplan items, equip and systems: chapters 7 to 9, each alone on the workbook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hallplan.cli.common import Call
from hallplan.cli.talk import Interrupt, print_json, print_timings, print_warnings
from hallplan.terms import speaking

if TYPE_CHECKING:
    from hallplan.model.plan import Plan
    from hallplan.model.services import Flaw, Services
    from hallplan.pipeline import Inputs, Run
    from hallplan.pipeline.chapters import Chapters


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter as a command: its page, what plans it, its report, its table on the terminal, its flaws."""

    page: str
    make: Callable[[Inputs, Chapters, Run], Services]
    report: Callable[[Services], dict[str, Any]]
    show: Callable[[Services], None]
    flaws: Callable[[Services], tuple[Flaw, ...]]


def items(
    call: Call,
    project: Annotated[Path, typer.Argument(metavar="PROJECT")] = Path(),
    catalogue: Annotated[Path | None, typer.Option("--catalogue", metavar="FILE")] = None,
) -> int:
    """Compares the hall's items with the catalogue and plans services."""
    from hallplan.cli.chapter_tables import show_items
    from hallplan.pipeline import plan_items_chapter
    from hallplan.services import items_report

    def report(services: Services) -> dict[str, Any]:
        return items_report(services.items) if services.items else {}

    def flaws(services: Services) -> tuple[Flaw, ...]:
        return services.items.flaws if services.items else ()

    return _run(call, project, Chapter("items.html", plan_items_chapter, report, show_items, flaws), catalogue)


def equip(call: Call, project: Annotated[Path, typer.Argument(metavar="PROJECT")] = Path()) -> int:
    """Sizes machines and facilities and judges today's by their logs."""
    from hallplan.cli.chapter_tables import show_equipment
    from hallplan.pipeline import plan_equipment_chapter
    from hallplan.services import equipment_report

    def report(services: Services) -> dict[str, Any]:
        return equipment_report(services.equipment) if services.equipment else {}

    def flaws(services: Services) -> tuple[Flaw, ...]:
        return services.equipment.flaws if services.equipment else ()

    return _run(call, project, Chapter("equip.html", plan_equipment_chapter, report, show_equipment, flaws))


def systems(call: Call, project: Annotated[Path, typer.Argument(metavar="PROJECT")] = Path()) -> int:
    """Finds islands and double entry and ranks what joining each system saves."""
    from hallplan.cli.chapter_tables import show_systems
    from hallplan.pipeline import plan_systems_chapter
    from hallplan.services import systems_report

    def report(services: Services) -> dict[str, Any]:
        return systems_report(services.systems) if services.systems else {}

    def flaws(services: Services) -> tuple[Flaw, ...]:
        return services.systems.flaws if services.systems else ()

    return _run(call, project, Chapter("systems.html", plan_systems_chapter, report, show_systems, flaws))


def _run(call: Call, project: Path, chapter: Chapter, catalogue: Path | None = None) -> int:
    from hallplan.pipeline import chapters_of, plan_of_windows, read_inputs, sized_windows
    from hallplan.read.project import find_project
    from hallplan.write.folder import check_output

    files = find_project(project)
    folder = call.output or files.output
    if not call.dry_run:
        check_output(folder, force=call.force)
    run = call.run(Interrupt())
    with run.compiling_apart(), speaking(call.document_language(files)):
        inputs = read_inputs(files, call.flags, run)
        chapters = chapters_of(inputs, run, catalogue)
        services = chapter.make(inputs, chapters, run)
        fresh = plan_of_windows(inputs, sized_windows(inputs, run), call.document_date(inputs.settings))
        plan = into_earlier(fresh, services, folder)
        written = [] if call.dry_run else _write(call, plan, folder, chapter.page)
        report = chapter.report(services)
    run.finish()
    if call.as_json:
        print_json({**report, "files": [str(path) for path in written], "seconds": run.rounded_seconds})
        return 0
    if not call.quiet:
        chapter.show(services)
        flaws = [flaw.message for flaw in chapter.flaws(services)]
        said = (*chapters.inputs.warnings, *chapters.catalogue.warnings)
        print_warnings([*flaws, *said, *inputs.demand.warnings], is_verbose=call.verbose)
        for path in written:
            print(path)
    if call.timings:
        print_timings(run.rounded_seconds)
    return 0


def into_earlier(fresh: Plan, services: Services, folder: Path) -> Plan:
    """The earlier plan of the folder with this chapter replaced, and no other part; a fresh one when there is none."""
    from hallplan.read.plan import read_plan
    from hallplan.write.folder import PLAN_FILE

    earlier = read_plan(folder / PLAN_FILE) if (folder / PLAN_FILE).is_file() else fresh
    old = earlier.services
    merged = replace(
        old,
        items=services.items or old.items,
        equipment=services.equipment or old.equipment,
        systems=services.systems or old.systems,
    )
    return replace(earlier, services=merged, created=fresh.created)


def _write(call: Call, plan: Plan, folder: Path, page: str) -> list[Path]:
    from hallplan.model.plan import plan_to_json
    from hallplan.write.folder import PLAN_FILE, output_folder
    from hallplan.write.page import write_chapter_page
    from hallplan.write.workbook import write_plan_workbook

    names = (PLAN_FILE, "plan.xlsx", page)
    with output_folder(folder, force=call.force) as staging:
        (staging / names[0]).write_text(plan_to_json(plan), "utf-8", newline="\n")
        write_plan_workbook(plan, staging / names[1])
        write_chapter_page(plan, staging / names[2], page.removesuffix(".html"))
    return [folder / name for name in names]
