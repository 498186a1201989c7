"""What a designer changed in a drawing of ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hallplan.model.layout import Layout
from hallplan.model.signs import Sign

EditKind = Literal["zone", "furniture", "sign", "partition", "door", "demolished"]
EditWhat = Literal["moved", "reshaped", "added", "removed", "reworded"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs from the plan: how far it was moved (m) and turned (degrees anticlockwise)."""

    kind: EditKind
    id: str
    what: EditWhat
    by_m: float = 0.0
    turn_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class Edit:
    """A layout and its signs as a drawing shows them, what changed against the plan, and what could not be read.

    can_carry: the drawing holds the architect's lines too, and our marks, so that the plan can be drawn into it anew.
    """

    layout: Layout
    signs: tuple[Sign, ...]
    changes: tuple[Change, ...]
    warnings: tuple[str, ...] = ()
    can_carry: bool = False
