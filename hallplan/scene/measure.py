"""How wide a text is in the font we ship."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

FAMILY = "Hallplan Sans SC"


def font_path() -> Path:
    """Returns the path of the font file."""
    return Path(str(files("hallplan").joinpath("data", "fonts", "HallplanSansSC.ttf")))


@cache
def advances() -> dict[int, float]:
    """Returns the advance of each character of the font, in em."""
    from fontTools.ttLib import TTFont

    font = TTFont(font_path(), lazy=True)
    em, metrics = font["head"].unitsPerEm, font["hmtx"].metrics
    return {code: metrics[glyph][0] / em for code, glyph in font.getBestCmap().items()}


def text_width(text: str, height: float = 1.0) -> float:
    """Returns the width of a line of text whose em height is `height`, in the same unit; unknown characters count 1 em."""
    known = advances()
    return height * sum(known.get(ord(character), 1.0) for character in text)
