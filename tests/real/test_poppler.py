"""Poppler reads our drawings: every page of the PDF shows ink, and zone names can be searched."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from hallplan.settings import Settings
from hallplan.write.pdf import write_drawings
from tests.scene.furnished import furnished_plan

pytestmark = pytest.mark.real


def test_poppler_draws_every_page_and_finds_zone_names(tmp_path: Path) -> None:
    if not shutil.which("pdftoppm") or not shutil.which("pdftotext"):
        pytest.skip("poppler's pdftoppm and pdftotext are not installed")
    write_drawings(furnished_plan(), 1, tmp_path / "layout.pdf", Settings())
    drawn = subprocess.run(
        ["pdftoppm", "-r", "30", "-png", "layout.pdf", "page"], cwd=tmp_path, capture_output=True, check=True
    )
    assert drawn.stderr == b""
    pages = sorted(tmp_path.glob("page*.png"))
    assert len(pages) >= 5
    for path in pages:
        with Image.open(path) as image:
            assert len(image.convert("L").getcolors(256) or []) > 20
    call = ["pdftotext", "-raw", "layout.pdf", "-"]
    found = subprocess.run(call, cwd=tmp_path, capture_output=True, check=True, text=True).stdout
    words = "".join(found.split())
    plan = furnished_plan()
    placed = {zone.zone for zone in plan.alternatives[0].layout.zones}
    assert [z.name for z in plan.programme.zones if z.id in placed and "".join(z.name.split()) not in words] == []
