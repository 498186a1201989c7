"""Giving a zone that stands empty another use, everything else of the programme as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from hallplan.errors import InputError
from hallplan.model.catalogue import other_uses, zone_types
from hallplan.model.layout import PlacedZone
from hallplan.model.programme import Holding, Programme, Sightline, VisitorKind, Zone
from hallplan.terms import read_data, text


def uses_of(zone: Zone, programme: Programme) -> tuple[str, ...]:
    """Returns what a zone may become, first what the hall lacks, then in the order of data/idle.toml."""
    return other_uses(zone.type, {other.type for other in programme.zones})


def retype_zone(
    programme: Programme, placed: PlacedZone, kind: str = "", heirs: Mapping[str, str] | None = None
) -> tuple[Programme, PlacedZone]:
    """Returns the programme with a placed zone of another type, and the zone as placed, on the very floor it has.

    kind: its new type, "" for the first of `uses_of`.  heirs: where its windows are withdrawn, the window types that have
    none left and those that do their work.  Walks that led through it lead to another zone of its old type (of its window
    types, or their heirs), or past it where there is none. Raises InputError for a zone whose windows stay, one the
    building gives, or an unknown type.
    """
    zone = programme.zone(placed.zone)
    uses = uses_of(zone, programme)
    if (zone.windows and heirs is None) or zone.fixed_area is not None or zone.side == "staff":
        raise InputError.at(
            f"--idle {zone.id}", text("programme.idle_needed", name=zone.name), text("programme.idle_free")
        )
    if kind and kind not in uses:
        raise InputError.at(f"--idle {zone.id}={kind}", kind, "、".join(uses))
    new = _as(zone, kind or uses[0], placed, programme)
    zones = tuple(new if other.id == zone.id else _heard(other, heirs or {}) for other in programme.zones)
    rest = tuple(wish for wish in programme.adjacencies if zone.id not in (wish.zone_a, wish.zone_b))
    served = {(heirs or {}).get(type, type) for type in zone.window_types}
    stands_in = next((o.id for o in zones if (served & set(o.window_types) if served else o.type == zone.type)), "")
    visitors = tuple(_led(walk, zone.id, stands_in) for walk in programme.visitors)
    return (
        replace(
            programme, zones=zones, adjacencies=rest, visitors=visitors, sightlines=_still_seen(programme, zone.id)
        ),
        replace(placed, zone=new.id, type=new.type, target_m2=new.target_m2, form=""),
    )


def _still_seen(programme: Programme, gone: str) -> tuple[Sightline, ...]:
    """The sightlines of a programme without a zone."""
    rest = (
        replace(line, seen=tuple(zone for zone in line.seen if zone != gone))
        for line in programme.sightlines
        if line.viewer != gone
    )
    return tuple(line for line in rest if line.seen)


def _heard(zone: Zone, heirs: Mapping[str, str]) -> Zone:
    """A zone whose seats wait for the types that do the work of others."""
    held = tuple(replace(h, group=heirs.get(h.group, h.group)) for h in zone.holdings)
    return replace(zone, holdings=held) if held != zone.holdings else zone


def _as(zone: Zone, kind: str, placed: PlacedZone, programme: Programme) -> Zone:
    """The zone as one of another type that fills the area it has."""
    new, area = zone_types()[kind], placed.area_m2
    taken = {other.id for other in programme.zones}
    return Zone(
        id=next(f"{kind}-{n}" for n in range(1, len(taken) + 2) if f"{kind}-{n}" not in taken),
        type=kind,
        name=new.name,
        side=new.side,
        min_m2=min(area, new.min_m2),
        target_m2=area,
        max_m2=area,
        min_side_m=min(new.min_side_m, zone.min_side_m),
        max_aspect=max(new.max_aspect, zone.max_aspect),
        needs=new.needs,
        wants_daylight=new.daylight,
        is_enclosed=new.enclosed,
        front_way_m=new.front_way_m,
        holdings=tuple(_holdings(read_data("idle.toml")[kind]["holds"], area, _group(programme))),
        floors=zone.floors,
        basis=text("programme.idle_basis", name=zone.name, area=f"{area:.1f}"),
    )


def _group(programme: Programme) -> str:
    """The window type that most people wait for."""
    chairs = [held for zone in programme.zones for held in zone.holdings if held.kind == "chair"]
    return max(chairs, key=lambda held: held.count).group if chairs else ""


def _holdings(rules: list[dict[str, Any]], area_m2: float, group: str) -> Iterator[Holding]:
    for rule in rules:
        count = max(1, min(rule["most"], int(area_m2 / rule["m2_each"])))
        whose = group if rule["kind"] in ("chair", "wheelchair_place") else ""
        if "low" in rule:
            yield Holding(rule["low"], 1)
        if count > ("low" in rule):
            yield Holding(rule["kind"], count - ("low" in rule), whose)


def _led(walk: VisitorKind, old: str, stands_in: str) -> VisitorKind:
    """The walk without a zone, or through the one that stands in for it; never twice in a row through the same."""
    steps = [stands_in if step == old else step for step in walk.chain if step != old or stands_in]
    return replace(walk, chain=tuple(step for n, step in enumerate(steps) if not n or step != steps[n - 1]))
