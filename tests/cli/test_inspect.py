"""What `inspect` prints and draws of a sheet with several plans, an elevation and a furniture legend."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import ezdxf
import pytest
from typer.testing import CliRunner

from hallplan.cli.commands import app
from hallplan.units import Unit
from tests.read.drawing.drawings import ZH, Pen, draw_hall, placed, save_hall


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["inspect", *(str(argument) for argument in arguments)])
    return result.exit_code, result.stdout, result.stderr


def _elevation(pen: Pen) -> None:
    """Walls and windows of a front 30 m wide and 12 m high, with its title."""
    pen.ring("wall", [(0, 0), (30, 0), (30, 12), (0, 12)])
    for row in (1.0, 5.0, 9.0):
        for n in range(8):
            x = 1.5 + 3.5 * n
            pen.ring("window", [(x, row), (x + 2, row), (x + 2, row + 2), (x, row + 2)])
    pen.text("南立面图 1:100", (15.0, -3.0), 0.8)


def test_quiet_and_verbose_together_are_refused(tmp_path: Path) -> None:
    assert run(tmp_path / "plan.dxf", "-q", "-v")[0] == 2


@pytest.mark.parametrize("option", ["", "-v"])
def test_what_libraries_log_is_heard_only_when_asked_for(tmp_path: Path, option: str) -> None:
    path = save_hall(tmp_path / "plan.dxf")
    data = path.read_bytes()
    at = data.index(b"BLOCKS\n") + len(b"BLOCKS\n")
    path.write_bytes(data[:at] + b"  0\nBLOCK\n  8\n0\n  0\nENDBLK\n  8\n0\n" + data[at:])
    command = [sys.executable, "-m", "hallplan", "inspect", str(path), *option.split()]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0
    assert ("Ignoring BLOCK" in done.stderr) == (option == "-v")


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    document = ezdxf.new("R2010")
    document.header["$INSUNITS"] = 4
    space = document.modelspace()
    draw_hall(Pen(space, placed(Unit.MM), ZH), "一层平面图")
    draw_hall(Pen(space, placed(Unit.MM, origin_m=(50.0, 0.0)), ZH), "二层平面图")
    _elevation(Pen(space, placed(Unit.MM, origin_m=(0.0, 40.0)), ZH))
    legend = Pen(space, placed(Unit.MM, origin_m=(50.0, 40.0)), ZH)
    legend.ring("wall", [(0, 0), (18, 0), (18, 9), (0, 9)])
    legend.text("图例", (9.0, -2.0), 0.6)
    space.add_lwpolyline(
        [(-15e3, -15e3), (95e3, -15e3), (95e3, 65e3), (-15e3, 65e3)], close=True, dxfattribs={"layer": "图框"}
    )
    path = tmp_path_factory.mktemp("sheet") / "sheet.dxf"
    document.saveas(path)
    return path


def test_floors_are_told_from_the_elevation_and_the_legend(sheet: Path) -> None:
    code, out, err = run(sheet, "--json")
    assert code == 0, err
    report = json.loads(out)
    assert [floor["name"] for floor in report["floors"]] == ["一层平面图", "二层平面图"]


@pytest.mark.parametrize(
    "options",
    [("--floor", "二层"), ("--floor", "F2"), ("--region", "48000,-5000,90000,30000")],
    ids=["name", "id", "region"],
)
def test_one_floor_can_be_chosen(sheet: Path, options: tuple[str, ...]) -> None:
    code, out, err = run(sheet, "--json", *options)
    assert code == 0, err
    (floor,) = json.loads(out)["floors"]
    assert floor["name"] == "二层平面图"
    assert floor["bounds"][0] == pytest.approx(50.0, abs=0.1)


@pytest.mark.parametrize("words", ["1,2,3", "a,b,c,d", "1,2,3,inf", ""])
def test_a_region_that_is_none_is_a_wrong_call(sheet: Path, words: str) -> None:
    code, out, err = run(sheet, "--region", words)
    assert (code, out) == (2, "")
    assert "x0,y0,x1,y1" in err


def test_a_floor_that_is_not_there_is_named_with_those_that_are(sheet: Path) -> None:
    code, _, err = run(sheet, "--floor", "五层", "-n")
    assert code == 3
    assert "五层" in err
    assert "二层平面图" in err


def test_layers_are_told_with_the_line_that_corrects_them(tmp_path: Path) -> None:
    path = save_hall(tmp_path / "hall.dxf")
    code, out, err = run(path, "-n", "--lang", "en")
    assert code == 0, err
    assert '[drawing.layers] wall = ["墙"]' in out
    assert '[drawing] unit = "mm"' in out


def test_what_was_left_out_is_drawn_apart(tmp_path: Path) -> None:
    path = save_hall(tmp_path / "hall.dxf")
    document = ezdxf.readfile(path)
    document.modelspace().add_line((2000, 8000), (9000, 8000), dxfattribs={"layer": "家具"})
    document.saveas(path)
    code, _, err = run(path, "-o", tmp_path / "out")
    assert code == 0, err
    svg = (tmp_path / "out/inspect.svg").read_text("utf-8")
    assert svg.count('stroke="#e8a5c8"') == 1
    assert "未采用的线" in svg


def test_a_room_without_any_door_gets_a_guessed_entrance_and_the_setting_that_moves_it(tmp_path: Path) -> None:
    drawing = ezdxf.new("R2010")
    drawing.header["$INSUNITS"] = 4
    drawing.layers.add("WALL")
    for inset in (0, 200):
        corners = [(inset, inset), (20000 - inset, inset), (20000 - inset, 12000 - inset), (inset, 12000 - inset)]
        drawing.modelspace().add_lwpolyline(corners, close=True, dxfattribs={"layer": "WALL"})
    path = tmp_path / "closed.dxf"
    drawing.saveas(path)
    done = subprocess.run(
        [sys.executable, "-m", "hallplan", "inspect", str(path), "--json"], capture_output=True, text=True, check=True
    )
    guesses = json.loads(done.stdout)["guesses"]
    (main,) = [guess for guess in guesses if "main" in guess["setting"]]
    assert "[entrances]" in main["setting"]
    assert main["confidence"] <= 0.5
