"""Signs and what can be read from where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hallplan.model.shapes import Area, Point

Mount = Literal["hung", "wall", "stand", "counter", "door"]


@dataclass(frozen=True, slots=True)
class Sign:
    """标识: `facing_deg` is the way its face looks, `names` the zones it names, heights in metres, characters in mm."""

    id: str
    kind: str
    floor: str
    at: Point
    facing_deg: float
    text_zh: str
    text_en: str
    names: tuple[str, ...]
    char_mm: float
    mount: Mount
    height_m: float
    width_m: float
    is_double: bool = False
    is_existing: bool = False
    catchment: Area | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """Which sign (or "") tells a visitor at a decision point the way to `goal`, from how far."""

    decision: str
    route: str
    goal: str
    sign: str
    distance_m: float | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How much of one route has its next sign in reach; `blind` are (from, to) metres along it."""

    route: str
    readable_share: float
    blind: tuple[tuple[float, float], ...]
    decisions: int
    served: int


@dataclass(frozen=True, slots=True)
class SignPlacement:
    """How many direction signs were placed, and the fewest that could do with the places tried."""

    added: int
    bound: float
    is_optimal: bool


@dataclass(frozen=True, slots=True)
class SignPlan:
    """Signs, and how they serve the routes."""

    signs: tuple[Sign, ...]
    served: tuple[Served, ...]
    readings: tuple[Reading, ...]
    placement: SignPlacement | None = None


def sign_numbers(signs: SignPlan) -> dict[str, str]:
    """Returns the short number drawn for each sign, by sign id: its own id when short, else S1, S2…"""
    if all(len(sign.id) <= 4 for sign in signs.signs):
        return {sign.id: sign.id for sign in signs.signs}
    return {sign.id: f"S{n}" for n, sign in enumerate(signs.signs, 1)}
