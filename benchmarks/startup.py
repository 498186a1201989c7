"""Start-up: `hallplan --version` and `--help` against `python -c pass`, whole processes, in one run. Prints JSON.

python benchmarks/startup.py [--runs 15]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time


def seconds(command: list[str], runs: int) -> float:
    """Median wall time of a command over `runs` runs, after one to warm the file cache."""
    times = []
    for _ in range(runs + 1):
        begin = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - begin)
    return statistics.median(times[1:])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    base = seconds([sys.executable, "-c", "pass"], runs)
    figures = {"python_pass_s": round(base, 4)}
    for name, limit in (("version", 8), ("help", 18)):
        taken = seconds([sys.executable, "-m", "hallplan", f"--{name}"], runs)
        figures |= {f"{name}_s": round(taken, 4), f"{name}_ratio": round(taken / base, 2), f"{name}_ratio_limit": limit}
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
