"""A drawing of 200 MB is read within a minute of processor time and 2 GiB, or refused with the limit named."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.read.drawing.drawings import save_hall

ROOT = Path(__file__).parents[3]
MEGABYTES, SECONDS, TWO_GIB_KB = 200, 60, 2 * 1024 * 1024
READ = """
import sys
from pathlib import Path
from hallplan.errors import PlanFileError
from hallplan.read.drawing import read_site
from hallplan.settings import Settings
try:
    print(f"read {read_site(Path(sys.argv[1]), Settings()).floors[0].outline.area:.1f}")
except PlanFileError as error:
    print("refused", error)
"""


def _grown(path: Path, piece: str) -> Path:
    """Writes the hall with pieces of furniture until the file has so many megabytes; `{n}` is the number of a piece."""
    data = save_hall(path).read_bytes()
    at = data.index(b"ENTITIES\n") + len(b"ENTITIES\n")
    size = len(piece.format(n=10**7, x=1000.5, y=1000.5).encode())
    with path.open("wb") as stream:
        stream.write(data[:at])
        for n in range((MEGABYTES * 2**20 - len(data)) // size + 1):
            stream.write(piece.format(n=10**7 + n, x=1000.5 + n * 7 % 28000, y=1000.5 + n * 11 % 16000).encode())
        stream.write(data[at:])
    return path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("piece", "said"),
    [
        pytest.param(
            "  0\nLINE\n  5\n{n:X}\n100\nAcDbEntity\n  8\n家具\n100\nAcDbLine\n 10\n{x}\n 20\n{y}\n 30\n0.0\n 11\n{x}\n 21\n{y}9\n 31\n0.0\n",
            "read", id="lines",
        ),
        pytest.param(
            "  0\nTEXT\n  5\n{n:X}\n100\nAcDbEntity\n  8\n家具\n100\nAcDbText\n 10\n{x}\n 20\n{y}\n 30\n0.0\n 40\n1.0\n  1\nT{n}\n100\nAcDbText\n",
            "refused", id="texts",
        ),
    ],
)  # fmt: skip
def test_two_hundred_megabytes_are_read_or_refused(piece: str, said: str, tmp_path: Path) -> None:
    path = _grown(tmp_path / "plan.dxf", piece)
    assert path.stat().st_size >= MEGABYTES * 2**20
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = subprocess.run([sys.executable, "-c", READ, path], cwd=ROOT, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr[-1000:]
    assert done.stdout.startswith(said), done.stdout
    assert after.ru_utime - before < SECONDS
    assert after.ru_maxrss < TWO_GIB_KB
