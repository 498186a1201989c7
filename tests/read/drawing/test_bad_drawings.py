"""What is not a drawing that can be planned in ends in one clear message."""

from __future__ import annotations

import re
from pathlib import Path

import ezdxf
import pytest

from hallplan.errors import PlanFileError
from hallplan.read.drawing import OpenOutlineError, read_site
from hallplan.settings import Drawing, Settings
from hallplan.terms import speaking
from tests.read.drawing.drawings import save_hall
from tests.read.drawing.test_read_site import _with_gap


def _message(path: Path) -> str:
    with speaking("en"), pytest.raises(PlanFileError) as caught:
        read_site(path, Settings())
    (fault,) = caught.value.faults
    assert str(path) in fault.where
    assert fault.found
    assert fault.expected
    assert fault.remedy
    return fault.found


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"AC1027\x00\x00\x00rest", "DWG"),
        (b"%PDF-1.7 and more", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "picture"),
        (b"PK\x03\x04 workbook", "archive"),
        (b"hello, this is a letter\nand no drawing\n", "not DXF"),
        (bytes(range(256)) * 40, "not DXF"),
        (b"0\nSECTION\n2\nHEADER\n", "no entities"),
    ],
)
def test_other_content_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "plan.dxf"
    path.write_bytes(content)
    found = _message(path)
    assert said in found or "damaged" in found


def test_a_folder_and_a_missing_file_are_named(tmp_path: Path) -> None:
    assert "folder" in _message(tmp_path)
    assert "no such file" in _message(tmp_path / "none.dxf")


def test_an_empty_drawing_is_named(tmp_path: Path) -> None:
    ezdxf.new("R2010").saveas(tmp_path / "empty.dxf")
    assert "no entities" in _message(tmp_path / "empty.dxf")


def test_a_file_cut_short_is_an_error_or_is_told(tmp_path: Path) -> None:
    whole = save_hall(tmp_path / "whole.dxf").read_bytes()
    path = tmp_path / "cut.dxf"
    at = whole.index(b"ENTITIES")
    for end in (at + 40, at - 200, 600):
        path.write_bytes(whole[:end])
        _message(path)


def test_a_drawing_of_texts_alone_is_named(tmp_path: Path) -> None:
    document = ezdxf.new("R2010")
    document.modelspace().add_text("说明", height=300)
    document.saveas(tmp_path / "text.dxf")
    assert "No lines" in _message(tmp_path / "text.dxf")


def test_an_open_outline_names_its_gaps(tmp_path: Path) -> None:
    path = _with_gap(tmp_path, 4.0)
    with speaking("en"), pytest.raises(PlanFileError) as caught:
        read_site(path, Settings())
    assert "gap of 4" in str(caught.value) or "gap of 3.9" in str(caught.value)
    assert "max_gap_m" in caught.value.faults[0].remedy
    assert isinstance(caught.value, OpenOutlineError)
    (gap,) = caught.value.gaps
    assert gap.at == pytest.approx((5.0, 0.1), abs=0.3)
    assert caught.value.lines.bounds == pytest.approx((-0.24, -0.24, 10.24, 10.24), abs=0.3)


@pytest.mark.parametrize("width", [3.4, 5.0, 6.3])
def test_the_remedy_of_an_open_outline_works(tmp_path: Path, width: float) -> None:
    path = _with_gap(tmp_path, width)
    with speaking("en"), pytest.raises(OpenOutlineError) as caught:
        read_site(path, Settings())
    limit = float(re.search(r"max_gap_m = ([0-9.]+)", caught.value.faults[0].remedy)[1])  # type: ignore[index]
    (floor,) = read_site(path, Settings(drawing=Drawing(max_gap_m=limit))).floors
    assert floor.outline.area == pytest.approx(100.0, rel=0.01)


def test_far_too_many_blocks_are_refused_before_they_fill_the_memory(tmp_path: Path) -> None:
    document = ezdxf.new("R2010")
    inner = document.blocks.new("b0")
    for n in range(100):
        inner.add_line((n, 0), (n, 1))
    for level in range(1, 6):
        block = document.blocks.new(f"b{level}")
        for n in range(20):
            block.add_blockref(f"b{level - 1}", (n, 0))
    document.modelspace().add_blockref("b5", (0, 0))
    document.saveas(tmp_path / "bomb.dxf")
    assert "segments" in _message(tmp_path / "bomb.dxf")
