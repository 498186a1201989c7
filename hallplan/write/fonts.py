"""The font we ship: its path, widths, subsets to embed, and what it lacks."""

from __future__ import annotations

import base64
import io
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from hallplan.caches import kept
from hallplan.scene.measure import FAMILY, advances, font_path, text_width

FONT_PATH = font_path()

__all__ = ["FAMILY", "FONT_PATH", "embedded_font", "font_path", "missing_glyphs", "subset_font", "text_width"]


def missing_glyphs(texts: Iterable[str]) -> str:
    """Returns the characters of `texts` that the font lacks, each once, in code order; spaces and controls need no glyph.

    Characters of the private use area, which some offices give to rare names, are among them.
    """
    characters = {one for words in texts for one in words if one.isprintable() or unicodedata.category(one) == "Co"}
    return "".join(sorted(character for character in characters if ord(character) not in advances()))


def subset_font(characters: Iterable[str], flavor: Literal["woff", "ttf"] = "ttf") -> bytes:
    """Returns the font with only the glyphs of `characters`; the same bytes for the same set."""
    return _subset("".join(sorted(set(characters))), flavor)


@lru_cache(maxsize=32)
def _subset(characters: str, flavor: str) -> bytes:
    """The subset, from an earlier call where the font and the library that cuts it are the same."""
    from fontTools import version

    stat = font_path().stat()
    key = f"{version} {stat.st_size} {stat.st_mtime_ns} {flavor} {characters}"
    return kept("fonts", key, lambda: _cut(characters, flavor))


def _cut(characters: str, flavor: str) -> bytes:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(font_path(), recalcTimestamp=False, recalcBBoxes=False, lazy=True)
    options = subset.Options(hinting=False, layout_features=[], glyph_names=False, notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(text=characters)
    cutter.subset(font)
    font.flavor = "woff" if flavor == "woff" else None
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def embedded_font(characters: str) -> str:
    """Returns an @font-face rule that carries the glyphs of `characters`."""
    data = base64.b64encode(subset_font(characters, "woff")).decode("ascii")
    return f"@font-face{{font-family:'{FAMILY}';src:url(data:font/woff;base64,{data}) format('woff')}}"
