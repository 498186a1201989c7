"""Staff in the JSON of `hallplan windows --json`."""

from __future__ import annotations

from typing import Any

from hallplan.model.staff import Roster, StaffPlan
from hallplan.units import clock


def staff_report(plan: StaffPlan) -> dict[str, Any]:
    """Returns shifts, groups with their bound, duties of a day, the roster and stand-by; clock times as HH:MM."""
    return {
        "hours": plan.hours,
        "hours_bound": plan.hours_bound,
        "gap": round(plan.gap, 6),
        "shifts": [
            {"id": shift.id, "name": shift.name, "contract": shift.contract, "spans": _spans(shift.spans), "hours": shift.hours}
            for shift in plan.shifts
        ],
        "groups": [
            {
                "id": group.id, "name": group.name, "types": list(group.types), "need": list(group.need),
                "covered": list(group.covered), "hours": group.hours, "hours_bound": group.hours_bound, "people": group.people,
            }
            for group in plan.groups
        ],
        "duties": [
            {
                "id": duty.id, "group": duty.group, "shifts": list(duty.shifts), "hours": duty.hours,
                "pieces": [{"start": clock(p.start), "end": clock(p.end), "type": p.type} for p in duty.pieces],
            }
            for duty in plan.duties
        ],
        "roster": _roster(plan.roster),
        "stand_by": [
            {
                "group": row.group, "type": row.type, "absent": row.absent, "first": row.first, "then": row.then,
                "share_within_target": round(row.share, 6),
            }
            for row in plan.stand_by
        ],
    }  # fmt: skip


def _roster(roster: Roster) -> dict[str, Any]:
    return {
        "month": roster.month,
        "open_days": [date for date, is_open in zip(roster.dates, roster.is_open, strict=True) if is_open],
        "hours_spread": roster.hours_spread,
        "people": [
            {
                "id": person.id, "post": person.post, "groups": list(person.groups), "types": list(person.types), "is_post": person.is_post,
                "hours": person.hours, "days": list(person.days), "duties": list(person.duties),
            }
            for person in roster.people
        ],
        "shortfalls": [{"date": row.date, "duty": row.duty, "reason": row.reason} for row in roster.shortfalls],
    }  # fmt: skip


def _spans(spans: tuple[tuple[int, int], ...]) -> list[list[str]]:
    return [[clock(a), clock(b)] for a, b in spans]
