"""hallplan inspect: what was recognised in a drawing."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hallplan.cli.common import Call
from hallplan.cli.gaps import PICTURES, gaps_pictured
from hallplan.cli.talk import console, print_json, print_warnings
from hallplan.errors import UsageError
from hallplan.terms import speaking, text, word
from hallplan.units import Unit

if TYPE_CHECKING:
    from hallplan.model.site import Site


def inspect(
    call: Call,
    drawing: Annotated[Path, typer.Argument(metavar="PLAN.dxf")],
    unit: Annotated[Unit | None, typer.Option("--unit")] = None,
    floor: Annotated[list[str] | None, typer.Option("--floor")] = None,
    region: Annotated[str | None, typer.Option("--region", metavar="x0,y0,x1,y1")] = None,
    write_layers: Annotated[bool, typer.Option("--write-layers")] = False,
) -> int:
    """Prints what was recognised and writes a picture of it."""
    from hallplan.read.drawing import inspection_report, read_with_backdrop
    from hallplan.write.folder import output_folder
    from hallplan.write.inspection import inspection_png, inspection_svg

    asked = {"unit": unit.value if unit else None, "floors": floor or None, "region": _region(region)}
    settings = _settings(call, drawing, {key: value for key, value in asked.items() if value is not None})
    with speaking(settings.output.lang):
        if write_layers and not call.dry_run:
            _write_layers(call, drawing, settings)
        with gaps_pictured(call, call.output or drawing.parent / "out"):
            site, backdrops = read_with_backdrop(drawing, settings)
        report = inspection_report(site, drawing) | _own_layout(drawing)
        folder = call.output or (None if call.as_json else drawing.parent / "out")
        pictures: list[Path] = []
        if folder is not None and not call.dry_run:
            with output_folder(folder, force=call.force) as staging:
                (staging / PICTURES[0]).write_text(inspection_svg(site, backdrops), "utf-8", newline="\n")
                (staging / PICTURES[1]).write_bytes(inspection_png(site, backdrops))
            pictures = [folder / name for name in PICTURES]
    if call.as_json:
        print_json({**report, "pictures": [str(path) for path in pictures]})
        return 0
    _print_table(report, site)
    if "layout" in report:
        console().print(text("cli.inspect_layout", **{key: len(ids) for key, ids in report["layout"].items()}))
    print_warnings([*site.repairs, *site.warnings], is_verbose=call.verbose)
    for path in pictures:
        print(path)
    return 0


def _write_layers(call: Call, drawing: Path, settings: Any) -> None:
    """Writes what each layer is taken for into the hallplan.toml beside the drawing, before anything else can fail."""
    from hallplan.read.drawing.layer_map import read_layers
    from hallplan.read.project import read_values
    from hallplan.settings import FILE_NAME
    from hallplan.write.layer_map import write_layer_map

    path = drawing.parent / FILE_NAME
    uses = read_layers(drawing, settings)
    write_layer_map(path, uses, read_values(path) if path.is_file() else {}, force=call.force)
    print(text("cli.layers_written", path=path, count=len(uses)), file=sys.stderr)


def _own_layout(drawing: Path) -> dict[str, Any]:
    """What a drawing of ours shows of the plan it was made from: ids of zones, furniture and signs; {} for any other."""
    from hallplan.read.edited import drawn_marks, is_ours

    if not is_ours(drawing):
        return {}
    marks = drawn_marks(drawing).marks
    kinds = {"zones": "zone", "furniture": "furniture", "signs": "sign"}
    ids = {key: sorted({mark.id for mark in marks if mark.kind == kind}) for key, kind in kinds.items()}
    return {"layout": ids} if any(ids.values()) else {}


def _region(words: str | None) -> list[float] | None:
    """Returns the corners x0, y0, x1, y1 of --region; raises UsageError when they are none."""
    if words is None:
        return None
    try:
        corners = [float(word) for word in words.split(",")]
    except ValueError:
        corners = []
    if len(corners) != 4 or not all(math.isfinite(value) for value in corners):
        raise UsageError.at("--region", text("cli.bad_region", found=words), remedy=text("cli.give_region"))
    x0, y0, x1, y1 = corners
    return [min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)]


def _settings(call: Call, drawing: Path, asked: Mapping[str, Any]) -> Any:
    """The settings of the folder that the drawing lies in, if it has a hallplan.toml."""
    from hallplan.pipeline import effective_settings
    from hallplan.read.project import ProjectFiles, read_values
    from hallplan.settings import FILE_NAME

    own = drawing.parent / FILE_NAME
    values = read_values(own) if own.is_file() else {}
    flags = call.flags | ({"drawing": dict(asked)} if asked else {})
    files = ProjectFiles(drawing.parent, None, drawing, own if values else None, values)
    return effective_settings(files, flags)[0]


def _print_table(report: dict[str, Any], site: Site) -> None:
    from rich.table import Table

    out = console()
    out.print(text("cli.inspect_head", file=report["file"], version=report["dxf_version"], encoding=report["encoding"]))
    out.print(text("cli.inspect_unit", unit=report["unit"]))
    for evidence in report["unit_evidence"]:
        out.print(f"  · {evidence}")
    for entry in report["floors"]:
        table = Table(title=entry["name"], title_justify="left", show_header=False)
        for key in (
            "outline_area_m2",
            "free_area_m2",
            "walls",
            "columns",
            "doors",
            "exits",
            "glazing",
            "stairs",
            "lifts",
        ):
            table.add_row(text(f"cli.floor_{key}"), _shown(entry[key]))
        for key in ("toilets", "shafts", "voids"):
            table.add_row(text(f"cli.floor_{key}"), _shown(entry[key]))
        for entrance in entry["entrances"]:
            place = f"({entrance['at'][0]:.2f}, {entrance['at'][1]:.2f}) m, {entrance['width_m']:.2f} m"
            table.add_row(word("role", entrance["role"]), place)
        named = [f"{room['name']} {room['area_m2']:.1f} m²" for room in entry["rooms"] if room["name"]]
        if named:
            table.add_row(text("cli.floor_rooms"), ", ".join(named[:12]) + (" …" if len(named) > 12 else ""))
        out.print(table)
    for gap in report["gaps_closed"][:12]:
        out.print(
            text("cli.inspect_gap", x=f"{gap['at'][0]:.2f}", y=f"{gap['at'][1]:.2f}", width=f"{gap['width_m']:.2f}")
        )
    for guess in site.guesses:
        out.print(text("cli.inspect_guess", what=guess.what, confidence=f"{guess.confidence:.0%}"))
        out.print(f"    {guess.setting}", markup=False)


def _shown(value: float | int) -> str:
    return f"{value:,.1f} m²" if isinstance(value, float) else str(value)
