"""Lines lifted out of a big file are the lines that ezdxf would have read."""

from __future__ import annotations

import math
from pathlib import Path

import ezdxf
import numpy as np
import pytest

from hallplan.dxf import open_dxf
from hallplan.dxf.lifting import lift_lines
from hallplan.read.drawing import read_site
from hallplan.read.drawing.vocabulary import sizes
from hallplan.settings import Settings
from tests.read.drawing.drawings import save_hall


def lines(path: Path, lift_from_bytes: float) -> list[tuple[str, float, float, float, float]]:
    opened = open_dxf(path, lift_from_bytes=lift_from_bytes)
    found = [
        (e.dxf.layer, e.dxf.start.x, e.dxf.start.y, e.dxf.end.x, e.dxf.end.y)
        for e in opened.document.modelspace().query("LINE")
    ]
    if opened.lines is not None:
        names = [opened.lines.layers[n] for n in opened.lines.layer]
        found += [(name, *row) for name, row in zip(names, opened.lines.segments.tolist(), strict=True)]
    return sorted(found)


@pytest.mark.parametrize("version", ["R2000", "R2007", "R2018"])
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"], ids=["lf", "crlf"])
def test_every_line_is_there_once(tmp_path: Path, version: str, newline: bytes) -> None:
    path = save_hall(tmp_path / "plan.dxf", version="R2010")
    document = ezdxf.readfile(path)
    document.dxfversion, document.encoding = version, "gbk"
    space = document.modelspace()
    space.add_line((1, 2, 3), (4, 5, 6), {"layer": "0", "thickness": 3.0, "color": 5, "linetype": "ByLayer"})
    space.add_line((0, 0), (1, 1), {"layer": "墙"}).set_xdata("ACAD", [(1000, "0"), (1000, "LINE")])
    document.layout("Layout1").add_line((7, 7), (8, 8))
    document.saveas(path)
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", newline))
    whole, lifted = lines(path, math.inf), lines(path, 0)
    assert whole == lifted
    opened = open_dxf(path, lift_from_bytes=0)
    assert opened.lines is not None
    assert len(opened.lines.layer) == len(whole) - 2  # one has a line type of its own, one XDATA
    assert len(opened.document.layout("Layout1").query("LINE")) == 1


def test_a_line_with_a_bad_number_is_not_lifted(tmp_path: Path) -> None:
    path = save_hall(tmp_path / "plan.dxf")
    data = path.read_bytes().replace(b"\n 11\n30000.0\n", b"\n 11\nthirty\n", 1)
    lifted = lift_lines(data, "utf-8")
    assert lifted is not None
    assert b"thirty" in lifted[0]
    assert len(lifted[1].layer) == data.count(b"\nLINE\n") - 1


def test_the_hall_reads_the_same_with_its_lines_lifted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save_hall(tmp_path / "plan.dxf", version="R2004", encoding="gbk")
    whole = read_site(path, Settings())
    monkeypatch.setitem(sizes("limits"), "lift_mb", 0)
    lifted = read_site(path, Settings())
    assert lifted.unit == whole.unit
    (one,), (other,) = whole.floors, lifted.floors
    assert other.outline.symmetric_difference(one.outline).area == pytest.approx(0.0, abs=1e-6)
    assert len(other.openings) == len(one.openings)
    assert {o.kind for o in other.obstacles} == {o.kind for o in one.obstacles}
    assert np.allclose(sorted(o.area.area for o in other.obstacles), sorted(o.area.area for o in one.obstacles))


def test_dimensions_are_read_without_their_graphics(tmp_path: Path) -> None:
    path = tmp_path / "plan.dxf"
    document = ezdxf.new("R2010", setup=True)
    space = document.modelspace()
    for n in range(3):
        space.add_linear_dim((0, -500 * n), (0, 0), (8000 + n, 0)).render()
    document.blocks.new("M0921").add_line((0, 0), (900, 0))
    space.add_line((0, 0), (1, 0))
    document.saveas(path)
    opened = open_dxf(path, lift_from_bytes=0)
    dimensions = opened.document.modelspace().query("DIMENSION")
    assert [round(d.get_measurement()) for d in dimensions] == [8000, 8001, 8002]
    assert [len(opened.document.blocks.get(d.dxf.geometry)) for d in dimensions] == [0, 0, 0]
    assert len(opened.document.blocks.get("M0921")) == 1
