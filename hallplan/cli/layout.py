"""hallplan layout: the main job, from drawing and workbook to every deliverable."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hallplan.cli.common import EXIT_FINDINGS, EXIT_INTERRUPTED, Call, LangOption, uncollected
from hallplan.cli.gaps import PARTIAL, gaps_pictured, partial_pictured
from hallplan.cli.relaid import given_layout, relay, require_start
from hallplan.cli.talk import Interrupt, console, print_json, print_timings, print_warnings
from hallplan.terms import speaking, text, word

if TYPE_CHECKING:
    from hallplan.model.findings import Finding
    from hallplan.model.layout import Breach, Narrow
    from hallplan.model.plan import Alternative, Plan
    from hallplan.pipeline import Run

LEVELS = ("mandatory", "recommended", "own")


class Effort(StrEnum):
    """How much work the search may do."""

    quick = "quick"
    normal = "normal"
    best = "best"


class Font(StrEnum):
    """Fonts of the text styles in our DXF."""

    shx = "shx"
    ttf = "ttf"


class FailOn(StrEnum):
    """From which level a failed rule makes exit code 1."""

    mandatory = "mandatory"
    recommended = "recommended"
    own = "own"
    never = "never"


def layout(
    call: Call,
    project: Annotated[Path, typer.Argument(metavar="PROJECT")] = Path(),
    effort: Annotated[Effort | None, typer.Option("--effort")] = None,
    alternatives: Annotated[int | None, typer.Option("--alternatives", min=1, max=9)] = None,
    fail_on: Annotated[FailOn | None, typer.Option("--fail-on")] = None,
    layers: Annotated[LangOption | None, typer.Option("--layers")] = None,
    font: Annotated[Font | None, typer.Option("--font")] = None,
    from_plan: Annotated[bool, typer.Option("--from-plan")] = False,
    idle: Annotated[str | None, typer.Option("--idle", metavar="ZONE[=TYPE]")] = None,
    edited: Annotated[Path | None, typer.Option("--drawing", metavar="LAYOUT.dxf")] = None,
) -> int:
    """Runs all stages and writes all deliverables."""
    from hallplan.pipeline import make_plan, read_inputs
    from hallplan.read.project import find_project
    from hallplan.write.folder import check_output

    require_start(idle, edited, is_from_plan=from_plan)
    files = find_project(project)
    files.require_drawing(), files.require_workbook()
    folder = call.output or files.output
    if not call.dry_run:
        check_output(folder, force=call.force)
    flags = _flags(call, effort, alternatives, fail_on, layers, font)
    interrupt = Interrupt()
    run = call.run(interrupt)
    with interrupt.installed(), run.compiling_apart(), uncollected(), speaking(call.document_language(files)):
        if idle is not None:
            plan, settings = relay(files, idle, flags, run)
        else:
            given = given_layout(files, edited, is_from_plan=from_plan)
            inputs = replace(read_inputs(files, flags, run), start=given)
            settings = inputs.settings
            with gaps_pictured(call, folder), partial_pictured(call, folder):
                plan = make_plan(inputs, run, call.document_date(settings))
        with run.stage("write"):
            written = [] if call.dry_run else _write(call, plan, folder, files.drawing, settings)
    run.finish()
    _tell(call, run, plan, folder, written)
    if interrupt.is_set:
        return EXIT_INTERRUPTED
    return exit_code(plan.alternatives[0].findings, settings.rules.fail_on)


def _tell(call: Call, run: Run, plan: Plan, folder: Path, written: list[Path]) -> None:
    if call.as_json:
        print_json(layout_report(plan, folder, written, run.rounded_seconds))
    elif not call.quiet:
        _print_summary(plan, written)
        print_warnings(_warnings(plan), is_verbose=call.verbose)
    if call.timings:
        print_timings(run.rounded_seconds)


def _flags(call: Call, effort: Any, alternatives: Any, fail_on: Any, layers: Any, font: Any) -> dict[str, Any]:
    flags = call.flags
    given = {
        "place": {"effort": effort and effort.value, "alternatives": alternatives},
        "rules": {"fail_on": fail_on and fail_on.value},
        "output": {"layers": layers and layers.value, "font": font and font.value},
    }
    for section, values in given.items():
        kept = {key: value for key, value in values.items() if value is not None}
        if kept:
            flags[section] = {**flags.get(section, {}), **kept}
    return flags


def _write(call: Call, plan: Plan, folder: Path, drawing: Path | None, settings: Any) -> list[Path]:
    from hallplan.write.deliverables import ALTERNATIVE_FILES, write_deliverables
    from hallplan.write.folder import output_folder

    with output_folder(folder, force=call.force, replaces=(*ALTERNATIVE_FILES, *PARTIAL)) as staging:
        write_deliverables(plan, staging, drawing, settings, jobs=call.jobs)
        names = sorted(path.name for path in staging.iterdir())
    return [folder / name for name in names]


def exit_code(findings: tuple[Finding, ...], fail_on: str) -> int:
    """Returns 1 when a rule at or above the level `fail_on` fails, else 0."""
    if fail_on == "never":
        return 0
    levels = LEVELS[: LEVELS.index(fail_on) + 1]
    return EXIT_FINDINGS if any(f.status == "fail" and f.level in levels for f in findings) else 0


def layout_report(plan: Plan, folder: Path, files: list[Path], seconds: dict[str, float]) -> dict[str, Any]:
    """Returns what `layout --json` prints; coordinates in metres in the drawing's axes and origin."""
    findings = plan.alternatives[0].findings
    return {
        "plan": str(folder / "plan.json"),
        "files": [str(path) for path in files],
        "alternatives": [_alternative_report(plan, alternative) for alternative in plan.alternatives],
        "stopped_by": plan.alternatives[0].layout.stopped_by,
        "notes": list(plan.notes),
        "findings": {status: sum(f.status == status for f in findings) for status in ("fail", "pass", "undecided")},
        "seconds": seconds,
    }


def _alternative_report(plan: Plan, alternative: Alternative) -> dict[str, Any]:
    layout = alternative.layout
    zones = []
    for zone in layout.zones:
        area = plan.site.floor(zone.floor).frame.to_drawing_m(zone.area)
        rings = [[[round(x, 4), round(y, 4)] for x, y in ring.coords[:-1]] for ring in (area.exterior, *area.interiors)]
        zones.append(
            {
                "id": zone.zone,
                "type": zone.type,
                "floor": zone.floor,
                "area_m2": round(zone.area_m2, 4),
                "target_m2": zone.target_m2,
                "polygon": rings[0],
                "holes": rings[1:],
            }
        )
    return {
        "id": layout.id,
        "name": layout.name,
        "score": layout.score,
        "parts": {part.id: part.value for part in layout.parts},
        "bound": layout.bound,
        "gap": layout.gap,
        "zones": zones,
        "reserves": _reserves(plan, alternative),
        "stopped_by": layout.stopped_by,
        "breaches": [_breach_report(plan, breach) for breach in layout.breaches],
        "narrows": [_narrow_report(plan, narrow) for narrow in layout.narrows],
        "wish_prices": [{"wish": price.wish, "points": price.points} for price in layout.prices],
    }


def _breach_report(plan: Plan, breach: Breach) -> dict[str, Any]:
    """What an alternative breaks that must hold, its place in the drawing's axes and origin."""
    from shapely.geometry import Point

    at = plan.site.floor(breach.floor).frame.to_drawing_m(Point(breach.at))
    return {
        "constraint": breach.constraint,
        "value_m": breach.value,
        "limit_m": breach.limit,
        "floor": breach.floor,
        "zones": list(breach.zones),
        "at": [round(value, 4) for value in at.coords[0]],
        "door": breach.door,
        "why": breach.why,
    }


def _narrow_report(plan: Plan, narrow: Narrow) -> dict[str, Any]:
    """A door or neck that is narrower than a way through it, its place in the drawing's axes and origin."""
    from shapely.geometry import Point

    at = plan.site.floor(narrow.floor).frame.to_drawing_m(Point(narrow.at))
    return {
        "floor": narrow.floor,
        "at": [round(value, 4) for value in at.coords[0]],
        "width_m": narrow.width_m,
        "wanted_m": narrow.wanted_m,
        "network": narrow.network,
        "door": narrow.door,
    }


def _reserves(plan: Plan, alternative: Alternative) -> list[dict[str, Any]]:
    """Floor that nothing uses, by area, in the drawing's axes and origin."""
    from hallplan.scene.reserve import reserve_areas

    return [
        {
            "floor": floor.id,
            "area_m2": round(area.area, 2),
            "polygon": [[round(x, 4), round(y, 4)] for x, y in floor.frame.to_drawing_m(area).exterior.coords[:-1]],
        }
        for floor in plan.site.floors
        for area in reserve_areas(floor, alternative)
    ]


def _warnings(plan: Plan) -> list[str]:
    shortfalls = [
        text("cli.shortfall", zone=s.zone, kind=s.kind, asked=s.asked, placed=s.placed, reason=s.reason)
        for s in plan.alternatives[0].layout.shortfalls
    ]
    return [
        *plan.notes,
        *shortfalls,
        *plan.site.repairs,
        *plan.site.warnings,
        *plan.demand.warnings,
        *plan.windows.warnings,
        *plan.programme.warnings,
    ]


def _print_summary(plan: Plan, written: list[Path]) -> None:
    from rich.table import Table

    out = console()
    table = Table(title=text("cli.summary_title", title=plan.title), title_justify="left")
    table.add_column("")
    for alternative in plan.alternatives:
        table.add_column(text("cli.summary_alternative", id=alternative.layout.id), justify="right", overflow="fold")
    for key in ("name", "zones", "windows", "seats", "area", "reserve", "wait", "walk", "score", "bound", "findings"):
        table.add_row(
            text(f"cli.summary_{key}"), *(_figure(plan, alternative, key) for alternative in plan.alternatives)
        )
    out.print(table)
    failed = [f for f in plan.alternatives[0].findings if f.status == "fail"]
    for finding in sorted(failed, key=lambda f: LEVELS.index(f.level))[:8]:
        out.print(f"  ✗ [{word('level', finding.level)}] {finding.message}（{finding.clause}）", markup=False)
    if len(failed) > 8:
        out.print(text("cli.more_findings", count=len(failed) - 8))
    for path in written:
        print(path)


def _figure(plan: Plan, alternative: Alternative, key: str) -> str:
    from hallplan.scene.reserve import reserve_m2

    layout = alternative.layout
    counts = {status: sum(f.status == status for f in alternative.findings) for status in ("fail", "undecided")}
    used = sum(zone.area_m2 for zone in layout.zones)
    walk = next((part.value for part in layout.parts if part.id == "visitor_metres_per_day"), 0.0)
    figures = {
        "name": layout.name,
        "zones": str(len(layout.zones)),
        "windows": str(sum(bool(piece.window) and piece.kind.startswith("counter") for piece in layout.furniture)),
        "seats": str(len(layout.of_kind("chair", "wheelchair_place"))),
        "area": f"{used:,.0f} / {plan.site.free_area_m2:,.0f} m²",
        "reserve": f"{reserve_m2(plan.site.floors, alternative):,.0f} m²",
        "wait": f"{max((kind.mean_wait_min for kind in plan.windows.types), default=0.0):.1f} min",
        "walk": f"{walk:,.0f}",
        "score": f"{layout.score:.2f}",
        "bound": "–" if layout.bound is None else f"{layout.bound:.2f}",
        "findings": text("cli.summary_counts", fail=counts["fail"], undecided=counts["undecided"]),
    }
    return figures[key]
