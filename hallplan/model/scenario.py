"""Another demand beside the planned one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a scenario needs, and how the plan as it stands would serve it.

    name: as asked for.  what: in words.  windows_total, window_hours, mean_wait_min, share_within: of a plan made for it.
    plan_share: share within the target if only today's plan is open; worst, worst_share: its worst type and share there.
    """

    name: str
    what: str
    visitors_per_day: float
    windows_total: int
    window_hours: float
    mean_wait_min: float
    share_within: float
    plan_share: float
    worst: str
    worst_share: float
