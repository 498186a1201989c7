"""A plan as its file holds it, with a mark by which a later command sees whether its ways are still those of its rooms."""

from __future__ import annotations

from dataclasses import replace

from hallplan.errors import Fault, InputError
from hallplan.model.plan import Alternative, Plan, plan_from_json, plan_to_json, way_stamp
from hallplan.model.site import OpeningRole, Site
from hallplan.settings import Settings
from hallplan.terms import listed, text

ENTRANCES = (OpeningRole.MAIN, OpeningRole.SECOND)


def settled(plan: Plan) -> Plan:
    """Returns a plan as plan.json holds it, rounded, which is what every writer sees, now and when `report` rebuilds the
    documents; the ways of each alternative are marked with what they were found for."""
    plan = plan_from_json(plan_to_json(plan))
    marked = tuple(_marked(plan, n) for n in range(1, len(plan.alternatives) + 1))
    return replace(plan, alternatives=marked)


def _marked(plan: Plan, number: int) -> Alternative:
    old = plan.alternative(number)
    return replace(old, routes=replace(old.routes, of=way_stamp(plan, number)))


def is_edited(plan: Plan, number: int) -> bool:
    """Returns whether rooms, furniture, doors, chains or ways of an alternative are no longer those that were written."""
    return plan.alternative(number).routes.of != way_stamp(plan, number)


def walked_anew(plan: Plan, number: int, settings: Settings) -> Plan:
    """Returns a plan whose alternative `number` has its ways found anew for the rooms, doors and chains that it has now.

    Raises InputError when a chain names what is no zone of the plan.
    """
    from hallplan.flow import route_visitors

    old = plan.alternative(number)
    routes = route_visitors(plan.site, plan.programme, old.layout, settings)
    changed = replace(old, routes=routes)
    others = (changed if n == number else other for n, other in enumerate(plan.alternatives, 1))
    return settled(replace(plan, alternatives=tuple(others)))


def require_entrance(site: Site, where: str) -> None:
    """Raises InputError when nobody can come in: no door of any floor is a main or a second entrance."""
    doors = [opening for floor in site.floors for opening in floor.openings]
    if not any(door.role in ENTRANCES for door in doors):
        found = listed(f"{door.id} {door.role.value}" for door in doors) or text("signs.no_doors")
        fault = Fault(
            where, text("signs.no_entrance", found=found), text("signs.want_entrance"), text("signs.mend_entrance")
        )
        raise InputError.of([fault])
