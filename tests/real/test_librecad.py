"""LibreCAD draws our DXF (geometry only: it shows Chinese as diamonds)."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from hallplan.settings import Settings
from hallplan.write.dxf import write_overlay
from tests.scene.furnished import furnished_plan

pytestmark = pytest.mark.real


def test_librecad_draws_our_overlay(tmp_path: Path) -> None:
    if not shutil.which("librecad") or not shutil.which("pdftoppm"):
        pytest.skip("librecad or pdftoppm is not installed")
    write_overlay(furnished_plan(), 1, tmp_path / "plan.dxf", Settings())
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}
    call = ["librecad", "dxf2pdf", "-a", "-k", str(tmp_path / "plan.dxf")]
    subprocess.run(call, env=environment, cwd=tmp_path, check=True, timeout=180, capture_output=True)
    subprocess.run(["pdftoppm", "-r", "60", "-png", "plan.pdf", "page"], cwd=tmp_path, check=True, timeout=60)
    picture = next(tmp_path.glob("page*.png"))
    with Image.open(picture) as image:
        dark = sum(count for count, color in image.convert("L").getcolors(256) or [] if color < 200)
    assert dark > 1_000
