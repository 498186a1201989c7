"""A project: a folder with hallplan.toml, or just one drawing and one workbook, or a workbook alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hallplan.errors import InputError, SettingsError
from hallplan.settings import FILE_NAME, read_settings_text
from hallplan.terms import text

if TYPE_CHECKING:
    from hallplan.model.plan import Source

DRAWINGS = (".dxf", ".dwg")
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods", ".csv", ".tsv")
PREFERRED = ("plan", "demand")


@dataclass(frozen=True, slots=True)
class ProjectFiles:
    """What a project consists of; `drawing` is None for a workbook alone, is_drawing when only a drawing was named."""

    folder: Path
    workbook: Path | None
    drawing: Path | None
    settings_file: Path | None
    values: Mapping[str, Any]
    is_drawing: bool = False
    is_file: bool = False

    @property
    def name(self) -> str:
        """The project's name: its folder's, or that of the one workbook that was given."""
        return self.workbook.stem if self.is_file and self.workbook else self.folder.resolve().name

    @property
    def output(self) -> Path:
        """The folder that results go to unless told otherwise."""
        return self.folder / "out"

    def require_drawing(self) -> Path:
        """Returns the drawing; raises InputError when the project has none."""
        if self.drawing is None:
            raise InputError.at(
                str(self.folder), text("project.no_drawing"), text("project.one_drawing"), text("project.add_drawing")
            )
        return self.drawing

    def require_workbook(self) -> Path:
        """Returns the workbook; raises InputError when the project has none."""
        if self.workbook is None:
            raise InputError.at(
                str(self.folder),
                text("project.no_workbook"),
                text("project.one_workbook"),
                text("project.add_workbook"),
            )
        return self.workbook


def find_project(path: Path) -> ProjectFiles:
    """Returns the files of the project at `path`: a folder, a workbook, or a drawing (of a finished hall) with the settings beside it.

    Raises InputError when the path is absent, is something else, or several files compete; SettingsError when
    hallplan.toml is not TOML or names a file that is not there.
    """
    if path.is_file() and path.suffix.lower() in WORKBOOKS:
        return ProjectFiles(path.parent, path, None, None, {}, is_file=True)
    if path.is_file() and path.suffix.lower() in DRAWINGS:
        beside = path.parent / FILE_NAME
        values = read_values(beside) if beside.is_file() else {}
        return ProjectFiles(path.parent, None, path, beside if values else None, values, is_drawing=True)
    if not path.is_dir():
        found = text("project.absent") if not path.exists() else text("project.not_a_project")
        raise InputError.at(str(path), found, text("project.expected"), text("project.init"))
    settings_file = path / FILE_NAME
    values = read_values(settings_file) if settings_file.is_file() else {}
    section = values.get("project", {})
    named = section if isinstance(section, Mapping) else {}
    workbook = _choose(path, str(named.get("workbook", "")), WORKBOOKS, "workbook")
    drawing = _choose(path, str(named.get("drawing", "")), DRAWINGS, "drawing")
    if not values and workbook is None and drawing is None:
        raise InputError.at(str(path), text("project.empty"), text("project.expected"), text("project.init"))
    return ProjectFiles(path, workbook, drawing, settings_file if values else None, values)


def source_of(path: Path) -> Source:
    """Returns a file's name and the SHA-256 of its content."""
    from hallplan.model.plan import Source

    return Source(path.name, hashlib.sha256(path.read_bytes()).hexdigest())


def read_values(path: Path) -> Mapping[str, Any]:
    """Returns the nested values of a hallplan.toml; raises SettingsError when it is not UTF-8 or not TOML."""
    try:
        return read_settings_text(path.read_text("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        raise SettingsError.at(str(path), text("project.not_utf8"), remedy=text("project.save_utf8")) from error


def _choose(folder: Path, named: str, suffixes: Iterable[str], key: str) -> Path | None:
    if named:
        path = folder / named
        if not path.is_file():
            raise SettingsError.at(
                f"{folder / FILE_NAME}, project.{key}",
                text("project.named_absent", name=named),
                remedy=text("project.mend_name"),
            )
        return path
    found = sorted(p for p in folder.iterdir() if p.suffix.lower() in suffixes and not p.name.startswith(("~$", ".")))
    preferred = [path for path in found if path.stem.lower() in PREFERRED]
    found = found if len(found) < 2 or not preferred else preferred[:1] if len(preferred) == 1 else preferred
    if len(found) > 1:
        names = ", ".join(path.name for path in found)
        raise InputError.at(
            str(folder),
            text("project.several", names=names),
            remedy=text("project.name_one", key=key, name=found[0].name),
        )
    return found[0] if found else None
