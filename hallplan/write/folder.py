"""The output folder: results arrive whole or not at all, and nothing that a user made or edited is overwritten unasked."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hallplan.errors import Fault, OutputError
from hallplan.terms import text

MARK = ".hallplan"
PLAN_FILE = "plan.json"
STAGING = ".hallplan-"
LEFT_OVER_S = 86400.0
"""A staging folder older than this belongs to no run any more."""


@contextmanager
def output_folder(
    folder: Path, *, force: bool = False, replaces: tuple[str, ...] = (), read_in: tuple[Path, ...] = ()
) -> Iterator[Path]:
    """Yields an empty staging folder; when the block ends well, its files replace those in `folder`.

    replaces: names of our earlier files that go away when this run does not write them again.
    read_in: files whose edits this run has read, which may be replaced though they were edited.
    Raises OutputError, before the block runs, when the folder cannot be written, holds files that are not ours, or an
    earlier result was edited, unless `force`. When moving fails half-way, the earlier files are put back.
    """
    _require_ours(folder, force)
    staging = _make_staging(folder)
    try:
        yield staging
        names = sorted(path.name for path in staging.iterdir())
        taken = {path.resolve() for path in read_in}
        _require_unedited(folder, [name for name in names if (folder / name).resolve() not in taken], force)
        _move_all(staging, folder, names, replaces)
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise OutputError.at(str(folder), _reason(error), remedy=text("folder.elsewhere")) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def check_output(folder: Path, *, force: bool = False) -> None:
    """Raises OutputError when results could not be written to `folder`, so that no long run is wasted."""
    _require_ours(folder, force)
    shutil.rmtree(_make_staging(folder), ignore_errors=True)
    if not force:
        _require_unedited(folder, sorted(_recorded(folder)), force)


def _require_ours(folder: Path, force: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise OutputError.at(str(folder), text("folder.is_file"), remedy=text("folder.elsewhere"))
    if force or not folder.is_dir():
        return
    is_ours = (folder / MARK).is_file() or (folder / PLAN_FILE).is_file()
    if not is_ours and any(folder.iterdir()):
        raise OutputError.at(str(folder), text("folder.not_ours"), remedy=text("folder.force"))


def _make_staging(folder: Path) -> Path:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.is_dir() and not os.access(folder, os.W_OK):
            raise PermissionError(13, text("folder.read_only"))
        _clear_left_over(folder.parent)
        return Path(tempfile.mkdtemp(prefix=STAGING, dir=folder.parent))
    except OSError as error:
        raise OutputError.at(str(folder), _reason(error), remedy=text("folder.elsewhere")) from error


def _clear_left_over(parent: Path) -> None:
    """Removes staging folders that runs killed long ago have left."""
    for old in parent.glob(f"{STAGING}*"):
        with suppress(OSError):
            if time.time() - old.stat().st_mtime > LEFT_OVER_S:
                shutil.rmtree(old, ignore_errors=True)


def _reason(error: OSError) -> str:
    return text("folder.cannot_write", reason=error.strerror or str(error))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _recorded(folder: Path) -> dict[str, str]:
    try:
        marks = json.loads((folder / MARK).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(digest) for name, digest in marks.items()} if isinstance(marks, dict) else {}


def _require_unedited(folder: Path, names: list[str], force: bool) -> None:
    if force:
        return
    marks = _recorded(folder)
    edited = [
        name
        for name in names
        if (folder / name).is_file() and name != MARK and marks.get(name) != _digest(folder / name)
    ]
    if edited:
        raise OutputError(
            *(Fault(str(folder / name), text("folder.edited"), remedy=text("folder.force")) for name in edited)
        )


def _move_all(staging: Path, folder: Path, names: list[str], replaces: tuple[str, ...]) -> None:
    recorded = _recorded(folder)
    stale = [name for name in replaces if name in recorded and name not in names]
    kept = {name: digest for name, digest in recorded.items() if name not in stale}
    marks = kept | {name: _digest(staging / name) for name in names}
    (staging / MARK).write_text(json.dumps(marks, indent=0, sort_keys=True), "utf-8")
    backup = staging / "earlier"
    folder.mkdir(parents=True, exist_ok=True)
    backup.mkdir()
    moved: list[str] = []
    try:
        for name in [*stale, *names, MARK]:
            if (folder / name).exists():
                os.replace(folder / name, backup / name)
            moved.append(name)
            if (staging / name).exists():
                os.replace(staging / name, folder / name)
    except OSError:
        for name in moved:
            if (backup / name).exists():
                os.replace(backup / name, folder / name)
            else:
                (folder / name).unlink(missing_ok=True)
        raise
