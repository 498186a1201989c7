"""How wide a text is in the font we ship."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from hallplan.caches import kept

FAMILY = "Hallplan Sans SC"


def font_path() -> Path:
    """Returns the path of the font file."""
    return Path(str(files("hallplan").joinpath("data", "fonts", "HallplanSansSC.ttf")))


@cache
def advances() -> dict[int, float]:
    """Returns the advance of each character of the font, in em."""
    stat = font_path().stat()
    codes, units = np.frombuffer(
        kept("fonts", f"advances {stat.st_size} {stat.st_mtime_ns}", _measured), np.int32
    ).reshape(2, -1)
    return dict(zip(codes[1:].tolist(), (units[1:] / units[0]).tolist(), strict=True))


def _measured() -> bytes:
    """The codes of all characters and their advances in units of the font; those of one em stand first."""
    from fontTools.ttLib import TTFont

    font = TTFont(font_path(), lazy=True)
    metrics = font["hmtx"].metrics
    units = {code: metrics[glyph][0] for code, glyph in font.getBestCmap().items()}
    return np.array([[0, *units], [font["head"].unitsPerEm, *units.values()]], dtype=np.int32).tobytes()


def text_width(text: str, height: float = 1.0) -> float:
    """Returns the width of a line of text whose em height is `height`, in the same unit; unknown characters count 1 em."""
    known = advances()
    return height * sum(known.get(ord(character), 1.0) for character in text)
