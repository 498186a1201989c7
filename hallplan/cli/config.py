"""hallplan config: the effective settings and where each comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from hallplan.cli.common import Call
from hallplan.cli.talk import console, print_json
from hallplan.terms import text


def config(
    call: Call,
    project: Annotated[Path, typer.Argument(metavar="PROJECT")] = Path(),
    show_source: Annotated[bool, typer.Option("--show-source")] = False,
) -> int:
    """Prints every setting in force."""
    from rich.table import Table

    from hallplan.pipeline import effective_settings
    from hallplan.read.project import find_project

    files = find_project(project)
    parameters: dict[str, Any] = {}
    if files.workbook is not None:
        from hallplan.read.workbook import parameter_values

        parameters = parameter_values(files.workbook)
    settings, origin = effective_settings(files, call.flags, parameters)
    values = {key: _value(settings, key) for key in sorted(origin)}
    if call.as_json:
        print_json({"settings": {key: {"value": values[key], "source": origin[key]} for key in values}})
        return 0
    table = Table(show_header=True)
    for key in ("key", "value", *(["source"] if show_source else [])):
        table.add_column(text(f"cli.config_{key}"))
    for key, value in values.items():
        table.add_row(key, str(value), *([text(f"cli.source_{origin[key]}")] if show_source else []))
    console().print(table)
    return 0


def _value(settings: object, key: str) -> Any:
    for part in key.split("."):
        settings = getattr(settings, part)
    return settings
