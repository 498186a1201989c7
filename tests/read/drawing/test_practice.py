"""The same building drawn by the habits of ten offices is the same building."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hallplan.model.site import ObstacleKind, OpeningRole
from hallplan.read.drawing import read_site
from hallplan.settings import Settings
from tests.read.drawing.practice import AREA_M2, COLUMNS, DOORS, OFFICES, ROOMS_M2, save


@pytest.mark.parametrize("name", OFFICES)
def test_an_office_is_understood(name: str, tmp_path: Path) -> None:
    office = OFFICES[name]
    site = read_site(save(tmp_path / "plan.dxf", office), Settings())
    assert site.unit == office.unit
    assert len(site.floors) == 1
    floor = site.floors[0]
    assert floor.outline.area == pytest.approx(AREA_M2, rel=0.01)
    assert len(floor.of_kind(ObstacleKind.COLUMN)) == COLUMNS
    assert len(floor.openings) == DOORS
    assert [door.width_m for door in floor.with_role(OpeningRole.MAIN)] == [pytest.approx(1.8, abs=0.01)]
    rooms = {room.name: room.area.area for room in floor.rooms}
    assert {room: rooms.get(room) for room in ROOMS_M2} == pytest.approx(ROOMS_M2, rel=0.03)
    assert len(floor.of_kind(ObstacleKind.STAIR)) == len(floor.of_kind(ObstacleKind.TOILET)) == 1


@pytest.mark.parametrize("name", ["tianzheng", "chinese", "turned", "bare"])
def test_storeys_side_by_side_are_told_from_the_elevation(name: str, tmp_path: Path) -> None:
    site = read_site(save(tmp_path / "plan.dxf", OFFICES[name], storeys=2, elevation=True), Settings())
    assert [(floor.name, floor.level) for floor in site.floors] == [("一层平面图", 1), ("二层平面图", 2)]
    assert [floor.outline.area for floor in site.floors] == pytest.approx([AREA_M2] * 2, rel=0.01)


def test_windows_on_the_layer_of_doors_close_the_wall(tmp_path: Path) -> None:
    office = OFFICES["chinese"]
    layers = office.layers | {"door": "门", "window": "门"}
    floor = read_site(save(tmp_path / "plan.dxf", replace(office, layers=layers)), Settings()).floors[0]
    assert floor.outline.area == pytest.approx(AREA_M2, rel=0.01)
    assert sum(line.length for line in floor.glazing) > 50.0
