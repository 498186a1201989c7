"""Failures that a picture explains: an outer wall that does not close, zones that found no place."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hallplan.cli.common import Call
from hallplan.errors import InfeasibleError, OutputError, PlanFileError
from hallplan.terms import text

PICTURES = ("inspect.svg", "inspect.png")
PARTIAL = ("partial.svg", "partial.png")


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


@contextmanager
def partial_pictured(call: Call, folder: Path) -> Iterator[None]:
    """When the block finds no layout, writes the best partial one as a picture, names it on stderr and lets the error go on."""
    try:
        yield
    except InfeasibleError as error:
        if not call.dry_run and (call.output or not call.as_json):
            _draw_partial(error, folder, force=call.force)
        raise


def _draw_partial(error: InfeasibleError, folder: Path, *, force: bool) -> None:
    from hallplan.place import NoLayoutError
    from hallplan.write.inspection import inspection_png, inspection_svg

    if not isinstance(error, NoLayoutError) or error.partial is None:
        return
    _write(folder, PARTIAL, (inspection_svg(error.partial), inspection_png(error.partial)), "partial", force=force)


def _draw(error: PlanFileError, folder: Path, *, force: bool) -> None:
    from hallplan.read.drawing import OpenOutlineError
    from hallplan.write.inspection import open_outline_png, open_outline_svg

    if not isinstance(error, OpenOutlineError):
        return
    drawn = open_outline_svg(error.lines, error.gaps), open_outline_png(error.lines, error.gaps)
    _write(folder, PICTURES, drawn, "gaps", force=force)


def _write(folder: Path, names: tuple[str, str], drawn: tuple[str, bytes], what: str, *, force: bool) -> None:
    """Writes a picture both ways and says where it is."""
    from hallplan.write.folder import output_folder

    try:
        with output_folder(folder, force=force) as staging:
            (staging / names[0]).write_text(drawn[0], "utf-8", newline="\n")
            (staging / names[1]).write_bytes(drawn[1])
    except OutputError as failure:
        print(f"{text('cli.warning')} {failure}", file=sys.stderr)
    else:
        print(text(f"cli.{what}_pictured", path=folder / names[1]), file=sys.stderr)
