"""Drawings that others made; their figures are the official or the derived ones of truth.json."""

from __future__ import annotations

import json
import math
from functools import cache
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from shapely.geometry import Point

from hallplan.errors import PlanFileError
from hallplan.model.site import ObstacleKind, OpeningRole, Site
from hallplan.read.drawing import inspection_report, read_site
from hallplan.settings import Drawing, Settings
from hallplan.terms import speaking
from hallplan.units import Unit

FOLDER = Path(__file__).parents[3] / "../shared/data/dxf"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the real drawings are not beside this checkout")
slow = pytest.mark.slow
NO_AREAS = Settings(drawing=Drawing(layers={"ignore": ["*面积*", "Floor"]}))


@cache
def _site(name: str) -> Site:
    return read_site(FOLDER / f"{name}.dxf", NO_AREAS)


@pytest.mark.parametrize(
    ("name", "unit", "area", "within"),
    [
        pytest.param("daoshi_floor1", Unit.MM, 4236.4, 0.01, marks=slow),
        pytest.param("daoshi_floor3", Unit.MM, 2995.3, 0.01, marks=slow),
        pytest.param("daoshi_floor5", Unit.MM, 3007.3, 0.01, marks=slow),
        ("proxymix_learning_center", Unit.MM, 1422.0, 0.03),
        ("planga2_blocoA", Unit.M, 1034.2, 0.03),
        pytest.param("proxymix_cut_lab", Unit.CM, 133.1, 0.03, marks=slow),
        pytest.param("gama_house", Unit.CM, 85.6, 0.03, marks=slow),
        pytest.param("raytracer_floorplan", Unit.IN, 95.1, 0.03, marks=slow),
        pytest.param("hal9k_floorplan", Unit.CM, 167.2, 0.03, marks=slow),
        pytest.param("daoshi_floor3_R2000_gbk_mislabelled1252", Unit.MM, 2995.3, 0.01, marks=slow),
    ],
)
def test_unit_and_outline(name: str, unit: Unit, area: float, within: float) -> None:
    site = _site(name)
    assert site.unit == unit
    assert site.floors[0].outline.area == pytest.approx(area, rel=within)
    assert site.floors[0].level > 1 or site.floors[0].with_role(OpeningRole.MAIN)


@slow
@pytest.mark.parametrize(
    ("name", "columns", "doors"), [("daoshi_floor1", 106, 80), ("daoshi_floor3", 92, 65), ("daoshi_floor5", 90, 73)]
)
def test_columns_and_doors(name: str, columns: int, doors: int) -> None:
    floor = _site(name).floors[0]
    assert len(floor.of_kind(ObstacleKind.COLUMN)) == pytest.approx(columns, rel=0.05)
    assert len(floor.openings) == pytest.approx(doors, rel=0.15)


@slow
def test_the_ground_floor_is_a_hall_to_plan_in() -> None:
    floor = _site("daoshi_floor1").floors[0]
    places = [floor.frame.point_to_drawing_m(o.at) for o in floor.with_role(OpeningRole.MAIN, OpeningRole.SECOND)]
    assert all(abs(y - 44.0) < 1.0 and min(abs(x - 91.5), abs(x - 151.8)) < 4.0 for x, y in places)
    assert max(part.area for part in floor.usable.geoms) > 0.95 * floor.usable.area
    assert {o.name for o in floor.of_kind(ObstacleKind.VOID)} == {"天井"}
    rooms = {room.name: room.area.area for room in floor.rooms}
    assert rooms["计算机基础实验室1"] == pytest.approx(315.69, rel=0.02)  # 使用面积 printed in the drawing


@pytest.mark.parametrize("name", ["proxymix_learning_center", "planga2_blocoA"])
def test_the_report_keeps_the_contract(name: str) -> None:
    schema = json.loads(files("hallplan").joinpath("data/schemas/inspect.schema.json").read_text("utf-8"))
    report = inspection_report(_site(name), FOLDER / f"{name}.dxf")
    jsonschema.validate(json.loads(json.dumps(report)), schema)


@slow
@pytest.mark.parametrize("name", ["daoshi_floor3", "daoshi_floor5"])
def test_an_upper_floor_is_entered_at_a_stair_with_a_lift(name: str) -> None:
    floor = _site(name).floors[0]
    (main,) = floor.with_role(OpeningRole.MAIN)
    assert any(stair.area.distance(main.line) < 0.5 for stair in floor.of_kind(ObstacleKind.STAIR))
    assert any(lift.area.distance(main.line) < 7.0 for lift in floor.of_kind(ObstacleKind.LIFT))
    turn = math.radians(main.inward_deg)
    ground = max(floor.usable.geoms, key=lambda part: part.area)
    assert all(
        ground.contains(Point(main.at[0] + by * math.cos(turn), main.at[1] + by * math.sin(turn))) for by in (0.5, 1, 2)
    )
    assert len(floor.with_role(OpeningRole.STAFF)) == 1


@slow
@pytest.mark.parametrize("name", ["seu_drawing1", "evilspirit_plan", "dwg2dict_2", "skymaker_paperspace"])
def test_what_is_no_floor_is_told_to_be_none(name: str) -> None:
    with speaking("en"), pytest.raises(PlanFileError, match="No building"):
        read_site(FOLDER / f"{name}.dxf", Settings())


def test_what_has_been_tried_is_no_remedy() -> None:
    """Frames of two windows and two doors, read as lines: closing gaps as wide as those told gives no outline either."""
    remedies = []
    for limit in (3.0, 3.9):
        with speaking("en"), pytest.raises(PlanFileError) as caught:
            read_site(FOLDER / "wentcad_parter.dxf", Settings(drawing=Drawing(max_gap_m=limit)))
        remedies.append(caught.value.faults[0].remedy)
    assert "max_gap_m = 3.9" in remedies[0]
    assert "max_gap_m" not in remedies[1]
    assert "；" not in str(caught.value)
