"""What is recognised in each real drawing against what is known of it: a table, or JSON with --json.

`--pictures FOLDER` draws what was recognised in each drawing a hall can be planned in.
`--variant` changes the drawings first: no-areas takes the area layers out, turned, moved, mirrored and scaled do what they
say, renamed calls layers by numbers, one-layer draws everything on layer 0.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import ezdxf
from ezdxf import transform
from ezdxf.document import Drawing as Document
from ezdxf.math import Matrix44

from hallplan.errors import HallplanError
from hallplan.model.site import Floor, ObstacleKind, Site
from hallplan.read.drawing import read_site
from hallplan.settings import Settings
from hallplan.terms import speaking
from hallplan.write.inspection import inspection_svg
from hallplan.write.png import png_bytes

PICTURE_PX = 860
FOLDER = Path(__file__).parents[1] / "../shared/data/dxf"
AREA_LAYERS = re.compile(r"面积|^Floor$|占地|OBRYS", re.IGNORECASE)
_USE_AREA = re.compile(r"使用面积[:：]?\s*([0-9.]+)")


@dataclass(frozen=True, slots=True)
class Row:
    """What one drawing gave. errors in shares of the known figure, None where nothing is known."""

    name: str
    plannable: bool
    seconds: float
    unit: str
    unit_right: bool | None
    floors: int
    outline_m2: float
    outline_error: float | None
    free_m2: float
    columns: int
    columns_error: float | None
    doors: int
    doors_error: float | None
    voids_m2: float
    rooms_right: int
    rooms_known: int
    uncertain: int
    said: str


@cache
def truth() -> dict[str, Any]:
    """Returns what is known of the drawings."""
    return dict(json.loads((FOLDER / "truth.json").read_text("utf-8")))


@cache
def plannable() -> dict[str, bool]:
    """Returns for each drawing whether a hall can be planned in it."""
    lines = (FOLDER / "index.md").read_text("utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines if line.startswith("| ")]
    return {row[0]: row[-1].startswith("yes") for row in rows if row[0] != "file"}


def _without_areas(document: Document) -> None:
    space = document.modelspace()
    for entity in [entity for entity in space if AREA_LAYERS.search(entity.dxf.layer)]:
        space.delete_entity(entity)


def _placed(matrix: Matrix44) -> Callable[[Document], None]:
    return lambda document: transform.inplace(document.modelspace(), matrix) and None  # type: ignore[func-returns-value]


def _renamed(document: Document) -> None:
    """Calls every layer by a number, as exports without names do."""
    names: dict[str, str] = {}
    for entity in document.entitydb.values():
        if entity.is_alive and entity.dxf.hasattr("layer") and entity.dxf.layer != "0":
            entity.dxf.layer = names.setdefault(entity.dxf.layer.casefold(), f"L{len(names) + 1:03d}")


def _one_layer(document: Document) -> None:
    for entity in document.entitydb.values():
        if entity.is_alive and entity.dxf.hasattr("layer"):
            entity.dxf.layer = "0"


VARIANTS: dict[str, Callable[[Document], None]] = {
    "no-areas": _without_areas,
    "turned": _placed(Matrix44.z_rotate(0.4)),
    "moved": _placed(Matrix44.translate(1e6, -1e6, 0)),
    "mirrored": _placed(Matrix44.scale(-1, 1, 1)),
    "renamed": _renamed,
    "one-layer": _one_layer,
    "scaled": _placed(Matrix44.scale(0.001, 0.001, 0.001)),
}


def changed(path: Path, variant: str, folder: Path) -> Path:
    """Returns the path of a drawing changed as a variant says; the drawing itself for the empty variant."""
    if not variant:
        return path
    document = ezdxf.readfile(path)
    VARIANTS[variant](document)
    out = folder / path.name
    document.saveas(out)
    return out


def measure(path: Path) -> Row:
    """Returns the row of one drawing."""
    begin = time.process_time()
    try:
        site = read_site(path, Settings())
    except HallplanError as error:
        return _refused(path.stem, time.process_time() - begin, str(error))
    return _row(path.stem, time.process_time() - begin, site)


def _refused(name: str, seconds: float, said: str) -> Row:
    return Row(
        name, plannable().get(name, False), round(seconds, 2), "", None, 0, 0.0, None, 0.0, 0, None, 0, None, 0.0, 0, 0, 0, said
    )  # fmt: skip


def _row(name: str, seconds: float, site: Site) -> Row:
    floor = max(site.floors, key=lambda f: f.outline.area)
    known = truth().get(name, {})
    unit = {"inch": "in"}.get(first := str(known.get("unit", "")).split(" ")[0], first)
    right, total = rooms_right(floor)
    total = int(known.get("labelled_spaces", total))
    columns = len(floor.of_kind(ObstacleKind.COLUMN))
    return Row(
        name, plannable().get(name, False), round(seconds, 2), str(site.unit), (str(site.unit) == unit) if unit else None,
        len(site.floors), round(floor.outline.area, 1), _error(floor.outline.area, known.get("outline_m2")),
        round(floor.free_area_m2, 1), columns, _error(columns, known.get("columns_merged", known.get("columns"))),
        len(floor.openings), _error(len(floor.openings), known.get("doors_approx")),
        round(sum(o.area.area for o in floor.of_kind(ObstacleKind.VOID)), 1), right, total,
        sum("uncertain" in guess.what for guess in site.guesses), "",
    )  # fmt: skip


def _error(found: float, known: float | None) -> float | None:
    return round(found / known - 1.0, 4) if known else None


def rooms_right(floor: Floor) -> tuple[int, int]:
    """Returns how many rooms have the area that is written in them within 2 %, and how many have one written."""
    known = [room for room in floor.rooms if room.stated_m2]
    return sum(abs(room.area.area / room.stated_m2 - 1.0) <= 0.02 for room in known), len(known)


def rows(names: list[str], variant: str) -> Iterator[Row]:
    """Yields the row of each drawing."""
    with tempfile.TemporaryDirectory() as folder, speaking("en"):
        for path in sorted(FOLDER.glob("*.dxf")):
            wanted = path.stem in names if names else not variant or plannable().get(path.stem, False)
            if wanted:
                try:
                    drawing = changed(path, variant, Path(folder))
                except (ezdxf.DXFError, OSError):
                    continue  # what ezdxf itself cannot read is not changed
                yield measure(drawing)


def draw(folder: Path, names: list[str]) -> None:
    """Writes a small picture of what was recognised in each plannable drawing; the drawing's own lines are not in it."""
    folder.mkdir(parents=True, exist_ok=True)
    with speaking("en"):
        for name in sorted(name for name, can in plannable().items() if can and (not names or name in names)):
            site = read_site(FOLDER / f"{name}.dxf", Settings())
            (folder / f"{name}.png").write_bytes(png_bytes(inspection_svg(site), width=PICTURE_PX))


def _line(row: Row) -> str:
    def share(value: float | None) -> str:
        return f"{value:+.1%}" if value is not None else "-"

    unit = row.unit + {True: " ok", False: " WRONG", None: ""}[row.unit_right]
    return (
        f"{row.name:42}{'yes' if row.plannable else 'no':4}{row.seconds:6.2f}s {unit:8}{row.floors:2} {row.outline_m2:8.1f}"
        f"{share(row.outline_error):>8}{row.free_m2:9.1f} col {row.columns:4}{share(row.columns_error):>7}"
        f" door {row.doors:4}{share(row.doors_error):>7} void {row.voids_m2:6.1f}"
        f" rooms {row.rooms_right}/{row.rooms_known} ({row.uncertain} uncertain)  {row.said[:160]}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--variant", default="", choices=["", *VARIANTS])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--pictures", type=Path)
    options = parser.parse_args()
    if options.pictures:
        draw(options.pictures, options.names)
        raise SystemExit
    found = rows(options.names, options.variant)
    if options.json:
        print(json.dumps([asdict(row) for row in found], indent=1))
    else:
        for row in found:
            print(_line(row), flush=True)
