"""A drawing whose outer wall does not close: besides the message, a picture of where."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hallplan.cli.common import Call
from hallplan.errors import OutputError, PlanFileError
from hallplan.terms import text

PICTURES = ("inspect.svg", "inspect.png")


@contextmanager
def gaps_pictured(call: Call, folder: Path) -> Iterator[None]:
    """When the block finds an open outline, writes its picture to `folder`, names it on stderr and lets the error go on.

    Nothing is written in a dry run, or for JSON without a folder of its own; earlier results stay.
    """
    try:
        yield
    except PlanFileError as error:
        if not call.dry_run and (call.output or not call.as_json):
            _draw(error, folder, force=call.force)
        raise


def _draw(error: PlanFileError, folder: Path, *, force: bool) -> None:
    from hallplan.read.drawing import OpenOutlineError
    from hallplan.write.folder import output_folder
    from hallplan.write.inspection import open_outline_png, open_outline_svg

    if not isinstance(error, OpenOutlineError):
        return
    try:
        with output_folder(folder, force=force) as staging:
            (staging / PICTURES[0]).write_text(open_outline_svg(error.lines, error.gaps), "utf-8", newline="\n")
            (staging / PICTURES[1]).write_bytes(open_outline_png(error.lines, error.gaps))
    except OutputError as failure:
        print(f"{text('cli.warning')} {failure}", file=sys.stderr)
    else:
        print(text("cli.gaps_pictured", path=folder / PICTURES[1]), file=sys.stderr)
