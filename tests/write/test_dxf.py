"""DXF: overlays the architect's drawing exactly, on our own layers, clean and the same every time."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import ezdxf
import pytest
from ezdxf.document import Drawing
from ezdxf.entities import DXFGraphic
from shapely.geometry import Polygon

from hallplan.model.flow import Routes
from hallplan.model.plan import Alternative, Plan
from hallplan.model.shapes import Frame
from hallplan.model.signs import SignPlan
from hallplan.settings import Settings, make_settings
from hallplan.terms import speaking
from hallplan.units import METRES_PER, Unit
from hallplan.write.dxf import APPID, layer_names, write_dxf, write_overlay
from tests.scene.furnished import furnished_plan

DATA = Path(__file__).parents[2] / ".." / "shared" / "data" / "dxf"
TENTH_OF_A_MM = 1e-4


def in_frame(plan: Plan, frame: Frame) -> Plan:
    floors = tuple(replace(floor, frame=frame) for floor in plan.site.floors)
    return replace(plan, site=replace(plan.site, unit=frame.unit, floors=floors))


def bare(plan: Plan) -> Plan:
    """The plan with zones and three pieces of furniture, which is drawn fast."""
    alternative = plan.alternatives[0]
    layout = replace(alternative.layout, furniture=alternative.layout.furniture[:3], partitions=(), demolished=())
    return replace(plan, alternatives=(Alternative(layout, Routes((), ()), SignPlan((), (), ()), ()),))


def ours(document: Drawing, kind: str) -> list[DXFGraphic]:
    return [e for e in document.modelspace() if e.has_xdata(APPID) and e.get_xdata(APPID)[0].value == kind]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return furnished_plan()


@pytest.fixture(scope="module")
def overlay(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Drawing:
    path = tmp_path_factory.mktemp("dxf") / "layout-overlay.dxf"
    write_overlay(plan, 1, path, Settings())
    return ezdxf.readfile(path)


@pytest.mark.parametrize(
    "frame", [Frame(Unit.MM, (100.0, 50.0)), Frame(Unit.M, (-3.0, 1200.5), 12.5), Frame(Unit.IN, (0.0, 0.0), -30.0)]
)
def test_zones_read_back_as_they_were_placed(plan: Plan, frame: Frame, tmp_path: Path) -> None:
    moved = in_frame(bare(plan), frame)
    write_overlay(moved, 1, tmp_path / "a.dxf", Settings())
    found = {e.get_xdata(APPID)[1].value: e for e in ours(ezdxf.readfile(tmp_path / "a.dxf"), "zone")}
    assert set(found) == {zone.zone for zone in plan.alternatives[0].layout.zones}
    for zone in plan.alternatives[0].layout.zones:
        corners = [(x, y) for x, y, *_ in found[zone.zone].get_points()]
        back = frame.to_plan(Polygon(corners))
        assert back.hausdorff_distance(zone.area) < TENTH_OF_A_MM
        assert found[zone.zone].closed


def test_every_piece_of_furniture_is_a_block_with_its_number(plan: Plan, overlay: Drawing) -> None:
    layout = plan.alternatives[0].layout
    inserts = ours(overlay, "furniture")
    assert {e.get_xdata(APPID)[1].value for e in inserts} == {item.id for item in layout.furniture}
    shown = {e.get_attrib_text("WINDOW") for e in inserts if e.has_attrib("WINDOW")}
    assert shown == {item.window for item in layout.furniture if item.window}


def test_blocks_stand_where_the_furniture_stands(plan: Plan, overlay: Drawing) -> None:
    frame = plan.site.floors[0].frame
    pieces = {item.id: item for item in plan.alternatives[0].layout.furniture}
    for insert in ours(overlay, "furniture"):
        item = pieces[insert.get_xdata(APPID)[1].value]
        assert math.dist(insert.dxf.insert.vec2, frame.point_to_drawing(item.at)) < 0.1
        assert insert.dxf.rotation == pytest.approx((item.facing_deg - 90.0) % 360.0)


def test_window_numbers_never_stand_on_their_heads(overlay: Drawing) -> None:
    for insert in ours(overlay, "furniture"):
        for attrib in insert.attribs:
            assert -45.0 < attrib.dxf.rotation < 135.1


def test_the_sheets_have_viewports_at_scale(overlay: Drawing) -> None:
    document = overlay
    names = document.layouts.names_in_taborder()
    assert {"功能分区图", "平面布置图", "动线图", "标识点位图", "强弱电点位图", "拆改图", "家具尺寸定位图"} <= set(
        names
    )
    for name in names[1:]:
        ports = [v for v in document.layout(name).query("VIEWPORT") if v.dxf.status > 1 or v.dxf.id > 1]
        scale = ports[-1].dxf.view_height / ports[-1].dxf.height
        assert scale in (pytest.approx(100.0), pytest.approx(150.0))


def test_a_sheet_freezes_the_layers_it_does_not_want(overlay: Drawing) -> None:
    document = overlay
    port = list(document.layout("功能分区图").query("VIEWPORT"))[-1]
    layers = layer_names(Settings())
    assert layers["route_public"] in port.frozen_layers
    assert layers["zone"] not in port.frozen_layers


def test_a_viewport_shows_the_building_whole(plan: Plan, overlay: Drawing) -> None:
    port = list(overlay.layout("平面布置图").query("VIEWPORT"))[-1]
    floor = plan.site.floors[0]
    outline = floor.frame.to_drawing(floor.outline).bounds
    height = port.dxf.view_height
    width = height * port.dxf.width / port.dxf.height
    x, y = port.dxf.view_center_point.vec2
    assert x - width / 2 < outline[0]
    assert outline[2] < x + width / 2
    assert y - height / 2 < outline[1]
    assert outline[3] < y + height / 2


def test_paper_space_names_the_project_and_every_zone(plan: Plan, overlay: Drawing) -> None:
    texts = " ".join(e.dxf.text for e in overlay.layout("功能分区图").query("TEXT"))
    assert plan.title in texts
    for zone in plan.programme.zones:
        assert zone.name in texts


def test_dimensions_tell_millimetres_whatever_the_unit(plan: Plan, tmp_path: Path) -> None:
    for unit in (Unit.MM, Unit.M):
        path = tmp_path / f"{unit}.dxf"
        write_overlay(in_frame(bare(plan), Frame(unit)), 1, path, Settings())
        document = ezdxf.readfile(path)
        lengths = [
            e.get_measurement() * document.dimstyles.get(e.dxf.dimstyle).dxf.dimlfac
            for e in ours(document, "dimension")
        ]
        assert any(length == pytest.approx(62_000.0) for length in lengths)


def test_english_layers_and_song_type_on_request(plan: Plan, tmp_path: Path) -> None:
    settings, _ = make_settings({"flag": {"output": {"layers": "en", "font": "ttf", "lang": "en"}}})
    with speaking("en"):
        write_overlay(bare(plan), 1, tmp_path / "a.dxf", settings)
    document = ezdxf.readfile(tmp_path / "a.dxf")
    assert "HP-ZONE" in document.layers
    assert not any(layer.dxf.name.startswith("HP-功") for layer in document.layers)
    assert document.styles.get("HP-TEXT").dxf.font == "simsun.ttc"
    assert "Furniture plan" in document.layouts.names()


def architects_drawing(path: Path, version: str = "R2010") -> None:
    document = ezdxf.new(version, units=4)
    space = document.modelspace()
    if version != "R12":
        document.layers.add("HP-功能区", color=1)
        document.styles.add("HP-TEXT", font="romans.shx")
        document.blocks.new("HP-CHAIR-600X600").add_line((0, 0), (1, 1))
        space.add_blockref("HP-CHAIR-600X600", (5, 5))
    space.add_line((100_000, 50_000), (162_000, 50_000), {"layer": "WALL"})
    space.add_text("大厅", height=300).set_placement((110_000, 60_000))
    document.saveas(path)


@pytest.mark.parametrize("version", ["R12", "R2000", "R2004", "R2010", "R2018"])
def test_the_original_stays_whole_and_the_version_too(plan: Plan, tmp_path: Path, version: str) -> None:
    architects_drawing(tmp_path / "plan.dxf", version)
    before = ezdxf.readfile(tmp_path / "plan.dxf")
    write_dxf(bare(plan), 1, tmp_path / "plan.dxf", tmp_path / "out.dxf", Settings())
    after = ezdxf.readfile(tmp_path / "out.dxf")
    theirs = [e for e in after.modelspace() if not e.has_xdata(APPID)]
    assert [e.dxftype() for e in theirs] == [e.dxftype() for e in before.modelspace()]
    assert [e.dxf.layer for e in theirs] == [e.dxf.layer for e in before.modelspace()]
    assert after.dxfversion == max(before.dxfversion, "AC1015")
    assert not after.audit().has_errors


def test_names_that_the_architect_took_are_left_to_them(plan: Plan, tmp_path: Path) -> None:
    architects_drawing(tmp_path / "plan.dxf")
    write_dxf(bare(plan), 1, tmp_path / "plan.dxf", tmp_path / "out.dxf", Settings())
    after = ezdxf.readfile(tmp_path / "out.dxf")
    assert after.styles.get("HP-TEXT").dxf.font == "romans.shx"
    assert len(after.blocks.get("HP-CHAIR-600X600")) == 1
    assert after.layers.get("HP-功能区").dxf.color == 1


def test_planning_our_own_output_again_leaves_one_plan(plan: Plan, tmp_path: Path) -> None:
    architects_drawing(tmp_path / "plan.dxf")
    write_dxf(bare(plan), 1, tmp_path / "plan.dxf", tmp_path / "one.dxf", Settings())
    write_dxf(bare(plan), 1, tmp_path / "one.dxf", tmp_path / "two.dxf", Settings())
    assert len(ours(ezdxf.readfile(tmp_path / "two.dxf"), "zone")) == len(plan.alternatives[0].layout.zones)
    once, twice = (ezdxf.readfile(tmp_path / name) for name in ("one.dxf", "two.dxf"))
    assert sorted(once.layouts.names()) == sorted(twice.layouts.names())


def test_tints_lie_beneath_the_architects_lines(plan: Plan, tmp_path: Path) -> None:
    architects_drawing(tmp_path / "plan.dxf")
    write_dxf(bare(plan), 1, tmp_path / "plan.dxf", tmp_path / "out.dxf", Settings())
    space = ezdxf.readfile(tmp_path / "out.dxf").modelspace()
    order = {handle: int(sort, 16) for handle, sort in space.get_redraw_order()}
    tints = [order[e.dxf.handle] for e in space.query("HATCH")]
    theirs = [int(e.dxf.handle, 16) for e in space if not e.has_xdata(APPID)]
    assert max(tints) < max(theirs)


def test_extents_hold_everything_with_a_margin(plan: Plan, overlay: Drawing) -> None:
    document, floor = overlay, plan.site.floors[0]
    low, high = document.header["$EXTMIN"], document.header["$EXTMAX"]
    outline = floor.frame.to_drawing(floor.outline).bounds
    assert low[0] < outline[0]
    assert low[1] < outline[1]
    assert high[0] > outline[2]
    assert high[1] > outline[3]


def test_the_overlay_is_clean(overlay: Drawing) -> None:
    auditor = overlay.audit()
    assert not auditor.has_errors
    assert not auditor.has_fixes


@pytest.mark.slow
@pytest.mark.parametrize("name", ["daoshi_floor1", "planga2_blocoA", "proxymix_learning_center"])
def test_real_drawings_come_through(plan: Plan, tmp_path: Path, name: str) -> None:
    source = DATA / f"{name}.dxf"
    if not source.is_file():
        pytest.skip(f"{source.name} is not beside the checkout")
    unit = Unit.M if name.startswith("planga2") else Unit.MM
    before = ezdxf.readfile(source)
    flawed = len(before.audit().errors)
    low = next(e for e in before.modelspace() if e.dxftype() in ("LINE", "LWPOLYLINE"))
    start = low.dxf.start if low.dxftype() == "LINE" else low.get_points()[0]
    frame = Frame(unit, (start[0] * METRES_PER[unit], start[1] * METRES_PER[unit]), 3.0)
    write_dxf(in_frame(bare(plan), frame), 1, source, tmp_path / "out.dxf", Settings())
    after = ezdxf.readfile(tmp_path / "out.dxf")
    assert len(after.audit().errors) <= flawed
    theirs = [e.dxftype() for e in after.modelspace() if not e.has_xdata(APPID)]
    assert theirs == [e.dxftype() for e in ezdxf.readfile(source).modelspace()]


WRITER = """
import sys
from pathlib import Path
from hallplan.model.signs import SignPlan
from hallplan.settings import Settings
from hallplan.write.dxf import write_dxf
from hallplan.write.pdf import write_contact_sheet, write_drawings
from hallplan.write.png import write_png
from hallplan.write.svg import write_svg
from tests.scene.furnished import furnished_plan
plan, folder = furnished_plan(), Path(sys.argv[1])
write_dxf(plan, 1, None, folder / "a.dxf", Settings())
write_svg(plan, 1, folder / "a.svg", Settings())
write_png(plan, 1, folder / "a.png", Settings())
write_drawings(plan, 1, folder / "a.pdf", Settings())
write_contact_sheet(plan, folder / "c.pdf", Settings())
"""


@pytest.mark.slow
def test_drawings_are_the_same_bytes_under_other_clocks_and_hashes(tmp_path: Path) -> None:
    for folder, seed, zone in (("one", "1", "UTC"), ("two", "77", "Asia/Shanghai")):
        (tmp_path / folder).mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        root = Path(__file__).parents[2]
        call = [sys.executable, "-c", WRITER, str(tmp_path / folder)]
        subprocess.run(call, check=True, env=environment, cwd=root, timeout=120)
    for name in ("a.dxf", "a.svg", "a.png", "a.pdf", "c.pdf"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
