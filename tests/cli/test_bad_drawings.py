"""What is no drawing of a hall ends in one message and exit code 3, and leaves earlier results alone."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import ezdxf
import pytest
from typer.testing import CliRunner

from hallplan.cli.commands import app
from tests.read.drawing.drawings import save_hall
from tests.read.drawing.test_read_site import _with_gap

SAMPLE = Path(__file__).parents[2] / "samples/township"
PICTURES = {"inspect.svg", "inspect.png", ".hallplan"}
Make = Callable[[Path], object]


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def _bytes(content: bytes) -> Make:
    return lambda path: path.write_bytes(content)


def _cut(path: Path) -> None:
    whole = save_hall(path).read_bytes()
    path.write_bytes(whole[: whole.index(b"ENTITIES") - 200])


def _lines(*lines: tuple[tuple[float, float], tuple[float, float]], layer: str = "墙") -> Make:
    def make(path: Path) -> None:
        document = ezdxf.new("R2010")
        document.header["$INSUNITS"] = 4
        for a, b in lines:
            document.modelspace().add_line(a, b, dxfattribs={"layer": layer})
        document.saveas(path)

    return make


BAD: dict[str, tuple[Make, str]] = {
    "letter": (_bytes(b"Dear Sir,\nthis is no drawing.\n"), "不是 DXF"),
    "empty": (_bytes(b""), "0 字节"),
    "truncated": (_cut, "DXF"),
    "random": (_bytes(random.Random(5).randbytes(40000)), "不是 DXF"),
    "dwg": (_bytes(b"AC1027\x00\x00\x00\x00rest of it"), "DWG"),
    "pdf": (_bytes(b"%PDF-1.7\n1 0 obj"), "PDF"),
    "png": (_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "图片"),
    "folder": (lambda path: path.mkdir(), "文件夹"),
    "no outline": (
        _lines(((0, 0), (30e3, 0)), ((0, 0), (0, 20e3)), ((30e3, 0), (30e3, 9e3)), ((12e3, 20e3), (0, 20e3))),
        "不闭合",
    ),
    "one wall": (_lines(*(((0, 200.0 * n), (30e3, 200.0 * n)) for n in range(4))), "找不到建筑"),
    "a plot of land": (
        _lines(
            ((0, 0), (30e3, 0)), ((30e3, 0), (30e3, 20e3)), ((30e3, 20e3), (0, 20e3)), ((0, 20e3), (0, 0)), layer="地块"
        ),
        "找不到建筑",
    ),
}


@pytest.fixture(params=BAD, ids=list(BAD))
def bad(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    make, said = BAD[request.param]
    path = tmp_path / "plan.dxf"
    make(path)
    return path, said


def _is_one_message(code: int, out: str, err: str, path: Path, said: str) -> None:
    assert code == 3, err
    assert out == ""
    messages = [line for line in err.splitlines() if line.startswith("错误")]
    assert len(messages) == 1
    assert str(path) in messages[0]
    assert said in messages[0]
    assert messages[0].count("。") >= 3  # found, expected, remedy
    assert "Traceback" not in err


def test_inspect_refuses_it(bad: tuple[Path, str]) -> None:
    path, said = bad
    code, out, err = run("inspect", path, "--json")
    _is_one_message(code, out, err, path, said)
    assert not (path.parent / "out").exists()


def test_layout_refuses_it_and_keeps_earlier_results(bad: tuple[Path, str]) -> None:
    path, said = bad
    shutil.copy(SAMPLE / "demand.xlsx", path.parent)
    (path.parent / "hallplan.toml").write_text('[project]\ndrawing = "plan.dxf"\n')
    out_folder = path.parent / "out"
    out_folder.mkdir()
    for name, content in (("plan.json", "{}"), (".hallplan", "{}"), ("layout-1.dxf", "earlier")):
        (out_folder / name).write_text(content)
    if path.is_dir():
        return  # a folder is no drawing of a project: it is not taken for one
    code, out, err = run("layout", path.parent, "--seconds", "1", "-n")
    _is_one_message(code, out, err, path, said)
    kept = {item.name: item.read_text() for item in out_folder.iterdir()}
    assert kept == {"plan.json": "{}", ".hallplan": "{}", "layout-1.dxf": "earlier"}


def test_the_gaps_of_an_open_outline_are_pictured(tmp_path: Path) -> None:
    path = _with_gap(tmp_path, 5.0)
    out_folder = tmp_path / "out"
    out_folder.mkdir()
    (out_folder / "plan.json").write_text("{}")
    code, out, err = run("inspect", path, "--lang", "en")
    assert (code, out) == (3, "")
    assert str(out_folder / "inspect.png") in err
    svg = (out_folder / "inspect.svg").read_text("utf-8")
    assert svg.count('stroke="#e03131"') == 1
    assert ">1</text>" in svg
    assert (out_folder / "inspect.png").read_bytes().startswith(b"\x89PNG")
    assert (out_folder / "plan.json").read_text() == "{}"
    assert {item.name for item in out_folder.iterdir()} == PICTURES | {"plan.json"}


@pytest.mark.parametrize("options", [("--json",), ("-n",)], ids=["json", "dry run"])
def test_nothing_is_pictured_where_nothing_may_be_written(tmp_path: Path, options: tuple[str, ...]) -> None:
    path = _with_gap(tmp_path, 5.0)
    assert run("inspect", path, *options)[0] == 3
    assert not (tmp_path / "out").exists()


def test_layout_pictures_the_gaps_too(tmp_path: Path) -> None:
    _with_gap(tmp_path, 5.0).rename(tmp_path / "plan.dxf")
    shutil.copy(SAMPLE / "demand.xlsx", tmp_path)
    code, out, err = run("layout", tmp_path)
    assert (code, out) == (3, "")
    assert "inspect.png" in err
    assert {item.name for item in (tmp_path / "out").iterdir()} == PICTURES


def test_two_thousand_layers_are_no_obstacle(tmp_path: Path) -> None:
    path = save_hall(tmp_path / "plan.dxf")
    document = ezdxf.readfile(path)
    for n in range(2000):
        document.layers.add(f"杂项-{n}")
        document.modelspace().add_point((n, n), dxfattribs={"layer": f"杂项-{n}"})
    document.saveas(path)
    begin = time.process_time()
    code, out, err = run("inspect", path, "--json")
    assert code == 0, err
    assert '"columns": 6' in out
    assert time.process_time() - begin < 20.0
