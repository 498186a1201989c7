"""What lines are is told by the way they are drawn: units by stairs and lifts, voids by bent lines, wings by their ring."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ezdxf
import pytest

from hallplan.model.site import ObstacleKind
from hallplan.read.drawing import read_site
from hallplan.settings import Settings
from hallplan.units import Unit
from tests.read.drawing.drawings import ZH, Pen, draw_hall, placed

INCH_CODE = 1


def _shell(document: Any, k: float) -> Pen:
    """A room of 40 × 30 m within thick old walls of 1 m, its unit worth 1/k metres."""
    pen = Pen(document.modelspace(), lambda x, y: (x * k, y * k), ZH | {"lift": "电梯"})
    for corners in ([(0, 0), (40, 0), (40, 30), (0, 30)], [(1, 1), (39, 1), (39, 29), (1, 29)]):
        pen.ring("wall", [(float(x), float(y)) for x, y in corners])
    return pen


def test_steps_and_lift_wells_tell_the_unit_where_walls_mislead(tmp_path: Path) -> None:
    document = ezdxf.new(units=INCH_CODE)
    pen = _shell(document, 100.0)
    for n in range(12):
        pen.line("stair", (3.0 + 0.28 * n, 3.0), (3.0 + 0.28 * n, 4.6))
    for x in (10.0, 13.0, 16.0):
        pen.ring("lift", [(x, 3.0), (x + 2.1, 3.0), (x + 2.1, 5.0), (x, 5.0)])
    document.saveas(tmp_path / "plan.dxf")
    site = read_site(tmp_path / "plan.dxf", Settings())
    assert site.unit == Unit.CM
    assert site.floors[0].outline.area == pytest.approx(1200.0, rel=0.01)


def test_bent_lines_are_voids_with_one_arm_along_the_edge_too(tmp_path: Path) -> None:
    document = ezdxf.new(units=4)
    pen = Pen(document.modelspace(), placed(Unit.MM), ZH)
    draw_hall(pen)
    for knee in ((9.5, 8.2), (16.0, 8.4)):
        x = knee[0] - 0.5 if knee[0] < 10 else knee[0]
        pen.line("wall", (x, 2.0), knee)
        pen.line("wall", knee, (x + 5.0, 9.0))
        pen.ring("wall", [(x, 2.0), (x + 5.0, 2.0), (x + 5.0, 9.0), (x, 9.0)])
    document.saveas(tmp_path / "plan.dxf")
    floor = read_site(tmp_path / "plan.dxf", Settings()).floors[0]
    assert sorted(o.area.area for o in floor.of_kind(ObstacleKind.VOID)) == pytest.approx([35.0, 35.0], rel=0.01)


def test_slanting_walls_that_meet_are_no_void(tmp_path: Path) -> None:
    document = ezdxf.new(units=4)
    pen = Pen(document.modelspace(), placed(Unit.MM), ZH)
    draw_hall(pen)
    pen.line("wall", (9.0, 2.0), (9.5, 8.2))
    pen.line("wall", (9.5, 8.2), (14.0, 9.0))
    document.saveas(tmp_path / "plan.dxf")
    floor = read_site(tmp_path / "plan.dxf", Settings()).floors[0]
    assert floor.of_kind(ObstacleKind.VOID) == ()


def test_wings_that_one_ring_holds_are_one_plan(tmp_path: Path) -> None:
    """Two wings 6 m apart with an open arcade between; the closed line on the area layer takes in all of it."""
    document = ezdxf.new(units=4)
    pen = Pen(document.modelspace(), placed(Unit.MM), ZH)
    for x in (0.0, 26.0):
        pen.ring("wall", [(x, 0.0), (x + 20, 0.0), (x + 20, 15.0), (x, 15.0)])
        pen.ring("wall", [(x + 0.24, 0.24), (x + 19.76, 0.24), (x + 19.76, 14.76), (x + 0.24, 14.76)])
    pen.ring("wall", [(0.0, 0.0), (46.0, 0.0), (46.0, 15.0), (0.0, 15.0)], layer="建筑面积线")
    document.saveas(tmp_path / "plan.dxf")
    site = read_site(tmp_path / "plan.dxf", Settings())
    assert [floor.outline.area for floor in site.floors] == [pytest.approx(46.0 * 15.0, rel=0.01)]
