"""check, signs and report on a drawing that was edited in CAD; inspect on our own output."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import ezdxf
import pytest
from ezdxf.math import Matrix44

from hallplan.dxf import APPID
from hallplan.model.plan import Plan, plan_to_json
from hallplan.settings import Settings
from hallplan.write.dxf import write_dxf
from tests.cli.test_bad_drawings import SAMPLE, run
from tests.scene.furnished import furnished_plan


@pytest.fixture(scope="module")
def plan() -> Plan:
    return furnished_plan()


@pytest.fixture
def project(plan: Plan, tmp_path: Path) -> Path:
    """A project with a saved plan and its drawing."""
    shutil.copy(SAMPLE / "demand.xlsx", tmp_path)
    document = ezdxf.new("R2010", units=4)
    document.modelspace().add_line((100_000, 50_000), (162_000, 50_000), {"layer": "墙"})
    document.saveas(tmp_path / "plan.dxf")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/plan.json").write_text(plan_to_json(plan), "utf-8")
    write_dxf(plan, 1, tmp_path / "plan.dxf", tmp_path / "out/layout.dxf", Settings())
    return tmp_path


def move(path: Path, kind: str, id: str, dx: float, dy: float) -> None:
    document = ezdxf.readfile(path)
    for entity in document.modelspace():
        if entity.has_xdata(APPID) and [tag.value for tag in entity.get_xdata(APPID)][:2] == [kind, id]:
            entity.transform(Matrix44.translate(dx, dy, 0))
    document.saveas(path)


@pytest.mark.slow
def test_check_runs_on_the_edited_drawing(project: Path, plan: Plan) -> None:
    before = json.loads(run("check", project, "--json")[1])
    move(project / "out/layout.dxf", "zone", "wait-1", 9000.0, 0.0)
    code, out, err = run("check", project, "--json", "--drawing", project / "out/layout.dxf")
    assert code in (0, 1), err
    after = json.loads(out)
    (change,) = after["edit"]["changes"]
    assert change == {"kind": "zone", "id": "wait-1", "what": "moved", "by_m": 9.0, "turn_deg": 0.0}
    failed = {f["rule"] for f in after["findings"] if f["status"] == "fail"}
    assert "hall_overlap" in failed - {f["rule"] for f in before["findings"] if f["status"] == "fail"}
    assert (project / "out/plan.json").read_text("utf-8") == plan_to_json(plan)


@pytest.mark.slow
def test_report_takes_the_edit_into_the_plan_and_its_drawing(project: Path) -> None:
    drawing = project / "out/layout.dxf"
    move(drawing, "zone", "form-1", -500.0, 250.0)
    document = ezdxf.readfile(drawing)
    document.modelspace().add_circle((120_000, 60_000), 300, {"layer": "designer"})
    document.saveas(drawing)
    code, out, err = run("report", project, "--drawing", drawing, "--lang", "en", "--force")
    assert code == 0, err
    assert "1 zones moved" in err
    saved = json.loads((project / "out/plan.json").read_text("utf-8"))
    layout = saved["alternatives"][0]["layout"]
    assert layout["name"].endswith("(edited in CAD)")
    assert str(drawing) in out
    assert len(ezdxf.readfile(drawing).modelspace().query('CIRCLE[layer=="designer"]')) == 1
    again = json.loads(run("check", project, "--json", "--drawing", drawing)[1])
    assert again["edit"] == {"drawing": str(drawing), "changes": [], "warnings": []}


def test_signs_runs_on_the_edited_drawing(project: Path, plan: Plan) -> None:
    sign = plan.alternatives[0].signs.signs[0].id
    move(project / "out/layout.dxf", "sign", sign, 0.0, -800.0)
    code, out, err = run("signs", project, "--json", "--drawing", project / "out/layout.dxf")
    assert code == 0, err
    assert [change["id"] for change in json.loads(out)["edit"]["changes"]] == [sign]


def test_another_drawing_ends_in_one_message(project: Path) -> None:
    code, out, err = run("check", project, "--drawing", project / "plan.dxf")
    assert (code, out) == (3, "")
    assert "plan.dxf" in err  # one line is neither a drawing of ours nor a finished hall
    assert err.count("错误") == 1
    assert run("check", project, "--drawing", project / "none.dxf")[0] == 3


@pytest.mark.slow
def test_inspect_sees_the_same_building_in_our_own_output(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path / "p")
    assert run("layout", tmp_path / "p", "--effort", "quick", "--alternatives", "1", "-q")[0] in (0, 1)
    reports = [
        json.loads(run("inspect", tmp_path / "p" / name, "--json")[1]) for name in ("plan.dxf", "out/layout.dxf")
    ]
    assert reports[0]["floors"] == reports[1]["floors"]
    assert reports[0]["warnings"] == reports[1]["warnings"]
    assert reports[1]["layout"]["zones"]
    assert "layout" not in reports[0]
