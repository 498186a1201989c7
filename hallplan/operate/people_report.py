"""The JSON that `hallplan staff --json` prints."""

from __future__ import annotations

from typing import Any

from hallplan.model.staff import StaffPlan, StaffReview


def staff_review_report(staff: StaffPlan, review: StaffReview) -> dict[str, Any]:
    """Returns posts with their competence, cover by type, changes, training gaps, single points and feasibility."""
    return {
        "schema": 1,
        "date": review.date,
        "people": {"total": review.people, "general": review.general, "posted": review.posted, "others": review.others},
        "posts": [
            {"id": p.id, "post": p.post, "is_post": p.is_post, "groups": list(p.groups), "types": list(p.types), "hours": p.hours}
            for p in staff.roster.people
        ],
        "types": [
            {
                "id": c.type, "need": c.need, "wanted": c.wanted, "able": c.able, "general": c.general, "posted": c.posted,
                "lent": c.lent, "missing": c.missing, "items": c.items,
            }
            for c in review.types
        ],
        "changes": [
            {"id": c.id, "date": c.date, "kind": c.kind, "short": list(c.short)} for c in review.changes
        ],
        "training": [{"type": g.type, "people": list(g.people), "what": g.words} for g in review.training],
        "single_points": [
            {"type": p.type, "person": p.person, "items": list(p.items)} for p in review.single_points
        ],
        "roster": {
            "month": staff.roster.month, "feasible": review.is_feasible, "shortfalls": review.shortfalls,
            "staff_hours": staff.hours, "staff_hours_bound": staff.hours_bound, "hours_spread": staff.roster.hours_spread,
        },
        "findings": list(review.words),
    }  # fmt: skip
