"""What a drawing holds only by reference: proxy objects, external references; blocks mirrored, nested and in a circle."""

from __future__ import annotations

import struct
from pathlib import Path

import ezdxf
import pytest

from hallplan.errors import PlanFileError
from hallplan.read.drawing import read_site
from hallplan.settings import Settings
from hallplan.terms import speaking
from hallplan.units import Unit
from tests.read.drawing.drawings import DEPTH_M, WIDTH_M, ZH, Pen, draw_hall, placed, save_hall

AREA = WIDTH_M * DEPTH_M


def proxy_text(kind: str, lines: list[tuple[float, float, float, float]], handle: int) -> str:
    """An object of another program as DXF text, with the polylines that draw it, or none."""
    chunks = b"".join(
        struct.pack("<2LL", 12 + 48, 6, 2) + struct.pack("<6d", x0, y0, 0, x1, y1, 0) for x0, y0, x1, y1 in lines
    )
    body = struct.pack("<2L", 8 + len(chunks), len(lines)) + chunks
    graphics = f"160\n{len(body)}\n" + "".join(
        f"310\n{body[n : n + 120].hex().upper()}\n" for n in range(0, len(body), 120)
    )
    return f"  0\n{kind}\n  5\n{handle:X}\n100\nAcDbEntity\n  8\nWALL\n{graphics if lines else ''}100\nTDb{kind}\n"


def spliced(path: Path, more: str) -> Path:
    data = path.read_bytes()
    at = data.index(b"ENTITIES\n") + len(b"ENTITIES\n")
    path.write_bytes(data[:at] + more.encode("utf-8") + data[at:])
    return path


def box(x0: float, y0: float, x1: float, y1: float) -> list[tuple[float, float, float, float]]:
    return [(x0, y0, x1, y0), (x1, y0, x1, y1), (x1, y1, x0, y1), (x0, y1, x0, y0)]


def test_walls_of_tianzheng_are_read_by_the_graphics_they_carry(tmp_path: Path) -> None:
    document = ezdxf.new("R2010", units=4)
    document.modelspace().add_text("办公室", height=300).set_placement((5000, 4000))
    document.saveas(tmp_path / "plan.dxf")
    lines = [*box(0, 0, 12000, 9000), *box(240, 240, 11760, 8760)]
    path = spliced(tmp_path / "plan.dxf", proxy_text("TCH_WALL", lines, 0xABCD))
    with speaking("en"):
        site = read_site(path, Settings())
    assert site.floors[0].outline.area == pytest.approx(108.0, rel=0.01)
    assert any("TCH_WALL" in warning and "graphics they carry" in warning for warning in site.warnings)


def test_objects_without_graphics_are_named_with_the_export(tmp_path: Path) -> None:
    path = save_hall(tmp_path / "plan.dxf")
    spliced(
        path, "".join(proxy_text("TCH_WALL", [], 0xAB000 + n) for n in range(3)) + proxy_text("TCH_COLUMN", [], 0xAC000)
    )
    site = read_site(path, Settings())
    assert site.floors[0].outline.area == pytest.approx(AREA, rel=0.01)
    (warning,) = [w for w in site.warnings if "TCH_WALL" in w]
    assert "TCH_WALL ×3、TCH_COLUMN" in warning
    assert "图形导出" in warning


def test_a_drawing_without_such_objects_is_not_warned_of_them(tmp_path: Path) -> None:
    site = read_site(save_hall(tmp_path / "plan.dxf"), Settings())
    assert not [w for w in site.warnings if "代理" in w]


def test_too_few_lines_beside_objects_without_graphics_are_told(tmp_path: Path) -> None:
    document = ezdxf.new("R2010")
    document.modelspace().add_line((0, 0), (9000, 0))
    document.saveas(tmp_path / "plan.dxf")
    path = spliced(tmp_path / "plan.dxf", proxy_text("TCH_WALL", [], 0xAB000))
    with pytest.raises(PlanFileError, match="图形导出"):
        read_site(path, Settings())


def test_a_drawing_of_such_objects_alone_is_refused_by_name(tmp_path: Path) -> None:
    document = ezdxf.new("R2010")
    document.modelspace().add_text("一层平面图", height=500)
    document.saveas(tmp_path / "plan.dxf")
    path = spliced(tmp_path / "plan.dxf", proxy_text("TCH_WALL", [], 0xAB001) + proxy_text("AEC_WALL", [], 0xAB002))
    with pytest.raises(PlanFileError) as caught:
        read_site(path, Settings())
    (fault,) = caught.value.faults
    assert "AEC_WALL、TCH_WALL" in fault.found
    assert "T3" in fault.remedy


def host(path: Path, written: str) -> Path:
    document = ezdxf.new("R2010", units=4)
    document.add_xref_def(written, "base")
    document.modelspace().add_blockref("base", (1000, 2000))
    document.modelspace().add_text("标题", height=300)
    document.saveas(path)
    return path


@pytest.mark.parametrize("written", ["base.dxf", "..\\建筑\\base.dwg", "C:\\项目\\base.dwg", "./base.dxf"])
def test_a_reference_beside_the_drawing_is_read(tmp_path: Path, written: str) -> None:
    save_hall(tmp_path / "base.dxf")
    site = read_site(host(tmp_path / "plan.dxf", written), Settings())
    assert site.floors[0].outline.area == pytest.approx(AREA, rel=0.01)
    assert not [w for w in site.warnings if "base" in w]


def test_a_reference_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = save_hall(tmp_path / "plan.dxf")
    document = ezdxf.readfile(path)
    document.add_xref_def("/etc/structure.dxf", "structure")
    document.modelspace().add_blockref("structure", (0, 0))
    document.saveas(path)
    with speaking("en"):
        site = read_site(path, Settings())
    assert any("structure (structure.dxf)" in warning for warning in site.warnings)


def test_drawings_that_refer_to_each_other_end(tmp_path: Path) -> None:
    host(tmp_path / "base.dxf", "plan.dxf")
    host(tmp_path / "plan.dxf", "base.dxf")
    with pytest.raises(PlanFileError):
        read_site(tmp_path / "plan.dxf", Settings())


def test_blocks_in_a_circle_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    path = save_hall(tmp_path / "plan.dxf")
    document = ezdxf.readfile(path)
    for one, other in (("甲", "乙"), ("乙", "甲")):
        document.blocks.new(one).add_blockref(other, (0, 0))
    document.modelspace().add_blockref("甲", (0, 0))
    document.saveas(path)
    with speaking("en"):
        site = read_site(path, Settings())
    assert site.floors[0].outline.area == pytest.approx(AREA, rel=0.01)
    assert any("hold themselves" in warning for warning in site.warnings)


@pytest.mark.parametrize("look", ["nested", "mirrored", "scaled", "turned about x", "raised"])
def test_a_hall_within_blocks_is_the_hall(tmp_path: Path, look: str) -> None:
    document = ezdxf.new("R2010", units=4)
    inner = document.blocks.new("inner")
    draw_hall(Pen(inner, placed(Unit.MM), ZH))
    document.blocks.new("outer").add_blockref("inner", (500, 500), {"xscale": 2, "yscale": 2})
    attributes = {
        "nested": {"xscale": 0.5, "yscale": 0.5}, "mirrored": {"xscale": -0.5, "yscale": 0.5}, "scaled": {"xscale": 0.5, "yscale": 0.5, "rotation": 30},
        "turned about x": {"xscale": 0.5, "yscale": 0.5, "extrusion": (0, 0, -1)}, "raised": {"xscale": 0.5, "yscale": 0.5, "zscale": 3},
    }[look]  # fmt: skip
    document.modelspace().add_blockref("outer", (1e6, -2e6, 4500 if look == "raised" else 0), attributes)
    document.saveas(tmp_path / "plan.dxf")
    (floor,) = read_site(tmp_path / "plan.dxf", Settings()).floors
    assert floor.outline.area == pytest.approx(AREA, rel=0.01)
    assert len([o for o in floor.obstacles if o.kind == "column"]) == 6


def test_no_number_and_what_lies_beyond_the_globe_is_left_out(tmp_path: Path) -> None:
    path = save_hall(tmp_path / "plan.dxf")
    document = ezdxf.readfile(path)
    space = document.modelspace()
    for value in (float("nan"), float("inf"), 1e300, -1e300, 5e11):
        space.add_line((value, 0), (1, value), {"layer": "墙"})
        space.add_circle((value, 0), 1, {"layer": "柱"})
        space.add_arc((0, 0), value, 0, 90, dxfattribs={"layer": "门"})
        space.add_lwpolyline([(0, 0), (value, 0), (value, value)], close=True, dxfattribs={"layer": "柱"})
    document.saveas(path)
    (floor,) = read_site(path, Settings()).floors
    assert floor.outline.area == pytest.approx(AREA, rel=0.01)
    assert len([o for o in floor.obstacles if o.kind == "column"]) == 6
