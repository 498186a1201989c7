"""The three samples are what their READMEs say, and made by the script that is kept."""

from __future__ import annotations

from pathlib import Path

import ezdxf
import pytest

from hallplan.model.site import OpeningRole
from hallplan.read.drawing import read_site
from hallplan.read.project import find_project
from hallplan.read.workbook import parameter_values, read_demand
from hallplan.settings import make_settings
from tests.make_samples import SAMPLES, make_all

NAMES = ("township", "county", "city")


@pytest.fixture(scope="module")
def remade(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    make_all(folder)
    return folder


@pytest.mark.parametrize(
    ("name", "items", "low", "high"), [("township", 45, 60, 90), ("county", 255, 700, 900), ("city", 700, 2900, 3500)]
)
def test_demand_is_of_the_promised_size(name: str, items: int, low: float, high: float) -> None:
    project = find_project(SAMPLES / name)
    workbook = project.require_workbook()
    settings, _ = make_settings({"workbook": parameter_values(workbook), "file": project.values})
    demand = read_demand(workbook, settings)
    assert len(demand.items) == items
    assert low <= demand.visitors_per_day <= high
    assert not demand.arrivals.is_assumed
    volumes = sorted(item.cases for item in demand.items)
    assert volumes[-1] > 100 * max(1, volumes[0])
    assert demand.relations
    assert demand.existing


@pytest.mark.parametrize("name", NAMES)
def test_drawings_are_sound_and_in_millimetres(name: str) -> None:
    doc = ezdxf.readfile(SAMPLES / name / "plan.dxf")
    audit = doc.audit()
    assert not audit.errors
    assert not audit.fixes
    assert doc.units == ezdxf.units.MM
    assert {"墙体", "柱", "门", "窗", "轴线", "标注", "文字"} <= {layer.dxf.name for layer in doc.layers}
    words = {entity.dxf.text for entity in doc.modelspace().query("TEXT")}
    assert {"主入口", "员工出入口", *(() if name == "township" else ("24小时区入口",))} <= words


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("file", ["demand.xlsx", "hallplan.toml"])
def test_the_kept_files_are_what_the_script_makes(name: str, file: str, remade: Path) -> None:
    if file.endswith(".toml"):
        assert (remade / name / file).read_text("utf-8") == (SAMPLES / name / file).read_text("utf-8")
        return
    again, kept = (read_demand(root / name / file, make_settings({})[0]) for root in (remade, SAMPLES))
    assert again == kept


@pytest.mark.parametrize("name", NAMES)
def test_what_is_invented_is_said(name: str) -> None:
    readme = (SAMPLES / name / "README.md").read_text("utf-8")
    assert "虚构" in readme
    assert "Apache" in readme


def test_the_city_hall_is_entered_by_three_double_doors_side_by_side() -> None:
    ground = read_site(SAMPLES / "city" / "plan.dxf", make_settings({})[0]).floors[0]
    assert [round(door.width_m, 2) for door in ground.with_role(OpeningRole.MAIN)] == [1.8, 1.8, 1.8]
