"""The stage: zones, their floors, their areas, what should be near what and who walks where."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from hallplan.errors import InfeasibleError
from hallplan.model.catalogue import zone_types
from hallplan.model.demand import Assumption, Demand
from hallplan.model.programme import Need, Programme, Zone
from hallplan.model.site import OpeningRole, Site
from hallplan.model.windows import WindowPlan
from hallplan.programme.areas import Shared, choose_floors, room_for_zones, share_out
from hallplan.programme.conflict import too_small
from hallplan.programme.contents import content_draft
from hallplan.programme.draft import SPECIAL_ROOM, Draft
from hallplan.programme.facts import Facts, Room, usable_rooms
from hallplan.programme.fixed import lock, locks
from hallplan.programme.outline import join, outline_zones
from hallplan.programme.visitors import visitor_kinds
from hallplan.programme.wanted import with_wanted
from hallplan.programme.wishes import adjacencies, sightlines
from hallplan.settings import Settings
from hallplan.terms import read_data, text
from hallplan.units import round_m

MORE_M2 = 10.0
_DEFAULT_SHARES = (
    Settings().zones.circulation_share,
    *read_data("programme.toml")["comfort"].values(),
    *(step["circulation"] for step in read_data("programme.toml")["step"] if "circulation" in step),
)
EACH_FLOOR = ("guide", "ticket")
"""Types that every floor with windows has."""


@dataclass(frozen=True, slots=True)
class _Fitted:
    drafts: tuple[Draft, ...]
    rooms: tuple[Room, ...]
    shared: Shared


def size_zones(site: Site, demand: Demand, windows: WindowPlan, settings: Settings) -> Programme:
    """Returns the programme of a hall: every zone with its areas, floor and contents, wishes and walks.

    Raises InfeasibleError when the least sizes do not fit: what they are, how much is missing, the cheapest changes that
    would do. Raises SettingsError when a locked zone is not known or lies outside.
    """
    rooms = usable_rooms(site)
    if not rooms:
        raise InfeasibleError.at(text("programme.where"), text("programme.no_floor"))
    outline = outline_zones(site, demand, windows, rooms, settings)
    drafts = lock(list(outline.drafts), locks(site, settings), site)
    drafts, said_of_names = with_wanted(drafts, site, settings)
    settings = _with_comfort(settings)
    fitted = _fit(drafts, rooms, outline.facts, settings)
    said: dict[str, str] = {}
    for step in read_data("programme.toml")["step"]:
        if fitted is None and settings.project.level in step["levels"]:
            drafts, settings, words = _step(step, drafts, settings)
            said.update(words)
            fitted = _fit(drafts, rooms, outline.facts, settings)
    if fitted is None:
        raise too_small(drafts, rooms, settings)
    return _programme(
        site, windows, fitted, outline.facts, (*outline.warnings, *said_of_names, *said.values()), settings
    )


def _with_comfort(settings: Settings) -> Settings:
    """The settings with the ample share of aisles for their level, unless the user gave one."""
    if settings.zones.circulation_share != Settings().zones.circulation_share:
        return settings
    share = read_data("programme.toml")["comfort"][settings.project.level]
    return settings.model_copy(update={"zones": settings.zones.model_copy(update={"circulation_share": share})})


def _step(
    step: dict[str, Any], drafts: list[Draft], settings: Settings
) -> tuple[list[Draft], Settings, dict[str, str]]:
    """Takes one step towards what a small hall can hold, and says it when it changes anything."""
    if "circulation" in step:
        if settings.zones.circulation_share not in _DEFAULT_SHARES:
            return drafts, settings, {}
        zones = settings.zones.model_copy(update={"circulation_share": step["circulation"]})
        words = text("programme.less_aisle", share=f"{step['circulation']:.0%}")
        return drafts, settings.model_copy(update={"zones": zones}), {"circulation": words}
    if "drop" in step:
        fewer = [draft for draft in drafts if draft.type != step["drop"] or draft.fixed_area is not None]
        words = text("programme.dropped", zone=zone_types()[step["drop"]].name)
    else:
        zone, into = step["join"]
        fewer = list(join(drafts, zone, into))
        words = text("programme.merged", zone=zone_types()[zone].name, into=zone_types()[into].name)
    return fewer, settings, {words: words} if len(fewer) < len(drafts) else {}


def _fit(drafts: Sequence[Draft], rooms: Sequence[Room], facts: Facts, settings: Settings) -> _Fitted | None:
    """Zones on as few floors as hold their targets, else on all; None when even the least sizes do not fit."""
    for n_floors in range(1, len(rooms) + 1):
        used, last = tuple(rooms[:n_floors]), n_floors == len(rooms)
        everything = _with_upper_floors(drafts, used, facts, settings)
        room = sum(room_for_zones(floor, settings.zones.circulation_share) for floor in used)
        wanted = sum(draft.target_m2 for draft in everything if draft.is_charged)
        if not last and wanted > read_data("programme.toml")["area"]["upper_floor_from"] * room:
            continue
        fitted = _fit_on(everything, used, settings)
        if fitted:
            return fitted
    return None


def _fit_on(drafts: Sequence[Draft], rooms: tuple[Room, ...], settings: Settings) -> _Fitted | None:
    share = settings.zones.circulation_share
    pinned = {draft.floor for draft in drafts if draft.floor and draft.is_charged}
    if not pinned <= {room.id for room in rooms}:
        return None
    floors: dict[str, str] | None = {draft.id: draft.floor or rooms[0].id for draft in drafts}
    if len(rooms) > 1:
        floors = choose_floors(drafts, rooms, share)
    if floors is None:
        return None
    served = {floors[draft.id] for draft in drafts if draft.windows}
    placed = tuple(
        replace(draft, floor=floors[draft.id])
        for draft in drafts
        if draft.type not in EACH_FLOOR or floors[draft.id] in {rooms[0].id, *served}
    )
    shared = share_out(placed, rooms, share)
    return _Fitted(placed, rooms, shared) if shared else None


def _with_upper_floors(drafts: Sequence[Draft], rooms: Sequence[Room], facts: Facts, settings: Settings) -> list[Draft]:
    """Adds what every floor with windows has, and toilets where the drawing shows none."""
    result = list(drafts)
    toilets = {draft.floor for draft in drafts if draft.type == "toilet" and draft.fixed_area is not None}
    for room in rooms[1:]:
        kinds = [*EACH_FLOOR, *(["toilet"] if room.id not in toilets else [])]
        for kind in kinds:
            if any(draft.type == kind for draft in drafts) and kind not in settings.zones.skip:
                things = tuple(replace(thing, count=-(-thing.count // 3)) for thing in facts.things)
                some = replace(facts, visitors=facts.visitors / 3, windows=facts.windows / 3, things=things)
                small = content_draft(zone_types()[kind], some, settings)
                n = sum(draft.type == kind for draft in result) + 1
                result.append(
                    replace(
                        small,
                        id=f"{kind}-{n}",
                        name=text("programme.on_floor", name=small.name, n=room.level),
                        floor=room.id,
                    )
                )
    return result


def _programme(
    site: Site, windows: WindowPlan, fitted: _Fitted, facts: Facts, warnings: tuple[str, ...], settings: Settings
) -> Programme:
    areas = sum(fitted.shared.areas.values())
    share = settings.zones.circulation_share
    zones = tuple(_zone(draft, fitted.shared, site) for draft in fitted.drafts)
    return Programme(
        zones=zones,
        adjacencies=adjacencies(fitted.drafts, settings),
        visitors=visitor_kinds(site, fitted.drafts, windows, facts),
        circulation_m2=_m2(areas * share / (1.0 - share)),
        free_m2=_m2(sum(room.free_m2 for room in fitted.rooms)),
        objective=round(fitted.shared.objective, 6),
        prices=_prices(fitted, settings),
        warnings=(*warnings, *fitted.shared.missed),
        assumptions=_assumptions(settings),
        sightlines=sightlines(fitted.drafts),
    )


def _zone(draft: Draft, shared: Shared, site: Site) -> Zone:
    kind = draft.kind
    area = shared.areas.get(draft.id, draft.target_m2)
    side_m = round_m(draft.min_side_m or kind.min_side_m)
    return Zone(
        id=draft.id,
        type=draft.type,
        name=draft.full_name,
        side="both" if draft.windows else kind.side,
        min_m2=_m2(min(draft.min_m2, area)),
        target_m2=_m2(area),
        # the smallest that it can be is a square of its least side
        max_m2=_m2(max(draft.max_m2, area, side_m**2)),
        min_side_m=side_m,
        max_aspect=round(draft.max_aspect or kind.max_aspect, 2),
        needs=_needs(draft, site),
        wants_daylight=kind.daylight,
        is_enclosed=kind.enclosed or draft.role == SPECIAL_ROOM,
        forms=draft.forms,
        front_way_m=kind.front_way_m,
        window_types=draft.window_types,
        windows=draft.windows,
        holdings=draft.holdings,
        floors=(draft.floor,),
        fixed_area=draft.fixed_area,
        fixed_floor=draft.floor if draft.fixed_area is not None else "",
        basis=draft.basis,
        serves=draft.serves,
        regions=draft.regions,
        reviewers=round(draft.reviewers, 6),
        price=round(shared.prices.get(draft.id, 0.0), 4),
    )


def _needs(draft: Draft, site: Site) -> tuple[Need, ...]:
    """A 24-hour zone without a door of its own still wants the facade, where one can be cut."""
    has_door = any(floor.with_role(OpeningRole.H24) for floor in site.floors)
    return tuple(Need.FACADE if need is Need.H24_DOOR and not has_door else need for need in draft.all_needs)


def _m2(area: float) -> float:
    return math.floor(area * 100 + 0.5) / 100


def _prices(fitted: _Fitted, settings: Settings) -> tuple[str, ...]:
    """What the next m² would be used for, and where zones stand below their targets, in plain words."""
    shared, drafts = fitted.shared, {draft.id: draft for draft in fitted.drafts}
    if shared.reserve_m2 >= read_data("programme.toml")["area"]["reserve_from_m2"] and shared.hall_price <= 1e-9:
        return (text("programme.reserve", area=f"{shared.reserve_m2:.0f}"),)
    words = []
    for name, more in (("more", MORE_M2), ("less", -MORE_M2)):
        rooms = (
            replace(fitted.rooms[0], free_m2=fitted.rooms[0].free_m2 + more / (1 - settings.zones.circulation_share)),
            *fitted.rooms[1:],
        )
        other = share_out(fitted.drafts, rooms, settings.zones.circulation_share)
        if other:
            changes = {id: other.areas[id] - area for id, area in shared.areas.items()}
            moved = sorted(
                (id for id in changes if changes[id] * more >= 0.5 * abs(more)),
                key=lambda id: (-abs(changes[id]), id),
            )
            parts = [
                text("programme.part", name=drafts[id].full_name, area=f"{abs(changes[id]):.0f}") for id in moved[:3]
            ]
            if parts:
                words.append(
                    text(f"programme.{name}", area=f"{MORE_M2:.0f}", parts=text("programme.comma").join(parts))
                )
    short = {id: drafts[id].target_m2 - area for id, area in shared.areas.items() if drafts[id].target_m2 - area >= 1.0}
    for id in sorted(short, key=lambda id: (-shared.prices[id], id))[:5]:
        words.append(
            text("programme.below", name=drafts[id].name, area=f"{short[id]:.0f}", target=f"{drafts[id].target_m2:.0f}")
        )
    return tuple(words)


def _assumptions(settings: Settings) -> tuple[Assumption, ...]:
    data = read_data("programme.toml")
    return (
        Assumption(text("programme.assume_wait"), f"{settings.zones.wait_area_per_person_m2:g} m²", text("programme.practice"), "zones.wait_area_per_person_m2"),
        Assumption(text("programme.assume_circulation"), f"{settings.zones.circulation_share:.0%}", text("programme.practice"), "zones.circulation_share"),
        Assumption(text("programme.assume_desk"), f"{data['back_office']['desk_target_m2']:g} m²", "JGJ/T 67-2019 4.2", "zones.area_m2.back_office"),
        Assumption(text("programme.assume_form"), f"{read_data('visitors.toml')['shares']['form']:.0%}", text("programme.practice"), ""),
    )  # fmt: skip
