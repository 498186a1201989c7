"""SVG, PNG and PDF: self-contained, in our font, to scale."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PIL import Image

from hallplan.model.plan import Plan
from hallplan.scene import SheetKind, build_scene
from hallplan.settings import Settings
from hallplan.write.fonts import advances, missing_glyphs, subset_font, text_width
from hallplan.write.page import write_page
from hallplan.write.pdf import write_contact_sheet, write_drawings
from hallplan.write.png import write_png
from hallplan.write.svg import stacked_svg, svg_text, write_svg
from tests.scene.furnished import furnished_plan

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return furnished_plan()


def test_rare_characters_of_names_are_in_the_font() -> None:
    assert missing_glyphs(["堃喆镕㑇", "ABC m² ≥ ①"]) == ""
    assert missing_glyphs(["a♿b\n"]) == "♿"


def test_drawings_in_a_page_are_set_in_the_font_that_it_brings(plan: Plan, tmp_path: Path) -> None:
    """Where a machine has no Chinese font of its own, all words would be boxes."""
    write_page(plan, tmp_path / "report.html", Settings())
    page = (tmp_path / "report.html").read_text("utf-8")
    brought = set(re.findall(r"""@font-face *{ *font-family: *["']([^"']+)""", page))
    drawn = set(re.findall(r'<svg[^>]* font-family="([^",]+)', page))
    assert drawn
    assert drawn == brought


def test_the_font_holds_the_whole_standard_table_and_measures_it() -> None:
    han = [code for code in advances() if 0x3400 <= code <= 0x9FFF or code > 0xFFFF]
    assert len(han) >= 8105
    assert text_width("政务大厅", 3.5) == pytest.approx(14.0)
    assert text_width("iii") < text_width("WWW")


def test_a_subset_is_small_and_always_the_same() -> None:
    assert subset_font("政务大厅") == subset_font(["厅", "大", "务", "政", "政"])
    assert len(subset_font("政务大厅", "woff")) < 6_000


def test_svg_needs_nothing_from_outside(plan: Plan, tmp_path: Path) -> None:
    write_svg(plan, 1, tmp_path / "a.svg", Settings())
    text = (tmp_path / "a.svg").read_text("utf-8")
    root = ET.fromstring(text)
    hrefs = [value for element in root.iter() for key, value in element.attrib.items() if key.endswith("href")]
    assert hrefs
    assert all(value.startswith("#") for value in hrefs)
    ids = {element.get("id") for element in root.iter()}
    assert {value[1:] for value in hrefs} <= ids
    assert "data:font/woff;base64," in text


def test_svg_is_in_millimetres_of_paper(plan: Plan) -> None:
    scene = build_scene(plan, 1, "F1", SheetKind.ZONING)
    root = ET.fromstring(svg_text(scene))
    width = (scene.bounds[2] - scene.bounds[0]) * 1000 / scene.scale
    assert float(root.get("width", "").removesuffix("mm")) == pytest.approx(width, abs=0.01)


def test_two_floors_stand_one_below_the_other_with_ids_apart(plan: Plan) -> None:
    scene = build_scene(plan, 1, "F1", SheetKind.FURNITURE)
    root = ET.fromstring(stacked_svg([scene, scene]))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert len(root.findall(f"{SVG}svg")) == 2


def test_png_is_wide_and_not_blank(plan: Plan, tmp_path: Path) -> None:
    write_png(plan, 1, tmp_path / "a.png", Settings())
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.width == 3000
        assert len(picture.convert("RGB").getcolors(1 << 24) or []) > 50


def test_pdf_pages_are_standard_paper(plan: Plan, tmp_path: Path) -> None:
    write_drawings(plan, 1, tmp_path / "a.pdf", Settings())
    data = (tmp_path / "a.pdf").read_bytes()
    assert data.count(b"/Type /Page\n") + data.count(b"/Type /Page ") + data.count(b"/Type /Page/") >= 1
    # A2 is 594 × 420 mm = 1683.8 × 1190.6 points
    assert b"1683.78" in data


@pytest.mark.real
def test_every_zone_name_can_be_searched_in_the_pdf(plan: Plan, tmp_path: Path) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    write_drawings(plan, 1, tmp_path / "a.pdf", Settings())
    write_contact_sheet(plan, tmp_path / "c.pdf", Settings())
    call = ["pdftotext", "-raw", str(tmp_path / "a.pdf"), "-"]
    words = subprocess.run(call, capture_output=True, text=True, check=True, timeout=60).stdout
    for zone in plan.programme.zones:
        assert zone.name in words, zone.name
    assert subprocess.run(["pdftotext", str(tmp_path / "c.pdf"), "-"], check=False, timeout=60).returncode == 0
