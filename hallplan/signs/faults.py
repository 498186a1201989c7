"""Signs that nobody can read: inside a wall, or looking into one."""

from __future__ import annotations

from collections.abc import Sequence

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
        if _is_walled(view, sign):
            found.append(SignFault(sign.id, "in_wall"))
        elif not _looks_out(view, sign, sign.facing_deg):
            found.append(SignFault(sign.id, "faces_wall"))
    return tuple(found)


def _is_walled(view: View, sign: Sign) -> bool:
    face = Point(moved(sign.at, sign.facing_deg, FACE_STEP_M))
    floor = view.site.floor(sign.floor)
    return not floor.outline.contains(face) or any(
        shape.contains(face) for shape, low, high in view.relief(sign.floor) if low <= sign.height_m <= high
    )


def _looks_out(view: View, sign: Sign, facing_deg: float) -> bool:
    """Whether something other than a wall is right before a face."""
    clear = float(read_data("signs.toml")["place"]["before_m"])
    near = [*moved(sign.at, facing_deg, FACE_STEP_M), sign.height_m]
    far = [*moved(sign.at, facing_deg, FACE_STEP_M + clear), sign.height_m]
    return bool(view.field(sign.floor).clear([near], [far])[0])
