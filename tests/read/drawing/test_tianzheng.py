"""Drawings of older Tianzheng: unit blocks with an underscore, aprons on the stair layer, fixtures by number, typical storeys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ezdxf
import pytest
from shapely.geometry import Point

from hallplan.model.site import Floor, ObstacleKind, OpeningRole
from hallplan.read.drawing import read_site
from hallplan.settings import Settings
from hallplan.units import Unit
from tests.read.drawing.drawings import Pen, placed

LAYERS = {
    "wall": "WALL", "door": "WINDOW", "window": "WINDOW", "column": "COLUMN", "stair": "STAIR", "text": "PUB_TEXT", "dim": "PUB_DIM",
}  # fmt: skip
WIDTH, DEPTH, THICK = 24.0, 15.0, 0.24
COLUMNS = [(x, y) for x in (6.0, 12.0, 18.0) for y in (5.0, 10.0)]
DOOR, WINDOWS = (11.25, 12.75), [(2.0, 4.1), (16.0, 18.1), (20.0, 22.1)]
STEPS = 8


class Sheet:
    """A hall of 24 × 15 m in mm whose columns, windows and door are unit blocks."""

    def __init__(self, title: str = "一层平面图") -> None:
        self.document = ezdxf.new("R2007")
        self.space: Any = self.document.modelspace()
        self.pen = Pen(self.space, placed(Unit.MM), LAYERS)
        self._blocks()
        w, d = WIDTH, DEPTH
        self.pen.wall((0, 0), (w, 0), THICK, (*WINDOWS[:1], DOOR, *WINDOWS[1:]))
        for a, b in (((w, 0), (w, d)), ((w, d), (0, d)), ((0, d), (0, 0))):
            self.pen.wall(a, b, THICK)
        for x, y in COLUMNS:
            self.put("_FZH", "COLUMN", (x, y), (0.5, 0.5))
        for x0, x1 in WINDOWS:
            self.put("_WBLK", "WINDOW", ((x0 + x1) / 2, THICK / 2), (x1 - x0, THICK))
        self.put("_DBLK1", "WINDOW", ((DOOR[0] + DOOR[1]) / 2, THICK / 2), (1.5, 1.5))
        self.pen.text(title, (w / 2, -5.0), 0.8)

    def _blocks(self) -> None:
        column, window, door = (self.document.blocks.new(name) for name in ("_FZH", "_WBLK", "_DBLK1"))
        column.add_solid([(-0.5, -0.5), (0.5, -0.5), (-0.5, 0.5), (0.5, 0.5)])
        for y in (-0.5, -0.17, 0.17, 0.5):
            window.add_line((-0.5, y), (0.5, y))
        for side in (-1, 1):
            door.add_line((0.5 * side, 0), (0.5 * side, 0.5))
        door.add_arc((-0.5, 0), 0.5, 0, 90)
        door.add_arc((0.5, 0), 0.5, 90, 180)

    def put(self, block: str, layer: str, at: tuple[float, float], size: tuple[float, float]) -> None:
        scales = {"xscale": size[0] * 1000, "yscale": size[1] * 1000}
        self.space.add_blockref(block, (at[0] * 1000, at[1] * 1000), dxfattribs={"layer": layer, **scales})

    def read(self, folder: Path) -> Floor:
        self.document.saveas(folder / "plan.dxf")
        (floor,) = read_site(folder / "plan.dxf", Settings()).floors
        return floor


def test_columns_doors_and_windows_with_underscored_names_are_read(tmp_path: Path) -> None:
    floor = Sheet().read(tmp_path)
    columns = floor.of_kind(ObstacleKind.COLUMN)
    assert (
        sorted(tuple(round(v, 2) for v in floor.frame.point_to_drawing_m(c.area.centroid.coords[0])) for c in columns)
        == COLUMNS
    )
    assert all(column.area.area == pytest.approx(0.25) for column in columns)
    assert len(floor.glazing) == len(WINDOWS)
    (door,) = floor.openings
    assert (door.role, door.width_m) == (OpeningRole.MAIN, pytest.approx(1.5, abs=0.05))
    assert floor.outline.area == pytest.approx(WIDTH * DEPTH, rel=0.001)


@pytest.mark.parametrize("arrow", ["_DOT", "_ArchTick", "_Oblique", "_Open90", "*D7"])
def test_arrowheads_and_pictures_of_dimensions_are_no_building(tmp_path: Path, arrow: str) -> None:
    sheet = Sheet()
    block = sheet.document.blocks.new(arrow)
    for a, b in (((0, 0), (6, 0)), ((0, 0.24), (6, 0.24))):
        block.add_line(a, b)
    sheet.space.add_blockref(arrow, (3000, 7000), dxfattribs={"layer": "WALL", "xscale": 1000, "yscale": 1000})
    assert not [wall for wall in sheet.read(tmp_path).of_kind(ObstacleKind.WALL) if wall.area.centroid.y > 1.0]


def _with_stair(sheet: Sheet, x: float) -> None:
    """A flight that goes up along the east wall, from x to the inner face."""
    for n in range(STEPS):
        sheet.pen.line("stair", (x, 6.0 + 0.3 * n), (WIDTH - THICK, 6.0 + 0.3 * n))


def test_an_apron_around_the_building_is_no_stair(tmp_path: Path) -> None:
    sheet, out = Sheet(), 0.6
    _with_stair(sheet, 22.0)
    corners = [(-out, -out), (WIDTH + out, -out), (WIDTH + out, DEPTH + out), (-out, DEPTH + out)]
    for n, corner in enumerate(corners):
        sheet.pen.line("stair", corner, corners[n - 1])
        sheet.pen.line("stair", corner, (min(max(corner[0], 0.0), WIDTH), min(max(corner[1], 0.0), DEPTH)))
    (stair,) = sheet.read(tmp_path).of_kind(ObstacleKind.STAIR)
    assert stair.area.area == pytest.approx((WIDTH - THICK - 22.0) * 0.3 * (STEPS - 1), rel=0.01)


def test_a_stair_inside_and_a_ramp_outside_a_wall_are_two(tmp_path: Path) -> None:
    sheet = Sheet()
    _with_stair(sheet, 22.0)
    for n in range(40):
        sheet.pen.line("stair", (WIDTH, 4.0 + 0.2 * n), (WIDTH + 1.3, 4.0 + 0.2 * n))
    floor = sheet.read(tmp_path)
    (stair,) = floor.of_kind(ObstacleKind.STAIR)
    assert stair.area.area == pytest.approx((WIDTH - THICK - 22.0) * 0.3 * (STEPS - 1), rel=0.01)
    assert floor.outline.area == pytest.approx(WIDTH * DEPTH, rel=0.001)


def _with_room(sheet: Sheet, width: float, depth: float) -> None:
    """A room in the south-west corner with a door of 0.9 m towards the hall, seen from its inner faces."""
    x, y = THICK + width, THICK + depth
    sheet.pen.wall((x, y + 0.12), (THICK, y + 0.12), 0.12, ((0.6, 1.5),))
    sheet.pen.wall((x, THICK), (x, y + 0.12), -0.12)
    sheet.pen.leaf((x - 0.6, y + 0.06), (x - 1.5, y + 0.06), 1.0)


@pytest.mark.parametrize(("width", "depth", "is_toilet"), [(4.0, 4.0, True), (7.0, 8.0, False)])
def test_a_small_room_with_fixtures_is_a_toilet_and_a_kitchen_is_none(
    tmp_path: Path, width: float, depth: float, is_toilet: bool
) -> None:
    sheet = Sheet()
    _with_room(sheet, width, depth)
    block = sheet.document.blocks.new("M_E2")
    block.add_lwpolyline([(0, 0), (0.28, 0), (0.28, 0.5), (0, 0.5)], close=True)
    for n in range(4):
        sheet.put("M_E2", "LVTRY", (0.5 + 0.9 * n, 0.3), (1.0, 1.0))
    floor = sheet.read(tmp_path)
    toilets = floor.of_kind(ObstacleKind.TOILET)
    assert len(toilets) == is_toilet
    if is_toilet:
        assert toilets[0].area.area == pytest.approx(width * depth, rel=0.02)


@pytest.mark.parametrize(("title", "level"), [("标准层平面图", 2), ("Typical floor plan", 2), ("一层平面图", 1)])
def test_a_typical_storey_lies_above_the_ground(tmp_path: Path, title: str, level: int) -> None:
    assert Sheet(title).read(tmp_path).level == level


def test_a_plant_room_open_to_the_stairwell_by_which_visitors_come_in_can_be_walked(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.pen.wall((9.0, THICK), (9.0, 8.0), THICK)
    sheet.pen.wall((15.0, 8.0), (15.0, THICK), THICK, ((2.0, 3.0),))
    sheet.pen.wall((15.24, 8.0), (8.76, 8.0), -THICK)
    sheet.pen.leaf((15.12, 6.0), (15.12, 5.0), 1.0)
    for n in range(STEPS):
        sheet.pen.line("stair", (9.0, 5.0 + 0.3 * n), (12.0, 5.0 + 0.3 * n))
    sheet.pen.text("空调机房", (12.0, 3.0))
    floor = sheet.read(tmp_path)
    (main,) = floor.with_role(OpeningRole.MAIN)
    assert floor.usable.contains(Point(main.at[0], main.at[1] + 1.0))
    assert not floor.of_kind(ObstacleKind.PLANT)
    assert len(floor.of_kind(ObstacleKind.STAIR)) == 1


@pytest.mark.parametrize(("doors", "count"), [("through the lobby", 1), ("each from the hall", 2)])
def test_toilets_entered_through_a_lobby_are_one_with_it(tmp_path: Path, doors: str, count: int) -> None:
    """Two rooms of 3 × 3 m side by side, before them, or not, a lobby of 6 × 2 m with the only door to the hall."""
    sheet, is_lobby = Sheet(), doors == "through the lobby"
    east, mid, top, front = THICK + 6.12, THICK + 3.0, THICK + 3.0, THICK + 5.12
    rows = [(top, ((0.6, 1.5), (3.72, 4.62)))] + [(front, ((0.6, 1.5),))] * is_lobby
    for y, openings in rows:
        sheet.pen.wall((THICK, y), (east, y), 0.12, openings)
        for start, end in openings:
            sheet.pen.leaf((THICK + start, y + 0.06), (THICK + end, y + 0.06), 1.0)
    sheet.pen.wall((east, THICK), (east, rows[-1][0] + 0.12), -0.12)
    sheet.pen.wall((mid, THICK), (mid, top), -0.12)
    block = sheet.document.blocks.new("M_E2")
    block.add_lwpolyline([(0, 0), (0.28, 0), (0.28, 0.5), (0, 0.5)], close=True)
    for x in (0.5, 1.6, 3.7, 4.8):
        sheet.put("M_E2", "LVTRY", (x, 0.3), (1.0, 1.0))
    for x in (1.0, 3.0) if is_lobby else ():
        sheet.put("M_E2", "LVTRY", (x, top + 0.3), (1.0, 1.0))
    floor = sheet.read(tmp_path)
    toilets = floor.of_kind(ObstacleKind.TOILET)
    assert len(toilets) == count
    assert sum(t.area.area for t in toilets) == pytest.approx(6.12 * 5.12 if is_lobby else 2 * 9.0, rel=0.02)
    assert all(len(floor.fronts_of(toilet.area)) == 1 for toilet in toilets)
