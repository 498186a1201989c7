"""Kinds of visitors: the zones they go to in turn and how many come a day, from data/visitors.toml."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from hallplan.model.programme import VisitorKind
from hallplan.model.site import OpeningRole, Site
from hallplan.model.windows import WindowPlan, plate_runs
from hallplan.programme.draft import PLANT, SPECIAL_ROOM, Draft
from hallplan.programme.facts import Facts
from hallplan.programme.given import soonest
from hallplan.programme.wishes import office_group
from hallplan.terms import language, read_data, text

KIND_OF = {"window_special": "special", "one_matter": "one_matter", "pickup": "collect", "complaint": "complaint"}
FEW = ("agent", "pram", "blind")
"""Kinds that are few, each walked once in a hall."""


def visitor_kinds(site: Site, drafts: Sequence[Draft], plan: WindowPlan, facts: Facts) -> tuple[VisitorKind, ...]:
    """Returns all kinds with a chain of at least one zone between doors, in the order of the data."""
    walks = _Walks(site, drafts, plan)
    kinds = [
        *_at_windows(walks),
        *_apart(walks, plan, facts),
        *_few(walks),
        *_wheelchairs(walks),
        *_facilities(walks),
        *_staff(walks),
    ]
    return tuple(kind for kind in kinds if kind.per_day > 0)


class _Walks:
    """Spells out chains of types as chains of zone ids for one hall."""

    def __init__(self, site: Site, drafts: Sequence[Draft], plan: WindowPlan) -> None:
        self.site, self.drafts, self.plan = site, drafts, plan
        self._given: dict[tuple[str, str], Draft] = {}
        self.data: dict[str, Any] = read_data("visitors.toml")
        self.roles = {opening.role for floor in site.floors for opening in floor.openings}

    def windows(self) -> list[Draft]:
        """Returns the zones with windows."""
        return [draft for draft in self.drafts if draft.windows]

    def first(self, kind: str, floor: str = "", group: int = 0) -> Draft | None:
        """Returns the zone of a type that suits best: of the group, else on the floor, else the first."""
        found = [draft for draft in self.drafts if draft.type == kind and draft.role not in (SPECIAL_ROOM, PLANT)]
        found.sort(key=lambda draft: (bool(group) and draft.group != group, bool(floor) and draft.floor != floor))
        return found[0] if found else None

    def facility(self, kind: str, floor: str) -> Draft | None:
        """Returns the zone of a type that those who wait on a floor go to, of the drawing's rooms the one they come to soonest."""
        zone = self.first(kind, floor)
        if zone is None or zone.fixed_area is None:
            return zone
        key = kind, zone.floor
        if key not in self._given:
            same = [d for d in self.drafts if d.type == kind and d.floor == zone.floor and d.fixed_area is not None]
            self._given[key] = soonest(next(one for one in self.site.floors if one.id == zone.floor), same)
        return self._given[key]

    def places(self, window: Draft) -> dict[str, Draft | None]:
        """Returns a window zone, where one waits for it, and where one learns where to go on its floor: the guidance of an upper
        floor, and tickets."""
        floor, guide = window.floor, self.first("guide", window.floor)
        is_upper = guide is not None and guide.floor == floor and guide is not self.first("guide")
        return {
            "window": window,
            "wait": self.first("wait", floor, window.group or 1),
            "floor_guide": guide if is_upper else None,
            "ticket": self.first("ticket", floor),
        }

    def kind(self, id: str, kind: str, per_day: float, suffix: str = "", **places: Draft | None) -> VisitorKind:
        """Returns a kind of visitor; `places` say which zone a word of its chain stands for."""
        rule = self.data["kind"][kind]
        chain = tuple(step for word in rule["chain"] if (step := self._step(word, places)))
        window = places.get("window")
        slots = self._half_hours(window.window_types if window else (), per_day)
        network, eye = rule.get("network", "public"), rule.get("eye", "")
        return VisitorKind(id, rule[language()] + suffix, chain, round(per_day, 2), network, eye, slots)

    def _half_hours(self, types: Sequence[str], per_day: float) -> tuple[float, ...]:
        """People a day spread as the arrivals of some window types are, of all types when none of these has any."""
        for among in (types, [kind.id for kind in self.plan.types]):
            slots = [sum(slot) for slot in zip(*(k.arrivals for k in self.plan.types if k.id in among), strict=True)]
            if total := sum(slots):
                return tuple(round(per_day * slot / total, 2) for slot in slots)
        return ()

    def busiest(self) -> Draft | None:
        """Returns the general window zone that most people go to."""
        return max((d for d in self.windows() if d.type == "window_general"), key=lambda d: d.visitors, default=None)

    def few_share(self, zone: Draft) -> float:
        """Returns the share of a zone's visitors that are kinds of their own: agents, with prams, with white canes."""
        return sum(self.data["shares"][kind] for kind in FEW) if zone is self.busiest() else 0.0

    def _step(self, word: str, places: dict[str, Draft | None]) -> str:
        if word.startswith("door:"):
            return self._door(word)
        floor = next((place.floor for place in places.values() if place), "")
        zone = places[word] if word in places else self.first(word, floor if word == "ticket" else "")
        return zone.id if zone else ""

    def _door(self, word: str) -> str:
        """A role that no door has falls back on the next that may stand for it."""
        others = {"staff": ("staff", "goods", "second"), "self_24h": ("self_24h",)}.get(
            word.removeprefix("door:"), ("main", "second")
        )
        role = next((role for role in others if OpeningRole(role) in self.roles), "main")
        return f"door:{role}"


def _at_windows(walks: _Walks) -> Iterator[VisitorKind]:
    share = walks.data["shares"]["form"] if walks.first("form") else 0.0
    for zone in walks.windows():
        places = walks.places(zone)
        kind = KIND_OF.get(zone.type, "general")
        suffix = " " + text("programme.comma").join(plate_runs(zone.windows))
        has_form = kind == "general"
        rest = 1 - share * has_form - walks.few_share(zone)
        yield walks.kind(f"{kind}-{zone.id}", kind, zone.visitors * rest, suffix, **places)
        if has_form and share:
            yield walks.kind(f"general_form-{zone.id}", "general_form", zone.visitors * share, suffix, **places)


def _few(walks: _Walks) -> Iterator[VisitorKind]:
    """Agents who go on to the busiest other windows, parents with prams and blind people, to the busiest general windows."""
    zone = walks.busiest()
    if zone is None:
        return
    others = sorted((d for d in walks.windows() if d is not zone), key=lambda d: (d.floor != zone.floor, -d.visitors))
    places = {**walks.places(zone), "next_window": others[0] if others else None}
    for kind in FEW:
        yield walks.kind(kind, kind, zone.visitors * walks.data["shares"][kind], "", **places)


def _apart(walks: _Walks, plan: WindowPlan, facts: Facts) -> Iterator[VisitorKind]:
    night = (
        plan.kiosk_users_per_day * facts.kiosks_24h / plan.kiosks if plan.kiosks and walks.first("self_24h") else 0.0
    )
    if walks.first("self_service"):
        yield walks.kind("self", "self", plan.kiosk_users_per_day - night)
    if night:
        yield walks.kind("self_24h", "self_24h", night)
    asking = plan.visitors_per_day - plan.kiosk_users_per_day - sum(zone.visitors for zone in walks.windows())
    if walks.first("guide") and asking >= 1:
        yield walks.kind("consult", "consult", asking)


def _wheelchairs(walks: _Walks) -> Iterator[VisitorKind]:
    for zone in walks.windows():
        places = walks.places(zone)
        count = max(0.1, zone.visitors * walks.data["shares"]["wheelchair"])
        yield walks.kind(
            f"wheelchair-{zone.id}",
            "wheelchair",
            count,
            " " + text("programme.comma").join(plate_runs(zone.windows)),
            **places,
        )


def _facilities(walks: _Walks) -> Iterator[VisitorKind]:
    everyone = sum(zone.visitors for zone in walks.windows())
    waits = [draft for draft in walks.drafts if draft.type == "wait"]
    people = sum(wait.people for wait in waits) or 1.0
    for kind, share in walks.data["facility"].items():
        for wait in waits[:1] if kind != "toilet" else waits:
            part = wait.people / people if kind == "toilet" else 1.0
            zone = walks.facility(kind, wait.floor)
            if zone:
                made = walks.kind(
                    f"facility-{wait.id}-{zone.id}", "facility", everyone * share * part, wait=wait, facility=zone
                )
                yield replace(made, name=made.name.format(zone=zone.name))


def _staff(walks: _Walks) -> Iterator[VisitorKind]:
    trips = walks.data["shares"]["staff_trips"]
    for zone in walks.windows():
        group = office_group(zone.group or 1, walks.drafts)
        office = walks.first("back_office", zone.floor, group)
        yield walks.kind(
            f"staff-{zone.id}",
            "staff",
            trips * len(zone.windows),
            " " + text("programme.comma").join(plate_runs(zone.windows)),
            office=office,
            window=zone,
        )
    for kind in ("staff_support", "records", "equipment_rooms", "media"):
        room = walks.first(kind)
        if room:
            yield walks.kind(f"staff-{room.id}", "staff_rooms", 10.0, f" {room.name}", room=room)
