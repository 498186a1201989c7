"""Floors above ground are entered from their stairs and lifts, and doors beside the main door are part of it."""

from __future__ import annotations

import math
import re
from pathlib import Path

import ezdxf
import pytest
from shapely.geometry import Point, Polygon

from hallplan.model.site import Floor, ObstacleKind, OpeningRole
from hallplan.read.drawing import read_site
from hallplan.settings import Drawing, Entrances, Settings
from hallplan.units import Unit
from tests.read.drawing.drawings import DEPTH_M, OUTER, WIDTH_M, ZH, Pen, draw_hall, placed


def _upper(folder: Path, *, has_stair: bool = True) -> Path:
    """A third floor without outer doors: a stair with a door in the west, a stair with a lift in the middle."""
    document = ezdxf.new("R2010")
    document.header["$INSUNITS"] = 4
    pen = Pen(document.modelspace(), placed(Unit.MM), ZH)
    w, d = WIDTH_M, DEPTH_M
    for a, b in (((0, 0), (w, 0)), ((w, 0), (w, d)), ((w, d), (0, d)), ((0, d), (0, 0))):
        pen.wall(a, b, OUTER)
    if has_stair:
        for x, hinge in ((0.24, 3.6), (13.0, 16.4)):
            pen.wall((x, 6.0), (x + 4.0, 6.0), OUTER)
            pen.wall((x + 4.0, 0.24), (x + 4.0, 6.0), OUTER, ((hinge - x, hinge - x + 1.0),))
            pen.wall((x, 0.24), (x, 6.0), OUTER)
            for step in range(9):
                pen.line("stair", (x + 0.5, 1.0 + 0.28 * step), (x + 2.5, 1.0 + 0.28 * step))
            pen.text("楼梯间", (x + 2.0, 5.0))
            pen.leaf((x + 3.88, hinge - x + 0.24), (x + 3.88, hinge - x + 1.24), 1.0)
        for a, b in (((17.5, 0.3), (19.5, 2.5)), ((17.5, 2.5), (19.5, 0.3))):
            pen.line("stair", a, b)
    pen.text("三层平面图", (w / 2, -3.0), 0.8)
    document.saveas(folder / "upper.dxf")
    return folder / "upper.dxf"


def _can_step_in(floor: Floor, door_id: str) -> bool:
    door = next(o for o in floor.openings if o.id == door_id)
    turn = math.radians(door.inward_deg)
    steps = [Point(door.at[0] + by * math.cos(turn), door.at[1] + by * math.sin(turn)) for by in (0.5, 1.0, 1.5)]
    ground = max(floor.usable.geoms, key=lambda part: part.area)
    return all(ground.contains(step) for step in steps)


def test_a_floor_above_ground_is_entered_at_the_stair_with_the_lift(tmp_path: Path) -> None:
    site = read_site(_upper(tmp_path), Settings())
    (floor,) = site.floors
    assert floor.level == 3
    (main,) = floor.with_role(OpeningRole.MAIN)
    (staff,) = floor.with_role(OpeningRole.STAFF)
    assert not main.is_exterior
    assert 13.0 < floor.frame.point_to_drawing_m(main.at)[0] < 20.0
    assert floor.frame.point_to_drawing_m(staff.at)[0] < 5.0
    assert _can_step_in(floor, main.id)
    assert _can_step_in(floor, staff.id)
    guess = next(guess for guess in site.guesses if "main" in guess.setting)
    numbers = [float(number) for number in re.findall(r"-?[0-9.]+", guess.setting)]
    assert guess.setting.startswith("[entrances] main = [[")
    assert numbers == pytest.approx(floor.frame.point_to_drawing(main.at), abs=0.1)
    assert 0.0 < guess.confidence < 1.0


def test_the_setting_that_a_guess_names_gives_the_same_entrance(tmp_path: Path) -> None:
    path = _upper(tmp_path)
    floor = read_site(path, Settings()).floors[0]
    for wanted in floor.with_role(OpeningRole.MAIN, OpeningRole.STAFF):
        told = Settings(entrances=Entrances(main=[list(floor.frame.point_to_drawing(wanted.at))]))
        (main,) = read_site(path, told).floors[0].with_role(OpeningRole.MAIN)
        assert main.at == pytest.approx(wanted.at, abs=0.05)
        assert main.inward_deg == pytest.approx(wanted.inward_deg)


def test_a_floor_above_ground_without_stairs_is_entered_through_its_wall(tmp_path: Path) -> None:
    floor = read_site(_upper(tmp_path, has_stair=False), Settings()).floors[0]
    assert len(floor.with_role(OpeningRole.MAIN)) == 1


def test_stairs_are_no_entrance_where_another_floor_has_one(tmp_path: Path) -> None:
    document = ezdxf.new("R2010")
    document.header["$INSUNITS"] = 4
    draw_hall(Pen(document.modelspace(), placed(Unit.MM), ZH), "二层平面图")
    draw_hall(Pen(document.modelspace(), placed(Unit.MM, origin_m=(50.0, 0.0)), ZH), "一层平面图")
    document.saveas(tmp_path / "two.dxf")
    first, second = read_site(tmp_path / "two.dxf", Settings()).floors
    assert first.with_role(OpeningRole.MAIN)
    assert not second.with_role(OpeningRole.MAIN)
    (alone,) = read_site(tmp_path / "two.dxf", Settings(drawing=Drawing(floors=["F2"]))).floors
    (main,) = alone.with_role(OpeningRole.MAIN)
    stair: Polygon = alone.of_kind(ObstacleKind.STAIR)[0].area
    assert stair.distance(main.line) < 0.5
    assert _can_step_in(alone, main.id)


def test_doors_beside_the_main_door_are_main_too(tmp_path: Path) -> None:
    document = ezdxf.new("R2010")
    document.header["$INSUNITS"] = 4
    pen = Pen(document.modelspace(), placed(Unit.MM), ZH)
    pen.wall((0, 0), (30, 0), OUTER, ((10.0, 11.8), (12.0, 13.8), (20.0, 21.8)))
    for a, b in (((30, 0), (30, 18)), ((30, 18), (0, 18)), ((0, 18), (0, 0))):
        pen.wall(a, b, OUTER)
    for x in (10.0, 12.0, 20.0):
        pen.leaf((x, 0.12), (x + 0.9, 0.12), 1.0)
        pen.leaf((x + 1.8, 0.12), (x + 0.9, 0.12), -1.0)
    pen.text("主入口", (10.9, -1.0))
    document.saveas(tmp_path / "beside.dxf")
    floor = read_site(tmp_path / "beside.dxf", Settings()).floors[0]
    xs = sorted(floor.frame.point_to_drawing_m(door.at)[0] for door in floor.with_role(OpeningRole.MAIN))
    assert xs == pytest.approx([10.9, 12.9], abs=0.05)
