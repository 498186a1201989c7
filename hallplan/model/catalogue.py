"""Zone types and furniture types, from data/zones.toml and data/furniture.toml."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache

from hallplan.model.programme import Need, Side
from hallplan.terms import language, read_data


@dataclass(frozen=True, slots=True)
class ZoneType:
    """A kind of zone with its default sizes; `levels` are the levels of government that have one without asking."""

    id: str
    zh: str
    en: str
    side: Side
    family: str
    needs: tuple[Need, ...]
    levels: tuple[str, ...]
    min_m2: float
    target_m2: float
    min_side_m: float
    max_aspect: float
    enclosed: bool
    daylight: bool
    front_way_m: float

    @property
    def name(self) -> str:
        """Its name in the current language."""
        return self.zh if language() == "zh" else self.en


@dataclass(frozen=True, slots=True)
class FurnitureType:
    """A kind of furniture: width along its front, depth and height in metres; `layer` counter, seat or equipment."""

    id: str
    zh: str
    en: str
    width_m: float
    depth_m: float
    height_m: float
    layer: str
    clear_front_m: float

    @property
    def name(self) -> str:
        """Its name in the current language."""
        return self.zh if language() == "zh" else self.en


@cache
def zone_types() -> dict[str, ZoneType]:
    """Returns the zone types by id, in the order of the catalogue."""
    types = {}
    for key, entry in read_data("zones.toml").items():
        needs = tuple(Need(need) for need in entry["needs"])
        types[key] = ZoneType(id=key, **{**entry, "needs": needs, "levels": tuple(entry["levels"])})
    return types


def other_uses(kind: str, there: Collection[str]) -> tuple[str, ...]:
    """Returns the types that an idle zone of a type may become: those not `there` first, then as in data/idle.toml."""
    return tuple(sorted((use for use in read_data("idle.toml") if use != kind), key=lambda use: use in there))


@cache
def _default_furniture() -> dict[str, FurnitureType]:
    return {key: FurnitureType(id=key, **entry) for key, entry in read_data("furniture.toml").items()}


def furniture_types(sizes: Mapping[str, list[float]] | None = None) -> dict[str, FurnitureType]:
    """Returns the furniture types by id; `sizes` (kind to [width, depth] in m, from hallplan.toml) win over the defaults."""
    types = dict(_default_furniture())
    for kind, (width, depth, *_) in (sizes or {}).items():
        if kind in types:
            types[kind] = replace(types[kind], width_m=width, depth_m=depth)
    return types
