"""The county sample from drawing to deliverables: seconds by stage, first and second run, and peak memory. Prints JSON.

peak_mib is that of the process, helper_peak_mib that of the largest forked from it, pages shared between them included.

The first run compiles into an empty cache; the second finds the compiled code. The baseline is `ezdxf.readfile` on the
same drawing, in the same run.

    python benchmarks/county.py [--sample county] [--effort normal]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MEASURE = """
import json, resource, sys
from hallplan.cli.app import main
sys.argv = ["hallplan", *sys.argv[1:]]
try:
    main()
except SystemExit as leave:
    code = leave.code
own, helper = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps({"exit": code, "peak_mib": round(own, 1), "helper_peak_mib": round(helper, 1)}), file=sys.stderr)
"""


def run_layout(project: Path, cache: Path, effort: str) -> dict[str, object]:
    """One `layout` in a process of its own."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "NUMBA_CACHE_DIR": str(cache / "compiled")}
    command = [sys.executable, "-c", MEASURE, "layout", str(project), "--json", "--effort", effort]
    begin = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    wall = time.perf_counter() - begin
    report = json.loads(done.stdout)
    tail = json.loads(done.stderr.strip().splitlines()[-1])
    return {"wall_s": round(wall, 2), **tail, "seconds": report["seconds"], "score": report["alternatives"][0]["score"]}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", default="county")
    parser.add_argument("--effort", default="normal")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "hall"
        subprocess.run(
            [sys.executable, "-m", "hallplan", "init", str(project), "--sample", arguments.sample, "-q"], check=True
        )
        first = run_layout(project, Path(folder) / "cache", arguments.effort)
        second = run_layout(project, Path(folder) / "cache", arguments.effort)
        figures = {
            "sample": arguments.sample,
            "first_run": first,
            "second_run": second,
            "readfile_s": readfile(project),
        }
    print(json.dumps({**figures, "wall_limit_s": 30, "peak_limit_mib": 1024}, indent=1))


def readfile(project: Path) -> float:
    """Seconds of ezdxf alone on the drawing."""
    import ezdxf

    begin = time.perf_counter()
    ezdxf.readfile(project / "plan.dxf")
    return round(time.perf_counter() - begin, 3)


if __name__ == "__main__":
    main()
