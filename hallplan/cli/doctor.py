"""hallplan doctor: what this machine has."""

from __future__ import annotations

import platform
import shutil
import time
from typing import Annotated

import typer

from hallplan.cli.common import Call
from hallplan.cli.talk import print_json
from hallplan.terms import text

LIBRARIES = (
    "pulp",
    "highspy",
    "numba",
    "numpy",
    "shapely",
    "ezdxf",
    "xlsxwriter",
    "python-calamine",
    "reportlab",
    "resvg-py",
)
PROGRAMS = ("soffice", "librecad", "chromium", "pdftoppm")


def doctor(call: Call, warm: Annotated[bool, typer.Option("--warm")] = False) -> int:
    """Lists libraries, solver, font and optional programs; with --warm compiles the inner loops."""
    from hallplan.cli.app import cache_folder
    from hallplan.write.fonts import FONT_PATH

    rows = {"python": platform.python_version(), "hallplan": _version("hallplan")}
    rows |= {name: _version(name) for name in LIBRARIES}
    rows["font"] = str(FONT_PATH) if FONT_PATH.is_file() else text("cli.doctor_absent")
    rows |= {name: shutil.which(name) or text("cli.doctor_optional") for name in PROGRAMS}
    rows["cache"] = str(cache_folder())
    if warm:
        rows["warm"] = f"{_warm():.1f} s"
    if call.as_json:
        print_json({"machine": rows})
    else:
        for name, value in rows.items():
            print(f"{name:<18}{value}")
    return 0


def _version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return text("cli.doctor_absent")


def _warm() -> float:
    """Compiles by laying out the smallest sample once; returns the seconds it took."""
    from hallplan.pipeline import Run, make_plan, read_inputs
    from hallplan.read.project import find_project
    from hallplan.write.project import sample_folder

    begin = time.perf_counter()
    run = Run()
    inputs = read_inputs(find_project(sample_folder("township")), {"place": {"effort": "quick"}}, run)
    make_plan(inputs, run, "2026-01-01")
    return time.perf_counter() - begin
