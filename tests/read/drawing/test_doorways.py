"""Inner walls as others draw them: doors put on walls that run through, short ends beside doors, notes beside the plan."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import ezdxf
import pytest

from hallplan.errors import PlanFileError
from hallplan.model.site import Floor, ObstacleKind
from hallplan.read.drawing import read_site
from hallplan.settings import Settings
from tests.read.drawing.drawings import ZH, Pen

WIDTH, DEPTH, ACROSS = 24.0, 14.0, 12.0


def _floor(path: Path, draw: Callable[[Pen], None]) -> Floor:
    document = ezdxf.new("R2010", units=6)
    pen = Pen(document.modelspace(), lambda x, y: (x, y), ZH)
    corners = [(0.0, 0.0), (WIDTH, 0.0), (WIDTH, DEPTH), (0.0, DEPTH)]
    for inset in (0.0, 0.24):
        pen.ring("wall", [(x + inset * (1 if x == 0 else -1), y + inset * (1 if y == 0 else -1)) for x, y in corners])
    draw(pen)
    document.saveas(path)
    return read_site(path, Settings()).floors[0]


def _wall_across(pen: Pen) -> None:
    """A wall of 0.24 m across the whole hall, without a gap."""
    pen.wall((ACROSS, 0.24), (ACROSS, DEPTH - 0.24), 0.24)


def _fixed_inside(floor: Floor) -> list[float]:
    """Areas of the fixed walls that stand free of the outer ones, m²."""
    walls = [wall for wall in floor.of_kind(ObstacleKind.WALL) if wall.is_fixed]
    return [wall.area.area for wall in walls if wall.area.distance(floor.outline.exterior) > 0.5]


@pytest.mark.parametrize("off_m", [-0.24, -0.1, 0.0, 0.1])
def test_a_door_drawn_on_a_wall_that_runs_through_opens_it(tmp_path: Path, off_m: float) -> None:
    def with_door(pen: Pen) -> None:
        _wall_across(pen)
        pen.leaf((ACROSS + off_m, 6.0), (ACROSS + off_m, 7.0), 1.0)

    shut, opened = _floor(tmp_path / "shut.dxf", _wall_across), _floor(tmp_path / "open.dxf", with_door)
    assert len(shut.usable.geoms) == 2
    assert len(opened.usable.geoms) == 1
    assert opened.usable.area - shut.usable.area == pytest.approx(0.24 * 1.0, abs=0.02)


@pytest.mark.parametrize("off_m", [0.3, 0.45, 0.6])
def test_a_door_against_which_a_wall_stands_opens_nothing(tmp_path: Path, off_m: float) -> None:
    def blocked(pen: Pen) -> None:
        _wall_across(pen)
        pen.wall((ACROSS + off_m + 0.2, 4.0), (ACROSS + off_m + 0.2, 9.0), 0.2)
        pen.leaf((ACROSS, 6.0), (ACROSS, 7.0), -1.0)

    assert len(_floor(tmp_path / "plan.dxf", blocked).usable.geoms) == 2


def test_a_lining_behind_a_door_in_its_gap_stays(tmp_path: Path) -> None:
    """A wall with a gap for its door, and a second wall 0.1 m behind it that runs through: the door is walled up."""

    def lined(pen: Pen) -> None:
        pen.wall((ACROSS, 0.24), (ACROSS, DEPTH - 0.24), 0.24, ((5.76, 6.76),))
        pen.wall((ACROSS + 0.34, 0.24), (ACROSS + 0.34, DEPTH - 0.24), 0.24)
        pen.leaf((ACROSS - 0.12, 6.0), (ACROSS - 0.12, 7.0), 1.0)

    def bare(pen: Pen) -> None:
        pen.wall((ACROSS, 0.24), (ACROSS, DEPTH - 0.24), 0.24, ((5.76, 6.76),))
        pen.wall((ACROSS + 0.34, 0.24), (ACROSS + 0.34, DEPTH - 0.24), 0.24)

    areas = [_floor(tmp_path / f"{draw.__name__}.dxf", draw).usable.area for draw in (lined, bare)]
    assert areas[0] == pytest.approx(areas[1], abs=1e-6)


def test_short_ends_of_a_thin_wall_beside_its_doors_go_with_it(tmp_path: Path) -> None:
    def thin(pen: Pen) -> None:
        # between two doors 0.3 m of a wall of 0.12 m are left: its ends face one another as the sides of a wall of 0.3 m would
        pen.wall((5.0, 7.0), (16.0, 7.0), 0.12, ((4.0, 5.0), (5.3, 6.3)))

    floor = _floor(tmp_path / "thin.dxf", thin)
    assert _fixed_inside(floor) == []
    assert sum(not wall.is_fixed for wall in floor.of_kind(ObstacleKind.WALL)) == 3


def test_the_short_end_of_a_thick_wall_stays_with_it(tmp_path: Path) -> None:
    def thick(pen: Pen) -> None:
        pen.wall((5.0, 7.0), (16.0, 7.0), 0.24, ((0.12, 1.12),))
        pen.wall((5.0, 3.0), (5.0, 10.0), 0.24)

    floor = _floor(tmp_path / "thick.dxf", thick)
    assert sum(_fixed_inside(floor)) == pytest.approx(0.24 * (11.0 - 1.0 + 7.0), rel=0.02)
    assert all(wall.is_fixed for wall in floor.of_kind(ObstacleKind.WALL))


def test_a_pier_between_two_doors_of_a_thick_wall_stays(tmp_path: Path) -> None:
    def doored(pen: Pen) -> None:
        pen.wall((5.0, 7.0), (16.0, 7.0), 0.24, ((4.0, 5.0), (5.15, 6.15)))

    floor = _floor(tmp_path / "plan.dxf", doored)
    assert len(_fixed_inside(floor)) == 3
    assert all(wall.is_fixed for wall in floor.of_kind(ObstacleKind.WALL))


def test_a_thick_wall_drawn_round_in_many_short_lines_stays(tmp_path: Path) -> None:
    """A round wall of 0.24 m, each of whose 72 pairs of lines is shorter than the wall is thick."""

    def round_wall(pen: Pen) -> None:
        for radius in (2.0, 2.24):
            points = [
                (ACROSS + radius * math.cos(n * math.pi / 36), 7.0 + radius * math.sin(n * math.pi / 36))
                for n in range(72)
            ]
            pen.ring("wall", points)

    floor = _floor(tmp_path / "plan.dxf", round_wall)
    assert sum(_fixed_inside(floor)) == pytest.approx(math.pi * (2.24**2 - 2.0**2), rel=0.02)


@pytest.mark.parametrize("note", ["ROOF BELOW", "See detail 3", "详见大样", "(roof over)", "二层上空"])
def test_a_note_beside_a_plan_is_not_its_title(tmp_path: Path, note: str) -> None:
    floor = _floor(tmp_path / "plan.dxf", lambda pen: pen.text(note, (WIDTH / 2, -3.0)))
    assert floor.outline.area == pytest.approx(WIDTH * DEPTH, rel=0.01)


@pytest.mark.parametrize(
    "title", ["屋顶平面", "南立面图", "Section A-A", "Section A-A (see sheet 5)", "1-1剖面图（见结施-07）"]
)
def test_what_is_titled_as_something_else_is_no_floor(tmp_path: Path, title: str) -> None:
    with pytest.raises(PlanFileError):
        _floor(tmp_path / "plan.dxf", lambda pen: pen.text(title, (WIDTH / 2, -3.0)))


@pytest.mark.parametrize(("title", "level"), [
    ("二层平面图（家具见装施-03）", 2), ("3层平面图 (详见建施-05)", 3), ("二层平面图（大堂上空）", 2),
    ("Second floor plan - see A-301", 2), ("平面图（二层）", 2),
])  # fmt: skip
def test_what_a_title_notes_by_the_way_takes_nothing_from_it(tmp_path: Path, title: str, level: int) -> None:
    assert _floor(tmp_path / "plan.dxf", lambda pen: pen.text(title, (WIDTH / 2, -3.0))).level == level
