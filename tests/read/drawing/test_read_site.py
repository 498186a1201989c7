"""The same hall drawn in many ways is read the same."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import ezdxf
import pytest
from shapely.geometry import Point, box

from hallplan.model.site import ObstacleKind, OpeningRole, Site
from hallplan.read.drawing import read_site
from hallplan.settings import Drawing, Entrances, Settings
from hallplan.units import Unit
from tests.read.drawing.drawings import DEPTH_M, EN, WIDTH_M, ZH, Pen, draw_hall, placed, save_hall

AREA_M2 = WIDTH_M * DEPTH_M


def _facts(site: Site) -> dict[str, object]:
    floor = site.floors[0]
    return {
        "outline": round(floor.outline.area, 0),
        "columns": len(floor.of_kind(ObstacleKind.COLUMN)),
        "doors": len(floor.openings),
        "roles": sorted(str(o.role) for o in floor.openings if o.is_exterior),
        "stairs": len(floor.of_kind(ObstacleKind.STAIR)),
        "toilets": len(floor.of_kind(ObstacleKind.TOILET)),
        "free": round(floor.free_area_m2 / 5),
    }


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return read_site(save_hall(tmp_path_factory.mktemp("hall") / "hall.dxf"), Settings())


def test_a_tidy_hall_is_read_whole(hall: Site) -> None:
    floor = hall.floors[0]
    assert hall.unit == Unit.MM
    assert floor.outline.area == pytest.approx(AREA_M2, rel=0.005)
    assert len(floor.of_kind(ObstacleKind.COLUMN)) == 6
    assert len(floor.openings) == 4  # main double door, back door, toilet, office; the stair has a plain gap
    assert len(floor.of_kind(ObstacleKind.STAIR)) == 1
    assert len(floor.of_kind(ObstacleKind.TOILET)) == 1
    assert [link.kind for link in floor.links] == [ObstacleKind.STAIR]


def test_the_lobby_door_is_the_main_entrance_and_the_back_door_the_staff_one(hall: Site) -> None:
    floor = hall.floors[0]
    (main,) = floor.with_role(OpeningRole.MAIN)
    (staff,) = floor.with_role(OpeningRole.STAFF)
    assert main.width_m == pytest.approx(1.8, abs=0.02)
    assert main.inward_deg == pytest.approx(90.0, abs=0.5)
    assert staff.inward_deg == pytest.approx(270.0, abs=0.5)
    assert floor.frame.point_to_drawing(main.at) == pytest.approx((14700.0, 120.0), abs=20.0)


def test_thin_walls_may_go_and_thick_ones_stay(hall: Site) -> None:
    walls = hall.floors[0].of_kind(ObstacleKind.WALL)
    light = [wall for wall in walls if not wall.is_fixed]
    assert sum(wall.area.area for wall in light) == pytest.approx(0.12 * (6.0 - 0.9 - 0.24 + 3.76), rel=0.15)
    kept = Settings(drawing=Drawing(keep_partitions=True))
    assert kept.drawing.keep_partitions


def test_usable_ground_is_inside_and_clear_of_stairs_and_toilets(hall: Site) -> None:
    floor = hall.floors[0]
    blocked = [o.area for o in floor.obstacles if o.kind in (ObstacleKind.STAIR, ObstacleKind.TOILET)]
    assert floor.usable.within(floor.outline.buffer(1e-6))
    assert all(floor.usable.intersection(area).area < 0.05 for area in blocked)
    assert max(part.area for part in floor.usable.geoms) > 0.7 * AREA_M2


def test_rooms_carry_their_names(hall: Site) -> None:
    rooms = {room.name: room.area.area for room in hall.floors[0].rooms if room.name}
    assert rooms["办公室"] == pytest.approx((30 - 0.24 - 24) * (4 - 0.24), rel=0.06)
    assert "卫生间" in rooms


def test_windows_give_glazing(hall: Site) -> None:
    assert sum(line.length for line in hall.floors[0].glazing) == pytest.approx(9.0, abs=1.0)


@pytest.mark.parametrize("unit", [Unit.CM, Unit.M, Unit.IN])
@pytest.mark.parametrize("header", [None, 4])
def test_the_unit_is_what_the_geometry_says(tmp_path: Path, hall: Site, unit: Unit, header: int | None) -> None:
    site = read_site(save_hall(tmp_path / "twin.dxf", unit, header=header), Settings())
    assert site.unit == unit
    assert _facts(site) == _facts(hall)
    assert bool(header) == any("INSUNITS" in warning for warning in site.warnings)
    assert site.unit_evidence


def test_the_unit_set_by_the_user_wins(tmp_path: Path) -> None:
    path = save_hall(tmp_path / "m.dxf", Unit.M)
    assert read_site(path, Settings(drawing=Drawing(unit=Unit.M))).unit == Unit.M


@pytest.mark.parametrize(
    "place",
    [{"turn_deg": 30.0}, {"turn_deg": -14.0, "origin_m": (5e5, 3.2e6)}, {"origin_m": (4.2e5, 3.9e6)}, {"mirrored": True}],
    ids=["turned", "turned far away", "far away", "mirrored"],
)  # fmt: skip
def test_place_and_turn_do_not_matter(tmp_path: Path, hall: Site, place: dict[str, object]) -> None:
    site = read_site(save_hall(tmp_path / "moved.dxf", **place), Settings())
    assert _facts(site) == _facts(hall)
    frame = site.floors[0].frame
    turn = float(place.get("turn_deg", 0.0))  # type: ignore[arg-type]
    assert (frame.rotation_deg - turn) % 90.0 == pytest.approx(0.0, abs=0.05) or (
        frame.rotation_deg - turn
    ) % 90 > 89.95
    x0, y0, *_ = site.floors[0].outline.bounds
    assert -1e-6 < x0 < 1
    assert -1e-6 < y0 < 1


def test_the_frame_leads_back_to_the_drawing(tmp_path: Path) -> None:
    site = read_site(save_hall(tmp_path / "t.dxf", turn_deg=30.0, origin_m=(1000.0, 2000.0)), Settings())
    floor = site.floors[0]
    corner = placed(Unit.MM, 30.0, (1000.0, 2000.0))(0.0, 0.0)
    assert floor.frame.to_drawing(floor.outline).distance(Point(corner)) < 5.0


def test_english_layer_names_do_as_well(tmp_path: Path, hall: Site) -> None:
    assert _facts(read_site(save_hall(tmp_path / "en.dxf", layers=EN), Settings())) == _facts(hall)


def test_a_layer_map_wins_over_names(tmp_path: Path, hall: Site) -> None:
    odd = {kind: f"L{n:02d}" for n, kind in enumerate(ZH)}
    names = {kind: [odd[kind]] for kind in ("wall", "door", "window", "column", "stair")}
    drawing = Drawing(layers={**names, "ignore": ["L06"]})
    assert _facts(read_site(save_hall(tmp_path / "odd.dxf", layers=odd), Settings(drawing=drawing))) == _facts(hall)


def test_blocks_in_blocks_are_opened(tmp_path: Path, hall: Site) -> None:
    document = ezdxf.new("R2010")
    document.header["$INSUNITS"] = 4
    inner, outer = document.blocks.new("hall"), document.blocks.new("sheet")
    draw_hall(Pen(inner, placed(Unit.M), ZH))
    outer.add_blockref("hall", (5.0, 5.0), dxfattribs={"rotation": 90})
    document.modelspace().add_blockref("sheet", (1000, 0), dxfattribs={"xscale": -1000, "yscale": 1000, "zscale": 1000})
    document.saveas(tmp_path / "blocks.dxf")
    assert _facts(read_site(tmp_path / "blocks.dxf", Settings())) == _facts(hall)


def test_a_block_that_holds_itself_ends(tmp_path: Path, hall: Site) -> None:
    path = save_hall(tmp_path / "cycle.dxf")
    document = ezdxf.readfile(path)
    block = document.blocks.new("loop")
    block.add_blockref("loop", (1, 1))
    document.modelspace().add_blockref("loop", (0, 0))
    document.saveas(path)
    assert _facts(read_site(path, Settings())) == _facts(hall)


def test_strays_and_frames_do_not_widen_the_outline(tmp_path: Path, hall: Site) -> None:
    path = save_hall(tmp_path / "stray.dxf")
    document = ezdxf.readfile(path)
    space = document.modelspace()
    space.add_line((650000, 0), (651000, 0), dxfattribs={"layer": "墙"})
    space.add_xline((0, 0), (1, 1), dxfattribs={"layer": "墙"})
    space.add_lwpolyline(
        [(-9000, -9000), (60000, -9000), (60000, 40000), (-9000, 40000)], close=True, dxfattribs={"layer": "图框"}
    )
    document.saveas(path)
    assert _facts(read_site(path, Settings())) == _facts(hall)


def test_gbk_names_behind_a_wrong_code_page_are_put_right(tmp_path: Path, hall: Site) -> None:
    path = save_hall(tmp_path / "gbk.dxf", version="R2000", encoding="gbk")
    path.write_bytes(path.read_bytes().replace(b"ANSI_936", b"ANSI_1252"))
    site = read_site(path, Settings())
    assert _facts(site) == _facts(hall)
    assert site.encoding == "gbk"
    assert site.repairs


def test_escaped_names_are_read(tmp_path: Path, hall: Site) -> None:
    path = save_hall(tmp_path / "escaped.dxf", version="R2000")  # cp1252 with \\U+5899 for 墙
    assert rb"\U+" in path.read_bytes()
    assert _facts(read_site(path, Settings())) == _facts(hall)


def test_accented_names_are_not_taken_for_chinese(tmp_path: Path) -> None:
    path = save_hall(tmp_path / "pt.dxf", layers={**EN, "text": "Edificação", "dim": "Observações"}, version="R2000")
    assert read_site(path, Settings()).encoding == "cp1252"


def test_a_gap_in_the_wall_is_closed_and_told(tmp_path: Path) -> None:
    path = _with_gap(tmp_path, 2.0)
    site = read_site(path, Settings())
    assert site.floors[0].outline.area == pytest.approx(100.0, rel=0.02)
    assert [gap.width_m for gap in site.gaps_closed] == pytest.approx([2.0], abs=0.15)
    x, y = site.gaps_closed[0].at
    assert (x, y) == pytest.approx((5.0, 0.1), abs=0.2)


def _with_gap(folder: Path, width: float) -> Path:
    document = ezdxf.new("R2010")
    document.header["$INSUNITS"] = 4
    pen = Pen(document.modelspace(), placed(Unit.MM), ZH)
    pen.wall((0, 0), (10, 0), 0.24, ((5 - width / 2, 5 + width / 2),))
    for a, b in (((10, 0), (10, 10)), ((10, 10), (0, 10)), ((0, 10), (0, 0))):
        pen.wall(a, b, 0.24)
    document.saveas(folder / "gap.dxf")
    return folder / "gap.dxf"


def test_marks_and_settings_name_the_entrances(tmp_path: Path) -> None:
    path = save_hall(tmp_path / "marks.dxf")
    document = ezdxf.readfile(path)
    space = document.modelspace()
    space.add_circle((25500, 17900), 300, dxfattribs={"layer": "HP-入口-次入口"})
    space.add_lwpolyline(
        [(9e3, 1e3), (12e3, 1e3), (12e3, 3e3), (9e3, 3e3)], close=True, dxfattribs={"layer": "HP-禁止"}
    )
    space.add_lwpolyline(
        [(16e3, 7e3), (20e3, 7e3), (20e3, 10e3), (16e3, 10e3)], close=True, dxfattribs={"layer": "HP-锁定"}
    )
    space.add_text("guide-1", height=300, dxfattribs={"layer": "HP-锁定"}).set_placement((17e3, 8e3))
    document.saveas(path)
    floor = read_site(path, Settings()).floors[0]
    assert len(floor.with_role(OpeningRole.SECOND)) == 1
    assert floor.keep_clear[0].area == pytest.approx(6.0, abs=0.01)
    assert (floor.locked[0].name, floor.locked[0].area.area) == ("guide-1", pytest.approx(12.0, abs=0.01))
    told = Settings(entrances=Entrances(main=[[25500.0, 17900.0]], staff=[[14700.0, 100.0]]))
    floor = read_site(save_hall(tmp_path / "told.dxf"), told).floors[0]
    assert floor.with_role(OpeningRole.MAIN)[0].inward_deg == pytest.approx(270.0, abs=1)
    assert floor.with_role(OpeningRole.STAFF)[0].inward_deg == pytest.approx(90.0, abs=1)


def test_a_hall_without_doors_gets_a_main_entrance_with_a_guess(tmp_path: Path) -> None:
    document = ezdxf.new("R2010")
    space = document.modelspace()
    for a, b in (((0, 0), (40, 0)), ((40, 0), (40, 20)), ((40, 20), (0, 20)), ((0, 20), (0, 0)), ((10, 0), (10, 20))):
        space.add_line(a, b, dxfattribs={"layer": "ARQ"})
    document.saveas(tmp_path / "lines.dxf")
    site = read_site(tmp_path / "lines.dxf", Settings())
    assert site.unit == Unit.M
    assert site.floors[0].outline.area == pytest.approx(800.0, rel=0.002)
    assert len(site.floors[0].with_role(OpeningRole.MAIN)) == 1
    assert any("[entrances] main" in guess.setting for guess in site.guesses)


def test_two_plans_side_by_side_are_two_floors_with_the_same_stairs(tmp_path: Path) -> None:
    document = ezdxf.new("R2010")
    document.header["$INSUNITS"] = 4
    draw_hall(Pen(document.modelspace(), placed(Unit.MM, origin_m=(0.0, 0.0)), ZH), "二层平面图")
    draw_hall(Pen(document.modelspace(), placed(Unit.MM, origin_m=(50.0, 0.0)), ZH), "一层平面图")
    document.saveas(tmp_path / "two.dxf")
    site = read_site(tmp_path / "two.dxf", Settings())
    first, second = site.floors
    assert [(floor.id, floor.level, floor.name) for floor in site.floors] == [
        ("F1", 1, "一层平面图"),
        ("F2", 2, "二层平面图"),
    ]
    assert first.frame.origin_m[0] == pytest.approx(50.0, abs=0.2)
    assert {link.id for link in first.links} == {link.id for link in second.links}
    only = read_site(tmp_path / "two.dxf", Settings(drawing=Drawing(floors=["F2"])))
    assert [floor.id for floor in only.floors] == ["F2"]


def test_a_region_chooses_one_plan(tmp_path: Path) -> None:
    document = ezdxf.new("R2010")
    draw_hall(Pen(document.modelspace(), placed(Unit.MM), ZH))
    draw_hall(Pen(document.modelspace(), placed(Unit.MM, origin_m=(50.0, 0.0)), ZH))
    document.saveas(tmp_path / "two.dxf")
    region = [-1000.0, -5000.0, 40000.0, 30000.0]
    assert len(read_site(tmp_path / "two.dxf", Settings(drawing=Drawing(region=region))).floors) == 1


def test_the_same_file_gives_the_same_site(tmp_path: Path) -> None:
    path = save_hall(tmp_path / "same.dxf", turn_deg=12.0)
    assert read_site(path, Settings()) == read_site(path, Settings())


def test_a_drawn_outline_that_is_mapped_wins(tmp_path: Path) -> None:
    path = save_hall(tmp_path / "ring.dxf")
    document = ezdxf.readfile(path)
    ring = [(0, 0), (20000, 0), (20000, 18000), (0, 18000)]
    document.modelspace().add_lwpolyline(ring, close=True, dxfattribs={"layer": "范围"})
    document.saveas(path)
    site = read_site(path, Settings(drawing=Drawing(layers={"outline": ["范围"]})))
    assert site.floors[0].outline.area == pytest.approx(360.0, abs=0.1)
    assert math.isclose(site.floors[0].outline.symmetric_difference(box(0, 0, 20, 18)).area, 0.0, abs_tol=0.1)


def _core(folder: Path, *, is_crossed: bool) -> Path:
    """A hall with columns, a meeting room of partitions between columns, and a lift car in a shaft beside a stair."""
    document = ezdxf.new("R2010")
    document.header["$INSUNITS"] = 4
    pen = Pen(document.modelspace(), placed(Unit.MM), {**ZH, "light": "隔墙"})
    for a, b in (((0, 0), (30, 0)), ((30, 0), (30, 18)), ((30, 18), (0, 18)), ((0, 18), (0, 0))):
        pen.wall(a, b, 0.24)
    for x in (8.0, 15.0):
        pen.ring("column", [(x - 0.3, 11.7), (x + 0.3, 11.7), (x + 0.3, 12.3), (x - 0.3, 12.3)])
        for side in (-0.05, 0.05):
            pen.line("light", (x + side, 12.3), (x + side, 17.76))
    for y in (11.95, 12.05):
        pen.line("light", (8.3, y), (10.0, y))
        pen.line("light", (10.9, y), (14.7, y))
    pen.leaf((10.0, 12.0), (10.9, 12.0), 1.0)
    pen.text("会议室", (11.5, 15.0))
    for a, b in (((24.0, 12.0), (24.0, 17.76)), ((27.0, 12.0), (27.0, 17.76))):
        pen.wall(a, b, 0.2)
    pen.wall((24.0, 15.0), (27.0, 15.0), 0.2, ((0.8, 1.9),))
    pen.ring("stair", [(24.2, 15.4), (26.6, 15.4), (26.6, 17.6), (24.2, 17.6)])
    if is_crossed:
        pen.line("stair", (24.2, 15.4), (26.6, 17.6))
        pen.line("stair", (24.2, 17.6), (26.6, 15.4))
    for step in range(12):
        pen.line("stair", (27.0, 13.0 + 0.28 * step), (29.76, 13.0 + 0.28 * step))
    pen.text("电梯", (25.4, 16.5))
    pen.text("电梯厅", (25.4, 10.0))
    pen.text("一层平面图  1:100", (5.0, -11.0), 0.8)
    document.saveas(folder / "core.dxf")
    return folder / "core.dxf"


@pytest.mark.parametrize("is_crossed", [True, False], ids=["crossed", "named alone"])
def test_a_lift_car_beside_a_stair_is_a_lift(tmp_path: Path, *, is_crossed: bool) -> None:
    floor = read_site(_core(tmp_path, is_crossed=is_crossed), Settings()).floors[0]
    (lift,) = floor.of_kind(ObstacleKind.LIFT)
    assert lift.area.area == pytest.approx(2.4 * 2.2, rel=0.02)
    (stair,) = floor.of_kind(ObstacleKind.STAIR)
    assert stair.area.intersection(lift.area).area < 0.01


def test_removable_partitions_between_columns_close_a_named_room(tmp_path: Path) -> None:
    floor = read_site(_core(tmp_path, is_crossed=True), Settings()).floors[0]
    rooms = {room.name: room.area.area for room in floor.rooms if room.name}
    assert rooms["会议室"] == pytest.approx(6.9 * 5.7, rel=0.05)
    assert "电梯厅" not in rooms  # it stands in the open hall
    assert floor.name == "一层平面图"


def test_single_line_rooms_close_and_the_lobby_is_entered_from_the_street(tmp_path: Path) -> None:
    document = ezdxf.new("R2010")
    shape = [(0, 8), (20, 8), (20, 0), (30, 0), (30, 8), (50, 8), (50, 28), (0, 28), (0, 8)]
    inner = [((0, 17), (20, 17)), ((30, 17), (50, 17)), ((0, 20), (50, 20)), ((20, 8), (20, 17)), ((30, 8), (30, 17))]
    inner += [((x, 20), (x, 28)) for x in (8, 16, 24, 32, 40)] + [((x, 8), (x, 17)) for x in (10, 40)]
    for a, b in [*pairwise(shape), *inner]:
        document.modelspace().add_line(a, b, dxfattribs={"layer": "ARQ"})
    document.saveas(tmp_path / "t.dxf")
    floor = read_site(tmp_path / "t.dxf", Settings()).floors[0]
    areas = sorted(room.area.area for room in floor.rooms)
    assert len(areas) == 11
    assert areas[-1] == pytest.approx(10 * 17 + 50 * 3, rel=0.03)
    (main,) = floor.with_role(OpeningRole.MAIN)
    assert floor.frame.point_to_drawing_m(main.at) == pytest.approx((25.0, 0.0), abs=0.1)
    assert main.inward_deg == pytest.approx(90.0)
