"""How long recognition takes against `ezdxf.readfile` on the same drawing in the same run; JSON on stdout."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import ezdxf

from hallplan.read.drawing import read_site
from hallplan.settings import Settings

FOLDER = Path(__file__).parents[1] / "../shared/data/dxf"
NAMES = ("daoshi_floor1", "daoshi_floor3", "daoshi_floor5", "proxymix_learning_center", "planga2_blocoA")
ROUNDS = 3


def seconds(call: Callable[[], object]) -> float:
    """Returns the median processor time of a call (s)."""
    times = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        call()
        times.append(time.process_time() - begin)
    return statistics.median(times)


def measure(path: Path) -> dict[str, object]:
    """Returns the times of one drawing (s) and the ratio of the whole reading to loading alone."""
    load = seconds(lambda: ezdxf.readfile(path))
    whole = seconds(lambda: read_site(path, Settings()))
    megabytes = round(path.stat().st_size / 2**20, 2)
    return {
        "file": path.name, "megabytes": megabytes, "readfile_s": round(load, 3), "read_site_s": round(whole, 3),
        "ratio": round(whole / load, 2), "recognition_ratio": round((whole - load) / load, 2),
    }  # fmt: skip


if __name__ == "__main__":
    paths = [Path(name) for name in sys.argv[1:]] or [FOLDER / f"{name}.dxf" for name in NAMES]
    print(json.dumps({"drawings": [measure(path) for path in paths if path.is_file()]}, indent=1))
