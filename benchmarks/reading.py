"""How long recognition takes against `ezdxf.readfile` on the same drawing in the same run; JSON on stdout.

    python -m benchmarks.reading [--up-to 1000000] [FILE...]

Four parts: the drawings of the corpus; real floors filled up past 5 MB with furniture as architects draw it (lines,
polylines, arcs, texts); a real floor drawn four times; and a hall with ever more of it, to see that the time grows with the count of entities.
`recognition_ratio` is (reading - readfile) / readfile: what understanding a drawing costs beyond parsing it. It is below
zero where plain lines are lifted out of the file before it is parsed, so that the whole costs less than readfile alone.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import ezdxf
import numpy as np

from hallplan.read.drawing import read_site
from hallplan.settings import Settings
from tests.read.drawing.drawings import save_hall

FOLDER = Path(__file__).parents[1] / "../shared/data/dxf"
NAMES = ("daoshi_floor1", "daoshi_floor3", "daoshi_floor5", "proxymix_learning_center", "planga2_blocoA")
FILLED = ("daoshi_floor1", "daoshi_floor5")
FILLING = 60_000
ROUNDS = 2
PARSED_UP_TO = 250_000
"""ezdxf alone takes minutes and gigabytes beyond."""


def seconds(call: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Returns the least processor time of a call (s)."""
    times = []
    for _ in range(rounds):
        begin = time.process_time()
        call()
        times.append(time.process_time() - begin)
    return min(times)


def measure(path: Path, name: str, rounds: int = ROUNDS) -> dict[str, object]:
    """Returns the times of one drawing (s) and the ratio of recognition to loading alone."""
    whole = seconds(lambda: read_site(path, Settings()), rounds)
    load = seconds(lambda: ezdxf.readfile(path), rounds)
    megabytes = round(path.stat().st_size / 2**20, 2)
    return {
        "file": name, "megabytes": megabytes, "readfile_s": round(load, 3), "read_site_s": round(whole, 3),
        "ratio": round(whole / load, 2), "recognition_ratio": round((whole - load) / load, 2),
    }  # fmt: skip


def furniture(count: int, box: tuple[float, float, float, float]) -> Iterator[str]:
    """Yields entities of a furniture layer within a box: of ten, seven lines, a polyline, an arc and a text."""
    chance, (x0, y0, x1, y1) = random.Random(7), box
    size = (x1 - x0) / 100.0
    for n in range(count):
        x, y = chance.uniform(x0, x1), chance.uniform(y0, y1)
        dx, dy = chance.uniform(-size, size), chance.uniform(-size, size)
        head = f"  5\n{0x1000000 + n:X}\n100\nAcDbEntity\n  8\n家具\n"
        if n % 10 < 7:
            yield f"  0\nLINE\n{head}100\nAcDbLine\n 10\n{x}\n 20\n{y}\n 30\n0.0\n 11\n{x + dx}\n 21\n{y + dy}\n 31\n0.0\n"
        elif n % 10 == 7:
            yield f"  0\nLWPOLYLINE\n{head}100\nAcDbPolyline\n 90\n3\n 70\n1\n 10\n{x}\n 20\n{y}\n 10\n{x + dx}\n 20\n{y}\n 10\n{x}\n 20\n{y + dy}\n"
        elif n % 10 == 8:
            yield f"  0\nARC\n{head}100\nAcDbCircle\n 10\n{x}\n 20\n{y}\n 30\n0.0\n 40\n{abs(dx)}\n100\nAcDbArc\n 50\n0.0\n 51\n90.0\n"
        else:
            yield f"  0\nTEXT\n{head}100\nAcDbText\n 10\n{x}\n 20\n{y}\n 30\n0.0\n 40\n{size / 10}\n  1\nT{n}\n100\nAcDbText\n"


def filled(source: Path, target: Path, count: int) -> Path:
    """Writes a drawing with so many pieces of furniture more, spread over its extents."""
    data = source.read_bytes().replace(b"\r\n", b"\n")
    points = [p for e in ezdxf.readfile(source).modelspace().query("LINE") for p in (e.dxf.start, e.dxf.end)]
    xs, ys = sorted(p.x for p in points), sorted(p.y for p in points)
    low, high = len(points) // 20, -len(points) // 20
    more = "".join(furniture(count, (xs[low], ys[low], xs[high], ys[high]))).encode("utf-8")
    at = data.index(b"ENTITIES\n") + len(b"ENTITIES\n")
    target.write_bytes(data[:at] + more + data[at:])
    return target


def repeated(source: Path, target: Path) -> Path:
    """Writes a drawing with its model space drawn four times side by side: dense building lines, nothing else."""
    document = ezdxf.readfile(source)
    space = document.modelspace()
    points = np.array([(p.x, p.y) for e in space.query("LINE") for p in (e.dxf.start, e.dxf.end)])
    dx, dy = 1.5 * np.ptp(points, axis=0)
    for entity in list(space):
        for x, y in ((dx, 0.0), (0.0, dy), (dx, dy)):
            with contextlib.suppress(ezdxf.DXFError):
                copy = entity.copy()
                space.add_entity(copy)
                copy.translate(float(x), float(y), 0.0)
    document.saveas(target)
    return target


def growth(folder: Path, up_to: int) -> list[dict[str, object]]:
    """Returns the time of a hall with 1/16, 1/8, … of `up_to` entities, and microseconds an entity."""
    base, rows = save_hall(folder / "hall.dxf"), []
    for count in [up_to // part for part in (16, 8, 4, 2, 1)]:
        path = filled(base, folder / "big.dxf", count)
        whole = seconds(lambda path=path: read_site(path, Settings()), 1)  # type: ignore[misc]
        row: dict[str, object] = {"entities": count, "megabytes": round(path.stat().st_size / 2**20, 1), "read_site_s": round(whole, 2), "us_per_entity": round(1e6 * whole / count, 1)}  # fmt: skip
        if count <= PARSED_UP_TO:
            row["readfile_s"] = round(seconds(lambda path=path: ezdxf.readfile(path), 1), 2)  # type: ignore[misc]
        row["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        rows.append(row)
    return rows


def main() -> None:
    """Prints the three parts as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--up-to", type=int, default=1_000_000)
    options = parser.parse_args()
    paths = options.files or [FOLDER / f"{name}.dxf" for name in NAMES]
    result: dict[str, object] = {"drawings": [measure(path, path.name) for path in paths if path.is_file()]}
    with tempfile.TemporaryDirectory() as name:
        sources = [FOLDER / f"{one}.dxf" for one in FILLED]
        result["over_5_mb"] = [
            measure(filled(path, Path(name) / "filled.dxf", FILLING), f"{path.stem} with {FILLING} pieces", 1)
            for path in sources
            if path.is_file()
        ]
        if (FOLDER / f"{FILLED[0]}.dxf").is_file():
            dense = repeated(FOLDER / f"{FILLED[0]}.dxf", Path(name) / "dense.dxf")
            result["dense"] = measure(dense, f"{FILLED[0]} four times")
        if options.up_to:
            result["growth"] = growth(Path(name), options.up_to)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
