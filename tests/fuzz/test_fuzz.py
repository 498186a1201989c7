"""No damaged drawing ends in anything but a plan or one message."""

from __future__ import annotations

import logging
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fuzz.corpus import corpus
from tests.fuzz.mutate import mutated
from tests.fuzz.run import KEPT, outcome, run

ROOT = Path(__file__).parents[2]
TWO_GIB_KB = 2 * 1024 * 1024


@pytest.fixture(autouse=True)
def _silent() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_damage_is_the_same_for_the_same_seed() -> None:
    _, data = corpus()[0]
    assert mutated(data, 7) == mutated(data, 7)
    assert mutated(data, 7) != mutated(data, 8)


def test_whole_drawings_of_the_corpus_are_read(tmp_path: Path) -> None:
    for name, data in corpus():
        (tmp_path / f"{name}.dxf").write_bytes(data)
        assert outcome(tmp_path / f"{name}.dxf") == "read", name


@pytest.mark.parametrize("path", sorted(KEPT.glob("*.dxf")), ids=lambda path: path.stem)
def test_what_crashed_once_does_not_again(path: Path) -> None:
    assert outcome(path) in ("read", "refused")


def test_damaged_drawings_are_read_or_refused() -> None:
    assert run(60, 1).crashes == []


@pytest.mark.slow
def test_many_damaged_drawings_are_read_or_refused_within_the_limits() -> None:
    """HALLPLAN_FUZZ_SEED moves on to other drawings; the seed of a failure is printed with it."""
    seed = os.environ.get("HALLPLAN_FUZZ_SEED", "100000")
    code = (
        "import sys; from tests.fuzz.run import quiet, run; quiet(); "
        f"tally = run(100000, {int(seed)}, seconds=60); print(sum(tally.counts.values())); sys.exit(bool(tally.crashes))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) >= 100
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < TWO_GIB_KB
