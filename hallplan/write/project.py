"""A new project folder: settings, demand workbook and, from a sample, a drawing."""

from __future__ import annotations

import shutil
from pathlib import Path

from hallplan.errors import OutputError, UsageError
from hallplan.settings import FILE_NAME
from hallplan.terms import text
from hallplan.write.settings_file import settings_text
from hallplan.write.template import write_template

SAMPLES = ("township", "county", "city")
_PACKAGE = Path(__file__).parents[1]


def write_project(folder: Path, sample: str | None = None, *, force: bool = False) -> tuple[Path, ...]:
    """Writes a project into `folder` and returns its files: a sample's, or blank settings and demand workbook.

    Raises UsageError for an unknown sample; OutputError when the folder holds anything, unless `force`, or cannot be written.
    """
    source = None if sample is None else sample_folder(sample)
    _require_empty(folder, force)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if source is not None:
            return tuple(_copy(path, folder) for path in sorted(source.iterdir()) if path.is_file())
        settings_file, workbook = folder / FILE_NAME, folder / "demand.xlsx"
        settings_file.write_text(settings_text(), "utf-8", newline="\n")
        write_template(workbook)
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        reason = text("folder.cannot_write", reason=error.strerror or str(error))
        raise OutputError.at(str(folder), reason, remedy=text("folder.elsewhere")) from error
    return settings_file, workbook


def sample_folder(name: str) -> Path:
    """Returns the folder of a sample, installed or in the source tree; raises UsageError when there is none of that name."""
    for root in (_PACKAGE / "_samples", _PACKAGE.parent / "samples"):
        if name in SAMPLES and (root / name).is_dir():
            return root / name
    raise UsageError.at(
        "--sample", text("template.no_sample", name=name), text("template.samples", names=", ".join(SAMPLES))
    )


def _require_empty(folder: Path, force: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise OutputError.at(str(folder), text("template.is_file"), remedy=text("template.use_force"))
    if not force and folder.is_dir() and any(folder.iterdir()):
        raise OutputError.at(str(folder), text("template.not_empty"), remedy=text("template.use_force"))


def _copy(path: Path, folder: Path) -> Path:
    return Path(shutil.copyfile(path, folder / path.name))
