"""A small re-layout: one zone of a plan put to another use, all others where they are."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TypeVar

from hallplan.errors import InputError
from hallplan.model.layout import Layout, NewDoor, Partition, Shortfall
from hallplan.model.plan import Plan
from hallplan.model.windows import WindowPlan
from hallplan.pipeline.following import RulePacks, follow, furnished
from hallplan.pipeline.run import Run
from hallplan.pipeline.settling import settled
from hallplan.programme import retype_zone
from hallplan.settings import Settings
from hallplan.windows import withdraw_windows

Of = TypeVar("Of", Partition, NewDoor, Shortfall)


def relaid_plan(
    plan: Plan, number: int, idle: str, kind: str, settings: Settings, run: Run, extra: RulePacks | None = None
) -> Plan:
    """Returns the plan of alternative `number` alone, with an idle zone put to another use and all others where they are.

    idle: id or name of the zone.  kind: its new type, "" for the first that suits.  The one zone is furnished anew within
    its own outline, furniture elsewhere stays; ways, signs and findings follow.  Its windows, if it has any, are withdrawn,
    their work done by those left.  Raises InputError when there is no such zone or it cannot be spared.
    """
    old = plan.alternative(number).layout
    names = {zone.id: zone.name for zone in plan.programme.zones}
    found = [zone for zone in old.zones if idle in (zone.zone, names[zone.zone])]
    if len(found) != 1:
        raise InputError.at(f"--idle {idle}", idle, "、".join(f"{z.zone} {names[z.zone]}" for z in old.zones))
    windows, heirs = _without_windows(plan, found[0].zone)
    programme, changed = retype_zone(plan.programme, found[0], kind, heirs)
    zones = tuple(changed if zone is found[0] else zone for zone in old.zones)
    known = (plan.site, plan.demand, windows, programme)
    fresh = furnished(known, replace(old, id="1", zones=zones), settings, run)
    kept = (
        tuple(replace(thing, group=heirs.get(thing.group, thing.group)) for thing in old.furniture)
        if heirs
        else old.furniture
    )
    layout = _one_changed(replace(old, furniture=kept), fresh, found[0].zone, changed.zone)
    alternative = follow(known, layout, settings, run, extra)
    return settled(replace(plan, windows=windows, programme=programme, alternatives=(alternative,)))


def _without_windows(plan: Plan, zone: str) -> tuple[WindowPlan, dict[str, str] | None]:
    """The windows without those of a zone, and which types do the work of others then; None when it has no windows."""
    numbers = plan.programme.zone(zone).windows
    return withdraw_windows(plan.windows, numbers) if numbers else (plan.windows, None)


def _one_changed(old: Layout, fresh: Layout, gone: str, new: str) -> Layout:
    """The layout as it was, with what now stands in the changed zone; ids that are taken go on from the last."""
    kept = [thing for thing in old.furniture if thing.zone != gone]
    taken = {thing.id for thing in kept}
    added = []
    for thing in fresh.furniture:
        if thing.zone == new:
            added.append(replace(thing, id=_free(thing.id, taken)))
            taken.add(added[-1].id)
    return replace(
        fresh,
        furniture=(*kept, *added),
        partitions=_mixed(old.partitions, fresh.partitions, gone, new),
        doors=_mixed(old.doors, fresh.doors, gone, new),
        demolished=old.demolished,
        shortfalls=_mixed(old.shortfalls, fresh.shortfalls, gone, new),
    )


def _mixed(old: tuple[Of, ...], fresh: tuple[Of, ...], gone: str, new: str) -> tuple[Of, ...]:
    """What belongs to other zones as it was, and to the changed one as it is now."""
    kept, added = [one for one in old if one.zone != gone], [one for one in fresh if one.zone == new]
    return tuple(kept + added)


def _free(id: str, taken: set[str]) -> str:
    """An id of the same kind that nothing has."""
    if id not in taken:
        return id
    stem, _, digits = id.rpartition("-")
    return next(free for n in count(1) if (free := f"{stem}-{n:0{len(digits)}d}") not in taken)
