"""Signs that nobody can read: without a text that shows, inside a wall, or looking into one."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from shapely.geometry import Point

from hallplan.geometry.polygons import moved
from hallplan.model.signs import Sign, SignFault
from hallplan.signs.legibility import FACE_STEP_M
from hallplan.signs.view import View
from hallplan.terms import read_data


def sign_faults(view: View, signs: Sequence[Sign]) -> tuple[SignFault, ...]:
    """Returns the faults of signs, each with what it is; small plates on counters are left out."""
    found = []
    for sign in signs:
        if sign.kind in ("plate", "access") or sign.floor not in view.fields:
            continue
        if not _shows(sign):
            found.append(SignFault(sign.id, "no_text"))
        if _is_walled(view, sign):
            found.append(SignFault(sign.id, "in_wall"))
        elif not any(_looks_out(view, sign, side) for side in _sides(sign)):
            found.append(SignFault(sign.id, "faces_wall"))
    return tuple(found)


def turned_from_walls(view: View, signs: Sequence[Sign]) -> list[Sign]:
    """Returns signs of which those that would hang before a wall, looking into it, hang across the way and have two faces."""
    found = []
    for sign in signs:
        turned = (sign.facing_deg + 90.0) % 360.0
        is_before_wall = sign.mount == "hung" and not sign.is_existing and not _looks_out(view, sign, sign.facing_deg)
        if is_before_wall and any(_looks_out(view, sign, side) for side in (turned, turned + 180.0)):
            sign = replace(sign, facing_deg=turned, is_double=True)
        found.append(sign)
    return found


def _shows(sign: Sign) -> bool:
    """Whether a text has a character that is more than a space or a mark that is not drawn."""
    unseen = ("Cc", "Cf", "Cs", "Zl", "Zp", "Zs")
    return any(unicodedata.category(character) not in unseen for character in sign.text_zh + sign.text_en)


def _is_walled(view: View, sign: Sign) -> bool:
    face = Point(moved(sign.at, sign.facing_deg, FACE_STEP_M))
    floor = view.site.floor(sign.floor)
    return not floor.outline.contains(face) or any(
        shape.contains(face) for shape, low, high in view.relief(sign.floor) if low <= sign.height_m <= high
    )


def _sides(sign: Sign) -> tuple[float, ...]:
    """Where its faces look."""
    return (sign.facing_deg, sign.facing_deg + 180.0) if sign.is_double else (sign.facing_deg,)


def _looks_out(view: View, sign: Sign, facing_deg: float) -> bool:
    """Whether something other than a wall is right before a face."""
    clear = float(read_data("signs.toml")["place"]["before_m"])
    near = [*moved(sign.at, facing_deg, FACE_STEP_M), sign.height_m]
    far = [*moved(sign.at, facing_deg, FACE_STEP_M + clear), sign.height_m]
    return bool(view.field(sign.floor).clear([near], [far])[0])
