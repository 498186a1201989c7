"""hallplan signs: routes, sightlines and blind stretches; with --place where signs should go."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hallplan.cli.common import Call, load_compiler
from hallplan.cli.saved import load_edited
from hallplan.cli.talk import console, print_json
from hallplan.errors import UsageError
from hallplan.terms import listed, speaking, text


class Goal(StrEnum):
    """What placing is after."""

    FEWEST = "fewest"
    COST = "cost"


if TYPE_CHECKING:
    from hallplan.model.plan import Plan
    from hallplan.model.signs import Sign
    from hallplan.read.project import ProjectFiles
    from hallplan.settings import Settings


def signs(
    call: Call,
    project: Annotated[Path, typer.Argument(metavar="PROJECT")] = Path(),
    alternative: Annotated[int, typer.Option("--alternative", min=1, max=9)] = 1,
    edited: Annotated[Path | None, typer.Option("--drawing", metavar="LAYOUT.dxf")] = None,
    place: Annotated[bool, typer.Option("--place")] = False,
    redundancy: Annotated[int | None, typer.Option("--redundancy", min=1, max=3)] = None,
    budget: Annotated[int | None, typer.Option("--budget", min=1, max=999)] = None,
    goal: Annotated[Goal | None, typer.Option("--goal")] = None,
    yuan: Annotated[int | None, typer.Option("--yuan", min=1, max=100_000_000)] = None,
    walk: Annotated[str, typer.Option("--walk", metavar="KIND")] = "",
    faces: Annotated[bool, typer.Option("--faces")] = False,
) -> int:
    """Prints how well signs serve each kind of visitor."""
    load_compiler()
    from hallplan.flow import layout_score, routes_report
    from hallplan.pipeline import require_entrance, rerate
    from hallplan.read.project import find_project
    from hallplan.signs import signs_report

    if budget and yuan:
        raise UsageError.at("--budget, --yuan", text("cli.signs_two_budgets"))
    files = find_project(project)
    with speaking(call.document_language(files)):
        plan, settings, told = load_edited(call, files, alternative, edited)
        require_entrance(plan.site, source_of_ways(call, files, plan, edited))
        if walk:
            from hallplan.scene.walk import walked_route

            walked_route(plan.alternative(alternative), walk)
        given = {"redundancy": redundancy, "budget": budget, "goal": goal and goal.value, "budget_yuan": yuan}
        asked = settings.signs.model_copy(update={key: value for key, value in given.items() if value is not None})
        settings = settings.model_copy(update={"signs": asked})
        plan = rerate(plan, alternative, settings, is_placing=place)
        chosen = plan.alternative(alternative)
        report = signs_report(plan.site, chosen.signs, chosen.routes)
        reading, tactile = routes_report(plan.site, chosen.layout, chosen.routes, plan.windows.half_hours)
        for row, entry in zip(report["routes"], reading, strict=True):
            row |= entry
        report["tactile"] = tactile
        report["visitor_metres_per_day"] = layout_score(chosen.routes)
        report |= _glyphs(chosen.signs.signs)
        written = _write(call, files, plan, alternative, settings, place=place, faces=faces, walk=walk)
    if call.as_json:
        print_json({**report, **told, **({"files": [str(path) for path in written]} if written else {})})
        return 0
    if not call.quiet:
        _print(report)
        for path in written:
            print(path)
    return 0


def source_of_ways(call: Call, files: ProjectFiles, plan: Plan, edited: Path | None) -> str:
    """Returns the file whose doors and rooms a plan has: an edited drawing, the drawing of a finished hall, else plan.json."""
    from hallplan.write.folder import PLAN_FILE

    return str(edited or (plan.site.source if plan.stands else (call.output or files.output) / PLAN_FILE))


def _glyphs(signs: Sequence[Sign]) -> dict[str, Any]:
    """Characters that the font cannot draw: all, and those of each sign that has any."""
    from hallplan.write.fonts import missing_glyphs

    by_sign = {sign.id: missing_glyphs((sign.text_zh, sign.text_en, sign.back_zh, sign.back_en)) for sign in signs}
    lacking = [{"sign": sign, "characters": found} for sign, found in by_sign.items() if found]
    every = "".join(dict.fromkeys(character for entry in lacking for character in entry["characters"]))
    return {"missing_glyphs": every, "signs_without_glyphs": lacking}


def _write(
    call: Call, files: ProjectFiles, plan: Plan, number: int, settings: Settings, *, place: bool, faces: bool, walk: str
) -> list[Path]:
    """Writes all documents anew after placing, drawings for the sign maker, and the strip of a walk; returns the files."""
    if call.dry_run or not (place or faces or walk):
        return []
    from hallplan.write.deliverables import ALTERNATIVE_FILES, write_deliverables
    from hallplan.write.folder import output_folder
    from hallplan.write.sign_sheets import write_sign_sheets
    from hallplan.write.walk import write_walk

    folder = call.output or files.output
    with output_folder(folder, force=call.force, replaces=ALTERNATIVE_FILES if place else ()) as staging:
        if place:
            write_deliverables(plan, staging, files.drawing, settings, jobs=call.jobs)
        if place or faces:
            write_sign_sheets(plan, number, staging, settings)
        if walk:
            write_walk(plan, number, walk, staging, settings)
        return [folder / path.name for path in sorted(staging.iterdir())]


def _print(report: dict[str, Any]) -> None:
    from rich.table import Table

    table = Table(title=text("cli.signs_title", signs=report["signs"]))
    for key in ("kind", "length", "readable", "blind", "decisions"):
        table.add_column(text(f"cli.signs_{key}"), justify="left" if key == "kind" else "right")
    for route in report["routes"]:
        longest = max((stretch["to_m"] - stretch["from_m"] for stretch in route["blind"]), default=0.0)
        table.add_row(
            route["kind"],
            f"{route['length_m']:.1f} m",
            f"{route['readable_share']:.0%}",
            f"{longest:.1f} m",
            f"{route['served']} / {route['decision_points']}",
        )
    console().print(table)
    for line in _remarks(report):
        console().print(line)


def _remarks(report: dict[str, Any]) -> list[str]:
    """What the table does not show: the placement, decision points without a sign, seats and desks."""
    lines = []
    if placement := report.get("placement"):
        proven = text(
            "cli.signs_proven" if placement["optimal"] else "cli.signs_unproven", bound=f"{placement['bound']:g}"
        )
        lines.append(text("cli.signs_placement", added=placement["added"], proven=proven, each=placement["one_each"]))
        if 2 * placement["added"] > placement["one_each"]:
            lines.append(text("cli.signs_over_half", **placement, least=f"{placement['bound']:g}"))
        lines += [text("cli.signs_cost", yuan=f"{placement['cost_yuan']:,}")] if placement["cost_yuan"] else []
    if report["existing"]["found"]:
        lines.append(text("cli.signs_existing", **report["existing"]))
    silent: dict[str, set[str]] = {}
    for need in report["needs"]:
        if not need["sign"]:
            tests = "、".join(text(f"signs.test_{test}") for test in need["failed"]) or text("signs.test_none")
            silent.setdefault(f"{need['decision']} → {need['goal']}", set()).add(tests)
    lines += [
        text("cli.signs_silent", need=need, tests="；".join(sorted(tests))) for need, tests in sorted(silent.items())
    ]
    seats, read = sum(v["seats"] for v in report["seats"]), sum(v["reading"] for v in report["seats"])
    lines += [text("cli.signs_seats", read=read, seats=seats)] if seats else []
    lines += [text("cli.signs_desk", entrance=v["entrance"]) for v in report["desks"] if not v["is_seen"]]
    lines += [
        text("cli.signs_no_glyph", sign=entry["sign"], characters=_told(entry["characters"]))
        for entry in report["signs_without_glyphs"]
    ]
    lines += [text(f"cli.signs_{fault['what']}", sign=fault["sign"]) for fault in report["faults"]]
    return lines + _blocked(report["blocked"])


def _told(characters: str) -> str:
    """Characters with their codes: those without a glyph may not show here either."""
    return "、".join(f"{one} (U+{ord(one):04X})" for one in characters)


def _blocked(entries: Sequence[dict[str, Any]]) -> list[str]:
    """A line for each way that is blocked, with all kinds of visitors who would walk it."""
    kinds: dict[str, list[str]] = {}
    for entry in entries:
        beside = listed(entry["beside"]) or text("cli.signs_walls")
        at = "({:.2f}, {:.2f})".format(*entry["at"]) if entry["at"] else "–"
        keys = {"start": entry["start"], "end": entry["end"], "beside": beside, "at": at, "floor": entry["floor"]}
        gap, wanted = f"{entry['gap_m'] or 0:.2f}", f"{entry['clearance_m']:.2f}"
        what = (
            f"cli.signs_{entry['why']}"
            if entry["why"]
            else "cli.signs_blocked"
            if entry["gap_m"]
            else "cli.signs_walled"
        )
        line = text(what, **keys, gap=gap, wanted=wanted, kind="{kind}")
        kinds.setdefault(line, []).append(entry["kind"])
    return [line.replace("{kind}", listed(dict.fromkeys(names))) for line, names in kinds.items()]
