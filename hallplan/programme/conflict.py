"""When the needs do not fit: which they are, by how many m², and the cheapest changes that would make them fit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hallplan.errors import Fault, InfeasibleError
from hallplan.lp import LinearProgramme, Solution
from hallplan.programme.areas import room_for_zones
from hallplan.programme.draft import Draft
from hallplan.programme.facts import Room
from hallplan.settings import Settings
from hallplan.terms import read_data, text


@dataclass(frozen=True, slots=True)
class _Change:
    """A thing that may give way: m² saved by one unit of it, its price, how many units at most, whether it is counted."""

    id: str
    saves_m2: float
    price: float
    most: float
    is_counted: bool
    message: str
    name: str = ""


def too_small(drafts: Sequence[Draft], rooms: Sequence[Room], settings: Settings) -> InfeasibleError:
    """Returns the error for zones whose least sizes exceed the hall."""
    share = settings.zones.circulation_share
    room = sum(room_for_zones(floor, share) for floor in rooms)
    free = sum(floor.free_m2 for floor in rooms)
    charged = [draft for draft in drafts if draft.is_charged]
    need = sum(draft.min_m2 for draft in charged)
    found = text(
        "programme.too_small",
        need=f"{need:.0f}",
        room=f"{room:.0f}",
        free=f"{free:.0f}",
        share=f"{share:.0%}",
        short=f"{need - room:.0f}" if need - room >= 1.0 else f"{max(need - room, 0.01):.2f}",
    )
    if need <= room:
        found = text("programme.floors_do_not_fit", need=f"{need:.0f}", room=f"{room:.0f}")
    where = text("programme.where")
    return InfeasibleError(Fault(where, found, _needs(charged), _remedy(charged, free, need - room, settings)))


def _needs(drafts: Sequence[Draft]) -> str:
    """Least sizes by kind of zone, largest first."""
    sums: dict[str, float] = {}
    for draft in drafts:
        sums[draft.kind.name] = sums.get(draft.kind.name, 0.0) + draft.min_m2
    ranked = sorted(sums.items(), key=lambda entry: -entry[1])
    rest = sum(area for _, area in ranked[6:])
    parts = [text("programme.need_of", name=name, area=f"{area:.0f}") for name, area in ranked[:6]]
    if rest:
        parts.append(text("programme.need_of", name=text("programme.others"), area=f"{rest:.0f}"))
    return text("programme.needs", parts=text("programme.comma").join(parts))


def _remedy(drafts: Sequence[Draft], free_m2: float, short_m2: float, settings: Settings) -> str:
    changes = list(_changes(drafts, free_m2, settings))
    solution = _cheapest(changes, max(short_m2, 0.0))
    if not solution.values:
        least = free_m2 + max(short_m2, 1.0) / (1.0 - settings.zones.circulation_share)
        return text("programme.larger_hall", area=f"{math.ceil(least)}")
    parts = []
    for change in changes:
        amount = solution.values[change.id]
        if amount > 1e-6:
            values = {"n": math.ceil(amount - 1e-6), "name": change.name, "saved": f"{amount * change.saves_m2:.0f}"}
            parts.append(text(change.message, **values))
    return text("programme.remedy", parts=text("programme.comma").join(parts)) + text("programme.remedy_also")


def _cheapest(changes: Sequence[_Change], short_m2: float) -> Solution:
    """Fewest sacrifices, priced, that save the missing area. Source: elastic rows, data/programme.toml [[change]]."""
    lp = LinearProgramme("changes")
    for change in changes:
        lp.add_variable(change.id, high=change.most, cost=change.price, is_whole=change.is_counted, label=change.name)
    lp.add_row("hall", {change.id: change.saves_m2 for change in changes}, low=short_m2)
    return lp.solve()


def _changes(drafts: Sequence[Draft], free_m2: float, settings: Settings) -> Iterator[_Change]:
    data = read_data("programme.toml")
    rules = {rule["id"]: rule for rule in data["change"]}
    counts = {
        "seats": (_count(drafts, "chair"), data["wait"]["chair_m2"]),
        "kiosks": (_count(drafts, "kiosk"), 3.4),
        "desks": (_count(drafts, "desk"), data["back_office"]["desk_min_m2"]),
        "windows": (sum(len(draft.windows) for draft in drafts), _m2_per_window(drafts)),
    }
    for id, (count, saves) in counts.items():
        most = math.floor(count * rules[id]["most_share"])
        if most > 0:
            yield _Change(id, saves, rules[id]["price"], most, True, f"programme.fewer_{id}")
    spare = max(0.0, settings.zones.circulation_share - rules["circulation"]["least_share"]) * free_m2
    if spare >= 1:
        yield _Change(
            "circulation", 1.0, rules["circulation"]["price"], math.floor(spare), True, "programme.less_circulation"
        )
    for draft in drafts:
        if draft.type in data["change_skip"]["types"] and draft.fixed_area is None and not draft.role:
            price = data["change_skip"]["price_per_m2"] * draft.min_m2
            yield _Change(f"skip_{draft.id}", draft.min_m2, price, 1, True, "programme.skip_zone", draft.name)


def _count(drafts: Sequence[Draft], kind: str) -> int:
    return sum(draft.count(kind) for draft in drafts)


def _m2_per_window(drafts: Sequence[Draft]) -> float:
    windows = sum(len(draft.windows) for draft in drafts)
    return sum(draft.min_m2 for draft in drafts if draft.windows) / max(windows, 1)
