"""What to do when people are absent, and what happens if nothing is done."""

from __future__ import annotations

from collections.abc import Sequence

from hallplan.model.staff import Roster, StaffGroup, StandBy
from hallplan.model.windows import WindowPlan, WindowType
from hallplan.terms import text
from hallplan.windows.service import serve

MOST_ABSENT = 2


def plan_stand_by(plan: WindowPlan, groups: Sequence[StaffGroup], roster: Roster) -> tuple[StandBy, ...]:
    """Returns for each window type, and one and two people absent, who steps in first and then, and the service if nobody does."""
    kinds = {kind.id: kind for kind in plan.types}
    rows = []
    for group in groups:
        free = _stand_by_people(roster, group.id)
        for id in group.types:
            for absent in range(1, min(MOST_ABSENT, max(kinds[id].open)) + 1):
                rows.append(_row(plan, kinds[id], group, absent, free))
    return tuple(rows)


def _row(plan: WindowPlan, kind: WindowType, group: StaffGroup, absent: int, free: tuple[int, str]) -> StandBy:
    fewer = [max(count - absent, 0) for count in kind.open]
    share = serve(kind, fewer, plan.half_hours, plan.target_wait_min).share
    least, names = free
    first = text("windows.stand_by_people", least=least, names=names) if least else text("windows.stand_by_nobody")
    others = [other for other in plan.types if other.id in group.types and other.id != kind.id and max(other.open) > 1]
    if others:
        donor = min(others, key=lambda other: (other.utilisation, other.id))
        then = text("windows.stand_by_lend", name=donor.name, busy=donor.utilisation)
    else:
        then = text("windows.stand_by_lent_in")
    return StandBy(group.id, kind.id, absent, first, then, share)


def _stand_by_people(roster: Roster, group: str) -> tuple[int, str]:
    """The fewest people of a group who are there without a duty on any open day, and who they are most often."""
    mine = [person for person in roster.people if group in person.groups]
    counts = [
        sum(person.days[d] == "stand_by" for person in mine) for d, is_open in enumerate(roster.is_open) if is_open
    ]
    often = sorted(mine, key=lambda person: (-person.days.count("stand_by"), person.id))
    names = [person.post or person.id for person in often if "stand_by" in person.days][:3]
    return min(counts, default=0), "、".join(names)
