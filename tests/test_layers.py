"""The rooms of the design: each imports only what lies above it, and each library only where it belongs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "hallplan"
FOUNDATION = (
    "late",
    "kept",
    "caches",
    "errors",
    "units",
    "terms",
    "settings",
    "model",
    "geometry",
    "lp",
    "queueing",
    "dxf",
    "parallel",
)
STAGES = (
    "read", "services", "windows", "programme", "place", "furnish", "flow", "signs", "simulate", "operate", "check", "scene", "write",
)  # fmt: skip
TOPS = ("pipeline", "batch", "cli")
LIBRARIES = {
    "ezdxf": {"read", "write", "dxf"},
    "openpyxl": {"read", "write"},
    "xlsxwriter": {"write"},
    "python_calamine": {"read"},
    "reportlab": {"write"},
    "resvg_py": {"write"},
    "jinja2": {"write"},
    "pulp": {"lp"},
    "highspy": {"lp"},
    "rapidfuzz": {"services"},
    "pypinyin": {"services"},
    "opencc": {"services"},
    "duckdb": {"read", "write"},
    "typer": {"cli"},
    "rich": {"cli"},
}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "hallplan":
            yield from (f"hallplan.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def may_import(room: str, other: str) -> bool:
    known = (*FOUNDATION, *STAGES, *TOPS)
    if room == other or room not in known or other not in known:
        return True
    if room in TOPS:
        return other not in TOPS or TOPS.index(other) < TOPS.index(room)
    if room in STAGES:
        return other in FOUNDATION or (room, other) == ("write", "scene")
    return other in FOUNDATION and FOUNDATION.index(other) < FOUNDATION.index(room)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_imports_only_rooms_above_its_own(path: Path) -> None:
    rooms = [name.split(".")[1] for name in imported(path) if name.startswith("hallplan.")]
    assert [other for other in rooms if not may_import(room_of(path), other)] == []


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_library_is_imported_in_its_rooms_only(path: Path) -> None:
    heads = {name.split(".")[0] for name in imported(path)}
    assert [library for library in sorted(heads & set(LIBRARIES)) if room_of(path) not in LIBRARIES[library]] == []
