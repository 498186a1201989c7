"""Small drawings that hold every kind of entity the reader knows, in several versions, to be damaged."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ezdxf

from hallplan.units import Unit
from tests.read.drawing.drawings import EN, ZH, Pen, draw_hall, placed, save_hall


def _rich(document: Any) -> None:
    """The hall with blocks in blocks, hatches, splines, a multiline, dimensions, attributes, z ≠ 0 and a mirrored insert."""
    space = document.modelspace()
    draw_hall(Pen(space, placed(Unit.MM), ZH))
    leaf = document.blocks.new("M0921")
    leaf.add_line((0, 0), (0, 900))
    leaf.add_arc((0, 0), 900, 0, 90)
    leaf.add_attdef("NO", (0, 0), height=100)
    pair = document.blocks.new("M1821")
    pair.add_blockref("M0921", (0, 0))
    pair.add_blockref("M0921", (1800, 0), {"xscale": -1})
    space.add_blockref("M1821", (9000, 0), {"rotation": 90, "layer": "门"})
    space.add_blockref("M0921", (3000, 9000, 500), {"xscale": -1, "yscale": 2}).add_attrib("NO", "M-1")
    space.add_blockref(
        "M0921", (3000, 9000), {"row_count": 2, "column_count": 3, "row_spacing": 500, "column_spacing": 900}
    )
    hatch = space.add_hatch(dxfattribs={"layer": "柱"})
    hatch.paths.add_polyline_path([(1000, 9000, 0.5), (1600, 9000), (1600, 9600)], is_closed=True)
    hatch.paths.add_edge_path().add_arc((5000, 9000), 300, 0, 360)
    space.add_spline([(10000, 10000), (11000, 10500), (12000, 9800), (13000, 10200)], dxfattribs={"layer": "墙"})
    space.add_ellipse((20000, 9000), (800, 0), 0.5, 0, 4, {"layer": "墙"})
    space.add_lwpolyline([(2000, 2000, 0, 0, 1), (3000, 2000, 0, 0, 0)], close=True, dxfattribs={"layer": "墙"})
    space.add_polyline3d([(0, 0, 3), (500, 0, 9), (500, 500, 0)], dxfattribs={"layer": "墙"})
    space.add_mline([(6000, 6000), (9000, 6000), (9000, 8000)], dxfattribs={"layer": "墙"})
    space.add_solid([(1, 1), (2, 1), (1, 2), (2, 2)], {"layer": "柱"})
    space.add_circle((22000, 6000), 300, {"layer": "柱", "extrusion": (0, 0, -1)})
    space.add_mtext("{\\H2x;面积：12.5㎡}\\P自助区", dxfattribs={"insert": (6000, 9000), "char_height": 300})
    space.add_linear_dim((0, -1500), (0, 0), (30000, 0)).render()


@cache
def corpus() -> tuple[tuple[str, bytes], ...]:
    """Returns (name, bytes) of each drawing."""
    found = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plan.dxf"
        for version in ("R2000", "R2010", "R2018"):
            document = ezdxf.new(version, units=4)
            document.encoding = "gbk"
            _rich(document)
            document.saveas(path)
            found.append((version, path.read_bytes()))
        document.saveas(path, fmt="bin")
        found.append(("binary", path.read_bytes()))
        found.append(("plain", save_hall(path, Unit.M, layers=EN, version="R2010").read_bytes()))
        document = ezdxf.new("R12")
        for a, b in (((0, 0), (9, 0)), ((9, 0), (9, 7)), ((9, 7), (0, 7)), ((0, 7), (0, 0))):
            document.modelspace().add_line(a, b, {"layer": "WALL"})
        document.modelspace().add_polyline2d(
            [(2, 2), (2.4, 2), (2.4, 2.4), (2, 2.4)], close=True, dxfattribs={"layer": "COLUMN"}
        )
        document.saveas(path)
        found.append(("R12", path.read_bytes()))
    return tuple(found)
