"""Parking bays beside the building: closed shapes, rows of lines, blocks; those marked for wheelchairs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ezdxf
import pytest

from hallplan.model.site import Bay
from hallplan.read.drawing import read_site
from hallplan.settings import Settings


def hall() -> tuple[Any, Any]:
    """A hall of 20 × 12 m in mm with a main door in its south wall; the car park is to be drawn south of it."""
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


def bays(document: Any, path: Path) -> tuple[Bay, ...]:
    document.saveas(path)
    return read_site(path, Settings()).parking


def test_closed_bays_are_counted_and_the_marked_one_is_accessible(tmp_path: Path) -> None:
    document, space = hall()
    for n in range(6):
        x = 1000 + 2500 * n
        corners = [(x, -9000), (x + 2500, -9000), (x + 2500, -3700), (x, -3700)]
        space.add_lwpolyline(corners, close=True, dxfattribs={"layer": "停车位"})
    space.add_text("无障碍", height=400, dxfattribs={"insert": (1500, -6000), "layer": "文字"})
    found = bays(document, tmp_path / "plan.dxf")
    assert len(found) == 6
    assert [bay.is_accessible for bay in found] == [True, False, False, False, False, False]
    assert all(bay.area.area == pytest.approx(2.5 * 5.3, abs=0.01) for bay in found)


def test_a_row_of_lines_makes_bays(tmp_path: Path) -> None:
    document, space = hall()
    space.add_line((0, -4000), (20000, -4000), {"layer": "A-PARKING"})
    space.add_line((0, -9500), (20000, -9500), {"layer": "A-PARKING"})
    for n in range(9):
        space.add_line((2500 * n, -4000), (2500 * n, -9500), {"layer": "A-PARKING"})
    assert len(bays(document, tmp_path / "plan.dxf")) == 8


def test_blocks_named_for_bays_are_bays_wherever_they_lie(tmp_path: Path) -> None:
    document, space = hall()
    block = document.blocks.new("标准车位")
    block.add_lwpolyline([(0, 0), (2500, 0), (2500, 5000), (0, 5000)], close=True)
    for n in range(3):
        space.add_blockref("标准车位", (2600 * n, -9000), {"layer": "0"})
    assert len(bays(document, tmp_path / "plan.dxf")) == 3


def test_what_is_no_bay_by_its_size_and_a_car_park_far_away_are_left_out(tmp_path: Path) -> None:
    document, space = hall()
    space.add_lwpolyline(
        [(0, -9000), (9000, -9000), (9000, -4000), (0, -4000)], close=True, dxfattribs={"layer": "停车"}
    )
    far = [(0, -90000), (2500, -90000), (2500, -85000), (0, -85000)]
    space.add_lwpolyline(far, close=True, dxfattribs={"layer": "停车"})
    assert bays(document, tmp_path / "plan.dxf") == ()
