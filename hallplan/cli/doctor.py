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
    "duckdb",
    "statsmodels",
)
PROGRAMS = ("soffice", "librecad", "chromium", "pdftoppm")


def doctor(call: Call, warm: Annotated[bool, typer.Option("--warm")] = False) -> int:
    """Lists libraries, solver, font and optional programs; with --warm compiles the inner loops."""
    from hallplan.caches import cache_folder
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
    _warm_logs()
    return time.perf_counter() - begin


def _warm_logs() -> None:
    """Compiles the reader of queue logs and the replay."""
    import tempfile
    from pathlib import Path

    from hallplan.operate import advise, measure
    from hallplan.read.log import read_log
    from hallplan.settings import Settings

    rows = [f"2026-03-{day:02d},9:{m:02d}:00,60,120,{m % 2},A{day}{m}" for day in range(2, 16) for m in range(10)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.csv"
        path.write_text("日期,取号时间,等候时长,办理时长,窗口,票号\n" + "\n".join(rows) + "\n", "utf-8")
        log = read_log([path], Settings())
    measure(log)
    advise(log)
