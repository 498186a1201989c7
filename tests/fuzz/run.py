"""Reads damaged drawings and keeps each that crashes the reader: python -m tests.fuzz.run --count 10000 --seed 1

Each is read within 60 s and 2 GiB, or refused with a message; JSON on stdout tells the counts and the worst.
"""

from __future__ import annotations

import argparse
import json
import logging
import resource
import signal
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from hallplan.errors import PlanFileError
from hallplan.read.drawing import inspection_report, read_site
from hallplan.read.drawing.vocabulary import sizes
from hallplan.settings import Settings
from tests.fuzz.corpus import corpus
from tests.fuzz.mutate import mutated

SECONDS = 60
LIFT_MB = sizes("limits")["lift_mb"]
"""Half of the drawings are read as big ones are, their lines lifted out."""
KEPT = Path(__file__).parents[1] / "data" / "crashes"


class TooSlow(BaseException):
    """A drawing was not read in time; no reader catches it."""


@dataclass
class Tally:
    """What became of the drawings."""

    counts: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)


@contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    """Raises TooSlow in the block after so many seconds of processor time, which other programs do not use up."""

    def stop(*_: object) -> None:
        raise TooSlow

    earlier = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, earlier)


def outcome(path: Path) -> str:
    """Returns "read", "refused", or the crash as its last line and place."""
    try:
        with time_limit(SECONDS):
            json.dumps(
                inspection_report(read_site(path, Settings()), path), allow_nan=False, ensure_ascii=False
            ).encode("utf-8")
    except PlanFileError as error:
        fault = error.faults[0]
        return "refused" if fault.found and fault.remedy else "refused without a remedy"
    except TooSlow:
        return f"slower than {SECONDS} s"
    except BaseException as error:  # what this program is for
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "hallplan" in frame.filename]
        place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
        return f"{type(error).__name__} at {place}: {str(error)[:100]}"
    return "read"


def run(count: int, seed: int, keep: Path | None = None, seconds: float = 1e9) -> Tally:
    """Reads `count` damaged drawings from `seed` on, or as many as fit in `seconds`."""
    tally, drawings, begin = Tally(), corpus(), time.monotonic()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plan.dxf"
        for n in range(seed, seed + count):
            if time.monotonic() - begin > seconds:
                break
            name, data = drawings[n % len(drawings)]
            path.write_bytes(mutated(data, n))
            sizes("limits")["lift_mb"] = 0 if n // len(drawings) % 2 else LIFT_MB
            start = time.process_time()
            result = outcome(path)
            tally.seconds.append(time.process_time() - start)
            is_fine = result in ("read", "refused")
            tally.counts[result if is_fine else "crashed"] += 1
            if not is_fine:
                tally.crashes.append(f"{name} {n}: {result}")
                print(tally.crashes[-1], file=sys.stderr, flush=True)
                if keep is not None:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{name}-{n}.dxf").write_bytes(path.read_bytes())
    return tally


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Returns the median, the 90th and 99th percentile and the greatest of processor times."""
    parts = {"median": 0.5, "p90": 0.9, "p99": 0.99, "most": 1.0}
    return {name: round(float(np.quantile(seconds, share)), 3) for name, share in parts.items()} if seconds else {}


def main() -> None:
    """Prints the tally as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=None)
    options = parser.parse_args()
    quiet()
    tally = run(options.count, options.seed, options.keep)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps(
            {
                "counts": tally.counts,
                "seconds": spread(tally.seconds),
                "peak_mb": round(peak),
                "crashes": tally.crashes,
            },
            indent=1,
        )
    )


def quiet() -> None:
    """Keeps ezdxf and numpy from telling of each flaw."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")


if __name__ == "__main__":
    main()
