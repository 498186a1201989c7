"""Faces of signs: where they look, how far they are read, what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hallplan.model.shapes import Point
from hallplan.model.signs import Sign
from hallplan.signs.legibility import sign_reach_m

SERVING = ("zone", "direction", "exit", "board", "floor", "led")
"""Kinds that tell visitors their way; plates and pictograms on counters are read when one is there."""


@dataclass(frozen=True, slots=True)
class Face:
    """One face of a sign. says: by place named the arrow to it, "" for none.  sign: its number in the list given."""

    sign: int
    kind: str
    floor: str
    at: Point
    facing_deg: float
    height_m: float
    reach_m: float
    says: Mapping[str, str]

    @property
    def looking_deg(self) -> float:
        """The way someone looks who stands straight before it."""
        return (self.facing_deg + 180.0) % 360.0


def faces_of(signs: Sequence[Sign]) -> list[Face]:
    """Returns the faces of signs that tell visitors their way: fronts, and backs of those with two faces."""
    found = []
    for n, sign in enumerate(signs):
        if sign.kind not in SERVING:
            continue
        reach, arrows = sign_reach_m(sign), sign.arrows or ("",) * len(sign.names)
        front = dict(zip(sign.names, arrows, strict=True))
        found.append(Face(n, sign.kind, sign.floor, sign.at, sign.facing_deg, sign.height_m, reach, front))
        if sign.is_double:
            says = dict(zip(sign.back_names, sign.back_arrows, strict=True)) if sign.back_names else front
            turned = (sign.facing_deg + 180.0) % 360.0
            found.append(Face(n, sign.kind, sign.floor, sign.at, turned, sign.height_m, reach, says))
    return found
