"""SVG to PNG with our own font, so that a picture is the same on every machine."""

from __future__ import annotations

import re
from pathlib import Path

from hallplan.model.plan import Plan
from hallplan.settings import Settings
from hallplan.write.fonts import FAMILY, font_path
from hallplan.write.svg import overview_svg

_FONT_RULE = re.compile(r"<style>@font-face.*?</style>", re.DOTALL)


def write_png(plan: Plan, number: int, path: Path, settings: Settings) -> None:
    """Writes the overview of every floor that alternative `number` uses as a picture."""
    del settings
    path.write_bytes(png_bytes(overview_svg(plan, number)))


def png_bytes(svg: str, width: int = 3000) -> bytes:
    """Returns the picture of one of our SVG texts, `width` pixels wide."""
    import resvg_py

    plain = _FONT_RULE.sub("", svg)
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=plain,
            width=width,
            font_files=[str(font_path())],
            font_family=FAMILY,
            skip_system_fonts=True,
            dpi=96,
        )
    )
