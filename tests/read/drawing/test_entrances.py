"""Which door is the main entrance: sliding doors drawn as thin blocks, entrance halls, rolling shutters, doors of service rooms."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ezdxf
import numpy as np
import pytest

from hallplan.model.site import Floor, Opening, OpeningRole
from hallplan.read.drawing import read_site
from hallplan.settings import Settings
from tests.read.drawing.drawings import ZH, Pen

WIDTH, DEPTH, THICK = 30.0, 16.0, 0.24
TURNS = [0.0, 23.0, 90.0]


def _floor(path: Path, draw: Callable[[Pen, Any], None], turn_deg: float = 0.0, south: tuple[tuple[float, float], ...] = ()) -> Floor:  # fmt: skip
    """A hall with a swing door in its north wall, gaps in its south wall, and what is drawn besides."""
    angle = math.radians(turn_deg)
    document = ezdxf.new("R2010", units=6)
    pen = Pen(document.modelspace(), lambda x, y: _turned(x, y, angle), ZH)
    pen.wall((0.0, 0.0), (WIDTH, 0.0), THICK, south)
    pen.wall((WIDTH, DEPTH), (0.0, DEPTH), THICK, ((WIDTH - 6.0, WIDTH - 5.1),))
    pen.wall((0.0, DEPTH), (0.0, 0.0), THICK)
    pen.wall((WIDTH, 0.0), (WIDTH, DEPTH), THICK)
    pen.leaf((5.1, DEPTH - THICK), (6.0, DEPTH - THICK), 1.0)
    draw(pen, document)
    document.saveas(path)
    return read_site(path, Settings()).floors[0]


def _turned(x: float, y: float, angle: float) -> tuple[float, float]:
    return x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)


def _panel(pen: Pen, document: Any, name: str, at: tuple[float, float], width: float, turn_deg: float = 0.0) -> None:
    """A sliding door as two thin panels, inserted with its left jamb at a place."""
    if name not in document.blocks:
        block = document.blocks.new(name)
        for x0, x1, y in ((0.0, 0.55, 0.0), (0.45, 1.0, 0.05)):
            block.add_lwpolyline([(x0, y), (x1, y), (x1, y + 0.04), (x0, y + 0.04)], close=True)
    scale = {"xscale": width, "yscale": 1.0, "rotation": turn_deg}
    pen.space.add_blockref(name, pen.move(*at), dxfattribs={"layer": ZH["door"], **scale})


def _mains(floor: Floor) -> list[Opening]:
    return [opening for opening in floor.openings if opening.role == OpeningRole.MAIN]


@pytest.mark.parametrize("turn_deg", TURNS)
@pytest.mark.parametrize("name", ["自动门", "推拉门2", "TLM-sliding door"])
def test_a_sliding_door_is_a_door(tmp_path: Path, name: str, turn_deg: float) -> None:
    def draw(pen: Pen, document: Any) -> None:
        _panel(pen, document, name, (12.0, 0.08), 2.4, turn_deg)

    floor = _floor(tmp_path / "a.dxf", draw, turn_deg, south=((12.0, 14.4),))
    (main,) = _mains(floor)
    assert main.width_m == pytest.approx(2.4, abs=0.02)
    assert main.is_exterior
    assert floor.outline.area == pytest.approx(WIDTH * DEPTH, rel=0.01)


def test_lift_doors_and_thick_blocks_are_none(tmp_path: Path) -> None:
    def draw(pen: Pen, document: Any) -> None:
        _panel(pen, document, "电梯门", (4.0, 8.0), 1.1)
        block = document.blocks.new("门卫室")
        block.add_lwpolyline([(0, 0), (3, 0), (3, 2), (0, 2)], close=True)
        pen.space.add_blockref("门卫室", (20.0, 8.0), dxfattribs={"layer": ZH["door"]})

    assert not [opening for opening in _floor(tmp_path / "a.dxf", draw).openings if not opening.is_exterior]


def test_a_rolling_shutter_is_no_main_entrance(tmp_path: Path) -> None:
    def draw(pen: Pen, document: Any) -> None:
        _panel(pen, document, "水平卷帘门", (4.0, 0.08), 5.0)
        _panel(pen, document, "自动门", (20.0, 0.08), 1.8)

    mains = _mains(_floor(tmp_path / "a.dxf", draw, south=((4.0, 9.0), (20.0, 21.8))))
    assert [main.width_m for main in mains] == [pytest.approx(1.8, abs=0.02)]


@pytest.mark.parametrize(("room", "is_main"), [("门厅", True), ("配电间", False), ("", False)])
def test_the_door_of_an_entrance_hall_is_the_main_one(tmp_path: Path, room: str, is_main: bool) -> None:
    """A door of 1.5 m into a room of its own at the corner, one of 2.4 m straight into the hall."""

    def draw(pen: Pen, document: Any) -> None:
        _panel(pen, document, "自动门", (2.0, 0.08), 1.5)
        _panel(pen, document, "推拉门", (18.0, 0.08), 2.4)
        pen.wall((8.0, THICK), (8.0, 6.0), THICK)
        pen.wall((THICK, 6.0), (8.0, 6.0), THICK, ((3.0, 4.0),))
        pen.leaf((3.24, 6.0), (4.24, 6.0), 1.0)
        if room:
            pen.text(room, (4.0, 3.0))

    (main,) = _mains(_floor(tmp_path / "a.dxf", draw, south=((2.0, 3.5), (18.0, 20.4))))
    assert (main.width_m < 2.0) == is_main


def test_windows_on_the_layer_of_doors_are_none(tmp_path: Path) -> None:
    """Five lines across a gap: the outer two go on as the faces of the wall, those between end at it."""
    gaps = tuple((x, x + 1.2) for x in np.arange(2.0, 26.0, 2.5).tolist())

    def draw(pen: Pen, _: Any) -> None:
        for start, end in gaps:
            for y in (0.0, 0.1, 0.135, 0.15, THICK):
                pen.line("door", (start, y), (end, y))

    floor = _floor(tmp_path / "a.dxf", draw, south=gaps)
    assert [opening.id for opening in floor.openings if opening.at[1] < 1.0] == []
    assert sum(line.length for line in floor.glazing) == pytest.approx(len(gaps) * 1.2, rel=0.05)


def test_a_revision_cloud_is_no_row_of_doors(tmp_path: Path) -> None:
    """Bows of 0.9 m around a note beside the south wall, each a chord of a closed line."""

    def draw(pen: Pen, _: Any) -> None:
        xs, ys = np.arange(8.0, 14.3, 0.9).tolist(), (-0.45, 1.35)
        ring = [(x, ys[0]) for x in xs] + [(xs[-1], 0.45)] + [(x, ys[1]) for x in reversed(xs)] + [(xs[0], 0.45)]
        pen.space.add_lwpolyline([(*pen.move(*point), 0.0, 0.0, 0.5) for point in ring], close=True, dxfattribs={"layer": "0"})  # fmt: skip

    floor = _floor(tmp_path / "a.dxf", draw)
    assert [round(opening.at[1]) for opening in floor.openings] == [16]


def test_arcs_drawn_twice_are_a_door_still(tmp_path: Path) -> None:
    """Two leaves of 0.9 m without lines, each of whose swings is drawn twice, meet one another at both ends."""

    def draw(pen: Pen, _: Any) -> None:
        for _n in range(2):
            pen.space.add_arc((10.0, THICK), 0.9, 0.0, 90.0, dxfattribs={"layer": ZH["door"]})
            pen.space.add_arc((11.8, THICK), 0.9, 90.0, 180.0, dxfattribs={"layer": ZH["door"]})

    (main,) = _mains(_floor(tmp_path / "a.dxf", draw, south=((10.0, 11.8),)))
    assert main.width_m == pytest.approx(1.8, abs=0.02)


@pytest.mark.parametrize(("name", "is_off"), [("自动门", True), ("AC_INDOOR_UNIT", False), ("阀门", False), ("DRAWER UNIT", False)])  # fmt: skip
def test_blocks_that_are_hidden_or_named_like_doors_are_none(tmp_path: Path, name: str, is_off: bool) -> None:
    def draw(pen: Pen, document: Any) -> None:
        _panel(pen, document, name, (12.0, 0.08), 1.2)
        if is_off:
            document.layers.add("旧门").off()
            pen.space.query("INSERT")[0].dxf.layer = "旧门"

    assert [opening.id for opening in _floor(tmp_path / "a.dxf", draw).openings if opening.at[1] < 1.0] == []


def test_a_panel_away_from_walls_is_no_door(tmp_path: Path) -> None:
    def draw(pen: Pen, document: Any) -> None:
        _panel(pen, document, "推拉门", (12.0, 8.0), 1.8)

    assert len(_floor(tmp_path / "a.dxf", draw).openings) == 1


def test_leaves_within_a_sliding_door_are_one_door(tmp_path: Path) -> None:
    def draw(pen: Pen, document: Any) -> None:
        leaf, whole = document.blocks.new("门扇"), document.blocks.new("四扇自动门")
        leaf.add_lwpolyline([(0, 0), (1, 0), (1, 0.05), (0, 0.05)], close=True)
        for n in range(4):
            whole.add_blockref("门扇", (float(n), 0.0))
        pen.space.add_blockref("四扇自动门", (10.0, 0.1), dxfattribs={"layer": ZH["door"]})

    mains = _mains(_floor(tmp_path / "a.dxf", draw, south=((10.0, 14.0),)))
    assert [main.width_m for main in mains] == [pytest.approx(4.0, abs=0.02)]


def test_a_narrow_exit_of_an_entrance_hall_is_not_its_entrance(tmp_path: Path) -> None:
    """The hall has a door of 0.9 m to the north, the street door leads into it through a porch without a name."""

    def draw(pen: Pen, document: Any) -> None:
        _panel(pen, document, "自动门", (12.0, 0.08), 1.8)
        pen.wall((10.0, THICK), (10.0, 3.0), THICK)
        pen.wall((17.0, THICK), (17.0, 3.0), THICK)
        pen.wall((10.0, 3.0), (17.0, 3.0), THICK, ((2.0, 3.8),))
        pen.leaf((12.0, 3.0), (12.9, 3.0), 1.0)
        pen.leaf((13.8, 3.0), (12.9, 3.0), -1.0)
        pen.text("门厅", (15.0, 9.0))

    (main,) = _mains(_floor(tmp_path / "a.dxf", draw, south=((12.0, 13.8),)))
    assert main.width_m == pytest.approx(1.8, abs=0.02)


@pytest.mark.parametrize("wall_x", [11.0, 19.0])
def test_of_two_like_doors_the_main_one_leads_to_more_of_the_floor(tmp_path: Path, wall_x: float) -> None:
    """A wall without door parts the floor; in each part two leaves in the south wall."""
    south = ((5.0, 6.8), (23.0, 24.8))

    def draw(pen: Pen, _document: Any) -> None:
        pen.wall((wall_x, THICK), (wall_x, DEPTH - THICK), THICK)
        for x0, x1 in south:
            pen.leaf((x0, 0.12), ((x0 + x1) / 2, 0.12), 1.0)
            pen.leaf((x1, 0.12), ((x0 + x1) / 2, 0.12), -1.0)

    (main,) = _mains(_floor(tmp_path / "plan.dxf", draw, south=south))
    assert (main.at[0] < wall_x) == (wall_x > WIDTH / 2)
