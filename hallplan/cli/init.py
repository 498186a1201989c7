"""hallplan init: a new project."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hallplan.cli.common import Call
from hallplan.cli.talk import print_json
from hallplan.terms import text


class Sample(StrEnum):
    """Projects that ship with hallplan."""

    township = "township"
    county = "county"
    city = "city"


def init(
    call: Call,
    folder: Annotated[Path, typer.Argument(metavar="DIR")],
    sample: Annotated[Sample | None, typer.Option("--sample")] = None,
) -> int:
    """Writes a project folder."""
    from hallplan.write.project import write_project

    files: tuple[Path, ...] = ()
    if not call.dry_run:
        files = write_project(folder, sample.value if sample else None, force=call.force)
    if call.as_json:
        print_json({"folder": str(folder), "files": [str(path) for path in files]})
    elif not call.quiet:
        for path in files:
            print(path)
        print(text("cli.init_next", folder=folder))
    return 0
