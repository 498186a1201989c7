"""What a plan.json that was edited by hand may name though it is not there: floors, types, places and shapes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hallplan.errors import Fault, InputError
from hallplan.model.catalogue import zone_types
from hallplan.model.layout import Furniture, NewDoor, Partition
from hallplan.model.plan import Alternative, Plan
from hallplan.model.signs import Sign
from hallplan.terms import listed, text

MOST_NAMES = 12
"""Names that an error lists."""


def require_sound(plan: Plan, name: str) -> None:
    """Raises InputError with each zone, piece, wall, door and sign of a plan that nothing can be made of."""
    floors = [floor.id for floor in plan.site.floors]
    faults = [
        Fault(f"{name}, alternatives.{n}.{where}", found, expected, text("project.mend_plan"))
        for n, alternative in enumerate(plan.alternatives)
        for where, found, expected in (*_of_layout(alternative, floors), *_of_signs(alternative, floors))
    ]
    if faults:
        raise InputError.of(faults)


def _of_layout(alternative: Alternative, floors: list[str]) -> Iterator[tuple[str, str, str]]:
    layout, types = alternative.layout, zone_types()
    for n, zone in enumerate(layout.zones):
        where = f"layout.zones.{n} ({zone.zone})"
        if zone.floor not in floors:
            yield f"{where}.floor", zone.floor, _one_of(floors)
        if zone.type not in types:
            yield f"{where}.type", zone.type, _one_of([*types])
        if zone.area.is_empty or not zone.area.is_valid or zone.area.area <= 0:
            yield f"{where}.area", text("project.no_shape"), text("project.want_shape")
    things: list[tuple[str, Sequence[Furniture | Partition | NewDoor]]] = [
        ("furniture", layout.furniture), ("partitions", layout.partitions), ("doors", layout.doors),
    ]  # fmt: skip
    for kind, parts in things:
        for n, thing in enumerate(parts):
            if thing.floor not in floors:
                yield f"layout.{kind}.{n} ({thing.id}).floor", thing.floor, _one_of(floors)


def _one_of(names: Sequence[str]) -> str:
    return text("project.one_of", names=listed(names[:MOST_NAMES]) + ("…" if len(names) > MOST_NAMES else ""))


def _of_signs(alternative: Alternative, floors: list[str]) -> Iterator[tuple[str, str, str]]:
    for n, sign in enumerate(alternative.signs.signs):
        where = f"signs.signs.{n} ({sign.id})"
        if sign.floor not in floors:
            yield f"{where}.floor", sign.floor, _one_of(floors)
        if not (sign.char_mm > 0 and sign.width_m > 0 and sign.height_m > 0):
            yield (
                f"{where}.char_mm, width_m, height_m",
                f"{sign.char_mm:g}, {sign.width_m:g}, {sign.height_m:g}",
                text("project.want_sizes"),
            )
        yield from ((f"{where}.{what}", found, expected) for what, found, expected in _of_arrows(sign))


def _of_arrows(sign: Sign) -> Iterator[tuple[str, str, str]]:
    sides = (("arrows", sign.names, sign.arrows), ("back_arrows", sign.back_names, sign.back_arrows))
    for what, names, arrows in sides:
        if arrows and len(arrows) != len(names):
            yield what, listed(arrows), text("project.want_arrows", names=listed(names) or "–")
