"""Drawings that others made; their figures are the official or the derived ones of truth.json."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from hallplan.model.site import ObstacleKind, OpeningRole, Site
from hallplan.read.drawing import inspection_report, read_site
from hallplan.settings import Drawing, Settings
from hallplan.units import Unit

FOLDER = Path(__file__).parents[3] / "../shared/data/dxf"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the real drawings are not beside this checkout")
NO_AREAS = Settings(drawing=Drawing(layers={"ignore": ["*面积*", "Floor"]}))


@cache
def _site(name: str) -> Site:
    return read_site(FOLDER / f"{name}.dxf", NO_AREAS)


@pytest.mark.parametrize(
    ("name", "unit", "area", "within"),
    [
        ("daoshi_floor1", Unit.MM, 4236.4, 0.01),
        ("daoshi_floor3", Unit.MM, 2995.3, 0.01),
        ("daoshi_floor5", Unit.MM, 3007.3, 0.01),
        ("proxymix_learning_center", Unit.MM, 1422.0, 0.03),
        ("planga2_blocoA", Unit.M, 1034.2, 0.03),
        ("proxymix_cut_lab", Unit.CM, 133.1, 0.03),
        ("gama_house", Unit.CM, 85.6, 0.03),
        ("raytracer_floorplan", Unit.IN, 95.1, 0.03),
        ("hal9k_floorplan", Unit.CM, 167.2, 0.03),
        ("daoshi_floor3_R2000_gbk_mislabelled1252", Unit.MM, 2995.3, 0.01),
    ],
)
def test_unit_and_outline(name: str, unit: Unit, area: float, within: float) -> None:
    site = _site(name)
    assert site.unit == unit
    assert site.floors[0].outline.area == pytest.approx(area, rel=within)
    assert site.floors[0].level > 1 or site.floors[0].with_role(OpeningRole.MAIN)


@pytest.mark.parametrize(
    ("name", "columns", "doors"), [("daoshi_floor1", 106, 80), ("daoshi_floor3", 92, 65), ("daoshi_floor5", 90, 73)]
)
def test_columns_and_doors(name: str, columns: int, doors: int) -> None:
    floor = _site(name).floors[0]
    assert len(floor.of_kind(ObstacleKind.COLUMN)) == pytest.approx(columns, rel=0.05)
    assert len(floor.openings) == pytest.approx(doors, rel=0.15)


def test_the_ground_floor_is_a_hall_to_plan_in() -> None:
    floor = _site("daoshi_floor1").floors[0]
    places = [floor.frame.point_to_drawing_m(o.at) for o in floor.with_role(OpeningRole.MAIN, OpeningRole.SECOND)]
    assert all(abs(y - 44.0) < 1.0 and min(abs(x - 91.5), abs(x - 151.8)) < 4.0 for x, y in places)
    assert max(part.area for part in floor.usable.geoms) > 0.95 * floor.usable.area
    assert {o.name for o in floor.of_kind(ObstacleKind.VOID)} == {"天井"}
    rooms = {room.name: room.area.area for room in floor.rooms}
    assert rooms["计算机基础实验室1"] == pytest.approx(315.69, rel=0.02)  # 使用面积 printed in the drawing


@pytest.mark.parametrize("name", ["daoshi_floor1", "proxymix_learning_center", "planga2_blocoA"])
def test_the_report_keeps_the_contract(name: str) -> None:
    schema = json.loads(files("hallplan").joinpath("data/schemas/inspect.schema.json").read_text("utf-8"))
    report = inspection_report(_site(name), FOLDER / f"{name}.dxf")
    jsonschema.validate(json.loads(json.dumps(report)), schema)
