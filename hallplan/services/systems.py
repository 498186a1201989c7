"""The stage `systems`: chapter 9 for one hall."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hallplan.model.demand import Demand, Item
from hallplan.model.service_inputs import Interface, ItemSystem, ServiceInputs
from hallplan.model.services import Flaw, Helper, Indicator, RoadStep, SystemFigures, SystemsPlan
from hallplan.services.graph import circles, islands
from hallplan.terms import language, listed, read_data, text
from hallplan.units import SECONDS_PER_MINUTE


@dataclass(frozen=True, slots=True)
class Landscape:
    """Items with the systems that handle them, by item code; systems in the order of their list."""

    names: tuple[str, ...]
    rows: Mapping[str, tuple[ItemSystem, ...]]
    items: Mapping[str, Item]
    signed_on: frozenset[str]
    joined: frozenset[str] = frozenset()

    @property
    def main(self) -> str:
        """The acceptance system: the one its name tells, else the one with most items, "" without systems."""
        words = read_data("systems.toml")["platform"]["words"]
        named = [name for name in self.names if any(word in name for word in words)]
        used = Counter(name for rows in self.rows.values() for name in {row.system for row in rows})
        return max(named or self.names, key=lambda name: (used[name], name), default="")

    def with_joined(self, *names: str) -> Landscape:
        """Returns it with further systems joined to the acceptance system."""
        return replace(self, joined=self.joined | set(names))

    def minutes_of(self, code: str) -> float:
        """Minutes of one case that go into typing again, logins, screens and papers, given what is joined."""
        effort = read_data("systems.toml")["effort"]
        rows = self.rows[code]
        apart = [row for row in rows if row.system not in self.joined]
        seconds = repeated_fields(rows, self.joined, self.main) * effort["seconds_per_field"]
        logins = len({row.system for row in apart if row.system not in self.signed_on})
        seconds += logins * effort["seconds_per_login"] / effort["cases_per_login"]
        seconds += max(0, len({row.system for row in apart}) - 1) * effort["seconds_per_screen"]
        seconds += len({licence for row in apart for licence in row.licences}) * effort["seconds_per_licence"]
        return float(seconds / SECONDS_PER_MINUTE)


def landscape_of(demand: Demand, inputs: ServiceInputs) -> Landscape:
    """Returns the hall's admitted items with their systems; rows of items or systems that nobody listed are left out."""
    by_key = {key: item for item in demand.admitted for key in (item.code, item.name)}
    names = {system.name for system in inputs.systems}
    rows: dict[str, list[ItemSystem]] = defaultdict(list)
    for row in inputs.item_systems:
        if row.item in by_key and (row.system in names or not names):
            rows[by_key[row.item].code].append(row)
    listed = [system.name for system in inputs.systems] or list(dict.fromkeys(r.system for r in inputs.item_systems))
    return Landscape(
        tuple(dict.fromkeys(listed)),
        {code: tuple(entries) for code, entries in rows.items()},
        {item.code: item for item in demand.admitted},
        frozenset(system.name for system in inputs.systems if system.has_single_sign_on),
    )


def repeated_fields(rows: Sequence[ItemSystem], joined: frozenset[str] = frozenset(), main: str = "") -> float:
    """Returns the fields of one case that are typed again: all but those of its largest form, less what joining brings in.

    A joined system gets its shareable fields from the acceptance system; the acceptance system itself is joined to nothing.
    """
    if not rows:
        return 0.0
    share = float(read_data("systems.toml")["effort"]["prefill_share"])
    again = sum(row.fields for row in rows) - max(row.fields for row in rows)
    brought = sum(share * row.shareable for row in rows if row.system in joined and row.system != main)
    return max(0.0, again - brought)


def reduced_demand(demand: Demand, inputs: ServiceInputs, joined: Sequence[str]) -> Demand:
    """Returns the demand with the minutes at the window that joining these systems saves taken off each item."""
    land = landscape_of(demand, inputs)
    then = land.with_joined(*joined)
    most = float(read_data("systems.toml")["effort"]["saving_most"])
    items = []
    for item in demand.items:
        if item.code in land.rows and item.is_admitted and item.minutes.accept > 0:
            saved = min(land.minutes_of(item.code) - then.minutes_of(item.code), most * item.minutes.accept)
            share = 1.0 - saved / item.minutes.accept
            steps = replace(item.minutes, accept=item.minutes.accept - saved, std=item.minutes.std * share)
            item = replace(item, minutes=steps)
        items.append(item)
    return replace(demand, items=tuple(items))


def saved_per_year(demand: Demand, inputs: ServiceInputs, joined: Sequence[str]) -> float:
    """Returns the minutes a year at windows that joining these systems saves."""
    after = {item.code: item.minutes.accept for item in reduced_demand(demand, inputs, joined).items}
    return sum(
        item.counter_cases * item.visits_per_case * (item.minutes.accept - after[item.code]) for item in demand.admitted
    )


def plan_systems(demand: Demand, inputs: ServiceInputs) -> SystemsPlan:
    """Returns the landscape of systems, its islands and circles, double entry, the ranked roadmap and AI helpers.

    The roadmap joins, step by step, the system that saves most minutes a year after those before it; what each step
    does to windows is for the window model (RoadStep.windows_saved is 0 until then).
    """
    land = landscape_of(demand, inputs)
    links = [(link.provider, link.user) for link in inputs.interfaces]
    parts = islands(land.names, links)
    home = next((n for n, part in enumerate(parts) if land.main in part), 0)
    again = {code: repeated_fields(rows) for code, rows in land.rows.items()}
    cases = {code: land.items[code].counter_cases for code in land.rows}
    total = sum(cases.values())
    fields = sum(again[code] * cases[code] for code in land.rows)
    figures = tuple(_figures(name, _island(name, parts, home), land, demand, inputs) for name in land.names)
    seconds = float(read_data("systems.toml")["effort"]["seconds_per_field"])
    return SystemsPlan(
        systems=figures,
        islands=tuple(part for n, part in enumerate(parts) if n != home),
        cycles=circles(links),
        logins_per_item=round(_mean([_logins(rows, land) for rows in land.rows.values()]), 3),
        screens_per_item=round(_mean([len({r.system for r in rows}) for rows in land.rows.values()]), 3),
        repeated_fields=round(fields / total, 3) if total else 0.0,
        minutes_per_year=round(fields * seconds / SECONDS_PER_MINUTE, 1),
        shareable_fields=round(sum(sum(r.shareable for r in rows) * cases[c] for c, rows in land.rows.items()), 1),
        roadmap=_roadmap(demand, inputs, land),
        helpers=_helpers(demand),
        indicators=_indicators(inputs, land),
        flaws=tuple(_flaws(demand, inputs, circles(links))),
    )


def _island(name: str, parts: Sequence[Sequence[str]], home: int) -> int:
    at = next(n for n, part in enumerate(parts) if name in part)
    return 0 if at == home else at + (at < home)


def _figures(name: str, island: int, land: Landscape, demand: Demand, inputs: ServiceInputs) -> SystemFigures:
    mine = {code: [row for row in rows if row.system == name] for code, rows in land.rows.items()}
    mine = {code: rows for code, rows in mine.items() if rows}
    cases = {code: land.items[code].counter_cases for code in mine}
    again = sum(
        (row.fields if row.fields < max(r.fields for r in land.rows[code]) else 0) * cases[code]
        for code, rows in mine.items()
        for row in rows
    )
    licences = dict.fromkeys(licence for rows in mine.values() for row in rows for licence in row.licences)
    return SystemFigures(
        name=name,
        island=island,
        items=len(mine),
        cases=round(sum(cases.values()), 1),
        needs_login=name not in land.signed_on,
        repeated_fields=round(again, 1),
        shareable_fields=round(sum(row.shareable * cases[code] for code, rows in mine.items() for row in rows), 1),
        unused_licences=tuple(licences),
        minutes_per_year=round(saved_per_year(demand, inputs, (name,)), 1) if name != land.main else 0.0,
    )


def _logins(rows: Sequence[ItemSystem], land: Landscape) -> int:
    """Logins for one item: each system outside single sign-on, and one for all inside."""
    names = {row.system for row in rows}
    return len(names - land.signed_on) + bool(names & land.signed_on)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _roadmap(demand: Demand, inputs: ServiceInputs, land: Landscape) -> tuple[RoadStep, ...]:
    left = [name for name in land.names if name != land.main]
    links = [(link.provider, link.user) for link in inputs.interfaces]
    joined: list[str] = []
    before = 0.0
    steps: list[RoadStep] = []
    while left:
        gains = {name: saved_per_year(demand, inputs, (*joined, name)) - before for name in left}
        best = max(left, key=lambda name: (round(gains[name], 6), -land.names.index(name)))
        if gains[best] <= 1e-9 and joined:
            break
        joined.append(best)
        left.remove(best)
        before += gains[best]
        parts = islands(land.names, [*links, *((land.main, name) for name in joined)])
        steps.append(RoadStep(len(steps) + 1, best, round(gains[best], 1), 0, 0.0, 0.0, len(parts) - 1, 0))
    return tuple(steps)


def _helpers(demand: Demand) -> tuple[Helper, ...]:
    """Scenarios: the share of visitors that must take a helper so that the staff minutes it saves pay for it."""
    data = read_data("systems.toml")
    pay = float(data["staff"]["yuan_per_minute"])
    found = []
    for id, entry in data["helpers"].items():
        cost = entry["cost"] / entry["life_years"] + entry["upkeep"]
        only = entry.get("only", "")
        people = sum(
            item.visits_per_year for item in demand.admitted if not only or only in item.subject or not item.subject
        )
        worth = people * entry["minutes"] * pay
        share = cost / worth if worth > 0 else None
        basis = text(
            "services.helper_basis", people=f"{people:,.0f}", minutes=f"{entry['minutes']:g}", pay=f"{pay:g}",
            cost=f"{cost:,.0f}",
        )  # fmt: skip
        is_open = share is not None and share <= 1.0
        found.append(
            Helper(
                id,
                entry[language()],
                round(cost, 2),
                float(entry["minutes"]),
                round(share, 4) if is_open and share else None,
                basis,
            )
        )
    return tuple(found)


def _indicators(inputs: ServiceInputs, land: Landscape) -> tuple[Indicator, ...]:
    links = inputs.interfaces
    hall = read_data("systems.toml")["hall"]["words"]
    shareable = sum(r.shareable for rows in land.rows.values() for r in rows)
    taken = _prefilled(links, land)
    values: dict[str, float | None] = {
        "success": min((x.success for x in links if x.success is not None), default=None),
        "delay": max((x.delay_s for x in links if x.delay_s is not None), default=None),
        "graded": sum(bool(x.security) for x in links) / len(links) if links else None,
        "sso": len(land.signed_on) / len(land.names) if land.names else None,
        "used": taken / shareable if shareable else None,
        "platform": _on_platform(land),
        "hall_systems": float(sum(any(w in name for w in hall) for name in land.names)) if land.names else None,
    }
    found = []
    for id, entry in read_data("systems.toml")["indicators"].items():
        value, limit = values[id], float(entry["limit"])
        is_kept = None if value is None else value <= limit if id == "delay" else value >= limit - 1e-9
        rounded = None if value is None else round(value, 4)
        found.append(Indicator(id, entry[language()], rounded, limit, entry["unit"], is_kept))
    return tuple(found)


def _prefilled(links: Sequence[Interface], land: Landscape) -> float:
    """Shareable fields of systems that already take data from another system of the same item."""
    takes = {(link.provider, link.user) for link in links}
    return float(
        sum(
            row.shareable
            for rows in land.rows.values()
            for row in rows
            if any((other.system, row.system) in takes for other in rows)
        )
    )


def _on_platform(land: Landscape) -> float | None:
    if not land.rows:
        return None
    words = read_data("systems.toml")["platform"]["words"]
    return sum(any(any(w in r.system for w in words) for r in rows) for rows in land.rows.values()) / len(land.rows)


def _flaws(demand: Demand, inputs: ServiceInputs, loops: Sequence[Sequence[str]]) -> list[Flaw]:
    """Circles of systems, and rows of items, systems or interfaces that nobody listed."""
    names = {system.name for system in inputs.systems}
    known = {key for item in demand.items for key in (item.code, item.name)}
    flaws = [Flaw("circle", loop[0], text("services.circle", systems=" → ".join((*loop, loop[0])))) for loop in loops]
    strange = [row for row in inputs.item_systems if row.item not in known]
    if strange:
        rows = listed(dict.fromkeys(row.item for row in strange[:5]))
        flaws.append(
            Flaw("unknown_item", strange[0].item, text("services.no_such_item", count=len(strange), items=rows))
        )
    used = {row.system for row in inputs.item_systems} | {s for x in inputs.interfaces for s in (x.provider, x.user)}
    for name in sorted(used - names) if names else []:
        flaws.append(Flaw("unknown_system", name, text("services.no_such_system", name=name)))
    for name in sorted(names - used):
        flaws.append(Flaw("unused_system", name, text("services.unused_system", name=name)))
    return flaws
