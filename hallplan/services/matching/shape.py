"""Characters that look alike, by how much ink their outlines share: 己 and 已, 未 and 末, 拆 and 折."""

from __future__ import annotations

from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

CELLS = 40
"""Cells along a side of the square in which a character is looked at."""


@cache
def ink_shared(a: str, b: str) -> float:
    """Returns the ink that two characters share over the ink of both, in [0, 1]; 0 where the font lacks one.

    Source: ours; half of all pairs share under 0.5, pairs that are taken for each other mostly over 0.6.
    """
    one, other = _ink(a), _ink(b)
    return (one & other).bit_count() / (one | other).bit_count() if one and other else 0.0


@cache
def _ink(character: str) -> int:
    """Cells with ink as bits of a number, strokes a cell wider on each side; 0 for a character that the font lacks."""
    outlines, names, high = _font()
    if ord(character) not in names:
        return 0
    x, y = _centres(high)
    ink = np.zeros((CELLS, CELLS), dtype=bool)
    for ring in _rings(outlines, names[ord(character)]):
        ink ^= shapely.contains_xy(Polygon(ring), x, y)
    wide = ink.copy()
    wide[1:] |= ink[:-1]
    wide[:-1] |= ink[1:]
    wide[:, 1:] |= ink[:, :-1]
    wide[:, :-1] |= ink[:, 1:]
    return int.from_bytes(np.packbits(wide).tobytes(), "big")


@cache
def _centres(high: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Middles of the cells of a square of a character's height that starts a little under the line."""
    along = (np.arange(CELLS) + 0.5) * high / CELLS
    x, y = np.meshgrid(along, along - 0.12 * high)
    return x, y


def _rings(outlines: Any, name: str) -> list[list[tuple[float, float]]]:
    """Corners of each outline; points that only bend a line count as corners."""
    points, ends, _ = outlines[name].getCoordinates(outlines)
    starts = [0, *(end + 1 for end in ends)]
    return [list(points[a:b]) for a, b in pairwise(starts) if b - a > 2]


@cache
def _font() -> tuple[Any, dict[int, str], int]:
    """Outlines by name, names by character, units of the em."""
    from fontTools.ttLib import TTFont

    file = resources.files("hallplan") / "data" / "fonts" / "HallplanSansSC.ttf"
    with resources.as_file(file) as path:
        font = TTFont(path)
        return font["glyf"], font.getBestCmap(), font["head"].unitsPerEm
