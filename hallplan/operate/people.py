"""The hall's people against the window plan: who can sit where, who comes and goes, what hangs on one person."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence

from hallplan.model.demand import Demand
from hallplan.model.staff import (
    RosterPerson,
    SinglePoint,
    StaffChange,
    StaffMember,
    StaffPlan,
    StaffReview,
    TrainingGap,
    TypeCover,
)
from hallplan.model.windows import WindowPlan, WindowType
from hallplan.terms import read_data, text


def review_staff(windows: WindowPlan, staff: StaffPlan, demand: Demand, *, date: str) -> StaffReview:
    """Returns the review of 人员 on a date (ISO), or of the generated posts where the workbook has no such sheet.

    A type wants as many people as sit at its windows at the peak, and one who steps in for each dozen begun.
    """
    members = {member.id: member for member in demand.staff}
    people = [person for person in staff.roster.people if _is_there(members.get(person.id), date)]
    covers = tuple(_cover(kind, people, members, demand) for kind in windows.types)
    natures = [_nature(member) for member in demand.staff if _is_there(member, date)]
    natures = natures or [_nature_of(person, members) for person in people]
    shortfalls = len(staff.roster.shortfalls)
    training = (*_to_train(covers, people, members, windows), *_due(demand.staff, date))
    singles = _single_points(windows, people, demand)
    changes = _changes(demand.staff, staff.roster.people, covers, date)
    return StaffReview(
        date, len(natures), natures.count("general"), natures.count("posted"),
        natures.count("lent"), covers, changes, training, singles, shortfalls == 0, shortfalls,
        _words(covers, windows, singles, shortfalls, bool(demand.staff)),
    )  # fmt: skip


def _is_there(member: StaffMember | None, date: str) -> bool:
    return member is None or ((not member.since or member.since <= date) and (not member.until or date <= member.until))


def _nature_of(person: RosterPerson, members: Mapping[str, StaffMember]) -> str:
    """That of 人员; a generated post is general where it serves the general windows, else posted by its department."""
    if person.id in members:
        return _nature(members[person.id])
    return "general" if "general" in person.types else "posted"


def _nature(member: StaffMember) -> str:
    """综窗 general, 派驻 posted, 后台 and 导办 lent."""
    said = member.nature.lower()
    if "派驻" in said or "posted" in said:
        return "posted"
    return "lent" if any(word in said for word in read_data("staff.toml")["people"]["back"]) else "general"


def _cover(
    kind: WindowType, people: Sequence[RosterPerson], members: Mapping[str, StaffMember], demand: Demand
) -> TypeCover:
    able = [_nature_of(person, members) for person in people if kind.id in person.types]
    need = max(kind.open)
    spare = math.ceil(need / read_data("staff.toml")["review"]["people_per_spare"])
    visits = sum(item.visits_per_year for item in demand.admitted if item.code in set(kind.items))
    return TypeCover(
        type=kind.id, need=need, wanted=need + spare, able=len(able), general=able.count("general"),
        posted=able.count("posted"), lent=able.count("lent"), items=len(kind.items), visits=visits,
    )  # fmt: skip


def _changes(
    members: Sequence[StaffMember], people: Sequence[RosterPerson], covers: Sequence[TypeCover], date: str
) -> tuple[StaffChange, ...]:
    """Entries and exits in order of time; each exit with the types that it and those before it leave short."""
    notice = int(read_data("staff.toml")["review"]["notice_days"])
    day = dt.date.fromisoformat(date)
    near, past = ((day + dt.timedelta(days=sign * notice)).isoformat() for sign in (1, -1))
    types = {person.id: person.types for person in people}
    left = {cover.type: cover.able for cover in covers}
    need = {cover.type: cover.need for cover in covers}
    rows = [StaffChange(m.id, m.since, "entry", ()) for m in members if past <= m.since <= near]
    rows += [StaffChange(m.id, m.until, "left", ()) for m in members if m.until and m.until < date]
    for member in sorted(members, key=lambda m: (m.until, m.id)):
        if not date <= member.until <= near:
            continue
        for id in types.get(member.id, ()):
            left[id] -= 1
        short = tuple(id for id in types.get(member.id, ()) if left[id] < need[id])
        rows.append(StaffChange(member.id, member.until, "exit", short))
    return tuple(sorted(rows, key=lambda row: (row.date, row.id, row.kind)))


def _to_train(
    covers: Sequence[TypeCover], people: Sequence[RosterPerson], members: Mapping[str, StaffMember], windows: WindowPlan
) -> list[TrainingGap]:
    """For each type with too few people, those whose own types have most to spare, people of the windows first."""
    spare = {cover.type: cover.able - cover.wanted for cover in covers}
    names = {kind.id: kind.name for kind in windows.types}
    most = int(read_data("staff.toml")["review"]["most_named"])
    gaps = []
    for cover in covers:
        if not cover.missing:
            continue
        others = [person for person in people if cover.type not in person.types and person.types]
        others = [person for person in others if min(spare[id] for id in person.types) > 0]
        others.sort(key=lambda one: (_nature_of(one, members) == "lent", -min(spare[id] for id in one.types), one.id))
        chosen = tuple(person.id for person in others[: min(cover.missing, most)])
        words = text(
            "operate.train", name=names[cover.type], able=cover.able, wanted=cover.wanted, missing=cover.missing
        )
        gaps.append(TrainingGap(cover.type, chosen, words))
    return gaps


def _due(members: Sequence[StaffMember], date: str) -> list[TrainingGap]:
    """People whose training is older than the rules allow, and those for whom no date is told, together."""
    months = int(read_data("staff.toml")["review"]["training_months"])
    year, month, day = (int(part) for part in date.split("-"))
    total = year * 12 + month - 1 - months
    limit = f"{total // 12:04d}-{total % 12 + 1:02d}-{day:02d}"
    there = [member for member in members if _is_there(member, date)]
    old = tuple(member.id for member in there if member.trained and member.trained < limit)
    unknown = tuple(member.id for member in there if not member.trained)
    rows = [("training_old", old), ("training_unknown", unknown)]
    return [TrainingGap("", ids, text(f"operate.{key}", count=len(ids), months=months)) for key, ids in rows if ids]


def _single_points(windows: WindowPlan, people: Sequence[RosterPerson], demand: Demand) -> tuple[SinglePoint, ...]:
    names = {item.code: item for item in demand.admitted}
    most = int(read_data("staff.toml")["review"]["most_named"])
    points = []
    for kind in windows.types:
        able = [person.id for person in people if kind.id in person.types]
        if len(able) <= 1 and (kind.items or any(kind.arrivals)):
            items = sorted(
                (names[code] for code in kind.items if code in names), key=lambda i: (-i.visits_per_year, i.code)
            )
            shown = tuple(item.name for item in items[:most])
            points.append(SinglePoint(kind.id, able[0] if able else "", shown))
    return tuple(points)


def _words(
    covers: Sequence[TypeCover], windows: WindowPlan, singles: Sequence[SinglePoint], shortfalls: int, is_told: bool
) -> tuple[str, ...]:
    names = {kind.id: kind.name for kind in windows.types}
    lines = [] if is_told else [text("operate.no_people")]
    lines += [
        text("operate.nobody_can", name=names[point.type])
        if not point.person
        else text("operate.one_can", name=names[point.type], id=point.person)
        for point in singles
    ]
    if shortfalls:
        lines.append(text("operate.not_feasible", count=shortfalls))
    elif not any(cover.missing for cover in covers):
        lines.append(text("operate.feasible"))
    return tuple(lines)
