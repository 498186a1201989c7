"""Which zones a hall has: window groups first, then everything that its level of government sets up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hallplan.model.catalogue import ZoneType, zone_types
from hallplan.model.demand import Demand
from hallplan.model.site import OpeningRole, Site
from hallplan.model.windows import WindowPlan
from hallplan.programme.contents import content_draft, group_lines, office_drafts, special_rooms, wait_drafts
from hallplan.programme.counters import line_draft, window_lines, with_lockers
from hallplan.programme.draft import PLANT, SPECIAL_ROOM, Draft, add_holdings
from hallplan.programme.facts import Facts, Room, collect_facts
from hallplan.programme.fixed import drawn_zones
from hallplan.settings import Settings
from hallplan.terms import read_data, text

GROUPED = ("window_general", "window_special", "wait", "back_office")
"""Types that come from window groups alone."""


@dataclass(frozen=True, slots=True)
class Outline:
    """Drafts of all zones with their ids, and the counts they were made from."""

    drafts: tuple[Draft, ...]
    facts: Facts
    warnings: tuple[str, ...] = ()


def outline_zones(site: Site, demand: Demand, plan: WindowPlan, rooms: Sequence[Room], settings: Settings) -> Outline:
    """Returns the zones of a hall before areas are shared out."""
    wanted = _wanted_types(settings)
    facts = collect_facts(demand, plan, settings, has_24h=any(kind.id == "self_24h" for kind in wanted))
    groups = group_lines(window_lines(plan, settings, max(room.side_m for room in rooms)))
    numbered = [(line, group) for group, lines in groups.items() for line in lines]
    drafts = [line_draft(line, plan, _tied(line.zone, group), settings) for line, group in numbered]
    for group, lines in groups.items():
        drafts.extend(wait_drafts(group, lines, settings))
    drafts.extend(office_drafts(groups))
    drafts.extend(special_rooms(numbered))
    drafts.extend(drawn_zones(site))
    there = {draft.type for draft in drafts if draft.role not in (SPECIAL_ROOM, PLANT)}
    if any(line.zone == "window_general" and "complaint" in {kind.zone for kind in line.kinds} for line, _ in numbered):
        there.add("complaint")
    there |= {duty for kind in plan.types for duty in kind.duties}
    drafts.extend(content_draft(kind, facts, settings) for kind in wanted if kind.id not in {*there, *GROUPED})
    drafts = _add_contents(drafts, facts, settings)
    return Outline(number(_resized(drafts, settings)), facts, _warnings(site, wanted, settings))


def _tied(zone: str, group: int) -> int:
    """Collection and single windows may lie on any floor, whoever waits with whom."""
    return group if zone in ("window_general", "window_special", "one_matter") else 0


def _wanted_types(settings: Settings) -> list[ZoneType]:
    return [
        kind
        for kind in zone_types().values()
        if (settings.project.level in kind.levels or kind.id in settings.zones.add)
        and kind.id not in settings.zones.skip
    ]


def _add_contents(drafts: list[Draft], facts: Facts, settings: Settings) -> list[Draft]:
    """Collection zones with windows hold lockers too."""
    result = []
    for draft in drafts:
        if draft.type == "pickup" and draft.windows and not draft.holdings:
            draft = with_lockers(replace(draft, holdings=content_draft(draft.kind, facts, settings).holdings))
        result.append(draft)
    return result


def _resized(drafts: Iterable[Draft], settings: Settings) -> list[Draft]:
    """Takes the user's areas and scale into account."""
    drafts = [_scaled(draft, settings.zones.scale) for draft in drafts]
    for kind, area in settings.zones.area_m2.items():
        parts = [draft for draft in drafts if draft.type == kind and draft.is_charged and draft.role != SPECIAL_ROOM]
        total = sum(draft.target_m2 for draft in parts)
        for draft in parts:
            m2 = area * draft.target_m2 / total
            basis = text("programme.user_basis", area=f"{area:g}")
            drafts[drafts.index(draft)] = replace(draft, min_m2=0.95 * m2, target_m2=m2, max_m2=1.05 * m2, basis=basis)
    return drafts


def _scaled(draft: Draft, scale: float) -> Draft:
    if scale == 1.0 or draft.type == "wait" or draft.forms or draft.kind.side != "public" or not draft.is_charged:
        return draft
    return replace(
        draft, target_m2=max(draft.min_m2, draft.target_m2 * scale), max_m2=max(draft.min_m2, draft.max_m2 * scale)
    )


def number(drafts: Iterable[Draft]) -> tuple[Draft, ...]:
    """Returns the drafts in the order of the catalogue with ids type-1, type-2…; names get a number where several share one."""
    order = {kind: n for n, kind in enumerate(zone_types())}
    ranked = sorted(drafts, key=lambda draft: (order[draft.type], draft.role))
    counts: dict[str, int] = {}
    named: dict[str, int] = {}
    names = [draft.name for draft in ranked]
    result = []
    for draft in ranked:
        counts[draft.type] = counts.get(draft.type, 0) + 1
        named[draft.name] = n = named.get(draft.name, 0) + 1
        name = text("programme.numbered", name=draft.name, n=n) if names.count(draft.name) > 1 else draft.name
        result.append(replace(draft, id=f"{draft.type}-{counts[draft.type]}", name=name))
    return tuple(result)


def _warnings(site: Site, wanted: Iterable[ZoneType], settings: Settings) -> tuple[str, ...]:
    roles = {opening.role for floor in site.floors for opening in floor.openings}
    found = []
    if OpeningRole.H24 not in roles and any(kind.id == "self_24h" for kind in wanted):
        found.append(text("programme.no_24h_door"))
    if OpeningRole.STAFF not in roles:
        found.append(text("programme.no_staff_door"))
    unknown = sorted({*settings.zones.skip, *settings.zones.add, *settings.zones.area_m2} - set(zone_types()))
    found.extend(text("programme.unknown_type", name=name) for name in unknown)
    return tuple(found)


def join(drafts: Sequence[Draft], zone: str, into: str) -> tuple[Draft, ...]:
    """Returns the drafts with the zones of one type joined to the first of another, its inner way shared."""
    guests = [draft for draft in drafts if draft.type == zone and draft.is_charged and draft.fixed_area is None]
    hosts = [draft for draft in drafts if draft.type == into and draft.fixed_area is None]
    if not guests or not hosts:
        return tuple(drafts)
    host, shared = hosts[0], read_data("programme.toml")["joining"]["shared"]
    joined = replace(
        host,
        joined=(*host.joined, *dict.fromkeys(name for guest in guests for name in (guest.name, *guest.joined))),
        serves=(*host.serves, zone, *(type for guest in guests for type in guest.serves)),
        min_m2=host.min_m2 + shared * sum(guest.min_m2 for guest in guests),
        target_m2=host.target_m2 + shared * sum(guest.target_m2 for guest in guests),
        max_m2=host.max_m2 + sum(guest.max_m2 for guest in guests),
        holdings=add_holdings(part for draft in (host, *guests) for part in draft.holdings),
        needs=tuple(dict.fromkeys(need for draft in (host, *guests) for need in draft.all_needs)),
        basis="；".join(dict.fromkeys(draft.basis for draft in (host, *guests))),
    )
    return tuple(joined if draft is host else draft for draft in drafts if draft not in guests)
