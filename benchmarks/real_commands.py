"""Every drawing in which a hall can be planned, with the workbook of every sample, through `hallplan layout`, one at a time.

Usage: python benchmarks/real_commands.py [--drawing NAME…] [--level township county city] [--effort quick] [--seconds 20]
       [--most-cpu 60] [--most-mib 1024] [--json]
Only title and level are set.  A run is well ended when it gives a plan with its drawing (exit 0 or 1), or refuses (3 or 4) and says
where, why and what to do; no traceback, no defect (70), within the processor time and the memory given.  Figures are those of the
whole process with its helpers, after one run that is not counted, in which inner loops are compiled.  Exits with 1 when a run is not well ended.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import recognition

SAMPLES = Path(__file__).parents[1] / "samples"
COPIES = ("_gbk",)
"""Parts of the names of drawings that are another one in another encoding."""
REFUSED = (3, 4)
CLEAR_S = 240.0
"""A run is ended after so many seconds, whatever it does."""


@dataclass(frozen=True)
class Row:
    """How one run ended. cpu_s and most_mib: processor time and greatest memory of the process and its helpers."""

    drawing: str
    level: str
    code: int
    wall_s: float
    cpu_s: float
    most_mib: float
    alternatives: int
    is_drawn: bool
    faults: int
    said: str
    wrong: str


def project(folder: Path, drawing: str, level: str) -> Path:
    """Returns a project with a drawing, the demand of a sample, and nothing set but title and level."""
    folder.mkdir(parents=True)
    shutil.copy(recognition.FOLDER / f"{drawing}.dxf", folder / "plan.dxf")
    shutil.copy(SAMPLES / level / "demand.xlsx", folder / "demand.xlsx")
    (folder / "hallplan.toml").write_text(f'[project]\ntitle = "{drawing}"\nlevel = "{level}"\n', "utf-8")
    return folder


def run(folder: Path, options: argparse.Namespace) -> tuple[int, float, float, float, str]:
    """Returns exit code, wall and processor seconds, greatest memory in MiB, and what was said on stderr."""
    call = [sys.executable, "-m", "hallplan", "layout", str(folder), "--effort", options.effort, "--seconds", f"{options.seconds:g}",
            "--lang", "en"]  # fmt: skip
    begin = time.perf_counter()
    with (folder / "stderr").open("w") as errors:
        process = subprocess.Popen(["timeout", f"{CLEAR_S:g}", *call], stdout=subprocess.DEVNULL, stderr=errors)
        _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    return (os.waitstatus_to_exitcode(status), wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024,
            (folder / "stderr").read_text("utf-8"))  # fmt: skip


def measure(folder: Path, drawing: str, level: str, options: argparse.Namespace) -> Row:
    """Returns how a run ends."""
    code, wall, cpu, most, said = run(project(folder, drawing, level), options)
    out = folder / "out"
    plan = json.loads((out / "plan.json").read_text("utf-8")) if (out / "plan.json").exists() else {}
    refused = [line for line in said.splitlines() if line.startswith("Error:")]
    row = Row(
        drawing, level, code, round(wall, 1), round(cpu, 1), round(most), len(plan.get("alternatives", ())),
        any((out / name).exists() for name in ("layout.dxf", "partial.png", "inspect.png")), len(refused),
        " | ".join(line.removeprefix("Error: ") for line in refused), "",
    )  # fmt: skip
    return Row(**{**asdict(row), "wrong": ", ".join(_wrong(row, said, options))})


def _wrong(row: Row, said: str, options: argparse.Namespace) -> Iterator[str]:
    """What a run should not have done."""
    if row.code not in (0, 1, *REFUSED):
        yield f"exit {row.code}"
    if "Traceback" in said:
        yield "traceback"
    if row.code in (0, 1) and not (row.alternatives and row.is_drawn):
        yield "no plan"
    if row.code in REFUSED and not row.faults:
        yield "no reason"
    if row.cpu_s > options.most_cpu:
        yield f"{row.cpu_s:.0f} s of processor time"
    if row.most_mib > options.most_mib:
        yield f"{row.most_mib:.0f} MiB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drawing", nargs="+")
    parser.add_argument("--level", nargs="+", default=["township", "county", "city"])
    parser.add_argument("--effort", default="quick")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--most-cpu", type=float, default=60.0)
    parser.add_argument("--most-mib", type=float, default=1024.0)
    parser.add_argument("--json", action="store_true", help="one line of JSON a run, nothing else")
    options = parser.parse_args()
    plannable = [name for name, is_plan in recognition.plannable().items() if is_plan]
    names = options.drawing or [name for name in plannable if not any(part in name for part in COPIES)]
    with tempfile.TemporaryDirectory() as folder:
        run(project(Path(folder) / "first", names[0], options.level[0]), options)
        wrong = 0
        for n, (name, level) in enumerate((name, level) for name in names for level in options.level):
            row = measure(Path(folder) / str(n), name, level, options)
            wrong += bool(row.wrong)
            print(json.dumps(asdict(row), ensure_ascii=False) if options.json else _line(row), flush=True)
    sys.exit(1 if wrong else 0)


def _line(row: Row) -> str:
    ended = f"plan, {row.alternatives}" if row.alternatives else f"refused, {row.faults} reasons"
    return (f"{row.drawing:28}{row.level:10}exit {row.code}  {ended:22}{row.cpu_s:6.1f} s cpu {row.wall_s:6.1f} s wall "
            f"{row.most_mib:5.0f} MiB  {row.wrong or 'well ended'}")  # fmt: skip


if __name__ == "__main__":
    main()
