"""Signs that hang already, as offices of other habits draw them: other tags, words in blocks or beside them, blocks in blocks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import ezdxf
import pytest
from ezdxf.document import Drawing
from ezdxf.layouts import Modelspace

from hallplan.read.drawing import read_site
from hallplan.settings import Settings, make_settings

Draw = Callable[[Drawing, Modelspace], None]
AT = (5000, 6000)


def hall() -> tuple[Drawing, Modelspace]:
    """A hall of 20 × 12 m in mm."""
    document = ezdxf.new("R2010")
    document.header["$INSUNITS"] = 4
    space = document.modelspace()
    for inset in (0, 240):
        low, wide, deep = inset, 20000 - inset, 12000 - inset
        corners = [(low, low), (wide, low), (wide, deep), (low, deep)]
        space.add_lwpolyline(corners, close=True, dxfattribs={"layer": "墙"})
    space.add_line((9000, 0), (10800, 0), {"layer": "门"})
    space.add_text("大厅", height=300, dxfattribs={"insert": (10000, 6000), "layer": "文字"})
    return document, space


def block(document: Drawing, name: str, *lines: str, fixed: dict[str, str] | None = None) -> None:
    made = document.blocks.new(name)
    made.add_lwpolyline([(-600, -50), (600, -50), (600, 50), (-600, 50)], close=True)
    for n, line in enumerate(lines):
        made.add_mtext(line, dxfattribs={"insert": (0, 200 - 150 * n), "char_height": 100})
    for tag, words in (fixed or {}).items():
        made.add_attdef(tag, (0, 0), words).is_const = True


def put(space: Modelspace, name: str, layer: str, tags: dict[str, str] | None = None, turn: float = 0.0) -> None:
    insert = space.add_blockref(name, AT, {"layer": layer, "rotation": turn})
    for tag, words in (tags or {}).items():
        insert.add_attrib(tag, words, AT)


def english_tags(document: Drawing, space: Modelspace) -> None:
    block(document, "DXP-01")
    tags = {"CONTENT1": "综合窗口 ->", "CONTENT2": "取号区 <-", "CHAR_HEIGHT": "160", "FACING": "S"}
    put(space, "DXP-01", "A-SIGN-DIRC", {**tags, "MOUNTING": "Ceiling", "HEIGHT": "2.6m"})


def words_inside(document: Drawing, space: Modelspace) -> None:
    block(document, "吊牌-A", r"{\fSimSun|b0;卫生间 →}\PToilets")
    put(space, "吊牌-A", "0")


def exit_light(document: Drawing, space: Modelspace) -> None:
    block(document, "出口灯")
    put(space, "出口灯", "E-EMLT")


def words_beside(document: Drawing, space: Modelspace) -> None:
    block(document, "SYM1")
    put(space, "SYM1", "导视-平面")
    space.add_text("等候区 ↑", height=200, dxfattribs={"layer": "导视-平面", "insert": (5400, 6600)})


def words_alone(document: Drawing, space: Modelspace) -> None:
    del document
    more = {"layer": "I_SIGN", "char_height": 200}
    space.add_mtext("咨询台 ←", dxfattribs={**more, "insert": AT, "rotation": 90})
    space.add_mtext("说明：由厂家深化设计", dxfattribs={**more, "insert": (5000, 2000)})


def own_tag_and_arrow(document: Drawing, space: Modelspace) -> None:
    block(document, "K9")
    tags = {"编号": "B-12", "标识内容": "自助服务区", "箭头": "左", "字高": "15cm", "底标高": "2400", "材质": "亚克力"}
    put(space, "K9", "0", tags)


def blocks_in_a_block(document: Drawing, space: Modelspace) -> None:
    block(document, "导向牌A")
    sheet = document.blocks.new("标识平面布置")
    inner = sheet.add_blockref("导向牌A", AT, {"rotation": 90})
    inner.add_attrib("文字", "填单区 →", AT)
    inner.add_attrib("HEIGHT", "200", AT)
    space.add_blockref("标识平面布置", (0, 0))


def constant_words(document: Drawing, space: Modelspace) -> None:
    block(document, "门牌", fixed={"名称": "母婴室"})
    put(space, "门牌", "标识", {"编号": "3"})


def unknown_tag(document: Drawing, space: Modelspace) -> None:
    block(document, "指示牌")
    put(space, "指示牌", "标识", {"BT": "取件窗口 ▶", "LX": "贴墙式"})


def name_of_its_type(document: Drawing, space: Modelspace) -> None:
    block(document, "M-3", "取号区 Tickets")
    put(space, "M-3", "标识", {"名称": "吊挂式导向牌", "朝向": "90°"}, turn=180.0)


@pytest.mark.parametrize(
    ("draw", "chinese", "english", "figures", "looks_deg", "sure"),
    [
        (english_tags, "综合窗口 → 取号区 ←", "", (160.0, 2.6, "hung", False), 270.0, 0.95),
        (words_inside, "卫生间 →", "Toilets", (0.0, 0.0, "hung", False), 90.0, 0.7),
        (exit_light, "安全出口", "", (0.0, 0.0, "", False), 90.0, 0.8),
        (words_beside, "等候区 ↑", "", (0.0, 0.0, "", False), 90.0, 0.5),
        (words_alone, "咨询台 ←", "", (0.0, 0.0, "", True), 180.0, 0.35),
        (own_tag_and_arrow, "← 自助服务区", "", (150.0, 2.4, "", False), 90.0, 0.95),
        (blocks_in_a_block, "填单区 →", "", (200.0, 0.0, "", False), 180.0, 0.95),
        (constant_words, "母婴室", "", (0.0, 0.0, "door", False), 90.0, 0.95),
        (unknown_tag, "取件窗口 →", "", (0.0, 0.0, "", False), 90.0, 0.6),
        (name_of_its_type, "取号区 Tickets", "", (0.0, 0.0, "", False), 90.0, 0.7),
    ],
)
def test_a_sign_is_read_as_its_office_draws_it(
    draw: Draw,
    chinese: str,
    english: str,
    figures: tuple[float, float, str, bool],
    looks_deg: float,
    sure: float,
    tmp_path: Path,
) -> None:
    document, space = hall()
    draw(document, space)
    document.saveas(tmp_path / "a.dxf")
    site = read_site(tmp_path / "a.dxf", Settings())
    (sign,) = site.signs
    assert (sign.text_zh, sign.text_en) == (chinese, english)
    assert (sign.char_mm, sign.height_m, sign.mount, sign.is_double) == figures
    assert (sign.facing_deg + site.floors[0].frame.rotation_deg) % 360 == pytest.approx(looks_deg)
    assert sign.confidence == sure
    told = [guess for guess in site.guesses if chinese in guess.what]
    assert bool(told) == (sure < 0.8)  # what was guessed is told with what mends it
    assert all(guess.confidence == sure and guess.setting for guess in told)


def test_settings_name_the_blocks_and_the_attribute_of_signs(tmp_path: Path) -> None:
    document, space = hall()
    block(document, "QQ-7")
    put(space, "QQ-7", "0", {"ZW": "综合窗口", "BZ": "请勿触摸"})
    document.saveas(tmp_path / "a.dxf")
    assert read_site(tmp_path / "a.dxf", Settings()).signs == ()
    told = {"drawing": {"sign_blocks": ["QQ-*"], "sign_text": ["ZW"]}}
    (sign,) = read_site(tmp_path / "a.dxf", make_settings({"file": told}, "hallplan.toml")[0]).signs
    assert (sign.text_zh, sign.source) == ("综合窗口", "ZW")


def test_symbols_of_drawing_practice_are_no_signs(tmp_path: Path) -> None:
    document, space = hall()
    block(document, "INDEX")
    put(space, "INDEX", "索引标志", {"NO": "3", "SHEET": "A-07"})
    block(document, "DESIGN", "设计")
    put(space, "DESIGN", "DESIGN-SIGNAL")
    space.add_text("图例：标识", height=200, dxfattribs={"layer": "标识", "insert": (3000, 3000)})
    document.saveas(tmp_path / "a.dxf")
    assert read_site(tmp_path / "a.dxf", Settings()).signs == ()
