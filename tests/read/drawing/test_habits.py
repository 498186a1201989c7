"""Layers in any language or none, walls drawn as other things than lines, and lines that are none of the building's."""

from __future__ import annotations

from pathlib import Path

import pytest

from hallplan.model.site import Floor, ObstacleKind, OpeningRole
from hallplan.read.drawing import read_site
from hallplan.read.drawing.layers import name_kind
from hallplan.settings import Settings
from tests.read.drawing.habits import NAMED, NAMELESS, STYLES, TONGUES, save_habit
from tests.read.drawing.practice import AREA_M2, COLUMNS, DOORS, ROOMS_M2, Office, Sheet


def floor_of(path: Path, office: Office, style: type[Sheet] = Sheet) -> Floor:
    site = read_site(save_habit(path / "plan.dxf", office, style), Settings())
    assert site.unit == office.unit
    (floor,) = site.floors
    return floor


def require_the_building(floor: Floor, *, rooms_within: float = 0.03) -> None:
    assert floor.outline.area == pytest.approx(AREA_M2, rel=0.01)
    assert len(floor.of_kind(ObstacleKind.COLUMN)) == COLUMNS
    assert len(floor.openings) == DOORS
    assert [door.width_m for door in floor.with_role(OpeningRole.MAIN)] == [pytest.approx(1.8, abs=0.01)]
    rooms = {room.name: room.area.area for room in floor.rooms}
    assert {room: rooms.get(room) for room in ROOMS_M2} == pytest.approx(ROOMS_M2, rel=rooms_within)


@pytest.mark.parametrize("name", TONGUES)
def test_layers_in_any_language_are_understood(name: str, tmp_path: Path) -> None:
    require_the_building(floor_of(tmp_path, TONGUES[name]))


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.__name__)
@pytest.mark.parametrize("office", [NAMED, NAMELESS], ids=["named", "nameless"])
def test_a_style_of_drawing_changes_nothing(style: type[Sheet], office: Office, tmp_path: Path) -> None:
    # desks on the layer of walls take their own ground from the hall's face
    within = 0.12 if style.__name__ == "Furnished" else 0.03
    require_the_building(floor_of(tmp_path, office, style), rooms_within=within)


@pytest.mark.parametrize(
    ("layer", "kind"),
    [("壁", "wall"), ("通り芯", "ignore"), ("建具", "door"), ("기둥", "column"), ("창호", "window"), ("ДВЕРИ", "door"), ("МЕБЕЛЬ", "ignore"), ("WAND-INNEN", "wall")],
)  # fmt: skip
def test_layer_names_of_other_languages_tell_their_kind(layer: str, kind: str) -> None:
    assert name_kind(layer) == kind
