"""Signs that hang in the hall already, as blocks with attributes."""

from __future__ import annotations

from pathlib import Path

import ezdxf
import pytest

from hallplan.model.site import DrawnSign
from hallplan.read.drawing import read_site
from hallplan.settings import Settings

TAGS = ("文字", "英文", "字高", "安装高度", "安装方式", "面数")


def drawn(path: Path, tags: dict[str, str], *, layer: str = "标识", block: str = "X-1", turn: float = 0.0) -> Path:
    """A hall of 20 × 12 m in mm with one block at (5 m, 6 m)."""
    document = ezdxf.new("R2010")
    document.header["$INSUNITS"] = 4
    space = document.modelspace()
    for inset in (0, 240):
        low, wide, deep = inset, 20000 - inset, 12000 - inset
        corners = [(low, low), (wide, low), (wide, deep), (low, deep)]
        space.add_lwpolyline(corners, close=True, dxfattribs={"layer": "墙"})
    space.add_line((9000, 0), (10800, 0), {"layer": "门"})
    space.add_text("大厅", height=300, dxfattribs={"insert": (10000, 6000), "layer": "文字"})
    made = document.blocks.new(block)
    made.add_lwpolyline([(-600, -50), (600, -50), (600, 50), (-600, 50)], close=True)
    insert = space.add_blockref(block, (5000, 6000), {"layer": layer, "rotation": turn})
    for tag, words in tags.items():
        insert.add_attrib(tag, words, (5000, 6000))
    document.saveas(path)
    return path


def signs(path: Path) -> tuple[DrawnSign, ...]:
    return read_site(path, Settings()).signs


def test_a_block_with_attributes_on_a_layer_of_signs_is_a_sign(tmp_path: Path) -> None:
    words = ("← 综合窗口  ↑ 取号", "← Windows", "160", "2600", "吊挂", "双面")
    site = read_site(drawn(tmp_path / "a.dxf", dict(zip(TAGS, words, strict=True)), turn=90), Settings())
    (sign,) = site.signs
    at = site.floors[0].frame.point_to_drawing_m(sign.at)
    assert (sign.text_zh, sign.text_en, sign.char_mm, sign.height_m) == (*words[:2], 160.0, 2.6)
    assert (sign.mount, sign.is_double) == ("hung", True)
    assert at == pytest.approx((5.0, 6.0), abs=1e-3)
    # the face looks along +y of the block, which is turned by 90° from north to west
    assert (sign.facing_deg + site.floors[0].frame.rotation_deg) % 360 == pytest.approx(180.0)


def test_a_block_named_for_signs_counts_on_any_layer_and_others_do_not(tmp_path: Path) -> None:
    assert len(signs(drawn(tmp_path / "a.dxf", {"TEXT": "取号"}, layer="0", block="SIGN-3"))) == 1
    assert signs(drawn(tmp_path / "b.dxf", {"TEXT": "取号"}, layer="设备", block="PC-3")) == ()
    assert signs(drawn(tmp_path / "c.dxf", {"编号": "3"})) == ()


def test_a_sign_does_not_change_what_else_is_read(tmp_path: Path) -> None:
    with_sign = read_site(drawn(tmp_path / "a.dxf", {"TEXT": "取号"}), Settings()).floors[0]
    without = read_site(drawn(tmp_path / "b.dxf", {}, layer="家具"), Settings()).floors[0]
    assert with_sign.free_area_m2 == pytest.approx(without.free_area_m2)
    assert len(with_sign.obstacles) == len(without.obstacles)
