"""Walls and columns that are ACIS bodies."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import ezdxf
import pytest
from ezdxf.acis import api as acis
from ezdxf.render import forms

from hallplan.errors import HallplanError, PlanFileError
from hallplan.read.drawing import read_site
from hallplan.settings import Settings

WALLS = [
    (0, 0, 24000, 240), (0, 14760, 10000, 15000), (11500, 14760, 24000, 15000), (0, 0, 240, 15000),
    (23760, 0, 24000, 15000), (8000, 0, 8200, 6000), (8000, 7000, 8200, 15000),
]  # fmt: skip


def put_box(space: Any, box: tuple[float, ...], layer: str) -> None:
    x0, y0, x1, y1 = box
    cube = forms.cube(center=False)
    cube.scale(x1 - x0, y1 - y0, 3000)
    cube.translate(x0, y0, 0)
    acis.export_dxf(space.add_3dsolid(dxfattribs={"layer": layer}), [acis.body_from_mesh(cube)])


def solid_building(path: Path, version: str) -> Path:
    document = ezdxf.new(version)
    document.header["$INSUNITS"] = 4
    block = document.blocks.new("COLUMN-500")
    put_box(block, (-250, -250, 250, 250), "COLUMN")
    for box in WALLS:
        put_box(document.modelspace(), box, "WALL")
    for x in (6000, 12000, 18000):
        document.modelspace().add_blockref("COLUMN-500", (x, 7500), {"layer": "COLUMN"})
    document.saveas(path)
    return path


@pytest.mark.parametrize("version", ["R2000", "R2010", "R2018"])
def test_walls_and_columns_of_solids_are_read(tmp_path: Path, version: str) -> None:
    """R2000 keeps bodies as text, R2013 and later as bytes."""
    floor = read_site(solid_building(tmp_path / "solid.dxf", version), Settings()).floors[0]
    assert floor.outline.area == pytest.approx(360, rel=0.005)
    assert len([o for o in floor.obstacles if o.kind == "column"]) == 3


def test_a_body_that_cannot_be_read_is_named_with_the_way_out(tmp_path: Path) -> None:
    document = ezdxf.new("R2000")
    document.modelspace().add_3dsolid(dxfattribs={"layer": "WALL"}).sat = ["700 0 1 0", "nothing -1 $-1 #"]
    document.saveas(tmp_path / "broken.dxf")
    with pytest.raises(PlanFileError, match=r"3DSOLID.*FLATSHOT"):
        read_site(tmp_path / "broken.dxf", Settings())


def test_damaged_bodies_end_in_a_site_or_an_error(tmp_path: Path) -> None:
    """Digits of the bodies' data are exchanged, so that links lead anywhere, in circles too."""
    text = solid_building(tmp_path / "solid.dxf", "R2000").read_text("utf-8")
    draw, start = random.Random(4), text.index("3DSOLID")
    for n in range(12):
        chars = list(text)
        for place in draw.sample([i for i in range(start, len(chars)) if chars[i].isdigit()], 60):
            chars[place] = draw.choice("0123456789")
        path = tmp_path / f"damaged-{n}.dxf"
        path.write_text("".join(chars), "utf-8")
        try:
            assert read_site(path, Settings()).floors
        except HallplanError:
            continue
