"""A day's shifts and duties from the opening schedule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hallplan.model.staff import Duty, Piece, Shift, StaffGroup
from hallplan.model.windows import WindowPlan, WindowType
from hallplan.terms import language, read_data
from hallplan.windows.slots import SLOT_MIN
from hallplan.windows.staff.cover import Cover, CoverProgramme
from hallplan.windows.staff.shifts import Offer


@dataclass(frozen=True, slots=True)
class Day:
    """Groups with their cover, and the duties of one working day."""

    groups: tuple[StaffGroup, ...]
    duties: tuple[Duty, ...]
    shifts: tuple[Shift, ...]


def plan_day(plan: WindowPlan, offer: Offer) -> Day:
    """Returns the fewest staff-hours that keep the opening schedule, group by group, and who does what when."""
    groups: list[StaffGroup] = []
    duties: list[Duty] = []
    used: set[str] = set()
    for id, name, types in staff_groups(plan.types):
        need = [sum(kind.open[k] for kind in types) for k in range(len(plan.half_hours))]
        cover = _cover(need, offer)
        made = _duties(id, types, cover, offer, plan.half_hours)
        groups.append(
            StaffGroup(
                id, name, tuple(kind.id for kind in types), tuple(need), cover.covered, cover.hours, cover.bound, len(made)
            )
        )  # fmt: skip
        duties += made
        used |= {shift for duty in made for shift in duty.shifts}
    return Day(tuple(groups), tuple(duties), tuple(shift for shift in offer.shifts if shift.id in used))


def staff_groups(types: Sequence[WindowType]) -> list[tuple[str, str, list[WindowType]]]:
    """Returns (id, name, window types) of each staff group: types that the rules join, every other by itself."""
    joined = read_data("staff.toml")["groups"]
    home = {kind: id for id, group in joined.items() for kind in group["types"]}
    groups: dict[str, list[WindowType]] = {}
    for kind in types:
        groups.setdefault(home.get(kind.id, kind.id), []).append(kind)
    names = {id: group["zh"] if language() == "zh" else group["en"] for id, group in joined.items()}
    return [
        (id, names[id] if len(members) > 1 else members[0].name, members) for id, members in groups.items() if members
    ]


def _cover(need: Sequence[int], offer: Offer) -> Cover:
    """The cheapest cover with the fewest people; the offer always covers every half-hour."""
    programme = CoverProgramme(offer.patterns)
    best = programme.solve(need)
    if best is None:
        raise AssertionError("every half-hour lies in a shift")
    fewest = programme.fewest_people(need, best.hours)
    return Cover(fewest.counts, fewest.covered, fewest.hours, best.bound) if fewest else best


def _duties(group: str, types: Sequence[WindowType], cover: Cover, offer: Offer, starts: Sequence[int]) -> list[Duty]:
    """One duty for each person on shift; types are given out so that people change window as seldom as they can."""
    people = _people(cover, offer)
    on = [offer.patterns.at_window[list(rows)].sum(axis=0) for rows in people]
    at: list[dict[int, str]] = [{} for _ in people]
    before: dict[int, str] = {}
    for k in range(len(starts)):
        here = [n for n in range(len(people)) if on[n][k]]
        before = _given_out(here, {kind.id: kind.open[k] for kind in types}, before)
        for n, kind in before.items():
            at[n][k] = kind
    return [
        Duty(f"{group}-{n:02d}", tuple(offer.shifts[row].id for row in rows), group, _pieces(kinds, starts))
        for n, (rows, kinds) in enumerate(zip(people, at, strict=True), 1)
    ]


def _people(cover: Cover, offer: Offer) -> list[tuple[int, ...]]:
    """Rows of shifts by person: one shift, or an early and a late short one with other work between, the best filled first.

    Both end within the longest day of the full contract, so that fewer people come for the same hours at windows.
    """
    most = max(float(contract["most_h"]) for contract in read_data("staff.toml")["contracts"].values())
    rows = [row for row, count in enumerate(cover.counts) for _ in range(count)]
    rows.sort(key=lambda row: (offer.shifts[row].spans[0][0], -offer.shifts[row].hours, row))
    people: list[list[int]] = []
    for row in rows:
        shift = offer.shifts[row]
        fits = [
            person
            for person in people
            if offer.shifts[person[-1]].spans[-1][1] + SLOT_MIN <= shift.spans[0][0]
            and sum(offer.shifts[other].hours for other in person) + shift.hours <= most
            and len(person) == len(shift.spans) == len(offer.shifts[person[0]].spans) == 1
        ]
        if fits:
            max(fits, key=lambda person: offer.shifts[person[0]].hours).append(row)
        else:
            people.append([row])
    return [tuple(person) for person in people]


def _given_out(here: Sequence[int], wanted: Mapping[str, int], before: Mapping[int, str]) -> dict[int, str]:
    """Type of each person of a half-hour: the one they were at while it is still wanted, then what is missing."""
    left = dict(wanted)
    given: dict[int, str] = {}
    for n in here:
        kind = before.get(n, "")
        if kind and left[kind] > 0:
            given[n], left[kind] = kind, left[kind] - 1
    missing = [kind for kind, count in left.items() for _ in range(count)]
    free = [n for n in here if n not in given]
    free.sort(key=lambda n: (n in before, n))
    given.update(zip(free, missing, strict=False))
    return {n: given.get(n, "") for n in here}


def _pieces(at: Mapping[int, str], starts: Sequence[int]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for k, kind in sorted(at.items()):
        if pieces and pieces[-1].type == kind and pieces[-1].end == starts[k]:
            pieces[-1] = Piece(pieces[-1].start, starts[k] + SLOT_MIN, kind)
        else:
            pieces.append(Piece(starts[k], starts[k] + SLOT_MIN, kind))
    return tuple(pieces)
