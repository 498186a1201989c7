"""The report opens in a browser without a word on its console or a request, and its names can be found in print."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from hallplan.settings import Settings
from hallplan.write.page import write_page
from tests.scene.furnished import furnished_plan

pytestmark = pytest.mark.real

_QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--enable-logging=stderr")


def _browse(page: Path, *options: str) -> str:
    """Opens the page in a fresh profile and returns what the browser logged."""
    if not shutil.which("chromium"):
        pytest.skip("chromium is not installed")
    call = ["chromium", *_QUIET, "--v=0", f"--user-data-dir={page.parent / 'profile'}", *options, page.as_uri()]
    return subprocess.run(call, cwd=page.parent, check=True, timeout=120, capture_output=True, text=True).stderr


@pytest.fixture
def page(tmp_path: Path) -> Path:
    write_page(furnished_plan(), tmp_path / "report.html", Settings())
    return tmp_path / "report.html"


def test_the_page_opens_silently_and_shows_something(page: Path) -> None:
    picture = page.with_name("page.png")
    logged = _browse(page, "--window-size=1280,3000", f"--screenshot={picture}")
    assert "CONSOLE" not in logged
    with Image.open(picture) as image:
        assert len(image.convert("RGB").getcolors(1 << 24) or []) > 50


def test_the_page_refers_to_nothing_outside(page: Path) -> None:
    words = page.read_text("utf-8").replace("http://www.w3.org/", "")
    assert not any(reference in words for reference in ('src="http', 'href="http', "url(http", "@import", "fetch("))


def test_every_zone_can_be_found_in_the_printed_page(page: Path) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    printed = page.with_name("page.pdf")
    _browse(page, "--no-pdf-header-footer", f"--print-to-pdf={printed}")
    found = subprocess.run(["pdftotext", "-raw", str(printed), "-"], check=True, capture_output=True, text=True).stdout
    words = "".join(found.split())
    missing = [zone.name for zone in furnished_plan().programme.zones if "".join(zone.name.split()) not in words]
    assert missing == []
