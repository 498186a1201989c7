"""hallplan signs: routes, sightlines and blind stretches."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hallplan.cli.common import Call
from hallplan.cli.saved import load_edited
from hallplan.cli.talk import console, print_json
from hallplan.terms import speaking, text


def signs(
    call: Call,
    project: Annotated[Path, typer.Argument(metavar="PROJECT")] = Path(),
    alternative: Annotated[int, typer.Option("--alternative", min=1, max=9)] = 1,
    edited: Annotated[Path | None, typer.Option("--drawing", metavar="LAYOUT.dxf")] = None,
) -> int:
    """Prints how well signs serve each kind of visitor."""
    from rich.table import Table

    from hallplan.read.project import find_project
    from hallplan.signs import signs_report

    files = find_project(project)
    with speaking(call.document_language(files)):
        plan, _, told = load_edited(call, files, alternative, edited)
        chosen = plan.alternative(alternative)
        report = signs_report(chosen.signs, chosen.routes)
    if call.as_json:
        print_json({**report, **told})
        return 0
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
    return 0
