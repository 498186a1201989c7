"""Signs that hang in the hall already: blocks with attributes on a layer, or under a name, that speaks of signs."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry import Point

from hallplan.dxf import APPID
from hallplan.model.site import DrawnSign, Floor
from hallplan.read.drawing.load import Loaded
from hallplan.read.drawing.vocabulary import matches, sizes
from hallplan.units import MM_PER_M, round_m

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_OUTSIDE_M = 1.0
"""Signs over doors may stand this far outside the outline."""


Tagged = tuple[Any, Mapping[str, str]]
"""An insert of a sign and its attributes by tag."""


def sign_inserts(loaded: Loaded) -> tuple[Tagged, ...]:
    """Returns the signs of a drawing in the order of the file; those that a plan of ours drew are no facts."""
    inserts: Iterable[Any] = loaded.document.modelspace().query("INSERT")
    return tuple(
        (insert, {str(a.dxf.tag).strip().upper(): loaded.mend(str(a.dxf.text)).strip() for a in insert.attribs})
        for insert in inserts
        if insert.attribs and not insert.has_xdata(APPID) and _is_sign(loaded, insert)
    )


def drawn_signs(inserts: Sequence[Tagged], floors: Sequence[Floor]) -> tuple[DrawnSign, ...]:
    """Returns those that say something and stand on a floor."""
    outlines = {floor.id: floor.frame.to_drawing_m(floor.outline) for floor in floors}
    for outline in outlines.values():
        shapely.prepare(outline)
    found = []
    for insert, tags in inserts:
        found += [sign for sign in _signs(insert, tags, floors, outlines) if sign.text_zh or sign.text_en]
    return tuple(found)


def _is_sign(loaded: Loaded, insert: Any) -> bool:
    layer, block = loaded.mend(str(insert.dxf.layer)), loaded.mend(str(insert.dxf.name))
    return matches("signs", "layers", layer) or matches("signs", "blocks", block)


def _signs(
    insert: Any, tags: Mapping[str, str], floors: Sequence[Floor], outlines: Mapping[str, Any]
) -> Iterator[DrawnSign]:
    """The sign on the floor that it lies on; none when it lies on no floor, as one in a legend does."""
    matrix = insert.matrix44()
    place = float(matrix[3, 0]), float(matrix[3, 1])
    looks = math.degrees(math.atan2(float(matrix[1, 1]), float(matrix[1, 0])))
    for floor in floors:
        at = floor.frame.to_plan(Point(place))
        if outlines[floor.id].distance(floor.frame.to_drawing_m(at)) > _OUTSIDE_M:
            continue
        char, height = _number(tags, "char"), _number(tags, "height")
        yield DrawnSign(
            floor.id, (round_m(at.x), round_m(at.y)), round((looks - floor.frame.rotation_deg) % 360.0, 2),
            _word(tags, "zh"), _word(tags, "en"),
            char_mm=char * MM_PER_M if 0 < char < 2 else char,
            height_m=height / MM_PER_M if height > 20 else height,
            mount=_mount(_word(tags, "mount")), is_double=matches("signs", "double", _word(tags, "faces")) or bool(_word(tags, "back")),
            back_zh=_word(tags, "back"), handle=str(insert.dxf.handle),
        )  # fmt: skip
        return


def _word(tags: Mapping[str, str], key: str) -> str:
    return next((tags[tag.upper()] for tag in sizes("signs")[key] if tags.get(tag.upper())), "")


def _number(tags: Mapping[str, str], key: str) -> float:
    found = _NUMBER.search(_word(tags, key))
    return float(found.group()) if found else 0.0


def _mount(word: str) -> str:
    kinds = sizes("signs_mount")
    return next((mount for mount in kinds if word and matches("signs_mount", mount, word)), "")
