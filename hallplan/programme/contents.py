"""Zones without counters: what each must hold for its demand, and the area that this takes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from hallplan.model.catalogue import ZoneType, furniture_types, zone_types
from hallplan.model.programme import Holding
from hallplan.model.windows import WindowType
from hallplan.programme.counters import SEATED, Line
from hallplan.programme.draft import SPECIAL_ROOM, Draft, add_holdings
from hallplan.programme.facts import Facts
from hallplan.settings import Settings
from hallplan.terms import language, read_data, text


def content_draft(kind: ZoneType, facts: Facts, settings: Settings) -> Draft:
    """Returns the zone of a type whose contents are counted from drivers in data/programme.toml."""
    data = read_data("programme.toml")
    entry, level = data["contents"].get(kind.id, {}), settings.project.level
    rules = entry.get("holds", entry.get(settings.project.security, []) if kind.id == "entrance" else [])
    rules = [rule for rule in rules if level in rule.get("levels", (level,))]
    counted = [(rule, _count(rule, facts, kind.id)) for rule in [*rules, *_more(kind.id, rules, facts)]]
    extra = entry.get("per_visitors_m2", 0.0) * facts.visitors + entry.get("per_staff_m2", 0.0) * facts.staff
    least = entry.get("base_min_m2", kind.min_m2) + sum(rule["min_m2"] * n for rule, n in counted) + 0.6 * extra
    base = entry.get("base_target_m2", kind.target_m2) * data["levels"][level]
    target = base + sum(rule["target_m2"] * n for rule, n in counted) + extra
    holdings = add_holdings(part for rule, n in counted for part in _holdings(rule, n))
    return Draft(
        type=kind.id,
        name=kind.name,
        min_m2=least,
        target_m2=max(target, least),
        max_m2=data["area"]["max_over_target"] * max(target, least),
        basis=text("programme.content_basis", what=_listed(holdings)) if holdings else text("programme.base_basis"),
        holdings=holdings,
    )


def _more(zone: str, rules: Iterable[dict[str, Any]], facts: Facts) -> list[dict[str, Any]]:
    """Rules for things that demand asks for here and the catalogue's rules do not name."""
    named = {rule["kind"] for rule in rules}
    return [
        {"kind": thing.kind, "least": 0, "most": thing.count, "min_m2": 0.7 * thing.area_m2, "target_m2": thing.area_m2}
        for thing in facts.things
        if thing.zone == zone and thing.kind not in named and thing.kind in furniture_types()
    ]


def _count(rule: dict[str, Any], facts: Facts, zone: str) -> int:
    """As many as chapter 8 counted, else by the rule's driver."""
    counted = [thing.count for thing in facts.things if thing.zone == zone and thing.kind == rule["kind"]]
    if counted:
        return int(min(rule["most"], max(rule["least"], counted[0])))
    return int(min(rule["most"], max(rule["least"], math.ceil(facts.driver(rule["driver"]) / rule["every"] - 1e-9))))


def _holdings(rule: dict[str, Any], n: int) -> Iterable[Holding]:
    low = min(1, n) if "low" in rule else 0
    yield Holding(rule["kind"], n - low)
    if low:
        yield Holding(rule["low"], low)


def _listed(holdings: Iterable[Holding]) -> str:
    return "、".join(f"{furniture_types()[part.kind].name}×{part.count}" for part in holdings)


def special_rooms(lines: Iterable[tuple[Line, int]]) -> list[Draft]:
    """Returns the rooms that specialist windows must have beside them; lines come with their group."""
    rooms: dict[str, Draft] = {}
    for line, group in lines:
        for rule in read_data("programme.toml")["special_room"]:
            kinds = [kind for kind in line.kinds if _names(kind, rule["words"])]
            if line.zone == "window_special" and sum(kind.windows for kind in kinds) >= rule["from_windows"]:
                rooms.setdefault(rule["en"], _special_room(rule, group, kinds[0].sub_type or kinds[0].name))
    return list(rooms.values())


def _names(kind: WindowType, words: Iterable[str]) -> bool:
    return any(word in f"{kind.sub_type} {kind.name}" for word in words)


def _special_room(rule: dict[str, Any], group: int, whose: str) -> Draft:
    return Draft(
        type="meeting",
        name=rule[language()],
        min_m2=rule["min_m2"],
        target_m2=rule["target_m2"],
        max_m2=rule["target_m2"] * read_data("programme.toml")["area"]["max_over_target"],
        basis=text("programme.special_room_basis", whose=whose),
        group=group,
        role=SPECIAL_ROOM,
    )


def people_waiting(line: Line) -> float:
    """Returns who waits for a line's windows at the 95th percentile."""
    return sum(kind.waiting_p95 * line.share(kind) for kind in line.kinds)


def group_lines(lines: list[Line]) -> dict[int, list[Line]]:
    """Returns window groups by number from 1: lines whose visitors wait together. Collection and single windows are in 1."""
    groups: list[list[Line]] = []
    for unit in _units([line for line in lines if line.zone in SEATED]):
        if groups and not _is_full(groups[-1], unit):
            groups[-1].extend(unit)
        else:
            groups.append(list(unit))
    if len(groups) > 1 and _is_spare(groups[-2], groups[-1]):
        groups[-2].extend(groups.pop())
    groups = groups or [[]]
    groups[0].extend(line for line in lines if line.zone not in SEATED)
    return dict(enumerate(groups, 1))


def _units(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines that must wait together: those of one specialist type."""
    units: list[list[Line]] = []
    for line in lines:
        last = units[-1][-1] if units else None
        is_same = last is not None and line.zone == "window_special" == last.zone
        if is_same and last is not None and {kind.id for kind in last.kinds} & {kind.id for kind in line.kinds}:
            units[-1].append(line)
        else:
            units.append([line])
    return units


def _people(lines: Iterable[Line]) -> float:
    return sum(people_waiting(line) for line in lines)


def _is_spare(before: list[Line], last: list[Line]) -> bool:
    """Whether a last group is too small for a waiting zone of its own and fits the one before."""
    data = read_data("programme.toml")["wait"]
    windows = sum(len(line.places) for line in (*before, *last))
    return bool(_people(last) < data["least_people"] and windows <= 1.25 * data["most_windows"])


def _is_full(group: list[Line], unit: list[Line]) -> bool:
    """Whether a group is large enough, or would be too large with the unit; specialists leave general windows early."""
    data = read_data("programme.toml")["wait"]
    people, windows = _people(group), sum(len(line.places) for line in (*group, *unit))
    if (
        people >= data["people_per_group"]
        or people + _people(unit) > data["most_people"]
        or windows > data["most_windows"]
    ):
        return True
    return group[0].zone == "window_general" and unit[0].zone == "window_special" and people > data["most_people"] / 5


def wait_drafts(group: int, lines: list[Line], settings: Settings) -> list[Draft]:
    """Returns the waiting zones of a window group, more than one when too many people wait for one."""
    data = read_data("programme.toml")["wait"]
    people = sum(people_waiting(line) for line in lines)
    n_zones = max(1, math.ceil(people / data["most_people"]))
    kinds: dict[str, float] = {}
    for line in lines:
        for kind in line.kinds:
            kinds[kind.id] = kinds.get(kind.id, 0.0) + kind.waiting_p95 * line.share(kind)
    drafts = []
    for part in range(n_zones):
        seats = {
            id: _part(math.ceil(waiting * settings.zones.seats_share - 1e-9), part, n_zones)
            for id, waiting in kinds.items()
        }
        drafts.append(_wait(group, people / n_zones, seats, settings))
    return drafts


def _part(count: int, part: int, parts: int) -> int:
    return count // parts + (part < count % parts)


def _wait(group: int, people: float, seats: dict[str, int], settings: Settings) -> Draft:
    data, kind = read_data("programme.toml")["wait"], zone_types()["wait"]
    chairs = max(sum(seats.values()), 4)
    main = next(iter(seats), "")
    places = max(1, round(chairs / data["chairs_per_wheelchair"]))
    missing = chairs - sum(seats.values())
    holdings = [Holding("chair", n + (missing if id == main else 0), id) for id, n in seats.items()]
    holdings.append(Holding("wheelchair_place", places, main))
    least = data["base_m2"] + chairs * data["chair_m2"] + places * data["wheelchair_m2"]
    wanted = max(people, chairs) * settings.zones.wait_area_per_person_m2 * settings.zones.scale
    target = max(least, wanted, kind.min_m2)
    return Draft(
        type="wait",
        name=kind.name,
        min_m2=least,
        target_m2=target,
        max_m2=max(1.1 * target, people * data["most_m2_per_person"]),
        basis=text(
            "programme.wait_basis", people=math.ceil(people), chairs=chairs, each=settings.zones.wait_area_per_person_m2
        ),
        group=group,
        holdings=add_holdings(holdings),
        people=people,
    )


def office_drafts(groups: dict[int, list[Line]]) -> list[Draft]:
    """Returns back offices behind the window groups; small ones join the next group's, large ones split."""
    data = read_data("programme.toml")["back_office"]
    desks: dict[int, float] = {}
    carry = 0.0
    for group, lines in groups.items():
        carry += sum(line.reviewers for line in lines)
        if carry >= data["least_desks"] or group == max(groups):
            desks[group], carry = carry, 0.0
    if len(desks) > 1 and 0 < desks[max(desks)] < data["least_desks"]:
        last = desks.pop(max(desks))
        desks[max(desks)] += last
    drafts: list[Draft] = []
    for group, count in desks.items():
        n_desks = math.ceil(count - 1e-6)
        parts = max(1, math.ceil(n_desks / data["most_desks"]))
        drafts.extend(
            _office(group, _part(n_desks, part, parts)) for part in range(parts) if n_desks or len(desks) == 1
        )
    return drafts


def _office(group: int, n_desks: int) -> Draft:
    data, kind = read_data("programme.toml")["back_office"], zone_types()["back_office"]
    n_desks = max(1, n_desks)
    target = max(kind.min_m2, data["base_m2"] + n_desks * data["desk_target_m2"])
    return Draft(
        type="back_office",
        name=kind.name,
        min_m2=data["base_m2"] + n_desks * data["desk_min_m2"],
        target_m2=target,
        max_m2=read_data("programme.toml")["area"]["max_over_target"] * target,
        basis=text("programme.office_basis", n=n_desks, each=data["desk_target_m2"]),
        group=group,
        holdings=(Holding("desk", n_desks),),
    )
