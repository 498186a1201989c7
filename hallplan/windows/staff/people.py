"""Who can serve what: the people of 人员, or generated posts (A岗, B岗) where there is no such sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from hallplan.model.demand import Demand
from hallplan.model.staff import Duty, StaffGroup, StaffMember
from hallplan.model.windows import WindowType
from hallplan.settings import Settings
from hallplan.terms import read_data, text
from hallplan.windows.kinds import any_kind

DAYS_PER_WEEK = 7


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who can be put on duties. types: window types they can serve; groups: theirs, the own first.

    is_lent: from the back office or the guides, for duties of lent people only.  leave: ISO dates.
    """

    id: str
    post: str
    types: frozenset[str]
    groups: tuple[str, ...]
    role: str = "A"
    leave: frozenset[str] = field(default_factory=frozenset)
    since: str = ""
    until: str = ""
    share: float = 1.0
    is_lent: bool = False
    is_post: bool = False

    def is_there(self, date: str) -> bool:
        """Returns whether they hold the post on this date and are not on leave."""
        return self.holds(date) and date not in self.leave

    def holds(self, date: str) -> bool:
        """Returns whether they hold the post on this date."""
        return (not self.since or self.since <= date) and (not self.until or date <= self.until)


@dataclass(frozen=True, slots=True)
class Candidates:
    """All candidates, with what was noticed about them."""

    people: tuple[Candidate, ...]
    warnings: tuple[str, ...] = ()


def find_candidates(
    demand: Demand,
    types: Sequence[WindowType],
    groups: Sequence[StaffGroup],
    duties: Sequence[Duty],
    settings: Settings,
) -> Candidates:
    """Returns the people of 人员 with what each can serve, or as many posts as the duties take."""
    if not demand.staff:
        return Candidates(tuple(post for group in groups for post in _posts(group, duties, settings)))
    people, unknown, idle = [], [], []
    for member in demand.staff:
        able, strangers = _able(member, types)
        unknown += [text("windows.unknown_skill", id=member.id, said=said) for said in strangers]
        if able:
            people.append(_candidate(member, able, groups))
        elif not strangers and not _is_back(member):
            idle.append(member.id)
    missing = [kind.name for kind in types if not any(kind.id in person.types for person in people)]
    warnings = [text("windows.skill_nobody_has", name=name) for name in missing]
    if idle:
        warnings.append(text("windows.people_without_window", count=len(idle), ids=_some(idle)))
    return Candidates(tuple(people), (*warnings, *unknown))


def _candidate(member: StaffMember, able: Sequence[str], groups: Sequence[StaffGroup]) -> Candidate:
    own = [group.id for kind in able for group in groups if kind in group.types]
    return Candidate(
        member.id, member.post, frozenset(able), tuple(dict.fromkeys(own)), member.role or "A", frozenset(member.leave),
        member.since, member.until, member.share, _is_back(member),
    )  # fmt: skip


def _able(member: StaffMember, types: Sequence[WindowType]) -> tuple[list[str], list[str]]:
    """Window types that a person's 可办窗口类型 names, in its order, and words that name none."""
    people = read_data("staff.toml")["people"]
    ids = [kind.id for kind in types]
    able: list[str] = []
    strangers: list[str] = []
    for said in member.types:
        found = ids if said.lower() in people["all_windows"] else _named(said, types)
        able += found
        if not found:
            strangers.append(said)
    if not member.types and not _is_back(member):
        able += _named(member.department, types) or _named(member.nature, types)
    return list(dict.fromkeys(able)), strangers


def _named(said: str, types: Sequence[WindowType]) -> list[str]:
    """Types that a word means. A person of the general windows serves the other types of their group too."""
    found = [kind.id for kind in types if said and said in (kind.name, kind.id)]
    meant = any_kind(said)
    if not found and meant:
        shared = [kind.id for kind in types if meant.sub_type and meant.sub_type in kind.sub_type]
        found = [kind.id for kind in types if kind.id == meant.id] or shared
    ids = [kind.id for kind in types]
    joined = [group["types"] for group in read_data("staff.toml")["groups"].values()]
    more = [id for members in joined if members[0] in found for id in members if id in ids]
    return list(dict.fromkeys([*found, *more]))


def _is_back(member: StaffMember) -> bool:
    people = read_data("staff.toml")["people"]
    said = member.nature.lower()
    return any(word in said for word in people["back"]) and not any(word in said for word in people["front"])


def _posts(group: StaffGroup, duties: Sequence[Duty], settings: Settings) -> list[Candidate]:
    """A岗 for every duty of a day, and B岗 enough for rest days, weekly hours and the usual absences."""
    mine = [duty for duty in duties if duty.group == group.id]
    staff = settings.staff
    open_days = len(set(staff.weekdays))
    work_days = min(open_days, DAYS_PER_WEEK - staff.rest_days)
    by_days = len(mine) * open_days / work_days
    by_hours = sum(duty.hours for duty in mine) * open_days / staff.weekly_hours
    count = math.ceil(max(by_days, by_hours) / (1.0 - staff.absence_share) - 1e-9)
    return [_post(group, n, "A" if n <= len(mine) else "B", len(mine)) for n in range(1, count + 1)]


def _post(group: StaffGroup, n: int, role: str, n_first: int) -> Candidate:
    number = n if role == "A" else n - n_first
    name = text("windows.post_name", group=group.name, role=role, number=number)
    return Candidate(f"{group.id}-{role}{number:02d}", name, frozenset(group.types), (group.id,), role, is_post=True)


def _some(names: Sequence[str], most: int = 8) -> str:
    return "、".join(names[:most]) + ("……" if len(names) > most else "")
