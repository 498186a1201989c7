"""Areas by linear programming: each zone between its least and largest size, as near its target as the hall allows.

For zone z on floor f, with area a, target t and weight w by type:
    minimise  sum w (f1 short1 + f2 short2 + …) + w_over · over + price of missed shares
    a + short1 + short2 + … − over = t,  short_k <= part_k · t,  least <= a <= most,
    sum of a on f <= (1 − circulation share) · free area of f.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hallplan.lp import LinearProgramme, Solution
from hallplan.programme.draft import SPECIAL_ROOM, Draft
from hallplan.programme.facts import Room
from hallplan.terms import language, read_data, text


@dataclass(frozen=True, slots=True)
class Shared:
    """Areas in m² and prices per m² by zone id; the hall's price; share rules missed, in words; area left over."""

    areas: Mapping[str, float]
    prices: Mapping[str, float]
    hall_price: float
    objective: float
    missed: tuple[str, ...]
    reserve_m2: float


def room_for_zones(room: Room, circulation_share: float) -> float:
    """Returns the area in m² that zones may take of a floor when its main aisles take their share."""
    return room.free_m2 * (1.0 - circulation_share)


def share_out(drafts: Sequence[Draft], rooms: Sequence[Room], circulation_share: float) -> Shared | None:
    """Returns the areas of zones whose floors are decided, None when the least sizes do not fit."""
    lp = LinearProgramme("areas")
    charged = [draft for draft in drafts if draft.is_charged]
    for draft in charged:
        _add_zone(lp, draft)
    for room in rooms:
        here = {f"area_{draft.id}": 1.0 for draft in charged if draft.floor == room.id}
        lp.add_row(f"hall_{room.id}", here, high=room_for_zones(room, circulation_share), label=room.name)
    for rule in read_data("programme.toml")["share"]:
        _add_share(lp, rule, charged)
    solution = lp.solve(elastic=True)
    return _shared(solution, charged, rooms, circulation_share) if solution.status == "optimal" else None


def weight(draft: Draft) -> float:
    """Returns the weight of a m² short of target for a zone."""
    weights = read_data("programme.toml")["weights"]
    return float(weights.get(draft.type, weights["other"]))


def _add_zone(lp: LinearProgramme, draft: Draft) -> None:
    weights = read_data("programme.toml")["weights"]
    terms = {f"area_{draft.id}": 1.0, f"over_{draft.id}": -1.0}
    lp.add_variable(f"area_{draft.id}", low=draft.min_m2, high=max(draft.min_m2, draft.max_m2), label=draft.name)
    lp.add_variable(f"over_{draft.id}", cost=weights["over"])
    for n, (part, factor) in enumerate(weights["under"]):
        lp.add_variable(f"short{n}_{draft.id}", high=part * draft.target_m2, cost=factor * weight(draft))
        terms[f"short{n}_{draft.id}"] = 1.0
    lp.add_row(f"target_{draft.id}", terms, low=draft.target_m2, high=draft.target_m2, label=draft.name)


def _add_share(lp: LinearProgramme, rule: Mapping[str, Any], drafts: Sequence[Draft]) -> None:
    share = rule.get("most", rule.get("least"))
    terms = {f"area_{draft.id}": (1.0 if _falls_under(rule, draft) else 0.0) - share for draft in drafts}
    low, high = (None, 0.0) if "most" in rule else (0.0, None)
    lp.add_row(f"share_{rule['id']}", terms, low=low, high=high, price=rule["price"], label=rule[language()])


def _falls_under(rule: Mapping[str, Any], draft: Draft) -> bool:
    if "types" in rule:
        return bool(draft.type in rule["types"])
    return bool(draft.kind.side in rule["sides"])


def _shared(solution: Solution, drafts: Sequence[Draft], rooms: Sequence[Room], circulation_share: float) -> Shared:
    areas = {draft.id: solution.values[f"area_{draft.id}"] for draft in drafts}
    rules = {f"share_{rule['id']}": rule for rule in read_data("programme.toml")["share"]}
    missed = [
        text("programme.share_missed", what=rules[id][language()], by=f"{amount:.0f}",
             limit=f"{rules[id].get('most', rules[id].get('least')):.0%}")
        for id, amount in solution.missed.items() if amount >= 1.0
    ]  # fmt: skip
    room = sum(room_for_zones(room, circulation_share) for room in rooms)
    return Shared(
        areas=areas,
        prices={draft.id: max(0.0, solution.prices[f"target_{draft.id}"]) for draft in drafts},
        hall_price=max((-solution.prices[f"hall_{room.id}"] for room in rooms), default=0.0),
        objective=solution.objective,
        missed=tuple(missed),
        reserve_m2=max(0.0, room - sum(areas.values())),
    )


def choose_floors(drafts: Sequence[Draft], rooms: Sequence[Room], circulation_share: float) -> dict[str, str] | None:
    """Returns the floor of each zone, None when they fit on no split: a window group keeps together, few people climb.

    Targets with slack on every floor come first, then least sizes with none.
    Source: the same programme with one binary per group and floor.
    """
    slack = read_data("programme.toml")["area"]["upper_floor_from"]
    for fill, is_least in ((slack, False), (1.0, False), (1.0, True)):
        chosen = _split(drafts, rooms, [fill * room_for_zones(room, circulation_share) for room in rooms], is_least)
        if chosen is not None:
            return chosen
    return None


def _split(
    drafts: Sequence[Draft], rooms: Sequence[Room], capacities: Sequence[float], is_least: bool
) -> dict[str, str] | None:
    lp, bundles = LinearProgramme("floors"), _bundles(drafts)
    for key, members in bundles.items():
        climbing, allowed = _climbing(members), _allowed(members, rooms)
        for level, room in enumerate(rooms):
            high = 1.0 if room.id in allowed else 0.0
            lp.add_variable(f"on_{key}_{room.id}", high=high, is_whole=True, cost=level * climbing)
        lp.add_row(f"once_{key}", {f"on_{key}_{room.id}": 1.0 for room in rooms}, low=1.0, high=1.0)
    for room, capacity in zip(rooms, capacities, strict=True):
        sizes = {key: sum(d.min_m2 if is_least else d.target_m2 for d in members) for key, members in bundles.items()}
        lp.add_row(f"hall_{room.id}", {f"on_{key}_{room.id}": size for key, size in sizes.items()}, high=capacity)
    values = lp.solve().values
    if not values:
        return None
    chosen = {draft.id: draft.floor or rooms[0].id for draft in drafts if not draft.is_charged}
    for key, members in bundles.items():
        floor = max(rooms, key=lambda room: values[f"on_{key}_{room.id}"]).id
        chosen.update({draft.id: floor for draft in members})
    return chosen


def _climbing(members: Sequence[Draft]) -> float:
    """Price of one floor up for zones that stay together; those nobody queues for go by their size."""
    weights = read_data("programme.toml")["weights"]
    visitors = sum(draft.visitors for draft in members) or 0.02 * sum(draft.target_m2 for draft in members)
    is_general = any(draft.type == "window_general" for draft in members)
    return float(weights["climb"] * visitors * (weights["climb_general"] if is_general else 1.0))


def _bundles(drafts: Sequence[Draft]) -> dict[str, list[Draft]]:
    bundles: dict[str, list[Draft]] = {}
    for draft in drafts:
        if draft.is_charged:
            bundles.setdefault(f"group_{draft.group}" if draft.group else draft.id, []).append(draft)
    return bundles


GROUND_TYPES = ("entrance", "guide", "ticket", "form", "self_24h", "complaint", "pickup", "self_service", "disclosure")
"""Zones that belong where people come in; further ones of an upper floor are pinned there."""


def _allowed(members: Sequence[Draft], rooms: Sequence[Room]) -> set[str]:
    pinned = {draft.floor for draft in members if draft.floor}
    if pinned:
        return pinned
    if any(draft.type in GROUND_TYPES and draft.role != SPECIAL_ROOM for draft in members):
        return {rooms[0].id}
    return {room.id for room in rooms}
